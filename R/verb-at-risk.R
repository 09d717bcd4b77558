# Who is under observation: one answer for text, figures, tidy data and reports.

# What tells the number at risk in each group: the weights at risk at its times (n.risk) and, with
# entry times, just after each of the times at which somebody enters or leaves (steps). start: the
# time at which the curves begin.
risk_curves <- function(fit) {
  n_risk <- if (is.matrix(fit$n.risk)) fit$n.risk[, 1L] else fit$n.risk
  curves <- by_curve(list(time = fit$time, n.risk = n_risk), curve_sizes(fit))
  steps <- steps_by_group(fit, length(curves))
  Map(function(curve, steps) c(curve, list(steps = steps, start = fit$t0)), curves, steps)
}

steps_by_group <- function(fit, groups) {
  steps <- unclass(fit)$at_risk
  if (is.null(steps)) return(vector("list", groups))
  by_curve(steps[c("time", "n.risk")], tabulate(steps$group, groups))
}

# The columns of each curve, where the rows of one follow those of another.
by_curve <- function(columns, sizes) {
  unname(Map(function(size, end) lapply(columns, `[`, seq.int(to = end, length.out = size)),
             sizes, cumsum(sizes)))
}

# The weight of those under observation just before each t, that is with entry < t <= exit; at the
# start of time, of those under observation from then on. Times within rounding error are the same.
at_risk_before <- function(curve, t) {
  rounding <- time_rounding(curve$time)
  if (is.null(curve$steps)) {
    before <- findInterval(t - rounding, curve$time, left.open = TRUE)
    return(c(curve$n.risk, 0)[before + 1L])
  }
  side <- ifelse(abs(t - curve$start) <= rounding, rounding, -rounding)
  c(0, curve$steps$n.risk)[findInterval(t + side, curve$steps$time, left.open = TRUE) + 1L]
}

# By group, then time.
at_risk_at <- function(fit, times) {
  unlist(lapply(risk_curves(fit), at_risk_before, times), use.names = FALSE)
}

# When a group had nobody under observation although others came later. at_risk: steps of all
# groups, or NULL without entry times. A data frame of group, from, to.
risk_gaps <- function(at_risk) {
  last <- length(at_risk$group)
  this <- seq_len(max(0L, last - 1L))
  empty <- this[at_risk$n.risk[this] == 0 & at_risk$group[this] == at_risk$group[this + 1L]]
  data.frame(
    group = at_risk$group[empty], from = at_risk$time[empty], to = at_risk$time[empty + 1L]
  )
}

# One sentence, or NULL where there is no gap.
gap_line <- function(gaps, groups, unknown = "survival") {
  if (!nrow(gaps)) return(NULL)
  shown <- utils::head(gaps, 3L)
  times <- paste0(
    "from ", vapply(shown$from, format_value, ""), " to ", vapply(shown$to, format_value, ""),
    if (length(groups) > 1L) paste0(" in ", quoted(groups[shown$group]))
  )
  more <- nrow(gaps) - nrow(shown)
  paste0(
    "No patient is at risk ", enumerate(c(times, if (more) paste(more, "more"))), ". After a gap, ",
    unknown, " assumes that no event happens in the gap."
  )
}

# What is uncertain because risk sets are empty. fallen: for each group the time at which its curve
# became final while others still entered, or NA.
warn_about_gaps <- function(gaps, groups, fallen = rep(NA_real_, length(groups)),
                            unknown = "survival") {
  way_out <- paste0(
    "Start the curve at a time t when enough patients are at risk: ",
    "`Surv(pmax(entry, t), time, status)`, `subset = time > t`."
  )
  at <- which(!is.na(fallen))
  if (length(at)) {
    where <- if (length(groups) > 1L) paste0(" of ", quoted(groups[at[1L]]))
    warn(
      "risk_set_empty",
      paste0(
        "The curve", where, " is final at ", format_value(fallen[at[1L]]),
        ", because every patient at risk had the event before others entered."
      ),
      if (length(at) > 1L) paste0(length(at), " of ", length(groups), " groups are affected."),
      way_out, fields = list(groups = groups[at])
    )
  }
  gaps <- gaps[is.na(fallen[gaps$group]) | gaps$from < fallen[gaps$group], , drop = FALSE]
  if (!nrow(gaps)) return(invisible())
  warn(
    "risk_set_empty", gap_line(gaps, groups, unknown), way_out,
    fields = list(groups = unique(groups[gaps$group]), gaps = gaps)
  )
}
