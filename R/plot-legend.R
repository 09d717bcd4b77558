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

# A layer by which one legend stays one: a title or labels that labs() or a scale of the finished
# plot have for the colour alone hold for the line type as well.
one_legend <- function(layer, title) {
  ggproto(NULL, layer, setup_layer = function(self, data, plot) {
    colour <- plot$scales$get_scales("colour")
    type <- plot$scales$get_scales("linetype")
    if (!is.null(colour) && !is.null(type)) {
      if (inherits(type$name, "waiver") && identical(plot$labels$linetype, title)) {
        type$name <- if (inherits(colour$name, "waiver")) plot$labels$colour else colour$name
      }
      if (is.function(type$labels)) type$labels <- colour$labels
    }
    ggproto_parent(layer, self)$setup_layer(data, plot)
  })
}

# A layer whose data have `.label`, the name that the colour's scale gives each `.group`.
named_as_legend <- function(layer) {
  ggproto(NULL, layer, setup_layer = function(self, data, plot) {
    levels <- levels(data$.group)
    data$.label <- legend_words(plot$scales$get_scales("colour"), levels)[as.integer(data$.group)]
    ggproto_parent(layer, self)$setup_layer(data, plot)
  })
}

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
