# Makes bone-order.csv, the order of death and the covariates of the 45: see README.md. Run from the
# root of the package.
#   Rscript data-raw/bone-order.R [effort] [file]
# effort: share of the full annealing, 1 by default.

arguments <- commandArgs(trailingOnly = TRUE)
effort <- if (length(arguments) > 0L) as.numeric(arguments[1L]) else 1
raw <- "data-raw"
file <- if (length(arguments) > 1L) arguments[2L] else file.path(raw, "bone-order.csv")

for (script in c("targets", "bone")) source(file.path(raw, paste0(script, ".R")))
# No fused operations, so that every machine rounds alike.
Sys.setenv(PKG_CXXFLAGS = "-O3 -ffp-contract=off")
Rcpp::sourceCpp(file.path(raw, "bone-model.cpp"))

model <- calibrate_bone_model(seeds = 1:2, moves = effort * 1.5e7, rounds = 24L)
utils::write.csv(model, file, row.names = FALSE)
