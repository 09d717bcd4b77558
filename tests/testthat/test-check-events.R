# Few events for each coefficient, counted by hand.

test_that("events for each coefficient are counted, and both numbers named", {
  fit <- fit_silently(Surv(time, died) ~ age + stage, small())
  note <- found(lms_check(fit), "events_per_parameter")
  expect_identical(c(note$n_events, note$n_coefficients), c(16, 2))
  expect_identical(note$severity, "caution")
  expect_match(finding_text(note), fixed = TRUE,
               "2 coefficients are estimated from 16 events, which is 8 per coefficient")
  expect_identical(note$code, "update(fit, penalty = \"firth\")")
  four <- fit_silently(Surv(time, died) ~ age + stage + sex + I(age^2), small())
  expect_identical(found(lms_check(four), "events_per_parameter")$severity, "caution")
  six <- fit_silently(Surv(time, died) ~ age + stage + sex + I(age^2) + I(age * sex) + I(age^3),
                      small())
  note <- found(lms_check(six), "events_per_parameter")
  expect_identical(note$severity, "serious")
  expect_match(finding_text(note), "95% CIs are too narrow", fixed = TRUE)
  # Ten for each are enough.
  ten <- fit_silently(Surv(time, died) ~ age + stage, small(30))
  expect_identical(ten$nevent, 20)
  expect_identical(nrow(found(lms_check(ten), "events_per_parameter")), 0L)
})

test_that("a lone coefficient is not to be kept", {
  d <- data.frame(time = 1:9, died = rep(0:1, length.out = 9), x = c(3, 1, 4, 1, 5, 9, 2, 6, 5.5))
  note <- found(lms_check(fit_silently(Surv(time, died) ~ x, d)), "events_per_parameter")
  expect_identical(c(note$n_events, note$n_coefficients), c(4, 1))
  expect_match(finding_remedy(note), "^Report the number of events, or use Firth")
})
