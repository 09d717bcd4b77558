# Immortal time: covariates that become known after the origin, fitted as if known
# from the start.

# Times from which values are known, a named list of n vectors, or NULL.
read_dated <- function(fit, known_from) {
  if (is.null(known_from)) return(as.list(fit$dated))
  way_out <- "Write `known_from = list(metastasis = cohort$months_to_metastasis)`."
  named <- is.list(known_from) && length(known_from) && !is.null(names(known_from))
  if (!named) {
    abort("argument", paste0("`known_from` must be a named list, not ", describe(known_from), "."),
          way_out)
  }
  known <- covariate_names(fit)
  unknown <- setdiff(names(known_from), known)
  if (length(unknown)) {
    abort(
      "argument",
      paste0("`known_from` must name covariates of the model, not ", quoted(unknown[1L]), "."),
      did_you_mean(unknown[1L], known)
    )
  }
  Map(function(u, name) read_known_times(u, name, fit), as.list(known_from), names(known_from))
}

read_known_times <- function(u, name, fit) {
  n <- NROW(fit$model)
  left <- unclass(fit)$na.action
  if (length(u) == fit$n_data && length(left)) u <- u[-as.integer(left)]
  if (!is.numeric(u) || length(u) != n) {
    abort(
      "argument",
      paste0(
        "`known_from$", name, "` must have a number for each of the ", count_of(n, "row"),
        " in use, not be ", describe(u), "."
      ),
      if (is_date(u) || is.character(u)) {
        paste0("Give the column of times since the start, such as `known_from = list(", name,
               " = data$days_to_it)`; of dates, take `as.numeric(date - start)`.")
      } else {
        "With a `subset`, give the times of its rows."
      }
    )
  }
  as.double(u)
}

find_immortal_time <- function(fit, given) {
  if (!length(given$dated)) return(not_checked("immortal_time", "no known_from"))
  if (is.null(fit$model)) return(not_checked("immortal_time", "no frame"))
  counts <- late_counts(fit, given$dated)
  if (is.null(counts)) return(finding(character()))
  refits <- dated_refits(fit, given)
  open <- is.null(refits) & counts$kind != "unclear"
  found <- finding(
    "immortal_time", ifelse(counts$wrong > 0.05 * counts$own, "serious", "caution"),
    variable = typed_name(counts$variable), n = counts$n, n_events = counts$events,
    time = counts$median, person_time = counts$wrong, person_time_total = counts$all,
    remedy = unname(c(switch = "time-dependent", enter = "enter", unclear = "split")[counts$kind]),
    code = ifelse(open, check_again_code(given$source, fix = TRUE), NA)
  )
  with_estimates(found, dated_ratios(fit, refits, counts$variable))
}
