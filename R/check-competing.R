# Other events that count as censored.

# Of curves, rates and means, where an incidence is read; of a test or a model, what it compares.
find_censored_events <- function(fit, curves = TRUE) {
  others <- fit$guards$others
  if (is.null(others)) return(finding(character()))
  read <- if (curves) others$read
  severity <- if (curves) overstated_severity(read) else "note"
  several <- length(others$values) > 1L
  found <- finding(
    "competing_censored", severity, variable = typed_name(others$variable),
    level = if (several) NA else others$values, n = others$n, n_events = others$n_events,
    n_total = others$n_total, time = if (is.null(read)) NA else read$time,
    measure = if (curves) "incidence" else "hazard ratio",
    remedy = competing_remedy(others, curves),
    code = cuminc_code(fit, others)
  )
  if (is.null(read)) return(found)
  with_estimates(found, list(data.frame(
    measure = "incidence", method = c("kaplan-meier", "cumulative incidence"),
    estimate = c(read$km, read$cuminc)
  )))
}

# Caution where the numbers are not known.
overstated_severity <- function(read) {
  by <- overstated(read)
  if (is.na(by)) "caution" else c("note", "caution", "serious")[1L + by]
}

competing_remedy <- function(others, curves) {
  if (!is.null(others$endpoint)) return("competing endpoint")
  if (!curves) return("say cause-specific")
  if (others$certain) "cumulative incidence" else "say which"
}

# The same data by lms_cuminc(), with the groups of the fit.
cuminc_code <- function(fit, others) {
  call <- fit$call
  typed <- others$typed
  if (is.null(typed) || is.null(call) || !is.call(call$formula)) return(NA)
  call$formula <- plain_formula(call$formula)
  lhs <- call$formula[[2L]]
  if (!is_surv_call(lhs)) return(NA)
  lhs <- match.call(survival::Surv, lhs)
  at <- if ("event" %in% names(lhs)) "event" else "time2"
  lhs[[at]] <- typed$status
  names(lhs)[names(lhs) %in% c("time", at)] <- ""
  call$formula[[2L]] <- lhs
  # The covariates of a model are no groups of curves.
  if (inherits(fit, "coxph")) call$formula[[3L]] <- 1
  call[[1L]] <- quote(lms_cuminc)
  kept <- names(call) %in% c("", setdiff(names(formals(lms_cuminc)), c("...", "variance", "rho")))
  call <- call[kept]
  call$event <- as.call(c(quote(c), typed$event))
  code_line(first_unnamed(call))
}
