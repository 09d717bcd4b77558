# Several rows of one patient, whose variance is that of independent rows.

find_shared_patients <- function(fit, given) {
  if (!is.null(fit$naive.var)) return(finding(character()))
  id <- fit$model[["(id)"]]
  # A cohort has one row for each patient, known by the word for its start.
  if (is.null(id) && is.null(fit$origin)) return(not_checked("shared_patient", "no id"))
  if (is.null(id) || !is.null(given$response$entry)) return(finding(character()))
  patients <- length(unique(id))
  if (patients == length(id)) return(finding(character()))
  finding(
    "shared_patient", "serious", n = length(id), n_groups = patients, remedy = "robust",
    code = refit_code(given$source, robust = TRUE)
  )
}
