# From the core's curves to what survival calls a survfitms.

complete_cuminc <- function(core, risk, curves, settings, call) {
  states <- c("(s0)", risk$states)
  labels <- if (is.null(curves$groups)) "" else levels(curves$groups)
  sizes <- diff(core$begin)
  std.err <- sqrt(core$variance)
  limits <- incidence_limits(core$probability, std.err, settings$conf_type, settings$conf_level)
  happened <- which(tabulate(risk$response$status, length(risk$states)) > 0L)
  hazard <- core$hazard[, happened, drop = FALSE]
  colnames(hazard) <- if (length(happened)) paste0("1.", happened + 1L)
  none <- matrix(0, length(core$time), length(risk$states))
  fit <- list(
    n = group_sizes(curves$groups, risk$response, settings$weight_type),
    time = core$time, n.risk = unname(cbind(core$at_risk, none)),
    n.event = unname(cbind(0, core$events)), n.censor = core$censored, pstate = core$probability,
    p0 = start_states(labels, states, 1)
  )
  if (length(labels) > 1L) fit$strata <- stats::setNames(sizes, labels)
  unit <- list(
    std.err = std.err, sp0 = start_states(labels, states, 0, named = FALSE), logse = FALSE,
    cumhaz = hazard, transitions = count_transitions(risk)
  )
  fit <- c(fit, unit, limits, list(
    conf.type = settings$conf_type, conf.int = settings$conf_level, states = states,
    type = if (is.null(risk$response$entry)) "mright" else "mcounting", call = call
  ))
  fit$na.action <- risk$na.action
  kept <- list(
    formula = stats::formula(risk$terms), terms = risk$terms, groups = labels,
    variables = curves$variables, last = core$time[core$begin[-1L]],
    tests = core$tests, tests_note = core$tests_note, test_strata = core$test_strata,
    event = risk$event, time_unit = risk$unit, labels = risk$labels,
    conf_level = settings$conf_level,
    conventions = settings$conventions, variance = settings$variance, clusters = core$clusters,
    at_risk = if (!is.null(risk$response$entry)) at_risk_steps(risk$response, curves$groups),
    n.id = core$n.id, rho = settings$rho, missing = risk$missing,
    weight_type = if (!is.null(risk$response$weights)) settings$weight_type,
    notes = c(risk$notes, curves$notes, cuminc_notes(risk))
  )
  structure(c(fit, kept[lengths(kept) > 0L]), class = c("lms_cuminc", "survfitms", "survfit"))
}

group_sizes <- function(groups, response, weight_type) {
  if (is.null(groups)) groups <- factor(rep.int(1L, length(response$time)))
  if (weight_type != "frequency") return(tabulate(groups, nlevels(groups)))
  as.vector(rowsum(response$weights, as.integer(groups)))
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
count_transitions <- function(risk) {
  status <- risk$response$status
  if (!is.null(risk$id)) {
    last <- order(match(risk$id, risk$id), risk$response$time)
    status <- status[last[!duplicated(risk$id[last], fromLast = TRUE)]]
  }
  counts <- tabulate(status + 1L, length(risk$states) + 1L)
  counts <- stats::setNames(counts[c(seq_along(risk$states) + 1L, 1L)],
                            c(risk$states, "(censored)"))
  counts <- counts[counts > 0L]
  from <- c("(s0)", setdiff(names(counts), "(censored)"))
  out <- matrix(0L, length(from), length(counts), dimnames = list(from = from, to = names(counts)))
  out[1L, ] <- counts
  structure(out, class = "table")
}

cuminc_notes <- function(risk) {
  absent <- risk$states[tabulate(risk$response$status, length(risk$states)) == 0L]
  if (!length(absent)) return(NULL)
  c(events = paste0("No row in use has the event ", enumerate(quoted(absent), "or"), "."))
}

# p: any shape; se of the same shape, on the scale of p. Limits that are
# symmetric on the scale g(p), with the delta method's standard error se g'(p).
incidence_limits <- function(p, se, type, level) {
  if (type == "none") return(NULL)
  z <- stats::qnorm((1 + level) / 2) * se
  inside <- p
  if (type != "plain") inside[p <= 0] <- NA
  if (type %in% c("log-log", "logit")) inside[p >= 1] <- NA
  switch(type,
    plain = list(lower = pmax(p - z, 0), upper = pmin(p + z, 1)),
    log = {
      ratio <- exp(z / inside)
      list(lower = inside / ratio, upper = pmin(inside * ratio, 1))
    },
    "log-log" = {
      power <- exp(z / (inside * log(inside)))
      list(lower = inside^(1 / power), upper = inside^power)
    },
    logit = {
      step <- z / (inside * (1 - inside))
      centre <- stats::qlogis(inside)
      list(lower = stats::plogis(centre - step), upper = stats::plogis(centre + step))
    },
    arcsin = {
      step <- z / (2 * sqrt(inside * (1 - inside)))
      step[se == 0] <- 0
      centre <- asin(sqrt(inside))
      list(lower = sin(pmax(centre - step, 0))^2, upper = sin(pmin(centre + step, pi / 2))^2)
    }
  )
}
