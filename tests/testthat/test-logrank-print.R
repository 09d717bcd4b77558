test_that("a test prints what was compared, how and with what result", {
  lung <- survival::lung
  veteran <- survival::veteran
  expect_snapshot({
    lms_logrank(Surv(time, status) ~ sex, lung, event = 2)
    lms_logrank(Surv(time, status) ~ ph.ecog + strata(inst), lung, event = 2, trend = TRUE)
    lms_logrank(Surv(time, status) ~ celltype, veteran, test = "gehan", pairwise = TRUE)
    lms_logrank(Surv(time, status) ~ trt, veteran, rho = 1, gamma = 0.5)
    lms_logrank(Surv(time, status) ~ trt, veteran, weights = karno / 50, test = "peto")
    lms_logrank(Surv(tstart, tstop, status) ~ treat, survival::cgd, cluster = id)
    lms_logrank(
      Surv(time, status) ~ trt, veteran, weights = prior / 10 + 1, weight_type = "frequency",
      test = "tarone-ware"
    )
  })
})

test_that("print() gives its argument back unseen, and summary() prints the same", {
  test <- lms_logrank(Surv(time, status) ~ trt, survival::veteran)
  shown <- utils::capture.output(back <- withVisible(print(test)))
  expect_false(back$visible)
  expect_identical(back$value, test)
  expect_identical(utils::capture.output(print(summary(test))), shown)
})

test_that("the columns are those that survdiff prints", {
  test <- lms_logrank(Surv(time, status) ~ celltype, survival::veteran)
  shown <- utils::capture.output(print(test))
  row <- strsplit(grep("^celltype=adeno", shown, value = TRUE), " +")[[1]]
  gap <- (test$obs - test$exp)^2
  expect_equal(
    as.numeric(row[-1]),
    round(c(27, 26, test$exp[[3]], (gap / test$exp)[[3]], (gap / diag(test$var))[[3]]), 2)
  )
})
