# The report of a CSV, Excel, Stata, SPSS or SAS file, or, without one, of the bundled synthetic
# cohort.
#   make demo DATA=file.csv TIME=column EVENT=column MODEL="~ age + sex" WHERE='histology == "LMS"'
# TIME and EVENT may be expressions in the columns, as in EVENT='status == "dead"'. A table that has
# the columns of lms_cohort() by their names, such as id, diagnosis, last_contact and died, needs
# neither. Others: SHEET=name, DATES=dmy, UNIT=days, ID=column, OUTPUT=report.docx.
library(survival)
suppressPackageStartupMessages(library(lmsurv))

complain <- function(...) {
  message("Error: ", ...)
  quit(status = 1)
}
setting <- function(name) trimws(Sys.getenv(paste0("DEMO_", name)))

# The R expression in a setting; a column's own name counts as that column whatever its spelling.
parsed <- function(name, data) {
  text <- setting(name)
  if (text %in% names(data)) {
    return(as.name(text))
  }
  code <- tryCatch(str2lang(text), error = function(e) {
    complain(name, " is not R code: ", text, "\n", conditionMessage(e))
  })
  check_columns(code, name, data)
  code
}

check_columns <- function(code, name, data) {
  unknown <- setdiff(all.vars(code), c(names(data), ".", "pi"))
  if (!length(unknown)) {
    return()
  }
  distance <- drop(utils::adist(unknown[1L], names(data), ignore.case = TRUE))
  alike <- distance <= max(2, nchar(unknown[1L]) %/% 3) |
    grepl(tolower(unknown[1L]), tolower(names(data)), fixed = TRUE)
  close <- names(data)[alike][order(distance[alike])]
  complain(
    name, " names a column that the data do not have: `", unknown[1L], "`.\n",
    if (length(close)) paste0("Did you mean ", paste0("`", close, "`", collapse = ", "), "?\n"),
    "Columns: ", paste(names(data), collapse = ", ")
  )
}

# A setting such as SHEET="patients", or DATES=dmy, as lms_read() takes it.
read_cohort <- function(path) {
  given <- function(name) if (nzchar(setting(name))) setting(name)
  tryCatch(
    lms_read(path, sheet = given("SHEET"), dates = given("DATES"), names = "file"),
    lmsurv_error = function(e) complain("DATA: ", conditionMessage(e))
  )
}

select_rows <- function(data) {
  if (!nzchar(setting("WHERE"))) {
    return(data)
  }
  keep <- eval(parsed("WHERE", data), data, globalenv())
  if (!is.logical(keep) || length(keep) != nrow(data)) {
    complain("WHERE must be true or false for each row: ", setting("WHERE"))
  }
  cat(sum(keep, na.rm = TRUE), " of ", nrow(data), " rows where ", setting("WHERE"), "\n", sep = "")
  droplevels(data[which(keep), , drop = FALSE])
}

# Columns in which each patient has a text of its own are identifiers or remarks: no covariates.
drop_identifiers <- function(data, kept) {
  unlike <- vapply(data, function(x) is.character(x) && !anyDuplicated(x[!is.na(x)]), NA)
  gone <- setdiff(names(data)[unlike & nrow(data) > 1L], kept)
  if (length(gone)) {
    cat("Left out, as each row has a text of its own:", paste(gone, collapse = ", "), "\n")
  }
  data[setdiff(names(data), gone)]
}

# A cohort of times since diagnosis, the columns that make TIME and EVENT in place of its own.
cohort_of_times <- function(data) {
  time <- parsed("TIME", data)
  event <- parsed("EVENT", data)
  months <- eval(time, data, globalenv())
  status <- eval(event, data, globalenv())
  id <- if (nzchar(setting("ID"))) data[[as.character(parsed("ID", data))]] else seq_len(nrow(data))
  other <- setdiff(names(data), c(all.vars(time), all.vars(event), setting("ID"), "id"))
  data <- drop_identifiers(data[other], all.vars(parsed("MODEL", data)))
  for (name in names(data)[vapply(data, is.character, NA)]) data[[name]] <- factor(data[[name]])
  data$id <- id
  data$time_followed <- months
  data$event_seen <- status
  unit <- if (nzchar(setting("UNIT"))) setting("UNIT") else "months"
  cat("TIME is in ", unit, ": UNIT= days, months or years says otherwise.\n", sep = "")
  lms_cohort(data, id = id, last_contact = time_followed, died = event_seen, unit = unit,
             diagnosis = NULL, bone_metastasis = NULL, visceral_metastasis = NULL,
             first_surgery = NULL, implant_failure = NULL, impossible = "exclude")
}

read_model <- function(data) {
  if (!nzchar(setting("MODEL"))) {
    return(NULL)
  }
  model <- parsed("MODEL", data)
  if (!identical(model[[1L]], as.name("~")) || length(model) != 2L) {
    complain("MODEL must be a formula such as \"~ age + sex\", not ", setting("MODEL"))
  }
  stats::as.formula(model, env = globalenv())
}

bundled <- !nzchar(setting("DATA"))
if (bundled) {
  if (nzchar(setting("TIME")) || nzchar(setting("EVENT"))) {
    complain("DATA is missing, as in make demo DATA=a.csv TIME=days EVENT=died MODEL=\"~ age\"")
  }
  cat("396 synthetic patients with leiomyosarcoma (no row is a real patient).\n")
  data <- leiomyosarcoma
  cohort <- lms_cohort(data, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
} else {
  data <- select_rows(read_cohort(setting("DATA")))
  if (nzchar(setting("TIME")) != nzchar(setting("EVENT"))) {
    complain("TIME and EVENT go together, as in TIME=days EVENT=died")
  }
  cohort <- if (nzchar(setting("TIME"))) cohort_of_times(data) else lms_cohort(data)
}
print(cohort)
cat("\n")

output <- if (nzchar(setting("OUTPUT"))) setting("OUTPUT") else "_build/demo.html"
title <- if (bundled) "Leiomyosarcoma, a synthetic cohort" else
  paste("Survival:", tools::file_path_sans_ext(basename(setting("DATA"))))
models <- read_model(data)
print(lms_km(os ~ 1, data = cohort))
if (!is.null(models)) {
  cat("\n")
  print(lms_cox(stats::update(models, os ~ .), data = cohort))
}
sections <- if (bundled && is.null(models)) lms_article(cohort)
output <- lms_report(cohort, output, models = models, sections = sections, title = title,
                     overwrite = !nzchar(setting("OUTPUT")))
cat("\nThe report is in ", normalizePath(output), "\n", sep = "")
