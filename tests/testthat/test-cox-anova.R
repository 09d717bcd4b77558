fit <- lms_cox(Surv(time, died) ~ age + sexf + agegroup + strata(inst), complete)
ref <- reference(Surv(time, died) ~ age + sexf + agegroup + strata(inst), complete)

test_that("anova of one model adds its terms one by one", {
  expect_close(anova(fit), anova(ref), ignore_attr = "heading")
  crossed <- lms_cox(Surv(time, died) ~ age * sexf + splines::ns(ph.karno, 2), complete)
  expect_close(
    anova(crossed),
    anova(reference(Surv(time, died) ~ age * sexf + splines::ns(ph.karno, 2), complete))
  )
  counting <- lms_cox(Surv(start, stop, event) ~ age + surgery, survival::heart)
  expect_close(
    anova(counting), anova(reference(Surv(start, stop, event) ~ age + surgery, survival::heart))
  )
  expect_identical(nrow(anova(lms_cox(Surv(time, died) ~ 1, lung))), 1L)
})

test_that("weights and offset count in each step", {
  weighted <- lms_cox(Surv(time, died) ~ age + sexf + offset(ph.karno / 50), complete, weights = k)
  first <- reference(Surv(time, died) ~ age + offset(ph.karno / 50), complete, weights = k)
  expect_close(anova(weighted)$loglik, c(first$loglik, weighted$loglik[2]))
})

test_that("anova compares several models", {
  small <- update(fit, . ~ . - sexf)
  expect_close(anova(small, fit), anova(update(ref, . ~ . - sexf), ref))
  expect_close(anova(fit, small, test = NULL), anova(ref, update(ref, . ~ . - sexf), test = NULL))
})

test_that("drop1 and add1 are as for a coxph", {
  plain <- lms_cox(Surv(time, died) ~ age + sexf + agegroup, complete)
  plain_ref <- reference(Surv(time, died) ~ age + sexf + agegroup, complete)
  expect_close(drop1(plain), drop1(plain_ref))
  expect_close(drop1(plain, test = "Chisq"), drop1(plain_ref, test = "Chisq"))
  expect_close(drop1(plain, ~ age + sexf, k = 5), drop1(plain_ref, ~ age + sexf, k = 5))
  expect_close(drop1(plain, "age"), drop1(plain_ref, "age"))
  small <- update(plain, . ~ sexf)
  small_ref <- reference(Surv(time, died) ~ sexf, complete)
  expect_close(
    add1(small, ~ . + age + ph.karno, test = "Chisq"),
    add1(small_ref, ~ . + age + ph.karno, test = "Chisq")
  )
  expect_close(add1(small, c("age", "wt.loss")), add1(small_ref, c("age", "wt.loss")))
  crossed <- lms_cox(Surv(time, died) ~ age * sexf + ph.karno, complete)
  expect_close(drop1(crossed), drop1(reference(Surv(time, died) ~ age * sexf + ph.karno, complete)))
  expect_identical(row.names(drop1(fit)), c("<none>", "age", "sexf", "agegroup"))
})

test_that("step takes the same way as with a coxph", {
  start <- lms_cox(Surv(time, died) ~ age + sexf + ph.karno + wt.loss, complete)
  start_ref <- reference(Surv(time, died) ~ age + sexf + ph.karno + wt.loss, complete)
  end <- step(start, trace = 0)
  expect_close(coef(end), coef(step(start_ref, trace = 0)))
  expect_s3_class(end, "lms_cox")
  both <- step(update(start, . ~ 1), ~ age + sexf + ph.karno, trace = 0)
  expect_close(
    coef(both),
    coef(step(reference(Surv(time, died) ~ 1, complete), ~ age + sexf + ph.karno, trace = 0))
  )
})

test_that("the same patients may be left out by a subset or as missing", {
  larger <- lms_cox(Surv(time, died) ~ age + sexf + wt.loss, lung)
  smaller <- lms_cox(Surv(time, died) ~ age + sexf, lung, subset = !is.na(wt.loss))
  complete <- subset(lung, !is.na(wt.loss))
  ref <- stats::anova(
    reference(Surv(time, died) ~ age + sexf, complete),
    reference(Surv(time, died) ~ age + sexf + wt.loss, complete)
  )
  expect_close(anova(smaller, larger)$Chisq[2], ref$Chisq[2])
  rest <- lms_cox(Surv(time, died) ~ age + sexf, lung, subset = seq_len(214))
  expect_error(anova(rest, larger), class = "lmsurv_error")
})

test_that("models on different patients are refused with the variable", {
  a <- lms_cox(Surv(time, died) ~ age, lung)
  b <- lms_cox(Surv(time, died) ~ age + wt.loss, lung)
  robust <- lms_cox(Surv(time, died) ~ age, lung, robust = TRUE)
  expect_snapshot({
    said(anova(a, b))
    said(add1(a, ~ . + wt.loss))
    said(anova(robust))
    said(anova(a, robust))
    said(anova(a, lms_cox(Surv(time / 2, died) ~ age, lung)))
    said(anova(a, lms_cox(Surv(time, died) ~ 1, lung, ties = "breslow")))
    said(anova(a, tset = "Chisq"))
    said(anova(a, lm(age ~ sex, lung)))
    said(drop1(a, "sexf"))
    said(add1(a))
  })
})

test_that("information criteria are as for a coxph", {
  expect_close(logLik(fit), logLik(ref))
  expect_close(AIC(fit), AIC(ref))
  expect_close(BIC(fit), BIC(ref))
  expect_close(extractAIC(fit), extractAIC(ref))
  expect_identical(nobs(fit), nobs(ref))
  null <- lms_cox(Surv(time, died) ~ 1, lung)
  expect_close(logLik(null), logLik(reference(Surv(time, died) ~ 1, lung)))
})
