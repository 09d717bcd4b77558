# Units of time and their lengths.

days_in <- c(days = 1, weeks = 7, months = 365.25 / 12, years = 365.25)

# Those of cohorts and of lms_months(), the default first.
unit_days <- days_in[c("months", "years", "days")]

# " of 30.4375 days", to stand behind the unit; nothing behind days.
unit_length_words <- function(unit) {
  if (unit == "days") "" else paste(" of", format(days_in[[unit]], digits = 15L), "days")
}
