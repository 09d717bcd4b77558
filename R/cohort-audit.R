# Impossible records: found by kind, with their rows. A problem never holds an
# identifier or a date.

# 1900-01-01, the day before which no patient of today's cohorts was seen.
year_1900 <- -25567

# The longest follow-up that can be, in days: 100 years.
days_100_years <- 36525

# Problems of the ids: missing, and several rows of one patient.
id_problems <- function(data, id) {
  x <- id_text(data[[id]])
  missing <- is.na(x) | x %in% ""
  at <- which(!missing & (duplicated(x) | duplicated(x, fromLast = TRUE)))
  rows <- data[at, , drop = FALSE]
  rows[[id]] <- x[at]
  repeats <- duplicated(rows)
  patient <- match(x[at], x)
  # A patient whose rows are all equal is kept once; else nothing tells which is right.
  conflict <- patient %in% patient[!repeats][duplicated(patient[!repeats])]
  list(
    new_problem("missing_id", "patients", id, which(missing), paste(tick(id), "is missing")),
    new_problem("duplicate_row", "patients", id, at[repeats & !conflict],
                "the row repeats an earlier one"),
    new_problem("duplicate_id", "patients", id, at[conflict],
                paste(tick(id), "stands for several rows that differ"))
  )
}

# days: by column, days since 1970 or times since diagnosis. died: TRUE, FALSE or
# NA. day: a day on the clock.
time_problems <- function(days, died, meta, day) {
  roles <- meta$roles
  dates <- meta$dates
  as_of <- clock(meta$as_of)
  end <- days[[roles[["last_contact"]]]]
  start <- if (dates) days[[roles[["diagnosis"]]]] else rep(0, length(end))
  limits <- roles[intersect(c("diagnosis", "last_contact", "entry"), names(roles))]
  found <- lapply(unique(unname(limits)), function(x) {
    new_problem("missing", "patients", x, which(is.na(days[[x]])), paste(tick(x), "is missing"))
  })
  found <- c(found, list(new_problem(
    "missing", "patients", roles[["died"]], which(is.na(died)),
    paste(tick(roles[["died"]]), "is missing")
  )))
  if (dates) {
    for (column in names(days)) {
      found <- c(found, calendar_problems(days[[column]], column, "patients", as_of))
    }
  }
  found <- c(found, list(
    end_problem(start, end, roles), long_problem(start, end, roles, days_100_years * day, as_of)
  ), entry_problem(days, end, roles))
  events <- setdiff(names(days), setdiff(limits, event_columns(meta)))
  for (column in events) {
    found <- c(found, event_problems(days[[column]], column, start, end, died, roles))
  }
  c(found, unlist(unname(lapply(meta$events, order_problems, days, meta)), recursive = FALSE))
}

# An entry before the diagnosis is legal: the patient is at risk from the diagnosis on.
entry_problem <- function(days, end, roles) {
  if (!"entry" %in% names(roles)) return(NULL)
  columns <- unname(roles[c("entry", "last_contact")])
  list(new_problem("entry_after_end", "patients", columns, which(days[[columns[1L]]] > end),
                   paste(tick(columns[1L]), "is after", tick(columns[2L]))))
}

calendar_problems <- function(days, column, table, as_of) {
  list(
    new_problem("before_1900", table, column, which(days < year_1900),
                paste(tick(column), "is in a year before 1900")),
    new_problem("future", table, column, which(days > as_of),
                paste(tick(column), "is in the future (after `as_of`)"))
  )
}

end_problem <- function(start, end, roles) {
  last <- roles[["last_contact"]]
  columns <- c(last, if ("diagnosis" %in% names(roles)) roles[["diagnosis"]])
  what <- if (length(columns) == 2L) paste(" is before", tick(columns[2L])) else " is below 0"
  new_problem("end_before_diagnosis", "patients", columns, which(end < start),
              paste0(tick(last), what))
}

long_problem <- function(start, end, roles, limit, as_of) {
  last <- roles[["last_contact"]]
  columns <- c(last, if ("diagnosis" %in% names(roles)) roles[["diagnosis"]])
  too_long <- end - start > limit
  # A date out of all bounds is told as such.
  if (length(columns) == 2L) too_long <- too_long & start >= year_1900 & end <= as_of
  new_problem("too_long", "patients", columns, which(too_long),
              paste(tick(last), "is more than 100 years after",
                    if (length(columns) == 2L) tick(columns[2L]) else "the start"))
}

event_problems <- function(days, column, start, end, died, roles) {
  last <- roles[["last_contact"]]
  origin <- if ("diagnosis" %in% names(roles)) roles[["diagnosis"]]
  before <- if (is.null(origin)) " is below 0" else paste(" is before", tick(origin))
  late <- !is.na(days) & !is.na(end) & days > end & end >= start
  list(
    new_problem("before_diagnosis", "patients", c(column, origin), which(days < start),
                paste0(tick(column), before)),
    new_problem("after_last_contact", "patients", c(column, last), which(late & !died),
                paste0(tick(column), " is after ", tick(last), ", which ends the follow-up")),
    new_problem("after_death", "patients", c(column, last), which(late & died),
                paste(tick(column), "is after the death"))
  )
}

# An event that counts from another one is not there without it, nor before it.
order_problems <- function(event, days, meta) {
  if (is.null(event$after)) return(NULL)
  columns <- c(event$column, event_column(meta, event$after))
  x <- days[[columns[1L]]]
  origin <- days[[columns[2L]]]
  list(
    new_problem("without_origin", "patients", columns, which(!is.na(x) & is.na(origin)),
                paste(tick(columns[1L]), "has a date without one in", tick(columns[2L]))),
    new_problem("before_origin", "patients", columns, which(x < origin),
                paste(tick(columns[1L]), "is before", tick(columns[2L])))
  )
}

# name, event: of the linked table. days: of the patients, by column; linked: of the
# table, by column; id: of the patients, by: of the table.
linked_problems <- function(name, by, linked, id, days, event, meta) {
  patient <- match(by, id)
  missing <- is.na(by) | by %in% ""
  at <- function(column) days[[column]][patient]
  start <- if (meta$dates) at(meta$roles[["diagnosis"]]) else rep(0, length(patient))
  end <- at(meta$roles[["last_contact"]])
  key <- attr(by, "column")
  found <- list(
    new_problem("missing_id", name, key, which(missing), paste(tick(key), "is missing")),
    new_problem("unknown_id", name, key, which(is.na(patient) & !missing),
                unknown_id_text(by[is.na(patient) & !missing], id, key))
  )
  for (column in names(linked)) {
    x <- linked[[column]]
    if (meta$dates) found <- c(found, calendar_problems(x, column, name, clock(meta$as_of)))
    found <- c(found, list(
      new_problem("before_diagnosis", name, column, which(x < start),
                  paste(tick(column), "is before the diagnosis")),
      new_problem("after_follow_up", name, column, which(x > end),
                  paste(tick(column), "is after the end of the patient's follow-up"))
    ))
  }
  if (is.null(event)) return(found)
  first <- event_column(meta, event)
  c(found, first_row_problems(name, linked, patient, at(first), first))
}

# Ids that are those of patients but for how they are written.
unknown_id_text <- function(by, id, key) {
  loose <- function(x) sub("^0+(?=.)", "", sub("[.]0+$", "", tolower(x)), perl = TRUE)
  near <- length(by) && all(loose(by) %in% loose(id))
  paste0(
    tick(key), " is not among the patients",
    if (near) " (but matches without letter case, leading zeros or \".0\": use one spelling)"
  )
}

# first, column: the dates of the event that a patient's first row is.
first_row_problems <- function(name, linked, patient, first, column) {
  c(
    list(new_problem(
      "no_event", name, column, which(!is.na(patient) & is.na(first)),
      paste("the patient has no", tick(column))
    )),
    if (length(linked)) list(new_problem(
      "before_event", name, c(names(linked)[1L], column),
      which(linked[[1L]] < first), paste(tick(names(linked)[1L]), "is before", tick(column))
    ))
  )
}

exclude_way_out <- paste(
  "Correct these records at their source, or set `impossible = \"exclude\"` to exclude and count",
  "them by reason."
)

one_row_way_out <- paste(
  "`patients` must have one row per patient. Give tables with several rows per patient, such as",
  "lesions or operations, to `linked`."
)

too_long_way_out <- paste(
  "If times are in days, set `unit = \"days\"`. Set dates that stand for 'not known' to `NA`."
)

audit_rows <- function(item, kind = character(), table = character(), columns = character(),
                       n = integer(), text = character()) {
  n_rows <- length(text)
  data.frame(
    item = rep_len(item, n_rows), kind = rep_len(kind, n_rows), table = rep_len(table, n_rows),
    columns = rep_len(columns, n_rows), n = rep_len(n, n_rows), text = unname(text)
  )
}
