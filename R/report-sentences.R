# What the results say in words. Each function takes what report_fits() gave and
# returns paragraphs; every number in them is read from the fits.

cohort_sentences <- function(fits) {
  n <- fits$counts
  text <- paste0("The cohort has ", count_of(n$patients, "patient"), if (n$rows > n$patients) {
    paste0(" in ", count_of(n$rows, "row"))
  }, "; ", share(n$deaths, n$rows, min_cell = fits$min_cell), " died.")
  if (n$excluded) {
    gone <- if (lost_few(n, fits$min_cell)) "some records" else count_of(n$excluded, "record")
    text <- paste0(text, " ", capital(gone), " could not be used.")
  }
  new_text(paste(text, follow_up_words(fits)))
}

follow_up_words <- function(fits) {
  q <- follow_up(fits$os)
  median <- q$quantile[, 2L]
  # The longest is that of one patient.
  longest <- if (!fits$min_cell) paste0(fits$time(fits$os$last), " ", fits$unit)
  if (is.na(median)) {
    return(paste0("The median follow-up cannot be estimated",
                  if (length(longest)) paste("; the longest is", longest), "."))
  }
  limits <- if (!is.null(q$lower)) paste0(
    " (", limit_words(fits$os, q$lower[, 2L], q$upper[, 2L], fits$digits), ")"
  )
  paste0("Patients were followed for a median of ", fits$time(median), " ", fits$unit, limits,
         ", counted by reverse Kaplan-Meier",
         if (length(longest)) paste("; the longest follow-up is", longest), ".")
}

survival_sentences <- function(fits) {
  new_text(c(
    paste0("Overall survival of ", all_patients(fits$os$n), " was ",
           rate_words(fits$rates, min_cell = fits$min_cell), "."),
    median_sentence("The median overall survival", fits$os, fits)
  ))
}

# Such as: 88% (95% CI 85 to 91%) at 2 years, ... and 39% (...) at 10 years.
rate_words <- function(rates, limits = TRUE, min_cell = 0) {
  at <- rates$rates
  years <- at$time / rates$per_year
  each <- vapply(seq_len(nrow(at)), function(i) {
    when <- paste0(" at ", count_of(years[i], "year"))
    if (is.na(at$rate[i])) return(paste0("not estimable", when))
    if (at$n.risk[i] < min_cell || isFALSE(at$told[i])) {
      return(paste0(hidden_word, when))
    }
    # Before the first event the interval is a point, which looks like certainty.
    shown <- limits && at$rate[i] < 1
    range <- if (shown) format_percent_range(at$conf.low[i], at$conf.high[i], 0L) else ""
    paste0(format_percent(at$rate[i], 0L), if (nzchar(range)) {
      paste0(" (", interval_word(rates$conf_level), " ", range, ")")
    }, when)
  }, "")
  enumerate(each)
}

median_sentence <- function(what, fit, fits) {
  text <- paste0(what, " was ", median_words(fit, fits$digits, fits$unit, fits$min_cell), ".")
  if ("beyond_follow_up" %in% findings_in(lms_check(fit))$kind) {
    text <- paste(text, "So late, few patients were still followed.")
  }
  text
}

bone_sentences <- function(fits) {
  bone <- fits$bone
  n <- fits$counts
  text <- paste0(
    "Bone metastases were found in ", share(bone$n, n$rows, "patients"), ", a median of ",
    observed_words(bone$onset, fits$unit, fits$min_cell), " after diagnosis."
  )
  new_text(c(
    paste(c(text, first_site_words(bone, fits$min_cell), fisher_words(bone)), collapse = " ")
  ))
}

first_site_words <- function(bone, min_cell) {
  if (is.null(bone$first)) return(NULL)
  paste0("Bone was the first site of metastasis in ",
         share(bone$first, bone$n, min_cell = min_cell), ".")
}

fisher_words <- function(bone) {
  test <- bone$fisher
  if (is.null(test)) return(NULL)
  paste0(
    if (test$p.value < 0.05) "The subtypes differed in" else "There was no association between",
    if (test$p.value < 0.05) " how often they spread to bone" else
      " the subtype and bone metastases",
    " (Fisher's exact test, p ", p_equals(test$p.value), ")."
  )
}

bone_survival_sentences <- function(fits) {
  bone <- fits$bone
  new_text(c(
    paste0("Overall survival of the ", count_of(bone$n, "patient"), " with bone metastases was ",
           rate_words(bone$rates, min_cell = fits$min_cell), ", counted from diagnosis.",
           if (any(bone$onset > 0)) paste(" This is too favourable, as each of them lived at",
                                          "least until the bone metastasis was found.")),
    paste(median_sentence("Their median overall survival", bone$os, fits),
          median_sentence("From the bone metastasis on, the median survival", bone$after, fits)),
    if (!is.null(bone$logrank)) paste0(
      "Survival from diagnosis ", difference_words(bone$logrank$p.value),
      " between patients with and without bone metastases (log-rank test, p ",
      p_equals(bone$logrank$p.value), "). This comparison counts patients as having bone ",
      "metastases from diagnosis on, when most of them did not have them yet: see Warnings."
    )
  ))
}

difference_words <- function(p) if (p < 0.05) "differed" else "did not differ significantly"

surgery_sentences <- function(fits) {
  surgery <- fits$surgery
  on_bone <- !is.null(fits$bone) && surgery$on_bone
  of <- if (on_bone) fits$bone$n else fits$counts$rows
  text <- paste0(
    share(surgery$n, of, if (on_bone) "patients with bone metastases" else "patients"),
    " were operated on",
    if (!is.null(surgery$operations) && !is_few(surgery$operations - surgery$n, fits$min_cell)) {
      paste0(", with ", count_of(surgery$operations, "operation"), " in all")
    }, "."
  )
  if (!is.null(surgery$wait)) {
    text <- paste0(text, " The first operation came a median of ",
                   observed_words(surgery$wait, fits$unit, fits$min_cell),
                   " after the bone metastasis.")
  }
  if (!is.null(surgery$failed)) {
    text <- paste0(text, " An implant failed in ",
                   share(surgery$failed, surgery$n, min_cell = fits$min_cell), ".")
  }
  new_text(text)
}

factor_sentences <- function(fits, tables) {
  new_text(c(
    model_sentences("the model of Table 4", tables$table_4, fits$models[["Table 4"]]),
    switching_words(fits),
    model_sentences("the model of Table 5", tables$table_5, fits$models[["Table 5"]])
  ))
}

# The factors of a table of a model with p below 0.05, with the numbers of the table.
model_sentences <- function(name, table, fit) {
  if (is.null(table)) return(NULL)
  rows <- as.data.frame(table)
  first <- rows[1L, ]
  rows <- rows[rows$kind %in% c("level", "quantity") & !is.na(rows$estimate), ]
  found <- rows[which(rows$p.value < 0.05), ]
  who <- paste0("In ", name, if (!is.na(first$n_used)) paste0(
    " (", count_of(first$n_used, "patient"), ", ", count_of(first$events_used, "death"), ")"
  ))
  if (!nrow(found)) {
    return(new_text(paste0(who, " no factor was associated with survival (p < 0.05).")))
  }
  worse <- found$estimate > 1
  side <- function(at, what) {
    if (any(at)) paste0(what, " with ", enumerate(factor_words(found[at, ], table, fit), max = 20L))
  }
  new_text(paste0(
    who, " mortality was ", enumerate(c(side(worse, "higher"), side(!worse, "lower"))), "."
  ))
}

# Such as: subtype Unknown (hazard ratio 6.98, 95% CI 2.07 to 23.6, p = 0.002).
factor_words <- function(rows, table, fit) {
  vapply(seq_len(nrow(rows)), function(i) {
    row <- rows[i, ]
    level <- if (!is.na(row$level) && !row$level %in% c("TRUE", "Yes")) paste0(" ", row$level)
    quantity <- row$kind == "quantity" && !all(fit$model[[row$variable]] %in% 0:1)
    paste0(first_lower(row$label), level, if (quantity) ", per unit", " (",
           ratio_words(row, table$conf_level), ")")
  }, "")
}

# The hazard ratio of bone metastasis from its date on, beside that from diagnosis on.
switching_words <- function(fits) {
  column <- fits$bone$column
  fit <- fits$models[["Table 4"]]
  if (is.null(fit) || !isTRUE(column %in% names(fit$dated))) return(NULL)
  rows <- lms_check(fit, fix = TRUE)
  rows <- rows[rows$kind == "immortal_time" & rows$term %in% column, ]
  if (!nrow(rows)) return(NULL)
  ratio <- function(method) row_words(rows[rows$method == method, ][1L, ])
  paste0(
    "Bone metastasis, counted as in Table 4 as if known from diagnosis: ", ratio("fixed"),
    ". Counted from the day on which it was found: ", ratio("time-dependent"),
    "; this is the one to quote."
  )
}
