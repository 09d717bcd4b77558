patients <- random_patients(80, 21)
follow_up <- as.numeric(patients$last_contact - patients$diagnosis)
patients$recurrence <- patients$diagnosis +
  ifelse(runif(80) < 0.4, round(follow_up * runif(80)), NA)
patients$of_disease <- patients$died & runif(80) < 0.7
cohort <- lms_cohort(patients, as_of = far_future)
months <- function(from, to) as.numeric(to - from) / (365.25 / 12)

test_that("an endpoint from any two dates is that of Surv()", {
  x <- lms_endpoint(cohort, "dfs", diagnosis, c(recurrence, died))
  first <- pmin(patients$recurrence, patients$last_contact, na.rm = TRUE)
  event <- !is.na(patients$recurrence) | patients$died
  expect_equal(x$dfs, Surv(months(patients$diagnosis, first), event), ignore_attr = TRUE)
  expect_identical(lms_endpoint(cohort, "dfs", "diagnosis", c("recurrence", "died"))$dfs, x$dfs)
  expect_identical(attr(x, "cohort")$endpoints$dfs$event, "recurrence or death")
  x <- lms_endpoint(cohort, "ttr", diagnosis, recurrence, competing = died, label = "Recurrence")
  state <- ifelse(!is.na(patients$recurrence), 1, ifelse(patients$died, 2, 0))
  expect_equal(
    x$ttr, Surv(months(patients$diagnosis, first),
                factor(state, 0:2, c("censored", "recurrence", "death"))), ignore_attr = TRUE
  )
  expect_identical(attr(x$ttr, "states"), c("recurrence", "death"))
  expect_identical(attr(x, "cohort")$endpoints$ttr$label, "Recurrence")
  x <- lms_endpoint(cohort, "dss", diagnosis, of_disease)
  expect_equal(
    x$dss, Surv(months(patients$diagnosis, patients$last_contact), patients$of_disease),
    ignore_attr = TRUE
  )
  x <- transform(cohort, until = pmin(last_contact, diagnosis + 365)) |>
    lms_endpoint("one", diagnosis, recurrence, otherwise = until)
  until <- pmin(patients$last_contact, patients$diagnosis + 365)
  seen <- !is.na(patients$recurrence) & patients$recurrence <= until
  expect_equal(
    x$one, Surv(months(patients$diagnosis, pmin(patients$recurrence, until, na.rm = TRUE)), seen),
    ignore_attr = TRUE
  )
})

test_that("os by lms_endpoint() is os", {
  x <- lms_endpoint(cohort, "again", diagnosis, died)
  expect_identical(x$again, cohort$os)
  x <- lms_endpoint(cohort, "bone", "bone_metastasis", "died")
  expect_identical(x$bone, cohort$os_bone)
  x <- lms_endpoint(cohort, "implant", first_surgery, c(implant_failure, died))
  expect_identical(x$implant, cohort$implant_survival)
})

test_that("it follows its columns, and is known to the fits", {
  x <- lms_endpoint(cohort, "dfs", diagnosis, c(recurrence, died))
  expect_identical(lms_cox(dfs ~ age, x)$event, "recurrence or death")
  at <- which(!is.na(patients$recurrence) & patients$recurrence < patients$last_contact)[1]
  x$recurrence[at] <- NA
  expect_identical(x$dfs[at, ], x$os[at, ])
  expect_error(x$recurrence[at] <- x$last_contact[at] + 1, class = "lmsurv_error_cohort")
  expect_match(heard(print(x)), "from diagnosis to recurrence or death")
})

test_that("who had the event before the clock started is not applicable, and counted", {
  before <- which(patients$bone_metastasis < patients$first_surgery)
  expect_message(
    x <- lms_endpoint(cohort, "late", first_surgery, bone_metastasis),
    paste(length(before), "patients? had the event before the first surgery")
  )
  expect_true(all(is.na(x$late[before])))
})

test_that("what cannot be an endpoint is refused", {
  numbers <- lms_cohort(data.frame(id = 1:3, last_contact = 4:6, died = TRUE, x = c(0, 1, 1)))
  expect_snapshot(error = TRUE, {
    lms_endpoint(patients, "dfs", diagnosis, died)
    lms_endpoint(cohort, "os", diagnosis, died)
    lms_endpoint(cohort, 3, diagnosis, died)
    lms_endpoint(cohort, "dfs", diagnosis)
    lms_endpoint(cohort, "dfs", diagnosed, died)
    lms_endpoint(cohort, "dfs", c(diagnosis, first_surgery), died)
    lms_endpoint(cohort, "dfs", diagnosis, grade)
    lms_endpoint(cohort, "dfs", age, died)
    lms_endpoint(numbers, "dfs", diagnosis, x)
  })
})

test_that("times since diagnosis do as well as dates", {
  numbers <- data.frame(
    id = patients$id, last_contact = as.numeric(patients$last_contact - patients$diagnosis),
    died = patients$died, recurrence = as.numeric(patients$recurrence - patients$diagnosis),
    of_disease = patients$of_disease
  )
  ttr <- function(cohort) lms_endpoint(cohort, "ttr", diagnosis, recurrence, competing = died)
  a <- ttr(lms_cohort(numbers, unit = "days"))
  b <- ttr(lms_cohort(patients, unit = "days", as_of = far_future))
  expect_identical(a$ttr, b$ttr)
})

test_that("a Cox model of an endpoint with a competing event says how to make one without", {
  x <- lms_endpoint(cohort, "ttr", diagnosis, recurrence, competing = died)
  expect_error(lms_cox(ttr ~ age, x), "without `competing`", class = "lmsurv_error_response")
})

test_that("an endpoint without a name says so", {
  cohort <- lms_cohort(random_patients(5, 4), as_of = far_future)
  expect_error(lms_endpoint(cohort, from = diagnosis, to = died), "`name` is missing",
               class = "lmsurv_error_argument")
})
