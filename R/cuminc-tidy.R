#' Get cumulative incidences as data frames
#'
#' These functions give the numbers of cumulative incidence curves as data frames, for tables and
#' further programs. `tidy()` gives a row for each state, time and group. Its columns are those
#' that package 'broom' gives for a multi-state `survfit`, and the variables that make the
#' groups. `glance()` gives a row for each group and cause.
#'
#' @param x Curves made by [lms_cuminc()], or their [summary()][summary.lms_cuminc].
#' @param row.names,optional Not used.
#' @param ... Not used.
#' @return Data frames, of class `tbl_df` from `tidy()` and `glance()`.
#' \describe{
#'   \item{tidy(), as.data.frame()}{`time`, `n.risk`, `n.event`, `n.censor`, `estimate`,
#'     `std.error`, `conf.high`, `conf.low`, `state` (`"(s0)"` is no event). With groups, also
#'     `strata` (their labels) and a column for each variable.}
#'   \item{glance()}{`strata` and the variables (with groups), `state`; `n` and `nevent`; `time`,
#'     the last follow-up, and `estimate`, `conf.low`, `conf.high` at that time; `statistic`,
#'     `df` and `p.value` of Gray's test (with groups); `nobs`, the rows of all groups.}
#' }
#' @examples
#' fit <- lms_cuminc(Surv(time, status) ~ trt, data = survival::pbc,
#'                   event = c(transplant = 1, death = 2))
#' tidy(fit)
#' glance(fit)
#' as.data.frame(summary(fit, times = c(1000, 2000)))
#' @export
tidy.lms_cuminc <- function(x, ...) {
  refuse_typed_dots("tidy", "x", dot_names(...))
  sizes <- if (is.null(x$strata)) length(x$time) else unname(x$strata)
  incidence_rows(x, sizes)
}

incidence_rows <- function(x, sizes) {
  times <- length(x$time)
  states <- length(x$states)
  limits <- function(y) if (is.null(y)) rep(NA_real_, times * states) else as.vector(y)
  columns <- list(
    time = rep(x$time, states), n.risk = as.vector(x$n.risk), n.event = as.vector(x$n.event),
    n.censor = as.vector(x$n.censor), estimate = as.vector(x$pstate),
    std.error = as.vector(x$std.err), conf.high = limits(x$upper), conf.low = limits(x$lower),
    state = rep(x$states, each = times)
  )
  as_tibble_class(c(columns, group_columns(
    x, rep(rep.int(seq_along(sizes), sizes), states), "state"
  )))
}

#' @export
glance.lms_cuminc <- function(x, ...) {
  refuse_typed_dots("glance", "x", dot_names(...))
  ranges <- curve_ranges(x)
  causes <- length(x$states) - 1L
  group <- rep(seq_along(ranges), each = causes)
  last <- vapply(ranges, function(at) at[length(at)], 0L)[group]
  cause <- rep(seq_len(causes), length(ranges))
  at <- cbind(last, cause + 1L)
  limit <- function(y) if (is.null(y)) rep(NA_real_, length(cause)) else y[at]
  taken <- c("state", "n", "nevent", "nobs", "statistic", "df", "p.value")
  columns <- c(group_columns(x, group, taken),
    list(
      state = x$states[cause + 1L], n = x$n[group],
      nevent = as.vector(vapply(ranges, function(at) {
        colSums(x$n.event[at, -1L, drop = FALSE])
      }, double(causes))),
      time = x$time[last], estimate = x$pstate[at], conf.low = limit(x$lower),
      conf.high = limit(x$upper)
    ),
    if (!is.null(x$tests)) lapply(x$tests[c("statistic", "df", "p.value")], `[`, cause),
    list(nobs = rep.int(sum(x$n), length(cause)))
  )
  as_tibble_class(columns)
}

#' @rdname tidy.lms_cuminc
#' @export
as.data.frame.lms_cuminc <- function(x, row.names = NULL, optional = FALSE, ...) {
  structure(tidy(x), class = "data.frame")
}

#' @rdname tidy.lms_cuminc
#' @export
as.data.frame.summary.lms_cuminc <- function(x, row.names = NULL, optional = FALSE, ...) {
  sizes <- if (is.null(x$strata)) length(x$time) else tabulate(x$strata, nlevels(x$strata))
  structure(incidence_rows(x, sizes), class = "data.frame")
}
