# Smooth hazards with the printed quartiles of a curve.

quartile_levels <- c(0.75, 0.5, 0.25)

# The least bent logarithm of a hazard, a natural spline, whose survival has the given quartiles:
# the penalty is the integral of the squared second derivative, plus a little of the squared slope.
# Each step solves the quadratic problem with the constraints made linear (Newton on the
# Lagrangian).
smooth_hazard <- function(quartiles, end = 330, slope = 2e-4) {
  knots <- c(0, quartiles[1L] / 2, quartiles, (quartiles[3L] + end) / 2, end)
  time <- seq(0, end, by = 0.25)
  basis <- vapply(seq_along(knots), function(j) {
    stats::spline(knots, as.numeric(seq_along(knots) == j), method = "natural", xout = time)$y
  }, time)
  bend <- diff(basis, differences = 2L) / 0.25^2
  tilt <- diff(basis) / 0.25
  penalty <- crossprod(bend) + slope * crossprod(tilt)
  wanted <- -log(quartile_levels)
  at <- round(quartiles / 0.25) + 1L
  coefficients <- rep(log(wanted[2L] / quartiles[2L]), length(knots))
  for (step in 1:30) {
    hazard <- exp(drop(basis %*% coefficients))
    cumulative <- function(x) {
      apply(as.matrix(x), 2L, function(y) cumsum(y) - (y + y[1L]) / 2) * 0.25
    }
    now <- quantile_rows(cumulative(hazard), time, quartiles)
    slopes <- quantile_rows(cumulative(hazard * basis), time, quartiles)
    zero <- matrix(0, 3L, 3L)
    system <- rbind(cbind(penalty, t(slopes)), cbind(slopes, zero))
    right <- c(rep(0, length(knots)), wanted - drop(now) + drop(slopes %*% coefficients))
    coefficients <- solve(system, right)[seq_along(knots)]
  }
  log_hazard <- round(drop(basis %*% coefficients), 6L)
  hazard <- exp(log_hazard)
  data.frame(time, hazard, cumulative = cumsum(hazard) * 0.25 - (hazard + hazard[1L]) / 8)
}

# Of a printed curve, the cumulative hazard of each day from 0 on.
smooth_by_day <- function(id, slope = 0.01, days = 10000L) {
  quartiles <- as.numeric(published[id, c("lower", "value", "upper")])
  smooth <- smooth_hazard(quartiles, slope = slope)
  stats::approx(smooth$time * 365.25 / 12, smooth$cumulative, 0:days)$y
}

# The columns of x, known at times, at other times.
quantile_rows <- function(x, time, at) {
  matrix(apply(as.matrix(x), 2L, function(y) stats::approx(time, y, at)$y), length(at))
}
