# How close two times are to be the same.

# As survival::aeqSurv() takes times for tied: those of the data may be one.
tied_within <- function(times) sqrt(.Machine$double.eps) * max(1, mean(abs(times)))

# Times of a result, which were tied already: asked for at t, a curve is read where it means t.
time_rounding <- function(time) 1e-9 * max(1, abs(time))

# Times between those of `at` and the last of `times` before each.
just_before <- function(at, times) {
  before <- findInterval(at - tied_within(times), times <- sort(unique(times)), left.open = TRUE)
  (times[pmax(before, 1L)] + at) / 2
}
