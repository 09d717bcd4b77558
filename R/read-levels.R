# Levels of a category that are likely to be one: m, M and male.

roman <- "^[ivx]+$"

# Groups of levels that differ in capitals, accents, spaces or marks alone, in one letter, or of
# which one is short for the other. Answer: a list of character vectors.
alike_levels <- function(levels) {
  key <- gsub("(*UCP)\\s+", "", fold(levels), perl = TRUE)
  plain <- !grepl("[0-9]", key)
  key[plain] <- gsub("[^\\p{L}<>=+]", "", key[plain], perl = TRUE)
  key[key == ""] <- levels[key == ""]
  group <- match(key, unique(key))
  keys <- unique(key)
  word <- grepl("^[a-z]+$", keys) & !grepl(roman, keys)
  long <- which(word & nchar(keys) >= 5L)
  near <- if (length(long)) which(utils::adist(keys[long]) == 1, arr.ind = TRUE)
  kind <- seq_along(keys)
  for (k in seq_len(NROW(near))) kind[kind == kind[long[near[k, 1L]]]] <- kind[long[near[k, 2L]]]
  for (i in which(word & nchar(keys) <= 3L)) {
    longer <- unique(kind[word & nchar(keys) >= 4L & startsWith(keys, keys[i])])
    if (length(longer) == 1L) kind[i] <- longer
  }
  group <- kind[group]
  unname(Filter(function(x) length(x) > 1L, split(levels, group)))
}

# The levels themselves are shown where they are words: others may identify a patient.
alike_note <- function(data) {
  values <- lapply(data, function(x) {
    if (is.factor(x)) levels(x) else if (is.character(x)) unique(x[!is.na(x)])
  })
  values <- values[lengths(values) > 1L & lengths(values) <= max_levels]
  found <- Filter(length, lapply(values, alike_levels))
  if (!length(found)) return(NULL)
  shown <- vapply(names(found), function(name) {
    groups <- vapply(found[[name]], function(one) enumerate(quoted(one)), "")
    words <- is.factor(data[[name]]) && !any(grepl("[0-9]", groups))
    paste0(tick(name), if (words) paste0(" (", paste(groups, collapse = "; "), ")"))
  }, "")
  paste0("different spellings of what may be one category: ", enumerate(shown, max = 12L),
         ". Use one spelling in the file.")
}

max_levels <- 20L
