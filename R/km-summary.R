#' Read survival at given times
#'
#' `summary()` gives survival with its 95% CI and the number at risk, at times that you choose or
#' at all event times.
#'
#' After the last follow-up of a group, survival is unknown: the result is `NA`, and the print
#' shows "not estimable". [survival::summary.survfit()] omits such a line or, with `extend =
#' TRUE`, repeats the last value. There is one exception: a curve that has fallen to 0 remains
#' there, so survival is 0 at all later times, without an interval.
#'
#' Before the first event, survival is 1 and its variance is 0. The limits `lower` and `upper`
#' are then those of [survival::summary.survfit()], 1 or `NA`, as if survival was certain. The
#' print shows the exact lower limit instead, one-sided at the level of the interval. It is
#' \eqn{\alpha^{1/n}} with \eqn{\alpha = 0.05} for 95% and n patients at risk, such as 86% for n
#' = 20. With entry times, n is the smallest number at risk up to then. The limit is in the
#' component `exact_lower`. Weighted or clustered rows have none, unless the weights are
#' frequencies.
#'
#' With few events, intervals on the scale `"log"` are too narrow where survival is high. At a
#' survival of 95% with 100 patients, 88% of these 95% CIs contain the true value. On the
#' scale `"log-log"`, 96% do. The print reports this below ten events.
#'
#' @param object,x Curves made by [lms_km()].
#' @param times The times at which survival is wanted, in the unit of the data. By default all
#'   event times are used.
#' @param censored `TRUE` to also list the times without an event, if `times` is omitted.
#' @param scale A number above 0 by which times are divided in the result.
#' @param extend `TRUE` to repeat the last value after the last follow-up.
#' @param rmean The time up to which the restricted mean of `table` is taken: `"common"`, the
#'   last follow-up of all groups; `"individual"`, that of each group; a time; or `"none"`.
#' @param ... Not used.
#' @return An object of class `c("summary.lms_km", "summary.survfit")` with the components of
#'   [survival::summary.survfit()]. `n.risk` is the number at risk just before the time; with
#'   entry times, rows with `entry < time <= exit`; where the curve starts, the number just after
#'   it. `n.event` and `n.censor` count since the previous time, the first from the start. The
#'   others are `time`, `surv`, `std.err` (of survival), `lower`, `upper`, `cumhaz`, `std.chaz`
#'   and `strata` (a factor). `table` is a matrix or vector with records, events, restricted mean
#'   and median by group. With `times`, each group has a value for each of them in ascending
#'   order. `last` is the last follow-up of each group. `exact_lower` is the exact limit before
#'   the first event, `NA` elsewhere.
#' @examples
#' fit <- lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' summary(fit, times = c(180, 365, 1000))
#' @export
summary.lms_km <- function(object, times, censored = FALSE, scale = 1, extend = FALSE,
                           rmean = getOption("survfit.rmean", "common"), ...) {
  refuse_typed_dots(
    "summary", c("times", "censored", "scale", "extend", "rmean"), dot_names(...)
  )
  check_flag(censored, "censored")
  check_flag(extend, "extend")
  check_number(scale, "scale", 0)
  out <- unclass(object)
  table <- km_table(object, rmean, scale)
  if (missing(times)) {
    picked <- pick_event_times(object, censored)
  } else {
    times <- sort(check_curve_times(times))
    picked <- pick_times(object, times, extend)
    out$times <- times / scale
  }
  out[names(picked$columns)] <- picked$columns
  if (object$logse) out$std.err <- out$std.err * out$surv
  out$std.err[is.nan(out$std.err)] <- NA
  out$strata <- if (!is.null(object$strata)) factor(
    rep.int(seq_along(object$groups), picked$sizes), seq_along(object$groups), object$groups
  )
  group <- rep.int(seq_along(object$groups), picked$sizes)
  out$exact_lower <- exact_lower(object, group, out$time, out$n.risk, out$surv)
  out$time <- out$time / scale
  out$last <- out$last / scale
  out$table <- table$table
  out$rmean.endtime <- table$end
  structure(out, class = c("summary.lms_km", "summary.survfit"))
}

at_time <- c("surv", "std.err", "lower", "upper", "cumhaz", "std.chaz")
counted <- c("n.event", "n.censor", "n.enter")

# Counts of the times that are left out go to the next one that is kept.
pick_event_times <- function(fit, censored) {
  columns <- unclass(fit)[intersect(c("time", "n.risk", counted, at_time), names(fit))]
  sizes <- curve_sizes(fit)
  if (censored) return(list(columns = columns, sizes = sizes))
  parts <- lapply(curve_ranges(fit), function(at) {
    kept <- which(fit$n.event[at] > 0)
    part <- lapply(columns, function(x) x[at[kept]])
    between <- intersect(counted[-1L], names(columns))
    part[between] <- lapply(columns[between], function(x) count_between(x[at], kept))
    part
  })
  list(columns = bind_parts(parts), sizes = vapply(parts, function(part) length(part$time), 0L))
}

pick_times <- function(fit, times, extend) {
  columns <- unclass(fit)[intersect(c(counted, at_time), names(fit))]
  parts <- lapply(curve_ranges(fit), function(at) {
    time <- fit$time[at]
    before <- findInterval(times, time)
    part <- lapply(columns, function(x) x[at[1L] - 1L + pmax(before, 1L)])
    part$surv[before == 0L] <- 1
    limits <- intersect(c("lower", "upper"), names(part))
    part[limits] <- lapply(part[limits], function(x) replace(x, before == 0L, 1))
    for (name in c("std.err", "cumhaz", "std.chaz")) part[[name]][before == 0L] <- 0
    between <- intersect(counted, names(columns))
    part[between] <- lapply(columns[between], function(x) count_between(x[at], before))
    part$time <- times
    beyond <- times > time[length(time)] & fit$surv[at[length(at)]] > 0
    if (!extend) for (name in names(part)[names(part) %in% at_time]) part[[name]][beyond] <- NA
    part
  })
  columns <- c(bind_parts(parts), list(n.risk = at_risk_at(fit, times)))
  list(columns = columns, sizes = rep.int(length(times), length(parts)))
}

# The table of survfit's print: a row for each group.
km_table <- function(fit, rmean = "common", scale = 1) {
  sizes <- curve_sizes(fit)
  ends <- cumsum(sizes)
  events <- vapply(curve_ranges(fit), function(at) sum(fit$n.event[at]), 0)
  most <- function() vapply(curve_ranges(fit), function(at) max(fit$n.risk[at]), 0)
  out <- cbind(
    records = fit$n, n.max = if (is.null(fit$n.id)) most() else fit$n.id,
    n.start = fit$n.risk[ends - sizes + 1L], events = events
  )
  if (!is.null(fit$n.id)) colnames(out)[2L] <- "n.id"
  end <- mean_end(fit, rmean)
  if (!is.null(end)) {
    area <- core_km_area(unclass(fit), sizes, fit$t0, end) / scale
    out <- cbind(out, rmean = area[, 1L], "se(rmean)" = area[, 2L])
  }
  median <- lapply(km_quartiles(fit), function(part) part[, "50"] / scale)
  out <- cbind(out, median = median$quantile)
  if (!is.null(fit$lower)) {
    limits <- cbind(median$lower, median$upper)
    colnames(limits) <- paste0(format(fit$conf_level), c("LCL", "UCL"))
    out <- cbind(out, limits)
  }
  if (is.null(fit$strata)) out <- out[1L, ] else row.names(out) <- fit$groups
  list(table = out, end = end / scale)
}

mean_end <- function(fit, rmean) {
  if (is.numeric(rmean)) {
    return(rep.int(check_number(rmean, "rmean", fit$t0), length(fit$groups)))
  }
  rmean <- check_choice(rmean, "rmean", c("none", "common", "individual"))
  switch(rmean, common = rep.int(max(fit$last), length(fit$groups)), individual = fit$last)
}
