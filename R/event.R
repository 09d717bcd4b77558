# A Surv(...) call written in the formula, evaluated here so that the status
# is seen before Surv() turns it into 0, 1 and NA.

# data, env: where the arguments are looked up; rows: the rows in use, or NULL;
# outcome, object: see risk_data(). cuminc: how to type lms_cuminc() for given values of the
# status, a function; see cuminc_call().
# Answer: time, entry, status (columns by reference where they can be), event
# (the rule, in words), coding (see survival_coding()), unit, notes; y, what Surv() would give,
# only if it is asked for or has missing values; others, see censored_events().
read_surv <- function(expr, data, env, event, rows, outcome, object = TRUE, cuminc = NULL) {
  args <- surv_args(expr, data, env, outcome)
  values <- lapply(args[intersect(names(args), c("entry", "time", "status"))], eval, data, env)
  labels <- vapply(args[names(values)], deparse_short, "")
  times <- intersect(names(values), c("entry", "time"))
  values[times] <- lapply(values[times], without_labels)
  origin <- if (is.null(args$origin)) 0 else eval(args$origin, data, env)
  for (role in times) check_time_class(values[[role]], labels[[role]])
  check_surv_lengths(values, labels)
  out <- list(
    time = as_time(values$time, origin), entry = as_time(values$entry, origin),
    unit = time_unit(values$time), event = NULL, labels = labels
  )
  if (is.null(values$status)) {
    coded <- no_status(length(values$time), labels[["time"]], event)
  } else {
    read <- plain_status(values$status, labels[["status"]], event)
    raw <- values$status
    values$status <- read$x
    rule <- if (is.null(event) && outcome != "states") cohort_rule(args$status, values$status, data)
    coded <- if (!is.null(rule)) {
      rule
    } else if (outcome == "states") {
      code_states(values$status, labels[["status"]], read$event, is_declared(args, data, env))
    } else {
      code_status(values$status, labels[["status"]], read$event, rows, outcome, cuminc)
    }
    if (is.null(event)) {
      coded$notes <- c(coded$notes, never_true_note(args$status, values$status, data, env))
    }
    if (outcome != "states") {
      out$others <- censored_events(
        args$status, raw, coded$status, out$time, out$entry, data, env
      )
    }
    if (outcome != "event") {
      coded$coding <- survival_coding(args$status, raw, coded, read$event, outcome)
    }
  }
  parts <- c("status", "event", "value", "notes", "states", "competing", "coding")
  out[parts] <- coded[parts]
  if (object || anyNA(out$time) || anyNA(out$entry) || anyNA(out$status)) {
    out$y <- new_surv(out$time, out$entry, out$status, values)
    if (!is.null(out$states)) out$y <- as_states(out$y, out$states)
  }
  out
}

# Surv(time) alone: as in survival, each row is an event.
no_status <- function(n, label, event) {
  if (!is.null(event)) {
    abort("event", "`event` is set, but Surv() has no status.",
          "Write `Surv(time, status)`.")
  }
  list(status = rep.int(1L, n), notes = c(no_status = paste0(
    "Surv(", label, ") has no status, so each of the ", count_of(n, "row"), " counts as an event. ",
    "If some are censored, write `Surv(", label, ", status)`."
  )))
}

check_time_class <- function(x, label) {
  if (inherits(x, c("Date", "POSIXt"))) {
    abort(
      "response", paste0(tick(label), " is a date, not a time."),
      "Give the time since time zero, such as `as.numeric(death - diagnosis) / 365.25`."
    )
  }
  if (inherits(x, "integer64") || !is.numeric(x) && !inherits(x, "difftime")) {
    abort(
      "response", paste0(tick(label), " must be numeric, not ", describe(x), "."),
      if (is.character(x)) "The column was read as text. Look for values that are not numbers."
    )
  }
}

check_surv_lengths <- function(values, labels) {
  n <- lengths(values)
  if (length(unique(n)) > 1L) {
    abort("response", paste0(
      "The arguments of Surv() differ in length: ", enumerate(paste0(tick(labels), " ", n)), "."
    ))
  }
}

as_time <- function(x, origin) {
  if (is.null(x)) return(NULL)
  if (identical(origin, 0) && is.double(x) && is.null(attributes(x))) return(x)
  as.double(x) - origin
}

time_unit <- function(time) {
  if (inherits(time, "difftime")) attr(time, "units") else attr(time, "lmsurv_unit")
}

# Exactly what Surv() gives for right-censored and (start, stop] data.
new_surv <- function(time, entry, status, values) {
  y <- c(entry, time, status)
  dim(y) <- c(length(time), 2L + !is.null(entry))
  dimnames(y) <- list(NULL, c(if (is.null(entry)) "time" else c("start", "stop"), "status"))
  attr(y, "type") <- if (is.null(entry)) "right" else "counting"
  kept <- lapply(values, function(x) {
    attributes(if (inherits(x, "difftime")) unclass(x) else if (!is.factor(x)) x)
  })
  counting <- !is.null(entry)
  names(kept) <- c(
    entry = "time", time = if (counting) "time2" else "time", status = "event"
  )[names(values)]
  kept <- kept[lengths(kept) > 0L]
  if (length(kept)) y <- structure(y, inputAttributes = kept)
  class(y) <- "Surv"
  y
}

# `status == "Dead"` where the data say "dead" would be a curve without events.
never_true_note <- function(expr, value, data, env) {
  comparisons <- c("==", "%in%", ">", ">=", "<", "<=")
  compares <- is.call(expr) && as.character(expr[[1L]])[1L] %in% comparisons
  if (!compares || !is.logical(value) || any(value, na.rm = TRUE) || all(is.na(value))) return(NULL)
  variable <- Filter(is.name, as.list(expr)[-1L])
  held <- if (length(variable) == 1L) eval(variable[[1L]], data, env)
  few <- is.atomic(held) && length(unique(held)) <= 10L && !all(is.na(held))
  c(never_true = paste0(
    tick(deparse_short(expr)), " is TRUE in no row",
    if (few) paste0(": ", tick(variable[[1L]]), " has ", count_values(held)), "."
  ))
}
