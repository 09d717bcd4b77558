# Footnotes of a table of Cox models: what was fitted, what lms_check() found, and ratios that are
# marked.

# Each note: text, variables and levels (NA for none) that it stands at, and at what of each:
# "label", "ratio" (of the fitted model), "univariable", or "" for nowhere; "head" for the titles.
cox_note <- function(text, what = "", variable = NA_character_, level = NA_character_,
                     symbol = NULL) {
  list(text = text, what = what, variable = variable, level = level, symbol = symbol)
}

cox_notes <- function(fit, numbers, settings, titles) {
  titles <- c(titles, strata_titles(fit))
  found <- if (settings$check) check_notes(fit, settings, titles)
  said <- "missing_values" %in% unlist(lapply(found, `[[`, "kind"))
  c(
    infinite_notes(fit, numbers, settings, titles), found,
    lapply(model_lines(fit, numbers, settings, titles, said), cox_note),
    lapply(masked_words(numbers, settings), function(text) c(cox_note(text), masks = TRUE))
  )
}

# Findings, each kind that needs no words of its own once for all its levels.
check_notes <- function(fit, settings, titles) {
  found <- findings_in(as.data.frame(quiet(suppressWarnings(lms_check(fit)))))
  found <- found[found$kind != "infinite_coefficient", ]
  if (!nrow(found)) return(NULL)
  named <- ifelse(found$measure %in% "missing", found$term, found$variable)
  own <- named %in% names(titles)
  found$label[own] <- titles[named[own]]
  voice <- finding_voice("label", settings$min_cell, ratios = FALSE)
  words <- vapply(by_finding(found), finding_note, "", voice)
  found <- first_rows(found)
  by_level <- found$kind %in% c("sparse_level", "small_reference", "influential_patient")
  # The first note of a kind says why it matters.
  reasoned <- found$kind %in% kinds_with_reason & !duplicated(found$kind) & !settings$min_cell
  words[reasoned] <- paste(words[reasoned], vapply(found$kind[reasoned], finding_why, ""))
  what <- ifelse(is.na(found$variable) | found$kind == "missing_values", "", "label")
  lapply(split(seq_len(nrow(found)), factor(words, unique(words))), function(at) {
    note <- cox_note(words[at[1L]], what[at[1L]], found$variable[at],
                     ifelse(by_level, found$level, NA_character_)[at])
    c(note, kind = found$kind[at[1L]])
  })
}

infinite_notes <- function(fit, numbers, settings, titles) {
  whole <- if (is_penalised(fit)) {
    list(cox_note(
      "Firth's penalised estimate, with profile CI and p-value of the penalised likelihood ratio.",
      "head", symbol = "\u2020"
    ))
  }
  endless <- numbers[!is.na(numbers$infinite), ]
  if (!nrow(endless)) return(whole)
  words <- ifelse(is.na(endless$line_label), titles[endless$variable],
                  paste(titles[endless$variable], endless$line_label))
  reference <- numbers$level[match(paste(endless$variable, "reference"),
                                   paste(numbers$variable, numbers$kind))]
  words <- paste0(words, ifelse(is.na(reference), "", paste0(" (reference: ", reference, ")")))
  ends <- vapply(split(words, factor(endless$infinite, unique(endless$infinite))), function(of) {
    enumerate(unique(of), max = 8L)
  }, "")
  firth <- endless$penalty == "firth"
  list(cox_note(
    paste0("The ordinary hazard ratio cannot be estimated: it tends to ",
           paste(names(ends), "for", ends, collapse = ", and to "), ".",
           if (all(firth)) paste0(" Firth's penalised estimate with its profile ",
                                  interval_word(fit$conf_level), " is given.")),
    ifelse(endless$model == "univariable", "univariable", "ratio"), endless$variable,
    endless$level, symbol = "\u2020"
  ))
}

# What was fitted, and to whom.
model_lines <- function(fit, numbers, settings, titles, missing_said) {
  kinds <- numbers$kind[numbers$model == "fitted"]
  strata <- attr(fit$terms, "specials")$strata
  c(
    if (!settings$min_cell) rows_words(fit, settings, titles, missing_said),
    if (!is.null(strata)) {
      paste0("Stratified by ", enumerate(unname(strata_titles(fit))), " (", nlevels_kept(fit),
             " strata).")
    },
    if (!fit$converged && !length(fit$infinite)) "The fit has NOT converged.",
    if ("quantity" %in% kinds) "Hazard ratios of numeric variables are per unit.",
    if ("several" %in% kinds) {
      several_note
    },
    if ("contrast" %in% kinds) contrast_note,
    offset_words(fit$terms),
    if ("interaction" %in% kinds) interaction_words(fit),
    if (counted_word(fit) == "row") {
      "Rows are periods, and a patient may have several. Set `id` in the model to count patients."
    },
    rules_words(fit), overall_words(settings)
  )
}

interaction_words <- function(fit) {
  if (!any(crossed_terms(fit$terms))) {
    return("Hazard ratios in lines with \u00d7 hold within the level.")
  }
  paste("Lines with \u00d7 are ratios of hazard ratios. Hazard ratios of the variables hold where",
        if (plain_coding(fit)) "the other variable is 0 or in its reference group." else
          "all columns of the other variable are 0.")
}

# "Multivariable model: 207 patients, 150 events."
rows_words <- function(fit, settings, titles, missing_said) {
  of <- if (!is.null(fit$n.id) && fit$n.id < fit$n) paste(" in", count_of(fit$n, "row"))
  counted <- if (is.null(fit$n.id)) fit$n else fit$n.id
  gone <- length(unclass(fit)$na.action)
  called <- function(names) {
    typed <- vapply(names, typed_column, "", fit)
    ifelse(typed %in% names(titles), first_lower(titles[typed]), tick(names))
  }
  paste0(
    if (settings$univariable) "Multivariable model: ", count_of(counted, counted_word(fit)), of,
    ", ", count_of(fit$nevent, "event"),
    if (!missing_said && length(c(fit$missing, fit$not_applicable))) {
      excluded_part(gone, fit, called)
    } else if (!missing_said && gone) {
      paste0("; ", count_of(gone, counted_word(fit)), " excluded")
    }, "."
  )
}

# "; 6 patients excluded (missing stage)"
excluded_part <- function(gone, fit, called) {
  never <- sum(fit$not_applicable)
  missing <- sort(fit$missing, decreasing = TRUE)
  names <- called(names(missing))
  if (length(missing) > 1L) names <- paste(names, "in", format_count_each(missing))
  word <- counted_word(fit)
  paste0(c(
    if (never) paste0("; not applicable in ", count_of(never, word)),
    if (gone > never) {
      paste0("; ", count_of(gone - never, word), " excluded (missing ", enumerate(names), ")")
    }
  ), collapse = "")
}

# strata(centre) is called by its variables.
strata_titles <- function(fit) {
  names <- rownames(attr(fit$terms, "factors"))[attr(fit$terms, "specials")$strata]
  vapply(stats::setNames(nm = names), variable_title, "", fit)
}

# The rules of the fit without the name of the conventions.
rules_words <- function(fit) {
  paste0("HR, hazard ratio; CI, confidence interval. ", rules_line(fit, conventions = FALSE))
}

overall_words <- function(settings) {
  switch(settings$overall_p,
    wald = "P-values of variables are of Wald tests of all levels.",
    lr = "P-values of variables are of likelihood ratio tests of all levels."
  )
}

masked_words <- function(numbers, settings) {
  masks <- unlist(numbers[c("masked_n", "masked_patients", "masked_events", "masked_ratio")])
  c(
    if (any(masks == "small")) small_words(settings$min_cell),
    if (any(masks == "hidden")) "* Hidden, because small counts could be found from this number."
  )
}

# Univariable ratios that change by more than 10% with the patients.
moved_notes <- function(fit, alone, numbers, settings) {
  if (settings$same_patients) return(NULL)
  own <- numbers[numbers$model == "univariable" & numbers$n_used != fit$n &
                   !is.na(numbers$estimate), ]
  if (!nrow(own)) return(NULL)
  same <- do.call(rbind, lapply(univariable_fits(fit, TRUE)[unique(own$variable)], cox_lines,
                                settings$infinite))
  at <- match(paste(own$variable, own$coefficient), paste(same$variable, same$coefficient))
  there <- same$estimate[at]
  moved <- which(abs(log(there / own$estimate)) > log(1.1))
  if (!length(moved)) return(NULL)
  shown <- vapply(there[moved], function(x) table_ratio(x, settings$digits), "")
  named <- ifelse(is.na(own$line_label[moved]), own$label[moved], own$line_label[moved])
  list(cox_note(
    paste0("In the ", count_of(fit$n, counted_word(fit)),
           " of the multivariable model, the univariable hazard ratio is ",
           enumerate(if (length(moved) > 1L) paste0(shown, " (", named, ")") else shown, max = 8L),
           "."),
    "univariable", own$variable[moved], own$level[moved]
  ))
}

cox_note_places <- function(x, cells, lines, layout) {
  ratio <- grep(table_word("HR"), cells$head, fixed = TRUE)
  lapply(x$notes, function(note) {
    out <- list(text = note$text, symbol = note$symbol)
    if (note$what[1L] == "head") return(c(out, list(i = 0 * ratio, j = ratio)))
    if (note$what[1L] == "") return(out)
    columns <- c(label = 1L, univariable = ratio[1L], ratio = ratio[length(ratio)])
    i <- mapply(note_line, note$variable, note$level, MoreArgs = list(lines, layout))
    at <- unique(data.frame(i = unname(i), j = unname(columns[note$what])))
    at <- at[!is.na(at$i), ]
    c(out, if (nrow(at)) list(i = at$i, j = at$j))
  })
}

# The line of the layout of a level, or the first of the variable.
note_line <- function(variable, level, lines, layout) {
  at <- if (!is.na(level)) which(lines$variable == variable & lines$level %in% level)
  if (length(at)) match(at, layout$from) else match(variable, layout$variable)
}
