# What all tables share: strings with footnote marks, print, and the generics of the numbers.

# The strings of a table and where they stand:
#   head    titles of the columns, the first for the labels; "\n" breaks a line
#   span    titles over neighbouring columns of the same one, "" for none
#   body    matrix of strings, labels in the first column
#   indent  steps of each label
#   align   by column: "left", "right", or "number" (aligned at what follows the number)
#   notes   list of footnotes: text, and i and j, the cells that they stand at (i = 0: the head);
#           a symbol where it is fixed
table_cells <- function(x) UseMethod("table_cells")

finished_cells <- function(x) {
  if (is.null(x$settings$style$decimal)) x$settings$style$decimal <- getOption("OutDec")
  cells <- with_point(table_cells(x))
  cells$caption <- x$caption
  marks <- matrix("", nrow(cells$body) + 1L, ncol(cells$body))
  # Letters in the order in which they are read, notes without a place last.
  place <- vapply(cells$notes, function(note) {
    if (length(note$i)) min(note$i * ncol(marks) + note$j) else Inf
  }, 0)
  cells$notes <- cells$notes[order(place)]
  letters_used <- 0L
  for (k in seq_along(cells$notes)) {
    note <- cells$notes[[k]]
    symbol <- note$symbol
    if (is.null(symbol) && length(note$i)) {
      letters_used <- letters_used + 1L
      symbol <- mark_letters[letters_used]
    }
    if (length(note$i)) {
      at <- cbind(note$i + 1L, note$j)
      marks[at] <- paste0(marks[at], symbol)
    }
    cells$notes[[k]]$symbol <- if (is.null(symbol)) "" else symbol
  }
  cells$marks <- marks
  cells
}

mark_letters <- c(letters, paste0(rep(letters, each = 26L), letters))

# Marks as characters, for text without markup.
raised <- function(marks) {
  from <- "abcdefghijklmnoprstuvwxyz"
  to <- paste0("\u1d43\u1d47\u1d9c\u1d48\u1d49\u1da0\u1d4d\u02b0\u2071\u02b2\u1d4f\u02e1\u1d50",
               "\u207f\u1d52\u1d56\u02b3\u02e2\u1d57\u1d58\u1d5b\u02b7\u02e3\u02b8\u1dbb")
  if (!l10n_info()[["UTF-8"]]) return(ifelse(nzchar(marks), paste0(" [", marks, "]"), ""))
  chartr(from, to, marks)
}

# A column whose first numbers have their decimal marks in one place; words stay at the left. pad:
# a character as wide as a digit.
pad_numbers <- function(text, pad = " ") {
  width <- attr(regexpr("^[<*]?[0-9]*(,[0-9]{3})*", text), "match.length")
  paste0(ifelse(width > 0L, strrep(pad, max(width) - width), ""), text)
}

# The body and the lines of the head as text with marks. pad: see pad_numbers(), NULL for none;
# escape: a function that is put over strings that may come from the data.
text_cells <- function(cells, pad = " ", escape = identity, indent = "  ") {
  body <- cells$body
  if (!is.null(pad)) {
    for (j in which(cells$align == "number")) body[, j] <- pad_numbers(body[, j], pad)
  }
  body[] <- paste0(escape(body), raised(cells$marks[-1L, , drop = FALSE]))
  body[, 1L] <- paste0(strrep(indent, cells$indent), body[, 1L])
  list(body = body, head = paste0(escape(cells$head), raised(cells$marks[1L, ])))
}

# A line for each note that stands somewhere, and one for all others.
note_lines <- function(cells, escape = identity) {
  notes <- joined_notes(cells)
  vapply(notes, function(note) {
    paste0(if (nzchar(note$symbol)) paste0(trimws(raised(note$symbol)), " "), escape(note$text))
  }, "")
}

joined_notes <- function(cells) {
  free <- vapply(cells$notes, function(note) !nzchar(note$symbol), NA)
  text <- paste(vapply(cells$notes[free], `[[`, "", "text"), collapse = " ")
  c(cells$notes[!free], if (any(free)) list(list(symbol = "", text = text)))
}

# Titles on one line, with the title above them where they would be alike.
single_heads <- function(head, span) {
  head <- gsub("\n", " ", head)
  alike <- duplicated(head) | duplicated(head, fromLast = TRUE)
  ifelse(nzchar(span) & alike, paste0(span, ": ", head), head)
}

#' @rdname lms_table
#' @rawNamespace S3method(base::format,lms_table)
#' @method format lms_table
format.lms_table <- function(x, ...) {
  refuse_typed_dots("format", "x", dot_names(...))
  cells <- finished_cells(x)
  text <- text_cells(cells, pad = NULL)
  out <- as.data.frame(text$body, stringsAsFactors = FALSE)
  names(out) <- single_heads(text$head, cells$span)
  attr(out, "notes") <- note_lines(cells)
  out
}

#' @rdname lms_table
#' @export
print.lms_table <- function(x, ...) {
  cells <- finished_cells(x)
  text <- text_cells(cells)
  for (j in which(cells$align == "number")) {
    lines <- strsplit(text$head[j], "\n")[[1L]]
    width <- max(nchar(c(lines, text$body[, j]), "width"))
    text$body[, j] <- formatC(text$body[, j], width = -width)
    text$head[j] <- paste(formatC(lines, width = -width), collapse = "\n")
  }
  if (!is.null(x$caption)) {
    print_lines(cli::style_bold(x$caption))
    cat("\n")
  }
  for (columns in column_blocks(text, cells)) print_block(text, cells, columns)
  if (length(cells$notes)) {
    cat("\n")
    print_lines(note_lines(cells))
  }
  invisible(x)
}

# As many columns side by side as the console has room for.
column_blocks <- function(text, cells, width = cli::console_width()) {
  widths <- vapply(seq_along(text$head), function(j) {
    max(nchar(c(unlist(strsplit(text$head[j], "\n")), text$body[, j]), "width"))
  }, 0)
  room <- width - max(20, min(widths[1L], width / 2))
  blocks <- list(integer())
  for (j in seq_along(widths)[-1L]) {
    last <- length(blocks)
    full <- sum(widths[c(blocks[[last]], j)] + 2L) > room
    if (full && length(blocks[[last]])) blocks[[last + 1L]] <- j
    else blocks[[last]] <- c(blocks[[last]], j)
  }
  lapply(blocks, function(block) c(1L, block))
}

print_block <- function(text, cells, columns) {
  span <- cells$span[columns]
  head <- strsplit(paste0(text$head[columns], "\n"), "\n")
  head <- vapply(head, `[`, character(2), 1:2)
  head[is.na(head)] <- ""
  span[duplicated(span)] <- ""
  head <- rbind(span, head)
  print_columns(rbind(head[apply(head != "", 1L, any), ], text$body[, columns, drop = FALSE]))
  if (max(columns) < ncol(text$body)) cat("\n")
}

#' @rdname lms_table
#' @export
as.data.frame.lms_table <- function(x, row.names = NULL, optional = FALSE, ...) {
  refuse_typed_dots("as.data.frame", "x", dot_names(...))
  x$numbers
}

#' @rdname lms_table
#' @export
tidy.lms_table <- function(x, ...) {
  refuse_typed_dots("tidy", "x", dot_names(...))
  as_tibble_class(as.list(x$numbers))
}
