#' Confidence intervals of a Cox model
#'
#' Wald intervals `coef -/+ z se`, with the robust standard error where the
#' model has one; or profile likelihood intervals: all values of the coefficient
#' that a likelihood ratio test at the level does not reject, the other
#' coefficients being estimated anew. With few events the profile interval is
#' the better one, and it is the only one for a coefficient that runs to
#' infinity: there one end is `Inf` or `-Inf`. For a model with Firth's penalty it
#' is that of the penalised likelihood (Heinze and Schemper 2001, section 3), with
#' two finite ends, and the default.
#'
#' @param object A model made by [lms_cox()].
#' @param parm Names or numbers of coefficients; all by default.
#' @param level A number between 0 and 1; by default the model's `conf_level`.
#' @param type `"wald"` or `"profile"`; by default `"wald"`, and `"profile"` for a
#'   model with Firth's penalty.
#' @param ... Not used.
#' @return A matrix with a row for each coefficient and two columns, the limits
#'   on the log hazard scale. Take `exp()` for hazard ratios.
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

profile_limits <- function(object, parm, level) {
  if (!is.null(object$naive.var)) {
    abort(
      "argument",
      "A model with a robust variance has no profile likelihood interval.",
      "Use `type = \"wald\"`."
    )
  }
  response <- fit_response(object)
  design <- fit_design(object)
  spread <- column_spread(object, design, response)
  at <- if (is.character(parm)) match(parm, names(object$coefficients)) else parm
  t(vapply(at, function(j) {
    if (is.na(object$coefficients[[j]])) return(c(NA_real_, NA_real_))
    drop <- profile_drop(object, design, response, j)
    cut <- stats::qchisq(level, 1)
    c(profile_end(object, spread[j], j, drop, cut, -1),
      profile_end(object, spread[j], j, drop, cut, 1))
  }, numeric(2)))
}

# By how much the values of each column differ among rows at risk together.
column_spread <- function(object, design, response) {
  options <- fit_options(object)
  options$iter_max <- 0L
  core_cox_fit(core_design(design), response, options)$spread
}

# drop(b): twice the log likelihood lost where coefficient j is held at b. The
# others start where they were at the last b, moved as they go with j around the
# estimate.
profile_drop <- function(object, design, response, j) {
  kept <- which(!is.na(object$coefficients))
  columns <- select_columns(design, kept)
  settings <- fit_options(object)
  settings$held <- kept == j
  together <- object$var[kept, j] / object$var[j, j]
  together[!is.finite(together)] <- 0
  last <- unname(object$coefficients[kept])
  best <- object$loglik[2L]
  function(b) {
    settings$init <- last + together * (b - last[settings$held])
    settings$init[settings$held] <- b
    fit <- core_cox_fit(columns, response, settings)
    if (fit$converged) last <<- fit$coefficients
    2 * (best - fit$loglik[2L])
  }
}

select_columns <- function(design, at) {
  c(design["values"], lapply(design[c("source", "column", "level")], `[`, at))
}

# One end of the interval: steps outward from the estimate until the loss
# exceeds `cut`, then a root. Infinite where it never does, which a penalised
# loss always does. The root of the loss is nearly a straight line.
profile_end <- function(object, spread, j, drop, cut, side) {
  estimate <- object$coefficients[[j]]
  direction <- object$infinite[names(object$coefficients)[j]]
  furthest <- if (is_penalised(object)) Inf else 40 / spread
  step <- sqrt(cut * object$var[j, j])
  if (!is.finite(step) || step > furthest / 4) step <- 1 / spread
  inner <- estimate
  if (length(direction) && !is.na(direction) && sign(direction) == side) return(direction[[1L]])
  excess <- function(b) sqrt(min(max(0, drop(b)), 100 * cut)) - sqrt(cut)
  below <- -sqrt(cut)
  repeat {
    outer <- inner + side * step
    above <- excess(outer)
    if (above > 0) break
    if (abs(outer - estimate) > furthest + abs(estimate)) return(side * Inf)
    inner <- outer
    below <- above
    step <- 1.5 * step
  }
  at <- order(c(inner, outer))
  ends <- c(inner, outer)[at]
  stats::uniroot(
    excess, ends, f.lower = c(below, above)[at[1L]], f.upper = c(below, above)[at[2L]],
    tol = 1e-10 * max(1, abs(ends))
  )$root
}
