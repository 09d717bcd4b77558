test_that("summary holds all that summary.coxph does", {
  models <- list(
    quote(f(Surv(time, died) ~ age + sexf, lung)),
    quote(f(Surv(time, died) ~ age + wt.loss, lung, cluster = inst))
  )
  for (model in models) {
    got <- summary(eval(model, list(f = lms_cox)))
    old <- summary(eval(model, list(f = reference)))
    expect_s3_class(got, c("summary.lms_cox", "summary.coxph"), exact = TRUE)
    for (name in setdiff(names(old), "call")) expect_close(got[[name]], old[[name]], label = name)
  }
  fit <- lms_cox(Surv(time, died) ~ age, lung, conf_level = 0.9)
  expect_identical(colnames(summary(fit)$conf.int)[3:4], c("lower .90", "upper .90"))
  expect_identical(
    colnames(summary(fit, conf.int = 0.99)$conf.int)[3:4], c("lower .99", "upper .99")
  )
  expect_null(summary(fit, conf.int = FALSE)$conf.int)
  expect_close(summary(fit, scale = 10)$coefficients[, 1], 10 * coef(fit), ignore_attr = TRUE)
})

test_that("summary prints with the rules that were used", {
  withr::local_options(width = 80, show.signif.stars = FALSE)
  expect_snapshot({
    print(summary(lms_cox(Surv(time, died) ~ age + sexf, lung, cluster = inst)))
    print(summary(do.call(lms_cox, list(Surv(time, died) ~ age, data = lung))))
  })
})
