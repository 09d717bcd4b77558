# What a report for release hides. min_cell is 0 for nothing to hide.

release_cohort <- function(cohort, min_cell) {
  if (nrow(cohort) < min_cell) {
    abort("min_cell", "There are fewer patients than `min_cell`.")
  }
}

# Without the fits of groups that are small, or all but a few of those they are part of.
release_fits <- function(fits, cohort, min_cell) {
  fits$min_cell <- min_cell
  if (!min_cell) return(fits)
  fits <- hidden_variables(fits, cohort)
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
  rates <- release_rates(fits$rates, fits$bone$rates, min_cell)
  fits$rates <- rates$all
  if (!is.null(fits$bone)) fits$bone$rates <- rates$part
  fits
}

# For each of Tables 1 to 3 the columns whose counts it does not give, and in `tied` those that no
# model and no figure gives either.
hidden_variables <- function(fits, cohort) {
  min_cell <- fits$min_cell
  sets <- released_sets(cohort, fits)
  counted <- counted_columns(cohort)
  of_model <- function(fit) if (!is.null(fit)) intersect(covariate_names(fit), names(cohort))
  first <- unlist(c(counted[1L], of_model(fits$models[["Table 4"]]), of_model(fits$own)))
  later <- unlist(c(counted, of_model(fits$models[["Table 5"]]), first))
  tied <- tied_variables(cohort, sets, min_cell)
  all <- entangled_variables(cohort, unique(first), sets[names(sets) != "first"], min_cell)
  bone <- if (!is.null(sets$bone)) {
    here <- lapply(sets[names(sets) != "bone"], `[`, sets$bone)
    entangled_variables(as.data.frame(cohort)[sets$bone, ], unique(later), here, min_cell)
  }
  fits$tied <- unique(c(tied, all, bone))
  twice <- intersect(c(tied, all), unlist(counted[1:2]))
  fits$hidden_in <- list(table_1 = all, table_2 = fits$tied, table_3 = c(bone, twice))
  fits
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
    # Their sites and operations are counted by patients whom other parts count too.
    figure_1 = , figure_2 = {
      lms_figure(cohort, part$number, min_cell = min_cell)
      abort("min_cell", paste0("Figure ", part$number, " tells small counts: they follow from its ",
                               "counts and those of the tables."))
    },
    figure_5 = lms_figure(cohort, 5, by = released_panels(cohort, fits), min_cell = min_cell),
    figure_3 = , figure_4 = lms_figure(cohort, part$number, min_cell = min_cell),
    hide_tied(lms_table(cohort, part$number, min_cell = min_cell), fits$hidden_in[[part$name]])
  )
}

# Columns whose counts would tell small ones beside those of other parts.
hide_tied <- function(table, tied) {
  own <- table$numbers$variable %in% tied
  at <- own & table$numbers$statistic %in% c("count", "missing")
  if (!any(at)) return(table)
  table$numbers$masked[at] <- "hidden"
  table$numbers[own, intersect(c("n", "total", "percent"), names(table$numbers))] <- NA_real_
  table$notes <- unique(c(
    table$notes, "* Hidden, since small counts could be found from it and other tables."
  ))
  table
}

# Counts of a model that stand beside those of other tables of the same patients: all or none are
# shown. Who was left out for missing values would be counted by the number of the others.
hide_counts <- function(table, fit, fits, caption) {
  min_cell <- fits$min_cell
  numbers <- table$numbers
  masks <- c("masked_n", "masked_patients", "masked_events")
  whole <- deaths_apart(fits) && fit$n == fit$n_data && apart(fit$nevent, fit$n, min_cell)
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

# The variables of Figure 5 whose numbers at risk and deaths tell no small count, which also have
# no small level.
released_panels <- function(cohort, fits) {
  meta <- cohort_meta(cohort)
  column <- meta$events$bone_metastasis$ever
  if (!length(column)) return(NULL)
  data <- cohort[cohort[[column]], ]
  columns <- usual_columns(data, meta)
  kept <- columns[!columns %in% fits$tied]
  if (!length(kept)) abort("min_cell", "Small counts could be found from its numbers at risk.")
  kept
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
