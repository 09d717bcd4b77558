# What lms_check() found, in the words of a clinician and without code.

# fits: models, curves or tests, named by what the report calls them. unit: of time, for what keeps
# none. by_patient: whether each row of the cohort is a patient. Answer: their findings, with
# `subject` the name of the fit.
report_checks <- function(fits, unit, by_patient = FALSE) {
  checks <- Map(function(fit, subject) {
    rows <- findings_in(as.data.frame(lms_check(fit)))
    rows$subject <- rep_len(subject, nrow(rows))
    rows$time_unit[is.na(rows$time_unit)] <- unit
    if (by_patient) rows$counted <- rep_len("patient", nrow(rows))
    rows
  }, fits, names(fits))
  rows <- bind_findings(unname(checks))
  rows[order(match(rows$severity, severities), rows$finding), ]
}

# Answer: a data frame with a row for each kind of finding of each fit, the serious first: severity,
# class (its kind), subject, title, text, and what the text is made of: found, why (it matters) and
# remedy (what to do).
# rows: of report_checks().
report_findings <- function(rows, min_cell = 0) {
  voice <- finding_voice("label", min_cell)
  parts <- split(rows, factor(paste(rows$severity, rows$subject, rows$kind),
                              unique(paste(rows$severity, rows$subject, rows$kind))))
  do.call(rbind, c(list(no_findings()), unname(lapply(parts, one_kind, voice))))
}

no_findings <- function() {
  columns <- c("severity", "class", "subject", "title", "text", "found", "why", "remedy")
  as.data.frame(lapply(stats::setNames(nm = columns), function(name) character()))
}

one_kind <- function(rows, voice) {
  kind <- rows$kind[1L]
  each <- by_finding(rows)
  # What was read late tells no small count.
  hidden <- voice$min_cell && kind != "beyond_follow_up"
  found <- if (hidden) hidden_text(rows, voice) else findings_text(rows, voice)
  remedy <- paste(unique(vapply(each, finding_remedy, "", voice)), collapse = " ")
  text <- c(found, finding_why(kind), paste("What to do:", remedy))
  data.frame(
    severity = rows$severity[1L], class = kind, subject = rows$subject[1L],
    title = capital(kind_title(kind, rows$event[1L])),
    text = paste(text[nzchar(text)], collapse = " "), found = found, why = finding_why(kind),
    remedy = remedy
  )
}
