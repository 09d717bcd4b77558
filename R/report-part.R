# A part of a report that may be without data.

# What the data do not allow is left out; other errors are faults, and stop.
tried <- function(expr) {
  tryCatch(suppressWarnings(quiet(expr)), lmsurv_error = function(e) NULL)
}

# Runs what may be without data; other errors are faults, and stop.
part_or_error <- function(expr) {
  missing <- function(otherwise) {
    function(e) {
      if (is.null(e$reason)) e$reason <- otherwise
      e
    }
  }
  tryCatch(
    suppressWarnings(quiet(expr), "lmsurv_warning"),
    lmsurv_error_no_events = missing("There are no events."),
    lmsurv_error_no_rows = missing("No patient has complete data for this part."),
    lmsurv_error_no_data = missing("The cohort has no data for this part."),
    lmsurv_error_min_cell = missing("Small counts could be found from this part.")
  )
}

# For what a section or a part of it cannot give: class "no_data" or "min_cell".
abort_part <- function(class, reason) abort(class, reason, fields = list(reason = reason))
