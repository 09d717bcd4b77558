# Survival at given times tells how many died by then, as long as few patients are lost.

# events: deaths up to each time (rows) of each set of patients (columns). total: all deaths of each
# set. Answer: the times at which survival can be told, so that no number of deaths up to a time,
# between two of them or after the last is small.
told_times <- function(events, total, min_cell) {
  told <- logical(nrow(events))
  before <- 0 * total
  for (i in seq_along(told)) {
    counts <- c(events[i, ] - before, total - events[i, ])
    told[i] <- !any(is_few(counts, min_cell))
    if (told[i]) before <- events[i, ]
  }
  told
}

# rates: of lms_rates(), of all patients and of a part of them, whose deaths taken from those of all
# leave the deaths of the others. Answer: both with `told` among their columns.
release_rates <- function(all, part, min_cell) {
  events <- deaths_by(all$fit, all$rates$time)
  all$rates$told <- told_times(events, sum(all$fit$n.event), min_cell)
  if (is.null(part)) return(list(all = all))
  own <- deaths_by(part$fit, part$rates$time)
  total <- sum(part$fit$n.event)
  part$rates$told <- all$rates$told
  part$rates$told[all$rates$told] <- told_times(
    cbind(own, events - own)[all$rates$told, , drop = FALSE],
    c(total, sum(all$fit$n.event) - total), min_cell
  )
  list(all = all, part = part)
}

deaths_by <- function(fit, times) {
  matrix(vapply(times, function(t) sum(fit$n.event[fit$time <= t]), 0), ncol = 1L)
}
