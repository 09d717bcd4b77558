#' Test a table of counts by Fisher's exact test
#'
#' `lms_fisher()` tests whether two categorical variables, such as sex and response, are
#' associated. It is for anyone who compares proportions between groups, also with small counts.
#' It accepts tables of any size. If the exact computation would take too long, it draws random
#' tables with the same margins until the printed digits of the p-value are known.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The two variables, and the number of rows (patients). Rows excluded for missing data are
#'   counted here by variable.
#' * The table of counts. Each percentage is a share of its row. Of the 138 men (`sex` 1), 112
#'   (81%) died.
#' * The two-sided p-value. A small p-value suggests an association. A large p-value does not
#'   prove that there is none.
#' * `mid-p`: a less conservative version of the p-value (see below). For a 2 x 2 table, a
#'   one-sided p-value follows.
#' * Whether the test is exact or by random tables, and the size of the table.
#' * For a 2 x 2 table, the odds ratio with its 95% CI. The line names the value whose odds are
#'   compared, and the two groups. Here, the odds of death in women are 0.33 times those in men.
#' * How the odds ratio and its interval were computed.
#'
#' @section p-values:
#' The two-sided p-value is a sum of probabilities, given the observed margins. It adds all
#' tables that are no more likely than the observed one (Fisher 1934; Freeman and Halton 1951).
#' Probabilities within a relative 1e-7 count as equal.
#'
#' A 2 x 2 table also has one-sided p-values, for an odds ratio below 1 and above 1. Stata's
#' `tabulate, exact` prints the two-sided p-value and the smaller one-sided one. The mid-p-value
#' is the p-value less half the probability of the observed table (Lancaster 1961). It is less
#' conservative, but its error rate can exceed the stated level.
#'
#' @section How it is computed:
#' The p-value of a 2 x 2 table is exact, from the hypergeometric distribution, up to a total of
#' 1e10. For larger tables, up to a total of 1e6, a network algorithm after Mehta and Patel
#' (1983) counts all tables. It follows partial tables row by row and drops them once their
#' contribution is known. Its time and memory are limited by `workspace`.
#'
#' If this limit is reached, or with `method = "monte_carlo"`, random tables are drawn by the
#' algorithm of Patefield (1981). The drawing is checked after 10,000 tables, and at each
#' doubling up to `replicates`. It stops if both ends of the interval for the p-value print the
#' same digits (such as 0.27). This interval (Clopper and Pearson) has 99% confidence over all
#' checks together. The p-value is `(tables as extreme + 1) / (tables + 1)`, so the test keeps
#' its level. The tables depend on `seed` alone. The random numbers of the session are not
#' changed.
#'
#' @section Odds ratio:
#' For a 2 x 2 table, the odds ratio is the conditional maximum likelihood estimate. The interval
#' is exact, from the noncentral hypergeometric distribution. Both are defined as in
#' [stats::fisher.test()], whose limits can be wrong in the second digit. Here they are solved to
#' 12 digits. The odds ratio compares the odds of the second column between the second row and
#' the first row. A two-sided interval excludes `(1 - conf_level) / 2` at each end. Near the
#' limit it can therefore disagree with the two-sided p-value.
#'
#' @section Missing and unused values:
#' Rows with a missing value in either variable are excluded, counted and printed. Levels, rows
#' and columns without any count are omitted with a message. A variable with a single value is an
#' error, because there is nothing to compare.
#'
#' @section What can be relied on:
#' * The order of the rows of the data does not change the result.
#' * Swapping rows and columns of the table does not change the p-value.
#' * Reversing one variable inverts the odds ratio and its interval.
#'
#' @param x The data to test, in one of three forms. It can be a formula `outcome ~ group` (or `~
#'   group + outcome`), or a table or matrix of counts. It can also be a vector, or the name of a
#'   column of `data`, whose values become the rows.
#' @param y A vector, or the name of a column of `data`, whose values become the columns. It is
#'   not used with a formula or a table.
#' @param data A data frame that contains the variables.
#' @param ... Not used. Any name given here is an error.
#' @param subset The rows of `data` to use: an expression that is `TRUE` or `FALSE` for each row
#'   (`NA` counts as `FALSE`), or row numbers.
#' @param alternative The alternative hypothesis on the odds ratio of a 2 x 2 table:
#'   `"two.sided"` (not 1), `"less"` (below 1) or `"greater"` (above 1).
#' @param conf_level A number between 0 and 1 that sets the level of the interval of the odds
#'   ratio. The default, 0.95, gives a 95% CI.
#' @param each `TRUE` to also test each row against all other rows together.
#' @param adjust The method that adjusts these tests for their number, one of
#'   [stats::p.adjust.methods]. The default is `"holm"`.
#' @param method `"auto"` to use the exact test if possible and random tables (Monte Carlo)
#'   otherwise; `"exact"` or `"monte_carlo"` to require one of them. 2 x 2 tables are always
#'   exact.
#' @param workspace A whole number of at least 10,000: how many partial tables the exact
#'   algorithm may hold at once. Each needs up to 64 bytes (320 MB by default) and up to 40
#'   steps. The default keeps the computation within seconds, and it can be interrupted.
#' @param replicates A whole number of at least 10,000: the largest number of random tables to
#'   draw.
#' @param seed A whole number that determines the random tables.
#' @return An object of class `c("lms_fisher", "htest")`, a list:
#' \describe{
#'   \item{p.value}{The p-value of the `alternative`.}
#'   \item{p}{`two.sided`, and for 2 x 2 tables `less`, `greater` and `one.sided`, the smaller of
#'     the two.}
#'   \item{mid.p}{The mid-p-values of the same names.}
#'   \item{estimate, conf.int, null.value, alternative}{For 2 x 2 tables: odds ratio, interval,
#'     1; as in [stats::fisher.test()].}
#'   \item{counts}{The table of counts tested, as a `table`.}
#'   \item{exact}{`TRUE`, or `FALSE` for Monte Carlo. Then `why` gives the reason in words, and
#'     `p.interval` (99%), `replicates` and `seed` describe the drawing.}
#'   \item{each}{With `each = TRUE`, a data frame with one row per row of the table: `level`,
#'     `n`, `estimate`, `conf.low`, `conf.high` (two columns only), `p.value`, `adj.p.value`,
#'     `exact`; and `adjust`.}
#'   \item{variables, n, missing, n_missing, notes}{Names of the two variables, rows used,
#'     missing values by variable, rows excluded, and the messages given.}
#'   \item{conf_level, method, data.name}{The level; texts for the print.}
#' }
#' `tidy()` gives one row for the test, or with `each = TRUE` one per row of the table.
#' `glance()` gives one row for the test. `as.data.frame()` gives the counts, one row per cell,
#' with their percentage `percent` of the table's row.
#' @references
#' Fisher RA (1934). *Statistical Methods for Research Workers*, 5th edition.
#' Oliver and Boyd, Edinburgh.
#'
#' Freeman GH, Halton JH (1951). Note on an exact treatment of contingency,
#' goodness of fit and other problems of significance. *Biometrika* 38, 141-149.
#' \doi{10.1093/biomet/38.1-2.141}
#'
#' Lancaster HO (1961). Significance tests in discrete distributions. *Journal
#' of the American Statistical Association* 56, 223-234.
#' \doi{10.1080/01621459.1961.10482105}
#'
#' Mehta CR, Patel NR (1983). A network algorithm for performing Fisher's exact
#' test in r x c contingency tables. *Journal of the American Statistical
#' Association* 78, 427-434. \doi{10.1080/01621459.1983.10477989}
#'
#' Patefield WM (1981). Algorithm AS 159: an efficient method of generating
#' random R x C tables with given row and column totals. *Applied Statistics*
#' 30, 91-97. \doi{10.2307/2346669}
#'
#' Clopper CJ, Pearson ES (1934). The use of confidence or fiducial limits
#' illustrated in the case of the binomial. *Biometrika* 26, 404-413.
#' \doi{10.1093/biomet/26.4.404}
#' @examples
#' # lung cancer: status at last contact (2 is dead) by sex
#' lms_fisher(status ~ sex, data = survival::lung)
#'
#' # performance status by sex, and a table of counts
#' lms_fisher(ph.ecog, sex, data = survival::lung)
#' lms_fisher(matrix(c(3, 1, 1, 3), 2))
#'
#' # each cell type against all others
#' lms_fisher(prior ~ celltype, data = survival::veteran, each = TRUE)
#' @export
lms_fisher <- function(x, y = NULL, data = NULL, ..., subset,
                       alternative = c("two.sided", "less", "greater"), conf_level = 0.95,
                       each = FALSE, adjust = "holm", method = c("auto", "exact", "monte_carlo"),
                       workspace = 5e6, replicates = 1e6, seed = 1) {
  refuse_unknown("lms_fisher", fisher_hints)
  if (missing(x)) {
    abort("argument", "`x` is missing.", "Write `lms_fisher(outcome ~ group, data = cohort)`.")
  }
  settings <- list(
    alternative = check_option(alternative, "alternative", c("two.sided", "less", "greater")),
    conf_level = read_conf_level(conf_level),
    each = check_flag(each, "each"),
    adjust = check_choice(adjust, "adjust", stats::p.adjust.methods),
    method = check_option(method, "method", c("auto", "exact", "monte_carlo")),
    workspace = check_number(workspace, "workspace", 1e4, whole = TRUE),
    replicates = check_number(replicates, "replicates", 1e4, whole = TRUE),
    seed = check_number(seed, "seed", -.Machine$integer.max, .Machine$integer.max, whole = TRUE)
  )
  input <- list(
    x = column(substitute(x), function() x),
    y = if (!missing(y)) column(substitute(y), function() y),
    data = if (!missing(data)) column(substitute(data), function() data),
    subset = if (!missing(subset)) column(substitute(subset), function() subset)
  )
  counted <- fisher_counts(input, parent.frame())
  for (note in counted$notes) say("levels", note)
  new_fisher(counted, settings)
}

fisher_hints <- list(
  simulate.p.value = "Write `method = \"monte_carlo\"`.",
  B = "The number of random tables is at most `replicates`.",
  hybrid = "Approximate p-values are never used: see `method`.",
  or = "The odds ratio is always tested against 1.",
  conf.level = "Did you mean `conf_level`?",
  conf.int = "The CI is always given: see `conf_level`.",
  weights = "Give a table of counts, such as `xtabs(weights ~ group + outcome, data = cohort)`."
)

new_fisher <- function(counted, settings) {
  counts <- counted$counts
  small <- identical(dim(counts), c(2L, 2L))
  if (!small && settings$alternative != "two.sided") {
    abort(
      "argument",
      paste0(
        "`alternative = ", quoted(settings$alternative), "` is for tables of 2 rows and 2 ",
        "columns, not ", nrow(counts), " x ", ncol(counts), "."
      )
    )
  }
  test <- test_table(counts, settings)
  out <- list(p.value = test$p[[settings$alternative]])
  if (small) out <- c(out, odds_ratio(counts, settings$conf_level, settings$alternative))
  out <- c(out, list(alternative = settings$alternative), test, counted)
  if (settings$each) {
    out$each <- each_row(counts, settings)
    out$adjust <- settings$adjust
  }
  out$conf_level <- settings$conf_level
  out$method <- paste0(
    "Fisher's exact test",
    if (!out$exact) paste0(" by Monte Carlo, ", count_of(out$replicates, "table"))
  )
  out$data.name <- paste(counted$variables, collapse = " and ")
  structure(out, class = c("lms_fisher", "htest"))
}

# Each row of the table against the sum of the others.
each_row <- function(counts, settings) {
  rows <- lapply(seq_len(nrow(counts)), function(i) {
    two <- rbind(colSums(counts[-i, , drop = FALSE]), counts[i, ])
    two <- two[, colSums(two) > 0, drop = FALSE]
    test <- test_table(two, settings)
    ratio <- if (ncol(two) == 2L) odds_ratio(two, settings$conf_level, "two.sided")
    data.frame(
      level = rownames(counts)[i], n = sum(counts[i, ]),
      estimate = if (is.null(ratio)) NA_real_ else ratio$estimate[[1L]],
      conf.low = if (is.null(ratio)) NA_real_ else ratio$conf.int[1L],
      conf.high = if (is.null(ratio)) NA_real_ else ratio$conf.int[2L],
      p.value = test$p[["two.sided"]], exact = test$exact
    )
  })
  rows <- do.call(rbind, rows)
  rows$adj.p.value <- stats::p.adjust(rows$p.value, settings$adjust)
  rows[c("level", "n", "estimate", "conf.low", "conf.high", "p.value", "adj.p.value", "exact")]
}
