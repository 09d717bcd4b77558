#' Check a model or a curve for wrong conclusions
#'
#' `lms_check()` looks for what most often makes the hazard ratios, curves and
#' rates of a clinical cohort wrong. For each finding it says what was found, with
#' the variable, the level and the counts, why it matters, and what to do.
#' [print.lms_cox()] shows the findings that cost nothing at the foot of the model.
#'
#' @section What is checked in a model:
#' \describe{
#'   \item{`events_per_parameter`}{caution; serious below 3: fewer than 10
#'     events for each coefficient (Peduzzi et al. 1995; Vittinghoff and
#'     McCulloch 2007). In simulations 95% confidence intervals hold from 3 on.}
#'   \item{`sparse_level`}{caution: a level of a variable, one of two numbers next to
#'     each other such as 0 and 1, or a combination of levels in an interaction, with
#'     fewer than 5 events.}
#'   \item{`small_reference`}{note: a reference level with fewer than 5% of the
#'     rows, of three levels or more.}
#'   \item{`infinite_coefficient`}{serious: a hazard ratio that cannot be estimated,
#'     as it tends to 0 or infinity; Firth's penalised estimate is given beside it
#'     (Heinze and Schemper 2001).}
#'   \item{`immortal_time`}{caution: a covariate fitted as if known from the
#'     origin that becomes known later (Suissa 2008). Serious if its hazard ratio from the
#'     date on differs by more than 10%, or if only one of both has p < 0.05.}
#'   \item{`outcome_covariate`}{serious: a variable with all events in one level, though
#'     chance would have put some in the others (p < 0.0001), or a model with a concordance
#'     above 0.98: a covariate that is made of the outcome.}
#'   \item{`late_membership`}{serious: all patients of the model have an event that comes
#'     after the origin, so that none could die before it.}
#'   \item{`nonproportional`}{caution if the hazard ratio crosses 1 or changes 1.5-fold,
#'     else note: an effect that changes with time, by [lms_zph()].}
#'   \item{`nonlinear`}{caution: a quantitative covariate fitted as a straight line, for
#'     which a spline fits better.}
#'   \item{`influential_patient`}{caution: one patient without whom a hazard
#'     ratio changes.}
#'   \item{`outlier`}{caution: up to three values of a covariate that lie far from all
#'     others, as a slip of the decimal point makes them.}
#'   \item{`missing_values`}{caution; serious if 5% or more with p < 0.05: patients
#'     excluded for missing data: 5% or more of all, or 10 or more whose
#'     survival differs from that of the others.}
#'   \item{`code_as_number`}{note; caution with p < 0.05: whole-number codes
#'     fitted as one slope.}
#'   \item{`single_stratum`}{caution: all events in one of several strata.}
#'   \item{`shared_patient`}{serious; caution if fewer than 5% of the rows: several rows of
#'     one patient, counted as independent. They are known by `id`, by a column with a name
#'     such as `id`, `patient` or `mrn`, or (up to 100,000 rows) by a column each value of
#'     which stands in the same number of rows, 2 to 6. (start, stop] rows of a patient that
#'     follow each other with at most one event are not named.}
#'   \item{`copied_rows`}{caution: rows that equal others in all columns of the data, where
#'     chance hardly makes so many (up to 100,000 rows).}
#'   \item{`selected_model`}{caution: covariates chosen by [step()] or `MASS::stepAIC()`.}
#'   \item{`optimal_cutpoint`}{caution: a covariate of two values that is a numeric column of the
#'     data, cut where the log-rank test is largest and at no round number or usual quantile;
#'     with the p-value corrected for the search (Lausen and Schumacher 1992).}
#'   \item{`centre_as_number`, `id_covariate`}{caution: the number of a center, or of the
#'     patient, fitted as a quantity.}
#'   \item{`collinear`}{caution: covariates of which one says nearly the same as another, so that
#'     the 95% confidence interval is more than 4.5 times as wide as it would be otherwise
#'     (a variance inflation above 20; Fox and Monette 1992).}
#'   \item{`events_at_zero`}{caution: 5 events or more at time 0, and more than twice as many as
#'     at any other time.}
#'   \item{`unused_entry`}{caution: a column of the data with a name such as `entry`, whose values
#'     lie between 0 and the time, while the model has no delayed entry.}
#'   \item{`era`}{note: in a cohort, a covariate of two values of which one was diagnosed later
#'     (for two patients with a probability above three quarters), and the year is not in the
#'     model.}
#'   \item{`competing_censored`}{note: patients with another event, such as death from
#'     another cause, count as censored, so that the hazard ratio is cause-specific.}
#' }
#'
#' @section Immortal time:
#' A patient with a metastasis at 30 months has survived 30 months. A model that
#' takes the metastasis as known from diagnosis counts these months, in which death
#' was impossible, as time with metastasis. The hazard ratio is biased towards a
#' protective effect. Set `known_from` to the time from which each value is known,
#' unless the model was fitted to a cohort that has the dates.
#'
#' With `fix = TRUE` the follow-up of such a patient is cut at that time. Before it
#' the covariate has the value of the patients in whom it never becomes known
#' (`FALSE`, `"none"`), after it the patient's own. Where all rows have a time, as
#' with the site of a metastasis in patients with metastases, there is no value to
#' have before: the patient enters the risk set at that time. Values known at or
#' before the origin hold from the start; a value without a time too, unless it is
#' the one of those in whom it never becomes known. Where these patients have several values
#' and nothing decides between them, no ratio is given.
#'
#' With `landmark = t` only those still followed after t are compared, from t on, by
#' what was known at t.
#'
#' An event on the day on which a covariate becomes known counts as one before it, as
#' `survival::tmerge()` has it. Where there are such events, the ratios with that day counted
#' as after it stand beside the others (`same day`).
#'
#' @section Changing effects:
#' A term is named if its test has p < 0.05 after Holm's adjustment for the number
#' of terms, and if its hazard ratio (for a quantitative covariate that of a usual
#' difference, as for influential patients) differs by more than 10% between the times up
#' to the median event and after it. These two ratios are given; those of all terms that
#' are named are fitted together, the other effects being the same in both. Where no term
#' is named, the check gives the smallest change that it would find with a probability of
#' 80%, of the coefficient with the smallest standard error.
#'
#' @section Effects that are not a straight line:
#' Each quantitative covariate with 8 or more different values is fitted as a natural spline
#' (`splines::ns(x, 3)`) in place of the line, in models with at least 50 events. The covariate is
#' named if the likelihood ratio test of the spline against the line has p < 0.01 after Holm's
#' adjustment for the number of such covariates, and if curve and line differ by more than 10%
#' between the 5th and the 95th percentile. The hazard ratios of the curve and of the line at the
#' 10th and 90th percentile, compared with the median, stand beside it. With more than 100,000
#' rows every k-th row in the order of times is used. `autoplot(fit, term = "age")` draws the
#' curve. Whole-number codes are tested as categories instead (`code_as_number`).
#'
#' @section Influential patients:
#' A patient is named without whom a hazard ratio changes by more than 20% and by more
#' than its standard error (below 100 patients 1.5 standard errors), in models with at
#' least 10 events for each coefficient. For a quantitative covariate the ratio is that of
#' a difference of its standard deviation or of the middle half of its values divided by
#' 1.349, whichever is less. Candidates are found by
#' [dfbeta residuals][residuals.lms_cox()] and by values more than four such deviations
#' from the median; each is confirmed by a fit without all rows of the patient. Levels
#' that are sparse anyway, and variables in more than one term, are left out.
#'
#' @section Values far from all others:
#' A value is named that lies more than four deviations from the median, with a gap of two
#' deviations to the next value. The deviation is the width of the middle half of the
#' values divided by 1.349. Of a covariate without negative values the same must hold of
#' the logarithms.
#'
#' @section What is checked in curves, rates and tests:
#' \describe{
#'   \item{`crude_rates`}{serious: crude proportions with patients censored
#'     before; the Kaplan-Meier rate is given beside each.}
#'   \item{`beyond_follow_up`}{caution: survival or incidence read at a time
#'     past the last follow-up, or at which fewer than 10% of the patients, and
#'     fewer than 50, are followed; for a curve, at its median (Pocock et al.
#'     2002).}
#'   \item{`limits_too_narrow`}{note: survival above 75% read (for a curve, at its end) with
#'     an interval on the scale `"log"` or `"plain"` and fewer than 10 events up to then. In
#'     simulations (`bench/results/coverage.md`) such 95% intervals hold the true value in 86 to
#'     93% of the studies, those on the scale `"log-log"` in 90 to 98%.}
#'   \item{`sparse_level`}{caution: a group with fewer than 5 events, in a test
#'     or a cumulative incidence.}
#'   \item{`crossing_curves`}{caution: two groups whose hazard ratios up to the median time of
#'     the events and after it lie on opposite sides of 1, in curves and in the log-rank test of two
#'     groups. Each ratio (\eqn{\exp(U/V)}{exp(U/V)} of the log-rank test of that period) is more
#'     than one standard error from 1, and they differ by more than 10% with p < 0.05, after
#'     Bonferroni's adjustment for the number of pairs of curves.}
#'   \item{`follow_up_differs`}{caution: groups whose median follow-up differs 1.5-fold or more,
#'     with p < 0.01 in the log-rank test of the reverse Kaplan-Meier curves; in curves.}
#'   \item{`missing_values`}{caution: 5% or more of the rows left out.}
#'   \item{`immortal_time`}{groups of a cohort that are known only from a date after the
#'     origin; serious if more than 5% of their time belongs to the wrong group.}
#'   \item{`late_membership`, `shared_patient`, `copied_rows`}{as in a model.}
#'   \item{`competing_censored`}{serious if 1 - Kaplan-Meier is larger than the cumulative
#'     incidence by more than a fifth and by more than 2 percentage points, at the last time of
#'     an event at which enough patients are at risk; caution if by 1 point and a twentieth,
#'     or if the data do not say which value is censored; else note. Other events
#'     are values of the status besides the event and 0 (or a word such as `alive`), and deaths
#'     in a column of their own. In a test: note.}
#' }
#'
#' @param fit A model made by [lms_cox()] or [survival::coxph()], curves made by
#'   [lms_km()] or [lms_cuminc()] or their summaries, rates made by [lms_rates()],
#'   restricted means made by [lms_rmst()], or a test made by [lms_logrank()].
#' @param fix Whether the hazard ratios of time-dependent covariates are given beside those
#'   of the model; `"time-dependent"` means `TRUE`. `FALSE` saves the fit.
#' @param landmark A time of 0 or more, in the unit of the data: gives the hazard
#'   ratios of a landmark analysis beside those of the model.
#' @param known_from A list or data frame that has, by the name of a covariate, for
#'   each row the time (of the response) from which its value is known; `NA` where
#'   it never becomes so, 0 or less if from the start. Rows left out for missing
#'   values may be there or not.
#' @param x What `lms_check()` returned.
#' @param row.names,optional Not used.
#' @param ... Not used; anything here is refused by name.
#' @return A data frame of class `lms_check`, which keeps everything as a plain data
#'   frame: `as.data.frame()` and `tidy()` give the same rows. A finding has a row, or
#'   one for each estimate that belongs to it, such as a hazard ratio as fitted and
#'   from its date. A check that found no problem has a row of severity `none`, one
#'   that could not be made a row of severity `not checked`. Columns that do not apply
#'   are `NA`.
#' \describe{
#'   \item{finding}{the number of the finding, the same in all its rows.}
#'   \item{kind, severity}{as above; `serious`, `caution`, `note`, `none` or
#'     `not checked`.}
#'   \item{subject}{the formula.}
#'   \item{variable, level, label}{the column or term as it is typed in the formula, its
#'     level, and what the variable is called.}
#'   \item{group, group_code, group_label}{of curves and rates: as in their print, as typed, and as
#'     a reader calls it.}
#'   \item{reference, suggested}{whether the level is the reference, and the level that
#'     would be a better one.}
#'   \item{remedy, reason}{what to do, and why a check was not made, each in a key word.}
#'   \item{n, n_events, n_total, n_risk, n_censored, n_tied}{patients (rows where a patient
#'     has several) and events concerned; patients of whom they are; patients at risk, and
#'     censored before; events on the day on which a covariate becomes known.}
#'   \item{n_coefficients, n_groups}{number of coefficients; of strata or patients.}
#'   \item{time, last}{the time read, the median time at which a value becomes known, or
#'     the end of the first period; the last follow-up.}
#'   \item{person_time, person_time_total}{follow-up in the wrong group, and all.}
#'   \item{from, to}{the lowest and the highest code, or value of the others; the 10th and the
#'     90th percentile; the shortest and the longest median follow-up.}
#'   \item{row}{the row of the data that has the influential patient or the value.}
#'   \item{value, median}{the value far from all others or that of the ratio, and the median of
#'     the covariate.}
#'   \item{p.value}{of the test that made the finding.}
#'   \item{measure, method}{what is estimated (`hazard ratio`, `survival`, `event rate`,
#'     or `missing`, the number of missing values of a variable), and how: `ordinary` and
#'     `firth`; `fixed`, `time-dependent`, `same day` and `landmark`; `early` and `late`;
#'     `low`, `high`, `line low` and `line high` of the curve and the line at `from` and `to`;
#'     `all patients` and `without the patient`; `crude` and `kaplan-meier`, or
#'     `kaplan-meier` and `cumulative incidence`; `others` and `excluded`.}
#'   \item{term, term_level, coefficient, coef, unit}{what the estimate is of: the term,
#'     the level, the coefficient by name and number, and the difference of the covariate,
#'     1 or its standard deviation.}
#'   \item{estimate, conf.low, conf.high, estimate_p, conf_level}{the estimate with its
#'     limits and p-value, and the level of the limits.}
#'   \item{time_unit, origin, counted, event}{of the model: the unit of its times, the
#'     event at which they begin, what its rows are (`patient` or `row`), and what its
#'     events are (`death` or `event`).}
#'   \item{code}{a line of R that does what is advised, or `NA`.}
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
#' fit <- lms_cox(Surv(time, status) ~ karno + celltype, data = survival::veteran)
#' lms_check(fit)
#'
#' # a transplant is known from its date on, not from the start
#' jasa <- survival::jasa
#' naive <- lms_cox(Surv(futime, fustat) ~ age + transplant, data = jasa)
#' lms_check(naive, known_from = list(transplant = jasa$wait.time), fix = TRUE)
#'
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

#' @rdname lms_check
#' @export
lms_check.lms_rates <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, list(
    crude_rates = find_crude(fit), beyond_follow_up = find_beyond_rates(fit),
    limits_too_narrow = find_narrow_rates(fit),
    missing_values = find_missing_curve(fit), late_membership = find_members(fit),
    immortal_time = find_late_groups(fit), competing_censored = find_censored_events(fit),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  ))
}

#' @rdname lms_check
#' @export
lms_check.lms_km <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  median <- km_quartiles(fit)$quantile[, "50"]
  at <- which(!is.na(median))
  followed <- as.double(Map(at_risk_before, risk_curves(fit)[at], median[at]))
  most <- vapply(curve_ranges(fit), function(i) max(fit$n.risk[i]), 0)
  new_check(fit, list(
    beyond_follow_up = find_beyond(
      fit$groups[at], median[at], followed, most[at], fit$last[at], rep(FALSE, length(at)),
      "median survival"
    ),
    limits_too_narrow = find_narrow_curves(fit), crossing_curves = find_crossing_curves(fit),
    follow_up_differs = find_unequal_follow_up(fit),
    missing_values = find_missing_curve(fit), late_membership = find_members(fit),
    immortal_time = find_late_groups(fit), competing_censored = find_censored_events(fit),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  ))
}

#' @rdname lms_check
#' @export
lms_check.summary.lms_km <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  if (is.null(fit$times)) return(new_check(fit, list(beyond_follow_up = finding(character()))))
  group <- summary_groups(fit)
  new_check(fit, list(
    beyond_follow_up = find_beyond(
      fit$groups[group], fit$time, fit$n.risk, fit$n[group], fit$last[group], fit$surv %in% 0
    ),
    limits_too_narrow = find_narrow_summary(fit, group)
  ))
}

#' @rdname lms_check
#' @export
lms_check.lms_cuminc <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, list(
    sparse_level = find_sparse_causes(fit), missing_values = find_missing_curve(fit),
    late_membership = find_members(fit), immortal_time = find_late_groups(fit),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  ))
}

#' @rdname lms_check
#' @export
lms_check.summary.lms_cuminc <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  group <- if (is.null(fit$strata)) rep(1L, length(fit$time)) else as.integer(fit$strata)
  nobody_left <- fit$pstate[, 1L] %in% 0
  new_check(fit, list(beyond_follow_up = find_beyond(
    fit$groups[group], fit$time, fit$n.risk[, 1L], fit$n[group], fit$last[group], nobody_left,
    "incidence"
  )))
}

#' @rdname lms_check
#' @export
lms_check.lms_logrank <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, list(
    sparse_level = find_sparse_groups(fit), crossing_curves = find_crossing_test(fit),
    missing_values = find_missing_curve(fit), late_membership = find_members(fit),
    immortal_time = find_late_groups(fit),
    competing_censored = find_censored_events(fit, curves = FALSE),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  ))
}

#' @rdname lms_check
#' @export
lms_check.lms_rmst <- function(fit, ...) {
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, list(
    missing_values = find_missing_curve(fit), late_membership = find_members(fit),
    immortal_time = find_late_groups(fit), competing_censored = find_censored_events(fit),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  ))
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
