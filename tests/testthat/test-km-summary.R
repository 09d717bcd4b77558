fit <- lms_km(Surv(time, died) ~ sexf, lung)
ref <- survival::survfit(Surv(time, died) ~ sexf, lung)

expect_same_summary <- function(ours, theirs) {
  # survival before 3.6 calls the second column `n.max`, and has no `n.id`, where there is an `id`.
  if (!is.null(ours$n.id) && is.null(theirs$n.id)) {
    expect_named(ours$table, replace(names(theirs$table), 2, "n.id"))
    ours$table <- ours$table[-2]
    theirs$table <- theirs$table[-2]
  }
  # `counts`, of curves with weights since 3.6, is needed by no other part of survival.
  for (name in setdiff(names(theirs), c("call", "counts"))) {
    expect_equal(ours[[name]], theirs[[name]], tolerance = km_tolerance, label = name)
  }
}

test_that("components are those of survfit's summary", {
  expect_same_summary(summary(fit), summary(ref))
  expect_same_summary(summary(fit, censored = TRUE), summary(ref, censored = TRUE))
  expect_same_summary(summary(fit, times = c(30, 5, 400)), summary(ref, times = c(5, 30, 400)))
  times <- c(0, 11, 12.5, 500, 5000)
  expect_same_summary(
    summary(fit, times = times, extend = TRUE, scale = 30),
    summary(ref, times = times, extend = TRUE, scale = 30)
  )
  expect_same_summary(summary(fit[1], times = 100), summary(ref[1], times = 100))
  expect_same_summary(summary(fit, rmean = 500), summary(ref, rmean = 500))
  expect_same_summary(summary(fit, rmean = "individual"), summary(ref, rmean = "individual"))
  expect_same_summary(summary(fit, rmean = "none"), summary(ref, rmean = "none"))
  weighted <- summary(lms_km(Surv(time, died) ~ 1, lung, weights = w), times = c(10, 100))
  expect_same_summary(
    weighted,
    summary(survival::survfit(Surv(time, died) ~ 1, lung, weights = w), times = c(10, 100))
  )
  heart <- lms_km(Surv(start, stop, event) ~ 1, survival::heart, id = id)
  theirs <- survival::survfit(Surv(start, stop, event) ~ 1, survival::heart, id = id)
  expect_same_summary(summary(heart, times = c(1, 50)), summary(theirs, times = c(1, 50)))
})

test_that("past the last follow-up nothing is carried on", {
  at <- summary(fit, times = c(100, 1000, 2000))
  expect_identical(is.na(at$surv), c(FALSE, FALSE, TRUE, FALSE, TRUE, TRUE))
  for (part in c("std.err", "lower", "upper", "cumhaz", "std.chaz")) {
    expect_identical(is.na(at[[part]]), is.na(at$surv))
  }
  expect_identical(at$n.risk[is.na(at$surv)], c(0, 0, 0))
  expect_identical(sum(at$n.event), 165)
  expect_identical(at$last, c(1022, 965))
  # The last follow-up itself is known.
  expect_false(anyNA(summary(fit, times = 965)$surv))
})

test_that("a curve that has reached 0 stays there, without an interval", {
  dead <- lms_km(Surv(1:3, c(1, 1, 1)) ~ 1, event = 1)
  at <- summary(dead, times = c(2, 3, 9))
  expect_equal(at$surv, c(1 / 3, 0, 0))
  expect_identical(is.na(at$lower), c(FALSE, TRUE, TRUE))
  expect_identical(is.na(at$std.err), c(FALSE, TRUE, TRUE))
})

test_that("before the first time survival is 1", {
  at <- summary(fit, times = 0)
  expect_identical(at$surv, c(1, 1))
  expect_identical(at$n.risk, c(138, 90))
  expect_identical(at$lower, c(1, 1))
})

test_that("a group without events has no line in the summary of event times", {
  data <- data.frame(time = 1:4, died = c(1, 1, 0, 0), group = c("a", "a", "b", "b"))
  s <- summary(lms_km(Surv(time, died) ~ group, data))
  expect_identical(as.integer(s$strata), c(1L, 1L))
  expect_output(print(s), "No events")
})

test_that("times are checked", {
  expect_error(summary(fit, times = "24"), class = "lmsurv_error_argument")
  expect_error(summary(fit, times = c(1, NA)), class = "lmsurv_error_argument")
  expect_error(summary(fit, level = 0.9), class = "lmsurv_error_argument")
  expect_error(summary(fit, rmean = "all"), class = "lmsurv_error_argument")
})
