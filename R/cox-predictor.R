# Linear predictors of rows: about which values they are centred, and their variance.

# An offset relative to the mean of the model's own, as in `linear.predictors`.
centred_offset <- function(object, offset) {
  centre <- if (is.null(object$offset)) 0 else mean(object$offset)
  (if (is.null(offset)) 0 else offset) - centre
}

# The linear predictors of the model's rows without the offset.
own_eta <- function(object) object$linear.predictors - centred_offset(object, object$offset)

dense_design <- function(design) {
  p <- length(design$source)
  x <- matrix(0, nrow(design$frame), p)
  for (j in seq_len(p)) x[, j] <- design_column(design, j)
  x
}

zero_aliased <- function(object) {
  b <- as.double(object$coefficients)
  b[is.na(b)] <- 0
  b
}

centred <- function(x, means) x - rep(unname(means), each = nrow(x))

# x_i' var x_i for each row of x, m x p; var may be NULL where p is 0.
quadratic <- function(x, var) if (ncol(x)) rowSums((x %*% var) * x) else double(nrow(x))

# Weighted means by stratum of the model's own rows: strata x columns.
stratum_means <- function(object, x) {
  codes <- as.integer(object$strata)
  weights <- if (is.null(object$weights)) rep(1, length(codes)) else object$weights
  rowsum(x * weights, codes) / c(rowsum(weights, codes))
}
