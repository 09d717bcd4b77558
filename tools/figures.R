# The picture of man/figures, which the README shows, at the size of a journal's page (mm). Made by
# `make figures`.
suppressPackageStartupMessages(library(lmsurv))
folder <- file.path("man", "figures")
dir.create(folder, showWarnings = FALSE)
most_bytes <- 150e3

save <- function(name, plot, width, height) {
  file <- file.path(folder, paste0(name, ".png"))
  ggplot2::ggsave(
    file, plot, width = width, height = height, units = "mm", dpi = 110, bg = "white"
  )
  bytes <- file.size(file)
  if (bytes > most_bytes) stop(file, " has ", bytes, " bytes", call. = FALSE)
  cat(sprintf("%-32s %4.0f kB\n", file, bytes / 1000))
}

cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
save("figure-3", lms_figure(cohort, 3), 120, 90)
