# Endpoints: a clock that starts at one date and stops at the first of others.

#' Define an endpoint of a cohort
#'
#' Adds a [survival::Surv()] column to a cohort: the time from one date to the
#' first of one or several events, with or without a competing event.
#'
#' @details
#' A column of dates (in a cohort without dates, of times since diagnosis) is an
#' event at that date, missing for patients to whom it never happened. A column of
#' a status, such as death of the disease, is an event at `otherwise`, the end of
#' follow-up, where it is `TRUE` or 1, or the second level of a factor such as
#' `"no"` and `"yes"`; make any other coding logical first. The role
#' `died` keeps the rule of the cohort.
#'
#' The clock stops at the first event, at a competing event, or at `otherwise`.
#' When the event and the competing one come on one day, the event counts; an
#' event after `otherwise` does not count. Patients without a date `from` are `NA`
#' (not applicable), and so are those who had the event before it, which a message
#' counts. A date after the last contact, in the future, or before the diagnosis
#' is an error as it is in [lms_cohort()].
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param name The name of the new column, a string.
#' @param from Role or column of the date at which the clock starts, bare or as a
#'   string; `diagnosis` is time zero also where times are numbers.
#' @param to One role or column, or several as `c(a, b)`: the event is the first.
#' @param otherwise Role or column of the date at which follow-up ends without
#'   an event.
#' @param competing Roles or columns of an event after which the event can no
#'   longer come, or `NULL`.
#' @param label What the endpoint is called in prints.
#' @return The cohort with the new column, which it knows as its endpoint.
#' @seealso [lms_cohort()] for the endpoints that are there from the start.
#' @examples
#' patients <- data.frame(
#'   id = 1:5, diagnosis = as.Date("2012-01-01") + c(0, 40, 90, 200, 380),
#'   last_contact = as.Date("2016-01-01") + c(30, -500, 900, 10, -700),
#'   died = c(TRUE, TRUE, FALSE, FALSE, TRUE),
#'   recurrence = as.Date(c("2013-05-01", NA, NA, "2014-02-01", NA)),
#'   of_disease = c(TRUE, FALSE, FALSE, FALSE, TRUE)
#' )
#' cohort <- lms_cohort(patients) |>
#'   lms_endpoint("disease_free", diagnosis, c(recurrence, died)) |>
#'   lms_endpoint("time_to_recurrence", diagnosis, recurrence, competing = died) |>
#'   lms_endpoint("disease_specific", diagnosis, of_disease)
#' cohort
#' lms_km(disease_free ~ 1, data = cohort)
#' @export
lms_endpoint <- function(cohort, name, from, to, otherwise = "last_contact", competing = NULL,
                         label = NULL) {
  env <- parent.frame()
  check_cohort(cohort)
  meta <- cohort_meta(cohort)
  absent <- c(name = missing(name), from = missing(from), to = missing(to))
  if (any(absent)) {
    abort("argument", paste0(tick(names(which(absent))[1L]), " is missing."),
          "Write `lms_endpoint(cohort, \"name\", from = diagnosis, to = died)`.")
  }
  check_new_name(name, cohort)
  column <- function(expr, argument) {
    cohort_columns(expr, argument, cohort, meta, env)
  }
  from <- one_column(column(substitute(from), "from"), "from")
  otherwise <- one_column(column(substitute(otherwise), "otherwise"), "otherwise")
  to <- column(substitute(to), "to")
  competing <- column(substitute(competing), "competing")
  data <- strip_cohort(cohort)
  times <- setdiff(c(from, otherwise), c(names(from)[is.na(from)], NA))
  read <- read_sources(data, meta, list(to = to, competing = competing), times)
  endpoint <- new_endpoint(
    if (is.null(label)) sentence(name) else label, names(from), unname(from), any_word(names(to)),
    read$sources$to, unname(otherwise), if (length(competing)) any_word(names(competing)),
    if (length(competing)) read$sources$competing
  )
  meta$endpoints[[name]] <- endpoint
  if (has_course(meta)) check_course(read$data, meta)
  read$data[[name]] <- build_endpoint(read$data, endpoint, meta)
  say_before(read$data, name, endpoint)
  restore_cohort(read$data, meta)
}

check_cohort <- function(cohort) {
  if (inherits(cohort, "lms_cohort")) return(invisible())
  abort("argument", paste0("`cohort` must be made by lms_cohort(), not ", describe(cohort), "."))
}

check_new_name <- function(name, cohort) {
  if (!is.character(name) || length(name) != 1L || is.na(name) || !nzchar(name)) {
    abort("argument", paste0("`name` must be a string, the name of the new column, not ",
                             describe(name), "."))
  }
  if (name %in% names(cohort)) {
    abort("column", paste0("`cohort` has a column ", tick(name), " already."),
          "Give the endpoint another name, or remove that column.")
  }
}

# A role, a column, or several as c(a, b) or strings. Answer: columns named by
# their words, NA for a diagnosis that is time zero.
cohort_columns <- function(expr, argument, data, meta, env) {
  known <- c(names(meta$roles), if (!meta$dates) "diagnosis", names(data))
  if (is.name(expr) && as.character(expr) %in% known) {
    names <- as.character(expr)
  } else if (is.call(expr) && identical(expr[[1L]], quote(c))) {
    parts <- as.list(expr)[-1L]
    found <- lapply(parts, cohort_columns, argument, data, meta, env)
    return(unlist(unname(found)))
  } else {
    names <- tryCatch(eval(expr, env), error = function(e) deparse_short(expr))
  }
  if (is.null(names)) return(NULL)
  unknown <- if (is.character(names)) setdiff(names, known) else deparse_short(expr)
  if (length(unknown)) {
    abort(
      "column", paste0(tick(argument), ": ", quoted(unknown[1L]),
                       " is neither a role nor a column of the cohort."),
      did_you_mean(unknown[1L], known)
    )
  }
  columns <- ifelse(names %in% names(meta$roles), meta$roles[names], names)
  columns[names == "diagnosis" & !columns %in% names(data)] <- NA
  role <- names(meta$roles)[match(columns, meta$roles)]
  words <- ifelse(is.na(role), gsub("_", " ", names), vapply(role, role_word, ""))
  stats::setNames(columns, words)
}

one_column <- function(columns, argument) {
  if (length(columns) == 1L) return(columns)
  abort("argument",
        paste0(tick(argument), " must be one role or column, not ", length(columns), "."))
}

any_word <- function(words) enumerate(words, "or")

# Columns of dates are read as such; what is no date is a status. columns: lists of
# columns by argument; times: columns that must be dates.
read_sources <- function(data, meta, columns, times) {
  dates <- meta$dates
  sources <- lapply(columns, function(set) {
    lapply(unname(set), function(column) {
      if (column %in% meta$roles[names(meta$roles) == "died"]) {
        return(event_source(column, meta$event$value))
      }
      x <- data[[column]]
      if (column %in% meta_times(meta) || !is_status(x, column, dates)) {
        times <<- c(times, column)
        return(event_source(column))
      }
      event_source(column, status_event(x, column))
    })
  })
  read <- read_time_columns(data, setdiff(times, NA), dates)
  list(data = read$data, sources = sources)
}

# Of a cohort without dates, a column of 0 and 1 only may be either.
is_status <- function(x, column, dates) {
  if (is.logical(x)) return(!all(is.na(x)))
  if (is_date(x) || dates && is.character(x)) return(FALSE)
  if (dates || !is.numeric(x)) return(TRUE)
  if (all(is.na(x)) || !all(x %in% c(0, 1, NA))) return(FALSE)
  abort(
    "event", paste0(tick(column), " is 0 or 1 in all rows: it may be a time or a status."),
    paste0("If 1 is the event, make it logical: `cohort$", column, " <- cohort$", column, " == 1`.")
  )
}

# The value that is the event, of TRUE and FALSE or of 0 and 1.
status_event <- function(x, column) {
  if (is.logical(x)) return(TRUE)
  if (is.numeric(x) && all(x %in% c(0, 1, NA)) && any(x == 1, na.rm = TRUE)) return(1)
  if (is.factor(x) && is_known_pair(levels(x), column)) return(levels(x)[2L])
  abort(
    "event", paste0(tick(column), " is neither a date nor a status of TRUE and FALSE or 0 and 1."),
    paste0("Make it TRUE for the event: `cohort$", column, " <- cohort$", column, " == ...`.")
  )
}

# Patients who had the event before the clock started.
say_before <- function(data, name, endpoint) {
  before <- sum(is.na(data[[name]]) & !is.na(start_of(data, endpoint)))
  if (before) {
    say("not_applicable", paste0(
      tick(name), ": ", count_of(before, "patient"), " had the event before the ", endpoint$origin,
      " or ", if (before == 1L) "has" else "have", " no known end, and ",
      if (before == 1L) "is" else "are", " not applicable (NA)."
    ))
  }
}

# An event happens at the date in a column, or, where the column is a status of
# which `value` is the event, at the end of follow-up. value: NULL for dates.
event_source <- function(column, value = NULL) list(column = column, value = value)

# origin, event, competing: words. from: column, or NA for time zero. to,
# competing_to: lists of event_source(). otherwise: column of the last contact.
new_endpoint <- function(label, origin, from, event, to, otherwise, competing = NULL,
                         competing_to = NULL) {
  list(
    label = label, origin = origin, from = from, event = event, to = to, otherwise = otherwise,
    competing = competing, competing_to = competing_to
  )
}

# Those of the paper, for which the roles are there. rule: that of the status.
role_endpoints <- function(roles, rule) {
  has <- function(...) all(c(...) %in% names(roles))
  date <- function(role) list(event_source(roles[[role]]))
  death <- list(event_source(roles[["died"]], rule$value))
  last <- roles[["last_contact"]]
  start <- if (has("diagnosis")) roles[["diagnosis"]] else NA_character_
  out <- list(os = new_endpoint("Overall survival", "diagnosis", start, "death", death, last))
  if (has("bone_metastasis")) {
    bone <- roles[["bone_metastasis"]]
    out$os_bone <- new_endpoint(
      "Survival after bone metastasis", "bone metastasis", bone, "death", death, last
    )
    out$time_to_bone <- new_endpoint(
      "Time to bone metastasis", "diagnosis", start, "bone metastasis", date("bone_metastasis"),
      last, "death", death
    )
  }
  if (has("first_surgery", "implant_failure")) {
    surgery <- roles[["first_surgery"]]
    failure <- date("implant_failure")
    out$implant_survival <- new_endpoint(
      "Implant survival", "first surgery", surgery, "implant failure or death",
      c(failure, death), last
    )
    out$time_to_failure <- new_endpoint(
      "Time to implant failure", "first surgery", surgery, "implant failure", failure, last,
      "death", death
    )
  }
  out
}

endpoint_columns <- function(endpoint) {
  sources <- vapply(c(endpoint$to, endpoint$competing_to), `[[`, "", "column")
  setdiff(unique(c(endpoint$from, sources, endpoint$otherwise)), NA)
}

# The columns of dates at which endpoints start or have their events.
endpoint_dates <- function(meta) {
  unlist(lapply(meta$endpoints, function(endpoint) {
    dates <- Filter(function(source) is.null(source$value), c(endpoint$to, endpoint$competing_to))
    setdiff(c(endpoint$from, vapply(dates, `[[`, "", "column")), NA)
  }), use.names = FALSE)
}

# Numbers on one scale: days since 1970, or times since diagnosis.
clock <- function(x) as.double(unclass(x))

# Length of the unit on that scale.
unit_length <- function(meta) {
  if (!meta$dates) return(1)
  unit_days[[meta$unit]]
}

# When the clock starts, by patient; NA where it never does.
start_of <- function(data, endpoint) {
  if (is.na(endpoint$from)) return(rep(0, nrow(data)))
  clock(data[[endpoint$from]])
}

# The first of the events, NA where there is none.
first_event <- function(data, sources, end) {
  times <- lapply(sources, function(source) {
    x <- data[[source$column]]
    if (is.null(source$value)) return(clock(x))
    happened <- is_event(x, source$value)
    ifelse(happened, end, NA)
  })
  do.call(pmin, c(times, list(na.rm = TRUE)))
}

# Which of the patients have no known status.
unknown_status <- function(data, sources) {
  Reduce(`|`, lapply(sources, function(source) {
    if (is.null(source$value)) logical(nrow(data)) else is.na(data[[source$column]])
  }))
}

# Where two come on one day, the event counts and not the competing one. NA for
# patients whose clock never starts, or who had the event before it did.
build_endpoint <- function(data, endpoint, meta) {
  start <- start_of(data, endpoint)
  end <- clock(data[[endpoint$otherwise]])
  event <- first_event(data, endpoint$to, end)
  other <- if (is.null(endpoint$competing)) NA else first_event(data, endpoint$competing_to, end)
  stop <- pmin(event, other, end, na.rm = TRUE)
  status <- ifelse(!is.na(event) & event <= stop, 1L, ifelse(!is.na(other) & other <= stop, 2L, 0L))
  status[unknown_status(data, c(endpoint$to, endpoint$competing_to))] <- NA
  stop[is.na(end)] <- NA
  time <- (stop - start) / unit_length(meta)
  time[stop < start] <- NA
  status[is.na(time)] <- NA
  if (is.null(endpoint$competing)) return(survival::Surv(time, status == 1L))
  states <- c("censored", endpoint$event, endpoint$competing)
  survival::Surv(time, factor(states[status + 1L], states))
}
