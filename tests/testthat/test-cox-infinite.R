# Coefficients that run to infinity are named and flagged, finite ones never are.

cohort <- function(n = 120, seed = 1) {
  set.seed(seed)
  data.frame(
    time = rexp(n), died = rbinom(n, 1, 0.6), age = rnorm(n, 60, 10),
    group = factor(sample(c("a", "b", "c"), n, TRUE))
  )
}

fit_quietly <- function(...) suppressWarnings(suppressMessages(lms_cox(...)))

test_that("a level without events is named with its direction and counts", {
  d <- cohort()
  d$died[d$group == "b"] <- 0
  warned <- tryCatch(lms_cox(Surv(time, died) ~ age + group, d), warning = identity)
  expect_s3_class(warned, "lmsurv_warning_infinite")
  fit <- fit_quietly(Surv(time, died) ~ age + group, d)
  expect_false(fit$converged)
  expect_identical(fit$infinite, c(groupb = -Inf))
  message <- conditionMessage(warned)
  expect_match(message, "group", fixed = TRUE)
  expect_match(message, "\\bb\\b")
  expect_match(message, as.character(sum(d$group == "b")))
})

test_that("the other coefficients are those of the limit", {
  d <- cohort()
  d$died[d$group == "b"] <- 0
  fit <- fit_quietly(Surv(time, died) ~ age + group, d)
  # With the level at -Inf its rows have left every risk set.
  limit <- survival::coxph(
    Surv(time, died) ~ age + group, d, subset = group != "b", control = tight()
  )
  expect_equal(coef(fit)[c("age", "groupc")], coef(limit)[c("age", "groupc")], tolerance = 1e-5)
  expect_equal(fit$loglik[2], limit$loglik[2], tolerance = 1e-7)
})

test_that("a level in which everybody dies first runs to plus infinity", {
  d <- cohort()
  d$group <- relevel(d$group, "c")
  first <- which(d$group == "a")
  d$died[first] <- 1
  d$time[first] <- seq_along(first) / 1e4
  d$time[-first] <- d$time[-first] + 1
  fit <- fit_quietly(Surv(time, died) ~ age + group, d)
  expect_identical(fit$infinite, c(groupa = Inf))
})

test_that("separation by a continuous covariate, in strata and with entry times is seen", {
  d <- cohort()
  d$order <- -rank(d$time)
  d$died <- 1L
  expect_identical(fit_quietly(Surv(time, died) ~ order, d, event = 1)$infinite, c(order = Inf))
  d$died <- rbinom(nrow(d), 1, 0.6) * (d$group != "b")
  stratified <- fit_quietly(Surv(time, died) ~ group + strata(age > 60), d)
  expect_identical(stratified$infinite, c(groupb = -Inf))
  d$start <- d$time / 2
  expect_identical(fit_quietly(Surv(start, time, died) ~ age + group, d)$infinite, c(groupb = -Inf))
})

test_that("all three tie methods see it, however the columns are scaled", {
  d <- cohort()
  d$time <- ceiling(d$time * 4)
  d$exposed <- 1e6 * (d$group == "b")
  d$died[d$group == "b"] <- 0
  for (ties in c("efron", "breslow", "exact")) {
    fit <- fit_quietly(Surv(time, died) ~ exposed + age, d, ties = ties)
    expect_identical(fit$infinite, c(exposed = -Inf))
  }
})

test_that("large but finite ratios are not flagged", {
  # One patient of a rare subtype who dies third of 45: a ratio in the hundreds with a limit in the
  # thousands, but finite.
  set.seed(8)
  d <- data.frame(time = sort(rexp(45)), died = c(1, 1, 1, rbinom(42, 1, 0.7)),
                  lung = as.integer(seq_len(45) == 3), age = rnorm(45))
  d$age[1:2] <- 3
  fit <- lms_cox(Surv(time, died) ~ lung + age, d)
  expect_true(fit$converged)
  expect_length(fit$infinite, 0)
  theirs <- survival::coxph(Surv(time, died) ~ lung + age, d, control = tight())
  expect_equal(coef(fit), coef(theirs), tolerance = 1e-8)
})

test_that("nearly collinear columns have a large standard error, not an infinite coefficient", {
  d <- cohort(400)
  d$age2 <- d$age + rnorm(400, sd = 1e-4)
  fit <- lms_cox(Surv(time, died) ~ age + age2, d)
  expect_true(fit$converged)
  expect_length(fit$infinite, 0)
})
