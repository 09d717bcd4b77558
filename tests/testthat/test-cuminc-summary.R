data <- competing$mgus2()
fit <- lms_cuminc(Surv(time_to, cause) ~ sex, data)
theirs <- survival::survfit(Surv(time_to, cause) ~ sex, data)

test_that("within the follow-up a summary is survfit's", {
  times <- c(0.5, 12, 60.2, 240, 390)
  ours <- summary(fit, times = times)
  ref <- summary(theirs, times = times)
  after <- ours$time >= min(fit$time)
  for (name in c("time", "n.risk", "n.event", "pstate", "std.err", "cumhaz")) {
    expect_close(ours[[name]], ref[[name]], 1e-12, label = name, ignore_attr = "dimnames")
  }
  expect_close(censored(ours), censored(ref), 1e-12)
  expect_close(ours$lower[after, ], ref$lower[after, ], 1e-12, ignore_attr = "dimnames")
  expect_close(ours$upper[after, ], ref$upper[after, ], 1e-12, ignore_attr = "dimnames")
  expect_identical(as.character(ours$strata), as.character(ref$strata))
  expect_identical(ours$pstate[1, ], c("(s0)" = 1, pcm = 0, death = 0))
})

test_that("event times, with what is censored between them", {
  for (censored in c(FALSE, TRUE)) {
    ours <- summary(fit, censored = censored)
    ref <- summary(theirs, censored = censored)
    for (name in c("time", "n.risk", "n.event", "pstate", "std.err")) {
      expect_close(ours[[name]], ref[[name]], 1e-12, label = name, ignore_attr = "dimnames")
    }
    expect_close(censored(ours), censored(ref), 1e-12)
    # There are no limits where an incidence is 0: those of survival since 3.8 are 0 and 0.
    known <- ours$pstate > 0
    expect_identical(!is.na(ours$lower), known)
    expect_close(ours$lower[known], ref$lower[known], 1e-12)
  }
  expect_equal(summary(fit, times = 120, scale = 12)$time, c(10, 10))
})

test_that("nothing is known past the last follow-up", {
  last <- tapply(data$time_to, data$sex, max)
  ours <- summary(fit, times = 430)
  expect_true(all(is.na(ours$pstate[1, ])))
  expect_true(all(is.na(ours$lower[1, ])))
  expect_equal(ours$n.risk[[1, 1]], 0)
  extended <- summary(fit, times = 430, extend = TRUE)
  ends <- cumsum(fit$strata)
  expect_equal(extended$pstate, fit$pstate[ends, ])
  expect_equal(as.vector(last), ours$last)
  at_last <- summary(fit, times = max(data$time_to[data$sex == "F"]))
  expect_equal(at_last$pstate[1, ], fit$pstate[ends[1], ])
  # nobody is left in the second group: the incidence stays
  expect_equal(fit$pstate[[ends[2], 1]], 0)
  expect_equal(ours$pstate[2, ], fit$pstate[ends[2], ])
})

test_that("times are checked", {
  expect_snapshot({
    said(summary(fit, times = "a"))
    said(summary(fit, times = 3, scale = 0))
    said(quantile(fit, 0))
  })
})

test_that("the time to an incidence is where the curve first gets there", {
  found <- quantile(fit, c(0.05, 0.5))
  expect_named(found, c("strata", "state", "prob", "quantile", "lower", "upper"))
  for (i in seq_len(nrow(found))) {
    g <- match(found$strata[i], fit$groups)
    k <- match(found$state[i], fit$states)
    at <- curve_ranges(fit)[[g]]
    first <- function(curve) {
      reached <- at[which(curve[at, k] >= found$prob[i])]
      if (length(reached)) fit$time[reached[1]] else NA_real_
    }
    expect_equal(
      unlist(found[i, c("quantile", "lower", "upper")], use.names = FALSE),
      c(first(fit$pstate), first(fit$upper), first(fit$lower))
    )
  }
  expect_true(all(found$lower <= found$quantile, na.rm = TRUE))
  expect_named(
    quantile(lms_cuminc(Surv(time_to, cause) ~ 1, data)),
    c("state", "prob", "quantile", "lower", "upper")
  )
})

test_that("[ gives what survfit's gives", {
  for (both in list(
    list(fit[1, ], theirs[1, ]), list(fit[, 2], theirs[, 2]),
    list(fit["sex=M", "pcm"], theirs["sex=M", "pcm"])
  )) {
    expect_s3_class(both[[1]], class(both[[2]]), exact = TRUE)
    for (name in c("n", "time", "pstate", "std.err", "n.risk", "states", "strata")) {
      expect_close(both[[1]][[name]], both[[2]][[name]], 1e-12, ignore_attr = "dimnames")
    }
    at <- summary(both[[1]], times = c(12, 240))
    expected <- summary(both[[2]], times = c(12, 240))
    expect_close(at$pstate, expected$pstate, 1e-12, ignore_attr = "dimnames")
    expect_close(at$n.risk, expected$n.risk, 0, ignore_attr = "dimnames")
  }
})
