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
  if (length(parts)) paste(c("Immortal time bias:", parts), collapse = " ")
}

curve_title <- function(name, fit) {
  known <- unclass(fit)$labels[name]
  if (length(known) && !is.na(known)) unname(known) else column_words(name)
}
