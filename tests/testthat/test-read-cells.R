skip_if_not_installed("readxl")
skip_if_not_installed("openxlsx")
folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
read <- function(...) suppressMessages(lms_read(...))

book <- function(name, sheets, start = 1L) {
  path <- file.path(folder, name)
  wb <- openxlsx::createWorkbook()
  for (sheet in names(sheets)) {
    openxlsx::addWorksheet(wb, sheet)
    if (start > 1L) {
      openxlsx::writeData(wb, sheet, "Our cohort")
      openxlsx::mergeCells(wb, sheet, cols = 1:3, rows = 1)
    }
    openxlsx::writeData(wb, sheet, sheets[[sheet]], startRow = start)
  }
  openxlsx::saveWorkbook(wb, path, overwrite = TRUE)
  path
}
patients <- data.frame(
  id = c("007", "008", "009"), dx = as.Date(c("2011-05-17", "2012-01-02", NA)),
  size = c(0.1, 1 / 3, 2e10), count = c("1", "12", "3"), stringsAsFactors = FALSE
)

test_that("dates are dates, and numbers keep every bit", {
  x <- read(book("plain.xlsx", list(patients = patients)))
  expect_equal(x$dx, patients$dx)
  expect_equal(x$size, patients$size, tolerance = 1e-15)
  expect_identical(x$id, patients$id)
  expect_identical(x$count, c(1, 12, 3))
})

test_that("a merged title above the header is left out, numbers stored as text are said", {
  file <- book("title.xlsx", list(patients = patients), start = 3L)
  expect_message(x <- lms_read(file), "numbers stored as text: `count`",
                 class = "lmsurv_message_read")
  expect_named(x, names(patients))
  expect_equal(nrow(x), 3)
})

test_that("of two sheets the first is read, and the other is named", {
  file <- book("two.xlsx", list(patients = patients, lesions = data.frame(id = "007", n = 2)))
  expect_message(lms_read(file), "sheet = \"lesions\"", fixed = TRUE)
  expect_identical(read(file, sheet = "lesions"), data.frame(id = "007", n = 2))
  expect_identical(read(file, sheet = 2), data.frame(id = "007", n = 2))
  expect_error(lms_read(file, sheet = "lesion"), "Did you mean `lesions`")
  expect_error(lms_read(file, sheet = 3), class = "lmsurv_error_argument")
})

test_that("the content counts, not the ending; a broken file is refused", {
  file <- book("plain.xlsx", list(patients = patients))
  wrong <- file.path(folder, "wrong.csv")
  file.copy(file, wrong)
  expect_identical(read(wrong), read(file))
  cut <- file.path(folder, "cut.xlsx")
  writeBin(readBin(file, "raw", 1000), cut)
  expect_error(lms_read(cut), class = "lmsurv_error_file")
  expect_error(lms_read(book("empty.xlsx", list(a = data.frame()))), class = "lmsurv_error_no_rows")
})

test_that("the ending does not matter, and the sheet that is offered has not been found empty", {
  file <- book("sheets.xlsx", list(empty = data.frame(), patients = patients, other = patients))
  wrong <- file.path(folder, "sheets.xls")
  file.copy(file, wrong)
  expect_message(x <- lms_read(wrong), "sheet = \"other\"", class = "lmsurv_message_read")
  expect_equal(x, read(file))
})

test_that("texts of an Excel column are read by their marks, beside numbers of Excel's own", {
  d <- data.frame(
    id = c("a", "b", "c"), weight = c("71,5", "80,1", "65,0"), ldh = c("1.200", "900", "3.400"),
    own = c(1.234, 2.345, 3.456)
  )
  for (out in c(".", ",")) {
    x <- withr::with_options(list(OutDec = out), read(book("marks.xlsx", list(a = d))))
    expect_identical(x$weight, c(71.5, 80.1, 65))
    expect_identical(x$ldh, c(1200, 900, 3400))
    expect_identical(x$own, c(1.234, 2.345, 3.456))
  }
  x <- read(book("alone.xlsx", list(a = d[c("id", "ldh", "own")])))
  expect_identical(x$ldh, d$ldh)
  expect_identical(x$own, d$own)
})

test_that("sheets that explain a table are passed over and named", {
  about <- data.frame(About = c("One row per patient of our hospital",
                                "See the sheet of codes there"))
  for (name in c("README", "Sheet1", "Notes")) {
    sheets <- stats::setNames(list(about, patients), c(name, "Data"))
    expect_message(x <- lms_read(book("about.xlsx", sheets)), paste0("skipped sheet \"", name),
                   class = "lmsurv_message_read")
    expect_named(x, names(patients))
  }
  expect_named(read(book("about.xlsx", list(README = about, Data = patients)), sheet = 1), "About")
  expect_identical(nrow(read(book("only.xlsx", list(README = patients)))), 3L)
})

test_that("errors of Excel are counted, a time of day is one, and a cell of 8 MB is refused", {
  path <- book("cells.xlsx", list(a = data.frame(id = c("a", "b"), x = c(1, 2), y = "LONG")))
  inside <- withr::local_tempdir()
  utils::unzip(path, exdir = inside)
  change <- function(part, pattern, to) {
    file <- file.path(inside, "xl", part)
    writeLines(sub(pattern, to, paste(readLines(file, warn = FALSE), collapse = "\n")), file)
    withr::with_dir(inside, utils::zip(path, list.files(".", recursive = TRUE, all.files = TRUE),
                                       flags = "-q -r9X"))
  }
  unlink(path)
  change("worksheets/sheet1.xml", "<c r=\"B2\"[^>]*><v>1</v></c>",
         "<c r=\"B2\" t=\"e\"><v>#REF!</v></c>")
  expect_message(x <- lms_read(path), "1 cell with an error of Excel",
                 class = "lmsurv_message_read")
  expect_identical(x$x, c(NA, 2))
  unlink(path)
  change("sharedStrings.xml", "LONG", strrep("abcdefg ", 1e6))
  expect_error(lms_read(path), "more text than", class = "lmsurv_error_shape")
})
