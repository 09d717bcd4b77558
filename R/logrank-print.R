#' Print a rank test
#'
#' `print()` shows, for each group, the number of patients (rows), the observed and the expected
#' events, and (O-E)^2/E and (O-E)^2/V as [survival::survdiff()] does. The tests and the methods
#' to report follow. See [lms_logrank()] for the meaning of each line. In a weighted test,
#' observed and expected are sums of weights of event times. The number of events is then shown
#' beside them.
#'
#' @param x A test made by [lms_logrank()].
#' @param ... Not used.
#' @return `x`, invisibly.
#' @examples
#' lms_logrank(Surv(time, status) ~ celltype, data = survival::veteran, test = "gehan")
#' @export
print.lms_logrank <- function(x, ...) {
  print_lines(paste0(x$method, ": ", x$data.name))
  counted <- x[c("nevent", "n.id", "na.action", "missing", "not_applicable", "weight_type")]
  event <- x[["event"]]
  print_lines(c(
    rows_line(c(list(n = x$nobs), counted)), if (!is.null(event)) paste0("Event: ", event, ".")
  ))
  cat("\n")
  print_columns(logrank_cells(x))
  cat("\n")
  if (is.null(x$components)) {
    print_lines(c(chi_line(x), trend_line(x$trend)))
  } else {
    print_components(x)
  }
  if (!is.null(x$pairwise)) {
    cat("\n")
    print_lines(pairwise_line(x))
    print_columns(pairwise_cells(x$pairwise))
  }
  cat("\n")
  print_lines(c(guard_line(x$guards, curves = FALSE), strata_line(x), variance_line(x)))
  invisible(x)
}

logrank_cells <- function(x) {
  table <- as.data.frame(x)
  gap <- (table$observed - table$expected)^2
  weighted <- !is.null(test_weight(x$test)) || identical(x$weight_type, "case") ||
    identical(x$weight_type, "sampling")
  head <- c("", "N", if (weighted) "Events", "Observed", "Expected", "(O-E)^2/E", "(O-E)^2/V")
  cells <- rbind(head, cbind(
    table$group, format_numbers(table$n, whole = TRUE),
    if (weighted) format_numbers(table$events, whole = TRUE),
    format_numbers(table$observed, whole = TRUE), format_numbers(table$expected),
    format_numbers(gap / table$expected), format_numbers(gap / diag(x$var))
  ))
  # A likelihood ratio test has neither.
  if (x$test == "exponential") cells[, seq_len(ncol(cells) - 2L)] else cells
}

# The four tests, and the largest of them.
print_components <- function(x) {
  each <- x$components
  print_columns(rbind(c("", "z", "p"), cbind(
    sprintf("FH(%g, %g)", each$rho, each$gamma), format_numbers(each$z),
    vapply(each$p.value, format_p, "")
  )))
  cat("\n")
  if (is.na(x$p.value)) return(print_lines(chi_line(x)))
  print_lines(paste0(
    "Largest |z| ", format(round(x$statistic[[1L]], 2), nsmall = 2), ", p ", p_equals(x$p.value),
    ", with the correlation of the four tests."
  ))
}

pairwise_cells <- function(pairs) {
  rbind(c("", "Chi-squared", "p", "adjusted p"), cbind(
    paste(pairs$group1, "and", pairs$group2), format_numbers(pairs$statistic),
    vapply(pairs$p.value, format_p, ""), vapply(pairs$p.adjusted, format_p, "")
  ))
}

# With as many decimals as their size wants; whole: none if all are whole numbers.
format_numbers <- function(x, whole = FALSE) {
  shown <- is.finite(x)
  text <- rep("", length(x))
  if (!any(shown)) return(text)
  largest <- max(abs(x[shown]))
  digits <- if (largest >= 1e4 || whole && all(x[shown] == round(x[shown]))) {
    0L
  } else if (largest > 0) {
    min(8L, max(2L, 1L - as.integer(floor(log10(largest)))))
  } else {
    2L
  }
  text[shown] <- formatC(x[shown], format = "f", digits = digits, big.mark = ",")
  text
}

# A chi-squared statistic with its df and p.
chi_line <- function(x, end = ".", name = "Chi-squared") {
  if (is.na(x$statistic)) {
    return("The groups cannot be compared: no two groups were at risk at the same time.")
  }
  paste0(
    name, " ", format(round(x$statistic[[1L]], 2), nsmall = 2), " on ", x$parameter[[1L]],
    " df, p ", p_equals(x$p.value), end
  )
}

trend_line <- function(trend) {
  if (is.null(trend)) return(NULL)
  scores <- paste(format(unname(trend$scores), trim = TRUE, digits = 7), collapse = ", ")
  if (is.na(trend$z)) return(NULL)
  chi <- chi_line(trend, paste0(
    ", z = ", format(round(trend$z, 2), nsmall = 2),
    " (above 0 if the hazard increases with the score)."
  ), "chi-squared")
  paste0("Test of trend, scores ", scores, ": ", chi)
}

pairwise_line <- function(x) {
  how <- switch(x$adjust,
    none = "not adjusted", holm = "adjusted by Holm", hochberg = "adjusted by Hochberg",
    hommel = "adjusted by Hommel", bonferroni = "adjusted by Bonferroni",
    BY = "adjusted by Benjamini and Yekutieli", "adjusted by Benjamini and Hochberg"
  )
  paste0("Pairwise tests, each on the rows of two groups, p-values ", how, ":")
}

strata_line <- function(x) {
  if (is.null(x$strata)) return(NULL)
  special <- attr(x$terms, "specials")$strata
  paste0(
    "Stratified by ", enumerate(deparse_variables(x$terms)[special]), " (",
    count_of(length(x$strata), "stratum", "strata"), ")."
  )
}

variance_line <- function(x) {
  if (x$test == "exponential") {
    return(paste0(
      if (!is.null(x$weight_type)) paste0("Weights: ", x$weight_type, ". "),
      "Constant hazards in each group; expected events in proportion to the time at risk."
    ))
  }
  variance <- if (!x$robust) {
    "hypergeometric variance"
  } else if (is.null(x$clusters)) {
    "robust variance"
  } else {
    paste0("robust variance by ", count_of(x$clusters, "cluster"))
  }
  weight <- test_weight(x$test)
  text <- paste0(
    if (!is.null(x$weight_type)) paste0(x$weight_type, " weights; "), variance,
    if (!is.null(weight)) paste0("; weight of each event time: ", weight), "."
  )
  capital(text)
}

#' @rdname print.lms_logrank
#' @param object A test made by [lms_logrank()].
#' @export
summary.lms_logrank <- function(object, ...) object
