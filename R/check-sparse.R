# Levels, and columns of interactions, with fewer than five events.

find_sparse_levels <- function(fit, given) {
  few <- sparse_levels(fit)
  if (!nrow(few)) return(finding(character()))
  coef <- replace(few$coef, few$reference, NA_integer_)
  finding(
    "sparse_level", "caution", variable = few$term, level = few$level,
    reference = few$reference, coef = coef, coefficient = names(fit$coefficients)[coef], n = few$n,
    n_events = few$events, remedy = if (has_penalty(fit)) "combine or penalty" else "combine",
    code = combine_code(fit, few, given)
  )
}

# A line for the first variable of which two levels or more are sparse.
combine_code <- function(fit, few, given) {
  penalty <- penalty_code(fit, given$source)
  data <- named_data(given$source)
  vapply(few$term, function(term) {
    levels <- few$level[few$term == term]
    name <- str2lang(term)
    x <- if (is.name(name)) eval(data, given$source$env)[[as.character(name)]]
    categorical <- is.factor(x) || is.character(x)
    all <- length(levels) == sum(fit$level_table$term == term)
    if (!categorical || length(levels) < 2L || all || !all(levels %in% x)) return(penalty)
    combining_line(call("$", data, name), x, as.call(c(quote(c), as.list(levels))))
  }, "", USE.NAMES = FALSE)
}

# Such as levels(d$grade)[levels(d$grade) %in% c("a", "b")] <- "other"
combining_line <- function(column, x, merged) {
  named <- if (is.factor(x)) call("levels", column) else column
  code_line(call("<-", call("[", named, call("%in%", named, merged)), "other"))
}
