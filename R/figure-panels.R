# Survival curves in panels: a fit, a figure and its test for each.

# What one panel shows. y: a survival::Surv; group: a factor, or NULL for one curve.
panel_spec <- function(y, group, title, origin, meta) {
  list(data = list(y = y, group = group), title = title, origin = origin, unit = meta$unit)
}

# The fit and the figure must not hold on to the patients: their formula has no frame with them.
panel_formula <- function(data) {
  formula <- if (is.null(data$group)) y ~ 1 else y ~ group
  environment(formula) <- globalenv()
  formula
}

panel_frame <- function(data) {
  structure(Filter(Negate(is.null), data), class = "data.frame",
            row.names = seq_len(nrow(data[[1L]])))
}

panel_fit <- function(data) quiet(lms_km(panel_formula(data), data = panel_frame(data)))

# The numbers at risk have the names of the curves, with their lines: a legend would say it again.
draw_panel <- function(spec, head, note, ..., letter = NULL, min_cell = 0) {
  fit <- panel_fit(spec$data)
  several <- !is.null(spec$data$group)
  args <- utils::modifyList(
    list(p_value = several, unit = spec$unit, min_cell = min_cell, risk_table = TRUE), list(...)
  )
  plot <- do.call(autoplot.lms_km, c(list(fit), args))
  test <- if (several) panel_test(figure_data(fit)$groups$counts)
  title <- paste(c(if (!is.null(letter)) paste0("(", letter, ")"), spec$title), collapse = " ")
  alt <- c(head, if (nzchar(title)) paste0(title, ":"), plot$labels$alt,
           if (!is.null(test)) paste0(test_text(test), "."))
  plot + labs(
    title = if (nzchar(title)) title, x = paste(plot$labels$x, "since", spec$origin),
    caption = note,
    alt = paste(c(alt, gsub("\n", " ", note)), collapse = " ")
  ) + if (identical(args$risk_table, FALSE)) {
    theme(legend.title = element_blank())
  } else {
    guides_of("none")
  }
}

# Numbers of the panels to draw, of n.
chosen_panels <- function(panel, n) {
  if (is.null(panel)) return(seq_len(n))
  match(check_choice(panel, "panel", letters[seq_len(n)]), letters)
}

# Panels two by two.
draw_panels <- function(specs, head, note, ...) {
  if (length(specs) == 1L) return(draw_panel(specs[[1L]], head, caption_of(note, 68L, ...), ...))
  if (!requireNamespace("patchwork", quietly = TRUE)) {
    abort("package", "A figure of several panels needs the package patchwork.",
          "Install it, or draw the panels one by one: `panel = \"a\"`.")
  }
  plots <- Map(function(spec, letter) draw_panel(spec, NULL, NULL, ..., letter = letter),
               unname(specs), letters[seq_along(specs)])
  alt <- vapply(plots, function(plot) plot$labels$alt, "")
  caption <- caption_of(note, 145L, ...)
  patchwork::wrap_plots(unname(plots), ncol = 2L) +
    patchwork::plot_annotation(caption = caption, theme = theme_lms()) +
    labs(alt = paste(c(head, alt, gsub("\n", " ", caption)), collapse = " "))
}

pale_words <- function(fade = 0.1) {
  paste0("Lines are paler where fewer than ", format(100 * fade), "% of patients remain at risk.")
}

# The notes, and what the curves show, in lines as wide as the figure is printed.
caption_of <- function(note, width, ..., min_cell = 0, censor = TRUE, fade = 0.1) {
  look <- c(
    if (censor && !min_cell) "Vertical marks show censored patients.",
    if (fade > 0) pale_words(fade),
    if (min_cell) {
      paste0("Numbers are rounded down to multiples of ", min_cell, ". A step of a curve is at ",
             "least ", min_cell, " events, and curves end where fewer patients are at risk.")
    }
  )
  text <- paste(c(note, look), collapse = " ")
  if (nzchar(text)) paste(strwrap(text, width), collapse = "\n")
}
