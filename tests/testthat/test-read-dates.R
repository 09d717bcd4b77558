folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
dated <- function(values, ...) {
  path <- file.path(folder, "dates.csv")
  writeLines(c("id,dx", paste0(seq_along(values), ",", values)), path)
  suppressMessages(lms_read(path, ...))$dx
}
refused <- function(values, ...) {
  expect_error(dated(values, ...), class = "lmsurv_error_date")
}
days <- as.Date(c("2011-05-17", "2012-11-02"))

test_that("each form that can be read in one way is a date", {
  expect_equal(dated(c("2011-05-17", "2012-11-02")), days)
  expect_equal(dated(c("2011/5/17", "2012/11/2")), days)
  expect_equal(dated(c("17.05.2011", "02.11.2012")), days)
  expect_equal(dated(c("17/05/2011", "02/11/2012")), days)
  expect_equal(dated(c("05/17/2011", "11/02/2012")), days)
  expect_equal(dated(c("17may2011", "2-Nov-2012")), days)
  expect_equal(dated(c("2011-05-17 08:30:00", "2012-11-02 00:00")), days)
  expect_equal(dated(c("17/05/2011", NA)), c(days[1], NA))
})

test_that("day or month first is never guessed", {
  error <- refused(c("01/02/2020", "05/06/2020"))
  expect_match(conditionMessage(error), "dates = \"dmy\"", fixed = TRUE)
  expect_no_match(conditionMessage(error), "2020")
  expect_equal(dated(c("01/02/2020", "05/06/2020"), dates = "dmy"),
               as.Date(c("2020-02-01", "2020-06-05")))
  expect_equal(dated(c("01/02/2020", "05/06/2020"), dates = c(dx = "mdy")),
               as.Date(c("2020-01-02", "2020-05-06")))
  expect_match(conditionMessage(refused(c("17/05/2011", "05/17/2011", "18/05/2011"))), "row 2")
  refused(c("17/05/2011", "02/11/2012"), dates = "mdy")
})

test_that("years of two digits and days that are none are refused, text is left when asked", {
  expect_match(conditionMessage(refused(c("01/02/20", "05/06/20"))), "two digits")
  expect_match(conditionMessage(refused(c("17-May-11", "02-Nov-12"))), "two digits")
  expect_identical(dated(c("01/02/20", "05/06/20"), dates = c(dx = "text")),
                   c("01/02/20", "05/06/20"))
  expect_match(conditionMessage(refused(c("2020-02-30", "2020-01-01"))), "row 1")
})

test_that("Excel's numbers of days are dates only when asked", {
  # 2008-01-01 is 39448, as Microsoft's help of DATEVALUE() has it.
  expect_identical(dated(c("39448", "39449")), c(39448, 39449))
  expect_equal(dated(c("39448", "39449"), dates = c(dx = "excel")),
               as.Date(c("2008-01-01", "2008-01-02")))
  expect_equal(dated(c("39448", "2008-01-02"), dates = c(dx = "excel")),
               as.Date(c("2008-01-01", "2008-01-02")))
  refused(c("39448", "soon"), dates = c(dx = "excel"))
})

test_that("dates among other text stay text, unless the column was named", {
  mixed <- c("2020-01-01", "2020-01-02", "unknown")
  expect_identical(dated(mixed), mixed)
  refused(mixed, dates = c(dx = "ymd"))
  expect_error(dated(mixed, dates = "DD"), class = "lmsurv_error_argument")
  expect_error(dated(mixed, dates = c(foo = "dmy")), class = "lmsurv_error_column")
})

test_that("all columns that are refused are in one error", {
  path <- file.path(folder, "two.csv")
  writeLines(c("id,a,b", "1,01/02/2020,03/04/2020"), path)
  error <- expect_error(lms_read(path), class = "lmsurv_error_date")
  expect_identical(error$columns, c("a", "b"))
})
