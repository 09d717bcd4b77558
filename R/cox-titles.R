# What the terms of a Cox model are called.

# What each term is called.
term_titles <- function(fit, labels = NULL) {
  terms <- fit$terms
  names <- attr(terms, "term.labels")
  used <- unlist(lapply(attr(terms, "variables")[-1L], all.vars))
  labels <- check_labels(labels, unique(c(used, rownames(attr(terms, "factors")), names)))
  vapply(stats::setNames(nm = names(fit$assign)), function(term) {
    if (term %in% names(labels)) return(labels[[term]])
    variables <- term_variables(terms, match(term, names))
    paste(vapply(variables, variable_title, "", fit, labels), collapse = " \u00d7 ")
  }, "")
}

# A call that leaves the variable what it is, such as factor(), has the title of the variable.
variable_title <- function(name, fit, labels = NULL) {
  if (name %in% names(labels)) return(labels[[name]])
  expr <- variable_call(fit$terms, name)
  own <- all.vars(expr)
  call <- call_name(expr)
  if (call == "strata") return(enumerate(vapply(own, column_words, "")))
  if (call == "I" && !is.name(expr[[2L]])) return(deparse1(expr[[2L]]))
  if (!length(own) || !(is.name(expr) || call %in% c(variable_calls, spline_calls, "poly"))) {
    return(name)
  }
  known <- unclass(fit)$labels[name]
  title <- if (own[1L] %in% names(labels)) {
    labels[[own[1L]]]
  } else if (length(known) && !is.na(known)) {
    known[[1L]]
  } else {
    column_words(own[1L])
  }
  curve <- curve_word(call, name, fit)
  if (is.null(curve)) title else paste0(title, " (", table_word(curve), ")")
}

variable_calls <- c("factor", "as.factor", "ordered", "relevel", "C", "I")

spline_calls <- c("ns", "bs", "nsk", "rcs")

# What the columns of a variable are that have no ratio each, NULL of others.
curve_word <- function(call, name, fit) {
  if (call %in% spline_calls) return("spline")
  ordered <- is_polynomial(fit$contrasts[[name]], length(fit$xlevels[[name]]))
  if (call == "poly" || ordered) "polynomial"
}

call_name <- function(expr) {
  if (!is.call(expr)) return("")
  head <- expr[[1L]]
  if (is_namespaced(head)) head <- head[[3L]]
  if (is.name(head)) as.character(head) else ""
}

# A column of the model frame as it is typed in a formula, which is also the label of its term.
typed_column <- function(name, fit) {
  if (!name %in% rownames(attr(fit$terms, "factors"))) return(typed_name(name))
  deparse1(variable_call(fit$terms, name), backtick = TRUE)
}

# A column of the data so.
typed_name <- function(name) {
  vapply(name, function(x) deparse1(as.name(x), backtick = TRUE), "", USE.NAMES = FALSE)
}
