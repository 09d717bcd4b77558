# The time axis: its unit, its name, and where its ticks stand.

tick_steps <- list(
  days = c(1, 2, 7, 14, 30, 60, 90, 180, 365, 730, 1825, 3650),
  weeks = c(1, 2, 4, 8, 13, 26, 52, 104, 260, 520),
  months = c(1, 2, 3, 6, 12, 24, 60, 120, 240),
  years = c(0.25, 0.5, 1, 2, 5, 10, 20)
)

max_ticks <- 9L

# unit, show: what the user said, or NULL. Answer: scale, by which times are multiplied; label and
# breaks of the axis; name of the unit shown, or NULL.
figure_unit <- function(fit, unit, show) {
  known <- names(days_in)
  own <- fit_unit(fit)
  unit <- if (is.null(unit)) own else check_choice(unit, "unit", known)
  show <- if (is.null(show)) unit else check_choice(show, "show", known)
  if (!identical(unit, show) && !(!is.null(unit) && unit %in% known)) {
    abort("argument", "`show` needs the unit of the times.",
          "Set the unit, such as `unit = \"days\", show = \"months\"`.")
  }
  same <- identical(unit, show)
  label <- unclass(fit)$labels["(time)"]
  list(
    scale = if (same) 1 else days_in[[unit]] / days_in[[show]], name = show,
    label = if (same && length(label) && !is.na(label)) unname(label) else axis_title(show),
    breaks = tick_breaks(show)
  )
}

axis_title <- function(unit) if (is.null(unit)) "Time" else capital(unit)

# What the fit carries, or what its time variable is called.
fit_unit <- function(fit) {
  unit <- unclass(fit)$time_unit
  if (!is.null(unit)) return(unit)
  lhs <- if (length(unclass(fit)$formula) == 3L) fit$formula[[2L]]
  if (!is_surv_call(lhs)) return(NULL)
  time <- surv_args(lhs)$time
  name <- if (is.name(time)) tolower(as.character(time)) else ""
  at <- match(sub("s$", "", name), sub("s$", "", names(days_in)))
  if (is.na(at)) NULL else names(days_in)[at]
}

# The smallest step of the unit that gives few enough ticks between the limits.
tick_breaks <- function(unit) {
  steps <- if (!is.null(unit)) tick_steps[[unit]]
  function(limits) {
    if (is.null(steps) || !all(is.finite(limits))) return(pretty(limits, 6L))
    fits <- steps[diff(range(limits)) / steps <= max_ticks]
    if (!length(fits) || diff(range(limits)) < steps[1L]) return(pretty(limits, 6L))
    step <- fits[1L]
    seq(ceiling(min(limits) / step - 1e-9), floor(max(limits) / step + 1e-9)) * step
  }
}
