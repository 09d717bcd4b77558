# The tables that are linked to the patients: one row per lesion or operation.

# linked: the argument of lms_cohort(); sugar: tables by the arguments that have one of their own.
# Answer: per table a list of data, key (its column of the patient's id), times (its columns of
# dates, the date of the row itself first), label and word ("Lesions", "lesions"), and event, the
# one whose date is that of the patient's first row, or NULL.
read_tables <- function(linked, sugar, meta, by) {
  sugar <- Filter(Negate(is.null), sugar)
  tables <- c(sugar, check_linked(linked, names(sugar)))
  if (!is.null(by) && !is.character(by)) {
    abort("argument", paste0("`by` must be the name of a column, not ", describe(by), "."))
  }
  id <- meta$roles[["id"]]
  lapply(stats::setNames(nm = names(tables)), function(name) {
    data <- check_table(tables[[name]], name)
    key <- if (is.null(names(by))) by else if (name %in% names(by)) by[[name]]
    if (is.null(key)) key <- id
    if (!key[1L] %in% names(data)) {
      abort(
        "column",
        paste0(tick(name), " has no column ", quoted(key[1L]), " that identifies the patient."),
        did_you_mean(key[1L], names(data)),
        paste0("Set the column: `by = c(", name, " = \"", names(data)[1L], "\")`.")
      )
    }
    about <- if (name %in% names(sugar)) sugar_tables[[name]] else list(label = name_label(name))
    if (is.null(about$word)) about$word <- first_lower(about$label)
    if (!is.null(about$event) && !about$event %in% names(meta$events)) about$event <- NULL
    c(read_table(data, name, key[1L], meta$dates), about)
  })
}

check_linked <- function(linked, taken) {
  if (is.null(linked)) return(list())
  named <- is.list(linked) && !is.data.frame(linked) && !is.null(names(linked)) &&
    all(nzchar(names(linked)))
  if (!named) {
    what <- if (is.list(linked) && !is.data.frame(linked)) "a list without names"
    if (is.null(what)) what <- describe(linked)
    abort("argument", paste0("`linked` must be a named list of data frames, not ", what, "."),
          "Write `linked = list(lesions = lesion_table)`.")
  }
  twice <- c(names(linked)[duplicated(names(linked))], intersect(names(linked), taken))
  if (length(twice)) {
    abort("argument", paste0("There are two linked tables ", tick(twice[1L]), "."),
          "Give each table its own name.")
  }
  Filter(Negate(is.null), linked)
}

read_table <- function(data, name, key, dates) {
  is_time <- vapply(names(data), function(column) {
    column != key && is_time_column(data[[column]], column, dates)
  }, logical(1))
  times <- names(data)[is_time]
  main <- intersect(c("date", "surgery", "time"), times)[1L]
  if (!is.na(main)) times <- c(main, setdiff(times, main))
  for (column in times) {
    x <- data[[column]]
    label <- paste0(name, "$", column)
    data[[column]] <- with_label(
      if (dates) quiet(as_date_column(x, label)) else as_time_column(x, label), x
    )
  }
  list(data = data, key = key, times = times)
}

# Columns that must lie within the follow-up; where the follow-up is said to end
# elsewhere than at the last contact, it is not one of them.
cohort_days <- function(data, meta) {
  columns <- c(time_columns(meta), endpoint_dates(meta))
  columns <- intersect(unique(columns), names(data))
  lapply(stats::setNames(nm = columns), function(x) clock(data[[x]]))
}

patient_problems <- function(data, meta) {
  died <- is_event(data[[meta$roles[["died"]]]], meta$event$value)
  day <- if (meta$dates) 1 else 1 / unit_days[[meta$unit]]
  time_problems(cohort_days(data, meta), died, meta, day)
}

table_problems <- function(name, table, data, meta) {
  by <- structure(id_text(table$data[[table$key]]), column = table$key)
  times <- lapply(stats::setNames(nm = table$times), function(x) clock(table$data[[x]]))
  id <- id_text(data[[meta$roles[["id"]]]])
  linked_problems(name, by, times, id, cohort_days(data, meta), table$event, meta)
}

# Refuses what is impossible, or leaves it out and counts it; what comes after the end of the
# study is left out as well. Answer: data, tables, audit.
audit_tables <- function(data, tables, meta, impossible) {
  found <- problem_table(c(id_problems(data, meta$roles[["id"]]), patient_problems(data, meta)))
  known <- id_text(data[[meta$roles[["id"]]]])
  if (impossible == "error") {
    linked <- Map(table_problems, names(tables), tables, MoreArgs = list(data, meta))
    found <- rbind(found, problem_table(unlist(linked, recursive = FALSE)))
    abort_problems(found, c(patients = nrow(data), vapply(tables, function(x) nrow(x$data), 0L)))
    found <- found[0L, ]
  }
  done <- exclude_problems(rbind(found, problem_table(late_patients(data, meta))), nrow(data))
  if (!length(done$keep)) abort_nobody(done$audit)
  if (length(done$keep) < nrow(data)) data <- keep_rows(data, done$keep)
  audit <- done$audit
  for (name in names(tables)) {
    left <- exclude_linked(name, tables[[name]], data, meta, known, impossible)
    tables[[name]]$data <- left$data
    audit <- rbind(audit, left$audit)
  }
  tables <- lapply(tables, with_ids, data[[meta$roles[["id"]]]])
  list(data = data, tables = tables, audit = audit)
}

# Patients who were diagnosed after the study had ended.
late_patients <- function(data, meta) {
  if (is.null(meta$end)) return(NULL)
  column <- meta$roles[["diagnosis"]]
  list(new_problem("after_end", "patients", column, which(clock(data[[column]]) > clock(meta$end)),
                   paste(tick(column), "is after the end of the study (`end`)")))
}

# The id of the patient as `patients` has it, where it was written another way.
with_ids <- function(table, id) {
  by <- table$data[[table$key]]
  table$data[[table$key]] <- with_label(id[match(id_text(by), id_text(id))], by)
  table
}

abort_nobody <- function(audit) {
  abort("no_rows", "All patients are excluded.",
        paste0(audit$text, ": ", audit$n, "."))
}

# Rows of patients who are excluded go with them; the others by their own faults.
exclude_linked <- function(name, table, data, meta, known, impossible) {
  by <- id_text(table$data[[table$key]])
  gone <- which(by %in% setdiff(known, id_text(data[[meta$roles[["id"]]]])))
  late <- if (length(table$times)) {
    which(clock(table$data[[table$times[1L]]]) > study_end(meta))
  }
  problems <- c(
    list(new_problem("excluded_patient", name, table$key, gone, "the patient is excluded")),
    list(new_problem("after_end", name, table$times[1L], late,
                     paste(tick(table$times[1L]), "is after the end of the study (`end`)"))),
    if (impossible == "exclude") table_problems(name, table, data, meta)
  )
  done <- exclude_problems(problem_table(problems), nrow(table$data))
  if (length(done$keep) == nrow(table$data)) return(list(data = table$data, audit = done$audit))
  list(data = keep_rows(table$data, done$keep), audit = done$audit)
}

# Rows of a table, with the labels of its columns.
keep_rows <- function(data, rows) {
  out <- data[rows, , drop = FALSE]
  row.names(out) <- NULL
  with_labels(out, data)
}

with_labels <- function(data, from) {
  for (column in intersect(names(data), names(from))) {
    label <- attr(from[[column]], "label", exact = TRUE)
    if (!is.null(label) && is.null(attr(data[[column]], "label", exact = TRUE))) {
      attr(data[[column]], "label") <- label
    }
  }
  data
}

# given: the names of arguments that the user wrote.
role_audit <- function(meta, given) {
  by_name <- c(!names(meta$roles) %in% given,
               vapply(meta$events, function(event) isTRUE(event$by_name), NA))
  audit_rows(rep(c("role", "event"), c(length(meta$roles), length(meta$events))),
             names(named_columns(meta)), "patients", unname(named_columns(meta)), NA_integer_,
             ifelse(by_name, "taken by its name", "given"))
}

note_audit <- function(notes) {
  audit_rows("note", names(notes), "patients", "", NA_integer_, notes)
}

# A message for what is done to the data, which the audit keeps too.
say_notes <- function(notes, excluded) {
  for (i in seq_along(notes)) {
    if (names(notes)[i] != "missing_date") say(names(notes)[i], notes[[i]])
  }
  if (is.null(excluded) || !nrow(excluded)) return(invisible())
  say("excluded", exclusion_lines(excluded))
}

check_table <- function(x, name) {
  if (inherits(x, "lms_cohort")) {
    abort("argument", paste0(tick(name), " is a cohort already."),
          "Give the table of the patients, or add endpoints with lms_endpoint().")
  }
  if (!is.data.frame(x)) {
    abort("argument", paste0(tick(name), " must be a data frame, not ", describe(x), "."))
  }
  if (!nrow(x) && name == "patients") abort("no_rows", paste0(tick(name), " has no rows."))
  twice <- names(x)[duplicated(names(x))]
  if (length(twice)) {
    abort("column", paste0(tick(name), " has two columns ", quoted(twice[1L]), "."),
          "Rename one of these columns.")
  }
  plain_table(x)
}
