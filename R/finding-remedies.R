# What to do about a finding, by the key in its column `remedy`.

# Where the words are the same for all.
plain_remedies <- c(
  combine = "Combine such groups with similar groups.",
  "combine or penalty" =
    "Combine such groups with similar groups, or use Firth's penalised estimate.",
  "combine groups" = "Combine such groups with similar groups before you compare the curves.",
  penalty = "Report Firth's penalised estimate with its profile 95% CI.",
  "combine or leave out" = "Combine the group with another, or leave the variable out.",
  "leave out" = paste(
    "Check when the covariate is recorded. If it is known only after the event or with it, leave",
    "it out. If it becomes known during follow-up, fit it from its date on."
  ),
  "origin first" = "First start the clock at the event that all patients have had.",
  split = paste(
    "Split the follow-up at its date with survival::tmerge(). The data do not show the value",
    "before that date."
  ),
  look = "Look at each effect over time with lms_zph().",
  "periods or strata" =
    "Report hazard ratios by period, or stratify by a variable that is not of interest itself.",
  spline = paste(
    "Fit this variable as a spline, draw its effect, and report the hazard ratios of chosen",
    "values."
  ),
  "without patient" = paste(
    "Check the data of this patient. If they are right, report the result with and without this",
    "patient."
  ),
  "look up" = paste(
    "Compare the value with the patient's record. If it is right, report the result with and",
    "without this patient."
  ),
  impute = paste(
    "Impute the missing values (for example with package mice), or leave out the variable with",
    "most missing values."
  ),
  state = "Report this number beside the result, and whether the excluded patients differ.",
  categories = paste(
    "If the values are codes of categories, fit them as categories. If they are counts, change",
    "nothing."
  ),
  "one row or cluster" =
    "Keep the rows that answer the question, one of each patient, or set `cluster` to this column.",
  "choose beforehand" = paste(
    "Fit the covariates that were chosen beforehand, or report this model as exploratory and",
    "repeat the selection in bootstrap samples."
  ),
  "no cutpoint" = paste(
    "Fit the covariate as a number, or use a cutpoint that was known beforehand. Otherwise report",
    "the corrected p-value, and confirm the cutpoint in other patients."
  ),
  "strata of centers" = "Stratify by center, or fit centers as categories.",
  "leave out number" =
    "Leave the number out. Set `id` or `cluster` if patients have several rows.",
  "keep one" = "Keep one of the two.",
  "look at zero" =
    "Check their dates. Report how these patients were found, or start the clock earlier.",
  "delayed entry" = "Let patients enter the risk set at that time (delayed entry).",
  "adjust for era" = "Adjust for the year of diagnosis, or stratify by it.",
  unique = "Compare the copies with the source. If they are copies, remove them.",
  "cumulative incidence" = "Report the cumulative incidence.",
  "competing endpoint" = paste(
    "Make the endpoint with `competing = died` in lms_endpoint(), and report the cumulative",
    "incidence by lms_cuminc()."
  ),
  "say which" =
    "If one of these values is another event, report the cumulative incidence by lms_cuminc().",
  "say cause-specific" = paste(
    "Report that the result is of the cause-specific hazard. For the risk of the event, report",
    "the cumulative incidence beside it."
  ),
  strata = "Check the strata, or leave the others out.", robust = "Use the robust variance.",
  "kaplan-meier" = "Report Kaplan-Meier rates.",
  "not known" = "Report it as not known, or read the curve at an earlier time.",
  "mean or weights" = paste(
    "Show the curves. Compare restricted mean survival times, or two groups by the max-combo",
    "test."
  ),
  "up to the same time" = paste(
    "Compare survival up to a time to which all groups were followed, and report how long each",
    "group was followed."
  ),
  "read earlier" = paste(
    "Report the number at risk and the 95% CI beside it, or read the curve at an earlier time."
  )
)

# f: the rows of one finding.
finding_remedy <- function(f, voice = finding_voice()) {
  key <- f$remedy[1L]
  if (key %in% names(plain_remedies)) return(plain_remedies[[key]])
  suggested <- f$suggested[1L]
  refitted <- "time-dependent" %in% f$method
  switch(key,
    fewer = paste0(fewer_words(f, voice), "."),
    "fewer or penalty" = paste0(fewer_words(f, voice), ", or use Firth's penalised estimate."),
    reference = paste0("Use a large group as the reference, such as ", quoted(suggested), "."),
    "reference with events" =
      paste0("Use a group with many events as the reference, such as ", quoted(suggested), "."),
    "time-dependent" = if (refitted) dated_remedy(f) else
      "Fit this variable as a time-dependent covariate.",
    enter = if (refitted) "Report the hazard ratio with delayed entry." else
      "Let these patients enter the risk set at that time (delayed entry).",
    "move the origin" = paste0("Start the clock at that event", if (voice$code) {
      paste0(": use the endpoint ", tick(suggested), " in place of this one")
    }, "."),
    "start there" = paste0("Start the clock at that event",
                           if (voice$code) ", with an endpoint made by lms_endpoint()", "."),
    "landmark or split" = if (voice$code) {
      paste("Compare from a landmark on (lms_landmark()), or split the follow-up at the date",
            "(lms_time_split()). Both take a cohort made by lms_cohort().")
    } else {
      "Compare from a landmark on, or split the follow-up at the date."
    },
    "endpoint with entry" = paste0("Use an endpoint of the cohort, which takes the entry into ",
                                   "account, such as ", tick(suggested), "."),
    "log-log" = paste0("Use 95% CIs on the log-log scale",
                       if (voice$code) " (`conf_type = \"log-log\"`)", ".")
  )
}

dated_remedy <- function(f) {
  paste(c(
    "Report the hazard ratio of the time-dependent covariate.",
    if ("same day" %in% f$method) {
      "If it is a treatment, its day belongs to it: report the hazard ratio with its day included."
    }
  ), collapse = " ")
}

fewer_words <- function(f, voice) {
  if (f$n_coefficients[1L] == 1) return(paste0("Report the number of ", f$event[1L], "s"))
  room <- f$n_events[1L] %/% 10
  # A covariate can have several coefficients.
  what <- if (voice$min_cell) {
    "the most important covariates"
  } else if (room > 1) {
    paste("at most", room, "coefficients, those of the most important covariates")
  } else {
    "the most important covariate"
  }
  paste0("Keep ", what, ", chosen beforehand")
}
