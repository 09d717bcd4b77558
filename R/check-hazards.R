# Effects that change with time.

# A ratio of less than so much between late and early is no change worth a word; of so much, or one
# that changes sides, more than a note.
least_change <- 1.1
large_change <- 1.5

find_changing_effects <- function(fit, given) {
  why_not <- no_finite_fit(fit, given)
  if (!is.null(why_not)) return(not_checked("nonproportional", why_not))
  test <- tryCatch(lms_zph(fit), error = function(e) NULL)
  if (is.null(test)) return(not_checked("nonproportional", "no test"))
  p <- test$table[rownames(test$table) != "GLOBAL", "p", drop = TRUE]
  names(p) <- setdiff(rownames(test$table), "GLOBAL")
  named <- names(which(stats::p.adjust(p, "holm") < 0.05))
  if (!length(named)) return(unseen_change(fit, given, length(p)))
  periods <- ratios_by_period(fit, given, named)
  found <- Filter(Negate(is.null), lapply(named, function(term) {
    changing_effect(fit, given, term, p[[term]], periods, length(named))
  }))
  if (length(found)) bind_findings(found) else unseen_change(fit, given, length(p))
}

# How large a change would be found in four of five studies, of the coefficient that is known best:
# in each half of the events its variance is twice that in all.
unseen_change <- function(fit, given, n_terms) {
  at <- simple_coefficients(fit, given$design)
  unit <- vapply(at, function(j) typical_difference(given$design, j), 0)
  se <- sqrt(diag(model_variance(fit))[at]) * unit
  if (!length(at)) return(finding(character()))
  needed <- stats::qnorm(1 - 0.025 / n_terms) + stats::qnorm(0.8)
  finding("nonproportional", "none", n_events = fit$nevent, measure = "detectable change",
          estimate = exp(min(2 * se * needed)))
}

# Coefficients up to the median time of the events and after it, of the terms that are named; those
# of the others are the same in both.
ratios_by_period <- function(fit, given, terms) {
  response <- given$response
  cut <- stats::quantile(response$time[response$status == 1L], 0.5, type = 1L, names = FALSE)
  entry <- if (is.null(response$entry)) rep(-1, length(response$time)) else response$entry
  early <- which(entry < cut)
  late <- which(response$time > cut)
  rows <- c(early, late)
  after <- rep(c(FALSE, TRUE), c(length(early), length(late)))
  split <- response_rows(response, rows)
  split$entry <- ifelse(after, pmax(entry[rows], cut), entry[rows])
  split$time <- ifelse(after, split$time, pmin(split$time, cut))
  split$status <- ifelse(!after & response$time[rows] > cut, 0L, split$status)
  kept <- which(!is.na(fit$coefficients))
  own <- intersect(unlist(fit$assign[terms], use.names = FALSE), kept)
  x <- vapply(c(kept, own), function(j) design_column(given$design, j)[rows], double(length(rows)))
  at <- match(own, kept)
  later <- length(kept) + seq_along(own)
  x[after, at] <- 0
  x[!after, later] <- 0
  b <- core_coefficients(matrix_design(x), split, fit_options(fit))
  # By number of the coefficient, `NA` for collinear ones and other terms.
  by_column <- function(at) b[at][match(seq_along(fit$coefficients), own)]
  list(cut = cut, early = by_column(at), late = by_column(later))
}

# NULL where the effect hardly changes.
changing_effect <- function(fit, given, term, p, periods, n_named) {
  at <- fit$assign[[term]]
  told <- intersect(at, simple_coefficients(fit, given$design))
  unit <- vapply(told, function(j) typical_difference(given$design, j), 0)
  early <- periods$early[told] * unit
  late <- periods$late[told] * unit
  change <- abs(late - early)
  if (all(!is.na(change)) && length(told) && max(change) < log(least_change)) return(NULL)
  large <- anyNA(change) || !length(told) || any(early * late < 0) ||
    max(change) >= log(large_change)
  k <- which.max(change)
  level <- if (length(k)) fit$level_table$level[match(told[k], fit$level_table$coef)] else NA
  found <- finding(
    "nonproportional", if (large) "caution" else "note", variable = term, level = level,
    time = periods$cut, p.value = p, remedy = if (n_named > 2L) "look" else "periods or strata",
    code = if (n_named > 2L) zph_code(given) else changing_code(fit, given, term)
  )
  if (!length(k)) return(found)
  with_estimates(found, list(cbind(
    ratio_columns(fit, told[k]), unit = unit[k], measure = "hazard ratio",
    method = c("early", "late"), estimate = exp(c(early[k], late[k]))
  )))
}

# 1 for a column of two values next to each other or of codes, else its standard
# deviation.
column_unit <- function(design, j) {
  x <- design_column(design, j)
  ends <- range(x)
  two <- ends[2L] - ends[1L] == 1 && all(x == ends[1L] | x == ends[2L])
  if (two || looks_coded(x)) 1 else stats::sd(x)
}

changing_code <- function(fit, given, term) {
  x <- term_values(fit, term)
  if (is.numeric(x) && length(unique(x[seq_len(min(1000L, length(x)))])) > 4L) {
    return(zph_code(given, term))
  }
  lone <- attr(fit$terms, "order")[match(term, attr(fit$terms, "term.labels"))] == 1L
  if (!lone || length(fit$assign) < 2L) return(NA)
  name <- str2lang(term)
  refit_code(given$source, change = without_term(name, call("strata", name)))
}

# The effects over time, drawn: of one term or of all.
zph_code <- function(given, term = NULL) {
  fitted <- given$source$expr
  if (is.null(fitted)) fitted <- given$source$fit$call
  test <- call("lms_zph", fitted)
  code_line(call("plot", if (is.null(term)) test else call("[", test, term)))
}
