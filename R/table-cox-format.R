# A table of Cox models as strings.

#' @export
table_cells.lms_table_cox <- function(x) { # nolint: object_name_linter.
  settings <- x$settings
  lines <- x$numbers[!duplicated(x$numbers$line), ]
  layout <- cox_layout(lines)
  models <- intersect(c("univariable", "fitted"), x$numbers$model)
  counted <- !isFALSE(settings$counts)
  shared <- counted && (length(models) == 1L || !x$counts$both)
  blocks <- lapply(models, function(model) {
    numbers <- x$numbers[x$numbers$model == model, ]
    numbers <- numbers[match(lines$line, numbers$line), ]
    model_block(numbers, model, x, counted = counted && !shared)
  })
  if (shared) {
    # Extra levels cannot be: all models have the same patients.
    numbers <- x$numbers[x$numbers$model == models[length(models)], ]
    counts <- count_block(numbers[match(lines$line, numbers$line), ], x)
    blocks <- c(list(c(counts, list(span = rep("", ncol(counts$cells))))), blocks)
  }
  cells <- do.call(cbind, lapply(blocks, `[[`, "cells"))
  body <- matrix("", nrow(layout), ncol(cells))
  body[layout$from > 0L, ] <- cells[layout$from[layout$from > 0L], ]
  out <- list(
    head = c("", unlist(lapply(blocks, `[[`, "head"))),
    span = c("", unlist(lapply(blocks, `[[`, "span"))),
    body = cbind(layout$label, body), indent = layout$indent,
    align = c("left", unlist(lapply(blocks, `[[`, "align")))
  )
  if (settings$overall_p != "none") out <- add_overall_p(out, x, lines, layout)
  out$notes <- cox_note_places(x, out, lines, layout)
  out
}

# label, indent, from (the line of the numbers, 0 for a head alone). A term whose lines have names
# stands above them.
cox_layout <- function(lines) {
  parts <- lapply(split(seq_len(nrow(lines)), factor(lines$variable, unique(lines$variable))),
                  function(at) {
    part <- lines[at, ]
    title <- part$label[1L]
    if (all(is.na(part$line_label))) {
      return(data.frame(label = title, indent = 0L, from = at, variable = part$variable))
    }
    data.frame(
      label = c(title, line_labels(part)), indent = c(0L, rep(1L, length(at))), from = c(0L, at),
      variable = part$variable[1L]
    )
  })
  do.call(rbind, unname(parts))
}

line_labels <- function(part) {
  logical <- part$level %in% names(yes_words)
  ifelse(logical, table_word(part$line_label), part$line_label)
}

count_block <- function(numbers, x) {
  text <- function(n, mask) {
    text <- ifelse(is.na(n), "", format_count_each(round(n, 1L)))
    text[mask %in% "small"] <- paste0("<", x$settings$min_cell)
    text[mask %in% "hidden"] <- "*"
    localise(text, x$settings$style)
  }
  rows <- text(numbers$n, numbers$masked_n)
  events <- text(numbers$events, numbers$masked_events)
  if (x$counts$split) {
    cells <- cbind(text(numbers$patients, numbers$masked_patients), rows, events)
    head <- c("Patients", "Rows", "Events")
  } else {
    cells <- cbind(rows, events)
    head <- c(if (x$counts$word == "row") "Rows" else "Patients", "Events")
  }
  list(cells = cells, head = table_word(head), align = rep("right", ncol(cells)))
}

model_block <- function(numbers, model, x, counted) {
  style <- x$settings$style
  ratio <- cbind(ratio_cells_of(numbers, x), localise(style_p(numbers$p.value, style), style))
  interval <- paste0(format(100 * x$conf_level), "% ", table_word("CI"))
  head <- c(paste0(table_word("HR"), " (", interval, ")"), table_word(style$p_head))
  out <- list(cells = ratio, head = head, align = c("number", "right"))
  if (counted) {
    counts <- count_block(numbers, x)
    of <- ncol(counts$cells)
    both <- paste0(counts$cells[, of], "/", counts$cells[, 1L])
    both[is.na(numbers$model)] <- ""
    out <- list(cells = cbind(both, ratio), align = c("right", out$align),
                head = c(paste0(counts$head[of], "/\n", tolower(counts$head[1L])), head))
  }
  title <- if (x$settings$univariable) {
    table_word(if (model == "fitted") "Multivariable" else "Univariable")
  } else {
    ""
  }
  out$span <- rep(title, ncol(out$cells))
  out
}

ratio_cells_of <- function(numbers, x) {
  style <- x$settings$style
  text <- vapply(seq_len(nrow(numbers)), function(i) {
    row <- numbers[i, ]
    if (is.na(row$model)) return("")
    if (row$kind == "reference") return(table_word("Reference"))
    if (row$masked_ratio == "hidden") return("*")
    if (row$kind == "several") return("")
    if (is.na(row$estimate)) {
      return(table_word(if (is.na(row$infinite)) "collinear" else "not estimable"))
    }
    digits <- ratio_digits(c(row$conf.low, row$conf.high), x$settings$digits)
    ends <- vapply(c(row$estimate, row$conf.low, row$conf.high), table_ratio, "", digits)
    paste0(ends[1L], " (", style_interval(ends[2L], ends[3L], style), ")")
  }, "")
  localise(text, style)
}

add_overall_p <- function(out, x, lines, layout) {
  style <- x$settings$style
  p <- x$numbers$p.variable[x$numbers$model == "fitted"]
  names(p) <- x$numbers$variable[x$numbers$model == "fitted"]
  first <- !duplicated(layout$variable)
  text <- ifelse(first, localise(style_p(p[layout$variable], style), style), "")
  out$body <- cbind(out$body, text)
  out$head <- c(out$head, paste0(table_word(style$p_head), "\n(", table_word("variable"), ")"))
  out$span <- c(out$span, out$span[length(out$span)])
  out$align <- c(out$align, "right")
  out
}
