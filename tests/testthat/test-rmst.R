# Restricted means beside survival's summary(survfit(), rmean =), by hand and by laws. The contrasts
# are those of Uno et al. (2014), written out.

rmst_tolerance <- 1e-10

rmst <- function(...) without_messages(lms_rmst(...))

# tau from the data, as survRM2 takes it, or three quarters of it.
rmst_errors <- function(formula, data, weights = NULL, share = 1, ...) {
  args <- c(list(formula, data = data), list(...))
  if (!is.null(weights)) args$weights <- weights
  tau <- share * do.call(rmst, args)$tau
  ours <- do.call(rmst, c(args, tau = tau))
  args$event <- NULL
  curve <- do.call(survival::survfit, args)
  if (tau < min(curve$time)) {
    # survival has no mean before the first time; nothing is lost there.
    return(c(mean = relative_error(ours$table$rmst, rep(tau, nrow(ours$table)))))
  }
  theirs <- summary(curve, rmean = tau)$table
  if (is.null(dim(theirs))) theirs <- t(theirs)
  columns <- c("rmean", "se(rmean)")
  if (!columns[1] %in% colnames(theirs)) columns <- c("*rmean", "*se(rmean)")
  c(
    mean = relative_error(ours$table$rmst, theirs[, columns[1]]),
    se = relative_error(ours$table$std.error, theirs[, columns[2]]),
    lost = relative_error(tau - ours$table$rmtl, theirs[, columns[1]]),
    n = if (is.null(weights)) relative_error(ours$table$n, theirs[, "records"]) else 0,
    survival = relative_error(
      ours$table$survival, summary(curve, times = tau, extend = TRUE)$surv
    )
  )
}

rmst_data <- list(
  list("aml", Surv(time, status) ~ x), list("bladder", Surv(stop, event == 1) ~ rx),
  list("bladder2", Surv(start, stop, event == 1) ~ rx),
  list("cgd", Surv(tstart, tstop, status == 1) ~ treat),
  list("colon", Surv(time, status) ~ rx + sex), list("diabetic", Surv(time, status) ~ trt + laser),
  list("flchain", Surv(futime, death) ~ sex), list("gbsg", Surv(rfstime, status) ~ grade),
  list("heart", Surv(start, stop, event == 1) ~ transplant),
  list("jasa1", Surv(start, stop, event == 1) ~ transplant),
  list("kidney", Surv(time, status) ~ disease), list("lung", Surv(time, status == 2) ~ sex),
  list("lung", Surv(time, status == 2) ~ 1), list("mgus", Surv(futime, death) ~ sex),
  list("mgus2", Surv(futime, death) ~ sex), list("myeloid", Surv(futime, death) ~ trt),
  list("nafld1", Surv(futime, status) ~ male), list("nwtco", Surv(edrel, rel) ~ histol + stage),
  list("ovarian", Surv(futime, fustat) ~ rx), list("pbc", Surv(time, status == 2) ~ sex + edema),
  list("rats", Surv(time, status) ~ rx), list("retinopathy", Surv(futime, status) ~ trt + type),
  list("rotterdam", Surv(dtime, death) ~ size + chemo), list("stanford2", Surv(time, status) ~ 1),
  list("transplant", Surv(futime, event == "death") ~ abo),
  list("udca1", Surv(futime, status) ~ trt), list("veteran", Surv(time, status) ~ celltype)
)

test_that("agrees with survfit on survival's data sets", {
  for (case in rmst_data) {
    data <- getExportedValue("survival", case[[1]])
    for (share in c(1, 0.75, 0.3)) {
      errors <- rmst_errors(case[[2]], data, share = share)
      expect_agreement(errors, rmst_tolerance, paste(case[[1]], share))
    }
  }
})

test_that("agrees with survfit on the sarcoma patients", {
  d <- sarcomas(na.strings = "")
  d$months <- d$os_days / 30.4375
  d$lms <- d$histology == "Leiomyosarcoma (LMS)"
  for (share in c(1, 0.5)) {
    expect_agreement(rmst_errors(Surv(months, os_event) ~ lms, d, share = share), rmst_tolerance)
    expect_agreement(rmst_errors(Surv(months, os_event) ~ sex, d, share = share), rmst_tolerance)
  }
})

random_rmst <- function(seed) {
  set.seed(seed)
  n <- sample(c(1, 2, 5, 20, 100, 2000), 1, prob = c(1, 1, 3, 5, 4, 0.5))
  time <- rexp(n)
  tied <- runif(1) < 0.6
  if (tied) time <- ceiling(time * 10)
  if (runif(1) < 0.05) time[] <- 7
  data <- data.frame(
    time = time, status = as.integer(runif(n) < sample(c(0, 0.4, 0.8, 1), 1, prob = c(1, 4, 4, 1))),
    g = sample(c("a", "b", "c"), n, TRUE, prob = c(0.6, 0.3, 0.1)),
    entry = if (tied) pmax(0, time - sample(10, n, TRUE)) else time * runif(n, 0, 0.9)
  )
  left <- sample(c("Surv(time, status == 1)", "Surv(entry, time, status == 1)"), 1)
  list(
    data = data, weights = if (runif(1) < 0.4) sample(3, n, TRUE),
    formula = as.formula(paste(left, "~", sample(c("g", "1"), 1))), share = sample(c(1, 0.6), 1)
  )
}

test_that("agrees with survfit on five hundred random data sets", {
  for (seed in 1:500) {
    set <- random_rmst(seed)
    errors <- rmst_errors(set$formula, set$data, set$weights, set$share)
    expect_agreement(errors, rmst_tolerance, paste("seed", seed))
  }
})

test_that("by hand: four patients", {
  d <- data.frame(time = 1:4, status = c(1, 0, 1, 0))
  fit <- rmst(Surv(time, status) ~ 1, d)
  expect_identical(fit$tau, 4)
  expect_equal(fit$table$rmst, 23 / 8)
  expect_equal(fit$table$rmtl, 9 / 8)
  expect_equal(fit$table$std.error^2, (15 / 8)^2 / 12 + (3 / 8)^2 / 2)
  expect_equal(fit$table$conf.high - fit$table$rmst, qnorm(0.975) * fit$table$std.error)
  wide <- rmst(Surv(time, status) ~ 1, d, conf_level = 0.5)$table
  expect_equal(wide$rmtl - wide$rmtl.low, qnorm(0.75) * wide$std.error)
})

# The vignette of survRM2: rmst2() of the first 312 patients with primary biliary cirrhosis.
test_that("the cirrhosis trial, as survRM2 prints it", {
  trial <- transform(survival::pbc[1:312, ], years = time / 365.25, died = 0 + (status == 2))
  trial$arm <- 2 - trial$trt
  fit <- lms_rmst(Surv(years, died) ~ arm, trial, tau = 10)
  columns <- c("rmst", "std.error", "conf.low", "conf.high", "rmtl", "rmtl.low", "rmtl.high")
  expect_equal(
    unname(round(as.matrix(fit$table[2:1, columns]), 3)),
    rbind(
      c(7.146, 0.283, 6.592, 7.701, 2.854, 2.299, 3.408),
      c(7.283, 0.295, 6.704, 7.863, 2.717, 2.137, 3.296)
    ),
    ignore_attr = TRUE
  )
  expect_equal(
    unname(round(as.matrix(fit$contrasts[c("estimate", "conf.low", "conf.high", "p.value")]), 3)),
    rbind(
      c(-0.137, -0.939, 0.665, 0.738), c(0.981, 0.878, 1.096, 0.738),
      c(1.050, 0.787, 1.402, 0.738)
    ),
    ignore_attr = TRUE
  )
})

test_that("contrasts are those of the formulae", {
  d <- survival::veteran
  fit <- rmst(Surv(time, status) ~ celltype, d, tau = 200)
  t <- fit$table
  c2 <- fit$contrasts[fit$contrasts$group == "celltype=adeno", ]
  v <- t$std.error^2
  expect_identical(unique(fit$contrasts$reference), "celltype=squamous")
  expect_equal(c2$estimate, c(t$rmst[3] - t$rmst[1], t$rmst[3] / t$rmst[1], t$rmtl[3] / t$rmtl[1]))
  se <- sqrt(c(v[3] + v[1], v[3] / t$rmst[3]^2 + v[1] / t$rmst[1]^2,
               v[3] / t$rmtl[3]^2 + v[1] / t$rmtl[1]^2))
  expect_equal(c2$std.error, se)
  z <- c(c2$estimate[1], log(c2$estimate[2:3])) / se
  expect_equal(c2$statistic, z)
  expect_equal(c2$p.value, 2 * pnorm(-abs(z)))
  expect_equal(c2$conf.low[1], c2$estimate[1] - qnorm(0.975) * se[1])
  expect_equal(c2$conf.high[2:3], exp(log(c2$estimate[2:3]) + qnorm(0.975) * se[2:3]))
  # The Wald test of three differences.
  differences <- t$rmst[-1] - t$rmst[1]
  variance <- diag(v[-1]) + v[1]
  expect_equal(fit$test$chisq, sum(differences * solve(variance, differences)))
  expect_identical(fit$test$df, 3)
  two <- rmst(Surv(time, status) ~ trt, d, tau = 200)
  expect_null(two$test)
  expect_equal(glance(two)$p.value, two$contrasts$p.value[1])
})

test_that("laws: shuffled rows, frequencies, split rows, units", {
  d <- survival::lung
  d$k <- 1 + seq_len(nrow(d)) %% 3
  fit <- function(...) rmst(..., event = 2)$table
  base <- fit(Surv(time, status) ~ sex, d, tau = 500)
  expect_equal(fit(Surv(time, status) ~ sex, d[228:1, ], tau = 500), base, tolerance = 1e-13)
  expanded <- d[rep(seq_len(nrow(d)), d$k), ]
  whole <- fit(Surv(time, status) ~ sex, expanded, tau = 500)
  expect_equal(fit(Surv(time, status) ~ sex, d, tau = 500, weights = k), whole, tolerance = 1e-12)
  expect_equal(fit(Surv(time, status) ~ sex, d, tau = 500, weights = "k",
                   weight_type = "frequency"), whole, tolerance = 1e-12)
  d$zero <- rep(0:1, 114)
  expect_equal(fit(Surv(time, status) ~ sex, d, weights = zero),
               fit(Surv(time, status) ~ sex, d[d$zero == 1, ]))
  d$entry <- 0
  halves <- rbind(transform(d, time = time / 3, status = 1), transform(d, entry = time / 3))
  split <- fit(Surv(entry, time, status) ~ sex, halves, tau = 500)
  same <- c("rmst", "std.error", "rmtl", "survival", "events")
  expect_equal(split[same], base[same], tolerance = 1e-12)
  months <- rmst(Surv(time / 30.4375, status) ~ sex, d, tau = 500 / 30.4375, event = 2)
  days <- rmst(Surv(time, status) ~ sex, d, tau = 500, event = 2)
  expect_equal(months$table$rmst * 30.4375, base$rmst, tolerance = 1e-12)
  expect_equal(months$contrasts$p.value, days$contrasts$p.value, tolerance = 1e-9)
})

test_that("tau is the smallest of the groups' ends, and may go beyond a curve that is 0", {
  d <- data.frame(time = c(1, 5, 9, 2, 4, 6), status = c(1, 0, 1, 1, 0, 0), g = rep(1:2, each = 3))
  fit <- rmst(Surv(time, status) ~ g, d)
  expect_identical(fit$tau, 6)
  expect_false(fit$tau_given)
  expect_identical(rmst(Surv(time, status) ~ g, d, subset = g == 1, tau = 20)$tau, 20)
  error <- expect_error(rmst(Surv(time, status) ~ g, d, tau = 8), class = "lmsurv_error_tau")
  expect_match(conditionMessage(error), "g=2")
  expect_match(conditionMessage(error), "tau = 6")
  expect_equal(rmst(Surv(time, status) ~ g, d, tau = 6)$table, fit$table)
})

test_that("groups without spread have no interval and no test", {
  d <- data.frame(time = c(5, 6, 7, 1, 3, 8), status = c(0, 0, 0, 1, 1, 0), g = rep(1:2, each = 3))
  fit <- rmst(Surv(time, status) ~ g, d)
  expect_identical(is.na(fit$table$conf.low), c(TRUE, FALSE))
  expect_identical(fit$table$rmtl[1], 0)
  expect_true(all(is.na(fit$contrasts$p.value)))
  expect_identical(is.na(fit$contrasts$estimate), c(FALSE, FALSE, TRUE))
  none <- rmst(Surv(time, status) ~ 1, d[1:3, ], event = 1)
  expect_identical(none$table$rmst, 7)
  expect_identical(none$nevent, 0)
})

test_that("methods give documented columns; groups come from several variables and strata", {
  fit <- rmst(Surv(time, status) ~ trt + strata(prior), survival::veteran)
  expect_named(tidy(fit), c("group", "reference", "measure", "estimate", "std.error", "conf.low",
                            "conf.high", "statistic", "p.value"))
  expect_identical(nrow(tidy(fit)), 4L * 2L + 3L * 3L)
  expect_named(glance(fit), c("tau", "groups", "n", "nevent", "statistic", "df", "p.value"))
  expect_identical(as.data.frame(fit)$trt, factor(c(1, 1, 2, 2)))
  expect_identical(nrow(tidy(rmst(Surv(time, status) ~ 1, survival::veteran))), 2L)
})

test_that("same call from a function and with missing values", {
  f <- function(d, upto) {
    rmst(Surv(time, status) ~ ph.ecog, d, tau = upto, event = 2, subset = age > 50)
  }
  fit <- f(survival::lung, 100)
  expect_identical(fit$missing, c(ph.ecog = 1))
  expect_equal(fit$n, sum(survival::lung$age > 50 & !is.na(survival::lung$ph.ecog)))
})

test_that("it prints the rules", {
  expect_snapshot({
    lms_rmst(Surv(time, status) ~ sex, survival::lung, event = 2, tau = 365)
    lms_rmst(Surv(time, status) ~ ph.ecog, survival::lung, event = 2)
    lms_rmst(Surv(time, status) ~ 1, survival::veteran)
  })
})

test_that("what cannot be estimated is refused in words", {
  lung <- survival::lung
  expect_snapshot({
    said(lms_rmst())
    said(lms_rmst(Surv(time, status) ~ sx, lung, event = 2))
    said(lms_rmst(Surv(time, status) ~ meal.cal, lung, event = 2))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, 2000))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, tau = "365"))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, tau = 0))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, tau = Inf))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, rmean = 365))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, conf.level = 0.9))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, weights = age / 10))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, weights = age, weight_type = "sampling"))
    said(lms_rmst(Surv(time, status == 2) ~ sex * age, lung))
    said(lms_rmst(Surv(time - 100, status == 2) ~ sex, lung))
    said(lms_rmst(Surv(time - 400, time - 100, status == 2) ~ sex, lung))
    said(lms_rmst(Surv(time, status == 2) ~ sex, lung, weights = 2 - sex))
    said(lms_rmst(Surv(time, status) ~ g, data.frame(time = c(0, 1), status = 0:1, g = 1:2)))
  })
})
