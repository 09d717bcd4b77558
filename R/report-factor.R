# The section of a factor: survival by group.

factor_section <- function(column, endpoint, cohort) {
  about <- cohort_meta(cohort)$endpoints[[endpoint]]
  title <- paste(about$label, "by", first_lower(group_title(cohort[[column]], column)))
  name <- paste0("by_", column)
  new_section(name, title, makers(
    compute = function(cohort, context) compare_by(cohort, column, endpoint, context),
    say = say_groups,
    figures = function(data, context) {
      stats::setNames(list(list(plot = data$figure, caption = paste0(title, "."),
                                note = late_entry_words(context))), name)
    },
    check = function(data, context) {
      stats::setNames(list(data$fit), title)
    },
    methods = function(data, context) {
      c(survival_method(data$fit), logrank_method())
    }
  ), counted = function(cohort) {
    dead <- stats::setNames(list(cohort_events(cohort[[endpoint]])),
                            if (endpoint == "os") "dead" else endpoint)
    told(dead, column)
  })
}

# Smaller groups are shown as one.
lump_below <- 5L

compare_by <- function(cohort, column, endpoint, context) {
  about <- cohort_meta(cohort)$endpoints[[endpoint]]
  if (column %in% context$plan$columns) {
    abort_part("min_cell", "Small counts could be found from its groups.")
  }
  every <- shown_groups(cohort, column)
  group <- lump_groups(every, lump_below)
  if (nlevels(group) < 2L) abort_part("no_data", paste0(
    if (nlevels(every) > 1L) paste("Each group has fewer than", lump_below, "patients") else
      if (nlevels(every)) "All patients are in the same group, or their group is missing" else
        "The group of every patient is missing", "."
  ))
  meta <- cohort_meta(cohort)
  title <- group_title(cohort[[column]], column)
  spec <- panel_spec(cohort[[endpoint]], group, "", about$origin, meta)
  # Under the name of the column, by which findings speak of it.
  data <- panel_frame(stats::setNames(spec$data, c(endpoint, column)))
  formula <- stats::as.formula(call("~", as.name(endpoint), as.name(column)), env = globalenv())
  late <- late_note(cohort, meta, endpoint, stats::setNames(column, title), context$min_cell)
  note <- c(late, lump_note(list(group), title))
  list(
    about = about, title = title, groups = group_words(group, title),
    late = late, unknown = sum(is.na(group)),
    fit = quiet(lms_km(formula, data = data)), test = tried(lms_logrank(formula, data = data)),
    figure = draw_panel(spec, paste0(about$label, " by ", first_lower(title), "."),
                        caption_of(note, 130L, min_cell = context$min_cell),
                        min_cell = context$min_cell)
  )
}

# What does not begin with a letter is said with what it is of: "for grade 2", "without surgery".
group_words <- function(group, title) {
  levels <- levels(group)
  of <- first_lower(title)
  answer <- c(yes = "with", no = "without")[tolower(levels)]
  named <- ifelse(grepl("^[[:alpha:]]", levels), levels, paste(of, levels))
  unname(ifelse(is.na(answer), paste("for", named), paste(answer, of)))
}

say_groups <- function(data, context) {
  fit <- data$fit
  table <- summary(fit)$table
  quantiles <- stats::quantile(fit, 0.5)
  digits <- unit_digits(context$unit)
  min_cell <- context$min_cell
  each <- vapply(seq_along(fit$n), function(i) {
    median <- quantiles$quantile[[i]]
    events <- table[i, "events"]
    hidden <- is_few(fit$n[[i]], min_cell) || is_few(events, min_cell)
    told <- !hidden && !is.na(median)
    words <- if (told) paste(format_time(median, digits), context$unit) else
      if (hidden) hidden_word else "not reached"
    limits <- if (told) {
      limit_words(fit, quantiles$lower[[i]], quantiles$upper[[i]], digits)
    }
    counts <- counts_of_events(events, fit$n[[i]], data$about, min_cell)
    paste0(words, " ", data$groups[[i]], " (", paste(c(limits, counts), collapse = "; "), ")")
  }, "")
  c(
    paste0("By ", first_lower(data$title), ", the median ", first_lower(data$about$label), " was ",
           enumerate(each, max = Inf), "."),
    if (!is.null(data$test)) difference_sentence(data$test, "between the groups"),
    if (length(data$late)) paste(data$late, "The comparison is biased in their favor."),
    if (data$unknown) excluded_sentence(data$unknown, data$title, min_cell)
  )
}

logrank_method <- function() "Curves were compared by the log-rank test."

difference_sentence <- function(test, between) {
  paste0(if (test$p.value < 0.05) "Survival differed " else
    "We found no evidence of a difference in survival ", between, " (log-rank test, p ",
    p_equals(test$p.value), ").")
}

counts_of_events <- function(events, n, about, min_cell) {
  word <- if (about$event == "death") "death" else "event"
  if (!apart(events, n, min_cell)) return(count_of(n, "patient"))
  paste(count_of(events, word), "in", count_of(n, "patient"))
}

excluded_sentence <- function(n, title, min_cell) {
  n <- if (is_few(n, min_cell)) "Some patients are" else
    paste(count_of(n, "patient"), if (n == 1L) "is" else "are")
  paste0(n, " excluded (missing ", first_lower(title), ").")
}
