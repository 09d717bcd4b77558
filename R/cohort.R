# lms_cohort(): a patient table that knows its dates, its events and its
# endpoints.

#' Define a clinical cohort from a table of patients
#'
#' `lms_cohort()` turns a table with one row per patient into a cohort that is ready for survival
#' analysis. It is the first step for anyone with dates of diagnosis, last contact and events, of
#' any disease. You name the columns of the dates, of death and of other dated events, and the
#' covariates that become known only later. The result is the same table with `Surv` columns, one
#' for each endpoint. All records are checked, as in Stata's stset: impossible records are an
#' error, or are excluded and counted.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The number of patients and deaths, the person-time at risk, and the longest follow-up.
#' * One line per endpoint. `os` is overall survival. `patients` is the number of patients in
#'   whom the endpoint can be observed, and `events` the number of events.
#' * The person-time of each endpoint, in the unit of the cohort, and the patients to whom it is
#'   `not applicable`. For example, time from metastasis to death does not apply to patients
#'   without metastasis.
#' * Below each endpoint, what it measures (`from diagnosis to death`) and the number of
#'   competing events (`death before it`).
#' * Time zero and the unit of time. Check that time zero is the date you intended.
#' * `Death`: the value of the status that means death.
#' * The columns that were used because of their name, without being set as arguments. Check them
#'   too.
#' * The dated events, with the number of patients with each event.
#' * The covariates that become known only from a date on. A comparison of such groups from
#'   diagnosis has immortal time bias: see [lms_check()].
#' * The linked tables, if any, with their rows and patients.
#' * Notes of the checks: records that were excluded, codes read as categories, and questions
#'   about the data. Each note names the argument to set.
#'
#' The print shows no data of single patients.
#'
#' @section Events and endpoints:
#' Every cohort has `os`, overall survival from diagnosis to death. For each event `x` of
#' `events`, the cohort also has
#' * `ever_x`: whether the event was observed;
#' * `time_to_x`: time from diagnosis to x, with death as a competing event;
#' * `x_free`: time from diagnosis to x or death, whichever comes first;
#' * `os_x`: time from x to death. It does not apply to patients without x. It is not made if
#'   follow-up ends on the day of x in all of them.
#'
#' With `cause`, the endpoint `death_by_cause` has each cause of death competing with the others,
#' for [lms_cuminc()]. For [lms_cox()] and [lms_km()], make an endpoint of one cause by
#' `lms_endpoint(cohort, "css", diagnosis, died, cause = "cancer")`. In these endpoints, a death
#' of unknown cause is missing.
#'
#' Four events have their own arguments, which give fewer endpoints with fixed names:
#' * `bone_metastasis` gives `ever_bone_metastasis`, `os_bone` and `time_to_bone`;
#' * `visceral_metastasis` gives `ever_visceral_metastasis`;
#' * `first_surgery` gives `ever_surgery`;
#' * `implant_failure` counts from the first surgery and gives `ever_implant_failure`,
#'   `implant_survival` and `time_to_failure`.
#'
#' A column with one of these four names is used as that event automatically. Set the argument to
#' `NULL` to prevent this.
#'
#' For patients without an event, time ends at the last contact. For patients who died, the last
#' contact is the day of death. Times are differences of calendar days, divided by 30.4375 for
#' months and by 365.25 for years. [lms_endpoint()] defines other endpoints.
#'
#' An endpoint that cannot be observed is `NA`, for one of two reasons. It does not apply if the
#' event from which it counts never happened, or happened after the end of the endpoint. It is
#' missing if, for example, the cause of death is unknown. The print and `summary()` count the
#' two separately.
#'
#' @section Late entry:
#' In a referral center or a biobank, the data do not contain patients who died before referral
#' or consent. The patients in the data had to survive until then. If this time is counted as
#' time at risk, survival is overestimated.
#'
#' Set `entry` to the date from which a death of the patient would have been seen. All endpoints
#' then have delayed entry, `(entry, time]` (left truncation), in curves, tests and models. An
#' entry before the clock starts changes nothing. Patients whose event or last contact is not
#' after their entry are never at risk, and are counted. Events before the entry are counted too.
#'
#' A note asks for `entry` in two cases. Either a column with a typical name has dates long after
#' the diagnosis, or no patient dies in the first months.
#'
#' @section From stset:
#' | Stata | here |
#' |---|---|
#' | `stset last, failure(died==1)` | `last_contact = last, died = died, event = 1` |
#' | `origin(time dx)` | `diagnosis = dx` |
#' | `enter(time referral)` | `entry = referral` |
#' | `exit(time mdy(12,31,2020))` | `end = as.Date("2020-12-31")` |
#' | `scale(30.4375)` | `unit = "months"` |
#' | `id(patient)` | `id = patient`; several rows of a patient by [lms_time_split()] |
#' | `if`, `exclude` | a filter of the cohort; `impossible = "exclude"` |
#'
#' @section What is impossible:
#' These records are impossible:
#' * a missing or repeated id;
#' * a missing diagnosis, last contact, status or entry;
#' * a last contact before the diagnosis or the entry;
#' * an event before the diagnosis, after the last contact, or after death;
#' * an implant failure without a surgery or before it, and any other event before the event from
#'   which it counts;
#' * a date after `as_of` or before 1900;
#' * a follow-up of more than 100 years;
#' * in a linked table: an unknown or missing id, or a date outside the patient's follow-up;
#' * in the linked table of surgeries: a surgery before the first surgery, or of a patient
#'   without surgery.
#'
#' All impossible records are found at once. The error lists columns and rows, never an
#' identifier or a date. Its element `problems` has the same as a data frame. Ids are compared as
#' text, without surrounding spaces.
#'
#' With `impossible = "exclude"` these rows are excluded. Each row is counted once, under the
#' first reason in this order. If rows are identical, one of them is kept. If rows with the same
#' id differ, all of them are excluded.
#'
#' Some forms of dates are always an error, as in [lms_months()]. These are text that is not in
#' the form `YYYY-MM-DD`, years with two digits, and numbers where dates are expected.
#'
#' A follow-up of 0 is allowed, and the print counts such patients.
#'
#' @section Categories:
#' Labeled numbers (from haven) become factors with their labels. Ordered factors become plain
#' factors, whose levels are compared with the first level. Columns with 3 to 10 different whole
#' numbers from 0 to 9, or with the values 1 and 2, also become factors. A message reports each
#' of these changes. Columns of 0 and 1 are not changed. Set `codes = "numbers"`, or `codes =
#' c(lesions = "numbers")` for one column, to keep the numbers.
#'
#' @section What a cohort keeps:
#' The result of filtering, sorting, and adding or renaming columns by base R or dplyr is again a
#' cohort. Its linked tables then contain only the remaining patients. If you change a date or
#' the status, the endpoints are computed again and the records are checked again. An endpoint
#' therefore always agrees with the dates, and it cannot be overwritten. The rule for death is
#' kept, even if a filter leaves a single value of the status. It also applies to a `Surv()` that
#' you write yourself. New ids must identify the same patients as before, and are copied to the
#' linked tables. If a filter condition is `NA`, the row is excluded and a message counts it.
#'
#' Some results are plain tables, not cohorts:
#' * a result without ids, or with several rows of one patient;
#' * a result with rows of other patients, after a join or `bind_rows()`;
#' * the result of `merge()`, `rbind()` or `summarise()`.
#'
#' Bootstrap samples by row numbers remain cohorts.
#'
#' A Cox model of an endpoint stores when each dated covariate became known (`dated` in
#' [lms_cox()]). A date itself is not accepted as a covariate. A column of 0 and 1, or of `TRUE`
#' and `FALSE`, that marks the patients with a date in `events` counts as a dated covariate.
#'
#' The attribute `attr(x, "cohort")` contains the definition of the cohort:
#' * `roles` (column by role);
#' * `events` (by name: column, label, its `ever_` column and endpoints);
#' * `linked` (by name: the table, its column of the id, its dates and label);
#' * `dates` (whether there are dates) and `unit`;
#' * `event` (value, words and known values of death) and `causes`;
#' * `endpoints` (by name) and `dated` (date column by covariate);
#' * `audit`, `read` (rows of the table that was read), `end` and `as_of`.
#'
#' Apart from the linked tables, this attribute has no data of single patients.
#'
#' @param patients A data frame with one row per patient.
#' @param lesions,surgeries Data frames with several rows per patient that are linked under these
#'   names, or `NULL`.
#' @param ... Not used. All other arguments must be given by name.
#' @param id,diagnosis,last_contact,died The columns with the patient's id, the date of
#'   diagnosis, the date of last contact, and the status (dead or alive). Give each name bare or
#'   as a string. If an argument is omitted, a column with exactly that name is used. All but
#'   `diagnosis` are required. `diagnosis` and `last_contact` are dates: [Date], [POSIXct] or
#'   text `YYYY-MM-DD`. Without a `diagnosis`, the other columns are times since diagnosis, in
#'   `unit`.
#' @param events The columns of dates (or times) of other events, `NA` for patients without the
#'   event. Give names bare or as strings: `c(relapse = relapse_date, transplant = "tx_date")`.
#'   The names become the names of the events. In text, an event is called by the label of its
#'   column, or else by its name. To set the text, use `list(relapse = list(relapse_date, label =
#'   "Local relapse"))`. For an event that counts from another event, add `after`:
#'   `list(failure_date, after = "transplant")`.
#' @param entry The column of dates from which a death of the patient would have been seen, or
#'   `NULL` for the diagnosis. It must be set: no column is used because of its name.
#' @param cause The column with the cause of death of patients who died (a factor or text), or
#'   `NULL`. Empty text and words such as "unknown" are missing. It must be set: no column is
#'   used because of its name.
#' @param linked A named list of data frames with several rows per patient, such as `list(lesions
#'   = ..., operations = ...)`. Each has a column with the patient's id, and its columns of dates
#'   are checked. The date of a row is the column `date` if there is one, and otherwise the first
#'   column of dates.
#' @param end The last day of the study, a date, or `NULL`. Follow-up is censored on this day,
#'   and later events are not counted. Patients diagnosed later, and later rows of linked tables,
#'   are excluded. A message counts each of these. The columns themselves are not changed.
#' @param bone_metastasis,visceral_metastasis,first_surgery,implant_failure The column of dates
#'   (or times) of an event that has its own argument: see the section on events.
#' @param unit The unit in which times are computed: `"months"`, `"years"` or `"days"`.
#' @param event The value or values of `died` that mean death. Set it if the coding is ambiguous:
#'   see [lms_cox()].
#' @param known_from The date from which each covariate is known. Give a named vector of events,
#'   roles or date columns, such as `c(fracture = "bone_metastasis")`, or `"diagnosis"` for a
#'   covariate known at diagnosis. For other covariates the date is inferred. A covariate that is
#'   TRUE or yes, or has a value, only in patients with a certain date is treated as known from that
#'   date. This requires that chance is an unlikely explanation (p < 0.0001), and a message
#'   reports it. Set `known_from = NULL` to prevent this.
#' @param by The column of the patient's id in the linked tables, if its name differs from that
#'   in `patients`. Use `c(lesions = "pid", surgeries = "patient")` if the tables differ.
#' @param codes How columns of a few whole numbers are treated: `"categories"` or `"numbers"`,
#'   for all columns or by column.
#' @param impossible `"error"` to stop at impossible records, or `"exclude"` to exclude them.
#' @param as_of The day on which the data were extracted. A later date is in the future and is
#'   therefore impossible.
#' @return A data frame (a tibble if `patients` is one) of class `lms_cohort`. It has the columns
#'   of `patients`, with dates as [Date], and the columns described above. `print()` shows the
#'   checks and no patient. `summary()` gives the checks as a list of data frames, and
#'   `as.data.frame()` gives the table alone.
#' @references
#' Andersen PK, Geskus RB, de Witte T, Putter H (2012). Competing risks in epidemiology:
#' possibilities and pitfalls. *International Journal of Epidemiology* 41, 861-870.
#' \doi{10.1093/ije/dyr213}
#' @seealso [lms_endpoint()], [lms_time_split()], [lms_landmark()].
#' @examples
#' # from a spreadsheet to a cohort: 396 patients with leiomyosarcoma
#' file <- system.file("extdata", "cohort.csv", package = "lmsurv")
#' cohort <- lms_cohort(lms_read(file))
#' cohort
#' lms_km(os ~ sex, data = cohort)
#'
#' # events with names of your own, and the cause of death
#' patients <- data.frame(
#'   id = 1:6, sex = c("female", "male", "female", "female", "male", "female"),
#'   diagnosis = as.Date("2010-01-01") + c(0, 200, 450, 800, 900, 1500),
#'   last_contact = as.Date("2015-06-30") + c(-400, 30, -100, 500, 10, 650),
#'   died = c(TRUE, FALSE, TRUE, TRUE, FALSE, FALSE),
#'   cause_of_death = c("cancer", NA, "heart", "cancer", NA, NA),
#'   relapse_date = as.Date(c("2011-03-01", NA, "2013-01-15", NA, NA, "2016-02-01")),
#'   referral = as.Date("2010-02-01") + c(0, 220, 430, 810, 880, 1490)
#' )
#' relapses <- lms_cohort(patients, events = c(relapse = relapse_date), cause = cause_of_death)
#' lms_km(relapse_free ~ 1, data = relapses)
#' lms_cuminc(death_by_cause ~ 1, data = relapses)
#' subset(relapses, sex == "female")
#'
#' # late entry at referral, and follow-up up to the end of 2015
#' lms_cohort(patients, events = c(relapse = relapse_date), entry = referral, end = "2015-12-31")
#'
#' # an impossible record, excluded and counted
#' patients$last_contact[2] <- as.Date("2010-01-01")
#' lms_cohort(patients, events = c(relapse = relapse_date), impossible = "exclude")
#' @export
lms_cohort <- function(patients, lesions = NULL, surgeries = NULL, ..., id, diagnosis,
                       last_contact, died, events = NULL, entry = NULL, cause = NULL,
                       linked = NULL, end = NULL, bone_metastasis, visceral_metastasis,
                       first_surgery, implant_failure, unit = c("months", "years", "days"),
                       event = NULL, known_from = NULL, by = NULL,
                       codes = c("categories", "numbers"), impossible = c("error", "exclude"),
                       as_of = Sys.Date()) {
  frame <- parent.frame()
  known <- names(formals(lms_cohort))[-4L]
  refuse_dots("lms_cohort", known, setdiff(dot_names(...), known))
  given <- given_expressions(names(match.call(expand.dots = FALSE))[-1L])
  if (missing(patients)) abort("argument", "`patients` is missing.", "Give a data frame.")
  patients <- check_table(patients, "patients")
  unit <- check_option(unit, "unit", names(unit_days))
  impossible <- check_option(impossible, "impossible", c("error", "exclude"))
  roles <- read_roles(given, patients, frame)
  dates <- "diagnosis" %in% names(roles)
  meta <- list(
    roles = roles, events = read_events(given, patients, roles, frame), dates = dates,
    unit = unit, as_of = check_as_of(as_of), end = check_end(end, dates), read = nrow(patients)
  )
  declared <- read_known_from(known_from, patients, meta)
  read <- read_patients(patients, meta, event, codes)
  tables <- read_tables(linked, list(lesions = lesions, surgeries = surgeries), meta, by)
  meta$event <- read$rule
  meta$causes <- read_causes(read$data, roles, read$rule)
  meta$events <- drop_terminal(meta$events, read$data, meta)
  meta$endpoints <- cohort_endpoints(meta)
  check_free_names(patients, meta)
  inferred <- if (missing(known_from) || length(declared)) {
    inferred_dates(read$data, meta, declared)
  }
  meta$dated <- c(declared[!declared %in% "diagnosis"], inferred, ever_dates(meta))
  checked <- audit_tables(read$data, tables, meta, impossible)
  meta$linked <- checked$tables
  notes <- c(read$notes, inferred_notes(inferred, meta), course_notes(checked$data, meta))
  meta$audit <- rbind(role_audit(meta, names(given)), note_audit(notes), checked$audit)
  say_notes(notes, checked$audit)
  new_cohort(rebuild(checked$data, meta), meta)
}

# Expressions of arguments as the user wrote them, also through the dots of another function.
given_expressions <- function(names, verb = parent.frame()) {
  lapply(stats::setNames(nm = setdiff(names, "...")), function(name) {
    eval(call("substitute", as.name(name)), verb)
  })
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

read_patients <- function(patients, meta, event, codes) {
  roles <- meta$roles
  columns <- time_columns(meta)
  times <- read_time_columns(patients, columns, meta$dates)
  died <- read_died(patients[[roles[["died"]]]], roles[["died"]], event)
  times$data[[roles[["died"]]]] <- with_label(died$x, patients[[roles[["died"]]]])
  kept <- c(columns, roles[c("id", "died")])
  other <- if (meta$dates) text_dates(times$data, kept)
  if (length(other)) times$data[other] <- lapply(times$data[other], as_date_column, "date")
  coded <- read_codes(times$data, kept, codes)
  list(
    data = coded$data, rule = died$rule,
    notes = c(died$notes, times$notes, text_date_note(other), coded$notes)
  )
}

check_free_names <- function(patients, meta) {
  taken <- intersect(derived_columns(meta), names(patients))
  if (!length(taken)) return(invisible())
  abort(
    "column",
    paste0("`patients` has ", if (length(taken) > 1L) "columns " else "a column ",
           enumerate(tick(taken)), ", a name that the cohort gives to what it derives."),
    paste0("Rename the column, such as `names(patients)[names(patients) == \"", taken[1L],
           "\"] <- \"", taken[1L], "_given\"`.")
  )
}

# The ever_ columns and the endpoints, from the columns that they are made of.
rebuild <- function(data, meta) {
  dates <- ever_dates(meta)
  for (column in names(dates)) data[[column]] <- !is.na(seen_dates(data, dates[[column]], meta))
  for (name in names(meta$endpoints)) {
    endpoint <- meta$endpoints[[name]]
    if (!all(endpoint_columns(endpoint) %in% names(data))) next
    data[[name]] <- build_endpoint(data, endpoint, meta)
  }
  data
}
