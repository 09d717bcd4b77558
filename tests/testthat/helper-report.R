skip_without_report <- function() {
  testthat::skip_on_cran()
  for (package in c("rmarkdown", "knitr", "flextable", "digest", "patchwork")) {
    testthat::skip_if_not_installed(package)
  }
  testthat::skip_if_not(rmarkdown::pandoc_available("2.0"), "pandoc is not installed")
}

bundled_cohort <- function() {
  lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
}

write_report <- function(cohort, format = "html", ...) {
  file <- withr::local_tempfile(fileext = paste0(".", format), .local_envir = parent.frame())
  lms_report(cohort, file, ..., quiet = TRUE)
  file
}

# The sections of the article, with those of models of one's own before the findings. names: of
# those wanted.
article_sections <- function(cohort, models = NULL, names = NULL) {
  sections <- lms_article(cohort)
  if (!is.null(models)) {
    own <- lms_sections(cohort, models = models)
    own <- own[setdiff(names(own), names(lms_sections(cohort)))]
    last <- match("findings", names(sections))
    sections <- c(sections[seq_len(last - 1L)], own, sections[last:length(sections)])
  }
  if (is.null(names)) sections else sections[names]
}

article_results <- function(cohort, models = NULL, names = NULL, ...) {
  lms_results(cohort, sections = article_sections(cohort, models, names), ...)
}

read_bytes <- function(file) readBin(file, "raw", file.size(file))

# Without its nul bytes, which no string of R can hold.
as_text <- function(bytes) rawToChar(bytes[bytes != as.raw(0)])

# All that is in a report: its bytes, those of its pictures, and of what is packed in it.
report_contents <- function(file) {
  if (grepl("[.]docx$", file)) {
    folder <- withr::local_tempdir()
    utils::unzip(file, exdir = folder)
    parts <- list.files(folder, recursive = TRUE, full.names = TRUE, all.files = TRUE)
    return(vapply(parts, function(part) as_text(read_bytes(part)), ""))
  }
  html <- as_text(read_bytes(file))
  packed <- regmatches(html, gregexpr("base64,[A-Za-z0-9+/=]+", html))[[1L]]
  c(html, vapply(sub("^base64,", "", packed), function(x) {
    as_text(jsonlite::base64_dec(x))
  }, ""))
}

# Which of the words are somewhere in it.
words_inside <- function(contents, words) {
  words[vapply(words, function(word) {
    any(grepl(word, contents, fixed = TRUE, useBytes = TRUE))
  }, NA)]
}

# The text of a page or of a Word document, as a reader sees it.
visible_text <- function(file) {
  if (grepl("[.]docx$", file)) {
    folder <- withr::local_tempdir()
    text <- as_text(read_bytes(utils::unzip(file, "word/document.xml", exdir = folder)))
    Encoding(text) <- "UTF-8"
  } else {
    text <- paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = " ")
    text <- gsub("<(script|style)[^>]*>.*?</\\1>", "", text, perl = TRUE)
  }
  text <- gsub("</(td|th|w:tc)>", " ", text)
  text <- gsub("<[^>]*>", "", text)
  marks <- c("&lt;" = "<", "&gt;" = ">", "&quot;" = "\"", "&#39;" = "'", "&amp;" = "&")
  for (mark in names(marks)) text <- gsub(mark, marks[[mark]], text, fixed = TRUE)
  gsub("[[:space:]]+", " ", text)
}

# Dates of the years 1950 to 1999, in whatever order they are written.
dates_inside <- function(contents) {
  pattern <- paste0(
    "\\b19[5-9][0-9][-./][0-9]{1,2}[-./][0-9]{1,2}\\b|",
    "\\b[0-9]{1,2}[-./][0-9]{1,2}[-./]19[5-9][0-9]\\b|",
    "\\b[0-9]{1,2}\\.? [A-Z][a-z]+ 19[5-9][0-9]\\b"
  )
  unlist(regmatches(contents, gregexpr(pattern, contents, perl = TRUE, useBytes = TRUE)),
         use.names = FALSE)
}

numbers_inside <- function(text) {
  unlist(regmatches(text, gregexpr("[0-9]+[.][0-9]{4,}", text)), use.names = FALSE)
}
