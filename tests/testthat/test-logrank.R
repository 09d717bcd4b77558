# What lms_logrank() takes, gives and refuses.

veteran <- survival::veteran

test_that("it is a survdiff and an htest at once", {
  test <- lms_logrank(Surv(time, status) ~ celltype, veteran)
  theirs <- survival::survdiff(Surv(time, status) ~ celltype, veteran)
  expect_s3_class(test, c("lms_logrank", "survdiff", "htest"), exact = TRUE)
  expect_true(all(names(theirs) %in% names(test)))
  expect_named(test$statistic, "chi-squared")
  expect_equal(test$parameter, c(df = 3))
  expect_identical(test$p.value, test$pvalue)
  expect_identical(test$statistic[[1]], test$chisq)
  expect_equal(
    names(test$n), c("celltype=squamous", "celltype=smallcell", "celltype=adeno", "celltype=large")
  )
  expect_equal(test$group_events, tapply(veteran$status, veteran$celltype, sum), ignore_attr = TRUE)
  expect_equal(sum(test$obs), sum(test$exp))
  expect_equal(rowSums(test$var), c(test$obs * 0))
  # What consumers of a survdiff compute from it.
  expect_equal(
    stats::pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE), test$pvalue
  )
})

test_that("strata make matrices, as in survdiff", {
  test <- lms_logrank(Surv(time, status) ~ trt + strata(celltype), veteran)
  expect_equal(dim(test$obs), c(2L, 4L))
  expect_equal(colnames(test$exp), levels(veteran$celltype))
  expect_equal(as.vector(test$strata), as.vector(table(veteran$celltype)))
  expect_equal(test$method, "Stratified log-rank test")
  two <- lms_logrank(Surv(time, status) ~ trt + strata(celltype, prior), veteran)
  three <- lms_logrank(Surv(time, status) ~ trt + strata(celltype) + strata(prior), veteran)
  expect_equal(two$chisq, three$chisq)
})

test_that("tests go by their other names", {
  statistic <- function(...) lms_logrank(Surv(time, status) ~ celltype, veteran, ...)$chisq
  for (name in c("wilcoxon", "Breslow", "Gehan-Breslow", "GEHAN_WILCOXON", "gehan wilcoxon")) {
    expect_identical(statistic(test = name), statistic(test = "gehan"))
  }
  for (name in c("Peto & Peto", "petopeto", "Peto-Prentice")) {
    expect_identical(statistic(test = name), statistic(test = "peto"))
  }
  expect_identical(statistic(test = "tware"), statistic(test = "tarone-ware"))
  expect_identical(statistic(test = "Log-Rank"), statistic())
  expect_identical(statistic(test = "Mantel-Haenszel"), statistic())
  expect_identical(statistic(rho = 1), statistic(test = "FH", rho = 1, gamma = 0))
  expect_identical(statistic(gamma = 1), statistic(test = "fleming-harrington", gamma = 1))
  expect_equal(statistic(rho = 0), statistic())
  expect_false(statistic(rho = 1) == statistic(test = "peto"))
})

test_that("data come in the same ways as into lms_cox()", {
  reference <- lms_logrank(Surv(time, status) ~ celltype, veteran, subset = age > 50)
  same <- function(test) {
    expect_equal(test$chisq, reference$chisq)
    expect_equal(test$n, reference$n)
  }
  formula <- Surv(time, status) ~ celltype
  same(lms_logrank(formula, veteran, subset = age > 50))
  same(lms_logrank(survival::Surv(time, status) ~ celltype, veteran, subset = veteran$age > 50))
  data <- veteran
  same(lms_logrank(formula, data, subset = which(data$age > 50)))
  same(lms_logrank(data = data, formula = formula, subset = age > 50))
  same(do.call(lms_logrank, list(formula, data, subset = quote(age > 50))))
  same(do.call("lms_logrank", list(formula, data, subset = data$age > 50)))
  same(with(veteran[veteran$age > 50, ], lms_logrank(Surv(time, status) ~ celltype)))
  inside <- function(f, d, limit) lms_logrank(f, d, subset = age > limit)
  same(inside(formula, veteran, 50))
  same(update(reference, . ~ .))
  y <- with(veteran, Surv(time, status))
  same(lms_logrank(y ~ celltype, veteran, subset = age > 50))
  same(lms_logrank(Surv(time, status == 1) ~ celltype, veteran, subset = age > 50))
  same(lms_logrank(Surv(time, status) ~ celltype, as.list(veteran), subset = veteran$age > 50))

  weighted <- lms_logrank(formula, veteran, weights = karno / 10)
  veteran$w <- veteran$karno / 10
  expect_equal(lms_logrank(formula, veteran, weights = w)$chisq, weighted$chisq)
  expect_equal(lms_logrank(formula, veteran, weights = "w")$chisq, weighted$chisq)
  expect_equal(lms_logrank(formula, veteran, weights = veteran$w)$chisq, weighted$chisq)
})

test_that("groups may be of any kind", {
  data <- transform(veteran, cell = as.character(celltype), old = age > 60)
  f <- function(...) lms_logrank(..., data = data)$chisq
  expect_equal(f(Surv(time, status) ~ cell), f(Surv(time, status) ~ celltype))
  expect_equal(f(Surv(time, status) ~ old), f(Surv(time, status) ~ (age > 60)))
  expect_equal(f(Surv(time, status) ~ factor(trt)), f(Surv(time, status) ~ trt))
  theirs <- survival::survdiff(Surv(time, status) ~ old + trt, data)
  both <- lms_logrank(Surv(time, status) ~ old + trt, data)
  expect_equal(both$chisq, theirs$chisq)
  expect_equal(names(both$n)[1], "old=FALSE, trt=1")
  expect_equal(as.character(both$variables$old), c("FALSE", "FALSE", "TRUE", "TRUE"))
  levels(data$celltype) <- c("a", "a", "b", "c")
  data$celltype <- factor(data$celltype, c("z", "a", "b", "c"))
  expect_message(test <- lms_logrank(Surv(time, status) ~ celltype, data), "\"z\" has no rows")
  expect_equal(test$parameter, c(df = 2))
})

test_that("missing values are left out and counted", {
  test <- lms_logrank(Surv(time, status) ~ ph.ecog, survival::lung, event = 2)
  expect_equal(length(test$na.action), 1)
  expect_equal(test$missing, c(ph.ecog = 1))
  expect_equal(test$nobs, 227)
  expect_error(
    lms_logrank(Surv(time, status) ~ ph.ecog, survival::lung, event = 2, na.action = na.fail),
    class = "lmsurv_error_missing"
  )
})

test_that("trend takes scores in order or by name", {
  f <- Surv(time, status) ~ celltype
  test <- lms_logrank(f, veteran, trend = TRUE)
  u <- test$obs - test$exp
  expect_equal(test$trend$z, sum(1:4 * u) / sqrt(c(1:4 %*% test$var %*% 1:4)))
  expect_equal(test$trend$statistic, c("chi-squared" = test$trend$z^2))
  expect_equal(
    test$trend$p.value, stats::pchisq(test$trend$z^2, 1, lower.tail = FALSE)
  )
  expect_equal(lms_logrank(f, veteran, trend = 1:4)$trend, test$trend)
  named <- c(large = 4, adeno = 3, smallcell = 2, squamous = 1)
  expect_equal(lms_logrank(f, veteran, trend = named)$trend, test$trend)
  names(named) <- paste0("celltype=", names(named))
  expect_equal(lms_logrank(f, veteran, trend = named)$trend, test$trend)
  expect_equal(lms_logrank(f, veteran, trend = 10 + 5 * (1:4))$trend$z, test$trend$z)
  expect_equal(lms_logrank(f, veteran, trend = -(1:4))$trend$z, -test$trend$z)
  two <- lms_logrank(Surv(time, status) ~ trt + strata(celltype), veteran, trend = TRUE)
  expect_equal(two$trend$statistic, two$statistic)
})

test_that("the trend test is the score test of the Cox model with the score as covariate", {
  set.seed(3)
  data <- data.frame(time = rexp(90), status = rbinom(90, 1, 0.7), dose = rep(c(0, 1, 5), 30))
  test <- lms_logrank(Surv(time, status) ~ dose, data, trend = c(0, 1, 5))
  cox <- survival::coxph(Surv(time, status) ~ dose, data)
  expect_equal(test$trend$statistic[[1]], cox$score, tolerance = 1e-10)
  robust <- lms_logrank(Surv(time, status) ~ dose, data, trend = c(0, 1, 5), robust = TRUE)
  cox <- survival::coxph(Surv(time, status) ~ dose, data, robust = TRUE)
  expect_equal(robust$trend$statistic[[1]], cox$rscore[[1]], tolerance = 1e-10)
})

test_that("pairs are tests of their own two groups, with adjusted p-values", {
  f <- Surv(time, status) ~ celltype + strata(trt)
  test <- lms_logrank(f, veteran, rho = 1, pairwise = TRUE, adjust = "BH")
  expect_equal(nrow(test$pairwise), 6)
  for (i in seq_len(6)) {
    pair <- sub("celltype=", "", unlist(test$pairwise[i, 1:2]))
    alone <- subset(veteran, celltype %in% pair)
    theirs <- survival::survdiff(f, alone, rho = 1)
    expect_equal(test$pairwise$statistic[i], theirs$chisq)
    expect_equal(test$pairwise$p.value[i], theirs$pvalue)
  }
  expect_equal(test$pairwise$p.adjusted, stats::p.adjust(test$pairwise$p.value, "BH"))
  expect_equal(test$adjust, "BH")
  holm <- lms_logrank(f, veteran, rho = 1, pairwise = TRUE)
  expect_equal(holm$pairwise$p.adjusted, stats::p.adjust(test$pairwise$p.value, "holm"))
})

test_that("where nothing can be compared the result is NA, with a warning", {
  expect_warning(
    test <- lms_logrank(Surv(time, status) ~ trt + strata(trt), veteran, pairwise = TRUE,
                        trend = TRUE),
    class = "lmsurv_warning_no_comparison"
  )
  expect_true(is.na(test$statistic) && is.na(test$p.value) && is.na(test$trend$p.value))
  expect_true(is.na(test$pairwise$p.adjusted))
  expect_output(print(test), "cannot be compared")
  data <- data.frame(time = c(1, 5, 6, 7, 8), status = c(0, 1, 1, 0, 1), g = c(1, 2, 3, 2, 3))
  expect_warning(
    test <- lms_logrank(Surv(time, status) ~ g, data), class = "lmsurv_warning_idle_group"
  )
  expect_equal(test$parameter, c(df = 1))
  expect_equal(test$chisq, lms_logrank(Surv(time, status) ~ g, data[-1, ])$chisq)
})

test_that("a group without events is compared", {
  data <- data.frame(time = 1:8, status = c(1, 0, 1, 0, 1, 0, 1, 0), g = rep(1:2, 4))
  test <- lms_logrank(Surv(time, status) ~ g, data)
  theirs <- survival::survdiff(Surv(time, status) ~ g, data)
  expect_equal(test$chisq, theirs$chisq)
})

test_that("close times are tied unless timefix says not", {
  data <- data.frame(time = c(1, 1 + 1e-12, 2, 3), status = c(1, 1, 1, 0), g = c(1, 2, 1, 2))
  expect_message(test <- lms_logrank(Surv(time, status) ~ g, data), "counts as tied")
  expect_equal(test$chisq, survival::survdiff(Surv(time, status) ~ g, data)$chisq)
  # survdiff(timefix = FALSE) of survival 3.5-3 stops: by definition, then.
  apart <- lms_logrank(Surv(time, status) ~ g, data, timefix = FALSE)
  sets <- slow_risk_sets(data$time, data$status, data$g)
  expect_equal(apart$chisq, slow_rank_test(sets, slow_weights(sets, "logrank"))$chisq)
  expect_false(apart$chisq == test$chisq)
})

test_that("the result is the same with one or two threads", {
  formula <- Surv(time, status) ~ celltype
  run <- function(threads) {
    withr::with_options(list(lmsurv.threads = threads), {
      lms_logrank(formula, veteran, pairwise = TRUE, weights = karno / 7)
    })
  }
  expect_identical(run(1L), run(2L))
})

test_that("what is refused is refused with a way out", {
  lung <- survival::lung
  f <- Surv(time, status == 2) ~ sex
  expect_snapshot({
    said(lms_logrank(f, lung, test = "wilcoxn"))
    said(lms_logrank(f, lung, test = "modified wilcoxon"))
    said(lms_logrank(f, lung, test = 3))
    said(lms_logrank(f, lung, test = "fh"))
    said(lms_logrank(f, lung, test = "peto", rho = 1))
    said(lms_logrank(f, lung, rho = -1))
    said(lms_logrank(f, lung, adjust = "BH"))
    said(lms_logrank(f, lung, pairwise = TRUE, adjust = "bonforoni"))
    said(lms_logrank(f, lung, pairwise = "yes"))
    said(lms_logrank(f, lung, trend = 1:3))
    said(lms_logrank(f, lung, trend = c(1, 1)))
    said(lms_logrank(f, lung, trend = c(m = 1, f = 2)))
    said(lms_logrank(f, lung, method = "peto"))
    said(lms_logrank(f, lung, strata = inst))
    said(lms_logrank(f, lung, wieghts = age))
    said(lms_logrank(f, lung, weights = age / 3, robust = FALSE))
    said(lms_logrank(Surv(time, status == 2) ~ 1, lung))
    said(lms_logrank(Surv(time, status == 2) ~ offset(age / 100), lung))
    said(lms_logrank(f, lung, subset = sex == 1))
    said(lms_logrank(Surv(time, status == 2) ~ strata(sex), lung))
    said(lms_logrank(Surv(time, status == 2) ~ age * sex, lung))
    said(lms_logrank(Surv(time, status == 2) ~ meal.cal, lung))
    said(lms_logrank(Surv(time, status == 2) ~ sexx, lung))
    said(lms_logrank(Surv(time, status == 3) ~ sex, lung))
    said(lms_logrank(Surv(-time, status) ~ sex, lung, event = 2))
    said(lms_logrank())
  })
})
