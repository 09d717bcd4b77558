# What the figures of sites and of operations read from the linked tables of a cohort.

# A row for each row of the table: `patient`, a row number of the cohort, and each of `columns` as
# text, NA where nothing is written; a column that the table does not have is left out.
linked_text <- function(cohort, name, columns) {
  meta <- cohort_meta(cohort)
  table <- linked_table(cohort, name)
  if (is.null(table) || !nrow(table)) return(NULL)
  id <- as.character(cohort[[meta$roles[["id"]]]])
  out <- data.frame(patient = match(as.character(table[[meta$linked[[name]]$key]]), id))
  at <- match(columns, tolower(names(table)))
  for (i in which(!is.na(at))) {
    text <- trimws(as.character(as_levels(table[[at[i]]])))
    out[[columns[i]]] <- ifelse(nzchar(text), text, NA)
  }
  out
}
