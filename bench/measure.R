# One engine on one case in a process of its own: Rscript measure.R CASE ENGINE DATA RESULT
# Reads the data, fits, and saves the time (of a small case the mean of 200 fits), the peak memory
# of the process before and after, and the estimates.

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
source(file.path(here, "cases.R"))
arguments <- commandArgs(trailingOnly = TRUE)
case <- cases[[arguments[[1]]]]
engine <- arguments[[2]]

peak_megabytes <- function() {
  status <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
  line <- grep("^VmHWM:", status, value = TRUE)
  if (length(line) == 1) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

suppressPackageStartupMessages({
  library(survival)
  library(lmsurv)
})
data <- readRDS(arguments[[3]])
invisible(gc())
before <- peak_megabytes()
repetitions <- if (case$n < 10000) 200 else 1
seconds <- system.time(
  for (i in seq_len(repetitions)) fit <- suppressMessages(case[[engine]](data))
)[["elapsed"]] / repetitions
saveRDS(list(seconds = seconds, before = before, peak = peak_megabytes(),
             coefficients = unname(fit$coefficients), se = sqrt(diag(fit$var)),
             survival = as.character(utils::packageVersion("survival"))),
        arguments[[4]])
