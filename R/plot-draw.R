# The figure of curves, whatever they are of: estimated, predicted or adjusted.

# Layers hold the frame in which they are made, and those that called it: this
# one has only what is drawn. shown: besides single settings
#   facets, medians, times, test, table   NULL where there is none
#   named   whether the table has the names of the curves
draw_curves <- function(figure, unit, shown) {
  ggplot(figure$curves, curve_aes(figure)) +
    with_scales(
      geom_km(shown$mapping, stat = "identity", conf_int = shown$conf_int, fade = shown$fade,
              curves = levels(figure$curves$.curve), apart = shown$apart),
      figure$title
    ) +
    list(
      shown$facets,
      if (isTRUE(shown$censor)) geom_censor(mark_mapping(), stat = "identity"),
      median_lines(shown$medians), time_marks(figure, shown$times),
      if (!is.null(shown$test)) p_layer(figure, shown$test),
      if (!is.null(shown$table)) table_layer(figure$groups, shown$table),
      if (shown$direct) direct_labels(figure)
    ) +
    survival_scales(figure, unit, shown$range) +
    labs(x = unit$label, y = shown$y, alt = paste(c(shown$alt, shown$caution), collapse = " "),
         caption = if (!is.null(shown$caution)) {
           paste(strwrap(shown$caution, 90L), collapse = "\n")
         }) +
    curve_titles(figure) +
    curve_legend(figure, shown$direct, shown$named) + theme_lms()
}

# What the figures of estimated curves have in common; gives `min_cell`. flags: by name.
check_curve_figure <- function(method, dots, fade, min_cell, flags) {
  refuse_typed_dots("autoplot", setdiff(names(formals(method)), c("object", "...")), dots,
                    plot_hints)
  Map(check_flag, flags, names(flags))
  check_number(fade, "fade", 0, 1)
  check_min_cell(min_cell)
}

# Of geom_risk_table(), NULL for no table.
table_settings <- function(fit, figure, risk_table, min_cell) {
  if (identical(risk_table, FALSE)) return(NULL)
  rows <- if (isTRUE(risk_table)) "at risk" else check_table_rows(risk_table, "risk_table")
  weights <- unclass(fit)$weight_type
  counts <- unlist(lapply(figure$groups$counts, `[[`, "n.risk"))
  fractions <- any(counts != round(counts), na.rm = TRUE)
  weighted <- if (is.null(weights)) fractions else weights != "frequency"
  list(rows = rows, min_cell = min_cell, weighted = weighted)
}

# settings$one: whether all curves have the same numbers, which stand once, without a name.
table_layer <- function(groups, settings) {
  one <- isTRUE(settings$one)
  if (one) {
    groups <- groups[1L, ]
    groups$.group <- factor("")
  }
  geom_risk_table(
    aes(counts = .data$counts, label = .data$.group), groups, stat = "identity",
    rows = settings$rows, min_cell = settings$min_cell, weighted = settings$weighted,
    inherit.aes = !one
  )
}
