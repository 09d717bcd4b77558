# What base R writes and sorts differently from session to session, in one way in this package:
# options (OutDec, scipen, digits) and the locale change no number, name, level or order of ours.

steady <- function(f) {
  function(...) {
    old <- options(OutDec = ".", scipen = 0L, digits = 7L)
    on.exit(options(old))
    # R starts with C, whatever the locale is; a session that has set another writes 1,5.
    numeric <- Sys.getlocale("LC_NUMERIC")
    if (numeric != "C") {
      set_numeric("C")
      on.exit(set_numeric(numeric), add = TRUE)
    }
    f(...)
  }
}

# R warns of any locale but C.
set_numeric <- function(locale) suppressWarnings(Sys.setlocale("LC_NUMERIC", locale))

format <- steady(base::format)
formatC <- steady(base::formatC) # nolint: object_name_linter.
prettyNum <- steady(base::prettyNum) # nolint: object_name_linter.
paste <- steady(base::paste)
paste0 <- steady(base::paste0)
as.character <- steady(base::as.character)
sprintf <- steady(base::sprintf)
deparse <- steady(base::deparse)
deparse1 <- steady(base::deparse1)
rowsum <- steady(base::rowsum)
split <- steady(base::split)
table <- steady(base::table)
tapply <- steady(base::tapply)
# A user's code makes levels and labels of numbers: cut(age, 3), strata(sex). local(), so that
# errors name the verb that was called, and not this.
eval <- local(function(expr, envir = parent.frame(),
                       enclos = if (is.environment(envir)) baseenv() else parent.frame()) {
  steady(base::eval)(expr, envir, enclos)
})

# Characters in their order in Unicode, as in the C locale.
order <- function(..., method = "radix") base::order(..., method = method)
sort <- function(x, ..., method = if (is.character(x)) "radix") {
  if (is.null(method)) base::sort(x, ...) else base::sort(x, ..., method = method)
}
factor <- function(x = character(), levels, ...) {
  if (missing(levels)) {
    values <- unique(x)
    levels <- unique(as.character(values)[order(values)])
  }
  steady(base::factor)(x, levels, ...)
}
as.factor <- function(x) if (is.factor(x)) x else factor(x)

# In Turkish the capital of i is another letter.
tolower <- function(x) base::tolower(chartr(capitals, small, x))
toupper <- function(x) base::toupper(chartr(small, capitals, x))
capitals <- "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
small <- "abcdefghijklmnopqrstuvwxyz"
