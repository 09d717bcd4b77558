# The audit as it is printed and as data frames: counts of the patients that are
# in the cohort now, and what was done when it was made.

#' @export
summary.lms_cohort <- function(object, ...) {
  meta <- cohort_meta(object)
  audit <- meta$audit
  item <- function(which, columns) {
    out <- audit[audit$item == which, columns]
    row.names(out) <- NULL
    out
  }
  structure(
    list(
      patients = count_cohort(object, meta),
      endpoints = count_endpoints(object, meta), states = count_states(object, meta),
      roles = data.frame(
        role = names(meta$roles), column = unname(meta$roles),
        by_name = names(meta$roles) %in% named_kinds(audit, "role")
      ),
      events = count_events(object, meta),
      dated = data.frame(
        covariate = as.character(names(meta$dated)), date = as.character(meta$dated)
      ),
      tables = count_tables(meta),
      excluded = item("excluded", c("kind", "table", "columns", "n", "text")),
      notes = item("note", c("kind", "text")),
      unit = meta$unit, end = meta$end, dates = meta$dates, event = meta$event$words
    ),
    class = "summary.lms_cohort"
  )
}

# Roles or events that were found by the name of their column.
named_kinds <- function(audit, item) {
  audit$kind[audit$item == item & audit$text == "taken by its name"]
}

count_cohort <- function(x, meta) {
  roles <- meta$roles
  out <- data.frame(rows = nrow(x), patients = length(unique(x[[roles[["id"]]]])))
  if (!has_course(meta)) return(out)
  time <- pmax(last_day(x, meta) - first_day(x, meta), 0) / unit_length(meta)
  out$deaths <- sum(has_died(x, meta))
  out$person_time <- sum(time)
  out$longest <- if (length(time)) max(time) else NA_real_
  out$time_zero <- sum(last_day(x, meta) == diagnosis_day(x, meta))
  out
}

count_events <- function(x, meta) {
  events <- meta$events
  part <- function(name) vapply(events, `[[`, "", name, USE.NAMES = FALSE)
  dates <- lapply(part("column"), function(column) seen_dates(x, column, meta))
  data.frame(
    event = as.character(names(events)), column = part("column"), label = part("label"),
    patients = vapply(dates, function(days) sum(!is.na(days)), 0L),
    by_name = names(events) %in% named_kinds(meta$audit, "event")
  )
}

count_endpoints <- function(x, meta) {
  rows <- lapply(names(meta$endpoints), function(name) {
    endpoint <- meta$endpoints[[name]]
    times <- endpoint_times(x[[name]])
    known <- !is.na(times$stop) & !is.na(times$status)
    status <- cohort_status(x, name)
    competing <- !is.null(endpoint$competing)
    data.frame(
      endpoint = name, label = endpoint$label, origin = endpoint$origin, event = endpoint$event,
      competing = if (competing) enumerate(endpoint$competing, "or", Inf) else NA_character_,
      patients = sum(known), events = sum(times$status[known] == 1),
      competing_events = if (competing) sum(times$status[known] > 1) else NA_integer_,
      person_time = sum((times$stop - times$start)[known]),
      not_applicable = status$not_applicable, missing = status$missing,
      time_zero = sum(times$stop[known] == 0)
    )
  })
  do.call(rbind, rows)
}

# Of endpoints with competing events, a row for each kind of event.
count_states <- function(x, meta) {
  rows <- lapply(Filter(function(endpoint) !is.null(endpoint$competing), meta$endpoints),
                 function(endpoint) {
    states <- c(endpoint$event, endpoint$competing)
    status <- endpoint_times(x[[endpoint$name]])$status
    data.frame(endpoint = endpoint$name, state = states,
               events = tabulate(status[!is.na(status)], length(states)),
               by_cause = !is.null(endpoint$cause))
  })
  do.call(rbind, unname(rows))
}

count_tables <- function(meta) {
  data.frame(
    table = as.character(names(meta$linked)),
    rows = vapply(meta$linked, function(table) nrow(table$data), 0L),
    patients = vapply(meta$linked, function(table) length(unique(table$data[[table$key]])), 0L),
    row.names = NULL
  )
}

#' @export
print.lms_cohort <- function(x, ...) {
  print(summary(x))
  invisible(x)
}

#' @export
print.summary.lms_cohort <- function(x, ...) {
  print_lines(cohort_headline(x))
  cat("\n")
  if (!is.null(x$endpoints)) {
    print_columns(endpoint_cells(x))
    cat("\n")
  }
  lines <- c(clock_line(x), role_line(x$roles), event_line(x$events), dated_lines(x$dated))
  if (nrow(x$tables)) {
    lines <- c(lines, paste0("`", x$tables$table, "`: ", mapply(count_of, x$tables$rows, "row"),
                             " of ", mapply(count_of, x$tables$patients, "patient"), "."))
  }
  if (nrow(x$excluded)) lines <- c(lines, exclusion_lines(x$excluded))
  for (line in c(lines, x$notes$text, "as.data.frame() shows the rows.")) print_lines(line)
  invisible(x)
}

cohort_headline <- function(x) {
  n <- x$patients
  who <- count_of(n$patients, "patient")
  if (n$rows != n$patients) who <- paste(count_of(n$rows, "row"), "of", who)
  if (is.null(n$deaths)) return(paste0("Cohort of ", who, "."))
  deaths <- if (!n$deaths) {
    "no deaths among these patients"
  } else if (n$deaths == n$rows && n$rows > 1L) {
    "all died"
  } else {
    count_of(n$deaths, "death")
  }
  if (!n$rows) return("Cohort of 0 patients.")
  paste0(
    "Cohort of ", who, ": ", deaths, ", ", time_number(n$person_time, x$unit), " person-", x$unit,
    " at risk, the longest ", time_with_unit(n$longest, x$unit), "."
  )
}

endpoint_cells <- function(x) {
  missing <- any(x$endpoints$missing > 0L)
  cells <- function(...) if (missing) c(...) else utils::head(c(...), -1L)
  head <- cells("", "patients", "events", paste0("person-", x$unit), "not applicable", "missing")
  blank <- function(label, n = "") cells(label, "", n, "", "", "")
  rows <- lapply(seq_len(nrow(x$endpoints)), function(i) {
    row <- x$endpoints[i, ]
    states <- x$states[x$states$endpoint == row$endpoint, ]
    by_cause <- any(states$by_cause)
    other <- if (by_cause) states else states[-1L, ]
    events <- if (by_cause) sum(states$events) else row$events
    rbind(
      cells(row$endpoint, format_count(row$patients), format_count(events),
            time_number(row$person_time, x$unit), format_count(row$not_applicable),
            format_count(row$missing)),
      blank(paste0("  from ", row$origin, " to ", if (by_cause) "death, by cause" else row$event)),
      do.call(rbind, lapply(seq_len(NROW(other)), function(j) {
        blank(paste0("  ", other$state[j], if (!by_cause) " before it"),
              format_count(other$events[j]))
      }))
    )
  })
  rbind(head, do.call(rbind, rows))
}

clock_line <- function(x) {
  role <- x$roles$role == "diagnosis"
  zero <- if (any(role)) {
    paste0("the date of ", tick(x$roles$column[role]))
  } else {
    paste0("the diagnosis", if (!x$dates) ". Times are counted from the diagnosis")
  }
  at_zero <- x$patients$time_zero
  c(
    paste0("Time zero is ", zero, ". Unit: ", x$unit, unit_length_words(x$unit), "."),
    if (any(x$roles$role == "entry")) {
      paste0("Patients are at risk from ", tick(x$roles$column[x$roles$role == "entry"]),
             ", if this date is later.")
    },
    if (!is.null(x$end)) paste0("Follow-up ends at ", base::format(x$end), "."),
    paste0("Death: ", x$event, "."),
    if (!is.null(at_zero) && at_zero) paste0(
      count_of(at_zero, "patient"), if (at_zero == 1L) " has" else " have", " a follow-up of 0."
    )
  )
}

event_line <- function(events) {
  if (!nrow(events)) return(NULL)
  paste0("Events: ", enumerate(paste0(
    ifelse(events$event == events$column, "", paste0(events$event, " = ")), tick(events$column),
    " (", mapply(count_of, events$patients, "patient"), ")"
  ), max = Inf), ".")
}

role_line <- function(roles) {
  named <- roles$column[roles$by_name]
  given <- paste0(roles$role[!roles$by_name], " = ", tick(roles$column[!roles$by_name]))
  c(
    if (any(!roles$by_name)) paste0("Roles: ", paste(given, collapse = ", "), "."),
    if (length(named)) {
      paste0("Roles taken from column names: ", paste(tick(named), collapse = ", "), ".")
    }
  )
}

dated_lines <- function(dated) {
  by_date <- split(dated$covariate, factor(dated$date, unique(dated$date)))
  vapply(names(by_date), function(date) {
    covariates <- by_date[[date]]
    paste0(enumerate(tick(covariates), max = 10L), if (length(covariates) == 1L) " is" else " are",
           " known from ", tick(date), ".")
  }, "", USE.NAMES = FALSE)
}
