#' Cox proportional hazards model
#'
#' `lms_cox()` fits the Cox model to right-censored or `(start, stop]` data. It
#' takes the formula language and the arguments of [survival::coxph()], gives
#' the same numbers, and returns an object of class `c("lms_cox", "coxph")` that
#' whatever takes a `coxph` takes. Where data are ambiguous or wrong it says so
#' and stops rather than guess.
#'
#' @section Model:
#' The hazard of row i in stratum s is
#' \eqn{\lambda_s(t) \exp(x_i' \beta + o_i)}{lambda_s(t) exp(x_i'b + o_i)}, with
#' covariates x, offset o, and a baseline hazard of no given form for each
#' stratum. The coefficients maximise the partial likelihood of Cox (1972), with
#' tied event times by Efron (1977), Breslow (1974), or the exact conditional
#' likelihood. A hazard ratio is `exp(coefficient)`.
#'
#' The variance is the inverse information, or with `robust`, `cluster`,
#' fractional case weights or sampling weights the sandwich of Lin and Wei
#' (1989), summed over clusters, without a small-sample factor; under
#' `lms_conventions("stata")` it is multiplied by n / (n - 1) for n clusters,
#' patients (`id`) or rows.
#'
#' @section Firth's penalty:
#' Where nobody in a group dies, or a covariate orders the deaths perfectly, the
#' partial likelihood l has no maximum and a hazard ratio runs to 0 or infinity.
#' `penalty = "firth"` maximises
#' \eqn{l^*(\beta) = l(\beta) + \frac12 \log\det I(\beta)}{l*(b) = l(b) + 1/2 log det I(b)}
#' in its place, I being the information (Firth 1993; Heinze and Schemper 2001).
#' Its maximum is finite whatever the data, and it has less small-sample bias.
#' It goes with strata, offsets, entry times, case and frequency weights, and
#' Efron's or Breslow's ties; not with exact ties or a robust variance.
#'
#' The variance is the inverse of I at the estimate. As the penalised likelihood
#' may be far from quadratic, print, [confint.lms_cox()], [summary.lms_cox()] and
#' [tidy.lms_cox()] give profile penalised likelihood intervals, and p-values
#' of penalised likelihood ratio tests: a coefficient is held at a value and the
#' others are estimated anew, with the penalty of all columns. drop1() tests
#' terms so. The value of l* depends on the units of the covariates (hazard
#' ratios, intervals and tests do not), so it has no AIC. With as many coefficients
#' as events l* may have several maxima, of which one is found.
#'
#' @section Which status is the event:
#' In a `Surv(time, status)` written in the formula the event is 1 of a status
#' 0/1, `TRUE` of a logical one and 2 of a status 1/2 (with a message). Of a factor
#' with two levels, or of labelled numbers, the second level is the event (with a
#' message) where its words are known to be an event and those of the first are known
#' not to be, such as `"alive"` and `"dead"`, in the usual languages. Any other coding,
#' and a numeric status of a single value, is an error that shows the values: set
#' `event = "dead"`. `Surv(time)` without a status counts each row as an event (with a
#' message). What was said is kept in the call, so that [stats::update()]
#' and [stats::step()] hold to it. A response that already is a
#' [survival::Surv()] object is taken as it is.
#'
#' @section Missing and impossible values:
#' Rows with a missing covariate, status, weight or stratum are left out, as the
#' `na.action` says, and counted in the print by variable. An empty text is a
#' level, and a message says so; a factor level without rows is dropped, and a
#' message says so. A missing time is an
#' error unless `na.action` is given. Times below 0, an entry at or after its
#' exit, infinite values and negative weights are errors that name the first
#' rows. Time 0 is legal, as is a negative entry time.
#'
#' @section Categories:
#' Labelled numbers (of haven) are categories with their labels where each value has one, else
#' numbers. Ordered factors get the contrasts of the session, polynomial ones by default as in
#' [survival::coxph()], and a message reports it. Where `options(contrasts)` differs from R's
#' default, a message
#' names the variables coded by it. [lms_cohort()] compares the levels of ordered factors with the
#' first.
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * Splitting a row `(0, t]` in `(0, s]` and `(s, t]` does not change it.
#' * `weight_type = "frequency"` gives the fit of the expanded rows.
#' * Only the order of the times counts, not their unit.
#' * The result is the same with one or several threads.
#'
#' @param formula A formula with a [survival::Surv()] on the left. The right
#'   side may hold any R term, [survival::strata()], [survival::cluster()] and
#'   [stats::offset()], with or without `survival::`.
#' @param data A data frame (or matrix, list, environment) in which the
#'   variables are looked up, else the environment of the formula.
#' @param ... Settings of [lms_cox_control()], such as `iter.max`, by their full
#'   names. Anything else is refused by name: no argument is matched partially.
#' @param weights Numbers of 0 or more, one per row: a column of `data` (its
#'   name, bare or as a string), a vector, or an expression. Looked up in
#'   `data`, then where `lms_cox()` is called, then where the formula was made.
#' @param subset Which rows to use: an expression giving `TRUE` or `FALSE` per
#'   row (`NA` counts as `FALSE`) or row numbers; looked up as `weights`.
#' @param na.action A function for rows with missing values, or its name:
#'   [stats::na.omit()], [stats::na.exclude()] (residuals and predictions are
#'   padded with `NA`) or [stats::na.fail()]. By default `getOption("na.action")`.
#' @param ties `"efron"`, `"breslow"` or `"exact"`, in any case. The default is
#'   that of [lms_conventions()], `"efron"` in a fresh session.
#' @param robust `TRUE` or `FALSE`: whether the variance is the sandwich. By
#'   default as in [survival::coxph()]: with clusters and with fractional
#'   weights.
#' @param cluster Clusters of rows for the robust variance, looked up as
#'   `weights`; the same as a `cluster()` term.
#' @param id Which rows are one patient, looked up as `weights`. Rows of one patient
#'   that overlap in time (within a stratum), or that follow the event, are an error; a gap
#'   between them is reported in a message. Where events recur, or rows are eyes or tumors, give
#'   `cluster` in place of `id`.
#' @param penalty `"none"`, or `"firth"` for Firth's penalised likelihood: see
#'   below.
#' @param init Initial values, one number per coefficient; 0 by default.
#' @param control A list made by [lms_cox_control()].
#' @param conf_level A number between 0 and 1: the level of the intervals that
#'   are printed, 0.95 by default.
#' @param weight_type What `weights` are: `"case"` (as in [survival::coxph()]),
#'   `"frequency"` (whole numbers, each row stands for so many equal rows) or
#'   `"sampling"` (inverse probabilities; the variance is robust).
#' @param event The value or values of the status that are the event; all other
#'   values are censored. Needed where the coding is not plain.
#' @param singular.ok `TRUE`, or `FALSE` to make collinear columns an error.
#' @param model `TRUE` to keep the model frame, so that no later function needs
#'   to evaluate the call again; its columns are the user's own, not copies.
#'   With `FALSE` nothing about single patients is kept but what a `coxph` has.
#' @param x `TRUE` to keep the design matrix in the result.
#' @param y `TRUE` to keep the response in the result.
#' @param method The older name of `ties`.
#' @return An object of class `c("lms_cox", "coxph")` (with `"coxph.null"`
#'   between them for a model without covariates), a list with n rows in use and
#'   p coefficients:
#' \describe{
#'   \item{coefficients}{p log hazard ratios; `NA` for collinear columns.}
#'   \item{var, naive.var}{p x p variance; with a robust variance `naive.var` is
#'     the model-based one, and `robust_factor` what the other was multiplied by.}
#'   \item{loglik}{log partial likelihood at the initial values and at the end;
#'     with a penalty the penalised ones, each with the information there.}
#'   \item{penalty}{`"firth"`, for a fit with that penalty.}
#'   \item{profile}{for such a fit a matrix with the columns `lower` and `upper`
#'     (profile penalised likelihood limits at `conf_level`), `chisq` and `p` (test
#'     that the coefficient is 0), computed when asked for by `$`.}
#'   \item{score, rscore, wald.test}{score test, robust score test and Wald test
#'     that all coefficients equal their initial values.}
#'   \item{first}{p first derivatives of the log likelihood at the end.}
#'   \item{iter, converged, infinite}{Newton steps; whether they converged; the
#'     coefficients that run to `Inf` or `-Inf`, by name.}
#'   \item{linear.predictors}{n values, centred by `means`, with the offset less its mean.}
#'   \item{residuals}{n martingale residuals, computed when asked for by `$`.}
#'   \item{concordance}{Harrell's concordance with its counts and standard error
#'     (Harrell 1996), computed when asked for by `$`.}
#'   \item{means}{p column means, 0 for columns of -1, 0 and 1.}
#'   \item{n, nevent, n.id}{rows, events, and patients where `id` was given;
#'     patients and events themselves with frequency weights.}
#'   \item{method, terms, assign, xlevels, contrasts, formula, call, y, x, strata,
#'     weights, offset, na.action, timefix, model}{as in
#'     [survival::coxph.object]. `offset` is as given, and `strata` is kept always.}
#'   \item{level_table}{data frame of `term`, `kind`, `level`, `label` (what the row
#'     is called below its term), `n`, `events` and `coef`, the number of the
#'     coefficient (0 for the reference); of an interaction with levels the rows
#'     and events of each combination. `kind` is `reference`, `level`, `contrast`
#'     (of levels with each other), `quantity`, `interaction`, or `column` (of a
#'     spline or polynomial).}
#'   \item{missing}{rows with a missing value, by variable.}
#'   \item{notes}{what was said in messages.}
#'   \item{origin, dated}{of a fit to an endpoint of [lms_cohort()]: what the clock
#'     starts at, and a data frame with the time at which each dated covariate
#'     became known in each row, counted from there (`NA` for never; only with `model`).}
#'   \item{labels}{the attribute `"label"` of the variables and, as `"(time)"`, of the
#'     time, where the data have it.}
#'   \item{competing}{`TRUE` where `event` left other values than censoring out.}
#'   \item{event, time_unit, conf_level, conventions, weight_type, clusters}{what
#'     the event is, the unit of a `difftime`, the level, the session's
#'     conventions, the kind of weights and the number of clusters.}
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
#' lung <- survival::lung
#' fit <- lms_cox(Surv(time, status) ~ age + factor(sex), data = lung, event = 2)
#' fit
#' summary(fit)
#' confint(fit)
#'
#' # one baseline hazard per centre, and a robust variance by centre
#' lms_cox(Surv(time, status) ~ ph.ecog + strata(inst), data = lung, event = 2,
#'         cluster = inst)
#'
#' # nobody of the treated dies: a finite hazard ratio all the same
#' small <- data.frame(
#'   months = c(3, 5, 8, 9, 12, 15, 20, 22), died = c(1, 1, 0, 1, 1, 0, 0, 0),
#'   treated = c(0, 0, 0, 0, 0, 1, 1, 1)
#' )
#' lms_cox(Surv(months, died) ~ treated, data = small, penalty = "firth")
#'
#' # (start, stop] data
#' lms_cox(Surv(start, stop, event) ~ age + surgery, data = survival::heart)
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
