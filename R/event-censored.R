# Other events among the rows that count as censored.

# expr: the status as it is typed; raw: its values in the data; status: 0, 1 or NA, as it was read;
# entry: or NULL; time: of the response.
# Answer, or NULL where no other event is seen: status (0, 1, or 2 for another event), variable (as
# typed), values and events (of it: those of other events, and of the event), certain (whether a
# value of the censored is known), typed (a status for lms_cuminc() that tells both, or NULL).
censored_events <- function(expr, raw, status, time, entry, data, env) {
  # A status of two values as it stands.
  plain <- is.name(expr) && !is.factor(raw) && !is.character(raw) &&
    (is.logical(raw) || !length(few_values(raw)[-(1:2)]))
  if (!plain) {
    for (name in outcome_names(expr)) {
      x <- if (is.name(expr)) raw else held_values(name, data, env)
      found <- if (length(x) == length(status)) other_events(x, name, status)
      if (!is.null(found)) return(found)
    }
  }
  happened <- if (is.name(expr) && is.numeric(raw)) call("==", expr, max(raw, na.rm = TRUE))
  if (is.null(entry)) deaths_censored(if (is.null(happened)) expr else happened, status, time, data)
}

# The variables whose values may be kinds of outcome: none that is compared as a quantity.
outcome_names <- function(expr) {
  if (any(called_names(expr) %in% c("<", "<=", ">", ">="))) return(NULL)
  all.vars(expr)
}

held_values <- function(name, data, env) {
  x <- tryCatch(eval(as.name(name), data, env), error = function(e) NULL)
  if (inherits(x, "haven_labelled")) x <- labelled_status(x)
  if (is.factor(x) || is.character(x) || is.numeric(x) && !is.object(x)) x
}

# The distinct values of a status, NA among them; NULL of what has more values than one. O(n).
few_values <- function(x, most = 12L) {
  if (is.factor(x)) x <- as.integer(x)
  if (length(unique(x[seq_len(min(1000L, length(x)))])) > most) return(NULL)
  values <- unique(x)
  if (length(values) <= most) values
}

# Of a variable that tells which rows are events: its values that are neither the event nor known
# to be censored.
other_events <- function(x, name, status) {
  values <- few_values(x)
  if (length(values) < 3L) return(NULL)
  values <- c(sort(values), if (anyNA(values)) NA)
  code <- match(if (is.factor(x)) as.integer(x) else x, values)
  labels <- if (is.factor(x)) levels(x)[values] else values
  counts <- outcome_counts(code, status, length(values))
  had <- counts[, 2L] > 0L
  not <- counts[, 1L] > 0L
  none <- is.na(values)
  # The variable is the outcome where each of its values is the event, or is not.
  if (any(had & not) || !any(had) || any(had & none)) return(NULL)
  kind <- ifelse(none, "none", outcome_kind(labels, name))
  other <- not & !kind %in% c("none", "missing")
  censored <- any(not & kind %in% "none")
  if (sum(other) < 1L + !censored) return(NULL)
  status[which(other[code] & status == 0L)] <- 2L
  list(
    status = status, variable = name, values = as.character(labels[other]),
    events = as.character(labels[had]), certain = censored,
    typed = if (censored && !any(not & none)) list(
      status = as.name(name), event = lapply(c(which(had), which(other)), function(i) {
        if (is.numeric(labels)) as.double(labels[i]) else labels[i]
      })
    )
  )
}

# By value: rows of status 0 and 1.
outcome_counts <- function(code, status, values) {
  if (anyNA(status)) status[is.na(status)] <- 2L
  matrix(tabulate(code + values * status, 3L * values), values)
}

death_names <- "^(death|died|dead|deceased)$"

# Deaths in a column of their own, of patients whose follow-up for the event they end. Not those at
# the last time, where the follow-up was cut for all.
deaths_censored <- function(expr, status, time, data) {
  if (!is.data.frame(data)) return(NULL)
  names <- setdiff(grep(death_names, names(data), ignore.case = TRUE, value = TRUE), all.vars(expr))
  for (name in names) {
    x <- data[[name]]
    if (!is.logical(x) && !(is.numeric(x) && !is.object(x) && all(x %in% c(0, 1, NA)))) next
    dead <- x %in% 1
    at <- which(dead & status == 0L)
    at <- at[time[at] < max(time, na.rm = TRUE)]
    # Whose event is death itself, by another name.
    if (!length(at) || !any(status == 1L & !dead, na.rm = TRUE)) next
    status[at] <- 2L
    value <- if (is.logical(x)) TRUE else 1
    dies <- if (is.logical(x)) as.name(name) else call("==", as.name(name), 1)
    return(list(
      status = status, variable = name, values = as.character(value), events = character(),
      certain = TRUE, typed = typed_two(expr, dies)
    ))
  }
  NULL
}

# ifelse(relapse == 1, 1, ifelse(death == 1, 2, 0)), which lms_cuminc() reads as it is.
typed_two <- function(expr, dies) {
  list(status = call("ifelse", expr, 1, call("ifelse", dies, 2, 0)), event = list(1, 2))
}
