# Rscript tools/words.R [--allow]: lists the words of the package that its rules ban, by file. With
# --allow, those of R/ and man/ become the list of tests/testthat/words-allowed.txt.
tests <- file.path("tests", "testthat")
if (!dir.exists(tests)) stop("Run this in the directory of the sources.")
source(file.path(tests, "helper-words.R"))
hits <- words_against_rules(words_of_sources("."))
lines <- as_lines_of_words(hits)
list <- file.path(tests, "words-allowed.txt")
if ("--allow" %in% commandArgs(trailingOnly = TRUE)) {
  writeLines(enc2utf8(lines[may_be_allowed(hits$file)]), list, useBytes = TRUE)
}
new <- setdiff(lines, readLines(list, encoding = "UTF-8"))
cat(if (length(new)) c(new, ""), sprintf("%d banned, %d of them allowed.", length(lines),
    length(lines) - length(new)), sep = "\n")
