# Counts of one release that several parts tell: what a reader finds by taking one set of patients
# from another that holds it, such as the operated for a fracture from all with a fracture.

# Patients by which the parts of a report are told apart, and sets that its sentences count.
released_sets <- function(cohort, fits) {
  meta <- cohort_meta(cohort)
  column <- fits$bone$column
  known <- function(event) if (event %in% names(meta$events)) !is.na(event_date(cohort, event))
  sets <- list(
    dead = unclass(cohort$os)[, "status"] %in% 1,
    bone = if (!is.null(column)) cohort[[column]],
    operated = known("first_surgery"), failed = known("implant_failure"),
    first = if (!is.null(fits$bone$first)) is_first_site(cohort, meta)
  )
  sets[lengths(sets) > 0L]
}

# The columns that Tables 1 to 3 count.
counted_columns <- function(cohort) {
  lapply(1:3, function(number) {
    table <- tried(lms_table(cohort, number))
    intersect(unique(table$numbers$variable[table$numbers$statistic %in% c("count", "missing")]),
              names(cohort))
  })
}

# Columns of which a level has few patients who died, or who did not, with or without bone
# metastases: their counts in one table and in another would tell such a count.
tied_variables <- function(cohort, sets, min_cell) {
  atoms <- do.call(paste, sets[intersect(c("dead", "bone"), names(sets))])
  groups <- Filter(Negate(is.null), lapply(as.list(cohort), told_groups))
  names(groups)[vapply(groups, function(x) any(is_few(table(x, atoms), min_cell)), NA)]
}

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
