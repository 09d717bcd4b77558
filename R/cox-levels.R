# Rows and events by level of what a Cox model compares.

# A row for each level that is compared with a reference, for each that other contrasts compare, for
# the two values of a number that has but these, and for each column of an interaction that is of
# some rows. Columns of level_table but kind and label, and `reference`.
level_counts <- function(fit) {
  table <- fit$level_table
  columns <- c("term", "level", "n", "events", "coef")
  if (!nrow(table)) return(cbind(table[columns], reference = logical()))
  counted <- table[!is.na(table$level), columns]
  counted$reference <- counted$coef == 0L
  crossed <- table[table$kind == "interaction" & table$n %in% seq_len(max(0, fit$n - 1)), ]
  crossed$level <- crossed$label
  crossed <- cbind(crossed[columns], reference = rep(FALSE, nrow(crossed)))
  unclear <- which(table$kind == "quantity" & may_be_sparse(fit)[pmax(table$coef, 1L)])
  binary <- lapply(unclear, function(i) binary_counts(fit, table[i, ]))
  contrasted <- unique(table$term[table$kind %in% c("contrast", "column")])
  do.call(rbind, c(list(counted, crossed), binary, lapply(contrasted, contrast_counts, fit = fit)))
}

# Where a column of 0 and 1 has d events with 1, its score equation says that the sum
# of the expected x over the events is d, and its information is the sum of
# E(x) (1 - E(x)), so at most d, and at most the events with 0: a variance below 1/5
# needs no look at the rows. Firth's penalty moves the sum by less than d.
may_be_sparse <- function(fit) {
  if (!length(fit$coefficients)) return(logical())
  variance <- diag(as.matrix(model_variance(fit)))
  counted <- is.null(fit$weight_type) || fit$weight_type == "frequency"
  if (!counted || !fit$converged) return(rep(TRUE, length(variance)))
  variance >= 0.1
}

# Of a variable with two values next to each other, such as 0 and 1 or 1 and 2.
binary_counts <- function(fit, row) {
  x <- term_values(fit, row$term)
  if (!is.numeric(x) || is.matrix(x) || is.na(fit$coefficients[[row$coef]])) return(NULL)
  ends <- range(x)
  if (ends[2L] - ends[1L] != 1 || !all(x == ends[1L] | x == ends[2L])) return(NULL)
  counts <- counts_in(fit, 1L + (x == ends[2L]), 2L)
  data.frame(
    term = row$term, level = format(ends, trim = TRUE), n = counts$n, events = counts$events,
    coef = row$coef, reference = c(TRUE, FALSE)
  )
}

# Of the levels of a variable whose coefficients are of several of them each.
contrast_counts <- function(term, fit) {
  x <- term_values(fit, term)
  if (is.logical(x) || is.character(x)) x <- factor(x)
  if (!is.factor(x)) return(NULL)
  counts <- counts_in(fit, as.integer(x), nlevels(x))
  data.frame(term = term, level = levels(x), n = counts$n, events = counts$events,
             coef = NA_integer_, reference = FALSE)
}

# codes: by row of the model, 1 to k.
counts_in <- function(fit, codes, k) {
  y <- kept_response(fit)
  dead <- .subset(y, TRUE, ncol(y)) == 1
  weights <- if (identical(fit$weight_type, "frequency")) fit$weights
  list(n = count_codes(codes, k, weights), events = count_codes(codes[dead], k, weights[dead]))
}

# The values of a variable that is a term of its own, NULL of others.
term_values <- function(fit, term) {
  name <- term_variables(fit$terms, match(term, attr(fit$terms, "term.labels")))
  if (length(name) == 1L) fit$model[[name]]
}

# Without the levels whose ratio is infinite, nor their references where no other
# ratio is left.
sparse_levels <- function(fit) {
  counts <- level_counts(fit)
  endless <- fit$infinite_at
  involved <- vapply(split(seq_len(nrow(counts)), factor(counts$term, unique(counts$term))),
                     function(at) all(counts$coef[at] %in% c(0L, endless)), NA)
  hidden <- counts$coef %in% endless | counts$term %in% names(which(involved))
  counts[counts$events < 5 & !hidden, ]
}

# Of each variable the level with the largest number, by name of its column.
largest_level <- function(counts, terms, number) {
  vapply(terms, function(term) {
    rows <- counts[counts$term == term, ]
    rows$level[which.max(rows[[number]])]
  }, "")
}

coefficient_terms <- function(fit) {
  out <- rep(NA_character_, length(fit$coefficients))
  for (label in names(fit$assign)) out[fit$assign[[label]]] <- label
  out
}
