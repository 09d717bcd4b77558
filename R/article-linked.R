# Figures 1 and 2 of the article: the sites of bone metastases and the operations for them.

draw_figure_1 <- function(cohort, min_cell = 0) {
  bone <- cohort_event(cohort, "bone_metastasis")
  skeleton_figure(
    cohort, "lesions",
    list(one = "lesion", several = "lesions", expected = "bone metastases"),
    expected = if (!is.null(bone)) !is.na(bone), min_cell = min_cell
  )
}

draw_figure_2 <- function(cohort, min_cell = 0) {
  bone <- cohort_event(cohort, "bone_metastasis")
  if (is.null(bone)) {
    no_figure_data("the cohort has no dates of bone metastasis.",
                   "Set the column of these dates: `lms_cohort(bone_metastasis = )`.")
  }
  surgery <- cohort_event(cohort, "first_surgery")
  procedure_figure(cohort, "surgeries", !is.na(bone), "Bone metastases",
                   treated = if (!is.null(surgery)) !is.na(surgery), min_cell = min_cell)
}

# The dates of an event, or NULL where the cohort does not have it.
cohort_event <- function(cohort, name) {
  if (name %in% names(cohort_meta(cohort)$events)) event_date(cohort, name)
}
