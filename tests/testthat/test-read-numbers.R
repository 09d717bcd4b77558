folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
notes <- NULL
read <- function(lines, ...) {
  path <- file.path(folder, "numbers.csv")
  writeLines(enc2utf8(lines), path, useBytes = TRUE)
  withCallingHandlers(lms_read(path, ...), lmsurv_message_read = function(cnd) {
    notes <<- cnd$notes
    invokeRestart("muffleMessage")
  })
}
named <- function(pattern, ...) expect_match(notes, pattern, all = FALSE, ...)

test_that("in a file of decimal commas a point before three digits is a thousand", {
  x <- read(c("id;weight;ldh", "1;71,5;1.200", "2;80,1;900", "3;65,0;3.400"))
  expect_identical(x$weight, c(71.5, 80.1, 65))
  expect_identical(x$ldh, c(1200, 900, 3400))
  named("thousands set apart: `ldh`")
  x <- read(c("id,weight,ldh", "1,71.5,\"1,200\"", "2,80.1,900", "3,65.0,\"3,400\""))
  expect_identical(x$ldh, c(1200, 900, 3400))
  x <- read(c("id,weight,ldh", "1,71.5,1.200", "2,80.1,900", "3,65.0,3.400"))
  expect_identical(x$ldh, c(1.2, 900, 3.4))
  x <- read(c("id;weight;ldh", "1;71,5;1,200", "2;80,1;900", "3;65,0;3,400"))
  expect_identical(x$ldh, c(1.2, 900, 3.4))
})

test_that("where nothing else in the file shows the mark, or both are shown, it stays text", {
  for (sep in c(";", "\t", "|")) {
    x <- read(c(paste0("id", sep, "ldh"), paste0(1:3, sep, c("1.200", "900", "3.400"))))
    expect_identical(x$ldh, c("1.200", "900", "3.400"))
    named("separate thousands, kept as text .*: `ldh`")
  }
  x <- read(c("id;a;b;ldh", "1;71,5;71.5;1.200", "2;80,1;80.1;900", "3;65,0;65.0;3.400"))
  expect_identical(x$ldh, c("1.200", "900", "3.400"))
  expect_identical(x$a, c(71.5, 80.1, 65))
  expect_identical(x$b, c(71.5, 80.1, 65))
  # R and Python write a file separated by commas with decimal points.
  expect_identical(read(c("id,dose", "1,1.250", "2,2.500"))$dose, c(1.25, 2.5))
  expect_identical(read(c("id,dose", "1,\"1,250\"", "2,\"2,500\""))$dose, c("1,250", "2,500"))
})

test_that("numbers written in either way are read as they were, whatever the marks", {
  withr::local_seed(20)
  group <- function(x, mark) {
    digits <- sprintf("%.0f", x)
    while (any(grepl("[0-9]{4}", digits))) digits <- sub("([0-9])([0-9]{3})(?![0-9])", "\\1_\\2",
                                                         digits, perl = TRUE)
    gsub("_", mark, digits, fixed = TRUE)
  }
  write <- function(value, digits, decimal, thousand) {
    scaled <- round(abs(value) * 10^digits)
    whole <- group(scaled %/% 10^digits, thousand)
    part <- sprintf(paste0("%0", max(digits, 1L), ".0f"), scaled %% 10^digits)
    paste0(ifelse(value < 0, "-", ""), whole, if (digits) paste0(decimal, part))
  }
  ways <- list(c(",", "."), c(",", " "), c(",", "'"), c(",", "\u202f"), c(".", ","), c(".", " "),
               c(".", "\u2019"), c(",", "\u00a0"))
  for (i in 1:40) {
    way <- ways[[(i - 1) %% length(ways) + 1]]
    n <- 12
    digits <- sample(0:3, 1)
    value <- round(c(-1234567, 1234, runif(n - 2, -1e5, 1e5)), digits)
    shown <- round(runif(n, 1, 90), 1)
    shown[1] <- 71.5
    x <- read(c("id;shown;x", paste(seq_len(n), write(shown, 1, way[1], way[2]),
                                   write(value, digits, way[1], way[2]), sep = ";")))
    expect_identical(x$shown, shown)
    expect_identical(x$x, value, info = paste(way, digits, collapse = " "))
  }
})

test_that("signs, apostrophes, per cent and what is no number keep their meaning or are named", {
  expect_identical(read(c("id;x", "1;\u221271,5", "2;+80,1"))$x, c(-71.5, 80.1))
  expect_identical(read(c("id,x", "1,'5", "2,'6"))$x, c(5, 6))
  named("apostrophes before numbers, removed: `x`")
  expect_identical(read(c("id,x", "1,90%", "2,45", "3,7%"))$x, c("90%", "45", "7%"))
  named("numbers mixed with text, kept as text: `x`")
  for (text in c("1e999", "-1e999", "1e-999")) {
    expect_identical(read(c("id,x", paste0("1,", text), "2,3"))$x, c(text, "3"))
    named("too large or too small .*: `x`")
  }
  expect_identical(read(c("id,x", "1,3-5", "2,6-8", "3,9-12"))$x, c("3-5", "6-8", "9-12"))
  named("not read as numbers or dates, kept as text: `x`")
  expect_identical(read(c("id,x", "1,1234567890123456789", "2,12"))$x,
                   c("1234567890123456789", "12"))
  named("too long for a number, kept as text: `x`")
})

test_that("every code beside another is named, however many a column has", {
  x <- read(c("id,x,y,z", "1,-99,888,-1", "2,999,999,0", "3,50,3.5,1", "4,40,4.1,2"))
  expect_identical(x$x, c(-99, 999, 50, 40))
  named("`x` \\(-99 and 999\\), `y` \\(888 and 999\\) and `z` \\(-1\\)")
  named("missing = c(x = -99, x = 999, ", fixed = TRUE)
  gone <- read(c("id,x", "1,-99", "2,999", "3,50", "4,40"), missing = c(x = -99, x = 999))
  expect_identical(gone$x, c(NA, NA, 50, 40))
  # Small numbers that are codes below 0 only.
  read(c("id,x", "1,5", "2,7", "3,8", "4,999"))
  named("`x` \\(999\\)")
  read(c("id,x", "1,7", "2,8", "3,9", "4,7"))
  expect_false(any(grepl("a code for missing", notes)))
  read(c("id,x", "1,-3.5", "2,-1", "3,5", "4,99.5"))
  expect_false(any(grepl("a code for missing", notes)))
})
