#' Make a time-dependent covariate by splitting follow-up
#'
#' `lms_time_split()` prepares a Cox model with a time-dependent covariate, such as bone
#' metastasis or surgery. It is for anyone who compares patients by something that happens after
#' diagnosis. The follow-up of each patient is split at the date. The covariate is `FALSE` before
#' it and `TRUE` after it. If such a covariate is fitted as known at diagnosis, the result has
#' immortal time bias. The patients had to survive until the date, so the hazard ratio is biased
#' towards a protective effect.
#'
#' @details
#' Each patient with a known endpoint gets one row `(tstart, tstop]`. The patient gets one more
#' row for each date of `at` that is strictly within the time at risk. A date at or before the
#' start of the clock makes the covariate `TRUE` throughout.
#'
#' The covariate applies to events after its date. By default an event on the same day counts as
#' an event before it. The rows are then those of `survival::tmerge()` with `tdc()`, and a
#' message counts such events. For a treatment, the day itself should belong to the treatment: a
#' death on the day of an operation is a death after it. Set `same_day = "after"` for this. The
#' covariate then switches between that day and the time before it, as in [survival::heart]. This
#' is the default for the operations of a linked table.
#'
#' An event of the cohort (`relapse`) or a column of dates gives a logical covariate of the same
#' name. If the column of dates has that name, it is kept as `relapse_date` (`relapse_time` if
#' times are numbers). A covariate that the cohort treats as dated (`known_from` of
#' [lms_cohort()], or an `ever_` column) keeps its name. Before its date it has the value of
#' patients without the event, and after it the patient's own value. Therefore `update(fit, data
#' = split)` fits the same formula.
#'
#' Patients who enter late (`entry` of [lms_cohort()]) have rows from their entry on. Patients
#' without time at risk, and patients to whom the endpoint does not apply, have no row. A message
#' counts them. Other endpoints are omitted, because they describe patients and not rows.
#'
#' Curves and models of the rows use the patient's id automatically. A row that is continued by
#' the patient's next row is therefore not counted as censored. A Cox model with a time-dependent
#' covariate does not need a robust variance, because no patient is in a risk set twice.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param at The events, columns of dates or dated covariates at which follow-up is split, bare
#'   or as strings. Give several as `c(bone_metastasis, first_surgery)`. Use a name to name the
#'   covariate: `c(metastasis = new_tumor_days)`.
#' @param endpoint The endpoint of the cohort to split, bare or as a string.
#' @param same_day How an event on the day of the split counts: as an event `"before"` or
#'   `"after"` it.
#' @return A data frame (a tibble if the cohort is one), in the order of the patients and their
#'   time. It has the columns of the cohort, the covariates, `tstart` and `tstop` in the unit of
#'   the cohort, and the endpoint as `(tstart, tstop]` [survival::Surv()]. It has one row per
#'   patient and period, and is therefore not a cohort. [lms_cox()] still uses the dates of its
#'   other covariates. Its print counts rows, patients, events and time; `as.data.frame()` shows
#'   the rows.
#' @seealso [lms_landmark()], a simpler way to avoid immortal time bias.
#' @examples
#' # sarcoma: hazard of death after bone metastasis
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' split <- lms_time_split(cohort, at = bone_metastasis)
#' split
#' lms_cox(os ~ bone_metastasis + age, data = split)
#'
#' # the two rows of a patient with bone metastasis
#' head(as.data.frame(split)[split$id == 2, c("id", "tstart", "tstop", "bone_metastasis", "os")])
#' @export
lms_time_split <- function(cohort, at, endpoint = "os", same_day = c("before", "after")) {
  env <- parent.frame()
  check_cohort(cohort)
  meta <- cohort_meta(cohort)
  if (missing(at)) {
    abort("argument", "`at` is missing.", "Set the date to split at: `at = bone_metastasis`.")
  }
  name <- endpoint_name(substitute(endpoint), meta, env)
  endpoint <- meta$endpoints[[name]]
  switches <- read_switches(substitute(at), cohort, meta, env)
  check_switch_names(switches, cohort, endpoint)
  data <- read_switch_dates(plain_table(cohort), switches, meta)
  same_day <- if (!missing(same_day)) check_option(same_day, "same_day", c("before", "after"))
  times <- split_times(data, name, endpoint, switches, meta)
  times <- place_ties(times, switches, same_day, meta)
  rows <- split_rows(times$start, times$stop, times$switch)
  out <- data[times$kept[rows$patient], setdiff(names(data), names(meta$endpoints)), drop = FALSE]
  out <- restore_labels(out, data)
  out <- set_switches(out, switches, rows, times, meta)
  out[c("tstart", "tstop")] <- rows[c("start", "stop")]
  out[[name]] <- split_response(rows, times$status[rows$patient], endpoint)
  row.names(out) <- NULL
  as_cohort_rows(out, split_meta(meta, name, switches, names(out)))
}

endpoint_name <- function(expr, meta, env) {
  known <- names(meta$endpoints)
  name <- if (is.name(expr) && as.character(expr) %in% known) {
    as.character(expr)
  } else {
    tryCatch(eval(expr, env), error = function(e) deparse_short(expr))
  }
  if (!is.character(name) || length(name) != 1L || !name %in% known) {
    abort(
      "argument", paste0("`endpoint` must be an endpoint of the cohort, not ", describe(name), "."),
      paste0("The endpoints are ", enumerate(tick(known), max = 10L), ".")
    )
  }
  name
}

# One switch per element of `at`. Answer: list of name (of the covariate), date (a
# column), values (whether the covariate has values of its own).
read_switches <- function(expr, data, meta, env) {
  parts <- list(expr)
  if (is.call(expr) && identical(expr[[1L]], quote(c))) {
    parts <- as.list(expr)[-1L]
  } else if (!is.name(expr) ||
               !as.character(expr) %in% c(names(data), names(named_columns(meta)))) {
    value <- tryCatch(eval(expr, env), error = function(e) NULL)
    if (is.character(value)) parts <- as.list(value)
  }
  given <- if (is.null(names(parts))) rep("", length(parts)) else names(parts)
  lapply(seq_along(parts), function(i) {
    word <- if (is.name(parts[[i]])) as.character(parts[[i]]) else parts[[i]]
    # A flag may have the name of its event: with a name of its own the event is meant.
    renamed <- nzchar(given[i]) && is.character(word) && all(word %in% names(meta$events))
    if (is.character(word) && length(word) == 1L && word %in% names(meta$dated) && !renamed) {
      return(list(name = word, date = check_date_left(word, meta, data), values = TRUE))
    }
    date <- one_column(cohort_columns(parts[[i]], "at", data, meta, env), "at")
    check_switch(date, meta)
    event <- event_in(date, meta)
    name <- if (nzchar(given[i])) given[i] else if (is.na(event)) unname(date) else event
    list(name = name, date = unname(date), values = FALSE)
  })
}

check_date_left <- function(covariate, meta, data) {
  date <- meta$dated[[covariate]]
  if (date %in% names(data)) return(date)
  abort("column", paste0("`at`: the date of ", tick(covariate), ", ", tick(date),
                         ", was removed from the cohort."), "Keep the column of this date.")
}

check_switch <- function(date, meta) {
  fixed <- setdiff(meta$roles, event_columns(meta))
  if (!is.na(date) && !date %in% fixed) return(invisible())
  events <- names(meta$events)
  abort("argument", "`at` must be the date of an event in the course of the disease.",
        if (length(events)) paste0("The events are ", enumerate(tick(events)), "."),
        "You can also give your own column of dates.")
}

check_switch_names <- function(switches, data, endpoint) {
  check_free(data, c("tstart", "tstop"))
  for (x in switches) {
    if (identical(x$date, endpoint$from)) {
      abort("argument", paste0("`at`: the clock starts at the ", endpoint$origin,
                               ", so nothing changes at this date."))
    }
    if (!x$values && x$name != x$date) check_free(data, x$name)
  }
  names <- vapply(switches, `[[`, "", "name")
  if (anyDuplicated(names)) {
    abort("argument", paste0("`at` has ", tick(names[duplicated(names)][1L]), " twice."))
  }
}

# A column that is no part of the cohort is read and checked here.
read_switch_dates <- function(data, switches, meta) {
  columns <- setdiff(vapply(switches, `[[`, "", "date"), meta_times(meta))
  if (!length(columns)) return(data)
  data <- read_time_columns(data, columns, meta$dates)$data
  meta$dated <- c(meta$dated, columns)
  if (has_course(meta)) check_course(data, meta)
  data
}

# Of the patients with time at risk: start, stop, status, and a matrix of the times at which
# each covariate switches on, all counted from the start of the clock.
split_times <- function(data, name, endpoint, switches, meta) {
  y <- endpoint_times(data[[name]])
  known <- !is.na(y$stop) & !is.na(y$status)
  kept <- which(known & y$stop > y$start)
  if (!length(kept)) abort("no_rows", paste0("No patient has time at risk in ", tick(name), "."))
  say_split(sum(!known), y$status[known & y$stop <= y$start], name)
  start <- start_of(data, endpoint)
  switch <- vapply(switches, function(x) {
    ((clock(data[[x$date]]) - start) / unit_length(meta))[kept]
  }, double(length(kept)))
  list(
    kept = kept, start = y$start[kept], stop = y$stop[kept], status = y$status[kept],
    switch = matrix(switch, length(kept))
  )
}

# Switches on the day of an event, before or after it. same_day: NULL where nothing was said: the
# day of a treatment belongs to it.
place_ties <- function(times, switches, same_day, meta) {
  for (i in seq_along(switches)) {
    u <- times$switch[, i]
    tied <- which(abs(u - times$stop) <= tied_within(times$stop) & times$status > 0)
    if (!length(tied)) next
    event <- meta$events[[event_in(switches[[i]]$date, meta)]]
    where <- same_day
    if (is.null(where)) where <- if (isTRUE(event$treatment)) "after" else "before"
    if (where == "after") {
      times$switch[tied, i] <- just_before(times$stop[tied], c(0, times$start, times$stop))
    }
    other <- setdiff(c("before", "after"), where)
    say("split", paste0(
      count_of(length(tied), "event"), " on the day of ", tick(switches[[i]]$name),
      if (length(tied) == 1L) " counts" else " count", " as ", where, " it. Set `same_day = \"",
      other, "\"` to count ", if (length(tied) == 1L) "it" else "them", " as ", other, " it."
    ))
  }
  times
}

# status: of the patients without time at risk.
say_split <- function(unknown, status, name) {
  zero <- length(status)
  lines <- c(
    if (unknown) paste0(count_of(unknown, "patient"), " without ", tick(name),
                        " (not applicable)."),
    if (zero) paste0(count_of(zero, "patient"), " (", sum(status > 0), " with the event) with no ",
                     "time at risk in ", tick(name), ".")
  )
  if (length(lines)) say("split", paste0("Excluded from the split: ", lines))
}

# Periods between the switches, by patient and time. begin, end: of n patients; switch: n x k.
# Answer: patient, start, stop, last (whether the patient's follow-up ends there).
split_rows <- function(begin, end, switch) {
  n <- length(end)
  inside <- which(!is.na(switch) & switch > begin & switch < end)
  patient <- c((inside - 1L) %% max(n, 1L) + 1L, seq_len(n))
  time <- c(switch[inside], end)
  keep <- !duplicated(data.frame(patient, time))
  patient <- patient[keep]
  time <- time[keep]
  order <- order(patient, time)
  patient <- patient[order]
  time <- time[order]
  first <- !duplicated(patient)
  list(
    patient = patient,
    start = ifelse(first, begin[patient], c(0, time[-length(time)])[seq_along(time)]),
    stop = time, last = !duplicated(patient, fromLast = TRUE)
  )
}

split_response <- function(rows, status, endpoint) {
  status <- ifelse(rows$last, status, 0L)
  survival::Surv(rows$start, rows$stop, coded_status(status, endpoint))
}

set_switches <- function(out, switches, rows, times, meta) {
  on <- times$switch[rows$patient, , drop = FALSE] <= rows$start
  on[is.na(on)] <- FALSE
  for (i in seq_along(switches)) {
    x <- switches[[i]]
    if (x$values) {
      value <- values_until(out[[x$name]], is.na(out[[x$date]]), on[, i], x$name)
      out[[x$name]] <- with_label(value, out[[x$name]])
    }
  }
  for (i in seq_along(switches)) {
    x <- switches[[i]]
    if (x$values) next
    if (x$name %in% names(out)) out <- move_dates(out, x$name, meta)
    out[[x$name]] <- on[, i]
  }
  out
}

# The column of dates makes room for the covariate of its name.
move_dates <- function(out, name, meta) {
  new <- moved_name(name, meta)
  if (!new %in% names(out)) out[[new]] <- out[[name]]
  out
}

moved_name <- function(name, meta) {
  paste0(name, if (meta$dates) "_date" else "_time")
}

# Until its date a covariate has the value of patients to whom it never happens.
values_until <- function(x, never, on, name) {
  off <- off_value(x, never, name)
  if (is.na(off) && !all(is.na(x[never]))) return(x)
  x[!on] <- off
  x
}

off_value <- function(x, never, name) {
  found <- unique(x[never])
  if (is.logical(x) && !any(found %in% TRUE)) return(FALSE)
  if (is.numeric(x) && length(found) && all(found %in% c(0, NA))) return(0)
  if (length(found) > 1L) {
    abort(
      "covariate",
      paste0(tick(name), " has ", length(found), " values among patients without the event, ",
             "so the value before the date is unclear."),
      "Give these patients a single value, such as FALSE or \"none\"."
    )
  }
  if (!length(found) || is.na(found)) {
    say("covariate", paste0(
      tick(name), " is missing until its date. A model excludes these rows. To keep them, give ",
      "patients without the event a level such as \"none\"."
    ))
    return(x[NA_integer_])
  }
  found
}

# What the split still knows: the other dated covariates.
split_meta <- function(meta, name, switches, columns) {
  done <- vapply(switches, `[[`, "", "name")
  meta$endpoints <- meta$endpoints[name]
  meta$dated <- meta$dated[!names(meta$dated) %in% done]
  moved <- meta$dated %in% done
  meta$dated[moved] <- vapply(meta$dated[moved], moved_name, "", meta)
  meta$events <- Filter(function(event) !event$column %in% done, meta$events)
  meta[c("linked", "audit")] <- NULL
  c(meta, list(
    made = "each row is a period of a patient from `tstart` to `tstop`.",
    name = name, by = done, periods = TRUE
  ))
}
