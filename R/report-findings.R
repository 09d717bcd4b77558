# What lms_check() found, in the words of a clinician and without code.

# fits: models, curves or tests, named by what the report calls them. Answer: a data
# frame with severity, title, subject and text, the serious first.
report_findings <- function(fits, data, unit, min_cell = 0) {
  parts <- lapply(names(fits), function(subject) {
    fit <- fits[[subject]]
    check <- if (inherits(fit, "lms_cox")) lms_check(fit, fix = TRUE) else lms_check(fit)
    lapply(split(seq_len(nrow(check)), factor(check$class, unique(check$class))), function(at) {
      rows <- as.data.frame(check)[at, ]
      about <- list(
        subject = subject, ratios = attr(check, "ratios"), data = data, unit = unit,
        n = if (inherits(fit, "lms_cox")) fit$n_data, p = sum(!is.na(fit$coefficients)),
        events = fit$nevent, min_cell = min_cell, conf_level = fit$conf_level
      )
      data.frame(
        severity = rows$severity[1L], class = rows$class[1L], subject = subject,
        title = capital(finding_titles[[rows$class[1L]]]),
        text = paste(plain_finding(rows, about), finding_reasons[[rows$class[1L]]])
      )
    })
  })
  out <- do.call(rbind, c(list(no_findings()), unlist(parts, recursive = FALSE)))
  out <- out[order(match(out$severity, severities)), ]
  row.names(out) <- NULL
  out
}

no_findings <- function() {
  data.frame(severity = character(), class = character(), subject = character(),
             title = character(), text = character())
}

finding_titles <- c(
  check_titles[c("missing_values", "single_stratum", "shared_patient", "crude_rates")],
  events_per_parameter = "few deaths for so many factors",
  sparse_level = "groups with few deaths", small_reference = "small comparison group",
  infinite_coefficient = "hazard ratio without limit", immortal_time = "immortal time",
  nonproportional = "effect that changes with time",
  influential_patient = "result that hangs on one patient",
  code_as_number = "codes taken as a quantity",
  beyond_follow_up = "few patients at risk at the time read"
)

# Why it matters and what to do.
finding_reasons <- c(
  events_per_parameter = paste(
    "With fewer than 10 deaths for each, hazard ratios can be far from the truth and p-values",
    "mislead: keep to the few factors that matter most, chosen beforehand."
  ),
  sparse_level = "Ratios of such groups hang on a few patients: merge groups of one kind.",
  small_reference = "All other groups are compared with these few patients: choose a larger one.",
  infinite_coefficient =
    "The data set no limit to the ratio: quote Firth's estimate in its place.",
  immortal_time = paste(
    "Who has it must have lived until then, so that from the start it looks less harmful, or more",
    "helpful, than it is: quote the hazard ratio counted from its date on."
  ),
  nonproportional =
    "One ratio for the whole follow-up is then an average: give it for early and late separately.",
  influential_patient = "Check that patient's record; if it is right, report both ratios.",
  missing_values = "If they differ from the others, the result is not that of all patients.",
  code_as_number = "If they are codes of categories, compare the categories.",
  single_stratum = check_reasons[["single_stratum"]],
  shared_patient = check_reasons[["shared_patient"]],
  crude_rates = check_reasons[["crude_rates"]],
  beyond_follow_up = "Quote it with the number at risk and the interval, or read it earlier."
)

plain_finding <- function(rows, about) {
  if (about$min_cell && rows$class[1L] != "beyond_follow_up") {
    return(finding_variables(rows, about$data))
  }
  words <- switch(rows$class[1L],
    events_per_parameter = paste0(
      count_of(about$p, "hazard ratio"), if (about$p == 1L) " is" else " are",
      " estimated from ", count_of(about$events, "death"), "."
    ),
    sparse_level = sparse_words(rows, about),
    small_reference = paste0(
      level_words(rows, about), " is what the others are compared with, but has only ",
      counts_of(rows$n, "patient"), "."
    ),
    immortal_time = immortal_words(rows, about),
    infinite_coefficient = infinite_words(rows, about),
    nonproportional = changing_words(rows, about),
    influential_patient = paste0(
      level_words(rows, about), ": without one of the patients the hazard ratio ",
      ratio_unit(rows), "is ", vapply(rows$other, format_ratio, "", 2L), ", with all ",
      vapply(rows$value, format_ratio, "", 2L), "."
    ),
    missing_values = paste0(
      count_of(rows$n, "patient"), " of ", format_count(about$n), " (",
      format_percent(rows$value, 0L), ") could not be used for missing values",
      if (!is.na(rows$p.value)) paste0(
        "; their survival ", difference_words(rows$p.value), " from that of the others (p ",
        p_equals(rows$p.value), ")"
      ), "."
    ),
    beyond_follow_up = beyond_words(rows, about),
    plain_words(rows$what)
  )
  paste(capital(words), collapse = " ")
}

# What is found without its counts: "Subtype and sex."
finding_variables <- function(rows, data) {
  variables <- unique(rows$variable[!is.na(rows$variable)])
  if (!length(variables)) return(NULL)
  words <- vapply(variables, variable_words, "", data)
  paste0(capital(enumerate(words, max = 20L)), ".")
}

# "primary tumour: Lung", "age"; values of yes and no by the variable alone.
level_words <- function(rows, about) {
  vapply(seq_len(nrow(rows)), function(i) {
    words <- variable_words(rows$variable[i], about$data)
    level <- rows$level[i]
    if (is.na(level) || level == "TRUE") return(words)
    if (level == "FALSE") return(paste("no", words))
    paste0(words, ": ", level)
  }, "")
}

sparse_words <- function(rows, about) {
  by_variable <- split(rows, factor(rows$variable, unique(rows$variable)))
  each <- vapply(by_variable, function(part) {
    levels <- ifelse(part$level == "TRUE", "yes", ifelse(part$level == "FALSE", "no", part$level))
    counts <- paste0(levels, " (", format_count_each(part$events), " of ",
                     format_count_each(part$n), ")")
    paste0(variable_words(part$variable[1L], about$data), ": ", enumerate(counts, max = 20L))
  }, "")
  paste0("Fewer than 5 patients died (deaths of patients) with ", paste(each, collapse = "; "), ".")
}

immortal_words <- function(rows, about) {
  vapply(seq_len(nrow(rows)), function(i) {
    words <- variable_words(rows$variable[i], about$data)
    text <- paste0(
      capital(words), " is counted as known from the start, but came later in ",
      count_of(rows$n[i], "patient"), ", after a median of ", format_time(rows$other[i], 1L), " ",
      about$unit, "."
    )
    paste(c(text, dated_ratio_words(about$ratios, rows$variable[i], about$conf_level)),
          collapse = " ")
  }, "")
}

# The ratios of a variable in terms of its own, from the start and from its date on.
dated_ratio_words <- function(ratios, variable, conf_level) {
  if (is.null(ratios)) return(NULL)
  ratios <- ratios[vapply(ratios$term, term_is_of, NA, variable), ]
  words <- vapply(unique(ratios$coef), function(j) {
    own <- ratios[ratios$coef == j, ]
    fixed <- own[own$method == "fixed", ]
    later <- own[own$method == "time-dependent", ]
    if (!nrow(later) || !is.finite(later$estimate)) return(NA_character_)
    level <- if (!is.na(own$level[1L]) && own$level[1L] != "TRUE") paste0(own$level[1L], ": ")
    paste0(level, "As known from the start: ", ratio_words(fixed, conf_level),
           ". Counted from its date on: ", ratio_words(later, conf_level), ".")
  }, "")
  words[!is.na(words)]
}

# Whether a term, such as factor(mi), is of this variable alone.
term_is_of <- function(term, variable) identical(unique(all.vars(str2lang(term))), variable)

# The ratio of a quantity is that of a standard deviation where the check has it so.
ratio_unit <- function(rows) ifelse(rows$unit %in% c(1, NA), "", "per standard deviation ")

# "Female: survival at 120 months: only 4 of 90 patients are still at risk." Without counts where
# they are hidden, and without the time at which so few are left.
beyond_words <- function(rows, about) {
  number <- function(x) vapply(x, function(v) format(signif(v, 4L), big.mark = ","), "")
  past <- rows$time > rows$last
  few <- about$min_cell > rows$value
  paste0(
    ifelse(is.na(rows$variable), "", paste0(rows$variable, ": ")), "survival at ",
    ifelse(few & !past, "a time that is hidden", paste(number(rows$time), about$unit)), ": ",
    ifelse(
      past, paste0("nobody is followed so long", if (!about$min_cell) {
        paste0(" (last ", number(rows$last), " ", about$unit, ")")
      }),
      paste0("only ", if (about$min_cell) {
        ifelse(few, paste("fewer than", about$min_cell), "fewer than 10% of the patients")
      } else {
        paste(format_count_each(round(rows$value, 1L)), "of", format_count_each(rows$n))
      }, " are still followed")
    ), "."
  )
}

infinite_words <- function(rows, about) {
  firth <- about$ratios[about$ratios$method == "firth", ]
  vapply(seq_len(nrow(rows)), function(i) {
    text <- paste0(
      level_words(rows[i, ], about), ": ", if (!is.na(rows$events[i])) paste0(
        format_count(rows$events[i]), " of ", format_count(rows$n[i]), " died and "
      ), "the hazard ratio cannot be estimated by the ordinary method."
    )
    row <- firth[firth$coef %in% rows$coef[i], ]
    if (nrow(row) != 1L || is.na(row$estimate)) return(text)
    paste0(text, " By Firth's method it is: ", ratio_words(row, about$conf_level), ".")
  }, "")
}

changing_words <- function(rows, about) {
  vapply(seq_len(nrow(rows)), function(i) {
    if (is.na(rows$variable[i])) {
      return(paste0("The effects of all factors together change with time (p ",
                    p_equals(rows$p.value[i]), ")."))
    }
    paste0(
      "The effect of ", level_words(rows[i, ], about), " changes with time (p ",
      p_equals(rows$p.value[i]), if (!is.na(rows$value[i])) paste0(
        "; hazard ratio ", ratio_unit(rows[i, ]), format_ratio(rows$value[i], 2L),
        " in the earlier half of the deaths, ",
        format_ratio(rows$other[i], 2L), " in the later"
      ), ")."
    )
  }, "")
}
