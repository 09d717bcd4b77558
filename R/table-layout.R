# Tables laid out for HTML, Word and LaTeX by flextable, for markdown by knitr.

# Thin rules and no grid; labels indented, footnotes below.
#' @exportS3Method flextable::as_flextable
as_flextable.lms_table <- function(x, caption = x$caption, # nolint: object_name_linter.
                                   page = c("portrait", "landscape"), part = NULL, ...) {
  refuse_typed_dots("as_flextable", c("caption", "page", "part"), dot_names(...))
  room <- page_room[[check_option(page, "page", names(page_room))]]
  cells <- part_of_cells(finished_cells(x), room, part)
  if (knitr_output() == "latex") {
    cells <- latex_cells(cells)
    caption <- if (!is.null(caption)) latex_safe(caption)
  } else {
    # A digit's width of space, which LaTeX does not know.
    for (j in which(cells$align == "number")) {
      cells$body[, j] <- pad_numbers(cells$body[, j], "\u2007")
    }
  }
  data <- as.data.frame(cells$body, stringsAsFactors = FALSE)
  names(data) <- paste0("column", seq_along(data))
  out <- flextable::flextable(data)
  heads <- stats::setNames(as.list(cells$head), names(data))
  out <- flextable::set_header_labels(out, values = heads)
  out <- add_marks(out, cells)
  for (note in joined_notes(cells)) {
    text <- if (nzchar(note$symbol)) {
      flextable::as_paragraph(flextable::as_sup(note$symbol), " ", note$text)
    } else {
      flextable::as_paragraph(note$text)
    }
    out <- flextable::add_footer_lines(out, text)
  }
  out <- finish_layout(out, cells, room)
  if (is.null(caption)) return(out)
  bold <- officer::fp_text(font.size = 10, bold = TRUE, font.family = table_font())
  # Word counts the tables; other formats leave the number out.
  number <- officer::run_autonum("tab", pre_label = paste0(table_word("Table"), " "),
                                 post_label = ". ", prop = bold)
  text <- flextable::as_chunk(caption, props = bold)
  flextable::set_caption(
    out, flextable::as_paragraph(text), autonum = if (!isTRUE(x$numbered)) number,
    align_with_table = FALSE,
    fp_p = officer::fp_par(text.align = "left", padding = 3, padding.top = 14)
  )
}

# What flextable escapes wrongly: a backslash runs into the word after it, a circumflex breaks the
# line.
latex_safe <- function(x) {
  x <- gsub("\\\\(?=[[:alpha:]])", "\\\\ ", x, perl = TRUE)
  gsub("^", "\u02c6", x, fixed = TRUE)
}

latex_cells <- function(cells) {
  for (part in c("head", "span", "body")) cells[[part]][] <- latex_safe(cells[[part]])
  cells$notes <- lapply(cells$notes, function(note) {
    note$text <- latex_safe(note$text)
    note
  })
  # Where cells have no padding.
  cells$body[, 1L] <- paste0(strrep("\u00a0", 4L * cells$indent), cells$body[, 1L])
  cells
}

add_marks <- function(out, cells) {
  marked <- which(cells$marks != "", arr.ind = TRUE)
  for (k in seq_len(nrow(marked))) {
    i <- marked[k, 1L] - 1L
    mark <- flextable::as_sup(cells$marks[marked[k, , drop = FALSE]])
    out <- if (i) {
      flextable::append_chunks(out, i = i, j = marked[k, 2L], mark)
    } else {
      flextable::append_chunks(out, i = 1L, j = marked[k, 2L], mark, part = "header")
    }
  }
  out
}

# Titles over several columns, with a rule below each.
add_spans <- function(out, cells) {
  if (!any(nzchar(cells$span))) return(out)
  runs <- rle(cells$span)
  out <- flextable::add_header_row(out, values = runs$values, colwidths = runs$lengths)
  flextable::align(out, i = 1L, j = which(nzchar(cells$span)), align = "center", part = "header")
}

finish_layout <- function(out, cells, room) {
  rule <- list(width = 1, color = "black", style = "solid")
  thin <- list(width = 0.5, color = "black", style = "solid")
  out <- flextable::align(out, align = "left", part = "all")
  right <- which(cells$align == "right")
  if (length(right)) out <- flextable::align(out, j = right, align = "right", part = "all")
  out <- flextable::align(out, align = "left", part = "footer")
  out <- add_spans(out, cells)
  heads <- flextable::nrow_part(out, "header")
  out <- flextable::border_remove(out)
  out <- flextable::hline_top(out, border = rule, part = "header")
  out <- flextable::hline_bottom(out, border = thin, part = "header")
  out <- flextable::hline_bottom(out, border = rule, part = "body")
  if (heads > 1L) {
    out <- flextable::hline(out, i = 1L, j = which(nzchar(cells$span)), border = thin,
                            part = "header")
  }
  out <- flextable::valign(out, valign = "bottom", part = "header")
  out <- flextable::valign(out, valign = "top", part = "body")
  out <- flextable::font(out, fontname = table_font(), part = "all")
  out <- flextable::fontsize(out, size = 9, part = "all")
  out <- flextable::fontsize(out, size = 8, part = "footer")
  out <- pad_cells(out, cells$align)
  indented <- which(cells$indent > 0L)
  if (length(indented)) out <- flextable::padding(out, i = indented, j = 1L, padding.left = 15)
  out <- flextable::line_spacing(out, space = 1, part = "all")
  out <- flextable::autofit(out, add_w = 0.05, add_h = 0)
  widths <- dim(out)$widths
  if (sum(widths) > room) out <- flextable::fontsize(out, size = 8, part = "all")
  # A browser without Arial takes a wider font.
  widths <- page_widths(widths, cells, room) * if (knitr_output() == "html") 1.12 else 1
  out <- flextable::width(out, width = widths)
  flextable::set_table_properties(
    out, layout = "fixed", align = "left", opts_pdf = list(tabcolsep = 4),
    opts_html = list(extra_css = ".tabwid_left{margin-bottom:1.2em}")
  )
}

# What flextable takes where it finds no Arial is wide, and Word does not have it. LaTeX wants a
# font that is there.
table_font <- function() {
  font <- flextable::get_flextable_defaults()$font.family
  if (font == "DejaVu Sans" && knitr_output() != "latex") "Arial" else font
}

pad_cells <- function(out, align) {
  out <- flextable::padding(out, padding.top = 1.5, padding.bottom = 1.5, part = "all")
  out <- flextable::padding(out, padding.left = 3, padding.right = 5, part = "all")
  numbers <- which(align == "number")
  out <- flextable::padding(out, j = numbers, padding.left = 10, part = "all")
  flextable::padding(out, padding.left = 3, part = "footer")
}

# Inches between the margins of a page of A4.
page_room <- c(portrait = 6.3, landscape = 9.7)

# Labels give way first, then all columns, down to their longest word.
page_widths <- function(widths, cells, room) {
  widths[1L] <- max(min(widths[1L], room - sum(widths[-1L])), min(widths[1L], 1.3))
  if (sum(widths) <= room) return(widths)
  least <- pmin(least_widths(cells), widths)
  share <- max(0, room - sum(least)) / sum(widths - least)
  least + min(1, share) * (widths - least)
}

# Inches that the longest word or number of each column needs, in the smaller letters.
least_widths <- function(cells) {
  words <- lapply(seq_along(cells$head), function(j) {
    words <- unique(unlist(strsplit(c(cells$head[j], cells$body[, j]), "[ \n]+")))
    # A footnote's mark is part of the word.
    longest <- max(nchar(cells$marks[, j]))
    paste0(words, strrep("a", min(longest, 2L)))
  })
  rows <- max(lengths(words))
  data <- as.data.frame(lapply(words, function(x) c(x, rep("", rows - length(x)))))
  names(data) <- paste0("column", seq_along(data))
  out <- flextable::delete_part(flextable::flextable(data), "header")
  out <- flextable::fontsize(flextable::font(out, fontname = table_font()), size = 8)
  indent <- c(12 * any(cells$indent > 0L), double(ncol(data) - 1L)) / 72
  flextable::dim_pretty(pad_cells(out, cells$align))$widths + 0.05 + indent
}

# Columns of the parts, the labels in each, in which no word is broken on a page.
page_parts <- function(cells, room) {
  least <- least_widths(cells)
  parts <- list(1L)
  for (j in seq_along(least)[-1L]) {
    last <- length(parts)
    if (sum(least[c(parts[[last]], j)]) > room && length(parts[[last]]) > 1L) {
      parts[[last + 1L]] <- c(1L, j)
    } else {
      parts[[last]] <- c(parts[[last]], j)
    }
  }
  parts
}

# The columns of one part; without `part` all, and what to do where they have no room.
part_of_cells <- function(cells, room, part) {
  if (knitr_output() == "html" && is.null(part)) return(cells)
  parts <- page_parts(cells, room)
  if (is.null(part)) {
    if (length(parts) > 1L) {
      say(
        "wide_table",
        paste0("The table is wider than the ", format(room), " inches of the page."),
        paste0(
          if (room < max(page_room)) "Set `page = \"landscape\"`, or split it: `",
          if (room == max(page_room)) "Split it: `", "part = 1` to `part = ", length(parts), "`."
        )
      )
    }
    return(cells)
  }
  check_number(part, "part", 1, length(parts), whole = TRUE)
  at <- parts[[part]]
  cells[c("head", "span", "align")] <- lapply(cells[c("head", "span", "align")], `[`, at)
  cells$body <- cells$body[, at, drop = FALSE]
  cells$marks <- cells$marks[, at, drop = FALSE]
  cells
}

# Where a document goes: "html", "docx", "latex" or another.
knitr_output <- function() {
  if (!isTRUE(getOption("knitr.in.progress"))) return("")
  if (knitr::is_latex_output()) return("latex")
  to <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  if (is.null(to)) return("")
  if (grepl("^docx|^pptx", to)) return("docx")
  if (grepl("^(html|slidy|revealjs|s5|ioslides)", to)) "html" else to
}

#' @exportS3Method knitr::knit_print
knit_print.lms_table <- function(x, ...) { # nolint: object_name_linter.
  laid_out <- knitr_output() %in% c("html", "docx", "latex")
  if (laid_out && requireNamespace("flextable", quietly = TRUE)) {
    # The table needs no font of its own.
    return(withCallingHandlers(
      print_parts(x, ...),
      warning = function(w) {
        if (grepl("fonts used in", conditionMessage(w))) invokeRestart("muffleWarning")
      }
    ))
  }
  knitr::asis_output(paste(c("", table_markdown(x), ""), collapse = "\n"))
}

# A table that is too wide for the page as several, one below the other.
print_parts <- function(x, ...) {
  n <- if (knitr_output() == "html") 1L else length(page_parts(finished_cells(x), page_room[[1L]]))
  if (n == 1L) return(knitr::knit_print(flextable::as_flextable(x), ...))
  parts <- lapply(seq_len(n), function(k) {
    caption <- if (k > 1L && !is.null(x$caption)) paste(x$caption, "(continued)") else x$caption
    if (k > 1L) x$numbered <- TRUE
    knitr::knit_print(flextable::as_flextable(x, caption = caption, part = k), ...)
  })
  knitr::asis_output(paste(unlist(parts), collapse = "\n\n"),
                     meta = unlist(lapply(parts, attr, "knit_meta"), recursive = FALSE))
}

# A pipe table and its footnotes.
table_markdown <- function(x) {
  cells <- finished_cells(x)
  text <- text_cells(cells, pad = NULL, escape = escape_markdown, indent = "\u2003")
  align <- ifelse(cells$align == "right", "r", "l")
  caption <- if (!is.null(x$caption)) escape_markdown(x$caption)
  table <- knitr::kable(text$body, format = "pipe", align = align, caption = caption,
                        col.names = single_heads(text$head, escape_markdown(cells$span)))
  # A line break at the end of each but the last.
  c(table, "", paste(note_lines(cells, escape_markdown), collapse = "\\\n"))
}

# What markdown could read as markup, as entities: a backslash makes formulas of brackets in some
# documents. kable() takes care of the pipe.
escape_markdown <- function(x) {
  x <- gsub("&", "&amp;", x, fixed = TRUE)
  x <- gsub("<(?=[[:alpha:]/!?])", "&lt;", x, perl = TRUE)
  x <- gsub("://", "&#58;//", x, fixed = TRUE)
  for (mark in strsplit("\\`*_{}[]$^~@", "")[[1L]]) {
    x <- gsub(mark, paste0("&#", utf8ToInt(mark), ";"), x, fixed = TRUE)
  }
  x
}

#' @exportS3Method knitr::knit_print
knit_print.lms_tables <- function(x, ...) { # nolint: object_name_linter.
  # With the number of the table that it is, which no other document counts.
  tables <- Map(function(table, name) {
    number <- sub("table_", "", name)
    table$caption <- paste(c(paste0(table_word("Table"), " ", number, "."), table$caption),
                           collapse = " ")
    table$numbered <- TRUE
    table
  }, unclass(x), names(x))
  parts <- lapply(tables, knitr::knit_print, ...)
  meta <- unlist(lapply(parts, attr, "knit_meta"), recursive = FALSE)
  knitr::asis_output(paste(unlist(parts), collapse = "\n\n"), meta = meta)
}
