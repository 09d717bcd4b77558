# Check of effects that change with time.

find_changing_effects <- function(fit, given) {
  why_not <- if (is.null(given$design)) {
    "the model frame was not kept"
  } else if (all(is.na(fit$coefficients))) {
    "there are no covariates"
  } else if (length(fit$infinite)) {
    "a hazard ratio is infinite"
  }
  if (!is.null(why_not)) return(skipped(why_not))
  test <- tryCatch(lms_zph(fit), error = function(e) NULL)
  if (is.null(test)) return(skipped("the test could not be made"))
  p <- test$table[, "p"]
  global <- p[["GLOBAL"]]
  p <- p[names(p) != "GLOBAL"]
  named <- stats::p.adjust(p, "holm") < 0.05 | (p < 0.05 & global < 0.05)
  named <- names(which(named))
  if (!length(named)) {
    return(if (isTRUE(global < 0.05)) global_note(global) else note())
  }
  notes <- lapply(named, function(term) {
    changing_note(fit, given, term, p[[term]], test$slope[[term]])
  })
  do.call(rbind, c(list(note()), notes))
}

global_note <- function(p) {
  note(
    "nonproportional", "caution",
    paste0("The effects of all covariates together change with time (p ", p_equals(p),
           "), of none of them clearly alone."),
    "Look at each effect over time.", p.value = p
  )
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

changing_note <- function(fit, given, term, p, slope) {
  at <- fit$assign[[term]]
  periods <- ratios_by_period(fit, given, term)
  unit <- vapply(at, function(j) column_unit(given$design, j), 0)
  change <- (periods$late - periods$early) * unit
  if (all(!is.na(change)) && max(abs(change)) < log(1.1)) return(NULL)
  k <- which.max(abs(change))
  if (is.na(slope) && length(k)) slope <- change[k]
  level <- if (length(k)) fit$level_table$level[match(at[k], fit$level_table$coef)] else NA
  ratio <- function(b) if (length(k)) exp(b[k] * unit[k]) else NA_real_
  early <- ratio(periods$early)
  late <- ratio(periods$late)
  note(
    "nonproportional", "caution",
    paste0(
      tick(term), ": the hazard ratio seems to ",
      if (is.na(slope)) "change" else if (slope > 0) "rise" else "fall", " with time (p ",
      p_equals(p), ")", period_words(level, early, late, periods$cut, unit[k]), "."
    ),
    "Give the ratios by period, or stratify by a variable that is not of interest itself.",
    code = changing_code(fit, given, term), variable = term, level = level, value = early,
    other = late, p.value = p, coef = if (length(k)) at[k] else NA,
    unit = if (length(k)) unit[k] else NA
  )
}

# "; for "large" 3.10 up to 51, 0.80 after"
period_words <- function(level, early, late, cut, unit) {
  if (!length(unit) || is.na(early) || is.na(late)) return("")
  paste0(
    ": ", if (!is.na(level)) paste0("for ", quoted(level), " "),
    if (unit != 1) paste0("per standard deviation (", format(signif(unit, 2L)), ") "),
    format_ratio(early, 2L), " up to time ", format(signif(cut, 3L)), ", ", format_ratio(late, 2L),
    " after"
  )
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
  x <- fit$model[[term]]
  if (is.numeric(x) && length(unique(x[seq_len(min(1000L, length(x)))])) > 4L) {
    return(paste0("plot(lms_zph(", given$name, ")[", quoted(term), "])"))
  }
  lone <- attr(fit$terms, "order")[match(term, attr(fit$terms, "term.labels"))] == 1L
  if (!lone || length(fit$assign) < 2L) return(NA)
  paste0(given$refit, ". ~ . - ", term, " + strata(", term, "))")
}
