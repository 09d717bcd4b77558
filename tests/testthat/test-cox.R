# One fit for every kind of data and option, component by component.
cases <- list(
  quote(f(Surv(time, died) ~ age + sexf + ph.ecog, lung)),
  quote(f(Surv(time, died) ~ age + sexf, lung, ties = "breslow")),
  quote(f(Surv(time, died) ~ age + sexf, lung, ties = "exact")),
  quote(f(Surv(time, died) ~ age + strata(sex), lung)),
  quote(f(Surv(time, died) ~ age * strata(sex), lung)),
  quote(f(Surv(time, died) ~ age + agegroup, lung, weights = w)),
  quote(f(Surv(time, died) ~ age + agegroup, lung, weights = w, robust = FALSE)),
  quote(f(Surv(time, died) ~ age + sexf, lung, cluster = inst)),
  quote(f(Surv(time, died) ~ age + sexf + cluster(inst), lung, weights = w)),
  quote(f(Surv(time, died) ~ age + sexf, lung, robust = TRUE)),
  quote(f(Surv(time, died) ~ age + sexf, lung, subset = age > 50, na.action = na.exclude)),
  quote(f(Surv(time, died) ~ age + sexf, lung, init = c(0.01, -0.3))),
  quote(f(Surv(start, stop, event) ~ age + surgery + transplant, survival::heart)),
  quote(
    f(
      Surv(start, stop, event) ~ (age + surgery) * transplant,
      survival::heart,
      id = id,
      robust = TRUE
    )
  ),
  quote(f(Surv(start, stop, event) ~ age + strata(surgery), survival::heart, cluster = id)),
  quote(f(Surv(time, died) ~ 1, lung)),
  quote(f(Surv(time, died) ~ strata(sex), lung))
)

test_that("components are coxph's", {
  for (case in cases) {
    fit <- eval(case, list(f = lms_cox))
    ref <- eval(case, list(f = reference))
    expect_same_fit(fit, ref)
    expect_s3_class(fit, c("lms_cox", class(ref)), exact = TRUE)
    expect_identical(fit$call[[1]], quote(f))
  }
})

test_that("an offset counts in full", {
  fit <- lms_cox(Surv(time, died) ~ sexf + offset(age / 20), lung)
  ref <- reference(Surv(time, died) ~ sexf + offset(age / 20), lung)
  expect_same_fit(fit, ref, except = c("offset", "linear.predictors"))
  expect_identical(fit$offset, lung$age / 20)
  expect_close_values(fit$linear.predictors, their_predictors(ref, fit$offset))
  # a covariate at its estimate as offset leaves the other where it was
  both <- lms_cox(Surv(time, died) ~ sexf + age, lung)
  held <- lms_cox(Surv(time, died) ~ sexf + offset(coef(both)[["age"]] * age), lung)
  expect_close(coef(held), coef(both)["sexffemale"])
  expect_close(held$loglik[2], both$loglik[2])
})

test_that("the robust score test with an offset starts from the offset", {
  d <- within(lung, o <- age / 20)
  fit <- lms_cox(Surv(time, died) ~ sexf + offset(o), d, robust = TRUE)
  null <- reference(Surv(time, died) ~ sexf + offset(o), d, init = 0, iter.max = 0)
  u <- residuals(suppressWarnings(null), "score")
  expect_close(fit$rscore, sum(u)^2 / sum(u^2))
})

test_that("laws hold: order of rows, unit of time, split intervals", {
  fit <- lms_cox(Surv(time, died) ~ age + sexf, lung)
  shuffled <- lung[order(lung$age, -lung$time), ]
  expect_close(coef(lms_cox(Surv(time, died) ~ age + sexf, shuffled)), coef(fit))
  expect_close(coef(lms_cox(Surv(time / 30.4375, died) ~ age + sexf, lung)), coef(fit))
  split <- survival::survSplit(Surv(time, died) ~ ., lung, cut = c(100, 400), episode = "part")
  parts <- lms_cox(Surv(tstart, time, died) ~ age + sexf, split)
  expect_close(coef(parts), coef(fit))
  expect_close(vcov(parts), vcov(fit))
  one <- lms_cox(Surv(time, died) ~ age + sexf, lung, threads = 1)
  expect_identical(coef(one), coef(fit))
})

test_that("control may be a list, coxph.control() or settings by name", {
  a <- suppressWarnings(
    lms_cox(Surv(time, died) ~ age, lung, control = lms_cox_control(iter.max = 1))
  )
  expect_warning(
    b <- lms_cox(Surv(time, died) ~ age, lung, iter.max = 1),
    class = "lmsurv_warning_not_converged"
  )
  expect_identical(coef(a), coef(b))
  c <- lms_cox(
    Surv(time, died) ~ age, lung, control = survival::coxph.control(iter.max = 30), toler.inf = 1e-5
  )
  expect_close(coef(c), coef(reference(Surv(time, died) ~ age, lung)))
})

test_that("with iter.max = 0 the model is evaluated at init", {
  fit <- lms_cox(Surv(time, died) ~ age, lung, init = 0.02, iter.max = 0) |> suppressWarnings()
  ref <- survival::coxph(Surv(time, died) ~ age, lung, init = 0.02, iter.max = 0)
  expect_close(fit$coefficients, ref$coefficients)
  expect_close(fit$loglik[2], ref$loglik[2])
  expect_close(fit$var, ref$var)
})

test_that("collinear columns are NA and named in one warning, or an error", {
  d <- within(lung, {
    age2 <- 2 * age
    one <- 1
  })
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age + age2 + one + sex, d))
    said(lms_cox(Surv(time, died) ~ age + age2, d, singular.ok = FALSE))
  })
  fit <- suppressWarnings(lms_cox(Surv(time, died) ~ age + age2 + one + sex, d))
  ref <- reference(Surv(time, died) ~ age + age2 + one + sex, d)
  expect_same_fit(fit, ref)
})

test_that("a coefficient that runs to infinity is flagged and named with its counts", {
  d <- within(lung, {
    grade <- factor(rep(c("G1", "G2", "G3"), 76), c("G1", "G2", "G3", "G4"))
    grade[which(died == 0)[1:12]] <- "G4"
    flag <- as.numeric(grade == "G4")
  })
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age + grade, d))
    said(lms_cox(Surv(time, died) ~ age + flag, d))
    said(lms_cox(Surv(time, died) ~ age + grade:sexf, d))
    said(lms_cox_fit(cbind(age = d$age, flag = d$flag), d$time, d$died))
  })
  fit <- suppressWarnings(lms_cox(Surv(time, died) ~ age + grade, d))
  expect_false(fit$converged)
  expect_identical(fit$infinite, c(gradeG4 = -Inf))
  limit <- lms_cox(Surv(time, died) ~ age + grade, d, subset = grade != "G4") |> without_messages()
  expect_close(coef(limit), coef(fit)[1:3])
  expect_close(vcov(limit), vcov(fit)[1:3, 1:3], tolerance = 1e-6)
  expect_equal(
    fit$loglik[2],
    suppressWarnings(reference(Surv(time, died) ~ age + grade, d))$loglik[2],
    tolerance = 1e-6
  )
})

test_that("no covariate and no event are told apart", {
  null <- lms_cox(Surv(time, died) ~ 1, lung)
  expect_length(null$loglik, 1)
  expect_null(null$coefficients)
  expect_identical(unname(null$residuals), unname(residuals(null)))
  d <- within(lung, died[age > 50] <- 0)
  expect_snapshot(said(lms_cox(Surv(time, died) ~ sex, d, subset = age > 50)))
})

test_that("robust = TRUE needs to know the patients of (start, stop] data", {
  expect_snapshot({
    said(lms_cox(Surv(start, stop, event) ~ age, survival::heart, robust = TRUE))
    said(lms_cox(Surv(time, died) ~ age, lung, cluster = inst, robust = FALSE))
    said(lms_cox(Surv(time, died) ~ age, lung, robust = TRUE, ties = "exact"))
  })
  expect_identical(lms_cox(Surv(start, stop, event) ~ age, survival::heart, id = id)$n.id, 103L)
})

test_that("model, x and y are kept as asked for", {
  none <- lms_cox(Surv(time, died) ~ age, lung, model = FALSE, y = FALSE)
  expect_null(none$model)
  expect_null(unclass(none)$y)
  expect_null(none$x)
  expect_identical(model.frame(none)$age, lung$age)
  all <- lms_cox(Surv(time, died) ~ age, lung, x = TRUE)
  expect_identical(all$x, reference(Surv(time, died) ~ age, lung, x = TRUE)$x)
})

test_that("`$` and `[[` see the components that are computed on demand, as for a coxph", {
  fit <- lms_cox(Surv(time, died) ~ age + sex, lung)
  ref <- reference(Surv(time, died) ~ age + sex, lung)
  expect_close(fit$residuals, ref$residuals)
  expect_close(fit[["residuals"]], ref[["residuals"]])
  expect_close(fit$concordance, ref$concordance)
  expect_close(fit[["concordance"]], ref[["concordance"]])
  expect_identical(fit$coef, fit$coefficients)
  expect_null(fit$nothing)
  expect_null(fit[["nothing"]])
  expect_identical(fit[[1]], fit$coefficients)
})
