# The log-rank test of curves, from their counts alone: the test asks only how many are at risk
# and die at each time.

logrank_options <- function(robust = FALSE, frequency = TRUE, timefix = TRUE) {
  list(test = "logrank", rho = 0, gamma = 0, timefix = timefix, robust = robust,
       frequency = frequency, threads = default_threads())
}

# counts: of curve_counts(); group, strata: factors with a value for each of them.
counts_logrank <- function(counts, group, strata = NULL) {
  group <- factor(group)
  if (nlevels(group) < 2L) return(NULL)
  if (!is.null(strata)) strata <- factor(strata)
  if (nlevels(strata) < 2L) strata <- NULL
  kept_test(counts_core(counts, group, strata), logrank_options(), !is.null(strata))
}

counts_core <- function(counts, group, strata = NULL) {
  rows <- lapply(counts, count_rows)
  sizes <- vapply(rows, function(part) length(part$time), 0L)
  response <- lapply(stats::setNames(nm = names(rows[[1L]])), function(name) {
    unlist(lapply(rows, `[[`, name))
  })
  response$status <- as.integer(response$status)
  response["strata"] <- list(if (!is.null(strata)) rep.int(as.integer(strata), sizes))
  response[setdiff(c("entry", "offset"), names(response))] <- list(NULL)
  core_rank_test(response, rep(group, sizes), NULL, numeric(), logrank_options())
}

# What a figure shows of a test, and by what it is named.
kept_test <- function(core, options, stratified) {
  c(
    chi_squared(core)[c("statistic", "parameter", "p.value")],
    options[c("test", "rho", "gamma", "robust")],
    list(stratified = stratified, trend = FALSE, method = test_method(options, stratified))
  )
}

# Rows that give the same numbers at risk and of events at each time.
count_rows <- function(counts) {
  if (is.null(counts$steps)) {
    n <- length(counts$time)
    rows <- list(
      time = rep.int(counts$time, 2L), status = rep(1:0, each = n),
      weights = c(counts$n.event, counts$n.censor)
    )
  } else {
    steps <- counts$steps
    n <- length(steps$time)
    events <- double(n - 1L)
    events[findInterval(counts$time + time_rounding(steps$time), steps$time) - 1L] <- counts$n.event
    rows <- list(
      time = rep.int(steps$time[-1L], 2L), entry = rep.int(steps$time[-n], 2L),
      status = rep(1:0, each = n - 1L), weights = c(events, steps$n.risk[-n] - events)
    )
  }
  lapply(rows, `[`, rows$weights > 0)
}

# The test of a robust variance needs the rows, so it is made while they are at hand.
robust_logrank <- function(risk, plan, settings) {
  groups <- group_data(risk)$groups
  if (is.null(groups) || nlevels(groups) < 2L) return(NULL)
  options <- logrank_options(TRUE, settings$weight_type == "frequency", settings$timefix)
  core <- core_rank_test(risk$response, groups, plan$codes, numeric(), options)
  kept_test(core, options, !is.null(risk$strata))
}
