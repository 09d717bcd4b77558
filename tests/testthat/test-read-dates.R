folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
dated_file <- function(values) {
  path <- file.path(folder, "dates.csv")
  writeLines(enc2utf8(c("id,dx", paste0(seq_along(values), ",", values))), path, useBytes = TRUE)
  path
}
dated <- function(values, ...) suppressMessages(lms_read(dated_file(values), ...))$dx
said <- function(...) tryCatch(lms_read(...), lmsurv_message_read = function(cnd) cnd$notes)
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

test_that("months in other languages, and the month before the day", {
  months <- list(
    de = c("Januar", "Februar", "M\u00e4rz", "April", "Mai", "Juni", "Juli", "August", "September",
           "Oktober", "November", "Dezember"),
    de_short = c("Jan.", "Feb.", "M\u00e4r", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov",
                 "Dez"),
    fr = c("janvier", "f\u00e9vrier", "mars", "avril", "mai", "juin", "juillet", "ao\u00fbt",
           "septembre", "octobre", "novembre", "d\u00e9cembre"),
    es = c("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"),
    en = month.name, upper = toupper(month.abb)
  )
  expected <- as.Date(sprintf("2012-%02d-03", 1:12))
  for (language in names(months)) {
    names <- enc2utf8(months[[language]])
    expect_equal(dated(paste0("3. ", names, " 2012")), expected, info = language)
    expect_equal(dated(paste0("03", names, "2012")), expected, info = language)
    expect_equal(dated(paste0(names, " 3 2012")), expected, info = language)
  }
  expect_equal(dated(c("1er mai 2012", "3 de enero de 2013")),
               as.Date(c("2012-05-01", "2013-01-03")))
  # A word that begins two months is no month.
  expect_identical(dated(c("3 jui 2012", "4 ma 2012")), c("3 jui 2012", "4 ma 2012"))
})

test_that("years of two digits are read where the form is given, and never in the future", {
  this <- as.integer(format(Sys.Date(), "%Y"))
  years <- (this - 99):this
  for (form in c("dmy", "mdy", "ymd")) {
    parts <- list(d = "07", m = "03", y = sprintf("%02d", years %% 100))
    text <- do.call(paste, c(parts[strsplit(form, "")[[1]]], sep = "/"))
    expect_equal(dated(text, dates = c(dx = form)), as.Date(sprintf("%d-03-07", years)),
                 info = form)
  }
  expect_match(said(dated_file(c("01/02/20", "05/06/45")), dates = c(dx = "dmy")),
               "years of two digits, read as", all = FALSE)
})

test_that("partial dates are text until the user chooses, then counted", {
  values <- c("11/2012", "2012-02", "Feb 2013", "17.03.2011", "2010", "00.05.2012", "xx/06/2012")
  expect_identical(dated(values), values)
  expect_match(said(dated_file(values)), "without a day or month, kept as text .*: `dx`",
               all = FALSE)
  expect_match(conditionMessage(refused(values, dates = c(dx = "dmy"))), "partial = \"mid\"")
  expected <- list(
    first = c("2012-11-01", "2012-02-01", "2013-02-01", "2011-03-17", "2010-01-01", "2012-05-01",
              "2012-06-01"),
    mid = c("2012-11-15", "2012-02-15", "2013-02-15", "2011-03-17", "2010-07-01", "2012-05-15",
            "2012-06-15"),
    last = c("2012-11-30", "2012-02-29", "2013-02-28", "2011-03-17", "2010-12-31", "2012-05-31",
             "2012-06-30")
  )
  for (choice in names(expected)) {
    expect_equal(dated(values, partial = choice), as.Date(expected[[choice]]), info = choice)
    expect_equal(dated(values, partial = c(dx = choice)), as.Date(expected[[choice]]),
                 info = choice)
    expect_match(said(dated_file(values), partial = choice),
                 "6 of 7 dates \\(1 with the year alone\\)",
                 all = FALSE)
  }
  expect_equal(dated(c("2010", "2011")), c(2010, 2011))
  expect_equal(dated(c("2010", "2011"), partial = "mid"), c(2010, 2011))
  expect_equal(dated(c("2010", "2011"), partial = c(dx = "last")),
               as.Date(c("2010-12-31", "2011-12-31")))
  expect_error(dated(values, partial = "middle"), class = "lmsurv_error_argument")
  expect_error(dated(values, partial = c(dy = "mid")), class = "lmsurv_error_column")
})

test_that("a choice for partial dates changes no whole date, and stays in the time known", {
  withr::local_seed(21)
  days <- as.Date("1990-01-01") + sample(12000, 60)
  whole <- rep(c(TRUE, FALSE), 30)
  text <- ifelse(whole, format(days, "%Y-%m-%d"), format(days, "%m/%Y"))
  read <- lapply(c(first = "first", mid = "mid", last = "last"),
                 function(x) dated(text, partial = x))
  for (x in read) {
    expect_equal(x[whole], days[whole])
    expect_identical(format(x, "%Y-%m"), format(days, "%Y-%m"))
  }
  expect_true(all(read$first <= read$mid & read$mid <= read$last))
})

test_that("what may be a date, or a date that stands for nothing, is named", {
  expect_match(said(dated_file(c("20110517", "20121102", "20130101"))), "YYYYMMDD", all = FALSE)
  expect_equal(dated(c("20110517", "20121102"), dates = c(dx = "ymd")), days)
  expect_match(said(dated_file(c("39448", "39449", "40000"))), "Excel's days", all = FALSE)
  expect_equal(dated(c("0", "1462"), dates = c(dx = "excel1904")),
               as.Date(c("1904-01-01", "1908-01-02")))
  expect_error(dated("39448", dates = "excel"), class = "lmsurv_error_argument")
  expect_equal(dated(c("17/05/2011", "99/99/9999", "00/00/0000")), c(days[1], NA, NA))
  expect_match(said(dated_file(c("17/05/2011", "99/99/9999"))), "nothing is known", all = FALSE)
  expect_match(said(dated_file(c("2011-05-17", "1900-01-01"))), "before 1901", all = FALSE)
  expect_match(said(dated_file(c("2011-05-17 08:30", "2012-11-02 00:00"))),
               "time of day is removed",
               all = FALSE)
})
