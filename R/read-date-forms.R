# The forms of dates: what stands where in a text. Parts that are not known are 0.

month_names <- list(
  c("january", "januar", "jaenner", "janner", "janvier", "enero", "gennaio", "januari", "janeiro"),
  c("february", "februar", "feber", "fevrier", "febrero", "febbraio", "februari", "fevereiro"),
  c("march", "marz", "maerz", "mrz", "mars", "marzo", "maart", "mrt", "marco"),
  c("april", "avril", "abril", "aprile"),
  c("may", "mai", "mayo", "maggio", "mei", "maio"),
  c("june", "juni", "juin", "junio", "giugno", "junho"),
  c("july", "juli", "juillet", "julio", "luglio", "julho"),
  c("august", "aout", "agosto", "augustus"),
  c("september", "septembre", "septiembre", "setiembre", "settembre", "setembro"),
  c("october", "oktober", "octobre", "octubre", "ottobre", "outubro"),
  c("november", "novembre", "noviembre", "novembro"),
  c("december", "dezember", "decembre", "diciembre", "dicembre", "dezembro")
)

# The month whose name, in one of these languages and no other month's, begins with the word; else
# 0.
month_of <- function(words) {
  known <- unique(words)
  months <- vapply(known, function(word) {
    hits <- which(vapply(month_names, function(names) any(startsWith(names, word)), NA))
    if (nchar(word) >= 3L && length(hits) == 1L) hits else 0L
  }, 0L)
  unname(months[match(words, known)])
}

# y year of four digits, s of two, d day or month, w word, q quarter, h half, k week.
part_forms <- c(
  y = "([0-9]{4})", s = "([0-9]{2})", d = "([0-9]{1,2}|xx|[?]+|__?|--|unk?|nk)",
  n = "([0-9]{1,2})(?:st|nd|rd|th|er|re|\u00ba|\u00aa)?", w = "([a-z]{3,})[.]?"
)
date_patterns <- function() {
  mark <- "[-/.] ?"
  join <- "[-/. ,]*(?:de |del |of )?"
  p <- as.list(part_forms)
  whole <- c(
    ymd = paste0(p$y, mark, p$d, mark, p$d), last = paste0(p$d, mark, p$d, mark, p$y),
    word = paste0(p$n, join, p$w, join, p$y),
    word_first = paste0(p$w, "[-. ]*", p$n, "[-/. ,]+", p$y),
    short = paste0(p$s, mark, p$d, mark, p$d, "|", p$d, mark, p$d, mark, p$s),
    word_short = paste0(p$n, join, p$w, join, p$s)
  )
  partial <- c(
    year_month = paste0(p$y, "(?:", mark, "|m)([0-9]{1,2})"),
    month_year = paste0("([0-9]{1,2})", mark, p$y),
    word_year = paste0("(?:(?:xx|[?]+|__?|--|unk?|nk|00)[-/. ]+)?", p$w, join, p$y),
    year_word = paste0(p$y, "[-/. ]*", p$w),
    quarter = paste0(p$y, "[- ]?q([1-4])"), quarter_year = paste0("q([1-4])[-/ ]?", p$y),
    half = paste0(p$y, "[- ]?h([12])"), week = paste0(p$y, "-?w([0-9]{1,2})"), year = p$y
  )
  list(whole = paste_form(whole), partial = paste_form(partial))
}
paste_form <- function(x) stats::setNames(paste0("^(?:", x, ")$"), names(x))

# Texts of dates in lower case, without accents, weekday and time of day.
bare_dates <- function(x) {
  x <- sub("^(mon|tue|wed|thu|fri|sat|sun)[a-z]*[., ]+", "", fold(x))
  sub("([0-9])[t, ]+[0-9]{1,2}:[0-9]{2}.*$", "\\1", x)
}

has_time_of_day <- function(x) {
  grepl("[T, ]+[0-9]{1,2}:[0-9]{2}", x) & !grepl("[T, ]+0{1,2}:00(:00([.]0+)?)?( *Z)?$", x)
}

# What each text is: a data frame of form (a name of `date_patterns()`, or ""), year, and the other
# parts in the order of the text, a and b; a word is its month. With years of two digits, which part
# is the year is the user's to say: a, b and c.
parse_dates <- function(x) {
  patterns <- date_patterns()
  out <- data.frame(form = rep("", length(x)), year = NA_integer_, a = NA_integer_, b = NA_integer_,
                    c = NA_integer_)
  for (name in c(names(patterns$whole), names(patterns$partial))) {
    rows <- which(out$form == "" & !is.na(x))
    pattern <- c(patterns$whole, patterns$partial)[[name]]
    rows <- rows[grepl(pattern, x[rows], perl = TRUE)]
    if (!length(rows)) next
    parts <- regmatches(x[rows], regexec(pattern, x[rows], perl = TRUE))
    parts <- lapply(parts, function(p) p[-1L][nzchar(p[-1L])])
    read <- date_parts(name, parts)
    rows <- rows[read$known]
    out$form[rows] <- name
    for (part in c("year", "a", "b", "c")) out[[part]][rows] <- as.integer(read[[part]][read$known])
  }
  out
}

# parts: for each text, its parts in their order.
date_parts <- function(form, parts) {
  part <- function(i) vapply(parts, function(p) if (length(p) < i) "0" else p[i], "")
  number <- function(text) {
    text[!grepl("^[0-9]+$", text)] <- "0"
    as.integer(text)
  }
  none <- integer(length(parts))
  read <- switch(form,
    ymd = list(number(part(1)), number(part(2)), number(part(3))),
    last = list(number(part(3)), number(part(1)), number(part(2))),
    short = list(none, number(part(1)), number(part(2)), number(part(3))),
    word = , word_short = list(number(part(3)), number(part(1)), month_of(part(2))),
    word_first = list(number(part(3)), number(part(2)), month_of(part(1))),
    year_month = , quarter = , half = , week = list(number(part(1)), number(part(2)), none),
    month_year = , quarter_year = list(number(part(2)), number(part(1)), none),
    word_year = list(number(part(2)), month_of(part(1)), none),
    year_word = list(number(part(1)), month_of(part(2)), none),
    year = list(number(part(1)), none, none)
  )
  known <- switch(form,
    word = , word_short = , word_first = read[[3L]] > 0L,
    word_year = , year_word = read[[2L]] > 0L,
    year_month = , month_year = read[[2L]] >= 1L & read[[2L]] <= 12L & plausible_year(read[[1L]]),
    year = plausible_year(read[[1L]]),
    rep(TRUE, length(parts))
  )
  if (length(read) < 4L) read[[4L]] <- none
  list(year = read[[1L]], a = read[[2L]], b = read[[3L]], c = read[[4L]], known = known)
}

plausible_year <- function(year) year >= 1850L & year <= 2150L
