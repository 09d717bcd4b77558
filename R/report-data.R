# What a report says of the data and the software behind it.

# The same for the same patients and values, in whatever order rows and columns are;
# another as soon as one value is another.
data_fingerprint <- function(cohort) {
  meta <- cohort_meta(cohort)
  data <- strip_cohort(cohort)
  tables <- c(
    list(patients = data[setdiff(names(data), derived_columns(meta))]),
    lapply(meta$linked, `[[`, "data")
  )
  text <- vapply(names(tables), function(name) paste0(name, "\n", table_text(tables[[name]])), "")
  digest::digest(paste(text, collapse = "\n"), "sha256", serialize = FALSE)
}

table_text <- function(data) {
  columns <- sort(names(data), method = "radix")
  cells <- lapply(columns, function(column) value_text(data[[column]]))
  rows <- if (length(cells)) do.call(paste, c(cells, sep = "\037")) else character()
  paste(c(paste(columns, collapse = "\037"), sort(rows, method = "radix")), collapse = "\n")
}

value_text <- function(x) {
  if (inherits(x, c("Date", "POSIXt"))) return(format(as.Date(x), "%Y-%m-%d"))
  if (is.factor(x)) return(as.character(x))
  if (is.numeric(x)) return(ifelse(is.na(x), NA, sprintf("%.15g", as.double(unclass(x)))))
  enc2utf8(as.character(x))
}

provenance <- function(cohort, left_out, min_cell) {
  rules <- conventions()
  packages <- c("lmsurv", "survival", "ggplot2", "flextable", "rmarkdown", "knitr")
  packages <- packages[nzchar(vapply(packages, function(x) system.file(package = x), ""))]
  versions <- vapply(packages, function(x) as.character(utils::packageVersion(x)), "")
  lines <- c(
    if (nrow(left_out)) c("Left out" = left_out_line(left_out)),
    "Conventions" = paste0(
      "\"", rules$style, "\", for all that names no rule of its own: Cox model with ",
      tie_label(rules$ties), " ties; Kaplan-Meier interval on the ", rules$conf_type,
      " scale; quantile on a flat step: ", rules$quantile, "."
    ),
    if (!min_cell) c("Data" = fingerprint_line(cohort)),
    "Software" = paste0(
      "R ", getRversion(), " on ", R.version$platform, "; ",
      paste(packages, versions, collapse = ", "), "."
    ),
    "Made on" = format(Sys.time(), "%Y-%m-%d %H:%M %Z")
  )
  structure(lines, class = "lms_provenance")
}

fingerprint_line <- function(cohort) {
  what <- paste0("the ", count_of(nrow(cohort), "row"), " of patients, and of the lesions and ",
                 "operations if there are any,")
  if (!requireNamespace("digest", quietly = TRUE)) {
    return(paste("There is no fingerprint of", what, "as the package digest is not installed."))
  }
  paste0(
    "The fingerprint of ", what, " is ", data_fingerprint(cohort), " (SHA-256). Another report ",
    "with the same fingerprint is of the same data; one changed value gives another. The data ",
    "cannot be read from it, but a guess of all values can be confirmed."
  )
}

# "Table 2 and Table 3: the reason. Figure 1: another."
left_out_line <- function(left_out) {
  parts <- split(left_out$part, factor(left_out$reason, unique(left_out$reason)))
  paste0(vapply(parts, enumerate, "", max = 10L), ": ", names(parts), collapse = " ")
}
