#' Make the tables of a paper, and put tables into documents
#'
#' `lms_table()` makes the five tables of LiBrizzi et al. (2022) from a cohort, for a paper on
#' patients with bone metastases. This page also describes what you can do with any table of
#' [lms_table_one()] and [lms_table_cox()]. It prints as text. Package 'flextable' lays it out in
#' Word, HTML and PDF. In other documents it becomes a markdown table, and its numbers can be
#' used as a data frame.
#'
#' @section The five tables:
#' 1. Characteristics of all patients.
#' 2. Characteristics of the patients with bone metastases, with their follow-up, and their
#' survival by Kaplan-Meier.
#' 3. Their bone metastases.
#' 4. Cox model of overall survival, all patients.
#' 5. Cox model of overall survival, patients with bone metastases.
#'
#' A cohort with the columns of [leiomyosarcoma] has the columns and models of the article, with
#' Breslow ties as in Stata. For another cohort:
#' * tables 1 and 2 show all columns that can be tabulated;
#' * table 3 shows the columns of the article that exist, or the number of lesions per patient;
#' * the models include bone metastasis, subtype, age and sex;
#' * the model of table 5 also includes the other covariates of the article that exist and vary.
#'
#' Set `vars` and `covariates` to choose other columns.
#'
#' A table may have no data, because no patient has bone metastases or no patient died. If only
#' this table is requested, this is an error of class `lmsurv_error_no_data`. If several tables
#' are requested, the table is omitted with a message.
#'
#' The article's Table 2 has a "median survival time" that is the median of the follow-up times
#' of all patients, dead or alive. Here, it is labeled as follow-up and stands beside the
#' Kaplan-Meier median.
#'
#' @section Documents:
#' In R Markdown and Quarto, a table is laid out in the format of the document. To write a Word
#' file directly:
#'
#' ```r
#' flextable::save_as_docx(flextable::as_flextable(table), path = "table.docx")
#' ```
#'
#' A table of many groups may be wider than a page. Words and numbers are never broken within a
#' cell. There are two solutions. `as_flextable(table, page = "landscape")` has the width of a
#' landscape page. `as_flextable(table, part = 1)`, `part = 2` and so on divide the table into as
#' many parts as needed, each with the labels. R Markdown makes these parts automatically.
#'
#' ```r
#' side <- officer::prop_section(page_size = officer::page_size(orient = "landscape"))
#' flextable::save_as_docx(flextable::as_flextable(table, page = "landscape"),
#'                         path = "table.docx", pr_section = side)
#' ```
#'
#' `flextable::as_flextable()` gives an object that you can change by all functions of
#' 'flextable'. `caption` replaces the text above the table, and `caption = NULL` omits it.
#' Levels and labels are shown as text: nothing in them is read as markup in any format.
#'
#' @section Journal styles:
#' | | `"plain"` | `"nejm"` | `"jama"` | `"lancet"` |
#' |---|---|---|---|---|
#' | p | 3 decimals below 0.1, else 2 | 3 below 0.01, else 2 | 3 below .01, else 2 | 2 figures |
#' | smallest p | <0.001 | <0.001 | <.001 | <0.0001 |
#' | decimal mark | that of R | point | point, no zero before it in p | raised point |
#' | intervals | 0.6 to 1.5 | en dash | hyphen | en dash |
#' | percentages | 69%, 3.3% | 68.9 | 68.9, whole below 100 patients | 69%, 3.3% |
#'
#' The styles follow the instructions of the journals at the time of writing. Check the current
#' instructions. With `options(OutDec = ",")` the plain style has a decimal comma. Words in heads
#' and rows can be translated by `options(lmsurv.words = c(Overall = "Gesamt", Missing =
#' "Fehlend"))`. Footnotes remain in English.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param which The numbers of the tables to make, from 1 to 5.
#' @param ... Arguments that are passed to [lms_table_one()] for tables 1 to 3 and to
#'   [lms_table_cox()] for tables 4 and 5, such as `univariable = TRUE`. The methods do not use
#'   them.
#' @param vars The columns to show in tables 1 to 3, as in [lms_table_one()].
#' @param by The column that makes the groups of tables 1 to 3.
#' @param covariates The columns to include in the models of tables 4 and 5, in the form of
#'   `vars`.
#' @param style,min_cell The style of the numbers and the smallest count to show, as in
#'   [lms_table_one()].
#' @param x A table.
#' @param row.names,optional Not used.
#' @return For one number, an object of class `lms_table`. For several numbers, a list of them,
#'   named `table_1` and so on, whose print shows each. A table has methods for
#' \describe{
#'   \item{`as.data.frame()`, `tidy()`}{The numbers: see [lms_table_one()] and
#'     [lms_table_cox()].}
#'   \item{`format()`}{A data frame of strings, with the footnotes as attribute `notes`.}
#'   \item{`print()`, `knitr::knit_print()`, `flextable::as_flextable()`}{As above.}
#' }
#' @references
#' LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022). Bone metastases in patients with
#' leiomyosarcoma: a retrospective analysis of survival and surgical management. *Sarcoma* 2022,
#' 6806932. \doi{10.1155/2022/6806932}
#' @seealso [lms_reconcile()] compares the numbers with those of the article.
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' lms_table(cohort, 1)
#' table <- lms_table(cohort, 3, style = "nejm")
#' table
#' subset(as.data.frame(table), variable == "fracture", c(level, n, percent))
#' head(format(table))
#' if (requireNamespace("flextable", quietly = TRUE)) flextable::as_flextable(table)
#' @export
lms_table <- function(cohort, which = 1:5, ..., vars = NULL, by = NULL, covariates = NULL,
                      style = "plain", min_cell = NULL) {
  check_cohort(cohort)
  if (!is.numeric(which) || !length(which) || !all(which %in% 1:5)) {
    abort("argument", paste0("`which` must be numbers from 1 to 5, not ", describe(which), "."))
  }
  data <- as.data.frame(cohort)
  env <- parent.frame()
  given <- list(
    vars = table_columns(substitute(vars), "vars", data, env),
    by = table_columns(substitute(by), "by", data, env),
    covariates = table_columns(substitute(covariates), "covariates", data, env),
    style = style, min_cell = min_cell, more = further_arguments(list(...))
  )
  make <- list(paper_table_1, paper_table_2, paper_table_3, paper_table_4, paper_table_5)
  frame <- reconcile_frame(cohort)
  if (length(which) == 1L) return(with_point(make[[which]](frame, given)))
  tables <- lapply(stats::setNames(which, paste0("table_", which)), function(k) {
    tryCatch(with_point(make[[k]](frame, given)), lmsurv_error_no_data = function(e) {
      say("left_out", paste0("Table ", k, " is not made. ", e$lines[1L]))
    })
  })
  structure(Filter(Negate(is.null), tables), class = c("lms_tables", "list"))
}

# Those of tables of patients and those of models.
further_arguments <- function(given) {
  known <- list(one = names(formals(lms_table_one)), cox = names(formals(lms_table_cox)))
  own <- c("data", "fit", "...", "by", "vars", "style", "min_cell", "caption")
  known <- lapply(known, setdiff, own)
  names <- if (is.null(names(given))) rep("", length(given)) else names(given)
  refuse_dots("lms_table", c("vars", "by", "covariates", "style", "min_cell"),
              setdiff(names, unlist(known)))
  lapply(known, function(part) given[names %in% part])
}

#' @export
print.lms_tables <- function(x, ...) {
  for (name in names(x)) {
    cat(cli::rule(sentence(name)), "\n", sep = "")
    print(x[[name]])
    cat("\n")
  }
  invisible(x)
}
