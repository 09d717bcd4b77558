# What the data of a model say of its covariates, found at the door and kept as counts.

# cuts: covariates of two values that are a numeric column cut at the largest test; entry: a column
# of entry times that the response does not use; era: covariates that go with the year of diagnosis.
covariate_guards <- function(data, risk) {
  if (!is.data.frame(data) || length(risk$response$time) > most_searched) return(NULL)
  binary <- two_valued(risk)
  list(cuts = best_cuts(data, risk, binary), entry = unused_entry(data, risk),
       era = eras(data, risk, binary))
}

# By term, whether the second of its two values.
two_valued <- function(risk) {
  at <- covariate_columns(risk$terms)
  columns <- lapply(stats::setNames(at, names(risk$frame)[at]), function(i) risk$frame[[i]])
  columns <- Filter(function(x) is.null(dim(x)) && is.atomic(x), columns)
  found <- lapply(columns, function(x) {
    first <- unique(x[seq_len(min(200L, length(x)))])
    if (length(first) > 2L) return(NULL)
    values <- sort(unique(x))
    if (length(values) == 2L) x == values[2L]
  })
  found[lengths(found) > 0L]
}

numeric_column <- function(data, name, rows) {
  x <- .subset2(data, name)
  if (!is.numeric(x) || is.object(x) || !is.null(dim(x))) return(NULL)
  if (is.null(rows)) x else x[rows]
}

best_cuts <- function(data, risk, binary) {
  if (!length(binary) || length(risk$response$time) < 30L || !is.null(risk$response$entry)) {
    return(NULL)
  }
  response <- all.vars(risk$terms[[2L]])
  found <- lapply(names(binary), function(term) {
    for (name in setdiff(names(data), response)) {
      x <- numeric_column(data, name, risk$rows)
      cut <- if (!is.null(x)) separating_cut(x, binary[[term]])
      if (!is.null(cut) && !is_usual_cut(cut, x)) {
        test <- cut_test(x, cut, risk$response)
        if (!is.null(test)) {
          return(data.frame(term = term, variable = name, from = cut[1L], to = cut[2L], p = test))
        }
      }
    }
    NULL
  })
  do.call(rbind, found)
}

# The values on both sides of the cut, where all of one group lie above all of the other.
separating_cut <- function(x, group) {
  first <- seq_len(min(200L, length(x)))
  apart <- function(x, group) {
    known <- !is.na(x)
    if (!any(group & known) || !any(!group & known)) return(c(-Inf, Inf))
    high <- range(x[group & known])
    low <- range(x[!group & known])
    if (low[2L] < high[1L]) c(low[2L], high[1L]) else if (high[2L] < low[1L]) c(high[2L], low[1L])
  }
  if (is.null(apart(x[first], group[first]))) return(NULL)
  if (length(unique(x[first])) < 10L) return(NULL)
  cut <- apart(x, group)
  if (all(is.finite(cut))) cut
}

# A quantile that is in use, or a number such as 0.5, 4, 35 or 150, lies at the cut.
is_usual_cut <- function(cut, x) {
  usual <- c(stats::quantile(x, c(1:3 / 4, 1:2 / 3), na.rm = TRUE, names = FALSE), 0)
  step <- 10^floor(log10(max(abs(cut)))) / 2
  any(usual >= cut[1L] & usual <= cut[2L]) || floor(cut[2L] / step) * step >= cut[1L]
}

# The corrected p-value (Lausen and Schumacher 1992) of the cut, if no other between the first and
# the last tenth has a larger rank statistic; else NULL. O(n log n).
cut_test <- function(x, cut, response) {
  known <- !is.na(x)
  x <- x[known]
  n <- length(x)
  score <- null_residuals(response$time[known], response$status[known])
  o <- order(x)
  last <- which(diff(x[o]) > 0)
  last <- last[last >= 0.1 * n & last <= 0.9 * n]
  sums <- cumsum(score[o])[last]
  z <- abs(sums) / sqrt(sum(score^2) * last * (n - last) / (n * (n - 1)))
  own <- match(sum(x <= cut[1L]), last)
  if (is.na(own) || z[own] < max(z) - 0.05 || z[own] < 1.96) return(NULL)
  b <- max(z)
  min(1, stats::dnorm(b) * ((b - 1 / b) * log(0.9^2 / 0.1^2) + 4 / b))
}

# Events less those expected by the Nelson-Aalen estimate of all.
null_residuals <- function(time, status) {
  o <- order(time)
  times <- unique(time[o])
  at <- match(time, times)
  events <- tabulate(at[status > 0L], length(times))
  at_risk <- rev(cumsum(rev(tabulate(at, length(times)))))
  status - cumsum(events / at_risk)[at]
}

entry_names <- paste0(
  "^(entry|start|tstart|delay|delayedentry|lefttruncation|truncation|enrol|enroll|enrolment|",
  "enrollment|inclusion)(time|months|days|years|age)?$|^(time|months|days|years)to(entry|",
  "enrolment|enrollment|inclusion)$"
)

# A column named as a time of entry whose values lie before the end of follow-up.
unused_entry <- function(data, risk) {
  time <- risk$response$time
  if (!is.null(risk$response$entry)) return(NULL)
  meta <- cohort_meta(data)
  if (!is.null(meta)) return(cohort_entry_unused(data, risk, meta))
  for (name in names(data)[grepl(entry_names, squeezed_name(names(data)))]) {
    x <- if (!name %in% all.vars(risk$terms)) numeric_column(data, name, risk$rows)
    if (is.null(x) || anyNA(x) || any(x < 0 | x > time)) next
    late <- x > 0
    if (mean(late) < 0.05 || length(unique(x)) < 3L) next
    return(list(variable = name, n = sum(late), n_total = length(x),
                median = stats::median(x[late])))
  }
  NULL
}

# Of a cohort that has the dates of entry, a Surv() of the user's own from the diagnosis on.
cohort_entry_unused <- function(data, risk, meta) {
  column <- entry_column(meta)
  if (is.null(column) || !is_surv_call(risk$terms[[2L]]) || !column %in% names(data)) return(NULL)
  x <- (first_day(data, meta) - diagnosis_day(data, meta)) / unit_length(meta)
  if (!is.null(risk$rows)) x <- x[risk$rows]
  late <- x > 0
  if (anyNA(x) || mean(late) < 0.05) return(NULL)
  list(variable = column, n = sum(late), n_total = length(x), median = stats::median(x[late]),
       endpoint = names(meta$endpoints)[1L])
}

# Covariates of two values of which one was diagnosed later: with a probability of three quarters
# for two patients, beyond chance. later: that probability.
eras <- function(data, risk, binary) {
  meta <- cohort_meta(data)
  start <- if (isTRUE(meta$dates)) unname(meta$roles["diagnosis"])
  if (is.null(start) || is.na(start) || !start %in% names(data) || !length(binary)) return(NULL)
  date <- as.double(clock(data[[start]]))
  if (!is.null(risk$rows)) date <- date[risk$rows]
  if (goes_with_date(risk, date)) return(NULL)
  rank <- rank(date)
  found <- lapply(names(binary), function(term) {
    x <- binary[[term]]
    n <- c(sum(!x), sum(x))
    u <- (sum(rank[x]) - n[2L] * (n[2L] + 1) / 2) / prod(n)
    z <- abs(u - 0.5) / sqrt(sum(n + 0.5) / (12 * prod(n)))
    if (isTRUE(z > 4) && max(u, 1 - u) > 0.75) data.frame(term = term, later = max(u, 1 - u))
  })
  do.call(rbind, found)
}

# Whether the model has the year of diagnosis, or strata of it.
goes_with_date <- function(risk, date) {
  columns <- risk$frame[-1L]
  any(vapply(columns, function(x) {
    if (is.character(x)) x <- factor(x)
    x <- if (is.null(dim(x)) && (is.numeric(x) || is.factor(x))) as.double(x)
    if (is.null(x) || length(unique(x)) < 3L) return(FALSE)
    r <- suppressWarnings(stats::cor(x, date, method = "spearman"))
    isTRUE(abs(r) > 0.8)
  }, NA))
}
