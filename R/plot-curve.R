# One curve as the rows that are drawn and the counts that are asked for at a time.

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

shown_rows <- function(n_risk, min_cell) max(0L, which(n_risk >= min_cell))

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
