# Stata, SPSS and SAS files.

read_haven <- function(file, kind) {
  need_package("haven", paste(kind_words[[kind]], "files"))
  xpt <- tolower(tools::file_ext(file)) == "xpt"
  read <- switch(kind,
    stata = haven::read_dta,
    spss = function(file) haven::read_sav(file, user_na = TRUE),
    sas = if (xpt) haven::read_xpt else haven::read_sas
  )
  data <- tryCatch(as.data.frame(read(file)), error = function(e) {
    abort("file", paste0(quoted(basename(file)), " cannot be read as a file of ",
                         kind_words[[kind]], "."),
          "It may be damaged, or cut off by a download.")
  })
  if (!nrow(data)) abort("no_rows", paste0(quoted(basename(file)), " has no rows."))
  extended <- vapply(data, function(x) is.double(x) && any(haven::is_tagged_na(x)), NA)
  declared <- vapply(data, function(x) inherits(x, "haven_labelled_spss"), NA)
  plain <- lapply(data, plain_haven)
  out <- as.data.frame(lapply(plain, `[[`, "x"), optional = TRUE)
  for (i in seq_along(out)) attr(out[[i]], "label") <- attr(data[[i]], "label", exact = TRUE)
  how <- vapply(plain, `[[`, "", "how")
  list(data = out, notes = c(
    named_note("labelled numbers, now factors with their labels: ", names(out)[how == "factor"]),
    named_note("some values have no label, left as numbers: ", names(out)[how == "number"]),
    named_note("extended missing values (.a to .z), now NA: ", names(out)[extended]),
    named_note("missing values that the file declares, now NA: ", names(out)[declared])
  ))
}

named_note <- function(what, columns) {
  if (length(columns)) paste0(what, tick_list(columns), ".")
}

# Answer: x without what haven attaches, how: "factor", "number" or "as it was".
plain_haven <- function(x) {
  if (inherits(x, "POSIXt")) return(list(x = as.Date(x), how = "as it was"))
  if (is_date(x)) return(list(x = structure(as.double(x), class = "Date"), how = "as it was"))
  if (!inherits(x, "haven_labelled")) {
    return(list(x = without_tags(as.vector(x)), how = "as it was"))
  }
  category <- labelled_factor(x)
  if (!is.null(category)) return(list(x = category, how = "factor"))
  list(x = labelled_values(x), how = "number")
}

# The letter of an extended missing value hides in the NaN.
without_tags <- function(x) {
  x[is.na(x)] <- NA
  x
}
