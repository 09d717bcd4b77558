# Words and codes that stand for a missing value.

missing_words <- c("NA", "N/A", "n/a", "#N/A", "NaN", "NULL", ".")
excel_errors <- c("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")

# missing: values for all columns, or by column. Answer: data, notes.
set_missing <- function(data, missing) {
  check_missing(missing, data)
  words <- errors <- made <- character()
  for (name in names(data)) {
    x <- data[[name]]
    codes <- if (is.null(names(missing))) missing else missing[names(missing) == name]
    number <- file_numbers(x)
    text <- if (is.null(number)) trim(as.character(x))
    in_text <- function(words) if (is.null(text)) logical(length(x)) else text %in% words
    word <- in_text(missing_words)
    error <- in_text(excel_errors)
    code <- !is.na(x) & is_code(text, number, x, codes)
    if (any(word)) words <- c(words, name)
    if (any(error)) errors <- c(errors, name)
    if (any(code)) made <- c(made, name)
    gone <- code | word | error | in_text("")
    if (any(gone)) data[[name]][gone] <- NA
    if (is.factor(x) && any(gone)) data[[name]] <- with_label(droplevels(data[[name]]), x)
  }
  list(data = data, notes = c(
    named_note("words for missing (such as NA or a point), now NA: ", words),
    named_note("errors of Excel (such as #REF!), now NA: ", errors),
    named_note("values given as `missing`, now NA: ", made)
  ))
}

# A code is given as the file has it: a number, a text, a date, or the label of a number.
is_code <- function(text, number, x, codes) {
  if (!length(codes)) return(logical(length(x)))
  as_number <- function(x) suppressWarnings(as.numeric(x))
  numbers <- as_number(codes)
  numbers <- numbers[!is.na(numbers)]
  codes <- if (is.numeric(codes)) number_text(codes) else as.character(codes)
  if (is.null(number)) {
    return(text %in% codes | (!is.na(as_number(text)) & as_number(text) %in% numbers))
  }
  labels <- attr(x, "labels", exact = TRUE)
  dates <- if (is_date(x)) format(as.Date(x), "%Y-%m-%d") else NA
  number %in% c(numbers, labels[names(labels) %in% codes]) | (!is.na(dates) & dates %in% codes)
}

check_missing <- function(missing, data) {
  if (is.null(missing)) return(invisible())
  if (!is.atomic(missing)) {
    abort("argument", paste0("`missing` must be values, not ", describe(missing), "."),
          "For example: `missing = c(-99, \"unknown\")`, or by column `missing = c(age = 999)`.")
  }
  check_columns_named(names(missing), data, "missing")
}

# Numbers far from all others, of the kind that stands for "not known".
missing_codes <- function(x) {
  if (!is.numeric(x) || is.object(x)) return(NULL)
  values <- unique(x[!is.na(x)])
  # A single digit is a code below 0 only.
  nines <- function(digit) outer(10^(2:4) - 1, digit / 9)
  suspects <- values[values %in% c(-(1:9), -nines(6:9), nines(7:9), 99.9, 999.9)]
  others <- setdiff(values, suspects)
  if (length(others) < 2L) return(NULL)
  below <- if (all(others >= 0)) suspects[suspects < 0]
  if (sum(below > -10) > 3L) below <- below[below <= -10]
  room <- ifelse(suspects >= 10 & suspects < 100, 9, 5)
  above <- suspects[suspects > 0 & max(others) < suspects / room]
  sort(c(below, above))
}

suspect_notes <- function(data) {
  codes <- Filter(length, lapply(data, missing_codes))
  old <- vapply(data, function(x) {
    is_date(x) && any(x < as.Date("1901-01-02") | x > as.Date("2099-12-30"), na.rm = TRUE)
  }, NA)
  rounded <- vapply(data, function(x) {
    is.numeric(x) && !is.object(x) && any(abs(x) > 2^53 & is.finite(x), na.rm = TRUE)
  }, NA)
  c(
    if (length(codes)) {
      text <- lapply(codes, number_text)
      shown <- paste0(tick(names(codes)), " (", vapply(text, enumerate, ""), ")")
      argument <- paste0(rep(names(codes), lengths(codes)), " = ", unlist(text), collapse = ", ")
      paste0("possible codes for missing values: ", enumerate(shown, max = 12L),
             ", not changed. Set `missing = c(", argument, ")` to read them as NA.")
    },
    named_note("dates before 1901 or after 2099, which may stand for missing (set `missing`): ",
               names(data)[old]),
    named_note("whole numbers too long to be exact (read identifiers as text): ",
               names(data)[rounded])
  )
}
