# Labeled numbers and ordered factors as covariates.
lung <- survival::lung
lung$dead <- lung$status == 2
lung$ecog <- structure(
  lung$ph.ecog, labels = c(full = 0, limited = 1, half = 2, bed = 3),
  class = c("haven_labelled", "vctrs_vctr", "double")
)
categories <- factor(lung$ph.ecog, 0:3, c("full", "limited", "half", "bed"))

test_that("labeled numbers are the categories of their labels, in the fit and for new patients", {
  expect_message(fit <- lms_cox(Surv(time, dead) ~ ecog + age, lung), "`ecog`: labeled numbers",
                 class = "lmsurv_message_codes")
  theirs <- survival::coxph(Surv(time, dead) ~ categories + age, lung)
  expect_equal(unname(coef(fit)), unname(coef(theirs)), tolerance = 1e-6)
  expect_equal(unname(predict(fit, lung[1:3, ])), unname(predict(theirs)[1:3]), tolerance = 1e-6)
})

test_that("declared missing values of labeled numbers are missing", {
  attr(lung$ecog, "na_values") <- 3
  fit <- suppressMessages(lms_cox(Surv(time, dead) ~ ecog, lung))
  expect_equal(fit$n, sum(lung$ph.ecog < 3, na.rm = TRUE))
})

test_that("how an ordered factor is fitted is said, and is as in coxph", {
  lung$grade <- factor(lung$ph.ecog, ordered = TRUE)
  expect_message(fit <- lms_cox(Surv(time, dead) ~ grade, lung), "polynomial contrasts",
                 class = "lmsurv_message_contrasts")
  expect_equal(coef(fit), coef(survival::coxph(Surv(time, dead) ~ grade, lung)), tolerance = 1e-6)
  expect_no_message(lms_cox(Surv(time, dead) ~ ordered(ph.ecog), lung))
})
