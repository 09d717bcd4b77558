cohort <- figure_cohort()
fit <- lms_km(Surv(months, died) ~ drug, cohort)
by_drug <- split(cohort, cohort$drug)

# Text that stands at the axis' own ticks, and is what a count of the rows gives.
expect_counts <- function(plot, times, counts, panel = 1L, ticks = axis_ticks(plot)[[1L]]) {
  shown <- risk_numbers(plot)[[panel]]
  expect_equal(shown$x, ticks$x)
  expect_equal(as.numeric(ticks$label), times)
  expect_equal(unname(shown$counts), unname(counts))
}

drug_counts <- function(times, data = by_drug) {
  do.call(rbind, lapply(data, function(part) {
    format(count_at_risk(times, part$months), trim = TRUE)
  }))
}

test_that("numbers at risk stand at the ticks and are those of a count", {
  plot <- autoplot(fit)
  times <- as.numeric(axis_ticks(plot)[[1L]]$label)
  expect_gt(length(times), 4L)
  expect_counts(plot, times, drug_counts(times))
  expect_equal(risk_labels(plot)[[1L]]$labels, c("A", "B"))
  expect_equal(risk_labels(plot)[[1L]]$titles, "Number at risk")
})

test_that("the table follows breaks, limits, coordinates and theme", {
  plot <- autoplot(fit)
  other <- suppressMessages(plot + ggplot2::scale_x_continuous(breaks = c(0, 7, 33, 50, 101)))
  expect_counts(other, c(0, 7, 33, 50, 101), drug_counts(c(0, 7, 33, 50, 101)))

  limited <- suppressMessages(
    plot + ggplot2::scale_x_continuous(limits = c(10, 70), breaks = c(0, 12, 24, 60, 90))
  )
  expect_counts(limited, c(12, 24, 60), drug_counts(c(12, 24, 60)))

  zoomed <- plot + ggplot2::coord_cartesian(xlim = c(0, 40)) + ggplot2::theme_bw(20)
  times <- as.numeric(axis_ticks(zoomed)[[1L]]$label)
  expect_true(max(times) <= 42)
  expect_counts(zoomed, times, drug_counts(times))

  backwards <- suppressMessages(plot + ggplot2::scale_x_reverse(breaks = c(24, 12)))
  expect_equal(unname(risk_numbers(backwards)[[1L]]$counts), unname(drug_counts(c(24, 12))))

  root <- suppressMessages(plot + ggplot2::scale_x_sqrt(breaks = c(1, 25, 100)))
  expect_counts(root, c(1, 25, 100), drug_counts(c(1, 25, 100)))
})

test_that("each panel has the counts of its own rows", {
  three <- lms_km(Surv(months, died) ~ drug + sex + stage, cohort)
  base <- suppressMessages(
    autoplot(three, by = "drug") + ggplot2::scale_x_continuous(breaks = c(0, 24, 60))
  )
  times <- c(0, 24, 60)
  expected <- function(sex, stage) {
    unname(drug_counts(times, lapply(by_drug, function(part) {
      part[part$sex == sex & part$stage == stage, ]
    })))
  }
  grid <- risk_numbers(base + ggplot2::facet_grid(sex ~ stage))
  wrap <- risk_numbers(base + ggplot2::facet_wrap(~ stage + sex, ncol = 4))
  expect_length(grid, 6L)
  sexes <- levels(cohort$sex)
  stages <- levels(cohort$stage)
  for (i in 1:2) for (j in 1:3) {
    cell <- grid[[paste0("risk-table-", i, "-", j)]]
    expect_equal(unname(cell$counts), expected(sexes[i], stages[j]))
    k <- 2L * (j - 1L) + i
    cell <- wrap[[paste0("risk-table-", (k - 1L) %/% 4L + 1L, "-", (k - 1L) %% 4L + 1L)]]
    expect_equal(unname(cell$counts), expected(sexes[i], stages[j]))
  }
  free <- base + ggplot2::facet_wrap(~ sex + stage, scales = "free_x")
  cells <- risk_numbers(free)
  ticks <- axis_ticks(free)
  expect_length(ticks, 6L)
  places <- function(parts) {
    sort(vapply(unname(parts), function(part) paste(signif(part$x, 10), collapse = " "), ""))
  }
  expect_equal(places(cells), places(ticks))
})

test_that("each table stands in the column of its panel, under it", {
  three <- lms_km(Surv(months, died) ~ drug + sex + stage, cohort)
  base <- suppressMessages(
    autoplot(three, by = "drug") + ggplot2::scale_x_continuous(breaks = c(0, 24))
  )
  for (columns in c(4, 3, 6)) {
    table <- drawn(base + ggplot2::facet_wrap(~ stage + sex, ncol = columns))
    cells <- table$layout
    strips <- which(grepl("^strip-t", cells$name) & !vapply(table$grobs, inherits, NA, "zeroGrob"))
    tables <- grep("^risk-table", cells$name)
    expect_length(tables, 6L)
    for (i in tables) {
      above <- strips[cells$l[strips] == cells$l[i] & cells$t[strips] < cells$t[i]]
      own <- above[which.max(cells$t[above])]
      texts <- Filter(function(grob) inherits(grob, "text"), all_grobs(table$grobs[[own]]))
      names <- vapply(texts, `[[`, "", "label")
      rows <- cohort[cohort$stage == names[1L] & cohort$sex == names[2L], ]
      shown <- Filter(function(grob) inherits(grob, "text"), all_grobs(table$grobs[[i]]))
      for (j in 1:2) {
        months <- rows$months[rows$drug == levels(cohort$drug)[j]]
        expect_equal(shown[[j]]$label, format(count_at_risk(c(0, 24), months), trim = TRUE))
      }
    }
  }
})

test_that("late entries count from when they enter", {
  late <- lms_km(Surv(entry, months, died) ~ drug, cohort)
  plot <- suppressMessages(autoplot(late) + ggplot2::scale_x_continuous(breaks = c(0, 9.5, 30, 60)))
  times <- c(0, 9.5, 30, 60)
  counts <- do.call(rbind, lapply(by_drug, function(part) {
    format(count_at_risk(times, part$months, part$entry), trim = TRUE)
  }))
  expect_counts(plot, times, counts)
  raw <- ggplot2::ggplot(cohort, ggplot2::aes(
    time = months, status = died, entry = entry, colour = drug
  )) + geom_km() + geom_risk_table() + ggplot2::scale_x_continuous(breaks = times)
  expect_equal(unname(risk_numbers(raw)[[1L]]$counts), unname(counts))
  expect_equal(risk_labels(raw)[[1L]]$labels, c("A", "B"))
})

test_that("weighted counts are sums of weights and are called so", {
  weighted <- lms_km(Surv(months, died) ~ drug, cohort, weights = weight)
  plot <- suppressMessages(autoplot(weighted) + ggplot2::scale_x_continuous(breaks = c(12, 60)))
  counts <- do.call(rbind, lapply(by_drug, function(part) {
    x <- count_at_risk(c(12, 60), part$months, weights = part$weight)
    format(round(x, if (max(x) >= 100) 0 else 1), trim = TRUE)
  }))
  expect_equal(unname(risk_numbers(plot)[[1L]]$counts), unname(counts))
  expect_equal(risk_labels(plot)[[1L]]$titles, "Weighted number at risk")
  whole <- lms_km(Surv(months, died) ~ drug, cohort, weights = rep(2, 300),
                  weight_type = "frequency")
  expect_equal(risk_labels(autoplot(whole))[[1L]]$titles, "Number at risk")
})

test_that("events and censored patients are counted since the tick before, or from the start", {
  times <- c(0, 12, 36, 84)
  kinds <- c("at risk", "events", "censored", "cumulative events", "cumulative censored")
  plot <- suppressMessages(
    autoplot(fit, risk_table = kinds) + ggplot2::scale_x_continuous(breaks = times)
  )
  shown <- risk_numbers(plot)[[1L]]$counts
  expected <- do.call(rbind, lapply(kinds, function(kind) {
    do.call(rbind, lapply(by_drug, function(part) {
      done <- function(which) vapply(times, function(t) sum(part$months <= t & which), 0)
      x <- switch(kind,
        "at risk" = count_at_risk(times, part$months),
        events = diff(c(0, done(part$died))), censored = diff(c(0, done(!part$died))),
        "cumulative events" = done(part$died), "cumulative censored" = done(!part$died)
      )
      format(x, trim = TRUE)
    }))
  }))
  expect_equal(unname(shown), unname(expected))
  expect_length(risk_labels(plot)[[1L]]$titles, 5L)
  small <- suppressMessages(autoplot(fit, min_cell = 5) +
                              ggplot2::scale_x_continuous(breaks = c(0, 150, 1e4)))
  tails <- vapply(by_drug, function(part) sum(part$months >= 150), 0)
  shown <- risk_numbers(small)[[1L]]$counts
  expect_equal(unname(shown[, 2L]), format(5 * unname(tails %/% 5), trim = TRUE))
})

test_that("labels have the room that they need, and no row stands on another", {
  long <- cohort
  levels(long$drug) <- c("A", strrep("a rather long name ", 4))
  table <- drawn(autoplot(lms_km(Surv(months, died) ~ drug, long)))
  grDevices::pdf(NULL, width = 7, height = 5)
  on.exit(grDevices::dev.off())
  left <- min(table$layout$l[table$layout$name == "panel"])
  room <- sum(grid::convertWidth(table$widths[seq_len(left - 1L)], "points", valueOnly = TRUE))
  cell <- grob_cells(table, "^risk-labels")[[1L]]
  text <- Filter(function(grob) identical(grob$name, "labels"), all_grobs(cell))[[1L]]
  expect_gt(room, grid::convertWidth(grid::grobWidth(text), "points", valueOnly = TRUE))
  y <- grid::convertY(text$y, "points", valueOnly = TRUE)
  expect_gt(y[1L] - y[2L], 1.2 * text$gp$fontsize)
})

test_that("patchwork keeps the table", {
  skip_if_not_installed("patchwork", if (packageVersion("ggplot2") >= "3.5") "1.2" else "1.0")
  one <- autoplot(fit)
  grDevices::pdf(NULL, width = 10, height = 5)
  on.exit(grDevices::dev.off())
  other <- suppressMessages(one + ggplot2::xlim(0, 50))
  both <- patchwork::patchworkGrob(patchwork::wrap_plots(one, other))
  cells <- grep("^risk-table", both$layout$name)
  expect_length(cells, 2L)
  panels <- both$layout[grepl("^panel", both$layout$name), ]
  expect_setequal(both$layout$l[cells], panels$l)
  expect_true(all(grid::convertHeight(both$heights[both$layout$t[cells]], "points",
                                      valueOnly = TRUE) > 3 * 7))
})

test_that("what the table cannot do is said", {
  expect_error(geom_risk_table(rows = "number"), "`rows` must be")
  expect_warning(drawn(autoplot(fit) + ggplot2::coord_flip()), "horizontal x axis")
})

test_that("a theme or a scale without axis text leaves a table in its letters, or none", {
  expect_equal(lapply(risk_numbers(autoplot(fit) + ggplot2::theme_void()), `[[`, "counts"),
               lapply(risk_numbers(autoplot(fit)), `[[`, "counts"))
  size <- function(theme) table_style(theme, list())$size
  expect_equal(size(ggplot2::theme_void(20)), 16)
  expect_equal(size(theme_lms(16) + ggplot2::theme(axis.text.x = ggplot2::element_blank())), 14)
  none <- suppressMessages(autoplot(fit) + ggplot2::scale_x_continuous(breaks = NULL))
  expect_length(risk_numbers(none), 0L)
  expect_error(geom_risk_table(size = "large"), "`size`")
})

test_that("numbers that have no room beside each other are left out", {
  expect_equal(clear_places(c(0, 10, 21, 30), c(10, 10, 10, 10)), c(TRUE, TRUE, TRUE, FALSE))
  expect_equal(clear_places(c(0, 4, 10), c(10, 10, 10)), c(TRUE, FALSE, TRUE))
  close <- suppressMessages(
    autoplot(fit) + ggplot2::scale_x_continuous(breaks = c(0, 0.5, 60, 120))
  )
  grDevices::pdf(NULL, width = 3.15, height = 3)
  on.exit(grDevices::dev.off())
  cell <- grob_cells(ggplot2::ggplotGrob(close), "^risk-table")[[1L]]
  numbers <- Filter(function(grob) inherits(grob, "lms_numbers"), all_grobs(cell))[[1L]]
  grid::pushViewport(grid::viewport(width = grid::unit(180, "points")))
  text <- grid::makeContent(numbers)$children[[1L]]$label
  expect_equal(nzchar(text), c(TRUE, FALSE, TRUE, TRUE))
})
