# What a terms object says of its variables and terms.

# Columns of the frame that are covariates: no response, stratum or offset.
covariate_columns <- function(terms) {
  n <- length(attr(terms, "variables")) - 1L
  setdiff(
    seq_len(n), c(attr(terms, "response"), attr(terms, "specials")$strata, attr(terms, "offset"))
  )
}

# Which terms are a strata() alone, and so no columns of the design.
strata_terms <- function(terms) {
  labels <- attr(terms, "term.labels")
  special <- attr(terms, "specials")$strata
  if (!length(special)) return(logical(length(labels)))
  labels %in% rownames(attr(terms, "factors"))[special]
}

strata_crossed <- function(terms) {
  factors <- attr(terms, "factors")
  special <- attr(terms, "specials")$strata
  if (!length(special)) return(FALSE)
  any(factors[special, attr(terms, "order") > 1L] > 0)
}

deparse_variables <- function(terms) {
  vapply(
    as.list(attr(terms, "variables"))[-1L], function(v) paste(deparse(v, 500L), collapse = " "), ""
  )
}

# Names in the model frame of the variables of term j.
term_variables <- function(terms, j) {
  factors <- attr(terms, "factors")
  rownames(factors)[factors[, j] > 0]
}

# The expression of a variable of the model frame.
variable_call <- function(terms, name) {
  attr(terms, "variables")[[match(name, rownames(attr(terms, "factors"))) + 1L]]
}

strata_columns <- function(terms) {
  rownames(attr(terms, "factors"))[attr(terms, "specials")$strata]
}
