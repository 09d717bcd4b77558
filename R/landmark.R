#' Prepare a landmark analysis
#'
#' `lms_landmark()` selects the patients who are event-free and still followed at a landmark,
#' such as 12 months after diagnosis. It is for anyone who compares patients by something that
#' happens after diagnosis, such as response or metastasis. Groups are defined by what is known
#' at the landmark, and time starts again there. Only events after the landmark are compared, so
#' there is no immortal time bias (Anderson, Cain and Gelber 1983).
#'
#' @details
#' Patients still event-free and followed at the landmark are kept. Patients with an event, a
#' competing event or the end of follow-up up to the landmark, or on it, are excluded. A message
#' counts them. Report these numbers: the result applies only to patients who reach the landmark.
#'
#' Covariates that the cohort treats as dated (`ever_` columns and `known_from`) have the value
#' that was known at the landmark. If the date is at or before the landmark, this is the
#' patient's own value. Otherwise it is the value of patients without the event. Dates after the
#' landmark are `NA`.
#'
#' Patients who enter the cohort after the landmark (`entry` of [lms_cohort()]) are at risk from
#' their entry on. Their group is defined by what was known at the landmark.
#'
#' With `clock = "restart"`, time is counted from the landmark, and `lms_km()` gives survival
#' from there. With `clock = "keep"`, the response is `(landmark, time]`, and times are still
#' counted from the start of the endpoint. A Cox model stratified by landmark has the same
#' coefficients with both.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param months One or more landmarks, in months (of 30.4375 days) after the start of the
#'   endpoint. They are in months whatever the unit of the cohort.
#' @param endpoint The endpoint of the cohort to analyze, bare or as a string.
#' @param clock `"restart"` to count time from the landmark, `"keep"` to count it from the start
#'   of the endpoint.
#' @return A data frame (a tibble if the cohort is one) with one row per patient and landmark. It
#'   has the columns of the cohort, `landmark` (a factor, in months), and the endpoint. Its print
#'   counts rows, patients, events and time at each landmark; `as.data.frame()` shows the rows.
#' @references
#' Anderson JR, Cain KC, Gelber RD (1983). Analysis of survival by tumor response. *Journal of
#' Clinical Oncology* 1, 710-719. \doi{10.1200/JCO.1983.1.11.710}
#' @seealso [lms_time_split()], which uses the whole follow-up.
#' @examples
#' # sarcoma: survival from 12 months on, by bone metastasis known at 12 months
#' cohort <- lms_cohort(lms_read(system.file("extdata", "cohort.csv", package = "lmsurv")))
#' at_12 <- lms_landmark(cohort, months = 12)
#' at_12
#' lms_km(os ~ ever_bone_metastasis, data = at_12)
#' @export
lms_landmark <- function(cohort, months, endpoint = "os", clock = c("restart", "keep")) {
  check_cohort(cohort)
  meta <- cohort_meta(cohort)
  name <- endpoint_name(substitute(endpoint), meta, parent.frame())
  check_landmarks(if (!missing(months)) months)
  clock <- check_option(clock, "clock", c("restart", "keep"))
  months <- sort(unique(months))
  check_free(cohort, "landmark")
  # Responses of several landmarks are of one kind.
  first <- months[1L] * unit_days[["months"]] / unit_days[[meta$unit]]
  late <- any(endpoint_times(cohort[[name]])$start > first, na.rm = TRUE)
  parts <- lapply(months, function(at) {
    landmark_rows(plain_table(cohort), at, name, meta, clock, late)
  })
  lines <- unlist(lapply(parts, `[[`, "said"))
  say("landmark", lines)
  rows <- lapply(parts, `[[`, "data")
  y <- lapply(parts, `[[`, "response")
  out <- do.call(rbind, rows)
  out <- restore_labels(out, cohort)
  out$landmark <- factor(out$landmark, months)
  out[[name]] <- do.call(rbind_surv, y)
  row.names(out) <- NULL
  as_cohort_rows(out, landmark_meta(meta, name, clock))
}

# Nothing is dated any more; but event and unit are known.
landmark_meta <- function(meta, name, clock) {
  meta$endpoints <- meta$endpoints[name]
  if (clock == "restart") meta$endpoints[[name]]$origin <- "landmark"
  meta$endpoints[[name]]["from"] <- NA_character_
  meta$dated <- character()
  meta$roles <- meta$roles["id"]
  meta[c("events", "linked", "audit")] <- NULL
  c(meta, list(
    made = if (clock == "restart") {
      "patients at risk at each landmark, where the clock restarts."
    } else {
      "patients at risk at each landmark, followed from the landmark."
    },
    name = name, by = "landmark", periods = FALSE
  ))
}

check_landmarks <- function(months) {
  if (is.numeric(months) && length(months) && all(is.finite(months)) && all(months >= 0)) {
    return(invisible())
  }
  abort("argument", paste0("`months` must be numbers of 0 or more, not ", describe(months), "."),
        "Set the months: `lms_landmark(cohort, months = c(6, 12))`.")
}

# at: in months. late: whether patients enter after a landmark.
landmark_rows <- function(data, at, name, meta, clock, late) {
  endpoint <- meta$endpoints[[name]]
  landmark <- at * unit_days[["months"]] / unit_days[[meta$unit]]
  y <- endpoint_times(data[[name]])
  known <- !is.na(y$stop) & !is.na(y$status)
  kept <- which(known & y$stop > landmark)
  if (!length(kept)) abort_landmark(at, max(-Inf, y$stop[known]), name, meta)
  gone <- y$status[known & y$stop <= landmark]
  start <- start_of(data, endpoint)
  data <- as_known(data, start + landmark * unit_length(meta), meta)
  out <- data[kept, setdiff(names(data), names(meta$endpoints)), drop = FALSE]
  out$landmark <- rep(at, length(kept))
  entering <- sum(y$start[kept] > landmark)
  said <- paste0(
    "At ", format_value(at), " months: ", count_of(length(kept), "patient"), " at risk",
    if (entering) paste0(" (", format_count(entering), " from a later entry)"),
    "; excluded: ", format_count(sum(gone == 1)), " with the event",
    if (!is.null(endpoint$competing)) {
      paste0(", ", format_count(sum(gone > 1)), " with ", any_word(endpoint$competing))
    }, ", ", format_count(sum(gone == 0)), " censored",
    if (any(!known)) paste0(", ", format_count(sum(!known)), " not applicable"), "."
  )
  response <- landmark_response(lapply(y, `[`, kept), landmark, endpoint, clock, late)
  list(data = out, response = response, said = said)
}

abort_landmark <- function(at, last, name, meta) {
  abort(
    "argument", paste0("No patient is at risk at ", format_value(at), " months (`months`)."),
    if (is.finite(last)) {
      paste0("The longest ", tick(name), " is ", time_with_unit(last, meta$unit), ".")
    }
  )
}

# A name that a result gives to a column of its own.
check_free <- function(data, names) {
  taken <- intersect(names, names(data))
  if (!length(taken)) return(invisible())
  abort(
    "column",
    paste0("`cohort` has a column ", tick(taken[1L]), ", a name that the result needs."),
    "Rename this column first."
  )
}

# Patients who enter after the landmark are at risk from their entry on.
landmark_response <- function(y, landmark, endpoint, clock, late) {
  start <- pmax(y$start, landmark)
  status <- coded_status(y$status, endpoint)
  if (clock == "keep") return(survival::Surv(start, y$stop, status))
  if (!late) return(survival::Surv(y$stop - landmark, status))
  survival::Surv(start - landmark, y$stop - landmark, status)
}

# The covariates as they were known on a day, one per patient.
as_known <- function(data, day, meta) {
  for (covariate in names(meta$dated)) {
    date <- meta$dated[[covariate]]
    if (!date %in% names(data)) check_date_left(covariate, meta, data)
    on <- !is.na(data[[date]]) & !is.na(day) & clock(data[[date]]) <= day
    x <- data[[covariate]]
    known <- quiet(values_until(x, is.na(data[[date]]), on, covariate))
    data[[covariate]] <- with_label(known, x)
  }
  for (date in intersect(date_roles(meta), names(data))) {
    data[[date]][which(clock(data[[date]]) > day)] <- NA
  }
  data
}

# Responses of one kind under each other.
rbind_surv <- function(...) {
  parts <- list(...)
  structure(
    do.call(rbind, lapply(parts, unclass)), type = attr(parts[[1L]], "type"),
    states = attr(parts[[1L]], "states"), class = "Surv"
  )
}
