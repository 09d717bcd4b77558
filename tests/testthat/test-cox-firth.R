# Firth's penalised likelihood: agreement with coxphf, what it says, and what follows from it.

firth <- function(...) lms_cox(..., penalty = "firth")

# Nobody with the marker dies.
cohort_without_deaths <- function(n = 60, seed = 1) {
  set.seed(seed)
  d <- data.frame(
    time = ceiling(rexp(n) * 10), died = rbinom(n, 1, 0.5), age = rnorm(n),
    marker = rbinom(n, 1, 0.3), centre = sample(3, n, TRUE), w = sample(3, n, TRUE)
  )
  d$died[d$marker == 1] <- 0
  d
}

needs_coxphf <- function() {
  testthat::skip_if_not_installed("coxphf")
  testthat::skip_if_not_installed("coxphf", "1.13")
}

# Iterated until the last digits stand still, in small steps as its help page advises.
peer <- function(formula, data, ...) {
  suppressWarnings(coxphf::coxphf(
    formula, data, maxit = 2000, epsilon = 1e-13, gconv = 1e-13, maxstep = 0.1, ...
  ))
}

expect_agreement_with_coxphf <- function(formula, data, tolerance = 1e-8) {
  fit <- firth(formula, data, ties = "breslow")
  theirs <- peer(formula, data)
  expect_close_values(coef(fit), theirs$coefficients, tolerance)
  expect_close_values(fit$var, theirs$var, tolerance)
  expect_close_values(2 * diff(fit$loglik), 2 * diff(theirs$loglik), tolerance)
  expect_close_values(confint(fit)[, 1], log(theirs$ci.lower), tolerance)
  expect_close_values(confint(fit)[, 2], log(theirs$ci.upper), tolerance)
  reached <- !is.na(theirs$prob)
  expect_close_values(fit$profile[reached, "p"], theirs$prob[reached], tolerance)
}

test_that("the cancer drug trial has the numbers of coxphf 1.13.4", {
  trial <- within(drug_trial(), early <- as.integer(months <= 2))
  fit <- firth(Surv(months, died) ~ drug + age, trial, ties = "breslow")
  expect_close_values(coef(fit), c(-2.21186552042359, 0.11283488617171), 1e-12)
  expect_close_values(
    sqrt(diag(fit$var)), c(0.4515568469617130, 0.0372096401689966), 1e-10
  )
  expect_close_values(
    fit$profile[, c("lower", "upper")],
    c(-3.1362941963348336, 0.0408457290381874, -1.37229831002230, 0.18640610549169), 1e-9
  )
  expect_close_values(fit$profile[, "p"], c(1.25790017846406e-07, 2.16808539827917e-03), 1e-9)
  expect_close_values(2 * diff(fit$loglik), 33.072506949195, 1e-12)
  # The deaths of the first two months run to infinity without the penalty.
  fit <- firth(Surv(months, died) ~ early + age, trial, ties = "breslow")
  expect_close_values(coef(fit), c(4.942768972313813, 0.065956322382257), 1e-12)
  expect_close_values(
    confint(fit),
    c(2.44747250350774781, -0.00341658958886901, 9.88481206417553, 0.13515748645415), 1e-9
  )
})

# Of two patients the one with x = 1 dies first: with p = exp(b) / (1 + exp(b)) the
# penalised log likelihood is log(p) + log(p (1 - p)) / 2, and 1 - p + (1 - 2 p) / 2 = 0
# gives p = 3/4. With m patients of x = 0 who outlive one of x = 1, p = 3/4 as well,
# of exp(b) / (m + exp(b)).
test_that("one death is as worked out by hand", {
  for (m in c(1, 2, 7)) {
    d <- data.frame(time = c(1, rep(2, m)), died = c(1, rep(0, m)), x = c(1, rep(0, m)))
    for (ties in c("breslow", "efron")) {
      fit <- firth(Surv(time, died) ~ x, d, ties = ties)
      expect_close_values(coef(fit), log(3 * m), 1e-10)
      expect_close_values(fit$var, 16 / 3, 1e-10)
      expect_close_values(fit$loglik[2], log(3 / 4) + log(3 / 16) / 2, 1e-12)
      p <- 1 / (m + 1)
      expect_close_values(fit$loglik[1], log(p) + log(p * (1 - p)) / 2, 1e-12)
    }
  }
})

test_that("the breast cancer data of Heinze and Schemper have the numbers that coxphf prints", {
  needs_coxphf()
  data <- new.env()
  utils::data("breast", package = "coxphf", envir = data)
  breast <- stats::setNames(data$breast, c("tumour", "nodes", "grade", "cd", "time", "died"))
  fit <- firth(Surv(time, died) ~ tumour + nodes + grade + cd, breast, ties = "breslow")
  table <- cbind(exp(coef(fit)), exp(confint(fit)))
  expect_equal(unname(signif(table[, 1], 5)), c(3.4023, 2.5065, 11.296, 1.4875))
  expect_equal(unname(signif(table[, 2], 5)), c(1.3627, 1.1205, 1.4657, 0.62687))
  expect_equal(unname(signif(table[, 3], 5)), c(9.4722, 5.8329, 1451.9, 3.5118))
  expect_equal(unname(signif(fit$profile[, "p"], 4)), c(0.008225, 0.02528, 0.01359, 0.3645))
  expect_agreement_with_coxphf(Surv(time, died) ~ tumour + nodes + grade + cd, breast)
})

test_that("estimates, variances, tests and limits are those of coxphf", {
  needs_coxphf()
  for (seed in 1:12) {
    d <- cohort_without_deaths(40 + 5 * seed, seed)
    expect_agreement_with_coxphf(Surv(time, died) ~ marker + age, d)
  }
  complete$died <- as.integer(complete$died)
  expect_agreement_with_coxphf(Surv(time, died) ~ age + sex + ph.karno + wt.loss, complete)
  heart <- survival::heart
  heart$surgery <- as.numeric(heart$surgery)
  heart$transplant <- as.numeric(heart$transplant)
  heart$died <- heart$event
  expect_agreement_with_coxphf(Surv(start, stop, died) ~ age + surgery + transplant, heart)
})

test_that("a fit says what it is and holds what a coxph holds", {
  d <- cohort_without_deaths()
  fit <- firth(Surv(time, died) ~ age + marker, d)
  expect_identical(fit$penalty, "firth")
  expect_true(fit$converged)
  expect_null(fit$infinite)
  expect_lt(max(abs(fit$first)), 1e-8)
  expect_null(lms_cox(Surv(time, died) ~ age, d)$penalty)
  # loglik is penalised, by the information in the covariates' own units
  plain <- suppressWarnings(
    lms_cox(Surv(time, died) ~ age + marker, d, init = coef(fit), iter.max = 0)
  )
  expect_close_values(plain$loglik[2] - log(det(plain$var)) / 2, fit$loglik[2], 1e-10)
  start <- lms_cox(Surv(time, died) ~ age + marker, d, iter.max = 0)
  expect_close_values(start$loglik[1] - log(det(start$var)) / 2, fit$loglik[1], 1e-12)
  expect_close_values(fit$var, plain$var, 1e-10)
})

test_that("strata, offsets, entry times and weights go with the penalty", {
  d <- cohort_without_deaths(90)
  d$entry <- d$time * 0.3
  whole <- firth(
    Surv(entry, time, died) ~ age + marker + strata(centre) + offset(age / 4), d, weights = w,
    weight_type = "frequency"
  )
  rows <- rep(seq_len(nrow(d)), d$w)
  expanded <- firth(
    Surv(entry, time, died) ~ age + marker + strata(centre) + offset(age / 4), d[rows, ]
  )
  expect_close(coef(whole), coef(expanded), 1e-10)
  expect_close(whole$profile, expanded$profile, 1e-8)
  expect_close(whole$loglik, expanded$loglik, 1e-12)
  cases <- firth(Surv(time, died) ~ age + marker, d, weights = w)
  doubled <- firth(Surv(time, died) ~ age + marker, d[rows, ], ties = "breslow")
  expect_close(
    coef(firth(Surv(time, died) ~ age + marker, d, weights = w, ties = "breslow")), coef(doubled)
  )
  expect_true(cases$converged)
  fractional <- firth(Surv(time, died) ~ age, d, weights = w / 2, robust = FALSE)
  expect_null(fractional$naive.var)
  offset <- firth(Surv(time, died) ~ age + marker + offset(2 * age), d)
  expect_close(coef(offset) + c(2, 0), coef(firth(Surv(time, died) ~ age + marker, d)), 1e-9)
})

test_that("rows in any order, split rows and rescaled covariates change nothing", {
  d <- cohort_without_deaths(90)
  fit <- firth(Surv(time, died) ~ age + marker, d)
  shuffled <- firth(Surv(time, died) ~ age + marker, d[sample(nrow(d)), ])
  expect_close(coef(shuffled), coef(fit), 1e-10)
  expect_close(shuffled$profile, fit$profile, 1e-8)
  split <- survival::survSplit(Surv(time, died) ~ ., d, cut = c(2, 5, 11))
  split <- firth(Surv(tstart, time, died) ~ age + marker, split)
  expect_close(coef(split), coef(fit), 1e-10)
  expect_close(confint(split), confint(fit), 1e-8)
  scaled <- firth(Surv(time, died) ~ I(1000 * age - 3) + I(1 - marker), d)
  expect_close_values(coef(scaled) * c(1000, -1), coef(fit), 1e-9)
  expect_close(unname(scaled$profile[, 3:4]), unname(fit$profile[, 3:4]), 1e-8)
  expect_close_values(diff(scaled$loglik), diff(fit$loglik), 1e-10)
})

test_that("one and two threads give the same bits", {
  d <- cohort_without_deaths(20000)
  d$other <- d$age^2
  d$third <- sin(d$age)
  d$fourth <- cos(d$age)
  one <- firth(Surv(time, died) ~ age + marker + other + third + fourth, d, threads = 1)
  two <- firth(Surv(time, died) ~ age + marker + other + third + fourth, d, threads = 2)
  expect_identical(coef(one), coef(two))
  expect_identical(one$var, two$var)
  expect_identical(one$loglik, two$loglik)
})

test_that("limits are where the penalised likelihood ratio turns", {
  d <- cohort_without_deaths()
  d$other <- rnorm(nrow(d))
  fit <- firth(Surv(time, died) ~ age + marker + other, d)
  design <- fit_design(fit)
  for (level in c(0.5, 0.95, 0.999)) {
    limits <- confint(fit, level = level)
    for (j in 1:3) {
      drop <- profile_drop(fit, design, fit_response(fit), j)
      expect_equal(drop(limits[j, 1]), qchisq(level, 1), tolerance = 1e-7)
      expect_equal(drop(limits[j, 2]), qchisq(level, 1), tolerance = 1e-7)
    }
    expect_true(all(is.finite(limits)))
    expect_true(all(limits[, 1] < coef(fit) & coef(fit) < limits[, 2]))
  }
  # A p-value of 0.05 where the limit is 0.
  edge <- confint(fit)["marker", 2]
  moved <- firth(Surv(time, died) ~ age + marker + other + offset(edge * marker), d)
  expect_equal(moved$profile["marker", "p"], 0.05, tolerance = 1e-7)
  wald <- confint(fit, type = "wald")
  expect_close_values(wald[, 2] - coef(fit), qnorm(0.975) * sqrt(diag(fit$var)), 1e-12)
})

test_that("200 separated data sets have finite estimates and limits", {
  for (seed in seq_len(200)) {
    d <- cohort_without_deaths(10 + seed %% 40, seed)
    if (!any(d$died == 1) || length(unique(d$marker)) < 2) next
    ties <- c("efron", "breslow")[1 + seed %% 2]
    fit <- suppressWarnings(firth(Surv(time, died) ~ marker + age, d, ties = ties))
    kept <- !is.na(coef(fit))
    expect_true(fit$converged)
    expect_true(all(is.finite(coef(fit)[kept])))
    expect_true(all(is.finite(confint(fit)[kept, ])))
  }
})

test_that("tidy, glance, summary, strip and drop1 follow the penalised likelihood", {
  d <- cohort_without_deaths()
  d$group <- factor(d$centre)
  fit <- firth(Surv(time, died) ~ age + marker + group, d)
  tidied <- tidy(fit, conf.int = TRUE, exponentiate = TRUE)
  expect_equal(tidied$p.value, unname(fit$profile[, "p"]))
  expect_equal(2 * pnorm(-abs(tidied$statistic)), tidied$p.value)
  expect_equal(tidied$conf.low, unname(exp(fit$profile[, "lower"])))
  shown <- summary(fit, conf.int = 0.9)
  expect_equal(shown$coefficients[, "Pr(>|z|)"], fit$profile[, "p"])
  expect_equal(unname(shown$conf.int[, 3:4]), unname(exp(confint(fit, level = 0.9))))
  expect_equal(shown$logtest[["test"]], 2 * diff(fit$loglik))
  glanced <- glance(fit)
  expect_identical(glanced$AIC, NA_real_)
  expect_identical(glanced$logLik, fit$loglik[2])
  dropped <- drop1(fit)
  expect_equal(dropped["age", "LRT"], fit$profile[["age", "chisq"]], tolerance = 1e-9)
  expect_identical(dropped$Df, c(1, 1, 2))
  stripped <- lms_strip(fit)
  expect_identical(capture.output(print(stripped)), capture.output(print(fit)))
  expect_equal(tidy(stripped, conf.int = TRUE), tidy(fit, conf.int = TRUE))
  expect_error(confint(stripped, level = 0.9), class = "lmsurv_error_stripped")
})

test_that("drop1 holds a term's coefficients at 0 under the penalty of the whole model", {
  needs_coxphf()
  d <- cohort_without_deaths()
  d$second <- as.numeric(d$centre == 2)
  d$third <- as.numeric(d$centre == 3)
  d$group <- factor(d$centre)
  fit <- firth(Surv(time, died) ~ age + marker + group, d, ties = "breslow")
  whole <- peer(Surv(time, died) ~ age + marker + second + third, d)
  part <- peer(Surv(time, died) ~ age + marker + second + third, d, pl = FALSE,
               adapt = c(1, 1, 0, 0))
  expect_equal(
    drop1(fit)["group", "LRT"], 2 * (whole$loglik[2] - part$loglik[2]), tolerance = 1e-8
  )
})

test_that("curves, predictions and residuals are those of the coefficients", {
  d <- cohort_without_deaths()
  fit <- firth(Surv(time, died) ~ age + marker, d)
  plain <- suppressWarnings(
    survival::coxph(Surv(time, died) ~ age + marker, d, init = coef(fit), iter.max = 0)
  )
  expect_close_values(residuals(fit), residuals(plain))
  expect_close_values(residuals(fit, "dfbeta"), residuals(plain, "dfbeta"))
  expect_close_values(predict(fit, d[1:3, ]), predict(plain, d[1:3, ]))
  ours <- survival::survfit(fit, newdata = d[1:2, ])
  theirs <- survival::survfit(plain, newdata = d[1:2, ])
  expect_close(ours$surv, theirs$surv)
  expect_close(ours$std.err, theirs$std.err)
  expect_s3_class(survival::cox.zph(fit), "cox.zph")
})

test_that("collinear columns are left out, and no column is no penalty", {
  d <- cohort_without_deaths()
  fit <- firth(Surv(time, died) ~ age + marker, d)
  more <- suppressWarnings(firth(Surv(time, died) ~ age + I(2 * age) + marker, d))
  expect_close(coef(more)[c("age", "marker")], coef(fit), 1e-9)
  expect_close(more$profile[c("age", "marker"), ], fit$profile, 1e-8)
  expect_true(all(is.na(more$profile[2, ])))
  expect_close(more$loglik, fit$loglik, 1e-12)
  null <- firth(Surv(time, died) ~ 1, d)
  expect_null(null$penalty)
  expect_identical(null$loglik, lms_cox(Surv(time, died) ~ 1, d)$loglik)
})

test_that("lms_cox_fit() takes the penalty", {
  d <- cohort_without_deaths()
  fit <- firth(Surv(time, died) ~ age + marker, d)
  bare <- lms_cox_fit(cbind(age = d$age, marker = d$marker), d$time, d$died, penalty = "firth")
  expect_identical(bare$coefficients, coef(fit))
  expect_identical(bare$loglik, fit$loglik)
})

test_that("what is printed names the penalty, its interval and its test", {
  d <- cohort_without_deaths()
  d$grade <- factor(ifelse(d$marker == 1, "G3", ifelse(d$age > 0, "G2", "G1")))
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ grade, d))
    firth(Surv(time, died) ~ grade, d)
    summary(firth(Surv(time, died) ~ grade, d))
    drop1(firth(Surv(time, died) ~ grade + age, d))
  })
})

test_that("what the penalty has no meaning for is refused with the way out", {
  d <- cohort_without_deaths()
  fit <- firth(Surv(time, died) ~ age + marker, d)
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age, d, penalty = "frith"))
    said(firth(Surv(time, died) ~ age, d, ties = "exact"))
    said(firth(Surv(time, died) ~ age, d, cluster = centre))
    said(firth(Surv(time, died) ~ age, d, weights = w / 2))
    said(firth(Surv(time, died) ~ age, d, weights = w, weight_type = "sampling"))
    said(anova(fit))
    said(anova(fit, fit))
    said(add1(fit, ~ . + centre))
    said(AIC(fit))
    said(stats::step(fit, trace = 0))
    said(as_coxph(fit))
    said(lms_cox_fit(cbind(d$age), d$time, d$died, ties = "exact", penalty = "firth"))
  })
})
