# Rscript bench/guards.R [RUNS]: what lms_check() finds of known faults, by their size and the
# number of patients, what it finds in clean data, what it says of textbook analyses, and how long
# it takes. Writes bench/results/guards.md.

suppressPackageStartupMessages({
  library(survival)
  library(lmsurv)
})
here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
runs <- c(as.integer(commandArgs(trailingOnly = TRUE)), 100L)[[1]]
source(file.path(here, "cases", "guards.R"))

quietly <- function(expr) suppressWarnings(suppressMessages(expr))

# Kinds found, with their severities.
kinds_in <- function(fit) {
  rows <- as.data.frame(quietly(lms_check(fit)))
  rows <- rows[rows$severity %in% c("serious", "caution", "note"), ]
  rows <- rows[!duplicated(rows$finding), ]
  unique(rows[c("kind", "severity")])
}

share <- function(n, times, found) {
  mean(vapply(seq_len(times), function(seed) {
    set.seed(1000 * n + seed)
    found()
  }, NA))
}

percent <- function(x) sprintf("%.0f", 100 * x)
row <- function(...) paste0("| ", paste(..., sep = " | "), " |")
table_of <- function(head, rows) {
  c(do.call(row, as.list(head)), do.call(row, as.list(rep("---", length(head)))),
    vapply(rows, function(cells) do.call(row, as.list(cells)), ""), "")
}

detection <- function() {
  rows <- lapply(faults, function(fault) {
    found <- vapply(sizes, function(n) {
      percent(share(n, if (n > 1000) ceiling(runs / 4) else runs, function() {
        fault$kind %in% kinds_in(quietly(fault$fit(fault$make(n))))$kind
      }))
    }, "")
    c(fault$kind, fault$title, found)
  })
  table_of(c("kind", "fault", paste("n =", sizes)), rows)
}

false_alarms <- function() {
  designs <- expand.grid(n = sizes, censored = c(0.4, 0.85))
  seen <- lapply(seq_len(nrow(designs)), function(i) {
    n <- designs$n[[i]]
    lapply(seq_len(if (n > 1000) ceiling(runs / 4) else runs), function(seed) {
      set.seed(1e6 + 1000 * n + seed)
      d <- clean(n, designs$censored[[i]])
      do.call(rbind, lapply(clean_fits, function(fit) kinds_in(quietly(fit(d)))))
    })
  })
  # Counts of events are facts, no alarms.
  facts <- c("events_per_parameter", "sparse_level", "infinite_coefficient", "beyond_follow_up",
             "limits_too_narrow")
  kinds <- setdiff(sort(unique(unlist(lapply(unlist(seen, FALSE), `[[`, "kind")))), facts)
  line <- function(is) vapply(seen, function(runs) percent(mean(vapply(runs, is, NA))), "")
  rows <- lapply(kinds, function(kind) c(kind, line(function(found) kind %in% found$kind)))
  any <- line(function(found) {
    any(!found$kind %in% facts & found$severity %in% c("serious", "caution"))
  })
  head <- paste0("n = ", designs$n, ", ", 100 * designs$censored, "% censored")
  table_of(c("kind", head), c(rows, list(c("any of caution or more", any))))
}

textbooks <- function() {
  rows <- lapply(names(analyses), function(title) {
    found <- kinds_in(quietly(analyses[[title]]()))
    said <- paste0(found$kind, " (", found$severity, ")")
    c(title, nrow(found), if (nrow(found)) paste(said, collapse = ", ") else "")
  })
  counts <- vapply(rows, function(cells) as.numeric(cells[[2]]), 0)
  c(sprintf("Median %.0f, mean %.1f, of %d analyses.", stats::median(counts), mean(counts),
            length(counts)), "", table_of(c("analysis", "findings", "kinds"), rows))
}

times <- function() {
  rows <- lapply(c(1e4, 1e6), function(n) {
    set.seed(1)
    fit <- quietly(clean_fits$cox(clean(n, 0.4)))
    took <- vapply(1:3, function(i) system.time(quietly(lms_check(fit)))[["elapsed"]], 0)
    c(format(n, big.mark = ",", scientific = FALSE), sprintf("%.2f s", stats::median(took)))
  })
  table_of(c("patients", "lms_check() of a model of five covariates"), rows)
}

text <- c(
  "# What `lms_check()` finds", "",
  sprintf("Written by `Rscript bench/guards.R`, %d data sets a cell (a quarter above n = 1,000).",
          runs),
  "", "## Faults that were made, found in % of the data sets", "", detection(),
  "## Found in clean data, in %", "",
  "Five covariates, one of them lognormal; a Cox model, curves, a test and rates of each data set.",
  "", false_alarms(), "## Textbook analyses", "", textbooks(), "## Time", "", times()
)
writeLines(text, file.path(here, "results", "guards.md"))
writeLines(text)
