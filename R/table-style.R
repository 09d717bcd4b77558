# How journals write numbers. Strings are made with a decimal point, and the mark of the style is
# put in last.

# p: decimals of p-values; zero: the zero before the point of p; range: between limits and
# quartiles; percent: decimals of percentages, and whether the sign is written.
journal_styles <- list(
  plain = list(
    decimal = NULL, p = "plain", zero = TRUE, range = " to ", percent = "significant", sign = TRUE,
    count = "", comma = ", ", p_head = "p", n = "n"
  ),
  nejm = list(
    decimal = ".", p = "nejm", zero = TRUE, range = "\u2013", percent = "one", sign = FALSE,
    count = " \u2014 no. (%)", comma = " \u2014 ", p_head = "P value", n = "No."
  ),
  jama = list(
    decimal = ".", p = "jama", zero = FALSE, range = "-", percent = "by_total", sign = FALSE,
    count = ", No. (%)", comma = ", ", p_head = "P value", n = "No."
  ),
  lancet = list(
    decimal = "\u00b7", p = "lancet", zero = TRUE, range = "\u2013", percent = "significant",
    sign = TRUE, count = "", comma = ", ", p_head = "p value", n = "n"
  )
)

journal_style <- function(style) {
  name <- check_choice(style, "style", names(journal_styles))
  c(list(name = name), journal_styles[[name]])
}

# Evaluates with a decimal point, whatever the session has.
with_point <- function(expr) {
  old <- options(OutDec = ".")
  on.exit(options(old))
  expr
}

# A comma between thousands is taken out where the decimal mark is no point.
localise <- function(text, style) {
  mark <- style$decimal
  if (mark == ".") return(text)
  text <- gsub("(?<=[0-9]),(?=[0-9]{3})", "", text, perl = TRUE)
  gsub("(?<=[0-9])[.](?=[0-9])", mark, text, perl = TRUE)
}

style_number <- function(x, digits) {
  # Years have no comma.
  mark <- if (isTRUE(abs(x) >= 1e4)) "," else ""
  ifelse(is.na(x), "", formatC(x, format = "f", digits = digits, big.mark = mark))
}

style_p <- function(p, style) {
  text <- vapply(p, function(p) {
    if (is.na(p)) return("")
    switch(style$p,
      plain = format_p(p),
      nejm = if (p < 0.001) "<0.001" else two_or_three(p),
      jama = if (p < 0.001) "<0.001" else if (p > 0.99) ">0.99" else two_or_three(p),
      lancet = if (p < 1e-4) "<0.0001" else lancet_p(p)
    )
  }, "", USE.NAMES = FALSE)
  if (style$zero) text else sub("0.", ".", text, fixed = TRUE)
}

# Three decimals below 0.01, two above.
two_or_three <- function(p) {
  formatC(p, format = "f", digits = if (p < 0.01 && round(p, 3L) < 0.01) 3L else 2L)
}

# Two significant figures, at most four decimals.
lancet_p <- function(p) {
  digits <- min(4L, max(2L, 1L - floor(log10(signif(p, 2L)))))
  formatC(signif(p, 2L), format = "f", digits = digits)
}

# share: of total patients.
style_percent <- function(share, total, style, digits = NULL) {
  percent <- 100 * share
  if (is.null(digits)) {
    digits <- switch(style$percent,
      significant = as.integer(percent < 9.95 & percent > 0),
      one = rep(1L, length(percent)),
      by_total = as.integer(total >= 100)
    )
  }
  text <- mapply(formatC, percent, digits = replace(digits, is.na(digits), 0L),
                 MoreArgs = list(format = "f"))
  paste0(text, if (style$sign) "%")
}

style_interval <- function(low, high, style) paste0(low, style$range, high)
