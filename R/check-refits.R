# A Cox model fitted again with covariates that hold only from when they become known.

# By method, the model with covariates that hold from when they become known; NULL where there is
# none to make. A fit that cannot be made keeps its place, as NULL.
dated_refits <- function(fit, given) {
  if (!given$fix && is.null(given$landmark)) return(NULL)
  plans <- Filter(function(plan) plan$kind != "unclear", switch_plan(fit, given$dated))
  if (!length(plans)) return(NULL)
  fits <- list()
  if (given$fix) {
    fits["time-dependent"] <- list(refit_rows(fit, switched_rows(fit, plans)))
    earlier <- before_ties(plans, fit_response(fit))
    if (!is.null(earlier)) fits["same day"] <- list(refit_rows(fit, switched_rows(fit, earlier)))
  }
  if (!is.null(given$landmark)) {
    rows <- rows_at_landmark(fit, plans, given$landmark)
    fits["landmark"] <- list(refit_rows(fit, rows))
  }
  list(names = names(plans), fits = c(list(fixed = fit), fits))
}

# The same with a time at which a row ends with an event moved before that end, after all other
# times, as survival's `heart` has the transplants of patients who died on that day. NULL where
# there is none.
before_ties <- function(plans, response) {
  slack <- tied_within(response$time)
  dead <- response$status > 0
  tied <- lapply(plans, function(plan) which(abs(plan$u - response$time) <= slack & dead))
  if (!any(lengths(tied))) return(NULL)
  times <- c(0, start_times(response), response$time)
  Map(function(plan, at) {
    plan$u[at] <- just_before(response$time[at], times)
    plan
  }, plans, tied)
}

# For each variable its hazard ratios by method, NULL where no model is made of it. The ratios of a
# term of several variables stand with the first of them.
dated_ratios <- function(fit, refits, variables) {
  variables_of <- lapply(stats::setNames(nm = names(fit$assign)), function(label) {
    all.vars(str2lang(label))
  })
  lapply(seq_along(variables), function(k) {
    if (!variables[k] %in% refits$names) return(NULL)
    own <- vapply(variables_of, function(vars) {
      variables[k] %in% vars && !any(variables[seq_len(k - 1L)] %in% vars)
    }, NA)
    at <- unlist(fit$assign[own], use.names = FALSE)
    if (length(at)) cbind(measure = "hazard ratio", ratios_by_method(fit, refits$fits, at))
  })
}

ratios_by_method <- function(fit, fits, at) {
  ratios <- Map(function(part, method) {
    wald_ratios(part, if (!is.null(part)) same_coefficients(fit, part, at) else NA * at, method)
  }, unname(fits), names(fits))
  cbind(ratio_columns(fit, rep(at, length(fits))), do.call(rbind, ratios))
}

# The numbers in `other` of coefficients of `fit`, NA where its rows have no such level, or another
# reference.
same_coefficients <- function(fit, other, at) {
  ours <- fit$level_table
  theirs <- other$level_table
  reference <- function(table, term) table$level[table$term == term & table$coef == 0L]
  vapply(at, function(j) {
    row <- ours[match(j, ours$coef), ]
    found <- theirs$coef[theirs$term == row$term & theirs$level %in% row$level & theirs$coef > 0L]
    named <- names(other$coefficients)[found] == names(fit$coefficients)[j]
    alike <- identical(reference(ours, row$term), reference(theirs, row$term))
    if (alike && sum(named) == 1L) found[named] else NA_integer_
  }, 0L)
}

wald_ratios <- function(fit, at, method) {
  none <- rep(NA_real_, length(at))
  b <- if (is.null(fit)) none else unname(fit$coefficients)[at]
  se <- if (is.null(fit)) none else sqrt(diag(fit$var))[at]
  endless <- match(at, fit$infinite_at)
  b[!is.na(endless)] <- unname(fit$infinite)[endless[!is.na(endless)]]
  se[!is.na(endless)] <- NA
  z <- if (is.null(fit)) NA else stats::qnorm((1 + fit$conf_level) / 2)
  data.frame(
    method = rep(method, length(at)), estimate = exp(b), conf.low = exp(b - z * se),
    conf.high = exp(b + z * se), estimate_p = stats::pchisq((b / se)^2, 1, lower.tail = FALSE),
    row.names = NULL
  )
}

# NULL where the rows allow no fit.
refit_rows <- function(fit, frame) {
  if (is.null(frame)) return(NULL)
  tryCatch(suppressWarnings(quiet(fit_frame(fit, frame))), lmsurv_error = function(e) NULL)
}

# The model frame cut at the times at which a covariate becomes known.
switched_rows <- function(fit, plans) {
  response <- fit_response(fit)
  pieces <- cut_rows(response, lapply(plans, `[[`, "u"))
  row <- pieces$row
  known <- pmax(pieces$from, 0)
  frame <- frame_at(fit$model[row, , drop = FALSE], plans, row, known + tied_within(response$time))
  y <- cbind(start = pieces$from, stop = pieces$to, status = pieces$last * response$status[row])
  with_response(frame$frame, y, row, frame$kept)
}

# Pieces of each row between the times at which something becomes known. Rows
# without an entry begin before 0, so that an event at 0 counts.
cut_rows <- function(response, times) {
  n <- length(response$time)
  slack <- tied_within(response$time)
  start <- start_times(response)
  first <- if (is.null(response$entry)) rep(-1, n) else response$entry
  cuts <- lapply(times, function(u) {
    at <- which(u > start + slack & u < response$time - slack)
    list(row = at, from = u[at])
  })
  row <- c(seq_len(n), unlist(lapply(cuts, `[[`, "row")))
  from <- c(first, unlist(lapply(cuts, `[[`, "from")))
  o <- order(row, from)
  row <- row[o]
  from <- from[o]
  twice <- c(FALSE, row[-1L] == row[-length(row)] & from[-1L] - from[-length(from)] <= slack)
  row <- row[!twice]
  from <- from[!twice]
  last <- !duplicated(row, fromLast = TRUE)
  to <- ifelse(last, response$time[row], c(from[-1L], NA))
  list(row = row, from = from, to = to, last = last)
}

# Covariates as known at a time, a number for each row of the frame; row: numbers
# of the rows that they come from. kept: the rows that are in the risk set.
frame_at <- function(frame, plans, row, time) {
  kept <- rep(TRUE, length(row))
  for (plan in plans) {
    later <- which(!is.na(plan$u[row]) & plan$u[row] > time)
    if (plan$kind == "enter") kept[later] <- FALSE
    for (column in names(plan$before)[plan$kind == "switch"]) {
      frame[[column]][later] <- plan$before[[column]]
    }
  }
  list(frame = frame, kept = kept)
}

# The pieces of a row belong together, as the rows of one patient do.
with_response <- function(frame, y, row, kept) {
  if (!any(kept)) return(NULL)
  if (is.null(frame[["(id)"]])) frame[["(id)"]] <- row
  frame <- frame[kept, , drop = FALSE]
  y <- y[kept, , drop = FALSE]
  frame[[1L]] <- survival::Surv(y[, "start"], y[, "stop"], y[, "status"])
  row.names(frame) <- NULL
  frame
}

# Those still followed after the landmark, from then on.
rows_at_landmark <- function(fit, plans, landmark) {
  response <- fit_response(fit)
  row <- which(response$time > landmark + tied_within(response$time))
  if (!length(row)) return(NULL)
  frame <- frame_at(fit$model[row, , drop = FALSE], plans, row, landmark)
  start <- if (is.null(response$entry)) landmark else pmax(response$entry[row], landmark)
  y <- cbind(start = start, stop = response$time[row], status = response$status[row])
  with_response(frame$frame, y, row, frame$kept)
}
