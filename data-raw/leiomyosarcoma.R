# Makes data/*.rda and checksums.txt from bone-order.csv: see README.md. Run from the root of the
# package.
#   Rscript data-raw/leiomyosarcoma.R [effort] [folder]
# effort: share of the full annealing, 1 by default. folder: where to, data by default.

arguments <- commandArgs(trailingOnly = TRUE)
effort <- if (length(arguments) > 0L) as.numeric(arguments[1L]) else 1
folder <- if (length(arguments) > 1L) arguments[2L] else "data"
raw <- "data-raw"

RNGkind("Mersenne-Twister", "Inversion", "Rejection")
scripts <- c("targets", "smooth", "bone", "cohort", "calendar", "prognosis", "details", "linked")
for (script in scripts) {
  source(file.path(raw, paste0(script, ".R")))
}
# No fused operations, so that every machine rounds alike.
Sys.setenv(PKG_CXXFLAGS = "-O3 -ffp-contract=off")
for (program in c("bone-times", "cohort-model")) {
  Rcpp::sourceCpp(file.path(raw, paste0(program, ".cpp")))
}

model <- utils::read.csv(file.path(raw, "bone-order.csv"))
bone <- calibrate_bone_times(model, seeds = 1L, moves = 1e6)
rest <- calibrate_cohort(bone, seed = 1L, moves = effort * 1e6)

set.seed(2022)
leiomyosarcoma <- make_patients(combine_patients(bone, rest))
leiomyosarcoma_surgeries <- make_surgeries(leiomyosarcoma)
leiomyosarcoma_lesions <- make_lesions(leiomyosarcoma, leiomyosarcoma_surgeries)
leiomyosarcoma$role <- NULL
lms_published <- published_frame()

# Of the tables as text, as the bytes of a saved file depend on the version of R.
checksum <- function(table) {
  file <- tempfile()
  utils::write.csv(table, file, row.names = FALSE, fileEncoding = "UTF-8")
  unname(tools::md5sum(file))
}
dir.create(folder, showWarnings = FALSE)
tables <- c("leiomyosarcoma", "leiomyosarcoma_lesions", "leiomyosarcoma_surgeries", "lms_published")
for (name in tables) {
  save(list = name, file = file.path(folder, paste0(name, ".rda")), compress = "xz", version = 2)
}
sums <- vapply(mget(tables), checksum, "")
writeLines(paste(sums, tables), file.path(if (effort == 1) raw else folder, "checksums.txt"))
