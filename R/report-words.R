# How findings and provenance are printed and enter a document.

new_findings <- function(x) structure(x, class = c("lms_findings", "data.frame"))

#' @export
print.lms_findings <- function(x, ...) {
  if (!nrow(x)) print_lines("lms_check() found no problems.")
  for (part in alike_findings(x)) {
    cat(cli::style_bold(findings_title(part)), "\n", sep = "")
    if (nrow(part) == 1L) {
      print_lines(part$text)
    } else {
      print_lines(paste0(part$subject, ". ", part$found))
      print_lines(common_words(part))
    }
    cat("\n")
  }
  invisible(x)
}

# Findings of one kind stand together, so that what they mean and what to do is said once.
alike_findings <- function(x) {
  kind <- paste(x$severity, x$class)
  lapply(unname(split(seq_len(nrow(x)), factor(kind, unique(kind)))), function(at) x[at, ])
}

# x: of one kind. The fit is named where there is one.
findings_title <- function(x) {
  paste0(capital(x$severity[1L]), if (nrow(x) == 1L) paste0(", ", x$subject), ": ",
         first_lower(x$title[1L]), ".")
}

common_words <- function(x) {
  paste(c(x$why[1L], paste("What to do:", paste(unique(x$remedy), collapse = " "))), collapse = " ")
}

# A box in HTML, coloured by how serious it is; a paragraph elsewhere.
#' @exportS3Method knitr::knit_print
knit_print.lms_findings <- function(x, ...) { # nolint: object_name_linter.
  if (!nrow(x)) {
    return(knitr::asis_output(markup_safe("lms_check() found no problems.")))
  }
  boxes <- vapply(alike_findings(x), function(part) {
    title <- paste0("**", markup_safe(findings_title(part)), "**")
    each <- paste0("- **", markup_safe(part$subject), "&#46;** ", markup_safe(part$found),
                   collapse = "\n")
    text <- if (nrow(part) == 1L) paste(title, markup_safe(part$text)) else
      paste(title, each, markup_safe(common_words(part)), sep = "\n\n")
    paste0("::: {.", part$severity[1L], "}\n", text, "\n:::")
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
