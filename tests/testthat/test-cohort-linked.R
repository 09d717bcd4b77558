patients <- random_disease(60, 51)
visits <- data.frame(
  patient = rep(patients$pid, 2), seen_on = rep(patients$dx, 2) + rep(0:1, each = 60),
  ward = "A"
)

test_that("any table can be linked under any name", {
  x <- disease_cohort(patients, linked = list(visits = visits, icu.stays = visits[1:3, ]),
                      by = "patient")
  meta <- cohort_meta(x)
  expect_identical(names(meta$linked), c("visits", "icu.stays"))
  expect_identical(meta$linked$visits[c("key", "times", "label", "word")],
                   list(key = "patient", times = "seen_on", label = "Visits", word = "visits"))
  expect_identical(meta$linked$icu.stays$label, "Icu stays")
  expect_identical(linked_table(x, "visits")$patient, visits$patient)
  expect_null(linked_table(x, "lesions"))
  expect_identical(summary(x)$tables,
                   data.frame(table = c("visits", "icu.stays"), rows = c(120L, 3L),
                              patients = c(60L, 3L)))
  expect_match(heard(print(x)), "`visits`: 120 rows of 60 patients", fixed = TRUE)
  some <- x[1:10, ]
  expect_setequal(linked_table(some, "visits")$patient, patients$pid[1:10])
})

test_that("tables by their own arguments are those of `linked`", {
  d <- random_patients(40, 52)
  lesions <- random_lesions(d)
  own <- lms_cohort(d, lesions, as_of = far_future)
  linked <- lms_cohort(d, linked = list(lesions = lesions), as_of = far_future)
  expect_identical(cohort_meta(linked)$linked, cohort_meta(own)$linked)
  surgeries <- random_surgeries(d)
  meta <- cohort_meta(lms_cohort(d, surgeries = surgeries, as_of = far_future))
  expect_identical(meta$linked$surgeries$word, "operations")
  expect_identical(meta$linked$surgeries$event, "first_surgery")
})

test_that("faults of any table are found in its rows", {
  bad <- visits
  bad$patient[2] <- "nobody"
  bad$seen_on[5] <- patients$dx[5] - 1
  cnd <- tryCatch(disease_cohort(patients, linked = list(visits = bad), by = "patient"),
                  error = identity)
  expect_identical(cnd$problems[c("kind", "table")], data.frame(
    kind = c("unknown_id", "before_diagnosis"), table = "visits"
  ))
  expect_identical(cnd$problems$rows, list(2L, 5L))
})

test_that("what is no list of tables is refused", {
  expect_snapshot(error = TRUE, {
    disease_cohort(patients, linked = visits)
    disease_cohort(patients, linked = list(visits))
    disease_cohort(patients, linked = list(visits = visits))
    disease_cohort(patients, linked = list(visits = "visits"))
    disease_cohort(patients, lesions = visits, linked = list(lesions = visits), by = "patient")
  })
})
