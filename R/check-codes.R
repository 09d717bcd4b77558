# Whole-number codes that are fitted as one slope.

find_codes <- function(fit, given) {
  table <- fit$level_table
  coded <- Filter(function(term) looks_coded(term_values(fit, term)),
                  unique(table$term[is.na(table$level)]))
  bind_findings(lapply(coded, code_finding, fit = fit, given = given))
}

# Codes such as 0, 1, 2 or stage 1 to 4: three to eight whole numbers in a row.
looks_coded <- function(x) {
  if (!is.numeric(x) || is.matrix(x) || inherits(x, "AsIs")) return(FALSE)
  range <- range(x)
  if (diff(range) < 2 || diff(range) > 7 || any(x != floor(x))) return(FALSE)
  length(unique(x)) == diff(range) + 1
}

code_finding <- function(term, fit, given) {
  x <- term_values(fit, term)
  p <- nonlinearity(fit, term, x)
  name <- str2lang(term)
  change <- without_term(name, call("factor", name))
  finding(
    "code_as_number", if (isTRUE(p < 0.05)) "caution" else "note", variable = term, n = length(x),
    from = min(x), to = max(x), p.value = p, remedy = "categories",
    code = refit_code(given$source, change = change)
  )
}

# Likelihood ratio test of levels against one slope.
nonlinearity <- function(fit, term, x) {
  if (!is.null(fit$naive.var) || is_penalised(fit) || length(fit$infinite)) return(NA_real_)
  frame <- fit$model
  frame[[term_variables(fit$terms, match(term, attr(fit$terms, "term.labels")))]] <- factor(x)
  # The deviations from a line: all levels but the first two, beside the line.
  levels <- tryCatch(suppressWarnings(quiet(fit_frame(fit, frame))), error = function(e) NULL)
  if (is.null(levels)) return(NA_real_)
  df <- sum(!is.na(levels$coefficients)) - sum(!is.na(fit$coefficients))
  lost <- 2 * (levels$loglik[2L] - fit$loglik[2L])
  if (df < 1) NA_real_ else stats::pchisq(max(lost, 0), df, lower.tail = FALSE)
}
