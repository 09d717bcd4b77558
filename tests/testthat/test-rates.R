test_that("Kaplan-Meier rates are survival at the times", {
  rates <- lms_rates(Surv(time, died) ~ sexf, lung, times = c(365, 180, 1000))
  at <- summary(lms_km(Surv(time, died) ~ sexf, lung), times = c(180, 365, 1000))
  found <- as.data.frame(rates)
  expect_identical(found$rate, at$surv)
  expect_identical(found$conf.low, at$lower)
  expect_identical(found$std.error, at$std.err)
  expect_identical(found$n.risk, at$n.risk)
  expect_identical(found$strata, as.character(at$strata))
  expect_identical(found$time, rep(c(180, 365, 1000), 2))
  expect_identical(is.na(found$rate), rep(c(FALSE, TRUE), c(5, 1)))
  expect_identical(found$n, rep(c(138L, 90L), each = 3))
  male <- subset(lung, sexf == "male")
  expect_identical(found$n.event[1], sum(male$died[male$time <= 180]))
  expect_equal(found$n.censor[1], sum(male$died == 0 & male$time < 180))
})

test_that("crude rates are proportions known to be alive, with the exact interval", {
  data <- data.frame(time = c(1, 2, 3, 3, 5, 8, 9, 9), died = c(1, 0, 1, 0, 1, 0, 1, 0))
  rates <- suppressWarnings(lms_rates(Surv(time, died) ~ 1, data, times = c(2, 3, 9, 10),
                                      method = "crude"))
  found <- as.data.frame(rates)
  # Who was censored at 2 or 3 was alive then; who died at 3 was not.
  expect_identical(found$n.alive, c(7, 5, 1, 0))
  expect_equal(found$rate, c(7, 5, 1, NA) / 8)
  exact <- stats::binom.test(5, 8)$conf.int
  expect_equal(c(found$conf.low[2], found$conf.high[2]), exact[1:2])
  expect_identical(found$n.censor, c(0, 1, 3, 4))
})

test_that("a crude rate of patients censored before is warned about, with their number", {
  cnd <- tryCatch(
    lms_rates(Surv(time, died) ~ sexf, lung, times = c(5, 365), method = "crude"),
    warning = identity
  )
  expect_s3_class(cnd, "lmsurv_warning_crude")
  expect_identical(cnd$censored, c(0, sum(lung$died == 0 & lung$time < 365)))
  expect_no_warning(lms_rates(Surv(time, died) ~ sexf, lung, times = 5, method = "crude"))
})

test_that("without censoring before the time both methods agree", {
  data <- data.frame(time = c(1:30, 31:40), died = rep(c(1, 0), c(30, 10)))
  km <- lms_rates(Surv(time, died) ~ 1, data, times = c(5, 20, 31))$rates
  crude <- lms_rates(Surv(time, died) ~ 1, data, times = c(5, 20, 31), method = "crude")$rates
  expect_equal(km$rate, crude$rate)
  dead <- data.frame(time = 1:3, died = 1)
  rate <- function(method) {
    lms_rates(Surv(time, died) ~ 1, dead, times = 9, method = method, event = 1)$rates$rate
  }
  expect_identical(c(rate("km"), rate("crude")), c(0, 0))
})

test_that("crude rates of frequencies are those of the expanded rows", {
  rows <- rep(seq_len(nrow(lung)), lung$k)
  crude <- function(...) {
    suppressWarnings(
      lms_rates(Surv(time, died) ~ sexf, ..., times = c(100, 500), method = "crude")
    )
  }
  counted <- as.data.frame(crude(lung, weights = k, weight_type = "frequency"))
  expect_equal(counted, as.data.frame(crude(lung[rows, ])))
})

test_that("the kinds of rate are told apart in print", {
  withr::local_options(width = 80, cli.num_colors = 1L)
  expect_snapshot({
    print(lms_rates(Surv(time, died) ~ sexf, lung, times = c(180, 365, 1000)))
    print(suppressWarnings(
      lms_rates(Surv(time, died) ~ ecog, lung, times = c(180, 2000), method = "crude")
    ))
    print(lms_rates(Surv(1:3, c(1, 1, 1)) ~ 1, event = 1, times = c(2, 9), conf_type = "none"))
  })
})

test_that("tidy has the estimate under its usual name", {
  rates <- lms_rates(Surv(time, died) ~ sexf, lung, times = 180)
  expect_s3_class(tidy(rates), "tbl_df")
  expect_identical(tidy(rates)$estimate, rates$rates$rate)
})

test_that("what has no meaning is refused", {
  expect_snapshot({
    said(lms_rates(lms_km(Surv(time, status) ~ 1, survival::lung, event = 2), times = 365))
    said(lms_rates(Surv(time, status) ~ 1, survival::lung, times = c(365, NA), event = 2))
    said(lms_rates(Surv(time, died) ~ 1, lung))
    said(lms_rates(Surv(time, died) ~ 1, lung, times = -1))
    said(lms_rates(Surv(time, died) ~ 1, lung, times = 5, method = "kaplan"))
    said(lms_rates(Surv(time, died) ~ 1, lung, times = 5, method = "crude", weights = w))
    said(lms_rates(
      Surv(start, stop, event) ~ 1, survival::heart, times = 5, method = "crude"
    ))
    said(suppressWarnings(lms_rates(Surv(time, died) ~ 1, lung, times = 365, method = "crude")))
    said(lms_rates(Surv(time, died) ~ 1, lung, times = 365, method = "crude"))
  })
})
