# The status of competing risks: 0 is censored, 1 to K are the causes.

# Answer: status (0..K, integer), states (K labels), event (the rule in words),
# notes. Refuses to guess which values are causes; declared: whether the user has said that the
# first is censored.
code_states <- function(x, label, event, declared = FALSE) {
  if (!is.null(event)) return(states_by_event(x, label, event))
  if (declared) x <- as.factor(x)
  if (is.factor(x)) return(states_by_level(x, label, declared))
  if (is.logical(x) || (is.numeric(x) && all(c(0, 1) %in% x) && all(x %in% c(0, 1, NA)))) {
    value <- if (is.logical(x)) "TRUE" else "1"
    return(list(
      status = as.integer(x), states = deparse_short(as.name(label)),
      event = paste(tick(label), "is", value)
    ))
  }
  abort_states(x, label)
}

# The first level is censored, as in Surv(): it must be known to be no event, and none of the
# others may be. Of two levels the second must be known to be an event. Where that is declared it
# is enough that nothing speaks against it.
states_by_level <- function(x, label, declared) {
  kind <- outcome_kind(levels(x), label)
  refuse_censoring_cause(levels(x), kind, label)
  causes <- kind[-1L]
  plain <- length(causes) > 0L && !any(causes %in% c("none", "missing")) &&
    (declared || length(causes) > 1L && kind[1L] %in% "none")
  if (!plain && !is_known_pair(levels(x), label)) abort_states(x, label)
  states <- levels(x)[-1L]
  list(
    status = as.integer(x) - 1L, states = states,
    event = paste0(tick(label), " is ", enumerate(quoted(states), "or"), "; ",
                   quoted(levels(x)[1L]), " is censored")
  )
}

# A factor made by factor(x) has its levels in the order of the alphabet.
refuse_censoring_cause <- function(levels, kind, label) {
  at <- which(kind %in% "none")
  if (length(at) != 1L || at == 1L) return(invisible())
  name <- quoted(levels[at])
  abort(
    "event",
    paste0(tick(label), " has the first level ", quoted(levels[1L]),
           ", which would be censored, and ", name, " among the causes."),
    paste0("Make ", name, " the first level: `", label, " <- relevel(", label, ", ", name, ")`.")
  )
}

# event: values of the status, whose names (or else they themselves) are the causes.
# Values of one name are one cause.
states_by_event <- function(x, label, event) {
  values <- if (is.factor(x)) levels(x) else unique(x[!is.na(x)])
  if (is.factor(event)) event <- stats::setNames(as.character(event), names(event))
  unknown <- event[!event %in% values]
  if (!length(event) || length(unknown) || anyDuplicated(event)) {
    what <- if (!length(event)) "empty" else if (length(unknown)) format_value(unknown[[1L]])
    if (is.null(what)) what <- "the same value twice"
    abort(
      "event",
      paste0("`event` must be among the values of ", tick(label), ", not ", what, "."),
      paste0("The values are ", count_values(x), ".")
    )
  }
  states <- names(event)
  if (is.null(states)) states <- rep("", length(event))
  states[states == ""] <- as.character(event)[states == ""]
  causes <- unique(states)
  status <- match(states, causes)[match(x, event)]
  status[is.na(status)] <- 0L
  if (anyNA(x)) status[is.na(x)] <- NA
  list(
    status = status, states = causes,
    event = paste(tick(label), "is", enumerate(named_values(event, states), "or"))
  )
}

# 1 (failure) or "relapse"
named_values <- function(event, states) {
  values <- vapply(unname(event), format_value, "")
  ifelse(states == as.character(event), values, paste0(values, " (", states, ")"))
}

abort_states <- function(x, label) {
  values <- status_values(x, label, "Surv() takes the time first and the status second.")
  kind <- outcome_kind(values, label)
  example <- vapply(values, format_value, "")
  causes <- possible_causes(values, kind)
  names <- make.names(causes)
  if (is.numeric(x) && length(causes)) names <- c("failure", "death", paste0("cause", 3:10))
  abort(
    "event",
    paste0(tick(label), " has the values ", count_values(x), ", and the causes are not set."),
    if (length(causes) < 2L) {
      event_way_out(example, kind)
    } else {
      pairs <- paste(names[seq_along(causes)], "=", vapply(causes, format_value, ""))
      paste0("Set the causes, such as `event = c(", paste(pairs, collapse = ", "),
             ")`. All other values are censored.")
    },
    missing_way_out(example, kind),
    "Or convert the status to a factor whose first level is censoring."
  )
}

# Exactly what Surv() gives for competing risks.
as_states <- function(y, states) {
  attr(y, "type") <- paste0("m", attr(y, "type"))
  attr(y, "states") <- states
  y
}

state_labels <- function(y, surv) {
  states <- if (is.null(surv)) attr(y, "states") else surv$states
  if (is.null(states)) "event" else states
}
