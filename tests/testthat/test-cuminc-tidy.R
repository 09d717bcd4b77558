data <- competing$mgus2()
fit <- lms_cuminc(Surv(time_to, cause) ~ sex, data)

test_that("tidy() has broom's columns, and the variables", {
  ours <- tidy(fit)
  expect_s3_class(ours, "data.frame")
  expect_named(ours, c(
    "time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.high", "conf.low",
    "state", "strata", "sex"
  ))
  expect_equal(nrow(ours), length(fit$time) * 3)
  expect_identical(class(as.data.frame(fit)), "data.frame")
  skip_if_not_installed("broom")
  theirs <- broom::tidy(structure(unclass(fit), class = c("survfitms", "survfit")))
  expect_equal(as.data.frame(ours)[names(theirs)], as.data.frame(theirs))
  alone <- lms_cuminc(Surv(time_to, cause) ~ 1, data)
  expect_named(tidy(alone), names(theirs)[names(theirs) != "strata"])
})

test_that("glance() has a row for each group and cause", {
  ours <- as.data.frame(glance(fit))
  expect_equal(ours$strata, rep(c("sex=F", "sex=M"), each = 2))
  expect_equal(ours$state, rep(c("pcm", "death"), 2))
  expect_equal(ours$nevent, as.vector(table(data$cause, data$sex)[-1, ]))
  expect_equal(ours$p.value, rep(fit$tests$p.value, 2))
  expect_equal(ours$estimate[4], fit$pstate[[length(fit$time), 3]])
  expect_equal(ours$nobs, rep(nrow(data), 4))
  alone <- glance(lms_cuminc(Surv(time_to, cause) ~ 1, data))
  expect_equal(nrow(alone), 2)
  expect_false("p.value" %in% names(alone))
})

test_that("a summary is a data frame too", {
  at <- as.data.frame(summary(fit, times = c(60, 120)))
  expect_equal(nrow(at), 12)
  expect_equal(at$estimate[at$state == "pcm" & at$time == 60 & at$sex == "F"],
               summary(fit, times = 60)$pstate[[1, 2]])
})

test_that("variables named as columns keep apart", {
  named <- transform(data, state = sex, n = sex)
  expect_true("group.state" %in% names(tidy(lms_cuminc(Surv(time_to, cause) ~ state, named))))
  expect_true("group.n" %in% names(glance(lms_cuminc(Surv(time_to, cause) ~ n, named))))
})

test_that("plots and survminer take it", {
  pdf(NULL)
  withr::defer(dev.off())
  expect_silent(plot(fit))
  skip_if_not_installed("survminer")
  expect_s3_class(survminer::ggcompetingrisks(fit), "ggplot")
})
