# When a patient is under observation: from the entry, where it is later than the start of the
# clock, to the last contact, or to the end of the study, where that is earlier.

check_end <- function(end, dates) {
  if (is.null(end)) return(NULL)
  if (!dates) {
    abort("argument", "`end` is a date, but the cohort has times and no date of diagnosis.",
          "Set the date of diagnosis, `diagnosis = `, or remove `end`.")
  }
  days <- as_days(end, "end")
  if (length(days) != 1L || is.na(days)) {
    abort("argument", "`end` must be a single date.",
          "Set the last day of the study: `end = as.Date(\"2020-12-31\")`.")
  }
  structure(days, class = "Date")
}

# By patient, on the clock of the dates; column NULL: from the start of any clock on.
entry_of <- function(data, column) {
  if (is.null(column)) rep(-Inf, nrow(data)) else clock(data[[column]])
}

# Follow-up as it counts: last contact or the end of the study.
last_day <- function(data, meta) {
  pmin(clock(data[[meta$roles[["last_contact"]]]]), study_end(meta))
}

diagnosis_day <- function(data, meta) {
  if (meta$dates) clock(data[[meta$roles[["diagnosis"]]]]) else rep(0, nrow(data))
}

first_day <- function(data, meta) {
  pmax(diagnosis_day(data, meta), entry_of(data, entry_column(meta)))
}

# Deaths that count: those up to the end of the study.
has_died <- function(data, meta) {
  died <- is_event(data[[meta$roles[["died"]]]], meta$event$value)
  died & clock(data[[meta$roles[["last_contact"]]]]) <= study_end(meta)
}
