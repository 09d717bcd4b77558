# E-values, against hand algebra and published ones.

test_that("E-values are those published by VanderWeele and Ding (2017)", {
  # Maternal smoking (risk ratio 3.9, 1.8 to 8.7), and breast-feeding as a ratio below 1.
  expect_equal(e_value(c(3.9, 1.8, 1 / 3.9), TRUE), c(7.26, 3.0, 7.26), tolerance = 1e-3)
  expect_identical(e_value(1, TRUE), 1)
  expect_identical(e_value(1, FALSE), 1)
  # Of a common outcome: the transformation by hand.
  rr <- (1 - 0.5^sqrt(2)) / (1 - 0.5^sqrt(0.5))
  expect_equal(e_value(2, FALSE), rr + sqrt(rr * (rr - 1)))
  expect_equal(e_value(0.5, FALSE), e_value(2, FALSE))
})

test_that("ratios, limits and differences are those of the model", {
  fit <- lms_cox(Surv(time, status) ~ age + sex, survival::lung, event = 2)
  x <- lms_evalue(fit, per = c(age = -10))
  theirs <- summary(survival::coxph(Surv(time, status) ~ age + sex, survival::lung,
                                    control = tight()))$conf.int
  expect_equal(x$estimate, unname(theirs[, 1]^c(-10, 1)), tolerance = 1e-6)
  expect_equal(x$conf.low[2], unname(theirs[2, 3]), tolerance = 1e-6)
  expect_equal(x$conf.low[1], unname(theirs[1, 4]^-10), tolerance = 1e-6)
  expect_false(attr(x, "rare"))
  expect_equal(x$evalue.limit[2], e_value(unname(theirs[2, 4]), FALSE), tolerance = 1e-6)
  # 1 where the interval has 1 in it.
  none <- lms_cox(Surv(time, status) ~ ph.karno + wt.loss, survival::lung, event = 2)
  expect_identical(lms_evalue(none)$evalue.limit[2], 1)
  expect_output(print(x), "sex +0.60 +0.43 to 0.83 +2.2")
  expect_true(attr(lms_evalue(fit, rare = TRUE), "rare"))
})

test_that("wrong arguments are refused, and infinite ratios have no E-value", {
  fit <- lms_cox(Surv(time, status) ~ age + sex, survival::lung, event = 2)
  expect_error(lms_evalue(fit, per = c(ages = 10)), "age", class = "lmsurv_error_argument")
  expect_error(lms_evalue(fit, per = 10), class = "lmsurv_error_argument")
  expect_error(lms_evalue(1), class = "lmsurv_error_argument")
  d <- data.frame(time = 1:20, died = rep(c(1, 0), 10), x = rep(c(0, 1), 10), y = rnorm(20))
  infinite <- fit_silently(Surv(time, died) ~ x + y, d)
  expect_identical(is.na(lms_evalue(infinite)$evalue), c(TRUE, FALSE))
  expect_output(print(lms_evalue(infinite)), "not estimable")
})
