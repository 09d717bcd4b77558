# Runs the R tests against the installed package and writes the numbers of test_that() blocks
# passed, failed and skipped to the file named by the argument.
counts <- commandArgs(trailingOnly = TRUE)[1L]
Sys.setenv(NOT_CRAN = "true")

blocks <- testthat::ListReporter$new()
results <- testthat::test_dir(
  file.path("tests", "testthat"),
  package = "lmsurv", load_package = "installed", stop_on_failure = FALSE,
  reporter = testthat::MultiReporter$new(list(testthat::CheckReporter$new(), blocks))
)
results <- as.data.frame(results)
bad <- results$failed > 0 | results$error
skipped <- results$skipped & !bad
passed <- !bad & !skipped

seconds <- sort(tapply(results$real, results$file, sum), decreasing = TRUE)
cat("Seconds by file:", sprintf("%7.1f %s", seconds, names(seconds)), sep = "\n")
writeLines(paste(sum(passed), sum(bad), sum(skipped)), counts)
