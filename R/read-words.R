# Words about columns, and the text of cells in the form in which texts are compared.

tick_list <- function(names) enumerate(tick(names), max = 12L)

named_note <- function(what, columns) {
  if (length(columns)) paste0(what, tick_list(columns), ".")
}

check_columns_named <- function(columns, data, argument) {
  unknown <- setdiff(columns, names(data))
  if (!length(unknown)) return(invisible())
  abort("column", paste0("The file has no column ", quoted(unknown[1L]), " (`", argument, "`)."),
        did_you_mean(unknown[1L], names(data)))
}

# No-break spaces too, which web pages and Word leave.
trim <- function(x) {
  texts <- unique(x)
  trimws(texts, whitespace = "[\\h\\v]")[match(x, texts)]
}

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

number_text <- function(x) formatC(x, digits = 15L, width = 1L, format = "fg", decimal.mark = ".")

kind_words <- c(
  text = "text", excel = "Excel", stata = "Stata", spss = "SPSS", sas = "SAS"
)
