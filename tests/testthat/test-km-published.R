# Klein and Moeschberger (2003, Survival Analysis, 2nd edition), table 4.1: the patients given
# 6-MP in the trial of Freireich and others (1963, Blood 21, 699).
test_that("the remissions of Freireich, as Klein and Moeschberger print them", {
  skip_if_not_installed("MASS")
  fit <- lms_km(Surv(time, cens) ~ treat, MASS::gehan)
  drug <- summary(fit["treat=6-MP"])
  expect_identical(drug$time, c(6, 7, 10, 13, 16, 22, 23))
  expect_identical(drug$n.risk, c(21, 17, 15, 12, 11, 7, 6))
  expect_equal(round(drug$surv, 3), c(0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448))
  expect_equal(round(drug$std.err, 4), c(0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346))
  expect_equal(unname(quantile(fit, 0.5)$quantile[, 1]), c(23, 8))
  theirs <- summary(survival::survfit(Surv(time, cens) ~ 1, MASS::gehan, subset = treat == "6-MP"))
  expect_equal(drug$std.err, theirs$std.err, tolerance = km_tolerance)
})

# Collett (2015, Modelling Survival Data in Medical Research, 3rd edition), table 2.2.
test_that("the weeks to discontinuation of an IUD, as Collett prints them", {
  iud <- data.frame(
    weeks = c(10, 13, 18, 19, 23, 30, 36, 38, 54, 56, 59, 75, 93, 97, 104, 107, 107, 107),
    stopped = c(1, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0)
  )
  fit <- lms_km(Surv(weeks, stopped) ~ 1, iud)
  expect_equal(
    round(summary(fit)$surv, 4),
    c(0.9444, 0.8815, 0.8137, 0.7459, 0.6526, 0.5594, 0.4662, 0.3729, 0.2486)
  )
  expect_equal(unname(quantile(fit, 0.5)$quantile), 93)
})
