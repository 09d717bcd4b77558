# The section of the follow-up: how long patients were followed.

follow_up_section <- function() {
  new_section("follow_up", "Follow-up", makers(
    compute = function(cohort, context) list(os = quiet(lms_km(os ~ 1, data = cohort))),
    say = function(data, context) follow_up_words(data$os, context),
    methods = function(data, context) {
      "The median follow-up was estimated by the reverse Kaplan-Meier method."
    }
  ), counted = function(cohort) told(list(dead = died_in(cohort))))
}

follow_up_words <- function(os, context) {
  q <- follow_up(os)
  median <- q$quantile[, 2L]
  digits <- unit_digits(context$unit)
  # The longest is that of one patient.
  longest <- if (!context$min_cell) paste0(format_time(os$last, digits), " ", context$unit)
  if (is.na(median)) {
    return(paste0("The median follow-up cannot be estimated",
                  if (length(longest)) paste("; the longest is", longest), "."))
  }
  limits <- if (!is.null(q$lower)) paste0(
    " (", limit_words(os, q$lower[, 2L], q$upper[, 2L], digits), ")"
  )
  paste0("Patients were followed for a median of ", format_time(median, digits), " ", context$unit,
         limits, ", by the reverse Kaplan-Meier method",
         if (length(longest)) paste("; the longest follow-up is", longest), ".")
}
