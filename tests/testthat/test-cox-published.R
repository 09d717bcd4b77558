# Numbers that others have printed, to the digits they printed.

test_that("Stata's manual: stcox drug age", {
  fit <- lms_cox(Surv(months, died) ~ drug + age, data = drug_trial(), ties = "breslow")
  printed <- tidy(fit, exponentiate = TRUE, conf.int = TRUE)
  expect_equal(signif(printed$estimate, 7), c(0.1048772, 1.120325))
  expect_equal(
    signif(printed$estimate * sqrt(diag(vcov(fit))), 6), c(0.0477017, 0.0417711),
    ignore_attr = TRUE
  )
  expect_equal(round(printed$statistic, 2), c(-4.96, 3.05))
  expect_equal(signif(printed$conf.low, c(6, 7)), c(0.0430057, 1.041375))
  expect_equal(signif(printed$conf.high, c(7, 6)), c(0.2557622, 1.20526))
  expect_equal(round(fit$loglik, 5), c(-99.91145, -83.32355))
  expect_equal(round(summary(fit)$logtest[["test"]], 2), 33.18)
})
