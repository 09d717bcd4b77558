# Stata, SPSS and SAS files.

# Columns come as haven has them: what is missing is set in the numbers of the file, before labels
# take their place.
read_haven <- function(file, kind) {
  need_package("haven", paste(kind_words[[kind]], "files"))
  xpt <- tolower(tools::file_ext(file)) == "xpt"
  read <- switch(kind,
    stata = haven::read_dta,
    spss = function(file) haven::read_sav(file, user_na = TRUE),
    sas = if (xpt) haven::read_xpt else haven::read_sas
  )
  data <- tryCatch(as.data.frame(read(file)), error = function(e) {
    abort("file", paste0(quoted(basename(file)), " cannot be read as a file of ",
                         kind_words[[kind]], "."),
          "The file may be damaged or incomplete. Copy or download it again.")
  })
  if (!nrow(data)) abort("no_rows", paste0(quoted(basename(file)), " has no rows."))
  list(data = data)
}

# Columns of haven as R has them; others as they are. Answer: data, notes.
plain_haven <- function(data, partial) {
  kinds <- vapply(data, haven_kind, "")
  plain <- Map(function(x, kind, name) plain_column(x, kind, choice_for(partial, name)),
               data, kinds, names(data))
  extended <- vapply(data, function(x) is.double(x) && any(haven_tagged(x)), NA)
  declared <- vapply(data, function(x) {
    length(c(attr(x, "na_values"), attr(x, "na_range"))) > 0L
  }, NA)
  how <- function(what) names(data)[vapply(plain, function(x) what %in% x$how, NA)]
  out <- data
  for (i in seq_along(out)) {
    out[[i]] <- plain[[i]]$x
    attr(out[[i]], "label") <- attr(data[[i]], "label", exact = TRUE)
  }
  list(data = out, notes = c(
    named_note("labeled numbers, now factors with their labels: ", how("factor")),
    named_note("some values have no label, kept as numbers: ", how("number")),
    named_note("extended missing values (.a to .z), now NA: ", names(out)[extended]),
    named_note("missing values declared in the file, now NA: ", names(out)[declared]),
    named_note("labeled values in a column of dates, now NA: ", how("codes")),
    named_note("the time of day is removed: ", how("time")),
    named_note("years, kept as numbers (set `partial` to read them as dates): ", how("years")),
    named_note("times of day or durations, now seconds: ", how("seconds")),
    named_note("dates of a business calendar, kept as numbers: ", how("business"))
  ))
}

haven_tagged <- function(x) {
  if (!anyNA(x) || !requireNamespace("haven", quietly = TRUE)) return(FALSE)
  haven::is_tagged_na(x)
}

file_format <- function(x) {
  found <- c(attr(x, "format.stata"), attr(x, "format.spss"), attr(x, "format.sas"))
  if (length(found)) found[1L] else ""
}

# What a format makes of numbers: a kind of date, or "" for plain numbers and texts.
haven_kind <- function(x) {
  format <- file_format(x)
  stata <- sub("^%-?(t[a-zA-Z]|d).*$", "\\1", format)
  if (stata != format) {
    return(switch(stata,
      d = , td = "days", tc = , tC = "milliseconds", tw = "week", tm = "month", tq = "quarter",
      th = "half", ty = "year", tb = "business", ""
    ))
  }
  format <- gsub("[0-9.]+$", "", toupper(format))
  if (inherits(x, "difftime")) return("seconds")
  spss <- !is.null(attr(x, "format.spss"))
  if (spss && format %in% c("MOYR", "QYR", "WKYR")) {
    return(c(MOYR = "spss month", QYR = "spss quarter", WKYR = "spss date")[[format]])
  }
  if (spss && format %in% c("DATE", "ADATE", "EDATE", "SDATE", "JDATE")) return("spss date")
  if (spss && format %in% c("DATETIME", "YMDHMS")) return("spss time")
  sas_months <- c("MONYY", "YYMM", "MMYY", "YYMMD", "MMYYS")
  if (!spss && is.numeric(x) && !is_date(x) && format %in% sas_months) return("sas month")
  if (inherits(x, "POSIXt")) "milliseconds" else if (is_date(x)) "days" else ""
}

# The numbers of a file, in its own units, under the dates that haven makes of some; NULL for texts.
file_numbers <- function(x) {
  if (is.character(x) || is.factor(x) || is.logical(x)) return(NULL)
  numbers <- as.double(unclass(x))
  kind <- haven_kind(x)
  # haven counts from 1970 where it makes dates, of codes too, and leaves other formats as they are.
  below <- function(limit) !any(numbers > limit, na.rm = TRUE)
  if (kind == "spss date" && below(1e6)) return(round((numbers + spss_day_0) * 86400))
  if (kind == "spss time" && below(6e9)) return(numbers + spss_day_0 * 86400)
  if (inherits(x, "Date")) return(numbers + stata_day_0)
  if (inherits(x, "POSIXt")) return((numbers + stata_day_0 * 86400) * 1000)
  numbers
}

# Days from the first day of SPSS, 1582-10-14, and of Stata and SAS, 1960-01-01, to 1970-01-01.
spss_day_0 <- 141428
stata_day_0 <- 3653

# Answer: x without what haven attaches, how (words for the notes).
plain_column <- function(x, kind, partial) {
  if (kind == "") {
    if (!inherits(x, "haven_labelled")) return(list(x = without_tags(without_format(x)), how = ""))
    category <- labelled_factor(x)
    if (!is.null(category)) return(list(x = category, how = "factor"))
    return(list(x = labelled_values(x), how = "number"))
  }
  numbers <- labelled_values(structure(
    file_numbers(x), na_values = attr(x, "na_values"), na_range = attr(x, "na_range")
  ))
  codes <- !is.na(numbers) & numbers %in% attr(x, "labels")
  numbers[codes] <- NA
  read <- coded_dates(numbers, kind, partial)
  list(x = read$x, how = c(read$how, if (any(codes)) "codes"))
}

# Months, quarters, half-years and weeks are texts in a form that `read_dates()` knows. Answer: x,
# how.
coded_dates <- function(x, kind, partial) {
  date <- function(days) structure(floor(days), class = "Date")
  text <- function(form, per_year) {
    ifelse(is.na(x), NA, sprintf(form, 1960 + x %/% per_year, x %% per_year + 1))
  }
  of_day <- function(form) ifelse(is.na(x), NA, format(date(x), form))
  switch(kind,
    days = list(x = date(x - stata_day_0)),
    milliseconds = list(x = date(x / 86400000 - stata_day_0),
                        how = if (any(x %% 86400000 > 0, na.rm = TRUE)) "time"),
    week = list(x = text("%04.0f-w%02.0f", 52)),
    month = list(x = text("%04.0f-%02.0f", 12)),
    quarter = list(x = text("%04.0f-q%1.0f", 4)),
    half = list(x = text("%04.0f-h%1.0f", 2)),
    # A year of unknown month and day.
    year = if (is.null(partial)) {
      list(x = x, how = "years")
    } else {
      list(x = ifelse(is.na(x), NA, sprintf("%04.0f-00-00", x)))
    },
    business = list(x = x, how = "business"),
    seconds = list(x = x, how = "seconds"),
    "spss date" = list(x = date(x / 86400 - spss_day_0)),
    "spss time" = list(x = date(x / 86400 - spss_day_0),
                       how = if (any(x %% 86400 > 0, na.rm = TRUE)) "time"),
    "spss month" = list(x = spss_period(x, "%Y-%m")),
    "spss quarter" = list(x = spss_period(x, "quarter")),
    "sas month" = list(x = of_day("%Y-%m"))
  )
}

spss_period <- function(x, form) {
  days <- structure(floor(x / 86400) - spss_day_0, class = "Date")
  parts <- as.POSIXlt(days)
  out <- if (form == "quarter") {
    sprintf("%04d-q%d", parts$year + 1900L, parts$mon %/% 3L + 1L)
  } else {
    format(days, form)
  }
  ifelse(is.na(x), NA, out)
}

without_format <- function(x) if (inherits(x, "haven_labelled")) x else as.vector(x)

# The letter of an extended missing value hides in the NaN.
without_tags <- function(x) {
  x[is.na(x)] <- NA
  x
}
