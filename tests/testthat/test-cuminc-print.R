data <- competing$mgus2()

test_that("a print has the incidences, the tests and the rules", {
  withr::local_options(cli.width = 80, width = 80)
  data$months <- data$time_to
  expect_snapshot({
    print(lms_cuminc(Surv(months, cause) ~ sex, data))
    print(lms_cuminc(Surv(months, cause) ~ 1, data, conf_type = "none"), times = c(60, 120, 500))
    print(lms_cuminc(Surv(months, cause) ~ sex + strata(hgb > 13), data, rho = 1), digits = 0)
    print(lms_cuminc(Surv(months, cause) ~ sex, data, weights = age, cluster = dxyr))
  })
})

test_that("a summary's print", {
  withr::local_options(cli.width = 80, width = 80)
  fit <- lms_cuminc(Surv(time_to, cause) ~ sex, data)
  expect_message(
    few <- lms_cuminc(Surv(time_to, cause) ~ 1, data[1:6, ]), class = "lmsurv_message_events"
  )
  expect_snapshot({
    summary(fit, times = c(60, 120, 430))
    summary(few)
  })
})

test_that("narrow consoles and long labels", {
  withr::local_options(cli.width = 50, width = 50)
  data$group <- paste("a label that is longer than the console is wide:", data$sex)
  out <- capture.output(print(lms_cuminc(Surv(time_to, cause) ~ group, data)))
  expect_true(any(grepl("^ +631 +59", out)))
})
