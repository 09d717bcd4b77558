# Whole-number codes that are fitted as one slope.

test_that("codes that are fitted as numbers are tested against levels", {
  fit <- fit_silently(Surv(time, died) ~ ph.ecog + age, lung)
  note <- found(lms_check(fit), "code_as_number")
  line <- survival::coxph(Surv(time, died) ~ ph.ecog + age, lung, control = tight())
  levels <- survival::coxph(Surv(time, died) ~ factor(ph.ecog) + age, lung, control = tight())
  expect_identical(note$variable, "ph.ecog")
  expect_equal(
    note$p.value, pchisq(2 * (levels$loglik[2] - line$loglik[2]), 2, lower.tail = FALSE),
    tolerance = 1e-7
  )
  expect_s3_class(eval(parse(text = note$code)), "lms_cox")
  # Said, or no codes: neither ages nor 0/1.
  said <- fit_silently(Surv(time, died) ~ I(ph.ecog) + sex + age + ph.karno, lung)
  expect_identical(nrow(found(lms_check(said), "code_as_number")), 0L)
})
