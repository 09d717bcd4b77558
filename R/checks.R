# How this package speaks when it refuses, warns or explains. An error has up
# to three lines: what is wrong with the user's argument, how many rows, and
# the way out. No message ever holds an identifier or a date.

# `lines` of a condition are those of its message, for code that tells one of them in a text of its
# own.
abort <- function(class, ..., fields = list()) {
  condition <- c(
    list(message = paste(c(...), collapse = "\n"), call = verb_call(), lines = c(...)), fields
  )
  class(condition) <- c(paste0("lmsurv_error_", class), "lmsurv_error", "error", "condition")
  stop(condition)
}

warn <- function(class, ..., fields = list()) {
  condition <- c(list(message = paste(c(...), collapse = "\n"), call = NULL), fields)
  class(condition) <- c(paste0("lmsurv_warning_", class), "lmsurv_warning", "warning", "condition")
  warning(condition)
}

say <- function(class, ..., fields = list()) {
  text <- paste0(paste(c(...), collapse = "\n"), "\n")
  condition <- c(list(message = text, call = NULL), fields)
  class(condition) <- c(paste0("lmsurv_message_", class), "lmsurv_message", "message", "condition")
  message(condition)
}

# The function of this package that the user called, as `lms_cox()`: the
# outermost frame whose function lives in the namespace itself.
verb_call <- function() {
  namespace <- topenv()
  for (i in seq_len(sys.nframe())) {
    if (identical(environment(sys.function(i)), namespace)) {
      head <- sys.call(i)[[1L]]
      if (!is.name(head) && !is_namespaced(head)) return(NULL)
      name <- sub("\\.(lms_[a-z_]+)$", "", as.character(head)[length(head)])
      if (make.names(name) != name || startsWith(name, "dplyr_")) return(NULL)
      return(as.call(list(as.name(name))))
    }
  }
  NULL
}

quiet <- function(expr) {
  withCallingHandlers(expr, lmsurv_message = function(cnd) invokeRestart("muffleMessage"))
}

tick <- function(x) paste0("`", x, "`")

quoted <- function(x) paste0("\"", x, "\"")

# "a", "b" and "c"
enumerate <- function(x, last = "and", max = 6L) {
  if (length(x) > max) x <- c(x[seq_len(max - 1L)], paste(length(x) - max + 1L, "more"))
  if (length(x) < 2L) return(paste(x))
  paste(paste(x[-length(x)], collapse = ", "), last, x[length(x)])
}

count_of <- function(n, what, plural = paste0(what, "s")) {
  paste(format(n, big.mark = ",", scientific = FALSE), if (n == 1) what else plural)
}

# "row 17", "rows 17 and 20", "rows 17, 20, 31 ..."
row_list <- function(rows, max = 3L) {
  shown <- utils::head(rows, max)
  if (length(rows) == 1L) return(paste("row", rows))
  if (length(rows) > max) return(paste0("rows ", paste(shown, collapse = ", "), " ..."))
  paste("rows", enumerate(shown))
}

# The second line of a message about rows: "2 of 8 rows are affected (rows 1 and 2)."
row_count <- function(rows, n, max = 3L) {
  listed <- if (length(rows) > 1L) paste0(" (", row_list(rows, max), ")")
  paste0(affected(length(rows), n, "row"), listed, ".")
}

# "2 of 8 rows are affected"
affected <- function(some, all, what) {
  paste(some, "of", count_of(all, what), if (some == 1L) "is" else "are", "affected")
}

format_value <- function(x) {
  if (is.character(x) || is.factor(x)) return(quoted(as.character(x)))
  format(unclass(x), digits = 7, trim = TRUE)
}

# What a value is, for "must be a number, not ...".
describe <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.function(x)) return("a function")
  if (is.data.frame(x)) return("a data frame")
  if (inherits(x, "formula")) return("a formula")
  if (is.matrix(x)) return(sprintf("a %d x %d matrix", nrow(x), ncol(x)))
  if (is.object(x)) return(paste("of class", class(x)[1L]))
  if (is.atomic(x) && length(x) == 1L) return(format_value(x))
  kind <- switch(typeof(x),
    list = "a list",
    double = "a numeric vector",
    integer = "an integer vector",
    paste("a", typeof(x), "vector")
  )
  paste(kind, "of length", length(x))
}

did_you_mean <- function(name, known) {
  if (!length(known)) return(NULL)
  distance <- utils::adist(name, known, ignore.case = TRUE)[1L, ]
  starts <- startsWith(tolower(known), tolower(name))
  letters <- function(x) paste(sort(strsplit(tolower(x), "")[[1L]]), collapse = "")
  swapped <- distance <= 2 & vapply(known, letters, "") == letters(name)
  close <- which(distance <= pmax(1, nchar(name) %/% 3) | (starts & nchar(name) > 1) | swapped)
  if (!length(close)) return(NULL)
  best <- close[order(!starts[close], distance[close])[1L]]
  paste0("Did you mean ", tick(known[best]), "?")
}

# Names of what `...` caught, "" for what has none, without evaluating it.
dot_names <- function(...) {
  names <- names(substitute(list(...)))[-1L]
  if (is.null(names)) rep("", ...length()) else names
}

# `...` is there only to catch what does not belong; nothing is ever matched
# partially. others: way out for arguments that belong to another function.
refuse_dots <- function(verb, known, names, others = list()) {
  if (!length(names)) return(invisible())
  name <- names[1L]
  if (!nzchar(name)) {
    abort(
      "argument", paste0("An argument of ", verb, "() has no name."),
      paste0("After ", enumerate(tick(known[1:2])), ", write each as `name = value`.")
    )
  }
  hint <- others[[name]]
  if (is.null(hint)) hint <- did_you_mean(name, known)
  if (is.null(hint)) hint <- paste0("It has ", enumerate(tick(known), max = length(known)), ".")
  abort("argument", paste0(tick(name), " is not an argument of ", verb, "()."), hint)
}

# Refuses by name what was typed in the call of a function and is neither among its arguments nor in
# `also`: as typed, so that `dat = ` is seen before R takes it for `data`. n: number of its frame.
refuse_unknown <- function(verb, others = list(), also = NULL, n = sys.parent()) {
  known <- setdiff(names(formals(sys.function(n))), "...")
  dots <- eval(quote(dot_names(...)), sys.frame(n))
  typed <- c(setdiff(names(sys.call(n)), ""), dots)
  refuse_dots(verb, known, setdiff(typed, c(known, also)), others)
}

# As refuse_dots(), for a method of a generic that is not ours. What another package hands on to
# the methods of all models is no slip of the user, and is passed over.
refuse_typed_dots <- function(verb, known, names, others = list()) {
  if (!length(names) || calls_from_package(parent.frame(2L))) return(invisible())
  refuse_dots(verb, known, names, others)
}

# Whether a call in this environment stands in the code of another package. Functions that apply
# others hand on what their own caller gave.
calls_from_package <- function(from) {
  home <- topenv(from)
  if (!isNamespace(home)) return(FALSE)
  # By name: testthat runs tests in a copy of the namespace.
  name <- getNamespaceName(home)
  if (name == "lmsurv") return(FALSE)
  if (!name %in% c("base", "purrr", "furrr", "parallel", "future.apply")) return(TRUE)
  at <- Position(function(frame) identical(frame, from), as.list(sys.frames()))
  if (is.na(at)) return(FALSE)
  calls_from_package(sys.frame(sys.parents()[at]))
}

check_flag <- function(x, name) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort("argument", paste0(tick(name), " must be TRUE or FALSE, not ", describe(x), "."))
  }
  x
}

check_number <- function(x, name, min = -Inf, max = Inf, whole = FALSE, open = FALSE) {
  ok <- is.numeric(x) && length(x) == 1L && !is.na(x) && x >= min && x <= max
  if (ok && open) ok <- x > min && x < max
  if (ok && whole) ok <- x == floor(x)
  if (!ok) {
    kind <- if (whole) "a whole number" else "a number"
    range <- if (open) {
      paste(" between", min, "and", max)
    } else if (is.finite(min)) {
      paste(" of", min, "or more")
    }
    abort("argument", paste0(tick(name), " must be ", kind, range, ", not ", describe(x), "."))
  }
  x
}

# In any case, and abbreviated where only one choice begins so, as by match.arg().
check_choice <- function(x, name, choices) {
  one <- is.character(x) && length(x) == 1L
  found <- if (one) pmatch(tolower(x), tolower(choices))
  if (one && !is.na(found)) return(choices[found])
  hint <- if (one) did_you_mean(x, choices)
  if (!is.null(hint)) hint <- gsub("`", "\"", hint, fixed = TRUE)
  abort(
    "argument",
    paste0(
      tick(name), " must be ", enumerate(quoted(choices), "or", length(choices)), ", not ",
      describe(x), "."
    ),
    hint
  )
}

# An argument whose default is the vector of its choices.
check_option <- function(x, name, choices) {
  if (identical(x, choices)) choices[1L] else check_choice(x, name, choices)
}

need_package <- function(package, what) {
  if (requireNamespace(package, quietly = TRUE)) return(invisible())
  abort("package", paste0("To read ", what, " package ", package, " is needed."),
        paste0("`install.packages(", quoted(package), ")`"))
}
