#' Estimate restricted mean survival time
#'
#' `lms_rmst()` estimates the mean time without the event within the first `tau` units of time,
#' where tau is a time that you choose. It is for anyone who wants to compare groups in days or
#' months instead of hazard ratios. It gives the restricted mean survival time (RMST) of each
#' group, and differences and ratios between groups. It does not assume proportional hazards.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The time tau up to which the mean is taken, and the formula.
#' * The number of rows (patients) and events. Rows excluded for missing data are counted here by
#'   variable.
#' * `Event`: the status value that counts as the event. Check this line first.
#' * One line per group. `n` is the number of patients and `events up to 365` the number of
#'   events up to tau.
#' * `mean`: the restricted mean survival time with its 95% CI. In the first 365 days, men
#'   (`sex=1`) lived 241 days on average and women 297 days.
#' * `time lost`: tau less the mean, the time lost to the event before tau.
#' * `survival at 365`: the Kaplan-Meier survival at tau.
#' * `Compared with sex=1`: comparisons with the reference group. `difference` is 56 days in
#'   favor of women. `ratio` is the ratio of the means, and `ratio of time lost` the ratio of the
#'   times lost. Each has a 95% CI and a p-value.
#' * How tau was chosen, and the methods to report.
#'
#' @section Estimand:
#' The restricted mean survival time (RMST) is the area under the Kaplan-Meier curve S from 0 to
#' tau, \eqn{\int_0^\tau S(t)\,dt}{integral of S from 0 to tau}. The restricted mean time lost
#' (RMTL) is tau less the RMST. Both are in the unit of the times.
#'
#' The variance of both is Greenwood's, \eqn{\sum A(t)^2 d / (n (n - d))}{sum A(t)^2 d / (n (n -
#' d))} over the event times before tau (Royston and Parmar 2013; Uno and others 2014). Here d
#' patients of n at risk have the event, and \eqn{A(t)} is the area under the curve from t to
#' tau. An event time at which all patients at risk have the event adds nothing. Tied events
#' count together. With entry times, rows are at risk on `(entry, time]`.
#'
#' @section Contrasts:
#' Each group is compared with the reference group, which is the first one. The comparisons are
#' the difference of the RMST, the ratio of the RMST, and the ratio of the RMTL. They have normal
#' intervals and tests, for ratios on the log scale (Uno and others 2014). With more than two
#' groups, a Wald test of their equality is added.
#'
#' If no patient of a group has the event before tau, or all events happen at one time, the
#' standard error is 0. This does not mean that the mean is certain; it means that the data are
#' too few. Such a group and its comparisons have no interval and no p-value.
#'
#' @section Choice of tau:
#' By default, tau is the smallest of the groups' largest follow-up times, which depends on the
#' data. For a study, set the tau that was planned. A tau after the last follow-up of a group is
#' an error, unless its curve has reached 0, because the curve is unknown there.
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * Splitting a row `(0, t]` into `(0, s]` and `(s, t]` does not change the result.
#' * `weights` give the result of the expanded rows.
#' * Times in another unit give the same result in that unit, with the same ratios and p-values.
#'
#' @inheritParams lms_cox
#' @param formula A formula with a [survival::Surv()] on the left and the groups on the right.
#'   Use `~ 1` for one group, and `~ a + b` or [survival::strata()] for a group per combination.
#' @param tau A number above 0: the time up to which the mean is taken, in the unit of the data.
#' @param ... Not used. Any name given here is an error.
#' @param weights Whole numbers of 0 or more that give how many equal rows each row represents.
#'   Give a column of `data` (its name, bare or as a string), a vector, or an expression.
#' @param weight_type What `weights` mean: `"case"` or `"frequency"`, which give the same result
#'   here.
#' @param conf_level A number between 0 and 1 that sets the level of the confidence intervals.
#'   The default, 0.95, gives 95% CIs.
#' @param timefix `TRUE` to treat times that differ only by rounding error as tied.
#' @return An object of class `lms_rmst`, a list:
#' \describe{
#'   \item{table}{Data frame with one row per group: `group`, `n`, `events` (up to tau), `rmst`,
#'     `std.error`, `conf.low`, `conf.high`, `rmtl`, `rmtl.low`, `rmtl.high`, and `survival`,
#'     S(tau).}
#'   \item{contrasts}{Data frame with three rows for each group but the first, or `NULL`:
#'     `group`, `reference`, `measure` (`"difference"`, `"ratio"`, `"rmtl ratio"`), `estimate`,
#'     `std.error` (of ratios, on the log scale), `conf.low`, `conf.high`, `statistic`,
#'     `p.value`. Values that cannot be estimated are `NA`.}
#'   \item{test}{With more than two groups, `chisq`, `df` and `p.value` of the test that all RMST
#'     are equal.}
#'   \item{variables}{Data frame of the variables that make the groups.}
#'   \item{gaps}{Data frame of `group` (its number), `from` and `to`: the times before tau when
#'     no patient of a group was at risk, although others entered later.}
#'   \item{tau, tau_given, time_unit}{tau, whether it was given, and its unit where the times are
#'     a [difftime].}
#'   \item{n, nevent, missing, na.action, notes, event, formula, call, conf_level,
#'     weight_type}{As in [lms_cox()]; `nevent` counts all events.}
#' }
#' `tidy()` gives one row per group and measure (`rmst`, `rmtl`) and per comparison. `glance()`
#' gives one row, and `as.data.frame()` the groups with their variables.
#' @references
#' Royston P, Parmar MKB (2013). Restricted mean survival time: an alternative to
#' the hazard ratio for the design and analysis of randomized trials with a
#' time-to-event outcome. *BMC Medical Research Methodology* 13, 152.
#' \doi{10.1186/1471-2288-13-152}
#'
#' Uno H, Claggett B, Tian L, and others (2014). Moving beyond the hazard ratio in
#' quantifying the between-group difference in survival analysis. *Journal of
#' Clinical Oncology* 32, 2380-2385. \doi{10.1200/JCO.2014.55.2208}
#' @examples
#' # lung cancer: mean time lived in the first year, men (1) and women (2)
#' lms_rmst(Surv(time, status) ~ sex, data = survival::lung, event = 2, tau = 365)
#'
#' # the first 5 years of the bundled cohort, in months
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' tidy(lms_rmst(os ~ grade, data = cohort, tau = 60))
#' @export
lms_rmst <- function(formula, data = NULL, tau = NULL, ..., weights, subset, na.action,
                     conf_level = 0.95, weight_type = c("case", "frequency", "sampling"),
                     event = NULL, timefix = TRUE) {
  opened <- open_verb(
    "lms_rmst", rmst_ways_out, rmst_settings(conf_level, timefix, tau, weight_type), "curve"
  )
  risk <- opened$risk
  settings <- opened$settings
  check_rmst_weights(risk$response$weights, settings$weight_type, risk$rows)
  check_after_origin(risk)
  grouped <- group_data(risk, strata_as_groups = TRUE)
  out <- new_rmst(risk, grouped, settings)
  out$notes <- grouped$notes
  out$call <- opened$call
  say_each(out$notes)
  warn_about_gaps(out$gaps, out$table$group, unknown = "the mean")
  out
}

rmst_settings <- function(conf_level, timefix, tau, weight_type) {
  settings <- list(
    conf_level = read_conf_level(conf_level), timefix = check_flag(timefix, "timefix"), tau = tau
  )
  if (!is.null(tau) && isTRUE(check_number(tau, "tau", 0) %in% c(0, Inf))) {
    abort("tau", paste0("`tau` must be above 0 and finite, not ", format_value(tau), "."))
  }
  c(settings, weight_type = read_weight_type(weight_type))
}

check_rmst_weights <- function(weights, weight_type, rows) {
  if (weight_type == "sampling") {
    abort("weights", "`weight_type = \"sampling\"`: the variance is not defined for such weights.")
  }
  if (is.null(weights)) return(invisible())
  refuse_rows(
    "weights", which(weights != floor(weights)), weights, rows, "`weights`",
    "must be whole numbers",
    "Each weight must be a number of equal rows."
  )
}

# Entry times may be negative, ends may not: the mean counts from 0.
check_after_origin <- function(risk) {
  time <- risk$response$time
  refuse_rows(
    "time", which(time < 0), time, risk$rows, "The end of a row", "must be 0 or more",
    correct_or_subset
  )
}

new_rmst <- function(risk, grouped, settings) {
  tau <- settings$tau
  conf_level <- settings$conf_level
  groups <- grouped$groups
  response <- risk$response
  check_group_weights(groups, response$weights)
  response["strata"] <- list(group_codes(groups))
  labels <- if (is.null(groups)) "all" else levels(groups)
  ends <- follow_up_ends(response, length(labels))
  given <- !is.null(tau)
  if (!given) tau <- default_tau(ends, labels)
  core <- core_restricted_mean(response, as.double(tau), settings$timefix)
  check_tau(tau, ends, core$survival, labels)
  gaps <- risk_gaps(core$at_risk)
  gaps <- gaps[gaps$from < tau & gaps$to > 0, , drop = FALSE]
  z <- stats::qnorm((1 + conf_level) / 2)
  se <- sqrt(core$variance)
  reach <- ifelse(se > 0, z * se, NA)
  table <- data.frame(
    group = labels, n = core$rows, events = core$events, rmst = core$mean, std.error = se,
    conf.low = core$mean - reach, conf.high = core$mean + reach, rmtl = core$lost,
    rmtl.low = core$lost - reach, rmtl.high = core$lost + reach, survival = core$survival
  )
  weights <- response$weights
  unbound(structure(list(
    table = table, contrasts = rmst_contrasts(table, z), test = rmst_test(table),
    variables = grouped$variables, tau = as.double(tau), tau_given = given, time_unit = risk$unit,
    n = sum(core$rows), nevent = sum(response$status * if (is.null(weights)) 1 else weights),
    missing = risk$missing, not_applicable = risk$not_applicable, na.action = risk$na.action,
    event = risk$event, guards = risk$guards,
    formula = stats::formula(risk$terms), conf_level = conf_level, gaps = gaps,
    weight_type = if (!is.null(weights)) "frequency"
  ), class = "lms_rmst"))
}

# Largest time of each group.
follow_up_ends <- function(response, groups) {
  counted <- if (is.null(response$weights)) TRUE else response$weights > 0
  code <- if (is.null(response$strata)) rep(1L, length(response$time)) else response$strata
  ends <- tapply(response$time[counted], factor(code[counted], seq_len(groups)), max)
  as.double(ends)
}

default_tau <- function(ends, labels) {
  tau <- min(ends)
  if (tau > 0) return(tau)
  abort(
    "tau", paste0("The follow-up of ", quoted(labels[which.min(ends)]), " ends at time 0."),
    "Exclude this group with `subset`."
  )
}

check_tau <- function(tau, ends, survival, labels) {
  short <- which(ends < tau & survival > 0)
  if (!length(short)) return(invisible())
  first <- short[which.min(ends[short])]
  where <- if (length(labels) > 1L) paste0(" of ", quoted(labels[first]))
  abort(
    "tau",
    paste0("`tau` must lie within the follow-up", where, ", which ends at ",
           format_value(ends[first]), ", not at ", format_value(tau), "."),
    if (length(short) > 1L) paste0(affected(length(short), length(labels), "group"), "."),
    paste0("Set `tau = ", format_value(ends[first]), "` or less. The curve is unknown after it.")
  )
}

# Normal tests and intervals, of ratios on the log scale.
rmst_contrasts <- function(table, z) {
  if (nrow(table) < 2L) return(NULL)
  of_one <- function(i) {
    m <- table$rmst[c(1L, i)]
    l <- table$rmtl[c(1L, i)]
    v <- table$std.error[c(1L, i)]^2
    estimate <- c(m[2L] - m[1L], log(m[2L] / m[1L]), log(l[2L] / l[1L]))
    se <- sqrt(c(sum(v), sum(v / m^2), sum(v / l^2)))
    estimate[!is.finite(estimate)] <- NA
    se[is.na(estimate) | any(v == 0)] <- NA
    back <- function(x) c(x[1L], exp(x[-1L]))
    data.frame(
      group = table$group[i], reference = table$group[1L],
      measure = c("difference", "ratio", "rmtl ratio"), estimate = back(estimate),
      std.error = se, conf.low = back(estimate - z * se), conf.high = back(estimate + z * se),
      statistic = estimate / se, p.value = 2 * stats::pnorm(-abs(estimate / se))
    )
  }
  do.call(rbind, lapply(seq_len(nrow(table))[-1L], of_one))
}

# That all means are equal: squared distances from their mean by precision.
rmst_test <- function(table) {
  if (nrow(table) < 3L || any(table$std.error <= 0)) return(NULL)
  precision <- 1 / table$std.error^2
  chisq <- sum(precision * (table$rmst - stats::weighted.mean(table$rmst, precision))^2)
  df <- nrow(table) - 1
  list(chisq = chisq, df = df, p.value = stats::pchisq(chisq, df, lower.tail = FALSE))
}
