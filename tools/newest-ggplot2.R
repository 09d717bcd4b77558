# Installs the newest ggplot2, and patchwork, into the library named by the argument, from the
# repository that R is set up with. Fails where that can't be reached.
folder <- commandArgs(trailingOnly = TRUE)[1L]
dir.create(folder, showWarnings = FALSE, recursive = TRUE)
.libPaths(c(folder, .libPaths()))
# An installation that ran out of time is begun again.
unlink(Sys.glob(file.path(folder, "00LOCK*")), recursive = TRUE)

if ("@CRAN@" %in% getOption("repos")) {
  utils::chooseCRANmirror(ind = 1L)
}
options(timeout = 30)
known <- suppressWarnings(utils::available.packages())
wanted <- c("ggplot2", "patchwork")
if (!all(wanted %in% rownames(known))) {
  stop("the repository of packages can't be reached", call. = FALSE)
}
have <- utils::installed.packages(folder)
current <- wanted %in% rownames(have)
current[current] <- have[wanted[current], "Version"] == known[wanted[current], "Version"]
if (!all(current)) {
  utils::install.packages(
    wanted[!current],
    lib = folder, available = known, Ncpus = 2L, quiet = TRUE,
    INSTALL_opts = c("--no-docs", "--no-test-load")
  )
}
for (package in wanted) {
  if (utils::packageVersion(package) != known[package, "Version"]) {
    stop(package, " could not be installed", call. = FALSE)
  }
}
cat("ggplot2", known["ggplot2", "Version"], "\n")
