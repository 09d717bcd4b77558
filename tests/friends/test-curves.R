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
