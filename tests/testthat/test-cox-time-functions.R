# Within a risk set a function of time is a constant: added to a covariate it changes nothing.

split_lung <- function(span) {
  lung <- stats::na.omit(survival::lung[c("time", "status", "ph.ecog", "age", "sex")])
  rows <- survival::survSplit(
    Surv(time, status == 2) ~ ph.ecog + age + sex, lung, cut = seq(5, 1000, 50), id = "id"
  )
  rows$x <- rows$ph.ecog + span * rows$tstart
  rows
}

test_that("a covariate that moves with the clock is fitted as without the clock", {
  for (span in c(1, 5, 1e5)) {
    rows <- split_lung(span)
    for (ties in c("efron", "breslow", "exact")) {
      plain <- lms_cox(Surv(tstart, time, event) ~ ph.ecog + age, rows, ties = ties)
      expect_no_warning(
        moved <- lms_cox(Surv(tstart, time, event) ~ x + age, rows, ties = ties)
      )
      tolerance <- 1e-9 + 1e-12 * span
      expect_equal(unname(coef(moved)), unname(coef(plain)), tolerance = tolerance)
      expect_equal(unname(moved$var), unname(plain$var), tolerance = tolerance)
      expect_equal(residuals(moved), residuals(plain), tolerance = tolerance)
      expect_equal(unname(lms_zph(moved)$table), unname(lms_zph(plain)$table),
                   tolerance = tolerance)
      expect_equal(unname(confint(moved, type = "profile")),
                   unname(confint(plain, type = "profile")), tolerance = 1e-7 + tolerance)
      expect_equal(predict(moved, rows[1:60, ], type = "expected"),
                   predict(plain, rows[1:60, ], type = "expected"), tolerance = tolerance)
    }
  }
  peer <- survival::coxph(Surv(tstart, time, event) ~ ph.ecog + age, rows)
  expect_equal(unname(coef(lms_cox(Surv(tstart, time, event) ~ x + age, rows))),
               unname(coef(peer)), tolerance = 1e-7)
})

test_that("rank is judged by the columns, not where an offset outweighs them", {
  set.seed(1212)
  d <- data.frame(y = abs(stats::rnorm(90) + 5) + .5, x = 1:90 - 10, trt = rep(1:3, each = 30))
  expect_no_warning(fit <- lms_cox(Surv(y, rep(1, 90)) ~ trt + offset(x), d, event = 1))
  expect_equal(unname(coef(fit)), -30.8364, tolerance = 1e-5)
})

test_that("a constant offset of any size is nothing", {
  lung <- survival::lung
  lung$constant <- 800
  plain <- lms_cox(Surv(time, status == 2) ~ age, lung)
  moved <- lms_cox(Surv(time, status == 2) ~ age + offset(constant), lung)
  expect_equal(coef(moved), coef(plain), tolerance = 1e-10)
  expect_equal(residuals(moved), residuals(plain), tolerance = 1e-8)
})

test_that("without a step every coefficient is the one given, as in survival", {
  lung <- survival::lung
  lung$constant <- 3
  lung$twice <- 2 * lung$age
  for (formula in list(Surv(time, status == 2) ~ age + constant,
                       Surv(time, status == 2) ~ age + twice)) {
    ours <- lms_cox(formula, lung, init = c(.01, 2), iter.max = 0)
    peer <- survival::coxph(formula, lung, init = c(.01, 2), iter.max = 0)
    expect_equal(coef(ours), coef(peer))
    expect_equal(ours$linear.predictors, unname(peer$linear.predictors))
    expect_equal(predict(ours, lung[1:5, ]), unname(predict(peer, lung[1:5, ])),
                 ignore_attr = TRUE)
  }
})

test_that("numbers beyond those of the computer are refused by name", {
  lung <- survival::lung
  for (unit in c(1e-320, 1e-170, 1e155, 1e200)) {
    lung$a <- lung$age * unit
    expect_error(lms_cox(Surv(time, status == 2) ~ a, lung), "`a` is too",
                 class = "lmsurv_error_covariate")
    expect_error(lms_cox_fit(cbind(a = lung$a), lung$time, lung$status == 2), "`a` is too",
                 class = "lmsurv_error_covariate")
  }
  expect_error(
    lms_cox(Surv(time, status == 2) ~ age, lung, weights = rep(1e-200, nrow(lung)), robust = FALSE),
    "too small", class = "lmsurv_error_weights"
  )
})

test_that("the advice at an infinite ratio is a call that works for this fit", {
  d <- data.frame(
    months = c(3, 5, 8, 9, 12, 15, 20, 22, 9, 12), died = c(1, 1, 0, 1, 1, 0, 0, 0, 1, 0),
    treated = c(0, 0, 0, 0, 0, 1, 1, 1, 0, 1), place = rep(1:5, 2)
  )
  advice <- function(...) {
    said <- expect_warning(
      fit <- lms_cox(Surv(months, died) ~ treated, d, ...), class = "lmsurv_warning_infinite"
    )
    list(fit = fit, said = conditionMessage(said))
  }
  exact <- advice(ties = "exact")
  expect_match(exact$said, "set `penalty = \"firth\"` and `ties = \"efron\"`", fixed = TRUE)
  expect_no_error(update(exact$fit, penalty = "firth", ties = "efron"))
  expect_false(grepl("firth|profile", advice(robust = TRUE)$said))
  for (fit in list(exact$fit, advice(robust = TRUE)$fit, advice()$fit)) {
    code <- as.data.frame(lms_check(fit))$code
    for (line in grep("firth", code, value = TRUE)) {
      expect_no_error(suppressWarnings(eval(parse(text = line))))
    }
  }
})
