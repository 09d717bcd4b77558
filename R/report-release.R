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
  fits$tied <- tied_variables(cohort, fits)
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

# Columns of which a level has few patients who died, or who did not, with or without bone
# metastases: their counts in one table and in another would tell such a count.
tied_variables <- function(cohort, fits) {
  heads <- list(
    dead = unclass(cohort$os)[, "status"],
    bone = if (!is.null(fits$bone)) cohort[[fits$bone$column]]
  )
  atoms <- do.call(paste, heads[lengths(heads) > 0L])
  told <- vapply(as.list(cohort), function(x) {
    if (inherits(x, c("Surv", "Date", "POSIXt"))) return(FALSE)
    if (is.numeric(x) && !all(x %in% c(0, 1, NA))) return(FALSE)
    any(is_few(table(as.character(x), atoms, useNA = "ifany"), fits$min_cell))
  }, NA)
  names(cohort)[told]
}

# Whether deaths can be told with and without bone metastases, and survivors with them.
deaths_apart <- function(fits) {
  n <- fits$counts
  bone <- fits$bone
  if (!apart(n$deaths, n$rows, fits$min_cell)) return(FALSE)
  if (is.null(bone)) return(TRUE)
  without <- n$rows - bone$n
  apart(bone$deaths, bone$n, fits$min_cell) &&
    apart(n$deaths - bone$deaths, without, fits$min_cell)
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
      caption <- paste0("Cox model of survival", if (part$number == 5L) {
        " in patients with bone metastases"
      })
      hide_counts(table, fits$models[[part_words(part)]], fits, caption)
    },
    figure_5 = lms_figure(cohort, 5, by = released_panels(cohort, min_cell),
                          lump = max(5, min_cell), min_cell = min_cell),
    figure_1 = , figure_2 = , figure_3 = , figure_4 = {
      lms_figure(cohort, part$number, min_cell = min_cell)
    },
    table_2 = hide_tied(lms_table(cohort, 2L, min_cell = min_cell), fits$tied),
    lms_table(cohort, part$number, min_cell = min_cell)
  )
}

# Levels of the patients with bone metastases that Table 1 has of all patients.
hide_tied <- function(table, tied) {
  at <- table$numbers$variable %in% tied & table$numbers$statistic %in% c("count", "missing")
  if (!any(at)) return(table)
  table$numbers$masked[at] <- "hidden"
  table$numbers[at, c("n", "total", "percent")] <- NA_real_
  table$notes <- unique(c(table$notes, paste(
    "* Hidden, since small counts could be found from it and the table of all patients."
  )))
  table
}

# Counts of a model that stand beside those of other tables of the same patients: all or none are
# shown. Who was left out for missing values would be counted by the number of the others.
hide_counts <- function(table, fit, fits, caption) {
  min_cell <- fits$min_cell
  numbers <- table$numbers
  masks <- c("masked_n", "masked_patients", "masked_events")
  whole <- deaths_apart(fits) && apart(fit$n, fit$n_data, min_cell) &&
    apart(fit$nevent, fit$n, min_cell)
  if (whole && !model_tied(fit, fits) && all(unlist(numbers[masks]) == "")) return(table)
  numbers[masks] <- "hidden"
  numbers[c("n", "patients", "events")] <- NA_real_
  if (!whole) {
    numbers[c("n_used", "patients_used", "events_used")] <- NA_real_
    table$caption <- caption
  }
  table$numbers <- numbers
  table$settings$counts <- FALSE
  table$notes <- c(Filter(function(note) !isTRUE(note$masks), table$notes), list(cox_note(paste(
    "Patients and events by level are not given, since small counts could be found from them."
  ))))
  table
}

# Whether a variable of the model stands in tables of other patients too, which would tell a count.
model_tied <- function(fit, fits) any(covariate_names(fit) %in% fits$tied)

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
released_model <- function(fit, fits) {
  min_cell <- fits$min_cell
  if (!min_cell) return(list(table = lms_table_cox(fit), figure = ggplot2::autoplot(fit)))
  table <- tried(lms_table_cox(fit, min_cell = min_cell))
  if (is.null(table)) return(NULL)
  what <- if (!is.null(fit$origin)) paste0(" for ", fit[["event"]], " after ", fit$origin)
  table <- hide_counts(table, fit, fits, paste0("Hazard ratios", what, ", Cox model"))
  list(table = table, figure = if (!isFALSE(table$settings$counts)) ggplot2::autoplot(fit))
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
