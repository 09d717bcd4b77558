# Endpoints: a clock that starts at one date and stops at the first of others.

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

# Numbers on one scale: days since 1970, or times since diagnosis.
clock <- function(x) as.double(unclass(x))

# Length of the unit on that scale.
unit_length <- function(meta) {
  if (!"diagnosis" %in% names(meta$roles)) return(1)
  unit_days[[meta$unit]]
}

unit_days <- c(months = 365.25 / 12, years = 365.25, days = 1)

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

# Where two come on one day, the event counts and not the competing one.
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
  status[is.na(time)] <- NA
  if (is.null(endpoint$competing)) return(survival::Surv(time, status == 1L))
  states <- c("censored", endpoint$event, endpoint$competing)
  survival::Surv(time, factor(states[status + 1L], states))
}
