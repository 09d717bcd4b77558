# Sentences of a report: kept as plain text, and made safe for Markdown only where
# they enter a document, so that nothing that the data say is taken for markup.

new_text <- function(...) structure(as.character(unlist(list(...))), class = "lms_text")

#' @export
print.lms_text <- function(x, ...) {
  for (i in seq_along(x)) {
    if (i > 1L) cat("\n")
    print_lines(x[[i]])
  }
  invisible(x)
}

#' @rawNamespace S3method(base::format,lms_text)
format.lms_text <- function(x, ...) as.character(unclass(x))

#' @exportS3Method knitr::knit_print
knit_print.lms_text <- function(x, ...) { # nolint: object_name_linter.
  knitr::asis_output(paste(markup_safe(format(x)), collapse = "\n\n"))
}

# Every mark that could mean something to Markdown, to HTML or to LaTeX is written by
# its number.
markup_safe <- function(x) {
  x <- gsub("[[:space:][:cntrl:]]+", " ", enc2utf8(as.character(x)), perl = TRUE)
  marks <- gregexpr("(?![,%/])[[:punct:]]", x, perl = TRUE)
  regmatches(x, marks) <- lapply(regmatches(x, marks), function(mark) {
    sprintf("&#%d;", vapply(mark, utf8ToInt, 0L))
  })
  x
}

# "45 of 396 patients (11%)", "fewer than 5 of 396 patients"
share <- function(n, all, what = NULL, min_cell = 0) {
  if (!apart(n, all, min_cell)) {
    few <- paste0(if (!is_few(n, min_cell)) "all but ", "fewer than ", min_cell)
    return(paste(c(few, "of", format_count(all), what), collapse = " "))
  }
  if (all == 1L) what <- sub("^patients\\b", "patient", what)
  percent <- format_percent(n / all, if (n > 0 && n / all < 0.095) 1L else 0L)
  counts <- paste(c(format_count(n), "of", format_count(all), what), collapse = " ")
  paste0(counts, " (", percent, ")")
}

all_patients <- function(n) paste0(if (n > 1L) "all ", count_of(n, "patient"))

# "82.3 months (95% CI 70.1 to 95.0; IQR 36.4 to 198.5)"
median_words <- function(fit, unit, min_cell = 0) {
  digits <- unit_digits(unit)
  quartiles <- stats::quantile(fit, c(0.25, 0.5, 0.75))
  q <- quartiles$quantile
  if (is.na(q[[2L]])) return("not reached")
  at <- ifelse(is.na(q), fit$last, q)
  shown <- at_risk_at(fit, at) >= min_cell & !is_few(sum(fit$n.event), min_cell)
  if (!shown[2L]) return(hidden_word)
  paste0(
    format_time(q[[2L]], digits), " ", unit, " (",
    limit_words(fit, quartiles$lower[[2L]], quartiles$upper[[2L]], digits),
    if (all(shown)) paste0("; IQR ", format_range(q[[1L]], q[[3L]], digits)), ")"
  )
}

# "95% CI 78.9 to 103.9", "no 95% CI"
limit_words <- function(fit, lower, upper, digits) {
  interval <- interval_word(fit$conf_level)
  if (is.na(lower) && is.na(upper)) return(paste("no", interval))
  paste(interval, format_range(lower, upper, digits))
}

# Such as: 88% (95% CI 85 to 91%) at 2 years, ... and 39% (...) at 10 years.
rate_words <- function(rates, limits = TRUE, min_cell = 0) {
  at <- rates$rates
  years <- at$time / rates$per_year
  # A limit tells the number at risk.
  exact <- if (min_cell) rep(NA_real_, nrow(at)) else exact_rates(rates)
  each <- vapply(seq_len(nrow(at)), function(i) {
    when <- paste0(" at ", year_words(years[i]))
    if (is.na(at$rate[i])) return(paste0("not estimable", when))
    if (at$n.risk[i] < min_cell || isFALSE(at$told[i])) {
      return(paste0(hidden_word, when))
    }
    paste0(format_percent(at$rate[i], 0L), if (limits) rate_limits(at[i, ], exact[i],
                                                                  rates$conf_level), when)
  }, "")
  enumerate(each)
}

# " (95% CI 85 to 91%)", and before the first event, where that is a point that looks like
# certainty, " (lower 95% limit 86%)"; NULL where neither is known.
rate_limits <- function(row, exact, conf_level) {
  if (!is.na(exact)) {
    return(paste0(" (lower ", format(100 * conf_level), "% limit ", format_percent(exact, 0L), ")"))
  }
  range <- if (row$rate < 1) format_percent_range(row$conf.low, row$conf.high, 0L) else ""
  if (nzchar(range)) paste0(" (", interval_word(conf_level), " ", range, ")")
}
