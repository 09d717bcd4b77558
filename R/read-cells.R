# Text and Excel files as a table of texts under a header.

read_text_cells <- function(file, header = NULL) {
  bytes <- as_utf8(file_bytes(file))
  named <- take_sep_line(hide_stray_quotes(bytes$raw))
  connection <- function() rawConnection(named$raw)
  sep <- if (is.null(named$sep)) find_separator(connection()) else named$sep
  first <- connection()
  on.exit(close(first))
  fields <- utils::count.fields(first, sep, quote = "\"", comment.char = "")
  second <- connection()
  on.exit(close(second), add = TRUE)
  cells <- scan(
    second, rep(list(""), max(fields, 1L, na.rm = TRUE)), sep = sep, quote = "\"", fill = TRUE,
    multi.line = FALSE, comment.char = "", na.strings = character(), encoding = "UTF-8",
    quiet = TRUE
  )
  cells <- lapply(cells, function(x) gsub(stray_quote, "\"", x, fixed = TRUE))
  cells <- as.data.frame(stats::setNames(cells, seq_along(cells)))
  refuse_long_cells(cells)
  table <- find_table(cells, file, header)
  if (!isFALSE(header)) refuse_long_rows(table)
  notes <- c(
    if (sep != ",") paste0("separated by ", separators[[sep]], "."), bytes$notes, table$notes,
    short_row_note(fields[!is.na(fields)][table$body], table),
    if (length(cells) == 1L && all(grepl("[^ ] +[^ ]", utils::head(cells[[1L]], 3L)))) {
      "only one column: the columns may be separated by spaces. Save the table as .csv or .xlsx."
    }
  )
  list(data = table$data, separator = sep, notes = notes)
}

# fields: how many each row of the table has.
short_row_note <- function(fields, table) {
  short <- sum(fields < max(table$columns[table$named], 0L), na.rm = TRUE)
  if (short) paste0("rows with fewer fields than the header, filled with NA: ", short, ".")
}

separators <- c(";" = "semicolon", "\t" = "tab", "|" = "bar", "," = "comma")

# "sep=;" in the first line tells Excel the separator. Answer: raw, sep.
take_sep_line <- function(bytes) {
  line <- rawToChar(utils::head(bytes, 10L))
  found <- regmatches(line, regexec("^\"?sep=([,;|\t])\"?\r?\n", line, useBytes = TRUE))[[1L]]
  if (!length(found)) return(list(raw = bytes))
  list(raw = bytes[-seq_len(nchar(found[1L], "bytes"))], sep = found[2L])
}

# The most that a cell of Excel holds; beyond, patterns can exhaust R's stack.
max_cell <- 32767L

refuse_long_cells <- function(cells) {
  long <- which(vapply(cells, function(x) any(nchar(x, "bytes") > 4L * max_cell), NA))
  if (!length(long)) return(invisible())
  at <- which(nchar(cells[[long[1L]]], "bytes") > 4L * max_cell)
  abort("shape", paste0("A cell holds more text than the 32,767 characters of Excel (column ",
                        long[1L], ", line ", at[1L], ")."),
        "Shorten the text, or close the quotation mark in this cell.")
}

# Without this a quotation mark within a text (5" long), or one that is never closed, makes one
# cell of the rows that follow. Marks around a whole field are left.
hide_stray_quotes <- function(bytes) {
  if (!any(bytes == charToRaw("\""))) return(bytes)
  quoted <- "(?<![^,;\t|\r\n ])\"(?:[^\"]++|\"\")*+\"(?= *(?:[,;\t|\r\n]|$))(*SKIP)(*F)|\""
  charToRaw(gsub(quoted, stray_quote, rawToChar(bytes), perl = TRUE, useBytes = TRUE))
}

stray_quote <- "\036"

# A comma in a text without quotes shifts the rest of its row.
refuse_long_rows <- function(table) {
  named <- which(table$named)
  beyond <- table$data[seq_along(table$data) > max(named, 0L)]
  if (!length(beyond)) return(invisible())
  at <- which(Reduce(`|`, lapply(beyond, nzchar)))
  abort(
    "shape", paste0("A row has more fields than the header (row ", at[1L], ")."),
    row_count(at, nrow(beyond)),
    "Put texts that contain the separator in quotes, or save the table as .xlsx."
  )
}

file_bytes <- function(file) {
  connection <- gzfile(file, "rb")
  on.exit(close(connection))
  parts <- list()
  repeat {
    part <- readBin(connection, "raw", 2^22)
    if (!length(part)) return(do.call(c, c(list(raw()), parts)))
    parts[[length(parts) + 1L]] <- part
  }
}

# Answer: raw (UTF-8 with ends of lines that R knows), notes.
as_utf8 <- function(bytes) {
  wide <- wide_encoding(bytes)
  if (!is.null(wide)) {
    text <- iconv(list(bytes[seq_along(bytes) > wide$mark]), wide$name, "UTF-8")
    if (is.na(text)) {
      abort("file", paste0("`file` is in ", wide$name, ", but some of it is not."),
            "The file may be cut off. Save it again as UTF-8.")
    }
    return(list(raw = line_ends(charToRaw(text)),
                notes = paste0("in ", sub("[LB]E$", "", wide$name), ".")))
  }
  if (identical(utils::head(as.integer(bytes), 3L), c(239L, 187L, 191L))) bytes <- bytes[-(1:3)]
  null <- sum(bytes == as.raw(0L))
  bytes <- line_ends(bytes[bytes != as.raw(0L)])
  notes <- if (null) paste0("removed ", count_of(null, "byte"), " without a meaning (NUL).")
  text <- rawToChar(bytes)
  if (validUTF8(text)) return(list(raw = bytes, notes = notes))
  windows <- iconv(text, "CP1252", "UTF-8")
  text <- if (is.na(windows)) iconv(text, "latin1", "UTF-8") else windows
  list(raw = charToRaw(text),
       notes = c(notes, "in Latin-1: check that names with accents are right."))
}

# By its mark, or by the zeros that every second byte of Latin letters is. Answer: name, mark (its
# bytes); or NULL.
wide_encoding <- function(bytes) {
  start <- paste(as.character(utils::head(bytes, 4L)), collapse = "")
  marks <- c(fffe0000 = "UTF-32LE", "0000feff" = "UTF-32BE", fffe = "UTF-16LE", feff = "UTF-16BE")
  found <- which(startsWith(start, names(marks)))
  if (length(found)) {
    return(list(name = marks[[found[1L]]], mark = nchar(names(marks)[found[1L]]) / 2))
  }
  sample <- utils::head(bytes, 2000L) == as.raw(0L)
  odd <- seq_along(sample) %% 2L == 1L
  if (length(sample) < 8L || max(mean(sample[odd]), mean(sample[!odd])) < 0.7) return(NULL)
  list(name = if (mean(sample[odd]) > 0.7) "UTF-16BE" else "UTF-16LE", mark = 0L)
}

# Of an old Mac, lines end with a carriage return alone.
line_ends <- function(bytes) {
  if (!any(bytes == as.raw(10L))) bytes[bytes == as.raw(13L)] <- as.raw(10L)
  bytes
}

# The separator that stands equally often in most lines. A decimal comma is as frequent as the
# separators beside it, so comma comes last.
find_separator <- function(connection) {
  lines <- readLines(connection, 50L, warn = FALSE, encoding = "UTF-8")
  close(connection)
  lines <- gsub("\"[^\"]*\"", "", lines[grepl("[^[:space:];,]", lines)])
  alike <- vapply(names(separators), function(sep) {
    counts <- lengths(regmatches(lines, gregexpr(sep, lines, fixed = TRUE)))
    counts <- counts[counts > 0L]
    if (length(counts)) max(tabulate(counts)) / length(lines) else 0
  }, 0)
  if (all(alike == 0)) "," else names(separators)[which.max(alike)]
}

read_excel_cells <- function(file, sheet, header = NULL) {
  need_package("readxl", "Excel files")
  broken <- function(e) {
    abort("file", paste0(quoted(basename(file)), " cannot be read as an Excel file."),
          "The file may have a password or another format. Save it as .xlsx without a password.")
  }
  path <- with_true_ending(file)
  if (path != file) on.exit(unlink(path))
  sheets <- tryCatch(readxl::excel_sheets(path), error = broken)
  wanted <- check_sheet(sheet, sheets)
  chosen <- choose_sheet(wanted, function(name) {
    tryCatch(
      suppressWarnings(suppressMessages(readxl::read_excel(
        path, name, col_names = FALSE, col_types = "list", .name_repair = "minimal"
      ))),
      error = broken
    )
  })
  cells <- stats::setNames(lapply(chosen$cells, cell_texts), seq_along(chosen$cells))
  refuse_long_cells(cells)
  cells <- as.data.frame(cells)
  table <- find_table(cells, file, header)
  of_body <- function(is_kind) {
    lapply(table$columns, function(i) vapply(chosen$cells[[i]][table$body], is_kind, NA))
  }
  texts <- of_body(is.character)
  stored <- vapply(seq_along(texts), function(i) {
    any(texts[[i]]) && all_numbers(trim(table$data[[i]]))
  }, NA)
  others <- setdiff(sheets[seq_along(sheets) > match(chosen$name, sheets)], chosen$passed)
  list(
    data = table$data, fixed = of_body(is.numeric), notes = c(
      if (length(chosen$passed)) {
        paste0("skipped ", enumerate(paste("sheet", quoted(chosen$passed))),
               ", which does not look like a table of patients.")
      },
      if (is.null(sheet) && length(others)) {
        paste0("sheet ", quoted(chosen$name), " of ", length(sheets), "; `sheet = ",
               quoted(others[1L]), "` reads another.")
      },
      error_note(path, match(chosen$name, sheets)), table$notes,
      named_note("numbers stored as text: ", names(table$data)[stored])
    )
  )
}

about_names <- paste0(
  "^(read[ _-]?me|about|info|information|notes?|legend|legende|code ?book|(data )?dictionary|",
  "variables?|key|hinweise|lies ?mich|contents?|cover|title|instructions?|changelog|glossary)$"
)

# The first sheet with a table; sheets that explain it are passed over. Answer: name, cells, passed.
choose_sheet <- function(wanted, read) {
  passed <- character()
  first <- NULL
  for (name in wanted) {
    cells <- read(name)
    if (!length(cells) || !nrow(cells)) next
    explains <- length(wanted) > 1L && (is_prose(cells) || grepl(about_names, fold(trim(name))))
    if (!explains) return(list(name = name, cells = cells, passed = passed))
    if (is.null(first)) first <- list(name = name, cells = cells, passed = character())
    passed <- c(passed, name)
  }
  if (is.null(first)) list(name = wanted[1L], cells = cells, passed = passed) else first
}

# One column, or texts of several words and hardly a number.
is_prose <- function(cells) {
  cells <- utils::head(cells, 200L)
  values <- unlist(lapply(cells, function(x) cell_texts(x[!vapply(x, is_blank_cell, NA)])))
  filled <- vapply(cells, function(x) !all(vapply(x, is_blank_cell, NA)), NA)
  words <- lengths(strsplit(values, " +"))
  sum(filled) < 2L || (mean(words) >= 3 && mean(is_number_text(values)) < 0.1)
}

is_blank_cell <- function(x) is.null(x) || length(x) != 1L || is.na(x)

# readxl makes NA of Excel's errors; the sheet itself has them. position: of the sheet in the book.
error_note <- function(path, position) {
  sheet <- sheet_file(path, position)
  if (is.null(sheet)) return(NULL)
  connection <- unz(path, sheet, "rb")
  on.exit(close(connection))
  errors <- 0L
  rest <- raw()
  repeat {
    part <- readBin(connection, "raw", 2^20)
    if (!length(part)) break
    errors <- errors + length(grepRaw(" t=\"e\"", c(rest, part), fixed = TRUE, all = TRUE))
    rest <- utils::tail(part, 5L)
  }
  if (errors) paste0(count_of(errors, "cell"), " with an error of Excel (such as #REF!), now NA.")
}

# The file of a sheet inside .xlsx, or NULL.
sheet_file <- function(path, position) {
  if (tools::file_ext(path) != "xlsx") return(NULL)
  inside <- utils::unzip(path, list = TRUE)$Name
  text <- function(name) {
    if (!name %in% inside) return("")
    connection <- unz(path, name, "rb")
    on.exit(close(connection))
    rawToChar(readBin(connection, "raw", 1e7))
  }
  found <- function(pattern, x) regmatches(x, regexpr(pattern, x, perl = TRUE))
  tags <- function(tag, x) regmatches(x, gregexpr(paste0("<", tag, " [^>]*>"), x))[[1L]]
  sheets <- tags("sheet", text("xl/workbook.xml"))
  if (position > length(sheets)) return(NULL)
  id <- found("(?<=r:id=\")[^\"]*", sheets[position])
  links <- tags("Relationship", text("xl/_rels/workbook.xml.rels"))
  link <- links[grepl(paste0(" Id=\"", id, "\""), links, fixed = TRUE)]
  if (length(id) != 1L || length(link) != 1L) return(NULL)
  target <- found("(?<=Target=\")[^\"]*", link)
  sheet <- if (startsWith(target, "/")) substring(target, 2L) else paste0("xl/", target)
  if (sheet %in% inside) sheet
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

# 1900-01-01 in seconds.
excel_day_1 <- -2208988800

cell_text <- function(x) {
  if (is_blank_cell(x)) return("")
  if (inherits(x, "POSIXt")) {
    # A time of day alone is a part of Excel's day 0.
    return(format(x, if (unclass(x) < excel_day_1) "%H:%M" else "%Y-%m-%d", tz = "UTC"))
  }
  if (!is.numeric(x)) return(as.character(x))
  short <- number_text(x)
  if (identical(as.numeric(short), as.numeric(x))) short else
    formatC(x, digits = 17L, width = 1L, format = "g", decimal.mark = ".")
}
