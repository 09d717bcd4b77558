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

test_that("components that are computed when read answer as those of any list", {
  fit <- lms_cox(Surv(time, died) ~ age, complete)
  ref <- survival::coxph(Surv(time, died) ~ age, complete)
  expect_true(all(c("residuals", "concordance") %in% names(fit)))
  plain <- structure(fit, class = "coxph")
  for (object in list(fit, plain, unclass(fit), unserialize(serialize(fit, NULL)))) {
    expect_close(object$residuals, ref$residuals)
    expect_close(object$resid, ref$residuals)
    expect_close(object[["residuals"]], ref$residuals)
    expect_close(object$conc, ref$concordance)
    expect_close(object[c("residuals", "concordance")], unclass(ref)[c("residuals", "concordance")])
  }
  expect_close(residuals(plain, "deviance"), residuals(ref, "deviance"))
  expect_close(summary(plain)$concordance, summary(ref)$concordance)
  expect_match(capture.output(str(unclass(fit)[c("n", "residuals")])), "residuals", all = FALSE)
  changed <- fit
  changed$residuals[1] <- 7
  expect_identical(unname(changed$residuals[1:2]), c(7, unname(fit$residuals[2])))
})

test_that("a component whose computation fails is an error, and R goes on", {
  broken <- lmsurv:::lazy_numbers(2, function() stop("not today"), list())
  for (i in 1:2) expect_error(sum(broken), "not today")
  wrong <- lmsurv:::lazy_numbers(2, function() "text", list())
  expect_error(sum(wrong), "could not be computed")
  expect_true(is.matrix(gc()))
})

# survival from 3.8 on leaves the mean of the offset in, see their_predictors().
test_that("linear predictors are centred as coxph before 3.8 centres an offset", {
  d <- transform(complete, off = age / 30)
  for (formula in list(Surv(time, died) ~ sexf + offset(off), Surv(time, died) ~ offset(off))) {
    fit <- lms_cox(formula, d, weights = w, eps = 1e-12)
    ref <- reference(formula, d, weights = w)
    predictors <- their_predictors(ref, d$off)
    expect_close(fit$linear.predictors, predictors)
    expect_close_values(predict(fit), predictors)
    expect_close_values(predict(fit, d), predictors)
    expect_close_values(predict(fit, type = "expected"), predict(ref, type = "expected"))
  }
})

test_that("a model frame of other data keeps the levels of the model", {
  fit <- lms_cox(Surv(time, died) ~ ecog + agegroup + strata(initial), complete)
  few <- model.frame(fit, data = complete[complete$ph.ecog == 1, ])
  expect_identical(levels(few$ecog), levels(model.frame(fit)$ecog))
  expect_identical(levels(few$`strata(initial)`), levels(model.frame(fit)$`strata(initial)`))
  expect_identical(dim(model.matrix(fit, few)), c(nrow(few), length(coef(fit))))
  unseen <- within(complete, ecog <- factor("9"))
  expect_error(model.frame(fit, data = unseen), class = "lmsurv_error_newdata")
})

test_that("methods pass over what packages hand on, and name what a user mistypes", {
  fit <- lms_cox(Surv(time, died) ~ age, complete)
  curves <- lms_km(Surv(time, died) ~ sexf, complete)
  for (verb in c("tidy", "glance", "predict", "residuals", "confint", "summary", "anova")) {
    call <- function(fit) get(verb)(fit, handed_on = "fixed")
    expect_error(call(fit), class = "lmsurv_error_argument")
    expect_error(lapply(list(fit), get(verb), handed_on = 1), class = "lmsurv_error_argument")
    expect_error(do.call(verb, list(fit, handed_on = 1)), class = "lmsurv_error_argument")
    environment(call) <- list2env(list(verb = verb), parent = asNamespace("tools"))
    assign(verb, get(verb), environment(call))
    expect_no_error(call(fit))
    expect_no_error(lapply(list(fit), call))
  }
  for (verb in c("tidy", "glance")) {
    call <- function(fit) get(verb)(fit, effects = "fixed")
    expect_error(call(curves), class = "lmsurv_error_argument")
    environment(call) <- list2env(list(verb = verb), parent = asNamespace("tools"))
    assign(verb, get(verb), environment(call))
    expect_no_error(call(curves))
  }
})

test_that("the call of every verb holds the formula itself, and no data", {
  formula <- Surv(time, died) ~ sexf
  verbs <- list(
    lms_cox = lms_cox, lms_km = lms_km, lms_logrank = lms_logrank, lms_rmst = lms_rmst,
    lms_rates = function(...) lms_rates(..., times = 100),
    lms_cuminc = function(...) lms_cuminc(..., event = "TRUE")
  )
  d <- transform(complete, died = died == 1)
  for (name in setdiff(names(verbs), "lms_cuminc")) {
    fits <- lapply(list(formula), function(f) verbs[[name]](f, data = d))
    call <- fits[[1]]$call
    expect_identical(call$formula, quote(Surv(time, died) ~ sexf))
    expect_null(environment(call$formula))
    expect_lt(length(serialize(call, NULL)), 2000)
  }
  states <- transform(complete, cause = factor(died, 0:1, c("none", "death")))
  f <- Surv(time, cause) ~ sexf
  expect_identical(lms_cuminc(f, states)$call$formula, quote(Surv(time, cause) ~ sexf))
  made <- Map(function(f) lms_cox(f, d), list(Surv(time, died) ~ age, Surv(time, died) ~ sexf))
  expect_identical(made[[1]]$call$formula, quote(Surv(time, died) ~ age))
  cut <- 60
  above <- lms_cox(stats::as.formula("Surv(time, died) ~ I(age > cut)"), d)
  expect_identical(coef(update(above)), coef(above))
})
