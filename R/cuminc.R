#' Estimate cumulative incidence with competing risks
#'
#' `lms_cuminc()` estimates the probability that an event, such as relapse, has happened by time
#' t when another event, such as death, can happen first. It is for anyone whose patients can
#' have one of several events. It gives the probability for each group and each cause, and
#' compares the groups by Gray's test. Other events are not censored. One minus a Kaplan-Meier
#' curve that censors them is too high, because it describes patients who could not have the
#' other events.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The formula.
#' * The number of rows (patients), with the patients with each event and the patients without
#'   any event. Rows excluded for missing data are counted here by variable.
#' * `Event`: the values that count as causes and the value that is censored. Check this line
#'   first.
#' * A block for each cause. Gray's test stands beside its name, if there are groups. A small
#'   p-value suggests that the incidence of this cause differs between groups. A large p-value
#'   does not prove that it is the same.
#' * One line per group. `n` is the number of patients and `events` the number of events of this
#'   cause.
#' * `at 100` and so on: the cumulative incidence at this time, with its 95% CI. In women
#'   (`sex=F`), the incidence of malignancy is 6.2% at 100 months. Set `times` in print() to
#'   choose the times.
#' * `NE` (not estimable): the time is after the last follow-up of the group.
#' * The methods to report: the estimate, the variance, the scale of the confidence intervals,
#'   the unit of time and the session's [lms_conventions()].
#'
#' @section Estimates:
#' At each distinct time t of a group, let n be the number (or weight) at risk. Let \eqn{d_k} be
#' the number of events of cause k, and d that of all events. Rows with `entry < t <= exit` are
#' at risk. The probability of no event is \eqn{S(t) = \prod (1 - d/n)}{S(t) = prod(1 - d/n)}.
#' The cumulative incidence is \eqn{F_k(t) = \sum S(u-) d_k / n}{F_k(t) = sum S(u-) d_k/n} over
#' the event times u up to t (Aalen and Johansen 1978). Always \eqn{S + \sum F_k = 1}{S + sum F_k
#' = 1}. A row censored at t is still at risk at t. With one cause, F is one minus the
#' Kaplan-Meier curve. `strata()` terms also make groups, as in [survival::survfit()].
#'
#' @section Variance:
#' The default is set by [lms_conventions()]; it is `"jackknife"` in a new session. `variance =
#' "jackknife"` is the infinitesimal jackknife, as in [survival::survfit()]. It is the sum over
#' rows of the squared derivative of the estimate with respect to the weight. With `id` the sum
#' is over patients, and with `cluster` over clusters. With frequencies, each row represents that
#' many equal rows. `variance = "aalen"` is the variance of Aalen (1978), as in
#' [cmprsk::cuminc()]. It accepts neither clusters nor weights other than frequencies. `std.err`
#' is the square root of the variance, on the scale of the probability.
#'
#' @section Confidence intervals:
#' Intervals are pointwise, symmetric for the probability itself on the scale `conf_type`, and
#' within 0 and 1. There is no interval where an incidence is 0 (except for `"plain"`).
#'
#' @section Gray's test:
#' For each cause, the groups of the formula are compared by the test of Gray (1988) with weight
#' \eqn{(1 - F)^\rho}{(1 - F)^rho}. The degrees of freedom are the number of groups less one.
#' `strata()` terms make the test stratified. Ties are treated as in [cmprsk::cuminc()], which
#' uses the times unchanged (`timefix = FALSE`). The test is not available for data with entry
#' times, clusters, or weights other than frequencies. The result is then `NA`, and the print
#' gives the reason.
#'
#' @section Which values are causes:
#' There are two ways to define the causes:
#' * The status is a factor whose first level is censoring, as for [survival::survfit()]. This
#'   level must be recognized by its words, such as `"censored"`, `"alive"` or `"0"`. If there
#'   are two levels, the second must be recognized as an event: see [lms_cox()].
#' * Set `event` to the values that are causes, such as `event = c(relapse = 1, death = 2)`. All
#'   other values are censored.
#'
#' Other codings are an error that shows the values and their counts. A `Surv()` object made with
#' a factor is used unchanged. Each patient has one event at most: rows of a patient (`id`) after
#' an event are an error.
#'
#' @inheritParams lms_cox
#' @param formula A formula with a [survival::Surv()] on the left, whose status is a factor or is
#'   explained by `event`. On the right are `1` or the variables that make the groups, with or
#'   without [survival::strata()].
#' @param ... Not used. Any name given here is an error.
#' @param weights Numbers of 0 or more, one per row, that weight the rows. Give a column of
#'   `data` (its name, bare or as a string), a vector, or an expression.
#' @param cluster The variable that groups rows into clusters for the variance. It is looked up
#'   in the same way as `weights` and does the same as a `cluster()` term.
#' @param id The variable that identifies patients. It is looked up in the same way as `weights`.
#'   Set it if a patient has several rows, because the variance needs it. Rows of one patient
#'   that overlap, or that follow the event, are an error: see [lms_cox()].
#' @param conf_level A number between 0 and 1 that sets the level of the confidence intervals.
#'   The default, 0.95, gives 95% CIs.
#' @param conf_type The scale on which the confidence intervals are computed: `"log"`,
#'   `"log-log"`, `"plain"`, `"logit"`, `"arcsin"` or `"none"`. The default is set by
#'   [lms_conventions()]; it is `"log"` in a new session.
#' @param weight_type What `weights` mean: `"case"`, `"frequency"` (whole numbers: how many equal
#'   rows each row represents) or `"sampling"` (inverse probabilities).
#' @param event The values of the status that are causes. Their names become the labels of the
#'   causes, and values with the same name are one cause. All other values are censored.
#' @param timefix `TRUE` to treat times that differ only by rounding error as tied.
#' @param variance The variance to compute: `"jackknife"` or `"aalen"` (see above).
#' @param rho A number that sets the exponent of the weight in Gray's test. 0 gives all times the
#'   same weight.
#' @return An object of class `c("lms_cuminc", "survfitms", "survfit")`, a list described here
#'   for T times in all groups, G groups and K causes:
#' \describe{
#'   \item{n, time}{Rows (patients, with frequencies) of each group; distinct exit times, group
#'     by group.}
#'   \item{n.risk, n.event, n.censor}{T x (K + 1) weights at risk, having an event and censored,
#'     in columns like `states`. In the column of a cause, at risk and censored are 0.}
#'   \item{pstate, std.err, lower, upper}{T x (K + 1): S and each F, their standard errors and
#'     confidence limits.}
#'   \item{cumhaz}{Cumulative cause-specific hazards, a column for each cause with an event.}
#'   \item{n.id, patients}{Where `id` was given, the number of patients in each group and in all
#'     groups.}
#'   \item{states, p0, sp0, transitions, type, logse, conf.type, conf.int, strata, t0, call,
#'     na.action}{As in [survival::survfit.object]; the first state is `"(s0)"`, no event.}
#'   \item{tests}{Data frame of `state`, `statistic`, `df`, `p.value` of Gray's tests; `NULL`
#'     without groups. `tests_note` gives the reason if they are `NA`.}
#'   \item{groups, variables, last, test_strata}{Labels of the groups; data frame of the
#'     variables that make them; last follow-up of each; number of strata of the test.}
#'   \item{at_risk, labels}{As in [lms_km()].}
#'   \item{formula, terms, event, time_unit, conf_level, conventions, weight_type, variance,
#'     clusters, rho, missing, notes}{The settings: the kind of variance, the number of clusters,
#'     rows with a missing value by variable, and the messages given.}
#' }
#' @references
#' Aalen OO, Johansen S (1978). An empirical transition matrix for
#' non-homogeneous Markov chains based on censored observations. *Scandinavian
#' Journal of Statistics* 5, 141-150. <https://www.jstor.org/stable/4615704>
#'
#' Aalen OO (1978). Nonparametric estimation of partial transition probabilities
#' in multiple decrement models. *Annals of Statistics* 6, 534-545.
#' \doi{10.1214/aos/1176344198}
#'
#' Gray RJ (1988). A class of K-sample tests for comparing the cumulative
#' incidence of a competing risk. *Annals of Statistics* 16, 1141-1154.
#' \doi{10.1214/aos/1176350951}
#' @seealso [summary.lms_cuminc()] for given times, [tidy.lms_cuminc()],
#'   [quantile.lms_cuminc()].
#' @examples
#' # monoclonal gammopathy: malignancy, with death as a competing event
#' mgus2 <- survival::mgus2
#' mgus2$months <- with(mgus2, ifelse(pstat == 1, ptime, futime))
#' mgus2$outcome <- with(mgus2, factor(
#'   ifelse(pstat == 1, 1, 2 * death), 0:2, c("alive", "malignancy", "death")
#' ))
#' fit <- lms_cuminc(Surv(months, outcome) ~ sex, data = mgus2)
#' fit
#' summary(fit, times = c(60, 120, 240))
#'
#' # primary biliary cholangitis: the causes of a numeric status are named in `event`
#' lms_cuminc(Surv(time, status) ~ trt, data = survival::pbc,
#'            event = c(transplant = 1, death = 2))
#'
#' # an endpoint of a cohort has its competing event already
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' lms_cuminc(time_to_bone ~ grade, data = cohort)
#' @export
lms_cuminc <- function(formula, data = NULL, ..., weights, subset, na.action, cluster, id,
                       conf_level = 0.95,
                       conf_type = c("log", "log-log", "plain", "logit", "arcsin", "none"),
                       weight_type = c("case", "frequency", "sampling"), event = NULL,
                       timefix = TRUE, variance = c("jackknife", "aalen"), rho = 0) {
  opened <- open_verb("lms_cuminc", cuminc_ways_out, cuminc_settings(
    conf_level, if (!missing(conf_type)) conf_type, weight_type, timefix,
    if (!missing(variance)) variance, rho
  ), "states")
  risk <- opened$risk
  settings <- opened$settings
  settings$variance <- cuminc_variance(settings, risk)
  curves <- group_data(risk, strata_as_groups = TRUE)
  tests <- plan_gray_tests(risk, curves, settings)
  fit <- cuminc_curves(risk, curves, tests, settings)
  fit <- c(fit, cuminc_tests(fit$gray, tests))
  fit <- complete_cuminc(fit, risk, curves, settings, opened$call)
  say_each(fit$notes)
  warn_about_incidence(fit)
  fit
}

# Where nobody is left without an event, the incidence is final, whoever comes later.
warn_about_incidence <- function(fit) {
  if (is.null(fit$at_risk)) return(invisible())
  fallen <- vapply(curve_ranges(fit), function(at) {
    zero <- which(fit$pstate[at, 1L] <= 0)
    if (length(zero) && zero[1L] < length(at)) fit$time[at[zero[1L]]] else NA
  }, 0)
  warn_about_gaps(risk_gaps(fit$at_risk), fit$groups, fallen, "the incidence")
}

cuminc_settings <- function(conf_level, conf_type, weight_type, timefix, variance, rho) {
  style <- conventions()
  list(
    conf_level = read_conf_level(conf_level),
    conf_type = read_conf_type(conf_type),
    weight_type = read_weight_type(weight_type),
    timefix = check_flag(timefix, "timefix"),
    variance = if (!is.null(variance)) {
      check_option(variance, "variance", c("jackknife", "aalen"))
    },
    rho = check_number(rho, "rho", -100, 100),
    usual_variance = style$incidence_variance, conventions = style$style
  )
}

# As asked, or else that of the conventions where it is defined.
cuminc_variance <- function(settings, risk) {
  unit <- if (!is.null(risk$cluster)) "cluster" else if (!is.null(risk$id)) "id"
  if (is.null(unit) && !is.null(risk$response$weights) && settings$weight_type != "frequency") {
    unit <- "weights"
  }
  asked <- settings$variance
  if (is.null(unit) || identical(asked, "jackknife")) {
    return(if (is.null(asked)) settings$usual_variance else asked)
  }
  if (is.null(asked)) return("jackknife")
  abort("argument", paste0("`variance = \"aalen\"` cannot be combined with `", unit, "`."),
        "Remove `variance`; the jackknife takes these into account.")
}

# Clusters whose influence is summed, and whether a unit of weight w stands for w units.
cuminc_plan <- function(risk, settings) {
  codes <- cluster_codes(if (is.null(risk$cluster)) risk$id else risk$cluster)
  frequency <- settings$weight_type == "frequency"
  if (frequency && is.null(risk$cluster) && !is.null(codes)) {
    weights <- risk$response$weights
    at <- which(weights != weights[match(codes, codes)])
    if (length(at)) {
      abort(
        "weights",
        paste0("`weights` must be the same in all rows of a patient where they are frequencies (",
               row_list(row_number(at[1L], risk$rows)), ")."),
        row_count(row_number(at, risk$rows), length(weights))
      )
    }
  }
  list(codes = codes, frequency = frequency && is.null(risk$cluster))
}

cuminc_curves <- function(risk, curves, tests, settings) {
  plan <- cuminc_plan(risk, settings)
  response <- risk$response
  check_group_weights(curves$groups, response$weights)
  response["strata"] <- list(group_codes(curves$groups))
  core <- tryCatch(
    core_cumulative_incidence(
      response, length(risk$states), plan$codes,
      list(
        frequency = plan$frequency, gray = tests$core, timefix = settings$timefix,
        variance = settings$variance,
        states = c("(s0)", risk$states), hazards = hazard_names(length(risk$states)),
        conf_type = settings$conf_type, z = stats::qnorm((1 + settings$conf_level) / 2),
        threads = default_threads()
      )
    ),
    "C++Error" = function(e) abort_core(conditionMessage(e), response, risk$rows)
  )
  if (!is.null(risk$id) && !is.null(response$entry)) {
    core$n.censor[, 1L] <- without_continued(core, risk$id, group_codes(curves$groups), response)
  }
  core$clusters <- if (!is.null(risk$cluster)) max(plan$codes)
  core
}

# The columns of the cumulative hazards as the survival at hand calls them, "1.2" or "1:2": its
# pseudo() finds them by these names.
hazard_names <- function(causes) paste0("1", hazard_mark(), seq_len(causes) + 1L)

# Asked for once a session, as it takes as long as the curves of a cohort.
hazard_mark <- local({
  mark <- NULL
  function() {
    if (is.null(mark)) {
      formula <- survival::Surv(1:2, factor(0:1)) ~ 1
      first <- colnames(survival::survfit(formula, se.fit = FALSE)$cumhaz)
      mark <<- if (identical(first, "1:2")) ":" else "."
    }
    mark
  }
})

# A row that another of the same patient and group takes up where it ends is not censored.
without_continued <- function(core, id, groups, response) {
  if (is.null(groups)) groups <- rep.int(1L, length(id))
  order <- order(match(id, id), response$time)
  this <- order[-length(order)]
  after <- order[-1L]
  same <- id[this] == id[after] & groups[this] == groups[after] &
    abs(response$entry[after] - response$time[this]) <= tied_within(response$time)
  weights <- if (is.null(response$weights)) rep.int(1, length(id)) else response$weights
  weights[c(this[same], which(response$status > 0L))] <- 0
  unlist(lapply(seq_len(length(core$begin) - 1L), function(g) {
    times <- core$time[seq.int(core$begin[g] + 1L, core$begin[g + 1L])]
    rows <- which(groups == g)
    # Merged times are the first of them.
    at <- factor(findInterval(response$time[rows], times), seq_along(times))
    as.vector(rowsum(weights[rows], at))
  }))
}

# What Gray's tests compare within what, or why there are none; NULL without groups.
plan_gray_tests <- function(risk, curves, settings) {
  tested <- if (is.null(risk$strata)) curves else group_data(risk)
  groups <- if (is.null(tested$groups)) curves$groups else tested$groups
  if (is.null(groups) || nlevels(groups) < 2L) return(NULL)
  strata <- if (!is.null(tested$groups)) tested$strata
  note <- no_gray_test(risk, settings)
  core <- list(
    group = as.integer(groups), groups = nlevels(groups), strata = group_codes(strata),
    rho = settings$rho
  )
  list(
    core = if (is.null(note)) core, note = note, df = nlevels(groups) - 1L, states = risk$states,
    strata = if (!is.null(strata)) nlevels(strata)
  )
}

cuminc_tests <- function(found, plan) {
  if (is.null(plan)) return(NULL)
  states <- plan$states
  statistic <- rep_len(NA_real_, length(states))
  if (!is.null(found)) statistic[] <- vapply(found, `[[`, 0, "statistic")
  none <- is.na(statistic)
  statistic[none] <- NA
  note <- plan$note
  if (is.null(note) && any(none)) {
    note <- paste0(
      "Gray's test cannot be computed for ", enumerate(states[none]),
      ": the groups are at risk together at too few event times."
    )
  }
  tests <- as_plain_frame(as_tibble_class(list(
    state = states, statistic = statistic, df = rep_len(plan$df, length(states)),
    p.value = stats::pchisq(statistic, plan$df, lower.tail = FALSE)
  )))
  list(tests = tests, tests_note = note, test_strata = plan$strata)
}

no_gray_test <- function(risk, settings) {
  weights <- risk$response$weights
  why <- if (!is.null(risk$response$entry)) {
    "entry times"
  } else if (!is.null(risk$cluster)) {
    "clusters"
  } else if (!is.null(weights) && settings$weight_type != "frequency" && any(weights != 1)) {
    "weights that are not frequencies"
  }
  if (!is.null(why)) paste0("Gray's test cannot be computed for data with ", why, ".")
}
