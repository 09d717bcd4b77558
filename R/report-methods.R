# The methods paragraphs: what was done, with the rules in force, and only what was
# done for this cohort.

methods_sentences <- function(fits, meta) {
  new_text(c(
    endpoint_words(meta, fits), estimate_words(fits), model_words(fits),
    missing_values_words(), release_words(fits$min_cell), software_words(fits)
  ))
}

endpoint_words <- function(meta, fits) {
  text <- paste0(
    "Overall survival was counted from diagnosis to death; patients who were alive were censored ",
    "at their last contact. Death is coded as: ", plain_words(meta$event$words), "."
  )
  if (!is.null(fits$bone)) {
    text <- paste(text, "Survival after bone metastasis was counted from the day on which the bone",
                  "metastasis was found.")
  }
  paste0(text, " Times are in ", meta$unit, unit_length_words(meta$unit), ".")
}

estimate_words <- function(fits) {
  os <- fits$os
  paste0(
    "Survival was estimated by the Kaplan-Meier method",
    if (os$conf.type != "none") paste0(
      " with ", format(100 * os$conf_level), "% confidence intervals (CI) on the ", os$conf.type,
      " scale"
    ), ", and the median follow-up by the reverse Kaplan-Meier method. The interquartile range ",
    "(IQR) of a survival time runs from the time at which 75% were alive to that at which 25% ",
    "were.", if (!is.null(fits$bone)) " Curves were compared by the log-rank test",
    if (!is.null(fits$bone$fisher)) " and proportions by Fisher's exact test",
    if (!is.null(fits$bone)) "."
  )
}

model_words <- function(fits) {
  models <- c(fits$models, list("the model" = fits$own))
  models <- Filter(Negate(is.null), models)
  if (!length(models)) return(NULL)
  ties <- vapply(models, `[[`, "", "method")
  several <- length(unique(ties)) > 1L
  methods <- vapply(unique(ties), function(x) {
    name <- if (x == "exact") "the exact method" else paste0(tie_label(x), "'s method")
    paste0(name, if (several) paste0(" (", enumerate(names(ties)[ties == x]), ")"))
  }, "")
  paste0(
    "Hazard ratios were estimated by Cox's proportional hazards regression with ",
    enumerate(methods), " for deaths at the same time and Wald ",
    format(100 * models[[1L]]$conf_level), "% intervals. Each model was checked for few deaths ",
    "per coefficient, sparse levels, hazard ratios that run to infinity, covariates that become ",
    "known only after time zero (immortal time), effects that change with time (score test of ",
    "proportional hazards), single patients who sway the result, and missing values."
  )
}

missing_values_words <- function() {
  paste(
    "Patients with a missing value in a variable of an analysis were left out of that analysis",
    "(complete cases); nothing was imputed. All p-values are two-sided and were not adjusted for",
    "the number of tests."
  )
}

software_words <- function(fits) {
  rules <- conventions()
  paste0(
    "The analysis was made by the R package lmsurv, version ", utils::packageVersion("lmsurv"),
    ", in R ", getRversion(), ", with the conventions of ",
    c(r = "R", stata = "Stata", sas = "SAS")[[rules$style]], "; see Data and software."
  )
}
