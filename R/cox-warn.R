# What the user must hear about a fitted Cox model.

# What the user must hear about a fit, as one warning each. where: what
# infinite_where() found.
warn_about_fit <- function(fit, singular.ok, where) {
  aliased <- names(fit$coefficients)[is.na(fit$coefficients)]
  if (length(aliased)) {
    text <- c(
      paste0(
        enumerate(tick(aliased), max = 10L),
        if (length(aliased) > 1L) " are linear combinations" else " is a linear combination",
        " of the other columns or constant, and cannot be estimated."
      ),
      "Remove variables that repeat other variables from the formula."
    )
    if (!singular.ok) abort("collinear", text, fields = list(coefficients = aliased))
    warn("collinear", text, fields = list(coefficients = aliased))
  }
  if (length(fit$infinite)) {
    model_based <- is.null(fit$naive.var)
    penalty <- if (model_based) penalty_arguments(fit)
    finite <- if (length(penalty)) {
      typed <- paste(names(penalty), "=", vapply(penalty, format_value, ""))
      paste0("set ", enumerate(tick(typed)), " for a finite estimate, ")
    }
    ends <- infinite_end(fit$infinite)
    lines <- paste0("The hazard ratio of ", where, " cannot be estimated (it tends to ", ends, ").")
    more <- length(lines) - 3L
    if (more > 0L) {
      lines <- c(lines[1:3], paste(count_of(more, "more hazard ratio"), "cannot be estimated."))
    }
    warn(
      "infinite", lines,
      paste0("Combine this group with another, ", finite, "or leave the variable out."),
      if (inherits(fit, "lms_cox") && model_based) {
        "`confint(fit, type = \"profile\")` shows the profile 95% CI."
      },
      "The other hazard ratios are valid.",
      fields = list(coefficients = fit$infinite)
    )
  } else if (!fit$converged) {
    steps <- count_of(fit$iter, "step")
    warn(
      "not_converged",
      paste0("The fit has not converged after ", steps, ". The numbers are not final."),
      "Raise `iter.max`, rescale covariates of very large values, or set `init`."
    )
  }
}

# The diverging columns, in words: `grade` = "G4" (12 rows, 0 events).
infinite_where <- function(fit, design, status) {
  vapply(fit$infinite_at, function(j) {
    part <- design$parts[[design$assign[j]]]
    what <- if (is.null(part$levels)) {
      tick(design$names[j])
    } else {
      paste(tick(part$variable), "=", quoted(part$levels[-1L][match(design$names[j], part$names)]))
    }
    x <- design_column(design, j)
    if (!all(x == 0 | x == 1)) return(what)
    paste0(what, " (", count_of(sum(x), "row"), ", ", count_of(sum(x * status), "event"), ")")
  }, "")
}

# The arguments of update() that give the penalised fit, none where there is none.
penalty_arguments <- function(fit) {
  if (is_penalised(fit) || identical(fit$weight_type, "sampling")) return(NULL)
  c(
    list(penalty = "firth"), if (fit$method == "exact") list(ties = "efron"),
    if (!is.null(fit$naive.var)) list(robust = FALSE)
  )
}
