# The right side of a formula as groups of rows: for curves and their tests.

# Answer:
#   groups     factor of the rows without empty levels, or NULL for `~ 1`; its
#              levels are survfit()'s, not padded: "sex=1, ph.ecog=0"
#   variables  data frame, one row per group, one factor per variable
#   strata     factor, or NULL; with strata_as_groups they are groups
#   notes      what must be said of the data, but for contrasts, which groups have not
group_data <- function(risk, strata_as_groups = FALSE) {
  refuse_in_groups(risk$terms)
  used <- drop_unused_levels(risk$terms, risk$frame)
  columns <- covariate_columns(risk$terms)
  strata <- attr(risk$terms, "specials")$strata
  if (strata_as_groups && length(strata)) columns <- sort(c(columns, strata))
  variables <- Map(as_groups, used$frame[columns], names(risk$frame)[columns])
  groups <- if (length(variables)) cross_groups(variables)
  list(
    groups = groups$groups, variables = groups$variables,
    strata = if (!strata_as_groups) risk$strata,
    notes = c(risk$notes[names(risk$notes) != "contrasts"], used$notes)
  )
}

refuse_in_groups <- function(terms) {
  if (any(attr(terms, "order") > 1L)) {
    abort("formula", "`formula` has an interaction, which curves and tests of groups cannot have.",
          "Write `a + b`: each combination of levels is a group.")
  }
  if (length(attr(terms, "offset"))) {
    abort("formula", "`formula` has an offset(), which curves of groups cannot have.",
          "Remove the offset().")
  }
}

max_groups <- 20L
max_combinations <- 1e6
max_curves <- 1000L

as_groups <- function(x, name) {
  if (is.matrix(x) || is.list(x)) {
    abort("formula", paste0(tick(name), " must be one variable, not ", describe(x), "."))
  }
  if (is.factor(x)) return(x)
  values <- sort(unique(x))
  if (is_measured(x) && length(values) > max_groups) {
    abort(
      "groups",
      paste0(tick(name), " is not categorical (", count_of(length(values), "different value"),
             ")."),
      paste0("Group the values, such as `cut(", name, ", 3)`, or use lms_cox().")
    )
  }
  labels <- if (is.numeric(x)) format(values, trim = TRUE, digits = 15L) else as.character(values)
  factor(match(x, values), seq_along(values), labels)
}

is_measured <- function(x) is.numeric(x) || inherits(x, c("Date", "POSIXt"))

# Groups in the order of the first variable, then the second; only those with rows.
cross_groups <- function(variables) {
  sizes <- vapply(variables, nlevels, 0L)
  if (prod(sizes) > max_combinations) {
    abort(
      "groups",
      paste0(enumerate(tick(names(variables))), " have ", format(prod(sizes), big.mark = ","),
             " combinations, too many for groups."),
      "Use fewer variables, or combine their levels."
    )
  }
  codes <- as.integer(variables[[1L]])
  for (i in seq_along(variables)[-1L]) {
    codes <- (codes - 1L) * sizes[[i]] + as.integer(variables[[i]])
  }
  counts <- tabulate(codes, prod(sizes))
  found <- which(counts > 0L)
  if (length(found) > max_curves) {
    abort("groups", paste0(enumerate(tick(names(variables))), " would form ",
                           count_of(length(found), "group"), "."),
          "Combine values. To mark the rows of one patient, set `id`.")
  }
  if (length(found) < length(counts)) codes <- cumsum(counts > 0L)[codes]
  at <- arrayInd(found, rev(sizes))[, rev(seq_along(sizes)), drop = FALSE]
  table <- Map(function(x, i) {
    factor(levels(x)[at[, i]], levels(x), exclude = NULL)
  }, variables, seq_along(sizes))
  labels <- Map(function(x, name) paste0(name, "=", x), table, names(variables))
  attributes(codes) <- list(
    levels = do.call(paste, c(unname(labels), sep = ", ")), class = "factor"
  )
  list(groups = codes, variables = structure(
    table, class = "data.frame", row.names = .set_row_names(length(found))
  ))
}
