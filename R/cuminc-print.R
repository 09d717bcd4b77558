#' Print cumulative incidences
#'
#' `print()` shows, for each cause and group, the patients (or rows), the events, and the
#' cumulative incidence with its 95% CI at a few times. Gray's test and the methods to report
#' follow. See [lms_cuminc()] for the meaning of each line. "NE" (not estimable) marks a time
#' after the last follow-up.
#'
#' @param x Curves made by [lms_cuminc()].
#' @param times The times at which the incidence is shown, in the unit of the data. By default
#'   three round times within the follow-up of all groups are shown.
#' @param digits A whole number that sets the decimals of the percentages.
#' @param ... Not used.
#' @return `x`, invisibly.
#' @examples
#' fit <- lms_cuminc(Surv(time, status) ~ trt, data = survival::pbc,
#'                   event = c(transplant = 1, death = 2))
#' print(fit, times = c(365, 1826))
#' @export
print.lms_cuminc <- function(x, times = NULL, digits = 1L, ...) {
  check_number(digits, "digits", 0, whole = TRUE)
  width <- cli::console_width()
  print_lines(paste0("Cumulative incidence: ", deparse1(x$formula)))
  print_lines(c(incidence_rows_line(x), if (!is.null(x$event)) paste0("Event: ", x$event, ".")))
  times <- if (is.null(times)) {
    round_times(x, digits, width)
  } else {
    sort(check_curve_times(times))
  }
  for (k in seq_along(x$states)[-1L]) {
    cat("\n", cli::style_bold(x$states[k]), gray_line(x, k - 1L), "\n", sep = "")
    print_incidence(x, k, times, digits, width)
  }
  cat("\n")
  print_lines(c(guard_line(x$guards), x$tests_note,
                gap_line(risk_gaps(x$at_risk), x$groups, "the incidence"),
                incidence_rules(x, anyNA(summary(x, times = times)$pstate))))
  invisible(x)
}

# "418 rows: transplant (25), death (161), no event (232)."
incidence_rows_line <- function(x) {
  counted <- if (identical(x$weight_type, "frequency")) "patient" else "row"
  weighted <- if (is_weighted(x)) " (sums of weights)"
  counts <- c(colSums(x$n.event)[-1L], sum(x$n.censor))
  text <- paste0(
    count_of(sum(x$n), counted),
    if (!is.null(x$patients)) paste(" of", count_of(x$patients, "patient")),
    ": ",
    paste0(c(x$states[-1L], "no event"), " (", incidence_counts(counts), ")", collapse = ", "),
    weighted
  )
  paste0(text, left_out(length(x$na.action), x$missing, x$not_applicable), ".")
}

is_weighted <- function(x) !is.null(x$weight_type) && x$weight_type != "frequency"

incidence_counts <- function(n) {
  format(round(n, 1), big.mark = ",", trim = TRUE, scientific = FALSE, drop0trailing = TRUE)
}

# Three round times that all groups are followed to, or the two of them that fit.
round_times <- function(x, digits, width) {
  first <- min(0, x$time)
  last <- min(x$last)
  times <- pretty(c(first, last), 3L)
  times <- times[times > first & times <= last]
  if (!length(times)) return(last)
  times <- utils::tail(times, 3L)
  widths <- vapply(seq_along(x$states)[-1L], function(k) {
    line_width(cell_widths(incidence_cells(x, k, times, digits)))
  }, 0)
  if (length(times) == 3L && max(widths) > width) times[-2L] else times
}

cell_widths <- function(cells) apply(cells, 2L, function(column) max(nchar(column, "width")))

# Columns stand two apart.
line_width <- function(widths) widths[1L] + sum(widths[-1L] + 2L)

gray_line <- function(x, cause) {
  if (is.null(x$tests) || is.na(x$tests$statistic[cause])) return("")
  test <- x$tests[cause, ]
  paste0(
    "  (Gray's test: chi-squared ", formatC(test$statistic, format = "f", digits = 2L), " on ",
    test$df, " df, p ", p_equals(test$p.value), ")"
  )
}

# As many times side by side as fit, the others below.
print_incidence <- function(x, k, times, digits, width) {
  cells <- incidence_cells(x, k, times, digits)
  widths <- cell_widths(cells)
  left <- 1:3
  room <- width - line_width(widths[left])
  per <- max(1L, room %/% (max(widths[-left]) + 2L))
  blocks <- split(seq_along(times), (seq_along(times) - 1L) %/% per)
  for (block in blocks) {
    shown <- cells[, c(if (identical(block, blocks[[1L]])) left else 1L, 3L + block), drop = FALSE]
    print_columns(shown, width)
  }
}

# Text, a row for each group below a head: label, n, events, a column for each time.
incidence_cells <- function(x, k, times, digits) {
  at <- summary(x, times = times)
  rows <- lapply(seq_along(x$groups), function(g) {
    range <- curve_ranges(x)[[g]]
    i <- (g - 1L) * length(times) + seq_along(times)
    lower <- if (!is.null(at$lower)) at$lower[i, k]
    c(
      x$groups[g], incidence_counts(c(x$n[g], sum(x$n.event[range, k]))),
      format_incidence(at$pstate[i, k], lower, at$upper[i, k], digits)
    )
  })
  events <- if (is_weighted(x)) "weighted events" else "events"
  head <- c("", "n", events, paste("at", format(signif(times, 6L), trim = TRUE, big.mark = ",")))
  out <- do.call(rbind, c(list(head), rows))
  out[, 1L] <- ifelse(nzchar(out[, 1L]), paste0("  ", out[, 1L]), "")
  out
}

format_incidence <- function(p, lower, upper, digits) {
  number <- function(x) formatC(100 * x, format = "f", digits = digits)
  text <- paste0(number(p), "%")
  if (!is.null(lower)) {
    text <- paste0(text, ifelse(
      is.na(lower), "", paste0(" (", number(lower), " to ", number(upper), ")")
    ))
  }
  ifelse(is.na(p), "NE", text)
}

# What the numbers rest on, one sentence. unknown: something is not estimable.
incidence_rules <- function(x, unknown) {
  variance <- if (x$variance == "aalen") {
    "Aalen variance"
  } else if (!is.null(x$clusters)) {
    paste0("jackknife variance by ", count_of(x$clusters, "cluster"))
  } else if (!is.null(x$patients)) {
    "jackknife variance by patient"
  } else if (x$type == "mcounting") {
    "jackknife variance, each row as one patient"
  } else {
    "jackknife variance"
  }
  interval <- if (x$conf.type == "none") {
    "no CI"
  } else {
    paste0(format(100 * x$conf_level), "% CI on the ", x$conf.type, " scale")
  }
  paste0(
    "Aalen-Johansen estimate: ",
    if (length(x$states) > 2L) "events of other causes are not censored; " else paste0(
      "with one cause it equals 1 - Kaplan-Meier, too high if other events can occur first ",
      "(name these events as causes too); "
    ),
    variance, "; ", interval, "; ", gray_rules(x),
    if (!is.null(x$weight_type)) paste0(x$weight_type, " weights; "),
    if (unknown) "NE: cannot be estimated after the last follow-up; ",
    if (!is.null(x$time_unit)) paste0("time in ", x$time_unit, "; "),
    "conventions ", quoted(x$conventions), "."
  )
}

gray_rules <- function(x) {
  if (is.null(x$tests) || all(is.na(x$tests$statistic))) return(NULL)
  paste0(
    "Gray's test",
    if (!is.null(x$test_strata)) paste0(" in ", count_of(x$test_strata, "stratum", "strata")),
    if (x$rho != 0) paste0(" with weight (1 - F)^", format(x$rho)), "; "
  )
}

#' @rdname summary.lms_cuminc
#' @export
print.summary.lms_cuminc <- function(x, digits = 1L, ...) {
  width <- cli::console_width()
  print_lines(paste0("Cumulative incidence: ", deparse1(x$formula)))
  group <- if (is.null(x$strata)) rep.int(1L, length(x$time)) else as.integer(x$strata)
  most <- max(20L, getOption("max.print") %/% 10L)
  for (g in seq_along(x$groups)) {
    at <- which(group == g)
    cat("\n")
    if (nzchar(x$groups[g])) print_lines(x$groups[g])
    if (!length(at)) {
      cat("No events.\n")
      next
    }
    print_summary_cells(x, utils::head(at, most), digits, width)
    if (length(at) > most) cat(count_of(length(at) - most, "more time"), "not shown.\n")
  }
  cat("\n")
  rules <- paste0(
    "At risk: just before the time. Events: since the previous time. ",
    incidence_rules(x, anyNA(x$pstate))
  )
  print_lines(c(gap_line(risk_gaps(x$at_risk), x$groups, "the incidence"), rules))
  invisible(x)
}

# As many causes side by side as fit, the others below.
print_summary_cells <- function(x, at, digits, width) {
  time <- c("time", format(signif(x$time[at], 7L), trim = TRUE))
  left <- cbind(
    formatC(time, width = max(nchar(time))), c("at risk", incidence_counts(x$n.risk[at, 1L]))
  )
  causes <- lapply(seq_along(x$states)[-1L], cause_cells, x = x, at = at, digits = digits)
  widths <- vapply(causes, function(cells) sum(cell_widths(cells) + 2L), 0)
  per <- max(1L, (width - line_width(cell_widths(left))) %/% max(widths))
  for (block in split(causes, (seq_along(causes) - 1L) %/% per)) {
    print_columns(do.call(cbind, c(list(left), block)), width)
  }
}

# A row for each time: events and incidence of a cause.
cause_cells <- function(k, x, at, digits) {
  text <- format_incidence(
    x$pstate[at, k], if (!is.null(x$lower)) x$lower[at, k], x$upper[at, k], digits
  )
  cbind(c("events", incidence_counts(x$n.event[at, k])), c(x$states[k], text))
}
