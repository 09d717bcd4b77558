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
        paste0("Give the column of times since time zero, such as `known_from = list(", name,
               " = data$days_to_it)`. For dates, use `as.numeric(date - start)`.")
      } else {
        "With a `subset`, give the times of the rows in the subset."
      }
    )
  }
  as.double(u)
}

find_immortal_time <- function(fit, given) {
  # A cohort knows its dates.
  if (!length(given$dated) && !is.null(fit$origin)) return(finding(character()))
  if (!length(given$dated)) return(not_checked("immortal_time", "no known_from"))
  if (is.null(fit$model)) return(not_checked("immortal_time", "no frame"))
  counts <- late_counts(
    fit, given$dated, given$response,
    if (identical(fit$weight_type, "frequency")) fit$weights, fit$model[["(id)"]]
  )
  counts <- beside_members(counts, fit$guards$members)
  if (is.null(counts)) return(finding(character()))
  # With a clock that starts too early for all, no ratio of this endpoint is right.
  members <- !is.null(fit$guards$members)
  refits <- if (!members) dated_refits(fit, given)
  ratios <- dated_ratios(fit, refits, counts$variable)
  moved <- Map(ratio_moves, ratios, counts$wrong / counts$own)
  open <- is.null(refits) & !members & counts$kind != "unclear"
  remedy <- unname(c(switch = "time-dependent", enter = "enter", unclear = "split")[counts$kind])
  found <- finding(
    "immortal_time", ifelse(unlist(moved), "serious", "caution"),
    variable = typed_name(counts$variable), n = counts$n, n_events = counts$events,
    n_tied = counts$tied, time = counts$median, person_time = counts$wrong,
    person_time_total = counts$all,
    remedy = if (members) "origin first" else remedy,
    code = ifelse(open, check_again_code(given$source, fix = TRUE), NA)
  )
  with_estimates(found, ratios)
}

# Whether the ratio from the date on is another by more than a tenth, or leads to another
# conclusion; without it, whether more than a twentieth of the time is in the wrong group.
ratio_moves <- function(rows, share) {
  fixed <- rows[rows$method == "fixed", ]
  later <- rows[rows$method == "time-dependent", ]
  change <- abs(log(later$estimate / fixed$estimate))
  known <- is.finite(change)
  if (!length(known) || !any(known)) return(share > 0.05)
  turned <- xor(later$estimate_p < 0.05, fixed$estimate_p < 0.05)
  any(change[known] > log(1.1) | turned[known] %in% TRUE)
}

# Of curves, tests, rates and means by a group that becomes known later: counts, without a refit.
find_late_groups <- function(fit) {
  late <- fit$guards$late
  if (is.null(late)) return(finding(character()))
  finding(
    "immortal_time", ifelse(late$wrong > 0.05 * late$own, "serious", "caution"),
    variable = typed_name(late$variable), n = late$n, n_events = late$events, n_tied = late$tied,
    time = late$median, person_time = late$wrong, person_time_total = late$all,
    measure = "survival", remedy = "landmark or split", code = split_code(fit, late)
  )
}

# The same verb with the rows split where the variable becomes known.
split_code <- function(fit, late) {
  data <- fit$call$data
  endpoint <- fit$formula[[2L]]
  if (!is.name(data) || !is.name(endpoint)) return(NA)
  vapply(late$variable, function(name) {
    call <- fit$call
    call$data <- call("lms_time_split", data, at = as.name(name), endpoint = endpoint)
    if (identical(endpoint, quote(os))) call$data$endpoint <- NULL
    code_line(first_unnamed(call))
  }, "")
}
