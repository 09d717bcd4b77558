#' Estimate Kaplan-Meier survival curves
#'
#' `lms_km()` estimates, for each group of patients, the probability of survival over time. It is
#' for anyone who reports a median survival with its 95% CI and the median follow-up. The data
#' are right-censored or have delayed entry, `(entry, exit]`. It gives the numbers of
#' [survival::survfit()]. The result has the class `c("lms_km", "survfit")`, so functions for
#' `survfit` objects accept it.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The formula, the number of rows (patients) used and the number of events. Rows excluded for
#'   missing data are counted here by variable.
#' * `Event`: the status value that counts as the event. Check this line first.
#' * One line per group. `n` is the number of patients and `events` the number of events.
#' * `median`: the time by which half of the patients are expected to have had the event, with
#'   its 95% CI. Here it is 270 days for men (`sex=1`) and 426 days for women. `NR` means not
#'   reached: the curve, or its confidence limit, stays above 50%.
#' * `IQR` (interquartile range): the times at which survival is 0.75 and 0.25.
#' * `Follow-up (reverse Kaplan-Meier)`: the median follow-up of each group with its 95% CI, and
#'   its `last` follow-up time. Report this median with the curves.
#' * The methods to report: the estimate, the scale of the confidence intervals, the variance,
#'   and how quantiles are read. If the curve is exactly 50% for a while, the median is the
#'   middle of this flat part, or its start. This line says which.
#' * The unit of time, where it is known, and the session's [lms_conventions()].
#'
#' Use [summary.lms_km()] or [lms_rates()] for survival at given times, and [lms_logrank()] to
#' compare groups.
#'
#' @section Estimates:
#' For each distinct time \eqn{t} of a group with m rows, n is the number (or weight) at risk and
#' d that of the deaths. Rows with `entry < t <= exit` are at risk. A row censored at t is still
#' at risk at t.
#'
#' | `type` | survival | cumulative hazard H |
#' |---|---|---|
#' | `"kaplan-meier"` | product of `1 - d/n` | Nelson-Aalen, sum of `d/n` |
#' | `"nelson-aalen"` | `exp(-H)` | Nelson-Aalen, sum of `d/n` |
#' | `"fh2"` | `exp(-H)` | Fleming-Harrington: tied deaths are taken one after the other |
#'
#' `"fleming-harrington"` is the name that [survival::survfit()] gives to `"nelson-aalen"`, and
#' is accepted for it.
#'
#' @section Variance:
#' The variance of log survival is Greenwood's, the sum of `d / (n (n - d))`. The variance of H
#' is the sum of `d / n^2` (of the single terms, squared, for `"fh2"`). With `weight_type =
#' "frequency"` these are the numbers of the expanded rows. With `robust`, `cluster`, fractional
#' case weights or sampling weights, the variance is the infinitesimal jackknife. That is the sum
#' over clusters (or rows) of the squared derivative of the estimate with respect to the
#' cluster's weight.
#'
#' @section Confidence intervals:
#' Intervals are pointwise, symmetric on the scale `conf_type`, and within 0 and 1. There is no
#' interval where survival is 0. On the scales `"log-log"`, `"logit"` and `"arcsin"` there is
#' none where survival is 1. There, prints of survival at given times have an exact lower limit:
#' see [summary.lms_km()]. With few events, intervals on the scales `"log"` and `"plain"` are too
#' narrow where survival is high. Intervals on the scale `"log-log"` contain the true value about
#' as often as their level states (`bench/results/coverage.md`).
#'
#' @section Median follow-up:
#' The median follow-up is the median of the reverse Kaplan-Meier curve (Schemper and Smith
#' 1996). For this curve, censored rows count as events and deaths count as censored.
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * `weight_type = "frequency"` gives the curve of the expanded rows.
#' * Rows of weight 0 do not change the estimates.
#' * Splitting a row `(0, t]` into `(0, s]` and `(s, t]` changes no estimate. With `id` it also
#'   changes no number of censored rows.
#' * Times in another unit give the same survival at the same points.
#' * The result is the same with one or several threads.
#'
#' @inheritParams lms_cox
#' @param formula A formula with a [survival::Surv()] on the left and the groups on the right,
#'   such as `Surv(time, status) ~ sex`; `~ 1` makes one group. With several variables, with or
#'   without [survival::strata()], each combination of their values that has rows is a group. A
#'   variable with more than 20 different numbers is an error: cut it into groups first.
#' @param ... Not used. Any name given here is an error, because arguments are never matched
#'   partially.
#' @param weights Numbers of 0 or more, one per row, that weight the rows. Give a column of
#'   `data` (its name, bare or as a string), a vector, or an expression. Names are looked up in
#'   `data`, then where the function is called, then where the formula was made.
#' @param na.action A function that handles rows with missing values, or its name:
#'   [stats::na.omit()] or [stats::na.fail()]. The default is `getOption("na.action")`.
#' @param cluster The variable that groups rows into clusters for the robust variance. It is
#'   looked up in the same way as `weights` and does the same as a `cluster()` term.
#' @param id The variable that identifies patients where a patient has several rows. It is looked
#'   up in the same way as `weights`. A row that starts where another row of the same patient and
#'   group ends continues it: the first row is not censored there. Rows of one patient that
#'   overlap, or that follow the event, are an error: see [lms_cox()].
#' @param conf_level A number between 0 and 1 that sets the level of the confidence intervals.
#'   The default, 0.95, gives 95% CIs.
#' @param conf_type The scale on which the confidence intervals are computed: `"log"`,
#'   `"log-log"`, `"plain"`, `"logit"`, `"arcsin"` or `"none"`. The default is set by
#'   [lms_conventions()]; it is `"log"` in a new session.
#' @param type The estimate to compute: `"kaplan-meier"`, `"nelson-aalen"` or `"fh2"` (see
#'   below).
#' @param robust `TRUE` to use the infinitesimal jackknife (robust) variance, `FALSE` to use
#'   Greenwood's. By default it is used with clusters and with fractional weights, as in
#'   [survival::survfit()].
#' @param weight_type What `weights` mean: `"case"` (as in [survival::survfit()]), `"frequency"`
#'   (whole numbers: how many equal rows each row represents) or `"sampling"` (inverse
#'   probabilities, with a robust variance).
#' @param timefix `TRUE` to treat times closer than `sqrt(.Machine$double.eps)`, absolutely or
#'   relative to their mean, as tied. This is what [survival::aeqSurv()] does. `FALSE` uses the
#'   times unchanged.
#' @return An object of class `c("lms_km", "survfit")`, a list. By group, one after the other,
#'   with an element for each distinct time:
#' \describe{
#'   \item{time}{Times at which a row ends, ascending within a group.}
#'   \item{n.risk, n.event, n.censor, n.enter}{Weight at risk, of the events, of the censored
#'     rows, and (with entry times) of the rows that entered since the previous time.}
#'   \item{surv}{Survival just after the time.}
#'   \item{std.err}{Standard error of log survival where `logse` is `TRUE`, and of survival
#'     itself (robust variance) where it is `FALSE`.}
#'   \item{cumhaz, std.chaz}{Cumulative hazard and its standard error.}
#'   \item{lower, upper}{Confidence limits of survival.}
#' }
#' and for the whole
#' \describe{
#'   \item{n}{Rows in use by group; patients with frequency weights.}
#'   \item{strata}{Number of times of each group, by label; absent for one group.}
#'   \item{type, logse, conf.int, conf.type, t0, call, na.action}{As in
#'     [survival::survfit.object].}
#'   \item{groups, variables}{Labels of the groups; a data frame with a row for each group and a
#'     column for each variable.}
#'   \item{last}{The last follow-up time of each group.}
#'   \item{n.id, patients}{Where `id` was given, the number of patients in each group and in all
#'     groups.}
#'   \item{estimate, conf_level, flat, conventions}{The `type` of the estimate, the level, the
#'     rule for a quantile where the curve runs exactly at it (a flat step), and the session's
#'     conventions.}
#'   \item{robust, weight_type, clusters}{Whether the variance is robust, the kind of weights and
#'     the number of clusters.}
#'   \item{terms, formula, event, time_unit}{The formula; the event; the unit of a `difftime`.}
#'   \item{labels}{The attribute `"label"` of the variables and, as `"(time)"`, of the time,
#'     where the data have it.}
#'   \item{at_risk}{With entry times, a list: `group`, its number; `time`; `n.risk`, the weight
#'     at risk from just after this time to the next.}
#'   \item{logrank}{With a robust variance and several groups, their log-rank test, which the
#'     figure shows.}
#'   \item{missing, n_data, notes}{Rows with a missing value, by variable; rows of the data after
#'     `subset`; the messages given.}
#'   \item{follow_up}{Quartiles of follow-up, a list of the matrices `quantile`, `lower` and
#'     `upper` with a row for each group. They are computed when `$` or `[[` asks for them,
#'     unless the variance is robust.}
#' }
#' @references
#' Kaplan EL, Meier P (1958). Nonparametric estimation from incomplete
#' observations. *Journal of the American Statistical Association* 53, 457-481.
#' \doi{10.1080/01621459.1958.10501452}
#'
#' Aalen O (1978). Nonparametric inference for a family of counting processes.
#' *Annals of Statistics* 6, 701-726. \doi{10.1214/aos/1176344247}
#'
#' Fleming TR, Harrington DP (1984). Nonparametric estimation of the survival
#' distribution in censored data. *Communications in Statistics - Theory and
#' Methods* 13, 2469-2486. \doi{10.1080/03610928408828837}
#'
#' Efron B (1981). Nonparametric estimates of standard error: the jackknife, the
#' bootstrap and other methods. *Biometrika* 68, 589-599.
#' \doi{10.1093/biomet/68.3.589}
#'
#' Schemper M, Smith TL (1996). A note on quantifying follow-up in studies of
#' failure time. *Controlled Clinical Trials* 17, 343-346.
#' \doi{10.1016/0197-2456(96)00075-X}
#' @seealso [summary.lms_km()] for survival at given times, [quantile.lms_km()],
#'   [tidy.lms_km()], [lms_rates()].
#' @examples
#' # lung cancer: survival of men (1) and women (2), in days
#' fit <- lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' fit
#' summary(fit, times = c(180, 365))
#' quantile(fit)
#'
#' # delayed entry: waiting list and time after a heart transplant
#' lms_km(Surv(start, stop, event) ~ transplant, data = survival::heart, id = id)
#' @export
lms_km <- function(formula, data = NULL, ..., weights, subset, na.action, cluster, id,
                   conf_level = 0.95,
                   conf_type = c("log", "log-log", "plain", "logit", "arcsin", "none"),
                   type = c("kaplan-meier", "nelson-aalen", "fh2"),
                   weight_type = c("case", "frequency", "sampling"), robust = NULL, event = NULL,
                   timefix = TRUE) {
  opened <- open_verb("lms_km", curve_ways_out, km_settings(
    conf_level, if (!missing(conf_type)) conf_type, type, weight_type, robust, timefix
  ), "curve")
  fit <- fit_km(opened$risk, opened$settings, opened$call)
  say_each(fit$notes)
  warn_about_curves(fit)
  fit
}

# Every argument that is not data, checked.
km_settings <- function(conf_level, conf_type, type, weight_type, robust, timefix) {
  style <- conventions()
  list(
    conf_level = read_conf_level(conf_level),
    conf_type = read_conf_type(conf_type),
    type = read_curve_type(type),
    weight_type = read_weight_type(weight_type),
    robust = read_robust(robust),
    timefix = check_flag(timefix, "timefix"),
    conventions = style$style,
    flat = flat_rules[[style$quantile]]
  )
}

flat_rules <- list(midpoint = "midpoint", "first time at or below" = "first")

read_curve_type <- function(type) {
  if (identical(tolower(type), "fleming-harrington")) return("nelson-aalen")
  check_option(type, "type", c("kaplan-meier", "nelson-aalen", "fh2"))
}

# The curves of checked data. settings: of km_settings().
fit_km <- function(risk, settings, call) {
  groups <- group_data(risk, strata_as_groups = TRUE)
  check_group_weights(groups$groups, risk$response$weights)
  plan <- robust_plan(settings$robust, risk, settings$weight_type)
  response <- risk$response
  response["strata"] <- list(groups$groups)
  core <- run_km(response, plan, cluster_codes(risk$id), settings, risk$rows)
  fit <- survfit_parts(core, groups, response, plan, settings)
  fit <- c(fit, curve_calls(call, risk$coding, settings$type))
  fit$na.action <- risk$na.action
  fit$groups <- if (is.null(groups$groups)) "" else levels(groups$groups)
  fit$variables <- groups$variables
  fit$last <- core$time[cumsum(core$size)]
  fit$n.id <- patients_by_group(risk$id, groups$groups)
  fit$patients <- count_distinct(risk$id)
  fit$estimate <- settings$type
  fit[c("conf_level", "flat", "conventions")] <- settings[c("conf_level", "flat", "conventions")]
  fit$robust <- plan$robust
  if (!is.null(response$weights)) fit$weight_type <- settings$weight_type
  fit$clusters <- plan$clusters
  fit$terms <- risk$terms
  fit$formula <- stats::formula(risk$terms)
  fit$event <- risk$event
  fit$time_unit <- risk$unit
  fit$labels <- risk$labels
  fit$missing <- risk$missing
  fit$not_applicable <- risk$not_applicable
  fit$n_data <- risk$n_data
  fit$guards <- risk$guards
  fit$notes <- c(groups$notes, merged_note(core$merged))
  fit <- structure(fit, class = c("lms_km", "survfit"))
  fit$at_risk <- core$at_risk
  if (plan$robust) {
    fit$follow_up <- robust_follow_up(fit, response, plan, risk$id, settings)
    fit$logrank <- robust_logrank(risk, plan, settings)
  }
  unbound(fit)
}

run_km <- function(response, plan, id, settings, rows = NULL, reverse = FALSE) {
  options <- list(
    type = if (reverse) "kaplan-meier" else settings$type,
    frequency = settings$weight_type == "frequency", reverse = reverse, robust = plan$robust,
    conf_type = settings$conf_type, z = stats::qnorm((1 + settings$conf_level) / 2),
    timefix = settings$timefix, threads = default_threads()
  )
  # Only a patient's rows that follow each other are told apart by id.
  if (is.null(response$entry)) id <- NULL
  tryCatch(
    core_km(response, plan$codes, id, options),
    "C++Error" = function(e) abort_core(conditionMessage(e), response, rows)
  )
}

# With delayed entry the few that are at risk early on may all die, and the
# product is 0 from then on, whoever comes later.
warn_about_curves <- function(fit) {
  if (fit$type != "counting") return(invisible())
  fallen <- vapply(curve_ranges(fit), function(at) {
    zero <- which(fit$surv[at] <= 0)
    if (length(zero) && any(fit$n.risk[at[-seq_len(zero[1L])]] > 0)) fit$time[at[zero[1L]]] else NA
  }, 0)
  warn_about_gaps(risk_gaps(fit$at_risk), fit$groups, fallen)
}

# Its variance needs the rows, so it is made while they are at hand.
robust_follow_up <- function(fit, response, plan, id, settings) {
  follow_up_quartiles(
    fit, run_km(response, plan, cluster_codes(id), settings, reverse = TRUE)
  )
}
