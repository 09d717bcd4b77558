# Where a table stands among cells of text: its header, its rows, and what is neither.

# cells: a data frame of texts with the header in one of its rows; header: TRUE, FALSE, or NULL
# where the user did not say. The header is the first row that fills at least half of the columns
# that have content, and not the first alone. Answer: data, named, columns and body (their places in
# cells), notes.
find_table <- function(cells, file, header = NULL) {
  filled <- vapply(cells, function(x) nzchar(trim(x)), logical(nrow(cells)))
  filled <- matrix(filled, nrow(cells))
  rows <- which(rowSums(filled) > 0L)
  columns <- which(colSums(filled) > 0L)
  if (!length(rows)) abort("no_rows", paste0(quoted(basename(file)), " has no content."))
  top <- header_row(cells, filled, rows, columns, header)
  if (is.na(top)) {
    abort("column", paste0(quoted(basename(file)), " does not have a row of column names."))
  }
  names <- trim(vapply(cells[columns], function(x) x[top], "", USE.NAMES = FALSE))
  if (isFALSE(header)) names[] <- ""
  body <- rows[rows > top - isFALSE(header)]
  if (!length(body)) {
    abort("no_rows", paste0(quoted(basename(file)), " has a header but no rows below."))
  }
  left <- rows_of_table(cells[columns], filled[, columns, drop = FALSE], body, names)
  if (is.null(header)) ask_for_header(names, cells[left$body, columns, drop = FALSE])
  check_header(names)
  unnamed <- names == ""
  names[unnamed] <- paste0("column_", columns[unnamed])
  data <- stats::setNames(cells[left$body, columns, drop = FALSE], names)
  rownames(data) <- NULL
  list(data = data, named = !unnamed, columns = columns, body = left$body, notes = c(
    left_notes(rows, top, header), left$notes,
    if (any(unnamed) && !isFALSE(header)) {
      paste0("without a name in the header: ", tick_list(names[unnamed]), ".")
    }
  ))
}

left_notes <- function(rows, top, header) {
  above <- sum(rows < top)
  empty <- sum(!seq(top, max(rows)) %in% rows)
  c(
    if (above) paste0("removed ", count_of(above, "row"), " above the ",
                      if (isFALSE(header)) "table." else "header."),
    if (empty) paste0("removed ", count_of(empty, "row"), " without content.")
  )
}

# The row of the header, or of the first row where there is none.
header_row <- function(cells, filled, rows, columns, header) {
  title <- filled[, columns[1L]] & rowSums(filled) == 1L & length(columns) > 1L
  if (isFALSE(header)) return(rows[!title[rows]][1L])
  top <- rows[rowSums(filled)[rows] >= length(columns) / 2 & !title[rows]][1L]
  below <- rows[rows > top][1L]
  if (is.na(top) || !is_second_header(cells[columns], filled[, columns, drop = FALSE], top,
                                      below)) {
    return(top)
  }
  below
}

# Whether names of columns stand below merged names of groups of columns.
is_second_header <- function(cells, filled, header, below) {
  if (is.na(below) || mean(filled[header, ]) > 0.75 || !all(filled[below, ])) return(FALSE)
  names <- vapply(cells, function(x) x[below], "")
  !anyDuplicated(names) && !any(grepl("^[^[:alpha:]]|^[[:alpha:]]+[0-9]+$", names))
}

total_words <- c(
  "total", "totals", "grand total", "sum", "mean", "average", "median", "sd", "gesamt", "summe",
  "mittelwert", "moyenne", "somme", "media", "promedio"
)

# The rows of patients: without a header that comes again, totals and remarks below the table.
rows_of_table <- function(cells, filled, body, names) {
  again <- nzchar(names) & length(names) > 1L
  same <- vapply(cells[again], function(x) x[body], character(length(body)))
  same <- matrix(same, length(body))
  repeated <- any(again) & rowSums(same == rep(names[again], each = length(body))) == sum(again)
  kept <- body[!repeated]
  totals <- remarks <- 0L
  while (length(kept) > 1L) {
    last <- kept[length(kept)]
    first <- which(filled[last, ])[1L]
    text <- fold(trim(cells[[first]][last]))
    total <- first <= 2L && sub("[ :=.]*$", "", text) %in% total_words
    remark <- !total && first == 1L && sum(filled[last, ]) == 1L && ncol(filled) > 2L &&
      grepl("[a-z]+ .*[a-z]|^[*]", text) && !any(grepl(" ", trim(cells[[1L]][kept[-length(kept)]])))
    if (!total && !remark) break
    totals <- totals + total
    remarks <- remarks + remark
    kept <- kept[-length(kept)]
  }
  list(body = kept, notes = c(
    if (any(repeated)) paste0("removed ", count_of(sum(repeated), "row"),
                              " that repeated the header."),
    if (totals) paste0("removed ", count_of(totals, "row"), " of totals below the table."),
    if (remarks) paste0("removed ", count_of(remarks, "row"), " of remarks below the table.")
  ))
}

# A first row that looks like the rows below it may be a patient, whose values no message may show.
ask_for_header <- function(names, body) {
  doubt <- which(vapply(seq_along(names), function(i) is_value(names[i], trim(body[[i]])), NA))
  if (!length(doubt)) return(invisible())
  abort(
    "column", paste0(
      "The first row may hold a patient, not the names of columns: ",
      if (length(doubt) == 1L) "column " else "columns ", enumerate(doubt),
      if (length(doubt) == 1L) " looks" else " look", " like the rows below."
    ),
    "Set `header = TRUE` if the first row has the names of columns, else `header = FALSE`."
  )
}

# Whether the text above a column is one of its values: a number above numbers, a date above dates,
# a value that comes again, or one that differs from all others in its digits alone, as P01 above
# P02.
is_value <- function(name, column) {
  column <- column[nzchar(column)]
  if (!nzchar(name) || !length(column)) return(FALSE)
  if (name %in% c(missing_words, column)) return(TRUE)
  if (is_number_text(name)) return(mean(is_number_text(column)) > 0.5)
  is_day <- function(x) parse_dates(bare_dates(x))$form %in% names(date_patterns()$whole)
  if (is_day(name)) return(mean(is_day(column)) > 0.5)
  form <- function(x) gsub("[0-9]+", "9", fold(x))
  grepl("[0-9]", name) && length(column) > 1L && all(form(column) == form(name))
}

check_header <- function(names) {
  twice <- which(duplicated(names) & names != "")
  if (!length(twice)) return(invisible())
  abort("column", paste0("The header has one name for columns ",
                         enumerate(which(names == names[twice[1L]])), "."),
        "Rename one of these columns in the file.")
}

# Names that need no backticks, the same in every locale; what the file had is the label.
simple_names <- function(data, how) {
  old <- names(data)
  if (how == "file") return(list(data = data))
  new <- gsub("^_|_$", "", gsub("(*UCP)[^\\p{L}\\p{N}._]+", "_", old, perl = TRUE))
  new <- sub("^(?=[0-9_]|[.][0-9]|$)", "X", new, perl = TRUE)
  plain <- !grepl("[^ -~]", new, perl = TRUE)
  new[plain] <- make.names(new[plain])
  new <- make.unique(new, sep = "_")
  changed <- which(new != old)
  for (i in changed) {
    if (is.null(attr(data[[i]], "label"))) attr(data[[i]], "label") <- old[i]
  }
  names(data) <- new
  list(data = data, notes = if (length(changed)) {
    paste0("renamed, the old name is the label: ", tick_list(new[changed]), ".")
  })
}
