# What a cohort knows of itself, its roles, events, endpoints and dates, as all of its parts ask for
# it.

cohort_meta <- function(x) attr(x, "cohort", exact = TRUE)

# The table alone, with whatever other class it has.
strip_cohort <- function(x) {
  attr(x, "cohort") <- NULL
  class(x) <- setdiff(class(x), "lms_cohort")
  x
}

new_cohort <- function(data, meta) {
  structure(data, cohort = meta, class = c("lms_cohort", class(data)))
}

cohort_roles <- c("id", "diagnosis", "last_contact", "died", "entry", "cause")

needed_roles <- c("id", "last_contact", "died")

# Whether what the records are checked by is there: status and follow-up.
has_course <- function(meta) {
  all(c(needed_roles, if (meta$dates) "diagnosis") %in% names(meta$roles))
}

# Columns by role and by event, which is how users name them.
named_columns <- function(meta) c(meta$roles, event_columns(meta))

# Columns of the events that are left, by the events' names.
event_columns <- function(meta) vapply(meta$events, `[[`, "", "column")

# The column of an event, or NULL where the cohort has none of this name.
event_column <- function(meta, name) meta$events[[name]]$column

# The event whose dates are in a column, NA for none.
event_in <- function(columns, meta) {
  known <- event_columns(meta)
  as.character(names(known))[match(columns, known)]
}

# The columns that say to whom an event happened, by the events' names.
ever_columns <- function(meta) unlist(lapply(meta$events, `[[`, "ever"))

# ever_relapse -> the column of the dates of relapse
ever_dates <- function(meta) {
  ever <- ever_columns(meta)
  stats::setNames(event_columns(meta)[names(ever)], ever)
}

derived_columns <- function(meta) c(unname(ever_columns(meta)), names(meta$endpoints))

# A linked table of a cohort as a data frame, or NULL.
linked_table <- function(cohort, name) cohort_meta(cohort)$linked[[name]]$data

entry_column <- function(meta) if ("entry" %in% names(meta$roles)) meta$roles[["entry"]]

# The last day that counts, on the clock of the dates.
study_end <- function(meta) if (is.null(meta$end)) Inf else clock(meta$end)

# Columns that hold dates, or times where there is no date of diagnosis.
time_columns <- function(meta) {
  roles <- meta$roles[!names(meta$roles) %in% c("id", "died", "cause")]
  unique(unname(c(roles, event_columns(meta), meta$dated)))
}

# All columns of dates, or of times.
meta_times <- function(meta) {
  otherwise <- vapply(meta$endpoints, `[[`, "", "otherwise")
  unique(unname(c(time_columns(meta), endpoint_dates(meta), otherwise)))
}

endpoint_sources <- function(endpoint) {
  c(endpoint$to, unlist(unname(endpoint$competing_to), recursive = FALSE))
}

endpoint_columns <- function(endpoint) {
  sources <- unlist(lapply(endpoint_sources(endpoint), `[`, c("column", "cause")))
  setdiff(unique(unname(c(endpoint$from, endpoint$entry, sources, endpoint$otherwise))), NA)
}

# The columns of dates at which endpoints start or have their events.
endpoint_dates <- function(meta) {
  unlist(lapply(meta$endpoints, function(endpoint) {
    dates <- Filter(function(source) is.null(source$value), endpoint_sources(endpoint))
    setdiff(c(endpoint$from, vapply(dates, `[[`, "", "column")), NA)
  }), use.names = FALSE)
}

# Numbers on one scale: days since 1970, or times since diagnosis.
clock <- function(x) as.double(unclass(x))

# Length of the unit on that scale.
unit_length <- function(meta) {
  if (!meta$dates) return(1)
  unit_days[[meta$unit]]
}

# TRUE, FALSE or NA by the rule that is kept: never guessed again.
is_event <- function(x, value) {
  if (is.factor(x)) x <- as.character(x)
  ifelse(is.na(x), NA, x %in% value)
}

with_label <- function(x, from) {
  label <- attr(from, "label", exact = TRUE)
  if (!is.null(label)) attr(x, "label") <- label
  x
}
