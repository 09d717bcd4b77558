# The section of a Cox model: univariable and multivariable hazard ratios, side by side.

# model: a complete formula.
model_section <- function(title, model) {
  name <- gsub("^_|_$", "", gsub("[^[:alnum:]]+", "_", tolower(title)))
  if (!nzchar(name)) name <- "model"
  new_section(name, title, makers(
    compute = function(cohort, context) compute_model(cohort, title, model, context),
    say = function(data, context) {
      if (!is.null(data$not_fitted)) return(data$not_fitted)
      ratio_sentences(data$table, data$fit, "the model",
                      context$checks[context$checks$subject == title, ])
    },
    tables = function(data, context) {
      if (!is.null(data$table)) stats::setNames(list(data$table), name)
    },
    figures = function(data, context) {
      if (is.null(data$figure)) return(NULL)
      stats::setNames(list(list(
        plot = data$figure,
        caption = paste0("Hazard ratios of the model with their ",
                         interval_word(data$conf_level), "s."),
        height = forest_height(data$figure)
      )), name)
    },
    check = function(data, context) {
      if (!is.null(data$fit)) stats::setNames(list(data$fit), title)
    },
    methods = function(data, context) if (!is.null(data$fit)) cox_methods(data$fit)
  ), counted = function(cohort) {
    told(list(dead = died_in(cohort)), intersect(all.vars(model[[3L]]), names(cohort)))
  })
}

forest_height <- function(figure) min(9, 1 + 0.24 * max(6, nrow(figure$data)))

compute_model <- function(cohort, title, model, context) {
  # Where its models of one variable find the patients again.
  environment(model) <- list2env(list(cohort = cohort), parent = environment(model))
  fit <- tryCatch(
    quiet(eval(bquote(lms_cox(.(model), data = cohort)), environment(model))),
    lmsurv_error_covariate = function(e) if (is.null(e$one_level)) stop(e) else e
  )
  if (inherits(fit, "lmsurv_error")) {
    return(list(title = title, not_fitted = one_level_words(fit$one_level, cohort)))
  }
  if (!length(fit$coefficients)) abort_part("no_data", "The model has no covariates.")
  several <- length(attr(fit$terms, "term.labels")) > 1L
  if (context$min_cell) return(c(list(title = title), released_model(fit, context)))
  list(
    title = title, fit = fit, conf_level = fit$conf_level, figure = ggplot2::autoplot(fit),
    table = lms_table_cox(fit, univariable = several)
  )
}

# name: as typed, such as factor(grade).
one_level_words <- function(name, cohort) {
  of <- all.vars(str2lang(name))
  title <- if (length(of) == 1L) variable_words(of, cohort) else name
  paste0("The model was not fitted. All patients with complete data have the same value of ",
         first_lower(title), ", so this variable has no hazard ratio. Remove it from the model.")
}

# The table of a model without small counts, and its figure where no count is hidden.
released_model <- function(fit, context) {
  table <- tried(lms_table_cox(fit, min_cell = context$min_cell))
  if (is.null(table)) {
    abort_part("min_cell", "The model has too few patients or events to be shown.")
  }
  what <- if (!is.null(fit$origin)) paste0(" for ", fit[["event"]], " after ", fit$origin)
  table <- hide_counts(table, fit, context$plan, paste0("Hazard ratios", what, ", Cox model"))
  list(fit = fit, conf_level = fit$conf_level, table = table,
       figure = if (!isFALSE(table$settings$counts)) ggplot2::autoplot(fit))
}
