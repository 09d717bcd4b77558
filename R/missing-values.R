# Missing values: one look at each column, and a copy only if rows must go.

has_missing <- function(x) {
  if (is.object(x) && !is.factor(x)) return(any(is.na(unclass(x))))
  anyNA(x)
}

missing_rows <- function(x) {
  x <- is.na(if (is.object(x) && !is.factor(x)) unclass(x) else x)
  if (is.matrix(x)) rowSums(x) > 0 else x
}

# frame: a model frame made with na.pass. Answer: frame with the rows that the
# na.action leaves, keep (their numbers, or NULL when nothing went), na.action as
# coxph stores it, missing (named counts by variable), not_applicable (a count of rows). surv: what
# read_surv() gave, whose vectors are looked at in place of the Surv matrix. outside: the rows to
# which the response does not apply, where nothing is missing; looked at only if there is need.
handle_missing <- function(frame, na.action, labels, surv = NULL, outside = NULL) {
  response <- if (is.null(surv)) {
    has_missing(frame[[1L]])
  } else {
    anyNA(surv$time) || anyNA(surv$entry) || anyNA(surv$status)
  }
  incomplete <- which(c(response, vapply(frame[-1L], has_missing, logical(1))))
  if (!length(incomplete)) return(list(frame = frame))
  gone <- lapply(frame[incomplete], missing_rows)
  if (!any(vapply(gone, any, NA))) return(list(frame = frame))
  never <- sum(outside)
  counts <- vapply(gone, function(rows) sum(if (never) rows & !outside else rows), 0)
  names(counts) <- labels[incomplete]
  counts <- counts[counts > 0]
  if (identical(na.action, stats::na.omit) || identical(na.action, stats::na.exclude)) {
    omit <- Reduce(`|`, gone)
    class <- if (identical(na.action, stats::na.omit)) "omit" else "exclude"
    return(c(drop_rows(frame, omit, class, counts), if (never) list(not_applicable = never)))
  }
  if (identical(na.action, stats::na.fail) && length(counts)) {
    abort(
      "missing", paste0("The data have missing values: ", missing_summary(counts), "."),
      paste0(sum(Reduce(`|`, gone)), " of ", count_of(nrow(frame), "row"), " have at least one."),
      "Set `na.action = na.omit` to exclude these rows."
    )
  }
  apply_na_action(frame, na.action, counts)
}

drop_rows <- function(frame, omit, class, counts) {
  at <- which(omit)
  if (length(at) == length(omit)) abort_no_rows(counts, length(omit))
  row_names <- attr(frame, "row.names")
  names(at) <- row_names[at]
  class(at) <- class
  keep <- which(!omit)
  kept <- lapply(frame, function(x) if (is.matrix(x)) x[keep, , drop = FALSE] else x[keep])
  kept <- structure(
    kept, class = "data.frame", row.names = row_names[keep], terms = attr(frame, "terms"),
    na.action = at
  )
  list(frame = kept, keep = keep, na.action = at, missing = counts)
}

# A na.action of the user's own making.
apply_na_action <- function(frame, na.action, counts) {
  if (is.null(na.action)) na.action <- stats::na.pass
  n <- nrow(frame)
  done <- na.action(frame)
  if (!nrow(done)) abort_no_rows(counts, n)
  if (any(vapply(done, has_missing, logical(1)))) {
    abort(
      "missing",
      paste0("`na.action` left missing values in the data: ", missing_summary(counts), "."),
      "Set `na.action = na.omit` to exclude these rows."
    )
  }
  at <- attr(done, "na.action")
  keep <- if (length(at)) seq_len(n)[-as.integer(at)]
  list(frame = done, keep = keep, na.action = at, missing = counts)
}

abort_no_rows <- function(counts, n) {
  abort(
    "no_rows",
    paste0("No row is complete: each of the ", count_of(n, "row"), " has a missing value."),
    paste0("Missing: ", missing_summary(counts), "."),
    "Remove the variable with most missing values, or impute these values."
  )
}

resolve_na_action <- function(na.action) {
  if (is.character(na.action) && length(na.action) == 1L) {
    na.action <- get0(na.action, mode = "function", ifnotfound = na.action)
  }
  if (!is.null(na.action) && !is.function(na.action)) {
    abort("argument", paste0("`na.action` must be a function, not ", describe(na.action), "."),
          "Use na.omit, na.exclude or na.fail.")
  }
  na.action
}

# The response of the rows that went, for lms_check(): time, status, and entry and
# frequencies where there are any. gone: numbers of the rows of the frame.
left_out_response <- function(frame, gone, weight_type) {
  y <- .subset2(frame, 1L)[gone, , drop = FALSE]
  weights <- if (weight_type == "frequency") .subset2(frame, "(weights)")[gone]
  parts <- c(split_surv(y), list(weights = weights))
  parts[lengths(parts) > 0L]
}

# Of the rows of the data, those that a fit could use, and those that missing values have cost it.
# Where an endpoint does not apply nothing is missing.
applicable_rows <- function(fit) fit$n_data - sum(fit$not_applicable)

excluded_rows <- function(fit) length(unclass(fit)$na.action) - sum(fit$not_applicable)
