# Hazard ratios in sentences, each with what must be said beside it.

# The factors of a model with p below 0.05, with the numbers of its table. findings: those of the
# model by lms_check().
ratio_sentences <- function(table, fit, name, findings) {
  if (is.null(table)) return(NULL)
  rows <- as.data.frame(table)
  rows <- rows[rows$model == "fitted", ]
  first <- rows[1L, ]
  tested <- rows$kind %in% c("level", "quantity", "contrast") & !is.na(rows$estimate)
  found <- rows[which(tested & rows$p.value < 0.05), ]
  death <- is.null(fit[["event"]]) || fit[["event"]] == "death"
  who <- paste0("In ", name, if (!is.na(first$n_used)) paste0(
    " (", count_of(first$n_used, "patient"), ", ",
    count_of(first$events_used, if (death) "death" else "event"), ")"
  ))
  of <- paste("the hazard of", if (death) "death" else fit[["event"]])
  joint <- joint_words(rows, of)
  others <- c(interaction_sentence(fit), unestimated_words(rows))
  if (!nrow(found)) {
    if (is.null(joint)) {
      joint <- "we found no evidence of an association (p < 0.05) for any factor"
    }
    return(c(paste0(who, ", ", joint, "."), others))
  }
  worse <- found$estimate > 1
  cautions <- lapply(seq_len(nrow(found)), function(i) {
    cautions_for(findings, found$variable[i], found$level[i])
  })
  # What concerns several ratios is said once, behind them.
  several <- names(which(table(unlist(cautions)) >= 3L))
  words <- factor_words(found, rows, table$conf_level, fit, lapply(cautions, setdiff, several))
  side <- function(at, what) {
    if (any(at)) paste0(what, " ", enumerate(words[at], max = max_ratios))
  }
  c(
    paste0(who, ", ", of, " was ",
           paste(c(side(worse, "higher"), side(!worse, "lower")), collapse = ". It was "), "."),
    if (!is.null(joint)) paste0(capital(joint), "."), shared_cautions(several, cautions, found),
    others
  )
}

# Of splines and polynomials, and of interactions, that have no hazard ratio of their own.
joint_words <- function(rows, of) {
  rows <- rows[which(rows$kind %in% c("several", "interaction") & rows$p.value < 0.05), ]
  if (!nrow(rows)) return(NULL)
  label <- ifelse(is.na(rows$level), first_lower(rows$label), paste(rows$label, rows$level))
  test <- ifelse(rows$kind == "several", "Wald test of all its terms, ", "interaction, ")
  p <- vapply(rows$p.value, p_equals, "")
  paste0(of, " was associated with ", enumerate(paste0(label, " (", test, "p ", p, ")")))
}

interaction_sentence <- function(fit) {
  if (!any(crossed_terms(fit$terms))) return(NULL)
  paste("The model has an interaction. The hazard ratio of a variable in it holds only where the",
        "other variable is", if (plain_coding(fit)) "0 or in its reference group." else "0.")
}

# Without a limit they have words of their own.
unestimated_words <- function(rows) {
  lost <- rows$kind %in% c("quantity", "level") & is.na(rows$estimate) & is.na(rows$infinite) &
    is.na(rows$p.value)
  if (!any(lost)) return(NULL)
  label <- unique(level_words(first_lower(rows$label[lost]),
                              ifelse(is.na(rows$level[lost]), "yes", rows$level[lost])))
  paste0("The hazard ratio of ", enumerate(label), " cannot be estimated, because the variable ",
         "has one value or repeats other variables.")
}

# Ratios in a sentence; the table has all.
max_ratios <- 8L

# Such as: Caution for 12 of these hazard ratios (site B, site C and 10 more): fewer than 5 deaths
# in this group.
shared_cautions <- function(words, cautions, found) {
  if (!length(words)) return(NULL)
  each <- vapply(words, function(word) {
    own <- vapply(cautions, function(of) word %in% of, NA)
    label <- first_lower(found$label[own])
    named <- ifelse(is.na(found$level[own]), label, level_words(label, found$level[own]))
    which <- if (all(own)) "all these hazard ratios" else
      paste0(sum(own), " of these hazard ratios (", enumerate(named), ")")
    paste0("Caution for ", which, ": ", word, ".")
  }, "")
  paste(each, collapse = " ")
}

# Such as: for subtype Lung than for Uterine (hazard ratio 6.98, 95% CI 2.07 to 23.6, p = 0.002;
# only 3 deaths in this group).
factor_words <- function(found, rows, conf_level, fit, cautions) {
  vapply(seq_len(nrow(found)), function(i) {
    row <- found[i, ]
    paste0(compared_words(row, rows, fit), " (",
           paste(c(ratio_words(row, conf_level), cautions[[i]]), collapse = "; "), ")")
  }, "")
}

# Who is compared with whom.
compared_words <- function(row, rows, fit) {
  label <- first_lower(row$label)
  if (row$kind == "quantity" && !all(fit$model[[row$variable]] %in% 0:1)) {
    return(paste("with each additional unit of", label))
  }
  if (is.na(row$level) || tolower(row$level) %in% c("true", "yes")) return(paste("with", label))
  if (tolower(row$level) %in% c("false", "no")) return(paste("without", label))
  if (row$kind == "contrast") return(paste0("for ", label, ": ", row$line_label))
  reference <- rows$level[rows$variable == row$variable & rows$kind == "reference"]
  paste0("for ", label, " ", row$level, if (length(reference)) paste(" than for", reference))
}
