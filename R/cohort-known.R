# Covariates that become known at a date which nobody declared, because only patients with that date
# have them: `surgery` beside `first_surgery`, the site of a metastasis beside its date.

# Answer: column of the date by covariate. declared: those of known_from.
inferred_dates <- function(data, meta, declared) {
  dates <- lapply(stats::setNames(nm = later_dates(data, meta)), function(date) {
    !is.na(data[[date]])
  })
  dates <- dates[vapply(dates, function(has) any(has) && !all(has), NA)]
  if (!length(dates)) return(character())
  dates <- dates[order(-vapply(dates, sum, 0L))]
  free <- setdiff(names(data), c(named_columns(meta), names(dates), names(declared)))
  found <- vapply(free, function(column) {
    date_behind_column(data[[column]], dates)
  }, "")
  found[!is.na(found)]
}

# Dates that lie after time zero: of the events, and all columns of dates that have no other role.
later_dates <- function(data, meta) {
  other <- if (meta$dates) names(Filter(is_date, data))
  unique(c(unname(event_columns(meta)), setdiff(other, meta$roles)))
}

# dates: by column of dates, whether a patient has one, those of the most patients first.
date_behind_column <- function(x, dates) {
  shown <- shows_something(x)
  found <- if (!is.null(shown)) date_behind(shown, dates)
  if (length(found) && !is.na(found)) found else date_behind_level(x, dates)
}

# The date that patients have if and only if they are not in one of the groups, such as "no".
date_behind_level <- function(x, dates) {
  if (!is_category(x)) return(NA_character_)
  x <- as.character(x)
  known <- !is.na(x)
  for (date in names(dates)) {
    has <- dates[[date]][known]
    without <- unique(x[known][!has])
    exact <- length(without) == 1L && any(has) && !without %in% x[known][has]
    if (exact && is_beyond_chance(sum(has), sum(has), length(has))) return(date)
  }
  NA_character_
}

is_category <- function(x) {
  if (is.factor(x)) return(nlevels(x) %in% 2:12)
  is.character(x) && length(unique(x[seq_len(min(1000L, length(x)))])) %in% 2:13
}

# In which patients a column is not FALSE and not missing; NULL where it is neither a flag nor
# missing in some.
shows_something <- function(x) {
  if (is_date(x) || is.list(x)) return(NULL)
  flag <- is.logical(x) || is.numeric(x) && !is.object(x) && all(x %in% c(0, 1, NA))
  if (!flag && !anyNA(x)) return(NULL)
  shown <- if (flag) x %in% c(1, TRUE) else !is.na(x)
  if (any(shown) && !all(shown)) shown
}

# The date without which nobody has what is shown; of dates that only patients with another date
# have, the last that still says something.
date_behind <- function(shown, dates) {
  base <- rep(TRUE, length(shown))
  found <- NA_character_
  for (date in names(dates)) {
    has <- dates[[date]] & base
    if (any(shown & !has) || !is_beyond_chance(sum(shown), sum(has), sum(base))) next
    found <- date
    base <- has
  }
  found
}

# Whether so many patients, drawn from all, would hardly all be among those that have it.
is_beyond_chance <- function(shown, has, all) {
  stats::phyper(shown - 1, has, all - has, shown, lower.tail = FALSE) < inferred_p
}

inferred_p <- 1e-4

inferred_notes <- function(inferred, meta) {
  if (!length(inferred)) return(NULL)
  by_date <- split(names(inferred), factor(inferred, unique(inferred)))
  notes <- vapply(names(by_date), function(date) {
    columns <- by_date[[date]]
    one <- length(columns) == 1L
    paste0(
      enumerate(tick(columns), max = 5L), if (one) " is" else " are",
      " TRUE, yes or recorded only in patients with a date in ", tick(date),
      ". lms_cohort() treats ", if (one) "it" else "them", " as known from that date. If ",
      tick(columns[1L]), " was known at diagnosis, set `known_from = c(", columns[1L],
      " = \"diagnosis\")`. For all covariates, set `known_from = NULL`."
    )
  }, "")
  stats::setNames(notes, rep("dated", length(notes)))
}
