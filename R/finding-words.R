# The words of findings, for the console, a table and a report, made from their rows alone: title,
# text, why it matters, what to do.

# Who is spoken to. names: "code" for columns and levels as they are typed, "label" for what they
# are called. min_cell: with one, nothing is said that tells a count. ratios: whether the hazard
# ratios stand in the text, and not in a table below it.
finding_voice <- function(names = "code", min_cell = 0, ratios = names == "label") {
  list(code = names == "code", min_cell = min_cell, ratios = ratios)
}

# event: "death" or "event", as in the rows.
kind_title <- function(kind, event = "event") {
  events <- paste0(event, "s")
  switch(kind,
    events_per_parameter = paste("few", events, "per coefficient"),
    sparse_level = paste("sparse groups (fewer than 5", paste0(events, ")")),
    small_reference = "small reference group",
    infinite_coefficient = "hazard ratio that cannot be estimated",
    immortal_time = "immortal time bias",
    outcome_covariate = "covariate that may be made of the outcome",
    late_membership = "all patients survived until a later event",
    nonproportional = "effect that changes over time",
    nonlinear = "effect that is not a straight line",
    influential_patient = "influential patient",
    outlier = "value far from all others",
    missing_values = "missing data",
    code_as_number = "codes fitted as numbers",
    single_stratum = paste(events, "in one stratum only"),
    shared_patient = "several rows per patient",
    copied_rows = "copies of rows",
    competing_censored = "other events count as censored",
    selected_model = "stepwise selection of covariates",
    optimal_cutpoint = "cutpoint chosen with the outcome",
    centre_as_number = "number of a center fitted as a quantity",
    id_covariate = "number of the patient as a covariate",
    collinear = "nearly collinear covariates",
    events_at_zero = paste(events, "at time 0"),
    unused_entry = "delayed entry not in the model", era = "treatment that changed over the years",
    crude_rates = "crude rates despite censoring",
    beyond_follow_up = "few patients at risk at the time read",
    limits_too_narrow = "95% CI that is too narrow",
    crossing_curves = "curves that cross",
    follow_up_differs = "follow-up that differs by group"
  )
}

finding_reasons <- c(
  events_per_parameter =
    "With few events per coefficient, hazard ratios may be unstable and too far from 1.",
  sparse_level = "With fewer than 5 events, an estimate depends on very few patients.",
  small_reference =
    "All hazard ratios of this variable compare with very few patients, so the 95% CIs are wide.",
  infinite_coefficient =
    "The data set no limit to the hazard ratio; its Wald 95% CI and p-value have no meaning.",
  immortal_time = paste(
    "Patients had to survive until the value became known (immortal time), so the result is biased",
    "towards a protective effect."
  ),
  outcome_covariate = paste(
    "A covariate that is recorded because of the outcome predicts it by definition, so its hazard",
    "ratio has no meaning."
  ),
  late_membership = paste(
    "The time before that event is immortal for every patient, so survival looks better than it is",
    "and hazard ratios are biased."
  ),
  nonproportional =
    "A single hazard ratio is an average over the follow-up and may hold at no time.",
  nonlinear = paste(
    "One hazard ratio per unit can hide an effect that turns around, levels off or starts at a",
    "threshold."
  ),
  influential_patient =
    "The conclusion should not depend on one patient, or on one data-entry error.",
  outlier = "A data-entry error of this size can hide an effect, or make one.",
  missing_values =
    "If the excluded patients differ from the others, the result does not hold for all patients.",
  code_as_number = "One slope assumes that each step changes the hazard by the same factor.",
  single_stratum = "Strata without events do not contribute to the estimate.",
  shared_patient =
    "Rows of one patient are similar, so 95% CIs are too narrow and p-values too small.",
  selected_model = paste(
    "After a search, p-values are too small, 95% CIs too narrow and hazard ratios too far from 1."
  ),
  optimal_cutpoint = paste(
    "The best of many cutpoints has a p-value that is far too small and a hazard ratio too far",
    "from 1."
  ),
  centre_as_number = "The numbers of centers have no order, so a slope over them has no meaning.",
  id_covariate =
    "The number of a patient is at best the order of entry, and not a property of the patient.",
  collinear = paste(
    "Their effects can hardly be separated, so hazard ratios are unstable and 95% CIs very wide."
  ),
  events_at_zero = paste(
    "Patients with the event at time 0 were never at risk after it. They may be errors in dates,",
    "or patients who were found by the event."
  ),
  unused_entry = paste(
    "Patients could not be seen to have the event before they entered, so this time is immortal",
    "and survival looks better than it is."
  ),
  era = paste(
    "Other things changed over the years too, so the hazard ratio may be that of the time of",
    "diagnosis."
  ),
  copied_rows = "A copied patient counts twice, so 95% CIs are too narrow and p-values too small.",
  competing_censored = paste(
    "Patients with another event can no longer have this one. As censored patients they count as",
    "if they still could."
  ),
  crude_rates = paste(
    "Patients who were censored earlier count as dead, so the proportion is too low for a",
    "survival rate."
  ),
  beyond_follow_up = "An estimate at that time depends on very few patients, or on none.",
  limits_too_narrow = paste(
    "In simulations up to 14% of such 95% CIs missed the true survival, which was lower than the",
    "CI in most of these studies."
  ),
  crossing_curves = paste(
    "Differences in opposite directions cancel in the log-rank test. A large p-value then does not",
    "mean that survival is similar."
  ),
  follow_up_differs = paste(
    "Late events are seen in the group with the longer follow-up only, so numbers of events cannot",
    "be compared between the groups."
  )
)

finding_why <- function(kind) finding_reasons[[kind]]

skip_reasons <- c(
  "no known_from" = "set `known_from` to give the time from which a covariate is known",
  "no frame" = "the model frame was not kept", "no covariates" = "there are no covariates",
  "infinite" = "a hazard ratio cannot be estimated", "no test" = "the test failed",
  "exact ties" = "exact ties have no dfbeta residuals",
  "few events" = "fewer than 10 events per coefficient",
  "few events in all" = "fewer than 50 events",
  "no likelihood" = "there is no likelihood ratio test with this variance or penalty",
  "not converged" = "the fit has not converged",
  "no id" = "set `id` in lms_cox() to identify the patients"
)

# What a rule is called that found nothing or was not applied.
rule_names <- c(
  events_per_parameter = "events per coefficient", sparse_level = "sparse groups",
  small_reference = "reference groups", infinite_coefficient = "infinite hazard ratios",
  immortal_time = "immortal time bias",
  outcome_covariate = "covariates made of the outcome", late_membership = "origin of the clock",
  nonproportional = "non-proportional hazards", nonlinear = "straight-line effects",
  influential_patient = "influential patients", outlier = "values far from all others",
  missing_values = "missing data", code_as_number = "codes fitted as numbers",
  single_stratum = "strata", shared_patient = "rows per patient", copied_rows = "copies of rows",
  selected_model = "selection of covariates", optimal_cutpoint = "cutpoints",
  centre_as_number = "numbers of centers", id_covariate = "numbers of patients",
  collinear = "collinearity", events_at_zero = "events at time 0",
  unused_entry = "delayed entry", era = "time of diagnosis",
  competing_censored = "other events", crude_rates = "crude rates",
  beyond_follow_up = "follow-up at the times read",
  limits_too_narrow = "95% CIs with few events", crossing_curves = "crossing curves",
  follow_up_differs = "follow-up by group"
)

# `metastasis`, metastasis; first: whether it begins a sentence.
variable_name <- function(f, voice, first = FALSE) {
  if (!voice$code) return(if (first) capital(f$label[1L]) else first_lower(f$label[1L]))
  code_name(f$variable[1L])
}

# typed: a column or term as in a formula.
code_name <- function(typed) {
  expr <- str2lang(typed)
  tick(if (is.name(expr)) as.character(expr) else typed)
}

# `grade` = "G3", grade: G3; yes and no by the variable alone.
group_name <- function(f, voice, first = FALSE) {
  name <- variable_name(f, voice, first)
  level <- f$level[1L]
  if (is.na(level)) return(name)
  if (voice$code) return(paste(name, "=", quoted(level)))
  words <- level_words(name, level)
  if (first) capital(words) else words
}

# The group of curves that a finding is of, to begin a sentence with, or NULL.
curve_name <- function(f, voice) {
  if (is.na(f$group[1L])) return(NULL)
  if (voice$code) f$group_code[1L] else capital(f$group_label[1L])
}

many <- function(n, word) count_of(if (all(n == round(n))) n else round(n, 1L), word)

# "4 events in 6 patients"
events_in <- function(f) {
  paste(many(f$n_events[1L], f$event[1L]), "in", many(f$n[1L], f$counted[1L]))
}

# The variables alone, of findings whose counts are hidden.
hidden_text <- function(rows, voice) {
  rows <- first_rows(rows[!is.na(rows$variable), ])
  rows <- rows[!duplicated(rows$variable), ]
  if (!nrow(rows)) return("")
  names <- vapply(seq_len(nrow(rows)), function(i) variable_name(rows[i, ], voice), "")
  paste0("This concerns ", enumerate(names, max = 20L), ".")
}

# The text of one finding.
finding_text <- function(f, voice = finding_voice()) {
  words <- list(
    events_per_parameter = few_events_text, sparse_level = sparse_text,
    small_reference = reference_text, infinite_coefficient = infinite_text,
    immortal_time = immortal_text,
    outcome_covariate = outcome_text, late_membership = members_text,
    nonproportional = changing_text, nonlinear = nonlinear_text,
    influential_patient = influential_text, outlier = outlier_text,
    missing_values = missing_text, code_as_number = codes_text,
    single_stratum = stratum_text, shared_patient = shared_text,
    competing_censored = competing_text, copied_rows = copied_text,
    selected_model = selected_text, optimal_cutpoint = cutpoint_text,
    centre_as_number = centre_text, id_covariate = id_covariate_text, collinear = collinear_text,
    events_at_zero = zero_text, unused_entry = entry_text, era = era_text,
    crude_rates = crude_text, beyond_follow_up = beyond_text, limits_too_narrow = narrow_text,
    crossing_curves = crossing_text, follow_up_differs = unequal_text
  )
  words[[f$kind[1L]]](f, voice)
}

# The text of several findings of one kind.
findings_text <- function(rows, voice) {
  by_level <- rows$kind[1L] == "sparse_level" && !anyNA(rows$variable)
  if (by_level) return(sparse_list(rows, voice))
  each <- by_finding(rows)
  if (length(each) <= max_findings || anyNA(rows$variable)) {
    return(paste(vapply(each, finding_text, "", voice), collapse = " "))
  }
  # Of many the first, and the names of the others.
  shown <- seq_len(max_findings - 1L)
  others <- vapply(each[-shown], group_name, "", voice)
  paste(c(vapply(each[shown], finding_text, "", voice),
          paste0("The same was found for ", enumerate(others, max = 8L), ".")), collapse = " ")
}

# Findings of one kind that are told in full.
max_findings <- 4L

# The same below a table, where counts stand, rows have no numbers, and one note may be of several
# levels.
finding_note <- function(f, voice) {
  kind <- f$kind[1L]
  if (kind %in% c("sparse_level", "small_reference")) return(finding_why(kind))
  if (voice$min_cell && kind != "events_per_parameter") {
    return(paste0(capital(kind_title(kind, f$event[1L])), ". ", finding_why(kind)))
  }
  finding_text(f, voice)
}

# Kinds of which a table says once why they matter.
kinds_with_reason <- c("immortal_time", "late_membership", "nonproportional", "nonlinear")

# Short words that must stand beside a hazard ratio of this term and level where it is quoted.
# findings: of lms_check(). level: NA for a quantity.
cautions_for <- function(findings, variable, level = NA) {
  rows <- as.data.frame(findings_in(findings))
  whole <- rows$severity == "serious" &
    (is.na(rows$variable) | rows$kind %in% c("late_membership", "outcome_covariate"))
  own <- !is.na(rows$variable) & vapply(rows$variable, is_of_variable, NA, variable)
  # A sparse reference is compared with all levels.
  here <- is.na(level) | rows$level %in% level | rows$reference %in% TRUE
  sparse <- rows$kind == "sparse_level" & own & here
  serious <- rows$severity == "serious" & own & (here | is.na(rows$level))
  rows <- rows[whole | sparse | serious, ]
  rows <- rows[!duplicated(rows$kind), ]
  vapply(seq_len(nrow(rows)), function(i) caution_words(rows[i, ]), "")
}

# Whether a term, such as factor(mi) or mi:age, is made of a finding's variable.
is_of_variable <- function(found, term) all(all.vars(str2lang(found)) %in% all.vars(str2lang(term)))

caution_words <- function(row) {
  events <- paste0(row$event, "s")
  switch(row$kind,
    events_per_parameter = paste("few", events, "per coefficient, so the estimate is unstable"),
    sparse_level = paste("fewer than 5", events, "in",
                         if (isTRUE(row$reference)) "the reference group" else "this group"),
    infinite_coefficient = "the hazard ratio cannot be estimated by the ordinary method",
    outcome_covariate = "a covariate may be made of the outcome",
    late_membership = "biased, as all patients survived until a later event",
    immortal_time = "biased towards a protective effect by immortal time",
    missing_values = "the patients excluded for missing data differ from the others",
    shared_patient = "the 95% CI is too narrow, as patients have several rows"
  )
}
