# How results are printed on the console and enter a document.

#' @export
print.lms_results <- function(x, ...) {
  for (name in names(x$sections)) {
    if (!length(x$text[[name]]) || inherits(x$text[[name]], "lms_provenance")) next
    cat(cli::style_bold(x$sections[[name]]$title), "\n", sep = "")
    print(x$text[[name]])
    cat("\n")
  }
  parts <- c(if (length(x$tables)) paste("the tables", enumerate(tick(names(x$tables)), max = 20L)),
             if (length(x$figures)) {
               paste("the figures", enumerate(tick(names(x$figures)), max = 20L))
             })
  if (length(parts)) print_lines(paste0("With ", enumerate(parts), "."))
  invisible(x)
}

# The document is knitted from its sections, each with its text, tables and figures.
#' @exportS3Method knitr::knit_print
knit_print.lms_results <- function(x, ...) { # nolint: object_name_linter.
  env <- list2env(list(results = x), parent = globalenv())
  knitr::asis_output(knitr::knit_child(text = unlist(lapply(names(x$sections), section_lines, x)),
                                       envir = env, quiet = TRUE))
}

# The markdown of a section. Chunks have no labels, so that a section may stand in a document twice.
section_lines <- function(name, x) {
  section <- x$sections[[name]]
  key <- function(what, name) paste0("results$", what, "[[", encodeString(name, quote = "\""), "]]")
  chunk <- function(code, ...) {
    options <- paste(c("echo = FALSE, message = FALSE, warning = FALSE", ...), collapse = ", ")
    c(paste0("```{r, ", options, "}"), code, "```", "")
  }
  table_lines <- function(table) {
    how <- if (inherits(x$tables[[table]], "lms_table")) {
      paste0("flextable::as_flextable(", key("tables", table), ", caption = NULL)")
    } else {
      paste0("knitr::kable(", key("tables", table), ")")
    }
    c("::: {.caption custom-style=\"Table Caption\"}", x$captions$tables[[table]], ":::", "",
      chunk(how))
  }
  figure_lines <- function(figure) {
    chunk(
      key("figures", figure), paste("fig.cap =", key("captions$figures", figure)),
      if (knitr::is_html_output()) paste("fig.alt =", key("alts", figure)),
      paste0("fig.height = max(0.6, ", key("heights", figure), ")")
    )
  }
  c(
    paste("#", markup_safe(section$title)), "", chunk(key("text", name)),
    unlist(lapply(section$tables, table_lines)), unlist(lapply(section$figures, figure_lines))
  )
}
