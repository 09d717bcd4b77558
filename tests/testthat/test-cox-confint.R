fit <- lms_cox(Surv(time, died) ~ age + sexf + ph.ecog, complete)
ref <- reference(Surv(time, died) ~ age + sexf + ph.ecog, complete)

test_that("Wald limits are those of confint() for a coxph", {
  expect_close(confint(fit), confint(ref))
  expect_close(confint(fit, "age", level = 0.9), confint(ref, "age", level = 0.9))
  expect_close(confint(fit, 2:3), confint(ref, 2:3))
  robust <- lms_cox(Surv(time, died) ~ age, complete, cluster = inst, conf_level = 0.8)
  expect_close(
    confint(robust),
    confint(reference(Surv(time, died) ~ age, complete, cluster = inst), level = 0.8)
  )
})

test_that("profile limits are where the likelihood ratio test turns", {
  for (data in list(complete, within(complete, sexf <- rev(sexf)))) {
    fit <- lms_cox(Surv(time, died) ~ age + sexf + strata(ph.ecog > 1), data, ties = "breslow")
    limits <- confint(fit, type = "profile", level = 0.9)
    for (end in 1:2) {
      held <- reference(
        Surv(time, died) ~ sexf + strata(ph.ecog > 1) + offset(
          age * limits["age", end]
        ), data, ties = "breslow"
      )
      expect_equal(2 * (fit$loglik[2] - held$loglik[2]), qchisq(0.9, 1), tolerance = 1e-6)
    }
    expect_true(all(limits[, 1] < coef(fit) & coef(fit) < limits[, 2]))
  }
})

test_that("a coefficient that runs to infinity has one finite limit", {
  d <- within(
    complete, grade <- factor(ifelse(seq_along(died) %in% which(died == 0)[1:12], "b", "a"))
  )
  fit <- suppressWarnings(lms_cox(Surv(time, died) ~ age + grade, d))
  limits <- confint(fit, type = "profile")
  expect_identical(limits[["gradeb", 1]], -Inf)
  expect_true(is.finite(limits[["gradeb", 2]]) && limits[["gradeb", 2]] < 0)
  upper <- reference(Surv(time, died) ~ age + offset((grade == "b") * limits["gradeb", 2]), d)
  expect_equal(2 * (fit$loglik[2] - upper$loglik[2]), qchisq(0.95, 1), tolerance = 1e-6)
})

test_that("what has no such interval is refused", {
  expect_snapshot({
    said(confint(fit, "agee"))
    said(confint(fit, type = "bootstrap"))
    said(confint(fit, levels = 0.9))
    said(confint(fit, level = 90))
    said(confint(lms_cox(Surv(time, died) ~ age, complete, robust = TRUE), type = "profile"))
  })
  collinear <- suppressWarnings(lms_cox(Surv(time, died) ~ age + I(2 * age), complete))
  expect_identical(unname(confint(collinear, type = "profile")[2, ]), c(NA_real_, NA_real_))
  expect_identical(unname(confint(collinear)[2, ]), c(NA_real_, NA_real_))
})
