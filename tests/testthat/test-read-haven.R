skip_if_not_installed("haven")
folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())

test_that("a Stata file: labels, extended missing values, dates", {
  d <- data.frame(
    id = c("a", "b", "c", "d"),
    stage = haven::labelled(c(1, 2, 1, haven::tagged_na("b")), c(early = 1, late = 2), "Stage"),
    age = c(50, haven::tagged_na("a"), 61, 70),
    score = haven::labelled(c(1, 7, 30, 2), c(none = 1)),
    dx = as.Date("2012-03-04") + 0:3
  )
  attr(d$age, "label") <- "Age (years)"
  file <- file.path(folder, "cohort.dta")
  haven::write_dta(d, file)
  expect_message(x <- lms_read(file), "(.a to .z), now NA: `stage` and `age`", fixed = TRUE,
                 class = "lmsurv_message_read")
  expect_identical(as.character(x$stage), c("early", "late", "early", NA))
  expect_identical(attr(x$stage, "label"), "Stage")
  expect_equal(c(x$age), c(50, NA, 61, 70), ignore_attr = TRUE)
  expect_false(any(haven::is_tagged_na(x$age)))
  expect_identical(attr(x$age, "label"), "Age (years)")
  expect_equal(x$score, c(1, 7, 30, 2))
  expect_equal(x$dx, d$dx)
  old <- file.path(folder, "old.dta")
  haven::write_dta(d, old, version = 8)
  expect_equal(suppressMessages(lms_read(old))$dx, d$dx)
  writeBin(readBin(file, "raw", 400), file)
  expect_error(lms_read(file), class = "lmsurv_error_file")
})

test_that("missing values that an SPSS file declares are NA, also where numbers stay", {
  d <- data.frame(
    g = haven::labelled_spss(c(1, 2, 9, 1), c(m = 1, f = 2, unknown = 9), na_values = 9),
    age = haven::labelled_spss(c(50, 60, -99, 70), c(unknown = -99), na_values = -99)
  )
  file <- file.path(folder, "cohort.sav")
  haven::write_sav(d, file)
  x <- suppressMessages(lms_read(file))
  expect_identical(x$g, factor(c("m", "f", NA, "m"), c("m", "f")))
  expect_identical(x$age, c(50, 60, NA, 70))
})

test_that("what was read makes a cohort, its labels in the table", {
  d <- data.frame(
    id = 1:6, diagnosis = as.Date("2010-01-01") + 1:6, last_contact = as.Date("2014-01-01") + 1:6,
    died = haven::labelled(c(0, 1, 1, 0, 1, 0), c(alive = 0, dead = 1)),
    age = c(41, 52, 63, 47, 58, 69)
  )
  attr(d$age, "label") <- "Age (years)"
  file <- file.path(folder, "small.dta")
  haven::write_dta(d, file)
  cohort <- suppressMessages(lms_cohort(suppressMessages(lms_read(file)), event = "dead"))
  expect_equal(sum(cohort$os[, "status"]), 3)
  table <- suppressMessages(lms_table_one(cohort, vars = "age"))
  expect_true(any(grepl("Age (years)", capture.output(print(table)), fixed = TRUE)))
})

test_that("SAS transport files and data sets: labels, dates, missing values", {
  d <- data.frame(
    id = c("a", "b", "c"), age = c(50, NA, 61.5), grade = c("low", "", "high"),
    dx = as.Date("2012-03-04") + 0:2
  )
  attr(d$age, "label") <- "Age (years)"
  for (version in c(5, 8)) {
    file <- file.path(folder, paste0("cohort", version, ".xpt"))
    haven::write_xpt(d, file, version = version)
    x <- suppressMessages(lms_read(file))
    expect_equal(as.vector(x$age), as.vector(d$age))
    expect_identical(attr(x$age, "label"), "Age (years)")
    expect_identical(class(x$dx), "Date")
    expect_equal(x$dx, d$dx)
    expect_identical(as.character(x$grade), c("low", NA, "high"))
  }
  # There is no writer of data sets: haven brings one, of the 150 flowers of R's own `iris`.
  flowers <- system.file("examples", "iris.sas7bdat", package = "haven")
  skip_if(flowers == "", "haven has no example")
  x <- suppressMessages(lms_read(flowers))
  expect_equal(as.vector(x$Petal_Length), iris$Petal.Length)
  # In six characters each.
  expect_equal(as.character(x$Species), substr(iris$Species, 1, 6))
})

test_that("Stata's months, quarters, half-years, weeks and years", {
  d <- data.frame(
    td = 18993 + 0:2, tw = 2704 + 0:2, tm = 624 + 0:2, tq = 208 + 0:2, th = 104 + 0:2,
    ty = 2012 + 0:2, tc = 1.641e12 + 0:2 * 8.64e7, tC = 1.641e12 + 0:2 * 8.64e7
  )
  for (name in names(d)) attr(d[[name]], "format.stata") <- paste0("%", name)
  file <- file.path(folder, "periods.dta")
  haven::write_dta(d, file)
  x <- suppressMessages(lms_read(file))
  # The first of January 2012 and its month, quarter, ... in Stata's help of datetime.
  expect_equal(x$td, as.Date("2012-01-01") + 0:2)
  expect_equal(x$tc, x$tC)
  expect_identical(as.vector(x$tm), c("2012-01", "2012-02", "2012-03"))
  expect_identical(as.vector(x$ty), c(2012, 2013, 2014))
  expect_message(lms_read(file), "years, kept as numbers .*: `ty`", class = "lmsurv_message_read")
  expect_message(lms_read(file), "kept as text .*: `tw`, `tm`, `tq` and `th`",
                 class = "lmsurv_message_read")
  first <- suppressMessages(lms_read(file, partial = "first"))
  last <- suppressMessages(lms_read(file, partial = "last"))
  for (name in c("tw", "tm", "tq", "th", "ty")) {
    expect_equal(first[[name]][1], as.Date("2012-01-01"), info = name)
    # One ends on the day before the next begins.
    expect_equal(last[[name]][1:2] + 1, first[[name]][2:3], info = name)
  }
})

test_that("dates with labels or missing codes are dates, the codes missing and named", {
  d <- data.frame(id = 1:4)
  d$dx <- haven::labelled(c(18993, 18994, -9, haven::tagged_na("a")), c(unknown = -9))
  d$month <- haven::labelled(c(624, 625, -9, 626), c(unknown = -9))
  attr(d$dx, "format.stata") <- "%td"
  attr(d$month, "format.stata") <- "%tm"
  file <- file.path(folder, "labelled.dta")
  haven::write_dta(d, file)
  expect_message(x <- lms_read(file, partial = "mid"), "labeled values .*: `dx` and `month`",
                 class = "lmsurv_message_read")
  expect_equal(x$dx, as.Date(c("2012-01-01", "2012-01-02", NA, NA)), ignore_attr = TRUE)
  expect_equal(x$month, as.Date(c("2012-01-15", "2012-02-15", NA, "2012-03-15")),
               ignore_attr = TRUE)
  seconds <- as.numeric(as.POSIXct("2012-03-04", tz = "UTC")) + 12219379200 + 86400 * 0:3
  d <- data.frame(id = 1:4)
  for (format in c("DATE11", "ADATE10", "EDATE10", "SDATE10", "DATETIME20")) {
    values <- replace(seconds, 4, 99)
    d[[format]] <- haven::labelled_spss(values, c(unknown = 99), na_values = 99)
    d[[paste0(format, "_label")]] <- haven::labelled(values, c(unknown = 99))
    attr(d[[format]], "format.spss") <- attr(d[[paste0(format, "_label")]], "format.spss") <- format
  }
  file <- file.path(folder, "labelled.sav")
  haven::write_sav(d, file)
  x <- suppressMessages(lms_read(file))
  for (name in names(x)[-1]) {
    expect_equal(x[[name]], c(as.Date("2012-03-04") + 0:2, NA), ignore_attr = TRUE, info = name)
  }
})

test_that("`missing` is a number of the file, its label, or a date, in labelled columns too", {
  d <- data.frame(id = 1:4, age = c(50, 60, -5, 70), dx = as.Date("1900-01-01") +
                  c(0, 4e4, 4e4, 4e4))
  d$stage <- haven::labelled(c(1, 2, -5, 1), c(early = 1, late = 2, refused = -5))
  for (ending in c("dta", "sav")) {
    file <- file.path(folder, paste0("codes.", ending))
    if (ending == "dta") haven::write_dta(d, file) else haven::write_sav(d, file)
    for (code in list(-5, "-5", c(stage = -5, age = -5))) {
      x <- suppressMessages(lms_read(file, missing = code))
      expect_identical(as.character(x$stage), c("early", "late", NA, "early"))
      expect_identical(as.vector(x$age), c(50, 60, NA, 70))
    }
    x <- suppressMessages(lms_read(file, missing = c(stage = "refused", dx = "1900-01-01")))
    expect_identical(as.character(x$stage), c("early", "late", NA, "early"))
    expect_identical(is.na(x$dx), c(TRUE, FALSE, FALSE, FALSE))
    expect_identical(as.vector(x$age), c(50, 60, -5, 70))
  }
})
