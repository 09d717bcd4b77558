# Counts of one release that several parts tell: what a reader finds by taking one set of patients
# from another that holds it, such as the operated for a fracture from all with a fracture.

# The levels that a table tells, "missing" among them; of quantities whether they are known.
told_groups <- function(x) {
  if (inherits(x, c("Surv", "Date", "POSIXt")) || is.list(x)) return(NULL)
  if (is.numeric(x) && !all(x %in% c(0, 1, NA))) x <- ifelse(is.na(x), NA, "known")
  factor(ifelse(is.na(x), "missing", paste0("=", as.character(x))))
}

# Of the columns, those with a level that holds, or leaves out, all of a level of another column or
# of a set but few.
entangled_variables <- function(data, columns, sets, min_cell) {
  own <- Filter(Negate(is.null), lapply(as.list(data)[columns], told_groups))
  groups <- c(own, lapply(sets, told_groups))
  found <- vapply(seq_along(own), function(i) {
    any(vapply(groups[-i], function(other) few_between(table(own[[i]], other), min_cell), NA))
  }, NA)
  names(own)[found]
}

# counts: levels of one column by those of another. Two levels part the patients in four; where one
# part is empty the part opposite to it follows from their counts. Where counts are hidden the two
# may bound each other, so that it must not be empty either. Levels of few are hidden themselves.
few_between <- function(counts, min_cell) {
  if (any(dim(counts) < 2L)) return(FALSE)
  rows <- rowSums(counts)
  columns <- colSums(counts)
  of_row <- rows - counts
  of_column <- rep(columns, each = nrow(counts)) - counts
  neither <- sum(counts) - counts - of_row - of_column
  told <- outer(!is_few(rows, min_cell), !is_few(columns, min_cell))
  hides <- any(is_few(c(rows, columns), min_cell))
  close <- function(n) n < min_cell & (n > 0 | hides)
  any(told & (of_row == 0 & close(of_column) | of_column == 0 & close(of_row) |
                counts == 0 & close(neither) | neither == 0 & close(counts)))
}
