# What stands under the figures, and what is said to those who cannot see them, both
# safe in a document.

figure_captions <- c(
  flow = "Flow of the patients through the analysis.",
  survival = "Overall survival of all patients. Vertical marks are censored patients.",
  figure_1 = "Figure 1. Where the bone metastases were.",
  figure_2 = "Figure 2. Surgical management of the bone metastases.",
  figure_3 = paste(
    "Figure 3. Overall survival of patients with and without bone metastases.",
    "Vertical marks are censored patients."
  ),
  figure_4 = paste(
    "Figure 4. Survival of patients with bone metastases, (a) from diagnosis and (b) from the",
    "diagnosis of bone metastases. Vertical marks are censored patients."
  ),
  figure_5 = paste(
    "Figure 5. Survival of patients with bone metastases by group. Vertical marks are censored",
    "patients."
  ),
  model = "Hazard ratios of the model, with their intervals."
)

report_captions <- function(figures) {
  lapply(figure_captions[names(figures)], markup_safe)
}

report_alts <- function(figures) {
  lapply(figures, function(figure) markup_safe(ggplot2::get_alt_text(figure)))
}
