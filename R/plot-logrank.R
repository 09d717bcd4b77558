# The test that a figure of curves shows.

# What p_value asks for: the test of all curves, or NULL for the test of each panel's.
figure_test <- function(fit, figure, p_value) {
  if (inherits(p_value, "lms_logrank")) return(given_test(p_value, fit, figure))
  if (!is.null(unclass(fit)$logrank)) return(unclass(fit)$logrank)
  own <- inherits(fit, c("lms_km", "lms_cuminc"))
  robust <- inherits(fit, "lms_km") && !identical(unclass(fit)$robust, FALSE)
  if (robust || (!own && any(fit$n.risk != round(fit$n.risk)))) {
    abort(
      "argument",
      "`p_value = TRUE` cannot test these weighted curves, because the rows are not kept.",
      "Give the test: `p_value = lms_logrank(formula, data, weights = ...)`."
    )
  }
  if (!own && identical(fit$type, "counting")) {
    abort(
      "argument", "`p_value = TRUE` cannot test these curves, because entry times are not kept.",
      "Fit the curves by lms_km()."
    )
  }
  NULL
}

#' @export
autoplot.lms_logrank <- function(object, ...) no_test_figure("autoplot")

#' @export
plot.lms_logrank <- function(x, ...) no_test_figure("plot")

no_test_figure <- function(verb) {
  abort("argument", paste0(verb, "() cannot draw a test."),
        "Draw the curves: `autoplot(lms_km(formula, data), p_value = TRUE)`.")
}

panel_test <- function(counts) {
  if (length(counts) && (isTRUE(counts[[1L]]$coarse) || !is.null(counts[[1L]]$test))) {
    return(if (length(counts) == counts[[1L]]$curves) counts[[1L]]$test)
  }
  group <- unlist(lapply(counts, `[[`, "group"))
  if (length(group) < length(counts)) return(NULL)
  counts_logrank(counts, group, unlist(lapply(counts, `[[`, "strata")))
}
