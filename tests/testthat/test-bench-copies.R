test_that("the times in the installed package are those of bench/results", {
  folder <- normalizePath(".")
  while (!dir.exists(file.path(folder, "bench", "results"))) {
    if (dirname(folder) == folder) skip("bench/results is not above this directory")
    folder <- dirname(folder)
  }
  sources <- list.files(file.path(folder, "bench", "results"), full.names = TRUE)
  copies <- system.file("bench", basename(sources), package = "lmsurv", mustWork = TRUE)
  expect_identical(lapply(copies, readLines), lapply(sources, readLines)) # else: make inst/bench
  expect_setequal(basename(list.files(system.file("bench", package = "lmsurv"))), basename(sources))
})
