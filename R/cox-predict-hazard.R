# Expected events and survival from the baseline hazard.

# rows$response: time and entry, used where `times` is NULL.
predict_hazard <- function(object, rows, type, se.fit, times) {
  own <- rows$own && is.null(times)
  fit <- if (own) rows$response$status - object$residuals
  if (own && !se.fit) return(list(fit = if (type == "survival") exp(-fit) else fit))
  curves <- baseline_curves(object, se.fit)
  risk <- exp(rows$eta + centred_offset(object, rows$offset))
  x <- if (se.fit) centred(rows$x, object$means)
  if (is.null(times)) {
    out <- hazard_between(curves, rows, rows$response$entry, rows$response$time, x, object$var)
    out <- lapply(out[lengths(out) > 0L], function(part) part * risk)
    if (own) out$fit <- fit
  } else {
    asked <- if (is.null(rows$stratum)) curves else curves[sort(unique(rows$stratum))]
    warn_beyond(times, asked)
    parts <- lapply(
      times,
      function(t) hazard_between(curves, rows, NULL, rep(t, length(risk)), x, object$var, TRUE)
    )
    bind <- function(name) {
      values <- vapply(parts, function(part) part[[name]] * risk, double(length(risk)))
      matrix(
        values, length(risk), dimnames = list(rows$names, format(times, trim = TRUE, digits = 15))
      )
    }
    out <- list(fit = bind("fit"), se.fit = if (se.fit) bind("se.fit"))
  }
  if (type == "survival") {
    out$fit <- exp(-out$fit)
    if (se.fit) out$se.fit <- out$se.fit * out$fit
  }
  out
}

# Per stratum: times, cumulative hazard at eta = 0, its variance, the sum of
# hazard * (risk-set mean - means), and the last follow-up. Null models have no x.
baseline_curves <- function(object, se.fit) {
  response <- fit_response(object)
  design <- if (se.fit && length(object$coefficients)) core_design(fit_design(object))
  base <- core_cox_baseline(
    design, response, object$linear.predictors,
    if (is.null(design)) numeric() else unname(object$means), fit_options(object)
  )
  lapply(split(seq_along(base$time), base$stratum), function(at) {
    list(
      time = base$time[at], cumhaz = c(0, base$cumhaz[at]), variance = c(0, base$var_hazard[at]),
      xbar = if (!is.null(design)) rbind(0, base$xbar[at, , drop = FALSE])
    )
  })
}

# Cumulative hazard over (entry, exit] at eta = 0 and, with x, the standard
# error of the hazard of each row divided by its risk. H(t) has the variance
# v(t) + d(t)' V d(t) with d(t) = H(t) (x - means) - xbar(t); between two times
# both v and d are differences. With `end` nothing is carried past the last
# follow-up of a stratum.
hazard_between <- function(curves, rows, entry, exit, x, var, end = FALSE) {
  m <- length(exit)
  fit <- se <- rep(NA_real_, m)
  stratum <- if (is.null(rows$stratum)) rep(1L, m) else rows$stratum
  for (s in seq_along(curves)) {
    at <- which(stratum == s & !is.na(exit))
    if (!length(at)) next
    curve <- curves[[s]]
    to <- step_index(exit[at], curve)
    if (end) to[exit[at] > last_time(curve)] <- NA
    from <- if (is.null(entry)) rep(1L, length(at)) else step_index(entry[at], curve)
    fit[at] <- curve$cumhaz[to] - curve$cumhaz[from]
    if (is.null(x)) next
    variance <- curve$variance[to] - curve$variance[from]
    if (!is.null(curve$xbar)) {
      xbar <- curve$xbar[to, , drop = FALSE] - curve$xbar[from, , drop = FALSE]
      d <- fit[at] * x[at, , drop = FALSE] - xbar
      variance <- variance + quadratic(d, var)
    }
    se[at] <- sqrt(variance)
  }
  list(fit = fit, se.fit = if (!is.null(x)) se)
}

# 1 before the first time of the curve, k + 1 from its k-th time on.
step_index <- function(t, curve) findInterval(t, curve$time) + 1L

last_time <- function(curve) curve$time[length(curve$time)]

warn_beyond <- function(times, curves) {
  last <- vapply(curves, last_time, 0)
  late <- times[times > min(last)]
  if (!length(late)) return(invisible())
  warn(
    "beyond_follow_up",
    paste0("`times` after the last follow-up give NA: ", enumerate(format(late, trim = TRUE)), "."),
    paste0("The last follow-up is at ", format(max(last)),
           if (length(last) > 1L) paste0(
             " (in the shortest stratum at ", format(min(last)), ")"
           ), ".")
  )
}
