#' Check a model or a curve for problems that lead to wrong conclusions
#'
#' `lms_check()` checks a Cox model, curves, rates or a test for the most frequent errors in
#' clinical cohorts. It is for anyone about to report a result, and for reviewers. Each finding
#' says what was found, why it matters and what to do, with the variable, the level and the
#' counts. [print.lms_cox()] shows the findings that need no further fits below the model.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * `Check of`: the formula of the model that is checked.
#' * One block per finding, the most important first. A `Serious` finding can reverse the
#'   conclusion, a `Caution` finding can change a number, and a `Note` is information.
#' * Below the name of the finding, the variables concerned with their numbers. Here, the hazard
#'   ratio of the Karnofsky score seems to change over time. It is 0.41 up to the median event
#'   time and 0.78 after it.
#' * `Why it matters`: the consequence for the result.
#' * `What to do`: one action, and below it a line of R code that can be copied.
#' * A table of hazard ratios follows for some findings. It compares the model as fitted with a
#'   corrected analysis. The second example shows it for immortal time bias.
#' * `Not checked`: the checks that need more information, with the argument to set.
#' * `Never checked`: problems that no program can find in the data.
#'
#' @section What is checked in a model:
#' \describe{
#'   \item{`events_per_parameter`}{Caution; serious below 3: few events per coefficient. The rule
#'     of thumb is 10 (Peduzzi et al. 1995), and it can be relaxed (Vittinghoff and McCulloch
#'     2007). In our simulations 95% CIs are reliable from 3 on.}
#'   \item{`sparse_level`}{Caution: a sparse group, with fewer than 5 events. A group is a level
#'     of a variable, or a combination of levels in an interaction. It can also be one of two
#'     neighboring numbers such as 0 and 1.}
#'   \item{`small_reference`}{Note: a reference group with fewer than 5% of the rows, among three
#'     levels or more.}
#'   \item{`infinite_coefficient`}{Serious: a hazard ratio that cannot be estimated, because it
#'     tends to 0 or infinity. Firth's penalised estimate is shown beside it (Heinze and Schemper
#'     2001).}
#'   \item{`immortal_time`}{Caution: a covariate becomes known later but is fitted as if it was
#'     known at time zero (Suissa 2008). Serious if the hazard ratio of the time-dependent
#'     covariate differs by more than 10%, or if only one of the two has p < 0.05.}
#'   \item{`outcome_covariate`}{Serious: a covariate that is probably derived from the outcome.
#'     Either all events are in one level, although chance would have put some in the others (p <
#'     0.0001). Or the concordance of the model is above 0.98.}
#'   \item{`late_membership`}{Serious: all patients of the model have an event that happens after
#'     time zero, so none of them could die before it.}
#'   \item{`nonproportional`}{Non-proportional hazards, by [lms_zph()]: the data suggest that the
#'     effect changes over time. Caution if the hazard ratio crosses 1 or changes 1.5-fold,
#'     otherwise a note.}
#'   \item{`nonlinear`}{Caution: a quantity fitted as a straight line, although a spline fits
#'     better.}
#'   \item{`influential_patient`}{Caution: an influential patient. Without this patient, a hazard
#'     ratio changes.}
#'   \item{`outlier`}{Caution: up to three values of a covariate that are far from all others, as
#'     a misplaced decimal point would make them.}
#'   \item{`missing_values`}{Caution: patients excluded for missing data. Reported if they are 5%
#'     or more of all, or if 10 or more have a survival that differs from the others. Serious if
#'     they are 5% or more and p < 0.05.}
#'   \item{`code_as_number`}{Note; caution with p < 0.05: whole-number codes fitted as one
#'     slope.}
#'   \item{`single_stratum`}{Caution: all events are in one of several strata.}
#'   \item{`shared_patient`}{Serious; caution if fewer than 5% of the rows: several rows of one
#'     patient are treated as independent. Patients are identified by `id`, or by a column with a
#'     name such as `id`, `patient` or `mrn`. Up to 100,000 rows, a column also identifies them
#'     if each of its values occurs in the same number of rows (2 to 6). (start, stop] rows of a
#'     patient that follow each other, with at most one event, are not reported.}
#'   \item{`copied_rows`}{Caution: rows that equal others in all columns of the data, more than
#'     chance would explain (up to 100,000 rows).}
#'   \item{`selected_model`}{Caution: covariates were chosen by [step()] or `MASS::stepAIC()`.}
#'   \item{`optimal_cutpoint`}{Caution: a numeric column was cut into two groups where the
#'     log-rank test is largest, and not at a round number or usual quantile. The p-value
#'     corrected for the search is shown (Lausen and Schumacher 1992).}
#'   \item{`centre_as_number`, `id_covariate`}{Caution: the number of a center, or of the
#'     patient, was fitted as a quantity.}
#'   \item{`collinear`}{Caution: two or more covariates carry nearly the same information. The
#'     95% CI is more than 4.5 times as wide as it would be otherwise (a
#'     variance inflation above 20; Fox and Monette 1992).}
#'   \item{`events_at_zero`}{Caution: 5 events or more at time 0, and more than twice as many as
#'     at any other time.}
#'   \item{`unused_entry`}{Caution: a column with a name such as `entry` has values between 0 and
#'     the time, or a cohort has dates of entry, but the model has no delayed entry.}
#'   \item{`era`}{Note: in a cohort, one of two groups was diagnosed later, and the year is not
#'     in the model. Reported if a random patient of that group was diagnosed later than a random
#'     patient of the other with a probability above three quarters.}
#'   \item{`competing_censored`}{Note: patients with another event, such as death from another
#'     cause, count as censored. The hazard ratio is therefore cause-specific.}
#' }
#'
#' @section Immortal time:
#' A patient with a metastasis at 30 months has survived 30 months. If a model treats the
#' metastasis as known at diagnosis, these 30 months count as time with metastasis. The patient
#' could not die in this time, so the hazard ratio is biased towards a protective effect. Set
#' `known_from` to the time from which each value is known. This is not needed if the model was
#' fitted to a cohort that has the dates.
#'
#' With `fix = TRUE`, the covariate is fitted as a time-dependent covariate, and the follow-up of
#' such a patient is split at that time. Before it, the covariate has the value of patients in
#' whom it never becomes known (`FALSE`, `"none"`). After it, the covariate has the patient's own
#' value.
#'
#' Sometimes all rows have a time, as with the site of a metastasis among patients with
#' metastases. Then there is no earlier value, and the patient enters the risk set at that time.
#' Values known at or before time zero apply throughout. A value without a time also applies
#' throughout, unless it is the value of patients in whom it never becomes known. If these
#' patients have several values and the data do not decide between them, no hazard ratio is
#' given.
#'
#' With `landmark = t`, only patients who are event-free and still followed after t are compared.
#' They are compared from t on, by what was known at t.
#'
#' An event on the day on which a covariate becomes known counts as an event before it, as in
#' `survival::tmerge()`. If there are such events, the table also shows the hazard ratios with
#' that day counted as after it (`same day`).
#'
#' @section Changing effects:
#' A term is reported under two conditions. Its test has p < 0.05 after Holm's adjustment for the
#' number of terms. And its hazard ratios up to the median event time and after it differ by more
#' than 10%. For a quantity, the hazard ratio is that of a usual difference, as for influential
#' patients.
#'
#' The two hazard ratios are shown. Those of all reported terms are fitted together, and the
#' other effects are the same in both periods. If no term is reported, the check gives the
#' smallest change that it would find with a probability of 80%. This change applies to the
#' coefficient with the smallest standard error.
#'
#' @section Effects that are not a straight line:
#' Each quantity with 8 or more different values is also fitted as a natural spline
#' (`splines::ns(x, 3)`), in models with at least 50 events. A covariate is reported under two
#' conditions. The likelihood ratio test of the spline against the line has p < 0.01, after
#' Holm's adjustment for the number of such covariates. And curve and line differ by more than
#' 10% between the 5th and the 95th percentile.
#'
#' The table shows the hazard ratios of the curve and of the line at the 10th and 90th
#' percentile, compared with the median. With more than 100,000 rows, every k-th row in the order
#' of times is used. `autoplot(fit, term = "age")` draws the curve. Whole-number codes are tested
#' as categories instead (`code_as_number`).
#'
#' @section Influential patients:
#' A patient is reported if a hazard ratio changes by more than 20%, and by more than its
#' standard error, without this patient. Below 100 patients the limit is 1.5 standard errors. The
#' check needs at least 10 events per coefficient. For a quantity, the hazard ratio is that of a
#' usual difference. That is its standard deviation, or the width of the middle half of its
#' values divided by 1.349, whichever is less.
#'
#' Candidates are found by [dfbeta residuals][residuals.lms_cox()] and by values more than four
#' such differences from the median. Each candidate is confirmed by a fit without any row of the
#' patient. Sparse groups, and variables in more than one term, are not checked.
#'
#' @section Values far from all others:
#' A value is reported if it is more than four deviations from the median, with a wide gap to
#' the next value. The gap, about two deviations with 100 patients, is one that one sample in
#' 400 has by chance. The deviation is the width of the middle half of the values divided by
#' 1.349. For a covariate without negative values, the same must be true of the
#' logarithms.
#'
#' @section What is checked in curves, rates and tests:
#' \describe{
#'   \item{`crude_rates`}{Serious: crude proportions although patients were censored before. The
#'     Kaplan-Meier rate is shown beside each.}
#'   \item{`beyond_follow_up`}{Caution: survival or incidence is read where few or no patients
#'     are at risk. Reported past the last follow-up, or where fewer than 10% of the patients,
#'     and fewer than 50, are at risk. For a curve, this is checked at its median (Pocock et al.
#'     2002).}
#'   \item{`limits_too_narrow`}{Note: survival above 75% is read with fewer than 10 events up to
#'     that time, and the interval is on the scale `"log"` or `"plain"`. For a curve, this is
#'     checked at its end. In simulations (`bench/results/coverage.md`) such 95% CIs
#'     contain the true value in 86 to 93% of the studies. Intervals on the scale `"log-log"`
#'     contain it in 90 to 98%.}
#'   \item{`sparse_level`}{Caution: a group with fewer than 5 events, in a test or a cumulative
#'     incidence.}
#'   \item{`crossing_curves`}{Caution: two curves may cross, in curves and in the log-rank test
#'     of two groups. The hazard ratios up to the median event time and after it are on opposite
#'     sides of 1. Each hazard ratio (\eqn{\exp(U/V)}{exp(U/V)} of the log-rank test of that
#'     period) is more than one standard error from 1. They differ by more than 10% with p <
#'     0.05, after Bonferroni's adjustment for the number of pairs of curves.}
#'   \item{`follow_up_differs`}{Caution, in curves: the median follow-up of the groups differs
#'     1.5-fold or more. The log-rank test of the reverse Kaplan-Meier curves has p < 0.01.}
#'   \item{`missing_values`}{Caution: 5% or more of the rows were excluded.}
#'   \item{`immortal_time`}{Groups of a cohort that become known only after time zero. Serious if
#'     more than 5% of the person-time is assigned to the wrong group.}
#'   \item{`late_membership`, `shared_patient`, `copied_rows`}{As in a model.}
#'   \item{`competing_censored`}{Other events were censored, so 1 - Kaplan-Meier is too high. It
#'     is compared with the cumulative incidence at the last event time at which enough patients
#'     are at risk. Serious if it is larger by more than a fifth and by more than 2 percentage
#'     points. Caution if it is larger by 1 point and a twentieth, or if the data do not show
#'     which value is censored; otherwise a note. Other events are values of the status besides
#'     the event and 0 (or a word such as `alive`), and deaths in a separate column. In a test,
#'     the finding is a note.}
#' }
#'
#' @param fit The result to check. It can be a model made by [lms_cox()] or [survival::coxph()],
#'   or curves made by [lms_km()] or [lms_cuminc()] or their summaries. It can also be rates made
#'   by [lms_rates()], restricted means made by [lms_rmst()], or a test made by [lms_logrank()].
#' @param fix `TRUE` (or `"time-dependent"`) to show the hazard ratios of time-dependent
#'   covariates beside those of the model. `FALSE` skips this fit.
#' @param landmark A time of 0 or more, in the unit of the data. If set, the hazard ratios of a
#'   landmark analysis are shown beside those of the model.
#' @param known_from A list or data frame that gives, under the name of a covariate, the time
#'   from which its value is known in each row. Times are those of the response: `NA` if the
#'   value never becomes known, and 0 or less if it is known at time zero. It may include the
#'   rows excluded for missing values, or not.
#' @param x A result of `lms_check()`.
#' @param row.names,optional Not used.
#' @param ... Not used. Any name given here is an error.
#' @return A data frame of class `lms_check` that contains all findings. `as.data.frame()` and
#'   `tidy()` give the same rows as a plain data frame. A finding has one row, or one row for
#'   each estimate that belongs to it, such as a hazard ratio before and after correction. A
#'   check that found no problem has a row of severity `none`. A check that could not be made has
#'   a row of severity `not checked`. Columns that do not apply are `NA`.
#' \describe{
#'   \item{finding}{Number of the finding, the same in all its rows.}
#'   \item{kind, severity}{The kind, as above; `serious`, `caution`, `note`, `none` or `not
#'     checked`.}
#'   \item{subject}{The formula.}
#'   \item{variable, level, label}{The column or term as typed in the formula, its level, and the
#'     label of the variable.}
#'   \item{group, group_code, group_label}{For curves and rates: the group as in their print, as
#'     typed, and in words.}
#'   \item{reference, suggested}{Whether the level is the reference group, and the level that
#'     would be a better one.}
#'   \item{remedy, reason}{What to do, and why a check was not made, each as a key word.}
#'   \item{n, n_events, n_total, n_risk, n_censored, n_tied}{Patients (rows where a patient has
#'     several) and events concerned; all patients; patients at risk, and censored before; events
#'     on the day on which a covariate becomes known, or patients with several rows.}
#'   \item{n_coefficients, n_groups}{Number of coefficients; number of strata, patients, centers,
#'     or steps of a selection.}
#'   \item{time, last}{The time at which the result is read, the median time at which a value
#'     becomes known, or the end of the first period; the last follow-up.}
#'   \item{person_time, person_time_total}{Person-time in the wrong group, and total.}
#'   \item{from, to}{The lowest and the highest code, or value of the others; the values on both
#'     sides of a cutpoint; the 10th and the 90th percentile; the shortest and the longest median
#'     follow-up.}
#'   \item{row}{The row of the data with the influential patient or the value.}
#'   \item{value, median}{The value that is far from all others or belongs to the hazard ratio,
#'     and the median of the covariate.}
#'   \item{p.value}{P-value of the test behind the finding.}
#'   \item{measure, method}{What is estimated (`hazard ratio`, `survival`, `event rate`,
#'     `incidence`, `missing`, the number of missing values of a variable, `width of the interval`
#'     of a collinear covariate compared with that without the other, or `later diagnosis`, a
#'     probability), and by which method. Methods are
#'     `ordinary` and `firth`; `fixed`, `time-dependent`, `same day` and `landmark`; `early` and
#'     `late`; `low`, `high`, `line low` and `line high` of the curve and the line at `from` and
#'     `to`; `all patients` and `without the patient`; `crude` and `kaplan-meier`, or
#'     `kaplan-meier` and `cumulative incidence`; `others` and `excluded`.}
#'   \item{term, term_level, coefficient, coef, unit}{What is estimated: the term, the level, the
#'     coefficient by name and number, and the difference of the covariate (1 or its standard
#'     deviation).}
#'   \item{estimate, conf.low, conf.high, estimate_p, conf_level}{The estimate with its
#'     confidence limits and p-value, and the level of the limits.}
#'   \item{time_unit, origin, counted, event}{For the model: the unit of its times, the event at
#'     which they start, what a row is (`patient` or `row`), and what an event is (`death` or
#'     `event`).}
#'   \item{code}{A line of R that does what is suggested, or `NA`.}
#' }
#' @references
#' Peduzzi P, Concato J, Feinstein AR, Holford TR (1995). Importance of events per
#' independent variable in proportional hazards regression analysis. II. Accuracy
#' and precision of regression estimates. *Journal of Clinical Epidemiology* 48,
#' 1503-1510. \doi{10.1016/0895-4356(95)00048-8}
#'
#' Vittinghoff E, McCulloch CE (2007). Relaxing the rule of ten events per variable
#' in logistic and Cox regression. *American Journal of Epidemiology* 165, 710-718.
#' \doi{10.1093/aje/kwk052}
#'
#' Heinze G, Schemper M (2001). A solution to the problem of monotone likelihood in
#' Cox regression. *Biometrics* 57, 114-119.
#' \doi{10.1111/j.0006-341X.2001.00114.x}
#'
#' Suissa S (2008). Immortal time bias in pharmacoepidemiology. *American Journal of
#' Epidemiology* 167, 492-499. \doi{10.1093/aje/kwm324}
#'
#' Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics based
#' on weighted residuals. *Biometrika* 81, 515-526. \doi{10.1093/biomet/81.3.515}
#'
#' Lausen B, Schumacher M (1992). Maximally selected rank statistics. *Biometrics* 48, 73-85.
#' \doi{10.2307/2532740}
#'
#' Fox J, Monette G (1992). Generalized collinearity diagnostics. *Journal of the American
#' Statistical Association* 87, 178-183. \doi{10.1080/01621459.1992.10475190}
#'
#' Pocock SJ, Clayton TC, Altman DG (2002). Survival plots of time-to-event outcomes
#' in clinical trials: good practice and pitfalls. *Lancet* 359, 1686-1689.
#' \doi{10.1016/S0140-6736(02)08594-X}
#' @seealso [lms_zph()], [lms_cox()] for Firth's penalty.
#' @examples
#' # lung cancer: does the effect of the Karnofsky score change over time?
#' fit <- lms_cox(Surv(time, status) ~ karno + celltype, data = survival::veteran)
#' lms_check(fit)
#'
#' # sarcoma: bone metastasis is found after diagnosis, so it is not known at time zero
#' file <- system.file("extdata", "cohort.csv", package = "lmsurv")
#' cohort <- lms_cohort(lms_read(file))
#' naive <- lms_cox(os ~ ever_bone_metastasis + age, data = cohort)
#' lms_check(naive)
#'
#' # the same with a plain data frame: `known_from` is the time of the transplant
#' jasa <- survival::jasa
#' naive <- lms_cox(Surv(futime, fustat) ~ age + transplant, data = jasa)
#' lms_check(naive, known_from = list(transplant = jasa$wait.time), fix = TRUE)
#'
#' # crude rates, although patients were censored
#' lms_check(suppressWarnings(
#'   lms_rates(Surv(time, status == 2) ~ 1, survival::lung, times = 365, method = "crude")
#' ))
#' @export
lms_check <- function(fit, ...) UseMethod("lms_check")

#' @export
lms_check.default <- function(fit, ...) {
  abort(
    "argument",
    paste0("`fit` must be a model, curves, rates or a test of this package, not ",
           describe(fit), "."),
    "For example: `lms_check(lms_cox(Surv(time, status) ~ age, data = cohort))`."
  )
}

#' @rdname lms_check
#' @export
lms_check.lms_cox <- function(fit, fix = TRUE, landmark = NULL, known_from = NULL, ...) {
  refuse_dots("lms_check", c("fit", "fix", "landmark", "known_from"), dot_names(...))
  source <- code_source(substitute(fit), fit, match.call(), parent.frame())
  check_model(fit, fix, landmark, known_from, source)
}

check_model <- function(fit, fix, landmark, known_from, source) {
  if (identical(fix, "time-dependent")) fix <- TRUE
  check_flag(fix, "fix")
  if (!is.null(landmark)) check_number(landmark, "landmark", 0)
  check_cox(fit, list(
    fix = fix, landmark = landmark, dated = read_dated(fit, known_from), source = source
  ))
}

#' @rdname lms_check
#' @export
lms_check.coxph <- function(fit, fix = TRUE, landmark = NULL, known_from = NULL, ...) {
  refuse_dots("lms_check", c("fit", "fix", "landmark", "known_from"), dot_names(...))
  source <- code_source(substitute(fit), fit, match.call(), parent.frame())
  check_model(from_coxph(fit), fix, landmark, known_from, source)
}

# By kind of finding, the rules for a Cox model.
cox_rules <- function() {
  list(
    events_per_parameter = find_few_events, sparse_level = find_sparse_levels,
    small_reference = find_small_references, infinite_coefficient = find_infinite,
    outcome_covariate = find_outcome_covariates,
    late_membership = function(fit, given) find_members(fit),
    immortal_time = find_immortal_time, nonproportional = find_changing_effects,
    nonlinear = find_nonlinear,
    influential_patient = find_influential, missing_values = find_missing,
    outlier = find_outliers, code_as_number = find_codes, single_stratum = find_strata,
    shared_patient = find_shared_patients,
    competing_censored = function(fit, given) find_censored_events(fit, curves = FALSE),
    copied_rows = function(fit, given) find_copied_rows(fit),
    selected_model = find_selected, optimal_cutpoint = find_cutpoints,
    centre_as_number = find_centres, id_covariate = find_id_covariates,
    collinear = find_collinear, events_at_zero = find_zero_times,
    unused_entry = find_unused_entry, era = find_era
  )
}

# given: what the user told, and what lines of code begin with.
check_cox <- function(fit, given) {
  if (!is.null(fit$model)) {
    given$design <- fit_design(fit)
    given$response <- fit_response(fit)
  }
  found <- lapply(cox_rules(), function(find) find(fit, given))
  named <- function(kind) {
    unlist(lapply(findings_in(found[[kind]])$variable, function(x) all.vars(str2lang(x))))
  }
  late <- named("immortal_time")
  for (name in c("nonproportional", "nonlinear", "influential_patient")) {
    found[[name]] <- without_variables(found[[name]], late)
  }
  # One value far from all others bends a line.
  found$nonlinear <- without_variables(found$nonlinear, named("outlier"))
  new_check(fit, found)
}

# What is fitted as known too early shows in other checks too, which then say
# nothing of their own.
without_variables <- function(rows, late) {
  concerned <- vapply(rows$variable, function(x) {
    !is.na(x) && any(all.vars(str2lang(x)) %in% late)
  }, NA)
  rows[!concerned, ]
}

# Why nothing can be asked of the effects of a model; NULL where it can.
no_finite_fit <- function(fit, given) {
  if (is.null(given$design)) {
    "no frame"
  } else if (all(is.na(fit$coefficients))) {
    "no covariates"
  } else if (length(fit$infinite)) {
    "infinite"
  }
}
