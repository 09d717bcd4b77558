# The README shows what its code prints.

readme_lines <- function() {
  folder <- getwd()
  while (!file.exists(file.path(folder, "README.md"))) {
    if (dirname(folder) == folder) skip("README.md is not above this directory")
    folder <- dirname(folder)
  }
  readLines(file.path(folder, "README.md"), encoding = "UTF-8")
}

# The lines of the code blocks in a language.
code_blocks <- function(lines, language) {
  fences <- grep("^```", lines)
  opening <- fences[c(TRUE, FALSE)]
  closing <- fences[c(FALSE, TRUE)]
  own <- lines[opening] == paste0("```", language)
  Map(function(from, to) lines[(from + 1L):(to - 1L)], opening[own], closing[own])
}

test_that("the example of the README runs, and prints what stands below it", {
  skip_if_not_installed("flextable")
  skip_if_not(rmarkdown::pandoc_available("2.0"), "pandoc is not installed")
  lines <- readme_lines()
  example <- code_blocks(lines, "r")[[2L]]
  shown <- code_blocks(lines, "")[[1L]]
  code <- parse(text = example)
  withr::local_dir(withr::local_tempdir())
  env <- new.env(parent = globalenv())
  withr::local_options(cli.width = 80, width = 80)
  printed <- capture.output(quiet(for (expr in code) {
    value <- withVisible(eval(expr, env))
    if (value$visible && !is.character(value$value)) print(value$value)
  }))
  expect_true(file.exists("report.docx"))
  expect_identical(setdiff(shown, printed), character())
})

test_that("the bundled file is the bundled cohort", {
  file <- system.file("extdata", "cohort.csv", package = "lmsurv")
  read <- as.data.frame(quiet(lms_read(file)))
  for (name in names(read)) {
    theirs <- leiomyosarcoma[[name]]
    same <- if (is.factor(theirs)) as.character(theirs) else theirs
    expect_equal(if (is.factor(read[[name]])) as.character(read[[name]]) else read[[name]], same,
                 ignore_attr = TRUE)
  }
})
