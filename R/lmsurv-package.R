#' lmsurv: survival analysis of retrospective clinical cohorts
#'
#' * Curves: [lms_km()], [lms_rates()], [lms_rmst()], [lms_cuminc()].
#' * Tests: [lms_logrank()], [lms_fisher()], [lms_zph()].
#' * Models: [lms_cox()], [lms_cox_fit()].
#' * Data: [lms_cohort()] from a table of patients, [lms_endpoint()],
#'   [lms_time_split()], [lms_landmark()]; [lms_months()] between dates.
#'
#' [lms_conventions()] chooses the defaults of R, Stata or SAS for a session.
#'
#' @useDynLib lmsurv, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @keywords internal
"_PACKAGE"
