# What a report for release hides. min_cell is 0 for nothing to hide.

is_few <- function(n, min_cell) n > 0 & n < min_cell

# Whether neither a count nor the rest of the whole is small.
apart <- function(n, all, min_cell) !is_few(n, min_cell) && !is_few(all - n, min_cell)

hidden_word <- "hidden (small counts)"

release_cohort <- function(cohort, min_cell) {
  if (nrow(cohort) < min_cell) {
    abort("min_cell", "There are fewer patients than `min_cell`.")
  }
}

# Without the fits of groups that are small, or all but a few of those they are part of.
release_fits <- function(fits, cohort, min_cell) {
  fits$min_cell <- min_cell
  if (!min_cell) return(fits)
  n <- fits$counts$rows
  bone <- fits$bone
  surgery <- fits$surgery
  of <- if (!is.null(bone) && isTRUE(surgery$on_bone)) bone$n else n
  if (!is.null(surgery) && !apart(surgery$n, of, min_cell)) {
    fits["surgery"] <- list(NULL)
    fits$hidden <- c(fits$hidden, "surgery")
  }
  if (!is.null(bone) && !apart(bone$n, n, min_cell)) {
    fits[c("bone", "surgery")] <- list(NULL)
    fits$hidden <- c(fits$hidden, "bone", "surgery")
  }
  if (!is.null(fits$bone$fisher)) {
    counts <- table(cohort$subtype, cohort[[bone$column]], useNA = "ifany")
    if (any(is_few(counts, min_cell))) fits$bone["fisher"] <- list(NULL)
  }
  fits
}

# A table or figure without small counts; an error of class min_cell where there is none.
released_part <- function(part, cohort, fits) {
  min_cell <- fits$min_cell
  few <- function(group) {
    abort("min_cell", paste0("Fewer than ", min_cell, " patients ", group, "."))
  }
  if ("bone" %in% fits$hidden && !part$name %in% c("table_1", "table_4")) {
    few("are with, or without, bone metastases")
  }
  if ("surgery" %in% fits$hidden && part$name == "figure_2") few("were, or were not, operated on")
  switch(part$name,
    table_4 = , table_5 = {
      table <- lms_table(cohort, part$number, min_cell = min_cell)
      hide_counts(table, fits$models[[part_words(part)]], min_cell)
    },
    figure_5 = lms_figure(cohort, 5, by = released_panels(cohort, min_cell),
                          lump = max(5, min_cell), min_cell = min_cell),
    figure_1 = , figure_2 = , figure_3 = , figure_4 = {
      lms_figure(cohort, part$number, min_cell = min_cell)
    },
    lms_table(cohort, part$number, min_cell = min_cell)
  )
}

# Counts of a model that stand beside those of other tables of the same patients: all or none are
# shown. Who was left out for missing values would be counted by the number of the others.
hide_counts <- function(table, fit, min_cell) {
  numbers <- table$numbers
  masks <- c("masked_n", "masked_patients", "masked_events")
  whole <- apart(fit$n, fit$n_data, min_cell) && apart(fit$nevent, fit$n, min_cell)
  if (whole && all(unlist(numbers[masks]) == "")) return(table)
  numbers[masks] <- "hidden"
  numbers[c("n", "patients", "events")] <- NA_real_
  if (!whole) {
    numbers[c("n_used", "patients_used", "events_used")] <- NA_real_
    table$caption <- sub(" (in|of) [0-9,]+ (patient|row)s?", "", table$caption)
  }
  table$numbers <- numbers
  table$settings$counts <- FALSE
  stale <- vapply(table$notes, function(note) note$text == small_words(min_cell), NA)
  table$notes <- c(table$notes[!stale], list(cox_note(paste(
    "Patients and events by level are not given, since small counts could be found from them."
  ))))
  table
}

# The variables of Figure 5 whose numbers at risk at the start tell no small count.
released_panels <- function(cohort, min_cell) {
  meta <- cohort_meta(cohort)
  column <- names(meta$ever)[meta$ever == "bone_metastasis"]
  if (!length(column)) return(NULL)
  data <- cohort[cohort[[column]], ]
  columns <- usual_columns(data, meta)
  kept <- columns[vapply(columns, function(x) safe_groups(data[[x]], min_cell), NA)]
  if (!length(kept)) abort("min_cell", "Small counts could be found from its numbers at risk.")
  kept
}

# Small levels are drawn as one, whose number must leave each of them more than one value.
safe_groups <- function(group, min_cell) {
  sizes <- table(group)
  small <- sizes[is_few(sizes, min_cell)]
  if (is_few(sum(is.na(group)), min_cell)) return(FALSE)
  if (!length(small)) return(TRUE)
  sum(small) >= min_cell && !sum(small) %in% (length(small) * c(1, min_cell - 1))
}

# A model of the user's own, and its figure where no count is hidden.
released_model <- function(fit, min_cell) {
  if (!min_cell) return(list(table = lms_table_cox(fit), figure = ggplot2::autoplot(fit)))
  table <- tried(lms_table_cox(fit, min_cell = min_cell))
  if (is.null(table)) return(NULL)
  table <- hide_counts(table, fit, min_cell)
  list(table = table, figure = if (!isFALSE(table$settings$counts)) ggplot2::autoplot(fit))
}

release_words <- function(min_cell) {
  if (!min_cell) return(NULL)
  paste0(
    "Counts of 1 to ", min_cell - 1, " are shown as <", min_cell, " or in words, and further ",
    "numbers are hidden, as * in tables and below curves, where small counts could be computed ",
    "from them. Curves end where fewer than ", min_cell, " patients are at risk."
  )
}
