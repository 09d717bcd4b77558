expected <- coef(reference(Surv(time, died) ~ age, lung, weights = w))

test_that("weights may be a column, a string, a vector or an expression", {
  held <- lung$w
  name <- "w"
  fits <- list(
    lms_cox(Surv(time, died) ~ age, lung, weights = w),
    lms_cox(Surv(time, died) ~ age, lung, weights = "w"),
    lms_cox(Surv(time, died) ~ age, lung, weights = name),
    lms_cox(Surv(time, died) ~ age, lung, weights = held),
    lms_cox(Surv(time, died) ~ age, lung, weights = lung$w),
    lms_cox(Surv(time, died) ~ age, lung, weights = (2 * w) / 2)
  )
  for (fit in fits) expect_close(coef(fit), expected)
  expect_null(lms_cox(Surv(time, died) ~ age, lung, weights = NULL)$weights)
})

test_that("columns are looked up in the data, where the call is, and where the formula is", {
  local_weights <- function(f, d) {
    held <- d$w
    lms_cox(f, d, weights = held)
  }
  expect_close(coef(local_weights(Surv(time, died) ~ age, lung)), expected)
  make <- function() {
    beside <- lung$w
    Surv(time, died) ~ age
  }
  expect_close(coef(lms_cox(make(), lung, weights = beside)), expected)
  near <- function(f) {
    beside <- 1 + lung$sex
    lms_cox(f, lung, weights = beside)$weights
  }
  expect_equal(near(make()), 1 + lung$sex)
  wrapper <- function(...) lms_cox(Surv(time, died) ~ age, lung, ...)
  expect_close(coef(wrapper(weights = w)), expected)
  expect_close(coef(wrapper(weights = "w")), expected)
  outer <- function(v) wrapper(weights = v)
  expect_close(coef(outer(lung$w)), expected)
  w <- rep(1, 228)
  expect_close(coef(lms_cox(Surv(time, died) ~ age, lung, weights = w)), expected)
})

test_that("subset, cluster and id are looked up in the same way", {
  old <- reference(Surv(time, died) ~ sex, lung, subset = age > 60, cluster = inst)
  limit <- 60
  f <- function(limit) lms_cox(Surv(time, died) ~ sex, lung, subset = age > limit, cluster = "inst")
  fits <- list(
    lms_cox(Surv(time, died) ~ sex, lung, subset = age > 60, cluster = inst),
    lms_cox(Surv(time, died) ~ sex, lung, subset = age > limit, cluster = lung$inst),
    lms_cox(Surv(time, died) ~ sex, lung, subset = which(age > limit), cluster = inst),
    f(60)
  )
  for (fit in fits) {
    expect_close(coef(fit), coef(old))
    expect_close(vcov(fit), vcov(old))
    expect_identical(fit$n, old$n)
  }
  d <- transform(lung, patient = seq_along(inst))
  by_id <- lms_cox(Surv(time, died) ~ sex, d, subset = which(age > limit), id = patient)
  expect_equal(by_id$n.id, by_id$n)
  d <- within(lung, old <- ifelse(age > 60, TRUE, NA))
  expect_close(coef(lms_cox(Surv(time, died) ~ sex, d, subset = old, cluster = inst)), coef(old))
})

test_that("the kinds of weights are told apart", {
  expanded <- lung[rep(seq_len(nrow(lung)), lung$k), ]
  for (ties in c("efron", "breslow")) {
    fit <- lms_cox(
      Surv(time, died) ~ age + sexf, lung, weights = k, weight_type = "frequency", ties = ties
    )
    ref <- reference(Surv(time, died) ~ age + sexf, expanded, ties = ties)
    for (name in c("coefficients", "var", "loglik", "score", "wald.test", "n", "nevent")) {
      expect_close(fit[[name]], ref[[name]], label = name)
    }
    robust <- lms_cox(
      Surv(time, died) ~ age + sexf,
      lung,
      weights = k,
      weight_type = "frequency",
      ties = ties,
      robust = TRUE
    )
    expect_close(
      vcov(robust),
      vcov(reference(Surv(time, died) ~ age + sexf, expanded, ties = ties, robust = TRUE))
    )
  }
  case <- lms_cox(Surv(time, died) ~ age, lung, weights = k)
  expect_null(case$naive.var)
  expect_identical(case$n, 228L)
  sampling <- lms_cox(Surv(time, died) ~ age, lung, weights = k, weight_type = "sampling")
  expect_close(
    vcov(sampling), vcov(reference(Surv(time, died) ~ age, lung, weights = k, robust = TRUE))
  )
  fractional <- lms_cox(Surv(time, died) ~ age, lung, weights = w)
  expect_close(vcov(fractional), vcov(reference(Surv(time, died) ~ age, lung, weights = w)))
})

test_that("a row of weight zero counts for nothing", {
  d <- within(lung, w <- replace(w, 1:20, 0))
  fit <- lms_cox(Surv(time, died) ~ age, d, weights = w)
  expect_close(
    coef(fit), coef(reference(Surv(time, died) ~ age, d[-(1:20), ], weights = w))
  )
})

test_that("columns that cannot be are refused", {
  d <- within(lung, {
    minus <- -w
    text <- initial
    infinite <- replace(w, 3, Inf)
  })
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age, d, weights = minus))
    said(lms_cox(Surv(time, died) ~ age, d, weights = infinite))
    said(lms_cox(Surv(time, died) ~ age, d, weights = text))
    said(lms_cox(Surv(time, died) ~ age, d, weights = agee))
    said(lms_cox(Surv(time, died) ~ age, d, weights = "ww"))
    said(lms_cox(Surv(time, died) ~ age, d, weights = 1:3))
    said(lms_cox(Surv(time, died) ~ age, d, weights = mean))
    said(lms_cox(Surv(time, died) ~ age, d, weights = w, weight_type = "frequency"))
    said(lms_cox(Surv(time, died) ~ age, d, weight_type = "sampling"))
    said(lms_cox(Surv(time, died) ~ age, d, subset = "age"))
    said(lms_cox(Surv(time, died) ~ age, d, subset = age > 200))
    said(lms_cox(Surv(time, died) ~ age, d, subset = c(TRUE, FALSE)))
    said(lms_cox(Surv(time, died) ~ age, d, subset = 200:230))
    said(lms_cox(Surv(time, died) ~ age, d, cluster = institute))
    said(lms_cox(Surv(time, died) ~ age, d, weights = w, ties = "exact"))
  })
})
