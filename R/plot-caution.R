# What must stand below curves that mislead as they are drawn.

figure_caution <- function(fit, min_cell) {
  guards <- unclass(fit)$guards
  late <- guards$late
  parts <- c(
    if (!is.null(late)) paste0(
      vapply(late$variable, curve_title, "", fit), " becomes known after ", guards$origin, " in ",
      vapply(late$n, coarse_words, "", min_cell), " patients, who had to survive until then."
    ),
    if (!is.null(guards$members)) paste0(
      "All patients had to survive until ", guards$members$word, ", but the clock starts at ",
      guards$origin, "."
    )
  )
  parts <- c(
    if (length(parts)) c("Immortal time bias:", parts), incidence_caution(guards$others, min_cell),
    if (!is.null(guards$repeated)) "Rows of the same patient count as different patients."
  )
  if (length(parts)) paste(parts, collapse = " ")
}

# Of curves whose complement overstates an incidence.
incidence_caution <- function(others, min_cell) {
  if (is.null(others) || overstated(others$read) %in% 0L) return(NULL)
  paste(
    capital(coarse_words(others$n, min_cell)), "patients with another event count as censored, so",
    "1 minus this curve", if (is.null(others$read)) "may overstate" else "overstates",
    "the incidence."
  )
}

curve_title <- function(name, fit) {
  known <- unclass(fit)$labels[name]
  if (length(known) && !is.na(known)) unname(known) else column_words(name)
}
