# How to type the competing risks of a formula whose status has several events.

competing_call <- function(parsed, data, causes, outcome) {
  c(paste0("`", cuminc_call(parsed, data, causes), "`."), if (outcome == "event") {
    "For a Fine-Gray model, fit the rows and weights of survival::finegray() by lms_cox()."
  })
}

# How to type the competing risks of the same formula, with those of its variables that are
# groups. parsed: of parse_formula(), with `source`, the expression of the data.
cuminc_call <- function(parsed, data, causes) {
  terms <- parsed$terms
  labels <- attr(terms, "term.labels")[attr(terms, "order") == 1L]
  groups <- lapply(Filter(function(label) is_grouping(label, data, parsed$env), labels), str2lang)
  formula <- stats::formula(terms)
  formula[[3L]] <- if (length(groups)) Reduce(function(a, b) call("+", a, b), groups) else 1
  source <- parsed$source
  data <- if (is.name(source) || is.call(source)) paste0(", data = ", deparse_short(source))
  event <- if (length(causes)) {
    paste0(", event = c(", paste(vapply(causes, format_value, ""), collapse = ", "), ")")
  }
  paste0("lms_cuminc(", deparse1(formula), data, event, ")")
}

is_grouping <- function(label, data, env) {
  x <- tryCatch(eval(str2lang(label), data, env), error = function(e) NULL)
  is.factor(x) || is.character(x) || is.logical(x) || is.numeric(x) && length(unique(x)) <= 5L
}
