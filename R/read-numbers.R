# Numbers as people write them: decimal point or comma, thousands set apart. A mark that can be
# read in two ways is settled by the other columns of the file, or the column stays text.

digits_form <- paste0(
  "([0-9]+|[1-9][0-9]{0,2}(%s[0-9]{3})+|[1-9][0-9]{0,2}( [0-9]{3})+|",
  "[1-9][0-9]{0,2}('[0-9]{3})+)"
)
english_form <- paste0(
  "^[+-]?(", sprintf(digits_form, ","), "([.][0-9]*)?|[.][0-9]+)$|",
  "^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)[eE][+-]?[0-9]+$"
)
european_form <- paste0(
  "^[+-]?(", sprintf(digits_form, "[.]"), "(,[0-9]+)?|,[0-9]+)$|",
  "^[+-]?[0-9]+(,[0-9]+)?[eE][+-]?[0-9]+$"
)

# Thin and no-break spaces, typographic apostrophes and minus signs as those of a keyboard.
plain_marks <- function(x) {
  odd <- grepl("[^ -~]", x, perl = TRUE)
  if (any(odd)) {
    plain <- chartr("\u00a0\u2007\u2008\u2009\u202f\u2019\u02bc", "     ''", enc2utf8(x[odd]))
    x[odd] <- gsub("[\u2212\u2013]", "-", plain)
  }
  sub("^([+-]) +", "\\1", x)
}

# Texts of digits that are not a quantity: 007, and identifiers too long for a number.
is_code_text <- function(x) grepl("^0[0-9]", x) | grepl("^[0-9]{16,}$", x)

is_number_text <- function(x) {
  x <- plain_marks(x)
  grepl(english_form, x) | grepl(european_form, x)
}

all_numbers <- function(x) {
  x <- unique(x[!is.na(x) & x != ""])
  length(x) > 0L && all(is_number_text(x)) && !any(is_code_text(x))
}

# How a column of number texts can be read: fits (English, European), sure: "point" or "comma" where
# one reading alone fits and no cell speaks for the other, else NA.
column_marks <- function(x) {
  x <- plain_marks(x)
  marks <- gsub("[^.,]", "", x)
  fits <- c(point = all(grepl(english_form, x)), comma = all(grepl(european_form, x)))
  # 2.125 beside 5,5: two marks in one column, and never both in one cell.
  two <- any(marks == ",") && any(marks == ".") && all(nchar(marks) < 2L)
  sure <- if (any(nzchar(marks)) && sum(fits) == 1L && !two) names(fits)[fits] else NA_character_
  list(fits = fits, marked = any(nzchar(marks)), two = two, sure = sure)
}

# The decimal mark that the other columns of a file show: "point", "comma", or NA where they show
# none or both. A file separated by commas has decimal points unless a column shows otherwise.
file_mark <- function(columns, separator) {
  shown <- lapply(columns, function(x) {
    x <- sub(" *%$", "", unique(x))
    if (all_numbers(x)) column_marks(x)$sure
  })
  shown <- unique(unlist(shown))
  shown <- shown[!is.na(shown)]
  list(shown = if (length(shown) == 1L) shown else NA_character_,
       usual = if (!length(shown) && identical(separator, ",")) "point" else NA_character_)
}

# fixed: TRUE for cells that are numbers and no texts (Excel), which have a decimal point whatever
# the texts have. Answer: x, kind.
read_numbers <- function(x, fixed, mark) {
  typed <- !is.na(x) & !fixed
  if (!any(typed)) return(finite_numbers(x, x, ""))
  marks <- column_marks(unique(x[typed]))
  reading <- number_reading(marks, x[typed], mark)
  if (is.na(reading)) {
    return(list(x = x, kind = if (marks$two || !any(marks$fits)) {
      "decimal comma and point in one column, kept as text"
    } else {
      paste("a comma or point that may be a decimal mark or separate thousands, kept as text",
            "(write the numbers without thousands)")
    }))
  }
  plain <- x
  text <- plain_marks(x[typed])
  other <- if (reading == "point") "[,' ]" else "[.' ]"
  apart <- gsub(other, "", text)
  plain[typed] <- if (reading == "point") apart else sub(",", ".", apart, fixed = TRUE)
  finite_numbers(x, plain, paste(c(
    if (reading == "comma" && any(grepl(",", text, fixed = TRUE))) "decimal comma",
    if (any(apart != text)) "thousands set apart"
  ), collapse = " and "))
}

number_reading <- function(marks, typed, mark) {
  if (!marks$marked) return("point")
  if (!is.na(marks$sure)) return(marks$sure)
  by_file <- mark$shown
  if (is.na(by_file) && !any(grepl(",", typed, fixed = TRUE))) by_file <- mark$usual
  if (is.na(by_file) || !marks$fits[[by_file]]) NA_character_ else by_file
}

# 1e999 and 1e-999 are texts that no number can hold.
finite_numbers <- function(x, plain, kind) {
  numbers <- as.numeric(plain)
  if (any(is.infinite(numbers) | (numbers %in% 0 & grepl("^[^eE]*[1-9]", plain)))) {
    return(list(x = x, kind = "numbers too large or too small for a computer, kept as text"))
  }
  list(x = numbers, kind = kind)
}
