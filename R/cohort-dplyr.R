# A cohort in the hands of packages that are only suggested. dplyr's verbs end in
# one of the first three.

# nolint start: object_name_linter. Named after their generics.

#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.lms_cohort <- function(data, template) {
  meta <- cohort_meta(template)
  data <- strip_cohort(data)
  id <- meta$roles["id"]
  if (!id %in% names(data)) return(data)
  if (!all(data[[id]] %in% template[[id]])) {
    say("other_patients", paste(
      "The result has rows of other patients. It is a plain table without endpoints.",
      "Make a cohort of the whole table by lms_cohort()."
    ))
    return(data[setdiff(names(data), derived_columns(meta))])
  }
  if (anyDuplicated(data[[id]]) && !anyDuplicated(template[[id]])) {
    say("several_rows", "The result has several rows per patient. It is a plain table.")
    return(data)
  }
  restore_cohort(data, meta)
}

#' @exportS3Method dplyr::dplyr_row_slice
dplyr_row_slice.lms_cohort <- function(data, i, ...) {
  restore_cohort(dplyr::dplyr_row_slice(strip_cohort(data), i, ...), cohort_meta(data))
}

#' @exportS3Method dplyr::dplyr_col_modify
dplyr_col_modify.lms_cohort <- function(data, cols) {
  refresh_cohort(dplyr::dplyr_col_modify(strip_cohort(data), cols), data)
}

#' @exportS3Method dplyr::group_by
group_by.lms_cohort <- function(.data, ...) {
  restore_cohort(dplyr::group_by(strip_cohort(.data), ...), cohort_meta(.data))
}

#' @exportS3Method dplyr::ungroup
ungroup.lms_cohort <- function(x, ...) {
  restore_cohort(dplyr::ungroup(strip_cohort(x), ...), cohort_meta(x))
}

#' @exportS3Method dplyr::summarise
summarise.lms_cohort <- function(.data, ...) dplyr::summarise(strip_cohort(.data), ...)

# Where a document prints data frames as tables, a cohort stays its audit.
#' @exportS3Method knitr::knit_print
knit_print.lms_cohort <- function(x, ...) knitr::normal_print(x)

#' @exportS3Method tibble::as_tibble
as_tibble.lms_cohort <- function(x, ...) tibble::as_tibble(strip_cohort(x), ...)

# nolint end
