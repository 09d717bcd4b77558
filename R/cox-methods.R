# Accessors of a Cox model where survival's own would evaluate the call again,
# be slow, or fail without covariates. coef(), logLik(), nobs(), AIC(), BIC(),
# extractAIC(), formula(), terms(), weights() and fitted() are those of a coxph.

#' Get the model frame and the design matrix of a Cox model
#'
#' `model.frame()` and `model.matrix()` return the data that a Cox model used, for anyone who
#' works with them further. The model frame is the one that the fit keeps, so nothing is
#' evaluated again. With `model = FALSE`, or if other data are requested, the variables are
#' looked up again. They are looked up where [lms_cox()] was called, and then where its formula
#' was made.
#'
#' @param formula,object A model made by [lms_cox()].
#' @param data For `model.matrix()`, a data frame to code as the model does, or `NULL`.
#' @param ... For `model.frame()`, `data`, `subset`, `weights`, `na.action`, `cluster` or `id` to
#'   use instead of those of the fit.
#' @return `model.frame()` gives a data frame whose first column is the response. Weights,
#'   clusters and ids are the columns `(weights)`, `(cluster)` and `(id)`. `model.matrix()` gives
#'   a numeric matrix, rows in use by coefficients, with the attributes `assign` and `contrasts`.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + factor(sex), data = survival::lung)
#' head(model.frame(fit))
#' head(model.matrix(fit))
#' @name model.frame.lms_cox
NULL

#' @rdname model.frame.lms_cox
#' @importFrom stats model.frame
#' @export
model.frame.lms_cox <- function(formula, ...) {
  asked <- list(...)
  asked <- asked[names(asked) %in% c("data", "subset", "weights", "na.action", "cluster", "id")]
  kept <- formula$model
  if (!length(asked) && !is.null(kept)) return(kept)
  frame <- risk_data_again(formula, formula$formula, asked, "curve")$frame
  strata <- names(frame)[attr(formula$terms, "specials")$strata]
  for (name in intersect(names(formula$xlevels), names(frame))) {
    frame[[name]] <- with_levels(
      frame[[name]], formula$xlevels[[name]], name, name %in% strata, "the data"
    )
  }
  frame
}

#' @rdname model.frame.lms_cox
#' @importFrom stats model.matrix
#' @export
model.matrix.lms_cox <- function(object, data = NULL, ...) {
  if (is.null(data)) {
    kept <- object[["x"]]
    if (!is.null(kept)) return(kept)
    frame <- model.frame(object)
  } else if (is.null(attr(data, "terms"))) {
    frame <- new_frame(object, data)
  } else {
    frame <- data
  }
  dense_matrix(stats::delete.response(object$terms), frame, object$contrasts)
}

#' @importFrom stats vcov
#' @export
vcov.lms_cox <- function(object, ...) {
  if (is.null(object$coefficients)) matrix(0, 0L, 0L) else NextMethod()
}

#' @importFrom stats case.names
#' @export
case.names.lms_cox <- function(object, ...) fit_row_names(object)

#' Fit a Cox model again with changes
#'
#' `update()` fits a Cox model again with another formula or other arguments, as
#' [stats::update()] does. The new call is evaluated where the model was first fitted, or else
#' where its formula was made. It therefore also works for a model that was made inside a
#' function.
#'
#' @param object A model made by [lms_cox()].
#' @param formula. The changes to the formula, such as `. ~ . - age`.
#' @param ... Arguments of [lms_cox()] to change.
#' @param evaluate `TRUE` to return the new model, `FALSE` to return its call.
#' @return A model made by [lms_cox()], or a call.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' update(fit, . ~ . - age)
#' @importFrom stats update
#' @export
update.lms_cox <- function(object, formula., ..., evaluate = TRUE) { # nolint: object_name_linter.
  call <- object$call
  if (!missing(formula.)) {
    call$formula <- steady(stats::update.formula)(stats::formula(object), formula.)
    same <- identical(call$formula[[2L]], object$formula[[2L]])
    if (object$event_carried && !same) call$event <- NULL
  } else if (evaluate) {
    call$formula <- stats::formula(call$formula, environment(object$formula))
  }
  extras <- match.call(expand.dots = FALSE)$...
  for (name in names(extras)) call[[name]] <- extras[[name]]
  if (!evaluate) return(call)
  frames <- if (length(extras)) list(parent.frame(), object$call_env) else list(object$call_env)
  eval(call, usable_frame(call$data, c(frames, environment(object$formula), parent.frame())))
}
