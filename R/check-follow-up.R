# What is read of curves and rates past the follow-up, or where few are left in it.

# Fewer than 10% of the patients, and fewer than 50, are followed at a time.
few_followed <- function(at_risk, n) at_risk < 0.1 * n & at_risk < 50

# group, time, at_risk, n, last: vectors, a value for each time read. known: whether the value needs
# no more follow-up. measure: what is read.
find_beyond <- function(group, time, at_risk, n, last, known, measure = "survival") {
  past <- time > last & !known
  at <- which(past | !known & few_followed(at_risk, n))
  finding(
    "beyond_follow_up", rep("caution", length(at)), group = ifelse(nzchar(group), group, NA)[at],
    n = n[at], n_risk = at_risk[at], time = time[at], last = last[at], measure = measure,
    remedy = ifelse(past, "not known", "read earlier")[at]
  )
}

find_beyond_rates <- function(fit) {
  rates <- fit$rates
  group <- if (is.null(rates$strata)) rep("", nrow(rates)) else rates$strata
  followed <- if (fit$method == "crude") rates$n.alive else rates$n.risk
  find_beyond(group, rates$time, followed, rates$n, rates$last, rates$rate %in% 0, "survival rate")
}
