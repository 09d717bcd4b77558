#' Restricted mean survival time
#'
#' `lms_rmst()` estimates the mean time that is lived event-free within the first
#' `tau` units of time, per group, and compares the groups by differences and
#' ratios. It needs no proportional hazards.
#'
#' @section Estimand:
#' The restricted mean survival time (RMST) is the area under the Kaplan-Meier
#' curve S from 0 to tau, \eqn{\int_0^\tau S(t)\,dt}{integral of S from 0 to
#' tau}; the restricted mean time lost (RMTL) is tau less it. Both are in the
#' unit of the times. With d deaths among n at risk at an event and the area
#' \eqn{A(t)} under the curve from t to tau, the variance of both is Greenwood's,
#' \eqn{\sum A(t)^2 d / (n (n - d))}{sum A(t)^2 d / (n (n - d))} over the events
#' before tau (Royston and Parmar 2013; Uno and others 2014), where an event at
#' which all die adds nothing. Tied events count together. With entry times,
#' rows are at risk on `(entry, time]`.
#'
#' @section Contrasts:
#' Against the reference, the first group: the difference of the RMST, the ratio
#' of the RMST, and the ratio of the RMTL, with normal intervals and tests, those
#' of the ratios on the log scale (Uno and others 2014). With more than two groups
#' a Wald test of their equality is added. A group in which nobody dies before tau,
#' or all die at one time, has a standard error of 0: that is too little to tell how
#' sure its mean is, not certainty. It and its contrasts then have no interval and
#' no p-value.
#'
#' @section Choice of tau:
#' By default tau is the smallest of the groups' largest follow-up times, which
#' depends on the data; for a study give the one that was planned. A tau beyond
#' the follow-up of a group is refused, unless its curve has come down to 0:
#' nothing is known about the curve there.
#'
#' @section What can be relied on:
#' * The order of the rows changes nothing.
#' * Splitting a row `(0, t]` in `(0, s]` and `(s, t]` changes nothing.
#' * `weights` give the result of the expanded rows.
#' * Times in another unit give the same in that unit, ratios and p-values
#'   unchanged.
#'
#' @inheritParams lms_cox
#' @param formula A formula with a [survival::Surv()] on the left and the groups
#'   on the right: `~ 1` for one group, `~ a + b` and [survival::strata()] for a
#'   group per combination.
#' @param tau A number above 0, the time up to which the mean is taken.
#' @param ... Not used; anything here is refused by name.
#' @param weights Whole numbers of 0 or more, one per row, for how many equal rows
#'   it stands: a column of `data` (its name, bare or as a string), a vector, or an
#'   expression.
#' @param weight_type `"case"` or `"frequency"`, the same here.
#' @param conf_level A number between 0 and 1: the level of the intervals, 0.95 by
#'   default.
#' @param timefix `TRUE` to count times within rounding error of each other as
#'   tied.
#' @return An object of class `lms_rmst`, a list:
#' \describe{
#'   \item{table}{data frame, one row per group: `group`, `n`, `events` (up to
#'     tau), `rmst`, `std.error`, `conf.low`, `conf.high`, `rmtl`, `rmtl.low`,
#'     `rmtl.high`, and `survival`, S(tau).}
#'   \item{contrasts}{data frame, three rows per group but the first, or `NULL`:
#'     `group`, `reference`, `measure` (`"difference"`, `"ratio"`, `"rmtl ratio"`),
#'     `estimate`, `std.error` (of the ratios, on the log scale), `conf.low`,
#'     `conf.high`, `statistic`, `p.value`; `NA` where there is none.}
#'   \item{test}{with more than two groups `chisq`, `df` and `p.value` of the test
#'     that all RMST are equal.}
#'   \item{variables}{data frame of the variables that make the groups.}
#'   \item{gaps}{data frame of `group` (its number), `from` and `to`: when up to tau nobody
#'     of a group was at risk although others entered later.}
#'   \item{tau, tau_given, time_unit}{tau, whether it was given, and its unit where
#'     the times are a [difftime].}
#'   \item{n, nevent, missing, na.action, notes, event, formula, call, conf_level,
#'     weight_type}{as in [lms_cox()]; `nevent` counts all events.}
#' }
#' `tidy()` gives one row per group and measure (`rmst`, `rmtl`) and per contrast;
#' `glance()` one row; `as.data.frame()` the groups with their variables.
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
#' lms_rmst(Surv(time, status) ~ sex, data = survival::lung, event = 2, tau = 365)
#' tidy(lms_rmst(Surv(time, status) ~ 1, data = survival::veteran))
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
