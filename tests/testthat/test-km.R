test_that("the object is a survfit with the components of one", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung)
  ref <- survival::survfit(Surv(time, died) ~ sexf, lung)
  expect_s3_class(fit, c("lms_km", "survfit"), exact = TRUE)
  for (name in setdiff(names(ref), "call")) {
    expect_equal(fit[[name]], ref[[name]], tolerance = km_tolerance, label = name)
  }
  expect_identical(fit$groups, c("sexf=male", "sexf=female"))
  sexes <- factor(c("male", "female"), c("male", "female"))
  expect_identical(fit$variables, data.frame(sexf = sexes))
  expect_identical(fit$last, c(1022, 965))
  expect_identical(fit$event, "`died` is 1")
  expect_identical(fit$call, quote(lms_km(formula = Surv(time, died) ~ sexf, data = lung)))
})

test_that("one group has no strata, whether named or not", {
  all <- lms_km(Surv(time, died) ~ 1, lung)
  expect_null(all$strata)
  expect_identical(all$groups, "")
  expect_message(
    one <- lms_km(Surv(time, died) ~ sexf, lung, subset = sexf == "male"), "\"female\" has no rows"
  )
  expect_null(one$strata)
  expect_identical(one$groups, "sexf=male")
  expect_identical(one$n, 138L)
})

test_that("by hand: the maintained leukaemia patients of Miller (1981, Survival Analysis)", {
  # 11 patients; of those at risk 1 dies at 9, 13, 18, 23, 31, 34 and 48.
  fit <- lms_km(Surv(time, status) ~ 1, survival::aml, subset = x == "Maintained")
  deaths <- fit$n.event > 0
  expect_equal(fit$time[deaths], c(9, 13, 18, 23, 31, 34, 48))
  expect_equal(fit$n.risk[deaths], c(11, 10, 8, 7, 5, 4, 2))
  expect_equal(fit$surv[deaths], cumprod(c(10 / 11, 9 / 10, 7 / 8, 6 / 7, 4 / 5, 3 / 4, 1 / 2)))
  terms <- 1 / c(11 * 10, 10 * 9, 8 * 7, 7 * 6, 5 * 4, 4 * 3, 2 * 1)
  expect_equal(fit$std.err[deaths], sqrt(cumsum(terms)))
  expect_equal(quantile(fit, 0.5)$quantile[[1]], 31)
})

test_that("Stata's manual: the placebo arm of the cancer drug trial", {
  # 20 patients, 180 months at risk, quartiles 4, 8 and 12 by the first time at or below.
  arm <- subset(drug_trial(), drug == 0)
  expect_identical(c(nrow(arm), sum(arm$months), sum(arm$died)), c(20, 180, 19))
  withr::local_options(lmsurv.conventions = "stata")
  fit <- lms_km(Surv(months, died) ~ 1, arm)
  expect_equal(quantile(fit, conf.int = FALSE), c("25" = 4, "50" = 8, "75" = 12))
  expect_identical(fit$conf.type, "log-log")
  # Of all 48 patients, 744 months at risk: 8, 17 and 33.
  all <- lms_km(Surv(months, died) ~ 1, drug_trial())
  expect_equal(quantile(all, conf.int = FALSE), c("25" = 8, "50" = 17, "75" = 33))
})

test_that("the conventions give the interval, and the argument overrides", {
  types <- function(...) lms_km(Surv(time, died) ~ 1, lung, ...)$conf.type
  expect_identical(types(), "log")
  withr::local_options(lmsurv.conventions = "sas")
  expect_identical(types(), "log-log")
  expect_identical(types(conf_type = "plain"), "plain")
  expect_identical(types(conf_type = "Arcsine"), "arcsin")
  expect_identical(types(conf_type = "arcsin"), "arcsin")
  expect_null(lms_km(Surv(time, died) ~ 1, lung, conf_type = "none")$lower)
})

test_that("survfit's words for the estimate mean the same here", {
  older <- lms_km(Surv(time, died) ~ 1, lung, type = "fleming-harrington")
  expect_identical(older$estimate, "nelson-aalen")
  ref <- survival::survfit(Surv(time, died) ~ 1, lung, type = "fleming-harrington")
  expect_equal(older$surv, ref$surv, tolerance = km_tolerance)
})

test_that("frequencies are the expanded rows", {
  rows <- rep(seq_len(nrow(lung)), lung$k)
  for (type in c("kaplan-meier", "nelson-aalen", "fh2")) {
    counted <- lms_km(
      Surv(time, died) ~ sexf, lung, weights = k, weight_type = "frequency", type = type
    )
    expanded <- lms_km(Surv(time, died) ~ sexf, lung[rows, ], type = type)
    expect_agreement(km_errors(counted, expanded), 1e-12)
    expect_equal(quantile(counted), quantile(expanded))
    expect_equal(follow_up(counted), follow_up(expanded))
  }
})

test_that("sampling weights have a robust variance, whole numbers or not", {
  fit <- lms_km(Surv(time, died) ~ 1, lung, weights = k, weight_type = "sampling")
  ref <- survival::survfit(Surv(time, died) ~ 1, lung, weights = k, robust = TRUE)
  expect_true(fit$robust)
  expect_agreement(km_errors(fit, ref), km_tolerance)
})

test_that("follow-up is the curve of the flipped status", {
  flipped <- lms_km(Surv(time, 1 - died) ~ sexf, lung, event = 1)
  expect_equal(follow_up(lms_km(Surv(time, died) ~ sexf, lung))$quantile,
               quantile(flipped)$quantile, ignore_attr = TRUE)
  for (robust in c(TRUE, FALSE)) {
    fit <- lms_km(Surv(time, died) ~ sexf, lung, weights = w, robust = robust)
    flipped <- lms_km(Surv(time, 1 - died) ~ sexf, lung, weights = w, event = 1, robust = robust)
    expect_equal(follow_up(fit), quantile(flipped), ignore_attr = TRUE)
  }
})

test_that("an interval with several rows of a patient is one patient", {
  whole <- data.frame(id = 1:40, time = 1:40, status = rep(c(1, 0, 1), length.out = 40))
  parts <- survival::survSplit(Surv(time, status) ~ id, whole, cut = c(7, 15, 30))
  a <- lms_km(Surv(time, status) ~ 1, whole)
  b <- lms_km(Surv(tstart, time, status) ~ 1, parts, id = id)
  expect_agreement(km_errors(a, b, except = "n"), 1e-12)
  expect_equal(follow_up(a), follow_up(b))
  expect_identical(b$n.id, 40L)
  expect_identical(sum(b$n.enter), 40)
})

test_that("the same bits with one and two threads", {
  fit <- function(threads) {
    withr::local_options(lmsurv.threads = threads)
    data <- data.frame(time = (seq(1, 60000) * 7919) %% 60013 + 0.5, status = 1:60000 %% 3 > 0)
    unclass(lms_km(Surv(time, status) ~ 1, data))[c("surv", "lower", "upper", "std.err")]
  }
  expect_identical(fit(1), fit(2))
})

test_that("data of one row, without events, or all at one time are legal", {
  one <- lms_km(Surv(5, 1) ~ 1, event = 1)
  expect_identical(one$surv, 0)
  none <- lms_km(Surv(1:3, c(0, 0, 0)) ~ 1, event = 1)
  expect_identical(none$surv, c(1, 1, 1))
  expect_output(print(none), "NR")
  same <- lms_km(Surv(rep(2, 4), c(1, 1, 0, 0)) ~ 1)
  expect_identical(same$surv, 0.5)
  alone <- lms_km(Surv(c(1, 2, 3, 9), c(1, 0, 1, 1)) ~ c("a", "a", "a", "b"))
  expect_identical(alone$n, c(3L, 1L))
  expect_output(print(alone), "=b")
})

test_that("missing values, subsets and close times are counted", {
  fit <- lms_km(Surv(time, died) ~ ph.ecog, lung)
  expect_length(fit$na.action, 1L)
  expect_identical(fit$missing, c(ph.ecog = 1))
  expect_message(
    lms_km(Surv(c(1, 1 + 1e-10, 2), c(1, 1, 0)) ~ 1), class = "lmsurv_message_merged_times"
  )
  apart <- lms_km(Surv(c(1, 1 + 1e-10, 2), c(1, 1, 0)) ~ 1, timefix = FALSE)
  expect_length(apart$time, 3L)
})

test_that("a curve that falls to 0 while others are still to enter is said", {
  early <- data.frame(entry = c(0, 5, 5), time = c(2, 8, 9), died = c(1, 0, 1))
  expect_warning(
    lms_km(Surv(entry, time, died) ~ 1, early), class = "lmsurv_warning_risk_set_empty"
  )
})

test_that("groups are picked as from a survfit, with all that belongs to them", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung, weights = w)
  ref <- survival::survfit(Surv(time, died) ~ sexf, lung, weights = w)
  expect_agreement(km_errors(fit[2], ref[2]), km_tolerance)
  expect_identical(fit[2]$groups, "sexf=female")
  expect_null(fit[2]$strata)
  expect_identical(fit["sexf=male"], fit[1])
  expect_identical(fit[-1], fit[2])
  expect_identical(names(fit[2:1]$strata), rev(fit$groups))
  expect_identical(follow_up(fit[2])$lower, follow_up(fit)$lower[2, , drop = FALSE])
  expect_equal(quantile(fit[2])$quantile, quantile(fit)$quantile[2, ])
  expect_error(fit["nobody"], class = "lmsurv_error_argument")
  expect_error(fit[3], class = "lmsurv_error_argument")
})

test_that("what a tired person types is explained", {
  expect_snapshot({
    said(lms_km(Surv(time, died) ~ I(age + time / 1000), lung))
    said(lms_km(Surv(time, died) ~ sexf * ecog, lung))
    said(lms_km(Surv(time, died) ~ sexf, lung, conf.type = "log"))
    said(lms_km(Surv(time, died) ~ sexf, lung, conf_type = "loglog"))
    said(lms_km(Surv(time, died) ~ sexf, lung, type = "km"))
    said(lms_km(Surv(time, died) ~ sexf, lung, stype = 2))
    said(lms_km(Surv(time, died) ~ sexf, dat = lung))
    said(lms_km(Surv(time, died) ~ sexx, lung))
    said(lms_km(Surv(time, status + 1) ~ sexf, lung))
    said(lms_km(Surv(-time, died) ~ sexf, lung))
    said(lms_km(Surv(time, died) ~ sexf, lung, subset = time < 0))
    said(lms_km(Surv(time - 1, time, died) ~ sexf, lung, robust = TRUE))
    said(lms_km())
    said(lms_km(Surv(time, died) ~ "sexf", lung))
    said(lms_km(survival::survfit(Surv(time, died) ~ 1, lung)))
    said(lms_km(Surv(time, died) ~ 1, lung, na.action = "omit"))
    said(lms_km(Surv(time, died) ~ sexf, lung, weights = 0 + (sexf == "male")))
    said(print(lms_km(Surv(time, died) ~ 1, lung), rmean = 365))
    said(print(lms_km(Surv(time, died) ~ 1, lung), scale = 365.25))
  })
})
