#' Find the median and other quantiles of survival time
#'
#' `quantile()` gives the time by which a proportion `probs` of the patients has had the event,
#' such as the median survival. At this time the curve falls to `1 - probs`. The confidence
#' limits are the times at which the lower and the upper limit of the curve fall to `1 - probs`
#' (Brookmeyer and Crowley 1982).
#'
#' @section A curve that is flat at the level:
#' Sometimes the curve is flat exactly at the level (within `tolerance`, so that rounding does
#' not matter). Then every time of this flat part is a quantile. With `flat = "midpoint"`, its
#' middle is used, as in [survival::quantile.survfit()] and in SAS. With `"first"`, the first
#' time at which survival is at or below the level is used, as in Stata. For example, four deaths
#' at 1, 2, 3 and 4 have the median 2.5 with `"midpoint"` and 2 with `"first"`. If the curve is
#' flat up to the last follow-up, the flat part ends there.
#'
#' @param x Curves made by [lms_km()].
#' @param probs Numbers from 0 to 1: the proportions of patients with the event. 0.25 gives the
#'   time at which survival is 0.75.
#' @param conf.int `TRUE` to also give the confidence limits.
#' @param scale A number above 0 by which times are divided.
#' @param tolerance A number of 0 or more. A survival this close to the level is treated as equal
#'   to it.
#' @param flat `"midpoint"` or `"first"`: the time to use if the curve is flat at the level. The
#'   default is that of [lms_conventions()] when the curves were made.
#' @param ... Not used.
#' @return The same as [survival::quantile.survfit()]. With `conf.int`, a list with `quantile`,
#'   `lower` and `upper`; otherwise the quantiles. Each is a vector with a value for each of
#'   `probs` or, for several groups, a matrix with a row for each group. Values are `NA` where
#'   the curve does not fall that far.
#' @references
#' Brookmeyer R, Crowley J (1982). A confidence interval for the median survival
#' time. *Biometrics* 38, 29-41. \doi{10.2307/2530286}
#' @examples
#' fit <- lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' quantile(fit)
#' quantile(fit, 0.5, flat = "first")
#' @importFrom stats quantile
#' @export
quantile.lms_km <- function(x, probs = c(0.25, 0.5, 0.75), conf.int = TRUE, scale = 1,
                            tolerance = sqrt(.Machine$double.eps), flat = NULL, ...) {
  known <- c("probs", "conf.int", "scale", "tolerance", "flat")
  refuse_typed_dots("quantile", known, dot_names(...))
  if (!is.numeric(probs) || anyNA(probs) || any(probs < 0 | probs > 1)) {
    wrong <- if (is.numeric(probs)) probs[is.na(probs) | probs < 0 | probs > 1][1L] else probs
    abort("argument", paste0("`probs` must be numbers from 0 to 1, not ", describe(wrong), "."))
  }
  flat <- if (is.null(flat)) x$flat else check_choice(flat, "flat", c("midpoint", "first"))
  check_number(scale, "scale", 0)
  check_number(tolerance, "tolerance", 0)
  curves <- list(quantile = x$surv)
  if (check_flag(conf.int, "conf.int") && !is.null(x$lower)) {
    curves <- c(curves, list(lower = x$lower, upper = x$upper))
  }
  found <- lapply(curves, km_quantiles, x, as.double(probs), tolerance, flat, scale)
  if (length(found) == 1L) found[[1L]] else found
}

# y: survival or one of its limits. A matrix groups x probs, or a vector.
km_quantiles <- function(y, fit, probs, tolerance, flat, scale) {
  found <- core_km_quantile(
    fit$time, y, curve_sizes(fit), 1 - probs, tolerance, flat == "midpoint"
  )
  found[, probs == 0] <- fit$t0
  found <- found / scale
  names <- format(100 * probs)
  if (is.null(fit$strata)) return(stats::setNames(as.vector(found), names))
  dimnames(found) <- list(fit$groups, names)
  found
}

quartile_names <- c("25", "50", "75")

# Quartiles of survival as matrices groups x 3, whatever the number of groups.
km_quartiles <- function(fit) {
  found <- quantile(fit)
  if (!is.list(found)) found <- list(quantile = found)
  lapply(found, function(part) matrix(part, ncol = 3L, dimnames = list(NULL, quartile_names)))
}

# Quartiles of the time to censoring, with limits: matrices groups x 3.
follow_up <- function(fit) {
  kept <- unclass(fit)$follow_up
  if (!is.null(kept)) return(kept)
  z <- stats::qnorm((1 + fit$conf_level) / 2)
  curve <- core_km_of_counts(fit$n.risk, fit$n.censor, curve_sizes(fit), fit$conf.type, z)
  follow_up_quartiles(fit, curve)
}

follow_up_quartiles <- function(fit, curve) {
  curves <- list(quantile = curve$surv)
  if (fit$conf.type != "none") curves <- c(curves, curve[c("lower", "upper")])
  lapply(curves, function(y) {
    found <- core_km_quantile(
      fit$time, y, curve_sizes(fit), c(0.75, 0.5, 0.25), sqrt(.Machine$double.eps),
      fit$flat == "midpoint"
    )
    structure(found, dimnames = list(fit$groups, quartile_names))
  })
}
