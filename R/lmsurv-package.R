#' lmsurv: survival analysis of retrospective clinical cohorts
#'
#' Start with [lms_cox()]. [lms_conventions()] chooses the defaults of R, Stata
#' or SAS for a session.
#'
#' @useDynLib lmsurv, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @keywords internal
"_PACKAGE"
