# Data frames and their rows, in the forms that results have.

# A tibble where tibble is loaded, a data frame everywhere.
as_tibble_class <- function(columns) {
  n <- length(columns[[1L]])
  structure(columns, class = c("tbl_df", "tbl", "data.frame"), row.names = .set_row_names(n))
}

as_plain_frame <- function(x) {
  class(x) <- "data.frame"
  x
}

bind_parts <- function(parts) {
  columns <- lapply(stats::setNames(nm = names(parts[[1L]])), function(name) {
    unlist(lapply(parts, `[[`, name), use.names = FALSE)
  })
  columns
}

pick_rows <- function(x, at) if (is.matrix(x)) x[at, , drop = FALSE] else x[at]
