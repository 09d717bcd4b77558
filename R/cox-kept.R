# What a finished Cox model keeps, in the form that the core takes.

is_penalised <- function(fit) identical(.subset2(fit, "penalty"), "firth")

refuse_penalised <- function(fit, what, way_out) {
  if (is_penalised(fit)) {
    abort("argument", paste0("A model with Firth's penalty has no ", what, "."), way_out)
  }
}

# The response of a finished fit, as the core takes it.
fit_response <- function(fit) {
  if (is.null(fit$linear.predictors)) {
    abort(
      "stripped", "This model has no data of patients: lms_strip() removed them.",
      "Fit the model again, or use the model before lms_strip()."
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
  control$timefix <- control$timefix && is.null(fit$y)
  core_options(
    fit$method, control, frequency = identical(fit$weight_type, "frequency"),
    penalty = if (is_penalised(fit)) "firth" else "none"
  )
}

# The design of a finished fit, from the frame that it keeps.
fit_design <- function(fit) new_design(fit$terms, stats::model.frame(fit), fit$contrasts)

fit_row_names <- function(fit) {
  names <- fit$row_names
  if (is.integer(names) && length(names) == 2L && is.na(names[1L])) names <- seq_len(abs(names[2L]))
  as.character(names)
}

# Clusters of the robust variance, where the fit has them and keeps its frame.
fit_clusters <- function(fit) {
  if (is.null(fit$clusters) || is.null(fit$model)) return(NULL)
  cluster <- fit$model[["(cluster)"]]
  if (is.null(cluster)) fit$model[["(id)"]] else cluster
}

# The Surv object of a fit; made again where neither response nor model frame was
# kept.
kept_response <- function(fit) {
  kept <- if (!is.null(fit$y)) fit$y else fit$model[[1L]]
  if (is.null(kept)) risk_data_again(fit, fit$formula)$y else kept
}

# The risk data of a fit for another formula, or with other arguments, without
# a word. asked: values by name of the argument.
# outcome: "curve" where the rows need no events.
risk_data_again <- function(fit, formula, asked = list(), outcome = "event") {
  call <- fit$call
  frame <- usable_frame(call$data, list(fit$call_env, environment(fit$formula)))
  if (is.null(asked$data)) check_data_found(call$data, frame)
  again <- function(name) if (name %in% names(asked)) asked[[name]] else eval(call[[name]], frame)
  columns <- c("weights", "subset", "cluster", "id")
  columns <- lapply(stats::setNames(nm = columns), function(name) {
    expr <- if (is.null(asked[[name]])) call[[name]] else asked[[name]]
    if (!is.null(expr)) column(expr, function() again(name))
  })
  given <- "na.action" %in% c(names(asked), names(call))
  quiet(risk_data(
    formula, again("data"), columns[lengths(columns) > 0L], frame,
    na.action = if (given) list(value = again("na.action")),
    event = if (is.null(asked$data)) again("event") else known_event(fit, asked$data, frame),
    weight_type = if (is.null(fit$weight_type)) "case" else fit$weight_type, outcome = outcome,
    object = TRUE
  ))
}

# The event of a fit in other data, where its code may stand alone: NULL where the data or a
# response made before say it themselves.
known_event <- function(fit, data, frame) {
  event <- eval(fit$call$event, frame)
  lhs <- fit$formula[[2L]]
  if (!is.null(event) || inherits(data, "lms_cohort") || !is_surv_call(lhs)) return(event)
  if (!is.null(surv_args(lhs)$status)) 1
}

model_variance <- function(object) if (is.null(object$naive.var)) object$var else object$naive.var

infinite_end <- function(infinite) ifelse(infinite > 0, "infinity", "0")

check_data_found <- function(expr, frame) {
  if (has_data(expr, frame)) return(invisible())
  abort(
    "data",
    paste0("The data of this model, ", tick(deparse_short(expr)), ", were removed or renamed."),
    "Fit the model again with `model = TRUE`, which keeps the data in the model."
  )
}

# The first environment in which all variables of an expression are found.
usable_frame <- function(expr, frames) {
  frames <- frames[!vapply(frames, is.null, logical(1))]
  for (frame in frames) {
    if (has_data(expr, frame)) return(frame)
  }
  frames[[1L]]
}

# Whether data can be made again here: `survival::lung` and the columns of a subset() are names of
# no variable.
has_data <- function(expr, env) {
  names <- all.vars(expr)
  if (all(vapply(names, is_variable, logical(1), env = env))) return(TRUE)
  is.call(expr) && is.list(tryCatch(eval(expr, env), error = function(e) NULL))
}

own_weights <- function(fit) {
  if (is.null(fit$weights)) rep(1, length(fit$linear.predictors)) else fit$weights
}
