# Covariates of plain data that become known at a date or a time of another column, as `transplant`
# beside `tx.date`.

# Answer: dated, as cohort_risk() gives it, and notes; NULL where there is none. response: of the
# rows in use; rows: their numbers in the data, NULL for all.
plain_dated <- function(data, terms, response, rows) {
  if (!is.data.frame(data) || !is.null(response$entry)) return(NULL)
  own <- intersect(right_names(terms), names(data))
  dates <- Filter(function(name) is_date(data[[name]]), own)
  used <- if (is.null(rows)) seq_len(nrow(data)) else rows
  others <- setdiff(names(data), c(all.vars(terms[[2L]]), setdiff(own, dates)))
  times <- known_times(data[others], response$time, used)
  if (!length(times)) return(NULL)
  has <- lapply(times, function(x) !is.na(x))
  has <- has[order(-vapply(has, sum, 0L))]
  by <- vapply(data[own], function(x) date_behind_column(x[used], has), "")
  by <- c(by[!is.na(by)], stats::setNames(nm = intersect(dates, names(times))))
  if (!length(by)) return(NULL)
  dated <- structure(times[by], names = names(by), class = "data.frame",
                     row.names = .set_row_names(length(used)))
  list(dated = dated, notes = known_notes(by))
}

# Columns of dates as times since the start of the clock, and columns that are such times: missing
# in some, and never after the end. By name, of the rows in use.
known_times <- function(data, end, used) {
  slack <- tied_within(end)
  dates <- Filter(is_date, data)
  days <- lapply(dates, function(x) clock(x)[used])
  zero <- if (length(days) > 1L) find_clock(days, end)
  from_dates <- if (!is.null(zero)) lapply(days, function(x) (x - zero$start) / zero$unit)
  numbers <- Filter(function(x) is.numeric(x) && !is.object(x) && anyNA(x), data)
  numbers <- lapply(numbers, function(x) as.double(x[used]))
  numbers <- Filter(function(x) is_time_within(x, end, slack), numbers)
  Filter(function(x) anyNA(x) && !all(is.na(x)), c(from_dates, numbers))
}

# None of them after the end, and of the scale of the times, which a marker is not.
is_time_within <- function(x, end, slack) {
  at <- which(!is.na(x))
  length(at) > 4L && all(x[at] >= 0 & x[at] <= end[at] + slack) && length(unique(x[at])) > 4L &&
    stats::median(x[at]) > 0.05 * stats::median(end) &&
    stats::quantile(x[at] / pmax(end[at], slack), 0.75) > 0.15
}

# Which date is the start: the difference of another to it is the time, in days or another unit.
find_clock <- function(dates, end) {
  few <- unique(round(seq(1, length(end), length.out = min(100L, length(end)))))
  units <- unique(unit_days)
  fits <- function(start, stop, unit, at) {
    gap <- abs((stop[at] - start[at]) / unit - end[at])
    # A day of rounding, and as much of the time itself.
    mean(gap <= 1 / unit + 0.005 * end[at]) >= 0.98
  }
  for (from in names(dates)) for (to in setdiff(names(dates), from)) for (unit in units) {
    start <- dates[[from]]
    if (isTRUE(fits(start, dates[[to]], unit, few)) &&
          isTRUE(fits(start, dates[[to]], unit, seq_along(end)))) {
      return(list(start = start, unit = unit))
    }
  }
}

known_notes <- function(by) {
  other <- by[by != names(by)]
  if (!length(other)) return(NULL)
  columns <- split(names(other), factor(other, unique(other)))
  notes <- vapply(names(columns), function(date) {
    paste0(enumerate(tick(columns[[date]]), max = 5L),
           if (length(columns[[date]]) == 1L) " is" else " are",
           " TRUE, yes or recorded only where ", tick(date), " has a date: treated as known then.")
  }, "")
  stats::setNames(notes, rep("dated", length(notes)))
}
