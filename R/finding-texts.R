# What was found, in a sentence or two: a function for each kind. f: the rows of one finding.

few_events_text <- function(f, voice) {
  p <- f$n_coefficients[1L]
  event <- f$event[1L]
  rule <- " (rule of thumb: 10 per coefficient)."
  narrow <- if (f$severity[1L] == "serious") " With fewer than 3, 95% CIs are too narrow."
  if (voice$min_cell) {
    return(paste0("There are few ", event, "s for ", count_of(p, "coefficient"), rule, narrow))
  }
  each <- format(signif(f$n_events[1L] / p, 2L))
  paste0(count_of(p, "coefficient"), if (p == 1) " is" else " are", " estimated from ",
         many(f$n_events[1L], event), ", which is ", each, " per coefficient (rule of thumb: 10).",
         narrow)
}

sparse_text <- function(f, voice) {
  if (!is.na(f$variable[1L])) {
    return(paste0(group_name(f, voice, TRUE), ": ", events_in(f),
                  if (isTRUE(f$reference[1L])) " (the reference group)", "."))
  }
  group <- paste0(curve_name(f, voice), ": ", recycle0 = TRUE)
  of <- if (!is.na(f$level[1L])) paste(" of", quoted(f$level[1L]))
  paste0(group, many(f$n_events[1L], f$event[1L]), of, " in ", many(f$n[1L], f$counted[1L]), ".")
}

# Sparse groups of models by their variables: "Stage: I (2 deaths in 9 patients), II (1 in 6)".
sparse_list <- function(rows, voice) {
  rows <- first_rows(rows)
  each <- lapply(split(rows, factor(rows$variable, unique(rows$variable))), function(part) {
    plain <- c("FALSE" = "no", "TRUE" = "yes")[part$level]
    level <- ifelse(is.na(plain), part$level, plain)
    counts <- vapply(seq_len(nrow(part)), function(i) events_in(part[i, ]), "")
    short <- paste(format_count_each(part$n_events), "in", format_count_each(part$n))
    counts[-1L] <- short[-1L]
    paste0(variable_name(part[1L, ], voice, TRUE), ": ",
           enumerate(paste0(level, " (", counts, ")"), max = 8L), ".")
  })
  paste(unlist(each), collapse = " ")
}

reference_text <- function(f, voice) {
  paste0(variable_name(f, voice, TRUE), ": the reference group ", quoted(f$level[1L]), " has ",
         many(f$n[1L], f$counted[1L]), " of ", format_count(f$n_total[1L]), ".")
}

infinite_text <- function(f, voice) {
  end <- infinite_end(log(estimate_by(f, "ordinary")))
  if (isTRUE(f$reference[1L])) {
    text <- paste0(
      variable_name(f, voice, TRUE), ": the reference group ", quoted(f$level[1L]),
      " has no ", f$event[1L], "s in ", many(f$n[1L], f$counted[1L]), ", so the hazard ratios of ",
      f$n_coefficients[1L], " groups cannot be estimated (they tend to ", end, ")."
    )
  } else {
    counts <- if (!is.na(f$n_events[1L])) paste0(" (", events_in(f), ")")
    text <- paste0(group_name(f, voice, TRUE), counts,
                   ": the hazard ratio cannot be estimated (it tends to ", end, ").")
  }
  firth <- f[f$method %in% "firth" & !is.na(f$estimate), ]
  if (!voice$ratios || !nrow(firth)) return(text)
  own <- if (nrow(firth) > 1L) paste0(firth$term_level, ": ") else ""
  paste(c(text, paste0("Firth's penalised estimate: ", enumerate(
    paste0(own, row_words(firth)), max = 20L
  ), ".")), collapse = " ")
}

# "hazard ratio 2.52, 95% CI 1.65 to 3.85, p < 0.001" of each row.
row_words <- function(rows) {
  vapply(seq_len(nrow(rows)), function(i) {
    row <- rows[i, c("estimate", "conf.low", "conf.high")]
    ratio_words(c(row, p.value = rows$estimate_p[i]), rows$conf_level[i])
  }, "")
}

immortal_text <- function(f, voice) {
  unit <- f$time_unit[1L]
  origin <- if (is.na(f$origin[1L])) "time zero" else f$origin[1L]
  whole <- function(x) format(round(x), big.mark = ",", trim = TRUE, scientific = FALSE)
  text <- paste0(
    variable_name(f, voice, TRUE), " becomes known only after ", origin, " in ",
    many(f$n[1L], "patient"), " (median ", time_with_unit(f$time[1L], unit), "), but ",
    if (f$measure[1L] %in% "survival") "is used" else "the model takes it", " as known from ",
    origin, ". ", whole(f$person_time[1L]), " of ",
    whole(f$person_time_total[1L]), " ", person_time(unit), " are assigned to the wrong group.",
    if (isTRUE(f$n_tied[1L] > 0) && !voice$min_cell) paste0(
      " ", capital(many(f$n_tied[1L], f$event[1L])), if (f$n_tied[1L] == 1) " falls" else " fall",
      " on the very day on which it becomes known."
    )
  )
  paste(c(text, if (voice$ratios) dated_ratio_words(f, origin)), collapse = " ")
}

# The hazard ratios of terms of the variable alone, as fitted and from its date on.
dated_ratio_words <- function(f, origin) {
  alone <- vapply(f$term, function(term) !is.na(term) && length(all.vars(str2lang(term))) == 1L, NA)
  f <- f[alone, ]
  words <- vapply(unique(f$coef), function(j) {
    own <- f[f$coef == j, ]
    later <- own[own$method == "time-dependent", ]
    if (!nrow(later) || !is.finite(later$estimate)) return(NA_character_)
    level <- own$term_level[1L]
    paste0(
      if (!is.na(level) && level != "TRUE") paste0(level, ": "), "As if known from ", origin, ": ",
      row_words(own[own$method == "fixed", ]), ". As a time-dependent covariate: ",
      row_words(later), "."
    )
  }, "")
  words[!is.na(words)]
}

outcome_text <- function(f, voice) {
  if (is.na(f$variable[1L])) {
    return(paste0("The model ranks the patients almost without an error (concordance ",
                  format(round(f$estimate[1L], 3L)), ")."))
  }
  paste0("All ", if (!voice$min_cell) paste0(format_count(f$n_events[1L]), " "), f$event[1L],
         "s occurred in ", group_name(f, voice), ", and none in the other patients.")
}

members_text <- function(f, voice) {
  who <- if (voice$min_cell) "each patient" else paste("each of the", many(f$n[1L], "patient"))
  paste0(
    "The clock starts at ", if (is.na(f$origin[1L])) "time zero" else f$origin[1L], ", but ", who,
    " had the event ", variable_name(f, voice), ", a median of ",
    time_with_unit(f$time[1L], f$time_unit[1L]), " later."
  )
}

changing_text <- function(f, voice) {
  p <- paste0("(p ", p_equals(f$p.value[1L]), ")")
  text <- paste0(group_name(f[1L, ], voice, TRUE), ": the effect seems to change over time ", p)
  early <- estimate_by(f, "early")
  late <- estimate_by(f, "late")
  if (anyNA(c(early, late))) return(paste0(text, "."))
  paste0(text, ". The hazard ratio", per_unit(f), " is ", ratio_number(early), " up to ",
         time_read(f), " and ", ratio_number(late), " after.")
}

# " for a difference of 9.1" where the ratio is of another than 1.
per_unit <- function(f) {
  if (f$unit[1L] %in% c(1, NA)) return("")
  paste0(" for a difference of ", format(signif(f$unit[1L], 2L)))
}

ratio_number <- function(x) if (is.na(x)) "not shown" else table_ratio(x, 2L)

# NA where the rows of it were left out of what is shown.
estimate_by <- function(f, method) f$estimate[match(method, f$method)]

nonlinear_text <- function(f, voice) {
  number <- function(x) format(signif(x, 3L), trim = TRUE, drop0trailing = TRUE)
  text <- paste0(variable_name(f, voice, TRUE), ": a curve fits better than a straight line (p ",
                 p_equals(f$p.value[1L]), ").")
  ends <- c(low = f$from[1L], high = f$to[1L])
  ends <- ends[ends != f$median[1L]]
  if (!length(ends)) return(text)
  told <- function(methods) {
    ratios <- vapply(methods, function(method) ratio_number(estimate_by(f, method)), "")
    enumerate(paste(ratios, "at", number(ends)))
  }
  paste0(
    text, " Compared with the median (", number(f$median[1L]), "), the hazard ratio is ",
    told(names(ends)), " by the curve, and ", told(paste("line", names(ends))), " by the line."
  )
}

influential_text <- function(f, voice) {
  who <- if (voice$code) paste("the patient in row", f$row[1L]) else "one of the patients"
  paste0(group_name(f, voice, TRUE), ": the hazard ratio", per_unit(f), " is ",
         ratio_number(estimate_by(f, "without the patient")), " without ", who, " and ",
         ratio_number(estimate_by(f, "all patients")), " with all patients.")
}

outlier_text <- function(f, voice) {
  number <- function(x) format(signif(x, 4L))
  text <- paste(count_of(f$n[1L], "value"), if (f$n[1L] == 1) "lies" else "lie",
                "far from all others")
  if (!voice$code) return(paste0(variable_name(f, voice, TRUE), ": ", text, "."))
  paste0(
    variable_name(f, voice, TRUE), ": ", text, " (", number(f$value[1L]), " in row ",
    format_count(f$row[1L]), "; the others run from ", number(f$from[1L]), " to ",
    number(f$to[1L]), ", median ", number(f$median[1L]), ")."
  )
}

missing_text <- function(f, voice) {
  missing <- f[f$measure %in% "missing", ]
  by <- vapply(utils::head(seq_len(nrow(missing)), 6L), function(i) {
    name <- if (voice$code) code_name(missing$term[i]) else first_lower(missing$label[i])
    if (nrow(missing) == 1L) name else paste(name, "in", format_count(missing$estimate[i]))
  }, "")
  text <- paste0(
    format_count(f$n[1L]), " of ", many(f$n_total[1L], f$counted[1L]), " (",
    format_percent(f$n[1L] / f$n_total[1L], 0L), ") ", if (f$n[1L] == 1) "is" else "are",
    " excluded", if (length(by)) paste0(" (missing ", enumerate(by), ")"), "."
  )
  # Curves compare nobody.
  if (f$remedy[1L] == "state") text else paste(text, excluded_words(f))
}

excluded_words <- function(f) {
  rate <- function(method) f$estimate[f$measure %in% "event rate" & f$method %in% method]
  excluded <- rate("excluded")
  others <- rate("others")
  if (!length(excluded)) return("It is not known whether their survival differs.")
  # So much time that there is an event in it.
  per <- 100
  while (max(excluded, others) * per < 1 && per < 1e6) per <- 10 * per
  # Both with the decimals that the smaller one needs.
  least <- min(c(excluded, others)[c(excluded, others) > 0]) * per
  digits <- max(0L, 1L - as.integer(floor(log10(least))))
  number <- function(x) formatC(per * x, format = "f", digits = digits, big.mark = ",")
  p <- f$p.value[1L]
  test <- if (!is.na(p)) paste0(" (log-rank test, p ", p_equals(p), ")")
  rates <- paste0(number(excluded), " ", f$event[1L], "s per ", format_count(per), " ",
                  person_time(f$time_unit[1L]), " versus ", number(others), " in the others")
  if (!isTRUE(p < 0.05)) {
    return(paste0("We found no evidence that their survival differs: ", rates, test, "."))
  }
  paste0("Their survival was ", if (excluded > others) "worse" else "better", ": ", rates, test,
         ".")
}

person_time <- function(unit) if (is.na(unit)) "units of time" else paste0("person-", unit)

codes_text <- function(f, voice) {
  p <- f$p.value[1L]
  test <- if (!is.na(p)) paste0(
    if (p < 0.05) " Fitted as categories they fit better (p " else
      " We found no evidence that categories fit better (p ", p_equals(p), ")."
  )
  paste0(variable_name(f, voice, TRUE), " has the values ",
         enumerate(seq(f$from[1L], f$to[1L]), max = 8L), " and is fitted as one slope.", test)
}

stratum_text <- function(f, voice) {
  paste0("All ", many(f$n_events[1L], f$event[1L]), " are in one of ", f$n_groups[1L], " strata",
         if (voice$code) paste0(", ", quoted(f$level[1L])), ".")
}

shared_text <- function(f, voice) {
  if (is.na(f$variable[1L])) {
    return(paste0("The ", count_of(f$n[1L], "row"), " are of ",
                  count_of(f$n_groups[1L], "patient"),
                  ", but the variance treats them as independent."))
  }
  name <- variable_name(f, voice)
  if (voice$min_cell) {
    return(paste0("Patients have several rows (", name, "), which count as independent."))
  }
  counts <- paste0("The ", count_of(f$n[1L], "row"), " have ", format_count(f$n_groups[1L]),
                   " different values of ", name)
  if (f$measure[1L] == "patient") {
    return(paste0(counts, ", so ", count_of(f$n_tied[1L], "patient"),
                  if (f$n_tied[1L] == 1) " has" else " have", " several rows. The rows count as ",
                  "independent."))
  }
  paste0(counts, ", and nearly all values stand in the same number of rows, as those of patients ",
         "or pairs do. The rows count as independent.")
}

copied_text <- function(f, voice) {
  if (voice$min_cell) return("Some rows equal others in all columns of the data.")
  paste0(capital(many(f$n[1L], "row")), " of ", format_count(f$n_total[1L]),
         if (f$n[1L] == 1) " equals another" else " equal others", " in all columns of the data.")
}

# What is compared, or how far the incidence is off.
competing_text <- function(f, voice) {
  who <- if (voice$min_cell) "patients" else many(f$n[1L], f$counted[1L])
  value <- if (voice$code && !is.na(f$level[1L])) paste0(" = ", f$level[1L])
  text <- paste0(capital(who), if (!voice$min_cell && f$n[1L] == 1) " has" else " have",
                 " another event (", variable_name(f, voice), value, ") and ",
                 if (!voice$min_cell && f$n[1L] == 1) "counts" else "count", " as censored.")
  if (f$remedy[1L] == "say which") text <- paste0(
    capital(who), " with other values of ", variable_name(f, voice), " count as censored, and the ",
    "data do not show which of these values is an event."
  )
  if (f$measure[1L] %in% "hazard ratio") {
    return(paste(text, "The comparison is of cause-specific hazards, not of the risk of the",
                 "event."))
  }
  km <- estimate_by(f, "kaplan-meier")
  if (is.na(km)) return(text)
  if (voice$min_cell) {
    return(paste(text, "1 - Kaplan-Meier overstates the incidence of the event."))
  }
  paste0(
    text, " 1 - Kaplan-Meier overstates the incidence: ", format_percent(km, 1L), " beside ",
    format_percent(estimate_by(f, "cumulative incidence"), 1L), " by cumulative incidence at ",
    if (is.na(f$time_unit[1L])) "time ", time_words(f), "."
  )
}

crude_text <- function(f, voice) {
  percent <- function(method) {
    x <- estimate_by(f, method)
    if (is.na(x)) "not estimable" else format_percent(x, 1L)
  }
  paste0(
    paste0(curve_name(f, voice), ": ", recycle0 = TRUE), percent("crude"), " are known to be alive",
    " at ", time_words(f), ", but ", format_count(f$n_censored[1L]), " of ",
    many(f$n[1L], f$counted[1L]), if (f$n_censored[1L] == 1) " was" else " were",
    " censored before. The Kaplan-Meier rate is ", percent("kaplan-meier"), "."
  )
}

# The time read; for a reader a rate at 2 years is one also where the unit is days.
read_words <- function(f, voice) {
  unit <- f$time_unit[1L]
  chosen <- !voice$code && f$measure[1L] == "survival rate" && !is.na(unit)
  words <- if (chosen) calendar_words(f$time[1L] * days_in[[unit]] / days_in[["years"]])
  if (is.null(words)) time_words(f) else words
}

# The time read, or another, with its unit.
time_words <- function(f, time = f$time[1L]) time_with_unit(time, f$time_unit[1L])

# Without counts where they are hidden, and without the time at which so few are left.
beyond_text <- function(f, voice) {
  past <- f$time[1L] > f$last[1L]
  few <- f$n_risk[1L] < voice$min_cell
  when <- if (few && !past) "a time that is hidden" else read_words(f, voice)
  left <- if (past) {
    paste0("no patient is at risk",
           if (!voice$min_cell) paste0(" (last follow-up: ", time_words(f, f$last[1L]), ")"))
  } else if (voice$min_cell) {
    paste(if (few) paste("fewer than", voice$min_cell) else "fewer than 10% of",
          "patients are at risk")
  } else {
    at_risk <- round(f$n_risk[1L], 1L)
    paste("only", format_count(at_risk), "of", many(f$n[1L], f$counted[1L]),
          if (at_risk == 1) "is" else "are", "at risk")
  }
  text <- paste0("at ", when, " (", f$measure[1L], "), ", left, ".")
  group <- curve_name(f, voice)
  if (is.null(group)) capital(text) else paste0(group, ": ", text)
}

crossing_text <- function(f, voice) {
  paste0(
    f$group[1L], ": the hazard ratio is about ", ratio_number(estimate_by(f, "early")), " up to ",
    time_read(f), " and ", ratio_number(estimate_by(f, "late")), " after (p ",
    p_equals(f$p.value[1L]), " for the difference)."
  )
}

# "56 months", "time 56"
time_read <- function(f, time = f$time[1L]) {
  paste0(if (is.na(f$time_unit[1L])) "time ", time_words(f, signif(time, 3L)))
}

unequal_text <- function(f, voice) {
  paste0(
    f$group[1L], ": the median follow-up (reverse Kaplan-Meier) is ",
    time_words(f, signif(f$from[1L], 3L)), " versus ", time_words(f, signif(f$to[1L], 3L)), " (p ",
    p_equals(f$p.value[1L]), ")."
  )
}

narrow_text <- function(f, voice) {
  events <- if (voice$min_cell) "few events" else many(f$n_events[1L], f$event[1L])
  text <- paste0("the 95% CI of survival at ", time_words(f), " depends on ", events, ".")
  if (is.na(f$group[1L])) capital(text) else paste0(f$group[1L], ": ", text)
}

# "hazard ratio 2.52, 95% CI 1.65 to 3.85, p < 0.001" of a row with estimate, conf.low,
# conf.high and p.value
ratio_words <- function(row, conf_level = 0.95) {
  if (!isTRUE(is.finite(row$estimate) && is.finite(row$p.value))) {
    return("hazard ratio cannot be estimated")
  }
  digits <- ratio_digits(c(row$conf.low, row$conf.high))
  number <- function(x) if (is.na(x)) "not known" else table_ratio(x, digits)
  paste0(
    "hazard ratio ", number(row$estimate), ", ", interval_word(conf_level), " ",
    number(row$conf.low), " to ", number(row$conf.high), ", p ", p_equals(row$p.value)
  )
}
