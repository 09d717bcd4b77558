# Between the risk data and the core: options in, estimates out, and what must
# be said about them. Shared by lms_cox() and lms_cox_fit().

core_options <- function(ties, control, init = NULL, frequency = FALSE, penalty = "none") {
  list(
    ties = ties, penalty = penalty, frequency = frequency, timefix = control$timefix, init = init,
    eps = control$eps, toler_chol = control$toler.chol, iter_max = control$iter.max,
    threads = control$threads
  )
}

core_design <- function(design) design[c("values", "source", "column", "level")]

# The fit, with what the core refuses put in the user's terms. unchecked: a
# matrix whose values may be other than finite.
run_core <- function(design, response, options, names, rows = NULL, unchecked = NULL) {
  check_weight_size(response)
  tryCatch(
    core_cox_fit(design, response, options),
    "C++Error" = function(e) {
      if (!is.null(unchecked)) check_finite(unchecked)
      check_column_sizes(design, names)
      abort_core(conditionMessage(e), response, rows)
    }
  )
}

# Numbers of which the squares, or one over the squares, are beyond those of the computer.
check_column_sizes <- function(design, names) {
  for (j in seq_along(names)) {
    x <- design_column(design, j)
    half <- max(x) / 2 - min(x) / 2
    if (half == 0 || (half > 1e-151 && half < 1e150)) next
    abort(
      "covariate",
      paste0(
        tick(names[j]), " is too ", if (half > 1) "large" else "small",
        " to compute with: half its range is ", format(half, digits = 2L), "."
      ),
      paste0("Give ", tick(names[j]), " in another unit.")
    )
  }
}

check_weight_size <- function(response) {
  weights <- response$weights
  if (is.null(weights)) return(invisible())
  total <- sum(weights[response$status == 1L])
  if (total == 0 || (total > 1e-100 && max(weights) < 1e100)) return(invisible())
  size <- if (total > 1e-100) "large" else "small"
  abort(
    "weights",
    paste0(
      "`weights` are too ", size, " to compute with: those of the events add up to ",
      format(total, digits = 2L), ", the largest weight is ", format(max(weights), digits = 2L), "."
    ),
    "Multiply all weights by the same number, so that the largest is 1."
  )
}

abort_core <- function(message, response, rows) {
  scale <- max(1, mean(abs(c(response$entry, response$time))))
  length <- response$time - response$entry
  at <- which(length <= sqrt(.Machine$double.eps) * scale)
  if (!length(at)) abort("core", paste0("The fit stopped: ", message, "."))
  abort(
    "time",
    paste0(
      "The start and the stop lie within rounding error of each other (",
      row_list(row_number(at[1L], rows)), ")."
    ),
    row_count(row_number(at, rows), length(length)),
    "Correct these times, or tell them apart with `timefix = FALSE`."
  )
}

check_exact <- function(ties, response, robust, weight_type) {
  if (ties != "exact") return(invisible())
  if (weight_type != "frequency" && any(response$weights != 1)) {
    abort(
      "argument",
      "`ties = \"exact\"` cannot be combined with `weights` that are no frequencies.",
      "Use \"efron\" or \"breslow\", or say `weight_type = \"frequency\"` if they are."
    )
  }
  if (robust) {
    abort("argument", "`ties = \"exact\"` has no robust variance.", "Use \"efron\" or \"breslow\".")
  }
}

check_init <- function(init, names) {
  if (is.null(init)) return(NULL)
  if (!is.numeric(init) || length(init) != length(names) || !all(is.finite(init))) {
    abort(
      "argument",
      paste0(
        "`init` must be ", count_of(length(names), "finite number"), ", one per coefficient, not ",
        describe(init), "."
      ),
      if (length(names)) paste0("The coefficients are ", enumerate(tick(names), max = 10L), ".")
    )
  }
  as.double(init)
}

# Cluster codes 1..G, or NULL when each row stands for itself.
cluster_codes <- function(cluster) if (!is.null(cluster)) match(cluster, unique(cluster))

# coxph's rule for when the variance is robust.
robust_plan <- function(robust, risk, weight_type) {
  codes <- cluster_codes(risk$cluster)
  ids <- cluster_codes(risk$id)
  weights <- risk$response$weights
  if (is.null(robust)) {
    fractional <- !is.null(weights) && any(weights != floor(weights))
    robust <- !is.null(codes) || fractional || weight_type == "sampling"
  } else if (robust && is.null(codes) && is.null(ids) && !is.null(risk$response$entry)) {
    abort(
      "argument",
      "`robust = TRUE` with (start, stop] data needs to know which rows are one patient.",
      "Give `id` or `cluster`."
    )
  } else if (!robust && !is.null(codes)) {
    warn("cluster", "`robust = FALSE`: the clusters are left out.")
  }
  if (!robust) return(list(robust = FALSE))
  if (is.null(codes)) codes <- ids
  list(
    robust = TRUE, codes = codes, clusters = if (!is.null(codes)) max(codes),
    units = robust_units(
      codes, if (is.null(weights)) rep(1, length(risk$response$time)) else weights,
      weight_type == "frequency"
    )
  )
}

# How many independent units a robust variance sums over; rows of weight 0 are none.
robust_units <- function(codes, weights, frequency) {
  if (!is.null(codes)) return(length(unique(codes[weights > 0])))
  if (frequency) sum(weights) else sum(weights > 0)
}

# By what the conventions multiply a robust variance of n units.
robust_factor <- function(units, rule) {
  if (rule == "n / (n - 1)" && units > 1) units / (units - 1) else 1
}

# The sandwich and the tests that use it. Shapes: var p x p, meat p x p.
add_robust <- function(fit, design, response, codes, options, factor) {
  p <- length(fit$coefficients)
  if (!p || all(is.na(fit$coefficients))) return(fit)
  fit$robust_factor <- factor
  at_fit <- core_cox_meat(core_design(design), response, fit$linear.predictors, codes, options)
  fit$naive.var <- fit$var
  fit$var <- factor * fit$naive.var %*% at_fit$meat %*% fit$naive.var
  start <- start_predictor(design, response, options$init)
  at_start <- core_cox_meat(core_design(design), response, start, codes, options)
  fit$rscore <- quadratic_test(factor * at_start$meat, at_start$score, options$toler_chol)
  fit
}

# b' solve(var) b, where var may be singular. In units in which the variances are 1: what is
# singular is judged beside the largest of them.
quadratic_test <- function(var, b, toler_chol) {
  unit <- sqrt(diag(as.matrix(var)))
  unit[!unit > 0] <- 1
  as.double(survival::coxph.wtest(t(var / unit) / unit, b / unit, toler_chol)$test)
}

# Linear predictor at the initial values, where the score tests are taken.
start_predictor <- function(design, response, init) {
  n <- length(response$time)
  eta <- if (is.null(response$offset)) double(n) else response$offset
  if (is.null(init)) return(eta)
  for (j in which(init != 0)) eta <- eta + init[j] * design_column(design, j)
  eta - mean(eta)
}

design_column <- function(design, j) {
  x <- design$values[[design$source[j]]]
  if (is.matrix(x)) x <- x[, design$column[j]]
  if (design$level[j] > 0L) as.double(as.integer(x) == design$level[j]) else as.double(x)
}

# For the coefficients that are not aliased.
wald_statistic <- function(fit, init, toler_chol) {
  kept <- !is.na(fit$coefficients)
  if (!any(kept)) return(0)
  shift <- if (is.null(init)) 0 else init[kept]
  quadratic_test(fit$var[kept, kept], unname(fit$coefficients[kept]) - shift, toler_chol)
}

# What the user must hear about a fit, as one warning each. where: what
# infinite_where() found.
warn_about_fit <- function(fit, singular.ok, where) {
  aliased <- names(fit$coefficients)[is.na(fit$coefficients)]
  if (length(aliased)) {
    text <- c(
      paste0(
        enumerate(tick(aliased), max = 10L),
        if (length(aliased) > 1L) " are linear combinations" else " is a linear combination",
        " of the other columns or constant: no coefficient can be estimated."
      ),
      "Leave out of the formula what repeats other variables."
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
    lines <- paste0("The hazard ratio of ", where, " cannot be estimated: it runs to ", ends, ".")
    more <- length(lines) - 3L
    if (more > 0L) lines <- c(lines[1:3], paste0("So it is with ", more, " more."))
    warn(
      "infinite", lines,
      paste0("Merge such a level with another, ", finite, "or leave the variable out."),
      if (inherits(fit, "lms_cox") && model_based) {
        "How far the data bound it is told by `confint(fit, type = \"profile\")`."
      },
      "The other coefficients hold in the limit.",
      fields = list(coefficients = fit$infinite)
    )
  } else if (!fit$converged) {
    steps <- count_of(fit$iter, "step")
    warn(
      "not_converged",
      paste0("The fit has not converged after ", steps, ": its numbers are not final."),
      "Raise `iter.max`, rescale covariates of very large values, or give `init`."
    )
  }
}

infinite_end <- function(infinite) ifelse(infinite > 0, "infinity", "0")

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
