# What the prints of all results are made of.

# A paragraph for each text.
print_lines <- function(text, width = cli::console_width()) {
  cat(strwrap(text, width, exdent = 2L), sep = "\n")
}

# cells: text, the first row a head, the first column labels. Numbers stand at the
# right; labels at the left, and on a line of their own where they do not fit.
print_columns <- function(cells, width = cli::console_width()) {
  cells <- unname(cells)
  widths <- apply(cells, 2L, function(column) max(nchar(column, "width")))
  room <- max(min(12L, widths[1L]), min(widths[1L], width - sum(widths[-1L] + 2L)))
  for (i in seq_len(nrow(cells))) {
    label <- cells[i, 1L]
    numbers <- cells[i, -1L]
    pad <- room - nchar(label, "width")
    if (pad < 0L) {
      indent <- nchar(sub("[^ ].*", "", label))
      cat(strwrap(label, width, indent = indent, exdent = indent + 2L), sep = "\n")
    }
    text <- paste0(
      if (pad < 0L) strrep(" ", room) else paste0(label, strrep(" ", pad)),
      paste0("  ", strrep(" ", widths[-1L] - nchar(numbers, "width")), numbers, collapse = "")
    )
    text <- sub(" +$", "", text)
    if (pad >= 0L || any(nzchar(numbers))) {
      cat(if (i == 1L) cli::style_bold(text) else text, "\n", sep = "")
    }
  }
}

# "; 1 row excluded (missing `ph.ecog` in 1)" or nothing.
left_out <- function(rows, missing, never = 0L, quote = tick) {
  paste0("; ", left_out_parts(rows, missing, never, quote), collapse = "", recycle0 = TRUE)
}

# never: the number of rows to which an endpoint does not apply, of `rows` in all.
left_out_parts <- function(rows, missing, never = 0L, quote = tick) {
  rows <- rows - sum(never)
  c(
    if (sum(never)) paste("not applicable in", count_of(never, "row")),
    if (rows) paste0(count_of(rows, "row"), " excluded (missing ",
                     missing_summary(missing, quote = quote), ")")
  )
}

interval_name <- function(conf_level) paste0(format(100 * conf_level), "% CI")

format_p <- function(p) {
  if (is.na(p)) return("")
  if (p < 0.001) return("<0.001")
  formatC(p, format = "f", digits = if (p < 0.1) 3L else 2L)
}

# "= 0.012" or "< 0.001"
p_equals <- function(p) {
  p <- format_p(p)
  if (startsWith(p, "<")) sub("<", "< ", p) else paste("=", p)
}

format_ratio <- function(x, digits) {
  if (!is.finite(x)) return("infinity")
  if (x >= 1e4 || (x > 0 && x < 0.5 * 10^-digits)) return(formatC(x, format = "e", digits = 1L))
  formatC(x, format = "f", digits = if (x >= 100) 0L else if (x >= 10) min(1L, digits) else digits)
}

# Decimals at which the limits of an interval do not look equal.
ratio_digits <- function(limits, digits = 2L) {
  while (digits < 6L && isTRUE(round(limits[[1L]], digits) == round(limits[[2L]], digits))) {
    digits <- digits + 1L
  }
  digits
}

# Counts, or sums of weights.
format_count <- function(x) {
  format(if (all(x == round(x))) x else round(x, 1), big.mark = ",", trim = TRUE,
         scientific = FALSE)
}

format_percent <- function(x, digits) {
  ifelse(is.na(x), "", paste0(formatC(100 * x, format = "f", digits = digits), "%"))
}

format_percent_range <- function(lower, upper, digits) {
  number <- function(x) formatC(100 * x, format = "f", digits = digits)
  ifelse(is.na(lower), "", paste0(number(lower), " to ", number(upper), "%"))
}

# "age 20, stage 14"
missing_summary <- function(counts, max = 6L, quote = tick) {
  counts <- sort(counts, decreasing = TRUE)
  enumerate(
    paste(quote(names(counts)), "in", format(counts, big.mark = ",", trim = TRUE)), max = max
  )
}

format_count_each <- function(x) format(x, big.mark = ",", trim = TRUE, scientific = FALSE)

# A ratio without powers of ten.
table_ratio <- function(x, digits) {
  if (is.finite(x) && x >= 1e4) {
    return(formatC(signif(x, 2L), format = "f", digits = 0L, big.mark = ","))
  }
  if (x > 0 && x < 0.5 * 10^-digits) {
    if (x < 1e-4) return("<0.0001")
    return(formatC(signif(x, 1L), format = "f", digits = -floor(log10(signif(x, 1L)))))
  }
  format_ratio(x, digits)
}

interval_word <- function(conf_level) paste0(format(100 * conf_level), "% CI")
