test_that("the concordance of a model is survival's", {
  formulas <- list(
    Surv(time, died) ~ age + sex, Surv(time, died) ~ ph.ecog,
    Surv(time, died) ~ age + cluster(inst)
  )
  for (formula in formulas) {
    ours <- concordance(lms_cox(formula, complete))
    theirs <- survival::concordance(survival::coxph(formula, complete))
    for (part in c("concordance", "count", "n", "var")) expect_close(ours[[part]], theirs[[part]])
    expect_s3_class(ours, "concordance")
  }
  ours <- concordance(lms_cox(Surv(time, died) ~ age, complete, weights = w))
  theirs <- survival::concordance(survival::coxph(Surv(time, died) ~ age, complete, weights = w))
  expect_close(ours$concordance, theirs$concordance)
  expect_close(ours$count, theirs$count)
  expect_close(ours$var, theirs$var)
})

test_that("what the core does not count is left to survival", {
  stratified <- Surv(time, died) ~ age + strata(sex)
  expect_close(
    concordance(lms_cox(stratified, complete))$count,
    survival::concordance(survival::coxph(stratified, complete))$count
  )
  fit <- lms_cox(Surv(time, died) ~ age, complete)
  theirs <- survival::coxph(Surv(time, died) ~ age, complete)
  expect_close(
    concordance(fit, timewt = "S")$concordance,
    survival::concordance(theirs, timewt = "S")$concordance
  )
  expect_close(concordance(fit, newdata = complete[1:50, ])$concordance,
               survival::concordance(theirs, newdata = complete[1:50, ])$concordance)
})

test_that("the concordance is printed by survival", {
  expect_output(print(concordance(lms_cox(Surv(time, died) ~ age, complete))), "Concordance= 0.5")
})
