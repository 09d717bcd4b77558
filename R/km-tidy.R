#' Get survival curves as data frames
#'
#' These functions give the numbers of survival curves as data frames, for tables and further
#' programs. `tidy()` gives a row for each time of each group, and `glance()` a row for each
#' group. The columns are those that package 'broom' has for a `survfit`, and the variables that
#' make the groups. `as.data.frame()` of a summary gives survival at the chosen times.
#'
#' @param x Curves made by [lms_km()], or their [summary()][summary.lms_km].
#' @param row.names,optional Not used.
#' @param ... Not used.
#' @return Data frames, of class `tbl_df` from `tidy()` and `glance()`.
#' \describe{
#'   \item{tidy(), as.data.frame()}{`time`, `n.risk`, `n.event`, `n.censor`,
#'     `estimate` (survival), `std.error` (as `std.err` of [lms_km()]),
#'     `conf.high`, `conf.low`, `strata` (the label of the group, where there are
#'     groups), `n.enter` (with entry times), `cumhaz`, `std.chaz`, and a column
#'     for each variable.}
#'   \item{glance()}{`strata` and the variables where there are groups;
#'     `records`, `n.max` (or `n.id`), `n.start`, `events`; `rmean` and `rmean.std.error`, the
#'     mean restricted to the last follow-up of all; `median`, `conf.low`,
#'     `conf.high`; `nobs`, the rows in use of all groups; `follow.up`,
#'     `follow.up.low`, `follow.up.high`, the median follow-up and its interval.}
#'   \item{as.data.frame() of a summary}{`strata`, the variables, `time`, `n.risk`,
#'     `n.event`, `n.censor`, `surv`, `std.err`, `lower`, `upper`.}
#' }
#' @examples
#' fit <- lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' tidy(fit)
#' glance(fit)
#' as.data.frame(summary(fit, times = c(180, 365)))
#' @export
tidy.lms_km <- function(x, ...) {
  refuse_typed_dots("tidy", "x", dot_names(...))
  columns <- unclass(x)[c(
    "time", "n.risk", "n.event", "n.censor", "surv", "std.err", "upper", "lower"
  )]
  names(columns)[5:8] <- c("estimate", "std.error", "conf.high", "conf.low")
  # survfit0() of survival 3.5 adds time 0 to all columns but n.enter.
  more <- unclass(x)[c("n.enter", "cumhaz", "std.chaz")]
  groups <- km_groups(x, curve_sizes(x))
  as_tibble_class(c(
    columns[lengths(columns) > 0L], groups["strata"[length(groups) > 0L]],
    more[lengths(more) == length(x$time)], groups[-1L]
  ))
}

# The label and the variables of each group, as often as `sizes` says.
km_groups <- function(x, sizes) {
  group_columns(x, rep.int(seq_along(x$groups), sizes), c(
    "n.enter", "cumhaz", "std.chaz", "surv", "std.err", "lower", "upper", "n"
  ))
}

#' @rdname tidy.lms_km
#' @export
glance.lms_km <- function(x, ...) {
  refuse_typed_dots("glance", "x", dot_names(...))
  table <- km_table(x)$table
  if (!is.matrix(table)) table <- t(table)
  columns <- lapply(stats::setNames(nm = colnames(table)), function(name) unname(table[, name]))
  names(columns) <- sub("^se\\(rmean\\)$", "rmean.std.error", names(columns))
  names(columns) <- sub("^.*LCL$", "conf.low", sub("^.*UCL$", "conf.high", names(columns)))
  groups <- km_groups(x, rep.int(1L, length(x$groups)))
  followed <- lapply(follow_up(x), function(part) unname(part[, "50"]))
  names(followed) <- c("follow.up", "follow.up.low", "follow.up.high")[seq_along(followed)]
  as_tibble_class(c(
    groups, columns, list(nobs = rep.int(sum(x$n), length(x$groups))), followed
  ))
}

#' @rdname tidy.lms_km
#' @export
as.data.frame.lms_km <- function(x, row.names = NULL, optional = FALSE, ...) {
  as_plain_frame(tidy(x))
}

#' @rdname tidy.lms_km
#' @export
as.data.frame.summary.lms_km <- function(x, row.names = NULL, optional = FALSE, ...) {
  columns <- unclass(x)[c(
    "time", "n.risk", "n.event", "n.censor", "surv", "std.err", "lower", "upper"
  )]
  columns <- columns[lengths(columns) > 0L]
  sizes <- if (is.null(x$strata)) length(x$time) else tabulate(x$strata, length(x$groups))
  as_plain_frame(as_tibble_class(c(km_groups(x, sizes), columns)))
}
