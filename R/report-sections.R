# The sections that a report has unless it is told otherwise.

#' List the sections of a report
#'
#' `lms_sections()` gives the sections that [lms_report()] writes about a cohort, as a list. Use
#' it to omit sections, to change their order, or to add sections of your own.
#'
#' @section Which sections there are:
#' * `summary`, `methods`;
#' * `patients`: their number and flow, and a table of characteristics known at time zero;
#' * `follow_up`;
#' * one for each of `endpoints`, by its name: the curve, survival at times within the follow-up,
#'   and the median; with a competing event, the cumulative incidences;
#' * one for each of `factors`, such as `by_sex`: survival by group, with the log-rank test, of
#'   the first endpoint without a competing event;
#' * one for each dated event of the cohort, by its name: how many patients had it and when, its
#'   cumulative incidence, and the survival from it;
#' * one for each linked table, by its name;
#' * one for each of `models`: a table of univariable and multivariable hazard ratios and a
#'   forest plot;
#' * `findings`: what [lms_check()] found in all of these;
#' * `data`: conventions, the data and the software.
#'
#' Groups are compared only if `factors` is set, and models are fitted only if `models` is set.
#'
#' The result can be used as any list: `sections[c("summary", "os")]`, `sections[-3]`, and
#' `c(sections, list(own))` with your own section made by [lms_section()].
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param ... Not used. Any name given here is an error.
#' @param endpoints The names of the endpoints to analyze. By default these are overall survival,
#'   deaths by cause if the cohort has causes, and the endpoints that were added by
#'   [lms_endpoint()].
#' @param factors The names of columns by which survival is compared. Columns from which the
#'   endpoint is made are not allowed.
#' @param models A formula such as `~ age + sex`, or a list of formulas, whose names are the
#'   titles of their sections. Without a left side, the model is of overall survival. If a
#'   variable has a single value, the section says that the model was not fitted.
#' @return A list of [lms_section()] by name, of class `lms_sections`.
#' @seealso [lms_article()] for those of the article.
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' lms_sections(cohort, factors = "sex", models = ~ age + sex)
#' @export
lms_sections <- function(cohort, ..., endpoints = NULL, factors = NULL, models = NULL) {
  refuse_dots("lms_sections", c("endpoints", "factors", "models"), dot_names(...))
  check_report_cohort(cohort)
  meta <- cohort_meta(cohort)
  endpoints <- check_endpoints(endpoints, meta)
  factors <- check_factors(factors, cohort, plain_endpoint(endpoints, meta))
  models <- check_models(models)
  for (model in models) {
    own <- if (is.name(model[[2L]])) meta$endpoints[[as.character(model[[2L]])]]
    refuse_outcome(all.vars(model[[3L]]), "models", own, meta)
  }
  before <- c(
    list(summary_section(), methods_section(), patients_section(cohort), follow_up_section()),
    lapply(endpoints, endpoint_section, meta),
    lapply(factors, factor_section, plain_endpoint(endpoints, meta), cohort),
    lapply(names(meta$events), event_section, meta),
    lapply(names(meta$linked), linked_section, meta)
  )
  after <- list(findings_section(), data_section())
  # By its title a model is told apart in the findings.
  taken <- names(models) %in% vapply(c(before, after), `[[`, "", "title")
  names(models)[taken] <- paste(names(models)[taken], "(model)")
  sections <- c(before, unname(Map(model_section, names(models), models)), after)
  # An event, a table or a model may be called as another section is.
  names <- make.unique(vapply(sections, `[[`, "", "name"), "_")
  new_sections(Map(function(section, name) utils::modifyList(section, list(name = name)), sections,
                   names))
}

new_sections <- function(sections) {
  sections <- unname(sections)
  names <- vapply(sections, `[[`, "", "name")
  twice <- unique(names[duplicated(names)])
  if (length(twice)) {
    abort("argument", paste0("Two sections are called ", quoted(twice[1L]), "."),
          "Give each section its own name.")
  }
  structure(stats::setNames(sections, names), class = "lms_sections")
}

#' @export
`[.lms_sections` <- function(x, i) {
  picked <- unclass(x)[i]
  if (anyNA(names(picked))) {
    abort("argument", "There is no such section.",
          paste0("There are ", enumerate(quoted(names(x)), max = 20L), "."))
  }
  new_sections(picked)
}

#' @export
c.lms_section <- function(...) c.lms_sections(...)

#' @export
c.lms_sections <- function(...) {
  parts <- lapply(list(...), function(part) {
    if (inherits(part, "lms_section")) list(part) else unclass(part)
  })
  new_sections(unlist(parts, recursive = FALSE))
}

#' @export
print.lms_sections <- function(x, ...) {
  cat(paste0(format(names(x)), "  ", vapply(x, `[[`, "", "title")), sep = "\n")
  invisible(x)
}

check_report_cohort <- function(cohort) {
  check_cohort(cohort)
  if (!nrow(cohort)) abort("no_rows", "`cohort` has no patients.")
  if (!"os" %in% names(cohort_meta(cohort)$endpoints)) {
    abort("endpoint", "`cohort` has no endpoint `os`, overall survival, which a report needs.",
          "Keep `os` and its columns as made by lms_cohort().")
  }
}

check_endpoints <- function(endpoints, meta) {
  known <- names(meta$endpoints)
  if (is.null(endpoints)) {
    own <- vapply(meta$endpoints, function(endpoint) {
      isTRUE(endpoint$user) || !is.null(endpoint$cause)
    }, NA)
    return(c("os", setdiff(known[own], "os")))
  }
  check_names(endpoints, "endpoints", "endpoints of the cohort", known)
}

# endpoint: the name of the one by which groups are compared.
check_factors <- function(factors, cohort, endpoint) {
  if (is.null(factors)) return(character())
  if (inherits(factors, "formula")) factors <- all.vars(factors)
  known <- setdiff(names(cohort), names(cohort_meta(cohort)$endpoints))
  factors <- check_names(factors, "factors", "columns of the cohort", known)
  meta <- cohort_meta(cohort)
  refuse_outcome(factors, "factors", meta$endpoints[[endpoint]], meta)
  for (column in factors) shown_groups(cohort, column, "factors")
  factors
}

# What an endpoint is made of is no factor of it: the status, times, dates and causes.
refuse_outcome <- function(columns, argument, endpoint, meta) {
  roles <- meta$roles[names(meta$roles) != "id"]
  wrong <- intersect(columns, c(endpoint_columns(endpoint), roles, names(meta$endpoints)))
  if (!length(wrong)) return(invisible())
  abort(
    "argument", paste0(tick(argument), ": ", tick(wrong[1L]), " is part of the outcome, not a ",
                       "factor of it."),
    "Remove this column, or name a column that is known at diagnosis."
  )
}

check_names <- function(x, argument, what, known) {
  if (!is.character(x) || !length(x)) {
    abort("argument", paste0(tick(argument), " must be names of ", what, ", not ", describe(x),
                             "."))
  }
  unknown <- setdiff(x, known)
  if (length(unknown)) {
    abort("argument", paste0(tick(argument), " must be names of ", what, ", not ",
                             quoted(unknown[1L]), "."), did_you_mean(unknown[1L], known))
  }
  unique(x)
}

# The first endpoint without a competing event.
plain_endpoint <- function(endpoints, meta) {
  plain <- vapply(meta$endpoints[endpoints], function(x) is.null(x$competing), NA)
  c(endpoints[plain], "os")[1L]
}

# A formula or a list of them. Answer: complete formulas by the titles of their sections.
check_models <- function(models) {
  if (is.null(models)) return(list())
  if (inherits(models, "formula")) models <- list(models)
  ok <- is.list(models) && length(models) && all(vapply(models, inherits, NA, "formula"))
  if (!ok) {
    abort("argument", paste0("`models` must be a formula or a list of formulas, not ",
                             describe(models), "."), "For example: `models = ~ age + sex`.")
  }
  names(models) <- model_titles(models)
  lapply(models, function(model) {
    if (length(model) == 3L) return(model)
    stats::as.formula(call("~", quote(os), model[[2L]]), environment(model))
  })
}

model_titles <- function(models) {
  titles <- if (length(models) == 1L) "Model" else paste("Model", seq_along(models))
  given <- if (is.null(names(models))) rep(NA, length(models)) else names(models)
  named <- !is.na(given) & nzchar(trimws(given))
  titles[named] <- given[named]
  twice <- titles[duplicated(titles)]
  if (length(twice)) {
    abort("argument", paste0("Two of `models` are called ", quoted(twice[1L]), "."),
          "Give each model its own name.")
  }
  titles
}

# sections: NULL for `usual`, names of some of them in the order wanted, or a list of sections.
choose_sections <- function(sections, usual) {
  if (is.null(sections)) return(usual)
  if (is.character(sections)) {
    return(usual[check_names(sections, "sections", "sections of this report", names(usual))])
  }
  if (inherits(sections, "lms_section")) sections <- list(sections)
  ok <- is.list(sections) && all(vapply(sections, inherits, NA, "lms_section"))
  if (is.list(sections) && !length(sections)) {
    abort("argument", "`sections` is empty.")
  }
  if (!ok) {
    abort(
      "argument", paste0("`sections` must be names of sections, or a list of lms_section(), not ",
                         describe(sections), "."),
      paste0("This report has ", enumerate(quoted(names(usual)), max = 20L), ".")
    )
  }
  new_sections(sections)
}
