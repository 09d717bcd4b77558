#' Compare survival curves by the log-rank test and other rank tests
#'
#' `lms_logrank()` tests whether groups of patients have the same survival. It is for anyone who
#' wants a p-value beside Kaplan-Meier curves. It offers the log-rank test, and tests that give
#' more weight to early or late events. Tests can be stratified, test for a trend over ordered
#' groups, or compare pairs of groups with adjusted p-values. The data are right-censored or
#' `(start, stop]`. It accepts the formulas of [survival::survdiff()] and gives the same numbers.
#' It also accepts weights, clusters and delayed entry, which `survdiff()` does not.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The name of the test and the formula, the number of rows (patients) used and the number of
#'   events. Rows excluded for missing data are counted here by variable.
#' * `Event`: the status value that counts as the event. Check this line first.
#' * One line per group. `N` is the number of patients and `Observed` the number of events.
#' * `Expected`: the number of events that the group would have if all groups had the same hazard
#'   at each time. Women (`sex=2`) had 53 events, while 73.42 were expected. Their survival was
#'   longer than that of men.
#' * `(O-E)^2/E` and `(O-E)^2/V`: the squared difference of observed and expected, divided by the
#'   expected number or by its variance. They show which groups contribute most.
#' * The test statistic (chi-squared), its degrees of freedom, and the p-value. A small p-value
#'   suggests that the groups differ in survival. A large p-value does not prove that they are
#'   the same.
#' * With `trend` or `pairwise`, these tests follow on lines of their own.
#' * The variance that was used.
#'
#' The test does not say how large the difference is. Report it together with [lms_km()] or a
#' hazard ratio from [lms_cox()].
#'
#' @section The tests:
#' At event time k of a stratum, \eqn{d_j}{d_j} of the \eqn{n_j}{n_j} patients at risk in group j
#' have the event. The sums over groups are D and N. A test with weight \eqn{v}{v} sums over the
#' event times of all strata
#' \deqn{U_j = \sum v (d_j - D n_j / N), \quad
#'   V_{ij} = \sum v^2 D \frac{N - D}{N - 1} \frac{n_i}{N}
#'   \left(1_{i = j} - \frac{n_j}{N}\right)}{U_j = sum v (d_j - D n_j / N),
#'   V_ij = sum v^2 D (N - D) / (N - 1) n_i / N (1(i = j) - n_j / N)}
#' and compares \eqn{U' V^- U}{U' V^- U} with the chi-squared distribution. The variance is that
#' of the hypergeometric distribution, with ties included. A time at which a single patient is at
#' risk adds nothing to the variance.
#'
#' | `test` | also | weight v of an event time |
#' |---|---|---|
#' | `"logrank"` | `"mantel-haenszel"`, `"mantel-cox"` | 1 |
#' | `"gehan"` | `"wilcoxon"`, `"breslow"` | N |
#' | `"tarone-ware"` | `"tarone"`, `"tware"` | square root of N |
#' | `"peto"` | `"peto-peto"`, `"peto-prentice"` | product of 1 - D / (N + 1) up to this time |
#' | `"modified-peto"` | `"modpeto"`, `"andersen"` | that of Peto times N / (N + 1) |
#' | `"fleming-harrington"` | `"fh"`, `"FH(0, 1)"` | S^rho (1 - S)^gamma |
#' | `"max-combo"` | `"maxcombo"` | several, see below |
#' | `"exponential"` | `"-2 log(LR)"`, `"lr"` | none, see below |
#'
#' S is the Kaplan-Meier estimate of all groups together just before the time. N and S are
#' computed within the stratum. The product of the Peto test includes the event time that is
#' weighted.
#'
#' If you set only `rho` or `gamma`, the test is `"fleming-harrington"`. `test = "FH(0, 1)"`
#' means `rho = 0, gamma = 1`. `rho = 1` is the test of `survdiff(rho = 1)`, which weights by S
#' just before each time. `"peto"` uses a slightly smaller estimate that includes the events of
#' the time itself, as Stata's `sts test, peto` and SAS do. The p-values of the two are close but
#' not the same.
#'
#' Choose the test before you see the curves. The log-rank test has the most power if hazards are
#' proportional. The result of the Gehan test depends on when patients were censored.
#'
#' @section Max-combo:
#' `test = "max-combo"` compares two groups, stratified or not. Use it if it is unknown whether
#' their hazards differ early, late or in proportion (Lee 2007; Karrison 2016; Roychoudhury and
#' others 2021). Its statistic is the largest \eqn{|z|}{|z|} of four Fleming-Harrington tests,
#' with (rho, gamma) = (0, 0), (0, 1), (1, 0) and (1, 1). Here \eqn{z = U / \sqrt{V}}{z = U /
#' sqrt(V)} of the second group. Under the null hypothesis the four are nearly jointly normal,
#' with the covariance \deqn{\mathrm{cov}(U_v, U_w) = \sum v w D \frac{N - D}{N - 1} \frac{n_1
#' n_2}{N^2}.}{cov(U_v, U_w) = sum v w D (N - D) / (N - 1) n_1 n_2 / N^2.} The p-value is the
#' probability that the largest of four such normal variables is at least as large. It is
#' computed by package mvtnorm, to five digits. This p-value accounts for the choice among the
#' four tests; the p-values of the single tests do not.
#'
#' @section Likelihood ratio test of exponential models:
#' `test = "exponential"` is the test that SAS PROC LIFETEST calls -2Log(LR). Group j has
#' \eqn{d_j}{d_j} events in the time at risk \eqn{t_j}{t_j}, and d and t are the sums. The
#' statistic is \deqn{2 \sum_j d_j \log\frac{d_j / t_j}{d / t}}{2 sum d_j log((d_j / t_j) / (d /
#' t))} with one degree of freedom less than the number of groups with time at risk. The test
#' assumes that each group has a constant hazard, and it does not accept strata. Expected events
#' are \eqn{d t_j / t}{d t_j / t}.
#'
#' @section Degrees of freedom:
#' The degrees of freedom are one less than the number of groups that were at risk at some event
#' time. Sometimes these groups form parts that were never at risk together, as when one stratum
#' contains a whole group. Then only differences within parts can be tested, and each further
#' part reduces the degrees of freedom by one. [survival::survdiff()] stops in this case, or
#' inverts a matrix that is singular except for rounding. If nothing can be compared, the
#' statistic is `NA` and a warning reports it.
#'
#' @section Trend:
#' With scores a, the statistic is \eqn{(a'U)^2 / a'Va}{(a'U)^2 / a'Va} with one degree of
#' freedom (Tarone 1975). The test for trend is reported in addition to the overall test, which
#' remains in `statistic` and `p.value`.
#'
#' @section Weights, clusters and variance:
#' With `weight_type = "frequency"` the test is that of the expanded rows. With other weights,
#' the numbers of events and at risk are sums of weights. As in [lms_cox()], the variance is
#' robust with fractional or sampling weights and with clusters. It is then the sum of squared
#' contributions of rows or clusters to U. The log-rank test is then the robust score test of a
#' Cox model with the groups as covariate and Breslow ties (Lin and Wei 1989).
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * Splitting a row `(0, t]` into `(0, s]` and `(s, t]` does not change the result. If the
#'   variance is robust, `id` must identify the rows of each patient.
#' * `weight_type = "frequency"` gives the test of the expanded rows.
#' * Only the order of the times matters, not their unit.
#' * The result is the same with one or several threads.
#'
#' @inheritParams lms_cox
#' @inheritSection lms_cox Which status is the event
#' @inheritSection lms_cox Missing and impossible values
#' @param formula A formula with a [survival::Surv()] on the left and the groups on the right,
#'   such as `Surv(time, status) ~ sex`. With `a + b`, each combination of levels is a group.
#'   [survival::strata()] terms make the test stratified. Each value of a numeric variable is a
#'   group, up to 20 values.
#' @param ... Not used. All further arguments must be named in full.
#' @param test The name of the test, from the table above, in upper or lower case.
#' @param rho,gamma Numbers of 0 or more that set the weights of the Fleming-Harrington test.
#'   `rho` alone gives more weight to early events, `gamma` alone to late events.
#' @param trend `TRUE` to add a test for trend. The scores are 1, 2, ... in the order of the
#'   groups, or as [lms_conventions()] sets. To set the scores, give a number per group, in the
#'   order of the groups or named by group.
#' @param pairwise `TRUE` to also test each pair of groups, on the rows of these two groups.
#' @param adjust The method that adjusts the pairwise p-values, one of [stats::p.adjust.methods].
#'   The default is `"holm"`, or as [lms_conventions()] sets.
#' @param weights Numbers of 0 or more, one per row, that weight the rows. Give a column of
#'   `data` (its name, bare or as a string), a vector, or an expression. Names are looked up in
#'   `data`, then where `lms_logrank()` is called, then where the formula was made.
#' @param robust `TRUE` to use a robust variance. By default it is used with clusters and with
#'   fractional or sampling weights.
#' @param timefix `TRUE` to treat times that differ only by rounding error as tied, as
#'   [survival::aeqSurv()] does. `FALSE` uses the times unchanged.
#' @return An object of class `c("lms_logrank", "survdiff", "htest")`, a list described here for
#'   K groups:
#' \describe{
#'   \item{n}{Table of the rows by group; of patients with frequency weights.}
#'   \item{obs, exp}{K sums of v d and of v D n / N; matrices with a column per stratum where
#'     there are strata. For the log-rank test these are numbers of events. For other tests they
#'     are weighted, as in [survival::survdiff()].}
#'   \item{var}{K x K variance of `obs - exp`.}
#'   \item{chisq, pvalue; statistic, parameter, p.value}{The statistic, its degrees of freedom
#'     and p-value, as a `survdiff` and as an `htest`.}
#'   \item{strata}{Table of the rows by stratum, where there are strata.}
#'   \item{method, data.name}{The name of the test, and the formula.}
#'   \item{test, rho, gamma}{The test by its first name above, and its parameters.}
#'   \item{components, correlation}{For the max-combo test, a data frame of `rho`, `gamma`, `z`
#'     and `p.value` of each test, and the correlation matrix of the tests that can be computed.
#'     `z` is above 0 where the second group has more events than expected. `statistic` is the
#'     largest `|z|`; there is no `chisq`. `obs`, `exp` and `var` are those of the log-rank
#'     test.}
#'   \item{trend}{List of `statistic`, `parameter`, `p.value`, `scores` and `z`. `z` is the
#'     signed root of the statistic, above 0 where the hazard rises with the score.}
#'   \item{pairwise, adjust}{Data frame of `group1`, `group2`, `statistic`, `df`, `p.value` and
#'     `p.adjusted`; the method of adjustment.}
#'   \item{group_events, variables}{Events by group; data frame of the variables' values in each
#'     group.}
#'   \item{plain}{List of `observed` and `expected`, by group, of the log-rank test without
#'     strata. [autoplot()][autoplot.lms_km] uses them to recognize the curves that were tested.}
#'   \item{periods}{For the log-rank test of two groups, a data frame with a row up to the median
#'     event time and one after it: `period`, `until` (that time), `events`, `score` (observed
#'     minus expected events of the second group) and `var`. [lms_check()] uses it to find curves
#'     that cross. With more than 50,000 rows, 50,000 of them are used.}
#'   \item{nobs, nevent, n.id}{Rows, events, and patients where `id` was given. With frequency
#'     weights, these count patients and events themselves.}
#'   \item{robust, clusters, weight_type}{Whether the variance is robust, the number of clusters,
#'     the kind of weights.}
#'   \item{na.action, missing, notes, event, time_unit, terms, formula, call}{As in [lms_cox()].}
#' }
#' @references
#' Mantel N (1966). Evaluation of survival data and two new rank order statistics
#' arising in its consideration. *Cancer Chemotherapy Reports* 50, 163-170.
#'
#' Gehan EA (1965). A generalized Wilcoxon test for comparing arbitrarily
#' singly-censored samples. *Biometrika* 52, 203-223.
#' \doi{10.1093/biomet/52.1-2.203}
#'
#' Tarone RE, Ware J (1977). On distribution-free tests for equality of survival
#' distributions. *Biometrika* 64, 156-160. \doi{10.1093/biomet/64.1.156}
#'
#' Peto R, Peto J (1972). Asymptotically efficient rank invariant test
#' procedures. *Journal of the Royal Statistical Society A* 135, 185-198.
#' \doi{10.2307/2344317}
#'
#' Harrington DP, Fleming TR (1982). A class of rank test procedures for censored
#' survival data. *Biometrika* 69, 553-566. \doi{10.1093/biomet/69.3.553}
#'
#' Andersen PK, Borgan O, Gill R, Keiding N (1982). Linear nonparametric tests for comparison
#' of counting processes, with applications to censored survival data. *International
#' Statistical Review* 50, 219-258. \doi{10.2307/1402489}
#'
#' Lee S-H (2007). On the versatility of the combination of the weighted log-rank statistics.
#' *Computational Statistics and Data Analysis* 51, 6557-6564.
#' \doi{10.1016/j.csda.2007.03.006}
#'
#' Karrison TG (2016). Versatile tests for comparing survival curves based on weighted log-rank
#' statistics. *Stata Journal* 16, 678-690. \doi{10.1177/1536867X1601600308}
#'
#' Roychoudhury S, Anderson KM, Ye J, Mukhopadhyay P (2021). Robust design and analysis of
#' clinical trials with nonproportional hazards. *Statistics in Biopharmaceutical Research*
#' 15, 280-294. \doi{10.1080/19466315.2021.1874507}
#'
#' SAS Institute Inc. (2018). The LIFETEST procedure. *SAS/STAT 15.1 User's Guide*. Cary, NC.
#'
#' Tarone RE (1975). Tests for trend in life table analysis. *Biometrika* 62,
#' 679-690. \doi{10.1093/biomet/62.3.679}
#'
#' Lin DY, Wei LJ (1989). The robust inference for the Cox proportional hazards
#' model. *Journal of the American Statistical Association* 84, 1074-1078.
#' \doi{10.1080/01621459.1989.10478874}
#' @seealso [tidy.lms_logrank()], [lms_cox()].
#' @examples
#' # lung cancer: survival of men (1) and women (2)
#' lung <- survival::lung
#' lms_logrank(Surv(time, status) ~ sex, data = lung, event = 2)
#'
#' # more weight to early deaths, and all pairs of cell types
#' lms_logrank(Surv(time, status) ~ celltype, data = survival::veteran,
#'             test = "peto", pairwise = TRUE)
#'
#' # a trend over performance status, stratified by sex
#' lms_logrank(Surv(time, status) ~ ph.ecog + strata(sex), data = lung, event = 2,
#'             trend = TRUE)
#' @export
lms_logrank <- function(formula, data = NULL, ...,
                        test = c("logrank", "gehan", "tarone-ware", "peto", "modified-peto",
                                 "fleming-harrington", "max-combo", "exponential"),
                        rho = NULL, gamma = NULL, trend = FALSE, pairwise = FALSE,
                        adjust = NULL, weights, subset, na.action, robust = NULL, cluster, id,
                        weight_type = c("case", "frequency", "sampling"), event = NULL,
                        timefix = TRUE) {
  opened <- open_verb("lms_logrank", logrank_ways_out, logrank_settings(
    if (!missing(test)) test, rho, gamma, trend, pairwise, adjust, robust,
    weight_type, timefix
  ))
  risk <- opened$risk
  call <- clean_call(opened$call, risk)
  out <- complete_logrank(risk, logrank_groups(risk), opened$settings, call)
  say_each(out$notes)
  warn_about_test(out)
  out
}

# Groups to compare, at least two.
logrank_groups <- function(risk) {
  if (length(attr(risk$terms, "offset"))) {
    abort("formula", "`formula` has an offset(). One-sample tests are not supported.",
          "Use survival::survdiff() to compare one group with a known survival.")
  }
  groups <- group_data(risk)
  levels <- levels(groups$groups)
  if (length(levels) >= 2L) return(groups)
  if (!length(levels)) {
    abort(
      "groups", "`formula` has no groups to compare.",
      if (is.null(groups$strata)) {
        "Write the groups on the right, such as `Surv(time, status) ~ sex`."
      } else {
        "Write the groups beside strata(), such as `Surv(time, status) ~ drug + strata(centre)`."
      }
    )
  }
  abort(
    "groups",
    paste0(
      "There is only one group, ", quoted(levels), ", in the ",
      count_of(length(groups$groups), "row"), " in use, so there is nothing to compare."
    ),
    "Check `subset`, missing values and the groups."
  )
}

complete_logrank <- function(risk, groups, settings, call) {
  levels <- levels(groups$groups)
  plan <- robust_plan(settings$robust, risk, settings$weight_type)
  check_whole_weights(plan$robust, risk$response$weights)
  if (plan$robust) refuse_many_groups(levels, sum(risk$response$status), plan$clusters)
  check_combined(settings, plan, groups, risk$response)
  scores <- trend_scores(settings$trend, levels, groups$variables,
                         group_values(risk$frame, groups$variables))
  options <- c(
    settings[c("rho", "gamma", "timefix")],
    list(
      test = core_test(settings$test), robust = plan$robust,
      frequency = settings$weight_type == "frequency",
      threads = default_threads()
    )
  )
  core <- run_rank_test(risk, groups$groups, plan$codes, scores, options, settings$pairwise)
  plain <- plain_sums(risk, groups, options, plan$codes, core)
  if (settings$test == "exponential") {
    parts <- exponential_test(risk$response, groups$groups, settings$pairwise)
    core[names(parts)] <- parts
    core$var[] <- NA
  }
  counts <- count_patients(risk, options$frequency)
  out <- c(group_tables(core, groups), if (settings$test == "max-combo") {
    max_combo(risk, groups, options)
  } else {
    chi_squared(core)
  })
  out$strata <- strata_table(groups$strata)
  out$na.action <- risk$na.action
  out$call <- call
  out$method <- test_method(
    utils::modifyList(options, settings["test"]), !is.null(groups$strata)
  )
  out$data.name <- deparse1(stats::formula(risk$terms))
  out <- c(out, settings[c("test", "rho", "gamma")])
  if (length(scores)) out$trend <- trend_result(core$trend, stats::setNames(scores, levels))
  if (settings$pairwise) {
    out$pairwise <- pairwise_table(core$pairs, levels, settings$adjust)
    out$adjust <- settings$adjust
  }
  out$variables <- groups$variables
  out$plain <- plain
  if (settings$test == "logrank") out$periods <- test_periods(risk, groups, options, core)
  out <- c(out, list(nobs = counts$n, nevent = counts$nevent), counts["n.id"][!is.null(risk$id)])
  out$robust <- plan$robust
  out$clusters <- plan$clusters
  if (!is.null(risk$response$weights)) out$weight_type <- settings$weight_type
  out$missing <- risk$missing
  out$not_applicable <- risk$not_applicable
  out$notes <- c(groups$notes, merged_note(core$merged))
  out$event <- risk$event
  out$guards <- risk$guards
  out$time_unit <- risk$unit
  out$terms <- risk$terms
  out$formula <- stats::formula(risk$terms)
  unbound(structure(out, class = c("lms_logrank", "survdiff", "htest")))
}
