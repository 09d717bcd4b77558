# Which column of the patient table plays which part, and what each column is:
# dates, status, categories.

# Those that are never taken by the name of a column: an `entry` may be anything.
asked_roles <- c("entry", "cause")

# given: expressions of lms_cohort() by argument. Answer: columns by role.
read_roles <- function(given, patients, env) {
  roles <- lapply(stats::setNames(nm = cohort_roles), function(role) {
    if (role %in% names(given)) return(named_column(given[[role]], role, patients, env))
    if (role %in% setdiff(names(patients), asked_roles)) role
  })
  roles <- unlist(roles)
  absent <- setdiff(needed_roles, names(roles))
  if (length(absent)) {
    role <- absent[1L]
    abort(
      "role", paste0("`", role, "` is missing: `patients` has no column of this name."),
      did_you_mean(role, names(patients)),
      paste0("Set its column, such as `", role, " = ", role_example[[role]], "`.")
    )
  }
  roles
}

role_example <- c(id = "patient", last_contact = "last_seen", died = "dead")

# A column by its name, bare or as a string, or by a variable that holds its name.
named_column <- function(expr, argument, data, env, table = "patients") {
  if (is.name(expr) && as.character(expr) %in% names(data)) return(as.character(expr))
  value <- tryCatch(eval(expr, env), error = function(e) expr)
  if (is.null(value)) return(NULL)
  if (!is.character(value) || length(value) != 1L || is.na(value)) {
    value <- if (is.name(expr)) as.character(expr)
    if (is.null(value)) {
      abort(
        "role", paste0(tick(argument), " must be the name of one column of ", tick(table), "."),
        paste0("Write it bare or as a string, such as `", argument, " = ",
               quoted(names(data)[1L]), "`.")
      )
    }
  }
  if (!value %in% names(data)) {
    abort(
      "column", paste0(tick(table), " has no column ", quoted(value), " (`", argument, "`)."),
      did_you_mean(value, names(data))
    )
  }
  value
}

# known_from: covariate -> role, event or date column. Answer: covariate -> column.
read_known_from <- function(known_from, data, meta) {
  if (is.null(known_from)) return(character())
  known_from <- unlist(known_from)
  names <- named_columns(meta)
  way_out <- "Write it as `known_from = c(fracture = \"bone_metastasis\")`."
  if (!is.character(known_from) || is.null(names(known_from)) || any(names(known_from) == "")) {
    abort("argument", paste0("`known_from` must name a date for each covariate, not be ",
                             describe(known_from), "."), way_out)
  }
  for (covariate in names(known_from)) {
    if (!covariate %in% names(data)) {
      abort("column", paste0("`patients` has no column ", quoted(covariate), " (`known_from`)."),
            did_you_mean(covariate, names(data)))
    }
    if (covariate %in% names) {
      abort("argument", paste0("`known_from`: ", tick(covariate), " is a role, not a covariate."),
            way_out)
    }
  }
  columns <- vapply(known_from, function(date) {
    if (date == "diagnosis") return(date)
    if (date %in% names(names)) return(names[[date]])
    if (date %in% names(data)) return(date)
    abort(
      "column",
      paste0("`known_from`: ", quoted(date), " is neither a role nor a column of `patients`."),
      did_you_mean(date, c(names(names), names(data)))
    )
  }, "")
  wrong <- columns %in% names[c("id", "died", "cause")] | columns == names(columns)
  if (any(wrong)) {
    abort("argument", paste0("`known_from`: ", tick(columns[wrong][[1L]]), " is not a date."),
          way_out)
  }
  columns
}

# Dates become Date, times plain numbers; all columns that cannot be read are
# refused in one error. Answer: data, notes.
read_time_columns <- function(data, columns, dates) {
  notes <- character()
  refused <- list()
  for (column in columns) {
    x <- data[[column]]
    read <- tryCatch(
      withCallingHandlers(
        if (dates) as_date_column(x, column) else as_time_column(x, column),
        lmsurv_message_missing_date = function(cnd) {
          notes <<- c(notes, trimws(conditionMessage(cnd)))
          invokeRestart("muffleMessage")
        }
      ),
      lmsurv_error = identity
    )
    if (inherits(read, "lmsurv_error")) refused[[column]] <- read
    else data[[column]] <- with_label(read, x)
  }
  if (length(refused)) abort_columns(refused)
  list(data = data, notes = stats::setNames(notes, rep("missing_date", length(notes))))
}

as_date_column <- function(x, column) {
  refuse_flag(x, column)
  refuse_time(x, column)
  structure(as_days(x, column), class = "Date")
}

# Whether it happened, where the date is wanted.
refuse_flag <- function(x, column) {
  flag <- (is.logical(x) || is.numeric(x) && !is_date(x)) && !all(is.na(x))
  if (!flag || !all(x %in% c(0, 1, NA))) return(invisible())
  abort(
    "argument",
    paste0(tick(column), " must be dates, not ", if (is.logical(x)) "TRUE or FALSE" else "0 and 1",
           "."),
    paste(
      "This column shows whether the event happened, not when. Name the column of the dates.",
      "Without dates, set the role to `NULL` and rename this column to use it as a covariate."
    )
  )
}

# Numbers that are no days since any first day, nor years.
refuse_time <- function(x, column) {
  if (!is.numeric(x) || is.object(x) || !isTRUE(max(x, na.rm = TRUE) < 1200)) return(invisible())
  abort(
    "argument", paste0(tick(column), " must be dates, not numbers."),
    paste(
      "Dates and times since the diagnosis cannot be mixed. Give dates for all roles, or times",
      "for all roles and set `diagnosis = NULL`."
    )
  )
}

# Other columns of text that hold dates throughout, such as those of birth.
text_dates <- function(data, skip) {
  columns <- setdiff(names(data), skip)
  columns[vapply(columns, function(column) {
    x <- data[[column]]
    (is.character(x) || is.factor(x)) && is_time_column(x, "", TRUE)
  }, logical(1))]
}

text_date_note <- function(columns) {
  if (!length(columns)) return(NULL)
  c(missing_date = paste0(enumerate(tick(columns), max = 10L), ": text read as dates."))
}

as_time_column <- function(x, column) {
  if (is_date(x) || is.character(x) && is_time_column(x, "", TRUE)) {
    abort(
      "date", paste0(tick(column), " is a date, but there is no date of diagnosis."),
      "Set the column of the date of diagnosis, `diagnosis = `."
    )
  }
  if (is.logical(x) && all(is.na(x))) return(as.double(x))
  if (!is.numeric(x)) {
    text <- is.character(x) || is.factor(x)
    abort(
      "time",
      paste0(tick(column), " must be numbers, not ", if (text) "text" else describe_kind(x), "."),
      paste(
        "Without a date of diagnosis, times are numbers since diagnosis:",
        if (inherits(x, "difftime")) {
          "Convert to days by `as.numeric(x, units = \"days\")`, and set `unit = \"days\"`."
        } else if (text && any(grepl("^ *[0-9]+,[0-9]+ *$", x))) {
          "Convert the decimal comma by `as.numeric(sub(\",\", \".\", x, fixed = TRUE))`."
        } else {
          "Convert the text by `as.numeric(x)`."
        }
      )
    )
  }
  x <- as.double(x)
  refuse_dates(is.infinite(x), column, "must be finite", way_out = "Set unknown values to NA.")
  x
}

abort_columns <- function(refused) {
  lines <- lapply(refused, `[[`, "lines")
  what <- vapply(lines, function(x) paste(x[seq_len(max(1L, length(x) - 1L))], collapse = "\n"), "")
  way_out <- lapply(lines, function(x) x[-1L][length(x) - 1L])
  lines <- if (length(unique(way_out)) == 1L) c(what, way_out[[1L]]) else unlist(lines)
  problems <- problem_table(lapply(names(refused), function(column) {
    new_problem("form", "patients", column, refused[[column]]$rows, "cannot be read")
  }))
  class <- sub("^lmsurv_error_", "", class(refused[[1L]])[1L])
  abort(c(class, "cohort"), lines, fields = list(problems = problems))
}

# The status as it is kept, and the value or values that are the event.
read_died <- function(x, column, event) {
  if (is_time_column(x, "", TRUE)) {
    abort(
      "event", paste0(tick(column), " holds dates, not a status (`died`)."),
      paste0("Make a status, such as `patients$died <- !is.na(patients$", column, ")`.")
    )
  }
  read <- plain_status(x, column, event)
  x <- read$x
  event <- read$event
  coded <- code_status(x, column, event, NULL, "curve")
  value <- if (!is.null(event)) event else coded$value
  if (is.null(value)) value <- if (is.logical(x)) TRUE else 1
  if (is.factor(value)) value <- as.character(value)
  known <- if (is.logical(x)) c(TRUE, FALSE) else unique(c(stats::na.omit(as.vector(x)), value))
  list(x = x, rule = list(value = value, words = coded$event, known = known), notes = coded$notes)
}

max_codes <- 10L

# Labeled numbers, ordered factors and few whole numbers are categories with
# treatment contrasts. codes: "categories", "numbers", or either by column. Answer: data, notes, and
# which of the notes are of ordered factors.
read_codes <- function(data, skip, codes) {
  codes <- check_codes(codes, data)
  notes <- character()
  ordered <- logical()
  for (column in setdiff(names(data), skip)) {
    x <- data[[column]]
    how <- if (column %in% names(codes)) codes[[column]] else codes[["other"]]
    read <- if (how == "numbers") as_number(x) else as_category(x, column)
    if (is.null(read)) next
    data[[column]] <- with_label(read$x, x)
    if (is.null(read$note)) next
    notes <- c(notes, paste0(tick(column), read$note))
    ordered <- c(ordered, is.ordered(x))
  }
  list(data = data, notes = stats::setNames(notes, rep("codes", length(notes))), ordered = ordered)
}

check_codes <- function(codes, data) {
  choices <- c("categories", "numbers")
  if (is.null(names(codes))) return(c(other = check_option(codes, "codes", choices)))
  unknown <- setdiff(names(codes), names(data))
  if (length(unknown)) {
    abort("column", paste0("`patients` has no column ", quoted(unknown[1L]), " (`codes`)."),
          did_you_mean(unknown[1L], names(data)))
  }
  c(vapply(codes, check_choice, "", "codes", choices), other = "categories")
}

as_number <- function(x) {
  if (!inherits(x, "haven_labelled")) return(NULL)
  list(x = labelled_values(x))
}

as_category <- function(x, column) {
  if (inherits(x, "haven_labelled")) {
    category <- labelled_factor(x)
    if (is.null(category)) return(as_number(x))
    return(list(x = category, note = paste0(
      ": labeled numbers, read as ", count_of(nlevels(category), "category", "categories"), "."
    )))
  }
  if (is.ordered(x)) {
    return(list(
      x = factor(x, levels(x), ordered = FALSE),
      note = paste0(
        ": an ordered factor, compared level by level with ", quoted(levels(x)[1L]), "."
      )
    ))
  }
  if (!is.numeric(x) || is.object(x) || is.matrix(x)) return(NULL)
  values <- sort(unique(x[!is.na(x)]))
  few <- length(values) >= 3L && length(values) <= max_codes
  few <- few || identical(as.double(values), c(1, 2))
  if (!few || any(values != floor(values)) || values[1L] < 0 || max(values) > 9) return(NULL)
  list(x = factor(x, values), note = paste0(
    ": ", length(values), " different whole numbers, read as categories. Set ",
    "`codes = c(", column, " = \"numbers\")` if the numbers are counts."
  ))
}

# With dates: a date, text that is written as one, or the column `date` in any
# form, which is then refused where it is not understood. Without: by the name.
is_time_column <- function(x, column, dates) {
  named <- tolower(column) %in% c("date", "time", "months", "years", "days", cohort_roles)
  if (!dates) return(named && is.numeric(x))
  if (is_date(x) || tolower(column) == "date") return(TRUE)
  if (is.factor(x)) x <- as.character(x)
  x <- if (is.character(x)) x[!is.na(x) & trimws(x) != ""]
  length(x) > 0L && all(grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", trimws(x)))
}
