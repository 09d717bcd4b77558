# What a cohort knows of itself: its roles, the columns of its events, its unit and its clock.

cohort_roles <- c("id", "diagnosis", "last_contact", "died", "entry", "cause")

needed_roles <- c("id", "last_contact", "died")

cohort_meta <- function(x) attr(x, "cohort", exact = TRUE)

# The table alone, with whatever other class it has.
strip_cohort <- function(x) {
  attr(x, "cohort") <- NULL
  class(x) <- setdiff(class(x), "lms_cohort")
  x
}

# Whether what the records are checked by is there: status and follow-up.
has_course <- function(meta) {
  all(c(needed_roles, if (meta$dates) "diagnosis") %in% names(meta$roles))
}

# Columns of the events that are left, by the events' names.
event_columns <- function(meta) vapply(meta$events, `[[`, "", "column")

# The column of an event, or NULL where the cohort has none of this name.
event_column <- function(meta, name) meta$events[[name]]$column

# The event whose dates are in a column, NA for none.
event_in <- function(columns, meta) {
  known <- event_columns(meta)
  as.character(names(known))[match(columns, known)]
}

entry_column <- function(meta) if ("entry" %in% names(meta$roles)) meta$roles[["entry"]]

with_label <- function(x, from) {
  label <- attr(from, "label", exact = TRUE)
  if (!is.null(label)) attr(x, "label") <- label
  x
}

# Numbers on one scale: days since 1970, or times since diagnosis.
clock <- function(x) as.double(unclass(x))

# Length of the unit on that scale.
unit_length <- function(meta) {
  if (!meta$dates) return(1)
  unit_days[[meta$unit]]
}
