# Five patients whose every time is worked out by hand; days from the diagnosis.
five <- data.frame(
  id = c("a", "b", "c", "d", "e"), diagnosis = as.Date("2010-01-31") + c(0, 10, 20, 30, 40),
  died = c(TRUE, FALSE, TRUE, FALSE, TRUE)
)
five$last_contact <- five$diagnosis + c(400, 500, 600, 700, 0)
five$bone_metastasis <- five$diagnosis + c(100, NA, 600, 0, NA)
five$first_surgery <- five$diagnosis + c(150, NA, 600, 50, NA)
five$implant_failure <- five$diagnosis + c(NA, NA, 600, 250, NA)
month <- 365.25 / 12

columns <- function(y) unname(unclass(y)[, c("time", "status")])

test_that("the endpoints are those worked out by hand", {
  cohort <- lms_cohort(five, unit = "days")
  expect_identical(columns(cohort$os), cbind(c(400, 500, 600, 700, 0), c(1, 0, 1, 0, 1)))
  expect_identical(columns(cohort$os_bone), cbind(c(300, NA, 0, 700, NA), c(1, NA, 1, 0, NA)))
  expect_identical(columns(cohort$time_to_bone), cbind(c(100, 500, 600, 0, 0), c(1, 0, 1, 1, 2)))
  implant <- c(250, NA, 0, 200, NA)
  expect_identical(columns(cohort$implant_survival), cbind(implant, c(1, NA, 1, 1, NA)) |> unname())
  expect_identical(columns(cohort$time_to_failure), cbind(implant, c(2, NA, 1, 1, NA)) |> unname())
  expect_identical(attr(cohort$time_to_bone, "states"), c("bone metastasis", "death"))
  expect_identical(attr(cohort$time_to_failure, "states"), c("implant failure", "death"))
  expect_identical(cohort$ever_bone_metastasis, c(TRUE, FALSE, TRUE, TRUE, FALSE))
  expect_identical(cohort$ever_surgery, c(TRUE, FALSE, TRUE, TRUE, FALSE))
  expect_identical(cohort$ever_implant_failure, c(FALSE, FALSE, TRUE, TRUE, FALSE))
  months <- lms_cohort(five)
  expect_identical(as.vector(months$os[, 1]), lms_months(five$diagnosis, five$last_contact))
  expect_identical(
    as.vector(months$os_bone[, 1]), lms_months(five$bone_metastasis, five$last_contact)
  )
  years <- lms_cohort(five, unit = "years")
  expect_identical(as.vector(years$os[, 1]), c(400, 500, 600, 700, 0) / 365.25)
})

test_that("endpoints are those of Surv() on random cohorts", {
  for (seed in 1:10) {
    d <- random_patients(80, seed)
    cohort <- lms_cohort(d, as_of = far_future)
    months <- function(from, to) as.numeric(to - from) / month
    expect_equal(cohort$os, Surv(months(d$diagnosis, d$last_contact), d$died), ignore_attr = TRUE)
    first <- pmin(d$bone_metastasis, d$last_contact, na.rm = TRUE)
    state <- ifelse(!is.na(d$bone_metastasis), 1, ifelse(d$died, 2, 0))
    expect_equal(
      columns(cohort$time_to_bone), cbind(months(d$diagnosis, first), state), ignore_attr = TRUE
    )
    has <- !is.na(d$first_surgery)
    first <- pmin(d$implant_failure, d$last_contact, na.rm = TRUE)[has]
    failed <- !is.na(d$implant_failure[has])
    expect_equal(
      cohort$implant_survival[has],
      Surv(months(d$first_surgery[has], first), failed | d$died[has]), ignore_attr = TRUE
    )
    expect_true(all(is.na(cohort$implant_survival[!has])))
  }
})

test_that("only the endpoints and flags whose roles are there are made", {
  cohort <- lms_cohort(five[c("id", "diagnosis", "last_contact", "died")])
  expect_identical(setdiff(names(cohort), names(five)), "os")
  cohort <- lms_cohort(five, implant_failure = NULL)
  expect_false(any(c("implant_survival", "ever_implant_failure") %in% names(cohort)))
  expect_true("ever_surgery" %in% names(cohort))
})

test_that("roles are bare names, strings or variables, or columns of their own name", {
  d <- stats::setNames(five, c("pid", "dx", "dead", "last seen", "bm", "surgery", "failure"))
  column <- "surgery"
  cohort <- lms_cohort(
    d, id = pid, diagnosis = "dx", last_contact = `last seen`, died = dead, bone_metastasis = bm,
    first_surgery = column, implant_failure = failure, unit = "days"
  )
  expect_equal(cohort$os_bone, lms_cohort(five, unit = "days")$os_bone)
  expect_equal(cohort$time_to_failure, lms_cohort(five, unit = "days")$time_to_failure)
  expect_identical(event_column(attr(cohort, "cohort"), "bone_metastasis"), "bm")
  expect_false(any(summary(cohort)$roles$by_name))
  expect_true(all(summary(lms_cohort(five))$roles$by_name))
})

test_that("a role that cannot be read is refused with a way out", {
  expect_snapshot(error = TRUE, {
    lms_cohort(five[-1])
    lms_cohort(five, id = pid)
    lms_cohort(five, id = ID)
    lms_cohort(five, diagnosis = five$diagnosis)
    lms_cohort(five, first_surgery = bone_metastasis)
    lms_cohort(five, diagnosed = diagnosis)
    lms_cohort(five, known_from = "bone_metastasis")
    lms_cohort(five, known_from = c(fracture = "bone_metastasis"))
    lms_cohort(transform(five, x = 1), known_from = c(x = "bone"))
    lms_cohort(transform(five, os = 1, ever_surgery = TRUE))
    lms_cohort(lms_cohort(five))
    lms_cohort(five$id)
    lms_cohort(five[0, ])
    lms_cohort(five, data.frame(patient = "a"))
    lms_cohort(five, diagnosis = NULL)
    lms_cohort(five, as_of = NA)
  })
})

test_that("dates come as dates, date-times, text or factors", {
  expected <- lms_cohort(five)
  text <- five
  dates <- setdiff(names(five), c("id", "died"))
  text[dates] <- lapply(text[dates], function(x) ifelse(is.na(x), "", format(x)))
  cohort <- expect_silent(lms_cohort(text))
  expect_identical(cohort$os_bone, expected$os_bone)
  expect_s3_class(cohort$bone_metastasis, "Date")
  expect_match(summary(cohort)$notes$text, "an empty text counts as missing", all = FALSE)
  text[dates] <- lapply(text[dates], factor)
  expect_identical(lms_cohort(text)$time_to_failure, expected$time_to_failure)
  text$diagnosis <- as.POSIXct(five$diagnosis) + 3600
  expect_identical(lms_cohort(text)$os, expected$os)
})

test_that("numbers since diagnosis do where there are no dates", {
  numbers <- five
  dates <- setdiff(names(five), c("id", "died", "diagnosis"))
  numbers[dates] <- lapply(five[dates], function(x) as.numeric(x - five$diagnosis))
  numbers$diagnosis <- NULL
  cohort <- lms_cohort(numbers, unit = "days")
  expected <- lms_cohort(five, unit = "days")
  for (name in names(attr(expected, "cohort")$endpoints)) {
    expect_equal(cohort[[name]], expected[[name]])
  }
})

test_that("death is never guessed", {
  with_died <- function(x, ...) lms_cohort(transform(five, died = x), ...)
  expect_identical(with_died(c(1, 0, 1, 0, 1))$os, lms_cohort(five)$os)
  expect_message(two <- with_died(c(2, 1, 2, 1, 2)), "2 is the event", class = "lmsurv_message")
  expect_identical(two$os, lms_cohort(five)$os)
  expect_identical(
    expect_silent(with_died(c("d", "a", "d", "lost", "d"), event = "d"))$os, lms_cohort(five)$os
  )
  expect_error(with_died(c("d", "a", "d", "lost", "d")), "the event is not set")
  expect_error(with_died(0), class = "lmsurv_error_no_events")
  nobody <- with_died(0, event = 1)
  expect_identical(sum(nobody$os[, 2]), 0)
  expect_match(heard(print(nobody)), "no deaths among these patients")
  expect_error(with_died(c(0, 1, 2, 0, 1)), class = "lmsurv_error_event")
  dates <- c("2013-01-01", NA, "2014-01-01", NA, "2015-02-02")
  for (x in list(dates, as.Date(dates))) {
    cnd <- expect_error(with_died(x), "holds dates, not a status")
    expect_false(grepl("[0-9]{4}", conditionMessage(cnd)))
  }
  # A filter that leaves one value does not turn the censored into deaths.
  alive <- two[two$died == 1, ]
  expect_identical(as.vector(alive$os[, 2]), c(0, 0))
  alive$last_contact <- alive$last_contact + 1
  expect_identical(as.vector(alive$os[, 2]), c(0, 0))
  expect_match(heard(print(alive)), "no deaths among these patients")
  expect_match(heard(print(two[two$died == 2, ])), "all died")
})

test_that("codes, labeled numbers and ordered factors are categories, and that is said", {
  labelled <- function(x, labels) {
    class <- c("haven_labelled", "vctrs_vctr", "double")
    structure(x, labels = labels, label = "Stage", class = class)
  }
  d <- five
  d$ecog <- c(0L, 1L, 2L, 1L, NA)
  d$treated <- c(0, 1, 1, 0, 1)
  d$age <- c(50, 60, 70, 80, 55)
  d$size <- factor(c("s", "m", "l", "s", "s"), c("s", "m", "l"), ordered = TRUE)
  d$stage <- labelled(c(1, 2, 1, 9, 2), c(early = 1, late = 2, unknown = 9))
  d$score <- labelled(c(17, 23, 12, 99, 30), c(unknown = 99))
  suppressMessages(expect_message(cohort <- lms_cohort(d), class = "lmsurv_message_codes"))
  expect_identical(cohort$ecog, factor(d$ecog))
  expect_identical(cohort$treated, d$treated)
  expect_identical(cohort$age, d$age)
  expect_identical(cohort$size, factor(c("s", "m", "l", "s", "s"), c("s", "m", "l")))
  expect_identical(levels(cohort$stage), c("early", "late", "unknown"))
  expect_identical(attr(cohort$stage, "label"), "Stage")
  expect_equal(as.numeric(cohort$score), c(17, 23, 12, 99, 30))
  expect_false(inherits(cohort$score, "haven_labelled"))
  notes <- summary(cohort)$notes$text
  expect_match(notes, "`ecog`: 3 different whole numbers", all = FALSE)
  expect_match(notes, "`size`: an ordered factor, compared level by level with \"s\"", all = FALSE)
  expect_match(notes, "`stage`: labeled numbers, read as 3 categories", all = FALSE)
  numbers <- suppressMessages(lms_cohort(d, codes = c(ecog = "numbers")))
  expect_identical(numbers$ecog, d$ecog)
  expect_s3_class(numbers$stage, "factor")
  numbers <- lms_cohort(d, codes = "numbers")
  expect_identical(numbers$ecog, d$ecog)
  expect_equal(as.numeric(numbers$stage), c(1, 2, 1, 9, 2))
  expect_error(lms_cohort(d, codes = c(foo = "numbers")), class = "lmsurv_error_column")
})

test_that("a labelled status goes by its labels or its codes", {
  died <- structure(c(2, 1, 2, 1, 2), labels = c(alive = 1, dead = 2),
                    class = c("haven_labelled", "vctrs_vctr", "double"))
  d <- five
  d$died <- died
  expect_message(cohort <- lms_cohort(d), "\"dead\" is the event")
  expect_identical(cohort$os, lms_cohort(five)$os)
  for (event in list(2, "dead")) {
    expect_identical(expect_silent(lms_cohort(d, event = event))$os, lms_cohort(five)$os)
  }
})

test_that("a file of Stata gives the cohort that it was made of", {
  skip_if_not_installed("haven")
  d <- five
  d$died <- haven::labelled(ifelse(five$died, 1, 0), c(alive = 0, dead = 1))
  d$sex <- haven::labelled(c(1, 2, 2, 1, 2), c(male = 1, female = 2), label = "Sex")
  file <- withr::local_tempfile(fileext = ".dta")
  haven::write_dta(d, file)
  cohort <- suppressMessages(lms_cohort(haven::read_dta(file)))
  for (name in names(attr(cohort, "cohort")$endpoints)) {
    expect_equal(cohort[[name]], lms_cohort(five)[[name]], ignore_attr = TRUE)
  }
  expect_identical(levels(cohort$sex), c("male", "female"))
  expect_identical(attr(cohort$sex, "label"), "Sex")
})

test_that("labels and class of the table are kept", {
  d <- five
  attr(d$diagnosis, "label") <- "Date of diagnosis"
  attr(d$died, "label") <- "Death"
  cohort <- lms_cohort(d)
  expect_identical(attr(cohort$diagnosis, "label"), "Date of diagnosis")
  expect_identical(attr(cohort[2:3, ]$diagnosis, "label"), "Date of diagnosis")
  expect_identical(attr(cohort[2:3, ]$died, "label"), "Death")
  expect_s3_class(cohort, c("lms_cohort", "data.frame"), exact = TRUE)
  skip_if_not_installed("tibble")
  expect_s3_class(
    lms_cohort(tibble::as_tibble(d)), c("lms_cohort", "tbl_df", "tbl", "data.frame"), exact = TRUE
  )
})

test_that("nothing about single patients is in the attribute but the linked tables", {
  d <- random_patients(200, 4)
  meta <- attr(lms_cohort(d, random_lesions(d), as_of = far_future), "cohort")
  meta$linked <- NULL
  text <- rawToChar(serialize(meta, NULL, ascii = TRUE))
  expect_no_patient(text, d)
  expect_lt(length(Filter(function(x) length(x) >= 200, rapply(meta, identity, how = "unlist"))), 1)
})
