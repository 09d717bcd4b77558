# Effects that change with time.

find_changing_effects <- function(fit, given) {
  why_not <- if (is.null(given$design)) {
    "no frame"
  } else if (all(is.na(fit$coefficients))) {
    "no covariates"
  } else if (length(fit$infinite)) {
    "infinite"
  }
  if (!is.null(why_not)) return(not_checked("nonproportional", why_not))
  test <- tryCatch(lms_zph(fit), error = function(e) NULL)
  if (is.null(test)) return(not_checked("nonproportional", "no test"))
  p <- test$table[, "p"]
  global <- p[["GLOBAL"]]
  p <- p[names(p) != "GLOBAL"]
  named <- stats::p.adjust(p, "holm") < 0.05 | (p < 0.05 & global < 0.05)
  named <- names(which(named))
  if (!length(named) && isTRUE(global < 0.05)) {
    return(finding("nonproportional", "caution", p.value = global, remedy = "look"))
  }
  bind_findings(lapply(named, function(term) {
    changing_effect(fit, given, term, p[[term]], test$slope[[term]])
  }))
}

# Coefficients of a term up to the median time of the events and after it, those of
# the other terms being the same in both.
ratios_by_period <- function(fit, given, term) {
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
  own <- intersect(fit$assign[[term]], kept)
  x <- vapply(c(kept, own), function(j) design_column(given$design, j)[rows], double(length(rows)))
  at <- match(own, kept)
  later <- length(kept) + seq_along(own)
  x[after, at] <- 0
  x[!after, later] <- 0
  b <- core_coefficients(matrix_design(x), split, fit_options(fit))
  # In the order of the term's columns, `NA` for collinear ones.
  by_column <- function(at) b[at][match(fit$assign[[term]], own)]
  list(cut = cut, early = by_column(at), late = by_column(later))
}

changing_effect <- function(fit, given, term, p, slope) {
  at <- fit$assign[[term]]
  periods <- ratios_by_period(fit, given, term)
  unit <- vapply(at, function(j) column_unit(given$design, j), 0)
  change <- (periods$late - periods$early) * unit
  if (all(!is.na(change)) && max(abs(change)) < log(1.1)) return(finding(character()))
  k <- which.max(abs(change))
  level <- if (length(k)) fit$level_table$level[match(at[k], fit$level_table$coef)] else NA
  found <- finding(
    "nonproportional", "caution", variable = term, level = level, time = periods$cut, p.value = p,
    remedy = "periods or strata", code = changing_code(fit, given, term)
  )
  if (!length(k)) return(found)
  with_estimates(found, list(cbind(
    ratio_columns(fit, at[k]), unit = unit[k], measure = "hazard ratio",
    method = c("early", "late"), estimate = exp(c(periods$early[k], periods$late[k]) * unit[k])
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
    fitted <- given$source$expr
    if (is.null(fitted)) fitted <- given$source$fit$call
    return(code_line(call("plot", call("[", call("lms_zph", fitted), term))))
  }
  lone <- attr(fit$terms, "order")[match(term, attr(fit$terms, "term.labels"))] == 1L
  if (!lone || length(fit$assign) < 2L) return(NA)
  name <- str2lang(term)
  refit_code(given$source, change = without_term(name, call("strata", name)))
}
