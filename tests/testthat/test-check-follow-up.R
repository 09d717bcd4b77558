# Curves and rates that are read past the follow-up, or where few are left in it.

test_that("times past the last follow-up, or with few followed, are named by group", {
  fit <- lms_km(Surv(time, died) ~ sex, lung)
  check <- lms_check(summary(fit, times = c(365, 800, 1000)))
  notes <- found(check, "beyond_follow_up")
  at_risk <- summary(survival::survfit(Surv(time, died) ~ sex, lung), times = c(365, 800, 1000),
                     extend = TRUE)$n.risk
  few <- at_risk < 0.1 * rep(c(138, 90), each = 3)
  expect_identical(few, c(FALSE, TRUE, TRUE, FALSE, TRUE, TRUE))
  expect_identical(notes$n_risk, at_risk[few])
  expect_identical(notes$group, c("sex=1", "sex=1", "sex=2", "sex=2"))
  text <- texts_of(check, "beyond_follow_up")
  expect_match(text[4], "no patient is at risk (last follow-up: 965)", fixed = TRUE)
  expect_match(text[1], "only 6 of 138 patients are at risk", fixed = TRUE)
  rates <- lms_check(lms_rates(Surv(time, died) ~ sex, lung, times = c(365, 800, 1000)))
  expect_identical(found(rates, "beyond_follow_up")$n_risk, notes$n_risk)
  expect_true(no_findings_in(lms_check(summary(fit))))
})

test_that("ten patients in a hundred are no few, nor fifty in a thousand, nor a curve at 0", {
  d <- data.frame(time = 1:100, died = rep(0:1, 50))
  read <- function(d, t) {
    checked <- lms_check(summary(lms_km(Surv(time, died) ~ 1, d), times = t))
    nrow(found(checked, "beyond_follow_up"))
  }
  expect_identical(read(d, 91), 0L)
  expect_identical(read(d, 92), 1L)
  large <- data.frame(time = 1:1000, died = rep(0:1, 500))
  expect_identical(read(large, 951), 0L)
  expect_identical(read(large, 952), 1L)
  died_out <- data.frame(time = 1:100, died = 1)
  fit <- lms_km(Surv(time, died) ~ 1, died_out, event = 1)
  expect_true(no_findings_in(lms_check(summary(fit, times = 150))))
})

test_that("a median that rests on few patients is named", {
  d <- data.frame(time = c(1:90, 101:110), died = c(rep(0, 90), rep(1, 10)))
  note <- found(lms_check(lms_km(Surv(time, died) ~ 1, d)), "beyond_follow_up")
  expect_identical(note$n_risk, 5)
  expect_match(finding_text(note), "At 105.5 (median survival), only 5 of 100", fixed = TRUE)
  expect_true(no_findings_in(lms_check(lms_km(Surv(time, died) ~ sex, lung))))
})

test_that("anything else is refused", {
  expect_error(lms_check(1), class = "lmsurv_error_argument")
  expect_error(lms_check(lms_km(Surv(time, died) ~ 1, lung), fix = TRUE),
               class = "lmsurv_error_argument")
})
