test_that("survminer", {
  skip_if_not_installed("survminer")
  expect_same(function(fit) {
    drawn(survminer::ggadjustedcurves(fit, data = complete, variable = "sexf"))
  })
  expect_same(function(fit) drawn(survminer::ggforest(fit, data = complete)))
  expect_same(function(fit) survminer::surv_summary(fit, complete), our_curves, their_curves)
  expect_same(function(fit) survminer::surv_median(fit), our_curves, their_curves)
  expect_same(function(fit) survminer::surv_pvalue(fit, complete)$pval, our_curves, their_curves)
  expect_same(function(fit) drawn(survminer::ggsurvplot(fit, complete)$plot),
              our_curves, their_curves)
  expect_no_error(survminer::ggcoxdiagnostics(ours, type = "dfbeta"))
})

test_that("curves made in a loop are tested by their own formula", {
  skip_if_not_installed("survminer")
  variables <- c("sex", "ph.ecog")
  curves <- list()
  for (name in variables) {
    formula <- reformulate(name, quote(Surv(time, died)))
    curves[[name]] <- lms_km(formula, data = complete)
  }
  for (name in variables) {
    direct <- survival::survdiff(reformulate(name, quote(Surv(time, died))), complete)
    p <- stats::pchisq(direct$chisq, length(direct$n) - 1, lower.tail = FALSE)
    expect_equal(survminer::surv_pvalue(curves[[name]], complete)$pval, p, tolerance = 1e-10)
  }
})

test_that("pammtools and ggfortify", {
  skip_if_not_installed("ggfortify")
  expect_same(function(fit) ggplot2::fortify(fit), our_curves, their_curves)
})

test_that("ggsurvfit", {
  skip_if_not_installed("ggsurvfit")
  expect_same(function(fit) as.data.frame(ggsurvfit::tidy_survfit(fit)), our_curves, their_curves)
})

test_that("pseudo values of every type are survival's", {
  pbc <- transform(survival::pbc, cause = factor(status, 0:2, c("censored", "transplant", "death")))
  # pseudo() evaluates the call again from its own namespace.
  assign("pbc_of_friends", pbc, globalenv())
  withr::defer(rm("pbc_of_friends", envir = globalenv()))
  for (formula in list(Surv(time, cause) ~ sex, Surv(time, cause) ~ 1)) {
    a <- lms_cuminc(formula, pbc_of_friends)
    b <- eval(bquote(survival::survfit(.(formula), pbc_of_friends)))
    for (type in c("pstate", "cumhaz", "sojourn", "survival", "chaz", "rmst", "auc")) {
      found <- survival::pseudo(a, c(500, 1500), type = type)
      expect_true(is.numeric(found))
      expect_equal(found, survival::pseudo(b, c(500, 1500), type = type), ignore_attr = TRUE)
    }
  }
  for (formula in list(Surv(time, status == 2) ~ sex, Surv(time, status == 2) ~ 1)) {
    a <- lms_km(formula, pbc_of_friends)
    b <- eval(bquote(survival::survfit(.(formula), pbc_of_friends)))
    for (type in c("survival", "cumhaz", "rmst")) {
      found <- survival::pseudo(a, c(500, 1500), type = type)
      expect_true(is.numeric(found))
      expect_equal(found, survival::pseudo(b, c(500, 1500), type = type), ignore_attr = TRUE)
    }
  }
})
