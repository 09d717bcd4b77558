# One reading of the terms of a Cox model, for its print, its tables and its figures.

# Data frame of a row for each level of a variable that is compared with a reference, and for each
# column of any other term.
#   term    label of the term
#   kind    "reference", "level", "contrast" (of levels with each other), "quantity",
#           "interaction", or "column", of a term whose columns have no hazard ratio each: a spline
#           or polynomial
#   level   NA where there is none
#   label   what the row is called below its term, NA where the term says it all
#   n, events   of the level, or where a column of an interaction is not 0; NA: not of some rows
#   coef    number of the coefficient, 0 for the reference
level_table <- function(design, terms, response, frequency) {
  labels <- attr(terms, "term.labels")
  weights <- if (frequency) response$weights
  dead <- response$status == 1L
  rows <- lapply(which(lengths(design$parts) > 0L), function(j) {
    read <- read_term(design, terms, j)
    n <- length(read$kind)
    counts <- counts_by_row(design, terms, read, j, dead, weights)
    list(
      term = rep(labels[j], n), kind = read$kind, level = read$level, label = read$label,
      n = counts$n, events = counts$events,
      coef = replace(integer(n), read$kind != "reference", which(design$assign == j))
    )
  })
  columns <- c("term", "kind", "level", "label", "n", "events", "coef")
  out <- lapply(stats::setNames(nm = columns), function(name) unlist(lapply(rows, `[[`, name)))
  structure(out, class = "data.frame", row.names = .set_row_names(length(out$coef)))
}

# The lines of a print or table: the columns of a spline or polynomial are one, of kind "several".
term_lines <- function(fit) {
  lines <- fit$level_table
  lines <- lines[lines$kind != "column" | !duplicated(lines$term), ]
  several <- lines$kind == "column"
  lines$kind[several] <- "several"
  lines[several, c("label", "n", "events", "coef")] <- NA
  lines
}

# kind, level and label of each row of term j; the reference is a row of its own.
read_term <- function(design, terms, j) {
  coding <- attr(terms, "factors")[, j]
  parts <- lapply(term_variables(terms, j), function(name) {
    levels <- variable_levels(design, name)
    if (is.null(levels)) return(read_quantities(design$frame[[name]], variable_call(terms, name)))
    words <- levels_as_words(levels)
    if (coding[[name]] == 2) {
      return(list(kind = rep("level", length(levels)), level = levels, label = words))
    }
    read_contrasts(design$contrasts[[name]], levels, words)
  })
  if (length(parts) == 1L) parts[[1L]] else cross_parts(parts)
}

# The columns of an interaction, those of its first variable changing fastest.
cross_parts <- function(parts) {
  parts <- lapply(parts, function(part) lapply(part, `[`, part$kind != "reference"))
  at <- expand.grid(lapply(parts, function(part) seq_along(part$kind)))
  pick <- function(name) do.call(cbind, Map(function(part, i) part[[name]][i], parts, at))
  labels <- apply(pick("label"), 1L, function(words) {
    words <- words[!is.na(words)]
    if (length(words)) paste(words, collapse = " \u00d7 ") else NA_character_
  })
  list(kind = ifelse(rowSums(pick("kind") == "column") > 0, "column", "interaction"),
       level = rep(NA_character_, nrow(at)), label = labels)
}

# NULL of what has no levels.
variable_levels <- function(design, name) {
  x <- design$frame[[name]]
  if (is.logical(x) && !is.matrix(x)) c("FALSE", "TRUE") else design$xlevels[[name]]
}

# The columns of a matrix that is made of variables are quantities; those of one that is made from
# a variable, such as ns(age, 3) or poly(age, 2), are of one curve.
read_quantities <- function(x, expr) {
  if (!is.matrix(x)) return(list(kind = "quantity", level = NA_character_, label = NA_character_))
  names <- colnames(x)
  own <- !is.null(names) && !identical(names, as.character(seq_along(names))) &&
    !inherits(x, c("basis", "poly", "rms")) &&
    (is.name(expr) || deparse1(expr[[1L]]) %in% c("cbind", "as.matrix", "data.matrix"))
  k <- ncol(x)
  list(kind = rep(if (own) "quantity" else "column", k), level = rep(NA_character_, k),
       label = if (is.null(names)) as.character(seq_len(k)) else names)
}

# levels x columns, as stats::model.matrix() codes the variable.
coding_matrix <- function(levels, kind) {
  each <- factor(seq_along(levels))
  stats::model.matrix(~ each, list(each = each), list(each = kind))[, -1L, drop = FALSE]
}

is_polynomial <- function(kind, k) {
  if (!is.matrix(kind)) return(identical(kind, "contr.poly"))
  identical(colnames(kind), colnames(stats::contr.poly(k))[seq_len(ncol(kind))])
}

# What each coefficient of contrasts is, a row of weights of the levels' log hazards: b of
# mu = (1, C) b by least squares.
contrast_weights <- function(coded) {
  x <- qr(cbind(1, coded))
  if (x$rank < ncol(coded) + 1L) return(matrix(NA_real_, ncol(coded), nrow(coded)))
  w <- qr.coef(x, diag(nrow(coded)))[-1L, , drop = FALSE]
  whole <- abs(w - round(w)) < 1e-10
  w[whole] <- round(w[whole])
  unname(w)
}

# levels: as they are in the data; words: as a reader calls them.
read_contrasts <- function(kind, levels, words) {
  k <- length(levels)
  coded <- coding_matrix(levels, kind)
  none <- rep(NA_character_, ncol(coded))
  if (is_polynomial(kind, k)) {
    return(list(kind = rep("column", ncol(coded)), level = none, label = none))
  }
  w <- contrast_weights(coded)
  # Each coefficient is of one level against one, the same of all.
  pairs <- rowSums(w == 1) == 1 & rowSums(w != 0) == 2 & nrow(w) == k - 1L
  if (isTRUE(all(pairs)) && any(colSums(w == -1) == k - 1L)) {
    base <- which(colSums(w == -1) == k - 1L)
    # In the order of the columns, the reference where it stands among the levels.
    at <- append(apply(w, 1L, which.max), base, base - 1L)
    return(list(kind = ifelse(at == base, "reference", "level"), level = levels[at],
                label = words[at]))
  }
  list(kind = rep("contrast", nrow(w)), level = none,
       label = vapply(seq_len(nrow(w)), function(j) contrast_words(w[j, ], words, j), ""))
}

# "b vs a", "a vs mean of all", "b vs a, to the power 1/2", or all weights.
contrast_words <- function(weights, words, j) {
  if (anyNA(weights)) return(paste("contrast", j))
  k <- length(weights)
  one <- weights + 1 / k
  lone <- which(abs(one - 1) < 1e-8)
  if (k > 2L && length(lone) == 1L && all(abs(one[-lone]) < 1e-8)) {
    return(paste(words[lone], "vs mean of all"))
  }
  power <- sum(pmax(weights, 0))
  sides <- c(contrast_side(weights / power, words), contrast_side(-weights / power, words))
  if (anyNA(sides)) {
    used <- weights != 0
    return(paste(paste(format(signif(weights[used], 3L), trim = TRUE), words[used]),
                 collapse = " + "))
  }
  paste0(paste(sides, collapse = " vs "), if (abs(power - 1) > 1e-8) {
    paste(", to the power", if (abs(1 / power - round(1 / power)) < 1e-8) {
      paste0("1/", round(1 / power))
    } else {
      format(power, digits = 3L)
    })
  })
}

contrast_side <- function(weights, words) {
  own <- which(weights > 1e-10)
  if (diff(range(weights[own])) > 1e-8) return(NA_character_)
  if (length(own) == 1L) words[own] else paste("mean of", enumerate(words[own]))
}

# Counts of the rows that read_term() makes of term j, NA where a row is not of some rows of data.
counts_by_row <- function(design, terms, read, j, dead, weights) {
  part <- design$parts[[j]]
  none <- rep(NA_real_, length(read$kind))
  if (!is.null(part$cells)) {
    return(list(n = count_true(part$cells, weights),
                events = count_true(part$cells & dead, weights)))
  }
  if (all(is.na(read$level))) return(list(n = none, events = none))
  name <- term_variables(terms, j)
  levels <- variable_levels(design, name)
  x <- if (is.null(part$values)) design$frame[[name]] else part$values
  codes <- if (is.factor(x)) x else if (is.logical(x)) x + 1L else match(x, levels)
  at <- match(read$level, levels)
  list(n = count_codes(codes, length(levels), weights)[at],
       events = count_codes(codes[dead], length(levels), weights[dead])[at])
}

count_true <- function(cells, weights) {
  unname(colSums(if (is.null(weights)) cells else cells * weights))
}

count_codes <- function(codes, k, weights) {
  if (is.null(weights)) return(as.double(tabulate(codes, k)))
  vapply(split(weights, factor(as.integer(codes), seq_len(k))), sum, 0, USE.NAMES = FALSE)
}
