# The section of the patients: how many there are, who was left out, and what is known of them at
# time zero.

patients_section <- function(cohort) {
  columns <- baseline_columns(cohort)
  new_section("patients", "Patients", makers(
    compute = function(cohort, context) compute_patients(cohort, columns, context),
    say = say_patients,
    tables = function(data, context) list(patients = data$table),
    figures = function(data, context) list(flow = patient_flow(patient_steps(data, context))),
    summary = patients_summary
  ), counted = function(cohort) told(list(dead = died_in(cohort)), columns))
}

died_in <- function(cohort) unclass(cohort$os)[, "status"] %in% 1

# What is known of the patients at time zero.
baseline_columns <- function(cohort) {
  setdiff(cohort_factors(cohort), names(cohort_meta(cohort)$dated))
}

compute_patients <- function(cohort, columns, context) {
  counts <- patient_counts(cohort)
  table <- if (length(columns)) {
    quiet(lms_table_one(
      cohort, vars = columns, min_cell = if (context$min_cell) context$min_cell,
      caption = paste("Characteristics of", all_patients(nrow(cohort)))
    ))
  }
  counts$table <- if (!is.null(table)) hide_tied(table, context$plan$columns)
  counts
}

patient_counts <- function(cohort) {
  audit <- summary(cohort)
  here <- audit$patients
  gone <- audit$excluded
  list(
    rows = here$rows, patients = here$patients, deaths = here$deaths,
    read = cohort_meta(cohort)$read, excluded = sum(gone$n[gone$table == "patients"]),
    reasons = gone
  )
}

say_patients <- function(data, context) {
  text <- paste0("The cohort has ", count_of(data$patients, "patient"),
                 if (data$rows > data$patients) paste0(" in ", count_of(data$rows, "row")), "; ",
                 died_words(data, context$min_cell))
  if (data$excluded) {
    few <- lost_few(data, context$min_cell)
    gone <- if (few) "some records" else count_of(data$excluded, "record")
    verb <- if (!few && data$excluded == 1L) " was" else " were"
    text <- paste0(text, " ", capital(gone), verb, " excluded for problems in the data.")
  }
  text
}

died_words <- function(data, min_cell, what = NULL) {
  if (!data$deaths) return("no patient died.")
  if (data$deaths == data$rows) return(paste0(all_patients(data$rows), " died."))
  paste0(share(data$deaths, data$rows, what, min_cell), " died.")
}

patients_summary <- function(data, context) {
  capital(died_words(data, context$min_cell, "patients"))
}
