#' @export
print.lms_fisher <- function(x, ...) {
  names <- tick(x$variables)
  print_lines(paste0("Fisher's exact test: ", names[2L], " by ", names[1L]))
  print_lines(fisher_rows_line(x))
  cat("\n")
  print_cells(x$counts)
  cat("\n")
  print_lines(c(fisher_p_line(x), fisher_method_line(x)))
  if (!is.null(x$estimate)) print_lines(fisher_ratio_lines(x))
  if (!is.null(x$each)) print_each(x)
  invisible(x)
}

fisher_rows_line <- function(x) {
  paste0(
    count_of(x$n, "row"), left_out(x$n_missing, x$missing), "."
  )
}

# Counts with the percentage of their row; the last row is the total.
print_cells <- function(counts) {
  with_total <- rbind(unclass(counts), Total = colSums(counts))
  sums <- rowSums(with_total)
  cells <- matrix(
    paste0(format_count(c(with_total)), " (", formatC(100 * c(with_total / sums), format = "f",
                                                digits = 0L), "%)"),
    nrow(with_total)
  )
  cells <- rbind(c(colnames(counts), "total"), cbind(cells, format_count(sums)))
  print_columns(cbind(c("", rownames(with_total)), cells))
}

fisher_p_line <- function(x) {
  side <- switch(
    x$alternative, two.sided = "two-sided", less = "one-sided, odds ratio below 1",
    greater = "one-sided, odds ratio above 1"
  )
  mid <- x$mid.p[[x$alternative]]
  text <- paste0("p ", p_equals(x$p.value), " (", side, "); mid-p ", p_equals(mid))
  if (length(x$p) > 1L && x$alternative == "two.sided") {
    text <- paste0(
      text, "; one-sided p ", p_equals(x$p[["one.sided"]]), " (odds ratio ",
      if (x$p[["less"]] < x$p[["greater"]]) "below" else "above", " 1)"
    )
  }
  paste0(text, ".")
}

fisher_method_line <- function(x) {
  size <- paste(nrow(x$counts), "x", ncol(x$counts), "table")
  if (x$exact) return(paste0("Exact, ", size, "."))
  paste0(
    "Monte Carlo, ", size, ": ", format(x$replicates, big.mark = ",", scientific = FALSE),
    " random tables with the same margins, seed ", x$seed, "; 99% CI of p ",
    paste(signif(x$p.interval, 3L), collapse = " to "), ". Not exact: ", x$why, "."
  )
}

fisher_ratio_lines <- function(x) {
  levels <- dimnames(x$counts)
  digits <- ratio_digits(x$conf.int)
  interval <- paste(
    format_ratio(x$conf.int[1L], digits), "to", format_ratio(x$conf.int[2L], digits)
  )
  c(
    paste0(
      "Odds ratio ", format_ratio(x$estimate[[1L]], digits), " (",
      format(100 * x$conf_level), "% CI ", interval, "): the odds of ",
      tick(x$variables[2L]), " = ", quoted(levels[[2L]][2L]), " with ", tick(x$variables[1L]),
      " = ", quoted(levels[[1L]][2L]), " compared with ", quoted(levels[[1L]][1L]), "."
    ),
    paste0(
      "Conditional maximum likelihood; exact ",
      if (x$alternative == "two.sided") "CI with equal tails." else "one-sided CI."
    )
  )
}

print_each <- function(x) {
  each <- x$each
  ratios <- !all(is.na(each$estimate))
  cells <- cbind(
    n = format_count(each$n),
    if (ratios) {
      cbind(
        OR = vapply(each$estimate, format_ratio, "", 2L),
        interval = paste(vapply(each$conf.low, format_ratio, "", 2L), "to",
                         vapply(each$conf.high, format_ratio, "", 2L))
      )
    },
    p = vapply(each$p.value, format_p, ""), adjusted = vapply(each$adj.p.value, format_p, "")
  )
  head <- c("n", if (ratios) c("OR", interval_name(x$conf_level)), "p",
            "adjusted p")
  cat("\nEach row compared with all others:\n")
  print_columns(cbind(c("", each$level), rbind(head, cells)))
  print_lines(paste0(
    if (ratios) paste0("OR: odds of ", quoted(colnames(x$counts)[2L]), ". "),
    "p-values adjusted for ", nrow(each), " tests: ", x$adjust, ". ", each_exact(each)
  ))
}

each_exact <- function(each) {
  if (all(each$exact)) return("All tests are exact.")
  paste0("Monte Carlo tests: ", enumerate(quoted(each$level[!each$exact])), ".")
}

#' @export
tidy.lms_fisher <- function(x, ...) {
  refuse_typed_dots("tidy", character(), dot_names(...))
  if (!is.null(x$each)) {
    return(as_tibble_class(c(
      unclass(x$each)[c("level", "n", "estimate", "p.value", "adj.p.value", "conf.low",
                        "conf.high", "exact")],
      list(method = rep("Fisher's exact test, each row compared with all others", nrow(x$each)))
    )))
  }
  interval <- if (is.null(x$conf.int)) c(NA_real_, NA_real_) else as.vector(x$conf.int)
  as_tibble_class(list(
    estimate = if (is.null(x$estimate)) NA_real_ else x$estimate[[1L]], p.value = x$p.value,
    conf.low = interval[1L], conf.high = interval[2L], method = x$method,
    alternative = x$alternative, mid.p.value = x$mid.p[[x$alternative]]
  ))
}

#' @export
glance.lms_fisher <- function(x, ...) {
  refuse_typed_dots("glance", character(), dot_names(...))
  interval <- if (x$exact) rep(x$p.value, 2L) else x$p.interval
  as_tibble_class(list(
    p.value = x$p.value, p.low = interval[1L], p.high = interval[2L], exact = x$exact,
    replicates = if (x$exact) NA_real_ else x$replicates, method = x$method, n = x$n,
    n.missing = x$n_missing, rows = nrow(x$counts), columns = ncol(x$counts)
  ))
}

#' @export
as.data.frame.lms_fisher <- function(x, ...) {
  out <- as.data.frame(x$counts, responseName = "n", stringsAsFactors = FALSE)
  out$percent <- 100 * as.vector(prop.table(x$counts, 1L))
  out
}
