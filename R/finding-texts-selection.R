# What was found of a search in the data, and of slips in covariates: a function for each kind.

selected_text <- function(f, voice) {
  n <- f$n_coefficients[1L]
  paste0("The ", count_of(n, "coefficient"), if (n == 1) " was" else " were",
         " chosen by stepwise selection (", count_of(f$n_groups[1L], "step"), ").")
}

cutpoint_text <- function(f, voice) {
  name <- variable_name(f, voice, TRUE)
  source <- term_name(f, voice)
  where <- if (voice$code) paste0(" between ", format(signif(f$from[1L], 4L)), " and ",
                                  format(signif(f$to[1L], 4L)))
  paste0(name, " divides ", source, where, ", where the log-rank test is largest. Corrected for ",
         "the search, p ", p_equals(f$p.value[1L]), ".")
}

# The other column or term that a finding is about.
term_name <- function(f, voice) {
  if (voice$code) return(code_name(f$term[1L]))
  enumerate(first_lower(column_words(all.vars(str2lang(f$term[1L])))))
}

centre_text <- function(f, voice) {
  paste0(variable_name(f, voice, TRUE), " has ",
         if (voice$min_cell) "numbers" else count_of(f$n_groups[1L], "number"),
         " of centers and is fitted as one slope.")
}

id_covariate_text <- function(f, voice) {
  paste0(variable_name(f, voice, TRUE), " is a different number in nearly every row.")
}

collinear_text <- function(f, voice) {
  paste0(
    variable_name(f, voice, TRUE), " and ", term_name(f, voice), " are nearly collinear. The 95% ",
    "CI is about ", format(signif(f$estimate[1L], 2L)),
    " times as wide as without the other covariates."
  )
}

zero_text <- function(f, voice) {
  if (voice$min_cell) return("Many events lie at time 0.")
  paste0(format_count(f$n_events[1L]), " of ", many(f$n_total[1L], f$event[1L]), " lie at time 0.")
}

entry_text <- function(f, voice) {
  unit <- if (!is.na(f$time_unit[1L])) paste0(" ", f$time_unit[1L])
  name <- variable_name(f, voice, TRUE)
  text <- " seems to be the time at which patients entered, and is not in the model"
  if (voice$min_cell) return(paste0(name, text, "."))
  paste0(name, text, ". It is later than 0 in ", format_count(f$n[1L]), " of ",
         many(f$n_total[1L], f$counted[1L]), " (median ", format(signif(f$time[1L], 3L)), unit,
         ").")
}

era_text <- function(f, voice) {
  paste0(variable_name(f, voice, TRUE), ": one of the groups was diagnosed in later years. Of two ",
         "patients, one of each group, the patient of that group was diagnosed later with a ",
         "probability of ", format_percent(f$estimate[1L], 0L), ".")
}
