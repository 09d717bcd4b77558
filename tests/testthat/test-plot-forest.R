lung <- survival::lung
lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
attr(lung$sex, "label") <- "Sex"
lung$ecog <- factor(lung$ph.ecog)
fit <- lms_cox(Surv(time, status) ~ sex + age + ecog, lung, event = 2)

columns <- function(plot) {
  cells <- grob_cells(drawn(plot), "^columns-")
  texts <- lapply(cells, function(cell) {
    Filter(function(grob) inherits(grob, "text"), all_grobs(cell))
  })
  lapply(unlist(unname(texts), recursive = FALSE), `[[`, "label")
}

test_that("a forest plot shows the numbers of the model", {
  plot <- autoplot(fit)
  shown <- ggplot2::layer_data(plot, 5L)
  expect_equal(sort(10^shown$x), sort(unname(exp(coef(fit)))), tolerance = 1e-12)
  bars <- ggplot2::layer_data(plot, 2L)
  limits <- exp(confint(fit))
  inside <- limits[, 2L] < 20
  expect_equal(sort(10^bars$x), sort(unname(limits[, 1L])), tolerance = 1e-12)
  expect_true(all(limits[inside, 2L] %in% round(limits[, 2L], 99)))
  text <- columns(plot)
  names(text) <- c("label", "n", "events", "hr", "p")
  expect_equal(text$label, c("", "Sex", "Men", "Women", "Age", "Ecog", levels(lung$ecog)))
  expect_equal(text$n[3:4], format(as.vector(table(lung$sex[!is.na(lung$ph.ecog)])), trim = TRUE))
  expect_equal(text$hr[c(3L, 7L)], rep("Reference", 2L))
  expect_equal(text$p[4L], format_p(summary(fit)$coefficients["sexWomen", 5L]))
  expect_match(ggplot2::get_alt_text(plot), "Sex Women: 0\\.[0-9]+ \\(")
  expect_length(columns(autoplot(fit, columns = "hr")), 2L)
  small <- columns(autoplot(fit, min_cell = 100))
  # The larger group beside the sum of both would tell the smaller one.
  expect_equal(small[[2L]][3:4], c("*", "<100"))
  without_warnings(drawn(plot))
})

test_that("a narrow forest plot keeps a third of its width, and says Yes for TRUE", {
  lung$ever_weighed <- lung$wt.loss > 10
  fit <- lms_cox(Surv(time, status) ~ ever_weighed, lung, event = 2)
  shown <- function(width) {
    grDevices::pdf(NULL, width = width / 25.4, height = 4)
    on.exit(grDevices::dev.off())
    table <- ggplot2::ggplotGrob(autoplot(fit))
    sides <- grob_cells(table, "^columns-")
    widths <- grid::convertWidth(table$widths, "mm", valueOnly = TRUE)
    list(text = unlist(lapply(sides, function(side) {
      lapply(Filter(function(grob) inherits(grob, "text"), all_grobs(side)), `[[`, "label")
    }), recursive = FALSE), taken = sum(widths))
  }
  expect_length(shown(174)$text, 5L)
  narrow <- shown(65)
  expect_length(narrow$text, 2L)
  expect_lt(narrow$taken, 0.75 * 65)
  expect_equal(unname(narrow$text)[[1L]], c("", "Weighed", "No", "Yes"))
})

test_that("intervals that leave the plot end in arrows, written in full", {
  rows <- forest_rows(fit, 2L)
  ends <- forest_ends(rows, c(0.5, 2))
  clipped <- clip_intervals(rows, ends)
  expect_equal(clipped$right, !is.na(rows$high) & rows$high > 2)
  expect_equal(clipped$left, !is.na(rows$low) & rows$low < 0.5)
  expect_true(all(clipped$to <= 2, na.rm = TRUE))
  wide <- data.frame(estimate = 125, low = 5.3, high = 2998)
  ends <- forest_ends(wide, NULL)
  expect_lt(ends[2L], 400)
  expect_gt(ends[2L], 125)
  expect_error(autoplot(fit, xlim = c(2, 1)), "`xlim`")
  without_warnings(drawn(autoplot(fit, xlim = c(0.5, 2))))
})

test_that("what cannot be estimated is said, and draws nothing", {
  few <- data.frame(t = 1:12, d = TRUE, g = factor(rep(c("a", "b"), each = 6)))
  few$d[few$g == "b"] <- FALSE
  infinite <- suppressWarnings(lms_cox(Surv(t, d) ~ g, few))
  plot <- autoplot(infinite)
  expect_true("not estimable" %in% unlist(columns(plot)))
  expect_equal(nrow(ggplot2::layer_data(plot, 5L)), 0L)
})

test_that("adjusted curves are means over the cohort of survfit()'s curves", {
  theirs <- survival::coxph(Surv(time, status == 2) ~ sex + age + ecog, lung, model = TRUE,
                            control = tight())
  used <- lung[!is.na(lung$ecog), ]
  ours <- adjusted_curves(fit, "sex")
  for (level in levels(lung$sex)) {
    as_if <- used
    as_if$sex <- factor(level, levels(lung$sex))
    curves <- survival::survfit(theirs, newdata = as_if, se.fit = FALSE)
    expected <- rowMeans(curves$surv)
    part <- ours[ours$.group == level, ]
    at <- match(part$time[-1L], curves$time)
    expect_equal(part$estimate[-1L], expected[at], tolerance = 1e-8)
  }
  stratified <- lms_cox(Surv(time, status) ~ sex * age + strata(ecog2),
                        transform(used, ecog2 = ecog == "0"), event = 2)
  theirs <- survival::coxph(Surv(time, status == 2) ~ sex * age + strata(ecog2),
                            transform(used, ecog2 = ecog == "0"), control = tight())
  part <- adjusted_curves(stratified, "sex")
  part <- part[part$.group == "Women", ]
  as_if <- transform(used, ecog2 = ecog == "0", sex = factor("Women", levels(lung$sex)))
  at <- c(100, 300, 500)
  each <- vapply(seq_len(nrow(as_if)), function(i) {
    summary(survival::survfit(theirs, as_if[i, ], se.fit = FALSE), times = at, extend = TRUE)$surv
  }, at)
  expect_equal(part$estimate[findInterval(at, part$time)], rowMeans(each), tolerance = 1e-8)
  plot <- autoplot(fit, "adjusted", by = "sex", unit = "days")
  without_warnings(drawn(plot))
  expect_match(ggplot2::get_alt_text(plot), "Adjusted survival curves by Sex")
  expect_error(autoplot(fit, "adjusted", by = "age"), "with levels")
})

test_that("rows of patients whose covariates change have no adjusted curve", {
  rows <- survival::survSplit(Surv(time, status == 2) ~ ., lung, cut = c(100, 300), id = "who",
                              event = "dead")
  rows$clock <- rows$age + rows$tstart
  split <- lms_cox(Surv(tstart, time, dead) ~ sex + clock, rows)
  expect_error(autoplot(split, "adjusted", by = "sex"), "one row for each patient")
  named <- lms_cox(Surv(tstart, time, dead) ~ sex + clock, rows, id = who)
  expect_error(autoplot(named, "adjusted", by = "sex"), class = "lmsurv_error_argument")
  # Delayed entry is of whole patients.
  late <- transform(lung[!is.na(lung$ecog), ], from = (seq_along(time) %% 5) * 0.37)
  entry <- lms_cox(Surv(from, time, status == 2) ~ sex + age, late)
  expect_gt(nrow(adjusted_curves(entry, "sex")), 10)
})

# Breslow's likelihood as one of the coefficients and of the jumps of the baseline hazard, its
# information in closed form, and the delta method with a numerical gradient.
delta_limits <- function(data, x_as_if, b, times) {
  x <- cbind(data$sex == "Women", data$age, data$ecog == 1, data$ecog %in% 2:3)
  stratum <- data$stratum
  p <- ncol(x)
  event <- data$status == 2
  key <- unique(data.frame(stratum, time = data$time)[event, ])
  key <- key[order(key$stratum, key$time), ]
  risk <- exp(drop(x %*% b))
  at_risk <- outer(seq_len(nrow(key)), seq_len(nrow(data)), function(k, i) {
    stratum[i] == key$stratum[k] & data$time[i] >= key$time[k]
  })
  deaths <- vapply(seq_len(nrow(key)), function(k) {
    sum(event & stratum == key$stratum[k] & data$time == key$time[k])
  }, 0)
  h <- deaths / drop(at_risk %*% risk)
  lived <- drop(t(at_risk) %*% h)
  information <- rbind(
    cbind(t(x) %*% (x * risk * lived), t(x * risk) %*% t(at_risk)),
    cbind(at_risk %*% (x * risk), diag(deaths / h^2))
  )
  variance <- solve(information)
  curve <- function(theta, t) {
    b <- theta[seq_len(p)]
    h <- theta[-seq_len(p)]
    hazard <- vapply(stratum, function(s) sum(h[key$stratum == s & key$time <= t]), 0)
    mean(exp(-hazard * exp(drop(x_as_if %*% b))))
  }
  theta <- c(b, h)
  t(vapply(times, function(t) {
    gradient <- vapply(seq_along(theta), function(j) {
      step <- 1e-5 * max(abs(theta[j]), 1e-3)
      up <- down <- theta
      up[j] <- up[j] + step
      down[j] <- down[j] - step
      (curve(up, t) - curve(down, t)) / (2 * step)
    }, 0)
    c(curve(theta, t), sqrt(drop(gradient %*% variance %*% gradient)))
  }, c(0, 0)))
}

test_that("intervals of adjusted curves are those of the full likelihood, by the delta method", {
  used <- lung[!is.na(lung$ph.ecog), ]
  used <- transform(used[c(seq_len(120)), ], stratum = rep(1:2, 60),
                    ecog = factor(pmin(ph.ecog, 2)))
  fit <- lms_cox(Surv(time, status) ~ sex + age + ecog + strata(stratum), used, event = 2,
                 ties = "breslow")
  ours <- adjusted_curves(fit, "sex", TRUE)
  times <- c(100, 300, 500)
  for (level in levels(used$sex)) {
    as_if <- cbind(level == "Women", used$age, used$ecog == 1, used$ecog %in% 2:3)
    theirs <- delta_limits(used, as_if, unname(coef(fit)), times)
    part <- ours[ours$.group == level, ]
    part <- part[findInterval(times, part$time), ]
    expect_equal(part$estimate, theirs[, 1L], tolerance = 1e-8)
    z <- qnorm(0.975) * theirs[, 2L] / theirs[, 1L]
    expect_equal(part$conf.low, theirs[, 1L] * exp(-z), tolerance = 1e-6)
    expect_equal(part$conf.high, pmin(1, theirs[, 1L] * exp(z)), tolerance = 1e-6)
  }
})

test_that("without other covariates they are survfit()'s intervals", {
  fit <- lms_cox(Surv(time, status) ~ sex, lung, event = 2)
  theirs <- survival::coxph(Surv(time, status == 2) ~ sex, lung, control = tight())
  for (type in c("log", "log-log")) {
    old <- options(lmsurv.conventions = if (type == "log") "r" else "stata")
    ours <- adjusted_curves(fit, "sex", TRUE)
    options(old)
    each <- data.frame(sex = factor(levels(lung$sex), levels(lung$sex)))
    curves <- survival::survfit(theirs, each, conf.type = type)
    for (j in 1:2) {
      part <- ours[ours$.group == levels(lung$sex)[j], ][-1L, ]
      at <- match(part$time, curves$time)
      expect_equal(part$conf.low, curves$lower[at, j], tolerance = 1e-8)
      expect_equal(part$conf.high, curves$upper[at, j], tolerance = 1e-8)
    }
  }
  plot <- autoplot(fit, "adjusted", conf_int = TRUE)
  drawn <- ggplot2::layer_data(plot, 1L)
  expect_equal(drawn$ymin, plot$data$conf.low)
  robust <- lms_cox(Surv(time, status) ~ sex + cluster(inst), lung, event = 2)
  expect_error(autoplot(robust, "adjusted", conf_int = TRUE), "model-based variance")
})

test_that("the smooth of residuals is a least-squares spline with the variance of cox.zph()", {
  theirs <- survival::cox.zph(
    survival::coxph(Surv(time, status == 2) ~ sex + age + ecog, lung, control = tight())
  )
  zph <- lms_zph(fit)
  plot <- autoplot(zph)
  for (j in 1:3) {
    points <- list(x = theirs$x, y = theirs$y[, j])
    smooth <- stats::lm(y ~ 0 + splines::ns(x, 4, intercept = TRUE), points)
    ours <- plot$data[plot$data$term == levels(plot$data$term)[j], ]
    expected <- stats::predict(smooth, list(x = ours$x), se.fit = TRUE)
    expect_equal(ours$fit, unname(expected$fit), tolerance = 1e-6)
    se <- expected$se.fit / expected$residual.scale * sqrt(theirs$var[j, j])
    expect_equal((ours$high - ours$low) / 2 / stats::qnorm(0.975), unname(se), tolerance = 1e-6)
  }
  points <- ggplot2::layer_data(plot, 1L)
  expect_equal(nrow(points), 3L * nrow(zph$y))
  lines <- ggplot2::layer_data(plot, 3L)
  expect_equal(lines$yintercept[1:2], unname(coef(fit)[1:2]), tolerance = 1e-6)
  without_warnings(drawn(plot))
  without_warnings(drawn(autoplot(zph["age"], residuals = FALSE)))
  expect_match(ggplot2::get_alt_text(plot), "GLOBAL p")
  expect_error(autoplot(zph, df = 1), "`df`")
})

test_that("an interval is drawn where its estimate is outside, and an arrow where it all is", {
  rows <- data.frame(estimate = c(0.55, 1.67, 1, NA), low = c(0.39, 1.31, 0.9, NA),
                     high = c(0.78, 2.14, 1.1, NA))
  clipped <- clip_intervals(rows, c(0.8, 1.5))
  arrow <- (1.5 / 0.8)^0.05
  expect_equal(clipped$from, c(0.8, 1.31, 0.9, NA))
  expect_equal(clipped$to, c(0.8 * arrow, 1.5, 1.1, NA))
  expect_equal(clipped$left, c(TRUE, FALSE, FALSE, FALSE))
  expect_equal(clipped$right, c(FALSE, TRUE, FALSE, FALSE))
  expect_equal(clipped$estimate, c(NA, NA, 1, NA))
  above <- clip_intervals(data.frame(estimate = 9, low = 8, high = 10), c(0.5, 2))
  expect_equal(c(above$from, above$to), c(2 / 4^0.05, 2))
  narrow <- autoplot(fit, xlim = c(0.8, 0.9))
  expect_equal(nrow(ggplot2::layer_data(narrow, 2L)), length(coef(fit)))
})

test_that("the axis of hazard ratios has ticks however short it is, that of the rows none", {
  expect_gte(length(forest_breaks(c(0.85, 1.17))), 3L)
  expect_equal(forest_breaks(c(0.8, 1.5)), c(0.8, 1, 1.2, 1.4))
  expect_equal(forest_breaks(c(0.4, 3)), c(0.5, 1, 2))
  table <- drawn(autoplot(fit) + ggplot2::theme_bw())
  left <- unlist(lapply(grob_cells(table, "^axis-l"), all_grobs), recursive = FALSE)
  expect_false(any(vapply(left, inherits, NA, "text")))
})

test_that("long names of levels are wrapped before columns are left out", {
  style <- list(size = 7, colour = "black", family = "")
  label <- c("", "Sex", "Giant cell tumour, undifferentiated pleomorphic sarcoma with giant cells")
  params <- list(
    left = list(label = list(text = label, hjust = 0), n = list(text = c("n", "", "5"), hjust = 1)),
    right = list(hr = list(text = c("HR", "", "1.00 (0.50 to 2.00)"), hjust = 0))
  )
  fitted <- function(width) {
    grDevices::pdf(NULL, width = width / 25.4, height = 4)
    on.exit(grDevices::dev.off())
    fitting_columns(params, style)$left
  }
  lines <- function(left) lengths(strsplit(left$label$text[3L], "\n"))
  expect_equal(c(lines(fitted(300)), names(fitted(300))), c("1", "label", "n"))
  expect_equal(c(lines(fitted(130)), names(fitted(130))), c("2", "label", "n"))
  expect_equal(c(lines(fitted(80)), names(fitted(80))), c("3", "label"))
})

test_that("an argument of the other figure is refused, and plot() draws", {
  expect_error(autoplot(fit, by = "sex"), 'is of `type = "adjusted"`')
  expect_error(autoplot(fit, "adjusted", by = "sex", xlim = c(0.5, 2)), 'is of `type = "forest"`')
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_s3_class(plot(fit), "ggplot")
  expect_equal(autoplot(fit, "adjusted", by = "sex")$labels$colour, "Sex")
})
