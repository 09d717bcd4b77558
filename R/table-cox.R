#' Make a table of hazard ratios from a Cox model
#'
#' `lms_table_cox()` turns a Cox model into a table for a paper. It is for anyone who reports
#' hazard ratios (HR), multivariable or both univariable and multivariable. It shows 95% CIs and
#' p-values, grouped by variable, with the reference group and the patients and events of each
#' level. Footnotes report what [lms_check()] finds.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The caption, with the outcome and the number of patients of the model.
#' * The head: `Patients` and `Events` of each level, `HR (95% CI)` and `p`.
#' * A category, such as `Sex`: one line per level. `Reference` marks the reference group. For
#'   women, the hazard of death is 0.61 times that of men, adjusted for the other variables.
#' * A number, such as `Age`: the hazard ratio per unit, here per year.
#' * A letter beside a name refers to a footnote with a finding of [lms_check()]. Here, the
#'   effect of `Ph.karno` seems to change over time.
#' * The last footnote: patients and events used, patients excluded for missing data, the meaning
#'   of abbreviations, and the methods to report.
#' * With `univariable = TRUE`, further columns show the hazard ratio from a model with this
#'   variable alone.
#'
#' @section Univariable beside multivariable:
#' If other variables have missing values, a variable alone can be fitted to more patients than
#' the whole model. With `univariable = TRUE`, each row shows the patients and events of both
#' models where they differ. A univariable hazard ratio may differ by more than 10% between all
#' patients and the patients of the whole model. A footnote then gives the hazard ratio in the
#' patients of the whole model. This part of the change is not due to adjustment. `same_patients
#' = TRUE` fits all of them to the patients of the whole model.
#'
#' Strata, clusters, weights, offset, ties and penalty are those of the model. Interactions have
#' no univariable hazard ratio. Univariable models are fitted again from the data, which must
#' still be available under the same name. With `same_patients`, they are fitted from the data
#' kept in the model.
#'
#' @section What a single hazard ratio cannot describe:
#' A hazard ratio cannot be estimated if it tends to 0 or infinity, because no patient or every
#' patient with some value has the event. It is replaced by Firth's penalised estimate with its
#' profile interval. A dagger marks it and a footnote names it.
#'
#' Splines and polynomials (from [poly()], or an ordered factor in R's polynomial contrasts) have
#' no single hazard ratio. Their line shows the p-value of all columns together (Wald test). If
#' the contrasts do not compare levels with a reference group, each line names its comparison.
#' There, "mean" is the mean of log hazards, with each level counted once. Hazard ratios of
#' numbers are per unit. With an interaction, the lines of its variables apply where the other
#' variable is 0 or in its reference group.
#'
#' In time-split data, a patient has several rows. With `id` in [lms_cox()], the table counts
#' patients and rows. Without `id`, it counts rows only.
#'
#' @section Small counts:
#' With `min_cell = 5`, numbers of patients and of events from 1 to 4 are shown as "<5". Others
#' are shown as "*" if a small number could be computed from them. The hazard ratio of a level
#' with a small number is hidden, because its standard error reveals the number. If this level is
#' the reference group, all hazard ratios of the variable are hidden. Footnotes then name
#' findings without their counts.
#'
#' @param fit A model made by [lms_cox()] or [survival::coxph()].
#' @param ... Not used. Any name given here is an error.
#' @param univariable `TRUE` to add the hazard ratios of models with one variable each.
#' @param same_patients `TRUE` to fit the univariable models to the patients of the whole model.
#' @param overall_p The test behind a column with one p-value per variable, for all its levels:
#'   `"wald"` or `"lr"` (likelihood ratio). `"none"` omits the column.
#' @param infinite `"firth"` to show Firth's penalised estimate where a hazard ratio cannot be
#'   estimated, or `"name"` to show no estimate there.
#' @param check `FALSE` to omit the findings of [lms_check()], which fits further models.
#' @param labels,style,min_cell,caption The names of the variables or terms, the style of the
#'   numbers, the smallest count to show, and the text above the table. They work as in
#'   [lms_table_one()].
#' @param digits A whole number that sets the decimals of hazard ratios.
#' @return An object of class `c("lms_table_cox", "lms_table")`: see [lms_table()].
#'   `as.data.frame()` and `tidy()` have a row for each line of the table and model:
#' \describe{
#'   \item{line}{Number of the line.}
#'   \item{variable, label, level}{Term of the model, its label, and the level.}
#'   \item{line_label}{The name of the line below the term: its level, the comparison of a
#'     contrast, or the levels of an interaction; `NA` where the term is enough.}
#'   \item{kind}{`reference`, `level` (compared with the reference group), `contrast` (of levels
#'     with each other, as of `contr.sum`), `quantity`, `interaction` or `several` (a spline or
#'     polynomial, which has no single hazard ratio).}
#'   \item{coefficient, model}{Its name in the model; `fitted` or `univariable`.}
#'   \item{n, patients, events}{Rows and events of the level; patients where `id` was given.}
#'   \item{n_used, patients_used, events_used}{Rows, patients and events of the model.}
#'   \item{estimate, conf.low, conf.high, p.value}{Hazard ratio, confidence limits at the level
#'     of the model, and p-value.}
#'   \item{p.variable}{P-value of all coefficients of the term, on request.}
#'   \item{infinite, penalty}{`"0"` or `"infinity"` where the hazard ratio cannot be estimated
#'     and tends to that value; `"firth"` where the estimate is penalised.}
#'   \item{masked_n, masked_patients, masked_events, masked_ratio}{`""`, `"small"` or
#'     `"hidden"`.}
#' }
#' @seealso [lms_table()] for output and journal styles; [autoplot.lms_cox()] for a forest plot.
#' @examples
#' # lung cancer: multivariable model, then univariable hazard ratios beside it
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' fit <- lms_cox(Surv(time, status) ~ sex + age + ph.karno, data = lung, event = 2)
#' lms_table_cox(fit)
#' lms_table_cox(fit, univariable = TRUE, style = "nejm")
#' @export
lms_table_cox <- function(fit, ..., univariable = FALSE, same_patients = FALSE,
                          overall_p = c("none", "wald", "lr"), infinite = c("firth", "name"),
                          check = TRUE, labels = NULL, digits = 2, style = "plain",
                          min_cell = NULL, caption = NULL) {
  refuse_dots("lms_table_cox", setdiff(names(formals(lms_table_cox)), "..."), dot_names(...))
  if (!inherits(fit, "coxph")) {
    abort("argument", paste0("`fit` must be a Cox model, not ", describe(fit), "."),
          "Fit the model by lms_cox().")
  }
  settings <- list(
    univariable = check_flag(univariable, "univariable"),
    same_patients = check_flag(same_patients, "same_patients"),
    overall_p = check_option(overall_p, "overall_p", c("none", "wald", "lr")),
    infinite = check_option(infinite, "infinite", c("firth", "name")),
    check = check_flag(check, "check"), digits = check_number(digits, "digits", 0, 9, whole = TRUE),
    style = journal_style(style), min_cell = check_min_cell(min_cell)
  )
  fit <- table_model(fit, settings)
  with_point(new_table_cox(fit, settings, labels, caption))
}

# The model as an lms_cox with its frame.
table_model <- function(fit, settings) {
  if (!inherits(fit, "lms_cox")) {
    if (settings$univariable && !settings$same_patients) {
      abort("argument", "Univariable models need the data of `fit`, a coxph() model.",
            "Set `same_patients = TRUE`, or fit the model by lms_cox().")
    }
    fit <- from_coxph(fit)
  }
  if (!length(fit$coefficients)) {
    abort("argument", "A model without covariates has no hazard ratio to tabulate.")
  }
  if (is.null(fit$model) || is.null(unclass(fit)$linear.predictors)) {
    abort("stripped", "This model has no data of patients, so patients cannot be counted by level.",
          "Fit the model again with `model = TRUE`.")
  }
  fit
}

new_table_cox <- function(fit, settings, labels, caption) {
  models <- list(fitted = cox_lines(fit, settings$infinite, settings$min_cell > 0))
  alone <- if (settings$univariable) univariable_fits(fit, settings$same_patients)
  if (settings$univariable) {
    models$univariable <- do.call(rbind, lapply(alone, cox_lines, settings$infinite,
                                                  settings$min_cell > 0))
  }
  numbers <- join_models(models)
  titles <- term_titles(fit, labels)
  numbers$label <- unname(titles[numbers$variable])
  numbers$p.variable <- overall_p(fit, settings$overall_p)[numbers$variable]
  numbers$p.variable[numbers$model != "fitted"] <- NA
  numbers <- mask_cox(numbers, settings$min_cell)
  structure(
    list(
      numbers = numbers[cox_columns], settings = settings, titles = titles,
      counts = count_kinds(fit, numbers),
      conf_level = fit$conf_level,
      notes = c(cox_notes(fit, numbers, settings, titles),
                if (settings$univariable) moved_notes(fit, alone, numbers, settings)),
      caption = if (is.null(caption)) cox_caption(fit, settings) else caption
    ),
    class = c("lms_table_cox", "lms_table")
  )
}

cox_columns <- c(
  "line", "variable", "label", "level", "line_label", "kind", "coefficient", "model", "n",
  "patients", "events", "n_used", "patients_used", "events_used", "estimate", "conf.low",
  "conf.high", "p.value",
  "p.variable", "infinite", "penalty", "masked_n", "masked_patients", "masked_events",
  "masked_ratio"
)

cox_caption <- function(fit, settings) {
  what <- if (!is.null(fit$origin)) paste0(" for ", fit[["event"]], " after ", fit$origin)
  counted <- if (is.null(fit$n.id)) fit$n else fit$n.id
  paste0("Hazard ratios", what, ", Cox model of ", count_of(counted, counted_word(fit)))
}

# What a row of the model is: a patient, unless it is a period of one.
counted_word <- function(fit) {
  periods <- is.null(fit$n.id) && is.null(fit$origin) && ncol(kept_response(fit)) > 2L
  if (periods) "row" else "patient"
}

count_kinds <- function(fit, numbers) {
  split <- !is.null(fit$n.id) && fit$n.id < fit$n
  list(split = split, word = counted_word(fit),
       both = any(numbers$n_used != fit$n) || any(numbers$events_used != fit$nevent))
}
