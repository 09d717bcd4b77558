# What of a data frame a table of patients shows, and what is left out of it.

# by, vars: expressions as the user wrote them.
# Answer: data (rows whose group is known), vars, by, group (a factor or NULL), no_group (rows left
# out), late (the word for when the clock starts of endpoints that start before `by` is known).
read_table_data <- function(data, by, vars, codes, env) {
  if (!is.data.frame(data)) {
    abort("argument", paste0("`data` must be a cohort or a data frame, not ", describe(data), "."))
  }
  if (!nrow(data)) abort("no_rows", "`data` has no rows.")
  meta <- cohort_meta(data)
  data <- as.data.frame(plain_table(data))
  by <- one_group_column(table_columns(by, "by", data, env), data, meta)
  named <- table_columns(vars, "vars", data, env)
  vars <- if (is.null(named)) tabulable(data, by, meta) else check_tabulable(named, data, by, meta)
  data <- read_table_columns(data, c(vars, by), codes, is.null(meta))
  group <- if (!is.null(by)) read_groups(data[[by]])
  known <- if (is.null(group)) rep(TRUE, nrow(data)) else !is.na(group)
  list(
    data = with_labels(data[known, , drop = FALSE], data), vars = vars, by = by,
    group = if (!is.null(group)) droplevels(group[known]), no_group = sum(!known),
    survival = Filter(function(name) survival::is.Surv(data[[name]]), vars),
    late = late_endpoints(by, vars, meta), endpoints = endpoint_titles(meta)
  )
}

# Names of columns: bare, in c(), as strings or as a formula.
table_columns <- function(expr, argument, data, env) {
  if (is.name(expr) && as.character(expr) %in% names(data)) return(as.character(expr))
  if (is.call(expr) && identical(expr[[1L]], quote(c))) {
    parts <- lapply(as.list(expr)[-1L], table_columns, argument, data, env)
    return(unique(unlist(unname(parts))))
  }
  columns <- tryCatch(eval(expr, env), error = function(e) deparse_short(expr))
  if (inherits(columns, "formula")) columns <- all.vars(columns)
  if (is.null(columns)) return(NULL)
  unknown <- if (is.character(columns)) setdiff(columns, names(data)) else deparse_short(expr)
  if (length(unknown)) {
    abort("column", paste0(tick(argument), ": there is no column ", quoted(unknown[1L]), "."),
          did_you_mean(unknown[1L], names(data)))
  }
  unique(columns)
}

most_groups <- 12L

one_group_column <- function(by, data, meta) {
  if (is.null(by)) return(NULL)
  if (length(by) > 1L) {
    abort("argument", paste0("`by` must be one column, not ", length(by), "."))
  }
  if (by %in% meta$roles["id"]) {
    abort("argument", paste0("`by`: ", tick(by), " identifies the patient."))
  }
  x <- data[[by]]
  if (survival::is.Surv(x) || is_date(x) || is.list(x) || is.matrix(x) || is.raw(x)) {
    abort("argument", paste0("`by`: ", tick(by), " cannot define groups."))
  }
  values <- length(unique(x[!is.na(x)]))
  if (values > most_groups) {
    abort(
      "argument", paste0("`by`: ", tick(by), " has ", values, " values, more than the ",
                         most_groups, " groups that fit into a table."),
      if (is.numeric(x)) paste0("Group the values, such as `cut(", by, ", c(0, 50, 65, Inf))`.")
    )
  }
  if (!values) abort("no_rows", paste0("`by`: ", tick(by), " is missing in all rows."))
  by
}

# All that can be tabulated; the rest is said.
tabulable <- function(data, by, meta) {
  names <- setdiff(names(data), c(by, meta$roles, meta_times_of(meta), names(meta$endpoints)))
  reasons <- lapply(stats::setNames(nm = names), function(name) {
    reason <- not_tabulable(data[[name]], name, meta)
    x <- data[[name]]
    many <- (is.character(x) || is.factor(x)) && length(unique(x)) > 30L
    if (is.null(reason) && many) "more than 30 values" else reason
  })
  why <- unlist(reasons)
  if (length(why)) {
    words <- vapply(unique(why), function(reason) {
      paste0(enumerate(tick(names(why)[why == reason]), max = 10L), " (", reason, ")")
    }, "")
    say("left_out", paste0("Columns not in the table: ", paste(words, collapse = "; "), "."))
  }
  kept <- setdiff(names, names(why))
  if (!length(kept)) {
    abort("no_data", "`data` has no column to tabulate.", "Name columns in `vars`.")
  }
  kept
}

meta_times_of <- function(meta) if (!is.null(meta)) meta_times(meta)

check_tabulable <- function(vars, data, by, meta) {
  for (name in vars) {
    reason <- not_tabulable(data[[name]], name, meta)
    if (is.null(reason)) next
    abort(
      "column", paste0("`vars`: ", tick(name), " cannot be tabulated: ", reason, "."),
      if (reason == "dates") "Convert dates to a time by lms_months()." else "Remove this column."
    )
  }
  kept <- setdiff(vars, by)
  if (!length(kept)) abort("argument", "`vars` has no column besides `by`.")
  kept
}

# Why a column is never tabulated, or NULL.
not_tabulable <- function(x, name, meta) {
  if (survival::is.Surv(x)) {
    if (attr(x, "type") != "right") return("competing events or (start, stop] times")
    return(NULL)
  }
  if (name %in% meta$roles["id"]) return("identifies the patient")
  if (is.list(x) || is.matrix(x)) return("not one value for each row")
  if (is_date(x) || has_date_text(x)) return("dates")
  if (names_patients(x, name)) return("identifies the patient")
  if (!is.numeric(x) && !is.logical(x) && !is.factor(x) && !is.character(x) &&
        !inherits(x, "difftime")) {
    return(describe_kind(x))
  }
  NULL
}

# Dates written as text, in whatever order.
has_date_text <- function(x) {
  if (!is.character(x) && !is.factor(x)) return(FALSE)
  any(grepl("^ *[0-9]{1,4}([-/.])[0-9]{1,2}\\1[0-9]{1,4}", unique(as.character(x))))
}

names_patients <- function(x, name) {
  known <- x[!is.na(x)]
  n <- length(known)
  called <- grepl("(^|[_.])(id|mrn|pid)$", name, ignore.case = TRUE)
  if (called && length(unique(known)) > most_groups) return(TRUE)
  if (n < 2L || anyDuplicated(known)) return(FALSE)
  if (is.character(x)) return(TRUE)
  if (is.factor(x)) return(n >= 10L)
  if (!is.numeric(x) || any(known != floor(known))) return(FALSE)
  named <- grepl("(^|[_.])(id|patient|subject|record|case)$", name, ignore.case = TRUE)
  named || n >= 10L && diff(range(known)) == n - 1
}

# Values as they are tabulated: empty text is missing, few whole numbers are categories.
read_table_columns <- function(data, columns, codes, plain) {
  empty <- Filter(function(name) {
    x <- data[[name]]
    (is.character(x) || is.factor(x)) && any(!nzchar(trimws(x)) & !is.na(x))
  }, columns)
  for (name in empty) {
    x <- data[[name]]
    x[!nzchar(trimws(x))] <- NA
    data[[name]] <- if (is.factor(x)) droplevels(x) else x
  }
  if (length(empty)) {
    say("empty", paste0(enumerate(tick(empty), max = 10L), ": empty text is read as missing."))
  }
  for (name in columns) {
    if (inherits(data[[name]], "difftime")) data[[name]] <- with_units(data[[name]], name)
  }
  if (!plain) return(data)
  coded <- read_codes(data, setdiff(names(data), columns), codes)
  for (note in coded$notes[!coded$ordered]) say("codes", note)
  coded$data
}

# A difference of times as a number, its unit in the title.
with_units <- function(x, name) {
  structure(as.double(x), label = paste0(column_title(name, x, NULL), " (", units(x), ")"))
}

read_groups <- function(x) {
  group <- droplevels(as.factor(if (is.logical(x)) factor(x, c(FALSE, TRUE)) else x))
  if (is.logical(x)) levels(group) <- yes_no(levels(group))
  named_levels(group)
}

yes_no <- function(levels) {
  table_word(ifelse(levels == "TRUE", "Yes", ifelse(levels == "FALSE", "No", levels)))
}

# "Overall survival (months)", by endpoint.
endpoint_titles <- function(meta) {
  vapply(meta$endpoints, function(endpoint) paste0(endpoint$label, " (", meta$unit, ")"), "")
}

# Endpoints whose clock starts before the groups are known.
late_endpoints <- function(by, vars, meta) {
  if (!length(by) || !by %in% names(meta$dated)) return(character())
  start <- vapply(meta$endpoints, `[[`, "", "from")
  intersect(vars, names(meta$endpoints)[!start %in% meta$dated[[by]]])
}

# Arguments that may be given by column: unnamed parts hold for all, named ones for one column.
by_column <- function(vars, survival, summary, test, missing, digits) {
  numbers <- c("mean_sd", "mean_sem", "median_iqr", "range")
  curves <- c("events", "median_ci", "median_iqr")
  summary <- split_by_column(summary, "summary", vars, numbers[c(1L, 3L)])
  for (name in survival) {
    if (!isTRUE(attr(summary[[name]], "own"))) summary[[name]] <- curves[1:2]
  }
  list(
    summary = Map(function(x, name) {
      vapply(x, check_choice, "", "summary", if (name %in% survival) curves else numbers,
             USE.NAMES = FALSE)
    }, summary, vars),
    test = lapply(split_by_column(test, "test", vars, "rank"), check_choice, "test",
                  c("rank", "t", "none")),
    missing = lapply(split_by_column(missing, "missing", vars, "shown"), check_choice, "missing",
                     c("shown", "hidden")),
    digits = lapply(split_by_column(digits, "digits", vars, NULL), function(x) {
      if (!is.null(x)) check_number(as.vector(x), "digits", 0, 9, whole = TRUE)
    })
  )
}

split_by_column <- function(x, argument, vars, default) {
  x <- as.list(x)
  names <- if (is.null(names(x))) rep("", length(x)) else names(x)
  unknown <- setdiff(names, c("", vars))
  if (length(unknown)) {
    abort("argument", paste0(tick(argument), ": there is no column ", quoted(unknown[1L]),
                             " in the table."), did_you_mean(unknown[1L], vars))
  }
  lapply(stats::setNames(nm = vars), function(name) {
    if (name %in% names) return(structure(unlist(unname(x[names == name])), own = TRUE))
    all <- unlist(unname(x[names == ""]))
    if (is.null(all)) default else all
  })
}
