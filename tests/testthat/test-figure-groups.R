# What is said below the figures of groups.

test_that("a name in capitals keeps them in notes", {
  patients <- withr::with_seed(1, data.frame(
    id = 1:60, months = 13:72, died = rep(0:1, 30), tested = rep(c(6, NA, NA), 20)
  ))
  patients$marker <- !is.na(patients$tested)
  attr(patients$marker, "label") <- "HER2"
  cohort <- quiet(lms_cohort(patients, id = id, last_contact = months, died = died, unit = "months",
                             events = c(test = tested), known_from = c(marker = "test")))
  note <- late_note(cohort, cohort_meta(cohort), "os", c("HER2" = "marker"), 0)
  expect_identical(note, paste(
    "HER2 in 20 patients (median 6.0 months later) became known only after diagnosis. These",
    "patients had to survive until then (immortal time)."
  ))
  groups <- structure(factor("a"), lumped = c("x", "y"))
  expect_identical(lump_note(list(groups), "HER2"), "Other (HER2): x and y.")
  expect_identical(lump_note(list(groups), "Grade"), "Other (grade): x and y.")
})

test_that("levels are said so that the sentence has its noun", {
  said <- function(levels, title) group_words(factor(levels, levels), title)
  expect_identical(said(c("No", "Yes"), "Prior surgery"),
                   c("without prior surgery", "with prior surgery"))
  expect_identical(said(c("0", "0.5"), "Edema"), c("for edema 0", "for edema 0.5"))
  expect_identical(said(c("<=20", "20-50"), "Size"), c("for size <=20", "for size 20-50"))
  expect_identical(said(c("female", "male"), "Sex"), c("for female", "for male"))
})
