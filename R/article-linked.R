# Figures 1 and 2 of the article: the sites of bone metastases and the operations for them.

draw_figure_1 <- function(cohort, min_cell = 0) {
  date <- event_date(cohort, "bone_metastasis")
  skeleton_figure(
    cohort, "lesions",
    list(one = "lesion", several = "lesions", expected = "bone metastases"),
    expected = if (!is.null(date)) !is.na(date), min_cell = min_cell
  )
}

draw_figure_2 <- function(cohort, min_cell = 0) {
  bone <- event_date(cohort, "bone_metastasis")
  if (is.null(bone)) {
    no_figure_data("the cohort has no dates of bone metastasis.",
                   "Set their column: `lms_cohort(bone_metastasis = )`.")
  }
  surgery <- event_date(cohort, "first_surgery")
  procedure_figure(cohort, "surgeries", !is.na(bone), "Bone metastases",
                   treated = if (!is.null(surgery)) !is.na(surgery), min_cell = min_cell)
}
