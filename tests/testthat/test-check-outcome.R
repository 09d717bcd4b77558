# Covariates that are made of the outcome.

test_that("a copy of the status, and one of the time, are named in place of Firth's estimate", {
  d <- survival::lung
  d$died <- d$status == 2
  d$progress <- ifelse(d$died, "yes", "no")
  check <- lms_check(fit_silently(Surv(time, died) ~ age + progress, d))
  row <- found(check, "outcome_covariate")
  expect_identical(row[c("variable", "level", "n_events")],
                   data.frame(variable = "progress", level = "yes", n_events = 165))
  expect_identical(nrow(found(check, "infinite_coefficient")), 0L)
  expect_match(cautions_for(check, "age"), "made of the outcome")
  d$later <- d$time + withr::with_seed(1, rnorm(nrow(d)))
  row <- found(lms_check(fit_silently(Surv(time, died) ~ sex + later, d)), "outcome_covariate")
  expect_identical(row$variable, NA_character_)
  expect_gt(row$estimate, 0.98)
})

test_that("a small level without events is none", {
  d <- survival::lung
  d$died <- d$status == 2
  d$rare <- 0
  d$rare[which(!d$died)[1:5]] <- 1
  check <- lms_check(fit_silently(Surv(time, died) ~ age + rare, d))
  expect_identical(nrow(found(check, "outcome_covariate")), 0L)
  expect_identical(nrow(found(check, "infinite_coefficient")), 1L)
  strong <- withr::with_seed(3, {
    x <- rnorm(300)
    data.frame(x, time = rexp(300, exp(2 * x)), died = 1)
  })
  check <- lms_check(fit_silently(Surv(time, died) ~ x, strong, event = 1))
  expect_identical(nrow(found(check, "outcome_covariate")), 0L)
})
