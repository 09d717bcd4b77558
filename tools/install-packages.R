# Installs the packages named by the arguments from the repository that R is set up with, into
# the first library that can be written to, or else the user's own.
packages <- commandArgs(trailingOnly = TRUE)

writable <- .libPaths()[file.access(.libPaths(), 2L) == 0L]
library_path <- if (length(writable)) {
  writable[1L]
} else {
  strsplit(Sys.getenv("R_LIBS_USER"), .Platform$path.sep, fixed = TRUE)[[1L]][1L]
}
dir.create(library_path, showWarnings = FALSE, recursive = TRUE)

if ("@CRAN@" %in% getOption("repos")) {
  utils::chooseCRANmirror(ind = 1L)
}
utils::install.packages(packages, lib = library_path, Ncpus = parallel::detectCores())
