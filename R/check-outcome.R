# Covariates that are made of the outcome: all events in one level, or a model that ranks the
# patients almost without an error.

outcome_rule <- list(p = 1e-4, concordance = 0.98, events = 10, range = 6)

find_outcome_covariates <- function(fit, given) {
  terms <- outcome_terms(fit)
  if (length(terms)) {
    counts <- level_counts(fit)
    at <- vapply(terms, function(term) which(counts$term == term & counts$events > 0)[1L], 0L)
    return(finding(
      "outcome_covariate", rep("serious", length(terms)), variable = terms,
      level = counts$level[at], n = counts$n[at], n_events = counts$events[at],
      remedy = "leave out"
    ))
  }
  concordance <- suspicious_concordance(fit)
  if (is.null(concordance)) return(finding(character()))
  finding("outcome_covariate", "serious", n_events = fit$nevent, measure = "concordance",
          estimate = concordance, remedy = "leave out")
}

# Variables with all events in one level, where chance would have put some in the others.
outcome_terms <- function(fit) {
  counts <- level_counts(fit)
  by_term <- split(counts, factor(counts$term, unique(counts$term)))
  names(Filter(function(rows) {
    with <- rows$events > 0
    if (nrow(rows) < 2L || sum(with) != 1L) return(FALSE)
    all <- sum(rows$n)
    stats::phyper(0, all - rows$n[with], rows$n[with], sum(rows$events)) < outcome_rule$p
  }, by_term))
}

suspicious_concordance <- function(fit) {
  predictor <- fit$linear.predictors
  if (is.null(predictor) || is.null(fit$model)) return(NULL)
  enough <- fit$nevent >= outcome_rule$events &&
    (length(fit$infinite) || isTRUE(diff(range(predictor)) > outcome_rule$range))
  if (!enough) return(NULL)
  found <- fit$concordance[["concordance"]]
  if (isTRUE(found > outcome_rule$concordance)) found
}
