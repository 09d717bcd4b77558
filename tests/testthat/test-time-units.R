# Times as people read them.

test_that("a time is written in one way wherever it stands", {
  expect_identical(time_number(c(3762, 5653.5, 0), "days"), c("3,762", "5,654", "0"))
  expect_identical(time_number(c(4.42, 0.819, 0.04, 0, NA), "years"),
                   c("4.4", "0.8", "<0.1", "0.0", "NR"))
  expect_identical(time_with_unit(1234.56, "months"), "1,234.6 months")
  expect_identical(time_with_unit(1234.56, NA_character_), "1,235")
  expect_identical(time_with_unit(0.5, NULL), "0.5")
})

test_that("sentences, findings and descriptions of a report in days have the same numbers", {
  data <- survival::rotterdam
  data$size <- factor(data$size)
  cohort <- quiet(lms_cohort(data[c("pid", "dtime", "death", "size")], id = pid,
                             last_contact = dtime, died = death, unit = "days"))
  results <- lms_results(cohort, factors = "size", sections = c("follow_up", "by_size", "findings"))
  median <- summary(survival::survfit(survival::Surv(dtime, death) ~ size, data))$table[1, "median"]
  expect_gt(median, 1000)
  wanted <- paste(format(median, big.mark = ","), "days")
  expect_match(format(results$text$by_size)[1L], wanted, fixed = TRUE)
  expect_match(results$alts$by_size, wanted, fixed = TRUE)
  expect_match(results$findings$text[1L], wanted, fixed = TRUE)
  everything <- paste(unlist(lapply(results$text, format)), results$alts, collapse = " ")
  expect_no_match(everything, "[0-9]{4,}([.][0-9])? days|[.]0 days")
})
