# The way of the patients through the analysis, as numbers and as a drawing.

# The boxes of a flow, from top to bottom; beside the arrow that leads to each, who is left out of
# it. counts: of patient_counts(). deaths: whether their number may be told.
patient_steps <- function(counts, context, deaths = TRUE) {
  before <- if (is.null(counts$read)) counts$rows else counts$read
  kept <- before - counts$excluded
  min_cell <- context$min_cell
  lost <- lost_few(counts, min_cell)
  told <- deaths && apart(counts$deaths, counts$rows, min_cell)
  steps <- list(
    if (before != counts$rows && !lost) {
      list(text = paste0("Records read\n", format_count(before)))
    },
    list(
      text = flow_box("Cohort", counts$rows, if (told) counts$deaths),
      out = c(exclusion_box(counts, min_cell), if (kept > counts$rows) {
        paste0("Not selected for this report", if (!lost) {
          paste0(": ", format_count(kept - counts$rows))
        })
      })
    )
  )
  Filter(Negate(is.null), steps)
}

flow_box <- function(what, patients, deaths = NULL) {
  paste0(what, "\n", count_of(patients, "patient"),
         if (!is.null(deaths)) paste0(", ", count_of(deaths, "death")))
}

# The figure, where it has more to say than one box.
patient_flow <- function(steps) {
  if (length(steps) < 2L) return(NULL)
  layout <- flow_layout(steps)
  alt <- paste0("Flow of the patients. ", paste(flow_words(steps), collapse = " "))
  list(plot = unbound(draw_flow(layout, alt)),
       caption = "Flow of the patients through the analysis.", height = layout$height,
       number = FALSE)
}

# Whether few were excluded or not selected.
lost_few <- function(n, min_cell) {
  lost <- if (is.null(n$read)) 0 else n$read - n$excluded - n$rows
  any(is_few(c(n$excluded, lost), min_cell))
}

exclusion_box <- function(n, min_cell) {
  if (!n$excluded) return(NULL)
  at <- n$reasons$table == "patients"
  reasons <- plain_words(n$reasons$text[at])
  if (!any(is_few(n$reasons$n[at], min_cell))) {
    reasons <- paste0(reasons, ": ", format_count_each(n$reasons$n[at]))
  }
  c(paste0("Problems in the data", if (!lost_few(n, min_cell)) {
    paste0(": ", format_count(n$excluded))
  }), reasons)
}

# Where the boxes stand: below each other, those who are left out at the right of the arrow. One
# unit of the drawing is a line of text. height: inches in which a line of text fills its unit.
flow_layout <- function(steps) {
  texts <- lapply(steps, function(step) flow_lines(step$text, 30L))
  outs <- lapply(steps, function(step) flow_lines(step$out, 40L))
  gaps <- vapply(outs, function(out) max(1.4, length(out) + 1.6), 0)
  gaps[1L] <- 0
  heights <- lengths(texts) + 0.8
  top <- -cumsum(gaps) - c(0, cumsum(heights)[-length(heights)])
  boxes <- data.frame(
    x = 0, y = top - heights / 2, height = heights, width = 15,
    label = vapply(texts, paste, "", collapse = "\n")
  )
  side <- which(lengths(outs) > 0L & gaps > 0)
  beside <- data.frame(
    x = rep(18.5, length(side)), y = top[side] + gaps[side] / 2,
    height = lengths(outs[side]) + 0.8, width = rep(19, length(side)),
    label = vapply(outs[side], paste, "", collapse = "\n")
  )
  list(boxes = boxes, beside = beside, top = top, heights = heights,
       height = sum(gaps, heights) * 8 * 1.25 / 72 + 0.15)
}

flow_lines <- function(text, width) {
  unlist(lapply(unlist(strsplit(as.character(text), "\n")), strwrap, width))
}

flow_words <- function(steps) {
  vapply(steps, function(step) {
    line <- function(x) paste0(gsub("\n", ": ", x), ".", collapse = " ")
    paste(c(line(step$text), if (length(step$out)) paste0("Excluded: ", line(step$out))),
          collapse = " ")
  }, "")
}

draw_flow <- function(layout, alt) {
  beside <- layout$beside
  all <- rbind(layout$boxes, beside)
  n <- length(layout$top)
  down <- data.frame(from = (layout$top - layout$heights)[-n], to = layout$top[-1L])
  arrow <- arrow(length = unit(5, "points"), type = "closed")
  ggplot(all) +
    geom_segment(aes(x = 0, xend = 0, y = .data$from, yend = .data$to), down, arrow = arrow) +
    geom_segment(aes(x = 0, xend = .data$x - .data$width / 2, y = .data$y, yend = .data$y), beside,
                 arrow = arrow) +
    ggplot2::geom_rect(
      aes(xmin = .data$x - .data$width / 2, xmax = .data$x + .data$width / 2,
          ymin = .data$y - .data$height / 2, ymax = .data$y + .data$height / 2),
      fill = "white", colour = "black", linewidth = 0.3
    ) +
    geom_text(aes(x = .data$x, y = .data$y, label = .data$label), size = 8 / .pt,
              lineheight = 1.05) +
    scale_x_continuous(limits = c(-8, 29), expand = expansion()) +
    scale_y_continuous(expand = expansion(add = 0.3)) +
    labs(alt = alt) +
    ggplot2::theme_void()
}
