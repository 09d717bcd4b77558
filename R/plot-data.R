# What statistics and figures share: a frame with fixed columns, a row for each time of each
# curve and one for its start, and the exact counts of each curve.

# fit: an lms_km or a survfit of survival. by: variables that tell curves apart.
# Answer: curves, a data frame of time, estimate, conf.low, conf.high, n.risk, n.event, n.censor,
# `.group`, `.curve` and the variables; groups, a data frame of `.group`, `.curve`, the variables
# and `counts`, see curve_counts(); title, of the legend; apart, names of the variables that are
# not in `.group`, and so must be facets.
figure_data <- function(fit, by = NULL, scale = 1, min_cell = 0) {
  tidied <- if (inherits(fit, "lms_km")) as.data.frame(fit) else survfit_frame(fit)
  names <- if (is.null(fit$strata)) "" else names(fit$strata)
  sizes <- if (is.null(fit$strata)) length(fit$time) else as.vector(fit$strata)
  variables <- curve_variables(fit, names)
  labels <- group_labels(fit, variables, names, by)
  starts <- min(0, tidied$time) * scale
  tidied$time <- tidied$time * scale
  parts <- by_curve(tidied, sizes)
  counts <- lapply(seq_along(parts), function(i) {
    curve_counts(parts[[i]], kept_steps(fit, i, scale), starts)
  })
  exact <- counts
  if (min_cell) {
    parts <- coarse_parts(parts, counts, min_cell)
    counts <- lapply(parts, coarse_curve, starts, min_cell)
  }
  curves <- lapply(seq_along(parts), function(i) {
    curve_rows(parts[[i]], starts, labels$group[i], variables[i, , drop = FALSE],
               min_cell = min_cell, curve = labels$curve[i])
  })
  tested <- tested_groups(fit, variables)
  counts <- lapply(seq_along(counts), function(i) {
    c(counts[[i]], group = tested$group[i], strata = tested$strata[i])
  })
  if (min_cell) counts <- with_test(counts, exact, tested)
  groups <- variables
  groups$.group <- labels$group
  groups$.curve <- labels$curve
  groups$counts <- counts
  list(curves = do.call(rbind, curves), groups = groups, title = labels$title,
       apart = labels$apart, last = vapply(counts, `[[`, 0, "end"))
}

survfit_frame <- function(fit) {
  columns <- unclass(fit)[c("time", "n.risk", "n.event", "n.censor", "surv", "lower", "upper")]
  names(columns)[5:7] <- c("estimate", "conf.low", "conf.high")
  as.data.frame(columns[lengths(columns) > 0L])
}

# The same of a figure that is released.
coarse_curve <- function(part, start, min_cell) {
  c(curve_counts(part, NULL, start, 1, min_cell), coarse = TRUE, told = part$told)
}

# The test of all curves, from the exact counts that are not kept.
with_test <- function(counts, exact, tested) {
  exact <- Map(function(x, i) c(x, group = tested$group[i], strata = tested$strata[i]), exact,
               seq_along(exact))
  test <- if (length(exact) > 1L && !any(vapply(exact, function(x) {
    any(x$n.risk != round(x$n.risk))
  }, NA))) panel_test(exact)
  lapply(counts, function(x) {
    x$test <- coarse_test(test)
    x$curves <- length(counts)
    x
  })
}
