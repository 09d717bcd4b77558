# Limits of survival before the first event and with few events.

few_deaths <- function(n = 20, events = 2, first = 10) {
  data.frame(time = first + seq_len(n), died = rep(c(1, 0), c(events, n - events)))
}

test_that("before the first event the print has the exact limit, the components do not", {
  d <- few_deaths()
  fit <- lms_km(Surv(time, died) ~ 1, d)
  at <- summary(fit, times = c(5, 12))
  theirs <- summary(survival::survfit(Surv(time, died) ~ 1, d), times = c(5, 12))
  expect_equal(at$lower, theirs$lower)
  # The probability that none of n dies is 5% at the limit.
  expect_equal(at$exact_lower, c(0.05^(1 / 20), NA))
  expect_equal(stats::binom.test(20, 20, alternative = "greater")$conf.int[1], at$exact_lower[1])
  expect_output(print(at), "lower limit 86.1%", fixed = TRUE)
  expect_output(print(at), "Lower limit before the first event: exact one-sided 95% CI.",
                fixed = TRUE)
  expect_output(print(lms_rates(Surv(time, died) ~ 1, d, times = c(5, 12))), "lower limit 86.1%")
  other <- lms_km(Surv(time, died) ~ 1, d, conf_level = 0.9, conf_type = "log-log")
  expect_equal(summary(other, times = 5)$exact_lower, 0.1^(1 / 20))
  expect_output(print(summary(lms_km(Surv(time, died) ~ 1, d, conf_type = "none"), times = 5)),
                "100.0%\n")
})

test_that("the number at risk is the smallest so far, and rows that are not patients have none", {
  d <- few_deaths()
  late <- transform(d, entry = rep(c(0, 4), c(5, 15)))
  fit <- lms_km(Surv(entry, time, died) ~ 1, late)
  expect_equal(summary(fit, times = 8)$exact_lower, 0.05^(1 / 5))
  groups <- transform(d, sex = gl(2, 1, 20))
  left <- within(groups, {
    died[1:2] <- 0
    died[20] <- 1
  })
  at <- summary(lms_km(Surv(time, died) ~ sex, left), times = c(5, 13))
  expect_equal(at$exact_lower, 0.05^(1 / c(10, 9, 10, 9)))
  counted <- lms_km(Surv(time, died) ~ 1, d, weights = rep(3, 20), weight_type = "frequency")
  expect_equal(summary(counted, times = 5)$exact_lower, 0.05^(1 / 60))
  weighted <- lms_km(Surv(time, died) ~ 1, d, weights = rep(0.5, 20))
  expect_true(is.na(summary(weighted, times = 5)$exact_lower))
  clustered <- lms_km(Surv(time, died) ~ 1, groups, cluster = sex)
  expect_true(is.na(summary(clustered, times = 5)$exact_lower))
  expect_true(is.na(summary(lms_km(Surv(time, died) ~ 1, d), times = 0)$exact_lower))
})

test_that("a report has the limit in words, unless it is released", {
  rates <- lms_rates(Surv(time, died) ~ 1, few_deaths(), times = c(6, 12))
  rates$per_year <- 12
  expect_match(rate_words(rates), "^100% \\(lower 95% limit 86%\\) at 6 months and 90% \\(95% CI ")
  expect_match(rate_words(rates, min_cell = 2), "^100% at 6 months and 90% \\(95% CI ")
  expect_match(rate_words(rates, FALSE), "^100% at 6 months and 90% at 1 year$")
})

test_that("few events with survival near 1 are noted where the scale is log", {
  d <- few_deaths(60, 3)
  rates <- lms_rates(Surv(time, died) ~ 1, d, times = c(5, 12, 20))
  note <- found(lms_check(rates), "limits_too_narrow")
  expect_identical(note$time, c(12, 20))
  expect_identical(note$n_events, c(2, 3))
  expect_identical(note$severity, rep("note", 2))
  expect_output(print(rates), "CIs on the log scale are")
  again <- eval(parse(text = note$code[1L]))
  expect_identical(again$conf_type, "log-log")
  expect_identical(nrow(found(lms_check(again), "limits_too_narrow")), 0L)
  expect_no_match(capture_output(print(again)), "too narrow")
  curve <- lms_km(Surv(time, died) ~ 1, d)
  expect_identical(found(lms_check(curve), "limits_too_narrow")$time, 70)
  read <- summary(curve, times = c(5, 12, 20))
  expect_identical(found(lms_check(read), "limits_too_narrow")$n_events, c(2, 3))
  expect_output(print(read), "too\\s+narrow")
  # Neither with more events or lower survival, nor where no event has been.
  silent <- function(d, times) {
    rates <- lms_rates(Surv(time, died) ~ 1, d, times = times)
    nrow(found(lms_check(rates), "limits_too_narrow")) == 0L
  }
  expect_true(silent(few_deaths(200, 20), 25))
  expect_true(silent(few_deaths(20, 8), 18))
  expect_true(silent(few_deaths(60, 3), 5))
  local({
    withr::local_options(lmsurv.conventions = "stata")
    expect_true(silent(d, c(12, 20)))
  })
})

test_that("a released report tells no count of them", {
  rows <- as.data.frame(lms_check(lms_rates(Surv(time, died) ~ 1, few_deaths(60, 3), times = 20)))
  rows <- rows[rows$kind == "limits_too_narrow", ]
  expect_match(finding_text(rows), "The 95% CI of survival at 20 depends on 3 events.")
  hidden <- one_kind(rows, finding_voice("label", 5))
  expect_no_match(hidden$text, "3 events|conf_type")
  expect_no_match(finding_text(rows, finding_voice("label", 5)), "[3]")
})
