# Several rows of one patient, whose variance is that of independent rows.

find_shared_patients <- function(fit, given) {
  repeated <- fit$guards$repeated
  if (!is.null(repeated)) {
    cluster <- as.name(repeated$variable)
    return(repeated_finding(repeated, refit_code(given$source, cluster = cluster)))
  }
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

# Of curves, rates, means and tests.
find_shared_rows <- function(fit) {
  repeated <- fit$guards$repeated
  if (is.null(repeated)) return(finding(character()))
  call <- fit$call
  code <- if ("cluster" %in% names(formals(verb_of(fit)))) {
    call$formula <- plain_formula(call$formula)
    call$cluster <- as.name(repeated$variable)
    code_line(first_unnamed(call))
  }
  repeated_finding(repeated, code)
}

verb_of <- function(fit) {
  get0(call_name(fit$call), envir = parent.env(environment()), mode = "function",
       ifnotfound = function() NULL)
}

# Serious unless it may be a slip in a few rows.
repeated_finding <- function(repeated, code) {
  few <- repeated$n - repeated$patients < 0.05 * repeated$n
  finding(
    "shared_patient", if (few) "caution" else "serious", variable = typed_name(repeated$variable),
    n = repeated$n, n_groups = repeated$patients, n_tied = repeated$shared,
    measure = if (repeated$named) "patient" else "shared value",
    remedy = "one row or cluster", code = if (is.null(code)) NA else code
  )
}

# Rows that are copies of others.
find_copied_rows <- function(fit) {
  copied <- fit$guards$copied
  if (is.null(copied)) return(finding(character()))
  data <- fit$call$data
  again <- if (is.name(data)) call("<-", data, call("unique", data))
  finding(
    "copied_rows", "caution", n = copied$n, n_total = copied$n_total, remedy = "unique",
    code = code_line(again)
  )
}
