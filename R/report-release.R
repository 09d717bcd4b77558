# What a report for release hides. min_cell is 0 for nothing to hide.

release_cohort <- function(cohort, min_cell) {
  if (nrow(cohort) < min_cell) {
    abort("min_cell", "There are fewer patients than `min_cell`.")
  }
}

# What a section tells of patients: sets, logical by row of the cohort, by name, and columns whose
# levels it counts, among all and within some of the sets.
told <- function(sets = list(), columns = character(), within = character()) {
  list(sets = sets, columns = columns, within = within)
}

# What the sections together may tell. columns: those whose counts are hidden. sets: those of which
# nothing is told. crossed: those of which few died, or few did not. deaths: whether the number of
# deaths is told.
release_plan <- function(cohort, sections, min_cell) {
  tells <- lapply(unclass(sections), function(section) {
    if (is.null(section$counted)) told() else section$counted(cohort)
  })
  sets <- unlist(unname(lapply(tells, `[[`, "sets")), recursive = FALSE)
  sets <- sets[!duplicated(names(sets))]
  hidden <- hidden_sets(sets, min_cell)
  kept <- sets[setdiff(names(sets), hidden)]
  dead <- if (is.null(sets$dead)) died_in(cohort) else sets$dead
  columns <- unique(unlist(lapply(tells, `[[`, "columns")))
  few <- function(x) any(is_few(table(x, dead), min_cell))
  within <- sets[unique(unlist(lapply(tells, `[[`, "within")))]
  few_within <- function(x) {
    any(vapply(within, function(set) any(is_few(table(x, dead, set), min_cell)), NA))
  }
  crossed <- names(kept)[vapply(kept, few, NA)]
  groups <- lapply(as.list(as.data.frame(cohort))[columns], told_groups)
  groups <- Filter(Negate(is.null), groups)
  tied <- names(groups)[vapply(groups, function(x) few(x) || few_within(x), NA)]
  list(
    min_cell = min_cell, sets = hidden, crossed = setdiff(crossed, "dead"),
    deaths = apart(sum(dead), length(dead), min_cell),
    columns = unique(c(tied, entangled_variables(as.data.frame(cohort), columns, kept, min_cell)))
  )
}

# Sets of few patients or of all but few, and those that would tell such a number beside one that
# stands before them.
hidden_sets <- function(sets, min_cell) {
  hidden <- character()
  for (i in seq_along(sets)) {
    own <- told_groups(sets[[i]])
    before <- sets[setdiff(names(sets)[seq_len(i - 1L)], hidden)]
    close <- vapply(before, function(other) {
      few_between(table(own, told_groups(other)), min_cell)
    }, NA)
    if (any(is_few(table(own), min_cell)) || any(close)) hidden <- c(hidden, names(sets)[i])
  }
  hidden
}

# Columns whose counts would tell small ones beside those of other parts.
hide_tied <- function(table, tied) {
  own <- table$numbers$variable %in% tied
  at <- own & table$numbers$statistic %in% c("count", "missing")
  if (!any(at)) return(table)
  table$numbers$masked[at] <- "hidden"
  table$numbers[own, intersect(c("n", "total", "percent"), names(table$numbers))] <- NA_real_
  table$notes <- unique(c(
    table$notes, "* Hidden, because small counts could be found from this number and other tables."
  ))
  table
}

# Counts of a model that stand beside those of other tables of the same patients: all or none are
# shown. Who was left out for missing values would be counted by the number of the others.
hide_counts <- function(table, fit, plan, caption) {
  min_cell <- plan$min_cell
  numbers <- table$numbers
  masks <- c("masked_n", "masked_patients", "masked_events")
  whole <- plan$deaths && fit$n == fit$n_data && apart(fit$nevent, fit$n, min_cell)
  tied <- any(covariate_names(fit) %in% plan$columns)
  if (whole && !tied && all(unlist(numbers[masks]) == "")) return(table)
  numbers[masks] <- "hidden"
  numbers[c("n", "patients", "events")] <- NA_real_
  if (!whole) {
    numbers[c("n_used", "patients_used", "events_used")] <- NA_real_
    table$caption <- caption
  }
  table$numbers <- numbers
  table$settings$counts <- FALSE
  table$notes <- c(Filter(function(note) !isTRUE(note$masks), table$notes), list(cox_note(paste(
    "Patients and events by level are hidden, because small counts could be found from them."
  ))))
  table
}

release_words <- function(min_cell) {
  if (!min_cell) return(NULL)
  paste0(
    "Counts of 1 to ", min_cell - 1, " are shown as <", min_cell, " or in words, and further ",
    "numbers are hidden, as * in tables and below curves, where small counts could be computed ",
    "from them. Numbers with figures are rounded down to multiples of ", min_cell, ". A step of a ",
    "curve is at least ", min_cell, " events, and curves end where fewer patients are at risk."
  )
}
