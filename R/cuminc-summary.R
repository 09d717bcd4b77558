#' Read the cumulative incidence at given times
#'
#' `summary()` gives the cumulative incidence with its 95% CI at times that you choose, such as 5
#' years. After the last follow-up of a group, the incidence is unknown: the result is `NA`, and
#' the print shows "not estimable". [survival::survfit()]'s summary omits such a line or, with
#' `extend = TRUE`, repeats the last value. If every patient has had an event, the incidence is
#' known at all later times.
#'
#' @param object,x Curves made by [lms_cuminc()], or their summary.
#' @param times The times at which the incidence is wanted, in the unit of the data. By default
#'   all event times are used.
#' @param censored `TRUE` to also list the times without an event, if `times` is omitted.
#' @param scale A number above 0 by which times are divided in the result.
#' @param extend `TRUE` to repeat the last value after the last follow-up.
#' @param digits A whole number that sets the decimals of the percentages.
#' @param ... Not used.
#' @return An object of class `c("summary.lms_cuminc", "summary.survfitms")` with the components
#'   of [lms_cuminc()] at these times. `n.risk` is the number at risk just before the time.
#'   `n.event` and `n.censor` count since the previous time, the first from the start. The others
#'   are `time`, `pstate`, `std.err`, `lower`, `upper`, `cumhaz`, `strata` (a factor) and `last`,
#'   the last follow-up of each group.
#' @examples
#' fit <- lms_cuminc(Surv(time, status) ~ trt, data = survival::pbc,
#'                   event = c(transplant = 1, death = 2))
#' summary(fit, times = c(1000, 2000, 3000))
#' @export
summary.lms_cuminc <- function(object, times, censored = FALSE, scale = 1, extend = FALSE, ...) {
  refuse_typed_dots("summary", c("times", "censored", "scale", "extend"), dot_names(...),
                    cuminc_summary_ways_out)
  check_flag(censored, "censored")
  check_flag(extend, "extend")
  check_number(scale, "scale", 0)
  if (scale == 0) abort("argument", "`scale` must be above 0, not 0.")
  times <- if (!missing(times)) sort(check_curve_times(times))
  parts <- lapply(curve_ranges(object), function(at) {
    part <- cuminc_part(object, at)
    if (is.null(times)) at_event_times(part, censored) else at_times(part, times, extend)
  })
  out <- unclass(object)
  bound <- setdiff(names(parts[[1L]]), "last")
  out[bound] <- lapply(stats::setNames(nm = bound), function(name) {
    bind <- if (is.matrix(parts[[1L]][[name]])) rbind else c
    do.call(bind, lapply(unname(parts), `[[`, name))
  })
  out$last <- object$last / scale
  sizes <- vapply(parts, function(part) length(part$time), 0L)
  if (!is.null(times)) {
    out$n.risk <- matrix(
      c(at_risk_at(object, times), double(sum(sizes) * (length(out$states) - 1L))), sum(sizes),
      dimnames = list(NULL, out$states)
    )
  }
  out$strata <- if (!is.null(object$strata)) factor(rep(object$groups, sizes), object$groups)
  out$time <- out$time / scale
  structure(out, class = c("summary.lms_cuminc", "summary.survfitms"))
}

cuminc_counts <- c("n.event", "n.censor")
cuminc_values <- c("pstate", "std.err", "lower", "upper", "cumhaz")

cuminc_part <- function(x, at) {
  names <- intersect(c("time", "n.risk", cuminc_counts, cuminc_values), names(x))
  part <- lapply(unclass(x)[names], pick_rows, at)
  part$last <- x$time[at[length(at)]]
  part
}

at_event_times <- function(part, censored) {
  if (censored) return(part)
  kept <- which(rowSums(part$n.event) > 0)
  out <- part
  names <- setdiff(names(part), c("last", "n.censor"))
  out[names] <- lapply(part[names], pick_rows, kept)
  out$n.censor <- count_between(part$n.censor, kept)
  out
}

# Before the first time: everybody without an event, and no limits of what is 0.
at_start <- function(name, states) {
  if (name %in% c("lower", "upper")) return(c(1, rep(NA_real_, states - 1L)))
  if (name == "pstate") c(1, double(states - 1L)) else double(states)
}

at_times <- function(part, times, extend) {
  before <- findInterval(times, part$time)
  out <- part
  for (name in intersect(cuminc_counts, names(part))) {
    out[[name]] <- count_between(part[[name]], before)
  }
  beyond <- times > part$last & part$pstate[nrow(part$pstate), 1L] > 0 & !extend
  for (name in intersect(cuminc_values, names(part))) {
    x <- pick_rows(part[[name]], pmax(before, 1L))
    start <- at_start(name, ncol(x))
    x[before == 0L, ] <- rep(start, each = sum(before == 0L))
    x[beyond, ] <- NA
    out[[name]] <- x
  }
  out$time <- times
  out$n.risk <- NULL
  out
}

#' Find the time at which a cumulative incidence is reached
#'
#' `quantile()` gives the first time at which the cumulative incidence of a cause is `probs` or
#' more. For example, it finds the time by which 10% of the patients have relapsed. Its
#' confidence limits are the first times at which the upper and the lower limit of the curve
#' reach this level.
#'
#' @param x Curves made by [lms_cuminc()].
#' @param probs Numbers above 0, up to 1: the incidences to be reached.
#' @param ... Not used.
#' @return A data frame with a row for each group, cause and element of `probs`: `strata` (with
#'   groups), `state`, `prob`, `quantile`, `lower`, `upper`. They are `NA` where the curve does
#'   not reach this level.
#' @examples
#' fit <- lms_cuminc(Surv(time, status) ~ trt, data = survival::pbc,
#'                   event = c(transplant = 1, death = 2))
#' quantile(fit, c(0.1, 0.25))
#' @importFrom stats quantile
#' @export
quantile.lms_cuminc <- function(x, probs = c(0.25, 0.5), ...) {
  refuse_typed_dots("quantile", "probs", dot_names(...), cuminc_quantile_ways_out)
  if (!is.numeric(probs) || anyNA(probs) || any(probs <= 0 | probs > 1)) {
    abort("argument", paste0("`probs` must be above 0 and up to 1, not ", describe(probs), "."))
  }
  causes <- x$states[-1L]
  reach <- function(y, time) {
    vapply(probs, function(p) time[which(y >= p - 1e-12)[1L]], 0)
  }
  parts <- Map(function(at, label) {
    rows <- lapply(seq_along(causes), function(k) {
      curve <- function(name) {
        if (is.null(x[[name]])) return(rep(NA_real_, length(probs)))
        reach(x[[name]][at, k + 1L], x$time[at])
      }
      data.frame(
        strata = label, state = causes[k], prob = probs, quantile = curve("pstate"),
        lower = curve("upper"), upper = curve("lower")
      )
    })
    do.call(rbind, rows)
  }, curve_ranges(x), x$groups)
  out <- do.call(rbind, unname(parts))
  if (is.null(x$strata)) out$strata <- NULL
  out
}

# A plain survfitms of some groups and states, whatever the version of survival:
# x[groups, states], or x[states] of a single curve.
#' @export
`[.lms_cuminc` <- function(x, i, j, ...) {
  single <- is.null(x$strata)
  if (single && nargs() == 2L) return(pick_incidence(x, 1L, if (missing(i)) NULL else i))
  if (nargs() < 3L && !missing(i)) {
    abort("argument", "Curves of several groups have two indices.",
          "Use `fit[groups, ]`, `fit[, states]` or `fit[groups, states]`.")
  }
  pick_incidence(x, if (missing(i)) NULL else i, if (missing(j)) NULL else j)
}

# groups, states: numbers, names or flags; NULL for all.
pick_incidence <- function(x, groups, states) {
  places <- function(index, names) {
    at <- stats::setNames(seq_along(names), names)
    at <- if (is.null(index)) at else at[index]
    if (anyNA(at)) {
      abort("argument", paste0("An index must be among ", enumerate(quoted(names)), "."))
    }
    unname(at)
  }
  groups <- places(groups, x$groups)
  all_states <- is.null(states)
  states <- places(states, x$states)
  rows <- unlist(curve_ranges(x)[groups], use.names = FALSE)
  out <- list(n = x$n[groups], time = x$time[rows])
  for (name in c("n.risk", "n.event", "n.censor", "pstate", "std.err", "lower", "upper")) {
    out[[name]] <- x[[name]][rows, states, drop = FALSE]
  }
  if (all_states) out$cumhaz <- x$cumhaz[rows, , drop = FALSE]
  for (name in c("p0", "sp0")) {
    start <- x[[name]]
    by_group <- is.matrix(start)
    out[[name]] <- if (by_group) start[groups, states, drop = FALSE] else start[states]
  }
  out$strata <- x$strata[groups]
  same <- c("logse", "conf.type", "conf.int", "type", "t0", "call")
  out[same] <- unclass(x)[same]
  out$n.id <- x$n.id[groups]
  out$states <- x$states[states]
  structure(out[lengths(out) > 0L], class = c("survfitms", "survfit"))
}
