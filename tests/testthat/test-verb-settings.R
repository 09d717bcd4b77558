# Choices that several verbs offer stand once, and each verb shows all of them in its help.

formals_of <- function(verb, name) eval(formals(verb)[[name]])

test_that("verbs offer the same scales of intervals", {
  for (verb in list(lms_km, lms_rates, lms_cuminc)) {
    expect_identical(formals_of(verb, "conf_type"), conf_types)
  }
  survfit <- getS3method("survfit", "lms_cox")
  expect_identical(formals_of(survfit, "conf.type"), conf_types)
})

test_that("verbs offer the same kinds of weights, ties and penalties", {
  for (verb in list(lms_cox, lms_km, lms_logrank, lms_cuminc, lms_rates, lms_rmst)) {
    expect_identical(formals_of(verb, "weight_type"), weight_types)
  }
  # A matrix has no sampling weights: their variance is robust.
  expect_identical(formals_of(lms_cox_fit, "weight_type"), c("case", "frequency"))
  expect_identical(formals_of(lms_cox, "penalty"), penalties)
  expect_identical(formals_of(lms_cox_fit, "penalty"), penalties)
  expect_identical(formals_of(lms_cox_fit, "ties"), formals_of(lms_cox, "ties"))
})

test_that("each verb takes each scale by its name, in any case, and abbreviated", {
  by_km <- function(type) lms_km(Surv(time, died) ~ 1, lung, conf_type = type)$conf.type
  by_rates <- function(type) lms_rates(Surv(time, died) ~ 1, lung, 300, conf_type = type)$conf_type
  by_cuminc <- function(type) lms_cuminc(Surv(time, died) ~ 1, lung, conf_type = type)$conf.type
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  by_survfit <- function(type) {
    found <- survival::survfit(fit, conf.type = type)$conf.type
    if (is.null(found)) "none" else found
  }
  for (type in conf_types) {
    for (of in list(by_km, by_rates, by_cuminc, by_survfit)) {
      expect_identical(of(type), type)
      expect_identical(of(toupper(type)), type)
    }
  }
  for (of in list(by_km, by_rates, by_cuminc, by_survfit)) {
    expect_identical(of("arcsine"), "arcsin")
    expect_identical(of("logi"), "logit")
    expect_error(of("probit"), "\"none\"", class = "lmsurv_error_argument")
  }
})

test_that("a scale that is not given is that of the conventions, but in survfit()", {
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  withr::local_options(lmsurv.conventions = "stata")
  expect_identical(lms_km(Surv(time, died) ~ 1, lung)$conf.type, "log-log")
  expect_identical(lms_cuminc(Surv(time, died) ~ 1, lung)$conf.type, "log-log")
  expect_identical(survival::survfit(fit)$conf.type, "log")
})
