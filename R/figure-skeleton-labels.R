# Marks on the skeleton, with their names and counts in a column at either side.

site_layer <- function(beside) {
  layer(
    mapping = aes(
      size = .data$n, fill = .data$region, shape = .data$region, label = .data$site,
      count = .data$count, side = .data$side
    ),
    stat = "identity", geom = GeomSite, position = "identity",
    params = list(beside = beside, na.rm = TRUE)
  )
}

GeomSite <- ggproto("GeomSite", GeomPoint,
  required_aes = c("x", "y", "label", "count", "side"),
  default_aes = utils::modifyList(GeomPoint$default_aes, aes(colour = "white", stroke = 0.4)),
  extra_params = c("na.rm", "beside"),
  draw_panel = function(data, panel_params, coord, beside = NULL, na.rm = FALSE) {
    at <- coord$transform(data, panel_params)
    edges <- coord$transform(data.frame(x = c(-1, 1) * skeleton_labels, y = 0), panel_params)$x
    labels <- data.frame(x = at$x, y = at$y, side = at$side, name = at$label, count = at$count)
    callouts <- gTree(labels = labels, edges = edges, beside = beside, cl = "lms_callouts",
                      name = "callouts")
    grobTree(callouts, GeomPoint$draw_panel(data, panel_params, coord))
  }
)

site_text_size <- 7
site_lineheight <- 0.95

#' @export
makeContent.lms_callouts <- function(x) {
  panel <- c(convertWidth(unit(1, "npc"), "points", valueOnly = TRUE),
             convertHeight(unit(1, "npc"), "points", valueOnly = TRUE))
  sides <- lapply(c("left", "right"), function(side) {
    labels <- x$labels[x$labels$side == side, , drop = FALSE]
    beside <- if (side == "left") x$beside
    callout_column(labels, beside, x$edges[if (side == "left") 1L else 2L], side, panel)
  })
  setChildren(x, do.call(gList, unlist(sides, recursive = FALSE)))
}

# The grobs of one column. edge: where the text begins, as a share of the panel's width; it runs
# outwards. panel: its width and height in points.
callout_column <- function(labels, beside, edge, side, panel) {
  left <- side == "left"
  room <- panel[1L] * (if (left) edge else 1 - edge)
  names <- c(
    vapply(labels$name, wrap_to, "", room),
    if (length(beside)) {
      paste(vapply(c("Not placed:", beside), wrap_to, "", room), collapse = "\n")
    }
  )
  if (!length(names)) return(list())
  at <- seq_len(nrow(labels))
  lines <- 1 + lengths(regmatches(names, gregexpr("\n", names)))
  lines[at] <- lines[at] + 1
  # Devices take lines to be 1.2 times as high as letters.
  line <- 1.2 * site_lineheight * site_text_size / panel[2L]
  # Letters are smaller where the labels would not fit one below the other.
  shrink <- min(1, 1 / (sum(lines + 0.1) * line))
  line <- shrink * line
  heights <- (lines + min(0.6, (1 / line - sum(lines)) / length(lines))) * line
  y <- place_labels(c(labels$x, if (length(beside)) 0), c(labels$y, if (length(beside)) 0), edge,
                    heights)
  text <- function(label, y, face) {
    textGrob(
      label, edge, y, hjust = if (left) 1 else 0,
      gp = gpar(fontsize = shrink * site_text_size, fontface = face, lineheight = site_lineheight)
    )
  }
  gap <- (if (left) 1 else -1) * 2 / panel[1L]
  list(
    if (length(at)) segmentsGrob(edge + gap, y[at], labels$x, labels$y,
                                 gp = gpar(col = "grey25", lwd = 0.6)),
    text(paste0(names, ifelse(seq_along(names) %in% at, "\n ", "")), y, "plain"),
    # As many lines, so that both are set alike.
    if (length(at)) text(paste0(strrep(" \n", lines[at] - 1), labels$count), y[at], "bold")
  )
}

# Heights of labels at x = edge from which straight leaders to (x, y) do not cross: labels begin in
# the order of y, and neighbours whose leaders cross change places.
place_labels <- function(x, y, edge, heights) {
  order <- order(y)
  away <- abs(x - edge)
  for (round in seq_len(length(y)^2)) {
    label <- spread_apart(y, heights, order)
    lower <- order[-length(order)]
    upper <- order[-1L]
    near <- pmin(away[lower], away[upper])
    height <- function(i) label[i] + (y[i] - label[i]) * near / away[i]
    cross <- which(height(lower) > height(upper) + 1e-9)[1L]
    if (is.na(cross)) break
    order[cross + 0:1] <- order[cross + 1:0]
  }
  label
}

# In as many lines as a width in points needs.
wrap_to <- function(text, room) {
  for (width in c(40:8)) {
    lines <- strwrap(text, width)
    widths <- convertWidth(
      do.call(unit.c, lapply(lines, function(line) {
        grobWidth(textGrob(line, gp = gpar(fontsize = site_text_size)))
      })), "points", valueOnly = TRUE
    )
    if (all(widths <= room)) break
  }
  paste(lines, collapse = "\n")
}
