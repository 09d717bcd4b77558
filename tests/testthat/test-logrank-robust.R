# The log-rank test as the score test of the Cox model, with weights, clusters
# and entry times, which survdiff() does not take.

cox_score <- function(formula, data, ...) {
  more <- as.list(substitute(list(...)))[-1L]
  call <- c(list(quote(survival::coxph), formula, quote(data), ties = "breslow"), more)
  fit <- eval(as.call(call))
  if (is.null(fit$rscore)) fit$score else fit$rscore[[1L]]
}

untied <- function(n, seed) {
  set.seed(seed)
  data.frame(
    time = rexp(n, 0.1) + 1, status = rbinom(n, 1, 0.6), group = factor(sample(4, n, TRUE)),
    stratum = sample(3, n, TRUE), w = runif(n, 0.2, 3), centre = sample(25, n, TRUE),
    entry = runif(n)
  )
}

test_that("the log-rank test is the score test of the Cox model where there are no ties", {
  for (seed in 1:20) {
    data <- untied(80, seed)
    for (formula in list(
      Surv(time, status) ~ group, Surv(time, status) ~ group + strata(stratum),
      Surv(entry, time, status) ~ group, Surv(entry, time, status) ~ group + strata(stratum)
    )) {
      expect_lt(
        relative_error(lms_logrank(formula, data)$chisq, cox_score(formula, data)), 1e-10
      )
    }
  }
})

test_that("with ties it is the score test of the exact conditional likelihood", {
  exact <- function(formula, data) survival::coxph(formula, data, ties = "exact")$score
  agrees <- function(formula, data) {
    ours <- without_messages(lms_logrank(formula, data))
    expect_lt(relative_error(ours$chisq, exact(formula, data)), 1e-10)
  }
  agrees(Surv(time, status) ~ celltype, survival::veteran)
  agrees(Surv(time, status) ~ factor(sex) + strata(ph.ecog), survival::lung)
  agrees(Surv(time, status) ~ x, survival::aml)
  for (seed in 61:66) {
    data <- untied(40, seed)
    data$time <- ceiling(data$time / 2)
    data$entry <- data$time - 1 - rpois(40, 2)
    agrees(Surv(time, status) ~ group + strata(stratum), data)
    agrees(Surv(entry, time, status) ~ group, data)
  }
})

test_that("the robust log-rank test is the robust score test, ties or not", {
  for (seed in 21:40) {
    data <- untied(80, seed)
    if (seed %% 2 == 0) {
      data$time <- ceiling(data$time)
      data$entry <- data$time - 1 - rpois(80, 3)
    }
    for (formula in list(
      Surv(time, status) ~ group, Surv(time, status) ~ group + strata(stratum),
      Surv(entry, time, status) ~ group + strata(stratum)
    )) {
      ours <- lms_logrank(formula, data, weights = w)
      expect_true(ours$robust)
      expect_lt(
        relative_error(ours$chisq, cox_score(formula, data, weights = w, cluster = seq_len(80))),
        1e-10
      )
      expect_lt(
        relative_error(
          lms_logrank(formula, data, weights = w, cluster = centre)$chisq,
          cox_score(formula, data, weights = w, cluster = centre)
        ), 1e-10
      )
      expect_lt(
        relative_error(
          lms_logrank(formula, data, cluster = centre)$chisq,
          cox_score(formula, data, cluster = centre)
        ), 1e-10
      )
    }
    expect_lt(
      relative_error(
        lms_logrank(Surv(time, status) ~ group, data, robust = TRUE)$chisq,
        cox_score(Surv(time, status) ~ group, data, robust = TRUE)
      ), 1e-10
    )
  }
})

test_that("the robust test of survival's own clustered data agrees", {
  cgd <- survival::cgd
  expect_lt(
    relative_error(
      lms_logrank(Surv(tstart, tstop, status) ~ treat + strata(hos.cat), cgd, cluster = id)$chisq,
      cox_score(Surv(tstart, tstop, status) ~ treat + strata(hos.cat), cgd, cluster = id)
    ), 1e-10
  )
  rats <- survival::rats
  expect_lt(
    relative_error(
      lms_logrank(Surv(time, status) ~ rx + strata(sex) + cluster(litter), rats)$chisq,
      cox_score(Surv(time, status) ~ rx + strata(sex), rats, cluster = litter)
    ), 1e-10
  )
  bladder <- survival::bladder
  expect_lt(
    relative_error(
      lms_logrank(Surv(stop, event) ~ rx + strata(enum), bladder, cluster = "id")$chisq,
      cox_score(Surv(stop, event) ~ rx + strata(enum), bladder, cluster = id)
    ), 1e-10
  )
})

# Group a: weight 2 dies at 1, weight 1 is censored at 3. Group b: weight 1 dies
# at 2, weight 4 at 4. At 1 the weights at risk are 3 and 5, at 2 1 and 5, at 4
# 0 and 4: D / N is 2/8, 1/6, 1, and p of group a 3/8, 1/6, 0.
test_that("the robust variance is that of the contributions, by hand", {
  data <- data.frame(
    time = c(1, 3, 2, 4), status = c(1, 0, 1, 1), g = c("a", "a", "b", "b"), w = c(2, 1, 1, 4)
  )
  test <- lms_logrank(Surv(time, status) ~ g, data, weights = w, weight_type = "sampling")
  a <- 5 / 8
  b <- 3 / 8
  contributions <- c(
    2 * (a - 2 / 8 * a), 1 * (-2 / 8 * a - 1 / 6 * 5 / 6),
    1 * (-1 / 6 + 2 / 8 * b + 1 / 6 * 1 / 6), 4 * (2 / 8 * b + 1 / 6 * 1 / 6)
  )
  expect_equal(unname(test$obs[["g=a"]] - test$exp[["g=a"]]), sum(contributions))
  expect_equal(unname(test$var[1, 1]), sum(contributions^2))
  expect_equal(test$chisq, sum(contributions)^2 / sum(contributions^2))
  expect_equal(as.vector(test$n), c(2, 2))
})

test_that("frequencies are expanded rows", {
  data <- untied(60, 50)
  data$time <- ceiling(data$time)
  data$k <- rep(0:3, 15)
  rows <- rep(seq_len(60), data$k)
  for (test in c("logrank", "gehan", "tarone-ware", "peto")) {
    for (robust in list(NULL, TRUE)) {
      counted <- lms_logrank(
        Surv(time, status) ~ group + strata(stratum), data, weights = k, weight_type = "frequency",
        test = test, pairwise = TRUE, trend = TRUE, robust = robust
      )
      expanded <- lms_logrank(
        Surv(time, status) ~ group + strata(stratum), data[rows, ], test = test, pairwise = TRUE,
        trend = TRUE, robust = robust
      )
      for (part in c(
        "n", "obs", "exp", "var", "chisq", "p.value", "trend", "pairwise", "nobs", "nevent",
        "group_events"
      )) {
        expect_equal(counted[[part]], expanded[[part]], tolerance = 1e-12, label = part)
      }
    }
  }
})

test_that("a late entry that comes before every event changes nothing", {
  data <- untied(60, 51)
  for (test in c("logrank", "gehan", "tarone-ware", "peto")) {
    late <- lms_logrank(Surv(entry, time, status) ~ group, data, test = test)
    plain <- lms_logrank(Surv(time, status) ~ group, data, test = test)
    expect_equal(late$var, plain$var, tolerance = 1e-12)
    expect_equal(late$chisq, plain$chisq, tolerance = 1e-12)
  }
  zero <- lms_logrank(Surv(0 * time, time, status) ~ group, data, rho = 1)
  expect_equal(
    zero$chisq, survival::survdiff(Surv(time, status) ~ group, data, rho = 1)$chisq,
    tolerance = 1e-12
  )
})

test_that("when the variance is robust is lms_cox()'s rule", {
  data <- untied(60, 52)
  data$whole <- 1 + data$centre %% 2
  f <- Surv(time, status) ~ group
  expect_false(lms_logrank(f, data)$robust)
  expect_false(lms_logrank(f, data, weights = whole)$robust)
  expect_true(lms_logrank(f, data, weights = w)$robust)
  expect_true(lms_logrank(f, data, weights = whole, weight_type = "sampling")$robust)
  expect_true(lms_logrank(f, data, weights = whole, robust = TRUE)$robust)
  expect_false(lms_logrank(f, data, id = seq_len(60))$robust)
  expect_equal(lms_logrank(f, data, cluster = centre)$clusters, length(unique(data$centre)))
  expect_error(lms_logrank(f, data, weights = w, robust = FALSE), class = "lmsurv_error_argument")
  expect_warning(lms_logrank(f, data, cluster = centre, robust = FALSE), "are ignored")
})
