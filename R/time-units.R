# Units of time and their lengths.

days_in <- c(days = 1, weeks = 7, months = 365.25 / 12, years = 365.25)

# Those of cohorts and of lms_months(), the default first.
unit_days <- days_in[c("months", "years", "days")]

# " of 30.4375 days", to stand behind the unit; nothing behind days.
unit_length_words <- function(unit) {
  if (unit == "days") "" else paste(" of", format(days_in[[unit]], digits = 15L), "days")
}

# Decimals of a time that people read: days are whole.
unit_digits <- function(unit) if (unit == "days") 0L else 1L

# A time without its unit, written alike in sentences, findings and descriptions of figures.
time_number <- function(x, unit) {
  known <- length(unit) == 1L && unit %in% names(days_in)
  if (known) return(format_time(x, unit_digits(unit)))
  format(signif(x, 4L), big.mark = ",", trim = TRUE, scientific = FALSE)
}

time_with_unit <- function(x, unit) {
  paste(c(time_number(x, unit), if (length(unit) && !is.na(unit)) unit), collapse = " ")
}

# NR: not reached.
format_time <- function(x, digits) {
  text <- formatC(x, format = "f", digits = digits, big.mark = ",")
  least <- 10^-digits
  text <- ifelse(x > 0 & x < least / 2, paste0("<", formatC(least, format = "f", digits = digits)),
                 text)
  ifelse(is.na(x), "NR", text)
}

format_range <- function(lower, upper, digits) {
  text <- paste(format_time(lower, digits), "to", format_time(upper, digits))
  ifelse(is.na(lower) & is.na(upper), "NR", text)
}

# "2 years", "6 months", "1 week"; NULL where it is a whole number of none.
calendar_words <- function(years) {
  for (unit in c("years", "months", "weeks")) {
    n <- years * days_in[["years"]] / days_in[[unit]]
    if (abs(n - round(n)) < 1e-6) return(count_of(round(n), sub("s$", "", unit)))
  }
}

year_words <- function(years) {
  words <- calendar_words(years)
  if (is.null(words)) paste(format(signif(years, 3L)), "years") else words
}
