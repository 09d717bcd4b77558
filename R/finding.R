# Findings are rows of typed columns. A rule (check-*.R) makes them by finding(); their words are
# made from them in finding-words.R, and nowhere else.

severities <- c("serious", "caution", "note")

# What a rule that found nothing, or that was not applied, has in place of a severity.
no_severities <- c("none", "not checked")

finding_columns <- list(
  # what was found, and of what
  finding = integer(), kind = character(), severity = character(), subject = character(),
  variable = character(), level = character(), label = character(), group = character(),
  group_code = character(), group_label = character(),
  reference = logical(), suggested = character(), remedy = character(), reason = character(),
  # counts and times
  n = double(), n_events = double(), n_total = double(), n_risk = double(),
  n_censored = double(), n_tied = double(),
  n_coefficients = double(), n_groups = double(), time = double(), last = double(),
  person_time = double(), person_time_total = double(), from = double(), to = double(),
  row = double(), value = double(), median = double(), p.value = double(),
  # an estimate: of what, in which way
  measure = character(), method = character(), term = character(), term_level = character(),
  coefficient = character(), coef = integer(), unit = double(), estimate = double(),
  conf.low = double(), conf.high = double(), estimate_p = double(),
  # how the counts, times and limits of the row are to be read
  conf_level = double(), time_unit = character(), origin = character(), counted = character(),
  event = character(), code = character()
)

# Rows of one kind, a finding each; columns that are not given are missing.
finding <- function(kind, severity = character(), ...) {
  given <- list(...)
  size <- max(lengths(given), length(severity), length(kind)) * (length(severity) > 0L)
  columns <- lapply(finding_columns, function(type) rep(type[NA_integer_], size))
  given <- c(list(kind = kind, severity = severity, finding = seq_len(size)), given)
  for (name in names(given)) {
    value <- as.vector(given[[name]], typeof(finding_columns[[name]]))
    columns[[name]] <- rep_len(unname(value), size)
  }
  structure(columns, class = "data.frame", row.names = .set_row_names(size))
}

# found: rows of finding(). estimates: for each of them NULL, or a data frame with columns of
# findings, for each row of which the finding is repeated.
with_estimates <- function(found, estimates) {
  at <- rep(seq_len(nrow(found)), vapply(estimates, function(x) max(1L, NROW(x)), 0L))
  out <- found[at, ]
  for (i in which(vapply(estimates, NROW, 0L) > 0L)) {
    out[at == i, names(estimates[[i]])] <- estimates[[i]]
  }
  row.names(out) <- NULL
  out
}

# Findings of several rules, one below the other.
bind_findings <- function(parts) {
  shift <- c(0L, cumsum(vapply(parts, function(x) max(0L, x$finding), 0L)))
  parts <- Map(function(x, by) {
    x$finding <- x$finding + by
    x
  }, parts, shift[seq_along(parts)])
  do.call(rbind, c(list(finding(character())), unname(parts)))
}

# What a rule says that cannot be applied; reason: a name of skip_reasons.
not_checked <- function(kind, reason) finding(kind, "not checked", reason = reason)

# found: by the kind that a rule looks for, its rows, none of a rule that found nothing.
new_check <- function(fit, found) {
  nothing <- !vapply(found, nrow, 0L)
  found[nothing] <- lapply(names(found)[nothing], finding, "none")
  rows <- bind_findings(found)
  # Each with its own estimates, the serious first.
  rows <- rows[order(match(rows$severity, c(severities, no_severities)), rows$finding), ]
  rows$finding <- match(rows$finding, unique(rows$finding))
  rows$subject <- rep_len(deparse1(fit$formula), nrow(rows))
  rows$label <- finding_labels(fit, rows)
  names <- group_names(fit, rows$group)
  rows[names(names)] <- names
  context <- fit_context(fit)
  rows[names(context)] <- lapply(context, rep_len, nrow(rows))
  row.names(rows) <- NULL
  structure(rows, class = c("lms_check", "data.frame"))
}

# What the variable of each row is called, of counts of missing values that of the term.
finding_labels <- function(fit, rows) {
  typed <- ifelse(rows$measure %in% "missing", rows$term, rows$variable)
  titles <- if (inherits(fit, "coxph")) term_titles(fit)
  vapply(typed, function(name) {
    if (is.na(name)) return(NA_character_)
    if (name %in% names(titles)) return(titles[[name]])
    own <- all.vars(str2lang(name))
    known <- unclass(fit)$labels[own]
    if (length(own) != 1L) return(name)
    if (length(known) && !is.na(known)) known else column_words(own)
  }, "", USE.NAMES = FALSE)
}

# The groups of curves from the values of their variables: group_code as they are typed,
# group_label as a reader calls them.
group_names <- function(fit, group) {
  curves <- if (is.null(fit$fit)) fit else fit$fit
  groups <- if (is.null(curves$groups)) names(curves$group_events) else curves$groups
  of <- curves$variables[match(group, groups), , drop = FALSE]
  labels <- unclass(curves)$labels
  title <- function(name) if (name %in% names(labels)) labels[[name]] else plain_name(name)
  code <- Map(function(x, name) paste(tick(name), "=", quoted(x)), of, names(of))
  label <- Map(function(x, name) {
    level_words(first_lower(title(name)), as.character(x))
  }, of, names(of))
  join <- function(parts) {
    if (!length(parts)) return(group)
    ifelse(is.na(group), NA_character_, do.call(paste, c(unname(parts), sep = ", ")))
  }
  list(group_code = join(code), group_label = join(label))
}

fit_context <- function(fit) {
  fit <- unclass(fit)
  or_missing <- function(x) if (is.null(x)) NA_character_ else x
  list(
    conf_level = if (is.null(fit$conf_level)) NA_real_ else fit$conf_level,
    time_unit = or_missing(fit$time_unit),
    origin = or_missing(c(fit$origin, fit$guards$origin)[1L]),
    counted = counted_in(fit), event = if (identical(fit$event, "death")) "death" else "event"
  )
}

# A row of the data is a patient, unless a patient has several or a row may be a period of one.
counted_in <- function(fit) {
  if (length(fit$n.id) == 1L) return(if (fit$n.id < sum(fit$n)) "row" else "patient")
  y <- if (is.null(fit$y)) fit$model[[1L]] else fit$y
  # A cohort has a row for each patient.
  several <- is.null(fit$origin)
  periods <- several &&
    (isTRUE(ncol(y) > 2L) || isTRUE(fit$type %in% c("counting", "mcounting")))
  if (periods) "row" else "patient"
}

# The rows that are findings, without those of rules that found nothing.
findings_in <- function(check) check[check$severity %in% severities, ]

# One row for each finding.
first_rows <- function(rows) rows[!duplicated(rows$finding), ]

#' @rdname lms_check
#' @export
tidy.lms_check <- function(x, ...) {
  refuse_typed_dots("tidy", "x", dot_names(...))
  as_tibble_class(as.list(as.data.frame(x)))
}

#' @rdname lms_check
#' @export
as.data.frame.lms_check <- function(x, row.names = NULL, optional = FALSE, ...) {
  class(x) <- "data.frame"
  x
}
