notes <- NULL
alike <- function(values) {
  path <- withr::local_tempfile(fileext = ".csv")
  writeLines(enc2utf8(c("id\tg", paste0(seq_len(3 * length(values)), "\t", values))), path,
             useBytes = TRUE)
  withCallingHandlers(x <- lms_read(path), lmsurv_message_read = function(cnd) {
    notes <<- cnd$notes
    invokeRestart("muffleMessage")
  })
  grep("different spellings", notes, value = TRUE)
}

test_that("levels that are likely to be one are named together", {
  expect_match(alike(c("m", "M", "male", "female")), "`g` (\"M\", \"m\" and \"male\")",
               fixed = TRUE)
  expect_match(alike(c("Male", "male", "female", "f", "femal")),
               "(\"Male\" and \"male\"; \"f\", \"femal\" and \"female\")", fixed = TRUE)
  expect_match(alike(c("yes", "Yes", "no")), "\"Yes\" and \"yes\"", fixed = TRUE)
  expect_match(alike(c("bone  met", "bone met", "none")), "bone", fixed = TRUE)
  expect_match(alike(c("m\u00e4nnlich", "mannlich", "weiblich")), "mannlich", fixed = TRUE)
  # With digits they may identify a patient.
  expect_match(alike(c("p1", "P1", "p2")), "`g`. Use one", fixed = TRUE)
})

test_that("grades, stages, signs and blood groups are not alike", {
  for (values in list(c("I", "II", "III", "IV"), c("T1", "T1a", "T2"), c("ER+", "ER-"),
                      c("A", "AB", "B"),
                      c("G1", "G2"), c("female", "male"), c("<5", ">5"), c("left", "right"))) {
    expect_length(alike(values), 0)
  }
})

test_that("levels are in one order, and spaces that made two of one are said", {
  x <- NULL
  alike(c("b", "a ", "a", "B"))
  expect_match(notes, "spaces around texts, removed: `g`", all = FALSE)
})
