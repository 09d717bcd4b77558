# Random data over ties, weights, entry times, groups without events and sizes from one row, beside
# survfit() and cmprsk::cuminc().

random_incidence <- function(seed) {
  set.seed(seed)
  n <- sample(c(1, 2, 3, 5, 10, 20, 50, 200, 500, 2000), 1,
              prob = c(2, 2, 2, 4, 6, 8, 10, 4, 1, 0.3))
  causes <- sample(1:4, 1)
  tied <- runif(1) < 0.6
  time <- rexp(n) + 0.001
  if (tied) time <- ceiling(time * sample(c(1, 3, 10, 30), 1))
  status <- sample(0:causes, n, TRUE, prob = c(runif(1), runif(causes)^2))
  if (runif(1) < 0.05) status[] <- 0L
  if (runif(1) < 0.05) time[] <- 1
  entry <- if (runif(1) < 0.3) {
    if (tied) time - sample(10, n, TRUE) else time * runif(n, -0.1, 0.95)
  }
  kinds <- c("death", "relapse", "stroke", "infection")
  data <- data.frame(
    time = time, status = status, cause = factor(status, 0:causes, c("none", kinds[1:causes])),
    group = sample(sample(4, 1), n, TRUE), stratum = sample(2, n, TRUE), id = seq_len(n)
  )
  data$entry <- entry
  if (runif(1) < 0.35) data$w <- sample(list(runif(n, 0.2, 3), rpois(n, 1.5) + 1), 1)[[1]]
  data
}

# survfit() takes a factor of two levels for a single event unless it is told otherwise.
incidence_formula <- function(data, right) {
  lhs <- if (is.null(data$entry)) {
    quote(Surv(time, cause, type = "mstate"))
  } else {
    quote(Surv(entry, time, cause, type = "mstate"))
  }
  reformulate(right, lhs)
}

# Where nobody has an event survfit() of survival 3.8 stops with an error, unless the status is a
# number.
expect_nothing_happened <- function(ours, right, data) {
  expect_true(all(ours$pstate[, 1] == 1) && all(ours$pstate[, -1] == 0) && all(ours$std.err == 0))
  lhs <- if (is.null(data$entry)) quote(Surv(time, status)) else quote(Surv(entry, time, status))
  weights <- list(weights = data$w)[!is.null(data$w)]
  theirs <- do.call(survival::survfit, c(list(reformulate(right, lhs), data = data), weights))
  expect_identical(ours$time, theirs$time)
  expect_close(unname(ours$n.risk[, 1]), theirs$n.risk, 1e-12)
  expect_close(censored(ours), theirs$n.censor, 1e-12)
}

test_that("five hundred random data sets agree with survfit", {
  for (seed in seq_len(500)) {
    data <- random_incidence(seed)
    right <- if (seed %% 3 == 0) "1" else "group"
    formula <- incidence_formula(data, right)
    weights <- list(weights = data$w)[!is.null(data$w)]
    run <- function(f, ...) do.call(f, c(list(formula, data = data), weights, list(...)))
    ours <- quietly(run(lms_cuminc))
    if (all(data$status == 0) && utils::packageVersion("survival") >= "3.6") {
      expect_nothing_happened(ours, right, data)
      next
    }
    # NaN in the square root of a variance of 0.
    theirs <- suppressWarnings(run(survival::survfit, id = data$id))
    expect_agreement(
      incidence_errors(ours, theirs, weighted = !is.null(data$w)), incidence_tolerance,
      paste("seed", seed)
    )
  }
})

test_that("five hundred random data sets agree with cmprsk", {
  skip_if_not_installed("cmprsk")
  tests <- 0
  for (seed in 1000 + seq_len(500)) {
    data <- random_incidence(seed)
    data$w <- data$entry <- NULL
    if (all(data$status == 0)) next
    rho <- c(0, 0, 1, -0.5)[seed %% 4 + 1]
    stratified <- seed %% 2 == 0
    formula <- incidence_formula(data, c("group", if (stratified) "strata(stratum)"))
    ours <- without_messages(lms_cuminc(formula, data, variance = "aalen", rho = rho))
    # Its estimates of the variance and test are NaN in places, which qr() refuses.
    theirs <- tryCatch(
      do.call(cmprsk::cuminc, c(
        list(data$time, data$status, data$group, rho = rho),
        if (stratified) list(strata = data$stratum)
      )),
      error = function(e) NULL
    )
    if (is.null(theirs)) next
    labels <- seq_along(ours$states[-1])
    if (!is.null(theirs$Tests)) {
      tests <- tests + sum(theirs$Tests[, "stat"] >= 0, na.rm = TRUE)
      expect_agreement(
        gray_errors(ours$tests, theirs, labels), incidence_tolerance, paste("seed", seed)
      )
      none <- theirs$Tests[, "stat"] == -1
      expect_true(all(is.na(ours$tests$statistic[match(names(none)[which(none)], labels)])))
    }
    if (!stratified) {
      expect_agreement(
        cuminc_errors(ours, theirs, sort(unique(data$group)), labels), incidence_tolerance,
        paste("seed", seed)
      )
    }
  }
  expect_gte(tests, 500)
})
