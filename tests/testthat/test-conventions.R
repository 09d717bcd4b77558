test_that("a convention sets the ties of the session, and arguments override it", {
  withr::local_options(lmsurv.conventions = NULL)
  expect_identical(lms_conventions()$style, "r")
  expect_identical(lms_cox(Surv(time, died) ~ age, lung)$method, "efron")
  expect_identical(lms_conventions("Stata")$ties, "breslow")
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  expect_identical(fit$method, "breslow")
  expect_identical(fit$conventions, "stata")
  expect_identical(lms_cox(Surv(time, died) ~ age, lung, ties = "efron")$method, "efron")
  expect_identical(lms_cox_fit(lung$age, lung$time, lung$died)$method, "breslow")
})

test_that("Stata's robust variance is n / (n - 1) times survival's, in all that shows it", {
  data <- transform(lung[!is.na(lung$inst), ], w = 1 + (age > 60) / 2, k = 1 + (age > 60))
  compare <- function(n, ...) {
    fit <- function(style) {
      withr::with_options(list(lmsurv.conventions = style), lms_cox(
        Surv(time, died) ~ age + sex, data, ties = "efron", ...
      ))
    }
    ours <- fit("stata")
    plain <- fit("r")
    expect_identical(fit("sas")$var, plain$var)
    factor <- n / (n - 1)
    expect_equal(vcov(ours), factor * vcov(plain), tolerance = 1e-12)
    expect_equal(ours$naive.var, plain$naive.var, tolerance = 1e-14)
    expect_equal(tidy(ours)$robust.se, sqrt(factor) * tidy(plain)$robust.se, tolerance = 1e-12)
    expect_equal(ours$wald.test, plain$wald.test / factor, tolerance = 1e-10)
    expect_equal(ours$rscore, plain$rscore / factor, tolerance = 1e-10)
    width <- function(x) confint(x)[, 2L] - confint(x)[, 1L]
    expect_equal(width(ours), sqrt(factor) * width(plain), tolerance = 1e-12)
    expect_equal(
      summary(ours)$coefficients[, "robust se"],
      sqrt(factor) * summary(plain)$coefficients[, "robust se"], tolerance = 1e-12
    )
    expect_output(print(ours), "- 1)")
    expect_false(any(grepl("- 1)", utils::capture.output(print(plain)), fixed = TRUE)))
  }
  compare(nrow(data), robust = TRUE)
  compare(length(unique(data$inst)), cluster = inst)
  compare(nrow(data), weights = w)
  compare(sum(data$k), weights = k, weight_type = "frequency", robust = TRUE)
  compare(sum(data$age > 60), weights = as.numeric(age > 60), robust = TRUE)
  compare(length(unique(data$inst[data$age > 60])), weights = as.numeric(age > 60), cluster = inst)
  none <- withr::with_options(
    list(lmsurv.conventions = "stata"), lms_cox(Surv(time, died) ~ age, data, ties = "efron")
  )
  expect_identical(none$var, lms_cox(Surv(time, died) ~ age, data)$var)
})

test_that("SAS's variance of a cumulative incidence is Aalen's where there is one", {
  pbc <- transform(survival::pbc, w = 1 + (sex == "f") / 2, k = 1L + (sex == "f"))
  run <- function(style, ...) {
    withr::with_options(list(lmsurv.conventions = style), suppressMessages(lms_cuminc(
      Surv(time, status) ~ sex, pbc, event = c(transplant = 1, death = 2), conf_type = "plain", ...
    )))
  }
  expect_identical(run("sas")$std.err, run("r", variance = "aalen")$std.err)
  expect_identical(run("sas", variance = "jackknife")$std.err, run("r")$std.err)
  expect_identical(run("stata")$std.err, run("r")$std.err)
  expect_identical(
    run("sas", weights = k, weight_type = "frequency")$variance, "aalen"
  )
  for (unit in list(run("sas", weights = w), run("sas", cluster = id), run("sas", id = id))) {
    expect_identical(unit$variance, "jackknife")
    expect_output(print(unit), "jackknife\\s+variance")
  }
  expect_error(run("sas", variance = "aalen", cluster = id), class = "lmsurv_error_argument")
})

test_that("Stata and SAS score a trend by the values of the groups, and SAS adjusts no pairs", {
  data <- transform(lung, dose = c(1, 5, 20)[1 + seq_along(time) %% 3])
  run <- function(style, formula = Surv(time, died) ~ dose, ...) {
    withr::with_options(list(lmsurv.conventions = style), lms_logrank(formula, data, ...))
  }
  plain <- run("r", trend = TRUE, pairwise = TRUE)
  expect_equal(unname(plain$trend$scores), 1:3)
  expect_identical(plain$adjust, "holm")
  for (style in c("stata", "sas")) {
    own <- run(style, trend = TRUE, pairwise = TRUE)
    expect_equal(own$trend, run("r", trend = c(1, 5, 20))$trend)
    groups <- run(style, Surv(time, died) ~ factor(dose), trend = TRUE)
    expect_equal(unname(groups$trend$scores), 1:3)
    expect_identical(own$adjust, c(stata = "holm", sas = "none")[[style]])
  }
  expect_identical(own$pairwise$p.adjusted, plain$pairwise$p.value)
  expect_identical(run("sas", pairwise = TRUE, adjust = "holm")$pairwise, plain$pairwise)
})

test_that("each set is complete and prints as a table", {
  withr::local_options(lmsurv.conventions = "r")
  for (style in c("stata", "sas")) {
    expect_identical(names(lms_conventions(style)), names(lms_conventions("r")))
  }
  expect_snapshot(for (style in c("r", "stata", "sas")) print(lms_conventions(style)))
})

test_that("a wrong word in the option is an error", {
  withr::local_options(lmsurv.conventions = "spss")
  expect_error(lms_cox(Surv(time, died) ~ age, lung), class = "lmsurv_error_argument")
})
