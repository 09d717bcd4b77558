#' @export
print.lms_zph <- function(x, ...) {
  cat("Score tests of proportional hazards\n")
  if (!is.null(x$formula)) {
    print_lines(deparse1(x$formula))
    cat(format(x$n, big.mark = ","), " rows, ", count_of(x$nevent, "event"), "\n", sep = "")
  }
  cat("\n")
  table <- x$table
  change <- if (!is.null(x$slope)) slope_words(x$slope[rownames(table)], table[, 3L])
  shown <- any(nzchar(change))
  cells <- cbind(
    formatC(table[, 1L], format = "f", digits = 2L), as.character(table[, 2L]),
    vapply(table[, 3L], format_p, ""),
    if (shown) change
  )
  head <- c("chisq", "df", "p", if (shown) "hazard ratio may")
  print_columns(cbind(c("", rownames(table)), rbind(head, cells)))
  cat("\n")
  ties <- if (!is.null(x$ties)) paste0("; ", tie_label(x$ties), " ties")
  print_lines(c(
    if (anyNA(table[, 1L])) "NA: the events are at too few times for a test.",
    paste0("Time on the scale ", transform_words(x$transform), ties, "."),
    "A small p-value suggests that the effect changes over time. A large p-value does not prove",
    "that it stays the same."
  ))
  invisible(x)
}

# Only where the test suggests a change; else the direction is chance.
slope_words <- function(slope, p) {
  words <- ifelse(slope > 0, "increase", "decrease")
  words[is.na(words) | is.na(p) | p >= 0.05] <- ""
  unname(words)
}

transform_words <- function(transform) {
  switch(
    transform, km = "1 - Kaplan-Meier estimate (km)", rank = "of its ranks (rank)",
    identity = "as it is (identity)", log = "of its logarithm (log)",
    paste0("of `", transform, "`")
  )
}

#' @export
tidy.lms_zph <- function(x, ...) {
  refuse_typed_dots("tidy", character(), dot_names(...))
  table <- x$table
  as_tibble_class(list(
    term = rownames(table), statistic = unname(table[, 1L]), df = unname(table[, 2L]),
    p.value = unname(table[, 3L]), slope = unname(x$slope[rownames(table)])
  ))
}

#' @export
as.data.frame.lms_zph <- function(x, ...) {
  out <- tidy(x)
  class(out) <- "data.frame"
  out
}
