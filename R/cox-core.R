# Between the risk data and the core: options in, estimates out, and what must
# be said about them. Shared by lms_cox() and lms_cox_fit().

core_options <- function(ties, control, init = NULL, frequency = FALSE, penalty = "none") {
  list(
    ties = ties, penalty = penalty, frequency = frequency, timefix = control$timefix, init = init,
    eps = control$eps, toler_chol = control$toler.chol, iter_max = control$iter.max,
    threads = control$threads
  )
}

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
        " to compute with; half of its range is ", format(half, digits = 2L), "."
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
      "`weights` are too ", size, " to compute with: the weights of the events add up to ",
      format(total, digits = 2L), ", the largest weight is ", format(max(weights), digits = 2L), "."
    ),
    "Multiply all weights by the same number, so that the largest is 1."
  )
}

check_exact <- function(ties, response, robust, weight_type) {
  if (ties != "exact") return(invisible())
  if (weight_type != "frequency" && any(response$weights != 1)) {
    abort(
      "argument",
      "`ties = \"exact\"` cannot be combined with `weights` other than frequencies.",
      "Use \"efron\" or \"breslow\", or set `weight_type = \"frequency\"` if they are frequencies."
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

# The core sees that a matrix of doubles is not finite; this tells where.
check_finite <- function(x) {
  at <- which(!is.finite(x), arr.ind = TRUE)
  if (!nrow(at)) return(invisible())
  abort(
    "covariate",
    paste0(
      "`x` must be finite, not ", format_value(x[at[1L, , drop = FALSE]]), " (row ", at[1L, 1L],
      ", column ", at[1L, 2L], ")."
    ),
    row_count(unique(at[, 1L]), nrow(x)),
    "Exclude these rows."
  )
}

check_penalty <- function(penalty, ties, weight_type, robust, response) {
  if (penalty == "none") return(invisible())
  if (ties == "exact") {
    abort(
      "argument", "`penalty = \"firth\"` cannot be combined with `ties = \"exact\"`.",
      "Use \"efron\" or \"breslow\"."
    )
  }
  if (weight_type == "sampling") {
    abort(
      "argument",
      "`penalty = \"firth\"` cannot be combined with sampling weights: it has no robust variance.",
      "Remove the penalty, or set `weight_type` to \"case\" or \"frequency\" if that is their type."
    )
  }
  if (!robust) return(invisible())
  weights <- response$weights
  fractional <- !is.null(weights) && any(weights != floor(weights))
  abort(
    "argument",
    paste0(
      "`penalty = \"firth\"` has no robust variance",
      if (fractional) ", which fractional weights have by default", "."
    ),
    if (fractional) {
      "Set `robust = FALSE` for the model-based variance."
    } else {
      "Remove `robust` and the clusters, or remove the penalty."
    }
  )
}
