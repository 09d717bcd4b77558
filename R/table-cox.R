#' Table of a Cox model
#'
#' Hazard ratios with their intervals and p-values, grouped by variable with the reference level and
#' the patients and events of each level; on request beside those of models with one variable
#' each. What [lms_check()] finds stands in the footnotes.
#'
#' @section Univariable beside multivariable: A variable alone can be fitted to more patients than
#' the whole model, where others have missing values. With `univariable = TRUE` each row states
#' its patients and events in both models, where they differ, and a footnote gives the univariable
#' ratio in the patients of the whole model where it is more than 10% away from that in all of its
#' own: so much of the change is not adjustment. `same_patients = TRUE` fits all of them to the
#' patients of the whole model. Strata, clusters, weights, offset, ties and penalty are those of
#' the model; interactions have no univariable ratio. Models of one variable are made again from
#' the data, which must still be where the model found them; with `same_patients` from what the
#' model keeps.
#'
#' @section What cannot be told in one ratio: A ratio that runs to 0 or infinity, because nobody
#' or everybody with some value has the event, is replaced by Firth's penalised estimate with its
#' profile interval and marked with a dagger; it is named in the footnote. Splines and
#' polynomials (of [poly()], or an ordered factor in R's polynomial contrasts) have no single ratio:
#' their line has the p-value of all columns together (Wald). With other contrasts than those of
#' levels with a reference each line names what it compares; "mean" is of log hazards, each level
#' counted once. Ratios of quantities are per unit. With an interaction, the lines of its variables
#' hold
#' where the other is 0 or at its reference.
#'
#' In time-split data a patient has several rows: with `id` in [lms_cox()] the table counts patients
#' and rows, without it rows alone.
#'
#' @section Small counts: With `min_cell = 5`, numbers of patients and of events from 1 to 4 are
#' shown as "<5", and others as "*" so that they cannot be computed. The ratio of a level with a
#' small number is hidden, as its standard error tells the number; all ratios of the variable if
#' the level is the reference. Footnotes then name findings without their counts.
#'
#' @param fit A model made by [lms_cox()] or [survival::coxph()].
#' @param ... Not used; anything here is refused by name.
#' @param univariable `TRUE` to add the models of one variable.
#' @param same_patients `TRUE` to fit these to the patients of the whole model.
#' @param overall_p `"none"`, or `"wald"` or `"lr"` (likelihood ratio) for a column with a p-value
#'   of each variable with all its levels.
#' @param infinite `"firth"`, or `"name"` to give no estimate for ratios that run to 0 or infinity.
#' @param check `FALSE` to leave out the findings of [lms_check()], which fits further models.
#' @param labels,style,min_cell,caption As in [lms_table_one()]; labels by variable or term.
#' @param digits A whole number, the decimals of hazard ratios.
#' @return An object of class `c("lms_table_cox", "lms_table")`: see [lms_table()].
#'   `as.data.frame()` and `tidy()` have a row for each line of the table and model:
#' \describe{
#'   \item{line}{number of the line.}
#'   \item{variable, label, level}{term of the model, what it is called, and the level.}
#'   \item{line_label}{what the line is called below the term: its level, what a contrast compares,
#'     the levels of an interaction; `NA` where the term says it all.}
#'   \item{kind}{`reference`, `level` (compared with the reference), `contrast` (of levels with each
#'     other, as of `contr.sum`), `quantity`, `interaction` or `several` (a spline or polynomial,
#'     which has no single ratio).}
#'   \item{coefficient, model}{its name in the model; `fitted` or `univariable`.}
#'   \item{n, patients, events}{rows and events of the level; patients where `id` was given.}
#'   \item{n_used, patients_used, events_used}{of the model.}
#'   \item{estimate, conf.low, conf.high, p.value}{hazard ratio, limits of the level of the model,
#'     and p.}
#'   \item{p.variable}{of all coefficients of the term, if asked for.}
#'   \item{infinite, penalty}{`"0"` or `"infinity"` where the ratio runs there; `"firth"` where
#'     the estimate is penalised.}
#'   \item{masked_n, masked_patients, masked_events, masked_ratio}{`""`, `"small"` or `"hidden"`.}
#' }
#' @seealso [lms_table()] for output and journal styles; [autoplot.lms_cox()] for a forest plot.
#' @examples
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
