# The paragraphs of a report by section, and how they enter a document.

report_text <- function(fits, tables, findings, cohort, sections) {
  with <- function(section, has, words) if (section %in% sections && has) words else new_text()
  bone <- !is.null(fits$bone)
  list(
    summary = summary_sentences(fits, findings),
    cohort = with("patients", TRUE, cohort_sentences(fits)),
    survival = with("survival", TRUE, survival_sentences(fits)),
    bone = with("bone", bone, bone_sentences(fits)),
    surgery = with("surgery", !is.null(fits$surgery), surgery_sentences(fits)),
    bone_survival = with("bone", bone, bone_survival_sentences(fits)),
    factors = with("factors", length(fits$models) > 0L, factor_sentences(fits, tables)),
    model = with("model", !is.null(fits$own), model_sentences("the model", tables$model, fits$own)),
    methods = methods_sentences(fits, cohort_meta(cohort))
  )
}

summary_sentences <- function(fits, findings) {
  n <- fits$counts
  bone <- fits$bone
  serious <- findings[findings$severity == "serious", ]
  new_text(c(
    paste0(capital(share(n$deaths, n$rows, "patients", fits$min_cell)),
           " died. Overall survival was ", rate_words(fits$rates, FALSE, fits$min_cell), "."),
    if (!is.null(bone)) paste0(
      share(bone$n, n$rows), " had bone metastases, from which on the median survival was ",
      median_words(bone$after, fits$digits, fits$unit, fits$min_cell), "."
    ),
    if (nrow(serious)) paste0(
      "Before these results are quoted, read the Warnings: ",
      enumerate(paste0(first_lower(serious$title), " (", serious$subject, ")"), max = 10L), "."
    )
  ))
}

#' @export
print.lms_results <- function(x, ...) {
  for (section in names(x$text)) {
    if (!length(x$text[[section]])) next
    cat(cli::style_bold(capital(gsub("_", " ", section))), "\n", sep = "")
    print(x$text[[section]])
    cat("\n")
  }
  if (nrow(x$findings)) print(x$findings)
  parts <- c(names(x$tables), names(x$figures))
  if (length(parts)) print_lines(paste0("With ", enumerate(gsub("_", " ", parts), max = 20L), "."))
  invisible(x)
}

new_findings <- function(x) structure(x, class = c("lms_findings", "data.frame"))

#' @export
print.lms_findings <- function(x, ...) {
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
    return(knitr::asis_output(markup_safe("lms_check() found nothing that speaks against them.")))
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
