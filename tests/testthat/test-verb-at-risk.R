# The number at risk just before t is that of the rows with entry < t <= exit; where time begins, of
# those with entry <= t < exit.
count_rows <- function(t, data) {
  at <- vapply(t, function(t) {
    inside <- if (t == 0) data$entry <= t & t < data$exit else data$entry < t & t <= data$exit
    sum(data$weight[inside])
  }, 0)
  at
}

with_entry <- function(n, gap = FALSE) {
  entry <- sample(0:15, n, TRUE) / 2
  if (gap) entry <- entry + 20 * (seq_len(n) > n / 2)
  data.frame(
    entry = entry, exit = entry + sample(1:9, n, TRUE) / 2, event = rep_len(0:1, n),
    cause = factor(rep_len(c("none", "a", "b"), n), c("none", "a", "b")),
    group = factor(sample(c("x", "y", "z"), n, TRUE)), weight = sample(1:4, n, TRUE)
  )
}

asked <- c(0, 0.25, 1:9 / 2, 4.3, 7, 11, 15, 20, 21.5, 26, 40)

test_that("one patient who left before the others entered leaves nobody at risk between", {
  d <- data.frame(
    en = c(0, 1, 5, 5, 6, 7, 8), ex = c(2, 3, 9, 10, 11, 12, 13), e = c(1, 0, 1, 0, 1, 1, 0)
  )
  times <- c(4, 6, 8)
  expect_warning(fit <- lms_km(Surv(en, ex, e) ~ 1, d), class = "lmsurv_warning_risk_set_empty")
  expect_identical(summary(fit, times = times)$n.risk, c(0, 2, 4))
  expect_identical(
    quietly(lms_rates(Surv(en, ex, e) ~ 1, d, times = times))$rates$n.risk, c(0, 2, 4)
  )
  d$cause <- factor(c(1, 0, 2, 0, 1, 2, 0))
  incidence <- quietly(lms_cuminc(Surv(en, ex, cause) ~ 1, d))
  expect_identical(summary(incidence, times = times)$n.risk[, 1L], c(0, 2, 4))
})

test_that("text, tidy data and figures count the same patients as a count of the rows", {
  set.seed(20)
  for (repeat_ in 1:12) {
    d <- with_entry(60, gap = repeat_ %% 2 == 0)
    if (repeat_ %% 3 == 0) d$weight <- 1
    expected <- unlist(lapply(split(d, d$group), count_rows, t = asked), use.names = FALSE)
    fit <- quietly(lms_km(Surv(entry, exit, event) ~ group, d, weights = weight))
    at <- summary(fit, times = asked)
    expect_identical(at$n.risk, expected)
    expect_identical(as.data.frame(at)$n.risk, expected)
    rates <- quietly(
      lms_rates(Surv(entry, exit, event) ~ group, d, times = asked, weights = weight)
    )
    expect_identical(tidy(rates)$n.risk, expected)
    incidence <- quietly(lms_cuminc(Surv(entry, exit, cause) ~ group, d, weights = weight))
    at <- as.data.frame(summary(incidence, times = asked))
    expect_identical(at$n.risk[at$state == "(s0)"], expected)
    drawn <- figure_data(fit)$groups$counts
    expect_identical(unlist(lapply(drawn, count_at, asked, "at risk")), expected)
    drawn <- incidence_data(incidence, "a", 1, 0)$groups$counts
    expect_identical(unlist(lapply(drawn, count_at, asked, "at risk")), expected)
    second <- length(asked) + seq_along(asked)
    expect_identical(summary(fit[2L], times = asked)$n.risk, expected[second])
  }
})

test_that("rows split at any time, and times in another unit, have the same patients at risk", {
  set.seed(21)
  d <- with_entry(80)
  d$id <- seq_len(nrow(d))
  cut <- d$entry + 0.3 * (d$exit - d$entry)
  split <- rbind(transform(d, exit = cut, event = 0), transform(d, entry = cut))
  whole <- quietly(lms_km(Surv(entry, exit, event) ~ group, d))
  parts <- quietly(lms_km(Surv(entry, exit, event) ~ group, split, id = id))
  expect_identical(
    summary(parts, times = asked)$n.risk, summary(whole, times = asked)$n.risk
  )
  scaled <- transform(d, entry = entry / 30.4375, exit = exit / 30.4375)
  days <- quietly(lms_km(Surv(entry, exit, event) ~ group, scaled))
  expect_identical(
    summary(days, times = asked / 30.4375)$n.risk, summary(whole, times = asked)$n.risk
  )
})

test_that("without entry times it is the count too, within rounding of a time", {
  d <- data.frame(time = c(0.1 * 3, 0.7, 1), event = c(1, 0, 1))
  fit <- lms_km(Surv(time, event) ~ 1, d)
  expect_identical(summary(fit, times = c(0.3, 0.1 * 7))$n.risk, c(3, 2))
  counts <- lms_rates(Surv(time, event) ~ 1, d, times = 0.1 * 7)$rates
  expect_identical(c(counts$n.risk, counts$n.censor), c(2, 0))
})

test_that("a gap is found, said and printed, and nothing else is", {
  set.seed(22)
  for (repeat_ in 1:10) {
    d <- with_entry(24, gap = TRUE)
    fit <- quietly(lms_km(Surv(entry, exit, event) ~ group, d, weights = weight))
    gaps <- risk_gaps(fit$at_risk)
    expected <- do.call(rbind, lapply(seq_along(levels(d$group)), function(g) {
      part <- d[as.integer(d$group) == g, ]
      times <- sort(unique(c(part$entry, part$exit)))
      middle <- (times[-1L] + times[-length(times)]) / 2
      empty <- which(count_rows(middle, part) == 0)
      data.frame(group = rep(g, length(empty)), from = times[empty], to = times[empty + 1L])
    }))
    expect_equal(gaps, expected, ignore_attr = TRUE)
  }
  expect_output(print(fit), "No patient is at risk from")
  expect_warning(
    lms_cuminc(Surv(c(0, 4, 5), c(3, 6, 7), factor(c(1, 0, 2))) ~ 1),
    class = "lmsurv_warning_risk_set_empty"
  )
  expect_warning(
    lms_rmst(Surv(c(0, 0, 4, 5), c(3, 2, 6, 7), c(0, 1, 0, 1)) ~ 1, tau = 6),
    "No patient is at risk from 3 to 4. After a gap, the mean"
  )
  expect_no_warning(lms_km(Surv(c(0, 3, 5), c(3, 6, 7), c(0, 1, 0)) ~ 1))
  expect_no_warning(lms_rmst(Surv(c(0, 0, 4, 5), c(3, 2, 6, 7), c(0, 1, 0, 1)) ~ 1, tau = 2.5))
})
