# The pictures of man/figures, which the README shows: the figures of the bundled cohort and the
# forest plots of its two models, at the size of a journal's page (mm). Made by `make figures`.
suppressPackageStartupMessages(library(lmsurv))
folder <- file.path("man", "figures")
dir.create(folder, showWarnings = FALSE)
most_bytes <- 150e3

save <- function(name, plot, width, height) {
  file <- file.path(folder, paste0(name, ".png"))
  ggplot2::ggsave(
    file, plot, width = width, height = height, units = "mm", dpi = 150, bg = "white"
  )
  bytes <- file.size(file)
  if (bytes > most_bytes) stop(file, " has ", bytes, " bytes", call. = FALSE)
  cat(sprintf("%-32s %4.0f kB\n", file, bytes / 1000))
}

cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
names <- c(
  bone_location = "Location", bone_lesions = "Number of bone metastases",
  fracture = "Pathologic fracture", surgery = "Surgical intervention"
)
for (column in names(names)) attr(cohort[[column]], "label") <- names[[column]]
bone <- cohort[cohort$ever_bone_metastasis, ]

save("figure-1", lms_figure(cohort, 1), 84, 110)
save("figure-2", lms_figure(cohort, 2), 174, 110)
save("figure-3", lms_figure(cohort, 3), 120, 90)
save("figure-4", lms_figure(cohort, 4), 174, 80)
save("figure-5", lms_figure(cohort, 5), 174, 170)

suppressMessages({
  all <- lms_cox(os ~ ever_bone_metastasis + subtype, data = cohort, ties = "breslow")
  with_bone <- lms_cox(
    os ~ subtype + bone_location + sex + ever_visceral_metastasis + bone_lesions + fracture +
      surgery,
    data = bone, ties = "breslow"
  )
})
save("table-4", ggplot2::autoplot(all), 174, 90)
save("table-5", ggplot2::autoplot(with_bone), 174, 115)
