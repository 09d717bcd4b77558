# Expected events and survival from the baseline hazard.

# rows$response: time and entry, used where `times` is NULL.
predict_hazard <- function(object, rows, type, se.fit, times) {
  own <- rows$own && is.null(times)
  fit <- if (own) rows$response$status - object$residuals
  if (own && !se.fit) return(list(fit = if (type == "survival") exp(-fit) else fit))
  if (is.null(times)) {
    out <- expected_between(object, rows, rows$response$entry, rows$response$time, se.fit)
    if (own) out$fit <- fit
  } else {
    out <- expected_by(object, rows, times, se.fit)
  }
  if (type == "survival") {
    out$fit <- exp(-out$fit)
    if (se.fit) out$se.fit <- out$se.fit * out$fit
  }
  out
}

# Matrices, rows x times. Nothing is carried past the last follow-up of a stratum.
expected_by <- function(object, rows, times, se.fit) {
  last <- last_follow_up(object)
  asked <- if (is.null(rows$stratum)) last else last[sort(unique(rows$stratum))]
  warn_beyond(times, asked)
  m <- length(rows$eta)
  own_last <- if (is.null(rows$stratum)) rep(last, m) else last[rows$stratum]
  parts <- lapply(times, function(t) {
    expected_between(object, rows, NULL, ifelse(t > own_last, NA, t), se.fit)
  })
  bind <- function(name) {
    values <- vapply(parts, `[[`, double(m), name)
    matrix(values, m, dimnames = list(rows$names, format(times, trim = TRUE, digits = 15)))
  }
  list(fit = bind("fit"), se.fit = if (se.fit) bind("se.fit"))
}

# Expected events over (entry, exit] and their standard error: the variance of the
# hazard, and that of the coefficients by the derivative.
expected_between <- function(object, rows, entry, exit, se.fit) {
  known <- !is.na(exit)
  if (!is.null(rows$stratum)) known <- known & !is.na(rows$stratum)
  known <- which(known)
  eta <- rows$eta + centred_offset(object, rows$offset)
  x <- se.fit && length(object$coefficients) > 0L
  new <- list(
    time = as.double(exit[known]), entry = if (!is.null(entry)) as.double(entry[known]),
    stratum = if (!is.null(rows$stratum)) as.integer(rows$stratum[known]),
    eta = as.double(eta[known]), x = if (x) rows$x[known, , drop = FALSE]
  )
  found <- core_cox_expected(
    if (x) core_design(fit_design(object)), fit_response(object), object$linear.predictors, new,
    fit_options(object)
  )
  fill <- function(values) replace(rep(NA_real_, length(exit)), known, values)
  variance <- found$variance + if (x) quadratic(found$slope, object$var) else 0
  list(fit = fill(found$events), se.fit = if (se.fit) fill(sqrt(variance)))
}

last_follow_up <- function(object) {
  response <- fit_response(object)
  if (is.null(response$strata)) return(max(response$time))
  vapply(split(response$time, response$strata), max, 0)
}

# Per stratum: times, cumulative hazard at eta = `at`, its variance, the sum of
# hazard * (risk-set mean - means), and the last follow-up. Null models have no x.
baseline_curves <- function(object, se.fit, at = 0) {
  response <- fit_response(object)
  design <- if (se.fit && length(object$coefficients)) core_design(fit_design(object))
  base <- core_cox_baseline(
    design, response, object$linear.predictors - at,
    if (is.null(design)) numeric() else unname(object$means), counts = FALSE, fit_options(object)
  )
  lapply(split(seq_along(base$time), base$stratum), function(rows) {
    list(
      time = base$time[rows], cumhaz = c(0, base$cumhaz[rows]),
      variance = c(0, base$var_hazard[rows]),
      xbar = if (!is.null(design)) rbind(0, base$xbar[rows, , drop = FALSE])
    )
  })
}

# 1 before the first time of the curve, k + 1 from its k-th time on.
step_index <- function(t, curve) findInterval(t, curve$time) + 1L

# last: the last follow-up, by stratum.
warn_beyond <- function(times, last) {
  late <- times[times > min(last)]
  if (!length(late)) return(invisible())
  warn(
    "beyond_follow_up",
    paste0("The result is NA for `times` after the last follow-up: ",
           enumerate(format(late, trim = TRUE)), "."),
    paste0("The last follow-up is at ", format(max(last)),
           if (length(last) > 1L) paste0(
             " (in the shortest stratum at ", format(min(last)), ")"
           ), ".")
  )
}
