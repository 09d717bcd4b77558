# The section of a dated event: who had it and when, and the survival from it.

event_section <- function(name, meta) {
  event <- meta$events[[name]]
  new_section(name, event$label, makers(
    compute = function(cohort, context) compute_event(cohort, name, context),
    say = say_event,
    figures = event_figures,
    check = function(data, context) if (!is.null(data$after)) endpoint_checks(data$after),
    methods = function(data, context) {
      c(if (!is.null(data$incidence)) endpoint_methods(data$incidence, context),
        if (!is.null(data$after)) endpoint_methods(data$after, context))
    },
    summary = event_summary
  ), counted = function(cohort) {
    sets <- list(dead = died_in(cohort), event = !is.na(event_date(cohort, name)))
    told(stats::setNames(sets, c("dead", name)))
  })
}

compute_event <- function(cohort, name, context) {
  meta <- cohort_meta(cohort)
  event <- meta$events[[name]]
  has <- !is.na(event_date(cohort, name))
  # Of those who could have it: patients with the event that it counts from.
  base <- if (is.null(event$after)) rep(TRUE, nrow(cohort)) else
    !is.na(event_date(cohort, event$after))
  out <- list(event = event, n = sum(has), of = sum(base), from = event_origin(event, meta))
  if (name %in% context$plan$sets) return(c(out, list(hidden = TRUE)))
  if (!any(has)) return(out)
  out$onset <- observed_quartiles(onset_of(cohort, event, meta)[has])
  if (name %in% context$plan$crossed) return(out)
  incidence <- intersect(event$endpoints["time_to"], names(meta$endpoints))
  if (length(incidence)) out$incidence <- endpoint_fits(cohort, incidence, context)
  after <- intersect(event$endpoints["os"], names(meta$endpoints))
  # Of a handful of patients a curve is their dates.
  if (length(after) && sum(has) >= lump_below) {
    out$after <- c(endpoint_fits(cohort[has, ], after, context), group = TRUE)
    out$late <- any(onset_of(cohort, event, meta)[has] > 0, na.rm = TRUE)
  }
  out
}

event_origin <- function(event, meta) {
  if (is.null(event$after)) "diagnosis" else meta$events[[event$after]]$word
}

# From the event that it comes after, or from time zero, by patient.
onset_of <- function(cohort, event, meta) {
  start <- if (is.null(event$after)) start_of(cohort, meta$endpoints$os) else
    event_date(cohort, event$after)
  (event_date(cohort, event$name) - start) / unit_length(meta)
}

observed_quartiles <- function(x) {
  c(n = sum(!is.na(x)), stats::quantile(x, 1:3 / 4, type = 2L, names = FALSE, na.rm = TRUE))
}

say_event <- function(data, context) {
  event <- data$event
  min_cell <- context$min_cell
  if (isTRUE(data$hidden)) return(paste0(event$label, ": ", hidden_word, "."))
  if (!data$n) return(paste0("No patient had ", event$word, "."))
  of <- if (is.null(event$after)) "patients" else paste("patients after", data$from)
  text <- paste0(event$label, " was recorded in ", share(data$n, data$of, of, min_cell),
                 ", ", quartile_words(data$onset, context$unit, min_cell), " after ",
                 data$from, ".")
  c(text, if (!is.null(data$incidence)) say_incidence(data$incidence, context),
    if (!is.null(data$after)) say_survival(data$after, context))
}

event_summary <- function(data, context) {
  if (!data$n || isTRUE(data$hidden)) return(NULL)
  paste0(data$event$label, " was recorded in ",
         share(data$n, data$of, "patients", context$min_cell), ".")
}

# Quartiles of observed times: "a median of 2.3 months (IQR 0.6 to 11.4)"; of one the time itself.
quartile_words <- function(q, unit, min_cell) {
  if (q[["n"]] < min_cell) return(paste("a median time that is", hidden_word))
  time <- function(i) time_number(q[[i + 1L]], unit)
  paste0(if (q[["n"]] > 1L) "a median of ", time(2L), " ", unit,
         if (q[["n"]] > 1L) paste0(" (IQR ", time(1L), " to ", time(3L), ")"))
}

event_figures <- function(data, context) {
  c(if (!is.null(data$incidence)) incidence_figures(data$incidence, context),
    if (!is.null(data$after)) survival_figures(data$after, context))
}
