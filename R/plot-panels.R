# Drawing beside the panels of a finished figure, and into them.

# add: a function of the gtable with panels, axes and titles, a data frame of where the panels
# are, the panels' scales, and the theme; gives the gtable with more in it.
add_to_panels <- function(layout, add) {
  facet <- layout$facet
  where <- layout$layout
  layout$facet <- ggproto(
    NULL, facet,
    draw_labels = function(self, panels, layout, x_scales, y_scales, ranges, coord, data, theme,
                           labels, params) {
      table <- facet$draw_labels(
        panels, layout, x_scales, y_scales, ranges, coord, data, theme, labels, params
      )
      add(table, panel_cells_of(table, where), ranges, theme)
    }
  )
}

# A cell that is named like another would be drawn as that one: two layers have a name each.
add_cell <- function(table, grob, t, l, z = Inf, clip = "on", name) {
  known <- table$layout$name
  gtable_add_grob(table, grob, t = t, l = l, z = z, clip = clip,
                  name = make.unique(c(known, name), "-")[length(known) + 1L])
}

# The cell of each panel, found by its rank among the rows and columns of panels.
panel_cells_of <- function(table, where) {
  cells <- table$layout[grepl("^panel", table$layout$name), , drop = FALSE]
  tops <- sort(unique(cells$t))
  lefts <- sort(unique(cells$l))
  data.frame(
    panel = as.integer(where$PANEL), row = rank_of(where$ROW), column = rank_of(where$COL),
    t = tops[rank_of(where$ROW)], l = lefts[rank_of(where$COL)]
  )
}

rank_of <- function(x) match(x, sort(unique(x)))

# Enlarges the cell of an axis title by `more`, which lies after the title or before it, going
# away from the panels. Answer: the gtable, the row or column, where the new room begins.
beside_title <- function(table, name, more, after) {
  i <- which(table$layout$name == name)[1L]
  vertical <- startsWith(name, "x")
  at <- table$layout[[if (vertical) "t" else "l"]][i]
  sizes <- if (vertical) table$heights else table$widths
  old <- sizes[at]
  sizes[at] <- old + more
  if (vertical) table$heights <- sizes else table$widths <- sizes
  from <- if (after) unit(0, "points") else more
  vp <- switch(name,
    "xlab-b" = viewport(y = unit(1, "npc") - from, height = old, just = "top"),
    "ylab-l" = viewport(x = unit(1, "npc") - from, width = old, just = "right"),
    "ylab-r" = viewport(x = from, width = old, just = "left")
  )
  table$grobs[[i]] <- grobTree(table$grobs[[i]], vp = vp)
  list(table = table, at = at, offset = if (after) old else unit(0, "points"))
}

# Text and lines of the table, from the theme.
table_style <- function(theme, settings) {
  text <- shown_text(theme)
  title <- calc_element("axis.title.x", theme)
  size <- if (is.null(settings$text_size)) text$size else settings$text_size
  list(
    size = size, colour = text$colour, family = text$family,
    title_colour = if (is.null(title$colour)) text$colour else title$colour,
    line = 1.25 * size
  )
}

# Of the axis, or what it would have of a theme that leaves it out.
shown_text <- function(theme) {
  for (name in c("axis.text.x", "axis.text", "text")) {
    text <- calc_element(name, theme)
    if (!inherits(text, "element_blank")) break
  }
  if (name == "text") text$size <- 0.8 * text$size
  text
}

# What is written into a panel is to be read on its ground.
panel_style <- function(theme) {
  style <- table_style(theme, list())
  ground <- calc_element("panel.background", theme)$fill
  if (is.null(ground) || is.na(ground)) ground <- calc_element("plot.background", theme)$fill
  if (is.null(ground) || is.na(ground)) return(style)
  luminance <- function(colour) sum(c(0.299, 0.587, 0.114) * grDevices::col2rgb(colour)[, 1L]) / 255
  if (luminance(ground) < 0.6 && luminance(style$colour) < 0.6) style$colour <- "white"
  style
}

text_gpar <- function(style, colour = style$colour, face = 1L, lineheight = 1) {
  gpar(fontsize = style$size, col = colour, fontfamily = style$family, fontface = face,
       lineheight = lineheight)
}

text_widths <- function(text, gp) {
  vapply(text, function(label) {
    convertWidth(grobWidth(textGrob(label, gp = gp)), "points", valueOnly = TRUE)
  }, 0)
}

# In the order that is given, so far apart that none of the heights (one, or each its own) overlap,
# within 0 and 1, moved as little as that needs. What has no room stands out at both ends alike.
spread_apart <- function(y, heights, order = base::order(y)) {
  n <- length(y)
  if (n < 2L) return(y)
  heights <- rep_len(heights, n)[order]
  stacked <- cumsum(heights) - heights / 2
  # Least squares under an order is what isotonic regression gives, under limits too when cut there.
  moved <- stats::isoreg(y[order] - stacked)$yf
  room <- 1 - sum(heights)
  y[order] <- pmax(pmin(moved, max(room, room / 2)), min(0, room / 2)) + stacked
  y
}
