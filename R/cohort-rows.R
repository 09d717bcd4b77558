# Rows of a cohort that are no longer one per patient: what lms_time_split() and
# lms_landmark() give. They stay a data frame; printed, they are counted.

# meta: of the cohort, with made (a sentence), name (of the endpoint), by (columns whose
# values the print counts), periods (whether a patient's rows follow each other).
as_cohort_rows <- function(data, meta) {
  attr(data, "cohort") <- meta
  class(data) <- c("lms_rows", class(data))
  data
}

# The id by which the rows of a patient belong together, or NULL.
period_id <- function(data) {
  meta <- cohort_meta(data)
  if (isTRUE(meta$periods) && is.data.frame(data)) data[[meta$roles[["id"]]]]
}

#' @export
print.lms_rows <- function(x, ...) {
  meta <- cohort_meta(x)
  if (is.null(meta$made) || !all(c(meta$roles[["id"]], meta$name) %in% names(x))) {
    return(NextMethod())
  }
  patients <- length(unique(x[[meta$roles[["id"]]]]))
  print_lines(paste0(count_of(nrow(x), "row"), " of ", count_of(patients, "patient"), "; ",
                     meta$made))
  cat("\n")
  print_columns(row_cells(x, meta))
  cat("\n")
  print_lines("as.data.frame() shows the rows.")
  invisible(x)
}

row_cells <- function(x, meta) {
  endpoint <- meta$endpoints[[meta$name]]
  times <- endpoint_times(x[[meta$name]])
  counts <- data.frame(
    id = as.character(x[[meta$roles[["id"]]]]), event = times$status == 1,
    time = times$stop - times$start
  )
  head <- c(meta$name, "rows", "patients", endpoint$event, paste0("person-", meta$unit))
  by <- lapply(intersect(meta$by, names(x)), function(column) {
    parts <- split(counts, x[[column]])
    if (length(parts) > 10L) return(NULL)
    cells <- do.call(rbind, Map(row_of_counts, parts, paste0("  ", names(parts)), meta$unit))
    rbind(c(column, "", "", "", ""), cells)
  })
  rbind(head, row_of_counts(counts, "all", meta$unit), do.call(rbind, by))
}

row_of_counts <- function(part, label, unit) {
  c(label, format_count(nrow(part)), format_count(length(unique(part$id))),
    format_count(sum(part$event)), time_number(sum(part$time), unit))
}

#' @exportS3Method knitr::knit_print
knit_print.lms_rows <- function(x, ...) knitr::normal_print(x) # nolint: object_name_linter.
