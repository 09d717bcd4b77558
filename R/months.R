# Times from dates. What a message says of a date is its form and its row, never
# the date.

#' Compute the months between two dates
#'
#' `lms_months()` computes the time from one date to another, for anyone who has dates and needs
#' a number for `Surv(months, died)`. The result is in months of 365.25 / 12 = 30.4375 days, in
#' years of 365.25 days, or in days.
#'
#' @details
#' Dates are counted as calendar days. For a date-time ([POSIXct] or [POSIXlt]), the day that it
#' prints in its own time zone is used. The hour, summer time and different time zones therefore
#' do not create a part of a day. For exact hours, use the difference itself, `lms_months(to -
#' from)`.
#'
#' Text is accepted only in the form `YYYY-MM-DD`. Any other form is an error, because
#' `01/02/2020` is a day in January in some countries and in February in others. Three other
#' inputs are also errors, because they usually mean that dates were read wrongly:
#' * years with two digits;
#' * numbers (Excel, SAS, Stata and SPSS each count from a different day);
#' * years before 1000 or after 2500.
#'
#' A missing date gives `NA`. Empty text gives `NA` with a message. An end before its start is an
#' error. If both are on the same day, the result is 0. No message shows a date.
#'
#' @section What can be relied on:
#' * `lms_months(a, b) + lms_months(b, c)` is `lms_months(a, c)`.
#' * `unit = "years"` gives a twelfth of the months.
#' * The time zone of the session does not change the result for dates and text.
#'
#' @param from,to The dates at which the time starts and ends: of class [Date], [POSIXct] or
#'   [POSIXlt], or text in the form `YYYY-MM-DD`. One of them may be a single date that applies
#'   to all. `from` alone may be a [difftime], such as `death - diagnosis`.
#' @param unit The unit of the result: `"months"` (30.4375 days), `"years"` (365.25 days) or
#'   `"days"`.
#' @param ... Not used. Any name given here is an error.
#' @return A vector of numbers of 0 or more without names or other attributes, one per date. It
#'   is `NA` where a date is missing.
#' @examples
#' lms_months("2019-05-17", c("2020-05-17", "2024-05-17", NA))
#' diagnosis <- as.Date(c("2010-01-31", "2012-06-30"))
#' lms_months(diagnosis, as.Date("2020-12-31"), unit = "years")
#'
#' # dates in another form: convert them first
#' lms_months(as.Date("31/01/2010", "%d/%m/%Y"), "2020-12-31")
#' @export
lms_months <- function(from, to, unit = c("months", "years", "days"), ...) {
  refuse_dots("lms_months", c("from", "to", "unit"), dot_names(...))
  unit <- check_option(unit, "unit", names(unit_days))
  if (missing(from)) abort("argument", "`from` is missing.", "Give the start dates.")
  labels <- c(from = date_label(substitute(from), "from"))
  if (missing(to)) {
    days <- difference_days(from, labels[["from"]])
    at <- which(days < 0)
    if (length(at)) abort_backwards(at, length(days), "The difference is below 0")
  } else {
    labels[["to"]] <- date_label(substitute(to), "to")
    days <- days_between(from, to, labels)
  }
  days / unit_days[[unit]]
}

# A name or cohort$name as the user wrote it. Another expression may hold a date.
date_label <- function(expr, argument) {
  if (is.name(expr)) return(as.character(expr))
  column <- is.call(expr) && identical(expr[[1L]], quote(`$`)) && is.name(expr[[2L]])
  if (column) deparse_short(expr) else argument
}

days_between <- function(from, to, labels) {
  start <- as_days(from, labels[["from"]])
  end <- as_days(to, labels[["to"]])
  n <- max(length(start), length(end)) * (length(start) > 0L && length(end) > 0L)
  if (!all(c(length(start), length(end)) %in% c(1L, n))) {
    abort(
      "argument",
      paste0(
        tick(labels[["to"]]), " must have as many dates as ", tick(labels[["from"]]), " (",
        length(start), ") or a single one, not ", length(end), "."
      )
    )
  }
  days <- end - start
  at <- which(days < 0)
  if (length(at)) {
    abort_backwards(at, n, paste(tick(labels[["to"]]), "is before", tick(labels[["from"]])))
  }
  days
}

abort_backwards <- function(at, n, what) {
  abort(
    "time",
    paste0(what, " (row ", at[1L], ")."),
    row_count(at, n, 20L),
    "Correct these dates, or set both dates to NA if it is unclear which is wrong.",
    fields = list(rows = at)
  )
}

difference_days <- function(x, label) {
  if (inherits(x, "difftime")) {
    units(x) <- "days"
    days <- as.double(x)
    refuse_dates(is.infinite(days), label, "must be finite", way_out = "Correct these times.")
    return(days)
  }
  if (is_date(x) || is.character(x)) {
    abort("argument", "`to` is missing.", "Give the end dates: `lms_months(from, to)`.")
  }
  abort(
    "argument", paste0(tick(label), " must be dates, or the difference of two, not ",
                       describe_kind(x), "."),
    "Write `lms_months(from, to)` with two dates."
  )
}

is_date <- function(x) inherits(x, c("Date", "POSIXt"))

# Days since 1970-01-01 as whole numbers.
as_days <- function(x, label) {
  if (is.factor(x)) x <- as.character(x)
  if (is.logical(x) && all(is.na(x))) return(rep(NA_real_, length(x)))
  if (is.character(x)) return(text_days(x, label))
  if (!is_date(x)) refuse_no_date(x, label)
  x <- if (inherits(x, "POSIXt")) as.Date(as.POSIXlt(x)) else x
  days <- floor(as.double(unclass(x)))
  refuse_dates(is.infinite(days), label, "must be finite", way_out = "Correct these dates.")
  check_years(days, label)
  days
}

# The days on which the years 1000 and 2501 begin.
year_1000 <- -354285
year_2501 <- 193944

check_years <- function(days, label) {
  refuse_dates(
    days < year_1000, label, "must be in a year of four digits",
    way_out = c(
      "R may have guessed the format: `as.Date(\"31/01/2010\")` is in the year 31.",
      "Set the format: `as.Date(x, \"%d/%m/%Y\")`, or %y if years have two digits."
    )
  )
  refuse_dates(
    days >= year_2501, label, "must be in a year up to 2500",
    way_out = "Set dates that stand for 'not known' or 'never' to NA."
  )
}

refuse_dates <- function(wrong, label, must, way_out) {
  at <- which(wrong)
  if (!length(at)) return(invisible())
  abort(
    "date", paste0(tick(label), " ", must, " (row ", at[1L], ")."), row_count(at, length(wrong)),
    way_out, fields = list(rows = at)
  )
}

text_days <- function(x, label) {
  x <- trimws(x)
  empty <- which(x == "")
  if (length(empty)) {
    say("missing_date", paste0(
      tick(label), ": an empty text counts as missing (", count_of(length(empty), "row"), ")."
    ))
    x[empty] <- NA
  }
  at <- which(!is.na(x) & !grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", x))
  if (length(at)) {
    form <- text_form(x[at[1L]])
    abort(
      "date",
      paste0(
        tick(label), " must be dates written YYYY-MM-DD, not text of the form ", quoted(form),
        ", where 9 is any digit (row ", at[1L], ")."
      ),
      row_count(at, length(x)), form_way_out(form), fields = list(rows = at)
    )
  }
  days <- as.double(as.Date(x, "%Y-%m-%d"))
  refuse_dates(
    is.na(days) & !is.na(x), label, "must be a day of the calendar",
    way_out = "Write dates as YYYY-MM-DD, with months 01 to 12 and days that exist in the month."
  )
  check_years(days, label)
  days
}

# "17/05/2019" is "99/99/9999", "May 2019" is "aaa 9999".
text_form <- function(x) {
  x <- gsub("[[:alpha:]]", "a", gsub("[0-9]", "9", x))
  if (nchar(x) > 20L) paste0(substr(x, 1L, 17L), "...") else x
}

form_way_out <- function(form) {
  if (grepl("^9{1,2}[-/. ]9{1,2}[-/. ]9{4}$", form)) {
    sep <- substr(sub("^9+", "", form), 1L, 1L)
    return(paste0(
      "Set the order of day and month: `as.Date(x, \"", paste("%d", "%m", "%Y", sep = sep),
      "\")` for the day, `as.Date(x, \"", paste("%m", "%d", "%Y", sep = sep), "\")` for the month."
    ))
  }
  if (grepl("^9{1,2}[-/. ]9{1,2}[-/. ]9{2}$", form)) {
    return(paste(
      "The century is unclear. Set the format, such as `as.Date(x, \"%d/%m/%y\")`.",
      "R reads 00 to 68 as 2000 to 2068, so check the years afterwards."
    ))
  }
  if (grepl("^9{4}-99-99[aA ].*9", form)) {
    return("Remove the time of day: `as.Date(substr(x, 1, 10))`.")
  }
  if (form == "99999999") {
    return("Set the format: `as.Date(x, \"%Y%m%d\")`, if the year comes first.")
  }
  if (grepl("^9{4}[-/.]9{1,2}[-/.]9{1,2}$", form)) {
    written <- paste("%Y", "%m", "%d", sep = substr(form, 5, 5))
    return(paste0(
      "Set the format: `as.Date(x, \"", written, "\")`, if the month comes before the day."
    ))
  }
  if (form == "99999") return(serial_way_out)
  if (form == "9999") return(year_way_out)
  if (!grepl("9", form)) return("Set text that stands for 'not known' or 'never' to `NA`.")
  "Convert the text with `as.Date(x, format = )`; see ?strptime for the format."
}

year_way_out <-
  "A year is not a date. To use the middle of the year: `as.Date(paste0(x, \"-07-01\"))`."

serial_way_out <- paste(
  "Numbers of days need an origin: `as.Date(x, origin = \"1899-12-30\")` for Excel,",
  "\"1960-01-01\" for Stata and SAS, \"1970-01-01\" for R."
)

refuse_no_date <- function(x, label) {
  if (inherits(x, "difftime")) {
    abort(
      "argument", paste0(tick(label), " is the difference of two dates, not a date."),
      "Give only the difference: `lms_months(death - diagnosis)`."
    )
  }
  abort(
    "argument", paste0(tick(label), " must be dates, not ", describe_kind(x), "."),
    if (is.numeric(x)) numeric_way_out(x)
  )
}

# As describe(), but without the value, which may be a date.
describe_kind <- function(x) {
  if (inherits(x, "haven_labelled")) return("labeled numbers")
  if (is.object(x)) return(describe(x))
  if (is.numeric(x)) "numbers" else if (is.logical(x)) "TRUE or FALSE" else describe(x)
}

# haven keeps the format that the number had in the file.
numeric_way_out <- function(x) {
  format <- c(attr(x, "format.stata"), attr(x, "format.sas"), attr(x, "format.spss"))
  if (!is.null(attr(x, "format.spss")) || any(x > 1e9, na.rm = TRUE)) {
    return(paste(
      "Numbers of seconds need an origin: `as.POSIXct(x, origin = \"1582-10-14\",",
      "tz = \"UTC\")` for SPSS, \"1960-01-01\" for SAS, \"1970-01-01\" for R."
    ))
  }
  between <- function(low, high) {
    all(x >= low & x <= high, na.rm = TRUE) && !all(is.na(x))
  }
  if (between(19000101, 25001231)) {
    return("Set the format: `as.Date(as.character(x), \"%Y%m%d\")`, if the year comes first.")
  }
  if (between(1900, 2100)) return(year_way_out)
  if (length(format)) return("Stata and SAS count days: `as.Date(x, origin = \"1960-01-01\")`.")
  serial_way_out
}
