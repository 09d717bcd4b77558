# Checks of curves, rates and tests.

# Fewer than 10% of the patients, and fewer than 50, are followed at a time.
few_followed <- function(at_risk, n) at_risk < 0.1 * n & at_risk < 50

# group, time, at_risk, n, last: vectors, a value for each time read. what: what is
# read, "survival". known: whether the value needs no more follow-up.
beyond_notes <- function(group, time, at_risk, n, last, known, what = "survival") {
  past <- time > last & !known
  few <- !past & !known & few_followed(at_risk, n)
  at <- which(past | few)
  where <- ifelse(nzchar(group), paste0(group, ": "), "")
  number <- function(x) vapply(x, function(v) format(signif(v, 4L), big.mark = ","), "")
  note(
    "beyond_follow_up", "caution",
    paste0(
      where, what, " at ", number(time), ": ",
      ifelse(
        past, paste0("nobody is followed so long (last ", number(last), ")"),
        paste0("only ", format_count_each(round(at_risk, 1)), " of ", format_count_each(n),
               ifelse(at_risk == 1, " is", " are"), " at risk")
      ), "."
    )[at],
    ifelse(
      past, "Report it as not known, or read the curve at an earlier time.",
      "Give the number at risk and the interval with it, or read the curve at an earlier time."
    )[at],
    variable = ifelse(nzchar(group), group, NA)[at], n = n[at], value = at_risk[at],
    other = (at_risk / n)[at], time = time[at], last = last[at]
  )
}

find_crude <- function(fit) {
  if (fit$method != "crude") return(note())
  rates <- fit$rates
  km <- km_rates(fit$fit, unique(rates$time))$rate
  at <- which(rates$n.censor > 0 & !is.na(rates$rate))
  group <- if (is.null(rates$strata)) rep("", nrow(rates)) else paste0(rates$strata, ": ")
  percent <- function(x) ifelse(is.na(x), "not estimable", format_percent(x, 1L))
  note(
    "crude_rates", "serious",
    paste0(
      group, "at ", format(rates$time, trim = TRUE), " ", percent(rates$rate),
      " known to be alive, but ", format_count_each(rates$n.censor), " of ",
      format_count_each(rates$n), " were censored before; Kaplan-Meier: ", percent(km), "."
    )[at],
    "Give Kaplan-Meier rates.", code = km_code(fit$call),
    variable = rates$strata[at], n = rates$n[at], events = rates$n.event[at],
    value = rates$rate[at], other = km[at]
  )
}

km_code <- function(call) {
  call$method <- "km"
  paste(trimws(deparse(short_call(call), 500L)), collapse = " ")
}

find_beyond_rates <- function(fit) {
  rates <- fit$rates
  group <- if (is.null(rates$strata)) rep("", nrow(rates)) else rates$strata
  followed <- if (fit$method == "crude") rates$n.alive else rates$n.risk
  beyond_notes(group, rates$time, followed, rates$n, rates$last, rates$rate %in% 0, "survival rate")
}

find_missing_curve <- function(fit) {
  out <- length(unclass(fit)$na.action)
  all <- sum(if (is.null(fit$rates)) unclass(fit)$n else fit$fit$n) + out
  if (!out || out < 0.05 * all) return(note())
  note(
    "missing_values", "caution",
    paste0(
      count_of(out, "row"), " of ", format_count(all), ", ", format_percent(out / all, 0L),
      ", left out (missing: ", missing_summary(fit$missing), ")."
    ),
    "State this beside the result, and whether these patients differ.",
    variable = names(which.max(fit$missing)), n = out, value = out / all
  )
}

find_sparse_causes <- function(fit) {
  events <- vapply(curve_ranges(fit), function(at) {
    colSums(fit$n.event[at, -1L, drop = FALSE])
  }, double(length(fit$states) - 1L))
  events <- matrix(events, length(fit$states) - 1L)
  at <- which(events < 5, arr.ind = TRUE)
  if (!nrow(at)) return(note())
  group <- fit$groups[at[, 2L]]
  note(
    "sparse_level", "caution",
    paste0(
      ifelse(nzchar(group), paste0(group, ": "), ""), counts_of(events[at], "event"), " of ",
      quoted(fit$states[-1L][at[, 1L]]), " in ", counts_of(fit$n[at[, 2L]], "row"), "."
    ),
    "Give the numbers beside the incidence, or merge such groups with others.",
    variable = ifelse(nzchar(group), group, NA), level = fit$states[-1L][at[, 1L]],
    n = fit$n[at[, 2L]], events = events[at]
  )
}

find_sparse_groups <- function(fit) {
  at <- which(fit$group_events < 5)
  if (!length(at)) return(note())
  n <- as.double(fit$n)[at]
  note(
    "sparse_level", "caution",
    paste0(
      names(fit$group_events)[at], ": ", counts_of(fit$group_events[at], "event"), " in ",
      counts_of(n, "row"), "."
    ),
    "Merge such groups with others of their kind, before looking at their curves.",
    variable = names(fit$group_events)[at], n = n, events = fit$group_events[at]
  )
}
