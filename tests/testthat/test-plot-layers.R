cohort <- figure_cohort()
fit <- lms_km(Surv(months, died) ~ drug, cohort)
base <- ggplot2::ggplot(cohort, ggplot2::aes(time = months, status = died, colour = drug))

test_that("curves from patients are those of lms_km()", {
  plot <- base + geom_km(conf_int = TRUE) + geom_censor() + geom_risk_table()
  ready <- autoplot(fit, conf_int = TRUE)
  shown <- c("x", "y", "ymin", "ymax", "group", "n.risk")
  expect_equal(ggplot2::layer_data(plot, 1L)[shown], ggplot2::layer_data(ready, 1L)[shown],
               ignore_attr = TRUE)
  marks <- ggplot2::layer_data(plot, 2L)
  expect_equal(marks[c("x", "y", "group")], ggplot2::layer_data(ready, 2L)[c("x", "y", "group")],
               ignore_attr = TRUE)
  times <- as.numeric(axis_ticks(plot)[[1L]]$label)
  expect_equal(unname(risk_numbers(plot)[[1L]]$counts), unname(do.call(rbind, lapply(
    split(cohort$months, cohort$drug), function(x) format(count_at_risk(times, x), trim = TRUE)
  ))))
  without_warnings(drawn(plot))
})

test_that("a status of any kind, weights and facets are taken as lms_km() takes them", {
  coded <- transform(cohort, status = died + 1, word = ifelse(died, "dead", "alive"))
  ours <- ggplot2::layer_data(base + geom_km(), 1L)$y
  plot <- ggplot2::ggplot(coded, ggplot2::aes(time = months, colour = drug))
  number <- plot + geom_km(ggplot2::aes(status = status), event = 2)
  expect_equal(ggplot2::layer_data(number, 1L)$y, ours)
  word <- plot + geom_km(ggplot2::aes(status = word), event = "dead")
  expect_equal(ggplot2::layer_data(word, 1L)$y, ours)
  weighted <- base + geom_km(ggplot2::aes(weight = weight))
  theirs <- lms_km(Surv(months, died) ~ drug, cohort, weights = weight)
  expect_equal(ggplot2::layer_data(weighted, 1L)$y[-1L][seq_len(theirs$strata[1L])],
               theirs$surv[seq_len(theirs$strata[1L])])
  panels <- ggplot2::layer_data(base + geom_km() + ggplot2::facet_wrap(~ sex), 1L)
  for (i in 1:2) for (j in 1:2) {
    part <- cohort[cohort$sex == levels(cohort$sex)[i] & cohort$drug == levels(cohort$drug)[j], ]
    expect_equal(panels$y[panels$PANEL == i & panels$group == j],
                 c(1, lms_km(Surv(months, died) ~ 1, part)$surv))
  }
})

test_that("a group of censored patients only is not taken for one of events", {
  some <- transform(cohort, status = ifelse(drug == "A", 0, died))
  plot <- ggplot2::ggplot(some, ggplot2::aes(time = months, status = status, colour = drug)) +
    geom_km()
  data <- ggplot2::layer_data(plot, 1L)
  expect_true(all(data$y[data$group == 1L] == 1))
})

test_that("limits of the scale cut the curve at its edges", {
  plot <- base + geom_km(fade = 0) + ggplot2::scale_x_continuous(limits = c(10.5, 40.5))
  lines <- Filter(
    function(grob) inherits(grob, "polyline"), all_grobs(ggplot2::layer_grob(plot, 1L)[[1L]])
  )
  expect_length(lines, 2L)
  edges <- (c(0, 30) + 0.05 * 30) / (1.1 * 30)
  for (i in 1:2) {
    expect_equal(range(as.numeric(lines[[i]]$x)), edges)
    ends <- as.numeric(lines[[i]]$y)[c(1L, length(lines[[i]]$y))]
    built <- ggplot2::ggplot_build(plot)
    range <- built$layout$panel_params[[1L]]$y.range
    at <- summary(fit, times = c(10.5, 40.5))$surv[2L * i - 1:0]
    expect_equal(ends, (at - range[1L]) / diff(range))
  }
  none <- data.frame(x = c(NA, NA), y = c(1, 0.5), time = c(0, 100), n.risk = c(3, 3))
  between <- within_limits(none, list(limits = c(10, 20), scale = list()))
  expect_equal(between$x, c(10, 20))
  expect_equal(between$y, c(1, 1))
  after <- within_limits(none, list(limits = c(110, 120), scale = list()))
  expect_equal(nrow(after), 0L)
})

test_that("steps are level up to each time", {
  path <- stairs(data.frame(x = c(0, 2, 5), y = c(1, 0.6, 0.2)), "y")
  expect_equal(path$x, c(0, 2, 2, 5, 5))
  expect_equal(path$y, c(1, 1, 0.6, 0.6, 0.2))
})

test_that("geoms and stats can be combined by name", {
  expect_s3_class(base + stat_km(geom = "step"), "ggplot")
  expect_equal(ggplot2::layer_data(base + stat_km(geom = "step"), 1L)$y,
               ggplot2::layer_data(base + geom_km(), 1L)$y)
  expect_error(geom_km(fade = -1), "`fade`")
  theme <- theme_lms(10)
  expect_equal(ggplot2::calc_element("axis.title.x", theme)$size, 10)
  expect_error(theme_lms("big"), "`base_size`")
})

test_that("what a layer lacks is said, and times that are no numbers", {
  drawn_by <- function(...) drawn(ggplot2::ggplot(survival::lung, ggplot2::aes(...)) + geom_km())
  expect_error(drawn_by(x = time, y = status), "missing aesthetics: time and status")
  expect_error(drawn_by(time = time), "status")
  expect_error(drawn_by(time = as.character(time), status = status), "`time` must be numbers")
})

test_that("a long curve keeps the end of each fine step, and a mark where it had one", {
  n <- 50000L
  set.seed(5)
  curve <- data.frame(time = sort(runif(n)), estimate = seq(1, 0, length.out = n),
                      n.censor = rbinom(n, 1L, 0.05))
  thin <- thin_curve(curve)
  expect_lt(nrow(thin), n / 2)
  expect_equal(range(thin$time), range(curve$time))
  cell <- function(time) floor((time - curve$time[1L]) / diff(range(curve$time)) * 10000)
  ends <- tapply(curve$estimate, cell(curve$time), utils::tail, 1L)
  expect_equal(tapply(thin$estimate, cell(thin$time), utils::tail, 1L), ends)
  marks <- curve[curve$n.censor > 0, ]
  kept <- thin[thin$n.censor > 0, ]
  last_mark <- function(rows) tapply(rows$time, cell(rows$time), max)
  expect_equal(last_mark(kept), last_mark(marks))
})
