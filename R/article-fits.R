# The fits and counts of which the report of the article speaks. They are made once; its sections
# only read them.

article_fits <- function(cohort, context) {
  cache <- context$cache
  if (is.null(cache$article)) {
    fits <- list(
      os = endpoint_fits(cohort, "os", context), unit = context$unit,
      counts = patient_counts(cohort), bone = bone_fits(cohort, context),
      surgery = surgery_fits(cohort, cohort_meta(cohort)), models = article_models(cohort)
    )
    cache$article <- release_fits(fits, cohort, context$min_cell)
  }
  cache$article
}

# NULL where nobody has bone metastases.
bone_fits <- function(cohort, context) {
  meta <- cohort_meta(cohort)
  event <- meta$events$bone_metastasis
  if (is.null(event)) return(NULL)
  has <- !is.na(event_date(cohort, event$name))
  if (!any(has)) return(NULL)
  bone <- cohort[has, ]
  column <- event$ever
  first <- is_first_site(bone, meta)
  onset <- onset_of(bone, event, meta)
  list(
    n = sum(has), deaths = sum(unclass(bone$os)[, "status"]), column = column,
    onset = observed_quartiles(onset), late = any(onset > 0, na.rm = TRUE),
    first = if (!is.null(first)) sum(first), fisher = subtype_test(cohort, has),
    os = endpoint_fits(bone, "os", context), after = endpoint_fits(bone, "os_bone", context),
    logrank = if (!all(has)) tried(lms_logrank(group_formula("os", column), data = cohort))
  )
}

# Those of Tables 4 and 5, where there are any.
article_models <- function(cohort) {
  frame <- reconcile_frame(cohort)
  models <- list("Table 4" = tried(paper_model_4(frame, list())$fit),
                 "Table 5" = tried(paper_model_5(frame, list())$fit))
  Filter(Negate(is.null), models)
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
    n = sum(has), on_bone = on_bone, wait = if (on_bone && length(wait)) observed_quartiles(wait),
    operations = if ("surgeries" %in% names(meta$linked)) nrow(linked_table(cohort, "surgeries")),
    failed = if (!is.null(failure)) sum(!is.na(failure))
  )
}
