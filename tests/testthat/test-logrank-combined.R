# Sums over event times of stratum and weight by hand. weights: functions of the survival just
# before, Peto's estimate and the number at risk.
rank_sums <- function(data, weights) {
  parts <- lapply(split(data, data$stratum), function(d) {
    times <- sort(unique(d$time[d$died == 1]))
    s <- 1
    peto <- 1
    score <- double(length(weights))
    covariance <- matrix(0, length(weights), length(weights))
    for (t in times) {
      at <- d$entry < t & d$time >= t
      dead <- d$time == t & d$died == 1
      n <- sum(d$k[at])
      n2 <- sum(d$k[at & d$group == 2])
      m <- sum(d$k[dead])
      peto <- peto * (1 - m / (n + 1))
      v <- vapply(weights, function(w) w(s, peto, n), 0)
      score <- score + v * (sum(d$k[dead & d$group == 2]) - m * n2 / n)
      if (n > 1) {
        covariance <- covariance + v %o% v * m * (n - m) / (n - 1) * n2 * (n - n2) / n^2
      }
      s <- s * (1 - m / n)
    }
    list(score = score, covariance = covariance)
  })
  list(
    score = Reduce(`+`, lapply(parts, `[[`, "score")),
    covariance = Reduce(`+`, lapply(parts, `[[`, "covariance"))
  )
}

two_groups <- function(seed, n = 60) {
  withr::with_seed(seed, {
    time <- sample(2:20, n, TRUE)
    data.frame(
      time = time, entry = if (seed %% 2) 0 else time - sample(1:20, n, TRUE),
      died = rbinom(n, 1, 0.6), group = sample(1:2, n, TRUE), k = sample(1:3, n, TRUE),
      stratum = if (seed %% 3) 1 else sample(1:2, n, TRUE)
    )
  })
}

run_test <- function(d, test, ...) {
  suppressMessages(lms_logrank(
    Surv(entry, time, died) ~ group + strata(stratum), d, test = test, weights = k,
    weight_type = "frequency", event = 1, ...
  ))
}

test_that("the modified Peto-Peto test weighs by Peto's survival times n / (n + 1)", {
  for (seed in 1:12) {
    d <- two_groups(seed)
    sums <- rank_sums(d, list(function(s, peto, n) peto * n / (n + 1)))
    fit <- run_test(d, "Modified Peto-Peto")
    expect_equal(fit$statistic[[1L]], drop(sums$score^2 / sums$covariance), tolerance = 1e-11)
    expect_equal(sum(as.matrix(fit$obs)[2L, ] - as.matrix(fit$exp)[2L, ]), sums$score,
                 tolerance = 1e-10)
  }
})

test_that("powers are read as they are written", {
  lung_test <- function(...) lms_logrank(Surv(time, died) ~ sex, lung, ...)
  for (text in c("FH(0,1)", "fh( 0 , 1.0 )", "Fleming-Harrington (rho = 0, gamma = 1)", "G(0, 1)",
                 " fleming harrington(0,1) ", "FH(0;1)")) {
    fit <- lung_test(test = text)
    expect_identical(fit$statistic, lung_test(gamma = 1)$statistic)
    expect_identical(c(fit$rho, fit$gamma), c(0, 1))
  }
  expect_identical(
    lung_test(test = "FH(.5, 2)")$statistic, lung_test(rho = 0.5, gamma = 2)$statistic
  )
  for (text in c("FH(1)", "FH(1,2,3)", "logrank(2)", "FH(a,b)", "FH(0,1", "peto(0,1)", "FH")) {
    expect_error(lung_test(test = text), class = "lmsurv_error_argument")
  }
  expect_error(lung_test(test = "FH(-1,0)"), "`rho` must be a number of 0 or more")
  expect_error(lung_test(test = "FH(0,1)", gamma = 1), "already gives rho and gamma")
})

test_that("the likelihood ratio test of exponential models is SAS's and survreg's", {
  # SAS/STAT User's Guide, PROC LIFETEST, data VALung by cell: -2Log(LR) 33.9343 on 3 df
  fit <- lms_logrank(Surv(time, status) ~ celltype, survival::veteran, test = "-2 log(LR)")
  expect_equal(round(fit$statistic[[1L]], 4), 33.9343)
  expect_identical(fit$parameter[[1L]], 3)
  for (seed in 1:8) {
    d <- withr::with_seed(seed, data.frame(
      time = rexp(50) + 0.01, died = rbinom(50, 1, 0.5), g = sample(letters[1:4], 50, TRUE)
    ))
    model <- survival::survreg(Surv(time, died) ~ g, d, dist = "exponential")
    fit <- lms_logrank(Surv(time, died) ~ g, d, test = "exponential", pairwise = TRUE, event = 1)
    expect_equal(fit$statistic[[1L]], 2 * diff(model$loglik), tolerance = 1e-6)
    two <- subset(d, g %in% c("a", "c"))
    model <- survival::survreg(Surv(time, died) ~ g, two, dist = "exponential")
    at <- fit$pairwise$group1 == "g=a" & fit$pairwise$group2 == "g=c"
    expect_equal(fit$pairwise$statistic[at], 2 * diff(model$loglik), tolerance = 1e-6)
    # A row split in two, and twice each row's weight.
    split <- rbind(
      transform(d, entry = 0, time = time / 3, died = 0), transform(d, entry = time / 3)
    )
    again <- lms_logrank(Surv(entry, time, died) ~ g, split, test = "lr", event = 1)
    expect_equal(again$statistic, fit$statistic, tolerance = 1e-12)
    d$two <- 2
    twice <- lms_logrank(Surv(time, died) ~ g, d, test = "lr", weights = two, event = 1,
                         weight_type = "frequency")
    expect_equal(twice$statistic[[1L]], 2 * fit$statistic[[1L]], tolerance = 1e-12)
  }
  # A group without events adds its time only.
  none <- lms_logrank(Surv(c(1, 2, 3), c(1, 1, 0)) ~ c("a", "a", "b"), test = "lr")
  expect_equal(none$statistic[[1L]], 2 * 2 * log((2 / 3) / (2 / 6)), tolerance = 1e-12)
  said <- tryCatch(
    lms_logrank(Surv(c(0, 2, 3), c(1, 1, 0)) ~ c("a", "b", "b"), test = "lr"),
    lmsurv_warning_no_comparison = conditionMessage
  )
  expect_match(said, "cannot be compared")
})

fh <- lapply(list(c(0, 0), c(0, 1), c(1, 0), c(1, 1)), function(p) {
  function(s, peto, n) s^p[1L] * (1 - s)^p[2L]
})

test_that("max-combo has the z values and correlations of sums by hand", {
  skip_if_not_installed("mvtnorm")
  for (seed in 1:12) {
    d <- two_groups(seed)
    fit <- run_test(d, "max-combo")
    sums <- rank_sums(d, fh)
    z <- sums$score / sqrt(diag(sums$covariance))
    expect_equal(fit$components$z, z, tolerance = 1e-10)
    expect_equal(fit$correlation, stats::cov2cor(sums$covariance), tolerance = 1e-9)
    expect_equal(fit$statistic[[1L]], max(abs(z)), tolerance = 1e-10)
    each <- fit$components$p.value
    expect_true(fit$p.value >= min(each) && fit$p.value <= min(1, sum(each)))
    swapped <- run_test(transform(d, group = 3 - group), "max-combo")
    expect_equal(swapped$p.value, fit$p.value, tolerance = 1e-4)
    expect_equal(swapped$components$z, -fit$components$z, tolerance = 1e-10)
    expect_identical(run_test(d, "maxcombo")$p.value, fit$p.value)
  }
})

test_that("its p-value is the probability of the largest of correlated normal variables", {
  skip_if_not_installed("mvtnorm")
  expect_equal(largest_p(1.96, diag(1)), 2 * pnorm(-1.96), tolerance = 1e-12)
  # Independent, equal, and two variables by a simple integral.
  expect_equal(largest_p(2.5, diag(4)), 1 - (1 - 2 * pnorm(-2.5))^4, tolerance = 1e-5)
  expect_equal(largest_p(9, diag(4)), 4 * 2 * pnorm(-9), tolerance = 1e-4)
  expect_equal(largest_p(2.2, matrix(1, 3, 3)), 2 * pnorm(-2.2), tolerance = 1e-4)
  for (r in c(-0.7, 0.2, 0.95)) {
    inside <- stats::integrate(function(x) {
      s <- sqrt(1 - r^2)
      dnorm(x) * (pnorm((2 - r * x) / s) - pnorm((-2 - r * x) / s))
    }, -2, 2, rel.tol = 1e-10)$value
    expect_equal(largest_p(2, matrix(c(1, r, r, 1), 2)), 1 - inside, tolerance = 1e-4)
  }
  # Four variables with the correlation of a fit, drawn.
  r <- lms_logrank(Surv(time, died) ~ sex, lung, test = "max-combo")$correlation
  drawn <- withr::with_seed(1, matrix(rnorm(4e5 * 4), ncol = 4) %*% chol(r))
  share <- mean(apply(abs(drawn), 1L, max) > 2.1)
  expect_lt(abs(share - largest_p(2.1, r)), 4 * sqrt(share * (1 - share) / 4e5))
})

test_that("max-combo keeps its level where the groups do not differ", {
  skip_if_not_installed("mvtnorm")
  skip_on_cran()
  p <- withr::with_seed(5, replicate(400, {
    d <- data.frame(time = rexp(120), died = rbinom(120, 1, 0.7), g = rep(1:2, 60))
    lms_logrank(Surv(time, died) ~ g, d, test = "max-combo", event = 1)$p.value
  }))
  # 400 draws: 20 of them below 0.05 on average, with a standard deviation of 4.4
  expect_true(sum(p < 0.05) > 6 && sum(p < 0.05) < 36)
  expect_lt(abs(mean(p < 0.5) - 0.5), 0.1)
})

test_that("these tests say what they are not defined for, and print", {
  skip_if_not_installed("mvtnorm")
  refused <- function(...) {
    expect_error(lms_logrank(..., data = lung), class = "lmsurv_error_argument")
  }
  refused(Surv(time, died) ~ ph.ecog, test = "max-combo")
  refused(Surv(time, died) ~ sex, test = "max-combo", trend = TRUE)
  refused(Surv(time, died) ~ sex, test = "max-combo", robust = TRUE)
  refused(Surv(time, died) ~ sex, test = "max-combo", pairwise = TRUE)
  refused(Surv(time, died) ~ sex, test = "lr", weights = age)
  refused(Surv(time, died) ~ sex, test = "lr", trend = TRUE)
  refused(Surv(time, died) ~ sex + strata(ph.ecog), test = "lr")
  expect_snapshot({
    print(lms_logrank(Surv(time, died) ~ sex + strata(ph.ecog), lung, test = "max-combo"))
    print(lms_logrank(Surv(time, died) ~ ph.ecog, lung, test = "-2 log(LR)"))
    print(lms_logrank(Surv(time, died) ~ sex, lung, test = "modified Peto-Peto"))
  })
  fit <- lms_logrank(Surv(time, died) ~ sex, lung, test = "max-combo")
  expect_identical(tidy(fit)$p.value, fit$p.value)
  expect_identical(tidy(fit, type = "components"), fit$components)
  expect_identical(glance(fit)$statistic, fit$statistic[[1L]])
})
