#' Share a Cox model without its patients
#'
#' `lms_strip()` removes all that belongs to single patients: response, model
#' frame, linear predictors, weights, strata, row names, and the environments
#' through which the data could be reached. The rest still prints, and
#' `summary()`, `tidy()`, `glance()`, `coef()`, `vcov()`, Wald `confint()` (and at
#' the model's own level the profile one after Firth's penalty) and
#' `predict(newdata, type = "lp", reference = "sample")` work.
#'
#' Counts by level stay, as they are printed; look at them before you share.
#'
#' @param object A model made by [lms_cox()].
#' @return A smaller object of the same class.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' small <- lms_strip(fit)
#' small
#' object.size(small) / object.size(fit)
#' @export
lms_strip <- function(object) {
  if (!inherits(object, "lms_cox")) {
    abort(
      "argument", paste0("`object` must be a model made by lms_cox(), not ", describe(object), ".")
    )
  }
  out <- unclass(object)
  out$n_strata <- nlevels(out$strata)
  if (!is.null(out$offset)) out$offset <- mean(out$offset)
  patients <- c(
    "y", "x", "model", "linear.predictors", "residuals", "weights", "strata", "row_names",
    "call_env", "left_out", "dated"
  )
  out <- out[!names(out) %in% patients]
  lazy <- intersect(c("concordance", "profile"), names(out))
  out[lazy] <- lapply(out[lazy], settle_numbers)
  out$foot <- check_foot(object)
  names(out$na.action) <- NULL
  environment(out$terms) <- globalenv()
  environment(out$formula) <- globalenv()
  out$call <- short_call(out$call)
  structure(out, class = class(object))
}

#' A plain coxph object
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
    "What takes a coxph takes the model as it is."
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
