# What is written beside the curves: medians, survival at given times, the test.

median_lines <- function(fit, figure, median, scale) {
  if (!median) return(NULL)
  found <- as.vector(stats::quantile(fit, 0.5, conf.int = FALSE)) * scale
  lines <- figure$groups[setdiff(names(figure$groups), "counts")]
  lines$median <- found
  lines$start <- min(figure$curves$time)
  lines <- lines[!is.na(found), , drop = FALSE]
  if (!nrow(lines)) return(NULL)
  line <- function(mapping) {
    geom_segment(mapping, lines, inherit.aes = FALSE, colour = "grey45", linewidth = 0.3,
                 linetype = "22")
  }
  list(
    line(aes(x = .data$start, y = 0.5, xend = .data$median, yend = 0.5)),
    line(aes(x = .data$median, y = 0.5, xend = .data$median, yend = 0))
  )
}

# Survival at times in the unit shown; nothing where a curve has ended.
time_marks <- function(figure, times) {
  if (is.null(times)) return(NULL)
  times <- sort(check_curve_times(times))
  groups <- figure$groups
  marks <- groups[rep(seq_len(nrow(groups)), each = length(times)),
                  setdiff(names(groups), "counts"), drop = FALSE]
  marks$time <- rep(times, nrow(groups))
  marks$estimate <- unlist(lapply(groups$counts, survival_at, times))
  marks <- marks[!is.na(marks$estimate), , drop = FALSE]
  if (!nrow(marks)) return(NULL)
  # The upper of the curves has its numbers above, the others below.
  first <- marks$estimate >= stats::ave(marks$estimate, marks$time, FUN = max)
  marks$across <- ifelse(first, -0.15, 1.15)
  marks$up <- ifelse(first, -0.5, 1.5)
  marks$text <- paste0(formatC(100 * marks$estimate, format = "f", digits = 0L), "%")
  list(
    geom_vline(xintercept = times, colour = "grey70", linewidth = 0.25, linetype = "13"),
    geom_point(aes(x = .data$time, y = .data$estimate), marks, size = 1.1, show.legend = FALSE),
    geom_text(
      aes(x = .data$time, y = .data$estimate, label = .data$text, hjust = .data$across,
          vjust = .data$up),
      marks, size = 7 / .pt, show.legend = FALSE
    )
  )
}

# Just after t, as the print has it: unknown after the last follow-up unless 0.
survival_at <- function(counts, t) {
  last <- length(counts$time)
  ifelse(t > counts$time[last] & counts$estimate[last] > 0, NA, height_at(counts, t))
}

p_layer <- function(fit, figure, p_value) {
  if (identical(p_value, FALSE)) return(NULL)
  if (!isTRUE(p_value) && !inherits(p_value, "htest")) {
    abort("argument", paste0("`p_value` must be TRUE, FALSE or a test, not ", describe(p_value),
                             "."), "Make it by lms_logrank().")
  }
  layer(
    mapping = aes(counts = .data$counts), data = figure$groups, stat = "identity",
    geom = GeomTest, position = "identity", show.legend = FALSE, inherit.aes = FALSE,
    params = list(test = figure_test(fit, p_value), curves = nrow(figure$groups), na.rm = TRUE)
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

# A test that is given is of all curves: where facets part them, each panel has its own, or none.
add_tests <- function(table, panels, ranges, theme, data, params) {
  style <- table_style(theme, list())
  for (i in seq_len(nrow(panels))) {
    counts <- data$counts[as.integer(data$PANEL) == panels$panel[i]]
    test <- params$test
    if (is.null(test)) {
      test <- panel_test(counts)
    } else if (length(counts) < params$curves) {
      test <- NULL
    }
    if (is.null(test) || is.na(test$p.value)) next
    at <- free_corner(counts, ranges[[panels$panel[i]]]$x)
    grob <- textGrob(
      test_text(test), unit(at$x, "npc") + unit(at$inwards * 3, "points"),
      unit(at$y, "npc") + unit(if (at$y) -3 else 4, "points"), hjust = at$x, vjust = at$y,
      gp = text_gpar(style)
    )
    table <- gtable_add_grob(table, grob, t = panels$t[i], l = panels$l[i], z = Inf,
                             name = paste0("test-", i))
  }
  table
}

panel_test <- function(counts) {
  if (length(counts) && !is.null(counts[[1L]]$test)) {
    return(if (length(counts) == counts[[1L]]$curves) counts[[1L]]$test)
  }
  group <- unlist(lapply(counts, `[[`, "group"))
  if (length(group) < length(counts)) return(NULL)
  counts_logrank(counts, group, {
    strata <- unlist(lapply(counts, `[[`, "strata"))
    if (!is.null(strata)) factor(strata)
  })
}

# "Log-rank p = 0.17", "Robust stratified log-rank p = 0.17"
test_text <- function(test) {
  name <- sub(" test", "", test$method, fixed = TRUE)
  robust <- grepl(" with robust variance", name, fixed = TRUE)
  name <- sub(" with robust variance", "", name, fixed = TRUE)
  if (robust) name <- paste("Robust", sub("^(Strat|Log)", "\\L\\1", name, perl = TRUE))
  paste(name, "p", p_equals(test$p.value))
}

# Top right where the curves have come down by then, else bottom left.
free_corner <- function(counts, scale) {
  range <- scale_inverse(scale, scale$limits)
  height <- function(share) {
    t <- range[1L] + share * diff(range)
    vapply(counts, height_at, 0, t)
  }
  if (!counts[[1L]]$origin) return(list(x = 0, y = 1, inwards = 1))
  bottom <- max(height(0.4)) >= 0.92 && min(height(0.6)) > 0.12
  if (bottom) list(x = 0, y = 0, inwards = 1) else list(x = 1, y = 1, inwards = -1)
}
