# Dates as people write them. A form that can be read in two ways is refused.

date_forms <- c("dmy", "mdy", "ymd", "excel", "text")

check_dates_argument <- function(dates, data) {
  if (is.null(dates)) return(invisible())
  for (form in as.list(dates)) check_choice(form, "dates", date_forms)
  if (is.null(names(dates)) && length(dates) > 1L) {
    abort("argument", "`dates` must be one form, or a form by column.",
          "Such as `dates = c(diagnosis = \"dmy\", last_contact = \"ymd\")`.")
  }
  check_columns_named(names(dates), data, "dates")
}

# The form that the user gave for a column, or NULL.
date_form <- function(dates, name) {
  if (is.null(dates)) return(NULL)
  if (is.null(names(dates))) return(structure(tolower(dates), general = TRUE))
  if (name %in% names(dates)) tolower(dates[[name]])
}

month_form <- paste0(
  "^([0-9]{1,2})[-/. ]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-/. ,]*([0-9]{4})$"
)
year_form <- "^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$"
year_last_form <- "^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$"
short_form <- gsub("{4}", "{2}", paste0(month_form, "|", year_last_form), fixed = TRUE)

# Answer: x, kind; or NULL where the column holds no dates.
read_dates <- function(x, name, form) {
  bare <- tolower(sub("[ T]+[0-9]{1,2}:[0-9]{2}.*$", "", x))
  given <- !is.na(bare)
  found <- vapply(
    c(ymd = year_form, last = year_last_form, month = month_form, short = short_form),
    function(pattern) grepl(pattern, bare), logical(length(bare))
  )
  found <- matrix(found, length(bare), dimnames = list(NULL, c("ymd", "last", "month", "short")))
  if (identical(form, "excel")) {
    return(list(x = excel_dates(bare, name), kind = "Excel's numbers of days, now dates"))
  }
  share <- mean(rowSums(found)[given] > 0)
  if (share < 1) {
    asked <- !is.null(form) && is.null(attr(form, "general"))
    other <- which(given & rowSums(found) == 0)
    if (asked) {
      refuse_date(other, length(x), name, "holds a text that is no date", "Correct these cells.")
    }
    if (share <= 0.5) return(NULL)
    return(list(x = x, kind = "dates mixed with other text, left as text"))
  }
  if (any(found[, "short"])) {
    refuse_date(
      which(found[, "short"]), length(x), name, "has years of two digits",
      paste0("Write four in the file, or leave the text: `dates = c(", name, " = \"text\")`.")
    )
  }
  parts <- date_parts(bare, found, name, form)
  days <- as.Date(sprintf("%04d-%02d-%02d", parts$year, parts$month, parts$day), "%Y-%m-%d")
  wrong <- which(given & is.na(days))
  if (length(wrong)) {
    refuse_date(wrong, length(x), name, "must be a day of the calendar",
                "Correct these cells, or say another form by `dates`.")
  }
  list(x = days, kind = paste("dates written", parts$form))
}

# Answer: year, month, day as whole numbers, form (words).
date_parts <- function(x, found, name, form) {
  year <- month <- day <- rep(NA_integer_, length(x))
  part <- function(pattern, rows, i) as.integer(sub(pattern, paste0("\\", i), x[rows]))
  words <- character()
  rows <- which(found[, "ymd"])
  if (length(rows)) {
    year[rows] <- part(year_form, rows, 1)
    month[rows] <- part(year_form, rows, 2)
    day[rows] <- part(year_form, rows, 3)
    words <- c(words, "YYYY-MM-DD")
  }
  rows <- which(found[, "month"])
  if (length(rows)) {
    year[rows] <- part(month_form, rows, 3)
    month[rows] <- match(sub(month_form, "\\2", x[rows]), tolower(month.abb))
    day[rows] <- part(month_form, rows, 1)
    words <- c(words, "DD month YYYY")
  }
  rows <- which(found[, "last"])
  if (length(rows)) {
    first <- part(year_last_form, rows, 1)
    second <- part(year_last_form, rows, 2)
    dotted <- all(grepl(".", x[rows], fixed = TRUE))
    order <- day_month_order(first, second, dotted, rows, length(x), name, form)
    year[rows] <- part(year_last_form, rows, 3)
    month[rows] <- if (order == "dmy") second else first
    day[rows] <- if (order == "dmy") first else second
    words <- c(words, if (order == "dmy") "DD/MM/YYYY" else "MM/DD/YYYY")
    if (dotted) words <- sub("DD/MM/YYYY", "DD.MM.YYYY", words, fixed = TRUE)
  }
  list(year = year, month = month, day = day, form = enumerate(words))
}

# Points stand between day and month only where the day comes first.
day_month_order <- function(first, second, dotted, rows, n, name, form) {
  if (!is.null(form) && form %in% c("dmy", "mdy")) return(as.character(form))
  day_first <- first > 12L
  day_second <- second > 12L
  if (any(day_first) && any(day_second)) {
    fewer <- if (sum(day_first) < sum(day_second)) day_first else day_second
    refuse_date(rows[fewer], n, name, "has dates with the day first and dates with the month first",
                "Make them alike in the file.")
  }
  if (any(day_first)) return("dmy")
  if (any(day_second)) return("mdy")
  if (dotted) return("dmy")
  refuse_date(
    rows, n, name, "can be read in two ways, day or month first",
    paste0("Say which: `dates = \"dmy\"` or `dates = \"mdy\"`, or by column `dates = c(", name,
           " = \"dmy\")`.")
  )
}

# Days since 1899-12-30, among dates that Excel knows as such.
excel_dates <- function(x, name) {
  if (is.numeric(x)) x <- format(x, digits = 15L, trim = TRUE)
  serial <- grepl("^[0-9]{1,6}([.][0-9]+)?$", x)
  iso <- grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", x)
  x[x %in% "NA"] <- NA
  other <- which(!is.na(x) & !serial & !iso)
  if (length(other)) {
    refuse_date(other, length(x), name, "must be Excel's numbers of days", "Correct these cells.")
  }
  days <- rep(NA_real_, length(x))
  days[serial] <- floor(as.numeric(x[serial])) + as.double(as.Date("1899-12-30"))
  days[iso] <- as.double(as.Date(x[iso]))
  structure(days, class = "Date")
}

refuse_date <- function(rows, n, name, what, way_out) {
  abort(
    "date", paste0(tick(name), " ", what, " (row ", rows[1L], ")."), row_count(rows, n), way_out,
    fields = list(rows = rows)
  )
}

# All columns that are refused, in one error.
refuse_date_columns <- function(refused) {
  text <- vapply(refused, conditionMessage, "")
  if (length(text) == 1L) stop(refused[[1L]])
  lines <- strsplit(text, "\n")
  ways <- unique(vapply(lines, function(x) sub(", or by column.*$", ".", x[length(x)]), ""))
  what <- vapply(lines, function(x) paste(x[-length(x)], collapse = " "), "")
  abort("date", unname(what), ways, fields = list(columns = names(refused)))
}
