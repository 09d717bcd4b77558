# The report of the article: a list of sections with its Tables 1 to 5 and its Figures 1 to 5.

#' Choose the sections of the article for a report
#'
#' `lms_article()` gives the sections of a report with the five tables and five figures of
#' LiBrizzi et al. (2022). It is for cohorts of patients with a tumor who may have bone
#' metastases and operations for them. Use the result as `sections` of [lms_report()] or
#' [lms_results()]. Parts without data are omitted, and the end of the report lists them.
#'
#' @section Small counts:
#' With `min_cell`, Figures 1 and 2 are omitted, because the tables also count the patients with
#' these sites and operations. Deaths of patients with bone metastases are shown only under one
#' condition: no group of deaths or survivors, with or without bone metastases, is small. If a
#' level of a variable has such a small group, the variable is counted among all patients only.
#' Its counts in the table of patients with bone metastases and in models are hidden.
#'
#' Counts of a column are also hidden if one of its levels contains all but a few patients of a
#' level of another column. The same applies to all but a few of the patients who died or had an
#' operation. Otherwise subtraction would reveal small counts. For example, all patients with a
#' fracture, less those with an operation for one, are those without an operation.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @return A list of sections, as made by [lms_sections()].
#' @references LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022). Bone metastases in
#' patients with leiomyosarcoma: a retrospective analysis of survival and surgical management.
#' *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
#' @seealso [lms_table()], [lms_figure()], [lms_reconcile()].
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' lms_article(cohort)
#' lms_results(cohort, sections = lms_article(cohort)["bone_survival"])
#' @export
lms_article <- function(cohort) {
  check_report_cohort(cohort)
  new_sections(list(
    summary_section(), methods_section(),
    article_section(
      "patients", "Patients", tables = 1L,
      say = function(data, context) {
        c(say_patients(data$fits$counts, context), follow_up_words(data$fits$os$fit, context))
      },
      figures = function(data, context) {
        list(flow = patient_flow(article_steps(data$fits, context)))
      },
      summary = function(data, context) patients_summary(data$fits$counts, context)
    ),
    article_section(
      "survival", "Survival",
      say = function(data, context) say_survival(data$fits$os, context),
      figures = function(data, context) {
        if (!is.null(data$fits$bone)) return(NULL)
        # No figure of the article has a number that another takes.
        lapply(survival_figures(data$fits$os, context), utils::modifyList, list(number = FALSE))
      },
      check = function(data, context) endpoint_checks(data$fits$os),
      methods = function(data, context) endpoint_methods(data$fits$os, context),
      summary = function(data, context) endpoint_summary(data$fits$os, context)
    ),
    article_section(
      "bone", "Bone metastases", tables = 2:3, figures = 1L, needs = "bone",
      say = function(data, context) bone_sentences(data$fits, context),
      methods = function(data, context) {
        if (!is.null(data$fits$bone$fisher)) "Proportions were compared by Fisher's exact test."
      },
      summary = function(data, context) bone_summary(data$fits$bone, data$fits, context)
    ),
    article_section(
      "surgery", "Operations", figures = 2L, needs = "surgery",
      say = function(data, context) surgery_sentences(data$fits, context)
    ),
    article_section(
      "bone_survival", "Survival with bone metastases", figures = 3:4, needs = "bone",
      say = function(data, context) bone_survival_sentences(data$fits, context),
      check = function(data, context) bone_checks(data$fits$bone),
      methods = function(data, context) {
        c(endpoint_methods(data$fits$bone$after, context), logrank_method())
      }
    ),
    article_section(
      "factors", "Factors associated with survival", tables = 4:5, figures = 5L,
      say = function(data, context) {
        factor_sentences(data$fits, lapply(data$tables, `[[`, "table"), context)
      },
      check = function(data, context) data$fits$models,
      methods = function(data, context) lapply(unname(data$fits$models), cox_methods)
    ),
    findings_section(), data_section()
  ))
}

# tables, figures: numbers, or a function that makes figures. needs: what the fits must have.
article_section <- function(name, title, tables = NULL, figures = NULL, needs = NULL, ...) {
  numbers <- list(tables = tables, figures = if (is.numeric(figures)) figures)
  new_section(name, title, makers(
    compute = function(cohort, context) {
      fits <- article_fits(cohort, context)
      parts <- article_parts(numbers, cohort, fits, context)
      if (length(needs) && is.null(fits[[needs]])) {
        abort("no_data", "The section has no data.", fields = list(left_out = parts$left_out))
      }
      c(list(fits = fits), parts)
    },
    tables = function(data, context) data$tables,
    figures = if (is.function(figures)) figures else function(data, context) data$figures,
    ...
  ), counted = counted_article)
}

# For sections of the cohort's own beside those of the article, which hide by release_fits().
counted_article <- function(cohort) {
  event <- cohort_meta(cohort)$events$bone_metastasis
  bone <- if (!is.null(event)) list(bone = !is.na(event_date(cohort, event$name)))
  told(c(list(dead = died_in(cohort)), bone), unlist(counted_columns(cohort)), names(bone))
}

# The tables and figures of the numbers given, and why some are missing.
article_parts <- function(numbers, cohort, fits, context) {
  out <- list(tables = list(), figures = list(), left_out = no_parts())
  for (kind in names(numbers)) for (number in numbers[[kind]]) {
    name <- paste0(c(tables = "table_", figures = "figure_")[[kind]], number)
    label <- paste(c(tables = "Table", figures = "Figure")[[kind]], number)
    part <- part_or_error(article_part(name, number, kind, cohort, fits, context))
    if (inherits(part, "lmsurv_error")) {
      out$left_out <- left_out_part(out$left_out, label, part)
    } else {
      out[[kind]][[name]] <- c(part, list(number = label))
    }
  }
  out
}

article_part <- function(name, number, kind, cohort, fits, context) {
  if (kind == "tables") {
    table <- if (context$min_cell) released_part(name, number, cohort, fits) else
      lms_table(cohort, number)
    return(list(table = table, caption = paste0(table$caption, ".")))
  }
  figure <- if (context$min_cell) released_part(name, number, cohort, fits) else
    lms_figure(cohort, number)
  list(plot = figure, caption = figure_captions[[name]], height = figure_heights[[name]])
}

figure_captions <- c(
  figure_1 = "Where the bone metastases were.",
  figure_2 = "Surgical management of the bone metastases.",
  figure_3 = "Overall survival of patients with and without bone metastases.",
  figure_4 = paste(
    "Survival of patients with bone metastases, (a) from diagnosis and (b) from the diagnosis of",
    "bone metastases."
  ),
  figure_5 = "Survival of patients with bone metastases by group."
)

figure_heights <- c(figure_1 = 6, figure_2 = 4.5, figure_3 = 4.5, figure_4 = 4.5, figure_5 = 7.5)

# The flow of patients, with those who have bone metastases and those operated on.
article_steps <- function(fits, context) {
  n <- fits$counts
  bone <- fits$bone
  deaths <- deaths_apart(fits)
  steps <- patient_steps(n, context, deaths)
  if (!is.null(bone) && bone$n < n$rows) {
    steps <- c(steps, list(list(
      text = flow_box("With bone metastases", bone$n, if (deaths) bone$deaths),
      out = flow_box("Without bone metastases", n$rows - bone$n,
                     if (deaths) n$deaths - bone$deaths)
    )))
  }
  surgery <- fits$surgery
  from <- if (is.null(bone)) n$rows else bone$n
  if (!is.null(surgery) && surgery$n < from) {
    steps <- c(steps, list(list(
      text = flow_box("Surgery", surgery$n), out = flow_box("No surgery", from - surgery$n)
    )))
  }
  steps
}

bone_checks <- function(bone) {
  checks <- list(
    "Median with bone metastases" = bone$os$fit, "Median after bone metastasis" = bone$after$fit,
    "Survival with bone metastases" = bone$os$rates,
    "Log-rank test of bone metastases" = bone$logrank
  )
  Filter(Negate(is.null), checks)
}

bone_summary <- function(bone, fits, context) {
  paste0(
    share(bone$n, fits$counts$rows), " had bone metastases. Their median survival from bone ",
    "metastasis was ", median_words(bone$after$fit, context$unit, context$min_cell), "."
  )
}
