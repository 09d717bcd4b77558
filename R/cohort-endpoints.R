# What an endpoint is made of, and those that a cohort has without being asked.

# An event happens at the date in a column, or, where the column is a status of
# which `value` is the event, at the end of follow-up. value: NULL for dates. cause, causes: of
# death, the column of causes and those that count.
event_source <- function(column, value = NULL, cause = NULL, causes = NULL) {
  list(column = column, value = value, cause = cause, causes = causes)
}

# origin, event: words. from: column, or NA for time zero. to: list of event_source(). otherwise:
# column of the last contact. competing: words, one for each list of event_source() in competing_to.
# applies: the event without which the clock never starts. cause: the column of the causes of
# death, where these are the events. user: whether lms_endpoint() made it. entry: column of the date
# from which a patient is under observation, or NULL for the start of the clock.
new_endpoint <- function(name, label, origin, from, event, to, otherwise, competing = NULL,
                         competing_to = NULL, applies = NULL, cause = NULL, user = FALSE,
                         entry = NULL) {
  list(
    name = name, label = label, kind = if (is.null(competing)) "survival" else "competing",
    origin = origin, from = from, event = event, to = to, otherwise = otherwise,
    competing = competing, competing_to = competing_to, applies = applies, cause = cause,
    user = user, entry = entry
  )
}

# Those that every cohort has, and those of its events.
cohort_endpoints <- function(meta) {
  roles <- meta$roles
  death <- list(event_source(roles[["died"]], meta$event$value))
  last <- roles[["last_contact"]]
  start <- if (meta$dates) roles[["diagnosis"]] else NA_character_
  out <- list(new_endpoint("os", "Overall survival", "diagnosis", start, "death", death, last))
  if (length(meta$causes) > 1L) out <- c(out, list(death_by_cause(meta, start)))
  events <- lapply(unname(meta$events), event_endpoints, meta, start, death)
  out <- lapply(c(out, unlist(events, recursive = FALSE)), function(endpoint) {
    endpoint["entry"] <- list(entry_column(meta))
    endpoint
  })
  stats::setNames(out, vapply(out, `[[`, "", "name"))
}

# Of one cause alone no other competes: that is `os`.
death_by_cause <- function(meta, start) {
  sources <- lapply(meta$causes, function(cause) {
    list(event_source(meta$roles[["died"]], meta$event$value, meta$roles[["cause"]], cause))
  })
  new_endpoint(
    "death_by_cause", "Death by cause", "diagnosis", start, meta$causes[1L], sources[[1L]],
    meta$roles[["last_contact"]], meta$causes[-1L], sources[-1L], cause = meta$roles[["cause"]]
  )
}

# os_x from the event to death; x_free to the event or death; time_to_x with death competing.
event_endpoints <- function(event, meta, start, death) {
  before <- if (!is.null(event$after)) meta$events[[event$after]]
  origin <- if (is.null(before)) "diagnosis" else before$word
  from <- if (is.null(before)) start else before$column
  date <- list(event_source(event$column))
  last <- meta$roles[["last_contact"]]
  titles <- c(
    os = paste("Survival after", event$word), free = paste0(event$label, "-free survival"),
    time_to = paste("Time to", event$word)
  )
  titles[names(event$titles)] <- event$titles
  make <- list(
    os = function(name, title) {
      new_endpoint(name, title, event$word, event$column, "death", death, last,
                   applies = event$name)
    },
    free = function(name, title) {
      new_endpoint(name, title, origin, from, paste(event$word, "or death"), c(date, death), last,
                   applies = event$after)
    },
    time_to = function(name, title) {
      new_endpoint(name, title, origin, from, event$word, date, last, "death", list(death),
                   applies = event$after)
    }
  )
  lapply(names(event$endpoints), function(kind) {
    make[[kind]](event$endpoints[[kind]], titles[[kind]])
  })
}
