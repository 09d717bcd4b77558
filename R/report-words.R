# How findings and provenance are printed and enter a document.

new_findings <- function(x) structure(x, class = c("lms_findings", "data.frame"))

#' @export
print.lms_findings <- function(x, ...) {
  if (!nrow(x)) print_lines("lms_check() found no problems.")
  for (i in seq_len(nrow(x))) {
    cat(cli::style_bold(finding_title(x[i, ])), "\n", sep = "")
    print_lines(x$text[i])
    cat("\n")
  }
  invisible(x)
}

finding_title <- function(x) {
  paste0(capital(x$severity), ", ", x$subject, ": ", first_lower(x$title), ".")
}

# A box in HTML, coloured by how serious it is; a paragraph elsewhere.
#' @exportS3Method knitr::knit_print
knit_print.lms_findings <- function(x, ...) { # nolint: object_name_linter.
  if (!nrow(x)) {
    return(knitr::asis_output(markup_safe("lms_check() found no problems.")))
  }
  boxes <- vapply(seq_len(nrow(x)), function(i) {
    paste0("::: {.", x$severity[i], "}\n**", markup_safe(finding_title(x[i, ])), "** ",
           markup_safe(x$text[i]), "\n:::")
  }, "")
  knitr::asis_output(paste(boxes, collapse = "\n\n"))
}

#' @exportS3Method knitr::knit_print
knit_print.lms_provenance <- function(x, ...) { # nolint: object_name_linter.
  lines <- paste0("**", markup_safe(names(x)), ".** ", markup_safe(unclass(x)))
  knitr::asis_output(paste(lines, collapse = "\n\n"))
}

#' @export
print.lms_provenance <- function(x, ...) {
  for (i in seq_along(x)) print_lines(paste0(names(x)[i], ": ", unclass(x)[[i]]))
  invisible(x)
}
