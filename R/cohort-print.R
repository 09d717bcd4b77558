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
      endpoints = count_endpoints(object, meta),
      roles = data.frame(
        role = names(meta$roles), column = unname(meta$roles),
        by_name = names(meta$roles) %in% audit$kind[audit$item == "role" &
                                                      audit$text == "taken by its name"]
      ),
      dated = data.frame(
        covariate = as.character(names(meta$dated)), date = as.character(meta$dated)
      ),
      tables = count_tables(meta),
      excluded = item("excluded", c("kind", "table", "columns", "n", "text")),
      notes = item("note", c("kind", "text")),
      unit = meta$unit, dates = meta$dates, event = meta$event$words
    ),
    class = "summary.lms_cohort"
  )
}

count_cohort <- function(x, meta) {
  roles <- meta$roles
  out <- data.frame(rows = nrow(x), patients = length(unique(x[[roles[["id"]]]])))
  if (!has_course(meta)) return(out)
  start <- if (meta$dates) clock(x[[roles[["diagnosis"]]]]) else rep(0, nrow(x))
  time <- (clock(x[[roles[["last_contact"]]]]) - start) / unit_length(meta)
  out$deaths <- sum(is_event(x[[roles[["died"]]]], meta$event$value))
  out$person_time <- sum(time)
  out$longest <- if (length(time)) max(time) else NA_real_
  out$time_zero <- sum(time == 0)
  out
}

count_endpoints <- function(x, meta) {
  rows <- lapply(names(meta$endpoints), function(name) {
    endpoint <- meta$endpoints[[name]]
    y <- unclass(x[[name]])
    known <- !is.na(y[, "time"]) & !is.na(y[, "status"])
    data.frame(
      endpoint = name, label = endpoint$label, origin = endpoint$origin, event = endpoint$event,
      competing = if (is.null(endpoint$competing)) NA_character_ else endpoint$competing,
      patients = sum(known), events = sum(y[known, "status"] == 1),
      competing_events = if (is.null(endpoint$competing)) NA_integer_ else sum(y[known, 2L] == 2),
      person_time = sum(y[known, "time"]), not_applicable = sum(!known),
      time_zero = sum(y[known, "time"] == 0)
    )
  })
  do.call(rbind, rows)
}

count_tables <- function(meta) {
  names <- names(meta$keys)
  data.frame(
    table = as.character(names), rows = vapply(names, function(name) nrow(meta[[name]]), 0L),
    patients = vapply(names, function(name) length(unique(meta[[name]][[meta$keys[[name]]]])), 0L),
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
  lines <- c(clock_line(x), role_line(x$roles), dated_lines(x$dated))
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
    "Cohort of ", who, ": ", deaths, ", ", format_span(n$person_time), " person-", x$unit,
    " at risk, the longest ", format_span(n$longest), " ", x$unit, "."
  )
}

format_span <- function(x) format(round(x, 1), big.mark = ",", nsmall = 1L, scientific = FALSE)

endpoint_cells <- function(x) {
  head <- c("", "patients", "events", paste0("person-", x$unit), "not applicable")
  rows <- lapply(seq_len(nrow(x$endpoints)), function(i) {
    row <- x$endpoints[i, ]
    rbind(
      c(row$endpoint, format_count(row$patients), format_count(row$events),
        format_span(row$person_time), format_count(row$not_applicable)),
      c(paste0("  from ", row$origin, " to ", row$event), "", "", "", ""),
      if (!is.na(row$competing)) {
        c(paste0("  ", row$competing, " before it"), "", format_count(row$competing_events), "", "")
      }
    )
  })
  rbind(head, do.call(rbind, rows))
}

clock_line <- function(x) {
  role <- x$roles$role == "diagnosis"
  zero <- if (any(role)) {
    paste0("the date of ", tick(x$roles$column[role]))
  } else {
    paste0("the diagnosis", if (!x$dates) "; times are numbers since then")
  }
  at_zero <- x$patients$time_zero
  c(
    paste0("Time zero is ", zero, ". Unit: ", x$unit, unit_length_words(x$unit), "."),
    paste0("Death: ", x$event, "."),
    if (!is.null(at_zero) && at_zero) paste0(
      count_of(at_zero, "patient"), if (at_zero == 1L) " has" else " have", " a follow-up of 0."
    )
  )
}

role_line <- function(roles) {
  named <- roles$column[roles$by_name]
  given <- paste0(roles$role[!roles$by_name], " = ", tick(roles$column[!roles$by_name]))
  c(
    if (any(!roles$by_name)) paste0("Roles: ", paste(given, collapse = ", "), "."),
    if (length(named)) {
      paste0("Roles taken by their name: ", paste(tick(named), collapse = ", "), ".")
    }
  )
}

dated_lines <- function(dated) {
  by_date <- split(dated$covariate, factor(dated$date, unique(dated$date)))
  vapply(names(by_date), function(date) {
    covariates <- by_date[[date]]
    paste0(enumerate(tick(covariates), max = 10L), if (length(covariates) == 1L) " is" else " are",
           " known from ", tick(date), " on.")
  }, "", USE.NAMES = FALSE)
}
