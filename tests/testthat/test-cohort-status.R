five <- data.frame(
  id = 1:6, last_contact = c(10, 20, 30, 40, 50, 60), died = TRUE,
  back = c(5, NA, 30, 8, NA, NA), seen_from = c(0, 0, 0, 9, 50, 0),
  why = c("cancer", NA, "cancer", "heart", "heart", "heart")
)
cohort <- quiet(lms_cohort(
  five, events = c(relapse = back), entry = seen_from, cause = why, unit = "days"
))

test_that("what does not apply is told apart from what is missing, with the reason", {
  counts <- function(...) data.frame(...)
  expect_identical(cohort_status(cohort, "os"), counts(
    endpoint = "os", observed = 5L, not_applicable = 1L, missing = 0L, never = 0L, before = 0L,
    entry = 1L
  ))
  expect_identical(cohort_status(cohort, "os_relapse"), counts(
    endpoint = "os_relapse", observed = 2L, not_applicable = 4L, missing = 0L, never = 3L,
    before = 0L, entry = 1L
  ))
  expect_identical(cohort_status(cohort, "relapse_free"), counts(
    endpoint = "relapse_free", observed = 4L, not_applicable = 2L, missing = 0L, never = 0L,
    before = 0L, entry = 2L
  ))
  expect_identical(cohort_status(cohort, "death_by_cause"), counts(
    endpoint = "death_by_cause", observed = 4L, not_applicable = 1L, missing = 1L, never = 0L,
    before = 0L, entry = 1L
  ))
  x <- quiet(lms_endpoint(cohort, "late", relapse, died, otherwise = seen_from))
  expect_identical(cohort_status(x, "late")$before, 2L)
  expect_identical(not_applicable(cohort, "os_relapse"), c(FALSE, TRUE, TRUE, FALSE, TRUE, TRUE))
})

test_that("what is observed is what has a time and a status", {
  patients <- random_disease(150, 5)
  x <- disease_cohort(patients, entry = referral, cause = cause, end = as.Date("2012-01-01"))
  for (name in names(cohort_meta(x)$endpoints)) {
    status <- cohort_status(x, name)
    y <- unclass(x[[name]])
    expect_identical(status$observed, sum(rowSums(is.na(y)) == 0))
    expect_identical(sum(status[2:4]), nrow(x))
    expect_identical(sum(status[5:7]), status$not_applicable)
  }
})

test_that("it is known from the endpoint alone where its columns are gone", {
  short <- cohort[c("id", "os_relapse", "death_by_cause")]
  expect_identical(cohort_status(short, "os_relapse")$not_applicable, 4L)
  expect_identical(cohort_status(short, "death_by_cause")$missing, 1L)
})

test_that("the print counts both", {
  expect_snapshot(cohort)
})

test_that("rows to which an endpoint does not apply are not called missing", {
  cohort <- suppressMessages(lms_cohort(leiomyosarcoma))
  never <- sum(is.na(leiomyosarcoma$bone_metastasis))
  for (fit in list(lms_km(os_bone ~ 1, data = cohort), lms_logrank(os_bone ~ sex, data = cohort),
                   lms_rates(os_bone ~ 1, data = cohort, times = 24),
                   lms_cox(os_bone ~ age, data = cohort))) {
    expect_equal(fit$not_applicable, never)
    expect_length(fit$missing, 0L)
    expect_length(fit$na.action, never)
    expect_false("missing_values" %in% findings_in(lms_check(fit))$kind)
  }
  # Of the others some have no age: counted among those with bone metastasis alone.
  cohort$age[c(which(cohort$ever_bone_metastasis)[1:9],
               which(!cohort$ever_bone_metastasis)[1:50])] <- NA
  fit <- lms_cox(os_bone ~ age, data = cohort)
  expect_equal(fit$missing, c(age = 9))
  expect_equal(fit$n, sum(!is.na(leiomyosarcoma$bone_metastasis)) - 9L)
  found <- findings_in(as.data.frame(lms_check(fit)))
  expect_equal(unique(found$n_total[found$kind == "missing_values"]), fit$n + 9)
  expect_match(capture.output(print(fit))[2L], "not applicable in 351 rows; 9 rows")
  expect_error(lms_cox(os_bone ~ age, data = cohort, na.action = na.fail), "`age` in 9")
})
