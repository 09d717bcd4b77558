# What a cohort tells an estimator: when the clock of the response starts, and
# when each covariate becomes known after that.

# rows: numbers of the rows in use, or NULL for all.
# Answer, or NULL where the data are no cohort:
#   origin  word for the start of the clock, such as "diagnosis"
#   dated   data frame, one row per row in use, one column per dated covariate of
#           the right side: the time from the origin until it is known, NA for
#           never, 0 or less for from the start; NULL where there is none
#   event, unit  words, where the response is an endpoint
#   members see late_members()
#   others  see censored_deaths()
#   notes   covariates whose date is no longer in the data
cohort_risk <- function(data, terms, rows) {
  meta <- cohort_meta(data)
  if (is.null(meta) || !is.data.frame(data)) return(NULL)
  refuse_role_dates(data, terms, meta)
  endpoint <- response_endpoint(terms[[2L]], meta)
  used <- dated_covariates(data, terms, meta)
  own <- course_note(terms[[2L]], meta)
  if (is.null(endpoint)) return(list(notes = c(own, clock_note(terms[[2L]], used, meta))))
  out <- list(notes = own, origin = endpoint$origin, event = endpoint$event, unit = meta$unit)
  out$members <- late_members(data, endpoint, meta, rows)
  out$others <- censored_deaths(data, endpoint, meta)
  column <- function(name) if (name %in% names(meta$dated)) meta$dated[[name]] else name
  lost <- used[!vapply(used, column, "") %in% names(data)]
  start <- if (is.na(endpoint$from) || endpoint$from %in% names(data)) start_of(data, endpoint)
  if (is.null(start)) lost <- used
  if (length(lost)) out$notes <- c(own, lost_note(lost, meta))
  used <- setdiff(used, lost)
  if (!length(used)) return(out)
  dated <- lapply(stats::setNames(nm = used), function(name) {
    time <- (clock(data[[column(name)]]) - start) / unit_length(meta)
    if (is.null(rows)) time else time[rows]
  })
  out$dated <- structure(
    dated, class = "data.frame", row.names = .set_row_names(length(dated[[1L]]))
  )
  out
}

# Rows to which the endpoint on the left side does not apply, such as survival from an event that
# never came; NULL where it is no endpoint.
outside_endpoint <- function(data, terms, rows) {
  meta <- cohort_meta(data)
  name <- if (is.name(terms[[2L]])) as.character(terms[[2L]])
  if (!isTRUE(name %in% names(meta$endpoints)) || !inherits(data, "lms_cohort")) return(NULL)
  outside <- not_applicable(data, name)
  if (is.null(rows)) outside else outside[rows]
}

right_names <- function(terms) {
  unique(unlist(lapply(as.list(attr(terms, "variables"))[-(1:2)], all.vars)))
}

# Covariates that are dated, and columns of dates themselves, as in !is.na(response_date).
dated_covariates <- function(data, terms, meta) {
  own <- right_names(terms)
  dates <- Filter(function(name) is_date(data[[name]]), setdiff(own, meta$roles))
  intersect(own, c(names(meta$dated), date_roles(meta), dates))
}

# Of all patients in use the date of an event is known, after the clock has started: who belongs to
# them is known from then on only. Answer: event, word, endpoint (the name of the one that starts
# there), n, median; NULL where there is none.
late_members <- function(data, endpoint, meta, rows) {
  start <- if (is.na(endpoint$from) || endpoint$from %in% names(data)) start_of(data, endpoint)
  if (is.null(start) || !length(meta$events)) return(NULL)
  used <- if (is.null(rows)) seq_len(nrow(data)) else rows
  found <- lapply(meta$events, function(event) {
    if (!event$column %in% names(data)) return(NULL)
    wait <- ((seen_dates(data, event$column, meta) - start) / unit_length(meta))[used]
    if (!length(wait) || anyNA(wait) || stats::median(wait) <= 0) return(NULL)
    from <- event$endpoints["os"]
    data.frame(event = event$name, word = event$word, endpoint = unname(from), n = sum(wait > 0),
               median = stats::median(wait), unit = meta$unit)
  })
  # The last to come, where several have happened to all.
  found <- do.call(rbind, unname(found))
  if (!is.null(found)) found[which.max(found$median), ]
}

# Deaths among the censored of an endpoint of the user's own, in the form of censored_events().
censored_deaths <- function(data, endpoint, meta) {
  died <- meta$roles[names(meta$roles) == "died"]
  last <- meta$roles[names(meta$roles) == "last_contact"]
  if (!isTRUE(endpoint$user) || endpoint$kind != "survival" || !length(died)) return(NULL)
  if (!identical(unname(last), endpoint$otherwise) || !all(c(died, last) %in% names(data))) {
    return(NULL)
  }
  status <- as.integer(endpoint_times(data[[endpoint$name]])$status)
  dead <- which(status == 0L & has_died(data, meta))
  if (!length(dead)) return(NULL)
  status[dead] <- 2L
  list(status = status, variable = unname(died), values = "death", events = endpoint$event,
       certain = TRUE, endpoint = endpoint$name)
}

# Dates that lie after time zero.
date_roles <- function(meta) {
  unique(unname(c(event_columns(meta), meta$dated)))
}

# The endpoint by its name; or that of a Surv() of the user's own whose clock starts
# at the diagnosis, because it reads the columns of the diagnosis and the last contact.
response_endpoint <- function(lhs, meta) {
  if (is.name(lhs)) return(meta$endpoints[[as.character(lhs)]])
  if (!is_surv_call(lhs)) return(NULL)
  clock <- meta$roles[intersect(c("diagnosis", "last_contact"), names(meta$roles))]
  if (!all(clock %in% all.vars(lhs)) || !"last_contact" %in% names(clock)) return(NULL)
  from <- if ("diagnosis" %in% names(clock)) clock[["diagnosis"]] else NA_character_
  list(origin = "diagnosis", from = from)
}

# The status of a cohort by its own rule, also where a filter has left one value of
# it; NULL where the status is another.
cohort_rule <- function(expr, x, data) {
  meta <- if (is.data.frame(data)) cohort_meta(data)
  if (is.null(meta$event) || !is.name(expr)) return(NULL)
  if (!as.character(expr) %in% meta$roles[names(meta$roles) == "died"]) return(NULL)
  if (!all(is.na(x) | x %in% meta$event$known)) return(NULL)
  list(status = as.integer(is_event(x, meta$event$value)), event = meta$event$words)
}

lost_note <- function(lost, meta) {
  c(undated = paste0(
    enumerate(tick(lost)), if (length(lost) == 1L) " is" else " are",
    " known only from a date that was removed from the data. Keep the column of that date, so ",
    "that immortal time can be checked."
  ))
}

# A Surv() of the user's own knows neither the entry nor the end of the study.
course_note <- function(lhs, meta) {
  if (!is_surv_call(lhs)) return(NULL)
  entry <- setdiff(entry_column(meta), all.vars(lhs))
  unused <- c(if (length(entry)) "entry", if (!is.null(meta$end)) "end")
  if (!length(unused)) return(NULL)
  c(entry = paste0(
    tick(deparse_short(lhs)), " does not use the ", enumerate(tick(unused)), " of the cohort. Use ",
    "an endpoint of the cohort, such as ", tick(names(meta$endpoints)[1L]), "."
  ))
}

# Times of the user's own: when their clock starts is not known.
clock_note <- function(lhs, used, meta) {
  if (!is_surv_call(lhs) || !length(used)) return(NULL)
  c(undated = paste0(
    enumerate(tick(used)), if (length(used) == 1L) " is" else " are",
    " known only from a later date, but the start of the clock of ",
    tick(deparse_short(lhs)), " is not known. Use an endpoint of the cohort",
    if (length(meta$endpoints)) paste0(", such as ", tick(names(meta$endpoints)[1L]), ","),
    " so that immortal time can be checked."
  ))
}

# A slope per day, and a missing value for all to whom it never happened.
refuse_role_dates <- function(data, terms, meta) {
  labels <- attr(terms, "term.labels")
  wrong <- intersect(labels, c(date_roles(meta), meta$roles[names(meta$roles) == "last_contact"]))
  if (!length(wrong)) return(invisible())
  column <- wrong[1L]
  if (column %in% meta$roles[names(meta$roles) == "last_contact"]) {
    abort("date_covariate", paste0(tick(column), " is the end of follow-up, not a covariate."),
          "Remove this column from the formula.")
  }
  event <- meta$events[[event_in(column, meta)]]
  abort(
    "date_covariate",
    paste0(tick(column), " is the date of an event, not a covariate: it is missing for patients ",
           "without the event."),
    if (!is.null(event$ever)) {
      paste0(tick(event$ever),
             " marks the patients with the event, but as if known at time zero.")
    },
    paste0(
      "Use `lms_time_split(cohort, at = \"", if (is.null(event)) column else event$name,
      "\")` for a time-dependent covariate."
    )
  )
}

# Of plain data: a slope per day is legal, but seldom meant.
date_note <- function(frame, terms) {
  dates <- Filter(function(i) is_date(frame[[i]]), covariate_columns(terms))
  if (!length(dates)) return(NULL)
  unit <- if (inherits(frame[[dates[1L]]], "POSIXt")) "second" else "day"
  c(date = paste0(
    enumerate(tick(names(frame)[dates])), if (length(dates) == 1L) " is a date" else " are dates",
    ": the hazard ratio is for one ", unit, " later. Patients without a date are excluded."
  ))
}
