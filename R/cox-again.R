# A Cox model fitted again from what it keeps, its call not evaluated: with other
# rows, times or values, with Firth's penalty, or from a coxph.

# frame: a model frame for the terms of the fit, the response in its first column.
fit_frame <- function(fit, frame, penalty = "none") {
  penalised <- penalty != "none"
  attr(frame, "terms") <- fit$terms
  weight_type <- if (is.null(fit$weight_type)) "case" else fit$weight_type
  read <- read_response(frame, NULL, NULL, weight_type, "event")
  control <- fit$control
  if (penalised) control$iter.max <- max(control$iter.max, 100L)
  settings <- list(
    ties = if (penalised && fit$method == "exact") "efron" else fit$method, penalty = penalty,
    control = control, conf_level = fit$conf_level, weight_type = weight_type,
    conventions = fit$conventions, model = TRUE, x = FALSE, y = TRUE,
    robust = !penalised && !is.null(fit$naive.var)
  )
  risk <- list(
    frame = frame, terms = fit$terms, y = .subset2(frame, 1L), n_data = nrow(frame),
    response = read$response, strata = read$strata, event = fit$event, unit = fit$time_unit,
    cluster = .subset2(frame, "(cluster)"), id = .subset2(frame, "(id)")
  )
  design <- new_design(fit$terms, frame, fit$contrasts)
  again <- fit_cox(risk, design, settings, NULL)
  complete_cox(again, risk, design, settings, fit$call, environment(fit$formula))
}

# Whether a penalised fit can be made beside this one.
has_penalty <- function(fit) {
  weights <- fit$weights
  whole <- is.null(weights) || all(weights == floor(weights))
  !is_penalised(fit) && !is.null(fit$model) && whole && !identical(fit$weight_type, "sampling")
}

# The lms_cox of a coxph.
from_coxph <- function(fit) {
  if (inherits(fit, c("coxphms", "coxph.penal")) || !is.null(attr(fit$terms, "specials")$tt)) {
    spline <- any(vapply(attr(fit$terms, "variables"), call_name, "") == "pspline")
    abort(
      "argument",
      "`fit` has several states, a penalised or random term, or tt(), which is not supported here.",
      if (spline) {
        "Use splines::ns() in place of pspline()."
      } else {
        "Fit a model without these terms by lms_cox()."
      }
    )
  }
  left_out <- fit$na.action
  frame <- steady(stats::model.frame)(fit)
  control <- lms_cox_control(timefix = !identical(fit$timefix, FALSE))
  kept <- list(
    terms = fit$terms, method = fit$method, control = control, conf_level = 0.95,
    conventions = conventions()$style, naive.var = fit$naive.var, call = fit$call,
    formula = stats::formula(fit), contrasts = fit$contrasts
  )
  if (!is.null(frame[["(weights)"]])) kept$weight_type <- "case"
  out <- fit_frame(kept, frame)
  out$na.action <- left_out
  out$n_data <- out$n + length(left_out)
  # What step() leaves.
  out$anova <- fit$anova
  out
}

# The rows of a response that the core takes.
response_rows <- function(response, at) {
  lapply(response, function(x) if (length(x) > 1L) x[at] else x)
}

design_rows <- function(design, at) {
  design$values <- lapply(design$values, pick_rows, at)
  design
}

# Coefficients from other rows or another response, `NA` where there are none.
core_coefficients <- function(design, response, options) {
  fit <- tryCatch(
    core_cox_fit(core_design(design), response, options), "C++Error" = function(e) NULL
  )
  if (is.null(fit)) return(rep(NA_real_, length(design$names)))
  replace(fit$coefficients, fit$diverging != 0L | !fit$converged, NA)
}
