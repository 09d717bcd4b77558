# What a release of the article's report hides.

# Without the fits of groups that are small, or all but a few of those they are part of.
release_fits <- function(fits, cohort, min_cell) {
  fits$min_cell <- min_cell
  if (!min_cell) return(fits)
  rates <- release_rates(fits$os$rates, fits$bone$os$rates, min_cell)
  fits$os$rates <- rates$all
  if (!is.null(fits$bone)) fits$bone$os$rates <- rates$part
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
released_part <- function(name, number, cohort, fits) {
  min_cell <- fits$min_cell
  few <- function(group) {
    abort_part("min_cell", paste0("Fewer than ", min_cell, " patients ", group, "."))
  }
  if ("bone" %in% fits$hidden && !name %in% c("table_1", "table_4")) {
    few("have bone metastases, or have none")
  }
  if ("surgery" %in% fits$hidden && name == "figure_2") few("had an operation, or had none")
  switch(name,
    table_4 = , table_5 = {
      table <- lms_table(cohort, number, min_cell = min_cell)
      caption <- paste0("Cox model of survival", if (number == 5L) {
        " in patients with bone metastases"
      })
      plan <- list(min_cell = min_cell, deaths = deaths_apart(fits), columns = fits$tied)
      hide_counts(table, fits$models[[paste("Table", number)]], plan, caption)
    },
    # Their sites and operations are counted by patients whom other parts count too.
    figure_1 = , figure_2 = {
      lms_figure(cohort, number, min_cell = min_cell)
      abort_part("min_cell", "Small counts follow from its counts and those of the tables.")
    },
    figure_5 = lms_figure(cohort, 5, by = released_panels(cohort, fits), min_cell = min_cell),
    figure_3 = , figure_4 = lms_figure(cohort, number, min_cell = min_cell),
    hide_tied(lms_table(cohort, number, min_cell = min_cell), fits$hidden_in[[name]])
  )
}

# The variables of Figure 5 whose numbers at risk and deaths tell no small count, which also have
# no small level.
released_panels <- function(cohort, fits) {
  meta <- cohort_meta(cohort)
  column <- meta$events$bone_metastasis$ever
  if (is.null(column)) return(NULL)
  data <- cohort[cohort[[column]], ]
  columns <- usual_columns(data, meta)
  kept <- columns[!columns %in% fits$tied]
  if (!length(kept)) {
    abort_part("min_cell", "Small counts could be found from its numbers at risk.")
  }
  kept
}

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
