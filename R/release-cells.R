# Counts that are too small to be told, and the words for them.

is_few <- function(n, min_cell) n > 0 & n < min_cell

# Whether neither a count nor the rest of the whole is small.
apart <- function(n, all, min_cell) !is_few(n, min_cell) && !is_few(all - n, min_cell)

hidden_word <- "hidden (small counts)"

format_cell <- function(x, min_cell) {
  whole <- isTRUE(all(x == round(x))) || max(c(0, x), na.rm = TRUE) >= 100
  text <- format(round(x, if (whole) 0L else 1L), big.mark = ",", trim = TRUE, scientific = FALSE)
  text[which(x > 0 & x < min_cell)] <- paste0("<", min_cell)
  text[is.na(x)] <- "*"
  text
}

# "at least 15", "fewer than 5"
coarse_words <- function(n, min_cell) {
  if (!min_cell) return(format_cell(n, 0))
  if (!length(n) || is.na(n)) return("a hidden number of")
  if (n < min_cell) return(paste("fewer than", min_cell))
  paste("at least", format_count(n - n %% min_cell))
}

# "22 (49%)", or the count alone where it is masked.
count_and_share <- function(n, of, min_cell) {
  count <- format_cell(n, min_cell)
  ifelse(is_few(n, min_cell), count, paste0(count, " (", format_percent(n / of, 0L), ")"))
}

# "22 patients", "<5 patients"
shown_count <- function(n, what, min_cell = 0) {
  paste0(format_cell(n, min_cell), " ", what, ifelse(n == 1 & min_cell < 2, "", "s"))
}

small_words <- function(min_cell) {
  paste0("Counts of 1 to ", min_cell - 1, " are shown as <", min_cell, ".")
}

# 0 or NULL: nothing is hidden.
check_min_cell <- function(min_cell) {
  if (is.null(min_cell) || is.numeric(min_cell) && identical(as.double(min_cell), 0)) return(0)
  # Below 3 the only count that is hidden is 1, and so is told.
  check_number(min_cell, "min_cell", 3, whole = TRUE)
}
