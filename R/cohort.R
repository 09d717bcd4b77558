# lms_cohort(): a patient table that knows its dates, its events and its
# endpoints.

#' @export
lms_cohort <- function(patients, lesions = NULL, surgeries = NULL, ..., id, diagnosis,
                       last_contact, died, bone_metastasis, visceral_metastasis, first_surgery,
                       implant_failure, unit = c("months", "years", "days"), event = NULL,
                       known_from = NULL, by = NULL, codes = c("categories", "numbers"),
                       impossible = c("error", "exclude"), as_of = Sys.Date()) {
  frame <- parent.frame()
  known <- names(formals(lms_cohort))[-4L]
  refuse_dots("lms_cohort", known, setdiff(dot_names(...), known))
  given <- as.list(match.call(expand.dots = FALSE))
  given <- given[intersect(cohort_roles, names(given))]
  patients <- check_table(patients, "patients")
  unit <- check_option(unit, "unit", names(unit_days))
  impossible <- check_option(impossible, "impossible", c("error", "exclude"))
  as_of <- check_as_of(as_of)
  roles <- read_roles(given, patients, frame)
  dated <- read_known_from(known_from, patients, roles)
  read <- read_patients(patients, roles, dated, event, codes)
  tables <- read_tables(list(lesions = lesions, surgeries = surgeries), roles, by)
  meta <- list(
    roles = c(roles), unit = unit, event = read$rule, endpoints = role_endpoints(roles, read$rule),
    dated = dated, as_of = as_of
  )
  attr(meta$roles, "by_name") <- NULL
  check_free_names(patients, meta)
  meta$dated <- c(dated, ever_columns(roles))
  checked <- audit_tables(read$data, tables, meta, impossible)
  meta[names(checked$tables)] <- checked$tables
  meta$keys <- checked$keys
  meta$audit <- rbind(role_audit(roles), note_audit(read$notes), checked$audit)
  say_notes(read$notes, checked$audit)
  new_cohort(rebuild(checked$data, meta), meta)
}

check_table <- function(x, name) {
  if (inherits(x, "lms_cohort")) {
    abort("argument", paste0(tick(name), " is a cohort already."),
          "Give the table that it was made from, or add endpoints with lms_endpoint().")
  }
  if (!is.data.frame(x)) {
    abort("argument", paste0(tick(name), " must be a data frame, not ", describe(x), "."))
  }
  if (!nrow(x) && name == "patients") abort("no_rows", paste0(tick(name), " has no rows."))
  twice <- names(x)[duplicated(names(x))]
  if (length(twice)) {
    abort("column", paste0(tick(name), " has two columns ", quoted(twice[1L]), "."),
          "Give one of them another name.")
  }
  plain_table(x)
}

# A data frame or a tibble, of no other class.
plain_table <- function(x) {
  attr(x, "cohort") <- NULL
  if (inherits(x, "lms_cohort")) class(x) <- setdiff(class(x), "lms_cohort")
  if (inherits(x, c("data.table", "grouped_df", "rowwise_df"))) x <- as.data.frame(x)
  class(x) <- intersect(c("tbl_df", "tbl", "data.frame"), class(x))
  x
}

check_as_of <- function(as_of) {
  days <- as_days(as_of, "as_of")
  if (length(days) != 1L || is.na(days)) {
    abort("argument", "`as_of` must be a single date.", "Give the day on which the data were read.")
  }
  structure(days, class = "Date")
}

read_patients <- function(patients, roles, dated, event, codes) {
  columns <- time_columns(roles, dated)
  times <- read_time_columns(patients, columns, "diagnosis" %in% names(roles))
  died <- read_died(patients[[roles[["died"]]]], roles[["died"]], event)
  times$data[[roles[["died"]]]] <- with_label(died$x, patients[[roles[["died"]]]])
  coded <- read_codes(times$data, c(columns, roles[c("id", "died")]), codes)
  list(data = coded$data, rule = died$rule, notes = c(died$notes, times$notes, coded$notes))
}

# ever_surgery -> the column of first_surgery
ever_columns <- function(roles) {
  there <- event_roles[event_roles %in% names(roles)]
  stats::setNames(roles[there], names(there))
}

derived_columns <- function(meta) c(names(ever_columns(meta$roles)), names(meta$endpoints))

check_free_names <- function(patients, meta) {
  taken <- intersect(derived_columns(meta), names(patients))
  if (!length(taken)) return(invisible())
  abort(
    "column",
    paste0("`patients` has ", if (length(taken) > 1L) "columns " else "a column ",
           enumerate(tick(taken)), ", a name that the cohort gives to what it derives."),
    paste0("Give it another name, such as `names(patients)[names(patients) == \"", taken[1L],
           "\"] <- \"", taken[1L], "_given\"`.")
  )
}

# The ever_ columns and the endpoints, from the columns that they are made of.
rebuild <- function(data, meta, ever = names(ever_columns(meta$roles))) {
  date <- ever_columns(meta$roles)
  for (column in ever) data[[column]] <- !is.na(data[[date[[column]]]])
  for (name in names(meta$endpoints)) {
    endpoint <- meta$endpoints[[name]]
    if (!all(endpoint_columns(endpoint) %in% names(data))) next
    data[[name]] <- build_endpoint(data, endpoint, meta)
  }
  data
}

new_cohort <- function(data, meta) {
  structure(data, cohort = meta, class = c("lms_cohort", class(data)))
}
