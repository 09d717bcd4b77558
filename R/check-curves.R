# The checks of curves, their summaries, rates, means and tests.

# What the data say, whatever is made of them. curves: whether an incidence is read from the result.
data_rules <- function(fit, curves = TRUE) {
  list(
    missing_values = find_missing_curve(fit), late_membership = find_members(fit),
    immortal_time = find_late_groups(fit), competing_censored = find_censored_events(fit, curves),
    shared_patient = find_shared_rows(fit), copied_rows = find_copied_rows(fit)
  )
}

#' @rdname lms_check
#' @export
lms_check.lms_km <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  median <- km_quartiles(fit)$quantile[, "50"]
  at <- which(!is.na(median))
  followed <- as.double(Map(at_risk_before, risk_curves(fit)[at], median[at]))
  most <- vapply(curve_ranges(fit), function(i) max(fit$n.risk[i]), 0)
  new_check(fit, c(list(
    beyond_follow_up = find_beyond(
      fit$groups[at], median[at], followed, most[at], fit$last[at], rep(FALSE, length(at)),
      "median survival"
    ),
    limits_too_narrow = find_narrow_curves(fit), crossing_curves = find_crossing_curves(fit),
    follow_up_differs = find_unequal_follow_up(fit)
  ), data_rules(fit)))
}

#' @rdname lms_check
#' @export
lms_check.summary.lms_km <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  if (is.null(fit$times)) return(new_check(fit, data_rules(fit)))
  group <- summary_groups(fit)
  new_check(fit, c(list(
    beyond_follow_up = find_beyond(
      fit$groups[group], fit$time, fit$n.risk, fit$n[group], fit$last[group], fit$surv %in% 0
    ),
    limits_too_narrow = find_narrow_summary(fit, group)
  ), data_rules(fit)))
}

#' @rdname lms_check
#' @export
lms_check.lms_rates <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, c(list(
    crude_rates = find_crude(fit), beyond_follow_up = find_beyond_rates(fit),
    limits_too_narrow = find_narrow_rates(fit)
  ), data_rules(fit)))
}

#' @rdname lms_check
#' @export
lms_check.lms_rmst <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, data_rules(fit))
}

#' @rdname lms_check
#' @export
lms_check.lms_cuminc <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, c(list(sparse_level = find_sparse_causes(fit)), data_rules(fit)))
}

#' @rdname lms_check
#' @export
lms_check.summary.lms_cuminc <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  group <- if (is.null(fit$strata)) rep(1L, length(fit$time)) else as.integer(fit$strata)
  nobody_left <- fit$pstate[, 1L] %in% 0
  new_check(fit, c(list(beyond_follow_up = find_beyond(
    fit$groups[group], fit$time, fit$n.risk[, 1L], fit$n[group], fit$last[group], nobody_left,
    "incidence"
  )), data_rules(fit)))
}

#' @rdname lms_check
#' @export
lms_check.lms_logrank <- function(fit, ...) { # nolint: object_name_linter.
  refuse_dots("lms_check", "fit", dot_names(...))
  new_check(fit, c(
    list(sparse_level = find_sparse_groups(fit), crossing_curves = find_crossing_test(fit)),
    data_rules(fit, curves = FALSE)
  ))
}
