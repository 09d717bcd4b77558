# The section of a linked table: how many rows its patients have, and what the rows are.

linked_section <- function(name, meta) {
  new_section(name, sentence(meta$linked[[name]]$label), makers(
    compute = function(cohort, context) compute_linked(cohort, name, context),
    say = say_linked,
    tables = function(data, context) {
      if (!is.null(data$table)) stats::setNames(list(data$table), name)
    },
    figures = function(data, context) {
      if (!is.null(data$figure)) stats::setNames(list(data$figure), paste0(name, "_sites"))
    }
  ), counted = function(cohort) {
    told(stats::setNames(list(linked_counts(cohort, name) > 0L), name))
  })
}

# Rows of the table by patient of the cohort.
linked_counts <- function(cohort, name) {
  linked <- cohort_meta(cohort)$linked[[name]]
  id <- id_text(cohort[[cohort_meta(cohort)$roles[["id"]]]])
  tabulate(match(id_text(linked$data[[linked$key]]), id), nrow(cohort))
}

# Rows of the table can show what few patients have, so that a release has their number alone.
compute_linked <- function(cohort, name, context) {
  linked <- cohort_meta(cohort)$linked[[name]]
  counts <- linked_counts(cohort, name)
  out <- list(word = linked$word, rows = nrow(linked$data), n = sum(counts > 0L),
              several = sum(counts > 1L), of = nrow(cohort), hidden = name %in% context$plan$sets)
  if (context$min_cell || !out$rows) return(out)
  columns <- setdiff(names(linked$data), c(linked$key, linked$times))
  out$table <- tried(lms_table_one(
    linked$data[columns],
    caption = paste0(sentence(linked$label), ": ", linked_count(out), " in ",
                     count_of(out$n, "patient"))
  ))
  out$figure <- linked_figure(cohort, name)
  out
}

# "63 procedures", "1 biopsy"; of a word without a plural "738 items of imaging".
linked_count <- function(data) {
  one <- singular(data$word)
  if (one == data$word) return(paste(count_of(data$rows, "item"), "of", data$word))
  paste(format_count(data$rows), if (data$rows == 1L) one else data$word)
}

singular <- function(word) {
  word <- sub("ies$", "y", word)
  if (grepl("(tas|nos|thes|lys)es$", word)) return(sub("es$", "is", word))
  sub("([^s])s$", "\\1", word)
}

say_linked <- function(data, context) {
  min_cell <- context$min_cell
  if (!data$rows) {
    one <- singular(data$word) == data$word
    return(paste0("No ", data$word, if (one) " is" else " are", " recorded."))
  }
  if (data$hidden) return(NULL)
  several <- if (data$several && apart(data$several, data$n, min_cell)) {
    paste0(" Of these patients, ", format_count(data$several), " had more than one.")
  }
  rows <- if (is_few(data$rows - data$n, min_cell)) capital(data$word) else
    paste(linked_count(data))
  paste0(rows, if (data$rows == 1L) " is" else " are", " recorded in ",
         share(data$n, data$of, "patients", min_cell), ".", several)
}

# Sites that are bones, on a skeleton.
linked_figure <- function(cohort, name) {
  text <- linked_text(cohort, name, "site")
  if (is.null(text$site) || mean(!is.na(find_bone(text$site))) < 0.5) return(NULL)
  word <- cohort_meta(cohort)$linked[[name]]$word
  words <- list(one = singular(word), several = word, expected = word)
  list(plot = skeleton_figure(cohort, name, words), height = 6,
       caption = paste0("Sites of ", word, ", by number of patients."))
}
