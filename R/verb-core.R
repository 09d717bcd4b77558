# What every verb hands to the core, and what the core refuses in the words of the user.

default_threads <- function() {
  limit <- suppressWarnings(as.integer(Sys.getenv("OMP_THREAD_LIMIT")))
  threads <- check_threads(getOption("lmsurv.threads", 2L), "options(lmsurv.threads)")
  if (is.na(limit)) threads else max(1L, min(threads, limit))
}

check_threads <- function(threads, name) {
  as.integer(check_number(threads, name, 1, whole = TRUE))
}

abort_core <- function(message, response, rows) {
  length <- response$time - response$entry
  at <- which(length <= tied_within(c(response$entry, response$time)))
  if (!length(at)) abort("core", paste0("The fit stopped: ", message, "."))
  abort(
    "time",
    paste0(
      "The start and the stop lie within rounding error of each other (",
      row_list(row_number(at[1L], rows)), ")."
    ),
    row_count(row_number(at, rows), length(length)),
    "Correct these times, or set `timefix = FALSE` to keep them apart."
  )
}

merged_note <- function(merged) {
  if (!merged) return(NULL)
  c(merged_times = paste0(
    count_of(merged, "time"), if (merged == 1L) " lies" else " lie",
    " within rounding error of the previous time, and ", if (merged == 1L) "counts" else "count",
    " as tied with it (`timefix`)."
  ))
}
