# Rscript bench/run.R [TOPIC [PAIRS [CASE ...]]]: times lmsurv beside its peers, in turn, each run
# in a fresh process, and writes bench/results/TOPIC.md. Topics are the files of bench/cases/.
# Where LMSURV_PEER_LIB names a library with another version of survival, that one is measured too.
#
# A case has a title, n, make() (the data), engines (functions of the data: lmsurv, its peers, and
# perhaps truth; peers that are not installed are left out), targets (the ratio wanted beside each
# peer) and answer() (the numbers of a result).

suppressPackageStartupMessages(library(lmsurv))
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
arguments <- commandArgs(trailingOnly = TRUE)
topic <- if (length(arguments)) arguments[[1]] else "cox"
pairs <- if (length(arguments) > 1) as.integer(arguments[[2]]) else 5L
source(file.path(here, "cases", paste0(topic, ".R")))
if (length(arguments) > 2) cases <- cases[arguments[-(1:2)]]

measure <- function(name, engine, data, library = NULL) {
  result <- tempfile(fileext = ".rds")
  on.exit(unlink(result))
  libraries <- paste(c(library, .libPaths()), collapse = .Platform$path.sep)
  status <- system2(file.path(R.home("bin"), "Rscript"),
                    shQuote(c(file.path(here, "measure.R"), topic, name, engine, data, result)),
                    env = paste0("R_LIBS=", shQuote(libraries)))
  if (status != 0) stop("`", engine, "` failed on `", name, "`.", call. = FALSE)
  readRDS(result)
}

# Relative to the largest of each vector.
digits <- function(ours, theirs) {
  worst <- max(mapply(function(x, y) max(abs(x - y)) / max(abs(y)), ours, theirs), 1e-15)
  floor(-log10(worst))
}

beside <- function(name, peer, data, library) {
  runs <- lapply(seq_len(pairs), function(i) {
    list(ours = measure(name, "lmsurv", data, library),
         theirs = measure(name, peer, data, library))
  })
  field <- function(engine, what) vapply(runs, function(r) r[[engine]][[what]], numeric(1))
  added <- function(engine) stats::median(field(engine, "peak") - field(engine, "before"))
  truth <- runs[[1]]$theirs
  exact <- "truth" %in% names(cases[[name]]$engines)
  if (exact) truth <- measure(name, "truth", data, library)
  data.frame(
    case = cases[[name]]$title, peer = peer,
    ours = stats::median(field("ours", "seconds")),
    theirs = stats::median(field("theirs", "seconds")),
    ratio = stats::median(field("theirs", "seconds") / field("ours", "seconds")),
    target = cases[[name]]$targets[[peer]],
    added = added("ours"), their_added = added("theirs"),
    digits = digits(runs[[1]]$ours$answer, truth$answer),
    their_digits = if (exact) digits(runs[[1]]$theirs$answer, truth$answer) else NA
  )
}

run_case <- function(name, library = NULL) {
  message("  ", cases[[name]]$title)
  data <- tempfile(fileext = ".rds")
  on.exit(unlink(data))
  saveRDS(cases[[name]]$make(), data, compress = FALSE)
  installed <- vapply(names(cases[[name]]$targets), requireNamespace, logical(1), quietly = TRUE)
  peers <- names(cases[[name]]$targets)[installed]
  do.call(rbind, lapply(peers, beside, name = name, data = data, library = library))
}

seconds <- function(x) ifelse(x < 0.1, sprintf("%.2f ms", 1000 * x), sprintf("%.2f s", x))
table_lines <- function(rows) {
  header <- c("case", "peer", "lmsurv", "peer", "ratio", "target", "MB added", "peer's", "digits",
              "peer's")
  cells <- with(rows, data.frame(
    case, peer, seconds(ours), seconds(theirs), sprintf("%.1f", ratio), target,
    sprintf("%.0f", added), sprintf("%.0f", their_added), digits,
    ifelse(is.na(their_digits), "", their_digits)
  ))
  row <- function(...) paste0("| ", paste(..., sep = " | "), " |")
  c(do.call(row, as.list(header)), do.call(row, as.list(rep("---", length(header)))),
    do.call(row, unname(as.list(cells))))
}

machine <- function() {
  cpu <- tryCatch(readLines("/proc/cpuinfo"), error = function(e) character())
  model <- sub(".*: ", "", grep("^model name", cpu, value = TRUE))
  sprintf("%s, %d cores; %s; %s", if (length(model)) model[[1]] else Sys.info()[["machine"]],
          parallel::detectCores(), utils::osVersion, R.version.string)
}

versions <- function(library, peers) {
  paste(vapply(peers, function(peer) {
    paste(peer, utils::packageVersion(peer, c(library, .libPaths())))
  }, ""), collapse = ", ")
}

libraries <- c(list(NULL), as.list(Filter(nzchar, Sys.getenv("LMSURV_PEER_LIB"))))
blocks <- lapply(libraries, function(library) {
  rows <- do.call(rbind, lapply(names(cases), run_case, library = library))
  c(paste("## Beside", versions(library, unique(rows$peer))), "", table_lines(rows), "")
})
target <- file.path(here, "results", paste0(topic, ".md"))
text <- paste(
  "Each number is the median of", pairs, "runs in fresh processes, in turn; the ratio is the",
  "median of the ratios pair by pair; lmsurv uses two threads. MB added is what the peak memory of",
  "the process grew by over R with the packages and the data in it.", about
)
writeLines(c(
  paste0("# Time, memory, agreement: ", topic), "",
  sprintf("Written by `Rscript bench/run.R %s`. %s.", topic, machine()), "",
  strwrap(text, 100), "", unlist(blocks)
), target)
writeLines(readLines(target))
