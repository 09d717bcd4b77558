# Endpoints: a clock that starts at one date and stops at the first of others.

#' Define an endpoint of a cohort
#'
#' `lms_endpoint()` adds an endpoint, such as disease-free survival, to a cohort. It is for
#' anyone who needs an endpoint beyond those that [lms_cohort()] makes. The endpoint is a
#' [survival::Surv()] column: the time from one date to the first of one or several events, with
#' or without a competing event.
#'
#' @details
#' The events are columns of two kinds:
#' * A column of dates is an event on that date, and `NA` for patients without the event. In a
#'   cohort without dates, it is a column of times since diagnosis.
#' * A column of a status, such as death from the disease, is an event at `otherwise` (the end of
#'   follow-up). The event is `TRUE` or 1, or the second level of a factor such as `"no"` and
#'   `"yes"`. Convert any other coding to logical first. For the role `died`, the rule of the
#'   cohort applies.
#'
#' The clock stops at the first event, at a competing event, or at `otherwise`. If the event and
#' the competing event are on the same day, the event counts. An event after `otherwise` does not
#' count. Patients without a date `from` are `NA` (not applicable). So are patients who had the
#' event before it, and a message counts them.
#'
#' In a cohort with an `entry`, patients are at risk from that day on, and with an `end`, up to
#' that day. This is the same for all endpoints of [lms_cohort()]. A date after the last contact,
#' in the future, or before the diagnosis is an error, as in [lms_cohort()].
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param name The name of the new column, a string.
#' @param from The role, event or column of the date at which the clock starts, bare or as a
#'   string. `diagnosis` is time zero, also if times are numbers.
#' @param to The role, event or column that is the event. Give several as `c(a, b)`: the first of
#'   them to happen is the event.
#' @param otherwise The role or column of the date at which follow-up ends if there is no event.
#' @param competing The roles, events or columns that make the event impossible, or `NULL`.
#' @param label The name of the endpoint in text.
#' @param cause One or more causes of death (strings) that are events, if `to` contains `died`
#'   and the cohort has a column `cause`. Deaths from other causes are censored, or are competing
#'   events with `competing = died`. A death of unknown cause is `NA`.
#' @return The cohort with the new column, which is registered as an endpoint.
#' @seealso [lms_cohort()] for the endpoints that every cohort has.
#' @examples
#' # sarcoma: survival without bone metastasis
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' cohort <- lms_endpoint(cohort, "bone_free", diagnosis, c(bone_metastasis, died))
#' lms_km(bone_free ~ 1, data = cohort)
#'
#' # recurrence, with death as a competing event, and death from the disease
#' patients <- data.frame(
#'   id = 1:5, diagnosis = as.Date("2012-01-01") + c(0, 40, 90, 200, 380),
#'   last_contact = as.Date("2016-01-01") + c(30, -500, 900, 10, -700),
#'   died = c(TRUE, TRUE, FALSE, FALSE, TRUE),
#'   recurrence = as.Date(c("2013-05-01", NA, NA, "2014-02-01", NA)),
#'   of_disease = c(TRUE, FALSE, FALSE, FALSE, TRUE)
#' )
#' lms_cohort(patients) |>
#'   lms_endpoint("time_to_recurrence", diagnosis, recurrence, competing = died) |>
#'   lms_endpoint("disease_specific", diagnosis, of_disease)
#' @export
lms_endpoint <- function(cohort, name, from, to, otherwise = "last_contact", competing = NULL,
                         label = NULL, cause = NULL) {
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
  if (!is.null(cause)) {
    names(to) <- cause_words(to, check_cause(cause, meta), meta)
    if (!is.null(competing)) {
      names(competing)[are_deaths(competing, meta)] <- "death from other causes"
    }
  }
  data <- strip_cohort(cohort)
  times <- setdiff(c(from, otherwise), c(names(from)[is.na(from)], NA))
  read <- read_sources(data, meta, list(to = to, competing = competing), times)
  endpoint <- new_endpoint(
    name, if (is.null(label)) sentence(name) else label, names(from), unname(from),
    any_word(names(to)), of_causes(read$sources$to, cause, meta), unname(otherwise),
    if (length(competing)) any_word(names(competing)),
    if (length(competing)) list(read$sources$competing),
    applies = unlist(Filter(Negate(is.na), event_in(from, meta))), user = TRUE,
    entry = entry_column(meta)
  )
  meta$endpoints[[name]] <- endpoint
  if (has_course(meta)) check_course(read$data, meta)
  read$data[[name]] <- build_endpoint(read$data, endpoint, meta)
  say_before(read$data, endpoint, meta)
  restore_cohort(read$data, meta)
}

# Death, where it is among the events, as "death from cancer".
cause_words <- function(to, cause, meta) {
  died <- are_deaths(to, meta)
  if (!any(died)) {
    abort("argument", "`cause` needs deaths: `to` must include `died`.",
          "Write `lms_endpoint(cohort, \"css\", diagnosis, died, cause = \"cancer\")`.")
  }
  words <- names(to)
  words[died] <- paste("death from", any_word(first_lower(cause)))
  words
}

are_deaths <- function(columns, meta) columns %in% meta$roles[names(meta$roles) == "died"]

# Of deaths, those of the causes alone.
of_causes <- function(sources, cause, meta) {
  if (is.null(cause)) return(sources)
  lapply(sources, function(source) {
    if (!are_deaths(source$column, meta)) return(source)
    event_source(source$column, source$value, meta$roles[["cause"]], cause)
  })
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
          "Give the endpoint another name, or remove this column.")
  }
}

# A role, a column, or several as c(a, b) or strings. Answer: columns named by
# their words, NA for a diagnosis that is time zero.
cohort_columns <- function(expr, argument, data, meta, env) {
  named <- named_columns(meta)
  known <- c(names(named), if (!meta$dates) "diagnosis", names(data))
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
  columns <- ifelse(names %in% names(named), named[names], names)
  columns[names == "diagnosis" & !columns %in% names(data)] <- NA
  stats::setNames(columns, cohort_words(columns, names, meta))
}

# What sentences call a column: "death", "bone metastasis".
cohort_words <- function(columns, names, meta) {
  role <- names(meta$roles)[match(columns, meta$roles)]
  event <- event_in(columns, meta)
  vapply(seq_along(columns), function(i) {
    if (!is.na(event[i])) return(meta$events[[event[i]]]$word)
    if (is.na(role[i])) gsub("_", " ", names[i]) else role_word(role[i])
  }, "")
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
    "event", paste0(tick(column), " is 0 or 1 in all rows, so it may be a time or a status."),
    paste0("If 1 is the event, convert it: `cohort$", column, " <- cohort$", column, " == 1`.")
  )
}

# The value that is the event, of TRUE and FALSE or of 0 and 1.
status_event <- function(x, column) {
  if (is.logical(x)) return(TRUE)
  if (is.numeric(x) && all(x %in% c(0, 1, NA)) && any(x == 1, na.rm = TRUE)) return(1)
  if (is.factor(x) && is_known_pair(levels(x), column)) return(levels(x)[2L])
  abort(
    "event", paste0(tick(column), " is neither a date nor a status of TRUE and FALSE or 0 and 1."),
    paste0("Set it to TRUE for the event: `cohort$", column, " <- cohort$", column, " == ...`.")
  )
}

# Patients who had the event before the clock started.
say_before <- function(data, endpoint, meta) {
  reason <- endpoint_course(data, endpoint, meta)$reason
  before <- sum(reason %in% "before")
  if (before) {
    say("not_applicable", paste0(
      tick(endpoint$name), ": ", count_of(before, "patient"), " had the event before the ",
      endpoint$origin, if (before == 1L) " and is" else " and are", " not applicable (NA)."
    ))
  }
}
