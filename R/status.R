# A status as 0 and 1: which of its values is the event, where that is plain or was said. Nothing is
# guessed.

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
      if (outcome == "curve") "If no patient had the event, set `event = 1`."
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
      paste0("The values are ", count_values(x), ".")
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

# TRUE, FALSE or NA by the rule that is kept: never guessed again.
is_event <- function(x, value) {
  if (is.factor(x)) x <- as.character(x)
  ifelse(is.na(x), NA, x %in% value)
}

# As text; empty text and words such as "unknown" are missing.
as_cause <- function(x) {
  x <- trimws(as.character(x))
  x[x %in% ""] <- NA
  values <- unique(x[!is.na(x)])
  x[x %in% values[outcome_kind(values) %in% "missing"]] <- NA
  x
}
