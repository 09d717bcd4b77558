fit <- lms_cox(Surv(time, died) ~ age + sexf + ph.ecog, complete)
ref <- reference(Surv(time, died) ~ age + sexf + ph.ecog, complete)
stratified <- lms_cox(Surv(time, died) ~ age + strata(sex), complete, weights = w, cluster = inst)
stratified_ref <- reference(
  Surv(time, died) ~ age + strata(sex), complete, weights = w, cluster = inst
)
new <- data.frame(age = c(50, 70), sexf = c("male", "female"), ph.ecog = 0:1, sex = 1:2)
numbers <- function(x) {
  names <- c("time", "n.risk", "n.event", "surv", "cumhaz", "std.err", "lower", "upper")
  their_curve(x)[intersect(names, names(x))]
}

test_that("survival: survfit, cox.zph, basehaz, concordance", {
  expect_close(numbers(survival::survfit(fit)), numbers(survival::survfit(ref)))
  expect_close(numbers(survival::survfit(fit, new)), numbers(survival::survfit(ref, new)))
  expect_close(
    numbers(survival::survfit(stratified, new)), numbers(survival::survfit(stratified_ref, new))
  )
  expect_close(survival::cox.zph(fit)$table, survival::cox.zph(ref)$table)
  expect_close(survival::cox.zph(stratified)$table, survival::cox.zph(stratified_ref)$table)
  expect_close(survival::basehaz(fit), survival::basehaz(ref))
  expect_close(survival::basehaz(fit, centered = FALSE), survival::basehaz(ref, centered = FALSE))
  expect_close(survival::concordance(fit)$concordance, survival::concordance(ref)$concordance)
  expect_close(
    survival::concordance(fit, newdata = complete[1:90, ])$concordance,
    survival::concordance(ref, newdata = complete[1:90, ])$concordance
  )
  expect_close(survival::coxph.detail(fit)$hazard, survival::coxph.detail(ref)$hazard)
})

test_that("emmeans", {
  skip_if_not_installed("emmeans")
  expect_close(
    as.data.frame(emmeans::emmeans(fit, "sexf")),
    as.data.frame(emmeans::emmeans(ref, "sexf")),
    ignore_attr = TRUE
  )
  local_model <- function() {
    cohort <- complete
    formula <- Surv(time, died) ~ log(age) * sexf + strata(inst)
    environment(formula) <- globalenv()
    lms_cox(formula, data = cohort, subset = age > 50)
  }
  direct <- reference(
    Surv(time, died) ~ log(age) * sexf + strata(inst), complete, subset = age > 50
  )
  got <- suppressMessages(
    as.data.frame(emmeans::emmeans(local_model(), "sexf", at = list(age = 60)))
  )
  old <- suppressMessages(as.data.frame(emmeans::emmeans(direct, "sexf", at = list(age = 60))))
  expect_close(got, old, ignore_attr = TRUE)
})

test_that("car", {
  skip_if_not_installed("car")
  expect_close(car::Anova(fit), car::Anova(ref), ignore_attr = TRUE)
  expect_close(
    car::Anova(fit, type = 3, test = "Wald"),
    car::Anova(ref, type = 3, test = "Wald"),
    ignore_attr = TRUE
  )
  expect_close(
    car::linearHypothesis(fit, "age = 0"), car::linearHypothesis(ref, "age = 0"), ignore_attr = TRUE
  )
})

test_that("multcomp", {
  skip_if_not_installed("multcomp")
  test <- function(model) multcomp::glht(model, multcomp::mcp(sexf = "Tukey"))
  expect_close(
    confint(test(fit), calpha = 1.96)$confint,
    confint(test(ref), calpha = 1.96)$confint,
    ignore_attr = TRUE
  )
})

test_that("lmtest", {
  skip_if_not_installed("lmtest")
  small <- update(fit, . ~ . - age)
  small_ref <- update(ref, . ~ . - age)
  expect_close(lmtest::waldtest(fit, small), lmtest::waldtest(ref, small_ref), ignore_attr = TRUE)
  expect_close(lmtest::lrtest(fit, small), lmtest::lrtest(ref, small_ref), ignore_attr = TRUE)
  expect_close(lmtest::coeftest(fit)[, ], lmtest::coeftest(ref)[, ])
})

test_that("insight", {
  skip_if_not_installed("insight")
  expect_identical(insight::find_predictors(fit), insight::find_predictors(ref))
  expect_close(insight::get_parameters(fit), insight::get_parameters(ref))
  expect_close(insight::get_varcov(fit), insight::get_varcov(ref))
  expect_identical(insight::n_obs(fit), insight::n_obs(ref))
  expect_identical(insight::model_info(fit)$is_survival, TRUE)
})

test_that("survminer", {
  skip_if_not_installed("survminer")
  plot <- survminer::ggforest(fit, data = complete)
  expect_s3_class(plot, "ggplot")
  curves <- survminer::ggadjustedcurves(fit, data = complete, variable = "sexf")
  expect_s3_class(curves, "ggplot")
})

# What every package makes of our model and of coxph()'s.
expect_same_of <- function(what, ...) expect_close(what(fit), what(ref), ignore_attr = TRUE, ...)

test_that("gtsummary", {
  skip_if_not_installed("gtsummary")
  expect_same_of(function(model) {
    table <- gtsummary::tbl_regression(model, exponentiate = TRUE)
    as.data.frame(table$table_body[c("label", "estimate", "conf.low", "conf.high", "p.value")])
  })
})

test_that("broom's own methods", {
  skip_if_not_installed("broom")
  coxph_method <- function(verb) getS3method(verb, "coxph", envir = asNamespace("broom"))
  expect_same_of(function(model) {
    as.data.frame(coxph_method("tidy")(model, exponentiate = TRUE, conf.int = TRUE))
  })
  expect_same_of(function(model) as.data.frame(coxph_method("glance")(model)))
})

test_that("modelsummary", {
  skip_if_not_installed("modelsummary")
  expect_same_of(function(model) {
    modelsummary::modelsummary(model, output = "data.frame", exponentiate = TRUE)
  })
})

test_that("parameters", {
  skip_if_not_installed("parameters")
  expect_same_of(function(model) as.data.frame(parameters::model_parameters(model)))
})

# Its version 1.0.0 fails in R before 4.4, with coxph() too. `type` has to be given: it knows those
# of coxph() by the first class alone.
test_that("marginaleffects", {
  skip_if_not_installed("marginaleffects")
  skip_if(getRversion() < "4.4" && utils::packageVersion("marginaleffects") >= "1.0.0")
  quiet <- function(expr) as.data.frame(suppressWarnings(expr))
  expect_same_of(function(model) quiet(marginaleffects::avg_comparisons(model, type = "lp")))
  expect_same_of(function(model) {
    quiet(marginaleffects::avg_slopes(model, variables = "age", type = "risk"))
  }, tolerance = 1e-6)
  expect_same_of(function(model) {
    grid <- marginaleffects::datagrid(sexf = c("male", "female"), model = model)
    quiet(marginaleffects::predictions(model, newdata = grid, type = "risk"))$estimate
  })
})

test_that("predict() still refuses what nobody hands on", {
  expect_error(predict(fit, mfc = 1), class = "lmsurv_error_argument")
})

test_that("MASS and riskRegression style generics find what they need", {
  skip_if_not_installed("MASS")
  expect_close(coef(MASS::stepAIC(fit, trace = 0)), coef(MASS::stepAIC(ref, trace = 0)))
  expect_close(MASS::dropterm(fit), MASS::dropterm(ref), ignore_attr = TRUE)
})
