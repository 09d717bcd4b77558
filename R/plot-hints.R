# Arguments that figures have elsewhere, and what does the same here.

# Where other packages have an argument.
plot_hints <- local({
  add <- function(...) paste0("Add it to the plot: `autoplot(fit) + ", ..., "`.")
  limits <- add("ggplot2::coord_cartesian(xlim = c(0, 60))")
  breaks <- add("ggplot2::scale_x_continuous(breaks = seq(0, 60, 12))")
  colours <- add("ggplot2::scale_colour_manual(values = c(\"black\", \"red\"))")
  labels <- add("ggplot2::labs(title = \"...\", x = \"...\")")
  theme <- add("ggplot2::theme_bw()")
  facets <- add("ggplot2::facet_wrap(~ variable)")
  list(
    xlim = limits, breaks = breaks, break.time.by = breaks, break.x.by = breaks,
    palette = colours, colours = colours, colors = colours, title = labels, xlab = labels,
    ylab = labels, subtitle = labels, caption = labels, legend.title = labels, ggtheme = theme,
    theme = theme, facet.by = facets, pval = "Set `p_value = TRUE`.",
    surv.median.line = "Set `median = TRUE`."
  )
})
