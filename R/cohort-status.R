# For whom an endpoint is observed, to whom it does not apply, and of whom it is missing.

# Why a patient has no time to an endpoint: see endpoint_course(). Where columns that it is made of
# are no longer there, what is left of the endpoint tells.
endpoint_reasons <- function(cohort, name) {
  meta <- cohort_meta(cohort)
  endpoint <- meta$endpoints[[name]]
  data <- strip_cohort(cohort)
  if (all(endpoint_columns(endpoint) %in% names(data))) {
    return(endpoint_course(data, endpoint, meta)$reason)
  }
  times <- endpoint_times(data[[name]])
  ifelse(is.na(times$stop), "never", ifelse(is.na(times$status), "unknown", NA))
}

# By row: whether the endpoint can not be observed in this patient, such as survival from an event
# that never came. Nothing is missing there.
not_applicable <- function(cohort, name) {
  endpoint_reasons(cohort, name) %in% c("never", "before", "entry")
}

# Counts of rows; those that do not apply also by why.
cohort_status <- function(cohort, name) {
  reason <- endpoint_reasons(cohort, name)
  n <- function(x) sum(reason %in% x)
  data.frame(
    endpoint = name, observed = n(NA), not_applicable = n(c("never", "before", "entry")),
    missing = n("unknown"), never = n("never"), before = n("before"), entry = n("entry")
  )
}
