# Crude rates under censoring.

test_that("crude rates under censoring are named beside Kaplan-Meier's", {
  rates <- suppressWarnings(lms_rates(Surv(time, died) ~ 1, lung, times = c(5, 200, 365, 730),
                                      method = "crude"))
  check <- lms_check(rates)
  notes <- found(check, "crude_rates")
  curve <- summary(survival::survfit(Surv(time, died) ~ 1, lung), times = c(200, 365, 730))
  expect_equal(estimate_of(check, "crude_rates", "kaplan-meier"), curve$surv, tolerance = 1e-12)
  alive <- vapply(c(200, 365, 730), function(t) {
    sum(lung$time > t | (lung$time == t & lung$died == 0))
  }, 0)
  expect_equal(estimate_of(check, "crude_rates", "crude"), alive / 228)
  expect_identical(notes$n_censored[2], as.double(sum(lung$time < 365 & lung$died == 0)))
  expect_match(texts_of(check, "crude_rates")[2],
               paste(notes$n_censored[2], "of 228 patients were censored"))
  expect_equal(eval(parse(text = notes$code[1]))$rates$rate[2:4], curve$surv, tolerance = 1e-12)
  # Without censoring before, and by Kaplan-Meier, there is nothing to say.
  expect_true(no_findings_in(lms_check(lms_rates(Surv(time, died) ~ 1, lung, times = 365))))
  dead <- subset(lung, died == 1)
  exact <- lms_rates(Surv(time, died) ~ 1, dead, times = 365, method = "crude", event = 1)
  expect_true(no_findings_in(lms_check(exact)))
})
