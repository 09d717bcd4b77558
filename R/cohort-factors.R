# Which columns of a cohort are plausible covariates.

max_factor_levels <- 20L

# Names of columns, without roles, dates, what the cohort derives, identifiers, free text, columns
# of one value, copies of the outcome, and what is only recorded of patients with some event, such
# as the site of a metastasis. Those of `meta$dated` become known later.
cohort_factors <- function(cohort) {
  meta <- cohort_meta(cohort)
  data <- strip_cohort(cohort)
  free <- setdiff(names(data), c(meta$roles, meta_times(meta), derived_columns(meta)))
  died <- if (has_course(meta)) has_died(data, meta)
  time <- if (has_course(meta)) last_day(data, meta) - first_day(data, meta)
  dates <- lapply(names(meta$events), event_date, cohort = cohort)
  Filter(function(column) {
    x <- data[[column]]
    is_covariate(x) && !is_identifier(x, column) && !is_outcome(x, died, time) &&
      !any(vapply(dates, is_of_event, NA, x = x))
  }, free)
}

is_covariate <- function(x) {
  plain <- is.null(dim(x)) && !is.list(x) && !survival::is.Surv(x) && !is_date(x) &&
    (is.numeric(x) || is.logical(x) || is.factor(x) || is.character(x))
  if (!plain) return(FALSE)
  values <- unique(x[!is.na(x)])
  if (length(values) < 2L) return(FALSE)
  if (is.numeric(x) || is.logical(x)) return(TRUE)
  length(values) <= max_factor_levels && length(values) <= sum(!is.na(x)) / 2
}

# Numbers that tell patients apart: by their name, or by counting the rows.
is_identifier <- function(x, name) {
  if (!is.numeric(x)) return(FALSE)
  known <- x[!is.na(x)]
  if (anyDuplicated(known)) return(FALSE)
  named <- grepl("(^|[._ ])(id|pid|mrn|nr|no|num|number|code|record)$", name, ignore.case = TRUE)
  counts <- all(known == floor(known)) && length(known) > 1L && all(abs(diff(known)) == 1)
  named || counts
}

# What is missing in all patients without the event, and times that are those of the event.
is_of_event <- function(x, date) {
  has <- !is.na(date)
  if (!any(has) || all(has)) return(FALSE)
  copy <- is.numeric(x) && isTRUE(all(x[has] == date[has]))
  copy || all(is.na(x[!has]))
}

# Columns from which the status or the time of follow-up can be read.
is_outcome <- function(x, died, time) {
  known <- !is.na(x)
  if (is.null(died) || sum(known) < 10L) return(FALSE)
  if (is.numeric(x) && length(unique(x[known])) > max_factor_levels) {
    return(isTRUE(stats::cor(x[known], time[known], method = "spearman") > 0.9999))
  }
  counts <- table(as.character(x[known]), died[known])
  ncol(counts) == 2L && all(counts[, 1L] == 0 | counts[, 2L] == 0)
}
