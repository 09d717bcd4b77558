# What is said of the course of the patients when a cohort is made: the end of the study, entries,
# causes of death.

# Answer: text by class of message.
course_notes <- function(data, meta) {
  c(end_note(data, meta), entry_notes(data, meta), cause_notes(data, meta),
    question_notes(entry_questions(data, meta), meta))
}

end_note <- function(data, meta) {
  if (is.null(meta$end)) return(NULL)
  beyond <- clock(data[[meta$roles[["last_contact"]]]]) > study_end(meta)
  died <- is_event(data[[meta$roles[["died"]]]], meta$event$value)
  c(end = paste0(
    "`end`: ", count_of(sum(beyond), "patient"), " followed beyond the end of the study",
    if (sum(beyond) == 1L) " is" else " are", " censored there",
    if (any(beyond & died)) {
      paste0("; ", count_of(sum(beyond & died), "later death"),
             if (sum(beyond & died) == 1L) " does not count" else " do not count")
    }, "."
  ))
}

entry_notes <- function(data, meta) {
  column <- entry_column(meta)
  if (is.null(column)) return(NULL)
  first <- first_day(data, meta)
  zero <- diagnosis_day(data, meta)
  late <- first > zero
  if (!any(late)) {
    return(c(entry = paste0(tick(column), ": no patient entered after the diagnosis.")))
  }
  none <- last_day(data, meta) <= first
  before <- vapply(meta$events, function(event) {
    if (!any(c("free", "time_to") %in% names(event$endpoints))) return(0L)
    sum(seen_dates(data, event$column, meta) <= first & late, na.rm = TRUE)
  }, 0L)
  before <- before[before > 0L]
  c(entry = paste(c(
    paste0(tick(column), ": ", count_of(sum(late), "patient"),
           if (sum(late) == 1L) " is" else " are",
           " at risk only from a date after the diagnosis (median ",
           time_with_unit(stats::median((first - zero)[late]) / unit_length(meta), meta$unit),
           " later)."),
    if (any(none)) paste0(count_of(sum(none), "patient"), if (sum(none) == 1L) " has" else " have",
                          " no time at risk after the entry."),
    if (length(before)) paste0(
      "Some patients had an event before entry and are not at risk of that event later: ",
      enumerate(paste0(vapply(names(before), function(name) meta$events[[name]]$word, ""), " (",
                       mapply(count_of, before, "patient"), ")"), max = Inf), "."
    )
  ), collapse = " "))
}

cause_notes <- function(data, meta) {
  if (!"cause" %in% names(meta$roles)) return(NULL)
  column <- meta$roles[["cause"]]
  cause <- as_cause(data[[column]])
  unknown <- sum(has_died(data, meta) & is.na(cause))
  died <- is_event(data[[meta$roles[["died"]]]], meta$event$value)
  alive <- which(!died & !is.na(cause))
  alive <- alive[!outcome_kind(cause[alive]) %in% "none"]
  c(
    if (unknown) c(cause = paste0(
      tick(column), ": the cause of ", count_of(unknown, "death"), " is not known; ",
      if (unknown == 1L) "this death is" else "these deaths are",
      " missing in endpoints by cause."
    )),
    if (length(alive)) c(cause = paste0(
      tick(column), ": ", count_of(length(alive), "patient"), " who did not die",
      if (length(alive) == 1L) " has" else " have", " a cause of death, which is ignored."
    ))
  )
}

entry_words <- paste0(
  "entry|entered|referr|consent|enrol|regist|recruit|inclusion|first[._ ]?visit|",
  "first[._ ]?seen|presentation|accept|random"
)

# A quarter of a year without a death is long enough to be asked about.
quiet_days <- 365.25 / 4

# Deaths to be expected before the first, at the rate of all follow-up, where none by chance has a
# probability below 0.001.
quiet_deaths <- 7

# Whether patients were enrolled later than they were diagnosed, so that none could be seen to die
# before. Answer: a row for each sign of it:
#   kind    "column": dates of which the name tells it; "quiet": no early deaths
#   column  of the dates, or NA; n: patients with a later date; of: all
#   time    their median after the diagnosis, or the time until the first death, in the unit
#   deaths  expected until then
entry_questions <- function(data, meta) {
  out <- data.frame(kind = character(), column = character(), n = integer(), of = integer(),
                    time = double(), deaths = double())
  if (!is.null(entry_column(meta)) || !has_course(meta)) return(out)
  start <- first_day(data, meta)
  time <- last_day(data, meta) - start
  rbind(out, named_entries(data, start, time, meta), quiet_start(time, has_died(data, meta), meta))
}

named_entries <- function(data, start, time, meta) {
  free <- setdiff(names(data), c(meta_times(meta), meta$roles))
  dates <- Filter(function(column) {
    grepl(entry_words, column, ignore.case = TRUE) && meta$dates && is_date(data[[column]])
  }, free)
  do.call(rbind, lapply(dates, function(column) {
    wait <- floor(as.double(as.Date(data[[column]]))) - start
    late <- which(wait > 0 & wait <= time)
    # Weeks until a visit are the way to a diagnosis, and not a cohort of survivors.
    if (!length(late) || stats::median(wait, na.rm = TRUE) < 30) return(NULL)
    data.frame(kind = "column", column = column, n = length(late), of = nrow(data),
               time = stats::median(wait[late]) / unit_length(meta), deaths = NA_real_)
  }))
}

quiet_start <- function(time, died, meta) {
  if (!any(died)) return(NULL)
  first <- min(time[died])
  days <- if (meta$dates) 1 else unit_days[[meta$unit]]
  expected <- sum(died) * sum(pmin(time, first)) / sum(time)
  if (first * days < quiet_days || expected < quiet_deaths) return(NULL)
  data.frame(kind = "quiet", column = NA_character_, n = NA_integer_, of = length(time),
             time = first / unit_length(meta), deaths = expected)
}

question_notes <- function(questions, meta) {
  text <- vapply(seq_len(nrow(questions)), function(i) {
    row <- questions[i, ]
    if (row$kind == "column") {
      return(paste0(
        tick(row$column), " is after the diagnosis in ", row$n, " of ", count_of(row$of, "patient"),
        " (median ", time_with_unit(row$time, meta$unit),
        " later). If deaths before that date could not be recorded, set `entry = ",
        row$column, "`."
      ))
    }
    paste0(
      "No patient died in the first ", time_with_unit(row$time, meta$unit), ", where about ",
      round(row$deaths), " deaths would be expected at the average rate. If patients were ",
      "enrolled after the diagnosis, set `entry` to the column of that date."
    )
  }, "")
  stats::setNames(text, rep("entry", length(text)))
}
