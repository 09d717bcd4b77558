# The section of an endpoint: its curve, its rates and its median.

endpoint_section <- function(name, meta) {
  endpoint <- meta$endpoints[[name]]
  competing <- !is.null(endpoint$competing)
  new_section(name, endpoint$label, makers(
    compute = function(cohort, context) {
      if (name != "os" && name %in% context$plan$sets) {
        abort_part("min_cell", "Small counts could be found from this part.")
      }
      endpoint_fits(cohort, name, context)
    },
    say = if (competing) say_incidence else say_survival,
    figures = if (competing) incidence_figures else survival_figures,
    check = function(data, context) endpoint_checks(data),
    methods = endpoint_methods, summary = endpoint_summary
  ), counted = function(cohort) {
    sets <- list(cohort_events(cohort[[name]]))
    told(stats::setNames(sets, if (name == "os") "dead" else name))
  })
}

# Whether the event, the first of several, came.
cohort_events <- function(y) unclass(y)[, "status"] %in% 1

# name: of an endpoint. Answer: about (the endpoint), name, fit, rates, n (rows to which it
# applies), of (all rows).
endpoint_fits <- function(cohort, name, context) {
  about <- cohort_meta(cohort)$endpoints[[name]]
  out <- list(name = name, about = about, of = nrow(cohort))
  formula <- group_formula(name, "1")
  if (!is.null(about$competing)) {
    out$fit <- quiet(lms_cuminc(formula, data = cohort))
  } else {
    out$fit <- quiet(lms_km(formula, data = cohort))
    out$rates <- year_rates(out$fit, formula, cohort, context)
    if (context$min_cell) out$rates$rates$told <- released_times(out, cohort, context$min_cell)
  }
  out$n <- sum(out$fit$n)
  out
}

group_formula <- function(endpoint, column) {
  right <- if (column == "1") 1 else as.name(column)
  formula <- call("~", as.name(endpoint), right)
  stats::as.formula(formula, env = baseenv())
}

# Years that are usual in papers, three of them within what at least a tenth of the patients were
# followed; of a short follow-up parts of years.
report_years <- function(fit, unit) {
  per_year <- days_in[["years"]] / days_in[[unit]]
  within <- fit$time[fit$n.risk >= max(fit$n.risk) / 10]
  last <- (if (length(within)) max(within) else max(fit$time)) / per_year
  sets <- list(c(2, 5, 10), c(1, 3, 5), c(1, 2, 3), c(0.5, 1, 2), c(0.25, 0.5, 1), c(1, 2, 3) / 12)
  fits <- vapply(sets, function(years) years[3L] <= last, NA)
  (if (any(fits)) sets[[which(fits)[1L]]] else c(7, 14, 28) / days_in[["years"]]) * per_year
}

# Kaplan-Meier, not the crude share that is often printed.
year_rates <- function(fit, formula, cohort, context) {
  rates <- quiet(lms_rates(formula, data = cohort, times = report_years(fit, context$unit)))
  rates$per_year <- days_in[["years"]] / days_in[[context$unit]]
  rates
}

# Times at which neither the events are few nor what they leave beside the deaths that overall
# survival tells at the same times.
released_times <- function(data, cohort, min_cell) {
  times <- data$rates$rates$time
  own <- deaths_by(data$fit, times)
  total <- sum(data$fit$n.event)
  if (data$name == "os" || !is.null(data$about$applies)) return(told_times(own, total, min_cell))
  os <- quiet(lms_km(os ~ 1, data = cohort))
  told_times(cbind(own, abs(own - deaths_by(os, times))),
             c(total, abs(total - sum(os$n.event))), min_cell)
}

say_survival <- function(data, context) {
  about <- data$about
  c(
    paste0(about$label, " of ", applying_words(data, context$min_cell), " was ",
           rate_words(data$rates, min_cell = context$min_cell), "."),
    median_sentence(paste("The median", first_lower(about$label)), data$fit, context)
  )
}

# "all 396 patients", "the 45 patients" of a group, "391 of 396 patients"
applying_words <- function(data, min_cell) {
  if (data$n == data$of) {
    return(if (isTRUE(data$group)) paste("the", count_of(data$n, "patient")) else
      all_patients(data$n))
  }
  # Of an endpoint that starts with time zero the others are those who entered after their end.
  never <- if (is.null(data$about$applies)) 0 else sum(data$fit$not_applicable)
  left <- data$of - never - data$n
  if (is_few(left, min_cell)) return("the patients at risk")
  if (never && !left) return(paste("the", count_of(data$n, "patient"), "to whom it applies"))
  paste(format_count(data$n), if (isTRUE(data$group)) "of the" else "of",
        count_of(data$of - never, "patient"))
}

median_sentence <- function(what, fit, context) {
  text <- paste0(what, " was ", median_words(fit, context$unit, context$min_cell), ".")
  if ("beyond_follow_up" %in% findings_in(lms_check(fit))$kind) {
    text <- paste(text, "Few patients were still at risk at that time.")
  }
  text
}

say_incidence <- function(data, context) {
  about <- data$about
  causes <- !is.null(about$cause)
  states <- c(about$event, if (causes) about$competing)
  each <- vapply(states, function(state) {
    of <- if (causes) paste("death from", first_lower(state)) else state
    paste0(
      "The cumulative incidence of ", of, " in ",
      applying_words(data, context$min_cell), " was ", incidence_words(data$fit, state, context),
      if (!causes) paste0(", with ", about$competing, " as a competing event"), "."
    )
  }, "", USE.NAMES = FALSE)
  unknown <- data$of - data$n - sum(data$fit$not_applicable)
  c(each, if (causes && unknown) {
    excluded_sentence(unknown, "cause of death", context$min_cell)
  })
}

# Such as: 8% (95% CI 5 to 11%) at 2 years.
incidence_words <- function(fit, state, context, limits = TRUE) {
  per_year <- days_in[["years"]] / days_in[[context$unit]]
  all <- as.data.frame(summary(fit, times = report_years(fit, context$unit)))
  rows <- all[all$state == state, ]
  told <- released_incidences(all, fit, state, context$min_cell)
  if (!any(told)) return(hidden_word)
  each <- vapply(seq_len(nrow(rows)), function(i) {
    row <- rows[i, ]
    when <- paste0(" at ", year_words(row$time / per_year))
    if (is.na(row$estimate)) return(paste0("not estimable", when))
    if (!told[i]) return(paste0(hidden_word, when))
    shown <- limits && row$estimate > 0
    range <- if (shown) format_percent_range(row$conf.low, row$conf.high, 0L) else ""
    paste0(format_percent(row$estimate, 0L), if (nzchar(range)) {
      paste0(" (", interval_word(fit$conf_level), " ", range, ")")
    }, when)
  }, "")
  enumerate(each)
}

# Whether an incidence may be told at each of the times of `all`. Incidences of all causes together
# are survival, so that they stand only at times at which survival does, and either all or none.
released_incidences <- function(all, fit, state, min_cell) {
  free <- all$state == "(s0)"
  told <- rep(TRUE, sum(free))
  if (!min_cell) return(told)
  states <- setdiff(unique(all$state), "(s0)")
  # n.event counts from the time before.
  events <- vapply(states, function(one) cumsum(all$n.event[all$state == one]), double(sum(free)))
  events <- matrix(events, sum(free))
  totals <- colSums(fit$n.event)[match(states, fit$states)]
  told <- told_times(matrix(rowSums(events)), sum(totals), min_cell) & all$n.risk[free] >= min_cell
  told[told] <- told_times(events[told, , drop = FALSE], totals, min_cell)
  told
}

survival_figures <- function(data, context) {
  about <- data$about
  marks <- if (!context$min_cell) " Vertical marks show censored patients."
  figure <- ggplot2::autoplot(data$fit, min_cell = context$min_cell, unit = context$unit) +
    labs(x = paste0(capital(context$unit), " since ", about$origin))
  stats::setNames(list(list(
    plot = figure,
    caption = paste0(about$label, " of ", applying_words(data, context$min_cell), ".", marks),
    note = c(pale_words(), late_entry_words(context))
  )), data$name)
}

# Why the number at risk below a figure starts low.
late_entry_words <- function(context) {
  entry <- context$meta$roles["entry"]
  if (is.null(entry) || is.na(entry)) return(NULL)
  paste0("Patients are at risk only from their entry (", variable_words(entry[[1L]]), ").")
}

incidence_figures <- function(data, context) {
  figure <- ggplot2::autoplot(data$fit, min_cell = context$min_cell, unit = context$unit) +
    labs(x = paste0(capital(context$unit), " since ", data$about$origin))
  caption <- if (!is.null(data$about$cause)) "Cumulative incidences of death by cause." else
    paste0("Cumulative incidence of ", data$about$event, ", with ", data$about$competing,
           " as a competing event.")
  stats::setNames(list(list(plot = figure, caption = caption,
                            note = c(pale_words(), late_entry_words(context)))), data$name)
}

endpoint_checks <- function(data) {
  fits <- list(data$fit, data$rates)
  names(fits) <- c(paste("Median", first_lower(data$about$label)), data$about$label)
  Filter(function(fit) !is.null(fit) && !inherits(fit, "lms_cuminc"), fits)
}

endpoint_methods <- function(data, context) {
  about <- data$about
  competing <- !is.null(about$competing)
  c(
    paste0(about$label, " was counted from ", about$origin, " to ",
           if (!is.null(about$cause)) "death" else about$event,
           if (!is.null(about$cause)) ", with the causes of death competing" else if (competing) {
             paste0(", with ", about$competing, " as a competing event")
           }, "."),
    "Patients without an event were censored at the end of their follow-up.",
    if (competing) "Cumulative incidences were estimated by the Aalen-Johansen method." else
      survival_method(data$fit)
  )
}

survival_method <- function(fit) {
  paste0(
    "Survival was estimated by the Kaplan-Meier method",
    if (fit$conf.type != "none") paste0(
      " with ", format(100 * fit$conf_level), "% confidence intervals (CI) on the ", fit$conf.type,
      " scale"
    ), ". The interquartile range (IQR) of a survival time runs from the time at which 75% were ",
    "event-free to that at which 25% were; NR means not reached."
  )
}

endpoint_summary <- function(data, context) {
  if (is.null(data$rates)) return(NULL)
  paste0(data$about$label, " was ", rate_words(data$rates, FALSE, context$min_cell), ".")
}
