# Survival curves standardised over the rows of a Cox model.

adjusted_plot <- function(fit, by, direct, unit, show) {
  check_flag(direct, "direct")
  unit <- figure_unit(fit, unit, show)
  curves <- adjusted_curves(fit, by)
  by <- attr(curves, "by")
  curves$time <- curves$time * unit$scale
  labels <- unclass(fit)$labels
  title <- if (by %in% names(labels)) labels[[by]] else by
  parts <- split(curves, curves$.group)
  groups <- data.frame(.group = factor(levels(curves$.group), levels(curves$.group)))
  groups$counts <- lapply(parts, function(part) {
    list(time = part$time, estimate = part$estimate, origin = 1, end = max(part$time))
  })
  figure <- list(curves = curves, groups = groups, title = title, last = max(curves$time))
  ggplot(curves, curve_aes(figure)) +
    geom_km(aes(x = .data$time, y = .data$estimate), stat = "identity", fade = 0) +
    (if (direct) direct_labels(figure)) +
    survival_scales(figure, unit) +
    labs(x = unit$label, y = "Adjusted survival", alt = adjusted_alt(fit, figure, title, unit)) +
    curve_titles(figure) +
    curve_legend(figure, direct, FALSE) + theme_lms()
}

most_times <- 500L

# Data frame of time, estimate and `.group`: the mean over the rows i of exp(-H(t) r_i), r_i the
# hazard ratio of row i with the variable `by` at the group's level, H the baseline of its stratum.
adjusted_curves <- function(fit, by) {
  frame <- stats::model.frame(fit)
  by <- adjusted_variable(fit, frame, by)
  levels <- levels_in_use(frame[[by]])
  terms <- stats::delete.response(fit$terms)
  b <- zero_aliased(fit)
  weights <- if (is.null(fit$weights)) rep(1, nrow(frame)) else fit$weights
  offset <- if (is.null(unclass(fit)$offset)) 0 else unclass(fit)$offset
  stratum <- if (is.null(fit$strata)) rep(1L, nrow(frame)) else as.integer(fit$strata)
  base <- baseline_curves(fit, FALSE)
  times <- unlist(lapply(base, `[[`, "time"), use.names = FALSE)
  last <- min(vapply(base, last_time, 0))
  times <- sort(unique(times[times <= last]))
  if (length(times) > most_times) {
    times <- times[unique(round(seq(1, length(times), length.out = most_times)))]
  }
  hazard <- lapply(base, function(curve) curve$cumhaz[step_index(times, curve)])
  curves <- lapply(levels, function(level) {
    frame[[by]] <- same_type(frame[[by]], level)
    eta <- drop(centred(dense_matrix(terms, frame, fit$contrasts), fit$means) %*% b) + offset
    risk <- exp(eta)
    total <- 0
    for (s in seq_along(hazard)) {
      rows <- stratum == s
      total <- total + mean_survival(hazard[[s]], risk[rows], weights[rows]) * sum(weights[rows])
    }
    data.frame(time = c(0, times), estimate = c(1, total / sum(weights)))
  })
  out <- do.call(rbind, curves)
  out$.group <- factor(rep(levels, vapply(curves, nrow, 0L)), levels)
  attr(out, "by") <- by
  out
}

# Rows with the same hazard ratio share a curve.
mean_survival <- function(hazard, risk, weights) {
  known <- unique(risk)
  sums <- as.vector(rowsum(weights, match(risk, known)))
  vapply(hazard, function(h) sum(sums * exp(-h * known)), 0) / sum(weights)
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
    "Adjusted survival curves by ", title, ", standardised over the ", count_of(fit$n, "row"),
    " of a Cox model. At ", alt_time(figure$last, unit), ": ",
    enumerate(paste0(figure$groups$.group, " ", format_percent(ends, 0L))), "."
  )
}
