#' Write a report of a cohort
#'
#' `lms_report()` writes a complete report of a cohort as a web page, a Word document or a PDF,
#' in one call. It is for clinicians who need a first draft of the methods and results of a
#' paper. The report shows the flow of patients, the methods, the results in words, and the
#' findings of [lms_check()]. Every number in the sentences is taken from a fit.
#'
#' @section What it prints:
#' While it works, the function shows one line per section, such as `Overall survival`, and a
#' last line while the file is written. Set `quiet = TRUE` to hide them. It prints no results. It
#' returns the path of the file invisibly: open that file to read the report.
#'
#' @section What is in the report:
#' The report has the sections that [lms_sections()] lists. They use the endpoints, dated events
#' and linked tables of the cohort, with its names and labels. Groups are compared only if
#' `factors` is set, and models are fitted only if `models` is set. Use `sections` to omit,
#' reorder or add sections. `sections = lms_article(cohort)` gives the tables and figures of
#' LiBrizzi et al. (2022).
#'
#' @section What is in the file:
#' The report is one file that needs no network connection and no other file. Its text and
#' figures contain no row, no identifier and no date of a patient. They contain counts, which can
#' be small. Set `min_cell` to hide small counts.
#'
#' @section Small counts:
#' With `min_cell = 5`, the report shows no count of 1 to 4, and no number from which one could
#' be computed. Tables are those of [lms_table_one()] and [lms_table_cox()] with `min_cell`. The
#' counts by level of a model are all omitted if one of them is small, or if patients with
#' missing data are excluded. Sentences read "fewer than 5".
#'
#' These parts are omitted:
#' * sections of a group that is small, or that is all but a few of the whole;
#' * linked tables, and panels that would reveal a small count;
#' * percentages of a curve, and medians, where fewer patients are at risk;
#' * the longest follow-up, the counts in warnings, and the fingerprint of the data.
#'
#' Numbers with figures are rounded down to multiples of 5. A step of a curve represents at least
#' 5 events. Curves end where fewer patients are at risk, and have no marks of censored patients.
#'
#' Counts of a column are also hidden if they would reveal a small count by subtraction. This is
#' the case if one of its levels contains all but a few patients of a level of another column.
#' The same applies to all but a few of the patients with an event. With the sums that are shown,
#' at least three values remain possible for each hidden count. Medians, hazard ratios and
#' p-values of several tables are not checked for what they reveal together.
#'
#' @section A report of your own:
#' The report is the document that RStudio offers under New File > R Markdown > From Template.
#' See [lms_results()] to write a report of your own.
#'
#' @section Formats:
#' All formats need the packages rmarkdown, knitr and flextable, and pandoc, which is included in
#' RStudio. `"pdf"` is made by LaTeX if xelatex is installed. Otherwise it is printed by
#' Chromium, Chrome or Edge.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param output The path of the file to write, such as `"report.html"`. Its folder must exist.
#'   If the ending is omitted, it is added.
#' @param format The format of the file: `"html"`, `"docx"` or `"pdf"`. By default it follows the
#'   ending of `output`.
#' @param ... Not used. Any name given here is an error.
#' @param endpoints,factors,models The endpoints to analyze, the factors to compare and the
#'   models to fit: see [lms_sections()].
#' @param title The title of the report.
#' @param sections The names of the sections to make, in their order, or a list of sections made
#'   by [lms_sections()], [lms_section()] or [lms_article()]. By default all sections of
#'   [lms_sections()] are made.
#' @param min_cell A whole number of at least 3. Counts below it are hidden, for a report that is
#'   released from a registry.
#' @param overwrite `TRUE` to replace an existing file.
#' @param quiet `TRUE` to hide the progress lines.
#' @return The path of the file, invisibly.
#' @seealso [lms_results()], [lms_sections()], [lms_check()].
#' @examples
#' # from a spreadsheet to a report (two sections, for speed)
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
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
