x <- cbind(age = complete$age, sex = complete$sex)

test_that("a matrix gives what the formula gives", {
  fit <- lms_cox_fit(x, complete$time, complete$died)
  ref <- lms_cox(Surv(time, died) ~ age + sex, complete)
  for (name in setdiff(names(fit), c("converged", "infinite"))) {
    expect_identical(fit[[name]], ref[[name]], label = name)
  }
  expect_true(fit$converged)
})

test_that("strata, entry, weights, offset and ties are taken", {
  d <- within(complete, {
    from <- time / 3
    o <- ph.karno / 50
  })
  fit <- lms_cox_fit(
    x, d$time, d$died == 1, entry = d$from, strata = d$inst, weights = d$w, offset = d$o,
    ties = "breslow",
    init = c(0.01, 0), control = list(eps = 1e-10)
  )
  ref <- reference(
    Surv(from, time, died) ~ age + sex + strata(inst) + offset(o),
    d,
    weights = w,
    ties = "breslow",
    robust = FALSE
  )
  expect_close(fit$coefficients, ref$coefficients)
  expect_close(fit$var, ref$var)
  expect_close(fit$loglik[2], ref$loglik[2])
  counts <- lms_cox_fit(x, d$time, d$died, weights = d$k, weight_type = "frequency")
  expect_identical(counts$n, sum(d$k))
})

test_that("one covariate, and none", {
  expect_identical(names(lms_cox_fit(complete$age, complete$time, complete$died)$coefficients), "1")
  none <- lms_cox_fit(x[, 0], complete$time, complete$died)
  expect_close(none$loglik[1], reference(Surv(time, died) ~ 1, complete)$loglik)
})

test_that("bad input is refused", {
  n <- nrow(x)
  bad <- replace(x, cbind(7, 2), NaN)
  expect_snapshot({
    said(lms_cox_fit(as.data.frame(x), complete$time, complete$died))
    said(lms_cox_fit(bad, complete$time, complete$died))
    said(lms_cox_fit(x, complete$time[-1], complete$died))
    said(lms_cox_fit(x, replace(complete$time, 3, NA), complete$died))
    said(lms_cox_fit(x, replace(complete$time, 3, -2), complete$died))
    said(lms_cox_fit(x, complete$time, complete$status))
    said(lms_cox_fit(x, complete$time, 0 * complete$died))
    said(lms_cox_fit(x, complete$time, complete$died, entry = complete$time))
    said(lms_cox_fit(x, complete$time, complete$died, weights = -complete$w))
    said(lms_cox_fit(x, complete$time, complete$died, strata = 1:3))
  })
})
