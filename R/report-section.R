# Sections of a report: what one needs, what it computes, and what it says, tabulates and draws.

#' Make a section of a report
#'
#' `lms_section()` makes a section of your own for a report of [lms_report()]. It is for users
#' who write R functions. A report is a list of sections. [lms_sections()] gives those that suit
#' a cohort, and your section can stand anywhere among them.
#'
#' @section How a report is made:
#' A report is made in this order:
#' 1. Each section computes its data.
#' 2. [lms_check()] checks the fits that `check` returns.
#' 3. Tables and figures are made, and numbered in their order in the report.
#' 4. Sentences are made last, so they can refer to tables and to findings.
#'
#' Each function receives the data of its section and a list `context`:
#' * `unit`: the unit of times, such as `"months"`;
#' * `min_cell`: counts from 1 to `min_cell - 1` are hidden; 0 if no counts are hidden;
#' * `data`: the results of the previous sections, by their names;
#' * `findings`: the findings of [lms_check()], when sentences are made;
#' * `number`: a function, when sentences are made. `context$number("age")` is `"Table 2"` for
#'   the table or figure of this name.
#'
#' With `min_cell`, a section of your own is omitted. Set `released = TRUE` to include it, if its
#' functions hide small counts themselves.
#'
#' An error in one of these functions stops the report and names the section and the function.
#'
#' @param name A unique name for the section, such as `"recurrence"`.
#' @param title The heading, a string.
#' @param ... Not used. Any name given here is an error.
#' @param compute `function(cohort, context)` that returns the data for the other functions,
#'   without rows of patients.
#' @param say `function(data, context)` that returns paragraphs: a character vector or `NULL`.
#' @param tables,figures `function(data, context)` that returns a list of tables
#'   ([lms_table_one()], [lms_table_cox()], or a data frame), or of ggplots, by name. In place of
#'   a ggplot, you can return a list of `plot`, `caption` and, in inches, `height`. A single one
#'   does not have to be in a list.
#' @param check `function(data, context)` that returns fits for [lms_check()]. Return a list,
#'   whose names are used in the report, or one fit, which has the title of the section.
#' @param methods `function(data, context)` that returns sentences for the methods. Identical
#'   sentences are shown once.
#' @param summary `function(data, context)` that returns a sentence for the summary.
#' @param released `TRUE` if the section may be included in a report with `min_cell`.
#' @return A list of class `lms_section`.
#' @seealso [lms_sections()], [lms_report()].
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' by_race <- lms_section(
#'   "race", "Race",
#'   compute = function(cohort, context) lms_fisher(race ~ ever_bone_metastasis, data = cohort),
#'   say = function(data, context) paste0("Fisher's exact test: p = ", round(data$p.value, 2), ".")
#' )
#' results <- lms_results(cohort, sections = c(lms_sections(cohort), list(by_race)))
#' results$text$race
#' @export
lms_section <- function(name, title, ..., compute = NULL, say = NULL, tables = NULL,
                        figures = NULL, check = NULL, methods = NULL, summary = NULL,
                        released = FALSE) {
  refuse_dots("lms_section", setdiff(names(formals(lms_section)), "..."), dot_names(...))
  check_string(name, "name")
  check_string(title, "title")
  given <- makers(compute, say, tables, figures, check, methods, summary)
  for (part in names(given)) check_maker(given[[part]], part)
  new_section(name, title, given, released = check_flag(released, "released"))
}

check_string <- function(x, argument) {
  if (is.character(x) && length(x) == 1L && !is.na(x) && nzchar(trimws(x))) return(x)
  abort("argument", paste0(tick(argument), " must be a string, not ", describe(x), "."))
}

check_maker <- function(f, argument) {
  if (is.null(f)) return(invisible())
  if (!is.function(f)) {
    abort("argument", paste0(tick(argument), " must be a function, not ", describe(f), "."))
  }
  if (length(formals(args(f))) >= 2L || is.primitive(f)) return(invisible())
  abort(
    "argument", paste0(tick(argument), " must be a function of two arguments."),
    paste0("Write `", argument, " = function(", if (argument == "compute") "cohort" else "data",
           ", context) ...`.")
  )
}

# counted: for a release, function(cohort) that lists the sets of patients and the columns whose
# counts the section tells (see told()).
new_section <- function(name, title, makers, counted = NULL, released = !is.null(counted)) {
  nothing <- function(data, context) NULL
  makers <- lapply(makers, function(f) if (is.null(f)) nothing else f)
  structure(
    c(list(name = name, title = title), makers, list(counted = counted, released = released)),
    class = "lms_section"
  )
}

# What a maker of a section gives. An error in one that a user wrote is said with its place.
run_maker <- function(section, part, ...) {
  if (!is.null(section$counted)) return(section[[part]](...))
  tryCatch(section[[part]](...), error = function(e) {
    if (inherits(e, "lmsurv_error")) stop(e)
    abort("section", paste0(maker_name(section, part), " failed: ", conditionMessage(e), "."),
          "Correct this function.")
  })
}

maker_name <- function(section, part) paste0(tick(part), " of the section ", quoted(section$name))

refuse_part <- function(section, part, wanted, given) {
  abort("section", paste0(maker_name(section, part), " must give ", wanted, ", not ",
                          describe(given), "."), "Correct what this function returns.")
}

# The makers of a section, those not given as NULL.
makers <- function(compute = NULL, say = NULL, tables = NULL, figures = NULL, check = NULL,
                   methods = NULL, summary = NULL) {
  list(compute = compute, say = say, tables = tables, figures = figures, check = check,
       methods = methods, summary = summary)
}

#' @export
print.lms_section <- function(x, ...) {
  print_lines(paste0("A section of a report: ", x$title, " (", quoted(x$name), ")"))
  invisible(x)
}
