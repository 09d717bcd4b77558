# Limits of survival, on a scale on which they are too narrow while there are few events.

# group, time, surv, events: a value for each time read, events up to it. fit: curves, a summary of
# them, or rates with their curves.
find_narrow <- function(fit, curves, group, time, surv, events) {
  at <- which(narrow_limits(curves, surv, events))
  finding(
    "limits_too_narrow", rep("note", length(at)), group = ifelse(nzchar(group), group, NA)[at],
    time = time[at], n_events = events[at], remedy = "log-log", code = log_log_code(fit)
  )
}

# At the end of each curve.
find_narrow_curves <- function(fit) {
  ranges <- curve_ranges(fit)
  events <- vapply(ranges, function(at) sum(fit$n.event[at]), 0)
  surv <- vapply(ranges, function(at) fit$surv[at[length(at)]], 0)
  find_narrow(fit, fit, fit$groups, fit$last, surv, events)
}

find_narrow_summary <- function(fit, group) {
  find_narrow(fit, fit, fit$groups[group], fit$time, fit$surv, events_so_far(fit$n.event, group))
}

find_narrow_rates <- function(fit) {
  if (fit$method == "crude") return(finding(character()))
  rates <- fit$rates
  find_narrow(fit, fit$fit, rate_groups(fit), rates$time, rates$rate, rates$n.event)
}

# The curves or rates with limits on the other scale.
log_log_code <- function(fit) {
  call <- fit$call
  if (!is.call(call)) return(NA_character_)
  call$conf_type <- "log-log"
  if (inherits(call$formula, "formula")) call$formula <- plain_formula(call$formula)
  code_line(if (is.null(call$formula)) call else first_unnamed(call))
}
