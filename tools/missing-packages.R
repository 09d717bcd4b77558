# Prints the R packages of DESCRIPTION that are not installed, or too old, one a line.
# Arguments: the fields to read, then, after "--", further packages.
args <- commandArgs(trailingOnly = TRUE)
split <- match("--", args, nomatch = length(args) + 1L)
fields <- args[seq_len(split - 1L)]
extra <- args[seq_along(args) > split]

description <- read.dcf("DESCRIPTION", fields = fields)
entries <- unlist(strsplit(description[!is.na(description)], "[[:space:]]*,[[:space:]]*"))
entries <- c(trimws(entries), extra)
name <- sub("[[:space:]]*[(].*", "", entries)
minimum <- ifelse(grepl(">=", entries), gsub(".*>=|[)]|[[:space:]]", "", entries), "0")

installed <- function(name, minimum) {
  path <- system.file(package = name)
  nzchar(path) && (minimum == "0" || packageVersion(name) >= minimum)
}
wanted <- nzchar(name) & name != "R"
missing <- !mapply(installed, name[wanted], minimum[wanted])
writeLines(unique(name[wanted][missing]))
