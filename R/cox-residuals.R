#' Compute residuals of a Cox model
#'
#' @description
#' `residuals()` computes residuals of a Cox model, for anyone who checks the model. Martingale
#' and deviance residuals show how well the outcome of each patient is predicted. Schoenfeld
#' residuals show whether hazards are proportional (Grambsch and Therneau 1994). Dfbeta residuals
#' show how much a coefficient depends on one patient. All are computed only on request.
#'
#' @param object A model made by [lms_cox()] with n rows in use, d events and p coefficients.
#' @param type The kind of residuals: `"martingale"`, `"deviance"`, `"score"`, `"schoenfeld"`,
#'   `"dfbeta"`, `"dfbetas"`, `"scaledsch"` or `"partial"`.
#' @param collapse A vector of n values (padded, under `na.exclude`). Residuals are summed over
#'   rows with the same value, such as the rows of one patient.
#' @param weighted `TRUE` to multiply by the case weights. This is the default for `"dfbeta"` and
#'   `"dfbetas"`.
#' @param ... Not used.
#' @return A vector of n values (`"martingale"`, `"deviance"`, and with one
#'   coefficient `"score"`, `"dfbeta"` and `"dfbetas"`) or a matrix n x p; for
#'   `"schoenfeld"` and `"scaledsch"` a vector of d values or a matrix d x p, one
#'   row per event ordered by stratum and time, with the event times as names;
#'   for `"partial"` a matrix n x terms. As in [survival::residuals.coxph()].
#' @references
#' Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics
#' based on weighted residuals. *Biometrika* 81, 515-526.
#' \doi{10.1093/biomet/81.3.515}
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' summary(residuals(fit))
#' head(residuals(fit, "dfbetas"))
#' head(residuals(fit, "scaledsch"))
#' @importFrom stats residuals
#' @export
residuals.lms_cox <- function(object,
                              type = c("martingale", "deviance", "score", "schoenfeld", "dfbeta",
                                       "dfbetas", "scaledsch", "partial"),
                              collapse = NULL, weighted = type %in% c("dfbeta", "dfbetas"), ...) {
  refuse_typed_dots("residuals", c("type", "collapse", "weighted"), dot_names(...))
  type <- check_option(type, "type", eval(formals(residuals.lms_cox)$type))
  check_flag(weighted, "weighted")
  check_residual_type(object, type)
  if (type %in% c("schoenfeld", "scaledsch")) return(schoenfeld_residuals(object, type, weighted))
  response <- fit_response(object)
  if (type %in% c("score", "dfbeta", "dfbetas")) {
    rows <- row_residuals(object, response, type)
  } else {
    rows <- object$residuals
  }
  if (weighted && !is.null(response$weights)) rows <- rows * response$weights
  status <- response$status
  rows <- stats::naresid(object$na.action, rows)
  status <- stats::naresid(object$na.action, status)
  if (type == "partial") rows <- rows + stats::predict(object, type = "terms")
  if (!is.null(collapse)) {
    if (length(collapse) != length(status)) {
      abort(
        "argument",
        paste0(
          "`collapse` must have one value per row (", length(status), "), not be ",
          describe(collapse), "."
        )
      )
    }
    rows <- drop(rowsum(rows, collapse))
    status <- drop(rowsum(status, collapse))
  }
  if (type == "deviance") deviance_of(rows, status) else rows
}

# Of one row or of several summed: N events, E = N - martingale expected, and
# sign(N - E) sqrt(2 (N log(N / E) - (N - E))).
deviance_of <- function(martingale, status) {
  logs <- ifelse(status == 0, 0, status * log((status - martingale) / pmax(status, 1)))
  sign(martingale) * sqrt(-2 * (martingale + logs))
}

check_residual_type <- function(object, type) {
  if (type %in% c("martingale", "deviance")) return(invisible())
  if (is.null(object$coefficients)) {
    abort(
      "argument",
      paste0("A model without covariates has no ", quoted(type), " residuals."),
      "It has \"martingale\" and \"deviance\" residuals."
    )
  }
  if (object$method == "exact" && type != "partial") {
    abort(
      "argument",
      paste0("With `ties = \"exact\"` there are no ", quoted(type), " residuals."),
      "Fit the model with \"efron\" or \"breslow\"."
    )
  }
}

residuals_from_core <- function(object, response, type) {
  coefficients <- unname(object$coefficients)
  coefficients[is.na(coefficients)] <- 0
  core_cox_residuals(
    core_design(fit_design(object)), response, object$linear.predictors, coefficients,
    model_variance(object), type, fit_options(object)
  )
}

row_residuals <- function(object, response, type) {
  rows <- residuals_from_core(object, response, type)
  if (ncol(rows) == 1L) return(stats::setNames(rows[, 1L], fit_row_names(object)))
  dimnames(rows) <- list(fit_row_names(object), names(object$coefficients))
  rows
}

schoenfeld_residuals <- function(object, type, weighted) {
  response <- fit_response(object)
  found <- residuals_from_core(object, response, type)
  rows <- found$residuals
  if (weighted && !is.null(response$weights)) rows <- rows * response$weights[found$row]
  if (ncol(rows) == 1L) {
    rows <- stats::setNames(rows[, 1L], as.character(found$time))
  } else {
    dimnames(rows) <- list(as.character(found$time), names(object$coefficients))
  }
  if (!is.null(object$strata)) attr(rows, "strata") <- table(object$strata[found$row])
  rows
}
