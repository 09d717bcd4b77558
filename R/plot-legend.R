# One legend for colour and line type, with the same words in the table and at the curves.

# So many columns that the names fit a figure of 80 mm; no legend where it would be large and the
# table has the names, with their lines, as well.
curve_legend <- function(figure, direct, table) {
  if (!grouped(figure)) return(NULL)
  names <- nchar(levels(figure$groups$.group), "width")
  room <- 43 - nchar(figure$title, "width")
  # One line, or at the side one column, is what the guide does by itself.
  if (!direct && length(names) <= 5L && sum(names + 7) <= room) return(NULL)
  columns <- max(1, min(length(names), floor(room / (min(max(names), name_width) + 7))))
  large <- length(names) > 3 * columns || max(names) > name_width
  if (direct || (table && large)) return(guides_of("none"))
  guides_of(guide_legend(ncol = columns))
}

curve_titles <- function(figure) {
  if (grouped(figure)) labs(colour = figure$title, linetype = figure$title)
}

guides_of <- function(guide) guides(colour = guide, linetype = guide)

# A layer by which scales that are added to the finished plot say what those that they replace did:
# per cent, and one legend, so that what a scale or labs() has for the colour alone holds for the
# line type as well.
with_scales <- function(layer, title) {
  ggproto(NULL, layer, setup_layer = function(self, data, plot) {
    keep_percent(plot$scales$get_scales("y"))
    join_legends(plot, title)
    ggproto_parent(layer, self)$setup_layer(data, plot)
  })
}

# Scales are copies that belong to this build of the plot.
keep_percent <- function(scale) {
  if (inherits(scale, "ScaleContinuous") && inherits(scale$labels, "waiver")) {
    scale$labels <- percent_labels
  }
}

join_legends <- function(plot, title) {
  colour <- plot$scales$get_scales("colour")
  type <- plot$scales$get_scales("linetype")
  # One that the user has added has words of its own.
  if (is.null(colour) || is.null(type) || !is.function(type$labels)) return(invisible())
  if (inherits(type$name, "waiver") && identical(plot$labels$linetype, title)) {
    type$name <- if (inherits(colour$name, "waiver")) plot$labels$colour else colour$name
  }
  type$labels <- colour$labels
  type$breaks <- colour$breaks
  if (!is.null(colour$limits)) type$limits <- colour$limits
}

# A layer that knows the scale of the colours when it is drawn, for the names and the order that
# the legend has: `legend` among its parameters.
knowing_legend <- function(layer) {
  ggproto(NULL, layer, setup_layer = function(self, data, plot) {
    self$geom_params["legend"] <- list(plot$scales$get_scales("colour"))
    ggproto_parent(layer, self)$setup_layer(data, plot)
  })
}

# The rows of such a layer with their labels as the legend has them, and `rank`, their order.
as_legend <- function(data, scale) {
  label <- if (is.null(data$label)) rep("", nrow(data)) else as.character(data$label)
  levels <- unique(label[order(data$group)])
  at <- match(label, levels)
  data$label <- legend_words(scale, levels)[at]
  data$rank <- order(legend_order(scale, levels))[at]
  data
}

# For each label its name in the legend.
legend_words <- function(scale, levels) {
  words <- scale$labels
  if (is.function(words)) words <- words(levels)
  # The table breaks lines of its own.
  if (!is.character(words) || identical(words, wrap_text(levels))) return(levels)
  of <- names(words)
  if (is.null(of)) of <- Filter(is.character, list(scale$breaks, scale$limits, levels))[[1L]]
  if (length(of) != length(words)) return(levels)
  at <- match(levels, of)
  ifelse(is.na(at), levels, unname(words)[at])
}

# The order of the labels in the legend; those that it leaves out come last.
legend_order <- function(scale, levels) {
  shown <- Filter(is.character, list(scale$breaks, scale$limits))
  if (is.function(scale$breaks)) shown <- c(list(scale$breaks(levels)), shown)
  if (!length(shown)) return(seq_along(levels))
  order(match(levels, shown[[1L]]))
}
