#' lmsurv: survival analysis of retrospective clinical cohorts
#'
#' * Curves: [lms_km()], [lms_rates()], [lms_rmst()], [lms_cuminc()].
#' * Tests: [lms_logrank()], [lms_fisher()], [lms_zph()].
#' * Models: [lms_cox()], [lms_cox_fit()].
#' * Data: [lms_months()] between dates; the synthetic cohort [leiomyosarcoma].
#' * A published analysis: [lms_published], [lms_reconcile()], [lms_infer_deaths()].
#'
#' [lms_conventions()] chooses the defaults of R, Stata or SAS for a session.
#'
#' @useDynLib lmsurv, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @keywords internal
"_PACKAGE"
