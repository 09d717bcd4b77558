# Curves and numbers at risk of a figure that is released. Each number is a multiple of min_cell
# that is not above what it counts; what the numbers of all groups and their known sum would tell
# within 2 is hidden at that time. A step of a curve stands for min_cell events at least.

# counts: a matrix, groups by times. most: of how many in each group, where that is told. summed:
# whether the sum of the groups is known. Answer: the same rounded down, NA where hidden.
coarse_counts <- function(counts, min_cell, most = Inf, summed = nrow(counts) > 1L) {
  # How far each count could be lower or higher.
  over <- counts %% min_cell
  under <- pmin(min_cell - 1 - over, most - counts)
  of_others <- function(x) rep(colSums(x), each = nrow(x)) - x
  width <- if (summed) {
    pmin(over, of_others(under)) + pmin(under, of_others(over))
  } else {
    over + under
  }
  told <- apply(width < 2, 2L, any)
  out <- counts - over
  out[, told] <- NA
  out
}

# parts: for each curve its time, n.risk, n.event, n.censor, estimate and limits. exact: what
# curve_counts() gives of them. Answer: parts with fewer rows and without exact counts.
coarse_parts <- function(parts, exact, min_cell) {
  times <- sort(unique(unlist(lapply(exact, function(x) c(x$start, x$time, x$steps$time)))))
  patients <- vapply(exact, function(x) most(x$n.risk), 0)
  at_risk <- coarse_at_risk(parts, exact, times, min_cell)
  # The sum of all events is told elsewhere, that at other times is not.
  totals <- vapply(exact, function(x) sum(x$n.event), 0)
  told <- !anyNA(coarse_counts(matrix(totals), min_cell, patients))
  by_steps <- lapply(exact, function(x) {
    steps <- event_rows(x$n.event, min_cell)
    x$n.event <- replace(0 * x$n.event, steps, diff(c(0, cumsum(x$n.event)[steps])))
    x
  })
  events <- do.call(rbind, lapply(by_steps, count_at, times, "cumulative events"))
  # Of a group of which nearly all have had the event the others would be known.
  events <- coarse_counts(events, min_cell, patients, summed = FALSE)
  lapply(seq_along(parts), function(i) {
    part <- coarse_part(parts[[i]], times, at_risk[i, ], events[i, ], min_cell)
    c(part, list(told = told && !anyNA(events)))
  })
}

# Groups by times. How many there are at the start is known: the first number below it comes when
# min_cell have left, and from the start on it stands for all before that.
coarse_at_risk <- function(parts, exact, times, min_cell) {
  free <- which(vapply(exact, function(x) is.null(x$steps), NA))
  counts <- do.call(rbind, lapply(exact, count_at, times, "at risk"))
  for (i in free) counts[i, ] <- held_at_risk(counts[i, ], parts[[i]], times, min_cell)
  counts <- coarse_counts(counts, min_cell)
  for (i in free) {
    first <- max(0, most(exact[[i]]$n.risk) - min_cell + 1)
    later <- times > exact[[i]]$start
    counts[i, later] <- pmin(counts[i, later], first - first %% min_cell)
  }
  counts
}

# Where few are lost between two steps of a curve, whoever leaves has had the event: from one step
# to the next the number at risk is that at its end.
held_at_risk <- function(counts, part, times, min_cell) {
  steps <- step_rows(part, min_cell)
  if (!length(steps)) return(counts)
  n <- length(part$time)
  after <- c(part$n.risk[-1L], part$n.risk[n] - part$n.event[n] - part$n.censor[n])
  lost <- -diff(c(part$n.risk[1L], after[steps])) - diff(c(0, cumsum(part$n.event)[steps]))
  next_step <- findInterval(times, part$time[steps], left.open = TRUE) + 1L
  held <- next_step <= length(steps)
  held[held] <- lost[next_step[held]] < min_cell
  held <- held & times > min(times)
  counts[held] <- part$n.risk[steps[next_step[held]]]
  counts
}

# Rows from which on more events are told, so that neither those between two of them nor those after
# the last are few.
event_rows <- function(events, min_cell) {
  total <- sum(events)
  done <- cumsum(events)
  spaced_rows(done, which(events > 0 & !is_few(total - done, min_cell)), min_cell)
}

# Of the rows those whose cumulative events are min_cell apart at least.
spaced_rows <- function(done, rows, min_cell) {
  kept <- integer()
  last <- 0
  for (i in rows) {
    if (done[i] - last < min_cell) next
    kept <- c(kept, i)
    last <- done[i]
  }
  kept
}

# Rows at which a curve falls: min_cell are left, and where the number of all events is told the
# height does not tell that few come after it.
step_rows <- function(part, min_cell) {
  done <- cumsum(part$n.event)
  total <- sum(part$n.event)
  left <- part$n.risk - part$n.event
  patients <- most(part$n.risk)
  fits <- part$n.event > 0 & left >= min_cell
  if (apart(total, patients, min_cell)) {
    range <- events_by_height(part, left, done, patients, total, min_cell)
    fits <- fits & !(is_few(total - done, min_cell) & range$high - range$low < 2)
  }
  spaced_rows(done, which(fits), min_cell)
}

# How many events a height that is told to 2 decimals allows for. All who were lost were lost after
# the events, of which each takes 1 / patients then, or before them, when as many are at risk as are
# left and had an event.
events_by_height <- function(part, left, done, patients, total, min_cell) {
  shown <- round(part$estimate, 2L)
  if (first_height(part) == 0) shown <- 1 - shown
  least <- (left - left %% min_cell) * (1 / pmin(1, shown + 0.005) - 1)
  list(
    low = pmax(done - done %% min_cell, ceiling(least - 1e-9)),
    high = pmin(total, floor(patients * (1 - shown + 0.005) + 1e-9))
  )
}

coarse_part <- function(part, times, at_risk, events, min_cell) {
  steps <- step_rows(part, min_cell)
  # A number at risk holds up to its time, a number of events from its time on.
  changes <- function(x) !mapply(identical, x[-1L], x[-length(x)])
  kept <- times %in% part$time[steps]
  kept[which(c(changes(at_risk), TRUE))] <- TRUE
  kept[which(c(TRUE, changes(events)))] <- TRUE
  last <- findInterval(times[kept], part$time[steps])
  read <- function(x, first) round(c(first, x[steps])[last + 1L], 2L)
  limits <- c("conf.low", "conf.high")
  out <- list(
    time = times[kept], n.risk = at_risk[kept], n.event = diff(c(0, events[kept])),
    n.censor = rep(NA_real_, sum(kept)), estimate = read(part$estimate, first_height(part))
  )
  c(out, lapply(part[intersect(limits, names(part))], read, first_height(part)))
}

# No more of a test than a figure writes: whoever has a statistic with all its digits can try out
# which counts lead to it.
coarse_test <- function(test) {
  if (is.null(test)) return(NULL)
  p <- test$p.value
  if (!is.na(p)) test$p.value <- if (p < 0.001) 0 else as.numeric(format_p(p))
  test[setdiff(names(test), "statistic")]
}

# 1 of survival, 0 of incidence.
first_height <- function(part) if (is.null(part$origin)) 1 else part$origin

most <- function(x) if (all(is.na(x))) NA_real_ else max(x, na.rm = TRUE)
