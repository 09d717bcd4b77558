# Covariates that become known after the origin: from when, in whom, and what they are before.

covariate_names <- function(fit) {
  unique(unlist(lapply(covariate_expressions(fit), all.vars)))
}

# By column of the model frame: the expressions of the covariates and strata.
covariate_expressions <- function(fit) {
  variables <- as.list(attr(fit$terms, "variables"))[-1L]
  stats::setNames(variables[-1L], names(fit$model)[seq_along(variables)[-1L]])
}

# For each variable: the columns of the frame that it makes, what they hold before
# it is known, and what that makes of it:
#   "switch"   they have one value in those in whom it never becomes known
#   "enter"    it is known some time in all: they enter the risk set then
#   "unclear"  neither
switch_plan <- function(fit, dated) {
  expressions <- lapply(covariate_expressions(fit), all.vars)
  lapply(stats::setNames(nm = names(dated)), function(name) {
    columns <- names(which(vapply(expressions, function(vars) name %in% vars, NA)))
    alone <- all(vapply(expressions[columns], function(vars) identical(unique(vars), name), NA))
    u <- dated[[name]]
    before <- lapply(stats::setNames(nm = columns), function(column) {
      value_before(fit$model[[column]], is.na(u))
    })
    plain <- alone && all(lengths(before) == 1L)
    kind <- if (!anyNA(u)) "enter" else if (plain) "switch" else "unclear"
    list(name = name, columns = columns, before = before, kind = kind, u = u)
  })
}

# The value of those in whom nothing becomes known; of several the one that only
# they have. NULL if that is not one value.
value_before <- function(x, never) {
  if (is.matrix(x)) return(NULL)
  values <- unique(x[never])
  if (length(values) > 1L) values <- values[!values %in% unique(x[!never])]
  if (length(values) == 1L) values
}

# Rows whose value holds only from a time after their own start. Times within
# rounding error of each other are the same.
known_late <- function(plan, frame, start, slack) {
  late <- !is.na(plan$u) & plan$u > start + slack
  if (plan$kind != "switch") return(late)
  changes <- lapply(plan$columns, function(column) frame[[column]] != plan$before[[column]])
  late & Reduce(`|`, changes)
}

start_times <- function(response) {
  if (is.null(response$entry)) double(length(response$time)) else pmax(response$entry, 0)
}

# What is said of each variable that is known late in some rows. x: a fit or risk data, with terms
# and model. counts: patients that a row stands for, or NULL.
late_counts <- function(x, dated, response, counts = NULL, id = NULL) {
  start <- start_times(response)
  weights <- if (is.null(counts)) rep(1, length(start)) else counts
  slack <- tied_within(response$time)
  rows <- lapply(switch_plan(x, dated), function(plan) {
    late <- which(known_late(plan, x$model, start, slack))
    if (!length(late)) return(NULL)
    wrong <- pmin(plan$u[late], response$time[late]) - start[late]
    tied <- abs(plan$u[late] - response$time[late]) <= slack & response$status[late] > 0
    data.frame(
      variable = plan$name, kind = plan$kind,
      n = if (is.null(id)) sum(weights[late]) else length(unique(id[late])),
      events = sum((weights * (response$status > 0))[late]), tied = sum(weights[late[tied]]),
      median = stats::median(plan$u[late]), wrong = sum(weights[late] * wrong),
      own = sum((weights * (response$time - start))[late]),
      all = sum(weights * (response$time - start))
    )
  })
  do.call(rbind, unname(rows))
}
