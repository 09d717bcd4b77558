# Covariates whose log hazard does not follow a straight line.

shaped <- function(shape, n = 400, seed = 1) {
  set.seed(seed)
  d <- data.frame(age = round(rnorm(n, 62, 11)), marker = rlnorm(n), sex = gl(2L, 1L, n))
  d$time <- rexp(n, exp(shape(d)))
  d$died <- rbinom(n, 1, 0.7)
  d
}

test_that("a U shape is found behind a hazard ratio of 1, with the test of the spline", {
  for (depth in c(0.3, 0.6)) {
    d <- shaped(function(d) depth * ((d$age - 62) / 11)^2)
    fit <- fit_silently(Surv(time, died) ~ age + marker + sex, d)
    check <- lms_check(fit)
    bent <- found(check, "nonlinear")
    expect_identical(bent[c("variable", "severity")],
                     data.frame(variable = "age", severity = "caution"))
    line <- survival::coxph(Surv(time, died) ~ age + marker + sex, d, control = tight())
    curve <- survival::coxph(Surv(time, died) ~ splines::ns(age, 3) + marker + sex, d,
                             control = tight())
    expect_equal(bent$p.value, anova(line, curve)[2L, 4L], tolerance = 1e-6)
    at <- unname(quantile(d$age, c(0.1, 0.5, 0.9)))
    expect_identical(c(bent$from, bent$median, bent$to), at)
    own <- data.frame(age = at, marker = 1, sex = factor(1, 1:2))
    eta <- predict(curve, own, reference = "sample")
    expect_equal(estimate_of(check, "nonlinear", "low"), exp(eta[[1]] - eta[[2]]), tolerance = 1e-7)
    expect_equal(estimate_of(check, "nonlinear", "high"), exp(eta[[3]] - eta[[2]]),
                 tolerance = 1e-7)
    expect_equal(estimate_of(check, "nonlinear", "line high"),
                 exp(coef(fit)[["age"]] * (at[3] - at[2])), tolerance = 1e-7)
    code <- unique(na.omit(check$code[check$kind == "nonlinear"]))
    expect_length(code, 2L)
    curved <- eval(parse(text = code[1L]))
    expect_equal(curved$loglik[2L], curve$loglik[2L], tolerance = 1e-8)
    expect_s3_class(eval(parse(text = code[2L])), "ggplot")
    expect_identical(nrow(found(lms_check(curved), "nonlinear")), 0L)
  }
})

test_that("thresholds and logarithms are found, straight lines are not", {
  d <- shaped(function(d) 1.2 * (d$age > 70), n = 1500)
  expect_identical(
    found(lms_check(fit_silently(Surv(time, died) ~ age + marker, d)), "nonlinear")$variable, "age"
  )
  d <- shaped(function(d) 0.7 * log(d$marker))
  fit <- fit_silently(Surv(time, died) ~ age + marker, d)
  expect_identical(found(lms_check(fit), "nonlinear")$variable, "marker")
  # The model that the data are of.
  logs <- fit_silently(Surv(time, died) ~ age + log(marker), d)
  expect_identical(nrow(found(lms_check(logs), "nonlinear")), 0L)
  d <- shaped(function(d) 0.05 * (d$age - 62))
  expect_identical(
    nrow(found(lms_check(fit_silently(Surv(time, died) ~ age + marker, d)), "nonlinear")), 0L
  )
})

test_that("codes, splines, interactions, outliers and models without the test are left out", {
  d <- shaped(function(d) 0.5 * ((d$age - 62) / 11)^2)
  none <- function(...) {
    nrow(found(lms_check(fit_silently(...)), "nonlinear")) == 0L
  }
  d$code <- as.double(cut(d$age, 4))
  expect_true(none(Surv(time, died) ~ code, d))
  expect_true(none(Surv(time, died) ~ age + I(age^2), d))
  expect_true(none(Surv(time, died) ~ age * sex, d))
  wrong <- replace(d, "age", replace(d$age, 1L, 630))
  expect_true(none(Surv(time, died) ~ age, wrong))
  reason <- function(...) {
    rows <- as.data.frame(lms_check(fit_silently(...)))
    rows$reason[rows$kind == "nonlinear"]
  }
  expect_identical(reason(Surv(time, died) ~ age, d, robust = TRUE), "no likelihood")
  expect_identical(reason(Surv(time, died) ~ age, d, penalty = "firth"), "no likelihood")
  expect_identical(reason(Surv(time, died) ~ age, d[1:60, ]), "few events in all")
})

test_that("a part of many rows is enough, and is the same each time", {
  d <- shaped(function(d) 0.4 * ((d$age - 62) / 11)^2, n = 3000)
  response <- list(time = d$time)
  rows <- rows_in_time_order(response, 1000)
  expect_identical(sort(d$time)[seq(1, 3000, 3)], sort(d$time[rows]))
  expect_null(rows_in_time_order(response, 3000))
  fit <- fit_silently(Surv(time, died) ~ age + sex, d)
  given <- list(source = list(fit = fit), design = fit_design(fit), response = fit_response(fit))
  part <- spline_fits(fit, given, 1L, 1000)[[1L]]
  again <- fit_silently(Surv(time, died) ~ age + sex, d[rows, ])
  curve <- update(again, . ~ . - age + splines::ns(age, 3))
  expect_equal(part$p, pchisq(2 * (curve$loglik[2L] - again$loglik[2L]), 2, lower.tail = FALSE),
               tolerance = 1e-6)
})

test_that("a released report names the variable alone", {
  d <- shaped(function(d) 0.5 * ((d$age - 62) / 11)^2)
  rows <- as.data.frame(lms_check(fit_silently(Surv(time, died) ~ age + sex, d)))
  rows <- rows[rows$kind == "nonlinear", ]
  hidden <- one_kind(rows, finding_voice("label", 5))
  expect_identical(hidden$found, "This concerns age.")
  open <- one_kind(rows, finding_voice("label"))
  expect_match(open$found, "^Age: a curve fits better than a straight line \\(p < 0.001\\)\\. Comp")
  expect_no_match(open$found, "`")
})
