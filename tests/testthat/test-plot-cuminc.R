mgus <- survival::mgus2
mgus$months <- with(mgus, ifelse(pstat == 1, ptime, futime))
mgus$outcome <- with(mgus, factor(
  ifelse(pstat == 1, 1, 2 * death), 0:2, c("alive", "malignancy", "death")
))
fit <- lms_cuminc(Surv(months, outcome) ~ sex, mgus)

test_that("curves, numbers at risk and tests are those of the fit", {
  plot <- autoplot(fit, conf_int = TRUE, p_value = TRUE)
  theirs <- survival::survfit(Surv(months, outcome) ~ sex, mgus)
  steps <- ggplot2::layer_data(plot, 1L)
  sizes <- rep(1:2, theirs$strata)
  for (cause in 1:2) for (group in 1:2) {
    ours <- steps[steps$PANEL == cause & steps$group == group, ]
    expect_equal(ours$y, c(0, theirs$pstate[sizes == group, cause + 1L]), tolerance = 1e-10)
    expect_equal(ours$x, c(0, theirs$time[sizes == group]))
  }
  times <- as.numeric(axis_ticks(plot)[[1L]]$label)
  for (shown in risk_numbers(plot)) {
    expect_equal(unname(shown$counts), unname(do.call(rbind, lapply(
      split(mgus$months, mgus$sex), function(x) format(count_at_risk(times, x), trim = TRUE)
    ))))
  }
  written <- unname(vapply(grob_cells(drawn(plot), "^test-"), `[[`, "", "label"))
  expect_equal(written, paste("Gray's p", vapply(fit$tests$p.value, p_equals, "")))
})

test_that("one group has a colour for each cause and one row of numbers", {
  one <- lms_cuminc(Surv(months, outcome) ~ 1, mgus)
  plot <- autoplot(one)
  expect_equal(levels(plot$data$.group), c("malignancy", "death"))
  expect_equal(nrow(risk_numbers(plot)[[1L]]$counts), 1L)
  events <- suppressMessages(autoplot(one, risk_table = "cumulative events") +
                               ggplot2::scale_x_continuous(breaks = c(0, 60)))
  counts <- vapply(c("malignancy", "death"), function(cause) {
    sum(mgus$outcome == cause & mgus$months <= 60)
  }, 0)
  expect_equal(unname(risk_numbers(events)[[1L]]$counts[, 2L]), unname(format(counts, trim = TRUE)))
  expect_match(ggplot2::get_alt_text(plot), "malignancy: 115 events")
  without_warnings(drawn(autoplot(one, direct = TRUE, censor = TRUE)))
  expect_error(autoplot(one, causes = "relapse"), "`causes`")
})
