#' Make a table of patient characteristics (Table 1)
#'
#' `lms_table_one()` makes the first table of a paper, which describes the patients. It is for
#' anyone who reports a cohort, as a whole or by group. It shows counts and percentages, means,
#' medians and quartiles, and missing values on lines of their own. With groups, it adds suitable
#' tests, and standardized differences on request.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The caption, with the number of patients and the variable that makes the groups.
#' * The head: one column for all patients (`Overall`) and one for each group, with its number of
#'   patients, and a column `p`. Columns that do not fit the width follow below.
#' * A number, such as `Age`: the mean with the standard deviation (SD), and the median with the
#'   interquartile range (IQR).
#' * A category, such as `Race`: one line per level, with its count and percentage. Percentages
#'   refer to patients whose value is known.
#' * `Missing`: the number of patients with missing data, as a percentage of all.
#' * `p`: the p-value of the comparison of the groups. The letter beside it refers to a footnote
#'   that names the test.
#' * Footnotes, and the meaning of abbreviations.
#'
#' @section What each column becomes:
#' * Factors, text and labeled numbers have a line for each level with patients. It shows the
#'   count and the percentage of the patients whose value is known. For logical columns and 0/1,
#'   only the line of `TRUE` or 1 is shown.
#' * Numbers have the mean and standard deviation (or standard error, on request), and the median
#'   and quartiles or range. Each element of `summary` gives a line.
#' * `Surv` columns and endpoints of a cohort have the number of events, and the Kaplan-Meier
#'   median with its 95% CI or quartiles. Endpoints with competing risks are omitted.
#' * Empty text counts as missing.
#'
#' Identifiers are never tabulated. These are the id of a cohort and text with a different value
#' in each row. Whole numbers that number the rows, or have a name like an id, are identifiers
#' too. Dates are not tabulated either: convert them to a time by [lms_months()]. Without `vars`,
#' such columns, and text with more than 30 values, are omitted with a message. If `vars` names
#' them, they are an error. For a cohort, the columns of its roles and its endpoints are also
#' omitted unless `vars` names them.
#'
#' @section Comparisons:
#' Counts are compared by Fisher's exact test ([lms_fisher()]). Numbers are compared by the
#' Wilcoxon rank-sum test or the Kruskal-Wallis test. With `test = "t"`, they are compared by
#' Welch's t-test and analysis of variance. Survival is compared by the log-rank test. A footnote
#' names each test. Rows where `by` is missing are excluded and counted in a footnote.
#'
#' A large p-value does not show that groups are comparable. The standardized difference
#' describes how far the groups differ in a variable, whatever the number of patients. A common
#' rule of thumb calls 0.1 or less small (Austin 2009). It cannot show that groups are comparable
#' in what was not measured.
#'
#' For numbers, the standardized difference is \eqn{|m_1 - m_2| / \sqrt{(s_1^2 + s_2^2)/2}}
#' (Austin 2009). For levels it is \eqn{\sqrt{d' S^{-1} d}}. Here \eqn{d} contains the
#' differences of the proportions of all levels but one. \eqn{S} is the mean of the two
#' multinomial covariance matrices (Yang and Dalton 2012). With more than two groups, it is the
#' largest of all pairs. If groups have no level in common, it is infinite.
#'
#' @section Small counts:
#' With `min_cell = 5`, counts of 1 to 4 are shown as "<5". Further counts are shown as "*" if a
#' small count could be computed from totals and other groups. For each hidden count, other
#' tables that look the same have counts there at least 2 apart.
#'
#' Percentages are hidden with their counts. All percentages of a group are hidden if the number
#' of missing values is hidden. P-values and differences are also hidden, because a count could
#' be found from them by trial. Means and medians of fewer patients are hidden, together with
#' those of the whole. A logical column counts as two levels. `as.data.frame()` does not contain
#' hidden numbers either.
#'
#' Other tables and linked variables are not checked for what they reveal. An example is a site
#' that is missing in all but the three patients with a metastasis.
#'
#' @param data A cohort made by [lms_cohort()], or a data frame.
#' @param by The column that makes the groups, bare or as a string.
#' @param vars The columns to tabulate, in this order: `c(age, sex)`, names as strings, or a
#'   formula `~ age + sex`. By default all suitable columns are tabulated.
#' @param ... Not used. Any name given here is an error.
#' @param summary The statistics to show. For numbers, choose among `"mean_sd"`, `"mean_sem"`,
#'   `"median_iqr"` and `"range"`; for survival, among `"events"`, `"median_ci"` and
#'   `"median_iqr"`. Named elements apply to one column: `c("median_iqr", age = "mean_sem")`.
#' @param test The kind of test for numbers: `"rank"`, `"t"` or `"none"`. Named elements apply to
#'   one column.
#' @param p,smd,overall `TRUE` or `FALSE`: whether to show columns of p-values, of standardized
#'   differences, and of all groups together.
#' @param missing `"shown"` to show missing data on a line of their own. `"hidden"` to show the
#'   number of patients with a known value beside the name instead. Named elements apply to one
#'   column.
#' @param labels Names to show for the columns, such as `c(age = "Age (years)")`. By default
#'   their attribute `"label"` is used, as made by haven or Hmisc, or their name in words.
#' @param codes How columns of a few whole numbers are treated, as in [lms_cohort()]:
#'   `"categories"` or `"numbers"`.
#' @param digits A whole number that sets the decimals of numbers. By default two or three digits
#'   of the standard deviation are shown. Named elements apply to one column.
#' @param style The style of the numbers: `"plain"`, `"nejm"`, `"jama"` or `"lancet"`. See
#'   [lms_table()].
#' @param min_cell A whole number of at least 3. Counts below it are hidden.
#' @param caption The text above the table.
#' @return An object of class `c("lms_table_one", "lms_table")`: see [lms_table()].
#'   `as.data.frame()` and `tidy()` have a row for each line of the table and group:
#' \describe{
#'   \item{line}{Number of the line.}
#'   \item{variable, label, kind}{Column; its label; `categorical`, `binary`, `continuous` or
#'     `survival`.}
#'   \item{statistic, level}{`count`, `missing`, `mean_sd`, `mean_sem`, `median_iqr`, `range`,
#'     `events` or `median_ci`; the level of a count.}
#'   \item{group}{Group of `by`, or `Overall`.}
#'   \item{n, total, percent}{The count, its total, and the percentage. For numbers, `n` is the
#'     number of known values.}
#'   \item{mean, sd, sem, median, q1, q3, min, max, conf.low, conf.high}{The values of the
#'     statistic. Confidence limits have the level of [lms_km()], 0.95.}
#'   \item{p.value, method, smd}{Values of the variable, on each of its rows.}
#'   \item{masked}{`""`, `"small"` (1 to `min_cell` - 1) or `"hidden"`.}
#' }
#' Quartiles are those of [stats::quantile()], `type = 7`, and under the conventions of Stata or
#' SAS `type = 2`.
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
#' # any data frame: small counts hidden, and the style of the Lancet
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
