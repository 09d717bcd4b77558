#' Print a Cox model
#'
#' A table of hazard ratios grouped by variable, with the reference level and
#' the numbers of rows and events of each level, and the rules that were used. A
#' coefficient that runs to infinity is shown as not estimable.
#'
#' @param x A model made by [lms_cox()].
#' @param digits A whole number, the decimals of the hazard ratios; more are
#'   shown where the limits of an interval would look equal.
#' @param ... Not used.
#' @return `x`, invisibly.
#' @examples
#' lms_cox(Surv(time, status == 2) ~ age + factor(sex), data = survival::lung)
#' @export
print.lms_cox <- function(x, digits = 2L, ...) {
  print_lines(paste("Cox model:", deparse1(x$formula)))
  print_lines(c(rows_line(x), if (!is.null(x[["event"]])) paste0("Event: ", x[["event"]], ".")))
  cat("\n")
  if (length(x$coefficients)) {
    head <- c("", "n", "events", "HR", interval_name(x$conf_level), "p")
    print_columns(rbind(head, hazard_table(x, digits)))
    cat("\n")
  } else {
    cat("No covariates. Log partial likelihood ", format(x$loglik, digits = 8), ".\n\n", sep = "")
  }
  print_lines(c(table_notes(x), test_line(x), rules_line(x)))
  foot <- check_foot(x)
  if (!is.null(foot)) print_lines(foot)
  invisible(x)
}

# "227 rows, 165 events; 1 row left out (missing: `ph.ecog` in 1)."
rows_line <- function(x) {
  counted <- if (identical(x$weight_type, "frequency")) "patient" else "row"
  text <- paste0(
    count_of(x$n, counted), if (!is.null(x$n.id)) paste(" of", count_of(x$n.id, "patient")), ", ",
    count_of(x$nevent, "event")
  )
  paste0(text, left_out(length(unclass(x)$na.action), x$missing), ".")
}

# With a robust variance the likelihood ratio is no test.
test_line <- function(x) {
  df <- sum(!is.na(x$coefficients))
  if (!df) return(NULL)
  robust <- !is.null(x$naive.var)
  name <- if (is_penalised(x)) "Penalised likelihood ratio test " else "Likelihood ratio test "
  test <- if (robust) x$wald.test else -2 * (x$loglik[1L] - x$loglik[2L])
  paste0(
    if (robust) "Robust Wald test " else name,
    format(round(test, 2), nsmall = 2), " on ", df, " df, p ",
    p_equals(stats::pchisq(test, df, lower.tail = FALSE)), "."
  )
}

rules_line <- function(x) {
  variance <- if (is.null(x$naive.var)) {
    "model-based variance"
  } else if (is.null(x$clusters)) {
    "robust variance"
  } else {
    paste0("robust variance by ", count_of(x$clusters, "cluster"))
  }
  if (isTRUE(x$robust_factor != 1)) {
    n <- if (is.null(x$clusters)) "n" else "g"
    variance <- paste0(variance, " times ", n, " / (", n, " - 1)")
  }
  weights <- if (!is.null(x$weight_type)) paste0(x$weight_type, " weights; ")
  penalised <- is_penalised(x)
  interval <- if (penalised) {
    "% profile penalised likelihood interval; p of the penalised likelihood ratio; "
  } else {
    "% Wald interval; "
  }
  paste0(
    if (penalised) "Firth's penalised likelihood; ", tie_label(x$method), " ties; ", variance, "; ",
    weights, format(100 * x$conf_level), interval, "conventions ", quoted(x$conventions), "."
  )
}

table_notes <- function(x) {
  terms <- x$terms
  special <- attr(terms, "specials")$strata
  crossed <- any(crossed_terms(terms))
  c(
    if (!is.null(special)) {
      paste0(
        "Stratified by ", enumerate(deparse_variables(terms)[special]), " (", nlevels_kept(x),
        " strata)."
      )
    },
    if (crossed) {
      "With an interaction, a variable's own rows hold where its partner is 0 or at its reference."
    },
    if (length(x$infinite)) {
      paste0(
        "Not estimable: ",
        enumerate(paste(tick(names(x$infinite)), "runs to", infinite_end(x$infinite))), "."
      )
    },
    if (length(x$coefficients) && !x$converged && !length(x$infinite)) "The fit has NOT converged."
  )
}

# Interactions beside the effects of their variables; others hold within levels.
crossed_terms <- function(terms) {
  if (!length(attr(terms, "factors"))) return(logical())
  attr(terms, "order") > 1L & colSums(attr(terms, "factors") == 2) == 0
}

nlevels_kept <- function(x) if (is.null(x$strata)) x$n_strata else nlevels(x$strata)

# The table as text, one row per line: label, indent, n, events, ratio,
# interval, p; "" where a row has nothing to say.
hazard_table <- function(x, digits) {
  levels <- x$level_table
  b <- x$coefficients
  limits <- stats::confint(x, level = x$conf_level)
  chisq <- if (is_penalised(x)) penalised_chisq(x) else b^2 / diag(x$var)
  p <- stats::pchisq(chisq, 1, lower.tail = FALSE)
  total <- c(x$n, x$nevent)
  blocks <- lapply(split(
    seq_len(nrow(levels)), factor(levels$term, unique(levels$term))
  ), function(at) {
    rows <- lapply(at, function(i) {
      j <- levels$coef[i]
      c(
        row_label(levels, i, length(at), names(b)),
        row_counts(levels, i, total),
        row_numbers(b, limits, p, j, names(x$infinite), digits)
      )
    })
    header <- if (length(at) > 1L) list(c(levels$term[at[1L]], rep("", 5L)))
    do.call(rbind, c(header, rows))
  })
  out <- do.call(rbind, blocks)
  colnames(out) <- c("label", "n", "events", "ratio", "interval", "p")
  out
}

row_label <- function(levels, i, rows, names) {
  level <- levels$level[i]
  j <- levels$coef[i]
  if (!is.na(level)) {
    return(paste0("  ", if (nzchar(level)) level else "\"\"", if (j == 0L) " (reference)"))
  }
  term <- levels$term[i]
  name <- names[j]
  if (rows == 1L) return(name)
  if (startsWith(name, term)) name <- substring(name, nchar(term) + 1L)
  paste0("  ", name)
}

row_counts <- function(levels, i, total) {
  counts <- if (is.na(levels$n[i])) total else c(levels$n[i], levels$events[i])
  format(counts, big.mark = ",", trim = TRUE, scientific = FALSE)
}

row_numbers <- function(b, limits, p, j, infinite, digits) {
  if (j == 0L) return(c("1", "", ""))
  if (is.na(b[j])) return(c("", "collinear", ""))
  if (names(b)[j] %in% infinite) return(c("", "not estimable", ""))
  limits <- exp(limits[j, ])
  digits <- ratio_digits(limits, digits)
  c(
    format_ratio(exp(b[[j]]), digits),
    paste(format_ratio(limits[1L], digits), "to", format_ratio(limits[2L], digits)),
    format_p(p[[j]])
  )
}
