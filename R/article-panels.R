# Figures 3 to 5 of the article: survival with and without bone metastases, of those with them,
# and by group.

draw_figure_3 <- function(cohort, ..., landmark = NULL, split = FALSE, min_cell = 0) {
  meta <- cohort_meta(cohort)
  bone <- bone_column(cohort, meta, "os")
  check_flag(split, "split")
  if (!is.null(landmark)) check_number(landmark, "landmark", 0)
  if (split && !is.null(landmark)) abort("argument", "`landmark` and `split` cannot be combined.")
  if (all(cohort[[bone]])) no_figure_data("all patients of the cohort have bone metastases.")
  data <- quiet(
    if (split) {
      lms_time_split(cohort, bone, "os")
    } else if (!is.null(landmark)) {
      lms_landmark(cohort, landmark, "os")
    } else {
      cohort
    }
  )
  with <- data[[bone]]
  if (all(with) || !any(with)) {
    abort("argument", paste0("At ", format_value(landmark), " months (`landmark`) no patient ",
                             if (any(with)) "is without" else "has", " bone metastases."))
  }
  group <- factor(with, c(FALSE, TRUE), c("No bone metastases", "Bone metastases"))
  origin <- if (is.null(landmark)) "diagnosis" else "landmark"
  note <- if (split) {
    "Patients count as having no bone metastases until these are found."
  } else if (is.null(landmark)) {
    late_note(cohort, meta, "os", c("Bone metastases" = bone), min_cell)
  } else {
    paste0("Landmark: ", format_value(landmark), " months after diagnosis. Only patients ",
           "alive and still followed then are shown, by the bone metastases known then.")
  }
  draw_panels(list(panel_spec(data[["os"]], group, "", origin, meta)),
              "Overall survival with and without bone metastases.", note, min_cell = min_cell, ...)
}

draw_figure_4 <- function(cohort, ..., panel = NULL, min_cell = 0) {
  meta <- cohort_meta(cohort)
  column <- bone_column(cohort, meta, c("os", "os_bone"))
  bone <- cohort[cohort[[column]], ]
  chosen <- chosen_panels(panel, 2L)
  specs <- list(
    panel_spec(bone[["os"]], NULL, "From diagnosis", "diagnosis", meta),
    panel_spec(bone[["os_bone"]], NULL, "From bone metastasis", "bone metastasis", meta)
  )
  note <- if (1L %in% chosen) {
    late_note(bone, meta, "os", c("Bone metastases" = column), min_cell)
  }
  draw_panels(specs[chosen], "Survival of patients with bone metastases.", note,
              min_cell = min_cell, ...)
}

draw_figure_5 <- function(cohort, ..., by = NULL, panel = NULL, endpoint = "os", lump = 5,
                          min_cell = 0) {
  meta <- cohort_meta(cohort)
  check_number(lump, "lump", 0, whole = TRUE)
  endpoint <- survival_endpoint(endpoint, meta)
  everyone <- !is.null(by) && is.null(meta$events$bone_metastasis)
  bone <- if (!everyone) bone_column(cohort, meta, endpoint)
  data <- if (everyone) cohort else cohort[cohort[[bone]], ]
  columns <- if (is.null(by)) usual_columns(data, meta) else check_group_columns(by, data)
  groups <- lapply(columns, function(column) lump_groups(shown_groups(data, column), lump))
  kept <- vapply(groups, nlevels, 0L) > 1L
  if (!any(kept)) no_figure_data("no variable has two groups of patients.")
  kept <- which(kept)[chosen_panels(panel, sum(kept))]
  columns <- columns[kept]
  about <- meta$endpoints[[endpoint]]
  specs <- Map(function(group, title) {
    panel_spec(data[[endpoint]], group, title, about$origin, meta)
  }, groups[kept], names(columns))
  note <- c(late_note(data, meta, endpoint, c("Bone metastases" = bone, columns), min_cell),
            lump_note(groups[kept], names(columns)))
  who <- if (everyone) "patients." else "patients with bone metastases."
  draw_panels(specs, paste(about$label, "of", who), note, min_cell = min_cell, ...)
}

# The column that says who has bone metastases, where there is anybody and what is asked of them.
bone_column <- function(cohort, meta, endpoints) {
  column <- meta$events$bone_metastasis$ever
  if (is.null(column)) {
    no_figure_data("the cohort has no dates of bone metastasis.",
                   "Set the column of these dates: `lms_cohort(..., bone_metastasis = )`.")
  }
  absent <- setdiff(endpoints, names(meta$endpoints))
  if (length(absent)) no_figure_data(paste0("the cohort has no endpoint ", tick(absent[1L]), "."))
  if (!any(cohort[[column]])) no_figure_data("no patient has bone metastases.")
  column
}

survival_endpoint <- function(endpoint, meta) {
  endpoint <- check_choice(endpoint, "endpoint", names(meta$endpoints))
  competing <- meta$endpoints[[endpoint]]$competing
  if (is.null(competing)) return(endpoint)
  abort("argument", paste0("`endpoint` must be a survival endpoint, but ", tick(endpoint),
                           " has a competing event (", competing, ")."),
        "Fit this endpoint by lms_cuminc(), and draw the result by autoplot().")
}

# Those of the paper, by the titles of their panels.
usual_columns <- function(data, meta) {
  surgery <- meta$events$first_surgery$ever
  columns <- c(
    "Subtype" = "subtype", "Surgical intervention" = c(surgery, "surgery")[1L],
    "Pathologic fracture" = "fracture", "Indication for fixation" = "indication"
  )
  columns <- columns[columns %in% names(data)]
  if (!length(columns)) {
    no_figure_data("the cohort has no column `subtype`, `surgery`, `fracture` or `indication`.",
                   "Set the variables to draw: `by = c(\"grade\", \"sex\")`.")
  }
  columns
}
