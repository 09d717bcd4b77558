# Rows of one patient.

test_that("without ids, rows of one patient are not said to have been looked for", {
  d <- data.frame(time = c(2, 3, 5, 8, 9), died = c(1, 0, 1, 1, 1), x = c(1, 3, 2, 5, 4), id = 1:5)
  looked <- function(fit) {
    check <- lms_check(fit)
    check$severity[check$kind == "shared_patient"] != "not checked"
  }
  expect_false(looked(fit_silently(Surv(time, died) ~ x, d)))
  expect_true(looked(fit_silently(Surv(time, died) ~ x, d, id = id)))
  cohort <- suppressMessages(
    lms_cohort(d, last_contact = time, codes = c(x = "numbers"))
  )
  expect_true(looked(fit_silently(os ~ x, cohort)))
})
