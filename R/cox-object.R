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
  # As coxph centres an offset.
  offset <- risk$response$offset
  if (!is.null(offset)) out$linear.predictors <- out$linear.predictors - mean(offset)
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
  out$offset <- offset
  out$call <- clean_call(call, risk)
  out$converged <- fit$converged
  out$infinite <- fit$infinite
  out$infinite_at <- fit$infinite_at
  out$level_table <- level_table(design, risk$terms, risk$response, frequency)
  out$missing <- risk$missing
  out$not_applicable <- risk$not_applicable
  out$left_out <- risk$left_out
  out$n_data <- risk$n_data
  out$notes <- notes
  out$event <- risk$event
  out$competing <- risk$competing
  out$event_carried <- !is.null(risk$value)
  out$time_unit <- risk$unit
  out$origin <- risk$origin
  if (settings$model) out$dated <- risk$dated
  out$guards <- risk$guards
  out$labels <- risk$labels
  out$conf_level <- settings$conf_level
  out$conventions <- settings$conventions
  if (!is.null(risk$response$weights)) out$weight_type <- settings$weight_type
  out$clusters <- fit$plan$clusters
  out$control <- settings$control
  out$row_names <- .row_names_info(design$frame, 0L)
  if (!identical(frame, environment(out$formula))) out$call_env <- frame
  grouping <- design$frame[intersect(names(design$frame), c("(cluster)", "(id)"))]
  out <- add_lazy_components(out, merged_response(risk$y, fit), grouping)
  structure(out, class = c("lms_cox", if (null) "coxph.null", "coxph"))
}

# The response with the times that the core took for tied.
merged_response <- function(y, fit) {
  if (!fit$merged) return(y)
  y[fit$time$row, ncol(y) - 1L] <- fit$time$time
  y[fit$entry$row, 1L] <- fit$entry$time
  y
}

# Column numbers by term label, as coxph keeps them.
split_assign <- function(assign, labels) {
  used <- unique(assign)
  stats::setNames(lapply(used, function(j) which(assign == j)), labels[used])
}

#' Components of a Cox model that are computed on request
#'
#' Some components of a Cox model are computed only when they are first read, so that the fit
#' itself is fast. This page is for programmers. `fit$residuals` (martingale residuals) and
#' `fit$concordance` are those of a [survival::coxph.object]. `fit$profile` has the profile
#' limits and tests of a fit with Firth's penalty. Apart from the delay, they are components like
#' all others. Saving the model to a file computes them.
#'
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age, data = survival::lung)
#' head(fit$residuals)
#' fit$concordance
#' @name lms_cox_components
NULL

# The components that are computed when read. y: the response, close times
# merged; grouping: the columns of clusters and ids.
add_lazy_components <- function(out, y, grouping) {
  kept <- out[intersect(names(out), c(
    "strata", "weights", "offset", "linear.predictors", "method", "control", "weight_type",
    "penalty", "clusters"
  ))]
  kept$y <- y
  kept$model <- grouping
  residuals <- lazy_numbers(
    length(kept$linear.predictors), function() martingale_residuals(kept),
    list(names = fit_row_names(out))
  )
  concordance <- lazy_numbers(
    length(concordance_names), function() concordance_counts(kept), list(names = concordance_names)
  )
  lazy <- list(residuals = residuals, concordance = concordance)
  if (is_penalised(out)) lazy$profile <- lazy_profile(out)
  # Of a fit that is not to keep its patients they may not keep them either.
  if (is.null(out$y) && is.null(out$model)) lazy <- lapply(lazy, settle_numbers)
  c(out, lazy)
}

lazy_profile <- function(fit) {
  names <- names(fit$coefficients)
  kinds <- c("lower", "upper", "chisq", "p")
  class(fit) <- c("lms_cox", "coxph")
  lazy_numbers(
    4 * length(names), function() penalised_profile(fit),
    list(dim = c(length(names), 4L), dimnames = list(names, kinds))
  )
}

# The same numbers, computed and with nothing to compute them from.
settle_numbers <- function(x) x + 0

martingale_residuals <- function(fit) {
  core_cox_residuals(
    NULL, fit_response(fit), fit$linear.predictors, numeric(), matrix(0, 0L, 0L), "martingale",
    fit_options(fit)
  )
}

concordance_names <- c(
  "concordant", "discordant", "tied.x", "tied.y", "tied.xy", "concordance", "std"
)

concordance_counts <- function(fit) {
  found <- core_concordance(
    fit_response(fit), fit$linear.predictors, cluster_codes(fit_clusters(fit)), fit_options(fit),
    list(timewt = "n", ymax = NULL, details = FALSE)
  )
  c(found$total, found$concordance, found$std)
}
