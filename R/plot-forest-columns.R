# The columns of text beside a forest plot, in the cells of the axis titles.

forest_columns <- function(rows, conf_level, columns) {
  heads <- c(TRUE, !rows$indent)
  left <- list(
    label = list(text = c("", rows$label), hjust = 0, bold = heads, indent = !heads),
    n = list(text = c("n", rows$n), hjust = 1),
    events = list(text = c("Events", rows$events), hjust = 1)
  )
  right <- list(
    hr = list(text = c(paste0("HR (", format(100 * conf_level), "% CI)"), rows$text), hjust = 0),
    p = list(text = c("p", rows$p), hjust = 0)
  )
  if (!is.null(columns)) {
    left <- left[names(left) %in% c("label", columns)]
    right <- right[names(right) %in% columns]
  }
  layer(
    data = data.frame(y = c(max(rows$y) + 1, rows$y)), mapping = aes(y = .data$y),
    stat = "identity", geom = GeomTextColumns, position = "identity", show.legend = FALSE,
    inherit.aes = FALSE,
    params = list(left = left, right = right, fit = is.null(columns), na.rm = TRUE)
  )
}

GeomTextColumns <- ggproto("GeomTextColumns", Geom,
  required_aes = "y",
  extra_params = c("na.rm", "left", "right", "fit"),
  handle_na = function(self, data, params) data,
  draw_layer = function(self, data, params, layout, coord) {
    add_to_panels(layout, function(table, panels, ranges, theme) {
      add_text_columns(table, panels, ranges, theme, data, params)
    })
    rep(list(zeroGrob()), nrow(layout$layout))
  },
  draw_key = function(data, params, size) zeroGrob()
)

add_text_columns <- function(table, panels, ranges, theme, data, params) {
  style <- table_style(theme, list())
  y <- ranges[[1L]]$y$rescale(data$y)
  if (params$fit) params <- fitting_columns(params, style)
  for (side in c("left", "right")) {
    columns <- params[[side]]
    if (!length(columns)) next
    widths <- lapply(columns, column_width, style)
    total <- Reduce(`+`, widths)
    place <- beside_title(table, if (side == "left") "ylab-l" else "ylab-r", total, after = FALSE)
    grobs <- lapply(seq_along(columns), function(j) {
      start <- Reduce(`+`, widths[seq_len(j - 1L)], unit(0, "points"))
      column_grob(columns[[j]], start, widths[[j]], y, style)
    })
    table <- add_cell(
      place$table, do.call(grobTree, c(grobs, name = paste0("columns-", side))),
      t = panels$t[1L], l = place$at, clip = "off", z = Inf, name = paste0("columns-", side)
    )
  }
  table
}

# Labels take two lines, columns are left out, and labels take three lines, until a third of the
# device's width remains for the plot.
fitting_columns <- function(params, style) {
  room <- 2 / 3 * grDevices::dev.size("in")[1L] * 72.27
  width <- function(columns) {
    sum(vapply(columns, function(column) {
      convertWidth(column_width(column, style), "points", valueOnly = TRUE)
    }, 0))
  }
  labels <- params$left$label$text
  wrapped <- function(lines) {
    wide <- max(row_width, ceiling(1.15 * max(nchar(labels, "width")) / lines))
    params$left$label$text <- wrap_text(labels, wide)
    params
  }
  for (step in c("two", "n", "events", "p", "three")) {
    if (width(c(params$left, params$right)) <= room) break
    if (step %in% c("two", "three")) {
      params <- wrapped(if (step == "two") 2L else 3L)
    } else {
      params$left[[step]] <- NULL
      params$right[[step]] <- NULL
    }
  }
  params
}

column_gap <- function(style) unit(1.2 * style$size, "points")

indent_width <- function(column, style) {
  indent <- if (is.null(column$indent)) FALSE else column$indent
  style$size * ifelse(rep_len(indent, length(column$text)), 1, 0)
}

column_faces <- function(column) {
  bold <- if (is.null(column$bold)) seq_along(column$text) == 1L else column$bold
  ifelse(bold, 2L, 1L)
}

column_width <- function(column, style) {
  faces <- column_faces(column)
  indent <- indent_width(column, style)
  widths <- Map(function(text, face, indent) {
    grobWidth(textGrob(text, gp = text_gpar(style, face = face))) + unit(indent, "points")
  }, column$text, faces, indent)
  do.call(max, unname(widths)) + column_gap(style)
}

column_grob <- function(column, start, width, y, style) {
  # At the left of the column or at its right, with half a gap or a whole one before the next.
  x <- if (column$hjust == 0) {
    start + 0.5 * column_gap(style) + unit(indent_width(column, style), "points")
  } else {
    start + width - column_gap(style) + unit(double(length(y)), "points")
  }
  textGrob(column$text, x, unit(y, "npc"), hjust = column$hjust,
           gp = text_gpar(style, face = column_faces(column), lineheight = 0.9))
}
