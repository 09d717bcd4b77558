# Hazard ratios that run to 0 or infinity.

find_infinite <- function(fit, given) {
  # Nobody wants an estimate of a covariate that is made of the outcome.
  made <- unlist(fit$assign[outcome_terms(fit)], use.names = FALSE)
  at <- setdiff(fit$infinite_at, made)
  if (!length(at)) return(finding(character()))
  counts <- level_counts(fit)
  counts <- counts[!counts$reference, ]
  counts <- counts[match(at, counts$coef), ]
  variable <- ifelse(is.na(counts$term), coefficient_terms(fit)[at], counts$term)
  empty <- empty_references(fit, variable)
  single <- which(!variable %in% empty$term)
  penalty <- has_penalty(fit)
  ratios <- if (penalty) firth_ratios(fit) else cbind(
    ratio_columns(fit, at), method = "ordinary", estimate = unname(exp(fit$infinite))
  )
  ratios$measure <- "hazard ratio"
  found <- with_estimates(finding(
    "infinite_coefficient", rep("serious", length(single)), variable = variable[single],
    level = counts$level[single], n = counts$n[single], n_events = counts$events[single],
    remedy = if (penalty) "penalty" else "combine or leave out",
    code = penalty_code(fit, given$source)
  ), lapply(at[single], function(j) ratios[ratios$coef == j, ]))
  bind_findings(list(empty_reference_findings(fit, given, empty, variable, ratios), found))
}

# Reference levels without an event, of variables of which two ratios or more run to
# infinity for that reason.
empty_references <- function(fit, variable) {
  counts <- level_counts(fit)
  counts <- counts[counts$reference & counts$events == 0, ]
  counts[counts$term %in% variable[duplicated(variable)], ]
}

empty_reference_findings <- function(fit, given, empty, variable, ratios) {
  best <- largest_level(fit$level_table, empty$term, "events")
  with_estimates(finding(
    "infinite_coefficient", rep("serious", nrow(empty)), variable = empty$term,
    level = empty$level, reference = TRUE, n = empty$n, n_events = 0,
    n_coefficients = vapply(empty$term, function(term) sum(variable == term), 0L),
    suggested = best, remedy = "reference with events",
    code = relevel_code(fit, given, empty$term, best)
  ), lapply(empty$term, function(term) {
    ratios[ratios$coef %in% fit$infinite_at[variable == term], ]
  }))
}
