# What is added to a finished figure: facets, layers, scales, limits, times.
cohort <- figure_cohort()
fit <- lms_km(Surv(months, died) ~ drug, cohort)
both <- lms_km(Surv(months, died) ~ drug + sex, cohort)
raw <- ggplot2::ggplot(cohort, ggplot2::aes(time = months, status = died, colour = drug))

counts_of <- function(plot) lapply(unname(risk_numbers(plot)), function(part) unname(part$counts))
titles_of <- function(plot) vapply(risk_labels(plot), `[[`, "", "titles")

test_that("curves that no colour tells apart have panels, or are refused", {
  parted <- autoplot(both, by = "drug")
  by_hand <- parted + ggplot2::facet_wrap(~ sex)
  expect_equal(ggplot2::layer_data(parted, 1L), ggplot2::layer_data(by_hand, 1L))
  expect_equal(counts_of(parted), counts_of(by_hand))
  lines <- ggplot2::layer_data(parted, 1L)
  for (part in split(lines, list(lines$PANEL, lines$group), drop = TRUE)) {
    expect_true(all(diff(part$y) <= 0))
  }
  drawn_with <- function(plot) drawn(plot)
  expect_error(drawn_with(parted + ggplot2::facet_null()), "facet_wrap(~ sex)", fixed = TRUE)
  three <- autoplot(lms_km(Surv(months, died) ~ drug + sex + stage, cohort), by = "drug")
  expect_error(drawn_with(three + ggplot2::facet_wrap(~ stage)), "would be one line")
  without_warnings(drawn(three))
  without_warnings(drawn(three + ggplot2::facet_grid(sex ~ stage)))
  expect_error(autoplot(lms_km(Surv(months, died) ~ 1, cohort), by = "sex"), "no groups")
  expect_match(ggplot2::get_alt_text(parted), "A, Men: .*A, Women: ")
  causes <- cohort
  causes$cause <- factor(ifelse(cohort$died, 1 + (cohort$stage == "I"), 0), 0:2,
                         c("alive", "cancer", "other"))
  incidence <- autoplot(lms_cuminc(Surv(months, cause) ~ sex, causes))
  without_warnings(drawn(incidence))
  without_warnings(drawn(incidence + ggplot2::facet_grid(sex ~ .cause)))
  expect_error(drawn_with(incidence + ggplot2::facet_null()), "facet_wrap(~ .cause)", fixed = TRUE)
  # Layers of one's own.
  ready <- ggplot2::ggplot(as.data.frame(both), ggplot2::aes(time, estimate))
  expect_error(drawn_with(ready + geom_km(stat = "identity")), "several curves as one line")
  without_warnings(drawn(ready + geom_km(ggplot2::aes(colour = strata), stat = "identity")))
  numbers <- ggplot2::aes(time = months, status = died, colour = as.integer(stage))
  expect_error(drawn_with(ggplot2::ggplot(cohort, numbers) + geom_km()), "3 different values")
})

test_that("each layer of numbers has its own place, in order", {
  three <- raw + geom_km() + geom_risk_table() + geom_risk_table(rows = "events") +
    geom_risk_table(rows = "censored")
  titles <- c("Number at risk", "Events", "Censored")
  expect_equal(unname(titles_of(three)), titles)
  one <- raw + geom_km() + geom_risk_table(rows = c("at risk", "events", "censored"))
  expect_equal(do.call(rbind, counts_of(three)), counts_of(one)[[1L]])
  for (facet in list(NULL, ggplot2::facet_wrap(~ sex), ggplot2::facet_wrap(~ stage, ncol = 2),
                     ggplot2::facet_grid(stage ~ sex))) {
    table <- drawn(three + facet)
    expect_equal(anyDuplicated(table$layout$name[grepl("^(risk|panel)", table$layout$name)]), 0L)
    # From the top downwards, by the row of the gtable and the place in it.
    cells <- grep("^risk-labels", table$layout$name)
    grDevices::pdf(NULL, width = 7, height = 5)
    from_top <- vapply(cells, function(i) {
      vp <- table$grobs[[i]]$vp
      size <- table$heights[table$layout$t[i]]
      grid::pushViewport(grid::viewport(height = size))
      top <- 1 - grid::convertY(vp$y, "npc", valueOnly = TRUE)
      grid::popViewport()
      table$layout$t[i] + top
    }, 0)
    grDevices::dev.off()
    said <- vapply(cells, function(i) {
      Filter(function(g) identical(g$name, "titles"), all_grobs(table$grobs[[i]]))[[1L]]$label
    }, "")
    expect_equal(said[order(from_top)], rep(titles, length(cells) / 3L))
    expect_equal(anyDuplicated(from_top), 0L)
  }
})

test_that("panels have the limits that their facets give them", {
  short <- transform(cohort, months = ifelse(sex == "Men", pmin(months, 40), months))
  plot <- autoplot(lms_km(Surv(months, died) ~ drug + sex, short), by = "drug")
  ends <- function(plot) {
    built <- ggplot2::ggplot_build(plot)
    vapply(built$layout$panel_params, function(p) max(p$x$limits), 0)
  }
  expect_equal(ends(plot + ggplot2::facet_wrap(~ sex, scales = "free_x")),
               as.vector(tapply(short$months, short$sex, max)))
  expect_equal(ends(plot), rep(max(short$months), 2L))
  wide <- autoplot(fit) + ggplot2::annotate("text", x = 250, y = 0.5, label = "late")
  expect_equal(ends(wide), 250)
  without_warnings(drawn(wide))
})

test_that("a part of the axis has ticks, and a new scale per cent", {
  labels <- function(plot) {
    built <- suppressMessages(ggplot2::ggplot_build(plot))
    found <- built$layout$panel_params[[1L]]$y$get_labels()
    found[!is.na(found)]
  }
  expect_equal(labels(autoplot(fit)), c("0%", "25%", "50%", "75%", "100%"))
  for (ylim in list(c(0.8, 1), c(0.9, 1), c(0, 0.1), c(0.4, 0.6))) {
    shown <- labels(autoplot(fit) + ggplot2::coord_cartesian(ylim = ylim))
    expect_gte(length(shown), 3L)
    expect_match(shown, "%$")
  }
  add <- function(...) suppressMessages(autoplot(fit) + ggplot2::scale_y_continuous(...))
  expect_equal(labels(add(breaks = c(0, 0.4, 1), limits = c(0, 1))), c("0%", "40%", "100%"))
  expect_equal(labels(add(breaks = c(0, 1), limits = c(0, 1), labels = c("none", "all"))),
               c("none", "all"))
})

test_that("order, names and breaks of a colour scale are those of one legend and of the table", {
  texts <- function(scale, plot = autoplot(fit)) {
    plot <- suppressMessages(plot + scale)
    cells <- grob_cells(drawn(plot), "^guide-box")
    found <- unlist(lapply(Filter(function(g) inherits(g, "text"),
                                  unlist(lapply(cells, all_grobs), recursive = FALSE)), `[[`,
                           "label"))
    list(legend = intersect(unname(found), c("A", "B", "X", "Y")), times = table(unname(found)),
         table = risk_labels(plot)[[1L]]$labels, counts = counts_of(plot)[[1L]])
  }
  colours <- c(A = "red", B = "black")
  usual <- texts(NULL)
  for (scale in list(
    ggplot2::scale_colour_manual(values = colours, breaks = c("B", "A")),
    ggplot2::scale_colour_manual(values = colours, limits = c("B", "A")),
    ggplot2::scale_colour_discrete(breaks = rev), ggplot2::scale_colour_grey(limits = c("B", "A"))
  )) {
    for (plot in list(autoplot(fit), raw + geom_km() + geom_risk_table())) {
      found <- texts(scale, plot)
      expect_equal(found$table, c("B", "A"))
      expect_true(all(found$times == 1L))
      expect_equal(found$counts[1L, 1L], format(sum(cohort$drug == "B")))
    }
    expect_equal(texts(scale)$counts, usual$counts[2:1, ])
  }
  named <- texts(ggplot2::scale_colour_manual(values = colours, breaks = c("B", "A"),
                                              labels = c("Y", "X")))
  expect_equal(named$table, c("Y", "X"))
  expect_true(all(named$times == 1L))
  expect_equal(texts(ggplot2::scale_colour_brewer(palette = "Dark2"))$table, c("A", "B"))
})

test_that("a time that no curve reaches is said", {
  expect_message(autoplot(fit, times = c(12, 500)),
                 "`times = 500` is not drawn: this time is outside")
  built <- ggplot2::ggplot_build(suppressMessages(autoplot(fit, times = c(12, 500))))
  expect_equal(max(built$layout$panel_params[[1L]]$x$limits), max(cohort$months))
  short <- lms_km(Surv(months, died) ~ drug, transform(
    cohort, months = ifelse(drug == "A", pmin(months, 30), months), died = died & drug == "B"
  ))
  expect_message(autoplot(short, times = 60), 'the curve of "A" ends before this time')
  expect_no_message(autoplot(fit, times = 12))
})

test_that("what is written at a time stays within the panel", {
  grob <- grid::gTree(label = c("5%", "50%"), x = c(0.99, 0.5), y = c(0.5, 0.5), above = TRUE,
                      gp = grid::gpar(fontsize = 7), cl = "lms_curve_text")
  grDevices::pdf(NULL, width = 2, height = 2)
  on.exit(grDevices::dev.off())
  expect_equal(grid::makeContent(grob)$children[[1L]]$hjust, c(1, 0))
})

test_that("many rows leave room for the curves, or it is said", {
  many <- transform(cohort, centre = factor(rep(1:13, length.out = 300)))
  curves <- lms_km(Surv(months, died) ~ centre, many)
  panel <- function(height, rows = c("at risk", "events")) {
    grDevices::pdf(NULL, width = 6, height = height / 25.4)
    on.exit(grDevices::dev.off())
    table <- ggplot2::ggplotGrob(autoplot(curves, risk_table = rows))
    taken <- sum(grid::convertHeight(table$heights, "mm", valueOnly = TRUE))
    height - taken
  }
  expect_gt(panel(90), 20)
  expect_gt(panel(90, "at risk"), 20)
  expect_warning(panel(50), "mm of height of the figure")
  without_warnings(panel(200))
})

test_that("a coxph and what it predicts are drawn", {
  theirs <- survival::coxph(Surv(months, died) ~ drug + stage + weight, cohort)
  ours <- autoplot(lms_cox(Surv(months, died) ~ drug + stage + weight, cohort))
  expect_equal(ggplot2::layer_data(autoplot(theirs), 5L), ggplot2::layer_data(ours, 5L),
               tolerance = 1e-6)
  new <- data.frame(drug = c("A", "B", "B"), stage = "II", weight = c(1, 1, 2))
  curves <- survival::survfit(theirs, new)
  plot <- autoplot(curves, conf_int = TRUE, unit = "months")
  shown <- ggplot2::layer_data(plot, 1L)
  for (j in 1:3) {
    expect_equal(shown$y[shown$group == j], c(1, unname(curves$surv[, j])))
    expect_equal(shown$ymax[shown$group == j], c(1, unname(curves$upper[, j])))
  }
  expect_length(risk_numbers(plot), 0L)
  without_warnings(drawn(plot))
  strata <- survival::strata
  strata <- survival::coxph(Surv(months, died) ~ drug + strata(stage), cohort)
  curves <- survival::survfit(strata, data.frame(drug = c("A", "B")))
  shown <- ggplot2::layer_data(autoplot(curves, direct = TRUE), 1L)
  expect_equal(length(unique(shown$group)), 6L)
  first <- survival::survfit(strata, data.frame(drug = "A"))
  expect_equal(shown$y[shown$group == 1L], c(1, first$surv[seq_len(first$strata[1L])]))
  without_warnings(drawn(autoplot(curves)))
  expect_error(autoplot(curves, risk_table = TRUE), "predicted by a model")
})
