# Random data sets over ties, groups, weights, entry times, clusters and size, beside survfit().

random_curve <- function(seed) {
  set.seed(seed)
  n <- sample(
    c(1, 2, 3, 5, 10, 20, 50, 200, 500, 2000), 1, prob = c(1, 1, 2, 4, 6, 8, 8, 6, 3, 0.5)
  )
  tied <- runif(1) < 0.6
  time <- rexp(n) * 10
  if (tied) time <- ceiling(time * sample(c(0.3, 1, 3), 1))
  if (runif(1) < 0.05) time[] <- time[1]
  data <- data.frame(
    time, status = rbinom(n, 1, sample(c(0, 0.3, 0.7, 1), 1, prob = c(1, 4, 6, 2))),
    group = if (runif(1) < 0.5) sample(3, n, TRUE) else 1
  )
  if (runif(1) < 0.2) data$status[data$group == 2] <- 0
  if (runif(1) < 0.4) {
    data$entry <- if (tied) pmax(-1, time - sample(10, n, TRUE)) else time * runif(n, 0, 0.95)
  }
  if (runif(1) < 0.5) {
    data$w <- switch(sample(4, 1),
      runif(n, 0.2, 3), rpois(n, 1.5) + 1, rexp(n), rexp(n) * (runif(n) < 0.8)
    )
    # A group whose rows all have weight 0 is refused.
    data$w[stats::ave(data$w, data$group, FUN = sum) == 0] <- 1
  }
  if (runif(1) < 0.3) data$centre <- sample(max(2, n %/% 4), n, TRUE)
  robust <- if (is.null(data$centre)) {
    if (is.null(data$entry) && runif(1) < 0.3) TRUE else if (runif(1) < 0.2) FALSE
  }
  list(
    data = data, robust = robust,
    type = sample(c("kaplan-meier", "nelson-aalen", "fh2"), 1, prob = c(4, 1, 1)),
    conf_type = sample(c("log", "log-log", "plain", "logit", "arcsin", "none"), 1)
  )
}

both_curves <- function(set) {
  data <- set$data
  formula <- if (is.null(data$entry)) {
    Surv(time, status) ~ group
  } else {
    Surv(entry, time, status) ~ group
  }
  more <- list(
    data = data, weights = data$w, cluster = data$centre, robust = set$robust
  )
  more <- more[lengths(more) > 0]
  run <- function(f, args) {
    suppressWarnings(suppressMessages(do.call(f, c(list(formula), more, args))))
  }
  theirs <- list(
    conf.type = set$conf_type, stype = if (set$type == "kaplan-meier") 1 else 2,
    ctype = if (set$type == "fh2") 2 else 1
  )
  list(
    ours = run(lms_km, list(conf_type = set$conf_type, type = set$type, event = 1)),
    theirs = run(survival::survfit, theirs)
  )
}

test_that("agrees with survfit: 500 random data sets", {
  for (seed in 1:500) {
    set <- random_curve(seed)
    # survival counts a row of weight 0 among the deaths of its time.
    if (set$type == "fh2" && any(set$data$w == 0)) set$data$w <- NULL
    both <- both_curves(set)
    # With a robust variance survival 3.5 gives the error of H as if it were that of S, or
    # that of S as if it were that of log S. The next test has the numbers.
    wrong <- if (both$ours$robust && set$type != "kaplan-meier") {
      both$theirs$logse <- FALSE
      both$theirs$lower <- both$ours$lower
      both$theirs$upper <- both$ours$upper
      "std.err"
    }
    label <- paste("seed", seed)
    expect_agreement(km_errors(both$ours, both$theirs, wrong), km_tolerance, label)
    if (is.null(wrong)) {
      expect_agreement(km_quantile_errors(both$ours, both$theirs), km_tolerance, label)
    }
  }
})

test_that("the robust error of exp(-H) is the derivative by the weights", {
  set.seed(3)
  n <- 25
  data <- data.frame(time = rpois(n, 5) + 1, status = rbinom(n, 1, 0.7), w = runif(n, 0.5, 2))
  for (type in c("nelson-aalen", "fh2", "kaplan-meier")) {
    fit <- lms_km(Surv(time, status) ~ 1, data, weights = w, type = type)
    step <- 1e-5
    slopes <- vapply(seq_len(n), function(i) {
      at <- function(shift) {
        data$w[i] <- data$w[i] + shift
        lms_km(Surv(time, status) ~ 1, data, weights = w, type = type)$surv
      }
      data$w[i] * (at(step) - at(-step)) / (2 * step)
    }, fit$surv)
    expect_false(fit$logse)
    expect_equal(fit$std.err, sqrt(rowSums(slopes^2)), tolerance = 1e-7)
    if (type != "kaplan-meier") {
      expect_equal(fit$std.err, fit$surv * fit$std.chaz, tolerance = 1e-12)
    }
  }
})
