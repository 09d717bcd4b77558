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
  side <- function(at, what) {
    if (any(at)) paste0(what, " ", enumerate(
      factor_words(found[at, ], rows, table$conf_level, fit, findings), max = 20L
    ))
  }
  paste0(who, ", the hazard of ", if (death) "death" else fit[["event"]], " was ",
         enumerate(c(side(worse, "higher"), side(!worse, "lower"))), ".")
}

# Such as: for subtype Lung than for Uterine (hazard ratio 6.98, 95% CI 2.07 to 23.6, p = 0.002;
# only 3 deaths in this group).
factor_words <- function(found, rows, conf_level, fit, findings) {
  vapply(seq_len(nrow(found)), function(i) {
    row <- found[i, ]
    caution <- caution_for(findings, row$variable, row$level)
    paste0(compared_words(row, rows, fit), " (",
           paste(c(ratio_words(row, conf_level), caution), collapse = "; "), ")")
  }, "")
}

# Who is compared with whom.
compared_words <- function(row, rows, fit) {
  label <- first_lower(row$label)
  if (row$kind == "quantity" && !all(fit$model[[row$variable]] %in% 0:1)) {
    return(paste0("with ", label, ", per unit"))
  }
  if (is.na(row$level) || row$level %in% c("TRUE", "Yes")) return(paste("with", label))
  if (row$kind == "contrast") return(paste0("for ", label, ": ", row$line_label))
  reference <- rows$level[rows$variable == row$variable & rows$kind == "reference"]
  paste0("for ", label, " ", row$level, if (length(reference)) paste(" than for", reference))
}
