# R CMD build and R CMD check --as-cran, in _build/check. Fails on any error, warning or note.
# With --no-tests the tests are left out, which tools/run-tests.R takes from the tarball of the
# installed package.
options <- c("--as-cran", "--no-manual", commandArgs(trailingOnly = TRUE))
folder <- file.path("_build", "check")
unlink(folder, recursive = TRUE)
dir.create(folder, recursive = TRUE)
root <- getwd()

# What this machine, not the package, would be blamed for.
Sys.setenv(
  "_R_CHECK_CRAN_INCOMING_" = "false", # asks the network
  "_R_CHECK_SYSTEM_CLOCK_" = "false", # asks the network
  "_R_CHECK_FORCE_SUGGESTS_" = "false",
  "_R_CHECK_PACKAGE_DEPENDS_IGNORE_MISSING_ENHANCES_" = "true",
  # Debian's R compiles with these itself.
  "_R_CHECK_COMPILATION_FLAGS_KNOWN_" = "-Wdate-time -Werror=format-security -Wformat",
  "_R_CHECK_EXAMPLE_TIMING_CPU_TO_ELAPSED_THRESHOLD_" = "2.5",
  "_R_CHECK_TESTS_NLINES_" = "0",
  MAKEFLAGS = "-j2"
)
Sys.unsetenv("NOT_CRAN")

# Debian's R compiles with -g, and the note on size would weigh the debugging symbols.
Sys.setenv(R_MAKEVARS_USER = file.path(root, "tools", "Makevars"))

r_cmd <- function(...) {
  setwd(folder)
  on.exit(setwd(root))
  system2(file.path(R.home("bin"), "R"), c("CMD", ...))
}
if (r_cmd("build", shQuote(root)) != 0) {
  stop("R CMD build failed", call. = FALSE)
}
tarball <- list.files(folder, pattern = "[.]tar[.]gz$")
status <- r_cmd("check", options, tarball)

log <- list.files(folder, pattern = "^00check[.]log$", recursive = TRUE, full.names = TRUE)
problems <- tools::check_packages_in_dir_details(logs = log, drop_ok = TRUE)
problems <- problems[!problems$Status %in% c("OK", "SKIPPED", "INFO"), ]
if (status != 0 || nrow(problems)) {
  stop(nrow(problems), " problem(s) in R CMD check", call. = FALSE)
}
