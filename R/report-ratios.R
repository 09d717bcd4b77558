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
  if (!nrow(found)) {
    return(paste0(who, ", we found no evidence of an association (p < 0.05) for any factor."))
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
    paste0(who, ", the hazard of ", if (death) "death" else fit[["event"]], " was ",
           paste(c(side(worse, "higher"), side(!worse, "lower")), collapse = ". It was "), "."),
    shared_cautions(several, cautions, found)
  )
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
