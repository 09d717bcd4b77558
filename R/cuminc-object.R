# From the core's curves to what survival calls a survfitms.

complete_cuminc <- function(core, risk, curves, settings, call) {
  states <- c("(s0)", risk$states)
  labels <- if (is.null(curves$groups)) "" else levels(curves$groups)
  sizes <- diff(core$begin)
  counts <- tabulate(risk$response$status, length(risk$states))
  happened <- which(counts > 0L)
  hazard <- core$cumhaz
  if (length(happened) < length(risk$states)) hazard <- hazard[, happened, drop = FALSE]
  if (!length(happened)) hazard <- unname(hazard)
  fit <- list(
    n = rows_by_group(curves$groups, risk$response, settings$weight_type),
    time = core$time, n.risk = core$n.risk, n.event = core$n.event, n.censor = core$n.censor,
    pstate = core$pstate, p0 = start_states(labels, states, 1)
  )
  if (length(labels) > 1L) fit$strata <- stats::setNames(sizes, labels)
  unit <- list(
    std.err = core$std.err, sp0 = start_states(labels, states, 0, named = FALSE), logse = FALSE,
    cumhaz = hazard, transitions = count_transitions(risk, counts)
  )
  limits <- core[c("lower", "upper")]
  fit <- c(fit, unit, limits[lengths(limits) > 0L], list(
    conf.type = settings$conf_type, conf.int = settings$conf_level, states = states,
    type = if (is.null(risk$response$entry)) "mright" else "mcounting",
    t0 = min(0, core$time[core$begin[-length(core$begin)] + 1L])
  ), curve_calls(call, risk$coding))
  fit$na.action <- risk$na.action
  kept <- list(
    formula = stats::formula(risk$terms), terms = risk$terms, groups = labels,
    variables = curves$variables, last = core$time[core$begin[-1L]],
    tests = core$tests, tests_note = core$tests_note, test_strata = core$test_strata,
    event = risk$event, time_unit = risk$unit, labels = risk$labels,
    conf_level = settings$conf_level, guards = risk$guards,
    conventions = settings$conventions, variance = settings$variance, clusters = core$clusters,
    at_risk = core$at_risk,
    n.id = patients_by_group(risk$id, curves$groups), patients = count_distinct(risk$id),
    rho = settings$rho, missing = risk$missing, not_applicable = risk$not_applicable,
    weight_type = if (!is.null(risk$response$weights)) settings$weight_type,
    notes = c(curves$notes, cuminc_notes(risk$states[counts == 0L]))
  )
  unbound(structure(
    c(fit, kept[lengths(kept) > 0L]), class = c("lms_cuminc", "survfitms", "survfit")
  ))
}

# All patients of all groups start without an event.
start_states <- function(labels, states, first, named = TRUE) {
  start <- c(first, double(length(states) - 1L))
  if (length(labels) == 1L) return(if (named) stats::setNames(start, states) else start)
  matrix(
    start, length(labels), length(states), byrow = TRUE,
    dimnames = if (named) list(labels, states)
  )
}

# Patients by what happened to them, as survfit() lays it out.
# counts: rows by event.
count_transitions <- function(risk, counts) {
  patients <- length(risk$response$status)
  if (!is.null(risk$id)) {
    last <- order(match(risk$id, risk$id), risk$response$time)
    last <- last[!duplicated(risk$id[last], fromLast = TRUE)]
    counts <- tabulate(risk$response$status[last], length(risk$states))
    patients <- length(last)
  }
  counts <- stats::setNames(c(counts, patients - sum(counts)), c(risk$states, "(censored)"))
  counts <- counts[counts > 0L]
  from <- c("(s0)", setdiff(names(counts), "(censored)"))
  out <- matrix(0L, length(from), length(counts), dimnames = list(from = from, to = names(counts)))
  out[1L, ] <- counts
  structure(out, class = "table")
}

cuminc_notes <- function(absent) {
  if (!length(absent)) return(NULL)
  c(events = paste0("No row in use has the event ", enumerate(quoted(absent), "or"), "."))
}
