# The fits and counts that a report speaks of. They are made once; sentences,
# warnings and captions only read them.

# model: a formula of the user's own, or NULL.
report_fits <- function(cohort, model, sections) {
  meta <- cohort_meta(cohort)
  os <- quiet(lms_km(os ~ 1, data = cohort))
  digits <- time_digits(os, NULL, unlist(km_quartiles(os)))
  fits <- list(
    unit = meta$unit, digits = digits, os = os,
    time = function(x) format_time(x, digits), counts = report_counts(cohort, meta),
    rates = year_rates(cohort, meta)
  )
  fits$bone <- bone_fits(cohort, meta)
  fits$surgery <- surgery_fits(cohort, meta)
  if ("factors" %in% sections) fits$models <- paper_models(cohort)
  if (!is.null(model) && "model" %in% sections) fits$own <- quiet(lms_cox(model, data = cohort))
  fits
}

report_counts <- function(cohort, meta) {
  audit <- summary(cohort)
  here <- audit$patients
  gone <- audit$excluded
  list(
    rows = here$rows, patients = here$patients, deaths = here$deaths,
    read = meta$read, excluded = sum(gone$n[gone$table == "patients"]), reasons = gone
  )
}

years_reported <- c(2, 5, 10)

# Kaplan-Meier, not the crude share that is often printed.
year_rates <- function(data, meta) {
  per_year <- days_in[["years"]] / days_in[[meta$unit]]
  rates <- quiet(lms_rates(os ~ 1, data = data, times = years_reported * per_year))
  rates$per_year <- per_year
  rates
}

# NULL where nobody has bone metastases.
bone_fits <- function(cohort, meta) {
  event <- meta$events$bone_metastasis
  if (is.null(event)) return(NULL)
  date <- event$column
  has <- !is.na(cohort[[date]])
  if (!any(has)) return(NULL)
  bone <- cohort[has, ]
  start <- start_of(bone, meta$endpoints$os)
  column <- event$ever
  first <- is_first_site(bone, meta)
  list(
    n = sum(has), deaths = sum(unclass(bone$os)[, "status"]), column = column,
    onset = (clock(bone[[date]]) - start) / unit_length(meta),
    first = if (!is.null(first)) sum(first), fisher = subtype_test(cohort, has),
    os = quiet(lms_km(os ~ 1, data = bone)), after = quiet(lms_km(os_bone ~ 1, data = bone)),
    rates = year_rates(bone, meta),
    logrank = if (!all(has)) tried(lms_logrank(group_formula("os", column), data = cohort))
  )
}

group_formula <- function(endpoint, column) {
  stats::reformulate(tick(column), as.name(endpoint), env = baseenv())
}

# Those of Tables 4 and 5, where there are any.
paper_models <- function(cohort) {
  frame <- reconcile_frame(cohort)
  models <- list("Table 4" = tried(paper_model_4(frame, list())$fit),
                 "Table 5" = tried(paper_model_5(frame, list())$fit))
  Filter(Negate(is.null), models)
}

# Everything that is checked, by what the report calls it. sections: those that are made.
checked_fits <- function(fits, sections) {
  bone <- fits$bone
  parts <- list(
    factors = fits$models, model = list("Model" = fits$own),
    survival = list("Median of all patients" = fits$os, "Survival of all patients" = fits$rates),
    bone = list(
      "Median with bone metastases" = bone$os, "Median after bone metastasis" = bone$after,
      "Survival with bone metastases" = bone$rates,
      "Log-rank test of bone metastases" = bone$logrank
    )
  )
  checked <- unlist(unname(parts[intersect(names(parts), sections)]), recursive = FALSE)
  Filter(Negate(is.null), checked)
}

# Who had no other metastasis before: known only where both dates are.
is_first_site <- function(cohort, meta) {
  if (!"visceral_metastasis" %in% names(meta$events)) return(NULL)
  bone <- event_date(cohort, "bone_metastasis")
  other <- event_date(cohort, "visceral_metastasis")
  !is.na(bone) & (is.na(other) | bone < other)
}

subtype_test <- function(cohort, has) {
  if (!"subtype" %in% names(cohort) || all(has)) return(NULL)
  known <- !is.na(cohort$subtype)
  tried(lms_fisher(table(droplevels(as.factor(cohort$subtype[known])), has[known])))
}

surgery_fits <- function(cohort, meta) {
  if (!"first_surgery" %in% names(meta$events)) return(NULL)
  at <- function(event) if (event %in% names(meta$events)) event_date(cohort, event)
  surgery <- at("first_surgery")
  has <- !is.na(surgery)
  if (!any(has)) return(NULL)
  wait <- if ("bone_metastasis" %in% names(meta$events)) {
    ((surgery - at("bone_metastasis")) / unit_length(meta))[has]
  }
  failure <- at("implant_failure")
  # Operations on the primary tumour are of patients with and without bone metastases.
  on_bone <- all(wait >= 0 & !is.na(wait))
  list(
    n = sum(has), on_bone = on_bone, wait = if (on_bone) wait,
    operations = if ("surgeries" %in% names(meta$linked)) nrow(linked_table(cohort, "surgeries")),
    failed = if (!is.null(failure)) sum(!is.na(failure))
  )
}

# What the data do not allow is left out; other errors are faults, and stop.
tried <- function(expr) {
  tryCatch(suppressWarnings(quiet(expr)), lmsurv_error = function(e) NULL)
}

# What stays of the fits: no time of a patient, no function and no data.
stripped_fits <- function(fits) {
  fits$bone <- fits$bone[setdiff(names(fits$bone), "onset")]
  fits$surgery <- fits$surgery[setdiff(names(fits$surgery), "wait")]
  strip <- function(x) {
    if (is.data.frame(x) || !is.list(x)) return(x)
    if (is.object(x)) lms_strip(x) else lapply(x, strip)
  }
  lapply(fits[setdiff(names(fits), "time")], strip)
}
