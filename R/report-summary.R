# The sections that speak of the whole report: summary, methods, findings, data and software.

summary_section <- function() {
  new_section("summary", "Summary", makers(say = summary_sentences),
              counted = function(cohort) told())
}

# One sentence for each section that has a result to tell.
summary_sentences <- function(data, context) {
  said <- lapply(context$sections, function(section) {
    if (!is.null(section$summary)) section$summary(context$data[[section$name]], context)
  })
  serious <- context$findings[context$findings$severity == "serious", ]
  c(
    if (length(unlist(said))) paste(unlist(said), collapse = " "),
    if (nrow(serious)) paste0(
      "Before you quote these results, read the section Findings: ",
      enumerate(serious_words(serious), max = 10L), "."
    )
  )
}

# "immortal time bias (Table 4 and Table 5)"
serious_words <- function(serious) {
  by_kind <- split(serious$subject, factor(serious$title, unique(serious$title)))
  vapply(names(by_kind), function(title) {
    paste0(first_lower(title), " (", enumerate(unique(by_kind[[title]]), max = 6L), ")")
  }, "")
}

methods_section <- function() {
  new_section("methods", "Methods", makers(say = methods_sentences),
              counted = function(cohort) told())
}

methods_sentences <- function(data, context) {
  said <- lapply(context$sections, function(section) {
    section$methods(context$data[[section$name]], context)
  })
  c(
    paste(unique(c(cohort_methods(context), unlist(said))), collapse = " "),
    missing_values_words(), release_words(context$min_cell), software_words()
  )
}

cohort_methods <- function(context) {
  entry <- "entry" %in% names(context$meta$roles)
  c(
    origin_words(context$meta$roles),
    if (entry) paste0(
      "Patients were counted as at risk only from their entry (",
      variable_words(context$meta$roles[["entry"]]), ") if it was after time zero ",
      "(delayed entry). Patients whose follow-up or event came before their entry were excluded ",
      "from that analysis."
    ),
    if (!is.null(context$meta$end)) "Follow-up after the end of the study was not counted.",
    paste0("Patients were counted as dead where ", plain_words(context$meta$event$words),
           ". Times are in ", context$unit, unit_length_words(context$unit), ".")
  )
}

# What is called diagnosis, where its column has another name.
origin_words <- function(roles) {
  column <- roles["diagnosis"]
  if (is.na(column) || grepl("diagnos", column, ignore.case = TRUE)) return(NULL)
  paste0("Diagnosis, or time zero, is the date of ", variable_words(column[[1L]]), ".")
}

missing_values_words <- function() {
  paste(
    "Patients with a missing value in a variable of an analysis were excluded from that analysis",
    "(complete cases); nothing was imputed. All p-values are two-sided and were not adjusted for",
    "the number of tests."
  )
}

software_words <- function() {
  paste0(
    "The analysis was made by the R package lmsurv, version ", utils::packageVersion("lmsurv"),
    ", in R ", getRversion(), ", with the conventions of ",
    style_names[[conventions()$style]], "; see Data and software."
  )
}

# The methods of a Cox model and of its check.
cox_methods <- function(fit) {
  paste0(
    "Hazard ratios were estimated by Cox's proportional hazards regression with ",
    ties_method(fit$method),
    " for events at the same time and Wald ", format(100 * fit$conf_level),
    "% confidence intervals. Each model was checked for few events per coefficient, sparse ",
    "groups, hazard ratios that cannot be estimated, covariates that become known only after ",
    "time zero (immortal time bias), effects that change over time (score test of proportional ",
    "hazards), influential patients, and missing data."
  )
}

ties_method <- function(ties) {
  if (ties == "exact") "the exact method" else paste0(tie_label(ties), "'s method")
}

findings_section <- function() {
  new_section("findings", "Findings", makers(say = function(data, context) context$findings),
              counted = function(cohort) told())
}

data_section <- function() {
  new_section("data", "Data and software", makers(
    compute = function(cohort, context) {
      list(fingerprint = if (!context$min_cell) fingerprint_line(cohort))
    },
    say = function(data, context) {
      provenance(data$fingerprint, context$left_out, context$fitted)
    }
  ), counted = function(cohort) told())
}
