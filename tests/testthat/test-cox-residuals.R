models <- list(
  quote(f(Surv(time, died) ~ age + sexf + ph.ecog, complete)),
  quote(f(Surv(time, died) ~ age, complete, ties = "breslow")),
  quote(f(Surv(time, died) ~ age + sexf + strata(ph.ecog), complete)),
  quote(f(Surv(start, stop, event) ~ age + surgery + transplant, survival::heart)),
  quote(f(Surv(start, stop, event) ~ age + strata(surgery), survival::heart, cluster = id))
)
types <- c(
  "martingale", "deviance", "score", "schoenfeld", "scaledsch", "dfbeta", "dfbetas", "partial"
)

test_that("residuals are those of residuals.coxph", {
  for (model in models) {
    fit <- eval(model, list(f = lms_cox))
    ref <- eval(model, list(f = reference))
    for (type in types) {
      got <- residuals(fit, type)
      old <- residuals(ref, type)
      expect_close_values(got, old, tolerance = 1e-7)
      expect_identical(NROW(got), NROW(old))
      expect_equal(names(got), names(old))
      expect_equal(rownames(got), rownames(old))
      if (type == "schoenfeld") expect_equal(
        attr(got, "strata"), attr(old, "strata"), ignore_attr = TRUE
      )
    }
  }
})

test_that("weights, collapse and padding are as in residuals.coxph", {
  fit <- lms_cox(Surv(time, died) ~ age + wt.loss, lung, weights = w, na.action = na.exclude)
  ref <- reference(Surv(time, died) ~ age + wt.loss, lung, weights = w, na.action = na.exclude)
  for (type in setdiff(types, c("schoenfeld", "scaledsch", "partial"))) {
    for (weighted in c(TRUE, FALSE)) {
      if (type == "deviance" && weighted) next
      expect_close_values(
        residuals(fit, type, weighted = weighted), residuals(ref, type, weighted = weighted), 1e-7
      )
    }
    expect_close_values(residuals(fit, type), residuals(ref, type), 1e-7)
  }
  groups <- rep(1:40, length.out = 228)
  none <- lms_cox(Surv(time, died) ~ age + sex, lung)
  none_ref <- reference(Surv(time, died) ~ age + sex, lung)
  for (type in c("martingale", "score", "dfbeta")) {
    expect_close(
      residuals(none, type, collapse = groups), residuals(none_ref, type, collapse = groups),
      tolerance = 1e-7, ignore_attr = TRUE
    )
  }
})

test_that("the deviance of several rows is that of their sums", {
  fit <- lms_cox(Surv(time, died) ~ age + sex, lung)
  groups <- rep(1:40, length.out = 228)
  events <- as.vector(rowsum(lung$died, groups))
  expected <- as.vector(rowsum(lung$died - residuals(fit), groups))
  poisson <- stats::poisson()$dev.resids(events, expected, 1)
  expect_close_values(
    residuals(fit, "deviance", collapse = groups), sign(events - expected) * sqrt(poisson)
  )
})

test_that("weighted Schoenfeld residuals take the weight of their own row", {
  fit <- lms_cox(Surv(time, died) ~ age, lung, weights = k)
  plain <- residuals(fit, "schoenfeld")
  weighted <- residuals(fit, "schoenfeld", weighted = TRUE)
  dead <- order(lung$time, -lung$died)
  dead <- dead[lung$died[dead] == 1]
  expect_close(weighted, plain * lung$k[dead])
  expect_close(sum(weighted), 0 * sum(weighted), tolerance = 1e-6)
})

test_that("a null model has martingale and deviance residuals", {
  fit <- lms_cox(Surv(time, died) ~ 1, lung)
  ref <- reference(Surv(time, died) ~ 1, lung)
  expect_close(residuals(fit), residuals(ref))
  expect_close(residuals(fit, "deviance"), residuals(ref, "deviance"))
})

test_that("residuals that do not exist are refused", {
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  expect_snapshot({
    said(residuals(fit, "pearson"))
    said(residuals(fit, colapse = 1:228))
    said(residuals(fit, collapse = 1:3))
    said(residuals(lms_cox(Surv(time, died) ~ 1, lung), "score"))
    said(residuals(lms_cox(Surv(time, died) ~ age, lung, ties = "exact"), "dfbeta"))
    said(residuals(lms_strip(fit)))
  })
})
