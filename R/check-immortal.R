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

covariate_names <- function(fit) {
  unique(unlist(lapply(covariate_expressions(fit), all.vars)))
}

# By column of the model frame: the expressions of the covariates and strata.
covariate_expressions <- function(fit) {
  variables <- as.list(attr(fit$terms, "variables"))[-1L]
  stats::setNames(variables[-1L], names(fit$model)[seq_along(variables)[-1L]])
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

# For each variable: the columns of the frame that it makes, what they hold before
# it is known, and what that makes of it:
#   "switch"   they have one value in those in whom it never becomes known
#   "enter"    it is known some time in all: they enter the risk set then
#   "unclear"  neither
switch_plan <- function(fit, dated) {
  expressions <- lapply(covariate_expressions(fit), all.vars)
  lapply(stats::setNames(nm = names(dated)), function(name) {
    columns <- names(which(vapply(expressions, function(vars) name %in% vars, NA)))
    alone <- all(vapply(expressions[columns], function(vars) identical(unique(vars), name), NA))
    u <- dated[[name]]
    before <- lapply(stats::setNames(nm = columns), function(column) {
      value_before(fit$model[[column]], is.na(u))
    })
    plain <- alone && all(lengths(before) == 1L)
    kind <- if (!anyNA(u)) "enter" else if (plain) "switch" else "unclear"
    list(name = name, columns = columns, before = before, kind = kind, u = u)
  })
}

# The value of those in whom nothing becomes known; of several the one that only
# they have. NULL if that is not one value.
value_before <- function(x, never) {
  if (is.matrix(x)) return(NULL)
  values <- unique(x[never])
  if (length(values) > 1L) values <- values[!values %in% unique(x[!never])]
  if (length(values) == 1L) values
}

# Rows whose value holds only from a time after their own start. Times within
# rounding error of each other are the same.
known_late <- function(plan, frame, start, slack) {
  late <- !is.na(plan$u) & plan$u > start + slack
  if (plan$kind != "switch") return(late)
  changes <- lapply(plan$columns, function(column) frame[[column]] != plan$before[[column]])
  late & Reduce(`|`, changes)
}

start_times <- function(response) {
  if (is.null(response$entry)) double(length(response$time)) else pmax(response$entry, 0)
}

# What a note says of each variable that is known late in some rows.
late_counts <- function(fit, dated) {
  response <- fit_response(fit)
  start <- start_times(response)
  weights <- if (identical(fit$weight_type, "frequency")) fit$weights else rep(1, length(start))
  id <- fit$model[["(id)"]]
  rows <- lapply(switch_plan(fit, dated), function(plan) {
    late <- which(known_late(plan, fit$model, start, tied_within(response$time)))
    if (!length(late)) return(NULL)
    wrong <- pmin(plan$u[late], response$time[late]) - start[late]
    data.frame(
      variable = plan$name, kind = plan$kind,
      n = if (is.null(id)) sum(weights[late]) else length(unique(id[late])),
      events = sum((weights * response$status)[late]), median = stats::median(plan$u[late]),
      wrong = sum(weights[late] * wrong), own = sum((weights * (response$time - start))[late]),
      all = sum(weights * (response$time - start))
    )
  })
  do.call(rbind, unname(rows))
}

find_immortal_time <- function(fit, given) {
  if (!length(given$dated)) return(skipped("`known_from` can say when a covariate becomes known"))
  if (is.null(fit$model)) return(skipped("the model frame was not kept"))
  counts <- late_counts(fit, given$dated)
  if (is.null(counts)) return(note())
  fixed <- given$fix || !is.null(given$landmark)
  found <- note(
    "immortal_time", ifelse(counts$wrong > 0.05 * counts$own, "serious", "caution"),
    late_words(counts, fit),
    ifelse(
      counts$kind == "unclear",
      "Split the follow-up at its date (survival::tmerge()); the value before it is not plain.",
      ifelse(counts$kind == "enter", "Let these patients enter at that time.",
             "Let it switch on at that time.")
    ),
    code = ifelse(fixed | counts$kind == "unclear", NA, paste0(given$again, "fix = TRUE)")),
    variable = counts$variable, n = counts$n, events = counts$events, value = counts$wrong,
    other = counts$median
  )
  if (fixed) add_refits(found, fit, given) else found
}

late_words <- function(counts, fit) {
  unit <- fit$time_unit
  origin <- if (is.null(fit$origin)) "the start" else fit$origin
  number <- function(x) format(signif(x, 3L), big.mark = ",", trim = TRUE, scientific = FALSE)
  whole <- function(x) format(round(x), big.mark = ",", trim = TRUE, scientific = FALSE)
  paste0(
    tick(counts$variable), " becomes known only after ", origin, " in ",
    counts_of(counts$n, "patient"), " (median ", number(counts$median),
    if (!is.null(unit)) paste0(" ", unit), "), but is fitted as known from ", origin, ": ",
    whole(counts$wrong), " ", person_time(unit), " of ", whole(counts$all),
    " are counted to the wrong group."
  )
}

# Adds the hazard ratios of the fixed and of the switching covariates.
add_refits <- function(found, fit, given) {
  plans <- Filter(function(plan) plan$kind != "unclear", switch_plan(fit, given$dated))
  if (!length(plans)) return(found)
  fits <- list()
  # A fit that cannot be made keeps its place, as NULL.
  if (given$fix) fits["time-dependent"] <- list(refit_rows(fit, switched_rows(fit, plans)))
  if (!is.null(given$landmark)) {
    rows <- rows_at_landmark(fit, plans, given$landmark)
    fits["landmark"] <- list(refit_rows(fit, rows))
  }
  at <- dated_coefficients(fit, names(plans))
  parts <- c(list(fixed = fit), fits)
  ratios <- Map(function(part, method) {
    wald_ratios(part, if (!is.null(part)) same_coefficients(fit, part, at) else NA * at, method)
  }, unname(parts), names(parts))
  attr(found, "ratios") <- cbind(
    ratio_columns(fit, rep(at, length(parts))), do.call(rbind, ratios)
  )
  attr(found, "fits") <- Filter(Negate(is.null), fits)
  found
}

dated_coefficients <- function(fit, dated) {
  concerned <- vapply(names(fit$assign), function(label) {
    any(all.vars(str2lang(label)) %in% dated)
  }, NA)
  unlist(fit$assign[concerned], use.names = FALSE)
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
    conf.high = exp(b + z * se), p.value = stats::pchisq((b / se)^2, 1, lower.tail = FALSE),
    row.names = NULL
  )
}

# NULL where the rows allow no fit.
refit_rows <- function(fit, frame) {
  if (is.null(frame)) return(NULL)
  out <- tryCatch(
    suppressWarnings(quiet(fit_frame(fit, frame))), lmsurv_error = function(e) NULL
  )
  # update() of it would fit the old rows again.
  if (!is.null(out)) out$call <- quote(lms_check(fit, fix = TRUE))
  out
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
