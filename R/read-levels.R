# Levels of a category that are likely to be one: m, M and male.

# Lower case without accents, the same in every locale.
fold <- function(x) {
  x <- chartr(capitals, small, enc2utf8(x))
  odd <- grepl("[^ -~]", x, perl = TRUE)
  if (!any(odd)) return(x)
  y <- chartr(
    paste0(
      "\u00c4\u00d6\u00dc\u00c0\u00c2\u00c1\u00c3\u00c5\u00c7\u00c9\u00c8\u00ca\u00cb",
      "\u00cd\u00ce\u00cf\u00d1\u00d3\u00d4\u00d5\u00da\u00d9\u00db\u00e4\u00f6\u00fc",
      "\u00e0\u00e2\u00e1\u00e3\u00e5\u00e7\u00e9\u00e8\u00ea\u00eb\u00ed\u00ee\u00ef",
      "\u00f1\u00f3\u00f4\u00f5\u00fa\u00f9\u00fb\u0130\u0131"
    ),
    "aouaaaaaceeeeiiinooouuuaouaaaaaceeeeiiinooouuuii", x[odd]
  )
  x[odd] <- gsub("\u00df", "ss", y, fixed = TRUE)
  x
}

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
         "; give them one spelling in the file.")
}
