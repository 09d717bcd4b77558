day <- function(...) as.Date(c(...))

test_that("months are 365.25 / 12 days, years 365.25", {
  expect_identical(lms_months("2020-01-01", "2021-01-01", "days"), 366)
  expect_identical(lms_months("2020-01-01", "2021-01-01"), 366 / 30.4375)
  expect_identical(lms_months("2020-01-01", "2021-01-01", "years"), 366 / 365.25)
  expect_identical(lms_months("2000-02-28", "2000-03-01", unit = "Days"), 2)
  expect_identical(lms_months("1900-02-28", "1900-03-01", unit = "days"), 1)
  expect_identical(lms_months("1969-12-30", "1970-01-02", unit = "days"), 3)
})

test_that("all classes of dates give the same", {
  text <- c("2019-05-17", "2020-02-29")
  as_is <- list(
    text, factor(text), as.Date(text), as.POSIXct(text, tz = "UTC"),
    as.POSIXct(text, tz = "Asia/Tokyo"), as.POSIXlt(text, tz = "America/New_York"),
    as.POSIXct(paste(text, "23:59:59"), tz = "Pacific/Auckland"), as.Date(text) + 0.7
  )
  for (from in as_is) expect_identical(lms_months(from, "2021-01-01", "days"), c(595, 307))
  for (to in as_is) expect_identical(lms_months("2019-01-01", to, "days"), c(136, 424))
})

test_that("summer time and the session's zone make no part of a day", {
  withr::local_timezone("Europe/Berlin")
  from <- as.POSIXct("2020-03-28 12:00")
  to <- as.POSIXct("2020-03-29 12:00")
  expect_identical(as.numeric(difftime(to, from, units = "hours")), 23)
  expect_identical(lms_months(from, to, "days"), 1)
  expect_equal(lms_months(to - from, unit = "days"), 23 / 24)
  expect_identical(lms_months(as.POSIXct("2020-01-01 00:30"), as.Date("2020-01-01")), 0)
})

test_that("a difference alone is taken in its own unit", {
  d <- day("2020-03-01") - day("2020-02-01")
  expect_identical(lms_months(d, unit = "days"), 29)
  for (units in c("secs", "mins", "hours", "days", "weeks")) {
    expect_equal(lms_months(`units<-`(d, units)), 29 / 30.4375)
  }
  expect_identical(lms_months(day("2020-03-01", NA) - day("2020-02-01")), c(29 / 30.4375, NA))
  expect_identical(lms_months(`attr<-`(d, "names", "p1")), 29 / 30.4375)
})

test_that("one date holds for all, missing dates pass, nothing else is kept", {
  from <- c(a = "2020-01-01", b = NA, c = "2020-01-03")
  expect_identical(lms_months(from, "2020-01-04", "days"), c(3, NA, 1))
  expect_identical(lms_months("2020-01-01", day("2020-01-04", NA), "days"), c(3, NA))
  expect_identical(lms_months("2020-01-01", NA), NA_real_)
  expect_identical(lms_months(c(NA, NA), day("2020-01-04", NA)), c(NA_real_, NA_real_))
  expect_identical(lms_months(day(), "2020-01-01"), numeric())
  expect_identical(lms_months(character(), character()), numeric())
  expect_message(
    x <- lms_months("2020-01-01", c("2020-01-04", "", " ")), class = "lmsurv_message_missing_date"
  )
  expect_identical(is.na(x), c(FALSE, TRUE, TRUE))
})

test_that("times add up", {
  set.seed(1)
  a <- day("1950-01-01") + sort(sample(3e4, 300))
  b <- a + sample(9e3, 300)
  c <- b + sample(9e3, 300)
  expect_equal(lms_months(a, b) + lms_months(b, c), lms_months(a, c), tolerance = 1e-14)
  expect_equal(lms_months(a, c, "years") * 12, lms_months(a, c), tolerance = 1e-14)
  expect_identical(lms_months(a, c, "days"), as.numeric(c - a))
  expect_identical(lms_months(format(a), format(c)), lms_months(a, c))
})

test_that("an end before its start is refused by row", {
  from <- day("2020-01-01") + 0:29
  to <- from + 5
  to[c(3, 7, 8, 20)] <- from[c(3, 7, 8, 20)] - 1
  cohort <- data.frame(diagnosis = from, death = to)
  error <- expect_error(with(cohort, lms_months(diagnosis, death)), class = "lmsurv_error_time")
  expect_identical(error$rows, c(3L, 7L, 8L, 20L))
  expect_snapshot({
    said(lms_months(cohort$diagnosis, cohort$death))
    said(lms_months(to - from))
    said(lms_months("2020-01-05", "2020-01-01"))
  })
  expect_identical(lms_months(from, from), double(30))
  expect_identical(lms_months(from - from), double(30))
})

wrong_texts <- c(
  "01/02/2020", "1.2.2020", "01/02/20", "20200102", "2020/01/02", "2020-1-2", "2020-01-02 10:00",
  "2020-01-02T10:00:00Z", "43832", "2 Jan 2020", "2020-02-30", "2020-13-01", "0020-01-02",
  "9999-12-31", "Smith, born 1950-01-01"
)

test_that("other forms of text are refused by their form, with a way out", {
  expect_snapshot(for (x in wrong_texts) said(lms_months(c(NA, "2020-01-01", x), "2020-01-01")))
})

test_that("no digit of the form may be left out", {
  for (x in c("2020-1-02", "2020-01-2", "020-01-02", "12020-01-02", "2020-01-02x")) {
    expect_error(lms_months(x, x), class = "lmsurv_error_date")
  }
})

test_that("what is no date is refused in words", {
  stata <- structure(c(21915, NA), format.stata = "%d")
  spss <- structure(13797216000, class = c("haven_labelled", "double"), format.spss = "F8")
  expect_snapshot({
    said(lms_months(43832, 43840))
    said(lms_months("2020-01-01", stata))
    said(lms_months(spss, "2020-01-01"))
    said(lms_months(TRUE, "2020-01-01"))
    said(lms_months(as.Date("31/01/2010"), "2020-01-01"))
    said(lms_months("2020-01-01", as.Date(Inf, origin = "1970-01-01")))
    said(lms_months(day("2020-01-02") - day("2020-01-01"), "2020-01-01"))
    said(lms_months(day("2020-01-02")))
    said(lms_months(12))
    said(lms_months(to = "2020-01-02"))
    said(lms_months("2020-01-02", NULL))
    said(lms_months(data.frame(a = 1), "2020-01-02"))
    said(lms_months(day("2020-01-01", "2020-01-02"), rep("2020-01-03", 3)))
    said(lms_months("2020-01-01", "2020-01-03", "monhts"))
    said(lms_months(as.difftime(Inf, units = "days")))
    said(lms_months(day("2020-01-01"), day("2020-01-03"), units = "days"))
    said(lms_months(start = day("2020-01-01"), end = day("2020-01-03")))
  })
})

test_that("no message ever shows a date", {
  numbers <- c("43832", "21915", "13797216000")
  shown <- character()
  for (x in c(as.list(wrong_texts), as.double(numbers), list(as.Date("0031-01-20")))) {
    for (call in list(quote(lms_months(x, x)), as.call(list(quote(lms_months), x, x)))) {
      shown <- c(shown, conditionMessage(expect_error(eval(call), class = "lmsurv_error")))
    }
  }
  for (digits in c("2020", "43832", "20200102", "21915", "13797216000", "0031", "Smith")) {
    expect_false(any(grepl(digits, shown, fixed = TRUE)), label = digits)
  }
})
