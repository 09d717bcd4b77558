# A raw REDCap export by its data dictionary.

dictionary_columns <- c(
  field = "^(variable_*field_name|field_name)$", type = "^field_type$", label = "^field_label$",
  choices = "^(choices|select_choices)", validation = "^text_validation_type"
)

read_dictionary <- function(dictionary) {
  if (!is.data.frame(dictionary)) {
    path <- check_file(dictionary)
    dictionary <- read_text_cells(path)$data
  }
  plain <- gsub("[^a-z]+", "_", tolower(names(dictionary)))
  at <- vapply(dictionary_columns, function(pattern) grep(pattern, plain)[1L], 0L)
  if (anyNA(at[c("field", "type")])) {
    abort("dictionary", "`dictionary` is not a REDCap data dictionary.",
          "It has the columns \"Variable / Field Name\" and \"Field Type\".",
          "In REDCap: Data Dictionary, Download the current Data Dictionary.")
  }
  out <- lapply(at, function(i) {
    if (is.na(i)) rep("", nrow(dictionary)) else as.character(dictionary[[i]])
  })
  out <- as.data.frame(out)
  out[is.na(out)] <- ""
  out
}

# Of "1, Male | 2, Female" the labels, by their codes.
read_choices <- function(text) {
  parts <- trimws(strsplit(text, "|", fixed = TRUE)[[1L]])
  parts <- parts[grepl(",", parts, fixed = TRUE)]
  stats::setNames(plain_label(sub("^[^,]*,", "", parts)), trimws(sub(",.*$", "", parts)))
}

# Labels may hold HTML.
plain_label <- function(x) trimws(gsub("[[:space:]]+", " ", gsub("<[^>]*>", " ", x)))

# Answer: data, notes.
apply_dictionary <- function(data, dictionary) {
  factors <- checked <- extra <- labels_in <- character()
  for (i in seq_len(nrow(dictionary))) {
    row <- dictionary[i, ]
    label <- plain_label(row$label)
    if (row$type == "checkbox") {
      read <- read_checkboxes(data, row$field, label, read_choices(row$choices))
      data <- read$data
      checked <- c(checked, read$columns)
      next
    }
    if (!row$field %in% names(data)) next
    x <- as.character(data[[row$field]])
    choices <- if (row$type %in% c("radio", "dropdown")) read_choices(row$choices)
    if (length(choices)) {
      if (any(!is.na(x)) && !any(x %in% names(choices)) && any(x %in% choices)) {
        labels_in <- c(labels_in, row$field)
        choices <- stats::setNames(choices, choices)
      }
      if (any(!x %in% c(NA, names(choices)))) extra <- c(extra, row$field)
      data[[row$field]] <- coded_factor(x, choices)
      factors <- c(factors, row$field)
    } else if (row$type %in% c("yesno", "truefalse") && all(x %in% c(NA, "0", "1"))) {
      data[[row$field]] <- x == "1"
    }
    if (nzchar(label)) attr(data[[row$field]], "label") <- label
  }
  if (!any(dictionary$field %in% names(data)) && !length(checked)) {
    abort("dictionary", "`dictionary` and `file` have no field in common.",
          "Both must be of one REDCap project.")
  }
  list(data = data, notes = c(
    named_note("factors by the dictionary: ", factors),
    named_note("checkboxes, now TRUE or FALSE: ", checked),
    named_note("exported with labels, not raw: ", labels_in),
    named_note("codes that the dictionary does not have, kept as levels: ", extra)
  ))
}

coded_factor <- function(x, choices) {
  extra <- setdiff(unique(x[!is.na(x)]), names(choices))
  levels <- c(choices, stats::setNames(extra, extra))
  factor(unname(levels[match(x, names(levels))]), unique(unname(levels)))
}

# REDCap writes 0 for a box that is not ticked; the column of code -1 ends with ____1.
read_checkboxes <- function(data, field, label, choices) {
  columns <- character()
  for (code in names(choices)) {
    column <- paste0(field, "___", gsub("[^a-z0-9_]", "_", tolower(code)))
    if (!column %in% names(data) || !all(data[[column]] %in% c(NA, "0", "1"))) next
    data[[column]] <- data[[column]] == "1"
    attr(data[[column]], "label") <- paste0(label, ": ", choices[[code]])
    columns <- c(columns, column)
  }
  list(data = data, columns = columns)
}

# One table per repeating instrument, each with the columns that hold something in it.
# NULL where nothing repeats.
split_instruments <- function(data) {
  instrument <- data[["redcap_repeat_instrument"]]
  if (is.null(instrument) || all(is.na(instrument))) return(NULL)
  instrument <- as.character(instrument)
  part <- function(rows) {
    table <- data[rows, , drop = FALSE]
    rownames(table) <- NULL
    filled <- vapply(table, function(x) !all(is.na(x)), NA)
    filled["redcap_repeat_instrument"] <- FALSE
    table[filled]
  }
  names <- unique(instrument[!is.na(instrument)])
  c(list(patients = part(which(is.na(instrument)))),
    stats::setNames(lapply(names, function(name) part(which(instrument == name))), names))
}
