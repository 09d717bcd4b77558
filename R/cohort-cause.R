# Causes of death: what the patients who died have in the column `cause`.

max_causes <- 12L

# The causes of the patients who died, in the order of a factor's levels or of the alphabet.
# The cohort keeps them, so that a filter changes no endpoint.
read_causes <- function(data, roles, rule) {
  if (!"cause" %in% names(roles)) return(NULL)
  column <- roles[["cause"]]
  died <- is_event(data[[roles[["died"]]]], rule$value)
  if (is_date(data[[column]]) || is.list(data[[column]])) {
    abort("argument", paste0("`cause`: ", tick(column), " must be text or a factor, not ",
                             describe_kind(data[[column]]), "."))
  }
  x <- data[[column]]
  found <- unique(stats::na.omit(as_cause(x[which(died)])))
  causes <- if (is.factor(x)) intersect(trimws(levels(x)), found) else sort(found)
  if (!length(causes)) {
    abort("argument", paste0("`cause`: ", tick(column), " has no cause for any patient who died."),
          "Remove `cause`, or set it to the column with the causes of death.")
  }
  if (length(causes) > max_causes) {
    abort(
      "argument", paste0("`cause`: ", tick(column), " has ", length(causes),
                         " different causes; at most ", max_causes, " can compete."),
      "Combine causes in a new column, such as \"cancer\", \"heart\" and \"other\"."
    )
  }
  causes
}

# A cause that is new to the cohort.
check_causes <- function(data, meta) {
  column <- meta$roles["cause"]
  if (is.na(column) || !column %in% names(data)) return(invisible())
  new <- setdiff(stats::na.omit(as_cause(data[[column]])[which(has_died(data, meta))]), meta$causes)
  if (!length(new)) return(invisible())
  abort("event", paste0(tick(column), " has causes of death that are new to the cohort."),
        "Make the cohort again with lms_cohort().")
}

# The chosen causes of lms_endpoint().
check_cause <- function(cause, meta) {
  if (!"cause" %in% names(meta$roles)) {
    abort("argument", "`cause` needs a cohort with causes of death.",
          "Set their column in lms_cohort(): `cause = cause_of_death`.")
  }
  unknown <- if (is.character(cause)) setdiff(cause, meta$causes) else format_value(cause)
  if (length(unknown) || !length(cause)) {
    abort("argument", paste0("`cause` must be among the causes of death, not ",
                             quoted(unknown[1L]), "."),
          did_you_mean(unknown[1L], meta$causes),
          paste0("The causes are ", enumerate(quoted(meta$causes), max = max_causes), "."))
  }
  cause
}
