# Runs the R tests of the built package against the installed one, two at a time, and writes
# the numbers of test_that() blocks passed, failed and skipped to the file named by the argument.
# A second argument, a regular expression, chooses files by the stem of their names. With
# TEST_SESSION=hostile every call runs under the options and the locale of tools/hostile.R.
counts <- commandArgs(trailingOnly = TRUE)[1L]
chosen <- commandArgs(trailingOnly = TRUE)[2L]
Sys.setenv(NOT_CRAN = "true")

# Loaded once, for all the processes that are forked below.
suppressPackageStartupMessages(library(lmsurv))
if (Sys.getenv("TEST_SESSION") == "hostile") {
  source(file.path("tools", "hostile.R"))
  enter_hostile()
}

tarball <- Sys.glob(file.path("_build", "lmsurv_*.tar.gz"))
folder <- file.path("_build", "tests")
unlink(folder, recursive = TRUE)
utils::untar(tarball, exdir = folder)
tests <- file.path(folder, "lmsurv", "tests", "testthat")
# Pictures and their test are in the sources only.
snapshots <- file.path("tests", "testthat", "_snaps", "pictures")
invisible(file.copy(file.path("tests", "testthat", "test-pictures.R"), tests))
invisible(file.copy(snapshots, file.path(tests, "_snaps"), recursive = TRUE))
stems <- sub("^test-(.*)[.]R$", "\\1", list.files(tests, "^test-.*[.]R$"))
if (!is.na(chosen)) stems <- grep(chosen, stems, value = TRUE, perl = TRUE)

# What the tests of one file print, and a row for each block of them.
run_file <- function(stem) {
  blocks <- testthat::ListReporter$new()
  said <- utils::capture.output(testthat::test_dir(
    tests,
    filter = paste0("^", stem, "$"), package = "lmsurv", load_package = "installed",
    stop_on_failure = FALSE,
    reporter = testthat::MultiReporter$new(list(testthat::CheckReporter$new(), blocks))
  ))
  results <- as.data.frame(blocks$get_results())
  # A figure may not use what ggplot2 is about to give up, of which testthat makes a warning.
  figure <- grepl("^(plot|figure|pictures)", stem)
  bad <- results$failed > 0 | results$error | (figure & results$warning > 0)
  skipped <- results$skipped & !bad
  list(
    said = said, seconds = sum(results$real),
    counts = c(sum(!bad & !skipped), sum(bad), sum(skipped))
  )
}

# Files that render documents run one after another in one process: the processes have one temporary
# folder, and rmarkdown deletes what it finds there of its own.
renders <- vapply(stems, function(stem) {
  text <- readLines(file.path(tests, paste0("test-", stem, ".R")), encoding = "UTF-8")
  any(grepl("rmarkdown::|lms_report\\(|write_report\\(", text))
}, NA)
units <- c(as.list(stems[!renders]), if (any(renders)) list(stems[renders]))

# Those that took longest go first, where the times of the last run are known.
times <- file.path("_build", "test-seconds.rds")
if (file.exists(times)) {
  last <- readRDS(times)
  units <- units[order(vapply(units, function(unit) sum(last[unit]), 0), decreasing = TRUE,
                       na.last = FALSE)]
}
run_unit <- function(unit) lapply(unit, run_file)
runs <- parallel::mclapply(units, run_unit, mc.cores = 2L, mc.preschedule = FALSE)
# Of a process that died each file did.
runs <- Map(function(run, unit) {
  if (is.list(run)) run else rep(list(run), length(unit))
}, runs, units)
runs <- stats::setNames(do.call(c, unname(runs)), unlist(units))
stems <- names(runs)

total <- c(0, 0, 0)
for (stem in stems) {
  run <- runs[[stem]]
  if (!is.list(run)) {
    cat("test-", stem, ".R died: ", as.character(run), "\n", sep = "")
    total <- total + c(0, 1, 0)
  } else {
    if (any(run$counts[-1L] > 0)) cat("== test-", stem, ".R\n", paste0(run$said, "\n"), sep = "")
    total <- total + run$counts
  }
}
if (!length(stems)) total[2L] <- 1
seconds <- vapply(Filter(is.list, runs), `[[`, 0, "seconds")
if (is.na(chosen)) saveRDS(seconds, times)
seconds <- sort(seconds, decreasing = TRUE)
cat("Seconds by file:", sprintf("%7.1f test-%s.R", seconds, names(seconds)), sep = "\n")
writeLines(paste(total, collapse = " "), counts)
