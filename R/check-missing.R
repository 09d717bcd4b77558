# Rows that missing values have cost.

find_missing <- function(fit, given) {
  out <- excluded_rows(fit)
  test <- if (out) left_out_test(fit)
  all <- applicable_rows(fit)
  share <- out / all
  differ <- isTRUE(test$p < 0.05)
  if (!out || share < 0.05 && !(out >= 10L && differ)) return(finding(character()))
  rates <- if (!is.null(test)) data.frame(
    measure = "event rate", method = c("others", "excluded"), term = NA_character_,
    estimate = test$events / test$time
  )
  with_estimates(finding(
    "missing_values", if (share >= 0.05 && differ) "serious" else "caution",
    variable = most_missing(fit), n = out, n_total = all,
    n_events = if (is.null(test)) NA else test$events[2L],
    p.value = if (is.null(test)) NA else test$p, remedy = "impute", code = without_code(fit, given)
  ), list(rbind(missing_counts(fit), rates)))
}

# Of curves, rates and tests.
find_missing_curve <- function(fit) {
  out <- excluded_rows(fit)
  all <- sum(if (is.null(fit$rates)) unclass(fit)$n else fit$fit$n) + out
  if (!out || out < 0.05 * all) return(finding(character()))
  with_estimates(finding(
    "missing_values", "caution", variable = most_missing(fit), n = out, n_total = all,
    remedy = "state"
  ), list(missing_counts(fit)))
}

most_missing <- function(fit) missing_counts(fit)$term[1L]

# Rows in which each variable is missing, the largest first.
missing_counts <- function(fit) {
  counts <- sort(fit$missing, decreasing = TRUE)
  data.frame(
    measure = rep("missing", length(counts)), method = rep(NA_character_, length(counts)),
    term = vapply(as.character(names(counts)), typed_column, "", fit, USE.NAMES = FALSE),
    estimate = as.double(counts)
  )
}

without_code <- function(fit, given) {
  labels <- attr(fit$terms, "term.labels")
  most <- most_missing(fit)
  if (length(labels) < 2L || !most %in% labels) return(NA)
  refit_code(given$source, change = without_term(str2lang(most)))
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
