# What stands under the figures and above the tables, safe in a document, and what is said of
# figures to those who cannot see them.

figure_captions <- c(
  flow = "Flow of the patients through the analysis.",
  survival = "Overall survival of all patients.",
  figure_1 = "Figure 1. Where the bone metastases were.",
  figure_2 = "Figure 2. Surgical management of the bone metastases.",
  figure_3 = "Figure 3. Overall survival of patients with and without bone metastases.",
  figure_4 = paste(
    "Figure 4. Survival of patients with bone metastases, (a) from diagnosis and (b) from the",
    "diagnosis of bone metastases."
  ),
  figure_5 = "Figure 5. Survival of patients with bone metastases by group.",
  model = "Hazard ratios of the model, with their intervals."
)

report_captions <- function(figures, tables, min_cell) {
  if (!min_cell) {
    figure_captions[["survival"]] <- paste(
      figure_captions[["survival"]], "Vertical marks are censored patients."
    )
  }
  captions <- vapply(names(tables), function(name) {
    part <- report_parts[report_parts$name == name, ]
    number <- if (nrow(part)) paste0(part_words(part), ". ")
    paste0(number, tables[[name]]$caption, ".")
  }, "")
  names(captions)[names(captions) == "model"] <- "model_table"
  lapply(as.list(c(figure_captions[names(figures)], captions)), markup_safe)
}

# Plain text: knitr writes it into an attribute, and escapes it there.
report_alts <- function(figures) {
  lapply(figures, function(figure) gsub("[[:space:]]+", " ", ggplot2::get_alt_text(figure)))
}
