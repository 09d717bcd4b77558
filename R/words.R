# Words that are made of names: columns, levels and variables as a reader calls them.

# The attribute "label" of a column, or NULL.
label_of <- function(x) {
  label <- attr(x, "label", exact = TRUE)
  if (is.character(label) && length(label) == 1L && nzchar(label)) label
}

capital <- function(x) paste0(toupper(substr(x, 1L, 1L)), substring(x, 2L))

# Within a sentence, but "HER2" and "T stage" as they are.
first_lower <- function(x) {
  ifelse(grepl("^[A-Z][a-z]", x), paste0(tolower(substr(x, 1L, 1L)), substring(x, 2L)), x)
}

sentence <- function(name) capital(gsub("_", " ", name))

# ever_surgery is "Surgery".
column_words <- function(name) sentence(sub("^ever_", "", name))

# "Bone metastasis" of `ever_bone_metastasis`, "Sex" of `sex`; others, such as `log(age)`, as they
# are.
plain_name <- function(name) ifelse(grepl("^[a-z][a-z0-9_]*$", name), column_words(name), name)

role_word <- function(role) if (role == "died") "death" else gsub("_", " ", role)

# A column as a clinician says it: its label, or its name without underscores.
variable_words <- function(name, data = NULL) {
  label <- if (name %in% names(data)) label_of(data[[name]])
  if (is.null(label)) gsub("_", " ", sub("^ever_", "", name)) else label
}

# Levels that were logical, as a reader calls them.
yes_words <- c("FALSE" = "No", "TRUE" = "Yes")

say_yes <- function(x) {
  if (all(levels(x) %in% names(yes_words))) levels(x) <- yes_words[levels(x)]
  x
}

# A level with its variable, as in a sentence: "grade 3"; of yes and no "surgery", "no surgery".
level_words <- function(title, level) {
  plain <- c("FALSE" = "no", "TRUE" = "yes")[level]
  answer <- tolower(ifelse(is.na(plain), level, plain))
  ifelse(answer == "yes", title, ifelse(answer == "no", paste("no", first_lower(title)),
                                        paste(title, level)))
}

levels_as_words <- function(levels) {
  words <- if (all(levels %in% names(yes_words))) unname(yes_words[levels]) else levels
  words[is.na(words)] <- "Missing"
  ifelse(nzchar(words), words, "\"\"")
}

# The label of a column where it has one.
group_title <- function(x, name) {
  label <- label_of(x)
  if (is.null(label)) plain_name(name) else label
}

# What a column is called in a table: what the user said, its label, or its name as words.
column_title <- function(name, x, labels, known = NULL) {
  if (name %in% names(labels)) return(labels[[name]])
  label <- label_of(x)
  if (!is.null(label)) return(label)
  if (name %in% names(known)) return(known[[name]])
  column_words(name)
}

# The same for a sentence that names columns in backticks.
plain_words <- function(text) {
  marks <- gregexpr("`[^`]*`", text)
  regmatches(text, marks) <- lapply(regmatches(text, marks), function(x) {
    gsub("_", " ", gsub("`", "", x, fixed = TRUE), fixed = TRUE)
  })
  text
}

# A word of heads and rows, in the user's language where options(lmsurv.words = ) gives it.
table_word <- function(x) {
  own <- unlist(getOption("lmsurv.words"))
  if (is.null(own)) return(x)
  unname(ifelse(x %in% names(own), own[x], x))
}

check_labels <- function(labels, known) {
  if (!length(labels)) return(NULL)
  labels <- unlist(labels)
  if (!is.character(labels) || is.null(names(labels))) {
    abort("argument", paste0("`labels` must name a label for each column, not be ",
                             describe(labels), "."),
          "For example: `labels = c(age = \"Age (years)\")`.")
  }
  unknown <- setdiff(names(labels), known)
  if (length(unknown)) {
    abort("argument", paste0("`labels`: there is no column ", quoted(unknown[1L]), "."),
          did_you_mean(unknown[1L], known))
  }
  labels
}
