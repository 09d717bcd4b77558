# Expressions that users write: their names, and what they look like in a message.

deparse_short <- function(expr, width = 60L) {
  if (is.name(expr)) return(as.character(expr))
  text <- deparse(expr, width.cutoff = 60L, nlines = 1L)[1L]
  if (nchar(text) > width) paste0(substr(text, 1L, width - 3L), "...") else text
}

# Names of the functions that an expression calls.
called_names <- function(expr) {
  if (!is.call(expr)) return(NULL)
  c(
    if (is.name(expr[[1L]])) as.character(expr[[1L]]),
    unlist(lapply(as.list(expr)[-1L], called_names))
  )
}

# Names that an expression reads; d$x counts as one name.
inner_names <- function(expr) {
  if (is.name(expr)) return(as.character(expr))
  if (!is.call(expr)) return(NULL)
  head <- expr[[1L]]
  if (identical(head, quote(`$`)) || identical(head, quote(`[[`))) return(deparse1(expr))
  unlist(lapply(as.list(expr)[-1L], inner_names))
}

is_namespaced <- function(head) {
  is.call(head) && length(head) == 3L && as.character(head[[1L]]) %in% c("::", ":::")
}

# A call to print or to share: without data given by value, or a way to them.
short_call <- function(call) {
  for (i in seq_along(call)[-1L]) {
    value <- call[[i]]
    if (inherits(value, "formula")) environment(call[[i]]) <- globalenv()
    if (!is.language(value) && (is.list(value) || length(value) > 5L)) call[[i]] <- quote(...)
  }
  call
}
