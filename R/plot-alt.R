# What a figure says to those who cannot see it.

km_alt <- function(fit, figure, unit, min_cell) {
  names <- as.character(figure$groups$.curve)
  head <- paste0(
    "Kaplan-Meier ", if (length(names) > 1L) {
      paste0("curves of survival in ", length(names), " groups")
    } else {
      "curve of survival"
    },
    ", followed up to ", alt_time(max(figure$last), unit, min_cell), "."
  )
  median <- as.vector(stats::quantile(fit, 0.5, conf.int = FALSE)) * unit$scale
  each <- vapply(utils::head(seq_along(names), 6L), function(i) {
    counts <- figure$groups$counts[[i]]
    text <- paste0(
      if (nzchar(names[i])) paste0(names[i], ": "), if (!is.null(counts$steps)) "up to ",
      coarse_words(most(counts$n.risk), min_cell), " at risk, ",
      event_words(counts, min_cell), ", ",
      if (is.na(median[i])) {
        "median not reached"
      } else if (median[i] > counts$end) {
        "median not shown"
      } else {
        paste("median", alt_time(median[i], unit, min_cell))
      },
      "."
    )
    if (min_cell && !nzchar(names[i])) capital(text) else text
  }, "")
  more <- length(names) - length(each)
  paste(c(head, each, if (more) paste0("And ", count_of(more, "more group"), ".")), collapse = " ")
}

# "10 events", "at least 10 events"
event_words <- function(counts, min_cell) {
  n <- sum(counts$n.event)
  paste(coarse_words(if (isFALSE(counts$told)) NA else n, min_cell), "events")
}

# A release has rounded times, as the last of a curve is that of a patient.
alt_time <- function(x, unit, min_cell = 0) {
  time_with_unit(if (min_cell) signif(x, 3L) else x, unit$name)
}
