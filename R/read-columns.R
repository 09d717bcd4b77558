# What a column of texts is: dates, numbers, TRUE and FALSE, categories or text.

# read: data, fixed (by column, the cells that are numbers and no texts; NULL without any),
# separator. Answer: data, notes.
read_columns <- function(read, dates, partial) {
  data <- read$data
  kinds <- stats::setNames(rep("", length(data)), names(data))
  mark <- file_mark(typed_texts(read), read$separator)
  refused <- notes <- list()
  for (name in names(data)) {
    x <- data[[name]]
    fixed <- read$fixed[[match(name, names(data))]]
    column <- list(x = x, name = name, form = choice_for(dates, name), mark = mark,
                   partial = choice_for(partial, name),
                   fixed = if (is.null(fixed)) logical(length(x)) else fixed)
    typed <- tryCatch(read_text_column(column), lmsurv_error_date = identity)
    if (inherits(typed, "lmsurv_error")) {
      refused[[name]] <- typed
      next
    }
    data[[name]] <- with_label(typed$x, x)
    kinds[[name]] <- typed$kind
    notes[[name]] <- typed$notes
  }
  if (length(refused)) refuse_date_columns(refused)
  list(data = data, notes = c(
    kind_notes(kinds), unlist(notes, use.names = FALSE),
    unread_note(data[kinds == "" | vapply(data, is.factor, NA)]),
    alike_note(data),
    suspect_notes(data), few_codes_note(data), serial_notes(data)
  ))
}

# The texts that people typed, by column: Excel's own numbers show no mark.
typed_texts <- function(read) {
  Map(function(x, i) {
    fixed <- read$fixed[[i]]
    if (!is.null(fixed)) x <- x[!fixed]
    trim(x[!is.na(x)])
  }, read$data[vapply(read$data, is.character, NA)], which(vapply(read$data, is.character, NA)))
}

# column: x, name, form, partial, mark, fixed. Answer: x, kind (what the message says of it, or ""),
# notes.
read_text_column <- function(column) {
  x <- column$x
  if (is.numeric(x) && any(column$form %in% c("excel", "excel1904"))) {
    return(list(x = excel_dates(x, column$name, column$form),
                kind = "Excel's numbers of days, now dates"))
  }
  if (is.numeric(x) && any(column$form %in% c("ymd", "dmy", "mdy")) && is_own_choice(column$form)) {
    x <- ifelse(is.na(x), NA, number_text(x))
  }
  if (!is.character(x)) return(list(x = x, kind = if (is_date(x)) "dates" else ""))
  raw <- x
  x <- trim(x)
  x[x %in% ""] <- NA
  spaced <- length(unique(raw[!is.na(x)]))
  values <- unique(x[!is.na(x)])
  if (!length(values)) return(list(x = rep(NA, length(x)), kind = "without a value"))
  if (any(column$form %in% "text")) return(list(x = x, kind = ""))
  dates <- read_dates(x, column$name, column$form, column$partial)
  if (!is.null(dates)) return(dates)
  read <- read_logical(x, values)
  if (is.null(read)) read <- read_quantity(x, values, column)
  if (is.null(read)) read <- read_categories(x, values, spaced, column$name)
  read
}

# Checked and Unchecked are the boxes of a REDCap export with labels.
read_logical <- function(x, values) {
  values <- fold(values)
  if (all(values %in% c("true", "false"))) return(list(x = fold(x) == "true", kind = ""))
  if (all(values %in% c("checked", "unchecked"))) {
    return(list(x = fold(x) == "checked", kind = "Checked and Unchecked, now TRUE and FALSE"))
  }
  NULL
}

# Answer: NULL where the column is a text.
read_quantity <- function(x, values, column) {
  # Excel and LibreOffice put it before a number that is to be text.
  quote <- grepl("^'[+-]?[0-9.,]+$", values)
  if (any(quote)) {
    x <- sub("^'([+-]?[0-9.,]+)$", "\\1", x)
    values <- unique(x[!is.na(x)])
  }
  note <- if (any(quote)) paste0("apostrophes before numbers, removed: ", tick(column$name), ".")
  if (any(is_code_text(values)) && mean(is_number_text(values)) > 0.5) {
    return(list(x = x, notes = note, kind = paste(
      "digits that begin with 0 or are too long for a number, kept as text"
    )))
  }
  if (all_numbers(values)) {
    return(c(read_numbers(x, column$fixed, column$mark), list(notes = note)))
  }
  without <- sub(" *%$", "", x)
  if (all(grepl("%$", values)) && all_numbers(without)) {
    read <- read_numbers(without, column$fixed, column$mark)
    if (is.character(read$x)) read$x <- x
    return(list(x = read$x, kind = paste0("per cent", if (nzchar(read$kind)) ", ", read$kind)))
  }
  number <- is_number_text(sub(" *%$", "", x[!is.na(x)]))
  if (mean(number) > 0.5) list(x = x, kind = "numbers mixed with text, kept as text")
}

read_categories <- function(x, values, spaced, name) {
  repeats <- length(values) <= min(max_levels, sum(!is.na(x)) / 2)
  if (!repeats) return(list(x = x, kind = ""))
  list(
    x = factor(x), kind = "text, now factors (the first level is the reference)",
    notes = if (spaced > length(values)) {
      paste0("spaces around texts, removed: ", tick(name), ".")
    }
  )
}

# Digits and marks alone, which are neither number nor date: 3-5, 12/13.
unread_note <- function(data) {
  unread <- vapply(data, function(x) {
    if (!is.factor(x) && !is.character(x)) return(FALSE)
    values <- if (is.factor(x)) levels(x) else unique(x[!is.na(x)])
    odd <- grepl("^[<>=~\u2264\u2265 ]*[0-9][-0-9.,:/<>=%_ ()\u2013]*$", values) &
      !is_number_text(values)
    length(values) > 0L && mean(odd) > 0.5
  }, NA)
  named_note("digits that are not read as numbers or dates, kept as text: ", names(data)[unread])
}

# Numbers that may be days: of Excel, or written YYYYMMDD.
serial_notes <- function(data) {
  whole <- function(x, low, high) {
    is.numeric(x) && !is.object(x) && sum(!is.na(x)) > 1L &&
      all(x == floor(x) & x >= low & x <= high, na.rm = TRUE) && length(unique(x)) > 2L
  }
  serial <- vapply(data, whole, NA, 25000, 50000)
  compact <- vapply(data, function(x) {
    whole(x, 18500101, 21501231) &&
      all(x %/% 100 %% 100 %in% c(NA, 1:12) & x %% 100 %in% c(NA, 1:31))
  }, NA)
  hint <- function(form, columns) {
    paste0(" Set `dates = c(", columns[1L], " = \"", form, "\")` to read them as dates.")
  }
  c(
    if (any(serial)) paste0(
      named_note("numbers that may be Excel's days, kept as numbers: ", names(data)[serial]),
      hint("excel", names(data)[serial])
    ),
    if (any(compact)) paste0(
      named_note("numbers that may be dates written YYYYMMDD, kept as numbers: ",
                 names(data)[compact]),
      hint("ymd", names(data)[compact])
    )
  )
}

kind_notes <- function(kinds) {
  said <- setdiff(unique(kinds), c("", "dates"))
  vapply(said, function(kind) {
    paste0(kind, ": ", tick_list(names(kinds)[kinds == kind]), ".")
  }, "", USE.NAMES = FALSE)
}

few_codes_note <- function(data) {
  coded <- vapply(data, function(x) {
    is.numeric(x) && anyDuplicated(x) > 0L && is.factor(as_category(x, "")$x)
  }, NA)
  if (!any(coded)) return(NULL)
  paste0("few whole numbers, which lms_cohort() reads as categories: ",
         tick_list(names(data)[coded]), ".")
}
