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
  periods <- ratios_by_period(fit, given)
  notes <- lapply(named, function(term) changing_note(fit, given, term, p[[term]], periods, test))
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

# Coefficients of the whole model up to the median time of the events and after it.
ratios_by_period <- function(fit, given) {
  response <- given$response
  cut <- stats::quantile(response$time[response$status == 1L], 0.5, type = 1L, names = FALSE)
  options <- fit_options(fit)
  early <- response
  after <- response$time > cut
  early$time <- pmin(response$time, cut)
  early$status <- ifelse(after, 0L, response$status)
  here <- if (is.null(response$entry)) seq_along(after) else which(response$entry < cut)
  late <- response_rows(response, which(after))
  late$entry <- if (is.null(late$entry)) rep(cut, sum(after)) else pmax(late$entry, cut)
  early <- core_coefficients(design_rows(given$design, here), response_rows(early, here), options)
  late <- if (!sum(late$status)) NA_real_ * early else {
    core_coefficients(design_rows(given$design, which(after)), late, options)
  }
  list(cut = cut, early = early, late = late)
}

changing_note <- function(fit, given, term, p, periods, test) {
  at <- fit$assign[[term]]
  unit <- vapply(at, function(j) column_unit(given$design, j), 0)
  change <- (periods$late - periods$early)[at] * unit
  if (all(!is.na(change)) && max(abs(change)) < log(1.1)) return(NULL)
  j <- at[which.max(abs(change))]
  slope <- test$slope[[term]]
  if (is.na(slope) && length(j)) slope <- (periods$late - periods$early)[j]
  level <- if (length(j)) fit$level_table$level[match(j, fit$level_table$coef)] else NA
  ratio <- function(b) if (length(j)) exp(b[j] * unit[match(j, at)]) else NA_real_
  early <- ratio(periods$early)
  late <- ratio(periods$late)
  note(
    "nonproportional", "caution",
    paste0(
      tick(term), ": the hazard ratio seems to ",
      if (is.na(slope)) "change" else if (slope > 0) "rise" else "fall", " with time (p ",
      p_equals(p), ")", period_words(term, level, early, late, periods$cut, unit[match(j, at)]), "."
    ),
    "Give the ratios by period, or stratify by a variable that is not of interest itself.",
    code = changing_code(fit, given, term), variable = term, level = level, value = early,
    other = late, p.value = p
  )
}

# "; for "large" 3.10 up to 51, 0.80 after"
period_words <- function(term, level, early, late, cut, unit) {
  if (!length(unit) || is.na(early) || is.na(late)) return("")
  paste0(
    ": ", if (!is.na(level)) paste0("for ", quoted(level), " "),
    if (unit != 1) paste0("per standard deviation (", format(signif(unit, 2L)), ") "),
    format_ratio(early, 2L), " up to time ", format(signif(cut, 3L)), ", ", format_ratio(late, 2L),
    " after"
  )
}

# 1 for a column of 0 and 1, else its standard deviation.
column_unit <- function(design, j) {
  x <- design_column(design, j)
  if (all(x == 0 | x == 1)) 1 else stats::sd(x)
}

changing_code <- function(fit, given, term) {
  x <- fit$model[[term]]
  if (is.numeric(x) && length(unique(x[seq_len(min(1000L, length(x)))])) > 4L) {
    fit_name <- sub("^[a-z_]*\\((.*), $", "\\1", given$again)
    return(paste0("plot(lms_zph(", fit_name, ")[", quoted(term), "])"))
  }
  lone <- attr(fit$terms, "order")[match(term, attr(fit$terms, "term.labels"))] == 1L
  if (!lone || length(fit$assign) < 2L) return(NA)
  paste0(given$refit, ". ~ . - ", term, " + strata(", term, "))")
}
