#' Convert a model to a plain coxph object
#'
#' `as_coxph()` converts a model to a plain [survival::coxph()] model, for functions of other
#' packages that do not accept an `lms_cox` object.
#'
#' @param object A model made by [lms_cox()].
#' @return An object of class `coxph` (see [survival::coxph.object]) with all
#'   its components, whose call is one of [survival::coxph()].
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' as_coxph(fit)
#' @export
as_coxph <- function(object) {
  if (!inherits(object, "lms_cox")) {
    abort(
      "argument", paste0("`object` must be a model made by lms_cox(), not ", describe(object), ".")
    )
  }
  refuse_penalised(
    object, "coxph object: survival::coxph() cannot fit it again",
    "Functions for a coxph object also work with this model."
  )
  out <- unclass(object)
  out$call[[1L]] <- quote(survival::coxph)
  out$call[c("event", "weight_type", "conf_level", "control", "method")] <- NULL
  out$call$ties <- out$method
  order <- c(
    "coefficients", "var", "loglik", "score", "iter", "linear.predictors", "residuals", "means",
    "method", "n", "nevent", "n.id", "terms", "assign", "naive.var", "rscore", "wald.test",
    "concordance", "na.action", "model", "x", "strata", "y", "timefix", "weights", "formula",
    "xlevels", "contrasts", "offset", "call"
  )
  structure(out[intersect(order, names(out))], class = setdiff(class(object), "lms_cox"))
}

#' @export
lms_strip.lms_cox <- function(object) { # nolint: object_name_linter.
  out <- unclass(object)
  out$n_strata <- nlevels(out$strata)
  if (!is.null(out$offset)) out$offset <- mean(out$offset)
  out$concordance <- object$concordance
  out$profile <- object$profile
  out$foot <- cox_foot(object)
  out$xlevels <- out$xlevels[!names(out$xlevels) %in% strata_columns(out$terms)]
  keep_listed(out, class(object))
}
