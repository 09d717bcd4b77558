fit <- lms_cox(
  Surv(time, died) ~ age + sexf + strata(inst) + offset(ph.karno / 100), lung, weights = w
)

test_that("a stripped model has no patient in it", {
  formula <- local({
    secret <- lung
    Surv(time, died) ~ age + sexf
  })
  big <- lms_cox(formula, lung)
  small <- lms_strip(big)
  text <- rawToChar(serialize(small, NULL, ascii = TRUE))
  expect_false(grepl("secret", text))
  expect_lt(nchar(text), 2e4)
  expect_length(Filter(function(part) length(part) >= 100, unclass(small)), 0)
  dropped <- lms_strip(lms_cox(Surv(time, died) ~ wt.loss, lung))
  expect_null(names(dropped$na.action))
  inline <- lms_strip(do.call(lms_cox, list(Surv(time, died) ~ age, data = lung)))
  expect_lt(length(serialize(inline, NULL)), 2e4)
})

test_that("a stripped model still prints, summarises and tidies", {
  small <- lms_strip(fit)
  expect_identical(capture.output(print(small)), capture.output(print(fit)))
  expect_equal(summary(small)$coefficients, summary(fit)$coefficients)
  expect_equal(glance(small), glance(fit))
  expect_equal(tidy(small, conf.int = TRUE), tidy(fit, conf.int = TRUE))
  new <- lung[1:4, ]
  expect_close(predict(small, new, reference = "sample"), predict(fit, new, reference = "sample"))
  expect_null(small$residuals)
  expect_error(residuals(small), class = "lmsurv_error_stripped")
  expect_error(lms_strip(1), class = "lmsurv_error_argument")
})

test_that("as_coxph gives a plain coxph with everything filled in", {
  fit <- lms_cox(Surv(time, died) ~ age + sexf, lung, cluster = inst)
  ref <- reference(Surv(time, died) ~ age + sexf, lung, cluster = inst)
  plain <- as_coxph(fit)
  expect_s3_class(plain, "coxph", exact = TRUE)
  expect_true(all(setdiff(names(ref), c("first", "info")) %in% names(plain)))
  expect_close(plain$residuals, ref$residuals)
  expect_close(plain$concordance, ref$concordance)
  expect_close(survival::cox.zph(plain)$table, survival::cox.zph(ref)$table)
  expect_close(
    coef(update(plain, . ~ . - age)), coef(reference(Surv(time, died) ~ sexf, lung, cluster = inst))
  )
  expect_error(as_coxph(ref), class = "lmsurv_error_argument")
})
