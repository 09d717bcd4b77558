# What is wrong in the tables of a cohort: problems as rows, and what is said of them.

new_problem <- function(kind, table, columns, rows, text) {
  list(
    kind = kind, table = table, columns = paste(columns, collapse = ", "), rows = as.integer(rows),
    text = text
  )
}

problem_table <- function(problems) {
  problems <- unname(Filter(function(problem) length(problem$rows) > 0L, problems))
  part <- function(name, empty) vapply(problems, `[[`, empty, name)
  out <- data.frame(
    kind = part("kind", ""), table = part("table", ""), columns = part("columns", ""),
    text = part("text", "")
  )
  out$n <- vapply(problems, function(problem) length(problem$rows), 0L)
  out$rows <- lapply(problems, `[[`, "rows")
  out
}

# sizes: rows by table.
abort_problems <- function(problems, sizes, way_out = exclude_way_out) {
  if (!nrow(problems)) return(invisible())
  tables <- unique(problems$table)
  counts <- vapply(tables, function(table) {
    rows <- unique(unlist(problems$rows[problems$table == table]))
    paste(length(rows), "of", count_of(sizes[[table]], "row"), "of", tick(table))
  }, "")
  lines <- paste0(
    "* ", ifelse(problems$table == "patients", "", paste0(tick(problems$table), ": ")),
    problems$text, ": ", vapply(problems$rows, row_list, "", max = 10L), "."
  )
  hints <- c(
    duplicate_id = one_row_way_out, too_long = too_long_way_out
  )
  way_out <- c(way_out, unname(hints[names(hints) %in% problems$kind]))
  abort(
    "cohort", paste0("Impossible records in ", enumerate(counts), ":"), lines, way_out,
    fields = list(problems = problems)
  )
}

# Each row is counted under the first reason that it has. Answer: the rows that
# stay, and the part of the audit.
exclude_problems <- function(problems, n) {
  gone <- logical(n)
  counts <- vapply(problems$rows, function(rows) {
    new <- rows[!gone[rows]]
    gone[new] <<- TRUE
    length(new)
  }, 0L)
  list(
    keep = which(!gone),
    audit = audit_rows("excluded", problems$kind, problems$table, problems$columns, counts,
                       problems$text)[counts > 0L, ]
  )
}

exclusion_lines <- function(excluded) {
  patients <- excluded$table == "patients"
  of <- ifelse(patients, "", paste0(" of ", tick(excluded$table)))
  what <- ifelse(patients & !grepl("^duplicate", excluded$kind), "patient", "row")
  paste0(mapply(count_of, excluded$n, what), of, " excluded because ", excluded$text, ".")
}

# Ids as they are compared: without spaces around them, and 1e5 as 100000.
id_text <- function(x) {
  if (is.double(x) && !is.object(x)) {
    whole <- !is.na(x) & x == floor(x) & abs(x) < 1e15
    text <- as.character(x)
    text[whole] <- sprintf("%.0f", x[whole])
    return(text)
  }
  trimws(as.character(x))
}
