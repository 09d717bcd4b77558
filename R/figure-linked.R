# What the figures of sites and of operations read from the linked tables of a cohort.

# why: without a capital, ends with a point. It stands in the report's list of what is missing.
no_figure <- function(class, why, way_out = NULL) {
  abort(class, paste("There is no such figure:", why), way_out,
        fields = list(reason = capital(plain_words(why))))
}

no_figure_data <- function(why, way_out = NULL) no_figure("no_data", why, way_out)

# A row for each row of the table: `patient`, a row number of the cohort, and each of `columns` as
# text, NA where nothing is written; a column that the table does not have is left out.
linked_text <- function(cohort, name, columns) {
  meta <- cohort_meta(cohort)
  linked <- meta$linked[[name]]
  table <- linked$data
  if (is.null(table) || !nrow(table)) return(NULL)
  id <- as.character(cohort[[meta$roles[["id"]]]])
  out <- data.frame(patient = match(as.character(table[[linked$key]]), id))
  at <- match(columns, tolower(names(table)))
  for (i in which(!is.na(at))) {
    text <- trimws(as.character(as_levels(table[[at[i]]])))
    out[[columns[i]]] <- ifelse(nzchar(text), text, NA)
  }
  out
}
