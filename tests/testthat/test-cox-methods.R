make <- function(formula = Surv(time, died) ~ age + sexf, ...) {
  cohort <- lung
  lms_cox(formula, data = cohort, ...)
}

test_that("update works on a model made elsewhere", {
  formula <- Surv(time, died) ~ age + sexf
  for (fit in list(make(), make(formula))) {
    expect_identical(names(coef(update(fit, . ~ . - age))), "sexffemale")
    expect_identical(names(coef(update(fit, . ~ . + ph.karno))), c("age", "sexffemale", "ph.karno"))
    expect_identical(update(fit, ties = "breslow")$method, "breslow")
    expect_identical(update(fit, data = lung[1:100, ])$n, 100L)
    expect_identical(update(fit, subset = sex == 1, . ~ age)$n, 138L)
    expect_s3_class(update(fit, . ~ age), "lms_cox")
    expect_identical(update(fit, . ~ age, evaluate = FALSE)[[1]], quote(lms_cox))
  }
})

test_that("a cluster() term survives an update", {
  fit <- update(lms_cox(Surv(time, died) ~ age + cluster(inst), lung), . ~ . + sex)
  expect_identical(fit$clusters, 18L)
})

test_that("the model frame is kept, and made again where it is not", {
  ref <- reference(
    Surv(time, died) ~ age + wt.loss + offset(sex), lung, weights = w, cluster = inst, model = TRUE
  )
  kept <- lms_cox(Surv(time, died) ~ age + wt.loss + offset(sex), lung, weights = w, cluster = inst)
  again <- lms_cox(
    Surv(time, died) ~ age + wt.loss + offset(sex), lung, weights = w, cluster = inst, model = FALSE
  )
  expect_equal(model.frame(kept), model.frame(ref), ignore_attr = TRUE)
  expect_equal(model.frame(again), model.frame(kept), ignore_attr = TRUE)
  expect_identical(names(model.frame(kept)), names(model.frame(ref)))
  expect_identical(nrow(model.frame(kept, subset = 1:50)), nrow(model.frame(ref, subset = 1:50)))
  far <- make(Surv(time, status) ~ age, model = FALSE, event = 2)
  expect_silent(frame <- model.frame(far))
  expect_identical(frame$age, lung$age)
})

test_that("the model frame needs neither the data nor the call", {
  fit <- make()
  fit$call$data <- quote(no_longer_there)
  expect_identical(model.frame(fit)$age, lung$age)
  expect_silent(residuals(fit, "dfbeta"))
  expect_silent(drop1(fit))
  expect_silent(predict(fit, type = "terms"))
  expect_silent(survival::survfit(fit))
})

test_that("a model that keeps nothing finds its patients again, or says that they are gone", {
  d <- lung
  full <- lms_cox(Surv(time, status) ~ age + strata(sex), d, event = 2)
  bare <- lms_cox(Surv(time, status) ~ age + strata(sex), d, event = 2, model = FALSE, y = FALSE)
  expect_identical(bare$residuals, full$residuals)
  expect_identical(bare$concordance, full$concordance)
  expect_identical(residuals(bare, "score"), residuals(full, "score"))
  expect_identical(summary(bare)$concordance, summary(full)$concordance)
  rm(d)
  expect_snapshot({
    said(residuals(bare))
    said(model.frame(bare))
  })
})

test_that("the design of new data has the model's columns", {
  fit <- lms_cox(Surv(time, died) ~ age * sexf + initial, lung) |> suppressWarnings()
  expect_equal(model.matrix(fit, lung[1:9, ]), model.matrix(fit)[1:9, ], ignore_attr = TRUE)
})

test_that("accessors are those of a coxph", {
  fit <- lms_cox(Surv(time, died) ~ age + sexf, lung, weights = k)
  ref <- reference(Surv(time, died) ~ age + sexf, lung, weights = k)
  expect_close(vcov(fit), vcov(ref))
  expect_equal(formula(fit), formula(ref), ignore_formula_env = TRUE)
  expect_close(weights(fit), weights(ref))
  expect_close(fitted(fit), fitted(ref))
  expect_identical(case.names(fit), row.names(lung))
  alias <- suppressWarnings(lms_cox(Surv(time, died) ~ age + I(2 * age), lung))
  expect_identical(dim(vcov(alias, complete = FALSE)), c(1L, 1L))
  expect_identical(attr(logLik(alias), "df"), 1L)
})
