# The max-combo test and the likelihood ratio test of exponential models.

# What these tests have not.
check_combined <- function(settings, plan, groups, response) {
  if (settings$test == "max-combo" && nlevels(groups$groups) > 2L) {
    refuse_with("max-combo", paste("of", nlevels(groups$groups), "groups"),
                "Compare two groups at a time, chosen with `subset`.")
  }
  if (!settings$test %in% c("max-combo", "exponential")) return(invisible())
  name <- settings$test
  if (plan$robust) refuse_with(name, "with a robust variance", "Use another test.")
  weighted <- !is.null(response$weights) && settings$weight_type != "frequency"
  if (weighted && any(response$weights != 1)) {
    refuse_with(name, "with weights that are not frequencies",
                "Set `weight_type = \"frequency\"` if each weight is a number of equal rows.")
  }
  if (!identical(settings$trend, FALSE)) {
    refuse_with(name, "for a trend", "Remove `trend`, or use another test.")
  }
  if (settings$pairwise && name == "max-combo") {
    refuse_with(name, "with `pairwise = TRUE`: there are only two groups", "Remove `pairwise`.")
  }
  if (!is.null(groups$strata) && name == "exponential") {
    refuse_with(name, "in strata", "Remove strata(), or use another test.")
  }
  if (name == "max-combo" && !requireNamespace("mvtnorm", quietly = TRUE)) {
    abort("package", "The max-combo test needs the package mvtnorm, which is not installed.",
          "Install it with `install.packages(\"mvtnorm\")`.")
  }
}

refuse_with <- function(test, what, way_out) {
  abort("argument", paste0("`test = ", quoted(test), "` is not defined ", what, "."), way_out)
}

# The Fleming-Harrington tests that are combined.
combined_powers <- data.frame(rho = c(0, 0, 1, 1), gamma = c(0, 1, 0, 1))

# The largest |z| of four tests and its p-value. The covariance of two tests with the weights
# v and w is the sum over event times of v w times the hypergeometric variance, which is the
# variance of the test whose powers are the means of theirs.
max_combo <- function(risk, groups, options) {
  powers <- combined_powers
  options$test <- "fleming-harrington"
  one <- function(rho, gamma) {
    core <- run_rank_test(risk, groups$groups, NULL, double(),
                          utils::modifyList(options, list(rho = rho, gamma = gamma)), FALSE)
    c(sum(core$observed[2L, ]) - sum(core$expected[2L, ]), core$var[2L, 2L])
  }
  pairs <- expand.grid(i = seq_len(nrow(powers)), j = seq_len(nrow(powers)))
  middle <- (powers[pairs$i, ] + powers[pairs$j, ]) / 2
  distinct <- !duplicated(middle)
  sums <- mapply(one, middle$rho[distinct], middle$gamma[distinct])
  at <- match(do.call(paste, middle), do.call(paste, middle[distinct, ]))
  covariance <- matrix(sums[2L, at], nrow(powers))
  score <- sums[1L, at][pairs$i == pairs$j]
  usable <- which(diag(covariance) > 0)
  z <- rep(NA_real_, nrow(powers))
  z[usable] <- score[usable] / sqrt(diag(covariance)[usable])
  correlation <- stats::cov2cor(covariance[usable, usable, drop = FALSE])
  largest <- if (length(usable)) max(abs(z[usable])) else NA_real_
  p <- 2 * stats::pnorm(-abs(z))
  list(
    chisq = NA_real_, statistic = c("max |z|" = largest), parameter = c(df = NA_real_),
    p.value = largest_p(largest, correlation),
    components = as_plain_frame(as_tibble_class(c(as.list(powers), list(z = z, p.value = p)))),
    correlation = correlation
  )
}

# P(max |Z| >= m) for normal Z with mean 0 and this correlation, as twice the sum over i of
# P(Z_i > m, |Z_j| < m for j < i), so that a small probability keeps its digits.
largest_p <- function(m, correlation) {
  if (is.na(m)) return(NA_real_)
  part <- function(i) {
    if (i == 1L) return(stats::pnorm(m, lower.tail = FALSE))
    at <- seq_len(i)
    mvtnorm::pmvnorm(
      c(rep(-m, i - 1L), m), c(rep(m, i - 1L), Inf), corr = correlation[at, at],
      algorithm = mvtnorm::GenzBretz(maxpts = 2e5, abseps = 0, releps = 1e-5)
    )[[1L]]
  }
  min(1, 2 * with_own_seed(1, sum(vapply(seq_len(nrow(correlation)), part, 0))))
}

# Twice the log likelihood ratio of exponential models with a rate for each group and with one for
# all: 2 sum d_j log((d_j / t_j) / (d / t)), d events in the time t at risk.
exponential_test <- function(response, groups, pairwise) {
  weights <- if (is.null(response$weights)) rep(1, length(response$time)) else response$weights
  lived <- response$time - if (is.null(response$entry)) 0 else response$entry
  sums <- function(x) as.vector(rowsum(x * weights, as.integer(groups)))
  events <- sums(response$status)
  time <- sums(lived)
  ratio <- function(at) {
    at <- at[time[at] > 0 | events[at] > 0]
    df <- length(at) - 1L
    if (df < 1L || !sum(events[at]) || any(time[at] <= 0)) return(c(NA, 0))
    used <- at[events[at] > 0]
    expected <- sum(events[at]) * time[used] / sum(time[at])
    c(2 * sum(events[used] * log(events[used] / expected)), df)
  }
  of_all <- ratio(seq_along(events))
  pairs <- if (pairwise) utils::combn(length(events), 2L, ratio)
  list(
    observed = events, expected = sum(events) * time / sum(time), statistic = of_all[1L],
    df = as.integer(of_all[2L]),
    pairs = if (pairwise) list(statistic = pairs[1L, ], df = as.integer(pairs[2L, ]))
  )
}
