#' Table of patients
#'
#' The first table of a paper: counts and percentages, means, medians and quartiles, missing
#' values on a line of their own, by group where there are groups, with the tests that fit and
#' standardised differences.
#'
#' @section What each column becomes:
#' * Factors, text and labelled numbers: a line for each level with patients, as count and
#'   percentage of the patients whose value is known. Logical columns and 0/1: the line of `TRUE`
#'   or 1 alone.
#' * Numbers: mean and standard deviation (or standard error, if it is asked for), median and
#'   quartiles, or range, a line for each of `summary`.
#' * `Surv` columns and endpoints of a cohort: the number of events, and the Kaplan-Meier median
#'   with its interval or its quartiles. Such with competing risks are left out.
#' * Empty text counts as missing.
#'
#' Never tabulated are identifiers: the id of a cohort, text with a value of its own in each row,
#' and whole numbers that number the rows or are named as an id. Dates are left out too: make a
#' time of them by [lms_months()]. Without `vars` such columns, and text with more than 30 values,
#' are left out with a message; named in `vars` they are an error. Of a cohort, the columns of its
#' roles and its endpoints are left out as well unless they are named.
#'
#' @section Comparisons: Fisher's exact test for counts ([lms_fisher()]), Wilcoxon's rank-sum or
#' the Kruskal-Wallis test for numbers, or Welch's t-test and analysis of variance with `test =
#' "t"`; the log-rank test for survival. Each is named in a footnote. Rows where `by` is missing
#' are left out, and counted in a footnote. p-values do not say whether groups that were not
#' randomised are comparable: the standardised difference does.
#'
#' For numbers it is \eqn{|m_1 - m_2| / \sqrt{(s_1^2 + s_2^2)/2}} (Austin 2009), for levels
#' \eqn{\sqrt{d' S^{-1} d}}, where \eqn{d} holds the differences of the shares of all levels but
#' one and \eqn{S} is the mean of the two multinomial covariance matrices (Yang and Dalton 2012).
#' With more than two groups it is the largest of all pairs. Groups without a level in common have
#' an infinite one.
#'
#' @section Small counts: With `min_cell = 5` counts of 1 to 4 are shown as "<5", and further
#' counts as "*" so that the small ones cannot be computed from totals and other groups: for each
#' hidden count there are other tables that look the same and have counts there at least 2 apart.
#' Percentages go with their counts, and all percentages of a group where the number of missing
#' values is hidden; p-value and difference, from which a count could be found by trying, go too.
#' Means and medians of fewer patients are hidden, with those of the whole. A logical column
#' counts as two levels. `as.data.frame()` holds no hidden number either. What other tables or
#' linked variables tell (a site that is missing in all but three patients, those with a
#' metastasis) is not looked at.
#'
#' @param data A cohort made by [lms_cohort()], or a data frame.
#' @param by The column that makes the groups, bare or as a string.
#' @param vars The columns to tabulate, in this order: `c(age, sex)`, names as strings, or a formula
#'   `~ age + sex`. By default all that can be.
#' @param ... Not used; anything here is refused by name.
#' @param summary What is said of numbers: among `"mean_sd"`, `"mean_sem"`, `"median_iqr"` and
#'   `"range"`; of survival, `"events"`, `"median_ci"` and `"median_iqr"`. Named elements hold for
#'   one column: `c("median_iqr", age = "mean_sem")`.
#' @param test `"rank"`, `"t"` or `"none"`, for numbers; named elements hold for one column.
#' @param p,smd,overall `TRUE` or `FALSE`: columns of p-values, of standardised differences, and of
#'   all groups together.
#' @param missing `"shown"` on a line of its own, or `"hidden"`: the number of patients whose value
#'   is known then stands with the name. Named elements hold for one column.
#' @param labels Names for the columns, such as `c(age = "Age (years)")`. By default their attribute
#'   `"label"`, as made by haven or Hmisc, or their name in words.
#' @param codes As in [lms_cohort()]: whether few whole numbers are categories.
#' @param digits A whole number, the decimals of numbers; by default two or three figures of the
#'   standard deviation. Named elements hold for one column.
#' @param style `"plain"`, `"nejm"`, `"jama"` or `"lancet"`: see [lms_table()].
#' @param min_cell A whole number of at least 3: counts below it are hidden.
#' @param caption Text above the table.
#' @return An object of class `c("lms_table_one", "lms_table")`: see [lms_table()].
#'   `as.data.frame()` and `tidy()` have a row for each line of the table and group:
#' \describe{
#'   \item{line}{number of the line.}
#'   \item{variable, label, kind}{column; what it is called; `categorical`, `binary`, `continuous`
#'     or `survival`.}
#'   \item{statistic, level}{`count`, `missing`, `mean_sd`, `mean_sem`, `median_iqr`, `range`,
#'     `events` or `median_ci`; the level of a count.}
#'   \item{group}{group of `by`, or `Overall`.}
#'   \item{n, total, percent}{the count, of how many, in percent; for numbers, `n` is how many are
#'     known.}
#'   \item{mean, sd, sem, median, q1, q3, min, max, conf.low, conf.high}{as the statistic has them;
#'     limits of the level that [lms_km()] uses, 0.95.}
#'   \item{p.value, method, smd}{of the variable, on each of its rows.}
#'   \item{masked}{`""`, `"small"` (1 to `min_cell` - 1) or `"hidden"`.}
#' }
#' Quartiles are those of [stats::quantile()], `type = 7`, and under the conventions of Stata or SAS
#' `type = 2`.
#' @references Austin PC (2009). Balance diagnostics for comparing the distribution of baseline
#' covariates between treatment groups in propensity-score matched samples. *Statistics in
#' Medicine* 28, 3083-3107. \doi{10.1002/sim.3697}
#'
#' Yang D, Dalton JE (2012). A unified approach to measuring the effect size between two groups
#' using SAS. *SAS Global Forum 2012*, paper 335.
#' @seealso [lms_table()] for output and journal styles, [lms_table_cox()].
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' lms_table_one(cohort, by = ever_bone_metastasis, vars = c(age, sex, race, tumor_size))
#' lms_table_one(cohort, vars = age, summary = "mean_sem")
#'
#' # any data frame; for release from a registry; as a Lancet paper has it
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' lms_table_one(lung, by = sex, vars = c(age, ph.ecog, wt.loss), smd = TRUE, min_cell = 5)
#' lms_table_one(lung, by = sex, vars = c(age, ph.karno), style = "lancet")
#' @export
lms_table_one <- function(data, by = NULL, vars = NULL, ...,
                          summary = c("mean_sd", "median_iqr"), test = "rank", p = TRUE,
                          smd = FALSE, overall = TRUE, missing = "shown", labels = NULL,
                          codes = c("categories", "numbers"), digits = NULL, style = "plain",
                          min_cell = NULL, caption = NULL) {
  refuse_dots("lms_table_one", names(formals(lms_table_one))[-4L], dot_names(...),
              table_one_hints)
  read <- read_table_data(data, substitute(by), substitute(vars), codes, parent.frame())
  settings <- list(
    min_cell = check_min_cell(min_cell), whole = table_word("Overall"), p = check_flag(p, "p"),
    smd = check_flag(smd, "smd"), style = journal_style(style),
    type = conventions()$quartiles,
    overall = check_flag(overall, "overall")
  )
  settings <- c(settings, by_column(read$vars, read$survival, summary, test, missing, digits))
  labels <- check_labels(labels, names(read$data))
  titles <- vapply(read$vars, function(name) {
    column_title(name, read$data[[name]], labels, read$endpoints)
  }, "")
  with_point(new_table_one(read, titles, settings, labels, caption))
}

table_one_hints <- list(
  strata = "The groups are `by`.", group = "The groups are `by`.",
  variables = "Did you mean `vars`?", include = "Did you mean `vars`?"
)

new_table_one <- function(read, titles, settings, labels, caption) {
  rows <- list(seq_len(nrow(read$data)))
  names(rows) <- settings$whole
  if (!is.null(read$group)) {
    refuse_small_groups(table(read$group), settings, paste0(tick(read$by), ":"))
    groups <- split(rows[[1L]], read$group)
    rows <- if (settings$overall) c(rows, groups) else groups
    if (!settings$overall) settings$whole <- NA_character_
  } else if (nrow(read$data) < settings$min_cell) {
    abort("min_cell", "There are fewer patients than `min_cell`.")
  }
  parts <- lapply(read$vars, function(name) {
    described <- describe_variable(read$data[[name]], name, rows, settings)
    compared <- compare_variable(read, name, described, settings)
    data.frame(variable = name, label = titles[[name]], kind = described$kind, described$lines,
               compared, digits = column_digits(name, described, settings))
  })
  numbers <- do.call(rbind, parts)
  numbers <- cbind(line = cumsum(numbers$group == names(rows)[1L]), numbers)
  structure(
    list(
      numbers = numbers[setdiff(names(numbers), "digits")],
      digits = tapply(numbers$digits, numbers$variable, `[`, 1L),
      groups = data.frame(group = names(rows), n = lengths(rows), row.names = NULL),
      by = if (!is.null(read$by)) column_title(read$by, read$data[[read$by]], labels),
      notes = table_one_notes(read, numbers, settings, titles, labels), settings = settings,
      caption = if (is.null(caption)) table_one_caption(read, labels) else caption
    ),
    class = c("lms_table_one", "lms_table")
  )
}

compare_variable <- function(read, name, described, settings) {
  none <- data.frame(p.value = NA_real_, method = NA_character_, smd = NA_real_)
  if (is.null(read$group) || described$hidden) return(none)
  x <- read$data[[name]]
  if (settings$p) {
    none[c("p.value", "method")] <- compare_groups(x, read$group, settings$test[[name]])
  }
  if (settings$smd) none$smd <- standardised_difference(x, read$group)
  none
}

# Two or three figures of the standard deviation.
column_digits <- function(name, described, settings) {
  given <- settings$digits[[name]]
  if (!is.null(given)) return(given)
  spread <- described$spread
  if (is.null(spread) || is.na(spread) || spread == 0) return(1L)
  if (spread >= 100) 0L else as.integer(min(4, max(1, 1 - floor(log10(spread)))))
}

table_one_caption <- function(read, labels) {
  by <- if (!is.null(read$by)) {
    paste0(" by ", first_lower(column_title(read$by, read$data[[read$by]], labels)))
  }
  paste0("Characteristics of ", count_of(nrow(read$data), "patient"), by)
}
