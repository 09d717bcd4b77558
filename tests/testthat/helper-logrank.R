# What lms_logrank() must share with survdiff() of the same groups, relative.
logrank_tolerance <- 1e-10

survdiff_errors <- function(ours, theirs) {
  errors <- c(
    n = relative_error(as.vector(ours$n), as.vector(theirs$n)),
    obs = relative_error(ours$obs, theirs$obs),
    exp = relative_error(ours$exp, theirs$exp),
    var = relative_error(ours$var, theirs$var),
    df = relative_error(ours$parameter, sum(rowSums(as.matrix(theirs$exp)) > 0) - 1)
  )
  if (theirs$chisq > 1e-8) {
    errors[["chisq"]] <- relative_error(ours$chisq, theirs$chisq)
    errors[["pvalue"]] <- abs(log(ours$pvalue) - log(theirs$pvalue)) / max(1, theirs$chisq)
  }
  if (!is.null(theirs$strata)) {
    errors[["strata"]] <- relative_error(as.vector(ours$strata), as.vector(theirs$strata))
  }
  errors
}

# The numbers at risk and dying at each event time of each stratum, by loops over
# the rows. at_risk, deaths: matrices of events by groups.
slow_risk_sets <- function(time, status, group, entry = -Inf, stratum = 1, weight = 1) {
  d <- data.frame(time, status, group = as.integer(factor(group)), entry, stratum, weight)
  events <- unique(d[d$status == 1, c("stratum", "time")])
  events <- events[order(events$stratum, events$time), ]
  k <- max(d$group)
  sums <- function(rows) vapply(seq_len(k), function(j) sum(d$weight[rows & d$group == j]), 0)
  at_risk <- deaths <- matrix(0, nrow(events), k)
  for (i in seq_len(nrow(events))) {
    here <- d$stratum == events$stratum[i] & d$time >= events$time[i] & d$entry < events$time[i]
    at_risk[i, ] <- sums(here)
    deaths[i, ] <- sums(here & d$time == events$time[i] & d$status == 1)
  }
  list(at_risk = at_risk, deaths = deaths, stratum = events$stratum)
}

slow_weights <- function(sets, test, rho = 0, gamma = 0) {
  n <- rowSums(sets$at_risk)
  d <- rowSums(sets$deaths)
  by_stratum <- function(f) unsplit(lapply(split(seq_along(n), sets$stratum), f), sets$stratum)
  switch(test,
    logrank = rep(1, length(n)),
    gehan = n,
    "tarone-ware" = sqrt(n),
    peto = by_stratum(function(i) cumprod(1 - d[i] / (n[i] + 1))),
    "fleming-harrington" = by_stratum(function(i) {
      s <- cumprod(c(1, 1 - d[i] / n[i]))[seq_along(i)]
      s^rho * (1 - s)^gamma
    })
  )
}

# U, V and the statistic by definition.
slow_rank_test <- function(sets, weights) {
  k <- ncol(sets$at_risk)
  u <- numeric(k)
  v <- matrix(0, k, k)
  for (i in seq_along(weights)) {
    n <- sum(sets$at_risk[i, ])
    d <- sum(sets$deaths[i, ])
    p <- sets$at_risk[i, ] / n
    u <- u + weights[i] * (sets$deaths[i, ] - d * p)
    if (n > 1) v <- v + weights[i]^2 * d * (n - d) / (n - 1) * (diag(p, k) - outer(p, p))
  }
  # Generalised inverse, after the diagonal has been made 1.
  scale <- ifelse(diag(v) > 0, 1 / sqrt(diag(v)), 0)
  parts <- eigen(scale * t(scale * v), symmetric = TRUE)
  kept <- parts$values > 1e-10
  z <- crossprod(parts$vectors[, kept, drop = FALSE], scale * u)
  list(score = u, var = v, chisq = sum(z^2 / parts$values[kept]), df = sum(kept))
}
