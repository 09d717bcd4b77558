test_that("mice: models of imputed data are pooled", {
  skip_if_not_installed("mice")
  imputed <- mice::mice(
    lung[c("time", "status", "age", "sex", "ph.ecog", "wt.loss")], m = 2, maxit = 2, seed = 1,
    printFlag = FALSE
  )
  pooled <- function(fits) summary(mice::pool(fits), conf.int = TRUE, exponentiate = TRUE)
  a <- pooled(with(imputed, lms_cox(Surv(time, status == 2) ~ age + sex + ph.ecog)))
  b <- pooled(with(
    imputed, survival::coxph(survival::Surv(time, status == 2) ~ age + sex + ph.ecog)
  ))
  expect_equal(as.data.frame(a), as.data.frame(b), tolerance = 1e-6)
  fits <- lapply(mice::complete(imputed, "all"), function(d) {
    lms_cox(Surv(time, status == 2) ~ age + sex + ph.ecog, d)
  })
  expect_equal(pooled(mice::as.mira(fits))$estimate, a$estimate)
  skip_if_not_installed("mitml")
  small <- with(imputed, lms_cox(Surv(time, status == 2) ~ age))
  large <- with(imputed, lms_cox(Surv(time, status == 2) ~ age + sex + ph.ecog))
  expect_s3_class(mice::D1(large, small), "mice.anova")
})

test_that("mitools", {
  skip_if_not_installed("mitools")
  halves <- split(complete, rep(1:2, length.out = nrow(complete)))
  combined <- function(fit) {
    found <- mitools::MIcombine(lapply(halves, function(d) fit(Surv(time, died) ~ age + sexf, d)))
    list(stats::coef(found), stats::vcov(found))
  }
  expect_equal(combined(lms_cox), combined(survival::coxph), tolerance = 1e-6)
})

test_that("broom's own methods", {
  skip_if_not_installed("broom")
  method <- function(verb) getS3method(verb, "coxph", envir = asNamespace("broom"))
  expect_same(function(fit) {
    as.data.frame(method("tidy")(fit, exponentiate = TRUE, conf.int = TRUE))
  })
  expect_same(function(fit) as.data.frame(method("glance")(fit)))
  expect_same(function(fit) as.data.frame(method("augment")(fit, data = complete)))
})

test_that("car", {
  skip_if_not_installed("car")
  expect_same(function(fit) as.data.frame(car::Anova(fit)))
  expect_same(function(fit) as.data.frame(car::Anova(fit, type = 3, test = "Wald")))
  expect_same(function(fit) as.data.frame(car::linearHypothesis(fit, "age = ph.ecog")))
  expect_same(function(fit) car::vif(fit))
  expect_same(function(fit) unclass(car::deltaMethod(fit, "exp(age)")))
})

test_that("emmeans", {
  skip_if_not_installed("emmeans")
  expect_same(function(fit) as.data.frame(emmeans::emmeans(fit, "sexf", type = "response")))
  expect_same(function(fit) as.data.frame(pairs(emmeans::emmeans(fit, "sexf"))))
})

test_that("multcomp, lmtest and sandwich", {
  skip_if_not_installed("multcomp")
  skip_if_not_installed("lmtest")
  skip_if_not_installed("sandwich")
  expect_same(function(fit) {
    confint(multcomp::glht(fit, multcomp::mcp(sexf = "Tukey")), calpha = 1.96)$confint
  })
  expect_same(function(fit) lmtest::coeftest(fit)[, ])
  expect_same(function(fit) as.data.frame(lmtest::lrtest(fit, update(fit, . ~ . - age))))
  expect_same(function(fit) as.data.frame(lmtest::waldtest(fit, update(fit, . ~ . - age))))
  expect_same(function(fit) sandwich::estfun(fit))
  expect_same(function(fit) sandwich::bread(fit))
  expect_same(function(fit) sandwich::sandwich(fit))
})

test_that("MASS", {
  skip_if_not_installed("MASS")
  expect_same(function(fit) stats::coef(MASS::stepAIC(fit, trace = 0)))
  expect_same(function(fit) as.data.frame(MASS::dropterm(fit, test = "Chisq")))
  expect_same(function(fit) as.data.frame(MASS::addterm(fit, ~ . + wt.loss, test = "Chisq")))
})

test_that("ggeffects", {
  skip_if_not_installed("ggeffects")
  expect_same(function(fit) as.data.frame(ggeffects::ggpredict(fit, "ph.ecog")))
  expect_same(function(fit) {
    as.data.frame(ggeffects::ggpredict(fit, c("sexf"), type = "surv"))
  })
})

test_that("insight, parameters and performance", {
  skip_if_not_installed("insight")
  expect_same(insight::find_predictors)
  expect_same(insight::find_response)
  expect_same(insight::get_parameters)
  expect_same(insight::get_varcov)
  expect_same(insight::n_obs)
  expect_same(function(fit) insight::get_data(fit)[c("age", "ph.ecog")])
  skip_if_not_installed("parameters")
  expect_same(function(fit) as.data.frame(parameters::model_parameters(fit, exponentiate = TRUE)))
  expect_same(function(fit) as.data.frame(parameters::ci(fit)))
  expect_same(function(fit) as.data.frame(parameters::standard_error(fit)))
  skip_if_not_installed("performance")
  expect_same(function(fit) as.data.frame(performance::model_performance(fit)))
  expect_same(function(fit) as.data.frame(performance::check_collinearity(fit)))
})

test_that("Hmisc and rms", {
  skip_if_not_installed("Hmisc")
  expect_same(function(fit) {
    unclass(Hmisc::rcorr.cens(-predict(fit), survival::Surv(complete$time, complete$died)))
  })
  skip_if_not_installed("rms")
  expect_same(function(fit) unclass(rms::vif(fit)))
})

test_that("packages that Debian does not have", {
  skip_if_not_installed("gtsummary")
  expect_same(function(fit) {
    table <- gtsummary::tbl_regression(fit, exponentiate = TRUE)
    as.data.frame(table$table_body[c("label", "estimate", "conf.low", "conf.high", "p.value")])
  })
})
