# The dated events of a cohort, under the names of its user.

# given: expressions of lms_cohort() by argument. Answer: a list by event, in the order in which
# they were given, each of
#   name, column     as the user calls it; its dates
#   label, word      "Bone metastasis"; "bone metastasis" inside a sentence
#   ever             its column of TRUE and FALSE
#   after            the event from which it counts, or NULL for the diagnosis
#   endpoints        c(os =, free =, time_to =), those that it has; titles: names for them
#   by_name          whether its column was taken by its name
read_events <- function(given, patients, roles, env) {
  own <- read_own_events(given[["events"]], patients, env)
  events <- c(read_sugar_events(given, own, patients, env), own)
  check_event_names(events, roles)
  lapply(events, function(event) {
    if (is.null(event$after) || event$after %in% names(events)) return(event)
    if (!event$name %in% names(sugar_events)) {
      abort("argument", paste0("`events`: ", tick(event$name), " counts from ",
                               tick(event$after), ", which is not an event."),
            did_you_mean(event$after, names(events)))
    }
    # Without the event that it counts from, its time is not known.
    event[c("after", "endpoints")] <- list(NULL, character())
    event
  })
}

read_sugar_events <- function(given, own, patients, env) {
  taken <- vapply(own, `[[`, "", "column")
  events <- lapply(names(sugar_events), function(name) {
    by_name <- !name %in% names(given)
    if (by_name) {
      if (!name %in% names(patients) || name %in% c(names(own), taken)) return(NULL)
      column <- name
    } else {
      column <- named_column(given[[name]], name, patients, env)
    }
    if (!is.null(column)) event_of(name, column, sugar_events[[name]], by_name)
  })
  by_own_name(events)
}

by_own_name <- function(events) {
  events <- Filter(Negate(is.null), events)
  stats::setNames(events, vapply(events, `[[`, "", "name"))
}

# c(relapse = relapse_date, transplant = "tx"), list(relapse = list(relapse_date, label = "..")),
# or a variable that holds such names of columns.
read_own_events <- function(expr, patients, env) {
  if (is.null(expr)) return(list())
  parts <- event_parts(expr, patients, env)
  given <- if (is.null(names(parts))) rep("", length(parts)) else names(parts)
  events <- Map(function(part, name) {
    read_own_event(part, name, patients, env)
  }, unname(parts), given)
  names <- vapply(events, `[[`, "", "name")
  if (anyDuplicated(names)) {
    abort("argument", paste0("`events` has ", tick(names[duplicated(names)][1L]), " twice."),
          "Give each event its own name.")
  }
  by_own_name(events)
}

event_parts <- function(expr, patients, env) {
  if (is_call_of(expr, c("c", "list"))) return(as.list(expr)[-1L])
  if (is.name(expr) && as.character(expr) %in% names(patients)) return(list(expr))
  value <- tryCatch(eval(expr, env), error = function(e) expr)
  if (is.null(value)) return(list())
  if (is.character(value) || is.list(value)) return(as.list(value))
  abort(
    "argument", paste0("`events` must name columns of dates, not be ", describe(value), "."),
    "Write `events = c(relapse = relapse_date, transplant = tx_date)`."
  )
}

is_call_of <- function(expr, functions) {
  is.call(expr) && is.name(expr[[1L]]) && as.character(expr[[1L]]) %in% functions
}

# The column comes first, or as `column`; `label` and `after` may follow.
read_own_event <- function(part, name, patients, env) {
  about <- list()
  if (is_call_of(part, "list")) part <- as.list(part)[-1L]
  if (is.list(part)) {
    given <- if (is.null(names(part))) rep("", length(part)) else names(part)
    unknown <- setdiff(given, c("", "column", "label", "after"))
    if (length(unknown) || sum(given %in% c("", "column")) != 1L) {
      abort(
        "argument", paste0("`events`: an entry has one column, `label` and `after`",
                           if (length(unknown)) paste0(", not ", tick(unknown[1L])), "."),
        "Write `events = list(relapse = list(relapse_date, label = \"Local relapse\"))`."
      )
    }
    about <- lapply(part[given %in% c("label", "after")], eval_string, env)
    part <- part[[which(given %in% c("", "column"))]]
  }
  column <- named_column(part, "events", patients, env)
  if (is.null(column)) return(NULL)
  if (!nzchar(name)) name <- column
  if (is.null(about$label)) about$label <- event_label(patients[[column]], name)
  event_of(name, column, about, FALSE)
}

# A word of an entry: a string, a bare name, or a variable that holds the string.
eval_string <- function(expr, env) {
  value <- tryCatch(eval(expr, env), error = function(e) expr)
  value <- if (is.name(value)) as.character(value) else value
  if (is.character(value) && length(value) == 1L && !is.na(value) && nzchar(value)) return(value)
  abort("argument", paste0("`events`: `label` and `after` must be strings, not ",
                           describe(value), "."))
}

event_of <- function(name, column, about, by_name) {
  if (is.null(about$ever)) about$ever <- paste0("ever_", name)
  if (is.null(about$endpoints)) {
    about$endpoints <- stats::setNames(
      paste0(c("os_", "", "time_to_"), name, c("", "_free", "")), c("os", "free", "time_to")
    )
  }
  list(
    name = name, column = column, label = about$label, word = first_lower(about$label),
    ever = about$ever, after = about$after, endpoints = about$endpoints, titles = about$titles,
    treatment = isTRUE(about$treatment), by_name = by_name
  )
}

# Of a column labelled "Date of relapse", or else of the name, the noun.
event_label <- function(x, name) {
  label <- label_of(x)
  if (is.null(label)) return(name_label(name))
  noun <- sub("^(date|day|time) (of|to) (the )?", "", trimws(label), ignore.case = TRUE)
  sentence(sub("[ (]+(date|day)[)]?$", "", noun, ignore.case = TRUE))
}

# Of a name such as `local.relapse`.
name_label <- function(name) sentence(gsub(".", "_", name, fixed = TRUE))

check_event_names <- function(events, roles) {
  wrong <- intersect(names(events), cohort_roles)
  if (length(wrong)) {
    abort("argument", paste0("`events`: ", tick(wrong[1L]), " is a role, not an event."),
          "Give the event another name.")
  }
  # A patient may enter on the day of an event, and the status may hold the causes.
  columns <- c(roles[setdiff(names(roles), c("entry", "cause"))],
               vapply(events, `[[`, "", "column"))
  twice <- columns[duplicated(columns)]
  if (length(twice)) {
    both <- names(columns)[columns == twice[1L]]
    abort("role", paste0(enumerate(tick(both)), " are the same column, ", tick(twice[[1L]]), "."),
          "Give each role its own column, or `NULL` if the data have no such column.")
  }
}

# Where follow-up ends on the day of the event in all, as where patients are censored at a
# transplant, there is no survival after it.
drop_terminal <- function(events, data, meta) {
  end <- last_day(data, meta)
  lapply(events, function(event) {
    has <- which(!is.na(seen_dates(data, event$column, meta)))
    own <- !event$name %in% names(sugar_events)
    if (own && length(has) && all(clock(data[[event$column]])[has] >= end[has])) {
      event$endpoints <- event$endpoints[names(event$endpoints) != "os"]
    }
    event
  })
}

# When an event happened, by patient: days since 1970, or times since diagnosis; NA where it was
# not seen to happen by the end of the study.
event_date <- function(cohort, name) {
  meta <- cohort_meta(cohort)
  seen_dates(cohort, event_column(meta, name), meta)
}

seen_dates <- function(data, column, meta) {
  days <- clock(data[[column]])
  days[which(days > study_end(meta))] <- NA
  days
}

# Events, the columns of which may be renamed or gone.
rename_event <- function(event, renamed) {
  event$column <- renamed(event$column)
  if (!is.null(event$ever)) event$ever <- renamed(event$ever)
  event$endpoints[] <- renamed(event$endpoints)
  event
}

keep_events <- function(events, columns) {
  events <- Filter(function(event) event$column %in% columns, events)
  lapply(events, function(event) {
    if (!is.null(event$ever) && !event$ever %in% columns) event["ever"] <- list(NULL)
    event$endpoints <- event$endpoints[event$endpoints %in% columns]
    event
  })
}
