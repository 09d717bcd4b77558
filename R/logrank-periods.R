# The log-rank test of two groups before and after the median time of the events: where the hazard
# ratios lie on opposite sides of 1, its p-value is of their sum.

# core: the log-rank test of all times. Answer: data frame with a row for each period, early and
# late: until (the last time of the early one), events, score (observed minus expected events of the
# second group) and var. NULL where there is nothing to compare.
test_periods <- function(risk, groups, options, core) {
  two <- nlevels(groups$groups) == 2L && !options$robust && options$test == "logrank"
  if (!two || sum(risk$response$status) < 2) return(NULL)
  part <- scattered_rows(length(groups$groups), period_rows)
  response <- risk$response
  group <- groups$groups
  if (!is.null(part)) {
    response <- pick_response(response, part)
    group <- group[part]
    if (!all(tabulate(group, 2L)) || sum(response$status) < 2) return(NULL)
    core <- core_rank_test(response, group, NULL, double(), options)
  }
  cut <- median_event_time(response$time, response$status, if (options$frequency) response$weights)
  early <- up_to(response, cut)
  first <- core_rank_test(early$response, group[early$rows], NULL, double(), options)
  sums <- function(core) {
    c(sum(core$events), sum(core$observed[2L, ]) - sum(core$expected[2L, ]), core$var[2L, 2L])
  }
  both <- rbind(sums(first), sums(core) - sums(first))
  data.frame(
    period = c("early", "late"), until = cut, events = both[, 1L], score = both[, 2L],
    var = both[, 3L], row.names = NULL
  )
}

# At most so many rows are compared by period, so that the test stays fast.
period_rows <- 5e4

# About `most` of n rows, in no period that the order of rows could have: those for which the
# fraction of i times the golden ratio is small. NULL for all rows.
scattered_rows <- function(n, most) {
  if (n <= most) return(NULL)
  utils::head(which((seq_len(n) * ((sqrt(5) - 1) / 2)) %% 1 < most / n), most)
}

pick_response <- function(response, rows) {
  lapply(response, function(x) if (length(x) > 1L) x[rows] else x)
}

# The first time up to which at least half of the events have happened.
median_event_time <- function(time, status, weights = NULL) {
  at <- which(status > 0)
  at <- at[order(time[at])]
  n <- if (is.null(weights) || length(weights) == 1L) rep(1, length(at)) else weights[at]
  n <- cumsum(n * status[at])
  time[at[which(n >= n[length(n)] / 2)[1L]]]
}

# The rows that begin before the time, followed up to it; times that are tied with it are it.
up_to <- function(response, cut) {
  slack <- tied_within(response$time)
  rows <- if (is.null(response$entry)) {
    seq_along(response$time)
  } else {
    which(response$entry < cut - slack)
  }
  response <- pick_response(response, rows)
  later <- response$time > cut + slack
  response$status[later] <- 0L
  response$time[later] <- cut
  list(response = response, rows = rows)
}
