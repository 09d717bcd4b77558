test_that("a convention sets the ties of the session, and arguments override it", {
  withr::local_options(lmsurv.conventions = NULL)
  expect_identical(lms_conventions()$style, "r")
  expect_identical(lms_cox(Surv(time, died) ~ age, lung)$method, "efron")
  expect_identical(lms_conventions("Stata")$ties, "breslow")
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  expect_identical(fit$method, "breslow")
  expect_identical(fit$conventions, "stata")
  expect_identical(lms_cox(Surv(time, died) ~ age, lung, ties = "efron")$method, "efron")
  expect_identical(lms_cox_fit(lung$age, lung$time, lung$died)$method, "breslow")
})

test_that("each set is complete and prints as a table", {
  withr::local_options(lmsurv.conventions = "r")
  expect_snapshot(for (style in c("r", "stata", "sas")) print(lms_conventions(style)))
})

test_that("a wrong word in the option is an error", {
  withr::local_options(lmsurv.conventions = "spss")
  expect_error(lms_cox(Surv(time, died) ~ age, lung), class = "lmsurv_error_argument")
})
