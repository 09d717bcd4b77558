# What the data of a verb say against its result as it stands, found at the door and kept with the
# result as counts: no row of the data is in them.

# Answer, NULL where nothing was found: late, rows of late_counts(); members, see late_members();
# others, see competing_counts(); repeated and copied, see verb-repeats.R; cuts, entry and era, see
# covariate_guards(); origin, the word for the start of the clock. outcome, data: see risk_data().
data_guards <- function(risk, settings, outcome, data) {
  frequency <- identical(settings$weight_type, "frequency")
  counts <- if (frequency) risk$response$weights
  found <- list(
    late = if (length(risk$dated)) late_counts(
      list(model = risk$frame, terms = risk$terms), risk$dated, risk$response, counts, risk$id
    ),
    members = risk$members,
    others = if (!is.null(risk$others)) competing_counts(
      risk, frequency, outcome == "curve"
    ),
    copied = if (!frequency) copied_rows(data, risk)
  )
  found$late <- beside_members(found$late, risk$members)
  if (!frequency) found$repeated <- repeated_patients(data, risk)
  # Copies of rows bear the patient's number twice.
  if (isTRUE(found$copied$n == found$repeated$n - found$repeated$patients)) found$repeated <- NULL
  if (outcome == "event") found <- c(found, covariate_guards(data, risk))
  found <- found[lengths(found) > 0L]
  if (length(found)) c(found, list(origin = start_word(risk$origin)))
}

# Without what is known from the event that all patients have had: with the clock started there, it
# is known from the start.
beside_members <- function(late, members) {
  if (is.null(late) || is.null(members)) return(late)
  same <- late$kind == "enter" & late$n == members$n & late$median == members$median
  if (!all(same)) late[!same, ]
}

start_word <- function(origin) if (is.null(origin)) "time zero" else origin

# What other events there are among the censored, and of curves what 1 - Kaplan-Meier and the
# cumulative incidence say at the last time of an event at which enough are at risk.
competing_counts <- function(risk, frequency, curves) {
  others <- risk$others
  w <- if (frequency) risk$response$weights else rep(1, length(others$status))
  found <- others[setdiff(names(others), "status")]
  found$n <- sum(w[others$status %in% 2L])
  found$n_events <- sum(w[others$status %in% 1L])
  found$n_total <- sum(w)
  if (curves && others$certain && found$n_events > 0) {
    found$read <- two_incidences(risk, frequency)
  }
  found
}

# Of all groups together.
two_incidences <- function(risk, frequency) {
  response <- risk$response
  response$status <- risk$others$status
  response["strata"] <- list(NULL)
  if (length(response$time) > 1e5) response <- coarser_times(response)
  core <- core_cumulative_incidence(response, 2L, NULL, list(
    frequency = frequency, gray = NULL, timefix = TRUE, variance = "aalen",
    states = c("(s0)", "event", "other"), hazards = c("1.2", "1.3"), conf_type = "none",
    z = stats::qnorm(0.975), threads = default_threads()
  ))
  at_risk <- core$n.risk[, 1L]
  most <- max(at_risk)
  enough <- which(core$n.event[, 2L] > 0 & at_risk >= min(most, max(10, min(50, 0.1 * most))))
  if (!length(enough)) return(NULL)
  at <- max(enough)
  step <- seq_len(at)
  list(time = core$time[at], km = 1 - prod((1 - core$n.event[, 2L] / at_risk)[step]),
       cuminc = core$pstate[at, 2L])
}

# At most 10,000 different times, of which curves of a million rows are made at once.
coarser_times <- function(response) {
  width <- max(response$time) / 1e4
  response$time <- ceiling(response$time / width) * width
  if (!is.null(response$entry)) {
    response$entry <- pmin((ceiling(response$entry / width) - 1) * width, response$time - width / 2)
  }
  response
}

# Whether the incidence read from the curve is too high by more than a fifth and two percentage
# points (2), by so much that it shows in print (1), or less.
overstated <- function(read) {
  if (is.null(read)) return(NA_integer_)
  by <- c(read$km - read$cuminc, read$km / read$cuminc - 1)
  sum(all(by > c(0.02, 0.2)), all(by > c(0.01, 0.05)))
}

# A line for the foot of a print. curves: whether it is of curves, from which an incidence is read.
guard_line <- function(guards, curves = TRUE) {
  found <- c(guard_words(guards), if (curves) competing_words(guards$others))
  if (length(found)) paste0("Caution: ", paste(found, collapse = "; "), ". See lms_check().")
}

guard_words <- function(guards) {
  c(if (!is.null(guards$late)) late_words(guards$late, guards$origin),
    if (!is.null(guards$members)) members_words(guards$members, guards$origin),
    if (!is.null(guards$repeated)) repeated_words(guards$repeated),
    if (!is.null(guards$copied)) copied_words(guards$copied))
}

competing_words <- function(others) {
  if (is.null(others) || overstated(others$read) %in% 0L) return(NULL)
  read <- others$read
  what <- paste0(count_of(others$n, "patient"), " with another event (", tick(others$variable),
                 ") count as censored")
  if (is.null(read)) return(paste0(what, "; 1 - Kaplan-Meier may overstate the incidence"))
  paste0(what, "; 1 - Kaplan-Meier overstates the incidence (",
         format_percent(read$km, 1L), " beside ", format_percent(read$cuminc, 1L), " at ",
         format(signif(read$time, 4L), big.mark = ","), ")")
}

late_words <- function(late, origin) {
  n <- vapply(late$n, function(k) count_of(k, "patient"), "")
  paste0(tick(late$variable), " counts as known from ", origin, ", but becomes known later in ", n)
}

repeated_words <- function(repeated) {
  n <- repeated$shared
  paste0(count_of(n, "patient"), if (n == 1L) " has" else " have", " several rows (",
         tick(repeated$variable), "), which count as independent")
}

copied_words <- function(copied) {
  paste(count_of(copied$n, "row"), if (copied$n == 1L) "is a copy" else "are copies",
        "of other rows")
}

members_words <- function(members, origin) {
  paste0("all patients had to survive until ", members$word, " (median ",
         time_with_unit(members$median, members$unit), " after ", origin, ")")
}
