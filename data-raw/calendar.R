# Working days of a clinic in the United States, and when its patients came.

is_working <- function(date) {
  at <- as.POSIXlt(date)
  month_day <- 100 * (at$mon + 1) + at$mday
  monday <- at$wday == 1
  holiday <- month_day %in% c(101, 704, 1225) |
    (monday & at$mon == 4 & at$mday > 24) | # Memorial Day
    (monday & at$mon == 8 & at$mday <= 7) | # Labor Day
    (at$wday == 4 & at$mon == 10 & at$mday > 21 & at$mday <= 28) # Thanksgiving
  at$wday %in% 1:5 & !holiday
}

# The first working day of some, or from a day on.
first_working <- function(dates) dates[is_working(dates)][1L]
next_working <- function(date) first_working(date + 0:6)

first_monday <- as.Date("1995-01-02")
last_week <- as.integer(as.Date("2020-12-28") - first_monday) %/% 7L # counted from 0

# Weeks in which each patient can have been diagnosed: those alive were seen in the last 18 months,
# those lost not.
diagnosis_weeks <- function(patients, lost) {
  week_of <- function(text) as.integer(as.Date(text) - first_monday - patients$days - 5L) %/% 7L
  alive <- patients$dead == 0 & !lost
  from <- ifelse(alive, pmax(week_of("2020-07-06") + 1L, 0L), 0L)
  to <- pmin(ifelse(lost, week_of("2020-06-30"), week_of("2021-12-31")), last_week)
  cbind(from, to)
}

# More come each year, 2.2 times as many at the end as at first. Of those whose week is free it is
# drawn from what the living leave of that.
draw_weeks <- function(range, free) {
  week <- range[, 1L] + floor(stats::runif(nrow(range)) * (range[, 2L] - range[, 1L] + 1))
  years <- seq_len(last_week + 1L) %/% 52.2
  wanted <- nrow(range) * seq(1, 2.2, length.out = max(years) + 1L)
  wanted <- wanted / sum(seq(1, 2.2, length.out = max(years) + 1L))
  left <- pmax(wanted - tabulate(years[week[!free] + 1L] + 1L, max(years) + 1L), 1)
  for (i in which(free)) {
    at <- seq.int(range[i, 1L], range[i, 2L])
    week[i] <- at[sample.int(length(at), 1L, prob = left[years[at + 1L] + 1L])]
  }
  week
}

# Residuals of a model without covariates, of the time before and after three years.
null_residuals <- function(patients) {
  ahead <- rank(-patients$days, ties.method = "max") # at risk
  increments <- ifelse(patients$dead == 1, 1 / ahead, 0)
  vapply(list(c(0, 1096), c(1096, Inf)), function(part) {
    inside <- patients$days > part[1L] & patients$days <= part[2L]
    hazard <- vapply(patients$days, function(t) sum((increments * inside)[patients$days <= t]), 0)
    inside * patients$dead - hazard
  }, numeric(nrow(patients)))
}

# Exchanges weeks until the score of the week of diagnosis in a Cox model is 0, before three years
# and after, so that survival has no trend over calendar time.
without_trend <- function(week, range, free, patients, tries = 20000L) {
  residuals <- null_residuals(patients)
  fits <- function(w, i) w >= range[i, 1L] && w <= range[i, 2L]
  score <- drop(crossprod(residuals, week))
  for (k in seq_len(tries)) {
    pair <- sample(which(free), 2L)
    i <- pair[1L]
    j <- pair[2L]
    if (!fits(week[i], j) || !fits(week[j], i)) next
    trial <- score + (week[j] - week[i]) * (residuals[i, ] - residuals[j, ])
    if (sum(abs(trial)) > sum(abs(score))) next
    week[pair] <- week[rev(pair)]
    score <- trial
  }
  week
}

# Diagnosis on a weekday on which, and in a week in which, all that is at `offsets` days from it (a
# column each, NA for none) is on working days.
diagnosis_dates <- function(patients, lost, offsets) {
  range <- diagnosis_weeks(patients, lost)
  free <- patients$dead == 1 | lost
  week <- without_trend(draw_weeks(range, free), range, free, patients)
  start <- first_monday + rep(NA, nrow(patients))
  for (i in seq_len(nrow(patients))) {
    weekdays <- if (is.na(patients$weekday[i])) sample(0:4) else patients$weekday[i]
    weeks <- week[i] + c(0, rbind(1:26, -(1:26)))
    weeks <- weeks[weeks >= range[i, 1L] & weeks <= range[i, 2L]]
    days <- first_monday + rep(7 * weeks, each = length(weekdays)) + weekdays
    after <- c(0, stats::na.omit(offsets[i, ]))
    fine <- vapply(days, function(day) all(is_working(day + after)), NA)
    if (!any(fine)) stop("no working days for patient ", i)
    start[i] <- days[fine][1L]
  }
  start
}
