# Words that users do not read: the rules are in helper-words.R, and `Rscript tools/words.R` lists
# what breaks them. Code and help may have those of words-allowed.txt, until they are mended.

root <- testthat::test_path("..", "..")

test_that("what users read has no word that the rules ban", {
  skip_if_not(words_at_hand(root), "The sources are not here")
  hits <- words_against_rules(words_of_sources(root))
  lines <- as_lines_of_words(hits)
  allowed <- readLines(testthat::test_path("words-allowed.txt"), encoding = "UTF-8")
  expect_identical(lines[!may_be_allowed(hits$file)], character())
  expect_identical(setdiff(lines[may_be_allowed(hits$file)], allowed), character())
})

test_that("each rule finds its form, and leaves the right words alone", {
  rules_of <- function(text) sub(" .*", "", words_against_rules(words_read("R/x.R", text))$rule)
  expect_identical(rules_of("Who has it must have lived until then."), "1")
  expect_identical(rules_of("`size` is no category."), "2")
  expect_identical(rules_of("Say `event = 2` to confirm."), "3")
  expect_identical(rules_of("These patients sway it."), "5")
  expect_identical(rules_of("Kept are the patients of the landmark."), "7")
  expect_identical(rules_of("It is so in 2 of 8 rows."), "8")
  expect_identical(rules_of("Way out: leave it."), "10")
  expect_identical(rules_of("There was no association (p = 0.27)."), "11")
  expect_identical(rules_of("10 events are advised."), "12")
  expect_identical(rules_of("The hazard ratio looks too good."), "14")
  expect_identical(rules_of("The tumour was analysed."), "15")
  expect_length(rules_of("A coefficient runs to infinity, and its 95% interval with it."), 2L)
  right <- c(
    "Patients with bone metastasis had to survive until it was found.",
    "`size` is not categorical (21 different values). There is no event.", "Set `event = 2`.",
    "We found no evidence of an association (p = 0.27).", "Firth's penalised estimate, analyses",
    "Otherwise this exercise is likewise precise, and patients are no longer at risk.",
    "`tumour` and `colour` are names of columns."
  )
  expect_identical(rules_of(right), character())
})

test_that("texts are read from strings, help and Markdown, and not from code", {
  folder <- withr::local_tempdir()
  for (sub in c("R", "man", "vignettes")) dir.create(file.path(folder, sub))
  write <- function(file, ...) writeLines(c(...), file.path(folder, file))
  write("R/a.R", "f <- function(x) stop(x, paste(\"Some data of which so\", \"it is said here\"))",
        "# Mind: a comment", "g <- list(\"failures\")")
  write("man/a.Rd", "\\name{a}\\title{A}\\usage{sway(x)}", "\\description{It is so. \\code{sway}}",
        "\\arguments{\\item{x}{a small p, as ever}}", "\\examples{sway(\"Mind: \")}")
  write("vignettes/a.Rmd", "# Title", "Some `failures` and", "* the dead and the", "  living",
        "```", "sway", "```", "```{r, fig.alt = \"Mind: a figure\"}", "```")
  hits <- words_against_rules(words_of_sources(folder))
  expect_identical(hits$file, c("R/a.R", "man/a.Rd", "man/a.Rd", rep("vignettes/a.Rmd", 2L)))
  expect_identical(
    sub(" .*", "", hits$rule), c("8", "15", "8", "10", "median")
  )
})
