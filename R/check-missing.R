# Checks of the rows that missing values have cost.

find_missing <- function(fit, given) {
  out <- length(unclass(fit)$na.action)
  if (!out) return(note())
  all <- fit$n_data
  test <- left_out_test(fit)
  share <- out / all
  if (share < 0.05 && !(out >= 10L && isTRUE(test$p < 0.05))) return(note())
  by_variable <- if (length(fit$missing)) paste0(" (missing: ", missing_summary(fit$missing), ")")
  note(
    "missing_values", if (share >= 0.05 && isTRUE(test$p < 0.05)) "serious" else "caution",
    paste0(
      count_of(out, "row"), " of ", format_count(all), ", ", format_percent(share, 0L),
      ", left out", by_variable, ". ", left_out_words(test, fit$time_unit)
    ),
    "Impute the missing values (package mice), or do without the variable that lacks most.",
    code = without_code(fit, given), variable = names(which.max(fit$missing)), n = out,
    events = if (is.null(test)) NA else test$events[2L], value = share,
    p.value = if (is.null(test)) NA else test$p
  )
}

without_code <- function(fit, given) {
  most <- names(which.max(fit$missing))
  labels <- attr(fit$terms, "term.labels")
  if (length(labels) < 2L || !isTRUE(most %in% labels)) return(NA)
  paste0(given$refit, ". ~ . - ", most, ")")
}

# Log-rank test of rows in use against rows left out whose response is known.
# events, time: of the two groups.
left_out_test <- function(fit) {
  left <- fit$left_out
  if (is.null(left) || is.null(unclass(fit)$linear.predictors)) return(NULL)
  used <- fit_response(fit)
  known <- !is.na(left$time) & !is.na(left$status) & left$time >= 0
  if (!is.null(left$entry)) known <- known & !is.na(left$entry) & left$entry < left$time
  if (!any(known)) return(NULL)
  left <- lapply(left, function(x) x[known])
  both <- Map(c, unclass(used)[names(left)], left)
  if (anyNA(both$weights)) return(NULL)
  group <- gl(2L, 1L, labels = c("used", "left out"))[rep(1:2, c(length(used$time), sum(known)))]
  options <- list(
    test = "logrank", rho = 0, gamma = 0, timefix = TRUE, robust = FALSE,
    frequency = !is.null(both$weights), threads = default_threads()
  )
  response <- list(
    time = both$time, entry = both$entry, status = both$status, strata = NULL,
    weights = both$weights, offset = NULL
  )
  core <- core_rank_test(response, group, NULL, numeric(), options)
  weights <- if (is.null(both$weights)) rep(1, length(group)) else both$weights
  at_risk <- weights * (both$time - if (is.null(both$entry)) 0 else both$entry)
  sums <- function(x) as.vector(rowsum(x, as.integer(group)))
  list(
    p = if (core$df > 0L) stats::pchisq(core$statistic, core$df, lower.tail = FALSE) else NA_real_,
    n = sums(weights), events = sums(weights * both$status), time = sums(at_risk)
  )
}

left_out_words <- function(test, unit) {
  if (is.null(test)) return("Whether their survival differs is not known.")
  rate <- test$events / test$time
  # So much time that there is an event in it.
  per <- 100
  while (max(rate) * per < 1 && per < 1e6) per <- 10 * per
  rate <- per * rate
  differ <- if (rate[2L] > rate[1L]) "they did worse" else "they did better"
  if (!isTRUE(test$p < 0.05)) differ <- "no clear difference"
  paste0(
    "Events per ", format_count(per), " ", person_time(unit), ": ", format(signif(rate[2L], 2L)),
    " in those left out, ", format(signif(rate[1L], 2L)), " in the others (", differ,
    if (!is.na(test$p)) paste0(", log-rank p ", p_equals(test$p)), ")."
  )
}

person_time <- function(unit) if (is.null(unit)) "units of time" else paste0("person-", unit)
