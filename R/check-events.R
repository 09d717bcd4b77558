# Few events for each coefficient.

find_few_events <- function(fit, given) {
  p <- sum(!is.na(fit$coefficients))
  if (!p || fit$nevent >= 10 * p) return(finding(character()))
  finding(
    "events_per_parameter", if (fit$nevent < 3 * p) "serious" else "caution",
    n = fit$n, n_events = fit$nevent, n_coefficients = p,
    remedy = if (has_penalty(fit)) "fewer or penalty" else "fewer",
    code = penalty_code(fit, given$source)
  )
}
