folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
write <- function(name, ...) {
  path <- file.path(folder, name)
  writeLines(c(...), path, useBytes = TRUE)
  path
}
read <- function(...) suppressMessages(lms_read(...))
notes_of <- function(...) {
  said <- NULL
  withCallingHandlers(lms_read(...), lmsurv_message_read = function(cnd) {
    said <<- cnd
    invokeRestart("muffleMessage")
  })
  said$notes
}

test_that("comma, semicolon and tab give the same table, with point or comma", {
  rows <- function(sep, mark) {
    c(paste("id", "size", "sex", sep = sep), paste("a", paste0("1", mark, "5"), "f", sep = sep),
      paste("b", paste0("-2", mark, "25"), "m", sep = sep))
  }
  wanted <- data.frame(id = c("a", "b"), size = c(1.5, -2.25), sex = c("f", "m"))
  expect_identical(read(write("a.csv", rows(",", "."))), wanted)
  expect_identical(read(write("b.csv", rows(";", ","))), wanted)
  expect_identical(read(write("c.txt", rows("\t", ","))), wanted)
  expect_match(notes_of(file.path(folder, "b.csv")), "decimal comma: `size`", all = FALSE)
})

test_that("a byte order mark, Latin-1 and UTF-16 are understood", {
  expect_named(read(write("bom.csv", "\xef\xbb\xbfid,age", "a,1", "b,2")), c("id", "age"))
  latin <- write("latin.csv", "id,name", "1,M\xfcller", "2,Mu\xf1oz")
  expect_identical(read(latin)$name, c("M\u00fcller", "Mu\u00f1oz"))
  expect_match(notes_of(latin), "Latin-1", all = FALSE)
  wide <- file.path(folder, "wide.csv")
  writeBin(c(as.raw(c(0xff, 0xfe)), iconv("id,age\na,1\n", "UTF-8", "UTF-16LE", toRaw = TRUE)[[1]]),
           wide)
  expect_identical(read(wide), data.frame(id = "a", age = 1))
})

test_that("quotes hold separators and line breaks", {
  x <- read(write("quoted.csv", "id,note,age", "1,\"a, b", "c\",50", "2,d,60"))
  expect_identical(x$note, c("a, b\nc", "d"))
  expect_identical(x$age, c(50, 60))
})

test_that("a tired person's files are refused with the way out", {
  refused <- function(class, ...) {
    expect_error(lms_read(write("x.csv", ...)), class = paste0("lmsurv_error_", class))
  }
  refused("no_rows", character())
  refused("no_rows", "id,age")
  refused("column", "id,age,age", "1,2,3")
  refused("column", "1,50,2", "2,60,3")
  refused("shape", "id,note,age", "1,a, b,3", "2,c,4")
  refused("file", "<html><table><tr><td>1</td></tr></table>")
  write("cohort.csv", "id,age", "1,50")
  expect_error(lms_read(file.path(folder, "cohrt.csv")), "Did you mean `cohort.csv`")
  expect_error(lms_read(folder), class = "lmsurv_error_file")
  expect_error(lms_read(write("~$cohort.xlsx", "x")), "temporary file")
  expect_error(lms_read(write("x.ods", "x")), "save|Save", class = "lmsurv_error_file")
  expect_error(lms_read(3), class = "lmsurv_error_argument")
  expect_error(lms_read(file.path(folder, "cohort.csv"), sheet = 2), "Excel")
})

test_that("blank rows and columns and a title above the header are left out", {
  x <- read(write("blank.csv", "Our cohort,,,", "id,age,,", "1,50,,", ",,,", "2,60,,", ",,,"))
  expect_identical(x, data.frame(id = c(1, 2), age = c(50, 60)))
  expect_match(notes_of(file.path(folder, "blank.csv")), "1 row above the header", all = FALSE)
})

test_that("names become plain, and the old one is the label", {
  x <- read(write("names.csv", "Patient ID,Size (cm)", "a,1", "b,2"))
  expect_named(x, c("Patient_ID", "Size_cm"))
  expect_identical(attr(x$Size_cm, "label"), "Size (cm)")
  same <- read(file.path(folder, "names.csv"), names = "file")
  expect_named(same, c("Patient ID", "Size (cm)"))
})

test_that("text is a factor only where it repeats itself; 007 and long numbers stay text", {
  x <- read(write("text.csv", "id,sex,code,long,flag", "a,f,007,1234567890123456,TRUE",
                  "b,m,008,1234567890123457,FALSE", "c,m,009,1234567890123458,TRUE",
                  "d,f,010,1234567890123459,TRUE"))
  expect_type(x$id, "character")
  expect_identical(levels(x$sex), c("f", "m"))
  expect_identical(x$code, c("007", "008", "009", "010"))
  expect_type(x$long, "character")
  expect_identical(x$flag, c(TRUE, FALSE, TRUE, TRUE))
})

test_that("words for missing are NA, and codes for missing only when asked", {
  file <- write("missing.csv", "id,age,size,grade", "1,50,-99,1", "2,.,3,2", "3,N/A,4,9",
                "4,999,,1", "5,61,5,3")
  x <- read(file)
  expect_identical(x$age, c(50, NA, NA, 999, 61))
  expect_identical(x$size, c(-99, 3, 4, NA, 5))
  notes <- notes_of(file)
  expect_match(notes, "`size` (-99)", fixed = TRUE, all = FALSE)
  expect_match(notes, "categories: `grade`", all = FALSE)
  by_column <- read(file, missing = c(age = 999, size = -99))
  expect_identical(by_column$age, c(50, NA, NA, NA, 61))
  expect_identical(by_column$grade, c(1, 2, 9, 1, 3))
  expect_identical(read(file, missing = c(grade = 3))$size, c(-99, 3, 4, NA, 5))
  everywhere <- read(file, missing = c(-99, 9))
  expect_identical(everywhere$size, c(NA, 3, 4, NA, 5))
  expect_identical(everywhere$grade, c(1, 2, NA, 1, 3))
  expect_error(lms_read(file, missing = c(foo = 9)), class = "lmsurv_error_column")
})

test_that("numbers mixed with text are named, with no value of them", {
  notes <- notes_of(write("mixed.csv", "id,size", "1,3", "2,secret", "3,4"))
  expect_match(notes, "mixed with text, kept as text: `size`", all = FALSE)
  expect_false(any(grepl("secret", notes)))
})

test_that("real patients' data keep every number that read.csv finds", {
  path <- "../../../shared/data/tcga_sarcoma.csv"
  skip_if_not(file.exists(path), "the public data are not here")
  ours <- read(path)
  theirs <- utils::read.csv(path, na.strings = c("", "NA"))
  expect_named(ours, names(theirs))
  for (name in names(theirs)) {
    expect_equal(if (is.factor(ours[[name]])) as.character(ours[[name]]) else ours[[name]],
                 theirs[[name]], info = name)
  }
})

test_that("a comma that separates thousands is never taken for a decimal mark", {
  column <- function(...) read(write("grouped.csv", "id\tx", paste0(letters[1:3], "\t", c(...))))$x
  expect_identical(column("1,234.5", "12,345", "999"), c(1234.5, 12345, 999))
  expect_identical(column("1.234,5", "7,5", "12"), c(1234.5, 7.5, 12))
  expect_identical(column("1.234.567", "1.234", "2"), c(1234567, 1234, 2))
  expect_identical(column("0,123", "1,234", "2"), c(0.123, 1.234, 2))
  expect_identical(column("1,234", "12,345", "999"), c("1,234", "12,345", "999"))
  expect_match(notes_of(file.path(folder, "grouped.csv")), "separate thousands", all = FALSE)
  expect_identical(column("2.125", "5,5", "7"), c("2.125", "5,5", "7"))
  expect_identical(column("90%", "7.5 %", "0%"), c(90, 7.5, 0))
})

test_that("a quotation mark within a text, or never closed, swallows no rows", {
  x <- read(write("inch.csv", "id,size,age", "a,5\" tumor,50", "b,6\",60", "c,\"7, 8\",40"))
  expect_identical(x, data.frame(id = c("a", "b", "c"), size = c("5\" tumor", "6\"", "7, 8"),
                                 age = c(50, 60, 40)))
  x <- read(write("open.csv", "id,name,age", "a,\"John,50", "b,Mary,60", "c,\"Al \"\"B\"\"\",40"))
  expect_identical(x$age, c(50, 60, 40))
  expect_identical(x$name[3], "Al \"B\"")
})

test_that("bars separate, no-break spaces are spaces, and Windows has more than Latin-1", {
  x <- read(write("bar.txt", "id|sex", "a|m\u00a0", "b|m", "c|f", "d|f\u00a0"))
  expect_identical(x$sex, factor(c("m", "m", "f", "f")))
  expect_identical(read(write("win.csv", "id,note", "a,3 \x96 5 \x80", "b,x"))$note[1],
                   "3 \u2013 5 \u20ac")
})

test_that("names of columns below merged names of groups are the header", {
  x <- read(write("merged.csv", "Patient,,Tumour,", "id,sex,size,site", "p1,f,3,a", "p2,m,4,b"))
  expect_named(x, c("id", "sex", "size", "site"))
  x <- read(write("unnamed.csv", ",sex,,site", "p1,f,x,a", "p2,m,y,b"))
  expect_identical(nrow(x), 2L)
})
