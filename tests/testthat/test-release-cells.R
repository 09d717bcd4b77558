test_that("a small count is above 0 and below the limit", {
  expect_identical(is_few(c(0, 1, 4, 5, 6), 5), c(FALSE, TRUE, TRUE, FALSE, FALSE))
  expect_false(any(is_few(0:9, 0)))
  expect_identical(
    mapply(apart, c(0, 4, 5, 95, 96, 100), 100, 5), c(TRUE, FALSE, TRUE, TRUE, FALSE, TRUE)
  )
  expect_identical(format_cell(c(0, 1, 4, 5, NA), 5), c("0", "<5", "<5", "5", "*"))
})

test_that("figures and tables take the same limits: none, or 3 and more", {
  fit <- lms_km(Surv(time, died) ~ sexf, lung)
  incidence <- lms_cuminc(Surv(time, died) ~ sexf, lung)
  model <- lms_cox(Surv(time, died) ~ sexf, lung)
  of <- list(
    function(min_cell) ggplot2::autoplot(fit, min_cell = min_cell),
    function(min_cell) ggplot2::autoplot(incidence, min_cell = min_cell),
    function(min_cell) ggplot2::autoplot(model, min_cell = min_cell),
    function(min_cell) geom_risk_table(min_cell = min_cell),
    function(min_cell) lms_table_cox(model, min_cell = min_cell)
  )
  for (make in of) {
    # With a limit of 2 the only count that is hidden is 1, and so is told.
    for (wrong in list(1, 2, 3.5, -1, "5", c(3, 5), NA)) {
      expect_error(make(wrong), "`min_cell` must be a whole number of 3 or more")
    }
    for (right in list(NULL, 0, 3, 5L)) expect_no_error(make(right))
  }
})
