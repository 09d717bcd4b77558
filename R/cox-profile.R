# The profile of the likelihood: what is lost where a coefficient is held, and limits by it.

profile_limits <- function(object, parm, level) {
  if (!is.null(object$naive.var)) {
    abort(
      "argument",
      "A model with a robust variance has no profile likelihood CI.",
      "Use `type = \"wald\"`."
    )
  }
  response <- fit_response(object)
  design <- fit_design(object)
  spread <- column_spread(object, design, response)
  at <- if (is.character(parm)) match(parm, names(object$coefficients)) else parm
  t(vapply(at, function(j) {
    if (is.na(object$coefficients[[j]])) return(c(NA_real_, NA_real_))
    drop <- profile_drop(object, design, response, j)
    cut <- stats::qchisq(level, 1)
    c(profile_end(object, spread[j], j, drop, cut, -1),
      profile_end(object, spread[j], j, drop, cut, 1))
  }, numeric(2)))
}

# By how much the values of each column differ among rows at risk together.
column_spread <- function(object, design, response) {
  options <- fit_options(object)
  options$iter_max <- 0L
  core_cox_fit(core_design(design), response, options)$spread
}

# drop(b): twice the log likelihood lost where coefficient j is held at b. The
# others start where they were at the last b, moved as they go with j around the
# estimate.
profile_drop <- function(object, design, response, j) {
  kept <- which(!is.na(object$coefficients))
  columns <- select_columns(design, kept)
  settings <- fit_options(object)
  settings$held <- kept == j
  together <- object$var[kept, j] / object$var[j, j]
  together[!is.finite(together)] <- 0
  last <- unname(object$coefficients[kept])
  best <- object$loglik[2L]
  function(b) {
    settings$init <- last + together * (b - last[settings$held])
    settings$init[settings$held] <- b
    fit <- core_cox_fit(columns, response, settings)
    if (fit$converged) last <<- fit$coefficients
    2 * (best - fit$loglik[2L])
  }
}

# One end of the interval: steps outward from the estimate until the loss
# exceeds `cut`, then a root. Infinite where it never does, which a penalised
# loss always does. The root of the loss is nearly a straight line.
profile_end <- function(object, spread, j, drop, cut, side) {
  estimate <- object$coefficients[[j]]
  direction <- object$infinite[names(object$coefficients)[j]]
  furthest <- if (is_penalised(object)) Inf else 40 / spread
  step <- sqrt(cut * object$var[j, j])
  if (!is.finite(step) || step > furthest / 4) step <- 1 / spread
  inner <- estimate
  if (length(direction) && !is.na(direction) && sign(direction) == side) return(direction[[1L]])
  excess <- function(b) sqrt(min(max(0, drop(b)), 100 * cut)) - sqrt(cut)
  below <- -sqrt(cut)
  repeat {
    outer <- inner + side * step
    above <- excess(outer)
    if (above > 0) break
    if (abs(outer - estimate) > furthest + abs(estimate)) return(side * Inf)
    inner <- outer
    below <- above
    step <- 1.5 * step
  }
  at <- order(c(inner, outer))
  ends <- c(inner, outer)[at]
  stats::uniroot(
    excess, ends, f.lower = c(below, above)[at[1L]], f.upper = c(below, above)[at[2L]],
    tol = 1e-10 * max(1, abs(ends))
  )$root
}

select_columns <- function(design, at) {
  c(design["values"], lapply(design[c("source", "column", "level")], `[`, at))
}
