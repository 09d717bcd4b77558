# When the clock of an endpoint starts and stops, by patient.

# When the clock starts, by patient; NA where it never does.
start_of <- function(data, endpoint) {
  if (is.na(endpoint$from)) return(rep(0, nrow(data)))
  clock(data[[endpoint$from]])
}

# The first of the events, NA where there is none.
first_event <- function(data, sources, end) {
  times <- lapply(sources, function(source) {
    if (is.null(source$value)) return(clock(data[[source$column]]))
    ifelse(source_status(data, source), end, NA)
  })
  do.call(pmin, c(times, list(na.rm = TRUE)))
}

# Whether a status is the event; NA where it, or the cause of a death, is not known.
source_status <- function(data, source) {
  happened <- is_event(data[[source$column]], source$value)
  if (is.null(source$cause)) return(happened)
  happened & as_cause(data[[source$cause]]) %in% source$causes
}

# Patients of whom it is not known whether the event came at the end of follow-up.
unknown_status <- function(data, sources) {
  Reduce(`|`, lapply(sources, function(source) {
    if (is.null(source$value)) return(logical(nrow(data)))
    happened <- is_event(data[[source$column]], source$value)
    if (is.null(source$cause)) return(is.na(happened))
    is.na(happened) | happened & is.na(as_cause(data[[source$cause]]))
  }))
}

# By patient, on the clock of the dates: origin, entered (the origin or the later entry), stop,
# status (0, or which of the events), and reason, why there is none of these, NA where all is known:
#   never    the clock never starts: an event that did not come
#   before   the event, or the end of follow-up, came before the clock started
#   entry    it came before the patient's entry, or on that day
#   unknown  the status, the cause of death or the end of follow-up is missing
# Where two come on one day, the event counts and not the competing one.
endpoint_course <- function(data, endpoint, meta) {
  origin <- start_of(data, endpoint)
  last <- clock(data[[endpoint$otherwise]])
  end <- pmin(last, study_end(meta))
  dates <- lapply(c(list(endpoint$to), endpoint$competing_to), first_event, data = data,
                  end = last)
  stop <- do.call(pmin, c(dates, list(end, na.rm = TRUE)))
  status <- integer(nrow(data))
  for (k in rev(seq_along(dates))) status[which(dates[[k]] <= stop)] <- k
  entered <- pmax(origin, entry_of(data, endpoint$entry))
  # A status that is not known does not matter to those whose clock stopped before it counts.
  unknown <- unknown_status(data, endpoint_sources(endpoint)) & !(stop < last) %in% TRUE
  reason <- rep(NA_character_, nrow(data))
  reason[unknown | is.na(last)] <- "unknown"
  late <- which(entered > origin & stop >= origin)
  if (length(late)) reason[which(stop <= entered)] <- "entry"
  reason[which(stop < origin)] <- "before"
  reason[is.na(origin)] <- "never"
  status[unknown] <- NA
  stop[is.na(last)] <- NA
  list(origin = origin, entered = entered, stop = stop, status = status, reason = reason)
}

# (entry, stop] where patients enter late, else the time alone.
build_endpoint <- function(data, endpoint, meta) {
  course <- endpoint_course(data, endpoint, meta)
  gone <- course$reason %in% c("never", "before", "entry")
  time <- (course$stop - course$origin) / unit_length(meta)
  time[gone] <- NA
  status <- course$status
  status[is.na(time)] <- NA
  status <- coded_status(status, endpoint)
  entry <- (course$entered - course$origin) / unit_length(meta)
  if (!any(entry[!gone] > 0, na.rm = TRUE)) return(survival::Surv(time, status))
  entry[gone] <- NA
  survival::Surv(entry, time, status)
}

# Of 0, 1, ...: what Surv() takes.
coded_status <- function(status, endpoint) {
  if (is.null(endpoint$competing)) return(status == 1L)
  states <- c("censored", endpoint$event, endpoint$competing)
  factor(states[status + 1L], states)
}

# The columns of an endpoint, of right-censored and of (start, stop] data.
endpoint_times <- function(y) {
  y <- unclass(y)
  list(
    start = if ("start" %in% colnames(y)) as.vector(y[, "start"]) else double(nrow(y)),
    stop = as.vector(y[, ncol(y) - 1L]), status = as.vector(y[, "status"])
  )
}
