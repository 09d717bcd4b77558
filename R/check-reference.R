# A small reference level.

# With two levels the choice of the reference changes no interval.
find_small_references <- function(fit, given) {
  counts <- fit$level_table
  counts <- counts[!is.na(counts$level), ]
  size <- table(counts$term)
  total <- sum(counts$n[counts$term == counts$term[1L]])
  small <- counts$coef == 0L & size[counts$term] > 2L & counts$n < 0.05 * total &
    counts$events >= 5
  small <- counts[small, ]
  if (!nrow(small)) return(finding(character()))
  largest <- largest_level(counts, small$term, "n")
  finding(
    "small_reference", "note", variable = small$term, level = small$level, reference = TRUE,
    n = small$n, n_events = small$events, n_total = total, suggested = largest,
    remedy = "reference", code = relevel_code(fit, given, small$term, largest)
  )
}

relevel_code <- function(fit, given, terms, levels) {
  mapply(function(term, level) {
    x <- str2lang(term)
    if (!is.factor(term_values(fit, term))) x <- call("factor", x)
    change <- without_term(str2lang(term), call("relevel", x, level))
    refit_code(given$source, change = change)
  }, terms, levels, USE.NAMES = FALSE)
}
