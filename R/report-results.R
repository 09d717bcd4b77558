#' Get the results of a cohort in words, tables and figures
#'
#' `lms_results()` gives all parts of a report of [lms_report()] as a list. It is for anyone who
#' copies sentences into a paper or writes a report of their own. In your own document, every
#' number is still taken directly from its fit.
#'
#' @section In a document of your own:
#' RStudio offers the report under File > New File > R Markdown > From Template.
#' `rmarkdown::draft("report.Rmd", template = "cohort-report", package = "lmsurv")` writes it to
#' a folder of your choice. In a document, `results` in a chunk shows the whole report and
#' `results["os"]` one section. `` `r results$text$os` `` shows its paragraphs alone. Text from
#' the data is made safe for Markdown.
#'
#' @inheritParams lms_report
#' @return A list of class `lms_results`, whose print shows the sentences. `[` selects sections
#'   by name or number.
#' \describe{
#'   \item{sections}{A list by name, in the order of the report: `title`, and the names of its
#'     `tables` and `figures`.}
#'   \item{text}{The paragraphs of each section, by name; empty if there are none.}
#'   \item{tables, figures}{All tables and figures by name, as made by [lms_table_one()],
#'     [lms_table_cox()] and [autoplot()].}
#'   \item{captions}{A list of `tables` and `figures`: the caption of each with its number, safe
#'     as Markdown and as HTML.}
#'   \item{alts}{The alternative texts of figures for readers who cannot see them, as plain text
#'     for the chunk option `fig.alt`.}
#'   \item{heights}{The heights of figures, in inches.}
#'   \item{findings}{A data frame of the findings of [lms_check()], in plain words: `severity`,
#'     `class`, `subject`, `title`, `text`, and the parts of the text: `found`, `why`, `remedy`.}
#'   \item{left_out}{A data frame of the parts that are omitted and the reasons: `part`,
#'     `reason`.}
#'   \item{data}{The results that each section has computed, by name, without its patients (see
#'     [lms_strip()]); not with `min_cell`.}
#' }
#' @section The fingerprint of the data:
#' The fingerprint is a SHA-256 checksum of all values of the tables of patients and of the
#' linked tables. The same values give the same fingerprint, whatever the order of rows and
#' columns. It differs if any value differs, so it shows whether two reports use the same data.
#' The data cannot be computed from it. However, a person who knows all data but one value, for
#' example from an earlier version, could confirm a guess. It is omitted with `min_cell`.
#'
#' @seealso [lms_report()]
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma)
#' results <- lms_results(cohort, sections = "os")
#' results
#' results$text$os
#' @export
lms_results <- function(cohort, ..., endpoints = NULL, factors = NULL, models = NULL,
                        sections = NULL, min_cell = NULL) {
  refuse_dots("lms_results", setdiff(names(formals(lms_results)), "..."), dot_names(...))
  min_cell <- check_min_cell(min_cell)
  usual <- lms_sections(cohort, endpoints = endpoints, factors = factors, models = models)
  make_results(cohort, choose_sections(sections, usual), min_cell, function(what) invisible())
}

# step: a function that is told what is done next.
make_results <- function(cohort, sections, min_cell, step) {
  context <- list(
    unit = cohort_meta(cohort)$unit, meta = public_meta(cohort), min_cell = min_cell,
    data = list(), left_out = no_parts(), cache = new.env(parent = emptyenv())
  )
  release_cohort(cohort, min_cell)
  context <- compute_sections(cohort, sections, context, step)
  step("Checks of the models")
  fits <- section_fits(context)
  context$fitted <- unique(unlist(lapply(fits, class)))
  by_patient <- !anyDuplicated(cohort[[cohort_meta(cohort)$roles[["id"]]]])
  context$checks <- report_checks(fits, context$unit, by_patient)
  context$findings <- new_findings(report_findings(context$checks, min_cell))
  step("Tables and figures")
  made <- make_parts(context)
  context$left_out <- made$left_out
  context$number <- function(name) number_of(name, made$numbers)
  new_results(context, made)
}

# "Table 2", or "Table 2 and Figure 3" where both have the name.
number_of <- function(name, numbers) {
  own <- unlist(lapply(numbers, function(of) of[names(of) == name]))
  if (length(own)) return(enumerate(unname(own)))
  known <- unlist(lapply(numbers, names), use.names = FALSE)
  abort("section", paste0("The report has no table or figure ", quoted(name), "."),
        did_you_mean(name, known), if (length(known)) paste0(
          "There are ", enumerate(quoted(unique(known)), max = 20L), "."
        ))
}

# What sections may know of the cohort: no rows.
public_meta <- function(cohort) {
  cohort_meta(cohort)[c("unit", "roles", "event", "events", "endpoints", "end")]
}

no_parts <- function() data.frame(part = character(), reason = character())

left_out_part <- function(left_out, part, error) {
  rbind(left_out, data.frame(part = part, reason = error$reason))
}

compute_sections <- function(cohort, sections, context, step) {
  if (context$min_cell) {
    closed <- !vapply(sections, `[[`, NA, "released")
    for (section in sections[closed]) {
      context$left_out <- rbind(context$left_out, data.frame(
        part = section$title, reason = "This part could show small counts."
      ))
    }
    sections <- sections[!closed]
    context$plan <- release_plan(cohort, sections, context$min_cell)
  }
  context$sections <- list()
  for (section in unclass(sections)) {
    step(section$title)
    data <- part_or_error(run_maker(section, "compute", cohort, context))
    if (inherits(data, "lmsurv_error")) {
      context$left_out <- if (is.null(data$left_out)) {
        left_out_part(context$left_out, section$title, data)
      } else {
        rbind(context$left_out, data$left_out)
      }
      next
    }
    if (is.list(data)) context$left_out <- rbind(context$left_out, data$left_out)
    context$sections[[section$name]] <- section
    context$data[section$name] <- list(data)
  }
  context
}

# The fits that sections show, by what they are called; a fit that two of them share once.
section_fits <- function(context) {
  fits <- lapply(context$sections, function(section) {
    fits <- run_maker(section, "check", context$data[[section$name]], context)
    if (is.object(fits)) fits <- list(fits)
    if (length(fits) && is.null(names(fits))) names(fits) <- rep(section$title, length(fits))
    fits
  })
  fits <- unlist(unname(fits), recursive = FALSE)
  fits[!seen_before(fits)]
}

# Sections may share a fit; another one of the same name is checked all the same.
seen_before <- function(fits) {
  vapply(seq_along(fits), function(i) {
    before <- which(names(fits)[seq_len(i - 1L)] == names(fits)[i])
    any(vapply(fits[before], identical, NA, fits[[i]]))
  }, NA)
}

# Tables and figures of all sections, with their numbers in the order of the report.
make_parts <- function(context) {
  made <- list(tables = list(), figures = list(), of = list(), left_out = context$left_out)
  for (section in context$sections) {
    own <- list()
    for (kind in c("tables", "figures")) {
      parts <- part_or_error(run_maker(section, kind, context$data[[section$name]], context))
      if (inherits(parts, "lmsurv_error")) {
        made$left_out <- left_out_part(made$left_out, section$title, parts)
        parts <- NULL
      }
      if (is_part(parts)) parts <- list(parts)
      parts <- lapply(Filter(Negate(is.null), parts), as_part, kind, section)
      names(parts) <- free_names(parts, section$name, names(made[[kind]]))
      made[[kind]] <- c(made[[kind]], parts)
      own[[kind]] <- names(parts)
    }
    made$of[[section$name]] <- own
  }
  made$figures <- say_notes_once(made$figures)
  made$numbers <- list(tables = part_numbers(made$tables, "Table"),
                       figures = part_numbers(made$figures, "Figure"))
  made
}

# A note that several captions would have stands below the first figure alone.
say_notes_once <- function(figures) {
  said <- character()
  lapply(figures, function(part) {
    new <- setdiff(part$note, said)
    said <<- c(said, new)
    part$caption <- paste(c(part$caption, new), collapse = " ")
    part
  })
}

# Names for the parts of a section, that of the section where they have none.
free_names <- function(parts, section, taken) {
  names <- if (is.null(names(parts))) rep(section, length(parts)) else names(parts)
  utils::tail(make.unique(c(taken, names), "_"), length(parts))
}

# Whether this is one part, not a list of them.
is_part <- function(x) {
  is.object(x) || (is.list(x) && (inherits(x$plot, "gg") || inherits(x$table, "lms_table")))
}

# Answer: plot or table, caption, note (to stand behind the caption once in a report), height,
# number (a string, NULL for the next one, FALSE for none).
as_part <- function(part, kind, section) {
  one <- c(tables = "table", figures = "plot")[[kind]]
  if (is.object(part) || !is.list(part)) part <- stats::setNames(list(part), one)
  class <- list(tables = c("lms_table", "data.frame"), figures = c("gg", "gtable"))[[kind]]
  if (!inherits(part[[one]], class)) {
    wanted <- c(tables = "a list of tables", figures = "a list of ggplots")[[kind]]
    refuse_part(section, kind, wanted, part[[one]])
  }
  if (is.null(part$caption)) part$caption <- paste0(
    if (inherits(part$table, "lms_table")) part$table$caption else section$title, "."
  )
  part
}

part_numbers <- function(parts, word) {
  fixed <- lapply(parts, `[[`, "number")
  free <- vapply(fixed, is.null, NA)
  numbers <- character(length(parts))
  numbers[free] <- paste(word, seq_len(sum(free)))
  given <- vapply(fixed, is.character, NA)
  numbers[given] <- unlist(fixed[given])
  stats::setNames(numbers, names(parts))
}

new_results <- function(context, made) {
  text <- lapply(context$sections, say_section, context)
  captions <- Map(function(parts, numbers) {
    Map(function(part, number) {
      markup_safe(paste0(if (nzchar(number)) paste0(number, ". "), part$caption))
    }, parts, numbers)
  }, made[c("tables", "figures")], made$numbers)
  figures <- lapply(made$figures, `[[`, "plot")
  structure(
    list(
      sections = Map(function(section, own) c(list(title = section$title), own),
                     context$sections, made$of[names(context$sections)]),
      text = text, tables = lapply(made$tables, `[[`, "table"), figures = figures,
      captions = captions,
      # Plain text: knitr writes it into an attribute, and escapes it there.
      alts = lapply(figures, function(figure) {
        gsub("[[:space:]]+", " ", ggplot2::get_alt_text(figure))
      }),
      heights = lapply(made$figures, function(part) {
        if (is.null(part$height)) 4.5 else part$height
      }),
      findings = context$findings, left_out = context$left_out,
      data = if (!context$min_cell) stripped_data(context$data)
    ),
    class = "lms_results"
  )
}

say_section <- function(section, context) {
  said <- run_maker(section, "say", context$data[[section$name]], context)
  if (inherits(said, c("lms_text", "lms_findings", "lms_provenance"))) return(said)
  text <- unlist(said)
  if (!is.null(text) && (!is.character(text) || anyNA(text))) {
    refuse_part(section, "say", "paragraphs, a character vector without NA", said)
  }
  new_text(text)
}

# What stays of the data of the sections: no function and no patients. Tables and figures stand
# elsewhere.
stripped_data <- function(data) {
  strip <- function(x) {
    if (inherits(x, c("lms_table", "ggplot"))) return(NULL)
    if (is.data.frame(x) || !is.list(x)) return(x)
    if (is.object(x)) lms_strip(x) else lapply(x, strip)
  }
  lapply(data, strip)
}

#' @export
`[.lms_results` <- function(x, i) {
  x <- unclass(x)
  x$sections <- x$sections[i]
  if (anyNA(names(x$sections))) {
    abort("argument", "There is no such section.",
          paste0("There are ", enumerate(quoted(names(x$text)), max = 20L), "."))
  }
  x$text <- x$text[names(x$sections)]
  for (kind in c("tables", "figures")) {
    own <- unlist(lapply(x$sections, `[[`, kind), use.names = FALSE)
    x[[kind]] <- x[[kind]][own]
    x$captions[[kind]] <- x$captions[[kind]][own]
  }
  structure(x, class = "lms_results")
}
