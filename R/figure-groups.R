# Groups of patients by a variable as a figure shows them: their names, those lumped, and what is
# known late.

check_group_columns <- function(by, data) {
  unknown <- if (is.character(by)) setdiff(by, names(data)) else by
  if (length(unknown) || !length(by)) {
    abort(
      "argument",
      paste0("`by` must be names of columns of `cohort`, not ",
             if (is.character(by)) format_value(unknown[1L]) else describe(by), "."),
      if (is.character(by)) did_you_mean(unknown[1L], names(data))
    )
  }
  titles <- vapply(by, function(column) group_title(data[[column]], column), "")
  names(by) <- if (is.null(names(by))) titles else ifelse(nzchar(names(by)), names(by), titles)
  by
}

shown_groups <- function(data, column, argument = "by") {
  x <- data[[column]]
  if (is.logical(x)) return(droplevels(factor(x, c(FALSE, TRUE), c("No", "Yes"))))
  values <- length(unique(x))
  if (is.factor(x) || is.character(x) || (is.numeric(x) && !is.object(x) && values <= 9L)) {
    return(droplevels(factor(x)))
  }
  abort(
    "argument",
    paste0(tick(argument), ": ", tick(column), " is not categorical (", values,
           " different values)."),
    paste0("Group the values first, such as `cohort$class <- cut(cohort$", column, ", 3)`.")
  )
}

# Levels of fewer than `lump` patients are one, the last, and the smallest where there are more
# levels than colours. Attribute "lumped": which they were.
lump_groups <- function(group, lump) {
  if (!lump) return(group)
  size <- table(group)
  most <- length(lms_colours)
  small <- size < lump
  if (sum(!small) + any(small) > most) small <- rank(-size, ties.method = "first") >= most
  small <- names(size)[small]
  if (length(small) < 2L) return(group)
  other <- intersect(c("Other", "other"), levels(group))
  other <- if (length(other)) other[1L] else "Other"
  lumped <- setdiff(small, other)
  levels(group)[levels(group) %in% small] <- other
  group <- factor(group, c(setdiff(levels(group), other), other))
  attr(group, "lumped") <- lumped
  group
}

lump_note <- function(groups, titles) {
  notes <- Map(function(group, title) {
    lumped <- attr(group, "lumped")
    if (!length(lumped)) return(NULL)
    paste0("Other (", first_lower(title), "): ", enumerate(lumped, max = Inf), ".")
  }, groups, titles)
  unlist(notes, use.names = FALSE)
}

# columns: some of which are dated, by title. Who is counted in a group before that is known cannot
# die until then.
late_note <- function(data, meta, endpoint, columns, min_cell) {
  about <- meta$endpoints[[endpoint]]
  columns <- columns[columns %in% names(meta$dated)]
  parts <- unlist(Map(function(column, title) {
    wait <- (clock(data[[meta$dated[[column]]]]) - start_of(data, about)) / unit_length(meta)
    wait <- wait[which(wait > 0 & !is.na(endpoint_times(data[[endpoint]])$stop))]
    if (!length(wait)) return(NULL)
    paste0(first_lower(title), " in ", coarse_words(length(wait), min_cell),
           if (length(wait) == 1L && !min_cell) " patient" else " patients", " (median ",
           time_with_unit(stats::median(wait), meta$unit), " later)")
  }, columns, names(columns)))
  if (!length(parts)) return(NULL)
  paste0(capital(enumerate(parts, max = 20L)), " became known only after ", about$origin,
         ". These patients had to survive until then (immortal time).")
}
