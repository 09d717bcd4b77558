# Survival curves standardised over the rows of a Cox model.

adjusted_plot <- function(fit, by, direct, unit, show, conf_int) {
  check_flag(direct, "direct")
  check_flag(conf_int, "conf_int")
  if (conf_int && !is.null(fit$naive.var)) {
    abort("argument",
          "`conf_int` of adjusted curves needs a model-based variance, not a robust one.",
          "Fit the model without cluster, robust or sampling weights, or bootstrap the curves.")
  }
  unit <- figure_unit(fit, unit, show)
  curves <- adjusted_curves(fit, by, conf_int)
  by <- attr(curves, "by")
  curves$time <- curves$time * unit$scale
  labels <- unclass(fit)$labels
  title <- if (by %in% names(labels)) labels[[by]] else plain_name(by)
  parts <- split(curves, curves$.group)
  groups <- data.frame(.group = factor(levels(curves$.group), levels(curves$.group)))
  groups$counts <- lapply(parts, function(part) {
    list(time = part$time, estimate = part$estimate, origin = 1, end = max(part$time))
  })
  figure <- list(curves = curves, groups = groups, title = title, last = max(curves$time))
  draw_curves(figure, unit, list(
    mapping = adjusted_mapping(conf_int), conf_int = conf_int, fade = 0, direct = direct,
    named = FALSE, range = c(0, 1), y = "Adjusted survival",
    alt = adjusted_alt(fit, figure, title, unit)
  ))
}

most_times <- 500L

# Data frame of time, estimate and `.group`, with conf_int the limits conf.low and conf.high: the
# mean over the rows i of S_i(t) = exp(-H(t) r_i), r_i the hazard ratio of row i with the variable
# `by` at the group's level, H the baseline of its stratum.
adjusted_curves <- function(fit, by, conf_int = FALSE) {
  frame <- stats::model.frame(fit)
  refuse_split_rows(fit, stats::model.response(frame))
  by <- adjusted_variable(fit, frame, by)
  levels <- levels_in_use(frame[[by]])
  weights <- if (is.null(fit$weights)) rep(1, nrow(frame)) else fit$weights
  stratum <- if (is.null(fit$strata)) rep(1L, nrow(frame)) else as.integer(fit$strata)
  rows <- lapply(levels, rows_at_level, fit, frame, by)
  base <- anchored_baselines(fit, lapply(rows, `[[`, "eta"), conf_int)
  curves <- lapply(rows, function(row) {
    parts <- lapply(sort(unique(stratum)), function(s) {
      mine <- stratum == s
      x <- if (conf_int) row$x[mine, , drop = FALSE]
      standardised(base, s, row$eta[mine], weights[mine], x)
    })
    adjusted_rows(base$times, parts, sum(weights), fit, conf_int)
  })
  out <- do.call(rbind, curves)
  out$.group <- factor(rep(levels, vapply(curves, nrow, 0L)), levels)
  attr(out, "by") <- by
  out
}

# The mean is over patients, each with one set of covariates from time 0 on. Rows that begin where
# others end are parts of patients.
refuse_split_rows <- function(fit, y) {
  if (ncol(y) < 3L) return(invisible())
  entry <- y[, 1L]
  late <- entry > min(entry)
  several <- !is.null(fit$n.id) && fit$n.id < length(entry)
  parts <- any(late) && all(entry[late] %in% y[y[, 3L] == 0, 2L])
  if (!several && !parts) return(invisible())
  abort(
    "argument",
    paste0("Adjusted curves need one row for each patient, but the model has patients with ",
           "several rows, whose covariates change over time."),
    paste0("Fit a model with covariates known at time zero, or draw a patient with given ",
           "covariates by `survival::survfit(fit, newdata, id = )`.")
  )
}

# The model's rows with the variable `by` at one level: x, centred, and eta.
rows_at_level <- function(level, fit, frame, by) {
  frame[[by]] <- same_type(frame[[by]], level)
  terms <- stats::delete.response(fit$terms)
  x <- centred(dense_matrix(terms, frame, fit$contrasts), fit$means)
  offset <- if (is.null(fit$offset)) 0 else fit$offset - mean(fit$offset)
  list(x = x, eta = drop(x %*% zero_aliased(fit)) + offset)
}

# Baselines of somebody near each of the linear predictors, as exp(eta) of all may be no number:
# anchors, times, and hazards, by anchor and stratum the values at these times.
anchored_baselines <- function(fit, eta, conf_int) {
  anchors <- unique(near(unlist(eta)))
  base <- lapply(anchors, function(at) baseline_curves(fit, conf_int, at))
  times <- adjusted_times(base[[1L]])
  list(anchors = anchors, times = times, hazards = lapply(base, lapply, hazard_at, times))
}

# Those at which any baseline has a step, while all strata are followed.
adjusted_times <- function(base) {
  times <- unlist(lapply(base, `[[`, "time"), use.names = FALSE)
  times <- sort(unique(times[times <= min(vapply(base, function(curve) max(curve$time), 0))]))
  if (length(times) <= most_times) return(times)
  times[unique(round(seq(1, length(times), length.out = most_times)))]
}

hazard_at <- function(curve, times) {
  at <- step_index(times, curve)
  list(hazard = curve$cumhaz[at], se = sqrt(curve$variance[at]),
       xbar = if (!is.null(curve$xbar)) curve$xbar[at, , drop = FALSE])
}

# Sums over the rows of one stratum, for each of K times: total, of w S. With x (rows x p) own, the
# standard error of total that the baseline's own steps give, sum(w S r) se(H), and gradient, K x p,
# the change of -total with the coefficients, H sum(w S r x) - sum(w S r) xbar.
standardised <- function(base, stratum, eta, weights, x) {
  anchor <- match(near(eta), base$anchors)
  parts <- lapply(unique(anchor), function(a) {
    rows <- anchor == a
    sums_near(base$hazards[[a]][[stratum]], exp(eta[rows] - base$anchors[a]), weights[rows],
              if (!is.null(x)) x[rows, , drop = FALSE])
  })
  lapply(stats::setNames(nm = names(parts[[1L]])), function(name) {
    Reduce(`+`, lapply(parts, `[[`, name))
  })
}

# The same of rows near one anchor. Rows with the same hazard ratio share a curve.
sums_near <- function(base, risk, weights, x) {
  known <- unique(risk)
  group <- match(risk, known)
  survival <- exp(-outer(base$hazard, known))
  total <- drop(survival %*% rowsum(weights, group))
  if (is.null(x)) return(list(total = total))
  slope <- survival * rep(known, each = nrow(survival))
  all <- drop(slope %*% rowsum(weights, group))
  # Where nobody is left, whatever the hazard.
  left <- all > 0
  own <- all * base$se
  gradient <- base$hazard * (slope %*% rowsum(weights * x, group)) - all * base$xbar
  own[!left] <- 0
  gradient[!left, ] <- 0
  list(total = total, own = own, gradient = gradient)
}

# The strata together, as means, from time 0 on.
adjusted_rows <- function(times, parts, n, fit, conf_int) {
  sum_of <- function(values) Reduce(`+`, values) / n
  out <- data.frame(time = c(0, times), estimate = c(1, sum_of(lapply(parts, `[[`, "total"))))
  if (!conf_int) return(out)
  own <- sum_of(lapply(parts, function(part) part$own^2)) / n
  variance <- own + quadratic(sum_of(lapply(parts, `[[`, "gradient")), fit$var)
  cbind(out, survival_limits(out$estimate, c(0, sqrt(variance)), fit$conf_level))
}

# On the scale that the session's conventions name.
survival_limits <- function(estimate, se, level) {
  z <- stats::qnorm((1 + level) / 2) * se / estimate
  limits <- if (conventions()$conf_type == "log") {
    list(conf.low = estimate * exp(-z), conf.high = pmin(1, estimate * exp(z)))
  } else {
    z <- z / log(estimate)
    list(conf.low = estimate^exp(-z), conf.high = estimate^exp(z))
  }
  sure <- se == 0
  lapply(limits, function(x) ifelse(sure, estimate, x))
}

adjusted_variable <- function(fit, frame, by) {
  labels <- attr(fit$terms, "term.labels")
  names <- intersect(names(frame), labels)
  kinds <- vapply(frame[names], function(x) is.factor(x) || is.character(x) || is.logical(x), NA)
  known <- names[kinds]
  if (is.null(by) && length(known) == 1L) by <- known
  if (!is.character(by) || length(by) != 1L || !by %in% known) {
    abort(
      "argument",
      paste0("`by` must be a variable of the model with levels, not ", describe(by), "."),
      if (length(known)) paste0("There ", if (length(known) > 1L) "are " else "is ",
                                enumerate(quoted(known)), ".")
    )
  }
  by
}

levels_in_use <- function(x) {
  if (is.factor(x)) levels(x)[tabulate(x, nlevels(x)) > 0L] else as.character(sort(unique(x)))
}

same_type <- function(x, level) {
  n <- length(x)
  if (is.factor(x)) return(factor(rep(level, n), levels(x), ordered = is.ordered(x)))
  rep(if (is.logical(x)) level == "TRUE" else level, n)
}

adjusted_alt <- function(fit, figure, title, unit) {
  ends <- vapply(figure$groups$counts, function(part) part$estimate[length(part$estimate)], 0)
  paste0(
    "Adjusted survival curves by ", title, ", standardized over the ", count_of(fit$n, "row"),
    " of a Cox model. At ", alt_time(figure$last, unit), ": ",
    enumerate(paste0(figure$groups$.group, " ", format_percent(ends, 0L))), "."
  )
}
