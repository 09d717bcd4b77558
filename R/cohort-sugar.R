# The events and tables for which lms_cohort() has arguments of their own: what the user would
# have to write in `events` and `linked`, as data. Only the article above knows these names too.

# By argument, which is the name of the event. ever: its column, if not `ever_` and the name.
# treatment: whether its day belongs to it. endpoints: those that it gives; titles: what they are
# called, where not as those of `events`.
sugar_events <- list(
  bone_metastasis = list(
    label = "Bone metastasis", endpoints = c(os = "os_bone", time_to = "time_to_bone")
  ),
  visceral_metastasis = list(label = "Visceral metastasis", endpoints = character()),
  first_surgery = list(
    label = "First surgery", ever = "ever_surgery", endpoints = character(), treatment = TRUE
  ),
  implant_failure = list(
    label = "Implant failure", after = "first_surgery",
    endpoints = c(free = "implant_survival", time_to = "time_to_failure"),
    titles = c(free = "Implant survival")
  )
)

# event: the one whose date is that of the patient's first row.
sugar_tables <- list(
  lesions = list(label = "Lesions", word = "lesions"),
  surgeries = list(label = "Operations", word = "operations", event = "first_surgery")
)
