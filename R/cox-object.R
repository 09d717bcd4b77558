# From estimates to an object that whatever takes a coxph takes.

complete_cox <- function(fit, risk, design, settings, call, frame) {
  labels <- attr(risk$terms, "term.labels")
  frequency <- settings$weight_type == "frequency"
  null <- !length(design$names)
  notes <- c(
    risk$notes, date_note(risk$frame, risk$terms), design$notes, merged_note(fit$merged)
  )
  out <- fit[c("coefficients", "var", "loglik", "score", "iter", "linear.predictors", "means")]
  if (null) out <- list(loglik = fit$loglik[1L], linear.predictors = fit$linear.predictors)
  out$method <- settings$ties
  out <- c(out, count_patients(risk, frequency))
  out$terms <- risk$terms
  out$assign <- split_assign(design$assign, labels)
  out <- c(out, fit[intersect(
    c("naive.var", "robust_factor", "rscore", "wald.test", "first"), names(fit)
  )])
  out$na.action <- risk$na.action
  if (settings$model) out$model <- design$frame
  if (settings$x) out$x <- dense_matrix(risk$terms, design$frame)
  out$strata <- risk$strata
  if (settings$y) out$y <- merged_response(risk$y, fit)
  if (!null && settings$penalty != "none") out$penalty <- settings$penalty
  out$timefix <- settings$control$timefix
  if (any(risk$response$weights != 1)) out$weights <- risk$response$weights
  out$formula <- stats::formula(risk$terms)
  out$xlevels <- design$xlevels
  out$contrasts <- design$contrasts
  out$offset <- risk$response$offset
  out$call <- clean_call(call, risk)
  out$converged <- fit$converged
  out$infinite <- fit$infinite
  out$level_table <- level_table(design, labels, risk$response, frequency)
  out$missing <- risk$missing
  out$left_out <- risk$left_out
  out$n_data <- risk$n_data
  out$notes <- notes
  out$event <- risk$event
  out$event_carried <- !is.null(risk$value)
  out$time_unit <- risk$unit
  out$origin <- risk$origin
  if (settings$model) out$dated <- risk$dated
  out$labels <- risk$labels
  out$conf_level <- settings$conf_level
  out$conventions <- settings$conventions
  if (!is.null(risk$response$weights)) out$weight_type <- settings$weight_type
  out$clusters <- fit$plan$clusters
  out$control <- settings$control
  out$row_names <- .row_names_info(design$frame, 0L)
  if (!identical(frame, environment(out$formula))) out$call_env <- frame
  structure(out, class = c("lms_cox", if (null) "coxph.null", "coxph"))
}

count_patients <- function(risk, frequency) {
  weights <- if (frequency) risk$response$weights
  status <- risk$response$status
  out <- list(
    n = if (is.null(weights)) length(status) else sum(weights),
    nevent = as.double(if (is.null(weights)) sum(status) else sum(weights * status))
  )
  if (!is.null(risk$id)) out$n.id <- length(unique(risk$id))
  out
}

# The response with the times that the core took for tied.
merged_response <- function(y, fit) {
  if (!fit$merged) return(y)
  y[fit$time$row, ncol(y) - 1L] <- fit$time$time
  y[fit$entry$row, 1L] <- fit$entry$time
  y
}

merged_note <- function(merged) {
  if (!merged) return(NULL)
  c(merged_times = paste0(
    count_of(merged, "time"), if (merged == 1L) " lies" else " lie",
    " within rounding error of the time before, and ", if (merged == 1L) "counts" else "count",
    " as tied with it (`timefix`)."
  ))
}

# Column numbers by term label, as coxph keeps them.
split_assign <- function(assign, labels) {
  used <- unique(assign)
  stats::setNames(lapply(used, function(j) which(assign == j)), labels[used])
}

# The call under the name by which the function can be called again: with a
# cluster() term turned into an argument as coxph does, and with the event that
# was said, so that a refit on fewer rows keeps it and stays silent.
clean_call <- function(call, risk) {
  if (!is.name(call[[1L]]) && !is_namespaced(call[[1L]])) call[[1L]] <- quote(lms_cox)
  if (!is.null(risk$cluster_expr) && is.null(call$cluster)) {
    call$cluster <- risk$cluster_expr
    call$formula <- stats::formula(risk$terms)
  }
  if (!is.null(risk$value)) call$event <- risk$value
  call
}

# The n x p matrix that coxph(x = TRUE) keeps.
dense_matrix <- function(terms, frame, contrasts = NULL) {
  attr(terms, "intercept") <- 1L
  stratum <- strata_terms(terms)
  x <- coded_matrix(terms, frame, stratum, contrasts)
  assign <- attr(x, "assign")
  kept <- !assign %in% c(0L, which(stratum))
  contrasts <- attr(x, "contrasts")
  x <- x[, kept, drop = FALSE]
  attr(x, "assign") <- assign[kept]
  attr(x, "contrasts") <- contrasts
  x
}

#' Components of a Cox model that are computed when asked for
#'
#' `fit$residuals` (martingale residuals) and `fit$concordance` hold what a
#' [survival::coxph.object] holds, and `fit$profile` the profile limits and tests
#' of a fit with Firth's penalty, but are computed at the time of asking, so that
#' the fit itself is fast.
#'
#' @param x A model made by [lms_cox()].
#' @param name,i The name of a component.
#' @param ... Further arguments of `[[`.
#' @return The component, or `NULL`.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age, data = survival::lung)
#' head(fit$residuals)
#' fit$concordance
#' @name lms_cox_components
NULL

lazy_components <- c("residuals", "concordance", "profile")

#' @rdname lms_cox_components
#' @export
`$.lms_cox` <- function(x, name) {
  value <- .subset2(x, name, exact = FALSE)
  if (is.null(value) && name %in% lazy_components) lazy_component(x, name) else value
}

#' @rdname lms_cox_components
#' @export
`[[.lms_cox` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  lazy <- is.null(value) && is.character(i) && i[1L] %in% lazy_components
  if (lazy) lazy_component(x, i) else value
}

lazy_component <- function(x, name) {
  if (is.null(.subset2(x, "linear.predictors"))) return(NULL)
  switch(name,
    residuals = martingale_residuals(unclass(x)),
    concordance = concordance_counts(unclass(x)),
    profile = if (is_penalised(x)) penalised_profile(x)
  )
}

# The Surv object of a fit; made again where neither response nor model frame was
# kept.
kept_response <- function(fit) {
  fit <- unclass(fit)
  kept <- if (!is.null(fit$y)) fit$y else fit$model[[1L]]
  if (is.null(kept)) risk_data_again(fit, fit$formula)$y else kept
}

martingale_residuals <- function(fit) {
  residuals <- core_cox_residuals(
    NULL, fit_response(fit), fit$linear.predictors, numeric(), matrix(0, 0L, 0L), "martingale",
    fit_options(fit)
  )
  stats::setNames(residuals, fit_row_names(fit))
}

concordance_counts <- function(fit) {
  names <- c("concordant", "discordant", "tied.x", "tied.y", "tied.xy", "concordance", "std")
  found <- core_concordance(
    fit_response(fit), fit$linear.predictors, cluster_codes(fit_clusters(fit)), fit_options(fit)
  )
  unlist(found[names])
}

# Clusters of the robust variance, where the fit has them and keeps its frame.
fit_clusters <- function(fit) {
  if (is.null(fit$clusters) || is.null(fit$model)) return(NULL)
  cluster <- fit$model[["(cluster)"]]
  if (is.null(cluster)) fit$model[["(id)"]] else cluster
}

# The response of a finished fit, as the core takes it.
fit_response <- function(fit) {
  fit <- unclass(fit)
  if (is.null(fit$linear.predictors)) {
    abort(
      "stripped", "This model has no patients left in it: lms_strip() removed them.",
      "Fit it again, or use the model as it was before."
    )
  }
  c(
    split_surv(kept_response(fit)),
    list(strata = if (!is.null(fit$strata)) as.integer(fit$strata)),
    list(weights = fit$weights, offset = fit$offset)
  )
}

# A kept `y` has its close times merged already.
fit_options <- function(fit) {
  control <- fit$control
  control$timefix <- control$timefix && is.null(unclass(fit)$y)
  core_options(
    fit$method, control, frequency = identical(fit$weight_type, "frequency"),
    penalty = if (is_penalised(fit)) "firth" else "none"
  )
}

fit_row_names <- function(fit) {
  names <- unclass(fit)$row_names
  if (is.integer(names) && length(names) == 2L && is.na(names[1L])) names <- seq_len(abs(names[2L]))
  as.character(names)
}

# The design of a finished fit, from the frame that it keeps.
fit_design <- function(fit) new_design(fit$terms, stats::model.frame(fit), fit$contrasts)
