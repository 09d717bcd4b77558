# The numbers of a Cox model as its print, its tables, its figures and its sentences have them.

# A row for each line of term_lines(). infinite: "firth" or "name", as in lms_table_cox(). fewest:
# whether to count the smallest group behind each ratio that is not of one level.
cox_lines <- function(fit, infinite, fewest = FALSE) {
  lines <- term_lines(fit)
  coef <- ifelse(lines$kind == "reference", NA, lines$coef)
  counted <- !is.na(lines$n)
  out <- data.frame(
    variable = lines$term, level = lines$level, kind = lines$kind, line_label = lines$label,
    coefficient = names(fit$coefficients)[coef], n = ifelse(counted, lines$n, fit$n),
    patients = level_patients(fit, lines),
    events = ifelse(counted, lines$events, fit$nevent),
    n_used = fit$n, patients_used = if (is.null(fit$n.id)) NA_real_ else as.double(fit$n.id),
    events_used = fit$nevent
  )
  out <- cbind(out, cox_ratios(fit, coef, infinite))
  whole <- out$kind == "several"
  if (any(whole)) out$p.value[whole] <- wald_p(fit)[out$variable[whole]]
  if (fewest) out$fewest <- fewest_behind(fit, lines)
  out
}

# The smallest count above 0 of patients or of events in the groups that a contrast compares, or in
# those of a variable of two numbers; NA of other lines.
fewest_behind <- function(fit, lines) {
  vapply(seq_len(nrow(lines)), function(i) {
    if (!lines$kind[i] %in% c("contrast", "several", "quantity")) return(NA_real_)
    x <- term_values(fit, lines$term[i])
    if (is.matrix(x) || is.null(x)) return(NA_real_)
    groups <- if (is.numeric(x)) unique(x) else levels(factor(x))
    if (is.numeric(x) && length(groups) != 2L) return(NA_real_)
    counts <- unlist(counts_in(fit, match(as.character(x), as.character(groups)), length(groups)))
    min(counts[counts > 0])
  }, 0)
}

# Patients by level where the rows are periods, NA where that is not known.
level_patients <- function(fit, levels) {
  id <- fit$model[["(id)"]]
  if (is.null(id)) return(rep(NA_real_, nrow(levels)))
  vapply(seq_len(nrow(levels)), function(i) {
    if (is.na(levels$level[i])) return(if (is.na(levels$n[i])) as.double(fit$n.id) else NA_real_)
    as.double(length(unique(id[as.character(fit$model[[levels$term[i]]]) == levels$level[i]])))
  }, 0)
}

cox_ratios <- function(fit, coef, infinite) {
  tidied <- tidy(fit, exponentiate = TRUE, conf.int = TRUE)
  columns <- c("estimate", "conf.low", "conf.high", "p.value")
  out <- as.data.frame(lapply(stats::setNames(nm = columns), function(name) tidied[[name]][coef]))
  endless <- match(coef, fit$infinite_at)
  out$infinite <- if (length(fit$infinite)) infinite_end(fit$infinite)[endless] else NA_character_
  out$penalty <- ifelse(is.na(coef), NA, if (is_penalised(fit)) "firth" else "none")
  at <- which(!is.na(endless))
  out[at, columns] <- NA
  if (length(at) && infinite == "firth" && has_penalty(fit)) {
    ratios <- firth_ratios(fit)
    ratios <- ratios[ratios$method == "firth", ]
    from <- c("estimate", "conf.low", "conf.high", "estimate_p")
    out[at, columns] <- ratios[match(coef[at], ratios$coef), from]
    out$penalty[at] <- "firth"
  }
  rownames(out) <- NULL
  out
}

# Wald test of all coefficients of each term.
wald_p <- function(fit) {
  vapply(fit$assign, function(at) {
    at <- at[!is.na(fit$coefficients[at])]
    if (!length(at) || any(at %in% fit$infinite_at)) return(NA_real_)
    b <- fit$coefficients[at]
    v <- fit$var[at, at, drop = FALSE]
    chisq <- tryCatch(sum(b * solve(v, b)), error = function(e) NA_real_)
    stats::pchisq(chisq, length(at), lower.tail = FALSE)
  }, 0)
}

# The ratios that run away by both likelihoods, with profile intervals.
firth_ratios <- function(fit) {
  at <- fit$infinite_at
  penalised <- suppressWarnings(quiet(fit_frame(fit, fit$model, "firth")))
  rbind(profile_ratios(fit, at, "ordinary"), profile_ratios(penalised, at, "firth"))
}

# What a ratio is of. at: numbers of coefficients.
ratio_columns <- function(fit, at) {
  row <- fit$level_table[match(at, fit$level_table$coef), ]
  data.frame(coefficient = names(fit$coefficients)[at], coef = at, term = row$term,
             term_level = row$level, row.names = NULL)
}

profile_ratios <- function(fit, at, method) {
  ordinary <- method == "ordinary"
  robust <- !is.null(fit$naive.var)
  limits <- if (robust) {
    matrix(NA_real_, length(at), 2L)
  } else {
    profile_limits(fit, at, fit$conf_level)
  }
  chisq <- rep(NA_real_, length(at))
  if (!ordinary) chisq <- penalised_chisq(fit)[at]
  data.frame(
    ratio_columns(fit, at), method = method,
    estimate = unname(exp(if (ordinary) fit$infinite else fit$coefficients[at])),
    conf.low = exp(limits[, 1L]), conf.high = exp(limits[, 2L]),
    estimate_p = stats::pchisq(chisq, 1, lower.tail = FALSE), row.names = NULL
  )
}
