# A test that is given to a figure must be of the curves that it draws.

# Answer: what test_text() and the panels need of it.
given_test <- function(test, fit, figure) {
  check_same_groups(test, fit, figure)
  stratified <- !is.null(test$strata)
  part <- if (is.null(test$trend)) unclass(test) else test$trend
  c(
    part[c("statistic", "parameter", "p.value")],
    unclass(test)[c("test", "rho", "gamma", "robust", "method")],
    list(stratified = stratified, trend = !is.null(test$trend))
  )
}

# By the names of the variables or, where these are called otherwise, by the order of the groups;
# and then by rows, events and expected events of each.
check_same_groups <- function(test, fit, figure) {
  curves <- figure$groups[setdiff(names(figure$groups), c(".group", ".curve", "counts"))]
  at <- curves_by_name(test, curves)
  named <- !is.null(at)
  if (!named && length(test$n) == nrow(curves)) at <- seq_len(nrow(curves))
  rows <- fit$n
  if (sum(rows) != sum(test$n)) {
    abort(
      "argument",
      paste0("`p_value` is a test of ", count_of(sum(test$n), "row"), ", the curves are of ",
             count_of(sum(rows), "row"), "."),
      test_action
    )
  }
  if (is.null(at) || (!named && !same_sums(test, rows, figure$groups$counts, at))) {
    abort(
      "argument",
      paste0("`p_value` is a test of other groups than the curves: of ",
             enumerate(tick(names(test$variables))), ", not of ",
             if (length(curves)) enumerate(tick(names(curves))) else "one curve", "."),
      test_action
    )
  }
  if (!same_sums(test, rows, figure$groups$counts, at)) {
    abort(
      "argument",
      "`p_value` tests other groups, times, events or weights than the curves.",
      test_action
    )
  }
}

test_action <- paste(
  "Set `p_value = TRUE`, or use lms_logrank() with the formula and data of the curves."
)

# The group of the test that each curve is of; NULL where the curves do not tell it, or differ in a
# variable that is neither compared nor a stratum.
curves_by_name <- function(test, curves) {
  compared <- as_plot_columns(test$variables)
  names <- names(compared)
  if (!all(names %in% names(curves)) ||
        !all(setdiff(names(curves), names) %in% stratum_names(test$terms))) {
    return(NULL)
  }
  at <- match(cross_values(curves[names]), cross_values(compared))
  if (!anyNA(at)) at
}

# strata(sex), and sex itself.
stratum_names <- function(terms) {
  at <- attr(terms, "specials")$strata
  unlist(lapply(as.list(attr(terms, "variables"))[at + 1L], function(expr) {
    c(deparse1(expr), all.vars(expr))
  }))
}

same_sums <- function(test, rows, counts, at) {
  core <- counts_core(counts, factor(at, seq_along(test$n)))
  near <- function(x, y) length(x) == length(y) && all(abs(x - y) <= 1e-6 * pmax(1, abs(y)))
  pooled <- as.vector(rowsum(as.vector(rows), factor(at, seq_along(test$n)), reorder = TRUE))
  near(pooled, as.vector(test$n)) && near(as.vector(core$observed), test$plain$observed) &&
    near(as.vector(core$expected), test$plain$expected)
}
