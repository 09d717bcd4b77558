# Crude rates of patients of whom some were censored before.

find_crude <- function(fit) {
  if (fit$method != "crude") return(finding(character()))
  rates <- fit$rates
  km <- km_rates(fit$fit, unique(rates$time))$rate
  at <- which(rates$n.censor > 0 & !is.na(rates$rate))
  with_estimates(finding(
    "crude_rates", rep("serious", length(at)), group = rates$strata[at], n = rates$n[at],
    n_events = rates$n.event[at], n_censored = rates$n.censor[at], time = rates$time[at],
    remedy = "kaplan-meier", code = km_code(fit$call)
  ), lapply(at, function(i) {
    data.frame(measure = "survival", method = c("crude", "kaplan-meier"),
               estimate = c(rates$rate[i], km[i]))
  }))
}

km_code <- function(call) {
  call$method <- "km"
  code_line(first_unnamed(call))
}
