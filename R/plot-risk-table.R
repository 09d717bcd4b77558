#' Add the numbers at risk below survival curves
#'
#' `geom_risk_table()` adds the numbers at risk to a ggplot of survival curves, as journals
#' require. The numbers stand below the axis title or, with several rows of panels, below each
#' row. The layer uses the times of the ticks of the finished plot. Each number therefore stands
#' below its tick and belongs to it, even if you change breaks, limits, coordinates, facets or
#' theme.
#'
#' The number at risk at time t counts patients under observation just before t, including those
#' with an event or censored at t. With `weight`, it is the sum of their weights, and the title
#' of the table says so. With `entry`, patients who enter later are not counted.
#'
#' @inheritParams geom_km
#' @param stat `"risk"` to count patients, `"identity"` if the counts are already computed.
#' @param rows The numbers to show, among `"at risk"`; `"events"` and `"censored"`, since the
#'   previous tick; `"cumulative events"` and `"cumulative censored"`, up to and including t.
#' @param min_cell A whole number of 3 or more, or 0 to show all counts. Counts are rounded down
#'   to a multiple of it, and counts below it are shown as "<5", for 5. If a count could be
#'   computed within 2 from the other groups and their sum, all counts at that time are shown as
#'   "*".
#' @param title The titles of the `rows`, one string for each.
#' @param weighted `TRUE` if counts are sums of weights, for the title. By default the layer
#'   detects it.
#' @param size A number of points that sets the size of the text. The default is that of the axis
#'   text.
#' @return A layer that is added to a [ggplot2::ggplot()].
#' @seealso [geom_km()], [autoplot()][autoplot.lms_km].
#' @examples
#' library(ggplot2)
#' ggplot(survival::lung, aes(time = time, status = status)) +
#'   geom_km(event = 2) +
#'   geom_risk_table(rows = c("at risk", "cumulative events"), event = 2)
#' @export
geom_risk_table <- function(mapping = NULL, data = NULL, stat = "risk", ..., rows = "at risk",
                            min_cell = 0, title = NULL, weighted = NULL, size = NULL, event = NULL,
                            inherit.aes = TRUE) {
  if (!is.null(size)) check_number(size, "size", 0)
  settings <- list(
    rows = check_table_rows(rows), min_cell = check_min_cell(min_cell),
    title = title, weighted = weighted, text_size = size
  )
  knowing_legend(layer(
    mapping = mapping, data = data, stat = if (identical(stat, "risk")) StatRisk else stat,
    geom = GeomRiskTable, position = "identity", show.legend = FALSE, inherit.aes = inherit.aes,
    params = c(
      list(settings = settings, na.rm = TRUE, ...),
      if (identical(stat, "risk")) list(event = event)
    )
  ))
}

table_rows <- c("at risk", "events", "censored", "cumulative events", "cumulative censored")

check_table_rows <- function(rows, name = "rows") {
  if (!is.character(rows) || !length(rows)) {
    abort("argument", paste0(tick(name), " must be among ", enumerate(quoted(table_rows), "and"),
                             ", not ", describe(rows), "."))
  }
  vapply(rows, check_choice, "", name = name, choices = table_rows, USE.NAMES = FALSE)
}

#' @rdname geom_km
#' @format NULL
#' @usage NULL
#' @export
StatRisk <- ggproto("StatRisk", Stat,
  required_aes = c("time", "status"),
  optional_aes = c("entry", "weight"),
  dropped_aes = c("time", "status", "entry", "weight"),
  extra_params = c("na.rm", "event"),
  setup_data = function(data, params) {
    data$label <- discrete_label(data)
    StatKm$setup_data(data, params)
  },
  compute_group = function(data, scales, event = NULL) {
    fit <- stat_fit(data)
    frame <- as.data.frame(fit)
    counts <- curve_counts(frame, kept_steps(fit, 1L, 1), min(0, frame$time))
    counts$weighted <- !is.null(data$weight)
    # The layer must not widen the axis, and needs a column as any other does.
    data.frame(label = data$label[1L], counts = I(list(counts)))
  }
)

# What a reader calls the group of each row: the values of the aesthetics that make groups.
discrete_label <- function(data) {
  columns <- unique(lapply(data[discrete_columns(data)], as.character))
  if (!length(columns)) return(rep("", nrow(data)))
  do.call(paste, c(unname(columns), sep = ", "))
}

#' @rdname geom_km
#' @format NULL
#' @usage NULL
#' @export
GeomRiskTable <- ggproto("GeomRiskTable", Geom,
  required_aes = "counts",
  optional_aes = "label",
  default_aes = aes(colour = NA, linetype = 1, linewidth = 0.5),
  extra_params = c("na.rm", "settings"),
  handle_na = function(self, data, params) data,
  # A Layout is made anew for each build of the plot, so that its facet can be told here to put
  # the table beside the axes that it is about to draw.
  draw_layer = function(self, data, params, layout, coord) {
    if (nrow(data)) {
      data <- as_legend(data, params$legend)
      add_to_panels(layout, function(table, panels, ranges, theme) {
        add_risk_table(table, panels, ranges, theme, data, params$settings, coord)
      })
    }
    rep(list(zeroGrob()), nrow(layout$layout))
  },
  draw_key = function(data, params, size) zeroGrob()
)

add_risk_table <- function(table, panels, ranges, theme, data, settings, coord) {
  if (inherits(coord, c("CoordFlip", "CoordPolar", "CoordRadial"))) {
    warn("risk_table", "geom_risk_table() needs time on a horizontal x axis. No table is drawn.")
    return(table)
  }
  style <- table_style(theme, settings)
  contents <- lapply(panels$panel, function(i) {
    panel_counts(data[as.integer(data$PANEL) == i, , drop = FALSE], ranges[[i]]$x, settings)
  })
  if (!any(vapply(contents, function(part) length(part$x) > 0L, NA))) return(table)
  rows <- sort(unique(panels$row))
  style <- fitting_style(style, settings, contents, panels)
  # From the last row upwards, so that what is added moves no cell that is still to be found.
  for (row in rev(rows)) {
    here <- which(panels$row == row)
    labels <- panel_labels(contents[here])
    table <- add_table_row(table, panels[here, ], contents[here], labels, style, settings,
                           last = row == max(rows), alone = length(rows) == 1L)
  }
  room <- label_room(panel_labels(contents), style, contents)
  reserve_left(table, room, alone = length(rows) == 1L)
}

# Lines of the table shrink to 2/3 where it would take more than half of the figure's height.
fitting_style <- function(style, settings, contents, panels) {
  needed <- function(style) {
    sum(vapply(unique(panels$row), function(row) {
      here <- contents[panels$row == row]
      sum(table_lines(settings, panel_labels(here), here, style)$height) + 0.5 * style$line
    }, 0))
  }
  room <- grDevices::dev.size("in")[2L] * 72.27
  share <- needed(style) / (room / 2)
  if (share <= 1) return(style)
  least <- if (is.null(settings$text_size)) 2 / 3 else 1
  shrunk <- style
  shrunk[c("size", "line")] <- lapply(style[c("size", "line")], `*`, max(least, 1 / share))
  if (needed(shrunk) > 0.7 * room) {
    warn(
      "risk_table",
      paste0("The numbers at risk need ", ceiling(needed(shrunk) / 72.27 * 25.4), " mm of the ",
             round(room / 72.27 * 25.4), " mm of height of the figure."),
      "Make the figure taller, or draw fewer groups or kinds of count."
    )
  }
  shrunk
}

# The numbers of one panel: ticks at x (share of the panel's width), one matrix of counts for
# each of the table's kinds, a row for each group.
panel_counts <- function(data, scale, settings) {
  breaks <- as.double(scale$get_breaks())
  x <- scale$rescale(breaks)
  shown <- !is.na(breaks) & x > -1e-8 & x < 1 + 1e-8
  times <- scale_inverse(scale, breaks[shown])
  order <- order(times)
  counts <- lapply(stats::setNames(nm = settings$rows), function(kind) {
    found <- lapply(data$counts, function(x) count_at(x, times[order], kind)[order(order)])
    exact <- !all(vapply(data$counts, function(counts) isTRUE(counts$coarse), NA))
    if (!settings$min_cell || !length(found) || !exact) return(found)
    rounded <- coarse_counts(do.call(rbind, found), settings$min_cell)
    lapply(seq_along(found), function(i) rounded[i, ])
  })
  list(x = x[shown], groups = data, counts = counts)
}

# One line for each group of any of the panels.
panel_labels <- function(contents) {
  groups <- do.call(rbind, lapply(contents, function(part) {
    part$groups[c("group", "label", "rank", "colour", "linetype", "linewidth")]
  }))
  groups$label <- wrap_rows(groups$label)
  groups <- groups[order(groups$rank, groups$group), , drop = FALSE]
  groups[!duplicated(groups[c("group", "label")]), , drop = FALSE]
}
