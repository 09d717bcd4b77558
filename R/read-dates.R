# Dates as people write them. A form that can be read in two ways is refused.

date_choices <- c("dmy", "mdy", "ymd", "excel", "excel1904", "text")
partial_choices <- c("first", "mid", "last")

check_dates_argument <- function(dates, data) {
  check_by_column(dates, "dates", date_choices, data,
                  "For example: `dates = c(diagnosis = \"dmy\", last_contact = \"ymd\")`.")
  if (is.null(names(dates)) && any(dates %in% c("excel", "excel1904"))) {
    abort("argument", paste0("`dates = ", quoted(dates), "` must name its columns."),
          paste0("For example: `dates = c(diagnosis = ", quoted(dates), ")`."))
  }
}

check_partial_argument <- function(partial, data) {
  check_by_column(partial, "partial", partial_choices, data,
                  "For example: `partial = c(diagnosis = \"mid\", last_contact = \"last\")`.")
}

check_by_column <- function(x, argument, choices, data, example) {
  if (is.null(x)) return(invisible())
  for (one in as.list(x)) check_choice(one, argument, choices)
  if (is.null(names(x)) && length(x) > 1L) {
    abort("argument", paste0(tick(argument), " must be one choice, or a choice by column."),
          example)
  }
  check_columns_named(names(x), data, argument)
}

# What the user chose for a column, or NULL. general: the choice is for all columns.
choice_for <- function(x, name) {
  if (is.null(x)) return(NULL)
  if (is.null(names(x))) return(structure(fold(x), general = TRUE))
  if (name %in% names(x)) fold(x[[name]])
}

is_own_choice <- function(choice) !is.null(choice) && is.null(attr(choice, "general"))

# form: the user's of `dates`; partial: the user's of `partial`. Answer: x, kind, notes; or NULL
# where the column does not hold dates.
read_dates <- function(x, name, form, partial) {
  if (any(form %in% c("excel", "excel1904"))) {
    return(list(x = excel_dates(x, name, form), kind = "Excel's numbers of days, now dates"))
  }
  asked <- is_own_choice(form) || is_own_choice(partial)
  bare <- bare_dates(x)
  given <- !is.na(bare)
  parsed <- parse_dates(bare)
  if (is_own_choice(form)) parsed <- compact_dates(parsed, bare, form)
  # A year is a number, unless it stands among dates.
  lone <- parsed$form == "year"
  if (!asked && !any(parsed$form[!lone] != "")) return(NULL)
  share <- mean(parsed$form[given] != "")
  if (share < 1) {
    other <- which(given & parsed$form == "")
    if (asked) {
      refuse_date(other, length(x), name, "holds a text that is not a date", "Correct these cells.")
    }
    if (share <= 0.5 || mean(lone[given]) > 0.5) return(NULL)
    return(list(x = x, kind = "dates mixed with other text, kept as text"))
  }
  dates_of_column(x, parsed, name, form, partial)
}

dates_of_column <- function(x, parsed, name, form, partial) {
  n <- length(x)
  set <- set_short_years(parsed, name, form)
  never <- set$parsed$year %in% c(0L, 9999L) & set$parsed$a %in% c(0L, 99L) &
    set$parsed$b %in% c(0L, 99L)
  set$parsed$form[never] <- ""
  set$parsed$dotted <- grepl(".", x, fixed = TRUE)
  ordered <- order_parts(set$parsed, name, form)
  parsed <- ordered$parsed
  rows <- which(is_partial(parsed))
  if (length(rows) && is.null(partial)) {
    if (is_own_choice(form)) {
      refuse_date(rows, n, name, "has dates without a day or month",
                  "Set `partial = \"mid\"` to take the middle of the month or year.")
    }
    return(list(x = x, kind = paste(
      "dates without a day or month, kept as text (set `partial = \"mid\"` for the middle of the",
      "month or year)"
    )))
  }
  spans <- period_dates(parsed, if (is.null(partial)) "first" else partial)
  wrong <- which(parsed$form != "" & is.na(spans))
  if (length(wrong)) {
    refuse_date(wrong, n, name, "must be a day of the calendar",
                "Correct these cells, or set another format by `dates`.")
  }
  list(x = spans, kind = paste("dates written", ordered$words), notes = c(
    set$note,
    if (any(never)) paste0("dates of which nothing is known (such as 99/99/9999), now NA: ",
                           tick(name), "."),
    partial_note(parsed, rows, name, partial),
    if (any(has_time_of_day(x[!is.na(x)]))) {
      paste0("the time of day is removed: ", tick(name), ".")
    }
  ))
}

partial_note <- function(parsed, rows, name, partial) {
  if (!length(rows)) return(NULL)
  place <- c(first = "the first day", mid = "the middle", last = "the last day")[[partial]]
  years <- sum(parsed$form[rows] == "year" | parsed$month[rows] == 0L)
  paste0("dates without a day or month, set to ", place, ": ", tick(name), " in ", length(rows),
         " of ", count_of(sum(parsed$form != ""), "date"),
         if (years) paste0(" (", years, " with the year alone)"), ".")
}

# 20110517, where the user named the form.
compact_dates <- function(parsed, x, form) {
  rows <- which(grepl("^[0-9]{8}$", x) & parsed$form == "")
  cut <- if (form == "ymd") list(1:4, 5:6, 7:8) else list(5:8, 1:2, 3:4)
  part <- function(i) as.integer(substr(x[rows], min(cut[[i]]), max(cut[[i]])))
  if (!length(rows) || !form %in% c("ymd", "dmy", "mdy")) return(parsed)
  parsed$form[rows] <- if (form == "ymd") "ymd" else "last"
  parsed$year[rows] <- part(1L)
  parsed$a[rows] <- part(2L)
  parsed$b[rows] <- part(3L)
  parsed
}

# Two digits do not tell the century: the year is the last one that is not yet to come. Answer:
# parsed, note.
set_short_years <- function(parsed, name, form) {
  rows <- which(parsed$form %in% c("short", "word_short"))
  if (!length(rows)) return(list(parsed = parsed))
  if (!any(form %in% c("dmy", "mdy", "ymd"))) {
    refuse_date(
      rows, nrow(parsed), name, "has years of two digits",
      paste0("Set `dates = c(", name,
             " = \"dmy\")` (or \"mdy\", \"ymd\") if each year is in the last ",
             "100 years. Otherwise write four digits, or set \"text\".")
    )
  }
  short <- which(parsed$form == "short")
  at <- if (form == "ymd") c(year = "a", a = "b", b = "c") else c(year = "c", a = "a", b = "b")
  parsed[short, names(at)] <- parsed[short, at]
  parsed$form[short] <- if (form == "ymd") "ymd" else "last"
  this <- as.POSIXlt(Sys.time())$year + 1900L
  year <- parsed$year[rows] + 100L * (this %/% 100L)
  parsed$year[rows] <- year - 100L * (year > this)
  parsed$form[rows[parsed$form[rows] == "word_short"]] <- "word"
  list(parsed = parsed, note = paste0(
    "years of two digits, read as ", this - 99L, " to ", this, ": ", tick(name), "."
  ))
}

# Sets month and day, 0 where a part is not known. Answer: parsed, words (the forms).
order_parts <- function(parsed, name, form) {
  parsed$month <- parsed$a
  parsed$day <- parsed$b
  swap <- parsed$form %in% c("word", "word_first")
  words <- c(ymd = "YYYY-MM-DD", word = "DD month YYYY", word_first = "month DD YYYY")
  shown <- unname(words[names(words) %in% parsed$form])
  last <- which(parsed$form == "last")
  if (length(last)) {
    unknown <- function(part) ifelse(part == 99L, 0L, part)
    first <- unknown(parsed$a[last])
    second <- unknown(parsed$b[last])
    parsed$month[last] <- first
    parsed$day[last] <- second
    dotted <- all(parsed$dotted[last])
    order <- day_month_order(first, second, dotted, last, nrow(parsed), name, form)
    if (order == "dmy") swap[last] <- TRUE
    day_form <- if (dotted) "DD.MM.YYYY" else "DD/MM/YYYY"
    shown <- c(shown, if (order == "mdy") "MM/DD/YYYY" else day_form)
  }
  month <- parsed$month
  parsed$month[swap] <- parsed$day[swap]
  parsed$day[swap] <- month[swap]
  parsed$day[parsed$day %in% 99L] <- 0L
  parsed$month[parsed$month %in% 99L] <- 0L
  if (any(is_partial(parsed))) shown <- c(shown, "month or year alone")
  list(parsed = parsed, words = enumerate(shown))
}

is_partial <- function(parsed) {
  parsed$form %in% names(date_patterns()$partial) | (parsed$form != "" & parsed$day %in% 0L)
}

# Points stand between day and month only where the day comes first.
day_month_order <- function(first, second, dotted, rows, n, name, form) {
  if (any(form %in% c("dmy", "mdy"))) return(as.character(form))
  day_first <- first > 12L | first == 0L & second > 0L
  day_second <- second > 12L | second == 0L & first > 0L
  if (any(day_first) && any(day_second)) {
    fewer <- if (sum(day_first) < sum(day_second)) day_first else day_second
    refuse_date(rows[fewer], n, name, "has dates with the day first and dates with the month first",
                "Write all dates in the same order in the file.")
  }
  if (any(day_first)) return("dmy")
  if (any(day_second)) return("mdy")
  if (dotted) return("dmy")
  either <- "Set `dates = \"dmy\"` or `dates = \"mdy\"`"
  refuse_date(
    rows, n, name, "can be read in two ways, day or month first",
    paste0(either, ", or by column `dates = c(", name, " = \"dmy\")`."), paste0(either, ".")
  )
}

# The first or last day or the middle of the time that each row spans: a day, month, quarter, ...
period_dates <- function(parsed, partial) {
  day_of <- function(year, month, day) {
    as.Date(sprintf("%04d-%02d-%02d", year, month, day), "%Y-%m-%d")
  }
  months <- c(quarter = 3L, quarter_year = 3L, half = 6L)
  span <- rep(1L, nrow(parsed))
  span[parsed$form %in% names(months)] <- months[parsed$form[parsed$form %in% names(months)]]
  count <- parsed$a
  whole <- parsed$form %in% names(date_patterns()$whole)
  month <- ifelse(whole, parsed$month, (count - 1L) * span + 1L)
  year_only <- parsed$form == "year" | (whole & parsed$month == 0L & parsed$day == 0L)
  span[year_only] <- 12L
  month[year_only] <- 1L
  part <- is_partial(parsed)
  after <- month + span
  first <- day_of(parsed$year, month, ifelse(part, 1L, parsed$day))
  next_first <- day_of(parsed$year + (after - 1L) %/% 12L, (after - 1L) %% 12L + 1L, 1L)
  middle_month <- month + span %/% 2L
  middle <- day_of(parsed$year, middle_month, ifelse(span %% 2L == 1L, 15L, 1L))
  week <- parsed$form == "week"
  start <- day_of(parsed$year, 1L, 1L) + 7L * (count - 1L)
  start[!(count %in% 1:53)] <- NA
  first[week] <- start[week]
  middle[week] <- start[week] + 3L
  next_first[week] <- start[week] + 7L
  out <- switch(partial, first = first, mid = middle, last = next_first - 1L)
  out[!part] <- first[!part]
  out[parsed$form == ""] <- NA
  out
}

# Days since 1899-12-30 or, of an old Excel for Mac, 1904-01-01, among dates that Excel knows as
# such.
excel_dates <- function(x, name, form) {
  if (is.numeric(x)) x <- number_text(x)
  serial <- grepl("^[0-9]{1,6}([.][0-9]+)?$", x)
  iso <- grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", x)
  x[x %in% "NA"] <- NA
  other <- which(!is.na(x) & !serial & !iso)
  if (length(other)) {
    refuse_date(other, length(x), name, "must be Excel's numbers of days", "Correct these cells.")
  }
  origin <- as.double(as.Date(if (form == "excel1904") "1904-01-01" else "1899-12-30"))
  days <- rep(NA_real_, length(x))
  days[serial] <- floor(as.numeric(x[serial])) + origin
  days[iso] <- as.double(as.Date(x[iso]))
  structure(days, class = "Date")
}

# for_all: the way out where several columns are refused together.
refuse_date <- function(rows, n, name, what, way_out, for_all = way_out) {
  found <- c(paste0(tick(name), " ", what, " (row ", rows[1L], ")."), row_count(rows, n))
  abort("date", found, way_out, fields = list(rows = rows, found = found, way_out = for_all))
}

# All columns that are refused, in one error.
refuse_date_columns <- function(refused) {
  if (length(refused) == 1L) stop(refused[[1L]])
  ways <- unique(vapply(refused, `[[`, "", "way_out"))
  what <- vapply(refused, function(e) paste(e$found, collapse = " "), "")
  abort("date", unname(what), unname(ways), fields = list(columns = names(refused)))
}
