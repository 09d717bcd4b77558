four <- function(...) lms_km(Surv(1:4, c(1, 1, 1, 1)) ~ 1, event = 1, ...)

test_that("four deaths: the middle of the step, or the first time at or below", {
  expect_equal(quantile(four(), conf.int = FALSE), c("25" = 1.5, "50" = 2.5, "75" = 3.5))
  expect_equal(
    quantile(four(), conf.int = FALSE, flat = "first"), c("25" = 1, "50" = 2, "75" = 3)
  )
  withr::local_options(lmsurv.conventions = "stata")
  fit <- four()
  expect_equal(quantile(fit, conf.int = FALSE), c("25" = 1, "50" = 2, "75" = 3))
  expect_equal(quantile(fit, 0.5, conf.int = FALSE, flat = "midpoint"), c("50" = 2.5))
  withr::local_options(lmsurv.conventions = "sas")
  expect_equal(quantile(four(), 0.5, conf.int = FALSE), c("50" = 2.5))
})

test_that("rounding of survival does not move a quantile", {
  # (1 - 1/3) (1 - 1/2) (1 - 1/1.5) and the like are not exact: ten deaths, then ten censored.
  for (n in c(6, 10, 14, 22, 38, 50, 94)) {
    deaths <- rep(c(1, 0), each = n / 2)
    fit <- lms_km(Surv(seq_len(n), deaths) ~ 1, event = 1)
    last <- n / 2
    expect_equal(quantile(fit, 0.5)$quantile[[1]], (last + n) / 2)
    expect_equal(quantile(fit, 0.5, flat = "first")$quantile[[1]], last)
  }
})

test_that("the first rule gives the first time at or below, for the limits too", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung)
  found <- quantile(fit, c(0.1, 0.5), flat = "first")
  for (i in 1:2) {
    one <- fit[i]
    first <- function(y, level) one$time[which(y <= level + 1e-9)[1]]
    for (j in 1:2) {
      level <- c(0.9, 0.5)[j]
      expect_identical(found$quantile[[i, j]], first(one$surv, level))
      expect_identical(found$lower[[i, j]], first(one$lower, level))
      expect_identical(found$upper[[i, j]], first(one$upper, level))
    }
  }
})

test_that("shape, scale and names are those of survfit's quantile", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung)
  ref <- survival::survfit(Surv(time, died) ~ sexf, lung)
  probs <- c(0.333, 0.5, 1)
  expect_equal(quantile(fit, probs, scale = 30), quantile(ref, probs, scale = 30))
  expect_equal(quantile(fit, 0.5, conf.int = FALSE), quantile(ref, 0.5, conf.int = FALSE))
  expect_equal(quantile(fit[1], probs), quantile(ref[1], probs))
  expect_equal(stats::median(fit), stats::median(ref))
  expect_identical(quantile(fit, 0, conf.int = FALSE)[, 1], c("sexf=male" = 0, "sexf=female" = 0))
  none <- lms_km(Surv(time, died) ~ sexf, lung, conf_type = "none")
  expect_true(is.matrix(quantile(none)))
})

test_that("arguments are checked", {
  expect_error(quantile(four(), 50), class = "lmsurv_error_argument")
  expect_error(quantile(four(), 0.5, flat = "last"), class = "lmsurv_error_argument")
  expect_error(quantile(four(), 0.5, level = 0.9), class = "lmsurv_error_argument")
})
