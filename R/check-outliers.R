# Values of a numeric covariate that lie far from all others, as a slip of the decimal point makes
# them.

# Half the width of the middle half, as a standard deviation of normal values; few wrong values
# leave it alone.
robust_deviation <- function(x) {
  diff(stats::quantile(x, c(0.25, 0.75), names = FALSE)) / (2 * stats::qnorm(0.75))
}

# At most so many values lie beyond the gap, and more than so many deviations from the median.
outlier_rule <- list(values = 3L, from_median = 4)

# In deviations, the gap below the largest of n normal values that one sample in 400 has.
wide_gap <- function(n) log(400) / sqrt(2 * log(n))

find_outliers <- function(fit, given) {
  if (is.null(fit$model)) return(not_checked("outlier", "no frame"))
  bind_findings(lapply(unique(coefficient_terms(fit)), function(term) {
    x <- term_values(fit, term)
    if (is.numeric(x) && !is.matrix(x)) outlier_finding(fit, term, as.double(x))
  }))
}

outlier_finding <- function(fit, term, x) {
  at <- outlying_rows(x)
  if (!length(at)) return(NULL)
  finding(
    "outlier", "caution", variable = term, n = length(at), n_total = length(x),
    row = data_rows(fit, at)[1L], value = x[at[1L]], median = stats::median(x),
    from = min(x[-at]), to = max(x[-at]), remedy = "look up"
  )
}

# Rows of the values beyond a gap, the farthest first of each end. Positive values must lie apart as
# logarithms too: a marker that spans decades has large values, but no gap.
outlying_rows <- function(x) {
  o <- order(x)
  x <- x[o]
  scales <- list(x)
  if (x[1L] >= 0 && any(x > 0)) {
    scales$log <- log(x + if (x[1L] > 0) 0 else x[x > 0][1L])
  }
  n <- length(x)
  high <- min(vapply(scales, values_beyond, 0L))
  low <- min(vapply(scales, function(x) values_beyond(-rev(x)), 0L))
  o[c(n + 1L - seq_len(high), seq_len(low))]
}

# How many of the largest lie beyond a gap. x: sorted.
values_beyond <- function(x) {
  spread <- robust_deviation(x)
  last <- length(x) + 1L - seq_len(min(outlier_rule$values, length(x) %/% 20L))
  if (spread == 0 || !length(last)) return(0L)
  far <- x[last] - stats::median(x) > outlier_rule$from_median * spread &
    x[last] - x[last - 1L] > wide_gap(length(x)) * spread
  max(0L, which(far))
}
