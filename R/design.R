# The design matrix as references to the user's columns. Main effects of
# numeric, logical, character and factor variables (treatment contrasts) and of
# numeric matrices such as ns() are never copied; the rest goes through
# stats::model.matrix().

# contrasts: those of a fit, by variable; NULL for those of the session.
# Answer: frame (unused factor levels dropped), notes about them,
#   values, source, column, level   as the core takes them, p columns
#   names, assign   of the p columns, as colnames and "assign" of model.matrix()
#   contrasts, xlevels   as coxph keeps them
#   parts   per term: its variable and levels, NULL where it is not one variable
new_design <- function(terms, frame, contrasts = NULL) {
  labels <- attr(terms, "term.labels")
  stratum <- strata_terms(terms)
  dropped <- drop_unused_levels(terms, frame)
  frame <- dropped$frame
  parts <- lapply(seq_along(labels), function(j) {
    if (!stratum[j] && attr(terms, "order")[j] == 1L) simple_part(terms, frame, j, contrasts)
  })
  coded <- which(!stratum & vapply(parts, is.null, logical(1)))
  built <- if (length(coded)) coded_matrix(terms, frame, stratum, contrasts)
  for (j in coded) parts[[j]] <- coded_part(built, j)
  for (j in coded[attr(terms, "order")[coded] > 1L]) {
    parts[[j]]$cells <- interaction_cells(terms, frame, stratum, j, built)
  }
  values <- lapply(parts, `[[`, "values")
  held <- !vapply(values, is.null, logical(1))
  block <- cumsum(held)
  block[coded] <- sum(held) + 1L
  widths <- vapply(parts, function(part) length(part$names), 0L)
  used <- if (length(coded)) attr(built, "contrasts") else simple_contrasts(parts)
  if (is.null(contrasts)) dropped$notes <- c(dropped$notes, session_note(frame, used))
  list(
    values = c(values[held], if (length(coded)) list(built)),
    source = rep.int(as.integer(block), widths),
    column = as.integer(unlist(lapply(parts, `[[`, "column"))),
    level = as.integer(unlist(lapply(parts, `[[`, "level"))),
    names = as.character(unlist(lapply(parts, `[[`, "names"))),
    assign = rep.int(seq_along(parts), widths),
    contrasts = used, xlevels = frame_levels(terms, frame, parts),
    parts = parts, frame = frame, notes = dropped$notes
  )
}

# Factors as they are used, and what must be said about levels.
drop_unused_levels <- function(terms, frame) {
  notes <- NULL
  for (i in covariate_columns(terms)) {
    x <- frame[[i]]
    name <- names(frame)[i]
    if (is.factor(x)) {
      counts <- tabulate(x, nlevels(x))
      refuse_identifier(name, counts, nrow(frame))
      unused <- levels(x)[counts == 0L]
      if (length(unused) && is.null(attr(x, "contrasts"))) {
        notes <- c(notes, unused_note(name, unused))
        frame[[i]] <- factor(x, exclude = NULL)
      }
    }
    empty <- if (is.factor(x)) counts[levels(x) %in% ""] else if (is.character(x)) x == ""
    if (any(empty > 0)) notes <- c(notes, empty_note(name, sum(empty)))
  }
  list(frame = frame, notes = notes)
}

unused_note <- function(name, unused) {
  c(levels = paste0(
    tick(name), ": ", enumerate(quoted(unused)),
    if (length(unused) == 1L) " has no rows and is dropped." else " have no rows and are dropped."
  ))
}

# A spreadsheet's empty cell that was read as text.
empty_note <- function(name, empty) {
  c(empty = paste0(
    tick(name), ": the empty text of ", count_of(empty, "row"),
    " is read as a level. Set it to NA if it means missing."
  ))
}

# used: contrasts by variable. Those that options(contrasts) of the session set otherwise than R.
session_note <- function(frame, used) {
  variables <- frame[names(used)]
  own <- vapply(variables, function(x) !is.null(attr(x, "contrasts")), NA)
  usual <- default_contrasts[1L + vapply(variables, is.ordered, NA)]
  set <- used[!own & !as.logical(mapply(identical, used, usual))]
  if (!length(set)) return(NULL)
  c(contrasts = paste0(
    "`options(contrasts)` of this session sets the coding of ",
    enumerate(paste0(tick(names(set)), " (", set, ")")), ". Set `options(contrasts = c(",
    paste(quoted(default_contrasts), collapse = ", "), "))` for R's default."
  ))
}

default_contrasts <- c("contr.treatment", "contr.poly")

refuse_identifier <- function(name, counts, n) {
  if (n < 10L || any(counts > 1L)) return(invisible())
  abort(
    "covariate",
    paste0(tick(name), " has a different value in each of ", n,
           " rows, so it has no hazard ratio."),
    "Remove this column from the formula, or set it as `id` if it identifies the patient."
  )
}

# kind: the contrasts of a fit, or NULL for those of the session.
treatment_coded <- function(x, kind) {
  if (!is.null(attr(x, "contrasts"))) return(FALSE)
  if (is.null(kind)) kind <- getOption("contrasts")[[1L + is.ordered(x)]]
  identical(kind, "contr.treatment")
}

# Columns of a term that is one variable, or NULL if it needs model.matrix().
simple_part <- function(terms, frame, j, contrasts) {
  factors <- attr(terms, "factors")
  name <- rownames(factors)[factors[, j] > 0]
  x <- frame[[name]]
  if (is.character(x)) {
    x <- factor(x)
    refuse_identifier(name, tabulate(x, nlevels(x)), length(x))
  }
  if (is.factor(x) || is.logical(x)) {
    if (!treatment_coded(x, contrasts[[name]]) || is.matrix(x)) return(NULL)
    levels <- if (is.factor(x)) levels(x) else c("FALSE", "TRUE")
    if (length(levels) < 2L) abort_one_level(name, levels, nrow(frame))
    k <- length(levels) - 1L
    return(list(
      values = x, column = rep.int(1L, k), level = if (is.factor(x)) 1L + seq_len(k) else 0L,
      names = paste0(name, levels[-1L]), variable = name, levels = levels
    ))
  }
  if (!is.double(x) && !is.integer(x)) return(NULL)
  if (inherits(x, "Surv")) return(NULL)
  if (!is.matrix(x)) {
    return(list(values = x, column = 1L, level = 0L, names = name, variable = name))
  }
  k <- ncol(x)
  suffix <- if (!is.null(colnames(x))) colnames(x) else if (k > 1L) seq_len(k)
  list(
    values = x, column = seq_len(k), level = integer(k), names = paste0(name, suffix),
    variable = name
  )
}

abort_one_level <- function(name, level, n) {
  rows <- count_of(n, "row")
  abort(
    "covariate",
    paste0(tick(name), " is ", quoted(level), " in all ", rows,
           " in use, so it has no hazard ratio."),
    "Remove this variable from the formula.", fields = list(one_level = name)
  )
}

# All columns by stats::model.matrix(), "assign" counting the strata terms in.
coded_matrix <- function(terms, frame, stratum, contrasts = NULL) {
  crossed <- any(stratum) && strata_crossed(terms)
  kept <- seq_along(stratum)
  if (any(stratum) && !crossed) {
    kept <- which(!stratum)
    terms <- terms[kept]
  }
  x <- steady(stats::model.matrix)(terms, frame, contrasts.arg = contrasts)
  attr(x, "assign") <- c(0L, kept)[attr(x, "assign") + 1L]
  x
}

coded_part <- function(built, j) {
  at <- which(attr(built, "assign") == j)
  list(column = at, level = integer(length(at)), names = colnames(built)[at])
}

# Rows that are of the levels of each column of an interaction, NULL where its columns are of none:
# those that are not 0 once its quantities are not.
interaction_cells <- function(terms, frame, stratum, j, built) {
  factors <- attr(terms, "factors")
  names <- rownames(factors)[factors[, j] > 0]
  kinds <- attr(built, "contrasts")
  levelled <- names %in% names(kinds)
  treated <- vapply(kinds[names[levelled]], identical, NA, "contr.treatment")
  if (!any(levelled) || !all(treated)) return(NULL)
  zero <- Filter(function(name) any(frame[[name]] == 0), names[!levelled])
  if (length(zero)) {
    for (name in zero) frame[[name]][] <- 1
    built <- coded_matrix(terms, frame, stratum, kinds)
  }
  built[, attr(built, "assign") == j, drop = FALSE] != 0
}

simple_contrasts <- function(parts) {
  coded <- Filter(function(part) !is.null(part$levels), parts)
  if (!length(coded)) return(NULL)
  stats::setNames(rep(list("contr.treatment"), length(coded)), vapply(coded, `[[`, "", "variable"))
}

# Levels of every factor and character column, as stats::.getXlevels().
frame_levels <- function(terms, frame, parts) {
  known <- lapply(parts, function(part) if (is.factor(part$values)) part$levels)
  names(known) <- vapply(
    parts, function(part) if (is.null(part$variable)) "" else part$variable, ""
  )
  n <- length(attr(terms, "variables")) - 1L
  levels <- lapply(setdiff(seq_len(n), attr(terms, "response")), function(i) {
    x <- frame[[i]]
    if (is.factor(x)) return(levels(x))
    if (!is.character(x)) return(NULL)
    found <- known[[names(frame)[i]]]
    if (is.null(found)) levels(factor(x)) else found
  })
  names(levels) <- names(frame)[setdiff(seq_len(n), attr(terms, "response"))]
  levels <- levels[lengths(levels) > 0L]
  if (length(levels)) levels
}

check_covariates <- function(terms, frame, rows) {
  for (i in covariate_columns(terms)) {
    x <- unclass(frame[[i]])
    if (!is.double(x) || is.finite(sum(x))) next
    if (is.matrix(x)) x <- rowSums(x)
    refuse_rows(
      "covariate", which(!is.finite(x)), x, rows, tick(names(frame)[i]), "must be finite",
      "Correct these values, or set them to NA to exclude these rows."
    )
  }
}

core_design <- function(design) design[c("values", "source", "column", "level")]

design_column <- function(design, j) {
  x <- design$values[[design$source[j]]]
  if (is.matrix(x)) x <- x[, design$column[j]]
  if (design$level[j] > 0L) as.double(as.integer(x) == design$level[j]) else as.double(x)
}

matrix_design <- function(x) {
  p <- ncol(x)
  list(
    values = list(x), source = rep.int(1L, p), column = seq_len(p), level = integer(p),
    names = seq_len(p)
  )
}

# The n x p matrix that coxph(x = TRUE) keeps.
dense_matrix <- function(terms, frame, contrasts = NULL) {
  attr(terms, "intercept") <- 1L
  stratum <- strata_terms(terms)
  x <- coded_matrix(terms, frame, stratum, contrasts)
  assign <- attr(x, "assign")
  kept <- !assign %in% c(0L, which(stratum))
  contrasts <- attr(x, "contrasts")
  x <- x[, kept, drop = FALSE]
  attr(x, "assign") <- assign[kept]
  attr(x, "contrasts") <- contrasts
  x
}
