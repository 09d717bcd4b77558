#' Print survival curves
#'
#' `print()` shows, for each group, the patients (or rows), events, the median survival with its
#' 95% CI, and the interquartile range (IQR). The IQR has the times at which survival is 0.75 and
#' 0.25. The median follow-up (reverse Kaplan-Meier) and the methods to report follow. See
#' [lms_km()] for the meaning of each line. "NR" marks a time that is not reached.
#'
#' @param x Curves made by [lms_km()].
#' @param digits A whole number that sets the decimals of the times. By default the longest
#'   follow-up has three digits, and there are no decimals if all times shown are whole.
#' @param ... Not used.
#' @return `x`, invisibly.
#' @examples
#' lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' @export
print.lms_km <- function(x, digits = NULL, ...) {
  refuse_typed_dots("print", "digits", dot_names(...), km_print_hints)
  print_lines(paste0("Survival: ", deparse1(x$formula)))
  print_lines(c(curve_rows_line(x), if (!is.null(x$event)) paste0("Event: ", x$event, ".")))
  cat("\n")
  quartiles <- km_quartiles(x)
  followed <- follow_up(x)
  digits <- time_digits(x, digits, c(quartiles, followed))
  print_columns(median_table(x, quartiles, digits))
  cat("\n")
  print_follow_up(x, followed, digits)
  cat("\n")
  print_lines(c(guard_line(x$guards), gap_line(risk_gaps(x$at_risk), x$groups), curve_rules(x)))
  invisible(x)
}

# Arguments of print() for a survfit.
km_print_hints <- list(
  rmean = "Restricted means are in `summary(fit, rmean = )$table` and lms_rmst().",
  print.rmean = "Restricted means are in `summary(fit)$table` and lms_rmst().",
  scale = "For another unit, use `quantile(fit, scale = )`, or divide times in the formula."
)

curve_rows_line <- function(x) {
  frequency <- identical(x$weight_type, "frequency")
  event <- if (is.null(x$weight_type) || frequency) "event" else "weighted event"
  text <- paste0(
    count_of(sum(x$n), if (frequency) "patient" else "row"),
    if (!is.null(x$patients)) paste(" of", count_of(x$patients, "patient")), ", ",
    count_of(round(sum(x$n.event), 1), event)
  )
  paste0(text, left_out(length(x$na.action), x$missing, x$not_applicable), ".")
}

# Decimals for times up to the last follow-up.
time_digits <- function(x, digits, shown) {
  if (!is.null(digits)) return(as.integer(check_number(digits, "digits", 0, whole = TRUE)))
  shown <- unlist(shown, use.names = FALSE)
  shown <- c(shown[!is.na(shown)], x$last)
  if (all(shown == round(shown))) return(0L)
  largest <- max(abs(shown), 1e-300)
  as.integer(min(max(2 - floor(log10(largest)), 1), 12))
}

# Text, a row for each group; the first is the head.
median_table <- function(x, quartiles, digits) {
  events <- vapply(curve_ranges(x), function(at) sum(x$n.event[at]), 0)
  q <- quartiles$quantile
  table <- cbind(x$groups, format_count(x$n), format_count(events), format_time(q[, 2L], digits))
  head <- c("", "n", "events", "median")
  if (!is.null(quartiles$lower)) {
    table <- cbind(table, format_range(quartiles$lower[, 2L], quartiles$upper[, 2L], digits))
    head <- c(head, interval_name(x$conf_level))
  }
  rbind(c(head, "IQR"), cbind(table, format_range(q[, 1L], q[, 3L], digits)))
}

print_follow_up <- function(x, followed, digits) {
  median <- lapply(followed, function(part) part[, 2L])
  interval <- if (!is.null(median$lower)) format_range(median$lower, median$upper, digits)
  if (length(x$groups) == 1L) {
    text <- paste0(
      "Median follow-up (reverse Kaplan-Meier) ", format_time(median$quantile, digits),
      if (!is.null(interval)) paste0(", ", interval_name(x$conf_level), " ", interval),
      "; last follow-up ",
      format_time(x$last, digits), "."
    )
    return(print_lines(text))
  }
  cat("Follow-up (reverse Kaplan-Meier)\n")
  table <- cbind(
    x$groups, format_time(median$quantile, digits), interval, format_time(x$last, digits)
  )
  head <- c("", "median", if (!is.null(interval)) interval_name(x$conf_level), "last")
  print_columns(rbind(head, table))
}

estimate_names <- c(
  "kaplan-meier" = "Kaplan-Meier estimate",
  "nelson-aalen" = "exp(-Nelson-Aalen hazard)",
  "fh2" = "exp(-Fleming-Harrington hazard)"
)

# What the numbers rest on, one sentence.
curve_rules <- function(x, quantiles = TRUE) {
  interval <- if (x$conf.type == "none") {
    "no CI"
  } else {
    paste0(format(100 * x$conf_level), "% CI on the ", x$conf.type, " scale")
  }
  flat <- c(midpoint = "the midpoint of a flat part of the curve",
            first = "the first time at or below the level")
  paste0(
    estimate_names[[x$estimate]], "; ", interval, "; ", curve_variance_name(x), "; ",
    if (!is.null(x$weight_type)) paste0(x$weight_type, " weights; "),
    if (quantiles) paste0(
      "quantiles at ", flat[[x$flat]], "; IQR, interquartile range: times at which survival is ",
      "0.75 and 0.25; ",
      "NR, not reached; "
    ),
    if (!is.null(x$time_unit)) paste0("time in ", x$time_unit, "; "),
    "conventions ", quoted(x$conventions), "."
  )
}

curve_variance_name <- function(x) {
  if (!x$robust) {
    return(if (x$estimate == "kaplan-meier") "Greenwood variance" else "variance of the hazard")
  }
  if (is.null(x$clusters)) return("robust variance")
  paste0("robust variance by ", count_of(x$clusters, "cluster"))
}

#' @rdname summary.lms_km
#' @param digits A whole number that sets the decimals of the percentages.
#' @export
print.summary.lms_km <- function(x, digits = 1L, ...) {
  print_lines(paste0("Survival: ", deparse1(x$formula)))
  for (g in seq_along(x$groups)) {
    at <- if (is.null(x$strata)) seq_along(x$time) else which(as.integer(x$strata) == g)
    cat("\n")
    if (nzchar(x$groups[g])) print_lines(x$groups[g])
    if (!length(at)) {
      cat("No events.\n")
      next
    }
    most <- max(20L, getOption("max.print") %/% 5L)
    print_columns(time_table(x, utils::head(at, most), digits))
    print_beyond(x$time[at], x$surv[at], x$last[g])
    if (length(at) > most) cat(count_of(length(at) - most, "more time"), "not shown.\n")
  }
  cat("\n")
  rules <- paste0(
    "At risk: just before the time. Events: since the previous time. ", curve_rules(x, FALSE)
  )
  print_lines(c(
    guard_line(x$guards), gap_line(risk_gaps(x$at_risk), x$groups), summary_limit_lines(x), rules
  ))
  invisible(x)
}

summary_limit_lines <- function(x) {
  # At all event times the first ones have few events whatever the data.
  narrow <- !is.null(x$times) && any(narrow_limits(x, x$surv, events_so_far(x$n.event,
                                                                            summary_groups(x))))
  limit_lines(x$conf_level, x$conf.type, x$exact_lower, narrow)
}

summary_groups <- function(x) {
  if (is.null(x$strata)) rep(1L, length(x$time)) else as.integer(x$strata)
}

time_table <- function(x, at, digits) {
  decimals <- if (all(x$time[at] == round(x$time[at]))) 0L else 2L
  survival <- ifelse(is.na(x$surv[at]), "not estimable", format_percent(x$surv[at], digits))
  head <- c("time", "at risk", "events", "survival")
  if (!is.null(x$lower)) head <- c(head, interval_name(x$conf_level))
  table <- cbind(
    formatC(x$time[at], format = "f", digits = decimals), format_count(x$n.risk[at]),
    format_count(x$n.event[at]), survival,
    if (!is.null(x$lower)) survival_range(x$lower[at], x$upper[at], x$exact_lower[at], digits)
  )
  cells <- unname(rbind(head, table))
  # The first column holds numbers too.
  cells[, 1L] <- formatC(cells[, 1L], width = max(nchar(cells[, 1L])))
  cells
}
