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

# A row for each curve: the values of the variables, those of a survfit read from the names of
# its strata where each is a variable's name and value.
curve_variables <- function(fit, names) {
  none <- data.frame(row.names = seq_along(names))
  if (inherits(fit, c("lms_km", "lms_cuminc"))) {
    if (is.null(fit$variables) || !length(fit$variables)) return(none)
    variables <- fit$variables
  } else {
    parts <- strsplit(names, ", ", fixed = TRUE)
    if (length(names) < 2L || any(lengths(parts) != length(parts[[1L]]))) return(none)
    parts <- do.call(rbind, parts)
    heads <- sub("=.*$", "", parts[1L, ])
    own <- vapply(seq_along(heads), function(j) all(startsWith(parts[, j], paste0(heads[j], "="))),
                  NA)
    if (!all(own) || anyDuplicated(heads)) return(none)
    values <- trimws(substring(parts, rep(nchar(heads) + 2L, each = nrow(parts))))
    variables <- lapply(seq_along(heads), function(j) {
      column <- values[seq_len(nrow(parts)) + (j - 1L) * nrow(parts)]
      factor(column, unique(column))
    })
    variables <- as.data.frame(stats::setNames(variables, heads), optional = TRUE)
  }
  as_plot_columns(variables)
}

# Variables as columns beside those of the curves.
as_plot_columns <- function(variables) {
  reserved <- c("time", "estimate", "conf.low", "conf.high", "n.risk", "n.event", "n.censor",
                ".group", ".cause", ".curve", "counts")
  clash <- names(variables) %in% reserved
  names(variables)[clash] <- paste0("group.", names(variables)[clash])
  variables[] <- lapply(variables, say_yes)
  variables
}

# group: what the legend calls the curves, without `var=`; title: of the legend; curve: each curve
# by all variables; apart: the variables that are not in `group`.
group_labels <- function(fit, variables, names, by) {
  if (!is.null(by)) check_by(by, names(variables))
  if (!length(variables)) {
    groups <- factor(names, unique(names))
    return(list(group = groups, title = NULL, curve = groups, apart = character()))
  }
  chosen <- if (is.null(by)) names(variables) else by
  text <- cross_names(variables[chosen])
  order <- do.call(base::order, unname(lapply(variables[chosen], as.integer)))
  titles <- unclass(fit)$labels[chosen]
  plain <- plain_name(chosen)
  titles <- if (is.null(titles)) plain else ifelse(is.na(titles), plain, titles)
  curves <- cross_names(variables)
  list(group = factor(text, unique(text[order])), title = paste(titles, collapse = ", "),
       curve = factor(curves, unique(curves)), apart = setdiff(names(variables), chosen))
}

cross_names <- function(variables) {
  do.call(paste, c(unname(lapply(variables, as.character)), sep = ", "))
}

check_by <- function(by, known) {
  unknown <- if (is.character(by)) setdiff(by, known) else by
  if (!length(unknown) && length(by)) return(by)
  if (!length(known)) {
    abort("argument", "`by` needs variables that the curves are fitted by; they have none.",
          "Fit them by groups: `lms_km(Surv(time, status) ~ group, data)`.")
  }
  abort(
    "argument",
    paste0("`by` must be among the variables ", enumerate(quoted(known)), ", not ",
           if (is.character(by)) format_value(unknown[1L]) else describe(by), "."),
    if (is.character(by)) did_you_mean(unknown[1L], known)
  )
}

# The curve starts with survival 1, or an incidence of 0, and is shown as long as `min_cell` are at
# risk.
curve_rows <- function(part, start, group, variables, origin = 1, min_cell = 0, curve = group) {
  at_start <- part$n.risk[1L]
  shown <- shown_rows(part$n.risk, min_cell)
  if (shown < length(part$time)) part <- lapply(part, utils::head, shown)
  limits <- !is.null(part$conf.low)
  first <- function(x, value) c(value, x)
  out <- list(
    time = first(part$time, start), estimate = first(part$estimate, origin),
    conf.low = if (limits) first(part$conf.low, origin) else rep(NA_real_, shown + 1L),
    conf.high = if (limits) first(part$conf.high, origin) else rep(NA_real_, shown + 1L),
    n.risk = filled(first(part$n.risk, at_start)), n.event = first(part$n.event, 0),
    n.censor = first(part$n.censor, 0)
  )
  n <- length(out$time)
  out <- c(out, list(.group = rep(group, n), .curve = rep(curve, n)),
           lapply(variables, function(v) rep(v[1L], n)))
  thin_curve(structure(out, class = "data.frame", row.names = .set_row_names(n)))
}

# Where a number at risk is hidden, the curve looks as before it.
filled <- function(x) {
  known <- !is.na(x)
  if (all(known)) return(x)
  if (!any(known)) return(double(length(x)))
  x[known][pmax(1L, cumsum(known))]
}

# Of a long curve the last row of each 1/10,000 of its range is kept, and the last row with a
# censored patient.
fine_cells <- 10000L

thin_curve <- function(curve) {
  if (nrow(curve) <= 2L * fine_cells) return(curve)
  cell <- floor((curve$time - curve$time[1L]) / (curve$time[nrow(curve)] - curve$time[1L]) *
                  fine_cells)
  kept <- !duplicated(cell, fromLast = TRUE)
  kept[1L] <- TRUE
  censored <- which(curve$n.censor > 0)
  kept[censored[!duplicated(cell[censored], fromLast = TRUE)]] <- TRUE
  curve[kept, , drop = FALSE]
}

# The exact counts of one curve. steps: for delayed entry, when the weight at risk changes.
# start: where time begins, for all curves. origin: where the curve does, 1 for survival. end: the
# last time at which the curve is shown.
curve_counts <- function(part, steps, start, origin = 1, min_cell = 0) {
  list(
    time = part$time, n.risk = part$n.risk, n.event = part$n.event, n.censor = part$n.censor,
    estimate = part$estimate, steps = steps, start = start, origin = origin,
    end = c(start, part$time)[shown_rows(part$n.risk, min_cell) + 1L]
  )
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
    x$test <- test
    x$curves <- length(counts)
    x
  })
}

shown_rows <- function(n_risk, min_cell) max(0L, which(n_risk >= min_cell))

kept_steps <- function(fit, i, scale) {
  steps <- steps_by_group(fit, i)[[i]]
  if (!is.null(steps)) steps$time <- steps$time * scale
  steps
}

# The height of a curve just after t.
height_at <- function(counts, t) {
  c(counts$origin, counts$estimate)[findInterval(t, counts$time) + 1L]
}

# At t, from the counts of one curve. Times within rounding error are the same.
count_at <- function(counts, t, kind) {
  done <- findInterval(t + time_rounding(counts$time), counts$time)
  switch(kind,
    "at risk" = at_risk_before(counts, t),
    "cumulative events" = c(0, cumsum(counts$n.event))[done + 1L],
    "cumulative censored" = c(0, cumsum(counts$n.censor))[done + 1L],
    events = count_between(counts$n.event, done),
    censored = count_between(counts$n.censor, done)
  )
}
