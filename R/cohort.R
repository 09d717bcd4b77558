# lms_cohort(): a patient table that knows its dates, its events and its
# endpoints.

#' A clinical cohort
#'
#' Declares a table of patients as a cohort of any disease: which column is whose date, which
#' status is death, which dated events there are, and which covariates are known only from a date
#' on. The result is the same table with `Surv` columns for its endpoints, audited as by
#' Stata's stset: impossible records are refused, or left out and counted.
#'
#' @section Events and endpoints:
#' Every cohort has `os`, from diagnosis to death. For each event `x` of `events` it gets
#' * `ever_x`: whether the event was seen to happen;
#' * `time_to_x`: diagnosis to x, with death competing;
#' * `x_free`: diagnosis to x or death, whichever is first;
#' * `os_x`: x to death. It does not apply to patients without x, and is not made where
#'   follow-up ends on the day of x in all of them.
#'
#' With `cause`, `death_by_cause` has each cause of death competing with the others, for
#' [lms_cuminc()]; `lms_endpoint(cohort, "css", diagnosis, died, cause = "cancer")` makes an
#' endpoint of one cause for [lms_cox()] and [lms_km()]. A death of unknown cause is missing there.
#'
#' Four events have arguments of their own, which give fewer endpoints under fixed names:
#' `bone_metastasis` (`ever_bone_metastasis`, `os_bone`, `time_to_bone`), `visceral_metastasis`
#' (`ever_visceral_metastasis`), `first_surgery` (`ever_surgery`) and `implant_failure`, which
#' counts from the first surgery (`ever_implant_failure`, `implant_survival`, `time_to_failure`).
#' A column of one of these four names is taken as that event without being asked for, unless
#' `NULL` is given.
#'
#' Without an event the time ends at the last contact, which is the day of death
#' of those who died. Times are differences of calendar days divided by 30.4375 for
#' months and 365.25 for years. [lms_endpoint()] defines others.
#'
#' Where an endpoint cannot be observed it is `NA`: it does not apply (the event from which it
#' counts never came, or came after what ends it), or it is missing (a cause of death that is not
#' known). The print and `summary()` count the two apart.
#'
#' @section Late entry:
#' In a referral center or a biobank, patients who died before they were referred or gave their
#' consent are not in the data. Those who are cannot be seen to die before, and counting that time
#' makes survival look too long. `entry` is the date from which a patient could be seen
#' to die: all endpoints then are `(entry, time]` data (left truncation), for curves, tests and
#' models alike. An entry before the clock starts changes nothing. Patients whose event
#' or last contact is not after their entry are not at risk, and are counted; so are events before
#' the entry. The cohort asks for `entry` in a note, where a column that
#' is named like one has dates long after the diagnosis, or where nobody dies in the first months.
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
#' A missing or repeated id; a missing diagnosis, last contact, status or entry; a last
#' contact before the diagnosis or the entry; an event before the diagnosis, after the last
#' contact, or after death; an implant failure without or before a surgery, and any other event
#' before the one that it counts from; a date
#' after `as_of` or before 1900; a follow-up of more than 100 years. In the linked
#' tables: an unknown or missing id, a date outside the patient's follow-up, a
#' surgery before the first surgery or of a patient who has none. All are found at
#' once, and the error lists columns and rows (its `problems` is a data frame of
#' them), never an identifier or a date. Ids are compared as text, without spaces
#' around them. With `impossible = "exclude"` these rows are left out, each counted
#' under the first reason in this order; of equal rows one stays, of rows of one id
#' that differ none.
#'
#' Text that is no date in the form `YYYY-MM-DD`, years of two digits, and numbers
#' where dates are expected are refused always, as in [lms_months()].
#'
#' A follow-up of 0 is legal, and counted in the print.
#'
#' @section Categories:
#' Labelled numbers (of haven) become factors with their labels, ordered factors
#' become plain ones, which are compared with their first level, and columns of
#' 3 to 10 different whole numbers from 0 to 9, or of 1 and 2, become factors too; each is said in
#' a message. 0/1 stays as it is. `codes = "numbers"`, or by column
#' `codes = c(lesions = "numbers")`, leaves the numbers.
#'
#' @section What a cohort keeps:
#' Filtering, sorting, adding and renaming columns by base R or dplyr give a
#' cohort again; the linked tables then hold the patients that are left. When a date
#' or the status is changed, the endpoints are computed anew and the records
#' checked again, so that they never disagree; an endpoint cannot be written over.
#' The rule which status is death stays with the cohort, also where a filter leaves
#' one value of it, and for a `Surv()` of one's own. New ids must tell the patients
#' apart as before, and reach the linked tables too. A condition that is `NA` leaves
#' its rows out, counted in a message. A result without ids, with several rows of one
#' patient or rows of other patients after a join or `bind_rows()`, and the result of
#' `merge()`, `rbind()` or `summarise()` is a plain table.
#' Bootstrap samples by row numbers stay cohorts.
#'
#' A Cox model of an endpoint keeps when each dated covariate became known (`dated`
#' in [lms_cox()]), and refuses a date itself as a covariate. A column of 0 and 1, or of `TRUE`
#' and `FALSE`, that tells which patients have a date in `events` is such a covariate.
#'
#' What the cohort knows is in `attr(x, "cohort")`: `roles` (column by role), `events` (by name:
#' column, label, its `ever_` column and endpoints), `linked` (by name: the table, its column of the
#' id, its dates and label), `dates` (whether there are dates), `unit`, `event` (value, words and
#' known values of death), `causes`, `endpoints` (by name), `dated` (date column by covariate),
#' `audit`, `read` (rows of the table that was read), `end` and `as_of`. Nothing of it is per
#' patient but the linked tables.
#'
#' @param patients A data frame with one row per patient.
#' @param lesions,surgeries Linked tables under these names, or `NULL`.
#' @param ... Not used: all other arguments are given by name.
#' @param id,diagnosis,last_contact,died Which column it is, bare or as a string.
#'   Left out, a column of that very name is taken. All but `diagnosis` are needed.
#'   `diagnosis` and `last_contact` are dates: [Date], [POSIXct] or text `YYYY-MM-DD`;
#'   without a `diagnosis` the others are times since then, in `unit`.
#' @param events Columns of dates (or times), `NA` for patients to whom the event never happened,
#'   bare or as strings: `c(relapse = relapse_date, transplant = "tx_date")`. The names are those
#'   of the events. What an event is called in text is the label of its column, or its name;
#'   `list(relapse = list(relapse_date, label = "Local relapse"))` sets it. An event that
#'   counts from another one has `after`: `list(failure_date, after = "transplant")`.
#' @param entry The column of dates from which patients could be seen to die, or `NULL` for the
#'   diagnosis. Never taken by its name.
#' @param cause The column with the cause of death of those who died, a factor or text, or
#'   `NULL`. Empty text and words such as "unknown" are missing. Never taken by its name.
#' @param linked A named list of data frames with several rows per patient, such as
#'   `list(lesions = ..., operations = ...)`, with the id of the patient. Their columns of dates are
#'   checked; the date of a row itself is the column `date` if there is one, else the first.
#' @param end The last day of the study, a date, or `NULL`. Follow-up is censored there, and what
#'   came later does not count; patients diagnosed later and later rows of linked tables are left
#'   out. Each is counted in a message. The columns stay as they are.
#' @param bone_metastasis,visceral_metastasis,first_surgery,implant_failure The column of dates (or
#'   times) of an event that has an argument of its own, see the section on events.
#' @param unit `"months"`, `"years"` or `"days"`.
#' @param event The value or values of `died` that mean death, where the coding is
#'   not plain: see [lms_cox()].
#' @param known_from From which date a covariate is known: a named vector of events, roles
#'   or date columns, such as `c(fracture = "bone_metastasis")`; `"diagnosis"` if from the
#'   start. Of other covariates the date is inferred: one that is TRUE, or has a value, only
#'   in patients with a certain date, and not by chance (p < 0.0001), is treated as known from
#'   that date, which a message says. `known_from = NULL` switches this off.
#' @param by The column of the patient's id in the linked tables, where it is not
#'   named as in `patients`; `c(lesions = "pid", surgeries = "patient")` if they
#'   differ.
#' @param codes `"categories"` or `"numbers"`, or either by column.
#' @param impossible `"error"`, or `"exclude"` to leave impossible records out.
#' @param as_of The day on which the data were read: later dates are in the future.
#' @return A data frame (a tibble if `patients` is one) of class `lms_cohort`: the
#'   columns of `patients`, dates as [Date], with those above. `print()` shows the
#'   audit and no patient, `summary()` gives it as a list of data frames, and
#'   `as.data.frame()` the table alone.
#' @references
#' Andersen PK, Geskus RB, de Witte T, Putter H (2012). Competing risks in epidemiology:
#' possibilities and pitfalls. *International Journal of Epidemiology* 41, 861-870.
#' \doi{10.1093/ije/dyr213}
#' @seealso [lms_endpoint()], [lms_time_split()], [lms_landmark()].
#' @examples
#' patients <- data.frame(
#'   id = 1:6, sex = c("female", "male", "female", "female", "male", "female"),
#'   diagnosis = as.Date("2010-01-01") + c(0, 200, 450, 800, 900, 1500),
#'   last_contact = as.Date("2015-06-30") + c(-400, 30, -100, 500, 10, 650),
#'   died = c(TRUE, FALSE, TRUE, TRUE, FALSE, FALSE),
#'   cause_of_death = c("cancer", NA, "heart", "cancer", NA, NA),
#'   relapse_date = as.Date(c("2011-03-01", NA, "2013-01-15", NA, NA, "2016-02-01")),
#'   referral = as.Date("2010-02-01") + c(0, 220, 430, 810, 880, 1490)
#' )
#' cohort <- lms_cohort(patients, events = c(relapse = relapse_date), cause = cause_of_death)
#' cohort
#' lms_km(relapse_free ~ 1, data = cohort)
#' lms_cuminc(death_by_cause ~ 1, data = cohort)
#' subset(cohort, sex == "female")
#'
#' # patients could be seen to die only from their referral on, up to the end of 2015
#' lms_cohort(patients, events = c(relapse = relapse_date), entry = referral, end = "2015-12-31")
#'
#' # an impossible record, left out and counted
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
