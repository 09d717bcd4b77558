#' The results of a cohort in words, tables and figures
#'
#' All that [lms_report()] puts into a report, as a list: to copy sentences into a paper, or to
#' write a report of your own, in which every number stays bound to the fit it comes from.
#'
#' @section In a document of your own:
#' RStudio offers the report under File > New File > R Markdown > From Template, and
#' `rmarkdown::draft("report.Rmd", template = "cohort-report", package = "lmsurv")` writes it
#' anywhere. In it, `` `r results$text$survival` `` is a paragraph; what the data contribute to it
#' is made safe for Markdown.
#'
#' @inheritParams lms_report
#' @return A list of class `lms_results`, which prints the sentences:
#' \describe{
#'   \item{text}{a list of paragraphs: `summary`, `cohort`, `survival`, `bone`,
#'     `bone_survival`, `surgery`, `factors`, `model`, `methods`; each empty where the cohort has
#'     no data for it.}
#'   \item{tables, figures}{what [lms_table()] and [lms_figure()] give, `table_1` to `figure_5`,
#'     with `flow` and `survival` among the figures and `model` in both; those without data
#'     are missing.}
#'   \item{captions}{what stands under each figure and above each table (that of the model is
#'     `model_table`), safe as Markdown and as HTML.}
#'   \item{alts}{what is said of figures to those who cannot see them, as plain text for the chunk
#'     option `fig.alt`.}
#'   \item{findings}{a data frame of what [lms_check()] found, in plain words: `severity`,
#'     `class`, `subject`, `title`, `text`, and what the text is made of: `found`, `why`, `remedy`.}
#'   \item{left_out}{a data frame of what is missing and why: `part`, `reason`.}
#'   \item{provenance}{conventions, a fingerprint of the data, versions: a named vector.}
#'   \item{fits}{the fits and counts from which the sentences are made, without their patients (see
#'     [lms_strip()]); not with `min_cell`.}
#' }
#' @section The fingerprint of the data:
#' A SHA-256 of all values of the tables of patients, lesions and operations. It is the same for
#' the same values, in whatever order rows and columns are, and another as soon as one value
#' changes, so that two reports show whether they are of the same data. The data cannot be read
#' from it, but who has a guess of all data, such as an earlier version in which one value is
#' unknown, can confirm it. With `min_cell` it is left out.
#' @seealso [lms_report()]
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma)
#' results <- lms_results(cohort, sections = "survival")
#' results
#' results$text$survival
#' @export
lms_results <- function(cohort, model = NULL, sections = NULL, min_cell = NULL) {
  check_report_cohort(cohort)
  min_cell <- check_min_cell(min_cell)
  model <- check_report_model(model)
  sections <- check_sections(sections)
  make_results(cohort, model, sections, min_cell, function(what) invisible())
}

report_sections <- c("patients", "survival", "bone", "surgery", "factors", "model")

# Which section each table and figure belongs to.
report_parts <- data.frame(
  kind = rep(c("tables", "figures"), each = 5L), number = rep(1:5, 2L),
  section = c("patients", "bone", "bone", "factors", "factors", "bone", "surgery", "survival",
              "bone", "factors")
)
report_parts$name <- paste0(rep(c("table_", "figure_"), each = 5L), report_parts$number)

check_report_cohort <- function(cohort) {
  check_cohort(cohort)
  if (!nrow(cohort)) abort("no_rows", "`cohort` has no patients.")
  if (!"os" %in% names(cohort_meta(cohort)$endpoints)) {
    abort("endpoint", "`cohort` has no endpoint `os`, overall survival, which a report needs.",
          "Keep it, and the columns that it is made of, as lms_cohort() gives them.")
  }
}

# A formula without a response is one of overall survival.
check_report_model <- function(model) {
  if (is.null(model)) return(NULL)
  if (!inherits(model, "formula")) {
    abort("argument", paste0("`model` must be a formula, not ", describe(model), "."),
          "Such as `model = ~ age + sex`.")
  }
  if (length(model) == 2L) stats::as.formula(call("~", quote(os), model[[2L]]),
                                             environment(model)) else model
}

check_sections <- function(sections) {
  if (is.null(sections)) return(report_sections)
  if (!is.character(sections)) {
    abort("argument", paste0("`sections` must be names of sections, not ", describe(sections), "."),
          paste0("There are ", enumerate(quoted(report_sections)), "."))
  }
  vapply(sections, check_choice, "", "sections", report_sections, USE.NAMES = FALSE)
}

# step: a function that is told what is done next.
make_results <- function(cohort, model, sections, min_cell, step) {
  step("Survival of the cohort")
  release_cohort(cohort, min_cell)
  fits <- release_fits(report_fits(cohort, model, sections), cohort, min_cell)
  made <- list(tables = list(), figures = list(), left_out = no_parts())
  parts <- report_parts[report_parts$section %in% sections, ]
  for (i in seq_len(nrow(parts))) {
    part <- parts[i, ]
    step(part_words(part))
    value <- part_value(part, cohort, fits)
    if (inherits(value, "lmsurv_error")) {
      made$left_out <- rbind(
        made$left_out, data.frame(part = part_words(part), reason = reason_words(value))
      )
    } else {
      made[[part$kind]][[part$name]] <- value
    }
  }
  step("Check of the models")
  finish_results(made, fits, cohort, sections)
}

no_parts <- function() data.frame(part = character(), reason = character())

part_words <- function(part) {
  paste(if (part$kind == "tables") "Table" else "Figure", part$number)
}

part_value <- function(part, cohort, fits) {
  make <- if (part$kind == "tables") lms_table else lms_figure
  tryCatch(
    suppressWarnings(quiet(
      if (fits$min_cell) released_part(part, cohort, fits) else make(cohort, part$number)
    ), "lmsurv_warning"),
    lmsurv_error = identity
  )
}

reason_words <- function(error) {
  text <- plain_words(strsplit(conditionMessage(error), "\n")[[1L]][1L])
  text <- sub("^Figure [1-5] has no data: ", "", text)
  text <- sub("^Figure [1-5] tells", "it tells", text)
  capital(sub("(^| of )(cohort|data) (has|says)", "\\1the cohort \\3", text))
}

finish_results <- function(made, fits, cohort, sections) {
  figures <- made$figures
  steps <- flow_steps(cohort, fits)
  if ("patients" %in% sections && length(steps) > 1L) figures$flow <- unbound(flow_figure(steps))
  if ("survival" %in% sections && is.null(figures$figure_3)) {
    figures$survival <- ggplot2::autoplot(fits$os, min_cell = fits$min_cell)
  }
  if (!is.null(fits$own)) {
    own <- released_model(fits$own, fits)
    made$tables$model <- own$table
    figures$model <- own$figure
  }
  findings <- new_findings(
    report_findings(checked_fits(fits, sections), fits$unit, fits$min_cell)
  )
  structure(
    list(
      text = report_text(fits, made$tables, findings, cohort, sections), tables = made$tables,
      figures = figures, captions = report_captions(figures, made$tables, fits$min_cell),
      alts = report_alts(figures), findings = findings, left_out = made$left_out,
      provenance = provenance(cohort, made$left_out, fits$min_cell),
      fits = if (!fits$min_cell) stripped_fits(fits)
    ),
    class = "lms_results"
  )
}
