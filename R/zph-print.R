#' @export
print.lms_zph <- function(x, ...) {
  cat("Score tests of proportional hazards\n")
  if (!is.null(x$formula)) {
    print_lines(deparse1(x$formula))
    cat(format(x$n, big.mark = ","), " rows, ", count_of(x$nevent, "event"), "\n", sep = "")
  }
  cat("\n")
  table <- x$table
  slope <- x$slope[rownames(table)]
  cells <- cbind(
    formatC(table[, 1L], format = "f", digits = 2L), as.character(table[, 2L]),
    vapply(table[, 3L], format_p, ""),
    if (!is.null(x$slope)) slope_words(slope)
  )
  head <- c("chisq", "df", "p", if (!is.null(x$slope)) "hazard ratio seems to")
  print_columns(cbind(c("", rownames(table)), rbind(head, cells)))
  cat("\n")
  ties <- if (!is.null(x$ties)) paste0("; ", tie_label(x$ties), " ties")
  print_lines(c(
    if (anyNA(table[, 1L])) "NA: the events are at too few times to tell.",
    paste0("Time on the scale ", transform_words(x$transform), ties, "."),
    "A small p: the effect changes with time. A large p does not prove that it stays the same."
  ))
  invisible(x)
}

slope_words <- function(slope) {
  words <- ifelse(slope > 0, "rise", "fall")
  words[is.na(words)] <- ""
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
