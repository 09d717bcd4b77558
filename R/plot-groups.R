# What the curves of a figure are called, and by which variables they are told apart.

# A row for each curve: the values of the variables, those of a survfit read from the names of
# its strata where each is a variable's name and value.
curve_variables <- function(fit, names) {
  none <- data.frame(row.names = seq_along(names))
  if (inherits(fit, c("lms_km", "lms_cuminc"))) {
    if (is.null(fit$variables) || !length(fit$variables)) return(none)
    variables <- fit$variables
  } else {
    parts <- strsplit(names, ", ", fixed = TRUE)
    if (length(names) < 2L || any(lengths(parts) != length(parts[[1L]]))) return(none)
    parts <- do.call(rbind, parts)
    heads <- sub("=.*$", "", parts[1L, ])
    own <- vapply(seq_along(heads), function(j) all(startsWith(parts[, j], paste0(heads[j], "="))),
                  NA)
    if (!all(own) || anyDuplicated(heads)) return(none)
    values <- trimws(substring(parts, rep(nchar(heads) + 2L, each = nrow(parts))))
    variables <- lapply(seq_along(heads), function(j) {
      column <- values[seq_len(nrow(parts)) + (j - 1L) * nrow(parts)]
      factor(column, unique(column))
    })
    variables <- as.data.frame(stats::setNames(variables, heads), optional = TRUE)
  }
  as_plot_columns(variables)
}

# Variables as columns beside those of the curves.
as_plot_columns <- function(variables) {
  reserved <- c("time", "estimate", "conf.low", "conf.high", "n.risk", "n.event", "n.censor",
                ".group", ".cause", ".curve", "counts")
  clash <- names(variables) %in% reserved
  names(variables)[clash] <- paste0("group.", names(variables)[clash])
  variables[] <- lapply(variables, say_yes)
  variables
}

# group: what the legend calls the curves, without `var=`; title: of the legend; curve: each curve
# by all variables; apart: the variables that are not in `group`.
group_labels <- function(fit, variables, names, by) {
  if (!is.null(by)) check_by(by, names(variables))
  if (!length(variables)) {
    groups <- factor(names, unique(names))
    return(list(group = groups, title = NULL, curve = groups, apart = character()))
  }
  chosen <- if (is.null(by)) names(variables) else by
  text <- cross_names(variables[chosen])
  order <- do.call(base::order, unname(lapply(variables[chosen], as.integer)))
  titles <- unclass(fit)$labels[chosen]
  plain <- plain_name(chosen)
  titles <- if (is.null(titles)) plain else ifelse(is.na(titles), plain, titles)
  curves <- cross_names(variables)
  list(group = factor(text, unique(text[order])), title = paste(titles, collapse = ", "),
       curve = factor(curves, unique(curves)), apart = setdiff(names(variables), chosen))
}

cross_names <- function(variables) {
  do.call(paste, c(unname(lapply(variables, as.character)), sep = ", "))
}

cross_values <- function(columns) {
  do.call(paste, c(unname(lapply(columns, as.character)), sep = "\r"))
}

check_by <- function(by, known) {
  unknown <- if (is.character(by)) setdiff(by, known) else by
  if (!length(unknown) && length(by)) return(by)
  if (!length(known)) {
    abort("argument", "`by` needs curves by group, but these curves have no groups.",
          "Fit the curves by group: `lms_km(Surv(time, status) ~ group, data)`.")
  }
  abort(
    "argument",
    paste0("`by` must be among the variables ", enumerate(quoted(known)), ", not ",
           if (is.character(by)) format_value(unknown[1L]) else describe(by), "."),
    if (is.character(by)) did_you_mean(unknown[1L], known)
  )
}

# What the test compares, and its strata: a value of each for each curve. NULL where strata()
# alone tell the curves apart.
tested_groups <- function(fit, variables) {
  if (!length(variables)) return(NULL)
  columns <- if (inherits(fit, "lms_km")) attr(fit$terms, "specials")$strata
  strata <- FALSE
  if (!is.null(columns)) {
    names <- vapply(as.list(attr(fit$terms, "variables"))[-1L], deparse1, "")
    strata <- names(variables) %in% names[columns]
  }
  if (all(strata)) return(NULL)
  list(group = cross_values(variables[!strata]),
       strata = if (any(strata)) cross_values(variables[strata]))
}
