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
  plain <- gsub("[^a-z]+", "_", fold(names(dictionary)))
  at <- vapply(dictionary_columns, function(pattern) grep(pattern, plain)[1L], 0L)
  if (anyNA(at[c("field", "type")])) {
    abort("dictionary", "`dictionary` is not a REDCap data dictionary.",
          "A dictionary has the columns \"Variable / Field Name\" and \"Field Type\".",
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

# Answer: data, notes; as it was without a dictionary.
read_redcap <- function(data, dictionary) {
  data <- name_by_label(data, c(
    redcap_event_name = "Event Name", redcap_repeat_instrument = "Repeat Instrument",
    redcap_repeat_instance = "Repeat Instance"
  ))
  if (is.null(dictionary)) return(list(data = data))
  dictionary <- read_dictionary(dictionary)
  data <- apply_label_names(data, dictionary)
  done <- list()
  for (i in seq_len(nrow(dictionary))) {
    row <- dictionary[i, ]
    label <- plain_label(row$label)
    read <- read_field(data, row, label)
    data <- read$data
    done <- c(done, read$done)
    if (row$field %in% names(data) && nzchar(label)) attr(data[[row$field]], "label") <- label
  }
  columns <- function(what) unlist(done[names(done) == what], use.names = FALSE)
  if (!any(dictionary$field %in% names(data)) && !length(columns("checked"))) {
    abort("dictionary", "`dictionary` and `file` do not have a field in common.",
          "Use files of the same REDCap project.")
  }
  list(data = data, notes = c(
    named_note("factors by the dictionary: ", columns("factors")),
    named_note("checkboxes, now TRUE or FALSE: ", columns("checked")),
    named_note("yes/no fields, now TRUE or FALSE: ", columns("yesno")),
    named_note("exported with labels, not raw: ", columns("labels_in")),
    named_note("codes that are not in the dictionary, kept as levels: ", columns("extra"))
  ))
}

# An export with labels has them for names of columns too. by: the labels, by the names to give.
name_by_label <- function(data, by) {
  shown <- vapply(names(data), function(name) {
    label <- attr(data[[name]], "label", exact = TRUE)
    plain_label(if (is.null(label)) name else label)
  }, "")
  by <- by[nzchar(by) & !names(by) %in% names(data) & !duplicated(by)]
  at <- match(by, shown)
  names(data)[at[!is.na(at)]] <- names(by)[!is.na(at)]
  data
}

apply_label_names <- function(data, dictionary) {
  labels <- plain_label(dictionary$label)
  data <- name_by_label(data, stats::setNames(labels, dictionary$field))
  for (i in which(dictionary$type == "checkbox")) {
    choices <- read_choices(dictionary$choices[i])
    data <- name_by_label(data, stats::setNames(
      paste0(labels[i], " (choice=", choices, ")"), box_column(dictionary$field[i], names(choices))
    ))
  }
  data
}

# done: columns by what became of them.
read_field <- function(data, row, label) {
  if (row$type == "checkbox") {
    read <- read_checkboxes(data, row$field, label, read_choices(row$choices))
    return(list(data = read$data, done = list(checked = read$columns)))
  }
  if (!row$field %in% names(data)) return(list(data = data))
  x <- trim(as.character(data[[row$field]]))
  choices <- if (row$type %in% c("radio", "dropdown")) read_choices(row$choices)
  if (length(choices)) return(read_coded(data, row$field, x, choices))
  if (!row$type %in% c("yesno", "truefalse")) return(list(data = data))
  yes <- x %in% c("1", "Yes", "True", "TRUE")
  no <- x %in% c("0", "No", "False", "FALSE")
  if (!all(yes | no | is.na(x) | x == "")) return(list(data = data))
  data[[row$field]] <- ifelse(yes | no, yes, NA)
  list(data = data, done = list(yesno = row$field))
}

read_coded <- function(data, field, x, choices) {
  x[x %in% ""] <- NA
  done <- list(factors = field)
  if (any(!is.na(x)) && !any(x %in% names(choices)) && any(x %in% choices)) {
    done$labels_in <- field
    choices <- stats::setNames(choices, choices)
  }
  if (any(!x %in% c(NA, names(choices)))) done$extra <- field
  data[[field]] <- coded_factor(x, choices)
  list(data = data, done = done)
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
    column <- box_column(field, code)
    if (!column %in% names(data)) next
    x <- trim(as.character(data[[column]]))
    if (!all(x %in% c(NA, "", "0", "1", "Checked", "Unchecked"))) next
    data[[column]] <- ifelse(x %in% c(NA, ""), NA, x %in% c("1", "Checked"))
    attr(data[[column]], "label") <- paste0(label, ": ", choices[[code]])
    columns <- c(columns, column)
  }
  list(data = data, columns = columns)
}

box_column <- function(field, code) paste0(field, "___", gsub("[^a-z0-9_]", "_", fold(code)))

# What a longitudinal project has: rows of one record at several events.
event_notes <- function(data) {
  if (!any(c("redcap_event_name", "redcap_repeat_instance") %in% names(data))) return(NULL)
  record <- data[[1L]]
  records <- length(unique(record))
  if (records == length(record)) return(NULL)
  by <- intersect(c("redcap_event_name", "redcap_repeat_instance"), names(data))
  paste0(
    "several rows per record: ", count_of(length(record), "row"), " of ",
    count_of(records, "record"), ", told apart by ", enumerate(tick(by)),
    ". lms_cohort() needs one row per patient. Keep one event, ",
    "such as `subset(data, ", by[1L], " == \"...\")`."
  )
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
