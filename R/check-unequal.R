# Groups that were followed for different times.

# The median follow-up times are so many fold apart, and the log-rank test of the reverse curves has
# this p.
unequal_rule <- list(fold = 1.5, p = 0.01)

find_unequal_follow_up <- function(fit) {
  none <- finding(character())
  counted <- is.null(fit$weight_type) || fit$weight_type == "frequency"
  k <- length(fit$groups)
  if (k < 2L || k > 20L || !counted || !is.null(fit$clusters)) return(none)
  median <- follow_up(fit)$quantile[, "50"]
  known <- which(median > 0)
  if (length(known) < 2L) return(none)
  ends <- known[c(which.min(median[known]), which.max(median[known]))]
  if (median[ends[2L]] < unequal_rule$fold * median[ends[1L]]) return(none)
  p <- reverse_test(fit)
  if (!isTRUE(p < unequal_rule$p)) return(none)
  finding(
    "follow_up_differs", "caution", group = pair_name(fit$groups[ends[1L]], fit$groups[ends[2L]]),
    from = median[[ends[1L]]], to = median[[ends[2L]]], last = min(fit$last), p.value = p,
    remedy = "up to the same time",
    code = same_call(fit, lms_rmst, tau = rounded_down(min(fit$last)))
  )
}

# p of the log-rank test in which censoring is the event.
reverse_test <- function(fit) {
  k <- length(fit$groups)
  steps <- curve_rank_steps(fit, seq_len(k), fit$n.censor)
  score <- colSums(steps$observed - steps$expected)
  v <- diag(colSums(steps$spread * steps$share), k) -
    crossprod(steps$share, steps$spread * steps$share)
  kept <- which(diag(v) > 1e-10 * max(diag(v)))
  kept <- kept[-length(kept)]
  if (!length(kept)) return(NA_real_)
  inverse <- tryCatch(solve(v[kept, kept], score[kept]), error = function(e) NULL)
  if (is.null(inverse)) return(NA_real_)
  stats::pchisq(sum(score[kept] * inverse), length(kept), lower.tail = FALSE)
}

# Two digits, as a time to name.
rounded_down <- function(x) {
  unit <- 10^(floor(log10(x)) - 1)
  floor(x / unit) * unit
}
