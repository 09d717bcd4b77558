#' Write a report of a cohort
#'
#' From a cohort to a report in one call: the flow of the patients, methods, results in words with
#' tables and figures, and what [lms_check()] warns of, as a web page, a Word document or a PDF.
#' Every number in the sentences is read from a fit.
#'
#' @section What is in the report:
#' The sections that [lms_sections()] lists: they follow the cohort, its endpoints, its dated events
#' and its linked tables, under the names and labels that it has. Groups are compared and models
#' fitted only if `factors` and `models` ask for it. `sections` leaves some out, puts them into
#' another order or adds others; `sections = lms_article(cohort)` gives the tables and figures of
#' LiBrizzi et al. (2022).
#'
#' @section What is in the file:
#' One file that needs no network and nothing beside it. No row of a patient, no identifier and no
#' date of a patient is in it, in its text or in its figures. It does have counts, which can be
#' small: `min_cell` hides them.
#'
#' @section Small counts:
#' With `min_cell = 5` no count of 1 to 4 stands in the report, nor what it could be computed from.
#' Tables are those of [lms_table_one()] and [lms_table_cox()] with `min_cell`, but the counts by
#' level of a model are all left out where one of them is small or where patients without a value
#' are excluded. Sentences say "fewer than 5". Left out are sections of a group that is small or all
#' but a few of the whole, linked tables, panels that tell a small count, percentages of a curve and
#' medians where fewer are at risk, the longest follow-up, the counts in warnings, and the
#' fingerprint of the data. Numbers with figures are rounded down to multiples of 5, a step of a
#' curve is at least 5 events, and curves end where fewer are at risk, without marks of censored
#' patients.
#'
#' Counts of a column are hidden too if one of its levels holds all but a few of a level of another
#' column, or of those who died or had an event: they would tell the small count by subtraction.
#' Hidden counts keep three values at least beside the sums that are told. What medians, hazard
#' ratios and p-values of several tables tell together is not looked at.
#'
#' The report is the document that RStudio offers under New File > R Markdown > From Template; see
#' [lms_results()] for a report of your own.
#'
#' @section Formats:
#' All need the packages rmarkdown, knitr and flextable, and pandoc, which comes with RStudio.
#' `"pdf"` is made by LaTeX if there is xelatex, and else printed by Chromium, Chrome or Edge.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param output The file to write, such as `"report.html"`; its folder must be there. An ending
#'   that is left out is added.
#' @param format `"html"`, `"docx"` or `"pdf"`; by default what the ending of `output` says.
#' @param ... Not used: a name that does not belong is refused.
#' @param endpoints,factors,models What the report is about: see [lms_sections()].
#' @param title The title of the report.
#' @param sections Names of the sections to make, in their order, or a list of sections made by
#'   [lms_sections()], [lms_section()] or [lms_article()]; by default all of [lms_sections()].
#' @param min_cell A whole number of at least 3, below which counts are hidden, for a report that is
#'   released from a registry.
#' @param overwrite `TRUE` to replace a file that is there.
#' @param quiet `TRUE` to show no progress.
#' @return The path of the file, invisibly.
#' @seealso [lms_results()], [lms_sections()], [lms_check()].
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' if (requireNamespace("flextable", quietly = TRUE) &&
#'     requireNamespace("rmarkdown", quietly = TRUE) && rmarkdown::pandoc_available()) {
#'   file <- lms_report(cohort, tempfile(fileext = ".html"), sections = c("patients", "os"))
#'   print(file.size(file))
#' }
#' @export
lms_report <- function(cohort, output, format = c("html", "docx", "pdf"), ..., endpoints = NULL,
                       factors = NULL, models = NULL, title = "Survival of a cohort",
                       sections = NULL, min_cell = NULL, overwrite = FALSE, quiet = FALSE) {
  refuse_dots("lms_report", names(formals(lms_report))[-4L], dot_names(...))
  usual <- lms_sections(cohort, endpoints = endpoints, factors = factors, models = models)
  sections <- choose_sections(sections, usual)
  check_string(title, "title")
  min_cell <- check_min_cell(min_cell)
  check_flag(overwrite, "overwrite")
  check_flag(quiet, "quiet")
  target <- report_target(if (!missing(output)) output, if (!missing(format)) format, overwrite)
  need_report_tools(target$format)
  step <- if (quiet) function(what) NULL else progress_steps()
  results <- make_results(cohort, sections, min_cell, step)
  step(paste("Writing", basename(target$path)))
  folder <- tempfile("lmsurv-report-")
  on.exit(unlink(folder, recursive = TRUE), add = TRUE)
  put_in_place(render_report(results, target$format, title, folder), target$path, overwrite)
  invisible(target$path)
}

# Beside the file first: a disk that is full leaves the earlier report as it was. A link is
# followed.
put_in_place <- function(file, path, overwrite) {
  if (file.exists(path)) path <- normalizePath(path)
  mode <- file.mode(path)
  beside <- tempfile(".lmsurv-", dirname(path), paste0(".", tools::file_ext(path)))
  on.exit(unlink(beside))
  whole <- suppressWarnings(file.copy(file, beside)) && isTRUE(file.size(beside) == file.size(file))
  if (!whole) {
    abort("output", paste0("`output` cannot be written: ", path, "."),
          "Check that the disk has room and that you may write in this folder.",
          if (file.exists(path)) "The existing file is unchanged.")
  }
  if (!overwrite) refuse_existing(path)
  if (!is.na(mode)) Sys.chmod(beside, mode)
  if (!suppressWarnings(file.rename(beside, path))) {
    abort("output", paste0("`output` cannot be replaced: ", path, "."),
          "Close the file in the program that has it open.")
  }
}

# A link to a file that is not there counts as there: what is written would land elsewhere.
refuse_existing <- function(path) {
  if (!file.exists(path) && Sys.readlink(path) %in% c(NA, "")) return(invisible())
  abort("output", paste0("`output` exists already: ", path, "."),
        "Set `overwrite = TRUE` to replace it.")
}

report_formats <- c("html", "docx", "pdf")

# output, format: NULL where the user said nothing. Answer: path, format.
report_target <- function(output, format, overwrite) {
  if (!is.character(output) || length(output) != 1L || is.na(output) || !nzchar(output)) {
    abort("argument", if (is.null(output)) "`output` is missing." else
      paste0("`output` must be the path of one file, not ", describe(output), "."),
      "Set the file to write, such as `output = \"report.html\"`.")
  }
  ending <- tolower(tools::file_ext(output))
  if (!is.null(format)) {
    format <- check_option(format, "format", report_formats)
  } else if (!nzchar(ending)) {
    format <- "html"
  } else if (ending %in% report_formats) {
    format <- ending
  } else {
    abort("argument",
          paste0("`output` must end with ", enumerate(paste0(".", report_formats), "or"), ", not .",
                 ending, "."),
          "Or set `format`.")
  }
  if (dir.exists(output)) {
    abort("output", paste0("`output` is a folder: ", output, "."),
          paste0("Give a file in it, such as \"", file.path(output, "report."), format, "\"."))
  }
  if (ending != format) {
    if (ending %in% report_formats) {
      abort("argument", paste0("`output` ends with .", ending, ", but `format` is ", quoted(format),
                               "."))
    }
    output <- paste0(output, ".", format)
  }
  if (!dir.exists(dirname(output))) {
    abort("output", paste0("The folder of `output` does not exist: ", dirname(output), "."),
          "Create the folder by `dir.create()`.")
  }
  if (!overwrite) refuse_existing(output)
  list(path = output, format = format)
}

need_report_tools <- function(format) {
  packages <- c("rmarkdown", "knitr", "flextable", "digest")
  absent <- packages[!vapply(packages, requireNamespace, NA, quietly = TRUE)]
  if (length(absent)) {
    abort("package", paste0("A report needs ", enumerate(paste("package", absent)), "."),
          paste0("`install.packages(c(", paste(quoted(absent), collapse = ", "), "))`"))
  }
  if (!rmarkdown::pandoc_available("2.0")) {
    abort("pandoc", "A report needs pandoc, version 2.0 or later, which was not found.",
          "Install RStudio or Quarto, which include pandoc, or install pandoc from pandoc.org.")
  }
  if (format == "pdf" && !has_latex() && is.null(find_browser())) {
    abort("pdf", "A PDF needs LaTeX (xelatex) or one of Chromium, Chrome and Edge. None was found.",
          "Install one, or set the environment variable CHROMOTE_CHROME to the path of a browser.",
          "Or write \"html\" and print it from your browser.")
  }
}

# A line for each step, with its time.
progress_steps <- function() {
  frame <- parent.frame()
  function(what) cli::cli_progress_step(gsub("([{}])", "\\1\\1", what), .envir = frame)
}

# The document, in a folder that the caller removes.
render_report <- function(results, format, title, folder) {
  dir.create(folder)
  source <- system.file("rmarkdown/templates/cohort-report/skeleton", package = "lmsurv")
  file.copy(list.files(source, full.names = TRUE), folder)
  printed <- format == "pdf" && !has_latex()
  # Called from a document that is being knitted, which has chunks of the same names.
  old <- options(knitr.duplicate.label = "allow")
  on.exit(options(old))
  # grid itself fails where `scipen` writes 0 as 0e+00.
  file <- steady(rmarkdown::render)(
    file.path(folder, "skeleton.Rmd"), quiet = TRUE, output_file = "report",
    output_format = report_output(if (printed) "html" else format, title),
    params = list(results = results), envir = new.env(parent = globalenv())
  )
  if (printed) print_to_pdf(file) else file
}

report_output <- function(format, title) {
  # rmarkdown hands arguments to a shell and quotes those with a colon, which `=` would not be.
  said <- c("--metadata", paste0("title:", title), "--metadata", paste0("pagetitle:", title))
  switch(format,
    html = rmarkdown::html_document(
      theme = NULL, highlight = NULL, mathjax = NULL, css = "report.css", toc = TRUE,
      toc_depth = 1L, pandoc_args = said
    ),
    docx = rmarkdown::word_document(
      reference_docx = "report.docx", highlight = NULL, pandoc_args = said
    ),
    pdf = rmarkdown::pdf_document(
      latex_engine = "xelatex", highlight = NULL, pandoc_args = said, keep_tex = FALSE
    )
  )
}
