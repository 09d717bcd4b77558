# Text and Excel files as a table of texts under a header.

missing_words <- c("NA", "N/A", "n/a", "#N/A", "NaN", "NULL", ".")

read_text_cells <- function(file) {
  bytes <- as_utf8(readBin(file, "raw", file.size(file)))
  bytes$raw <- hide_stray_quotes(bytes$raw)
  connection <- function() rawConnection(bytes$raw)
  sep <- find_separator(connection())
  first <- connection()
  on.exit(close(first))
  fields <- utils::count.fields(first, sep, quote = "\"", comment.char = "")
  second <- connection()
  on.exit(close(second), add = TRUE)
  cells <- scan(
    second, rep(list(""), max(fields, 1L, na.rm = TRUE)), sep = sep, quote = "\"", fill = TRUE,
    multi.line = FALSE, comment.char = "", na.strings = character(), strip.white = TRUE,
    encoding = "UTF-8", quiet = TRUE
  )
  cells <- lapply(cells, function(x) trim(gsub(stray_quote, "\"", x, fixed = TRUE)))
  cells <- as.data.frame(stats::setNames(cells, seq_along(cells)))
  table <- find_table(cells, file)
  refuse_long_rows(table)
  separator <- c("," = "comma", ";" = "semicolon", "\t" = "tab", "|" = "bar")[[sep]]
  notes <- c(if (sep != ",") paste0("separated by ", separator, "."), bytes$note, table$notes)
  list(data = table$data, notes = notes)
}

# Without this a quotation mark within a text (5" long), or one that is never closed, makes one
# cell of the rows that follow. Marks around a whole field are left.
hide_stray_quotes <- function(bytes) {
  if (!any(bytes == charToRaw("\""))) return(bytes)
  quoted <- "(?<![^,;\t|\r\n ])\"(?:[^\"]++|\"\")*+\"(?= *(?:[,;\t|\r\n]|$))(*SKIP)(*F)|\""
  charToRaw(gsub(quoted, stray_quote, rawToChar(bytes), perl = TRUE, useBytes = TRUE))
}

stray_quote <- "\036"

# No-break spaces too, which web pages and Word leave.
trim <- function(x) trimws(x, whitespace = "[\\h\\v]")

# A comma in a text without quotes shifts the rest of its row.
refuse_long_rows <- function(table) {
  named <- which(table$named)
  beyond <- table$data[seq_along(table$data) > max(named, 0L)]
  if (!length(beyond)) return(invisible())
  at <- which(Reduce(`|`, lapply(beyond, nzchar)))
  abort(
    "shape", paste0("A row has more fields than the header (row ", at[1L], ")."),
    row_count(at, nrow(beyond)),
    "Put texts that hold the separator in quotes, or save the table as .xlsx."
  )
}

# Answer: raw, note.
as_utf8 <- function(bytes) {
  mark <- utils::head(as.integer(bytes), 3L)
  wide <- c("255 254" = "UTF-16LE", "254 255" = "UTF-16BE")[paste(mark[1:2], collapse = " ")]
  if (identical(mark, c(239L, 187L, 191L))) bytes <- bytes[-(1:3)]
  if (!is.na(wide)) {
    text <- iconv(list(bytes[-(1:2)]), wide, "UTF-8")
    return(list(raw = charToRaw(text), note = "in UTF-16."))
  }
  bytes <- bytes[bytes != as.raw(0L)]
  text <- rawToChar(bytes)
  if (validUTF8(text)) return(list(raw = bytes))
  windows <- iconv(text, "CP1252", "UTF-8")
  text <- if (is.na(windows)) iconv(text, "latin1", "UTF-8") else windows
  list(raw = charToRaw(text), note = "in Latin-1: look whether names with accents are right.")
}

# A decimal comma is as frequent as the separators beside it, so comma comes last.
find_separator <- function(connection) {
  lines <- readLines(connection, 20L, warn = FALSE, encoding = "UTF-8")
  close(connection)
  lines <- gsub("\"[^\"]*\"", "", lines[grepl("[^[:space:];,]", lines)])
  for (sep in c(";", "\t", "|")) {
    counts <- lengths(regmatches(lines, gregexpr(sep, lines, fixed = TRUE)))
    if (length(counts) && stats::median(counts) >= 1) return(sep)
  }
  ","
}

read_excel_cells <- function(file, sheet) {
  need_package("readxl", "Excel files")
  broken <- function(e) {
    abort("file", paste0(quoted(basename(file)), " cannot be read as an Excel file."),
          "It may have a password, or be of another program. Save it as .xlsx without one.")
  }
  path <- with_true_ending(file)
  if (path != file) on.exit(unlink(path))
  sheets <- tryCatch(readxl::excel_sheets(path), error = broken)
  wanted <- check_sheet(sheet, sheets)
  for (name in wanted) {
    cells <- tryCatch(
      suppressWarnings(suppressMessages(readxl::read_excel(
        path, name, col_names = FALSE, col_types = "list", .name_repair = "minimal"
      ))),
      error = broken
    )
    if (length(cells) && nrow(cells)) break
  }
  text <- lapply(cells, function(x) vapply(x, is.character, NA))
  cells <- as.data.frame(lapply(cells, cell_texts))
  table <- find_table(cells, file)
  others <- sheets[seq_along(sheets) > match(name, sheets)]
  other <- if (is.null(sheet) && length(others)) {
    paste0("sheet ", quoted(name), " of ", length(sheets), "; `sheet = ", quoted(others[1L]),
           "` reads another.")
  }
  stored <- vapply(seq_along(table$data), function(i) {
    any(text[[table$columns[i]]][table$body]) && all_numbers(table$data[[i]])
  }, NA)
  list(data = table$data, notes = c(
    other, table$notes, named_note("numbers stored as text: ", names(table$data)[stored])
  ))
}

# readxl goes by the ending, which is .xls for many files that hold .xlsx, and the reverse.
with_true_ending <- function(file) {
  true <- if (identical(readBin(file, "raw", 2L), charToRaw("PK"))) "xlsx" else "xls"
  if (tolower(tools::file_ext(file)) == true) return(file)
  copy <- tempfile(fileext = paste0(".", true))
  file.copy(file, copy)
  copy
}

check_sheet <- function(sheet, sheets) {
  if (is.null(sheet)) return(sheets)
  if (is.numeric(sheet) && length(sheet) == 1L && sheet %in% seq_along(sheets)) {
    return(sheets[sheet])
  }
  if (is.character(sheet) && length(sheet) == 1L && sheet %in% sheets) return(sheet)
  abort(
    "argument", paste0("There is no sheet ", describe(sheet), " (`sheet`)."),
    if (is.character(sheet) && length(sheet) == 1L) did_you_mean(sheet, sheets),
    paste0("The file has ", enumerate(quoted(sheets), max = 20L), ".")
  )
}

cell_texts <- function(cells) vapply(cells, cell_text, "", USE.NAMES = FALSE)

cell_text <- function(x) {
  if (is.null(x) || length(x) != 1L || is.na(x)) return("")
  if (inherits(x, "POSIXt")) return(format(x, "%Y-%m-%d", tz = "UTC"))
  if (!is.numeric(x)) return(trim(as.character(x)))
  short <- formatC(x, digits = 15L, width = 1L, format = "fg")
  if (identical(as.numeric(short), as.numeric(x))) short else
    formatC(x, digits = 17L, width = 1L, format = "g")
}

# cells: a data frame of texts with the header in one of its rows. The header is the
# first row that fills at least half of the columns that have content, and not the first alone.
find_table <- function(cells, file) {
  filled <- vapply(cells, nzchar, logical(nrow(cells)))
  filled <- matrix(filled, nrow(cells))
  rows <- which(rowSums(filled) > 0L)
  columns <- which(colSums(filled) > 0L)
  if (!length(rows)) abort("no_rows", paste0(quoted(basename(file)), " has no content."))
  title <- filled[, columns[1L]] & rowSums(filled) == 1L & length(columns) > 1L
  header <- rows[rowSums(filled)[rows] >= length(columns) / 2 & !title[rows]][1L]
  if (is.na(header)) abort("column", paste0(quoted(basename(file)), " has no row of column names."))
  below <- rows[rows > header][1L]
  if (is_second_header(cells[columns], filled[, columns, drop = FALSE], header, below)) {
    header <- below
  }
  names <- vapply(cells[columns], function(x) x[header], "", USE.NAMES = FALSE)
  body <- rows[rows > header]
  if (!length(body)) {
    abort("no_rows", paste0(quoted(basename(file)), " has a header and no rows below it."))
  }
  check_header(names)
  unnamed <- names == ""
  names[unnamed] <- paste0("column_", columns[unnamed])
  data <- stats::setNames(cells[body, columns, drop = FALSE], names)
  rownames(data) <- NULL
  above <- sum(rows < header)
  empty <- header + seq_len(max(rows) - header)
  empty <- sum(!empty %in% rows)
  list(data = data, named = !unnamed, columns = columns, body = body, notes = c(
    if (above) paste0("left out ", count_of(above, "row"), " above the header."),
    if (empty) paste0("left out ", count_of(empty, "row"), " without content."),
    if (any(unnamed)) paste0("without a name in the header: ", tick_list(names[unnamed]), ".")
  ))
}

# Whether names of columns stand below merged names of groups of columns.
is_second_header <- function(cells, filled, header, below) {
  if (is.na(below) || mean(filled[header, ]) > 0.75 || !all(filled[below, ])) return(FALSE)
  names <- vapply(cells, function(x) x[below], "")
  !anyDuplicated(names) && !any(grepl("^[^[:alpha:]]|^[[:alpha:]]+[0-9]+$", names))
}

tick_list <- function(names) enumerate(tick(names), max = 12L)

check_header <- function(names) {
  twice <- unique(names[duplicated(names) & names != ""])
  if (length(twice)) {
    abort("column", paste0("The header has two columns ", quoted(twice[1L]), "."),
          "Give one of them another name in the file.")
  }
  values <- grepl("^-?[0-9.,/-]+$", names[names != ""])
  if (length(values) && mean(values) > 0.5) {
    abort("column", "The first row holds values, not names of columns.",
          "Put a row of names above it in the file.")
  }
}

# Names that need no backticks; what the file had is the label.
simple_names <- function(data, how) {
  old <- names(data)
  if (how == "file") return(list(data = data))
  new <- gsub("^_|_$", "", gsub("[^[:alnum:]._]+", "_", old))
  new <- make.names(new)
  new[old == make.names(old)] <- old[old == make.names(old)]
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
