#' Fit a Cox proportional hazards model
#'
#' `lms_cox()` estimates how much each factor, such as age or stage, raises or lowers the hazard
#' (the event rate at each moment) of a patient. It is for anyone who wants hazard ratios (HR),
#' 95% CIs and p-values from right-censored or `(start, stop]` data. It accepts the formulas and
#' arguments of [survival::coxph()] and gives the same numbers. The result has the class
#' `c("lms_cox", "coxph")`, so functions for `coxph` objects accept it. Ambiguous or impossible
#' data are an error that names the problem.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The formula, the number of rows used (`rows`, or patients where `id` is given) and the
#'   number of events. Rows excluded for missing data are counted here by variable.
#' * `Event`: the status value that counts as the event. Check this line first.
#' * A table with one line per coefficient. `n` and `events` are the patients and events of that
#'   group. For a quantity such as age they are those of the whole model.
#' * `HR`: the hazard ratio. For `age`, 1.02 means a 2% higher hazard per year of age. For sex 2,
#'   0.60 means a 40% lower hazard than in the reference group, sex 1. Both are adjusted for the
#'   other variable.
#' * The 95% CI: hazard ratios that are compatible with the data. An interval that includes 1
#'   does not prove that there is no difference.
#' * `p`: the p-value of a test that this hazard ratio is 1 (Wald test).
#' * The likelihood ratio test: a test that all hazard ratios of the model are 1 at once.
#' * The methods to report: how tied event times are handled, the variance, the kind of
#'   confidence interval and the session's [lms_conventions()].
#' * `Caution` lines follow where a problem is visible without further fits. [lms_check()] runs
#'   all checks and says what to do.
#'
#' @section Model:
#' The hazard of row i in stratum s is \eqn{\lambda_s(t) \exp(x_i' \beta + o_i)}{lambda_s(t)
#' exp(x_i'b + o_i)}. Here x are the covariates and o is the offset. Each stratum has its own
#' baseline hazard, of unspecified form. The coefficients maximize the partial likelihood of Cox
#' (1972). Tied event times are handled by the method of Efron (1977) or Breslow (1974), or by
#' the exact conditional likelihood. A hazard ratio is `exp(coefficient)`.
#'
#' The variance is the inverse of the information matrix. With `robust`, `cluster`, fractional
#' case weights or sampling weights it is the sandwich (robust) variance of Lin and Wei (1989).
#' The sandwich variance is summed over clusters and has no small-sample factor. Under
#' `lms_conventions("stata")` it is multiplied by n / (n - 1), where n counts clusters, patients
#' (`id`) or rows.
#'
#' @section Firth's penalty:
#' If no patient in a group has the event, or a covariate orders the events perfectly, the
#' partial likelihood l has no maximum. The hazard ratio then cannot be estimated. `penalty =
#' "firth"` gives Firth's penalised estimate instead, which is always finite and has less
#' small-sample bias. It maximizes \eqn{l^*(\beta) = l(\beta) + \frac12 \log\det I(\beta)}{l*(b)
#' = l(b) + 1/2 log det I(b)}, where I is the information matrix (Firth 1993; Heinze and Schemper
#' 2001). It can be used with strata, offsets, entry times, case and frequency weights, and Efron
#' or Breslow ties. It cannot be used with exact ties or a robust variance.
#'
#' The variance is the inverse of I at the estimate. The penalised likelihood may be far from
#' quadratic. Therefore print, [confint.lms_cox()], [summary.lms_cox()] and [tidy.lms_cox()] give
#' profile penalised likelihood intervals and penalised likelihood ratio tests. For these, one
#' coefficient is fixed at a value and the others are estimated again, with the penalty of all
#' columns. drop1() tests terms in the same way. The value of l* depends on the units of the
#' covariates, so a penalised fit has no AIC. Hazard ratios, intervals and tests do not depend on
#' these units. With as many coefficients as events, l* may have several maxima, and only one of
#' them is found.
#'
#' @section Which status is the event:
#' In a `Surv(time, status)` written in the formula, the event is 1 for a status coded 0/1 and
#' `TRUE` for a logical status. For a status coded 1/2 the event is 2, and a message reports this
#' choice. For a factor with two levels, or labeled numbers, the second level is the event if
#' the words are recognized. Recognized words are pairs such as `"alive"` and `"dead"`, in the
#' usual languages, and a message reports the choice. Any other coding, or a numeric status with
#' a single value, is an error that shows the values. Set, for example, `event = "dead"`.
#' `Surv(time)` without a status counts each row as an event, and a message reports this. The
#' choice is stored in the call, so [stats::update()] and [stats::step()] use the same event. A
#' response that is already a [survival::Surv()] object is used unchanged.
#'
#' @section Missing and impossible values:
#' Rows with a missing covariate, status, weight or stratum are excluded, as `na.action`
#' requests. The print counts them by variable. Empty text is a level of its own, and a message
#' reports it. A factor level without rows is dropped, and a message reports it. A missing time
#' is an error unless `na.action` is given. Negative times, an entry at or after its exit,
#' infinite values and negative weights are errors that name the first rows. Time 0 is allowed,
#' and so is a negative entry time.
#'
#' @section Categories:
#' Labeled numbers (from haven) are treated as categories if each value has a label, and as
#' numbers otherwise. Ordered factors use the contrasts of the session. By default these are
#' polynomial contrasts, as in [survival::coxph()], and a message reports them. If
#' `options(contrasts)` differs from R's default, a message names the variables affected.
#' [lms_cohort()] compares each level of an ordered factor with the first level.
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * Splitting a row `(0, t]` into `(0, s]` and `(s, t]` does not change the result.
#' * `weight_type = "frequency"` gives the fit of the expanded rows.
#' * Only the order of the times matters, not their unit.
#' * The result is the same with one or several threads.
#'
#' @param formula A formula with a [survival::Surv()] on the left and the covariates on the
#'   right, such as `Surv(time, status) ~ age + sex`. The right side may contain any R term,
#'   [survival::strata()], [survival::cluster()] and [stats::offset()], with or without
#'   `survival::`.
#' @param data A data frame (or matrix, list, environment) that contains the variables. Variables
#'   not found there are looked up in the environment of the formula.
#' @param ... Settings that are passed to [lms_cox_control()], such as `iter.max`, under their
#'   full names. Any other name is an error, because arguments are never matched partially.
#' @param weights Numbers of 0 or more, one per row, that weight the rows. Give a column of
#'   `data` (its name, bare or as a string), a vector, or an expression. Names are looked up in
#'   `data`, then where `lms_cox()` is called, then where the formula was made.
#' @param subset The rows to use: an expression that is `TRUE` or `FALSE` for each row (`NA`
#'   counts as `FALSE`), or row numbers. Names are looked up as for `weights`.
#' @param na.action A function that handles rows with missing values, or its name. Use
#'   [stats::na.omit()], [stats::na.exclude()] (which pads residuals and predictions with `NA`)
#'   or [stats::na.fail()]. The default is `getOption("na.action")`.
#' @param ties The method for tied event times: `"efron"`, `"breslow"` or `"exact"`, in upper or
#'   lower case. The default is set by [lms_conventions()]; it is `"efron"` in a new session.
#' @param robust `TRUE` to use the sandwich (robust) variance, `FALSE` to use the model-based
#'   one. By default it is used with clusters and with fractional weights, as in
#'   [survival::coxph()].
#' @param cluster The variable that groups rows into clusters, such as hospitals, for the robust
#'   variance. It is looked up in the same way as `weights` and does the same as a `cluster()`
#'   term.
#' @param id The variable that identifies patients where a patient has several rows. It is looked
#'   up in the same way as `weights`. Rows of one patient that overlap in time (within a
#'   stratum), or that follow the event, are an error. A message reports a gap between rows. If
#'   events recur, or if rows are eyes or tumors, set `cluster` instead of `id`.
#' @param penalty `"none"` for the ordinary Cox model, or `"firth"` to compute Firth's penalised
#'   estimate (see below).
#' @param init Values at which the estimation starts, one number per coefficient. The default is
#'   0.
#' @param control A list of settings made by [lms_cox_control()].
#' @param conf_level A number between 0 and 1 that sets the level of the printed confidence
#'   intervals. The default, 0.95, gives 95% CIs.
#' @param weight_type What `weights` mean: `"case"` (as in [survival::coxph()]), `"frequency"`
#'   (whole numbers: how many equal rows each row represents) or `"sampling"` (inverse
#'   probabilities, with a robust variance).
#' @param event The value or values of the status that count as the event; all other values are
#'   censored. Set it if the coding is ambiguous.
#' @param singular.ok `TRUE` to set the coefficients of collinear columns to `NA`, `FALSE` to
#'   stop with an error.
#' @param model `TRUE` to keep the model frame, so that later functions do not have to evaluate
#'   the call again. The columns are the user's own, not copies. With `FALSE` the result contains
#'   no data of single patients beyond those of a `coxph` object.
#' @param x `TRUE` to keep the design matrix in the result.
#' @param y `TRUE` to keep the response in the result.
#' @param method The older name of `ties`, which still works.
#' @return An object of class `c("lms_cox", "coxph")` (with `"coxph.null"` between them for a
#'   model without covariates). It is a list, described here for n rows in use and p
#'   coefficients:
#' \describe{
#'   \item{coefficients}{p log hazard ratios; `NA` for collinear columns.}
#'   \item{var, naive.var}{p x p variance. With a robust variance, `naive.var` is the model-based
#'     variance and `robust_factor` the factor by which the robust one was multiplied.}
#'   \item{loglik}{Log partial likelihood at the initial values and at the end. With a penalty,
#'     these are the penalised values, each with the information there.}
#'   \item{penalty}{`"firth"`, for a fit with that penalty.}
#'   \item{profile}{For a penalised fit, a matrix with the columns `lower` and `upper` (profile
#'     penalised likelihood limits at `conf_level`), `chisq` and `p` (test that the coefficient
#'     is 0). It is computed when `$` asks for it.}
#'   \item{score, rscore, wald.test}{Score test, robust score test and Wald test that all
#'     coefficients equal their initial values.}
#'   \item{first}{p first derivatives of the log likelihood at the end.}
#'   \item{iter, converged, infinite}{Number of Newton steps; whether they converged; the
#'     coefficients that cannot be estimated (`Inf` or `-Inf`), by name.}
#'   \item{linear.predictors}{n values, centered by `means`; the offset is included less its
#'     mean.}
#'   \item{residuals}{n martingale residuals, computed when `$` asks for them.}
#'   \item{concordance}{Harrell's concordance with its counts and standard error (Harrell 1996),
#'     computed when `$` asks for it.}
#'   \item{means}{p column means, 0 for columns of -1, 0 and 1.}
#'   \item{n, nevent, n.id}{Rows, events, and patients where `id` was given. With frequency
#'     weights, these count patients and events themselves.}
#'   \item{method, terms, assign, xlevels, contrasts, formula, call, y, x, strata, weights,
#'     offset, na.action, timefix, model}{As in [survival::coxph.object]. `offset` is stored as
#'     given, and `strata` is always kept.}
#'   \item{level_table}{Data frame of `term`, `kind`, `level`, `label` (the name of the row below
#'     its term), `n`, `events` and `coef`. `coef` is the number of the coefficient, 0 for the
#'     reference group. For an interaction with levels, it has the rows and events of each
#'     combination. `kind` is `reference`, `level`, `contrast` (of levels with each other),
#'     `quantity`, `interaction`, or `column` (of a spline or polynomial).}
#'   \item{missing}{Number of rows with a missing value, by variable.}
#'   \item{notes}{The messages given during the fit.}
#'   \item{origin, dated}{For a fit to an endpoint of [lms_cohort()]: the event at which the
#'     clock starts, and a data frame. The data frame has the time at which each dated covariate
#'     became known in each row, counted from there (`NA` for never; only with `model`).}
#'   \item{labels}{The attribute `"label"` of the variables and, as `"(time)"`, of the time,
#'     where the data have it.}
#'   \item{competing}{`TRUE` where the status has values that are neither `event` nor censoring.}
#'   \item{event, time_unit, conf_level, conventions, weight_type, clusters}{The event, the unit
#'     of a `difftime`, the level, the session's conventions, the kind of weights and the number
#'     of clusters.}
#' }
#' @references
#' Cox DR (1972). Regression models and life-tables. *Journal of the Royal
#' Statistical Society B* 34, 187-220. \doi{10.1111/j.2517-6161.1972.tb00899.x}
#'
#' Efron B (1977). The efficiency of Cox's likelihood function for censored
#' data. *Journal of the American Statistical Association* 72, 557-565.
#' \doi{10.1080/01621459.1977.10480613}
#'
#' Breslow N (1974). Covariance analysis of censored survival data. *Biometrics*
#' 30, 89-99. \doi{10.2307/2529620}
#'
#' Lin DY, Wei LJ (1989). The robust inference for the Cox proportional hazards
#' model. *Journal of the American Statistical Association* 84, 1074-1078.
#' \doi{10.1080/01621459.1989.10478874}
#'
#' Harrell FE, Lee KL, Mark DB (1996). Multivariable prognostic models.
#' *Statistics in Medicine* 15, 361-387.
#' \doi{10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4}
#'
#' Firth D (1993). Bias reduction of maximum likelihood estimates. *Biometrika*
#' 80, 27-38. \doi{10.1093/biomet/80.1.27}
#'
#' Heinze G, Schemper M (2001). A solution to the problem of monotone likelihood
#' in Cox regression. *Biometrics* 57, 114-119.
#' \doi{10.1111/j.0006-341X.2001.00114.x}
#' @seealso [lms_cox_fit()] for a matrix, [confint.lms_cox()],
#'   [predict.lms_cox()], [residuals.lms_cox()], [anova.lms_cox()],
#'   [tidy.lms_cox()], [lms_strip()], [as_coxph()].
#' @examples
#' # lung cancer: hazard of death by age and sex
#' lung <- survival::lung
#' fit <- lms_cox(Surv(time, status) ~ age + factor(sex), data = lung, event = 2)
#' fit
#' summary(fit)
#' confint(fit)
#'
#' # one baseline hazard per center, and a robust variance by center
#' lms_cox(Surv(time, status) ~ ph.ecog + strata(inst), data = lung, event = 2,
#'         cluster = inst)
#'
#' # no treated patient dies: Firth's penalised estimate is finite
#' small <- data.frame(
#'   months = c(3, 5, 8, 9, 12, 15, 20, 22), died = c(1, 1, 0, 1, 1, 0, 0, 0),
#'   treated = c(0, 0, 0, 0, 0, 1, 1, 1)
#' )
#' lms_cox(Surv(months, died) ~ treated, data = small, penalty = "firth")
#'
#' # transplant as a time-dependent covariate: (start, stop] data
#' lms_cox(Surv(start, stop, event) ~ age + transplant, data = survival::heart)
#' @export
lms_cox <- function(formula, data = NULL, ..., weights, subset, na.action,
                    ties = c("efron", "breslow", "exact"), penalty = c("none", "firth"),
                    robust = NULL, cluster, id, init = NULL, control = NULL, conf_level = 0.95,
                    weight_type = c("case", "frequency", "sampling"), event = NULL,
                    singular.ok = TRUE, model = TRUE, x = FALSE, y = TRUE, method = NULL) {
  opened <- open_verb("lms_cox", cox_ways_out, cox_settings(
    list(...), control, if (!missing(ties)) ties, method, penalty, conf_level, weight_type,
    c(list(singular.ok = singular.ok, model = model, x = x, y = y), robust = robust)
  ), object = TRUE, also = c(control_names(), unused_settings))
  risk <- opened$risk
  settings <- opened$settings
  design <- new_design(risk$terms, risk$frame)
  check_covariates(risk$terms, risk$frame, risk$rows)
  fit <- fit_cox(risk, design, settings, init)
  fit <- complete_cox(fit, risk, design, settings, opened$call, opened$frame)
  say_each(fit$notes)
  where <- if (length(fit$infinite)) infinite_where(fit, design, risk$response$status)
  warn_about_fit(fit, settings$singular.ok, where)
  fit
}

# Every argument that is not data, checked.
cox_settings <- function(dots, control, ties, method, penalty, conf_level, weight_type, flags) {
  if (!is.null(method)) {
    if (!is.null(ties) && !identical(ties, method)) {
      abort("argument", "`method` is the older name of `ties`. Set only `ties`.")
    }
    ties <- method
  }
  style <- conventions()
  penalty <- check_option(penalty, "penalty", penalties)
  flags <- Map(check_flag, flags, names(flags))
  c(
    list(
      ties = read_ties(ties),
      penalty = penalty,
      control = read_control(control, dots, penalty),
      conf_level = read_conf_level(conf_level),
      weight_type = read_weight_type(weight_type),
      conventions = style$style
    ), flags
  )
}
