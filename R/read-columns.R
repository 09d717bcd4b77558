# What a column of texts is: dates, numbers, TRUE and FALSE, categories or text.

number_form <- "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$"
comma_form <- "^[+-]?[0-9]+(,[0-9]+)?$"
# Thousands set apart: 1,234 or 1,234,567.8, and 1.234.567 or 1.234,5.
grouped_form <- paste0(
  "^[+-]?[1-9][0-9]{0,2}((,[0-9]{3})+([.][0-9]+)?|([.][0-9]{3}){2,}(,[0-9]+)?|[.][0-9]{3},[0-9]+)$"
)
max_levels <- 20L

# Texts of digits that are no quantity: 007, and identifiers too long for a number.
is_code_text <- function(x) grepl("^0[0-9]", x) | grepl("^[0-9]{16,}$", x)

is_number_text <- function(x) {
  grepl(number_form, x) | grepl(comma_form, x) | grepl(grouped_form, x)
}

all_numbers <- function(x) {
  x <- x[!is.na(x) & x != ""]
  length(x) > 0L && all(is_number_text(x)) && !any(is_code_text(x))
}

# missing: values for all columns, or by column. Answer: data, notes.
set_missing <- function(data, missing) {
  check_missing(missing, data)
  words <- made <- character()
  for (name in names(data)) {
    x <- data[[name]]
    text <- if (is.numeric(x) || is_date(x)) NULL else trim(as.character(x))
    codes <- if (is.null(names(missing))) missing else missing[names(missing) == name]
    word <- !is.null(text) & text %in% missing_words
    code <- !is.na(x) & (if (is.null(text)) is_code(x, codes) else is_text_code(text, codes))
    if (any(word)) words <- c(words, name)
    if (any(code)) made <- c(made, name)
    gone <- code | word | (!is.null(text) & text %in% "")
    if (any(gone)) data[[name]][gone] <- NA
    if (is.factor(x) && any(gone)) data[[name]] <- with_label(droplevels(data[[name]]), x)
  }
  list(data = data, notes = c(
    named_note("words for missing (such as NA or a point), now NA: ", words),
    named_note("values given as `missing`, now NA: ", made)
  ))
}

is_code <- function(x, codes) {
  codes <- suppressWarnings(as.numeric(codes))
  if (is_date(x)) logical(length(x)) else x %in% codes[!is.na(codes)]
}

is_text_code <- function(text, codes) {
  as_number <- function(x) suppressWarnings(as.numeric(x))
  text %in% as.character(codes) | (!is.na(as_number(text)) & as_number(text) %in% as_number(codes))
}

check_missing <- function(missing, data) {
  if (is.null(missing)) return(invisible())
  if (!is.atomic(missing)) {
    abort("argument", paste0("`missing` must be values, not ", describe(missing), "."),
          "Such as `missing = c(-99, \"unknown\")`, or by column `missing = c(age = 999)`.")
  }
  check_columns_named(names(missing), data, "missing")
}

check_columns_named <- function(columns, data, argument) {
  unknown <- setdiff(columns, names(data))
  if (!length(unknown)) return(invisible())
  abort("column", paste0("The file has no column ", quoted(unknown[1L]), " (`", argument, "`)."),
        did_you_mean(unknown[1L], names(data)))
}

# Answer: data, notes.
read_columns <- function(data, dates) {
  kinds <- stats::setNames(rep("", length(data)), names(data))
  refused <- list()
  for (name in names(data)) {
    form <- date_form(dates, name)
    read <- tryCatch(read_text_column(data[[name]], name, form), lmsurv_error_date = identity)
    if (inherits(read, "lmsurv_error")) {
      refused[[name]] <- read
      next
    }
    data[[name]] <- with_label(read$x, data[[name]])
    kinds[[name]] <- read$kind
  }
  if (length(refused)) refuse_date_columns(refused)
  list(data = data, notes = c(
    kind_notes(kinds), suspect_notes(data), few_codes_note(data)
  ))
}

# Answer: x, kind (what the message says of it, or "").
read_text_column <- function(x, name, form) {
  if (is.numeric(x) && identical(form, "excel")) {
    return(list(x = excel_dates(x, name), kind = "Excel's numbers of days, now dates"))
  }
  if (!is.character(x)) return(list(x = x, kind = if (is_date(x)) "dates" else ""))
  x <- trim(x)
  x[x %in% ""] <- NA
  values <- unique(x[!is.na(x)])
  if (!length(values)) return(list(x = rep(NA, length(x)), kind = "without a value"))
  if (!identical(form, "text")) {
    dates <- read_dates(x, name, form)
    if (!is.null(dates)) return(dates)
  }
  if (all(values %in% c("TRUE", "FALSE", "true", "false"))) {
    return(list(x = toupper(x) == "TRUE", kind = ""))
  }
  if (all_numbers(values)) return(read_numbers(x))
  without <- sub(" *%$", "", x)
  if (all(grepl("%$", values)) && all_numbers(without)) {
    read <- read_numbers(without)
    return(list(x = read$x, kind = paste0("per cent", if (nzchar(read$kind)) ", ", read$kind)))
  }
  mixed <- mean(is_number_text(x[!is.na(x)])) > 0.5 && !any(is_code_text(values))
  if (mixed) return(list(x = x, kind = "numbers mixed with text, left as text"))
  repeats <- length(values) <= min(max_levels, sum(!is.na(x)) / 2)
  if (!repeats) return(list(x = x, kind = ""))
  list(x = factor(x, sort(values)), kind = "text, now factors (the first level is the reference)")
}

# Answer: x, kind. What is a decimal mark in one column separates thousands in another: 1,234.
read_numbers <- function(x) {
  given <- x[!is.na(x)]
  marks <- gsub("[^.,]", "", given)
  comma <- grepl(",", marks, fixed = TRUE)
  point <- grepl(".", marks, fixed = TRUE)
  if (!any(comma) && all(marks %in% c("", "."))) return(list(x = as.numeric(x), kind = ""))
  fits <- function(form) all(grepl(form, given))
  english <- fits("^[+-]?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?$")
  european <- fits("^[+-]?([0-9]+|[1-9][0-9]{0,2}([.][0-9]{3})+)(,[0-9]+)?$")
  if (english && european) {
    return(list(x = x, kind = paste(
      "a comma that can be a decimal mark or separate thousands, left as text (write the numbers",
      "without it)"
    )))
  }
  mixed <- any(comma) && any(point) && all(nchar(marks) < 2L)
  if (mixed || !english && !european) {
    return(list(x = x, kind = "decimal comma and point in one column, left as text"))
  }
  plain <- if (english) gsub(",", "", x, fixed = TRUE) else
    sub(",", ".", gsub(".", "", x, fixed = TRUE), fixed = TRUE)
  thousands <- if (english) any(comma) else any(point)
  list(x = as.numeric(plain), kind = paste(c(
    if (european && any(comma)) "decimal comma", if (thousands) "thousands set apart"
  ), collapse = " and "))
}

kind_notes <- function(kinds) {
  said <- setdiff(unique(kinds), c("", "dates"))
  vapply(said, function(kind) {
    paste0(kind, ": ", tick_list(names(kinds)[kinds == kind]), ".")
  }, "", USE.NAMES = FALSE)
}

# Numbers far from all others, of the kind that stands for "not known".
missing_code <- function(x) {
  if (!is.numeric(x) || is.object(x)) return(NULL)
  values <- unique(x[!is.na(x)])
  suspects <- values[values %in% c(-9, -99, -999, -9999, 99, 999, 9999)]
  for (code in suspects) {
    others <- setdiff(values, suspects)
    if (length(others) < 2L) next
    far <- if (code < 0) all(others >= 0) else max(others) < code / if (code == 99) 9 else 5
    if (far) return(code)
  }
  NULL
}

suspect_notes <- function(data) {
  codes <- Filter(Negate(is.null), lapply(data, missing_code))
  if (!length(codes)) return(NULL)
  shown <- paste0(tick(names(codes)), " (", unlist(codes), ")")
  argument <- paste0(names(codes), " = ", unlist(codes), collapse = ", ")
  paste0("a code for missing? ", enumerate(shown, max = 12L), ", left as they are: `missing = c(",
         argument, ")` makes them NA.")
}

few_codes_note <- function(data) {
  coded <- vapply(data, function(x) {
    is.numeric(x) && anyDuplicated(x) > 0L && is.factor(as_category(x, "")$x)
  }, NA)
  if (!any(coded)) return(NULL)
  paste0("few whole numbers, which lms_cohort() takes as categories: ",
         tick_list(names(data)[coded]), ".")
}
