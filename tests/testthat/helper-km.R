# What an lms_km object must share with survfit() of the same call.
km_tolerance <- 1e-10

km_parts <- c(
  "n", "time", "n.risk", "n.event", "n.censor", "surv", "std.err", "cumhaz", "std.chaz", "lower",
  "upper", "strata"
)

# Below this survival is nothing but rounding. survival subtracts the weights of those who leave
# from the sum at risk, so that 1e-17 of fractional weights is left where it should be 0.
rounding <- 1e-13

# Largest relative difference of two vectors that must be missing and infinite at the same places.
elementwise_error <- function(ours, theirs) {
  ours <- unname(as.vector(ours))
  theirs <- unname(as.vector(theirs))
  if (length(ours) != length(theirs) || !identical(is.na(ours), is.na(theirs))) return(Inf)
  infinite <- is.infinite(ours) | is.infinite(theirs)
  if (any(ours[infinite] != theirs[infinite], na.rm = TRUE)) return(Inf)
  scale <- pmax(abs(theirs), rounding * max(abs(theirs)[!infinite], 0, na.rm = TRUE), 1e-300)
  max(abs(ours - theirs)[!infinite] / scale[!infinite], 0, na.rm = TRUE)
}

# Where survival is 0 there is no interval here; survival's is 0 to 0 with a robust variance on the
# plain scale, and its standard errors are rounding.
without_rounding <- function(fit) {
  fit <- unclass(fit)
  none <- fit$surv < rounding
  fit$surv[none] <- 0
  fit$std.err[none] <- 0
  fit$n.risk[fit$n.risk < rounding * max(fit$n.risk)] <- 0
  for (part in intersect(c("std.chaz", "std.err"), names(fit))) {
    fit[[part]][fit[[part]] < 1e-12] <- 0
  }
  for (limit in intersect(c("lower", "upper"), names(fit))) {
    fit[[limit]][none] <- NA
    # 1 - 1 / (1 + x) leaves few digits of a small x.
    fit[[limit]] <- signif(fit[[limit]] + 1, 15) - 1
  }
  fit
}

# These scales have no limits where survival is 1; those of survival since 3.8 are 1 and 1.
without_certainty <- function(theirs) {
  if (theirs$conf.type %in% c("log-log", "logit", "arcsin")) {
    theirs$lower[theirs$surv == 1] <- theirs$upper[theirs$surv == 1] <- NA
  }
  theirs
}

km_errors <- function(ours, theirs, except = NULL) {
  a <- without_rounding(ours)
  b <- without_rounding(without_certainty(theirs))
  parts <- setdiff(km_parts, except)
  errors <- vapply(parts, function(part) {
    if (is.null(b[[part]]) && is.null(a[[part]])) return(0)
    elementwise_error(a[[part]], b[[part]])
  }, 0)
  c(errors, scale = if (a$logse == b$logse) 0 else Inf)
}

# Quantiles by the midpoint rule. Where a limit rises again after a step, survival does not give the
# first time at which it is at the level, so limits are compared where they only fall.
km_quantile_errors <- function(ours, theirs, probs = c(0.05, 0.25, 0.5, 0.75, 0.9)) {
  ours$flat <- "midpoint"
  theirs <- without_certainty(theirs)
  none <- theirs$surv < rounding
  theirs$surv[none] <- 0
  if (!is.null(theirs$lower)) theirs$lower[none] <- theirs$upper[none] <- NA
  if (!falls_only(ours)) ours$lower <- ours$upper <- theirs$lower <- theirs$upper <- NULL
  mine <- unlist(quantile(ours, probs))
  c(quantiles = elementwise_error(mine, suppressWarnings(unlist(quantile(theirs, probs)))))
}

falls_only <- function(fit) {
  ranges <- split(seq_along(fit$time), rep(seq_len(max(1, length(fit$strata))), curve_sizes(fit)))
  all(vapply(ranges, function(at) {
    all(vapply(list(fit$lower[at], fit$upper[at]), function(y) {
      all(diff(y[!is.na(y)]) <= 0)
    }, NA))
  }, NA))
}
