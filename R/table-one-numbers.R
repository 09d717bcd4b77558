# The numbers of a table of patients, a data frame for each variable: a row for each line of the
# table and group.

table_kind <- function(x) {
  if (survival::is.Surv(x)) return("survival")
  if (is.logical(x) || is.numeric(x) && all(x %in% c(0, 1, NA)) && !all(is.na(x))) return("binary")
  if (is.numeric(x)) "continuous" else "categorical"
}

number_columns <- c(
  "n", "total", "percent", "mean", "sd", "sem", "median", "q1", "q3", "min", "max", "conf.low",
  "conf.high"
)

# A row for each line and group. statistic, level: by line. values: matrices lines x groups by name
# of the column. mask: what min_cell hides, a matrix of the same size.
number_lines <- function(statistic, level, groups, values, mask = NULL) {
  lines <- length(statistic)
  flat <- function(m) as.vector(t(m))
  out <- data.frame(
    statistic = rep(statistic, each = length(groups)), level = rep(level, each = length(groups)),
    group = rep(groups, lines)
  )
  for (name in number_columns) {
    out[[name]] <- if (is.null(values[[name]])) rep(NA_real_, nrow(out)) else flat(values[[name]])
  }
  out$masked <- if (is.null(mask)) "" else flat(mask)
  out
}

# rows: for each group the numbers of its patients. Answer: lines, and whether anything is hidden.
describe_variable <- function(x, name, rows, settings) {
  kind <- table_kind(x)
  described <- switch(kind,
    survival = describe_survival(x, rows, settings$summary[[name]], settings),
    continuous = describe_continuous(as.double(x), rows, settings$summary[[name]], settings),
    describe_counts(level_factor(x), rows, kind, settings)
  )
  c(list(kind = kind), described)
}

level_factor <- function(x) {
  if (is.logical(x)) return(factor(x, c(FALSE, TRUE)))
  if (is.numeric(x)) return(factor(x, c(0, 1)))
  named_levels(droplevels(as.factor(x)))
}

# With a name for the level of addNA().
named_levels <- function(x) {
  levels <- levels(x)
  if (anyNA(levels)) levels(x) <- make.unique(ifelse(is.na(levels), "NA", levels))
  x
}

count_levels <- function(x, rows) {
  counts <- vapply(rows, function(i) tabulate(x[i], nlevels(x)), integer(nlevels(x)))
  matrix(as.double(counts), nlevels(x), length(rows), dimnames = list(levels(x), names(rows)))
}

sizes_of <- function(rows, lines) {
  matrix(rep(lengths(rows), each = lines), lines, length(rows))
}

describe_counts <- function(x, rows, kind, settings) {
  counts <- count_levels(x, rows)
  size <- sizes_of(rows, 1L)
  missing <- size - colSums(counts)
  mask <- mask_table(rbind(counts, missing), rows, settings)
  at <- seq_len(nrow(counts))
  known <- matrix(rep(colSums(counts), each = nrow(counts)), nrow(counts), ncol(counts))
  # How many are known would tell how many are missing.
  known[, mask[nrow(mask), ] != ""] <- NA
  percent <- ifelse(known > 0, 100 * counts / known, NA)
  level <- rownames(counts)
  if (kind == "binary") at <- 2L
  lines <- rbind(
    counted_lines("count", level[at], counts[at, , drop = FALSE], known[at, , drop = FALSE],
                  percent[at, , drop = FALSE], mask[at, , drop = FALSE], rows),
    missing_line(missing, size, mask[nrow(mask), , drop = FALSE], rows)
  )
  list(lines = lines, hidden = any(mask != ""))
}

counted_lines <- function(statistic, level, n, total, percent, mask, rows) {
  n[mask != ""] <- NA
  percent[mask != ""] <- NA
  number_lines(rep(statistic, nrow(n)), level, names(rows),
              list(n = n, total = total, percent = percent), mask)
}

# NULL where nothing is missing.
missing_line <- function(missing, size, mask, rows) {
  if (!any(missing > 0)) return(NULL)
  counted_lines("missing", NA, missing, size, 100 * missing / pmax(size, 1), mask, rows)
}

describe_continuous <- function(x, rows, summary, settings) {
  known <- lapply(rows, function(i) x[i][!is.na(x[i])])
  n <- matrix(lengths(known), 1L)
  missing <- sizes_of(rows, 1L) - n
  mask <- mask_table(rbind(n, missing), rows, settings)
  few <- settings$min_cell > 0 & n > 0 & n < settings$min_cell
  # The whole and the other groups would tell the group that is hidden.
  if (any(few)) few[names(rows) %in% settings$whole] <- TRUE
  each <- function(f) matrix(vapply(known, function(x) if (length(x)) f(x) else NA_real_, 0), 1L)
  quartile <- function(p) each(function(x) stats::quantile(x, p, type = settings$type))
  values <- list(
    mean = each(mean), sd = each(stats::sd), sem = each(function(x) stats::sd(x) / sqrt(length(x))),
    median = quartile(0.5), q1 = quartile(0.25), q3 = quartile(0.75), min = each(min),
    max = each(max)
  )
  shown <- list(mean_sd = c("mean", "sd"), mean_sem = c("mean", "sem"),
                median_iqr = c("median", "q1", "q3"), range = c("min", "max"))
  n[mask[1L, ] != "" | few] <- NA
  lines <- lapply(summary, function(statistic) {
    part <- lapply(values[shown[[statistic]]], function(m) ifelse(few, NA, m))
    number_lines(statistic, NA, names(rows), c(list(n = n), part), ifelse(few, "hidden", ""))
  })
  lines <- c(lines, list(missing_line(missing, sizes_of(rows, 1L), mask[2L, , drop = FALSE], rows)))
  list(lines = do.call(rbind, lines), hidden = any(few), spread = stats::sd(unlist(known[1L])))
}

describe_survival <- function(y, rows, summary, settings) {
  status <- unclass(y)[, "status"]
  known <- !is.na(y)
  count <- function(f) matrix(vapply(rows, function(i) as.double(sum(f(i))), 0), 1L)
  events <- count(function(i) known[i] & status[i] == 1)
  total <- count(function(i) known[i])
  missing <- sizes_of(rows, 1L) - total
  mask <- mask_table(rbind(total - events, events, missing), rows, settings)
  few <- mask[1:2, , drop = FALSE] == "small"
  few <- matrix(few[1L, ] | few[2L, ], 1L)
  if (any(few)) few[names(rows) %in% settings$whole] <- TRUE
  fits <- lapply(rows, function(i) km_numbers(y[i][known[i]]))
  total[mask[3L, ] != ""] <- NA
  percent <- ifelse(total > 0, 100 * events / total, NA)
  shown <- list(median_ci = c("median", "conf.low", "conf.high"),
                median_iqr = c("median", "q1", "q3"))
  lines <- lapply(summary, function(statistic) {
    if (statistic == "events") {
      return(counted_lines("events", NA, events, total, percent, mask[2L, , drop = FALSE], rows))
    }
    part <- lapply(stats::setNames(nm = shown[[statistic]]), function(name) {
      matrix(ifelse(few, NA, vapply(fits, `[[`, 0, name)), 1L)
    })
    number_lines(statistic, NA, names(rows), part, ifelse(few, "hidden", ""))
  })
  lines <- c(lines, list(missing_line(missing, sizes_of(rows, 1L), mask[3L, , drop = FALSE], rows)))
  list(lines = do.call(rbind, lines), hidden = any(mask[1:2, ] != ""))
}

# Quartiles of the Kaplan-Meier curve, the median with its interval.
km_numbers <- function(y) {
  none <- c(median = NA_real_, q1 = NA_real_, q3 = NA_real_, conf.low = NA_real_,
            conf.high = NA_real_)
  if (!length(y)) return(none)
  found <- km_quartiles(quiet(lms_km(y ~ 1, data = list(y = y))))
  c(
    median = found$quantile[[1L, "50"]], q1 = found$quantile[[1L, "25"]],
    q3 = found$quantile[[1L, "75"]], conf.low = found$lower[[1L, "50"]],
    conf.high = found$upper[[1L, "50"]]
  )
}
