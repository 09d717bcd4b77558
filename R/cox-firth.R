# Firth's penalised likelihood: what it goes with, and the tests and intervals
# that follow from it.

# Twice the penalised log likelihood lost where a coefficient is held at 0, for
# each. A stripped model keeps them.
penalised_chisq <- function(fit) {
  if (!is.null(fit$profile)) return(fit$profile[, "chisq"])
  design <- fit_design(fit)
  response <- fit_response(fit)
  vapply(seq_along(fit$coefficients), function(j) {
    if (is.na(fit$coefficients[[j]])) return(NA_real_)
    max(0, profile_drop(fit, design, response, j)(0))
  }, 0)
}

# The signed root of the likelihood ratio: its two-sided normal p-value is that
# of the test.
penalised_z <- function(fit) unname(sign(fit$coefficients) * sqrt(penalised_chisq(fit)))

penalised_profile <- function(fit) {
  limits <- profile_limits(fit, names(fit$coefficients), fit$conf_level)
  chisq <- penalised_chisq(fit)
  c(limits, chisq, stats::pchisq(chisq, 1, lower.tail = FALSE))
}

# Twice the penalised log likelihood lost without a term, whose coefficients are
# held at 0 while the penalty stays that of the whole model.
penalised_drop1 <- function(fit, scope) {
  design <- fit_design(fit)
  response <- fit_response(fit)
  kept <- which(!is.na(fit$coefficients))
  labels <- attr(fit$terms, "term.labels")[design$assign[kept]]
  options <- fit_options(fit)
  table <- t(vapply(scope, function(label) {
    held <- labels == label
    start <- ifelse(held, 0, unname(fit$coefficients[kept]))
    settings <- utils::modifyList(options, list(held = held, init = start))
    without <- core_cox_fit(select_columns(design, kept), response, settings)
    c(Df = sum(held), LRT = 2 * (fit$loglik[2L] - without$loglik[2L]))
  }, numeric(2)))
  structure(
    data.frame(
      Df = table[, "Df"], LRT = table[, "LRT"],
      `Pr(>Chi)` = stats::pchisq(table[, "LRT"], table[, "Df"], lower.tail = FALSE),
      row.names = scope, check.names = FALSE
    ),
    heading = c(
      "Penalised likelihood ratio test of each term\n", "Model:",
      paste0(deparse(stats::formula(fit)), "\n")
    ),
    class = c("anova", "data.frame")
  )
}

#' @importFrom stats logLik
#' @export
logLik.lms_cox <- function(object, ...) {
  refuse_penalised(
    object, "log likelihood, AIC or BIC to compare models by",
    "Test a term by drop1(); `loglik` holds the penalised log likelihoods."
  )
  NextMethod()
}

#' @importFrom stats extractAIC
#' @export
extractAIC.lms_cox <- function(fit, scale, k = 2, ...) {
  refuse_penalised(fit, "AIC to choose terms by", "Test a term by drop1().")
  NextMethod()
}
