# The drawing of the risk table: one row of the gtable for each row of panels.

# Rows are added between panels only. What stands outside of them goes into the cells of the axis
# titles, made larger: patchwork counts on the number of rows and columns that any plot has.
add_table_row <- function(table, panels, contents, labels, style, settings, last, alone) {
  lines <- table_lines(settings, labels, contents, style)
  height <- unit(sum(lines$height) + 0.5 * style$line, "points")
  if (last) {
    # Before the title the tables of earlier layers stand.
    above <- table_heights(table, panels$row[1L])
    place <- beside_title(table, "xlab-b", height, after = alone)
    table <- place$table
    at <- place$at
    vp <- viewport(y = unit(1, "npc") - (if (alone) place$offset else above), height = height,
                   just = "top")
  } else {
    at <- below_axes(table, panels$t[1L]) + 1L
    table <- gtable_add_rows(table, height, pos = at - 1L)
    vp <- viewport(y = 1, height = height, just = "top")
  }
  for (i in seq_len(nrow(panels))) {
    grob <- numbers_grob(lines, contents[[i]], labels, style, settings$min_cell)
    table <- add_cell(
      table, grobTree(grob, vp = vp), t = at, l = panels$l[i], clip = "off", z = Inf,
      name = paste0("risk-table-", panels$row[i], "-", panels$column[i])
    )
  }
  grob <- labels_grob(lines, contents[[which.min(panels$column)]], labels, style)
  grob <- gTree(children = gList(grob), vp = vp, height = height)
  add_cell(table, grob, t = at, l = min(panels$l), clip = "off", z = Inf,
                  name = paste0("risk-labels-", panels$row[1L]))
}

# Of the tables that a row of panels has already.
table_heights <- function(table, row) {
  there <- grepl(paste0("^risk-labels-", row, "(-|$)"), table$layout$name)
  Reduce(`+`, lapply(table$grobs[there], `[[`, "height"), unit(0, "points"))
}

# The gtable row after which a table stands: the last with an axis, a strip or
# an earlier table of this row of panels.
below_axes <- function(table, top) {
  cells <- table$layout
  panels <- grepl("^panel", cells$name)
  next_top <- c(cells$t[panels & cells$t > top], Inf)
  strips <- grepl("^strip-t", cells$name) & cells$t > top & cells$t < min(next_top)
  end <- min(next_top, cells$t[strips])
  near <- grepl("^(axis-b|strip-b|risk-labels)", cells$name) & cells$t > top & cells$b < end
  max(top, cells$b[near])
}

# The lines from top to bottom: a title for each kind of count, and the groups.
table_lines <- function(settings, labels, contents, style) {
  weighted <- settings$weighted
  if (is.null(weighted)) weighted <- any(vapply(contents, function(part) {
    any(vapply(part$groups$counts, function(counts) isTRUE(counts$weighted), NA))
  }, NA))
  kinds <- settings$rows
  titles <- settings$title
  if (is.null(titles)) titles <- vapply(kinds, table_title, "", weighted = weighted)
  groups <- seq_len(nrow(labels))
  text <- unlist(lapply(titles, function(title) c(title, labels$label)))
  height <- style$line + style$size * 1.08 * lengths(regmatches(text, gregexpr("\n", text)))
  data.frame(
    kind = rep(kinds, each = length(groups) + 1L), group = rep(c(NA, groups), length(kinds)),
    text = text, height = height,
    y = cumsum(height) - height / 2 + 0.25 * style$line
  )
}

line_y <- function(lines) unit(1, "npc") - unit(lines$y, "points")

# A gTree of class "lms_numbers", whose letters shrink where the numbers of two ticks would touch;
# of those that still would the right one is left out.
numbers_grob <- function(lines, content, labels, style, min_cell) {
  y <- line_y(lines)
  cells <- lapply(which(!is.na(lines$group)), function(i) {
    own <- match(labels$group[lines$group[i]], content$groups$group)
    if (is.na(own) || !length(content$x)) return(NULL)
    text <- count_text(content$counts[[lines$kind[i]]], min_cell)[[own]]
    textGrob(text, unit(content$x, "npc"), y[i], gp = text_gpar(style),
             name = paste0("line-", i))
  })
  gTree(
    children = do.call(gList, Filter(Negate(is.null), cells)), x = content$x, style = style,
    cl = "lms_numbers", name = "risk-numbers"
  )
}

#' @export
makeContent.lms_numbers <- function(x) {
  if (length(x$x) < 2L) return(x)
  width <- convertWidth(unit(1, "npc"), "points", valueOnly = TRUE)
  order <- order(x$x)
  at <- x$x[order] * width
  widths <- vapply(x$children, function(grob) text_widths(grob$label[order], grob$gp), at)
  widths <- apply(matrix(widths, length(at)), 1L, max)
  share <- max((widths[-1L] + widths[-length(at)]) / 2 / (diff(at) - 0.6 * x$style$size))
  if (share <= 1 && all(diff(at) > 0.6 * x$style$size)) return(x)
  shrink <- if (share > 0) max(0.6, 1 / share) else 0.6
  kept <- clear_places(at, shrink * widths + 0.3 * x$style$size)
  for (name in names(x$children)) {
    x$children[[name]]$gp$fontsize <- shrink * x$style$size
    x$children[[name]]$label[order[!kept]] <- ""
  }
  x
}

# Which of the ascending places keep clear of the last one before that is kept.
clear_places <- function(at, widths) {
  kept <- !logical(length(at))
  last <- 1L
  for (i in seq_along(at)[-1L]) {
    kept[i] <- at[i] - at[last] >= (widths[i] + widths[last]) / 2
    if (kept[i]) last <- i
  }
  kept
}

key_width <- function(style) unit(2.2 * style$size, "points")

# How far the labels keep from the panel's edge: half of the widest number at its first tick.
label_gap <- function(contents, style) {
  text <- unlist(lapply(contents, function(part) {
    if (!length(part$x)) return(NULL)
    first <- which.min(part$x)
    lapply(part$counts, function(counts) vapply(counts, function(n) format_cell(n[first], 0), ""))
  }))
  widest <- if (length(text)) text[which.max(nchar(text))] else ""
  0.5 * grobWidth(textGrob(widest, gp = text_gpar(style))) + unit(0.5 * style$size, "points")
}

# Labels end at the panel's left edge, each with a line as the curve's before it.
labels_grob <- function(lines, content, labels, style) {
  y <- line_y(lines)
  groups <- !is.na(lines$group)
  edge <- unit(0, "npc") - label_gap(list(content), style)
  keyed <- groups & !is.na(labels$colour[lines$group])
  shown <- groups & nzchar(lines$text)
  right <- if (any(keyed)) edge - key_width(style) - unit(0.4 * style$size, "points") else edge
  left <- if (any(shown)) right - widest_label(labels, style) else edge
  grobs <- list(
    if (any(!groups)) textGrob(
      lines$text[!groups], left, y[!groups], hjust = 0, name = "titles",
      gp = text_gpar(style, style$title_colour, "bold")
    ),
    if (any(shown)) textGrob(
      lines$text[shown], right, y[shown], hjust = 1, name = "labels",
      gp = text_gpar(style, lineheight = 0.9)
    ),
    if (any(keyed)) key_lines(labels[lines$group[keyed], ], edge, y[keyed], style)
  )
  gTree(children = do.call(gList, Filter(Negate(is.null), grobs)), name = "risk-labels")
}

key_lines <- function(labels, edge, y, style) {
  segmentsGrob(
    edge - key_width(style), y, edge, y, name = "keys",
    gp = gpar(
      col = labels$colour, lty = labels$linetype, lwd = labels$linewidth * .pt, lineend = "butt"
    )
  )
}

# The width that labels need left of a panel's edge.
label_room <- function(labels, style, contents) {
  keyed <- !is.na(labels$colour)
  key <- key_width(style) + unit(0.4 * style$size, "points")
  widest_label(labels, style) + (if (any(keyed)) key else unit(0, "points")) +
    label_gap(contents, style) + unit(2, "points")
}

widest_label <- function(labels, style) {
  widths <- lapply(labels$label, function(label) grobWidth(textGrob(label, gp = text_gpar(style))))
  do.call(max, widths)
}

# What the columns left of the panels lack of it is added: outside of the axis title where the
# table stands below that, and between title and axis where it stands beside it.
reserve_left <- function(table, room, alone) {
  cells <- table$layout
  left <- min(cells$l[grepl("^panel", cells$name)])
  title <- cells$l[cells$name == "ylab-l"][1L]
  from <- if (alone) title else title + 1L
  there <- if (from < left) sum(table$widths[from:(left - 1L)]) else unit(0, "points")
  beside_title(table, "ylab-l", max(unit(0, "points"), room - there), after = alone)$table
}

# By group and time, counts that coarse_counts() has rounded where min_cell is set.
count_text <- function(counts, min_cell) {
  lapply(counts, function(x) {
    text <- format_cell(x, 0)
    if (min_cell) text[!is.na(x) & x < min_cell] <- paste0("<", min_cell)
    text
  })
}

table_title <- function(kind, weighted) {
  what <- switch(kind,
    "at risk" = "Number at risk", events = "Events", censored = "Censored",
    "cumulative events" = "Cumulative events", "cumulative censored" = "Cumulative censored"
  )
  if (weighted) paste("Weighted", sub("^(.)", "\\L\\1", what, perl = TRUE)) else what
}
