# The sarcomas of The Cancer Genome Atlas in the project's shared folder, looked for upwards from
# here. A test that asks for them is skipped where they are missing.
sarcomas <- function(...) {
  folder <- normalizePath(".")
  repeat {
    path <- file.path(folder, "shared", "data", "tcga_sarcoma.csv")
    if (file.exists(path)) return(utils::read.csv(path, ...))
    if (dirname(folder) == folder) {
      testthat::skip("shared/data/tcga_sarcoma.csv is not above this directory")
    }
    folder <- dirname(folder)
  }
}

leiomyosarcomas <- function() {
  all <- sarcomas()
  all[all$histology == "Leiomyosarcoma (LMS)", ]
}
