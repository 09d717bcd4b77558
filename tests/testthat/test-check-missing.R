# Rows lost by missing values, and whether they did worse.

expect_same_test <- function(fit, theirs, tolerance = 1e-8) {
  test <- left_out_test(fit)
  expect_equal(test$p, pchisq(theirs$chisq, 1, lower.tail = FALSE), tolerance = tolerance)
  expect_equal(test$n, as.vector(theirs$n))
  expect_equal(test$events, as.vector(theirs$obs))
}

test_that("left-out rows are compared with those in use as survdiff() does", {
  fit <- fit_silently(Surv(time, died) ~ meal.cal + ph.ecog, lung)
  used <- complete.cases(lung[c("meal.cal", "ph.ecog")])
  expect_same_test(fit, survival::survdiff(Surv(time, died) ~ !used, lung))
  test <- left_out_test(fit)
  expect_identical(test$time, as.vector(tapply(lung$time, !used, sum)))
  note <- found(lms_check(fit), "missing_values")
  expect_identical(note$n, 48)
  expect_equal(note$value, 48 / 228)
  expect_identical(note$severity, "caution")
  expect_match(note$what, "`meal.cal` in 47 and `ph.ecog` in 1", fixed = TRUE)
  expect_match(note$what, "no clear difference")
  # 32 events in 15,014 days.
  expect_match(note$what, "per 1,000 units of time: 2.1 in those left out", fixed = TRUE)
  expect_identical(note$code, "update(fit, . ~ . - meal.cal)")
  expect_output(print(fit), "Mind: 21% of the rows left out. More by lms_check().", fixed = TRUE)
})

test_that("a difference is told with its direction, and makes it serious", {
  d <- lung
  d$marker <- ifelse(d$time < 150 & d$died == 1 & seq_len(228) %% 2, NA, d$age)
  fit <- fit_silently(Surv(time, died) ~ marker, d)
  note <- found(lms_check(fit), "missing_values")
  expect_identical(note$severity, "serious")
  expect_match(note$what, "they did worse, log-rank p < 0.001")
  used <- !is.na(d$marker)
  theirs <- survival::survdiff(Surv(time, died) ~ !used, d)
  expect_equal(note$p.value, pchisq(theirs$chisq, 1, lower.tail = FALSE), tolerance = 1e-8)
  rate <- 100 * tapply(d$died, !used, sum) / tapply(d$time, !used, sum)
  shown <- vapply(signif(rate, 2), format, "")
  expect_match(note$what, paste0("per 100 units of time: ", shown[[2]], " in those left out, ",
                                 shown[[1]]), fixed = TRUE)
})

test_that("entry times, frequencies, subsets and unknown outcomes are minded", {
  heart <- survival::heart
  heart$age[c(3, 9, 20:30)] <- NA
  fit <- fit_silently(Surv(start, stop, event) ~ age, heart)
  out <- is.na(heart$age)
  score <- survival::coxph(Surv(start, stop, event) ~ out, heart, ties = "exact", iter.max = 0,
                           init = 0)
  expect_equal(left_out_test(fit)$p, pchisq(score$score, 1, lower.tail = FALSE),
               tolerance = 1e-8)
  expect_equal(left_out_test(fit)$time, as.vector(tapply(heart$stop - heart$start, out, sum)))
  d <- lung
  d$time[5:7] <- NA
  fit <- fit_silently(Surv(time, died) ~ wt.loss, d, subset = sex == 1, na.action = na.omit)
  men <- subset(d, sex == 1)
  expect_same_test(fit, survival::survdiff(Surv(time, died) ~ is.na(wt.loss), men))
  fit <- fit_silently(Surv(time, died) ~ wt.loss, lung, weights = k, weight_type = "frequency",
                      ties = "breslow")
  rows <- lung[rep(seq_len(228), lung$k), ]
  expect_same_test(fit, survival::survdiff(Surv(time, died) ~ is.na(wt.loss), rows))
})

test_that("few rows are no note, and stripped or foreign models give counts alone", {
  fit <- fit_silently(Surv(time, died) ~ ph.ecog, lung)
  expect_identical(nrow(found(lms_check(fit), "missing_values")), 0L)
  expect_false(any(grepl("left out. More", capture.output(print(fit)))))
  big <- fit_silently(Surv(time, died) ~ meal.cal, lung)
  expect_null(unclass(lms_strip(big))$left_out)
  expect_match(found(lms_check(lms_strip(big)), "missing_values")$what, "is not known")
  theirs <- survival::coxph(Surv(time, died) ~ meal.cal, lung)
  expect_match(found(lms_check(theirs), "missing_values")$what, "47 rows of 228")
})
