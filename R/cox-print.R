#' Print a Cox model
#'
#' `print()` shows a Cox model as a table of hazard ratios. Rows are grouped by variable, with
#' the reference group, and with the patients (rows) and events of each level. The methods to
#' report stand at the end. See [lms_cox()] for the meaning of each line. A hazard ratio that
#' cannot be estimated is shown as such.
#'
#' @param x A model made by [lms_cox()].
#' @param digits A whole number that sets the decimals of the hazard ratios. More decimals are
#'   shown if the limits of an interval would look equal.
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
  foot <- foot_words(x)
  if (!is.null(foot)) print_lines(foot)
  invisible(x)
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

rules_line <- function(x, conventions = TRUE) {
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
    "% profile penalised likelihood CI; p-values of the penalised likelihood ratio"
  } else {
    "% Wald CI"
  }
  paste0(
    if (penalised) "Firth's penalised likelihood; ", tie_label(x$method), " ties; ", variance, "; ",
    weights, format(100 * x$conf_level), interval,
    if (conventions) paste0("; conventions ", quoted(x$conventions)), "."
  )
}

table_notes <- function(x) {
  terms <- x$terms
  special <- attr(terms, "specials")$strata
  crossed <- any(crossed_terms(terms))
  kinds <- x$level_table$kind
  c(
    if (!is.null(special)) {
      paste0(
        "Stratified by ", enumerate(deparse_variables(terms)[special]), " (", nlevels_kept(x),
        " strata)."
      )
    },
    if (crossed) {
      paste(
        "With an interaction, the hazard ratio of a variable holds only where", if (plain_coding(x))
          "the other variable is 0 or in its reference group." else
            "all columns of the other variable are 0."
      )
    },
    if ("contrast" %in% kinds) contrast_note,
    if ("column" %in% kinds) {
      paste(several_note, "summary() shows the coefficients.")
    },
    offset_words(terms),
    if (length(x$infinite)) {
      ends <- paste0(tick(names(x$infinite)), " (tends to ", infinite_end(x$infinite), ")")
      paste0("Hazard ratios that cannot be estimated: ", enumerate(ends), ".")
    },
    if (length(x$coefficients) && !x$converged && !length(x$infinite)) "The fit has NOT converged."
  )
}

offset_words <- function(terms) {
  offsets <- deparse_variables(terms)[attr(terms, "offset")]
  if (length(offsets)) paste0("With ", enumerate(offsets), ".")
}

# Whether 0 is the reference of all that has levels, and in the data of all else.
plain_coding <- function(x) !any(x$level_table$kind %in% c("contrast", "column"))

contrast_note <- paste(
  "Rows with \"vs\" compare levels. A mean is the mean of log hazards, with each level counted",
  "once."
)

several_note <- paste(
  "Splines and polynomials have no single hazard ratio; the p-value is of a Wald test of all",
  "columns."
)

# Interactions beside the effects of their variables; others hold within levels.
crossed_terms <- function(terms) {
  if (!length(attr(terms, "factors"))) return(logical())
  attr(terms, "order") > 1L & colSums(attr(terms, "factors") == 2) == 0
}

nlevels_kept <- function(x) if (is.null(x$strata)) x$n_strata else nlevels(x$strata)

# The table as text, one row per line: label, n, events, ratio, interval, p; "" where a row has
# nothing to say.
hazard_table <- function(x, digits) {
  numbers <- cox_lines(x, "name")
  text <- line_texts(numbers, digits)
  at <- split(seq_len(nrow(numbers)), factor(numbers$variable, unique(numbers$variable)))
  blocks <- lapply(at, function(i) {
    label <- numbers$line_label[i]
    if (all(is.na(label))) return(cbind(label = numbers$variable[i], text[i, , drop = FALSE]))
    reference <- ifelse(numbers$kind[i] == "reference", " (reference)", "")
    rows <- cbind(label = paste0("  ", label, reference), text[i, , drop = FALSE])
    rbind(c(numbers$variable[i[1L]], rep("", ncol(text))), rows)
  })
  do.call(rbind, unname(blocks))
}

# The numbers of cox_lines() as text: n, events, ratio, interval, p. With `min_cell`, those of
# mask_cox(), which says what is hidden.
line_texts <- function(numbers, digits, min_cell = 0) {
  rows <- lapply(seq_len(nrow(numbers)), function(i) {
    line <- numbers[i, ]
    counts <- c(masked_count(line$n, line$masked_n, min_cell),
                masked_count(line$events, line$masked_events, min_cell))
    hidden <- identical(line$masked_ratio, "hidden")
    c(counts, if (hidden) c("", "*", "") else ratio_texts(line, digits))
  })
  out <- do.call(rbind, rows)
  colnames(out) <- c("n", "events", "ratio", "interval", "p")
  out
}

# mask: "", "small" or "hidden", NULL where nothing is masked.
masked_count <- function(n, mask, min_cell) {
  switch(if (is.null(mask)) "" else mask, small = paste0("<", min_cell), hidden = "*",
         format(n, big.mark = ",", trim = TRUE, scientific = FALSE))
}

ratio_texts <- function(line, digits) {
  if (line$kind == "reference") return(c("1", "", ""))
  if (line$kind == "several") return(c("", "no single HR", format_p(line$p.value)))
  if (!is.na(line$infinite)) return(c("", "not estimable", ""))
  if (is.na(line$estimate)) return(c("", "collinear", ""))
  limits <- c(line$conf.low, line$conf.high)
  digits <- ratio_digits(limits, digits)
  c(
    format_ratio(line$estimate, digits),
    paste(format_ratio(limits[1L], digits), "to", format_ratio(limits[2L], digits)),
    format_p(line$p.value)
  )
}
