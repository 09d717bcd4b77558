# Rows and patients in the groups of curves and tests, and what a result says of them.

# Of a group that weighs nothing there is nothing to say.
check_group_weights <- function(groups, weights) {
  if (is.null(weights)) return(invisible())
  if (is.null(groups)) groups <- factor(rep.int("", length(weights)))
  empty <- levels(groups)[rowsum(weights, as.integer(groups))[, 1L] <= 0]
  if (!length(empty)) return(invisible())
  abort(
    "weights",
    paste0("`weights` are 0 in all rows", if (nzchar(empty[1L])) paste0(" of ", enumerate(empty)),
           "."),
    "Exclude these rows with `subset`, or correct `weights`."
  )
}

group_codes <- function(groups) if (!is.null(groups)) as.integer(groups)

rows_by_group <- function(groups, response, weight_type) {
  weights <- if (weight_type == "frequency") response$weights
  if (is.null(groups)) {
    return(if (is.null(weights)) length(response$time) else sum(weights))
  }
  if (is.null(weights)) return(tabulate(groups, nlevels(groups)))
  as.vector(rowsum(weights, as.integer(groups)))
}

# A patient counts in every group that has a row of the same `id`.
patients_by_group <- function(id, groups) {
  if (is.null(id)) return(NULL)
  if (is.null(groups)) return(count_distinct(id))
  as.vector(vapply(split(id, groups), count_distinct, 0L))
}

count_distinct <- function(x) if (!is.null(x)) length(unique(x))

count_patients <- function(risk, frequency) {
  weights <- if (frequency) risk$response$weights
  status <- risk$response$status
  out <- list(
    n = if (is.null(weights)) length(status) else sum(weights),
    nevent = as.double(if (is.null(weights)) sum(status) else sum(weights * status))
  )
  if (!is.null(risk$id)) out$n.id <- length(unique(risk$id))
  out
}

# The label and the variables of the groups with these numbers, as columns beside those of curves.
# taken: names of more columns that there are.
group_columns <- function(x, group, taken) {
  if (is.null(x$variables) || !length(x$variables)) return(NULL)
  variables <- lapply(x$variables, function(v) v[group])
  clash <- names(variables) %in% c(
    "time", "n.risk", "n.event", "n.censor", "estimate", "std.error", "conf.high", "conf.low",
    "strata", taken
  )
  names(variables)[clash] <- paste0("group.", names(variables)[clash])
  c(list(strata = x$groups[group]), variables)
}
