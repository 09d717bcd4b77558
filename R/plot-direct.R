# The names of curves at their ends, in place of a legend.

direct_labels <- function(figure) {
  knowing_legend(layer(
    mapping = aes(counts = .data$counts, label = .data$.group), data = figure$groups,
    stat = "identity", geom = GeomCurveName, position = "identity", show.legend = FALSE,
    inherit.aes = TRUE, params = list(na.rm = TRUE)
  ))
}

GeomCurveName <- ggproto("GeomCurveName", Geom,
  required_aes = c("counts", "label"),
  default_aes = aes(colour = NA),
  handle_na = function(self, data, params) data,
  draw_layer = function(self, data, params, layout, coord) {
    data <- as_legend(data, params$legend)
    add_to_panels(layout, function(table, panels, ranges, theme) {
      add_curve_names(table, panels, ranges, theme, data)
    })
    rep(list(zeroGrob()), nrow(layout$layout))
  },
  draw_key = function(data, params, size) zeroGrob()
)

# A new column at the right of each column of panels holds the names.
add_curve_names <- function(table, panels, ranges, theme, data) {
  style <- table_style(theme, list())
  for (column in rev(sort(unique(panels$column)))) {
    here <- panels[panels$column == column, ]
    ends <- lapply(here$panel, function(i) {
      curve_ends(data[as.integer(data$PANEL) == i, , drop = FALSE], ranges[[i]])
    })
    names <- lapply(unlist(lapply(ends, `[[`, "label")), function(label) {
      grobWidth(textGrob(label, gp = text_gpar(style)))
    })
    if (!length(names)) next
    width <- do.call(max, names) + unit(style$size, "points")
    if (column == max(panels$column)) {
      place <- beside_title(table, "ylab-r", width, after = FALSE)
      table <- place$table
      at <- place$at
    } else {
      at <- after_axis(table, here$l[1L]) + 1L
      table <- gtable_add_cols(table, width, pos = at - 1L)
    }
    for (i in seq_len(nrow(here))) {
      table <- add_cell(
        table, names_grob(ends[[i]], style), t = here$t[i], l = at, clip = "off", z = Inf,
        name = paste0("curve-names-", here$row[i], "-", column)
      )
      table <- add_cell(
        table, leaders_grob(ends[[i]]), t = here$t[i], l = here$l[i], z = Inf,
        name = paste0("leaders-", here$row[i], "-", column)
      )
    }
  }
  table
}

after_axis <- function(table, left) {
  cells <- table$layout
  panels <- cells$l[grepl("^panel", cells$name)]
  axes <- cells$l[grepl("^axis-r", cells$name) & cells$l > left &
                    cells$l < min(panels[panels > left], Inf)]
  max(left, axes)
}

# Where each curve leaves the panel, in shares of it.
curve_ends <- function(data, ranges) {
  last <- scale_inverse(ranges$x, ranges$x$limits[2L])
  ends <- lapply(data$counts, function(counts) {
    at <- min(last, counts$end)
    c(at, height_at(counts, at))
  })
  ends <- matrix(unlist(ends), ncol = 2L, byrow = TRUE)
  data.frame(
    label = wrap_text(data$label, row_width), colour = data$colour,
    x = ranges$x$rescale(ends[, 1L]), y = ranges$y$rescale(ends[, 2L])
  )
}

names_grob <- function(ends, style) {
  gTree(ends = ends, style = style, cl = "lms_curve_names", name = "curve-names")
}

#' @export
makeContent.lms_curve_names <- function(x) {
  height <- convertHeight(unit(1, "npc"), "points", valueOnly = TRUE)
  lines <- lengths(regmatches(x$ends$label, gregexpr("\n", x$ends$label))) + 1L
  x$style$size <- x$style$size * min(1, max(0.6, height / sum(1.1 * x$style$size * lines)))
  # Of curves that end at one height the longer is the upper one.
  y <- spread_apart(x$ends$y, 1.1 * x$style$size * lines / height, order(x$ends$y, x$ends$x))
  colour <- ifelse(is.na(x$ends$colour), x$style$colour, x$ends$colour)
  names <- textGrob(
    x$ends$label, unit(0.4 * x$style$size, "points"), unit(y, "npc"), hjust = 0,
    gp = text_gpar(x$style, colour, lineheight = 0.9)
  )
  setChildren(x, gList(names))
}

# From a curve that ends early to the edge where its name stands.
leaders_grob <- function(ends) {
  ends <- ends[ends$x < 0.97, , drop = FALSE]
  if (!nrow(ends)) return(zeroGrob())
  segmentsGrob(ends$x, ends$y, 1, ends$y,
               gp = gpar(col = alpha(ends$colour, 0.6), lwd = 0.6, lty = "13"))
}
