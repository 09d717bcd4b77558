# Curve and Cox model of a CSV file, or, without one, of the Rotterdam breast cancer cohort.
#   make demo DATA=file.csv TIME=column EVENT=column MODEL="~ age + sex" WHERE='histology == "LMS"'
# TIME and EVENT may be expressions in the columns, as in EVENT='status == "dead"'.
library(survival)
library(lmsurv)

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

read_cohort <- function(path) {
  if (!file.exists(path)) {
    complain("DATA: there is no file ", path)
  }
  utils::read.csv(path, check.names = FALSE, na.strings = c("", "NA"))
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
  data[which(keep), , drop = FALSE]
}

rotterdam_cohort <- function() {
  cat("2982 patients with breast cancer of the Rotterdam tumour bank (survival::rotterdam):",
      "time to death.", sep = "\n")
  cohort <- survival::rotterdam
  cohort$years <- cohort$dtime / 365.25
  cohort$grade <- factor(cohort$grade)
  for (treatment in c("hormon", "chemo")) {
    cohort[[treatment]] <- factor(cohort[[treatment]], 0:1, c("no", "yes"))
  }
  cohort
}

if (nzchar(setting("DATA"))) {
  for (name in c("TIME", "EVENT", "MODEL")) {
    if (!nzchar(setting(name))) {
      complain(name, " is missing, as in make demo DATA=a.csv TIME=days EVENT=died MODEL=\"~ age\"")
    }
  }
  cohort <- read_cohort(setting("DATA"))
  model <- parsed("MODEL", cohort)
  if (!identical(model[[1L]], as.name("~")) || length(model) != 2L) {
    complain("MODEL must be a formula such as \"~ age + sex\", not ", setting("MODEL"))
  }
  response <- call("Surv", parsed("TIME", cohort), parsed("EVENT", cohort))
  formula <- stats::as.formula(call("~", response, model[[2L]]), env = globalenv())
  cohort <- select_rows(cohort)
} else if (nzchar(setting("MODEL")) || nzchar(setting("EVENT"))) {
  complain("DATA is missing, as in make demo DATA=a.csv TIME=days EVENT=died MODEL=\"~ age\"")
} else {
  cohort <- rotterdam_cohort()
  formula <- Surv(years, death) ~ age + size + grade + nodes + hormon + chemo
}

everybody <- formula
everybody[[3L]] <- 1
print(lms_km(everybody, data = cohort))
cat("\n")
# The formula itself goes into the call, for summary() to show.
fit <- eval(bquote(lms_cox(.(formula), data = cohort)))
print(fit)
cat("\n")
print(lms_zph(fit))
