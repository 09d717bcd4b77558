#' Fisher's exact test
#'
#' `lms_fisher()` tests whether the rows and columns of a table of counts are
#' independent, given its margins. It takes tables of any size: where the exact
#' computation would take too long, random tables with the same
#' margins are drawn until the p-value is known to the digits that are printed.
#'
#' @section p-values:
#' The two-sided p-value is the probability of all tables with the observed
#' margins that are no more likely than the observed one (Fisher 1934; Freeman
#' and Halton 1951), probabilities within a relative 1e-7 counting as equal. A
#' 2 x 2 table also has the one-sided p-values, towards an odds ratio below and
#' above 1; Stata's `tabulate, exact` prints the two-sided one and the smaller
#' of the one-sided ones. The mid-p-value is the p-value less half the
#' probability of the observed table (Lancaster 1961): less conservative, and no
#' longer guaranteed to keep the level.
#'
#' @section How it is computed:
#' A 2 x 2 table is exact, from the hypergeometric distribution, up to a total of
#' 1e10. For a larger one, up to 1e6, all tables are counted by a network algorithm after Mehta and
#' Patel (1983), which follows partial tables row by row and drops them as soon
#' as it is known whether what can come of them counts; it needs time and memory
#' in proportion to `workspace` at most. If that does not do, or with `method =
#' "monte_carlo"`,
#' tables are drawn by the algorithm of Patefield (1981). After 10,000 tables,
#' and at each doubling up to `replicates`, the drawing stops if both ends of
#' the interval for the p-value print alike (such as 0.27). The interval
#' (Clopper and Pearson) holds with 99% at all looks together. The p-value is
#' `(tables as extreme + 1) / (tables + 1)`, so that its test keeps the level.
#' The tables depend on `seed` alone, and the session's random numbers go on as
#' if none had been drawn.
#'
#' @section Odds ratio:
#' For a 2 x 2 table the conditional maximum likelihood estimate and the exact
#' interval of the noncentral hypergeometric distribution, as in
#' [stats::fisher.test()], whose limits can be off in the second digit, but
#' solved to 12 digits: the odds of the second column in the second row against
#' the first row. A two-sided interval leaves out
#' `(1 - conf_level) / 2` at each end, so it may disagree with the two-sided
#' p-value close to the limit.
#'
#' @section Missing and unused values:
#' Rows with a missing value in either variable are left out, counted and
#' printed. Levels, rows and columns without any count are left out with a
#' message. A variable with a single value is an error, since nothing is
#' compared.
#'
#' @section What can be relied on:
#' * The order of the rows of the data changes nothing.
#' * Neither does swapping rows and columns of the table: the p-value is the
#'   same.
#' * Reversing one variable turns the odds ratio and its interval into their
#'   inverse.
#'
#' @param x One of: a formula `outcome ~ group` (or `~ group + outcome`); a table
#'   or matrix of counts; a vector, or the name of a column of `data`, whose
#'   values become the rows.
#' @param y A vector, or the name of a column of `data`, whose values become the
#'   columns. Not with a formula or a table.
#' @param data A data frame in which the variables are looked up.
#' @param ... Not used; anything here is refused by name.
#' @param subset Which rows of `data` to use: an expression giving `TRUE` or
#'   `FALSE` per row (`NA` counts as `FALSE`) or row numbers.
#' @param alternative `"two.sided"`, `"less"` or `"greater"`: the odds ratio of a
#'   2 x 2 table under the alternative is not 1, below 1, or above 1.
#' @param conf_level A number between 0 and 1, the level of the interval of the
#'   odds ratio, 0.95 by default.
#' @param each `TRUE` to test each row against all others together, too.
#' @param adjust The adjustment of these tests for their number, one of
#'   [stats::p.adjust.methods]; `"holm"` by default.
#' @param method `"auto"`: exact if it can be, else Monte Carlo; `"exact"` or
#'   `"monte_carlo"` to insist. 2 x 2 tables are always exact.
#' @param workspace A whole number of at least 10,000: how many partial tables
#'   the exact algorithm may hold at once, each with up to 64 bytes (320 MB by default) and up
#'   to 40 steps. The default keeps it within seconds; it can be interrupted.
#' @param replicates A whole number of at least 10,000: the most tables to draw.
#' @param seed A whole number from which the random tables are drawn.
#' @return An object of class `c("lms_fisher", "htest")`, a list:
#' \describe{
#'   \item{p.value}{the p-value of the `alternative`.}
#'   \item{p}{`two.sided`, and for 2 x 2 tables `less`, `greater` and
#'     `one.sided`, the smaller of the two.}
#'   \item{mid.p}{the mid-p-values of the same names.}
#'   \item{estimate, conf.int, null.value, alternative}{2 x 2 tables: odds ratio,
#'     interval, 1; as in [stats::fisher.test()].}
#'   \item{counts}{the table of counts tested, as a `table`.}
#'   \item{exact}{`TRUE`, or `FALSE` for Monte Carlo, with `why` in words,
#'     `p.interval` (99%), `replicates` and `seed`.}
#'   \item{each}{with `each = TRUE` a data frame, one row per row of the table:
#'     `level`, `n`, `estimate`, `conf.low`, `conf.high` (two columns only),
#'     `p.value`, `adj.p.value`, `exact`; and `adjust`.}
#'   \item{variables, n, missing, n_missing, notes}{names of the two variables,
#'     rows used, missing values by variable, rows left out, and what was said.}
#'   \item{conf_level, method, data.name}{the level; for print.}
#' }
#' `tidy()` gives one row for the test, or with `each = TRUE` one per row of the
#' table; `glance()` one row for the test; `as.data.frame()` the counts, one row
#' per cell, with their percentage `percent` of the table's row.
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
#' lms_fisher(status ~ sex, data = survival::lung)
#' lms_fisher(ph.ecog, sex, data = survival::lung)
#' lms_fisher(matrix(c(3, 1, 1, 3), 2))
#'
#' # each cell type against the others
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
