# A status that does not say which value is the event: what it holds, and what to type.

abort_status <- function(x, label, cuminc = NULL) {
  values <- status_values(x, label, "Surv() takes the time first and the status second.",
                          "Set `event` to the value that is the event.")
  example <- vapply(values, format_value, "")
  if (length(values) == 1L) {
    abort(
      "event",
      paste0(tick(label), " is ", example, " in all ", count_of(sum(!is.na(x)), "row"),
             ", so it is unclear whether ", example, " is the event."),
      paste0("If all of these rows are events, set `event = ", example, "`.")
    )
  }
  kind <- outcome_kind(values, label)
  abort(
    "event",
    paste0(tick(label), " has the values ", count_values(x), ", and the event is not set."),
    event_way_out(example, kind),
    competing_way_out(values, kind, cuminc), missing_way_out(example, kind)
  )
}

# Values that a status has, few enough for one.
status_values <- function(x, label, ...) {
  values <- if (is.factor(x)) levels(x) else sort(unique(x[!is.na(x)]))
  if (!length(values)) {
    abort("event", paste0(tick(label), " is missing in all ", count_of(length(x), "row"), "."))
  }
  if (length(values) > 10L) {
    abort("event",
          paste0(tick(label), " has ", length(values), " different values, too many for a status."),
          paste(...))
  }
  values
}

# Offers no value that is known to be censored or missing.
event_way_out <- function(example, kind) {
  known <- example[kind %in% "event"]
  open <- example[is.na(kind) | kind == "event"]
  if (!length(open)) {
    return("Set `event` to the value that is the event. All other values are censored.")
  }
  any <- if (length(open) > 1L && length(open) < length(example)) {
    paste0(", or `event = c(", paste(open, collapse = ", "), ")` for any of these")
  }
  if (length(known) == 1L) {
    return(paste0("Set `event = ", known, "` (all other values are censored)", any, "."))
  }
  paste0(
    "Set ", enumerate(paste0("`event = ", open, "`"), "or", 10L),
    if (length(open) == 1L) " if that is the event" else ", whichever is the event", any,
    ". All other values are censored."
  )
}

# Causes among the values: all that are known neither to be censored nor to be missing. Where
# none is known to be censored, the first of those that may be is left out.
possible_causes <- function(values, kind) {
  causes <- is.na(kind) | kind == "event"
  if (!any(kind %in% "none") && anyNA(kind)) causes[which(is.na(kind))[1L]] <- FALSE
  values[causes]
}

competing_way_out <- function(values, kind, cuminc) {
  causes <- possible_causes(values, kind)
  if (is.null(cuminc) || length(causes) < 2L) return(NULL)
  typed <- cuminc(causes)
  c(paste("If they are competing events, use lms_cuminc():", typed[1L]), typed[-1L])
}

missing_way_out <- function(example, kind) {
  unknown <- example[kind %in% "missing"]
  if (length(unknown)) {
    paste0("If ", unknown[1L], " stands for a missing value, set it to NA first.")
  }
}

# 0 (n = 120), 1 (n = 60) and 2 (n = 20)
count_values <- function(x) {
  counts <- table(x)
  counts <- counts[counts > 0L]
  names <- if (is.numeric(x)) names(counts) else quoted(names(counts))
  enumerate(paste0(names, " (n = ", counts, ")"))
}
