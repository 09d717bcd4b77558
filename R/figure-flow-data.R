# The numbers of the flow of operations: patients by management and indication, operations by site
# and procedure.

max_indications <- 4L
max_sites <- 6L
max_procedures <- 12L
max_procedure_lines <- 20L

# Answer: patients, a row for each of `among` with `everyone`, `management` and `indication`;
# operations, a row for each of theirs with the same of its patient, its `own` indication, `site`
# and `procedure`; outside, the number of operations of other patients. What the table does not have
# is left out.
flow_rows <- function(cohort, table, among, everyone, treated) {
  columns <- c("indication", "site", "procedure")
  operations <- linked_text(cohort, table, columns)
  if (is.null(operations)) {
    no_figure_data(paste0("the cohort has no ", table, "."),
                   "Give the table to lms_cohort(), with one row each.")
  }
  shown <- which(among)
  operations <- operations[by_date(operations, linked_table(cohort, table)), , drop = FALSE]
  ours <- operations$patient %in% shown
  operations <- operations[ours, , drop = FALSE]
  if (!nrow(operations)) {
    no_figure_data(paste0("no patient with ", first_lower(everyone), " had surgery."))
  }
  operated <- shown %in% operations$patient
  if (!is.null(treated)) operated <- operated | treated[shown]
  patients <- data.frame(
    patient = shown, everyone = everyone,
    management = factor(ifelse(operated, "Surgery", "No surgery"), c("Surgery", "No surgery"))
  )
  for (name in intersect(columns, names(operations))) {
    operations[[name]] <- one_spelling(operations[[name]])
  }
  operations$everyone <- everyone
  operations$management <- "Surgery"
  c(add_indication(patients, operations), list(outside = sum(!ours)))
}

# The order of the rows by their date, if there is one, and by the table.
by_date <- function(operations, table) {
  dates <- which(vapply(table, inherits, NA, "Date") | tolower(names(table)) == "date")
  first <- dates[order(tolower(names(table))[dates] != "date")][1L]
  if (is.na(first)) order(operations$patient) else order(operations$patient, table[[first]])
}

# Words that differ in their capitals alone are one, as it is written first, with a capital.
one_spelling <- function(text) {
  text <- sub("^([a-z])", "\\U\\1", text, perl = TRUE)
  text[is.na(text)] <- "Not recorded"
  low <- tolower(text)
  text[match(low, low)]
}

# The indication of a patient is that of the first operation.
add_indication <- function(patients, operations) {
  if (!is.null(operations$indication)) {
    operations$own <- operations$indication
    first <- operations$indication[match(patients$patient, operations$patient)]
    operated <- patients$management == "Surgery"
    first[operated & is.na(first)] <- "Not recorded"
    patients$indication <- lump_small(first, max_indications)
    operations$indication <- patients$indication[match(operations$patient, patients$patient)]
  }
  if (!is.null(operations$site)) operations$site <- lump_small(operations$site, max_sites)
  if (!is.null(operations$procedure)) {
    operations$procedure <- lump_procedures(operations$procedure, operations$site)
  }
  list(patients = patients, operations = operations)
}

# A factor by falling counts, what does not fit as Other; Other and what is not recorded at the end.
lump_small <- function(x, max) {
  counts <- sort(table(x), decreasing = TRUE)
  if (length(counts) > max) {
    small <- names(counts)[-seq_len(max - 1L)]
    x[x %in% small] <- other_kinds(length(small))
    counts <- sort(table(x), decreasing = TRUE)
  }
  levels <- names(counts)
  last <- grepl("^Other \\(", levels) + 2 * (levels == "Not recorded")
  factor(x, levels[order(last)])
}

other_kinds <- function(n) paste0("Other (", n, " kinds)")

# Procedures are those of a site: "Femur\nArthroplasty" and "Humerus\nArthroplasty" are two. Of a
# site the rare ones are Other where there are more, in all, than their names have room for.
lump_procedures <- function(procedure, site) {
  for (max in max_procedures:4) {
    lumped <- if (is.null(site)) lump_small(procedure, max) else lump_within(procedure, site, max)
    if (sum(lengths(strsplit(bar_names(levels(lumped), TRUE), "\n"))) <= max_procedure_lines) break
  }
  lumped
}

lump_within <- function(procedure, site, max) {
  key <- paste(site, procedure, sep = "\n")
  counts <- sort(table(key), decreasing = TRUE)
  small <- names(counts)[-seq_len(max)]
  of <- sub("\n.*", "", small)
  for (each in unique(of[duplicated(of)])) {
    key[key %in% small[of == each]] <- paste(each, other_kinds(sum(of == each)), sep = "\n")
  }
  counts <- sort(table(key), decreasing = TRUE)
  at <- match(sub("\n.*", "", names(counts)), levels(site))
  last <- grepl("\nOther \\(", names(counts)) + 2 * grepl("\nNot recorded$", names(counts))
  factor(key, names(counts)[order(at, last)])
}
