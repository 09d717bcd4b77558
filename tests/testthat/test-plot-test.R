# The test that is given to a figure, and what the figure says of it.
cohort <- figure_cohort()
fit <- lms_km(Surv(months, died) ~ drug, cohort)
both <- lms_km(Surv(months, died) ~ drug + sex, cohort)

text_of <- function(plot) {
  unname(vapply(grob_cells(drawn(plot), "^test-"), `[[`, "", "label"))
}

shown <- function(test, curves = fit, ...) text_of(autoplot(curves, ..., p_value = test))

rank_test <- function(formula, data = cohort, ...) {
  suppressWarnings(suppressMessages(lms_logrank(formula, data, ...)))
}

test_that("a test of other patients, groups, times, events or weights is refused", {
  withr::local_seed(4)
  drug <- Surv(months, died) ~ drug
  expect_error(shown(rank_test(drug, cohort[1:50, ])), "test of 50 rows, the curves are of 300")
  expect_error(shown(rank_test(drug, cohort[sample(300, replace = TRUE), ])), "other groups, times")
  expect_error(shown(rank_test(Surv(months, died) ~ sex)), "of `sex`, not of `drug`")
  expect_error(shown(rank_test(Surv(months, died) ~ stage)), "of `stage`, not of `drug`")
  expect_error(shown(rank_test(Surv(months, !died) ~ drug)), "other groups, times, events")
  expect_error(shown(rank_test(Surv(pmin(months, 60), died) ~ drug)), "other groups, times")
  expect_error(shown(rank_test(Surv(entry, months, died) ~ drug)), "other groups, times")
  expect_error(shown(rank_test(drug, weights = weight)), "weights")
  expect_error(shown(rank_test(drug, transform(cohort, drug = sample(drug)))), "other groups")
  expect_error(shown(rank_test(Surv(months, died) ~ drug + sex)), "of `drug` and `sex`")
  expect_error(shown(rank_test(drug), both), "of `drug`, not of `drug` and `sex`")
  expect_error(shown(rank_test(drug), lms_km(Surv(months, died) ~ 1, cohort)), "not of one curve")
  expect_error(shown(rank_test(drug), fit["drug=A"]), "the curves are of")
  expect_error(shown(stats::t.test(1:9)), "made by lms_logrank")
  # Each test of the right curves is taken: whatever the patients, weights and entries.
  for (i in 1:8) {
    rows <- cohort[sample(300, sample(40:300, 1), replace = i > 4), ]
    formula <- list(drug, Surv(entry, months, died) ~ stage, Surv(months, died) ~ stage + sex)[[
      i %% 3L + 1L]]
    curves <- suppressWarnings(lms_km(formula, rows))
    expect_length(shown(rank_test(formula, rows, test = "gehan"), curves), 1L)
    weighted <- suppressWarnings(lms_km(formula, rows, weights = weight))
    expect_length(shown(rank_test(formula, rows, weights = weight, rho = 1), weighted), 1L)
    expect_error(shown(rank_test(formula, rows), weighted), "weights")
  }
})

test_that("a test is named as what it is, of the p-value that was asked for", {
  expect_p <- function(test, words, p = test$p.value, ...) {
    expect_equal(shown(test, ...), paste(words, "p", p_equals(p)))
  }
  drug <- Surv(months, died) ~ drug
  expect_p(rank_test(drug), "Log-rank")
  expect_p(rank_test(drug, test = "gehan"), "Gehan-Wilcoxon")
  expect_p(rank_test(drug, test = "tarone-ware"), "Tarone-Ware")
  expect_p(rank_test(drug, gamma = 1), "Fleming-Harrington (rho = 0, gamma = 1)")
  expect_p(rank_test(drug, robust = TRUE), "Robust log-rank")
  expect_p(rank_test(Surv(months, died) ~ drug + strata(sex)), "Stratified log-rank")
  expect_p(rank_test(Surv(months, died) ~ drug + strata(sex), test = "peto"),
           "Stratified Peto-Peto")
  stage <- lms_km(Surv(months, died) ~ stage, cohort)
  trend <- rank_test(Surv(months, died) ~ stage, trend = TRUE)
  expect_p(trend, "Log-rank trend", trend$trend$p.value, curves = stage)
  expect_false(isTRUE(all.equal(trend$p.value, trend$trend$p.value)))
  trend <- rank_test(Surv(months, died) ~ stage + strata(sex), trend = TRUE, test = "gehan")
  expect_p(trend, "Stratified Gehan-Wilcoxon trend", trend$trend$p.value, curves = stage)
  # The same groups under another name, or of survival's curves.
  theirs <- survival::survfit(drug, cohort)
  expect_p(rank_test(Surv(months, died) ~ factor(drug, labels = c("x", "y"))), "Log-rank")
  expect_p(rank_test(drug), "Log-rank", curves = theirs)
})

test_that("in facets a test of all curves is written once, those of panels in each", {
  facets <- function(p_value, curves = both) {
    text_of(autoplot(curves, by = "drug", p_value = p_value))
  }
  stratified <- rank_test(Surv(months, died) ~ drug + strata(sex))
  expect_equal(facets(stratified),
               paste0("Stratified log-rank p ", p_equals(stratified$p.value), "\n(all panels)"))
  expect_length(facets(TRUE), 2L)
  weighted <- lms_km(Surv(months, died) ~ drug + sex, cohort, weights = weight)
  expect_match(facets(TRUE, weighted), "^Robust log-rank p .*\n.all panels.$")
  # A panel of one stratum has no stratified test.
  strata <- lms_km(Surv(months, died) ~ drug + strata(sex), cohort)
  each <- vapply(levels(cohort$sex), function(sex) {
    paste("Log-rank p", p_equals(rank_test(Surv(months, died) ~ drug,
                                           cohort[cohort$sex == sex, ])$p.value))
  }, "")
  expect_equal(facets(TRUE, strata), unname(each))
  expect_match(shown(TRUE, strata), "^Stratified log-rank")
})

test_that("curves of survival with late entries have no test made from their counts", {
  late <- survival::survfit(Surv(entry, months, died) ~ drug, cohort)
  expect_error(autoplot(late, p_value = TRUE), "entry times are not kept")
})
