test_that("misspelt and foreign arguments are refused by name", {
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age, lung, weight = age))
    said(lms_cox(Surv(time, died) ~ age, lung, tie = "breslow"))
    said(lms_cox(Surv(time, died) ~ age, dat = lung))
    said(lms_cox(Surv(time, died) ~ age, lung, conf.level = 0.9))
    said(lms_cox(Surv(time, died) ~ age, lung, zzz = 1))
    said(lms_cox(Surv(time, died) ~ age, lung, lung$w))
    said(lms_cox(Surv(time, died) ~ age, lung, tt = identity))
    said(lms_cox(Surv(time, died) ~ age, lung, nocenter = NULL))
    said(lms_cox(Surv(time, died) ~ age, lung, control = list(itermax = 3)))
    said(lms_cox_fit(1:3, 1:3, c(1, 1, 0), weight = 1:3))
  })
})

test_that("a misspelt argument is refused from a wrapper too, and never evaluated", {
  wrapper <- function(...) lms_cox(Surv(time, died) ~ age, lung, ...)
  expect_error(wrapper(weight = age), class = "lmsurv_error_argument")
  expect_error(
    lms_cox(Surv(time, died) ~ age, lung, wieghts = stop("evaluated")),
    class = "lmsurv_error_argument"
  )
})

test_that("arguments say what they must be", {
  expect_snapshot({
    said(lms_cox())
    said(lms_cox(Surv(time, died) ~ age, "lung"))
    said(lms_cox(Surv(time, died) ~ age, lung[0, ]))
    said(lms_cox(Surv(time, died) ~ age, lung, ties = "bresl"))
    said(lms_cox(Surv(time, died) ~ age, lung, ties = 1))
    said(lms_cox(Surv(time, died) ~ age, lung, ties = "efron", method = "breslow"))
    said(lms_cox(Surv(time, died) ~ age, lung, conf_level = 95))
    said(lms_cox(Surv(time, died) ~ age, lung, robust = "yes"))
    said(lms_cox(Surv(time, died) ~ age, lung, model = NA))
    said(lms_cox(Surv(time, died) ~ age, lung, init = 1:2))
    said(lms_cox(Surv(time, died) ~ age, lung, control = 5))
    said(lms_cox(Surv(time, died) ~ age, lung, na.action = 5))
    said(lms_cox_control(eps = 0))
    said(lms_cox_control(iter.max = 2.5))
    said(lms_conventions("spss"))
  })
})

test_that("errors are of classes that code can catch, and name the function called", {
  cnd <- tryCatch(lms_cox(Surv(time, died) ~ nothing, lung), error = identity)
  expect_s3_class(cnd, c("lmsurv_error_data", "lmsurv_error", "error"))
  expect_identical(conditionCall(cnd), quote(lms_cox()))
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  cnd <- tryCatch(predict(fit, type = "hazard"), error = identity)
  expect_identical(conditionCall(cnd), quote(predict()))
})

test_that("choices are whole words in any case", {
  expect_identical(lms_cox(Surv(time, died) ~ age, lung, ties = "Breslow")$method, "breslow")
  expect_identical(lms_cox(Surv(time, died) ~ age, lung, method = "EFRON")$method, "efron")
})

test_that("rows and groups at fault are counted in plain words", {
  expect_identical(row_count(7L, 8L), "1 of 8 rows is affected.")
  expect_identical(row_count(1:2, 8L), "2 of 8 rows are affected (rows 1 and 2).")
  expect_identical(row_count(1:9, 1200L), "9 of 1,200 rows are affected (rows 1, 2, 3 ...).")
  expect_identical(affected(2L, 3L, "group"), "2 of 3 groups are affected")
})
