# Curves that cross, beside which the p-value of a log-rank test is of no use.

# The hazard ratios up to the median event and after it lie on opposite sides of 1, each by more
# than so many standard errors, and differ with this p and by a factor of least_change; with fewer
# events the p is too small.
crossing_rule <- list(errors = 1, p = 0.05, events = 30)

# sums: as test_periods() has them, of groups that the text names. Answer: p of the difference of
# the two log hazard ratios, each score / var (Peto), NA where they lie on one side of 1.
crossing_p <- function(sums) {
  if (is.null(sums) || any(!(sums$var > 0)) || sum(sums$events) < crossing_rule$events) {
    return(NA_real_)
  }
  ratio <- sums$score / sums$var
  z <- ratio * sqrt(sums$var)
  if (prod(sign(z)) >= 0 || min(abs(z)) < crossing_rule$errors) return(NA_real_)
  if (abs(diff(ratio)) < log(least_change)) return(NA_real_)
  2 * stats::pnorm(-abs(diff(ratio)) / sqrt(sum(1 / sums$var)))
}

# pairs: list of sums of pairs of groups, named by both.
find_crossing <- function(fit, pairs) {
  p <- vapply(pairs, crossing_p, 0)
  at <- which(p * length(p) < crossing_rule$p)
  bind_findings(lapply(at, function(i) crossing_finding(fit, pairs[[i]], names(pairs)[i], p[[i]])))
}

crossing_finding <- function(fit, sums, groups, p) {
  found <- finding(
    "crossing_curves", "caution", group = groups, n_events = sum(sums$events),
    time = sums$until[1L], p.value = p, remedy = "mean or weights"
  )
  with_estimates(found, list(data.frame(
    measure = "hazard ratio", method = c("early", "late"), estimate = exp(sums$score / sums$var),
    code = crossing_code(fit)
  )))
}

# Restricted means, and the max-combo test, which is of two groups.
crossing_code <- function(fit) {
  two <- length(if (is.null(fit$groups)) fit$n else fit$groups) == 2L
  c(same_call(fit, lms_rmst), if (two) same_call(fit, lms_logrank, test = "max-combo") else NA)
}

# Another verb for the same formula and rows.
same_call <- function(fit, verb, ...) {
  call <- fit$call
  if (!is.call(call) || is.null(call$formula)) return(NA_character_)
  name <- if (identical(verb, lms_rmst)) quote(lms_rmst) else quote(lms_logrank)
  rows <- c("formula", "data", "weights", "subset", "na.action", "id", "weight_type", "event",
            "timefix")
  kept <- intersect(names(call), intersect(rows, names(formals(verb))))
  parts <- c(list(name), as.list(call)[kept], list(...))
  call <- as.call(parts)
  if (inherits(call$formula, "formula")) call$formula <- plain_formula(call$formula)
  code_line(first_unnamed(call))
}

find_crossing_test <- function(fit) {
  if (is.null(fit$periods)) return(finding(character()))
  levels <- names(fit$n)
  find_crossing(fit, stats::setNames(list(fit$periods), pair_name(levels[2L], levels[1L])))
}

pair_name <- function(second, first) paste(second, "versus", first)

# Of curves each two groups, as long as they are few.
find_crossing_curves <- function(fit) {
  k <- length(fit$groups)
  counted <- is.null(fit$weight_type) || fit$weight_type == "frequency"
  if (k < 2L || k > 6L || !counted || !is.null(fit$clusters)) return(finding(character()))
  at <- utils::combn(k, 2L)
  pairs <- lapply(seq_len(ncol(at)), function(i) curve_periods(fit, at[, i]))
  find_crossing(fit, stats::setNames(pairs, pair_name(fit$groups[at[2L, ]], fit$groups[at[1L, ]])))
}

# test_periods() of two curves, from their counts.
curve_periods <- function(fit, groups) {
  steps <- curve_rank_steps(fit, groups, fit$n.event)
  if (sum(steps$events) < 2) return(NULL)
  cut <- median_event_time(steps$time, steps$events)
  late <- steps$time > cut
  total <- function(x) c(sum(x[!late]), sum(x[late]))
  data.frame(
    period = c("early", "late"), until = cut, events = total(steps$events),
    score = total(steps$observed[, 2L] - steps$expected[, 2L]), var = total(steps$var)
  )
}

# At each time of an event in any of these groups: time, events, observed and expected (columns by
# group), and the hypergeometric variance of the second of two groups, or of each.
curve_rank_steps <- function(fit, groups, counts) {
  ranges <- curve_ranges(fit)[groups]
  time <- sort(unique(unlist(lapply(ranges, function(at) fit$time[at][counts[at] > 0]))))
  observed <- vapply(ranges, function(at) {
    happened <- counts[at] > 0
    own <- double(length(time))
    own[match(fit$time[at][happened], time)] <- counts[at][happened]
    own
  }, double(length(time)))
  at_risk <- vapply(risk_curves(fit)[groups], at_risk_before, double(length(time)), time)
  dim(observed) <- dim(at_risk) <- c(length(time), length(groups))
  events <- rowSums(observed)
  n <- rowSums(at_risk)
  share <- at_risk / n
  spread <- ifelse(n > 1, events * (n - events) / (n - 1), 0)
  list(time = time, events = events, observed = observed, expected = events * share,
       share = share, spread = spread, var = spread * share[, 2L] * (1 - share[, 2L]))
}
