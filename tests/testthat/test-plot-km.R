cohort <- figure_cohort()
fit <- lms_km(Surv(months, died) ~ drug, cohort)

test_that("the layers hold the curve, its start and the marks", {
  plot <- autoplot(fit, conf_int = TRUE)
  expect_s3_class(plot, "ggplot")
  steps <- ggplot2::layer_data(plot, 1L)
  marks <- ggplot2::layer_data(plot, 2L)
  theirs <- survival::survfit(Surv(months, died) ~ drug, cohort)
  theirs <- split(
    data.frame(unclass(theirs)[c("time", "surv", "lower", "upper", "n.censor")]),
    rep(1:2, theirs$strata)
  )
  for (i in 1:2) {
    ours <- steps[steps$group == i, ]
    expect_equal(ours$x, c(0, theirs[[i]]$time))
    expect_equal(ours$y, c(1, theirs[[i]]$surv), tolerance = 1e-12)
    expect_equal(ours$ymin, c(1, theirs[[i]]$lower), tolerance = 1e-12)
    expect_equal(ours$ymax, c(1, theirs[[i]]$upper), tolerance = 1e-12)
    censored <- theirs[[i]]$n.censor > 0
    expect_equal(marks$x[marks$group == i], theirs[[i]]$time[censored])
    expect_equal(marks$y[marks$group == i], theirs[[i]]$surv[censored], tolerance = 1e-12)
  }
})

test_that("the figure of a survfit is that of the same lms_km", {
  theirs <- survival::survfit(Surv(months, died) ~ drug + sex, cohort)
  ours <- lms_km(Surv(months, died) ~ drug + sex, cohort)
  a <- autoplot(theirs, unit = "months")
  b <- autoplot(ours, unit = "months")
  expect_equal(ggplot2::layer_data(a, 1L), ggplot2::layer_data(b, 1L), tolerance = 1e-12)
  expect_equal(risk_numbers(a), risk_numbers(b))
  expect_equal(ggplot2::get_alt_text(a), ggplot2::get_alt_text(b))
  expect_named(a$data, names(b$data))
  multi <- survival::survfit(Surv(months, factor(died)) ~ 1, cohort)
  expect_error(autoplot(multi), "several states")
})

test_that("the test that is shown is lms_logrank()'s", {
  shown <- function(formula, ..., show = TRUE) {
    curves <- lms_km(formula, cohort, ...)
    figure <- figure_data(curves)
    test <- figure_test(curves, figure, TRUE)
    if (is.null(test)) panel_test(figure$groups$counts) else test
  }
  same <- function(formula, ...) {
    ours <- shown(formula, ...)
    theirs <- lms_logrank(formula, cohort, ...)
    expect_equal(unname(ours$statistic), unname(theirs$statistic), tolerance = 1e-10)
    expect_equal(ours$parameter, theirs$parameter)
    expect_equal(ours$p.value, theirs$p.value, tolerance = 1e-10)
    expect_equal(ours$method, theirs$method)
  }
  same(Surv(months, died) ~ drug)
  same(Surv(months, died) ~ drug + stage)
  same(Surv(months, died) ~ drug + survival::strata(sex, stage))
  same(Surv(entry, months, died) ~ stage)
  same(Surv(entry, months, died) ~ stage + survival::strata(sex))
  same(Surv(months, died) ~ stage, weights = weight)
  same(Surv(months, died) ~ drug + survival::strata(sex), weights = weight)
  same(Surv(months, died) ~ drug, weights = rep(1:3, 100), weight_type = "frequency")
  expect_null(shown(Surv(months, died) ~ survival::strata(sex)))
  text <- function(plot) {
    cell <- grob_cells(drawn(plot), "^test-")
    unname(vapply(cell, `[[`, "", "label"))
  }
  p <- lms_logrank(Surv(months, died) ~ drug, cohort)$p.value
  expect_equal(text(autoplot(fit, p_value = TRUE)), paste("Log-rank p", p_equals(p)))
  peto <- lms_logrank(Surv(months, died) ~ drug, cohort, test = "peto")
  expect_equal(text(autoplot(fit, p_value = peto)), paste("Peto-Peto p", p_equals(peto$p.value)))
  both <- lms_km(Surv(months, died) ~ drug + sex, cohort)
  each <- vapply(levels(cohort$sex), function(sex) {
    p <- lms_logrank(Surv(months, died) ~ drug, cohort[cohort$sex == sex, ])$p.value
    paste("Log-rank p", p_equals(p))
  }, "")
  expect_equal(text(autoplot(both, by = "drug", p_value = TRUE) + ggplot2::facet_wrap(~ sex)),
               unname(each))
  weighted <- lms_km(Surv(months, died) ~ drug, cohort, weights = weight)
  expect_match(text(autoplot(weighted, p_value = TRUE)), "^Robust log-rank p")
  expect_error(autoplot(fit, p_value = 0.03), "must be TRUE, FALSE or a test")
  theirs <- survival::survfit(Surv(months, died) ~ drug, cohort, weights = weight)
  expect_error(autoplot(theirs, p_value = TRUE), "the rows are not kept")
})

test_that("medians, and survival at given times, are those of the fit", {
  plot <- autoplot(fit, median = TRUE, times = c(12, 60))
  layers <- lapply(seq_along(plot$layers), function(i) ggplot2::layer_data(plot, i))
  medians <- Filter(function(d) all(c("xend", "yend") %in% names(d)) && all(d$yend == 0), layers)
  expect_equal(medians[[1L]]$x, unname(quantile(fit, 0.5, conf.int = FALSE)[, 1L]))
  written <- function(plot) grob_cells(drawn(plot), "^curve-text")[[1L]]
  expect_equal(written(plot)$label,
               paste0(round(100 * summary(fit, times = c(12, 60))$surv), "%"))
  expect_equal(written(plot)$gp$fontsize, 7)
  expect_equal(written(plot + theme_lms(base_size = 16))$gp$fontsize, 14)
  known <- summary(fit, times = c(12, 1e6))$surv
  expect_length(written(autoplot(fit, times = c(12, 1e6)))$label, sum(!is.na(known)))
})

test_that("names carry no variable, in the order of the levels, with the data's labels", {
  named <- cohort
  levels(named$drug) <- c("b=1", "a$")
  attr(named$drug, "label") <- "Treatment arm"
  attr(named$months, "label") <- "Months since diagnosis"
  plot <- autoplot(lms_km(Surv(months, died) ~ drug, named))
  expect_equal(levels(plot$data$.group), c("b=1", "a$"))
  labels <- plot$labels[c("colour", "x", "y")]
  expect_equal(unname(unlist(labels)), c("Treatment arm", "Months since diagnosis", "Survival"))
  both <- lms_km(Surv(months, died) ~ drug + sex, named)
  expect_equal(levels(autoplot(both)$data$.group),
               c("b=1, Men", "b=1, Women", "a$, Men", "a$, Women"))
  expect_equal(levels(autoplot(both, by = "sex")$data$.group), c("Men", "Women"))
  expect_error(autoplot(both, by = "sx"), "sex")
})

test_that("FALSE and TRUE are shown as No and Yes", {
  plain <- transform(cohort, ever_bone_metastasis = stage == "III")
  for (fitted in list(
    lms_km(Surv(months, died) ~ ever_bone_metastasis, plain),
    survival::survfit(Surv(months, died) ~ ever_bone_metastasis, plain)
  )) {
    plot <- autoplot(fitted)
    expect_equal(levels(plot$data$.group), c("No", "Yes"))
    expect_equal(levels(plot$data$ever_bone_metastasis), c("No", "Yes"))
    expect_equal(plot$labels$colour, "Bone metastasis")
  }
})

test_that("no two of eighteen curves look the same", {
  look <- lapply(curve_scales(18), function(scale) scale$palette(18))
  expect_equal(anyDuplicated(data.frame(look)), 0L)
})

test_that("names in Chinese and Japanese are broken between letters", {
  words <- "\u6ca1\u6709\u9aa8\u8f6c\u79fb\u7684\u60a3\u8005\uff0c\u672a\u624b\u672f"
  lines <- wrap_lines(words, 8L)
  expect_true(all(nchar(lines, "width") <= 8L))
  expect_equal(paste(lines, collapse = ""), words)
  expect_false(any(startsWith(lines, "\uff0c")))
  expect_equal(wrap_lines("\u9aa8\u8f6c\u79fb bone metastasis \u65e0", 16L),
               c("\u9aa8\u8f6c\u79fb bone", "metastasis \u65e0"))
  expect_equal(wrap_text("Pathologic fracture fixation", 16L), "Pathologic\nfracture\nfixation")
})

test_that("the p-value stands where no curve is", {
  place <- function(d, ...) {
    data <- data.frame(t = c(d, d), x = rep(c("a", "b"), each = length(d)), ...)
    fit <- lms_km(Surv(t, s) ~ x, data, event = TRUE)
    built <- ggplot2::ggplot_build(autoplot(fit))
    free_place(figure_data(fit)$groups$counts, built$layout$panel_params[[1L]])
  }
  early <- place(c(1, 2, 3, 20), s = TRUE)
  expect_equal(c(early$x, early$y), c(1, 0.9))
  late <- place(c(17, 18, 19, 20), s = TRUE)
  expect_equal(c(late$x, late$y), c(0, 0))
  # One curve stays at 100%, the other falls to 0 at once: neither corner is free.
  both <- data.frame(t = c(20, 20, 1, 1), s = c(FALSE, FALSE, TRUE, TRUE),
                     x = c("a", "a", "b", "b"))
  fit <- lms_km(Surv(t, s) ~ x, both)
  built <- ggplot2::ggplot_build(autoplot(fit))
  at <- free_place(figure_data(fit)$groups$counts, built$layout$panel_params[[1L]])
  expect_equal(c(at$x, at$y), c(1, 0.85))
})

test_that("small counts are neither written, nor drawn, nor told", {
  shown <- autoplot(fit, min_cell = 20, times = 150, median = TRUE)
  steps <- ggplot2::layer_data(shown, 1L)
  expect_true(all(steps$n.risk >= 20))
  for (i in 1:2) {
    at_risk <- fit$n.risk[rep(1:2, fit$strata) == i]
    time <- fit$time[rep(1:2, fit$strata) == i]
    expect_equal(max(steps$x[steps$group == i]), max(time[at_risk >= 20]))
  }
  geoms <- vapply(shown$layers, function(layer) class(layer$geom)[1L], "")
  expect_false("GeomCensor" %in% geoms)
  expect_false("GeomCurveText" %in% geoms)
  few <- lms_km(Surv(months, died) ~ drug, cohort[c(1:3, which(cohort$drug == "B")), ])
  text <- ggplot2::get_alt_text(autoplot(few, min_cell = 5))
  expect_match(text, "A: fewer than 5 at risk, ")
  expect_match(text, "A: [^.]*median not (shown|reached)")
  lines <- ggplot2::layer_data(autoplot(few, min_cell = 5), 1L)
  expect_equal(sum(lines$group == 1L), 1L)
  without_warnings(drawn(autoplot(few, min_cell = 5, direct = TRUE, p_value = TRUE)))
  without_warnings(drawn(autoplot(few["drug=A"], min_cell = 5)))
  expect_error(autoplot(fit, min_cell = 2.5), "`min_cell`")
})

test_that("time is shown in the unit asked for", {
  days <- transform(cohort, days = months * 365.25 / 12)
  fit_days <- lms_km(Surv(days, died) ~ drug, days)
  plot <- autoplot(fit_days, show = "months")
  same <- autoplot(fit)
  expect_equal(ggplot2::layer_data(plot, 1L)$x, ggplot2::layer_data(same, 1L)$x)
  expect_equal(risk_numbers(plot), risk_numbers(same))
  difference <- transform(cohort, gap = as.difftime(months, units = "weeks"))
  expect_equal(figure_unit(lms_km(Surv(gap, died) ~ 1, difference), NULL, NULL)$label, "Weeks")
  plain <- transform(cohort, t = months)
  expect_equal(figure_unit(lms_km(Surv(t, died) ~ 1, plain), NULL, NULL)$label, "Time")
  expect_error(autoplot(lms_km(Surv(t, died) ~ 1, plain), show = "years"), "needs the unit")
})

test_that("ticks are every 12, 24 or 60 months, or what fits", {
  months <- tick_breaks("months")
  expect_equal(months(c(0, 100)), seq(0, 96, 12))
  expect_equal(months(c(0, 199)), seq(0, 192, 24))
  expect_equal(months(c(0, 300)), seq(0, 300, 60))
  expect_equal(months(c(0, 40)), seq(0, 36, 6))
  expect_equal(tick_breaks("years")(c(0, 12)), seq(0, 12, 2))
  expect_lte(length(tick_breaks(NULL)(c(0, 1022))), 9L)
})

test_that("curves turn pale where fewer than a share remain at risk", {
  colours <- function(fade) {
    plot <- autoplot(fit, fade = fade)
    built <- ggplot2::layer_grob(plot, 1L)[[1L]]
    lines <- Filter(function(grob) inherits(grob, "polyline"), all_grobs(built))
    vapply(lines, function(grob) grob$gp$col[1L], "")
  }
  drawn(autoplot(fit))
  expect_length(colours(0), 2L)
  pale <- colours(0.1)
  expect_length(pale, 4L)
  expect_equal(nchar(unname(pale)), c(7L, 9L, 7L, 9L))
  data <- data.frame(x = 0:10, n.risk = c(100, 100:91))
  data$n.risk[9:11] <- c(10, 9, 2)
  expect_equal(beyond_fading(data, 0.1), 8)
  expect_equal(beyond_fading(data, 0.92), 7)
  data$n.risk[11] <- 10
  expect_true(is.na(beyond_fading(data[-10L, ], 0.1)))
})

test_that("figures of hard cases draw without a word", {
  hard <- list(
    lms_km(Surv(months, died) ~ 1, cohort),
    lms_km(Surv(months, died) ~ stage + drug + sex, cohort),
    quiet(lms_km(Surv(months, died) ~ drug, transform(cohort, died = FALSE))),
    lms_km(Surv(months, died) ~ drug, transform(cohort, died = TRUE), event = TRUE),
    lms_km(Surv(months, died) ~ 1, cohort[1L, ], event = TRUE),
    lms_km(Surv(entry, months, died) ~ drug, cohort),
    lms_km(Surv(months, died) ~ drug, cohort, conf_type = "none")
  )
  for (fit in hard) {
    without_warnings(drawn(autoplot(fit, conf_int = TRUE, p_value = TRUE, median = TRUE,
                                    times = 24, risk_table = c("at risk", "events"))))
    without_warnings(drawn(autoplot(fit, direct = TRUE, risk_table = FALSE)))
  }
})

test_that("an alternative text tells what is drawn", {
  text <- ggplot2::get_alt_text(autoplot(fit))
  expect_match(text, "2 groups")
  median <- sprintf("%.1f", quantile(fit, 0.5, conf.int = FALSE)[1L, 1L])
  expect_match(text, paste0("A: ", fit$n[1L], " at risk, ", sum(fit$n.event[1:fit$strata[1L]]),
                            " events, median ", median, " months"))
})

test_that("names at the ends of curves do not stand on each other", {
  expect_equal(spread_apart(c(0.5, 0.9), 0.1), c(0.5, 0.9))
  for (y in list(c(0.5, 0.5, 0.5), c(0, 0.01, 0.02), c(1, 0.99, 0.5), c(0.3, 0.1, 0.32, 0.31))) {
    spread <- spread_apart(y, 0.08)
    expect_gte(min(diff(sort(spread))), 0.08 - 1e-12)
    expect_true(all(spread >= 0.04 - 1e-12 & spread <= 0.96 + 1e-12))
    expect_equal(order(spread), order(y))
  }
})

test_that("arguments are checked", {
  expect_error(autoplot(fit, risk.table = FALSE), "risk.table")
  expect_error(autoplot(fit, fade = 2), "`fade`")
  expect_error(autoplot(fit, risk_table = "n"), "`risk_table`")
  expect_error(autoplot(fit, unit = "parsec"), "`unit`")
})

test_that("a large fit is thinned below what can be seen, with exact counts", {
  large <- withr::with_seed(1, data.frame(t = stats::rexp(6e4), d = stats::runif(6e4) < 0.7))
  big <- suppressMessages(lms_km(Surv(t, d) ~ 1, large))
  plot <- suppressMessages(autoplot(big) + ggplot2::scale_x_continuous(breaks = c(0.5, 2)))
  expect_lt(nrow(plot$data), 2.1 * fine_cells)
  expect_equal(c(risk_numbers(plot)[[1L]]$counts),
               format(count_at_risk(c(0.5, 2), large$t), trim = TRUE, big.mark = ","))
  lines <- Filter(
    function(grob) inherits(grob, "polyline"), all_grobs(ggplot2::layer_grob(plot, 1L)[[1L]])
  )
  expect_lt(sum(lengths(lapply(lines, `[[`, "x"))), 5 * panel_cells)
  x <- unlist(lapply(lines, function(g) as.numeric(g$x)))
  y <- unlist(lapply(lines, function(g) as.numeric(g$y)))
  t <- seq(0.1, 3, 0.1)
  share <- (0.05 + t / max(large$t)) / 1.1
  drawn_y <- vapply(share, function(at) y[max(which(x <= at))], 0)
  height <- function(t) (0.01 + summary(big, times = t)$surv) / 1.03
  cell <- 1.3 * 1.1 * max(large$t) / panel_cells
  expect_true(all(drawn_y <= height(t - cell) & drawn_y >= height(t + cell)))
})

test_that("survival at a time is written inside the panel, no two on each other", {
  text <- function(x, y, above) {
    grob <- grid::gTree(label = rep("55%", length(x)), x = x, y = y, above = above,
                        gp = grid::gpar(fontsize = 7), cl = "lms_curve_text")
    grDevices::pdf(NULL, width = 200 / 72.27, height = 100 / 72.27)
    on.exit(grDevices::dev.off())
    grob <- grid::makeContent(grob)$children[[1L]]
    data.frame(
      x = grid::convertX(grob$x, "points", valueOnly = TRUE),
      y = grid::convertY(grob$y, "points", valueOnly = TRUE), hjust = grob$hjust
    )
  }
  early <- text(c(0.05, 0.05), c(0.5, 0.4), c(TRUE, FALSE))
  expect_equal(early$hjust, c(0, 0))
  expect_true(all(early$x > 10))
  late <- text(rep(0.5, 3L), c(0.5, 0.3, 0.29), c(TRUE, FALSE, FALSE))
  expect_equal(late$hjust, c(0, 1, 1))
  expect_lt(late$x[2L], 100)
  expect_gt(late$y[1L], 50)
  expect_lt(late$y[3L], 29)
  expect_gte(late$y[2L] - late$y[3L], 7)
  expect_equal(nrow(ggplot2::layer_data(autoplot(fit, times = c(-5, 12)), 3L)), 1L)
})

test_that("names at the ends are wrapped, in order, and shrink where there is no room", {
  place <- function(label, x, y, height = 100) {
    grob <- names_grob(data.frame(label = label, colour = "black", x = x, y = y),
                       list(size = 10, colour = "black", family = ""))
    grDevices::pdf(NULL, width = 2, height = height / 72.27)
    on.exit(grDevices::dev.off())
    grob <- grid::makeContent(grob)$children[[1L]]
    list(y = as.numeric(grob$y), size = grob$gp$fontsize)
  }
  tied <- place(c("late", "early"), c(1, 0.2), c(0, 0))
  expect_gt(tied$y[1L], tied$y[2L])
  two <- place(c("a\nb", "c"), c(1, 1), c(0.5, 0.5))
  expect_equal(two$size, 10)
  expect_equal(abs(diff(two$y)), 1.1 * 10 * 1.5 / 100, tolerance = 0.01)
  expect_equal(place(rep("a", 12), 1, 0.5)$size, 10 * 100 / 132, tolerance = 0.01)
  expect_equal(range(spread_apart(c(0.1, 0.2, 0.3), 0.5)), c(0, 1))
  long <- figure_cohort()
  levels(long$drug)[1L] <- strrep("a rather long name ", 4)
  names <- grob_cells(drawn(autoplot(lms_km(Surv(months, died) ~ drug, long), direct = TRUE)),
                      "^curve-names")[[1L]]
  expect_true(all(nchar(strsplit(names$ends$label[1L], "\n")[[1L]]) <= 16L))
})

test_that("the p-value keeps clear of the curves on a reversed axis and in a low panel", {
  built <- ggplot2::ggplot_build(suppressMessages(autoplot(fit) + ggplot2::scale_x_reverse()))
  at <- free_place(figure_data(fit)$groups$counts, built$layout$panel_params[[1L]])
  heights <- summary(fit, times = c(95, 190))$surv
  left <- at$x == 0
  half <- if (left) c(95, 190) else c(0, 95)
  spans <- vapply(figure_data(fit)$groups$counts, height_at, c(0, 0), half)
  expect_true(all(at$y > apply(spans, 2L, max) | at$y + 0.1 < apply(spans, 2L, min)))
})

test_that("arguments of other packages are answered by what to add", {
  expect_error(autoplot(fit, xlim = c(0, 60)), "coord_cartesian")
  expect_error(autoplot(fit, break.time.by = 12), "scale_x_continuous")
  expect_error(autoplot(fit, palette = "jco"), "scale_colour_manual")
  expect_error(autoplot(fit, pval = TRUE), "p_value = TRUE")
  test <- lms_logrank(Surv(months, died) ~ drug, cohort)
  expect_error(autoplot(test), "autoplot\\(lms_km")
  expect_error(plot(test), "autoplot\\(lms_km")
})
