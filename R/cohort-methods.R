# What keeps a cohort a cohort while base R and dplyr filter and change it.

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
  meta$events <- keep_events(meta$events, has)
  new_cohort(data, keep_linked(meta, data))
}

# Of the linked tables, the rows of the patients that are left.
keep_linked <- function(meta, data) {
  id <- id_text(data[[meta$roles[["id"]]]])
  meta$linked <- lapply(meta$linked, function(table) {
    here <- id_text(table$data[[table$key]]) %in% id
    if (!all(here)) table$data <- keep_rows(table$data, which(here))
    table
  })
  meta
}

check_course <- function(data, meta) {
  abort_problems(
    problem_table(patient_problems(data, meta)), c(patients = nrow(data)),
    "Correct these dates, or filter out these patients."
  )
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
      "derived", paste0(tick(overwritten[1L]), " is computed by the cohort from its dates."),
      "Change the dates, add an endpoint with lms_endpoint(), or use another name."
    )
  }
  id <- meta$roles[["id"]]
  if (length(changed(intersect(id, names(data))))) {
    meta <- renumber_linked(meta, .subset2(old, id), .subset2(data, id))
  }
  sources <- unlist(lapply(meta$endpoints, endpoint_columns))
  status <- meta$roles[names(meta$roles) %in% c("died", "cause")]
  sources <- unique(c(meta_times(meta), status, sources))
  touched <- changed(intersect(sources, names(data)))
  refuse_stale(touched, data, meta)
  if (length(touched)) data <- derive_again(data, meta)
  restore_cohort(data, meta)
}

# Endpoints of which a source has changed, and another is no longer there.
refuse_stale <- function(touched, data, meta) {
  for (name in intersect(names(meta$endpoints), names(data))) {
    columns <- endpoint_columns(meta$endpoints[[name]])
    gone <- setdiff(columns, names(data))
    at <- intersect(touched, columns)
    if (!length(gone) || !length(at)) next
    abort(
      "derived",
      paste0(tick(at[1L]), " cannot change: ", tick(name), " depends on this column and on ",
             tick(gone[1L]), ", which was removed."),
      paste0("Make the change before you remove ", tick(gone[1L]), ", or remove ", tick(name),
             " too.")
    )
  }
}

# New ids of the same patients, in the linked tables too.
renumber_linked <- function(meta, old, new) {
  pairs <- unique(data.frame(old = id_text(old), new = id_text(new)))
  if (anyNA(new) || anyDuplicated(pairs$old) || anyDuplicated(pairs$new)) {
    abort(
      "derived", paste0(tick(meta$roles[["id"]]), " must still identify each patient."),
      "Give each patient one unique id, or use another name for the new column."
    )
  }
  meta$linked <- lapply(meta$linked, function(table) {
    table$data[[table$key]] <- new[match(id_text(table$data[[table$key]]), id_text(old))]
    table
  })
  meta
}

derive_again <- function(data, meta) {
  columns <- intersect(meta_times(meta), names(data))
  data <- read_time_columns(data, columns, meta$dates)$data
  kept <- meta$roles[meta$roles %in% names(data)]
  meta$roles <- kept
  meta$events <- keep_events(meta$events, names(data))
  if (has_course(meta)) {
    check_values(data[[kept[["died"]]]], kept[["died"]], meta$event)
    check_causes(data, meta)
    check_course(data, meta)
  }
  meta$endpoints <- meta$endpoints[names(meta$endpoints) %in% names(data)]
  rebuild(data, meta)
}

# A status with values that the rule of the cohort has not seen.
check_values <- function(x, column, rule) {
  if (all(is.na(x) | x %in% rule$known)) return(invisible())
  abort(
    "event",
    paste0(tick(column), " has new values that the cohort was not made with; the event is: ",
           rule$words, "."),
    "Keep the coding of the status, or make the cohort again with lms_cohort()."
  )
}

#' @export
`[.lms_cohort` <- function(x, ...) {
  out <- restore_cohort(without_nobody(NextMethod(), x), cohort_meta(x))
  if (is.data.frame(out)) restore_labels(out, x) else out
}

# A condition that is `NA` makes a row of `NA` in base R, which is no patient.
without_nobody <- function(out, x) {
  id <- cohort_meta(x)$roles[["id"]]
  if (!is.data.frame(out) || !id %in% names(out)) return(out)
  nobody <- is.na(.subset2(out, id))
  if (!any(nobody) || anyNA(.subset2(x, id))) return(out)
  say("missing_condition", paste0(
    count_of(sum(nobody), "row"), " excluded, because the condition is `NA`."
  ))
  strip_cohort(out)[!nobody, , drop = FALSE]
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
`$<-.lms_cohort` <- function(x, name, value) { # nolint: object_name_linter.
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
  meta$events <- lapply(meta$events, rename_event, renamed)
  meta$endpoints <- lapply(meta$endpoints, rename_endpoint, renamed)
  names(meta$endpoints) <- renamed(names(meta$endpoints))
  new_cohort(x, meta)
}

rename_endpoint <- function(endpoint, renamed) {
  rename_sources <- function(sources) {
    lapply(sources, function(source) {
      source$column <- renamed(source$column)
      if (!is.null(source$cause)) source$cause <- renamed(source$cause)
      source
    })
  }
  for (part in c("name", "from", "otherwise")) endpoint[[part]] <- renamed(endpoint[[part]])
  if (!is.null(endpoint$cause)) endpoint$cause <- renamed(endpoint$cause)
  endpoint$to <- rename_sources(endpoint$to)
  if (!is.null(endpoint$competing_to)) {
    endpoint$competing_to <- lapply(endpoint$competing_to, rename_sources)
  }
  endpoint
}

#' @export
transform.lms_cohort <- function(`_data`, ...) { # nolint: object_name_linter.
  data <- strip_cohort(`_data`)
  values <- eval(substitute(list(...)), data, parent.frame())
  refresh_cohort(do.call(transform, c(list(data), values)), `_data`)
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
