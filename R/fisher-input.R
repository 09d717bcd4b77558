# From what the user gave lms_fisher() to a table of counts without empty rows or
# columns.

# input: x, y, data, subset as column() makes them, or NULL. frame: where the verb
# was called.
# Answer: counts (a table), variables (names of its rows and columns), n, missing
# (by variable), n_missing, notes.
fisher_counts <- function(input, frame) {
  data <- if (!is.null(input$data)) given_data(input)
  x <- fisher_x(input$x, data, frame)
  if (is.data.frame(x)) {
    y <- if (!is.null(input$y)) tryCatch(input$y$value(), error = function(e) NULL)
    if (!is_formula(y) || !is.null(data)) refuse_data_frame()
    data <- fisher_data(x)
    x <- y
  } else if (is_formula(x) && !is.null(input$y)) {
    data <- formula_data(input$y$value(), data)
  } else if (is_table(x) && !is.null(input$y)) {
    abort(
      "argument", "`y` cannot be combined with a table of counts.",
      "Give the table alone, or two variables."
    )
  }
  if (is_table(x)) {
    if (!is.null(input$subset)) {
      abort("argument", "`subset` chooses rows of data, but a table of counts has no rows of data.")
    }
    return(keep_used(given_counts(x)))
  }
  variables <- if (is_formula(x)) {
    formula_variables(x, data)
  } else {
    two_vectors(x, input, data, frame)
  }
  subset <- read_column(input$subset, "subset", data, frame, frame)
  cross_count(variables, rows_in_use(subset, length(variables[[1L]])))
}

is_formula <- function(x) inherits(x, "formula")

is_table <- function(x) is.table(x) || (is.array(x) && length(dim(x)) > 1L)

fisher_data <- function(data) {
  if (is_formula(data)) {
    abort("swapped", "`x` and `data` are the wrong way round: the formula comes first.")
  }
  check_data(data)
}

# `cohort |> lms_fisher(group, outcome)` makes `outcome` the data.
given_data <- function(input) {
  tryCatch(fisher_data(input$data$value()), error = function(e) {
    x <- tryCatch(input$x$value(), error = function(e) NULL)
    if (is.data.frame(x)) refuse_data_frame()
    stop(e)
  })
}

fisher_x <- function(column, data, frame) {
  formula <- is.call(column$expr) && identical(column$expr[[1L]], quote(`~`))
  if (formula || is.null(data)) column$value() else read_column(column, "x", data, frame, frame)
}

# For `lms_fisher(outcome ~ group, cohort)`.
formula_data <- function(y, data) {
  if (is.data.frame(y) && is.null(data)) return(fisher_data(y))
  abort(
    "argument", "`y` cannot be combined with a formula, which has both variables.",
    "Write `lms_fisher(outcome ~ group, data = cohort)`."
  )
}

refuse_data_frame <- function() {
  abort(
    "argument", "`x` is a data frame: it could be data or a table of counts.",
    "For data, write `lms_fisher(outcome ~ group, data = cohort)` or, in a pipe,",
    "`cohort |> lms_fisher(outcome ~ group)`; for counts `lms_fisher(as.matrix(counts))`."
  )
}

# Answer: list(rows, columns) named as the user names them.
formula_variables <- function(formula, data) {
  env <- environment(formula)
  if (is.null(env)) env <- globalenv()
  sides <- as.list(formula)[-1L]
  if (length(sides) == 1L) {
    sum <- sides[[1L]]
    sides <- if (is.call(sum) && identical(sum[[1L]], quote(`+`))) as.list(sum)[-1L]
  } else {
    sides <- rev(sides)
  }
  one <- function(side) {
    operator <- is.call(side) && as.character(side[[1L]])[1L] %in% c("+", "*", ":", "|", "-")
    !operator && !identical(side, quote(.)) && !is.numeric(side)
  }
  if (length(sides) != 2L || !all(vapply(sides, one, NA))) {
    abort(
      "formula", "`x` must be a formula with one variable on each side.",
      "Write `lms_fisher(outcome ~ group, data = cohort)`."
    )
  }
  where <- if (is.null(data)) "the environment of the formula" else "`data`"
  values <- explain_lookup(
    as.call(c(quote(list), sides)), data, env, where, lapply(sides, eval, data, env)
  )
  stats::setNames(values, vapply(sides, deparse_short, ""))
}

two_vectors <- function(x, input, data, frame) {
  if (is.null(input$y)) {
    abort(
      "argument", "`y` is missing: `x` is a single variable.",
      "Write `lms_fisher(outcome ~ group, data = cohort)` or `lms_fisher(group, outcome)`,",
      "or give a table of counts: `lms_fisher(matrix(c(3, 1, 1, 3), 2))`."
    )
  }
  y <- if (is.null(data)) input$y$value() else read_column(input$y, "y", data, frame, frame)
  if (is_formula(y)) {
    abort("swapped", "`x` and `y` are the wrong way round: the formula comes first.")
  }
  labels <- c(variable_label(input$x$expr, "x"), variable_label(input$y$expr, "y"))
  stats::setNames(list(x, y), labels)
}

# `subtype` of cohort$subtype, cohort[["subtype"]] and "subtype".
variable_label <- function(expr, argument) {
  if (is.name(expr) || is.character(expr)) return(as.character(expr))
  head <- if (is.call(expr)) as.character(expr[[1L]])[1L] else ""
  named <- head == "$" || head == "[[" && is.character(expr[[3L]])
  if (named) as.character(expr[[3L]]) else argument
}

cross_count <- function(variables, rows) {
  labels <- names(variables)
  for (i in 1:2) check_variable(variables[[i]], labels[i])
  if (length(variables[[1L]]) != length(variables[[2L]])) {
    abort(
      "argument",
      paste0(
        tick(labels[1L]), " and ", tick(labels[2L]), " must have the same number of values, ",
        "not ", length(variables[[1L]]), " and ", length(variables[[2L]]), "."
      )
    )
  }
  if (!is.null(rows)) variables <- lapply(variables, `[`, rows)
  factors <- Map(as_levels, variables, labels)
  gone <- lapply(factors, function(f) is.na(as.integer(f)))
  omit <- gone[[1L]] | gone[[2L]]
  missing <- stats::setNames(vapply(gone, sum, 0L), labels)
  if (all(omit)) {
    if (!length(omit)) abort("no_rows", "There are no rows to count.")
    abort_no_rows(missing[missing > 0L], length(omit))
  }
  empty <- Map(function(f, label) {
    if (any(f == "" & !omit, na.rm = TRUE)) empty_note(label, sum(f == "" & !omit, na.rm = TRUE))
  }, factors, labels)
  counts <- table(factors[[1L]][!omit], factors[[2L]][!omit], dnn = labels)
  out <- keep_used(counts)
  out$notes <- c(out$notes, unlist(unname(empty)))
  out$missing <- missing[missing > 0L]
  out$n_missing <- sum(omit)
  out
}

check_variable <- function(x, label) {
  if (is.data.frame(x) || is.list(x) || is.function(x) || is.null(x) || is.array(x)) {
    abort("argument", paste0(tick(label), " must be a vector or factor, not ", describe(x), "."))
  }
  values <- if (is.factor(x)) nlevels(x) else length(unique(x))
  limit <- if (is.factor(x)) 1000L else if (is.character(x)) 50L else max_groups
  if (values > limit) {
    abort(
      "argument",
      paste0(tick(label), " is not categorical (", count_of(values, "different value"), ")."),
      if (is.numeric(x)) {
        paste0("Group its values, such as `cut(", label, ", c(0, 50, 65, Inf))`.")
      } else {
        "Group its values."
      }
    )
  }
}

# A table or matrix that the user made.
given_counts <- function(x) {
  if (inherits(x, "ftable")) x <- as.table(x)
  if (length(dim(x)) != 2L) {
    abort(
      "counts",
      paste0("`x` must be a table of 2 dimensions, not ", length(dim(x)), "."),
      if (length(dim(x)) > 2L) {
        "For one table per stratum see mantelhaen.test(exact = TRUE)."
      } else {
        "Count two variables: `table(group, outcome)`."
      }
    )
  }
  values <- as.vector(unclass(x))
  wrong <- if (!is.numeric(values)) TRUE else
    !is.finite(values) | values < 0 | values != floor(values)
  if (any(wrong)) {
    value <- if (is.numeric(values)) format_value(values[wrong][1L]) else describe(values)
    abort(
      "counts", paste0("`x` must hold counts: whole numbers of 0 or more, not ", value, "."),
      "Give the counts, not percentages or rates."
    )
  }
  names <- dimnames(x)
  rows <- if (is.null(names[[1L]])) paste("row", seq_len(nrow(x))) else names[[1L]]
  columns <- if (is.null(names[[2L]])) paste("column", seq_len(ncol(x))) else names[[2L]]
  rows[is.na(rows)] <- columns[is.na(columns)] <- "(missing)"
  labels <- names(names)
  if (is.null(labels)) labels <- c("", "")
  labels[labels == ""] <- c("rows", "columns")[labels == ""]
  out <- matrix(values, nrow(x), dimnames = stats::setNames(list(rows, columns), labels))
  as.table(out)
}

# Drops empty rows and columns, and says so.
keep_used <- function(counts) {
  labels <- names(dimnames(counts))
  if (sum(counts) == 0) abort("no_rows", "The table is empty: all cells are 0.")
  notes <- NULL
  used <- lapply(1:2, function(i) apply(counts, i, sum) > 0)
  for (i in 1:2) {
    unused <- dimnames(counts)[[i]][!used[[i]]]
    if (length(unused)) notes <- c(notes, unused_note(labels[i], unused))
  }
  counts <- counts[used[[1L]], used[[2L]], drop = FALSE]
  for (i in which(dim(counts) < 2L)) {
    abort(
      "one_level",
      paste0(
        tick(labels[i]), " is ", quoted(dimnames(counts)[[i]]), " in all ",
        count_of(sum(counts), "row"), ", so there is nothing to compare."
      ),
      if (length(notes)) "Levels without rows are ignored."
    )
  }
  list(
    counts = counts, variables = labels, n = sum(counts), missing = NULL, n_missing = 0L,
    notes = unname(notes)
  )
}
