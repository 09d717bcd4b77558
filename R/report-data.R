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

# fingerprint: what is said of the data, or NULL. fitted: classes of the fits of the report.
provenance <- function(fingerprint, left_out, fitted) {
  packages <- c("lmsurv", "survival", "ggplot2", "flextable", "rmarkdown", "knitr")
  packages <- packages[nzchar(vapply(packages, function(x) system.file(package = x), ""))]
  versions <- vapply(packages, function(x) as.character(utils::packageVersion(x)), "")
  lines <- c(
    if (nrow(left_out)) c("Not in this report" = left_out_line(left_out)),
    "Conventions" = convention_words(fitted),
    if (!is.null(fingerprint)) c("Data" = fingerprint),
    "Software" = paste0(
      "R ", getRversion(), " on ", R.version$platform, "; ",
      paste(packages, versions, collapse = ", "), "."
    ),
    "Made on" = format(Sys.time(), "%Y-%m-%d %H:%M %Z")
  )
  structure(lines, class = "lms_provenance")
}

# The conventions that the fits of the report could have used.
convention_words <- function(fitted) {
  rules <- conventions()
  flat <- c(
    midpoint = "the midpoint of that time span",
    "first time at or below" = "the first time at which it is 50% or less"
  )
  paste(c(
    paste0("The conventions of ", style_names[[rules$style]],
           " hold where the report names no other rule."),
    if ("lms_cox" %in% fitted) {
      paste0("Cox models use ", ties_method(rules$ties), " for events at the same time.")
    },
    if ("lms_km" %in% fitted) paste0(
      "The 95% CIs of Kaplan-Meier curves are on the ", rules$conf_type, " scale. Where survival ",
      "is exactly 50% for some time, the median is ", flat[[rules$quantile]], "."
    )
  ), collapse = " ")
}

style_names <- c(r = "R", stata = "Stata", sas = "SAS")

fingerprint_line <- function(cohort) {
  linked <- vapply(cohort_meta(cohort)$linked, `[[`, "", "word")
  what <- paste0("the ", count_of(nrow(cohort), "row"), " of patients", if (length(linked)) {
    paste0(" and of the ", enumerate(unname(linked)))
  })
  if (!requireNamespace("digest", quietly = TRUE)) {
    return(paste("There is no fingerprint of", what, "as the package digest is not installed."))
  }
  paste0(
    "The fingerprint of ", what, " is ", data_fingerprint(cohort), " (SHA-256). Another report ",
    "with the same fingerprint has the same data; any changed value changes the fingerprint. The ",
    "data cannot be read from it, but a guess of all values can be confirmed."
  )
}

# "Table 2 and Table 3: the reason. Figure 1: another."
left_out_line <- function(left_out) {
  parts <- split(left_out$part, factor(left_out$reason, unique(left_out$reason)))
  paste0(vapply(parts, enumerate, "", max = 10L), ": ", names(parts), collapse = " ")
}
