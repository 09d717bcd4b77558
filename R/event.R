# A Surv(...) call written in the formula, evaluated here so that the status
# is seen before Surv() turns it into 0, 1 and NA.

is_surv_call <- function(expr) is.call(expr) && identical(expr[[1L]], quote(Surv))

# data, env: where the arguments are looked up; rows: the rows in use, or NULL;
# outcome, object: see risk_data(). cuminc: how to type lms_cuminc() for given values of the
# status, a function; see cuminc_call().
# Answer: time, entry, status (columns by reference where they can be), event
# (the rule, in words), coding (see survival_coding()), unit, notes; y, what Surv() would give,
# only if it is asked for or has missing values.
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
      code_states(values$status, labels[["status"]], read$event)
    } else {
      code_status(values$status, labels[["status"]], read$event, rows, outcome, cuminc)
    }
    if (is.null(event)) {
      coded$notes <- c(coded$notes, never_true_note(args$status, values$status, data, env))
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

# The numbers of a labelled column, which only haven's own methods can convert.
without_labels <- function(x) {
  if (inherits(x, "haven_labelled")) class(x) <- NULL
  x
}

# A status with haven's labels in place of the numbers, without levels that are NA, and the
# `event` of the user as its value.
plain_status <- function(x, label, event) {
  if (inherits(x, "haven_labelled")) {
    labels <- attr(x, "labels")
    x <- labelled_status(x)
    if (is.factor(x) && is.numeric(event)) event <- level_of(event, labels)
  }
  if (is_date(x)) {
    abort("response", paste0(tick(label), " is a date, not a status."),
          paste0("If it is the date of the event, write `!is.na(", label, ")`."))
  }
  if (is.factor(x) && anyNA(levels(x))) x <- factor(x, levels(x)[!is.na(levels(x))])
  vector <- is.atomic(x) && !is.raw(x) && !is.complex(x) && !inherits(x, "integer64") &&
    NCOL(x) == 1L
  if (vector) return(list(x = x, event = event))
  abort("response", paste0(tick(label), " must be a status, not ", describe(x), "."),
        "Use 0 and 1, TRUE and FALSE, or a column of categories with `event = ...`.")
}

# Every value counts as a level, also one without a label.
labelled_status <- function(x) {
  labels <- attr(x, "labels")
  values <- labelled_values(x)
  if (!length(labels) || !is.numeric(values)) return(values)
  levels <- sort(unique(c(values, labels[labels %in% values])))
  factor(values, levels, level_of(levels, labels))
}

level_of <- function(values, labels) {
  at <- match(values, labels)
  names <- names(values)
  out <- ifelse(is.na(at), as.character(values), names(labels)[at])
  if (is.null(names)) out else stats::setNames(out, names)
}

# Surv(time) alone: as in survival, each row is an event.
no_status <- function(n, label, event) {
  if (!is.null(event)) {
    abort("event", "`event` says which status is the event, but Surv() was given no status.",
          "Write `Surv(time, status)`.")
  }
  list(status = rep.int(1L, n), notes = c(no_status = paste0(
    "Surv(", label, ") has no status: each of the ", count_of(n, "row"), " counts as an event. ",
    "If some are censored, write `Surv(", label, ", status)`."
  )))
}

# The arguments of a Surv() call by their role: entry, time, status, origin.
surv_args <- function(expr, data = NULL, env = baseenv(), outcome = "event") {
  args <- as.list(match.call(survival::Surv, expr))[-1L]
  names(args) <- match_surv_roles(names(args), surv_type(args, data, env, outcome))
  args
}

surv_type <- function(args, data, env, outcome) {
  counting <- all(c("time", "time2", "event") %in% names(args))
  implied <- if (counting) "counting" else "right"
  if (is.null(args$type)) return(implied)
  type <- eval(args$type, data, env)
  if (type == "mstate" && outcome == "states") return(implied)
  if (!type %in% c("right", "counting")) {
    abort(
      "response",
      paste0(
        "Surv(type = ", format_value(type),
        ") is not fitted here: only right-censored and (start, stop] data are."
      ),
      if (type == "mstate") {
        "Use survival::coxph() for multi-state models."
      } else {
        "Use survival::survreg() for left- and interval-censored data."
      }
    )
  }
  type
}

# Surv(time, status) puts the status in `time2`.
match_surv_roles <- function(names, type) {
  if (type == "counting") {
    names[names == "time"] <- "entry"
    names[names == "time2"] <- "time"
  } else {
    names[names == "time2"] <- "status"
  }
  names[names == "event"] <- "status"
  names
}

deparse_short <- function(expr, width = 60L) {
  if (is.name(expr)) return(as.character(expr))
  text <- deparse(expr, width.cutoff = 60L, nlines = 1L)[1L]
  if (nchar(text) > width) paste0(substr(text, 1L, width - 3L), "...") else text
}

check_time_class <- function(x, label) {
  if (inherits(x, c("Date", "POSIXt"))) {
    abort(
      "response", paste0(tick(label), " is a date, not a time."),
      "Give the time since the start, such as `as.numeric(death - diagnosis) / 365.25`."
    )
  }
  if (inherits(x, "integer64") || !is.numeric(x) && !inherits(x, "difftime")) {
    abort(
      "response", paste0(tick(label), " must be numeric, not ", describe(x), "."),
      if (is.character(x)) "It was read as text: look for values that are no numbers."
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

# status: 0/1 integer or NA; event: the rule in words; where it had to be said,
# value: what the event is, and notes. Refuses to guess.
code_status <- function(x, label, event, rows, outcome, cuminc = NULL) {
  if (!is.null(event)) return(code_by_event(x, label, event, outcome))
  if (is.logical(x)) {
    named <- make.names(label) == label
    return(list(
      status = as.integer(x), event = paste0(tick(label), if (named) " is TRUE"),
      notes = turned_note(label, "TRUE", "FALSE")
    ))
  }
  if (is.factor(x)) {
    if (is_known_pair(levels(x), label)) return(code_factor(x, label))
    abort_status(x, label, cuminc)
  }
  if (!is.numeric(x)) abort_status(x, label, cuminc)
  coded <- code_numeric(x, label, outcome)
  if (is.null(coded) && !is.null(rows)) {
    within <- code_numeric(x[rows], label, outcome)
    if (!is.null(within)) {
      coded <- within
      coded$status <- rep.int(NA_integer_, length(x))
      coded$status[rows] <- within$status
    }
  }
  if (is.null(coded)) abort_status(x, label, cuminc)
  coded
}

# Where the name of the column says that 1 or TRUE is no event.
turned_note <- function(label, event, censored) {
  if (!is_turned(label)) return(NULL)
  c(event = paste0(
    tick(label), ": ", event, " is taken as the event, as in Surv(). Set `event = ", censored,
    "` if ", tick(label), " names the patients without it."
  ))
}

code_numeric <- function(x, label, outcome) {
  status <- if (is.integer(x) && is.null(attributes(x))) x else as.integer(x)
  if (is.double(x) && !isTRUE(all(status == x, na.rm = TRUE))) return(NULL)
  if (!length(status) || (anyNA(status) && all(is.na(status)))) return(NULL)
  ends <- c(min(status, na.rm = TRUE), max(status, na.rm = TRUE))
  if (ends[1L] == 0L && ends[2L] == 1L) {
    return(list(
      status = status, event = paste(tick(label), "is 1"), notes = turned_note(label, "1", "0")
    ))
  }
  if (ends[1L] == 1L && ends[2L] == 2L) {
    return(list(
      status = status - 1L, event = paste(tick(label), "is 2"), value = 2,
      notes = c(event = paste0(
        tick(label), ": 2 is the event and 1 is censored. Set `event = 2` to confirm."
      ))
    ))
  }
  if (ends[1L] == 0L && ends[2L] == 0L) {
    abort(
      "no_events",
      paste0(
        "There are no events: ", tick(label), " is 0 in all ", count_of(length(x), "row"), "."
      ),
      "If 0 stands for the event, set `event = 0`.",
      if (outcome == "curve") "If nobody had the event, set `event = 1`."
    )
  }
  NULL
}

code_factor <- function(x, label) {
  levels <- levels(x)
  list(
    status = as.integer(x) - 1L, event = paste(tick(label), "is", quoted(levels[2L])),
    value = levels[2L],
    notes = c(event = paste0(
      tick(label), ": ", quoted(levels[2L]), " is the event and ", quoted(levels[1L]),
      " is censored. Set `event = ", quoted(levels[2L]), "` to confirm."
    ))
  )
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

# A curve may be of patients none of whom had the event.
code_by_event <- function(x, label, event, outcome) {
  values <- if (is.factor(x)) levels(x) else unique(x[!is.na(x)])
  if (is.factor(event)) event <- as.character(event)
  unknown <- event[!event %in% values]
  if (outcome == "curve" && length(values) == 1L && length(event) == 1L) unknown <- NULL
  if (!length(event) || length(unknown)) {
    abort(
      "event",
      paste0("`event` must be among the values of ", tick(label), ", not ",
             if (length(unknown)) format_value(unknown[1L]) else "empty", "."),
      paste0("It has ", count_values(x), ".")
    )
  }
  status <- as.integer(x %in% event)
  if (anyNA(x)) status[is.na(x)] <- NA
  others <- setdiff(values, event)
  list(
    status = status,
    event = paste(tick(label), "is", enumerate(vapply(event, format_value, ""), "or")),
    competing = length(others) > 1L && !all(outcome_kind(others, label) %in% c("none", "missing"))
  )
}

# 0 (n = 120), 1 (n = 60) and 2 (n = 20)
count_values <- function(x) {
  counts <- table(x)
  counts <- counts[counts > 0L]
  names <- if (is.numeric(x)) names(counts) else quoted(names(counts))
  enumerate(paste0(names, " (n = ", counts, ")"))
}
