# What judges predictions of a model.
times <- c(180, 365, 600)
# They ask for `x = TRUE`, of a coxph too.
kept <- lms_cox(Surv(time, died) ~ age + sexf + ph.ecog, complete, eps = 1e-12, x = TRUE)

test_that("riskRegression", {
  skip_if_not_installed("riskRegression")
  expect_same(function(fit) {
    riskRegression::predictRisk(fit, newdata = complete[1:20, ], times = times)
  }, kept)
  expect_same(function(fit) {
    score <- riskRegression::Score(
      list(cox = fit), formula = Surv(time, died) ~ 1, data = complete, times = times,
      metrics = c("auc", "brier"), conf.int = FALSE
    )
    list(as.data.frame(score$AUC$score), as.data.frame(score$Brier$score))
  }, kept)
})

test_that("pec", {
  skip_if_not_installed("pec")
  Hist <- prodlim::Hist # nolint: object_name_linter, object_usage_linter.
  predicted <- function(fit) pec::predictSurvProb(fit, newdata = complete[1:20, ], times = times)
  expect_same(predicted, kept)
  expect_same(function(fit) {
    found <- pec::pec(
      list(cox = fit), formula = Surv(time, died) ~ 1, data = complete, exact = FALSE,
      times = times, start = 1, verbose = FALSE
    )
    found$AppErr$cox
  }, kept)
})

test_that("survival's own", {
  expect_same(function(fit) survival::concordance(fit)[c("concordance", "count", "var")])
  expect_same(function(fit) survival::royston(fit))
  withr::local_package("survival")
  expect_same(function(fit) survival::yates(fit, "sexf")$estimate)
  expect_same(function(fit) survival::cox.zph(fit)$table)
  expect_same(function(fit) survival::coxph.detail(fit)$hazard)
})
