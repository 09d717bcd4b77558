# Quantitative covariates whose log hazard does not follow a straight line.

# From so many events and different values on, with at most so many rows in the refits, and named
# where the curve and the line differ by a factor of least_change between the 5th and the 95th
# percentile.
linearity_rule <- list(events = 50, values = 8L, rows = 1e5, p = 0.01)

find_nonlinear <- function(fit, given) {
  why_not <- no_finite_fit(fit, given)
  if (is.null(why_not)) why_not <- if (!is.null(fit$naive.var) || is_penalised(fit)) {
    "no likelihood"
  } else if (fit$nevent < linearity_rule$events) {
    "few events in all"
  }
  if (!is.null(why_not)) return(not_checked("nonlinear", why_not))
  at <- straight_coefficients(fit, given$design)
  if (!length(at)) return(finding(character()))
  curves <- spline_fits(fit, given, at, linearity_rule$rows)
  p <- vapply(curves, `[[`, 0, "p")
  bent <- which(stats::p.adjust(p, "holm") < linearity_rule$p)
  bind_findings(lapply(bent, function(k) linearity_finding(fit, given, at[k], curves[[k]])))
}

# For each of the coefficients `at` a fit with a spline, of at most so many rows.
spline_fits <- function(fit, given, at, most) {
  sample <- list(
    response = given$response, design = given$design, options = fit_options(fit),
    kept = which(!is.na(fit$coefficients))
  )
  rows <- rows_in_time_order(given$response, most)
  if (!is.null(rows)) {
    sample$response <- response_rows(sample$response, rows)
    sample$design <- design_rows(sample$design, rows)
  }
  line <- core_loglik(select_columns(sample$design, sample$kept), sample$response, sample$options)
  lapply(at, spline_fit, sample = sample, line = line)
}

# Of numbers that are one column of one term, and no codes, which are tested as categories.
straight_coefficients <- function(fit, design) {
  at <- simple_coefficients(fit, design)
  at[vapply(at, function(j) {
    x <- design_column(design, j)
    design$level[j] == 0L && !is_few_valued(x, linearity_rule$values) &&
      !looks_coded(term_values(fit, coefficient_terms(fit)[j]))
  }, NA)]
}

# A look at the first rows decides for most columns.
is_few_valued <- function(x, values) {
  length(unique(utils::head(x, 1000L))) < values && length(unique(x)) < values
}

# Every k-th row in the order of times, so that the same rows are taken again; NULL for all rows.
rows_in_time_order <- function(response, most) {
  n <- length(response$time)
  if (n <= most) return(NULL)
  sort(order(response$time, method = "radix")[seq(1, n, by = ceiling(n / most))])
}

# Log likelihood and coefficients, NA where there is no fit.
core_loglik <- function(design, response, options) {
  fit <- tryCatch(
    core_cox_fit(core_design(design), response, options), "C++Error" = function(e) NULL
  )
  if (is.null(fit) || !fit$converged) return(list(loglik = NA_real_, coefficients = NULL))
  list(loglik = fit$loglik[2L], coefficients = fit$coefficients)
}

# The column j as a natural spline in place of a line, all else as it is: p of the likelihood ratio
# test, and log hazard ratios against the median at percentiles of the values.
spline_fit <- function(j, sample, line) {
  none <- list(p = NA_real_)
  x <- design_column(sample$design, j)
  basis <- tryCatch(splines::ns(x, df = 3), error = function(e) NULL)
  if (is.null(basis) || anyNA(basis)) return(none)
  own <- match(j, sample$kept)
  others <- select_columns(sample$design, sample$kept[-own])
  fit <- core_loglik(add_columns(others, basis), sample$response, sample$options)
  if (is.na(fit$loglik) || is.na(line$loglik)) return(none)
  at <- stats::quantile(x, c(0.5, 0.05, 0.1, 0.9, 0.95), names = FALSE)
  b <- utils::tail(fit$coefficients, ncol(basis))
  if (anyNA(b)) return(none)
  shape <- drop(stats::predict(basis, at) %*% b)
  list(
    p = stats::pchisq(2 * max(0, fit$loglik - line$loglik), 2, lower.tail = FALSE), at = at,
    curve = shape - shape[1L], line = (at - at[1L]) * line$coefficients[own]
  )
}

add_columns <- function(design, x) {
  k <- length(design$values) + 1L
  p <- ncol(x)
  design$values[[k]] <- unclass(x)
  design$source <- c(design$source, rep(k, p))
  design$column <- c(design$column, seq_len(p))
  design$level <- c(design$level, integer(p))
  design
}

# NULL where curve and line are nearly the same.
linearity_finding <- function(fit, given, j, curve) {
  if (diff(range(curve$curve - curve$line)) < log(least_change)) return(NULL)
  row <- ratio_columns(fit, j)
  found <- finding(
    "nonlinear", "caution", variable = row$term, n_events = fit$nevent, p.value = curve$p,
    median = curve$at[1L], from = curve$at[3L], to = curve$at[4L], remedy = "spline"
  )
  code <- spline_code(given, row$term)
  with_estimates(found, list(cbind(
    row, measure = "hazard ratio", method = c("low", "high", "line low", "line high"),
    value = curve$at[c(3L, 4L)], estimate = exp(c(curve$curve[3:4], curve$line[3:4])),
    code = code[c(1L, 2L, 2L, 2L)]
  )))
}

# The model with a spline, and its picture.
spline_code <- function(given, term) {
  name <- str2lang(term)
  change <- without_term(name, bquote(splines::ns(.(name), 3)))
  fitted <- refit_code(given$source, change = change)
  if (is.na(fitted)) return(c(NA, NA))
  c(fitted, code_line(call("autoplot", str2lang(fitted), term = all.vars(name)[1L])))
}
