patients <- random_patients(60, 5)

test_that("the print is the audit", {
  bad <- patients
  bad$last_contact[3] <- NA
  bad$stage <- rep(0:3, 15)
  cohort <- suppressMessages(lms_cohort(
    bad, random_lesions(patients), random_surgeries(patients), as_of = far_future,
    known_from = c(fracture = "bone_metastasis"), impossible = "exclude"
  ))
  expect_snapshot(cohort)
  expect_identical(heard(print(summary(cohort))), heard(print(cohort)))
  numbers <- data.frame(pid = 1:3, days = c(10, 20, 30), dead = c(TRUE, FALSE, TRUE))
  expect_snapshot(lms_cohort(numbers, id = pid, last_contact = days, died = dead, unit = "days"))
})

test_that("the counts are those of the table", {
  cohort <- lms_cohort(patients, as_of = far_future)
  counts <- summary(cohort)$endpoints
  expect_identical(counts$endpoint, names(attr(cohort, "cohort")$endpoints))
  for (i in seq_len(nrow(counts))) {
    y <- unclass(cohort[[counts$endpoint[i]]])
    expect_identical(counts$patients[i], sum(!is.na(y[, 1])))
    expect_identical(counts$events[i], sum(y[, 2] == 1, na.rm = TRUE))
    expect_equal(counts$person_time[i], sum(y[, 1], na.rm = TRUE))
    expect_identical(counts$patients[i] + counts$not_applicable[i], 60L)
  }
  whole <- summary(cohort)$patients
  expect_identical(whole$deaths, sum(patients$died))
  expect_equal(whole$person_time, sum(as.numeric(patients$last_contact - patients$diagnosis)) / 30.4375)
})

test_that("no print or message shows an identifier or a date", {
  dirty <- patients
  dirty$visceral_metastasis[1:2] <- dirty$last_contact[1:2] + 1
  dirty <- rbind(dirty, dirty[5, ])
  show <- list(
    function(x, ...) print(x), function(x, ...) summary(x), function(x, ...) head(x),
    function(x, d) lms_cox(os ~ age, x), function(x, d) lms_cox(os ~ bone_metastasis, x),
    function(x, d) lms_cox(os ~ diagnosis, x), function(x, d) lms_cox(os ~ id, x),
    function(x, d) lms_landmark(x, 6) |> nrow(), function(x, d) lms_time_split(x, "id"),
    function(x, d) lms_endpoint(x, "y", first_surgery, bone_metastasis),
    function(x, d) `$<-`(x, "last_contact", d$diagnosis - 1),
    function(x, d) lms_cohort(dirty, as_of = far_future),
    function(x, d) lms_cohort(dirty, as_of = far_future, impossible = "exclude")
  )
  cohort <- lms_cohort(patients, random_lesions(patients), as_of = far_future)
  for (see in show) expect_no_patient(heard(see(cohort, patients)), patients)
})
