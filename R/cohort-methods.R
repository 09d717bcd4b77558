# What keeps a cohort a cohort while base R and dplyr filter and change it.

cohort_meta <- function(x) attr(x, "cohort", exact = TRUE)

# The table alone, with whatever other class it has.
strip_cohort <- function(x) {
  attr(x, "cohort") <- NULL
  class(x) <- setdiff(class(x), "lms_cohort")
  x
}

# data: rows or columns of a cohort. It stays one as long as its ids are there,
# and either its outcome or an endpoint; else it becomes a plain table.
restore_cohort <- function(data, meta) {
  if (!is.data.frame(data)) return(data)
  data <- strip_cohort(data)
  has <- names(data)
  meta$roles <- meta$roles[meta$roles %in% has]
  outcome <- all(needed_roles %in% names(meta$roles))
  meta$endpoints <- meta$endpoints[names(meta$endpoints) %in% has]
  if (!"id" %in% names(meta$roles) || !(outcome || length(meta$endpoints))) return(data)
  meta$dated <- meta$dated[names(meta$dated) %in% has]
  new_cohort(data, keep_linked(meta, data))
}

# Of the linked tables, the rows of the patients that are left.
keep_linked <- function(meta, data) {
  id <- as.character(data[[meta$roles[["id"]]]])
  for (name in names(meta$keys)) {
    here <- as.character(meta[[name]][[meta$keys[[name]]]]) %in% id
    if (!all(here)) meta[[name]] <- keep_rows(meta[[name]], which(here))
  }
  meta
}

# All columns of dates, or of times.
meta_times <- function(meta) {
  otherwise <- vapply(meta$endpoints, `[[`, "", "otherwise")
  unique(unname(c(time_columns(meta$roles, meta$dated), endpoint_dates(meta), otherwise)))
}

# After a change of columns: the endpoints follow the columns that they are made
# of, and are not to be written over.
refresh_cohort <- function(data, old) {
  meta <- cohort_meta(old)
  data <- strip_cohort(data)
  changed <- function(columns) {
    Filter(function(x) !identical(.subset2(data, x), .subset2(old, x)), columns)
  }
  overwritten <- changed(intersect(derived_columns(meta), names(data)))
  if (length(overwritten)) {
    abort(
      "derived", paste0(tick(overwritten[1L]), " is made by the cohort from its dates."),
      "Change the dates, add an endpoint with lms_endpoint(), or use another name."
    )
  }
  sources <- unlist(lapply(meta$endpoints, endpoint_columns))
  sources <- unique(c(meta_times(meta), meta$roles[names(meta$roles) == "died"], sources))
  if (length(changed(intersect(sources, names(data))))) data <- derive_again(data, meta)
  restore_cohort(data, meta)
}

derive_again <- function(data, meta) {
  columns <- intersect(meta_times(meta), names(data))
  data <- read_time_columns(data, columns, "diagnosis" %in% names(meta$roles))$data
  kept <- meta$roles[meta$roles %in% names(data)]
  if (all(needed_roles %in% names(kept))) {
    meta$roles <- kept
    check_values(data[[kept[["died"]]]], kept[["died"]], meta$event)
    abort_problems(
      problem_table(patient_problems(data, meta)), c(patients = nrow(data)),
      "Correct them, or filter these patients out."
    )
  }
  there <- names(meta$endpoints) %in% names(data)
  meta$endpoints <- meta$endpoints[there]
  rebuild(data, meta, intersect(names(ever_columns(meta$roles)), names(data)))
}

# A status that now has other values than the rule knows, TRUE where it was 1.
check_values <- function(x, column, rule) {
  if (all(is.na(x)) || any(x %in% rule$value) || is.logical(x) == is.logical(rule$value)) {
    return(invisible())
  }
  abort("event", paste0(tick(column), " no longer has the values that it had: ", rule$words,
                        " was the event."),
        "Make the cohort again with lms_cohort(), or keep the coding of the status.")
}

#' @export
`[.lms_cohort` <- function(x, ...) {
  out <- restore_cohort(NextMethod(), cohort_meta(x))
  if (is.data.frame(out)) restore_labels(out, x) else out
}

restore_labels <- function(out, x) {
  labelled <- Filter(function(column) {
    !is.null(attr(.subset2(x, column), "label", exact = TRUE))
  }, intersect(names(out), names(x)))
  for (column in labelled) {
    value <- .subset2(out, column)
    if (is.null(attr(value, "label", exact = TRUE))) {
      out <- set_column(out, column, with_label(value, .subset2(x, column)))
    }
  }
  out
}

# A column as it is, without the checks of `$<-`.
set_column <- function(x, column, value) {
  kept <- attributes(x)
  x <- unclass(x)
  x[[column]] <- value
  attributes(x) <- kept
  x
}

#' @export
`[<-.lms_cohort` <- function(x, ..., value) {
  old <- x
  x <- strip_cohort(x)
  x[...] <- value
  refresh_cohort(x, old)
}

#' @export
`[[<-.lms_cohort` <- function(x, ..., value) {
  old <- x
  x <- strip_cohort(x)
  x[[...]] <- value
  refresh_cohort(x, old)
}

#' @export
`$<-.lms_cohort` <- function(x, name, value) {
  old <- x
  x <- strip_cohort(x)
  x[[name]] <- value
  refresh_cohort(x, old)
}

# A renamed column keeps its part.
#' @export
`names<-.lms_cohort` <- function(x, value) {
  meta <- cohort_meta(x)
  old <- names(x)
  x <- strip_cohort(x)
  names(x) <- value
  if (length(old) != length(value)) return(x)
  renamed <- function(columns) {
    at <- match(columns, old)
    columns[!is.na(at)] <- value[at[!is.na(at)]]
    columns
  }
  meta$roles[] <- renamed(meta$roles)
  meta$dated[] <- renamed(meta$dated)
  names(meta$dated) <- renamed(names(meta$dated))
  meta$endpoints <- lapply(meta$endpoints, rename_endpoint, renamed)
  names(meta$endpoints) <- renamed(names(meta$endpoints))
  new_cohort(x, meta)
}

rename_endpoint <- function(endpoint, renamed) {
  source <- function(x) {
    x$column <- renamed(x$column)
    x
  }
  endpoint$from <- renamed(endpoint$from)
  endpoint$otherwise <- renamed(endpoint$otherwise)
  endpoint["to"] <- list(lapply(endpoint$to, source))
  if (!is.null(endpoint$competing)) endpoint$competing_to <- lapply(endpoint$competing_to, source)
  endpoint
}

#' @export
transform.lms_cohort <- function(`_data`, ...) { # nolint: object_name_linter.
  refresh_cohort(transform(strip_cohort(`_data`), ...), `_data`)
}

# Patients of two cohorts are to be audited together: a plain table of what was
# given.
#' @export
rbind.lms_cohort <- function(..., deparse.level = 1) {
  tables <- lapply(list(...), function(x) {
    if (!inherits(x, "lms_cohort")) return(x)
    derived <- derived_columns(cohort_meta(x))
    x <- strip_cohort(x)
    x[setdiff(names(x), derived)]
  })
  do.call(rbind, c(tables, list(deparse.level = deparse.level)))
}

#' @export
duplicated.lms_cohort <- function(x, incomparables = FALSE, ...) {
  duplicated(strip_cohort(x), incomparables, ...)
}

#' @export
as.data.frame.lms_cohort <- function(x, ...) {
  as.data.frame(strip_cohort(x), ...)
}

# dplyr's verbs end in one of these three.

#' @exportS3Method dplyr::dplyr_reconstruct
dplyr_reconstruct.lms_cohort <- function(data, template) {
  meta <- cohort_meta(template)
  data <- strip_cohort(data)
  id <- meta$roles["id"]
  if (!id %in% names(data)) return(data)
  if (anyDuplicated(data[[id]]) && !anyDuplicated(template[[id]])) {
    say("several_rows", "There are several rows of one patient now: the result is a plain table.")
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

#' @exportS3Method tibble::as_tibble
as_tibble.lms_cohort <- function(x, ...) tibble::as_tibble(strip_cohort(x), ...)
