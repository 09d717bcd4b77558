# Curves of several groups that follow each other, and their values at given times.

# How many times each group has, and which they are.
curve_sizes <- function(fit) if (is.null(fit$strata)) length(fit$time) else as.vector(fit$strata)

curve_ranges <- function(fit) {
  sizes <- curve_sizes(fit)
  Map(function(end, size) seq.int(end - size + 1L, length.out = size), cumsum(sizes), sizes)
}

check_curve_times <- function(times) {
  if (!is.numeric(times) || !length(times) || !all(is.finite(times))) {
    wrong <- if (is.numeric(times) && length(times)) times[!is.finite(times)][1L] else times
    abort("argument", paste0("`times` must be finite numbers, not ", describe(wrong), "."),
          "Set the times in the unit of the data, such as `times = c(24, 60, 120)`.")
  }
  as.double(times)
}

# How much x, or each of its columns, holds after the place before and up to each of the ascending
# places.
count_between <- function(x, places) {
  one <- function(x) diff(c(0, c(0, cumsum(x))[places + 1L]))
  if (!is.matrix(x)) return(one(x))
  matrix(apply(x, 2L, one), length(places), ncol(x), dimnames = list(NULL, colnames(x)))
}
