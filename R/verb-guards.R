# What the data of a verb say against its result as it stands, found at the door and kept with the
# result as counts: no row of the data is in them.

# late: rows of late_counts(); members: see late_members(); origin: the word for the start of the
# clock. NULL where nothing was found.
data_guards <- function(risk, settings) {
  counts <- if (identical(settings$weight_type, "frequency")) risk$response$weights
  found <- list(
    late = if (length(risk$dated)) late_counts(
      list(model = risk$frame, terms = risk$terms), risk$dated, risk$response, counts, risk$id
    ),
    members = risk$members
  )
  found$late <- beside_members(found$late, risk$members)
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

start_word <- function(origin) if (is.null(origin)) "the start" else origin

# A line for the foot of a print.
guard_line <- function(guards) {
  found <- guard_words(guards)
  if (length(found)) paste0("Caution: ", paste(found, collapse = "; "), ". See lms_check().")
}

guard_words <- function(guards) {
  c(if (!is.null(guards$late)) late_words(guards$late, guards$origin),
    if (!is.null(guards$members)) members_words(guards$members, guards$origin))
}

late_words <- function(late, origin) {
  n <- vapply(late$n, function(k) count_of(k, "patient"), "")
  paste0(tick(late$variable), " counts as known from ", origin, ", but becomes known later in ", n)
}

members_words <- function(members, origin) {
  paste0("all patients had to survive until ", members$word, " (median ",
         format_span(members$median), " after ", origin, ")")
}
