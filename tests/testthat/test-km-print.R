withr::local_options(width = 80, cli.num_colors = 1L)

test_that("curves print as a table that can be read", {
  expect_snapshot({
    print(lms_km(Surv(time, died) ~ 1, lung))
    print(lms_km(Surv(time, died) ~ sexf + ecog, lung))
    print(lms_km(Surv(time / 30.4375, died) ~ sexf, lung, conf_type = "log-log", conf_level = 0.9))
    print(lms_km(Surv(time, died) ~ sexf, lung, weights = k, weight_type = "frequency"))
    print(lms_km(Surv(time, died) ~ sexf, lung, weights = w, cluster = inst, type = "fh2"))
    print(lms_km(Surv(time, died) ~ sexf, lung, conf_type = "none"))
    print(lms_km(Surv(start, stop, event) ~ transplant, survival::heart, id = id))
  })
})

test_that("long labels have a line of their own", {
  long <- within(lung, {
    site <- ifelse(sex == 1, "Retroperitoneal, including inferior vena cava and pelvis", "Uterine")
  })
  expect_snapshot(print(lms_km(Surv(time, died) ~ site, long), digits = 1))
  shown <- capture.output(print(lms_km(Surv(time, died) ~ site, long)))
  expect_lte(max(nchar(shown)), 80)
})

test_that("a summary prints what is known and what is not", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung)
  expect_snapshot({
    print(summary(fit, times = c(180, 365, 1000)))
    print(summary(lms_km(Surv(1:3, c(1, 1, 1)) ~ 1, event = 1), times = c(1, 5)))
    print(summary(lms_km(Surv(1:4, c(1, 0, 1, 0)) ~ 1, conf_type = "none")))
  })
})
