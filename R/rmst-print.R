#' @export
print.lms_rmst <- function(x, ...) {
  unit <- if (!is.null(x$time_unit)) paste0(" ", x$time_unit)
  cat("Restricted mean survival time up to ", format(signif(x$tau, 4L)), unit, "\n", sep = "")
  print_lines(deparse1(x$formula))
  event <- if (!is.null(x$event)) paste0("Event: ", x$event, ".")
  print_lines(c(rows_line(x), event))
  cat("\n")
  print_rmst_groups(x)
  if (!is.null(x$contrasts)) print_rmst_contrasts(x)
  cat("\n")
  print_lines(c(guard_line(x$guards), rmst_rules(x)))
  invisible(x)
}

print_rmst_groups <- function(x) {
  t <- x$table
  digits <- tau_digits(x$tau)
  tau <- format(signif(x$tau, 4L))
  number <- function(x) formatC(x, format = "f", digits = digits)
  cells <- cbind(
    format_count(t$n), format_count(t$events), number(t$rmst),
    ifelse(is.na(t$conf.low), "", paste(number(t$conf.low), "to", number(t$conf.high))),
    number(t$rmtl), paste0(formatC(100 * t$survival, format = "f", digits = 0L), "%")
  )
  head <- c(
    "n", paste("events up to", tau), "mean", interval_name(x$conf_level), "time lost",
    paste("survival at", tau)
  )
  print_columns(cbind(c("", t$group), rbind(head, cells)))
}

# Three figures of tau.
tau_digits <- function(tau) max(0L, 2L - as.integer(floor(log10(tau))))

print_rmst_contrasts <- function(x) {
  cat("\nCompared with ", x$table$group[1L], ":\n", sep = "")
  digits <- tau_digits(x$tau)
  of_measure <- function(measure, name, show) {
    rows <- x$contrasts[x$contrasts$measure == measure, ]
    limits <- ifelse(is.na(rows$conf.low), "",
                     paste(vapply(rows$conf.low, show, ""), "to", vapply(rows$conf.high, show, "")))
    cells <- cbind(
      ifelse(is.na(rows$estimate), "not estimable", vapply(rows$estimate, show, "")), limits,
      vapply(rows$p.value, format_p, "")
    )
    list(labels = paste0(rows$group, ", ", name), cells = cells)
  }
  ratio <- function(x) if (is.na(x)) "" else format_ratio(x, 2L)
  blocks <- list(
    of_measure("difference", "difference", function(x) formatC(x, format = "f", digits = digits)),
    of_measure("ratio", "ratio", ratio),
    of_measure("rmtl ratio", "ratio of time lost", ratio)
  )
  labels <- unlist(lapply(blocks, `[[`, "labels"))
  cells <- do.call(rbind, lapply(blocks, `[[`, "cells"))
  head <- c("estimate", interval_name(x$conf_level), "p")
  print_columns(cbind(c("", labels), rbind(head, cells)))
}

rmst_rules <- function(x) {
  still <- x$table$group[x$table$std.error == 0]
  c(
    gap_line(x$gaps, x$table$group, "the mean"),
    if (length(still)) {
      paste0("No CI for ", enumerate(quoted(still)), ": too few events up to the time limit.")
    },
    if (!is.null(x$test)) {
      paste0("Test of equal means: chi-squared ", format(round(x$test$chisq, 2), nsmall = 2),
             " on ", x$test$df, " df, p ", p_equals(x$test$p.value), ".")
    },
    if (x$tau_given) {
      "The time limit (tau) was set."
    } else if (nrow(x$table) > 1L) {
      "The time limit (tau) is the last time to which all groups were followed."
    } else {
      "The time limit (tau) is the longest follow-up time."
    },
    paste0(
      "Area under the Kaplan-Meier curve; Greenwood variance; ", format(100 * x$conf_level),
      "% normal CIs", if (!is.null(x$contrasts)) ", for ratios on the log scale", "."
    )
  )
}

#' @export
tidy.lms_rmst <- function(x, ...) {
  refuse_typed_dots("tidy", character(), dot_names(...))
  t <- x$table
  k <- nrow(t)
  none <- rep(NA_real_, 2L * k)
  contrasts <- x$contrasts
  as_tibble_class(list(
    group = c(t$group, t$group, contrasts$group),
    reference = c(rep(NA_character_, 2L * k), contrasts$reference),
    measure = c(rep(c("rmst", "rmtl"), each = k), contrasts$measure),
    estimate = c(t$rmst, t$rmtl, contrasts$estimate),
    std.error = c(t$std.error, t$std.error, contrasts$std.error),
    conf.low = c(t$conf.low, t$rmtl.low, contrasts$conf.low),
    conf.high = c(t$conf.high, t$rmtl.high, contrasts$conf.high),
    statistic = c(none, contrasts$statistic), p.value = c(none, contrasts$p.value)
  ))
}

#' @export
glance.lms_rmst <- function(x, ...) {
  refuse_typed_dots("glance", character(), dot_names(...))
  test <- x$test
  if (is.null(test) && nrow(x$table) == 2L) {
    difference <- x$contrasts[1L, ]
    test <- list(chisq = difference$statistic^2, df = 1, p.value = difference$p.value)
  }
  if (is.null(test)) test <- list(chisq = NA_real_, df = NA_real_, p.value = NA_real_)
  as_tibble_class(list(
    tau = x$tau, groups = nrow(x$table), n = x$n, nevent = x$nevent, statistic = test$chisq,
    df = test$df, p.value = test$p.value
  ))
}

#' @export
as.data.frame.lms_rmst <- function(x, ...) {
  if (length(x$variables)) cbind(x$variables, x$table) else x$table
}
