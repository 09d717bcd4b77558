# Curves and numbers at risk of a figure that is released. Each number is the largest multiple of
# min_cell that is not above it; what the numbers of all groups and their known sum would tell
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
  times <- sort(unique(unlist(lapply(exact, function(x) c(x$time, x$steps$time)))))
  at_risk <- do.call(rbind, lapply(exact, count_at, times, "at risk"))
  events <- do.call(rbind, lapply(exact, count_at, times, "cumulative events"))
  at_risk <- coarse_counts(at_risk, min_cell)
  # The sum of all events is told elsewhere, that at other times is not.
  patients <- vapply(exact, function(x) most(x$n.risk), 0)
  told <- !anyNA(coarse_counts(events[, ncol(events), drop = FALSE], min_cell, patients))
  # Of a group of which nearly all have had the event the others would be known.
  events <- coarse_counts(events, min_cell, patients, summed = FALSE)
  lapply(seq_along(parts), function(i) {
    part <- coarse_part(parts[[i]], times, at_risk[i, ], events[i, ], min_cell)
    c(part, list(told = told && !anyNA(events)))
  })
}

coarse_part <- function(part, times, at_risk, events, min_cell) {
  many <- cumsum(part$n.event) %/% min_cell
  steps <- which(diff(c(0, many)) > 0 & part$n.risk - part$n.event >= min_cell)
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

# 1 of survival, 0 of incidence.
first_height <- function(part) if (is.null(part$origin)) 1 else part$origin

most <- function(x) if (all(is.na(x))) NA_real_ else max(x, na.rm = TRUE)
