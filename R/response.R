# Checks of the response, weights and offset, and the form the core takes.

# competing: how to type lms_cuminc() for the same formula, in one line or two.
check_response <- function(y, event, is_object, outcome, competing) {
  if (!inherits(y, "Surv")) {
    abort("response", paste0("The left side of `formula` must be a Surv(), not ", describe(y), "."),
          "Write `Surv(time, status) ~ ...`.")
  }
  type <- attr(y, "type")
  if (outcome == "states") type <- sub("^m(right|counting)$", "\\1", type)
  if (!type %in% c("right", "counting")) {
    abort(
      "response",
      paste0(
        "The left side of `formula` holds ", quoted(type),
        " data. Only right-censored and (start, stop] data are supported."
      ),
      if (type %in% c("mright", "mcounting")) {
        c(
          paste0(
            "For one kind of event write `Surv(time, status == ", quoted(attr(y, "states")[1L]),
            ")`; in a cohort, make an endpoint without `competing` by lms_endpoint()."
          ),
          paste("For competing events, use lms_cuminc():", competing[1L]), competing[-1L]
        )
      }
    )
  }
  if (is_object && !is.null(event)) {
    abort("event", "`event` can only be used if the formula has `Surv(time, status)`.")
  }
}

# surv: what read_surv() gave, whose columns are taken by reference if no row
# went. rows: numbers of the rows in the data, or NULL.
read_response <- function(frame, surv, rows, weight_type, outcome) {
  y <- .subset2(frame, 1L)
  if (is.null(rows) && !is.null(surv)) {
    response <- surv[c("time", "entry", "status")]
  } else if (has_response(surv)) {
    response <- split_surv(y)
  } else {
    response <- lapply(surv[c("time", "entry", "status")], function(x) x[y])
  }
  check_times(response, surv$labels, rows)
  strata <- read_strata(frame)
  response <- list(
    time = response$time, entry = response$entry, status = response$status,
    strata = if (!is.null(strata)) as.integer(strata),
    weights = read_weights(frame, rows, weight_type),
    offset = read_offset(frame, rows)
  )
  if (outcome == "event") check_events(response, surv$notes["never_true"])
  list(response = response, strata = strata)
}

split_surv <- function(y) {
  k <- ncol(y)
  list(
    time = .subset(y, TRUE, k - 1L), entry = if (k == 3L) .subset(y, TRUE, 1L),
    status = as.integer(.subset(y, TRUE, k))
  )
}

correct_or_subset <- "Correct these values, or exclude these rows with `subset`."

row_number <- function(at, rows) if (is.null(rows)) at else rows[at]

check_missing_times <- function(y, surv, rows) {
  if (is.null(surv)) return(invisible())
  for (role in c("entry", "time")) {
    column <- if (role == "entry") 1L else ncol(y) - 1L
    if (is.null(surv[[role]]) || !anyNA(surv[[role]])) next
    at <- which(is.na(.subset(y, TRUE, column)))
    if (!length(at)) next
    label <- tick(surv$labels[[role]])
    abort(
      "time",
      paste0(label, " must be known, not missing (", row_list(row_number(at[1L], rows)), ")."),
      row_count(row_number(at, rows), nrow(y)),
      "Correct these values, or set `na.action = na.omit` to exclude these rows."
    )
  }
}

check_times <- function(response, labels, rows, leave_out = correct_or_subset) {
  if (is.null(labels)) labels <- c(entry = "start", time = "time")
  label <- function(role) tick(labels[[role]])
  time <- response$time
  entry <- response$entry
  for (role in c("entry", "time")) {
    x <- response[[role]]
    if (is.null(x) || is.finite(sum(x))) next
    refuse_rows("time", which(!is.finite(x)), x, rows, label(role), "must be finite", leave_out)
  }
  if (is.null(entry)) {
    if (min(time) < 0) {
      condition <- paste0("`subset = ", labels[["time"]], " >= 0`")
      way_out <- sub("`subset`", condition, leave_out, fixed = TRUE)
      at <- which(time < 0)
      refuse_rows("time", at, time, rows, label("time"), "must be 0 or more", way_out)
    }
    return(invisible())
  }
  if (any(entry >= time)) {
    at <- which(entry >= time)
    abort(
      "time",
      paste0(
        label("entry"), " must be before ", label("time"), ", not ", format_value(entry[at[1L]]),
        " with ", format_value(time[at[1L]]), " (", row_list(row_number(at[1L], rows)), ")."
      ),
      row_count(row_number(at, rows), length(time)),
      leave_out
    )
  }
}

# `months` must be 0 or more, not -3 (row 17).
refuse_rows <- function(class, at, x, rows, label, must, way_out) {
  if (!length(at)) return(invisible())
  abort(
    class,
    paste0(
      label, " ", must, ", not ", format_value(x[at[1L]]), " (", row_list(row_number(at[1L], rows)),
      ")."
    ),
    row_count(row_number(at, rows), length(x)), way_out,
    fields = list(rows = row_number(at, rows))
  )
}

check_events <- function(response, never_true = NULL) {
  counted <- if (is.null(response$weights)) response$status else response$status * response$weights
  if (sum(counted) > 0) return(invisible())
  abort(
    "no_events",
    paste0("There are no events in the ", count_of(length(response$status), "row"), " in use."),
    stats::na.omit(never_true),
    "Check `subset`, missing values and the status. Without events, no hazard can be estimated."
  )
}

# The strata() terms of the formula as one factor without empty levels.
read_strata <- function(frame) {
  columns <- attr(attr(frame, "terms"), "specials")$strata
  if (is.null(columns)) return(NULL)
  strata <- combine_strata(frame[columns])
  if (any(tabulate(strata, nlevels(strata)) == 0L)) factor(strata) else strata
}

combine_strata <- function(columns) {
  if (length(columns) == 1L) columns[[1L]] else steady(survival::strata)(columns, shortlabel = TRUE)
}

read_weights <- function(frame, rows, weight_type) {
  weights <- .subset2(frame, "(weights)")
  if (is.null(weights)) {
    if (weight_type != "case") {
      abort("weights", paste0("`weight_type = ", quoted(weight_type), "` needs `weights`."))
    }
    return(NULL)
  }
  if (!is.numeric(weights)) {
    abort("weights", paste0("`weights` must be numeric, not ", describe(weights), "."))
  }
  check_weights(as.double(weights), rows, weight_type)
}

check_weights <- function(weights, rows, weight_type, leave_out = correct_or_subset) {
  if (is.null(weights)) return(NULL)
  if (!is.finite(sum(weights)) || min(weights) < 0) {
    refuse_rows("weights", which(!is.finite(weights) | weights < 0), weights, rows, "`weights`",
                "must be finite and 0 or more", leave_out)
  }
  if (weight_type == "frequency" && any(weights != floor(weights))) {
    refuse_rows(
      "weights", which(weights != floor(weights)), weights, rows, "`weights`",
      "must be whole numbers",
      "Frequencies are counts. For other weights, set `weight_type` to \"case\" or \"sampling\"."
    )
  }
  weights
}

read_offset <- function(frame, rows) {
  for (i in attr(attr(frame, "terms"), "offset")) {
    if (is.numeric(frame[[i]]) && NCOL(frame[[i]]) == 1L) next
    abort("offset", paste0(tick(names(frame)[i]), " must be one number per row, not ",
                           describe(frame[[i]]), "."))
  }
  offset <- stats::model.offset(frame)
  if (is.null(offset) || all(offset == 0)) return(NULL)
  offset <- as.double(offset)
  refuse_rows(
    "offset", which(!is.finite(offset)), offset, rows, "offset()", "must be finite",
    "Correct these values: the offset is a log hazard ratio."
  )
  offset
}

# Whether the first column of the model frame is the response and not the
# numbers of the rows.
has_response <- function(surv) is.null(surv) || !is.null(surv$y)
