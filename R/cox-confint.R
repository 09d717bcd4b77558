#' Compute confidence intervals of a Cox model
#'
#' `confint()` computes confidence intervals of the coefficients of a Cox model, for anyone who
#' reports hazard ratios. Two kinds are available:
#' * Wald intervals, `coef -/+ z se`. They use the robust standard error if the model has one.
#' * Profile likelihood intervals: all values of the coefficient that a likelihood ratio test
#'   does not reject, while the other coefficients are estimated again.
#'
#' With few events, the profile interval is more accurate. It is the only interval for a
#' coefficient that cannot be estimated: one of its ends is then `Inf` or `-Inf`. For a model
#' with Firth's penalty, the default is the profile interval of the penalised likelihood (Heinze
#' and Schemper 2001, section 3). Both of its ends are finite.
#'
#' @param object A model made by [lms_cox()].
#' @param parm The names or numbers of the coefficients; by default all.
#' @param level A number between 0 and 1 that sets the level. The default is the `conf_level` of
#'   the model.
#' @param type The kind of confidence interval: `"wald"` or `"profile"`. The default is `"wald"`,
#'   and `"profile"` for a model with Firth's penalty.
#' @param ... Not used.
#' @return A matrix with a row for each coefficient and two columns, the confidence limits on the
#'   log hazard scale. Use `exp()` to get hazard ratios.
#' @references
#' Heinze G, Schemper M (2001). A solution to the problem of monotone likelihood
#' in Cox regression. *Biometrics* 57, 114-119.
#' \doi{10.1111/j.0006-341X.2001.00114.x}
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' exp(confint(fit))
#' exp(confint(fit, "sex", type = "profile"))
#' @importFrom stats confint
#' @export
confint.lms_cox <- function(object, parm, level = object$conf_level,
                            type = if (is_penalised(object)) "profile" else "wald", ...) {
  refuse_typed_dots("confint", c("parm", "level", "type"), dot_names(...))
  level <- check_number(level, "level", 0, 1, open = TRUE)
  type <- check_choice(type, "type", c("wald", "profile"))
  names <- names(object$coefficients)
  parm <- if (missing(parm)) names else if (is.numeric(parm)) names[parm] else parm
  unknown <- parm[!parm %in% names]
  if (length(unknown)) {
    abort(
      "argument",
      paste0("`parm` must name coefficients, not ", format_value(unknown[1L]), "."),
      did_you_mean(unknown[1L], names)
    )
  }
  limits <- switch(type,
    wald = wald_limits(object, parm, level),
    profile = kept_limits(object, parm, level)
  )
  tails <- c((1 - level) / 2, (1 + level) / 2)
  dimnames(limits) <- list(
    parm, paste(format(100 * tails, trim = TRUE, scientific = FALSE, digits = 3), "%")
  )
  limits
}

wald_limits <- function(object, parm, level) {
  se <- sqrt(diag(object$var))[match(parm, names(object$coefficients))]
  z <- stats::qnorm((1 + level) / 2)
  object$coefficients[parm] + se %o% c(-z, z)
}

# A stripped model keeps the limits of its own level.
kept_limits <- function(object, parm, level) {
  kept <- object$profile
  if (is.null(kept) || level != object$conf_level) return(profile_limits(object, parm, level))
  kept[parm, c("lower", "upper"), drop = FALSE]
}
