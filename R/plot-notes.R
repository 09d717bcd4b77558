# What is written beside the curves: medians, survival at given times, the test.

# A row for each curve that is drawn down to its median.
median_rows <- function(fit, figure, scale) {
  found <- as.vector(stats::quantile(fit, 0.5, conf.int = FALSE)) * scale
  lines <- figure$groups[setdiff(names(figure$groups), "counts")]
  lines$median <- found
  lines$start <- min(figure$curves$time)
  shown <- found <= vapply(figure$groups$counts, `[[`, 0, "end")
  lines[which(shown), , drop = FALSE]
}

median_lines <- function(lines) {
  if (is.null(lines) || !nrow(lines)) return(NULL)
  line <- function(mapping) {
    geom_segment(mapping, lines, inherit.aes = FALSE, colour = "grey45", linewidth = 0.3,
                 linetype = "22")
  }
  list(
    line(aes(x = .data$start, y = 0.5, xend = .data$median, yend = 0.5)),
    line(aes(x = .data$median, y = 0.5, xend = .data$median, yend = 0))
  )
}

# Survival at times in the unit shown; where a curve has ended, a message.
time_marks <- function(figure, times) {
  if (is.null(times)) return(NULL)
  times <- sort(check_curve_times(times))
  groups <- figure$groups
  marks <- groups[rep(seq_len(nrow(groups)), each = length(times)),
                  setdiff(names(groups), "counts"), drop = FALSE]
  marks$time <- rep(times, nrow(groups))
  marks$estimate <- unlist(lapply(groups$counts, survival_at, times))
  known <- !is.na(marks$estimate) & marks$time >= min(figure$curves$time) &
    marks$time <= max(figure$last)
  say_not_drawn(marks[!known, , drop = FALSE], groups)
  marks <- marks[known, , drop = FALSE]
  if (!nrow(marks)) return(NULL)
  # The upper of the curves has its numbers above, the others below.
  marks$above <- marks$estimate >= stats::ave(marks$estimate, marks$time, FUN = max)
  marks$text <- format_percent(marks$estimate, 0L)
  at <- aes(x = .data$time, y = .data$estimate)
  list(
    geom_vline(xintercept = unique(marks$time), colour = "grey70", linewidth = 0.25,
               linetype = "13"),
    geom_point(at, marks, size = 1.1, show.legend = FALSE),
    layer(
      mapping = utils::modifyList(at, aes(label = .data$text, above = .data$above)), data = marks,
      stat = "identity", geom = GeomCurveText, position = "identity", show.legend = FALSE,
      params = list(na.rm = TRUE)
    )
  )
}

# left: a row for each time and curve without a mark.
say_not_drawn <- function(left, groups) {
  if (!nrow(left)) return(invisible())
  lines <- vapply(unique(left$time), function(time) {
    curves <- as.character(left$.curve[left$time == time])
    why <- if (length(curves) == nrow(groups)) {
      "this time is outside the follow-up of all curves."
    } else if (length(curves) == 1L) {
      paste("the curve of", quoted(curves), "ends before this time.")
    } else {
      paste("the curves of", enumerate(quoted(curves), max = 4L), "end before this time.")
    }
    paste0("Survival at `times = ", format_value(time), "` is not drawn: ", why)
  }, "")
  say("times", lines)
}

# Text in the letters of the axis, which the theme of the finished plot says.
GeomCurveText <- ggproto("GeomCurveText", Geom,
  required_aes = c("x", "y", "label", "above"),
  default_aes = aes(colour = "black"),
  handle_na = function(self, data, params) data[!is.na(data$x) & !is.na(data$y), , drop = FALSE],
  draw_layer = function(self, data, params, layout, coord) {
    add_to_panels(layout, function(table, panels, ranges, theme) {
      style <- panel_style(theme)
      for (i in seq_len(nrow(panels))) {
        here <- data[as.integer(data$PANEL) == panels$panel[i], , drop = FALSE]
        if (!nrow(here)) next
        at <- coord$transform(here, ranges[[panels$panel[i]]])
        grob <- gTree(
          label = here$label, x = at$x, y = at$y, above = here$above, cl = "lms_curve_text",
          gp = text_gpar(style, here$colour), name = "curve-text"
        )
        table <- add_cell(table, grob, t = panels$t[i], l = panels$l[i], z = Inf,
                                 name = paste0("curve-text-", i))
      }
      table
    })
    rep(list(zeroGrob()), nrow(layout$layout))
  },
  draw_key = function(data, params, size) zeroGrob()
)

# At the right of a point where it is above, at the left where it is below, if there is room.
#' @export
makeContent.lms_curve_text <- function(x) {
  size <- x$gp$fontsize
  width <- convertWidth(unit(1, "npc"), "points", valueOnly = TRUE)
  height <- convertHeight(unit(1, "npc"), "points", valueOnly = TRUE)
  needed <- max(text_widths(x$label, gpar(fontsize = size))) + 0.5 * size
  right <- (x$above & (1 - x$x) * width >= needed) | x$x * width < needed
  y <- x$y + ifelse(x$above, 1, -1) * 0.75 * size / height
  column <- split(seq_along(y), list(x$x, right), drop = TRUE)
  for (i in column) y[i] <- spread_apart(y[i], 1.05 * size / height)
  text <- textGrob(
    x$label, unit(x$x, "npc") + unit(ifelse(right, 0.3, -0.3) * size, "points"), unit(y, "npc"),
    hjust = ifelse(right, 0, 1), gp = x$gp
  )
  setChildren(x, gList(text))
}

# Just after t, as the print has it: unknown after the last follow-up unless 0.
survival_at <- function(counts, t) {
  height <- height_at(counts, t)
  ifelse(t > counts$end & (counts$end < max(counts$time) | height > 0), NA, height)
}

# NULL for none; test is NULL where each panel has its own.
shown_test <- function(fit, figure, p_value, min_cell = 0) {
  if (identical(p_value, FALSE)) return(NULL)
  if (!isTRUE(p_value) && !inherits(p_value, "lms_logrank")) {
    abort("argument", paste0("`p_value` must be TRUE, FALSE or a test made by lms_logrank(), not ",
                             describe(p_value), "."), "Set `p_value = TRUE`.")
  }
  test <- figure_test(fit, figure, p_value)
  list(test = if (min_cell) coarse_test(test) else test)
}

p_layer <- function(figure, shown) {
  layer(
    mapping = aes(counts = .data$counts), data = figure$groups, stat = "identity",
    geom = GeomTest, position = "identity", show.legend = FALSE, inherit.aes = FALSE,
    params = list(test = shown$test, curves = nrow(figure$groups), na.rm = TRUE)
  )
}

GeomTest <- ggproto("GeomTest", Geom,
  required_aes = "counts",
  extra_params = c("na.rm", "test", "curves"),
  handle_na = function(self, data, params) data,
  draw_layer = function(self, data, params, layout, coord) {
    add_to_panels(layout, function(table, panels, ranges, theme) {
      add_tests(table, panels, ranges, theme, data, params)
    })
    rep(list(zeroGrob()), nrow(layout$layout))
  },
  draw_key = function(data, params, size) zeroGrob()
)

# A test of more curves than a panel has stands in the first of its panels, and says so.
add_tests <- function(table, panels, ranges, theme, data, params) {
  style <- panel_style(theme)
  shown <- list()
  for (i in seq_len(nrow(panels))) {
    counts <- data$counts[as.integer(data$PANEL) == panels$panel[i]]
    test <- panel_text(counts, params)
    if (is.null(test) || (test$whole && list(test$text) %in% shown)) next
    if (test$whole) shown <- c(shown, list(test$text))
    at <- free_place(counts, ranges[[panels$panel[i]]])
    # A low panel is not as high as its letters are.
    half <- unit((if (test$whole) 1.25 else 0.7) * style$size, "points")
    y <- min(unit(at$y, "npc") + max(unit(0.05, "npc"), half), unit(1, "npc") - half)
    grob <- textGrob(
      test$text, unit(at$x, "npc") + unit(at$inwards * 3, "points"), y, hjust = at$x, vjust = 0.5,
      gp = text_gpar(style)
    )
    table <- add_cell(table, grob, t = panels$t[i], l = panels$l[i], z = Inf,
                             name = paste0("test-", i))
  }
  table
}

# text, and whether the test is of all panels together; NULL for nothing to write.
panel_text <- function(counts, params) {
  if (!length(counts)) return(NULL)
  own <- if (is.null(params$test)) counts[[1L]]$test else params$test
  whole <- !is.null(own) && length(counts) < c(counts[[1L]]$curves, params$curves)[1L]
  test <- if (is.null(own)) panel_test(counts) else own
  if (is.null(test) || is.na(test$p.value)) return(NULL)
  list(text = paste0(test_text(test), if (whole) "\n(all panels)"), whole = whole)
}

# "Log-rank p = 0.17", "Robust stratified log-rank p = 0.17", "Log-rank trend p = 0.17"
test_text <- function(test) {
  name <- if (test$test == "gray") "Gray's" else test_title(test)
  before <- c(if (test$robust) "robust", if (test$stratified) "stratified")
  # The names of authors keep their capitals.
  if (length(before)) name <- c(before, sub("^Log", "log", name))
  name <- paste(c(name, if (test$trend) "trend"), collapse = " ")
  paste(capital(name), "p", p_equals(test$p.value))
}

# Where no curve is in the way, in shares of the panel: a box as wide as half of it, in the top
# right corner, at the bottom left, or in between; of incidences first at the top left.
free_place <- function(counts, ranges) {
  edges <- scale_inverse(ranges$x, ranges$x$limits)
  spans <- lapply(c(left = 0, right = 0.5), function(from) {
    ends <- edges[1L] + (from + c(0, 0.5)) * diff(edges)
    drawn <- Filter(function(x) x$time[length(x$time)] > min(ends), counts)
    heights <- vapply(drawn, height_at, c(0, 0), ends)
    matrix(ranges$y$rescale(heights), nrow = 2L)
  })
  bottoms <- seq(0.9, 0, by = -0.05)
  places <- data.frame(
    side = rep(c("right", "left"), c(length(bottoms), length(bottoms))),
    bottom = c(bottoms, rev(bottoms))
  )
  first <- if (counts[[1L]]$origin) c(1L, length(bottoms) + 1L) else nrow(places)
  places <- places[c(first, setdiff(seq_len(nrow(places)), first)), ]
  free <- vapply(seq_len(nrow(places)), function(i) {
    span <- spans[[places$side[i]]]
    low <- pmin(span[1L, ], span[2L, ])
    high <- pmax(span[1L, ], span[2L, ])
    !any(low < places$bottom[i] + 0.12 & high > places$bottom[i] - 0.02)
  }, NA)
  best <- places[match(TRUE, free, nomatch = 1L), ]
  right <- best$side == "right"
  list(x = as.numeric(right), y = best$bottom, inwards = if (right) -1 else 1)
}
