#' Estimate survival rates at given times
#'
#' `lms_rates()` gives the survival of each group at times such as 2, 5 and 10 years. It is for
#' anyone who writes "5-year survival was ...". It computes the Kaplan-Meier estimate. On request
#' it computes the crude proportion of patients known to be alive, because some papers print it.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The method and the formula. Rows excluded for missing data are counted here by variable.
#' * `Event`: the status value that counts as the event. Check this line first.
#' * A small table for each group, with one line per time. `n` is the number of patients of the
#'   group.
#' * `at risk`: the patients still under observation just before the time. With few patients at
#'   risk the rate is imprecise.
#' * `events` and `censored before`: the events up to this time, and the patients censored before
#'   it.
#' * `survival`: the estimated probability of surviving beyond this time, with its 95% CI. In men
#'   (`sex=1`), survival at 365 days is 33.6%.
#' * `lower limit` in place of an interval: no event has happened yet, so only the lower limit
#'   can be estimated.
#' * `not estimable`: the time is after the last follow-up of the group.
#' * The methods to report: the estimate, the scale of the confidence intervals, the variance,
#'   the unit of time and the session's [lms_conventions()].
#'
#' @section Two things called a survival rate:
#' `method = "km"` estimates the probability of surviving longer than t. It uses all patients.
#' Patients with a shorter follow-up are included for as long as they were followed.
#'
#' `method = "crude"` divides the patients known to be alive at t by all patients. Patients are
#' known to be alive at t if they were followed past t or were censored at t itself. A patient
#' censored before t counts as dead, so the proportion is too low if there is any such patient. A
#' warning counts them. Without censoring before t, the two methods give the same rate. The
#' interval of the crude proportion is the exact binomial one (Clopper and Pearson 1934).
#'
#' After the last follow-up of a group, its survival is unknown. The rate is then `NA` ("not
#' estimable") by both methods. There is one exception: if the last patient followed died, the
#' rate is 0 after this death.
#'
#' Before the first event, the print shows the exact lower limit. With fewer than ten events, the
#' print warns of intervals that are too narrow: see [summary.lms_km()].
#'
#' @inheritParams lms_km
#' @param times Times of 0 or more at which survival is wanted, in the unit of the data. For 2, 5
#'   and 10 years of data in months, use `c(24, 60, 120)`.
#' @param method The estimate to compute: `"km"` (Kaplan-Meier) or `"crude"`.
#' @param weights,weight_type The weights of the rows and what they mean, as in [lms_km()].
#'   `"crude"` accepts only frequencies.
#' @param x Rates made by `lms_rates()`.
#' @param digits A whole number that sets the decimals of the percentages.
#' @param row.names,optional Not used.
#' @return An object of class `lms_rates`, a list with
#' \describe{
#'   \item{rates}{A data frame with one row per group and time. With groups, it has `strata`
#'     (label of the group) and a column for each variable. Further columns are `time`, `rate`,
#'     `conf.low`, `conf.high`, `std.error` (of the rate), `n` (patients of the group), `n.risk`
#'     (at risk just before the time), `n.event` (events up to the time), `n.censor` (censored
#'     before the time), `n.alive` (known to be alive at the time) and `last` (the last follow-up
#'     of the group).}
#'   \item{method, conf_level, conf_type}{The settings of the rates.}
#'   \item{fit}{The Kaplan-Meier curves, of class `lms_km`.}
#'   \item{formula, event, time_unit, missing, na.action, conventions, call}{As in [lms_km()].}
#' }
#' `as.data.frame()` gives `rates`. `tidy()` gives the same with the column name `estimate` for
#' `rate`.
#' @references
#' Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits illustrated in the
#' case of the binomial. *Biometrika* 26, 404-413. \doi{10.1093/biomet/26.4.404}
#' @examples
#' # lung cancer: survival at half a year and one year, by sex
#' lung <- survival::lung
#' lms_rates(Surv(time, status) ~ sex, data = lung, times = c(180, 365), event = 2)
#'
#' # 5-year survival of the bundled cohort, whose times are in months
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' lms_rates(os ~ grade, data = cohort, times = 60)
#'
#' # crude proportions count censored patients as dead, with a warning
#' try(lms_rates(Surv(time, status) ~ 1, data = lung, times = 365, event = 2,
#'               method = "crude"))
#' @export
lms_rates <- function(formula, data = NULL, times, method = c("km", "crude"), ..., weights, subset,
                      na.action, cluster, id, conf_level = 0.95,
                      conf_type = c("log", "log-log", "plain", "logit", "arcsin", "none"),
                      weight_type = c("case", "frequency", "sampling"), robust = NULL,
                      event = NULL, timefix = TRUE) {
  opened <- open_verb("lms_rates", curve_ways_out, rates_settings(
    formula, method, if (!missing(times)) times, conf_level, if (!missing(conf_type)) conf_type,
    weight_type, robust, timefix
  ), "curve")
  settings <- opened$settings
  fit <- fit_km(opened$risk, settings, opened$call)
  say_each(fit$notes)
  if (settings$method == "crude") return(crude_rates(opened$risk, fit, settings$times))
  warn_about_curves(fit)
  new_rates(km_rates(fit, settings$times), "km", fit)
}

# Those of curves, and `method` and `times`.
rates_settings <- function(formula, method, times, conf_level, conf_type, weight_type, robust,
                           timefix) {
  if (inherits(formula, "survfit")) {
    abort("formula", "`formula` must be a formula, not curves.",
          "For fitted curves, use `summary(fit, times = c(24, 60))`.")
  }
  own <- list(
    method = check_option(method, "method", c("km", "crude")), times = check_rate_times(times)
  )
  c(own, km_settings(conf_level, conf_type, "kaplan-meier", weight_type, robust, timefix))
}

check_rate_times <- function(times) {
  way_out <- "Set the times in the unit of the data, such as `times = c(24, 60, 120)`."
  if (is.null(times)) abort("argument", "`times` is missing.", way_out)
  times <- check_curve_times(times)
  if (any(times < 0)) {
    abort("argument", paste0("`times` must be 0 or more, not ", format_value(min(times)), "."),
          way_out)
  }
  sort(unique(times))
}

new_rates <- function(rates, method, fit) {
  kept <- c(
    "conf_level", "formula", "event", "time_unit", "missing", "not_applicable", "na.action",
    "conventions", "call", "guards"
  )
  kept <- unclass(fit)[intersect(kept, names(fit))]
  kept$conf_type <- if (method == "km") fit$conf.type else "exact"
  structure(
    c(list(rates = rates, method = method), kept, list(fit = fit)),
    class = "lms_rates"
  )
}

# Sums by group and time of the counts that the summary gives between times.
km_rates <- function(fit, times) {
  at <- summary(fit, times = times)
  counts <- counts_until(fit, times)
  limit <- function(x) if (is.null(x)) rep(NA_real_, length(at$surv)) else x
  rate_frame(fit, times, list(
    rate = at$surv, conf.low = limit(at$lower), conf.high = limit(at$upper),
    std.error = at$std.err
  ), counts)
}

# By group and time, from the curve: at risk just before the time, events up to it, censored before
# it, and known to be alive.
counts_until <- function(fit, times) {
  parts <- lapply(curve_ranges(fit), function(at) {
    time <- fit$time[at]
    upto <- function(x, done) c(0, cumsum(x))[1L + done]
    events <- upto(fit$n.event[at], findInterval(times, time))
    before <- findInterval(times - time_rounding(time), time, left.open = TRUE)
    censored <- upto(fit$n.censor[at], before)
    list(
      n.event = events, n.censor = censored,
      n.alive = sum(fit$n.event[at], fit$n.censor[at]) - events - censored
    )
  })
  c(list(n.risk = at_risk_at(fit, times)), bind_parts(parts))
}

rate_frame <- function(fit, times, estimates, counts) {
  sizes <- rep.int(length(times), length(fit$groups))
  as_plain_frame(as_tibble_class(c(
    km_groups(fit, sizes), list(time = rep(times, length(fit$groups))), estimates,
    list(n = rep(fit$n, sizes)), counts, list(last = rep(fit$last, sizes))
  )))
}

crude_rates <- function(risk, fit, times) {
  response <- risk$response
  if (!is.null(response$entry)) {
    abort(
      "argument", "`method = \"crude\"` has no meaning with entry times.",
      "Set `method = \"km\"`: patients who entered late were not followed from time zero."
    )
  }
  if (!is.null(fit$weight_type) && fit$weight_type != "frequency") {
    abort("argument", "`method = \"crude\"` counts patients: `weights` must be frequencies.",
          "Set `weight_type = \"frequency\"` if that is their type, or set `method = \"km\"`.")
  }
  counts <- counts_until(fit, times)
  n <- rep(fit$n, each = length(times))
  known <- !is.na(summary(fit, times = times, rmean = "none")$surv)
  limits <- exact_limits(counts$n.alive, n, fit$conf_level)
  rate <- counts$n.alive / n
  estimates <- list(
    rate = rate, conf.low = limits$lower, conf.high = limits$upper,
    std.error = sqrt(rate * (1 - rate) / n)
  )
  estimates <- lapply(estimates, function(x) replace(x, !known, NA))
  warn_about_crude(fit, times)
  new_rates(rate_frame(fit, times, estimates, counts), "crude", fit)
}

# Clopper and Pearson (1934), by the quantiles of the beta distribution.
exact_limits <- function(x, n, level) {
  tail <- (1 - level) / 2
  list(
    lower = ifelse(x == 0, 0, stats::qbeta(tail, x, n - x + 1)),
    upper = ifelse(x == n, 1, stats::qbeta(1 - tail, x + 1, n - x))
  )
}

warn_about_crude <- function(fit, times) {
  times <- times[times <= max(fit$last)]
  counts <- counts_until(fit, times)
  censored <- as.vector(rowsum(counts$n.censor, rep(times, length(fit$groups))))
  if (!any(censored > 0)) return(invisible())
  warn(
    "crude",
    paste0(
      "The crude rates count patients censored before the time as dead: ",
      enumerate(paste(format_count_each(censored), "by", format(times, trim = TRUE))), "."
    ),
    "Crude rates are too low as survival rates. Set `method = \"km\"`.",
    fields = list(times = times, censored = censored)
  )
}

#' @rdname lms_rates
#' @export
print.lms_rates <- function(x, digits = 1L, ...) {
  check_number(digits, "digits", 0, whole = TRUE)
  what <- if (x$method == "km") {
    "Survival rates (Kaplan-Meier)"
  } else {
    "Crude proportions known to be alive"
  }
  print_lines(paste0(what, ": ", deparse1(x$formula)))
  if (!is.null(x$event)) print_lines(paste0("Event: ", x$event, "."))
  groups <- rate_groups(x)
  exact <- exact_rates(x)
  for (group in unique(groups)) {
    rows <- x$rates[groups == group, ]
    cat("\n")
    if (nzchar(group)) print_lines(group)
    print_columns(rate_table(rows, x, digits, exact[groups == group]))
    print_beyond(rows$time, rows$rate, rows$last[1L])
  }
  cat("\n")
  print_lines(c(guard_line(x$guards), rate_rules(x)))
  invisible(x)
}

rate_groups <- function(x) if (is.null(x$rates$strata)) rep("", nrow(x$rates)) else x$rates$strata

# The exact lower limits of rates without an event before, a value for each row of them.
exact_rates <- function(x) {
  rates <- x$rates
  if (x$method == "crude") return(rep(NA_real_, nrow(rates)))
  group <- match(rate_groups(x), x$fit$groups)
  exact_lower(x$fit, group, rates$time, rates$n.risk, rates$rate)
}

rate_table <- function(rows, x, digits, exact = rep(NA_real_, nrow(rows))) {
  crude <- x$method == "crude"
  head <- c("time", "n", if (crude) "alive" else c("at risk", "events"), "censored before")
  table <- cbind(
    format(rows$time, trim = TRUE), format_count(rows$n),
    if (crude) format_count(rows$n.alive) else cbind(
      format_count(rows$n.risk), format_count(rows$n.event)
    ),
    format_count(rows$n.censor), rate_cells(rows$rate, digits),
    if (x$conf_type != "none") survival_range(rows$conf.low, rows$conf.high, exact, digits)
  )
  head <- c(
    head, if (crude) "alive %" else "survival",
    if (x$conf_type != "none") interval_name(x$conf_level)
  )
  cells <- unname(rbind(head, table))
  cells[, 1L] <- formatC(cells[, 1L], width = max(nchar(cells[, 1L])))
  cells
}

rate_cells <- function(rate, digits) {
  ifelse(is.na(rate), "not estimable", format_percent(rate, digits))
}

rate_rules <- function(x) {
  if (x$method == "crude") {
    text <- paste0(
      "Alive: known to be alive at the time, of all n patients. Patients censored before count ",
      "as dead. ", format(100 * x$conf_level), "% CI: exact (Clopper-Pearson)."
    )
  } else {
    narrow <- any(narrow_limits(x$fit, x$rates$rate, x$rates$n.event))
    text <- c(gap_line(risk_gaps(x$fit$at_risk), x$fit$groups), limit_lines(
      x$conf_level, x$conf_type, exact_rates(x), narrow
    ), paste0(
      "At risk: just before the time. Events: up to the time. ", curve_rules(x$fit, FALSE)
    ))
  }
  out <- left_out_parts(length(x$na.action), x$missing, x$not_applicable)
  c(text, paste0(capital(out), ".", recycle0 = TRUE))
}

#' @rdname lms_rates
#' @export
as.data.frame.lms_rates <- function(x, row.names = NULL, optional = FALSE, ...) x$rates

#' @rdname lms_rates
#' @export
tidy.lms_rates <- function(x, ...) {
  refuse_typed_dots("tidy", "x", dot_names(...))
  columns <- as.list(x$rates)
  names(columns)[names(columns) == "rate"] <- "estimate"
  as_tibble_class(columns)
}
