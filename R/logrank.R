#' Log-rank and other rank tests of survival curves
#'
#' `lms_logrank()` tests whether groups of patients share one hazard, in
#' right-censored or `(start, stop]` data: the log-rank test and its relatives
#' that weigh early or late deaths more, stratified or not, for a trend over
#' ordered groups, and between each two groups with adjusted p-values. It takes
#' the formulas of [survival::survdiff()] and gives the same numbers, and goes on
#' where that refuses: weights, clusters and delayed entry.
#'
#' @section The tests:
#' At event time k of a stratum let \eqn{d_j}{d_j} patients die of the
#' \eqn{n_j}{n_j} at risk in group j, with sums D and N. A test with weight
#' \eqn{v}{v} sums over the event times of all strata
#' \deqn{U_j = \sum v (d_j - D n_j / N), \quad
#'   V_{ij} = \sum v^2 D \frac{N - D}{N - 1} \frac{n_i}{N}
#'   \left(1_{i = j} - \frac{n_j}{N}\right)}{U_j = sum v (d_j - D n_j / N),
#'   V_ij = sum v^2 D (N - D) / (N - 1) n_i / N (1(i = j) - n_j / N)}
#' and refers \eqn{U' V^- U}{U' V^- U} to the chi-squared distribution. The
#' variance is that of the hypergeometric distribution, ties included; a time at
#' which one patient is left at risk adds nothing to it.
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
#' S is the Kaplan-Meier estimate of all groups together just before the time; N
#' and S are those of the stratum. The product of the Peto test goes over the event
#' times up to and with the one that is weighed.
#'
#' `rho` or `gamma` alone mean `"fleming-harrington"`, and `test = "FH(0, 1)"` means
#' `rho = 0, gamma = 1`. `rho = 1` is the
#' test of `survdiff(rho = 1)`. That one weighs by S just before each time, and
#' `"peto"` by a slightly smaller estimate that counts the deaths of the time
#' itself, as Stata's `sts test, peto` and SAS do; their p-values are close but
#' not the same.
#'
#' Choose the test before seeing the curves. Where hazards are proportional the
#' log-rank test has the most power; the Gehan test depends on when patients were
#' censored.
#'
#' @section Max-combo:
#' `test = "max-combo"` compares two groups, stratified or not, where it is not known whether
#' their hazards differ early, late or in proportion (Lee 2007; Karrison 2016; Roychoudhury and
#' others 2021). Its statistic is the largest \eqn{|z|}{|z|} of the Fleming-Harrington tests
#' with (rho, gamma) = (0, 0), (0, 1), (1, 0) and (1, 1), where \eqn{z = U / \sqrt{V}}{z = U /
#' sqrt(V)} of the second group. Given the hypothesis the four are nearly jointly normal with
#' the covariance \deqn{\mathrm{cov}(U_v, U_w) = \sum v w D \frac{N - D}{N - 1} \frac{n_1
#' n_2}{N^2},}{cov(U_v, U_w) = sum v w D (N - D) / (N - 1) n_1 n_2 / N^2,} and the p-value is the
#' probability that the largest of four such normal variables is as large, by package mvtnorm,
#' to five digits. It accounts for the choice among the four tests, whose own p-values do not.
#'
#' @section Likelihood ratio test of exponential models:
#' `test = "exponential"` is the test that SAS PROC LIFETEST calls -2Log(LR): with
#' \eqn{d_j}{d_j} events in the time \eqn{t_j}{t_j} at risk of group j, d and t their sums,
#' \deqn{2 \sum_j d_j \log\frac{d_j / t_j}{d / t}}{2 sum d_j log((d_j / t_j) / (d / t))} on one
#' degree of freedom less than there are groups with time at risk. It assumes that each group
#' has a constant hazard, and takes no strata. Expected events are \eqn{d t_j / t}{d t_j / t}.
#'
#' @section Degrees of freedom:
#' One less than the number of groups that were at risk at some event time. Where
#' these fall into parts that were never at risk together (as when a stratum
#' holds the whole of a group) only differences within parts can be tested, and
#' each further part takes one degree of freedom more; [survival::survdiff()]
#' stops there or inverts a matrix that is singular but for rounding. Where
#' nothing can be compared, the statistic is `NA` and a warning says so.
#'
#' @section Trend:
#' With scores a the statistic is \eqn{(a'U)^2 / a'Va}{(a'U)^2 / a'Va} on one
#' degree of freedom (Tarone 1975). It is a test of its own beside the other,
#' which stays in `statistic` and `p.value`.
#'
#' @section Weights, clusters and variance:
#' With `weight_type = "frequency"` the test is that of the expanded rows. Other
#' weights make the numbers of deaths and at risk sums of weights. As in
#' [lms_cox()], fractional or sampling weights and clusters make the variance
#' robust: the sum of squared contributions of rows or clusters to U. The log-rank
#' test is then the robust score test of the Cox model with the groups as covariate
#' and Breslow ties (Lin and Wei 1989).
#'
#' @section What can be relied on:
#' * The order of the rows does not change the result.
#' * Splitting a row `(0, t]` in `(0, s]` and `(s, t]` does not change it, if
#'   `id` says which rows are one patient wherever the variance is robust.
#' * `weight_type = "frequency"` gives the test of the expanded rows.
#' * Only the order of the times counts, not their unit.
#' * The result is the same with one or several threads.
#'
#' @inheritParams lms_cox
#' @inheritSection lms_cox Which status is the event
#' @inheritSection lms_cox Missing and impossible values
#' @param formula A formula with a [survival::Surv()] on the left and the groups
#'   on the right. With `a + b` each combination of levels is a group;
#'   [survival::strata()] terms make the test stratified. A numeric variable of
#'   up to 20 values makes a group of each.
#' @param ... Not used: all further arguments must be named, in full.
#' @param test The test, one of those above or another of its names, in any case.
#' @param rho,gamma Numbers of 0 or more, of the Fleming-Harrington test: `rho`
#'   alone weighs early deaths more, `gamma` alone late ones.
#' @param trend `TRUE` for a test of trend as well, with scores 1, 2, ... in the
#'   order of the groups, or what [lms_conventions()] sets; or the scores: a number
#'   per group, in their order or named by group.
#' @param pairwise `TRUE` to test each two groups as well, on their own rows.
#' @param adjust How the pairwise p-values are adjusted, one of
#'   [stats::p.adjust.methods]; by default `"holm"`, or what [lms_conventions()] sets.
#' @param weights Numbers of 0 or more, one per row: a column of `data` (its
#'   name, bare or as a string), a vector, or an expression. Looked up in
#'   `data`, then where `lms_logrank()` is called, then where the formula was made.
#' @param robust `TRUE` or `FALSE`: whether the variance is robust. By default
#'   with clusters and with fractional or sampling weights.
#' @param timefix `TRUE` or `FALSE`: whether times within rounding error of each
#'   other count as tied, as [survival::aeqSurv()] does.
#' @return An object of class `c("lms_logrank", "survdiff", "htest")`, a list
#'   with K groups:
#' \describe{
#'   \item{n}{table of the rows by group; of patients with frequency weights.}
#'   \item{obs, exp}{K sums of v d and of v D n / N; matrices with a column per
#'     stratum where there are strata. Numbers of deaths for the log-rank test,
#'     weighted ones for the others, as in [survival::survdiff()].}
#'   \item{var}{K x K variance of `obs - exp`.}
#'   \item{chisq, pvalue; statistic, parameter, p.value}{the statistic, its
#'     degrees of freedom and p-value, as a `survdiff` and as an `htest`.}
#'   \item{strata}{table of the rows by stratum, where there are strata.}
#'   \item{method, data.name}{what the test is called, and the formula.}
#'   \item{test, rho, gamma}{the test by its first name above.}
#'   \item{components, correlation}{of the max-combo test: data frame of `rho`, `gamma`, `z` and
#'     `p.value` of each test (`z` above 0 where the second group has more events than
#'     expected), and the correlation matrix of those that can be computed. `statistic` is the
#'     largest `|z|`; there is no `chisq`. `obs`, `exp` and `var` are those of the log-rank test.}
#'   \item{trend}{list of `statistic`, `parameter`, `p.value`, `scores` and `z`,
#'     the signed root of the statistic, above 0 where the hazard rises with the
#'     score.}
#'   \item{pairwise, adjust}{data frame of `group1`, `group2`, `statistic`, `df`,
#'     `p.value` and `p.adjusted`; the method of adjustment.}
#'   \item{group_events, variables}{events by group; data frame of the variables' values
#'     in each group.}
#'   \item{plain}{list of `observed` and `expected`, by group, of the log-rank test without strata:
#'     by them [autoplot()][autoplot.lms_km] knows the curves that the test is of.}
#'   \item{periods}{of the log-rank test of two groups, a data frame with a row up to the median
#'     time of the events and one after it: `period`, `until` (that time), `events`, `score`
#'     (observed minus expected events of the second group) and `var`, by which [lms_check()] sees
#'     curves that cross; of 50,000 of the rows where there are more.}
#'   \item{nobs, nevent, n.id}{rows, events, and patients where `id` was given;
#'     patients and events themselves with frequency weights.}
#'   \item{robust, clusters, weight_type}{whether the variance is robust, the
#'     number of clusters, the kind of weights.}
#'   \item{na.action, missing, notes, event, time_unit, terms, formula, call}{as in
#'     [lms_cox()].}
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
#' lung <- survival::lung
#' lms_logrank(Surv(time, status) ~ sex, data = lung, event = 2)
#'
#' # early deaths count more; each two groups; a trend over ordered groups
#' lms_logrank(Surv(time, status) ~ celltype, data = survival::veteran,
#'             test = "peto", pairwise = TRUE)
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
