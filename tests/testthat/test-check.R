# What is checked, of whatever makes a model.

test_that("a coxph is checked as the same model is", {
  d <- lung
  theirs <- survival::coxph(Surv(time, died) ~ sexf + ph.karno + strata(inst > 10), d)
  ours <- lms_cox(Surv(time, died) ~ sexf + ph.karno + strata(inst > 10), d)
  columns <- c("kind", "variable", "level", "n", "n_events", "estimate", "p.value")
  expect_equal(as.data.frame(lms_check(theirs))[columns], as.data.frame(lms_check(ours))[columns],
               tolerance = 1e-8)
  small <- d[1:40, ]
  cox <- survival::coxph(Surv(time, died) ~ sexf + ecog, small)
  codes <- found(lms_check(cox), "events_per_parameter")$code
  expect_identical(codes, paste(
    "lms_cox(Surv(time, died) ~ sexf + ecog, data = small, penalty = \"firth\")"
  ))
  expect_s3_class(suppressMessages(eval(parse(text = codes))), "lms_cox")
  weighted <- survival::coxph(Surv(time, died) ~ sexf + cluster(inst), d, weights = w)
  expect_s3_class(lms_check(weighted), "lms_check")
  expect_error(
    lms_check(survival::coxph(Surv(time, died) ~ age + survival::frailty(inst), d)),
    class = "lmsurv_error_argument"
  )
})
