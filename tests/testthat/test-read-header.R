folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
notes <- NULL
read <- function(lines, ...) {
  path <- file.path(folder, "header.csv")
  writeLines(lines, path)
  withCallingHandlers(lms_read(path, ...), lmsurv_message_read = function(cnd) {
    notes <<- cnd$notes
    invokeRestart("muffleMessage")
  })
}

test_that("a first row that may be a patient is asked about, and never shown", {
  files <- list(
    numbers = c("Smith,55,f", "Miller,60,m", "Jones,70,m"),
    dates = c("Smith,2011-05-17,x", "Miller,2012-11-02,y", "Jones,2013-01-01,z"),
    german = c("Smith;17.05.2011;71,5", "Miller;02.11.2012;80,1", "Jones;01.01.2013;65,0"),
    again = c("Smith,female,dead", "Miller,male,alive", "Jones,female,alive"),
    ids = c("Smith-01", "smith-02", "Smith-17"),
    missing = c("Smith,NA,a", "Miller,3,b", "Jones,4,c"),
    twice = c("Smith,Smith,a", "Miller,x,b", "Jones,y,c"),
    title = c("Our cohort,,", "Smith,55,f", "Miller,60,m", "Jones,70,m")
  )
  for (name in names(files)) {
    error <- expect_error(read(files[[name]]), class = "lmsurv_error_column")
    text <- conditionMessage(error)
    expect_false(grepl("Smith|2011|55|71|female", text), info = name)
    if (name == "twice") next
    expect_match(text, "header = FALSE", fixed = TRUE, info = name)
    x <- read(files[[name]], header = FALSE)
    expect_identical(nrow(x), 3L, info = name)
    expect_match(as.character(x[[1]][1]), "^Smith", info = name)
    expect_match(names(x), "^column_[0-9]$", info = name)
    expect_identical(nrow(read(files[[name]], header = TRUE)), 2L, info = name)
  }
})

test_that("ordinary names raise no doubt", {
  for (header in c("id,age,sex", "Patient,T1,M", "x1,x2,x3", "ID,age (years),1st visit")) {
    expect_identical(nrow(read(c(header, "P1,50,f", "P2,60,m", "P3,70,f"))), 3L)
  }
  expect_error(read("a,b", header = NA), class = "lmsurv_error_argument")
})

test_that("the values of a random patient in the first row are found, and that patient is kept", {
  withr::local_seed(24)
  for (i in 1:30) {
    n <- sample(5:30, 1)
    d <- data.frame(
      id = sprintf("%s%03d", sample(LETTERS, 1), seq_len(n)), age = sample(30:80, n, TRUE),
      dx = format(as.Date("2010-01-01") + sample(2000, n), sample(c("%Y-%m-%d", "%d.%m.%Y"), 1)),
      sex = sample(c("female", "male"), n, TRUE), size = round(runif(n, 1, 20), 1)
    )[c(1, sample(2:5, sample(1:4, 1)))]
    lines <- do.call(paste, c(d, sep = ","))
    expect_error(read(lines), class = "lmsurv_error_column", info = lines[1])
    expect_identical(nrow(read(lines, header = FALSE)), n)
    expect_identical(nrow(read(c(paste(names(d), collapse = ","), lines))), n)
  }
})

test_that("totals, remarks and headers that come again are no patients, and counted", {
  x <- read(c("id,age,size", "1,50,3", "id,age,size", "2,60,4", "Total,110,7", "Mean:,55,3.5"))
  expect_identical(x$age, c(50, 60))
  expect_match(notes, "1 row that repeated the header", all = FALSE)
  expect_match(notes, "2 rows of totals below", all = FALSE)
  x <- read(c("id,age,size", "1,50,3", "2,60,4", "* as of the last visit,,"))
  expect_identical(x$age, c(50, 60))
  expect_match(notes, "1 row of remarks below", all = FALSE)
  expect_identical(nrow(read(c("id,age,size", "P1,50,3", "P2,60,4", "P3,,"))), 3L)
})

test_that("names are the same in every locale, with letters of any language", {
  x <- read(enc2utf8(c("Gr\u00f6\u00dfe (cm),2nd visit,_x,if", "3,4,5,6", "4,5,6,7")))
  expect_named(x, c("Gr\u00f6\u00dfe_cm", "X2nd_visit", "x", "if."))
})
