test_that("missing rows are left out as coxph does, and counted", {
  ref <- reference(Surv(time, died) ~ age + wt.loss + ph.ecog, lung)
  fit <- lms_cox(Surv(time, died) ~ age + wt.loss + ph.ecog, lung)
  expect_close(coef(fit), coef(ref))
  expect_identical(fit$na.action, ref$na.action)
  expect_identical(fit$missing, c(wt.loss = 14, ph.ecog = 1))
  expect_identical(fit$n_data, 228L)
  status <- within(lung, died[4:5] <- NA)
  expect_identical(lms_cox(Surv(time, died) ~ age, status)$missing, c(died = 2))
  weighted <- within(lung, w[1] <- NA)
  expect_identical(lms_cox(Surv(time, died) ~ age, weighted, weights = w)$missing, c(weights = 1))
})

test_that("na.exclude pads residuals and predictions", {
  fit <- lms_cox(Surv(time, died) ~ age + wt.loss, lung, na.action = na.exclude)
  ref <- reference(Surv(time, died) ~ age + wt.loss, lung, na.action = na.exclude)
  expect_close(residuals(fit), residuals(ref))
  expect_length(residuals(fit), 228)
  expect_close(predict(fit), predict(ref))
  expect_close(predict(fit, type = "expected"), predict(ref, type = "expected"))
  expect_close_values(predict(fit, type = "terms"), predict(ref, type = "terms"))
  expect_identical(dim(residuals(fit, "dfbeta")), c(228L, 2L))
  expect_length(fit$residuals, 214)
})

test_that("the option, names of functions and functions of one's own are honoured", {
  withr::local_options(na.action = "na.exclude")
  expect_s3_class(lms_cox(Surv(time, died) ~ wt.loss, lung)$na.action, "exclude")
  expect_s3_class(
    lms_cox(Surv(time, died) ~ wt.loss, lung, na.action = "na.omit")$na.action, "omit"
  )
  own <- function(frame) stats::na.omit(frame)
  expect_identical(lms_cox(Surv(time, died) ~ wt.loss, lung, na.action = own)$n, 214L)
})

test_that("too much missing is refused with the variables", {
  d <- within(lung, nothing <- NA_real_)
  none <- within(lung, died[!is.na(wt.loss)] <- 0)
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age + nothing + wt.loss, d))
    said(lms_cox(Surv(time, died) ~ age + wt.loss, lung, na.action = na.fail))
    said(lms_cox(Surv(time, died) ~ age + wt.loss, lung, na.action = na.pass))
    said(lms_cox(Surv(time, died) ~ wt.loss, none))
  })
})

test_that("nothing is copied where nothing is missing", {
  big <- complete
  fit <- lms_cox(Surv(time, died) ~ age + wt.loss, big)
  skip_if_not(capabilities("profmem"))
  expect_identical(tracemem_address(fit$model$age), tracemem_address(big$age))
})
