# A small reference, events in one stratum, and rows of one patient.

test_that("a small reference, a lone stratum and rows of one patient are seen", {
  set.seed(3)
  d <- data.frame(
    time = rexp(400), died = 1, grade = factor(rep(c("a", "b", "c"), c(15, 185, 200))),
    centre = rep(1:2, each = 200), patient = rep(1:200, 2)
  )
  fit <- fit_silently(Surv(time, died) ~ grade, d, event = 1)
  note <- found(lms_check(fit), "small_reference")
  expect_identical(c(note$level, note$n), c("a", "15"))
  again <- suppressMessages(eval(parse(text = note$code)))
  expect_identical(names(coef(again)), paste0("relevel(grade, \"c\")", c("a", "b")))
  d$died <- as.numeric(d$centre == 1)
  fit <- fit_silently(Surv(time, died) ~ patient + strata(centre), d)
  expect_identical(found(lms_check(fit), "single_stratum")$n_events, 200)
  # At risk of two kinds of event, of which the second ends the patient's rows.
  d$died <- as.numeric(d$centre == 2)
  d$grade <- factor(rep(c("a", "b"), 200))
  d$time[201:400] <- d$time[1:200] + d$time[201:400]
  fit <- fit_silently(Surv(time, died) ~ grade + strata(centre), d, id = patient)
  note <- found(lms_check(fit), "shared_patient")
  expect_match(finding_text(note), "400 rows are of 200 patients")
  expect_identical(
    nrow(found(lms_check(suppressWarnings(update(fit, robust = TRUE))), "shared_patient")), 0L
  )
})
