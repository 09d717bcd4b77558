# What a figure shows, read from the grobs that are drawn.

drawn <- function(plot) {
  grDevices::pdf(NULL, width = 7, height = 5)
  on.exit(grDevices::dev.off())
  ggplot2::ggplotGrob(plot)
}

all_grobs <- function(grob) {
  inner <- if (inherits(grob, "gtable")) grob$grobs else if (inherits(grob, "gTree")) grob$children
  c(list(grob), unlist(lapply(inner, all_grobs), recursive = FALSE))
}

# Shares of the panel's width, which the axis has as its native scale.
npc <- function(x) {
  stopifnot(all(grid::unitType(x) %in% c("npc", "native")))
  as.numeric(x)
}

grob_cells <- function(table, pattern) {
  at <- grep(pattern, table$layout$name)
  lapply(stats::setNames(at, table$layout$name[at]), function(i) table$grobs[[i]])
}

# For each panel of the figure: text of the lines of its table, and where the numbers stand.
risk_numbers <- function(plot) {
  lapply(grob_cells(drawn(plot), "^risk-table"), function(cell) {
    lines <- Filter(function(grob) inherits(grob, "text"), all_grobs(cell))
    list(
      x = if (length(lines)) npc(lines[[1L]]$x),
      counts = do.call(rbind, lapply(lines, function(grob) grob$label))
    )
  })
}

risk_labels <- function(plot) {
  cells <- grob_cells(drawn(plot), "^risk-labels")
  lapply(cells, function(cell) {
    texts <- Filter(function(grob) inherits(grob, "text"), all_grobs(cell))
    stats::setNames(lapply(texts, `[[`, "label"), vapply(texts, `[[`, "", "name"))
  })
}

# Ticks of each x axis that is drawn, and what is written at them.
axis_ticks <- function(plot) {
  cells <- grob_cells(drawn(plot), "^axis-b")
  found <- lapply(cells, function(cell) {
    grobs <- all_grobs(cell)
    texts <- Filter(function(grob) inherits(grob, "text"), grobs)
    if (!length(texts)) return(NULL)
    # Labels that may be left out for want of room stand in the order of their importance.
    x <- npc(texts[[1L]]$x)
    list(x = sort(x), label = texts[[1L]]$label[order(x)])
  })
  Filter(Negate(is.null), found)
}

# At risk just before each time, counted row by row.
count_at_risk <- function(times, exit, entry = NULL, weights = rep(1, length(exit))) {
  vapply(times, function(t) {
    there <- exit >= t
    if (!is.null(entry)) there <- there & (entry < t | (t <= 0 & entry <= 0))
    sum(weights[there])
  }, 0)
}

# A cohort with ties, three variables, weights and late entries.
figure_cohort <- function(n = 300L) {
  withr::with_seed(20, {
    out <- data.frame(
      months = pmin(ceiling(stats::rexp(n, 1 / 60)), 190),
      died = stats::runif(n) < 0.6,
      drug = factor(sample(c("A", "B"), n, TRUE)), sex = factor(sample(c("Men", "Women"), n, TRUE)),
      stage = factor(sample(c("I", "II", "III"), n, TRUE)), weight = stats::runif(n, 0.2, 3)
    )
  })
  out$entry <- ifelse(seq_len(n) %% 4L == 0L, pmax(0, out$months - 12), 0)
  out
}

without_warnings <- function(expr) {
  testthat::expect_no_warning(testthat::expect_no_message(expr))
}
