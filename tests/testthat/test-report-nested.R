test_that("a report is written from within a document that is being knitted", {
  skip_if_not_installed("rmarkdown")
  skip_if_not_installed("flextable")
  skip_if_not(rmarkdown::pandoc_available())
  folder <- withr::local_tempdir()
  document <- file.path(folder, "outer.Rmd")
  writeLines(c(
    "```{r setup}", "options(digits = 7)", "```", "", "```{r report}",
    "cohort <- lmsurv::lms_cohort(lmsurv::leiomyosarcoma)",
    paste0("file <- lmsurv::lms_report(cohort, ", deparse(file.path(folder, "inner.html")),
           ", sections = \"os\", quiet = TRUE)"),
    "```", "", "```{r after}", "cat(\"still\", \"here\")", "```"
  ), document)
  outer <- rmarkdown::render(document, "md_document", quiet = TRUE, envir = new.env())
  expect_match(paste(readLines(outer), collapse = "\n"), "still here")
  expect_true(file.size(file.path(folder, "inner.html")) > 0)
})
