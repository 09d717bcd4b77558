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
  expect_identical(note$n_total, 228)
  expect_identical(note$severity, "caution")
  text <- texts_of(lms_check(fit), "missing_values")
  expect_match(text, "`meal.cal` in 47 and `ph.ecog` in 1", fixed = TRUE)
  expect_match(text, "no evidence that their survival differs")
  # 32 events in 15,014 days.
  expect_match(text, "2.1 events per 1,000 units of time versus", fixed = TRUE)
  expect_identical(note$code, "update(fit, . ~ . - meal.cal)")
  expect_output(print(fit), fixed = TRUE,
                "Caution: 21% of the rows are excluded (missing data). See lms_check().")
})

test_that("a difference is told with its direction, and makes it serious", {
  d <- lung
  d$marker <- ifelse(d$time < 150 & d$died == 1 & seq_len(228) %% 2, NA, d$age)
  fit <- fit_silently(Surv(time, died) ~ marker, d)
  check <- lms_check(fit)
  note <- found(check, "missing_values")
  expect_identical(note$severity, "serious")
  text <- texts_of(check, "missing_values")
  expect_match(text, "Their survival was worse")
  expect_match(text, "(log-rank test, p < 0.001)", fixed = TRUE)
  used <- !is.na(d$marker)
  theirs <- survival::survdiff(Surv(time, died) ~ !used, d)
  expect_equal(note$p.value, pchisq(theirs$chisq, 1, lower.tail = FALSE), tolerance = 1e-8)
  rate <- tapply(d$died, !used, sum) / tapply(d$time, !used, sum)
  expect_equal(estimate_of(check, "missing_values", c("others", "excluded")), as.vector(rate))
  shown <- sprintf("%.2f", 100 * rate)
  expect_match(text, paste0(shown[[2]], " events per 100 units of time versus ", shown[[1]]),
               fixed = TRUE)
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
  expect_false(any(grepl("are excluded", capture.output(print(fit)))))
  big <- fit_silently(Surv(time, died) ~ meal.cal, lung)
  expect_null(unclass(lms_strip(big))$left_out)
  expect_match(texts_of(lms_check(lms_strip(big)), "missing_values"), "is not known")
  theirs <- survival::coxph(Surv(time, died) ~ meal.cal, lung)
  expect_match(texts_of(lms_check(theirs), "missing_values"), "47 of 228 patients")
})
