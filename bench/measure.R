# One engine on one case in a process of its own: Rscript measure.R TOPIC CASE ENGINE DATA RESULT
# Reads the data, runs, and saves the time (of a small case the mean of 200 runs), the peak memory
# of the process before and after, and the answer: a list of vectors of numbers.

suppressPackageStartupMessages({
  library(survival)
  library(lmsurv)
})
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
arguments <- commandArgs(trailingOnly = TRUE)
source(file.path(here, "cases", paste0(arguments[[1]], ".R")))
case <- cases[[arguments[[2]]]]
engine <- case$engines[[arguments[[3]]]]

peak_megabytes <- function() {
  status <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
  line <- grep("^VmHWM:", status, value = TRUE)
  if (length(line) == 1) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

data <- readRDS(arguments[[4]])
invisible(gc())
before <- peak_megabytes()
repetitions <- if (case$n < 10000) 200 else 1
seconds <- system.time(
  for (i in seq_len(repetitions)) fit <- suppressMessages(engine(data))
)[["elapsed"]] / repetitions
peak <- peak_megabytes()
saveRDS(list(seconds = seconds, before = before, peak = peak, answer = case$answer(fit)),
        arguments[[5]])
