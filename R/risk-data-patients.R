# Rows of one patient, as `id` tells them: what is no patient's life is refused.

# id: vector or NULL; response, rows: see risk_data(). recurrent: whether events may recur.
# way_out: what to do about rows after the event.
# Answer: a note of the gaps between the rows of patients, or NULL. O(n log n) where a
# patient has several rows.
check_patients <- function(id, response, rows, recurrent, way_out) {
  if (is.null(id) || !anyDuplicated(id)) return(NULL)
  code <- match(id, id)
  near <- tied_within(response$time)
  if (!recurrent) refuse_after_event(code, response, rows, near, way_out)
  refuse_overlap(code, response, rows, near)
  gap_note(code, response, rows, near)
}

# Whether the events of a patient may recur: robust variances take the patients as clusters.
are_recurrent <- function(id, cluster) {
  !is.null(id) && !is.null(cluster) && identical(match(id, id), match(cluster, cluster))
}

refuse_after_event <- function(code, response, rows, near, way_out) {
  events <- which(response$status > 0L)
  events <- events[order(code[events], response$time[events])]
  first <- events[!duplicated(code[events])]
  end <- rep.int(Inf, length(code))
  end[code[first]] <- response$time[first]
  after <- response$time > end[code] + near
  after[setdiff(events, first)] <- TRUE
  refuse_patient_rows("A patient has a row after the event", which(after), rows,
                      length(code), way_out)
}

# In one stratum: a patient may be at risk of several kinds of event, each in a stratum of its own.
refuse_overlap <- function(code, response, rows, near) {
  stratum <- response$strata
  if (is.null(stratum)) stratum <- rep.int(1L, length(code))
  entry <- response$entry
  if (is.null(entry)) entry <- rep.int(-Inf, length(code))
  order <- order(code, stratum, response$time)
  after <- order[-1L]
  this <- order[-length(order)]
  same <- code[this] == code[after] & stratum[this] == stratum[after]
  over <- after[same & entry[after] < response$time[this] - near]
  refuse_patient_rows(
    "Two rows of one patient overlap in time", over, rows, length(code),
    paste("Give (start, stop] rows that do not overlap, or set `cluster` in place of `id` if the",
          "rows are not of one patient.")
  )
}

refuse_patient_rows <- function(what, at, rows, n, way_out) {
  if (!length(at)) return(invisible())
  at <- sort(at)
  abort("id", paste0(what, " (", row_list(row_number(at[1L], rows)), ")."),
        row_count(row_number(at, rows), n), way_out, fields = list(rows = row_number(at, rows)))
}

gap_note <- function(code, response, rows, near) {
  if (is.null(response$entry)) return(NULL)
  order <- order(code, response$time)
  after <- order[-1L]
  this <- order[-length(order)]
  gap <- after[code[this] == code[after] & response$entry[after] > response$time[this] + near]
  if (!length(gap)) return(NULL)
  patients <- length(unique(code[gap]))
  c(gaps = paste0(
    count_of(patients, "patient"), if (patients == 1L) " has" else " have",
    " a gap between two rows (before ", row_list(row_number(sort(gap), rows)),
    ") and ", if (patients == 1L) "is" else "are", " not at risk during it."
  ))
}
