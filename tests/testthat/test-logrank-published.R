# Numbers that were printed by others, and sums by hand over data that are printed everywhere.

# Infections of catheters, surgically placed (1) or not (2): Klein and
# Moeschberger, Survival Analysis (2nd edition, 2003), table 7.2. Rows are made
# from the numbers at risk and infected at each time; those who leave between two
# times are censored after the first.
dialysis <- local({
  times <- c(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 8.5, 9.5, 10.5, 11.5, 15.5, 16.5, 18.5, 23.5, 26.5)
  at_risk <- list(
    c(43, 43, 42, 40, 36, 33, 31, 25, 22, 20, 18, 11, 10, 9, 4, 2),
    c(76, 60, 56, 49, 43, 40, 35, 30, 27, 25, 22, 14, 13, 11, 5, 3)
  )
  infected <- list(
    c(0, 1, 0, 1, 2, 1, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1),
    c(6, 0, 2, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0)
  )
  rows <- lapply(1:2, function(j) {
    left <- at_risk[[j]] - infected[[j]] - c(at_risk[[j]][-1], 0)
    data.frame(
      time = rep(c(times, times), c(infected[[j]], left)),
      infection = rep(c(1, 0), c(sum(infected[[j]]), sum(left))), placed = j
    )
  })
  do.call(rbind, rows)
})

# Two groups by the definition: of n at risk, n1 in the first group, d have the event, d1 in the
# first; the sum of w (d1 - d n1 / n), and that of its hypergeometric variances. weight: of n, d and
# the survival S just before, by time.
two_groups <- function(time, event, group, weight) {
  times <- sort(unique(time[event == 1]))
  count <- function(keep) vapply(times, function(t) sum(keep(t)), 0)
  first <- group == min(group)
  n <- count(function(t) time >= t)
  n1 <- count(function(t) time >= t & first)
  d <- count(function(t) time == t & event == 1)
  d1 <- count(function(t) time == t & event == 1 & first)
  w <- weight(n, d, c(1, cumprod(1 - d / n))[seq_along(d)])
  variance <- w^2 * n1 * (n - n1) * d * (n - d) / (n^2 * pmax(n - 1, 1))
  expected <- d * n1 / n
  list(difference = sum(w * (d1 - expected)), variance = sum(variance), expected = sum(expected))
}

weights_by_name <- list(
  logrank = function(n, d, s) 1, gehan = function(n, d, s) n,
  "tarone-ware" = function(n, d, s) sqrt(n),
  # its own survival, just after the time
  peto = function(n, d, s) cumprod(1 - d / (n + 1))
)

test_that("the dialysis patients of Klein and Moeschberger, table 7.2, by the definition", {
  expect_equal(nrow(dialysis), 119)
  by_hand <- function(weight) {
    two_groups(dialysis$time, dialysis$infection, dialysis$placed, weight)
  }
  agrees <- function(test, sums) {
    expect_equal(test$obs[[1]] - test$exp[[1]], sums$difference, tolerance = 1e-12)
    expect_equal(test$var[1, 1], sums$variance, tolerance = 1e-12)
    expect_equal(test$chisq, sums$difference^2 / sums$variance, tolerance = 1e-12)
    expect_equal(
      test$p.value, pchisq(sums$difference^2 / sums$variance, 1, lower.tail = FALSE),
      tolerance = 1e-12
    )
  }
  for (name in names(weights_by_name)) {
    test <- lms_logrank(Surv(time, infection) ~ placed, dialysis, test = name)
    agrees(test, by_hand(weights_by_name[[name]]))
  }
  for (powers in list(c(0, 1), c(1, 0), c(1, 1), c(0.5, 0.5), c(0.5, 2))) {
    test <- lms_logrank(
      Surv(time, infection) ~ placed, dialysis, rho = powers[1], gamma = powers[2]
    )
    agrees(test, by_hand(function(n, d, s) s^powers[1] * (1 - s)^powers[2]))
  }
})

test_that("the leukaemia trial of Freireich, by the definition", {
  skip_if_not_installed("MASS")
  trial <- MASS::gehan
  for (name in names(weights_by_name)) {
    test <- lms_logrank(Surv(time, cens) ~ treat, trial, test = name)
    sums <- two_groups(
      trial$time, trial$cens, match(trial$treat, c("6-MP", "control")), weights_by_name[[name]]
    )
    expect_equal(test$chisq, sums$difference^2 / sums$variance, tolerance = 1e-12)
    if (name == "logrank") expect_equal(test$exp[["treat=6-MP"]], sums$expected, tolerance = 1e-12)
  }
})

# 51 patients in two groups: example of function nag_surviv_logrank (g12abc) in the NAG Library
# Manual, its data and its results.
# https://support.nag.com/numeric/cl/nagdoc_latest/examples/data/g12abce.d.html
# https://support.nag.com/numeric/nl/nagdoc_30.3/examples/baseresults/g12abce.r.html
test_that("the NAG Library Manual: the example of g12abc", {
  times <- list(
    c(6, 13, 21, 30, 31, 37, 38, 47, 49, 50, 63, 79, 80, 82, 82, 86, 98, 149, 202, 219),
    c(
      10, 10, 12, 13, 14, 15, 16, 17, 18, 20, 24, 24, 25, 28, 30, 33, 34, 35, 37, 40, 40, 40, 46,
      48, 70, 76, 81, 82, 91, 112, 181
    )
  )
  censored <- list(c(5, 8, 13, 14, 15, 18), c(17, 22, 25))
  data <- data.frame(time = unlist(times), group = rep(1:2, lengths(times)), event = 1)
  data$event[c(censored[[1]], 20 + censored[[2]])] <- 0
  test <- lms_logrank(Surv(time, event) ~ group, data)
  expect_identical(unname(test$obs), c(14, 28))
  expect_equal(unname(round(test$exp, 2)), c(22.48, 19.52))
  expect_equal(round(test$chisq, 4), 7.4966)
  expect_equal(test$parameter, c(df = 1))
  expect_equal(round(test$p.value, 4), 0.0062)
})

test_that("Stata's manual: sts test drug", {
  test <- lms_logrank(Surv(months, died) ~ drug, drug_trial())
  expect_identical(unname(test$obs), c(19, 12))
  expect_equal(unname(round(test$exp, 2)), c(7.25, 23.75))
  expect_equal(round(test$chisq, 2), 28.27)
})

# Kleinbaum and Klein (2012, Survival Analysis, 3rd edition), chapter 2.
test_that("the leukaemia trial of Freireich, as Kleinbaum and Klein print it", {
  skip_if_not_installed("MASS")
  test <- lms_logrank(Surv(time, cens) ~ treat, MASS::gehan)
  expect_equal(round(test$chisq, 2), 16.79)
  expect_equal(round(unname(test$exp), 2), c(19.25, 10.75))
  gehan <- lms_logrank(Surv(time, cens) ~ treat, MASS::gehan, test = "gehan")
  expect_equal(round(gehan$chisq, 2), 13.46)
})

# Collett (2015, Modelling Survival Data in Medical Research, 3rd edition), examples 2.12 and 2.13.
test_that("the breast cancers by staining of Collett", {
  months <- c(
    23, 47, 69, 70, 71, 100, 101, 148, 181, 198, 208, 212, 224,
    5, 8, 10, 13, 18, 24, 26, 26, 31, 35, 40, 41, 48, 50, 59, 61, 68, 71, 76, 105, 107, 109, 113,
    116, 118, 143, 154, 162, 188, 212, 217, 225
  )
  alive <- c(4:7, 10:13, 13 + c(19:22, 24, 27:32))
  data <- data.frame(months, stain = rep(0:1, c(13, 32)), died = 0 + !seq_along(months) %in% alive)
  expect_equal(round(lms_logrank(Surv(months, died) ~ stain, data)$chisq, 3), 3.515)
  gehan <- lms_logrank(Surv(months, died) ~ stain, data, test = "wilcoxon")
  expect_equal(round(gehan$chisq, 3), 4.180)
})

# SAS/STAT User's Guide, PROC LIFETEST: the Veteran's Administration lung cancer trial, and the
# disease-free survival of the bone marrow transplants of Klein and Moeschberger.
test_that("SAS: the tests of PROC LIFETEST", {
  tests <- function(formula, data) {
    vapply(c("logrank", "wilcoxon"), function(test) {
      round(lms_logrank(formula, data, test = test)$chisq, 4)
    }, 0, USE.NAMES = FALSE)
  }
  expect_equal(tests(Surv(time, status) ~ celltype, survival::veteran), c(25.4037, 19.4331))
  skip_if_not_installed("KMsurv")
  data("bmt", package = "KMsurv", envir = environment())
  expect_equal(tests(Surv(t2, d3) ~ group, bmt), c(13.8037, 16.2407))
})

# Example 7.6.
test_that("the trend over stages of the larynx cancers of Klein and Moeschberger", {
  skip_if_not_installed("KMsurv")
  data("larynx", package = "KMsurv", envir = environment())
  test <- lms_logrank(Surv(time, delta) ~ stage, larynx, trend = TRUE)
  expect_equal(round(test$chisq, 2), 22.76)
  expect_equal(round(unname(test$trend$z), 2), 3.72)
})
