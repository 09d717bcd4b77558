# Results of more numbers than a plain vector of R is made of.
long <- local({
  set.seed(20)
  n <- 120000
  time <- round(stats::rexp(n), 6) + 1e-6
  data.frame(
    time = time, died = stats::rbinom(n, 1L, 0.6), sex = factor(sample(2L, n, TRUE)),
    cause = factor(sample(0:2, n, TRUE), 0:2, c("none", "fail", "dead"))
  )
})

test_that("a long curve has the numbers of survfit()", {
  for (formula in list(Surv(time, died) ~ 1, Surv(time, died) ~ sex)) {
    fit <- unclass(lms_km(formula, data = long))
    reference <- unclass(survival::survfit(formula, data = long))
    parts <- c("time", "n.risk", "n.event", "n.censor", "surv", "std.err", "cumhaz", "std.chaz",
               "lower", "upper", "strata")
    for (part in parts) expect_equal(fit[[part]], reference[[part]], tolerance = 1e-12)
  }
})

test_that("a long incidence is what its parts say, limits included", {
  fit <- lms_cuminc(Surv(time, cause) ~ 1, data = long)
  changed <- fit
  changed$pstate[1000L, 2L] <- 0
  changed$std.err[, 2L] <- 7
  p <- unclass(fit)$pstate
  expect_gt(p[1000L, 2L], 0)
  expect_lt(max(abs(rowSums(p) - 1)), 1e-12)
  ratio <- exp(stats::qnorm(0.975) * fit$std.err / p)
  ratio[p == 0] <- NA
  expect_equal(unclass(fit)$lower, p / ratio, tolerance = 1e-12)
  expect_equal(unclass(changed)$upper, pmin(p * ratio, 1), tolerance = 1e-12)
  expect_identical(dim(fit$n.risk), dim(p))
  expect_true(all(fit$n.risk[, -1L] == 0))
  formula <- survival::Surv(1:3, factor(0:2)) ~ 1
  expect_identical(colnames(fit$cumhaz), colnames(survival::survfit(formula)$cumhaz))
})

test_that("the counts of a long incidence are right, whichever is read first", {
  by_sex <- survival::survfit(Surv(time, cause != "none") ~ sex, data = long)
  at <- paste(by_sex$time, rep(1:2, by_sex$strata))
  count <- function(cause) {
    rows <- long$cause == cause
    as.vector(table(factor(paste(long$time[rows], long$sex[rows]), at)))
  }
  dead <- count("dead")
  fit <- function() unclass(lms_cuminc(Surv(time, cause) ~ sex, data = long))
  expect_equal(fit()$n.event[, 3L], dead)
  expect_equal(fit()$n.censor[, 1L], by_sex$n.censor)
  expect_equal(fit()$n.risk[, 1L], by_sex$n.risk)
  hazard <- unlist(tapply(dead / by_sex$n.risk, rep(1:2, by_sex$strata), cumsum))
  expect_equal(fit()$cumhaz[, 2L], unname(hazard), tolerance = 1e-12)
  read <- fit()
  expect_false(anyNA(read$upper[read$pstate > 0]))
  expect_equal(read$n.event[, 2L] + dead, by_sex$n.event)
  expect_true(all(read$n.event[, 1L] == 0, read$n.censor[, -1L] == 0))
})

test_that("a long result is saved, read and changed like any other", {
  fit <- lms_km(Surv(time, died) ~ 1, data = long)
  again <- unserialize(serialize(fit, NULL))
  expect_identical(unclass(again)$surv, unclass(fit)$surv)
  expect_identical(unclass(again)$lower, unclass(fit)$lower)
  first <- fit$surv[1L]
  changed <- fit
  changed$surv[1L] <- 0.5
  expect_identical(c(changed$surv[1L], fit$surv[1L]), c(0.5, first))
  survival <- fit$surv
  rm(fit, changed)
  invisible(gc())
  expect_identical(survival, again$surv)
})

test_that("one and two threads give the same long result", {
  parts <- c("time", "surv", "std.err", "lower", "upper")
  one <- withr::with_envvar(c(OMP_THREAD_LIMIT = "1"), {
    unclass(lms_km(Surv(time, died) ~ 1, data = long))[parts]
  })
  expect_identical(one, unclass(lms_km(Surv(time, died) ~ 1, data = long))[parts])
})
