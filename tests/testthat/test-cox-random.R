# Random data sets over ties, strata, weights, offset, entry times and size, beside coxph() carried
# to convergence. A set without a finite maximum has no number to agree on: those are in
# test-cox-infinite.R.

random_set <- function(seed) {
  set.seed(seed)
  n <- sample(c(1, 2, 5, 10, 20, 50, 200, 500, 2000), 1, prob = c(1, 1, 2, 3, 6, 8, 8, 4, 1))
  p <- sample(if (n < 50) 1:2 else 1:5, 1)
  x <- matrix(rnorm(n * p), n)
  if (runif(1) < 0.5) x[, 1] <- rbinom(n, 1, 0.5)
  if (p > 1 && runif(1) < 0.2) x[, p] <- round(x[, p], 1) * 1000
  time <- rexp(n) * exp(-0.3 * x[, 1])
  tied <- runif(1) < 0.6
  if (tied) time <- ceiling(time * sample(c(3, 10, 30), 1))
  ties <- sample(c("efron", "breslow", "exact"), 1, prob = c(5, 3, 1))
  # survival's exact method with entry times goes through all subsets.
  entry <- if (runif(1) < 0.4 && (ties != "exact" || n <= 20)) {
    if (tied) pmax(0, time - sample(10, n, TRUE)) else time * runif(n, 0, 0.95)
  }
  weight <- if (runif(1) < 0.4 && ties != "exact") {
    sample(list(runif(n, 0.2, 3), rpois(n, 1.5) + 1), 1)[[1]]
  }
  list(
    x = x, time = time, entry = entry, status = as.integer(runif(n) < 0.7 | seq_len(n) == 1),
    group = if (runif(1) < 0.4) sample(3, n, TRUE), weight = weight,
    offset = if (runif(1) < 0.3) rnorm(n),
    centre = if (runif(1) < 0.3 && ties != "exact") sample(max(2, n %/% 4), n, TRUE),
    ties = ties
  )
}

fit_random <- function(set) {
  terms <- c(
    "x", if (!is.null(set$group)) "strata(group)", if (!is.null(set$offset)) "offset(offset)"
  )
  right <- is.null(set$entry)
  response <- if (right) quote(Surv(time, status)) else quote(Surv(entry, time, status))
  formula <- reformulate(terms, response)
  data <- Filter(Negate(is.null), set[c("x", "time", "entry", "status", "group", "offset")])
  # A cluster gives survival what it wants for a robust variance of counting-process rows.
  run <- function(f, ...) {
    suppressMessages(suppressWarnings(do.call(f, c(
      list(formula, data = data, ties = set$ties, x = TRUE, model = TRUE),
      list(weights = set$weight)[!is.null(set$weight)],
      if (!is.null(set$centre)) list(cluster = set$centre) else list(robust = FALSE),
      list(...)
    ))))
  }
  theirs <- tryCatch(run(survival::coxph, control = tight()), error = identity)
  list(ours = run(lms_cox, event = 1), theirs = theirs)
}

# Something to estimate, and a finite estimate of it: of the effect across a column's range neither
# the size nor the standard error is beyond what data can tell, nor is it zero but for rounding.
has_finite_maximum <- function(fit) {
  if (!inherits(fit, "coxph")) return(FALSE)
  estimated <- !is.na(coef(fit))
  reach <- apply(as.matrix(fit$x), 2, function(z) diff(range(z)))[estimated]
  se <- sqrt(diag(fit$var)[estimated]) * reach
  size <- abs(coef(fit)[estimated]) * reach
  any(size > 1e-9) && all(size < 15) && all(se > 1e-6 & se < 1e4)
}

test_that("five hundred random data sets agree with coxph", {
  compared <- 0
  for (seed in seq_len(650)) {
    set <- random_set(seed)
    both <- fit_random(set)
    if (!has_finite_maximum(both$theirs)) next
    compared <- compared + 1
    label <- paste0("seed ", seed, " (n = ", length(set$time), ", ", set$ties, ")")
    expect_true(both$ours$converged, label = label)
    expect_agreement(fit_errors(both$ours, both$theirs), label = label)
    if (!anyNA(coef(both$theirs))) {
      expect_agreement(residual_errors(both$ours, both$theirs), label = label)
    }
    if (compared == 500) break
  }
  expect_equal(compared, 500)
})
