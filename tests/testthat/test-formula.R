ref <- reference(Surv(time, died) ~ age + strata(sex) + cluster(inst), lung)

test_that("specials are known by the function they are, however they are written", {
  alias <- survival::strata
  formulas <- list(
    Surv(time, died) ~ age + strata(sex) + cluster(inst),
    survival::Surv(time, died) ~ age + survival::strata(sex) + survival::cluster(inst),
    lmsurv::Surv(time, died) ~ age + lmsurv::strata(sex) + lmsurv::cluster(inst),
    Surv(time, died) ~ age + alias(sex) + (cluster(inst))
  )
  for (formula in formulas) {
    fit <- lms_cox(formula, lung)
    expect_close(coef(fit), coef(ref))
    expect_close(vcov(fit), vcov(ref))
    expect_identical(fit$clusters, 18L)
    expect_identical(attr(fit$terms, "term.labels"), c("age", "strata(sex)"))
  }
  fit <- lms_cox(Surv(time, died) ~ sex + stats::offset(age / 100), lung)
  expect_identical(names(coef(fit)), "sex")
  expect_close(coef(fit), coef(reference(Surv(time, died) ~ sex + offset(age / 100), lung)))
})

test_that("two columns in place of a formula are told so", {
  for (verb in list(lms_km, lms_cox, lms_logrank, lms_cuminc)) {
    expect_error(verb(lung$time, lung$died), "`formula` must be a formula, not a numeric vector",
                 class = "lmsurv_error_formula")
  }
})

test_that("a model made without survival attached serves survfit, cox.zph and predict", {
  env <- new.env(parent = baseenv())
  formula <- eval(quote(survival::Surv(time, died) ~ age + survival::strata(sex)), env)
  fit <- lms_cox(formula, lung)
  ref <- reference(Surv(time, died) ~ age + strata(sex), lung)
  new <- data.frame(age = c(50, 60), sex = 1:2)
  expect_close(survival::survfit(fit, new)$cumhaz, survival::survfit(ref, new)$cumhaz)
  expect_close(survival::cox.zph(fit)$table, survival::cox.zph(ref)$table)
  expect_close(predict(fit, new), predict(ref, new))
})

test_that("a variable may have the name of a special", {
  d <- within(lung, {
    strata <- sex
    cluster <- age
    tt <- wt.loss
  })
  fit <- lms_cox(Surv(time, died) ~ strata + cluster + tt, d)
  expect_identical(names(coef(fit)), c("strata", "cluster", "tt"))
})

test_that("formulas work from variables, functions, loops, pipes and a data called data", {
  expected <- coef(reference(Surv(time, died) ~ age + sex, lung))
  formula <- Surv(time, died) ~ age + sex
  data <- lung
  expect_close(coef(lms_cox(formula, data)), expected)
  expect_close(coef(lms_cox(formula, data = data)), expected)
  inner <- function(data, f) {
    cohort <- data
    lms_cox(f, data = cohort)
  }
  expect_close(coef(inner(lung, formula)), expected)
  made <- function(data) {
    scale <- 1
    lms_cox(Surv(time, died) ~ I(age * scale) + sex, data)
  }
  expect_close_values(coef(made(lung)), expected)
  each <- lapply(c("age", "sex"), function(v) lms_cox(reformulate(v, "Surv(time, died)"), lung))
  expect_identical(vapply(each, function(fit) names(coef(fit)), ""), c("age", "sex"))
  for (v in c("age", "sex")) expect_named(
    coef(lms_cox(as.formula(paste("Surv(time, died) ~", v)), lung)), v
  )
  expect_close(coef(lung |> lms_cox(formula = Surv(time, died) ~ age + sex)), expected)
  expect_close(coef(with(lung, lms_cox(Surv(time, died) ~ age + sex))), expected)
  expect_close(coef(do.call(lms_cox, list(formula, data = lung))), expected)
  expect_close(coef(lms_cox(Surv(time, died) ~ ., lung[c("time", "died", "age", "sex")])), expected)
})

test_that("data may be a tibble, a data.table, a list, a matrix or an environment", {
  expected <- coef(reference(Surv(time, died) ~ age + sex, lung))
  columns <- lung[c("time", "died", "age", "sex")]
  expect_close(coef(lms_cox(Surv(time, died) ~ age + sex, as.list(columns))), expected)
  expect_close(coef(lms_cox(Surv(time, died) ~ age + sex, as.matrix(columns))), expected)
  expect_close(coef(lms_cox(Surv(time, died) ~ age + sex, list2env(columns))), expected)
  skip_if_not_installed("tibble")
  expect_close(coef(lms_cox(Surv(time, died) ~ age + sex, tibble::as_tibble(columns))), expected)
  skip_if_not_installed("data.table")
  expect_close(
    coef(
      lms_cox(Surv(time, died) ~ age + sex, data.table::as.data.table(columns), subset = age > 0)
    ),
    expected
  )
})

test_that("what is no Cox formula is explained", {
  expect_snapshot({
    said(lms_cox(lung, Surv(time, died) ~ age))
    said(lung |> lms_cox(Surv(time, died) ~ age))
    said(lms_cox(~age, lung))
    said(lms_cox(Surv(time, died), lung))
    said(lms_cox(surv(time, died) ~ age, lung))
    said(lms_cox(Surv(time, died) ~ ns(age, 3), lung))
    said(lms_cox("Surv(time, died) ~ age", lung))
    said(lms_cox(list(Surv(time, died) ~ age), lung))
    said(lms_cox(Surv(time, died) ~ tt(age), lung))
    said(lms_cox(Surv(time, died) ~ survival::frailty(inst), lung))
    said(lms_cox(Surv(time, died) ~ ridge(age, theta = 1), lung))
    said(lms_cox(Surv(time, died) ~ pspline(age), lung))
    said(lms_cox(Surv(time, died) ~ age * cluster(inst), lung))
    said(lms_cox(Surv(time, died) ~ age + cluster(inst) + cluster(sex), lung))
    said(lms_cox(Surv(time, died) ~ agee + sex, lung))
    said(lms_cox(Surv(time, died) ~ ., environment()))
    said(lms_cox(Surv(time, died) ~ age + died, lung))
    said(lms_cox(Surv(time, died) ~ age + cluster(inst), lung, cluster = sex))
  })
})

test_that("intercepts do not count, as in coxph", {
  fit <- lms_cox(Surv(time, died) ~ sexf - 1, lung)
  expect_close(coef(fit), coef(reference(Surv(time, died) ~ sexf, lung)))
})

test_that("strata are survival's, however they are made", {
  d <- data.frame(
    f = factor(c("b", "a", "b", "c"), c("c", "b", "a", "none")), s = c("x", "y", "x", "w"),
    g = factor(c("u", "v", "u", "v")), n = c(2, 1, 1, 2), o = factor(1:4, ordered = TRUE),
    m = c("x", NA, "y", "x")
  )
  ours <- new.env()
  ours$strata <- plain_strata
  calls <- expression(
    strata(f), strata(s), strata(g), strata(n), strata(o), strata(m), strata(f, s), strata(n, s),
    strata(g, shortlabel = FALSE), strata(n > 1)
  )
  for (call in calls) {
    expect_identical(eval(call, d, ours), eval(call, d, asNamespace("survival")))
  }
})
