# Rscript bench/run.R [PAIRS [CASE ...]]: times lmsurv beside survival, in turn, each run in a fresh
# process, and writes bench/results/cox.md. Where LMSURV_PEER_LIB names a library with another
# version of survival, that one is measured too.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "cases.R"))
arguments <- commandArgs(trailingOnly = TRUE)
pairs <- if (length(arguments)) as.integer(arguments[[1]]) else 5L
if (length(arguments) > 1) cases <- cases[arguments[-1]]

measure <- function(name, engine, data, library = NULL) {
  result <- tempfile(fileext = ".rds")
  on.exit(unlink(result))
  libraries <- paste(c(library, .libPaths()), collapse = .Platform$path.sep)
  status <- system2(file.path(R.home("bin"), "Rscript"),
                    shQuote(c(file.path(here, "measure.R"), name, engine, data, result)),
                    env = paste0("R_LIBS=", shQuote(libraries)))
  if (status != 0) stop("`", engine, "` failed on `", name, "`.", call. = FALSE)
  readRDS(result)
}

digits <- function(ours, theirs) {
  worst <- max(abs(ours$coefficients - theirs$coefficients) / max(abs(theirs$coefficients)),
               abs(ours$se / theirs$se - 1))
  min(15, floor(-log10(worst)))
}

run_case <- function(name, library = NULL) {
  message("  ", cases[[name]]$title)
  data <- tempfile(fileext = ".rds")
  on.exit(unlink(data))
  saveRDS(cases[[name]]$make(), data, compress = FALSE)
  runs <- lapply(seq_len(pairs), function(i) {
    list(ours = measure(name, "ours", data, library),
         survival = measure(name, "survival", data, library))
  })
  field <- function(engine, what) vapply(runs, function(r) r[[engine]][[what]], numeric(1))
  tight <- measure(name, "tight", data, library)
  data.frame(
    case = cases[[name]]$title,
    ours = stats::median(field("ours", "seconds")),
    theirs = stats::median(field("survival", "seconds")),
    ratio = stats::median(field("survival", "seconds") / field("ours", "seconds")),
    target = cases[[name]]$target,
    peak = stats::median(field("ours", "peak")),
    their_peak = stats::median(field("survival", "peak")),
    added = stats::median(field("ours", "peak") - field("ours", "before")),
    their_added = stats::median(field("survival", "peak") - field("survival", "before")),
    digits = digits(runs[[1]]$ours, tight),
    their_digits = digits(runs[[1]]$survival, tight),
    survival = tight$survival
  )
}

seconds <- function(x) ifelse(x < 0.1, sprintf("%.2f ms", 1000 * x), sprintf("%.2f s", x))
table_lines <- function(rows) {
  header <- c("case", "lmsurv", "survival", "ratio", "target", "peak MB (of which the fit)",
              "survival's", "digits", "survival's")
  cells <- with(rows, data.frame(
    case, seconds(ours), seconds(theirs), sprintf("%.1f", ratio), target,
    sprintf("%.0f (%.0f)", peak, added), sprintf("%.0f (%.0f)", their_peak, their_added),
    digits, their_digits
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

libraries <- c(list(NULL), as.list(Filter(nzchar, Sys.getenv("LMSURV_PEER_LIB"))))
blocks <- lapply(libraries, function(library) {
  rows <- do.call(rbind, lapply(names(cases), run_case, library = library))
  c(sprintf("## Beside survival %s", rows$survival[[1]]), "", table_lines(rows), "")
})
target <- file.path(here, "results", "cox.md")
writeLines(c(
  "# Cox regression: time, memory, agreement", "",
  sprintf("Written by `Rscript bench/run.R`. %s.", machine()), "",
  paste("Each number is the median of", pairs, "runs in fresh processes, in turn; the"),
  "ratio is the median of the ratios pair by pair; lmsurv uses two threads. Peak memory is that of",
  "the whole process, and in brackets what it grew by while fitting. Digits are those of the",
  "coefficients and standard errors that agree with survival carried to convergence (eps = 1e-12);",
  "survival's own column is its default convergence measured by the same yardstick.", "",
  unlist(blocks)
), target)
writeLines(readLines(target))
