# Frequency weights stand for equal rows: the fit is that of the expanded rows, for every method of
# ties.

counted <- function(entry = FALSE, n = 60) {
  set.seed(5)
  d <- data.frame(time = sample(8, n, TRUE), died = rbinom(n, 1, 0.6),
                  age = round(rnorm(n, 60, 10)), sex = factor(sample(c("f", "m"), n, TRUE)),
                  count = rpois(n, 1.2))
  if (entry) d$start <- d$time - sample(4, n, TRUE)
  d
}

expect_same_fit <- function(weighted, expanded, parts) {
  for (part in parts) {
    expect_equal(weighted[[part]], expanded[[part]], tolerance = 1e-9, label = part)
  }
}

for (ties in c("efron", "breslow", "exact")) {
  test_that(paste("frequency weights are the expanded rows:", ties), {
    for (entry in c(FALSE, TRUE)) {
      d <- counted(entry)
      rows <- rep(seq_len(nrow(d)), d$count)
      formula <- if (entry) Surv(start, time, died) ~ age + sex else Surv(time, died) ~ age + sex
      weighted <- lms_cox(formula, d, weights = count, weight_type = "frequency", ties = ties)
      expanded <- lms_cox(formula, d[rows, ], ties = ties)
      expect_same_fit(weighted, expanded, c(
        "coefficients", "var", "loglik", "score", "wald.test", "n", "nevent", "concordance", "means"
      ))
      martingale <- residuals(weighted)[rows]
      expect_equal(unname(martingale), unname(residuals(expanded)), tolerance = 1e-9)
      if (ties == "exact") next
      for (type in c("deviance", "score", "dfbeta")) {
        expect_equal(
          unname(residuals(weighted, type, weighted = FALSE)[rows, drop = FALSE]),
          unname(residuals(expanded, type, weighted = FALSE)[seq_along(rows), drop = FALSE]),
          tolerance = 1e-9, label = type
        )
      }
      if (entry) next
      sandwich <- function(...) lms_cox(formula, ..., ties = ties, robust = TRUE)$var
      expect_equal(
        sandwich(d, weights = count, weight_type = "frequency"), sandwich(d[rows, ]),
        tolerance = 1e-9
      )
    }
  })
}
