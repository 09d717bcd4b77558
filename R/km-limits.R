# What the limits of survival on the usual scales do not hold: before the first event, and with few
# events.

# That none of n patients dies has the probability S^n, so survival is above alpha^(1/n), however
# many left before. With entry times n is the smallest number at risk so far. By row, NA where
# survival is not 1, nothing is known, or rows are not patients.
# fit: curves. group: numbers of them; at_risk: just before the time.
exact_lower <- function(fit, group, time, at_risk, surv) {
  none <- rep(NA_real_, length(surv))
  counted <- is.null(fit$weight_type) || fit$weight_type == "frequency"
  if (fit$conf.type == "none" || !counted || !is.null(fit$clusters)) return(none)
  at <- which(surv %in% 1 & time > fit$t0 & at_risk > 0)
  steps <- fit$at_risk
  n <- vapply(at, function(i) {
    before <- steps$group == group[i] & steps$time < time[i]
    min(at_risk[i], steps$n.risk[before])
  }, 0)
  replace(none, at, (1 - fit$conf_level)^(1 / n))
}

# Below so many events up to a time at which survival is above this, the limits on these scales are
# too narrow: see bench/results/coverage.md.
narrow_rule <- list(events = 10, survival = 0.75, scales = c("log", "plain"))

narrow_limits <- function(fit, surv, events) {
  if (!fit$conf.type %in% narrow_rule$scales || !is.null(fit$weight_type)) {
    return(logical(length(surv)))
  }
  surv > narrow_rule$survival & events > 0 & events < narrow_rule$events & !is.na(surv)
}

# Cells of a table: the interval, and before the first event the exact limit.
survival_range <- function(lower, upper, exact, digits) {
  ifelse(is.na(exact), format_percent_range(lower, upper, digits),
         paste("lower limit", format_percent(exact, digits)))
}

# What the foot of such a table says of them.
limit_lines <- function(conf_level, conf_type, exact, narrow) {
  c(
    if (!all(is.na(exact))) paste0(
      "Lower limit before the first event: exact one-sided ", format(100 * conf_level), "% CI."
    ),
    if (any(narrow)) paste0(
      "Caution: with fewer than ", narrow_rule$events, " events up to a time, CIs on the ",
      conf_type, " scale are too narrow; set `conf_type = \"log-log\"`."
    )
  )
}

# Events of each group up to each of the times of a summary or of rates.
events_so_far <- function(n_event, group) stats::ave(n_event, group, FUN = cumsum)
