test_that("impossible times are refused with their rows", {
  d <- lung
  d$time[c(17, 20, 31, 40)] <- c(-3, -1, -1, -2)
  late <- lung
  late$time[5] <- Inf
  unknown <- lung
  unknown$time[c(7, 9)] <- NA
  h <- within(survival::heart, stop[3] <- start[3])
  h2 <- within(survival::heart, start[2] <- NA)
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age, d))
    said(lms_cox(Surv(time, died) ~ age, d[17:60, ]))
    said(lms_cox(Surv(time, died) ~ age, d, subset = -(1:18)))
    said(lms_cox(Surv(time, died) ~ age, late))
    said(lms_cox(Surv(time, died) ~ age, unknown))
    said(lms_cox(Surv(start, stop, event) ~ age, h))
    said(lms_cox(Surv(start, stop, event) ~ age, h2))
    said(lms_cox(Surv(as.Date("2020-01-01") + time, died) ~ age, lung))
    said(lms_cox(Surv(as.character(time), died) ~ age, lung))
    said(lms_cox(Surv(time, lung$died[1:10]) ~ age, lung))
    said(lms_cox(time ~ age, lung))
    said(lms_cox(survival::Surv(time, time + 1, type = "interval2") ~ age, lung))
  })
})

test_that("the way out that the message names works", {
  d <- lung
  d$time[c(17, 20)] <- c(-3, -1)
  expect_identical(lms_cox(Surv(time, died) ~ age, d, subset = time >= 0)$n, 226L)
  d$time[c(17, 20)] <- NA
  expect_identical(lms_cox(Surv(time, died) ~ age, d, na.action = na.omit)$n, 226L)
})

test_that("time 0 is legal, and so is a negative entry", {
  d <- lung
  d$time[1:3] <- 0
  expect_close(coef(lms_cox(Surv(time, died) ~ age, d)), coef(reference(Surv(time, died) ~ age, d)))
  h <- within(survival::heart, {
    start <- start - 10
    stop <- stop - 10
  })
  expect_close(
    coef(lms_cox(Surv(start, stop, event) ~ age, h)),
    coef(reference(Surv(start, stop, event) ~ age, survival::heart))
  )
})

test_that("times within rounding error are merged, said, and left alone on request", {
  d <- lung
  d$time <- d$time / 7 * (1 + c(0, 1e-13))
  fit <- without_messages(lms_cox(Surv(time, died) ~ age, d))
  expect_message(lms_cox(Surv(time, died) ~ age, d), class = "lmsurv_message_merged_times")
  ref <- reference(Surv(time, died) ~ age, d)
  expect_close(coef(fit), coef(ref))
  expect_identical(as.vector(fit$y), as.vector(ref$y))
  expect_identical(as.vector(fit[["y"]]), as.vector(ref$y))
  expect_silent(apart <- lms_cox(Surv(time, died) ~ age, d, timefix = FALSE))
  expect_close(coef(apart), coef(reference(Surv(time, died) ~ age, d, timefix = FALSE)))
  expect_identical(as.vector(apart$y[, 1]), d$time)
  expect_false(apart$timefix)
})

test_that("an interval within rounding error is refused, with its row", {
  h <- within(survival::heart, stop[5] <- start[5] + 1e-10)
  expect_snapshot(said(lms_cox(Surv(start, stop, event) ~ age, h, subset = -1)))
  expect_identical(lms_cox(Surv(start, stop, event) ~ age, h, timefix = FALSE)$n, 172L)
})

test_that("infinite offsets and covariates are refused", {
  d <- lung
  d$age[5] <- Inf
  m <- as.matrix(lung[c("age", "sex")])
  m[9, 2] <- -Inf
  d$m <- m
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ age, d))
    said(lms_cox(Surv(time, died) ~ sqrt(age) + sex, d))
    said(lms_cox(Surv(time, died) ~ m, d))
    said(lms_cox(Surv(time, died) ~ sex + offset(age), d))
  })
})
