# Runs the workflows of other packages on our models and curves (tests/friends) against the
# installed package, and writes the numbers of test_that() blocks passed, failed and skipped to the
# file named by the argument. Each skip is printed with its reason.
counts <- commandArgs(trailingOnly = TRUE)[1L]
Sys.setenv(NOT_CRAN = "true")
suppressPackageStartupMessages(library(lmsurv))
folder <- file.path("tests", "friends")
stems <- sub("^test-(.*)[.]R$", "\\1", list.files(folder, "^test-.*[.]R$"))

run_file <- function(stem) {
  blocks <- testthat::ListReporter$new()
  said <- utils::capture.output(testthat::test_dir(
    folder, filter = paste0("^", stem, "$"), package = "lmsurv", load_package = "installed",
    stop_on_failure = FALSE,
    reporter = testthat::MultiReporter$new(list(testthat::CheckReporter$new(), blocks))
  ))
  results <- as.data.frame(blocks$get_results())
  bad <- results$failed > 0 | results$error
  skipped <- results$skipped & !bad
  list(said = said, counts = c(sum(!bad & !skipped), sum(bad), sum(skipped)))
}

runs <- parallel::mclapply(stems, run_file, mc.cores = 2L, mc.preschedule = FALSE)
total <- c(0, 0, 0)
for (i in seq_along(runs)) {
  run <- runs[[i]]
  if (!is.list(run)) {
    cat("test-", stems[i], ".R died: ", as.character(run), "\n", sep = "")
    total <- total + c(0, 1, 0)
  } else {
    if (any(run$counts[-1L] > 0)) {
      cat("== friends, ", stems[i], "\n", paste0(run$said, "\n"), sep = "")
    }
    total <- total + run$counts
  }
}
if (!length(runs)) total[2L] <- 1
writeLines(paste(total, collapse = " "), counts)
