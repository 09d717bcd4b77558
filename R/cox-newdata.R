# New data coded as the model's own: same levels, same columns, same strata.

# Rows to predict from newdata, see own_rows(). by_stratum: whether their
# stratum matters; timed: whether their follow-up does.
new_rows <- function(object, newdata, na.action, by_stratum, timed) {
  terms <- stats::delete.response(object$terms)
  skip <- if (!by_stratum && !strata_crossed(terms)) attr(terms, "specials")$strata
  frame <- new_frame(object, newdata, skip)
  if (timed) {
    time <- new_times(object, newdata)
    frame[names(time)] <- time
  }
  frame <- resolve_na_action(na.action)(frame)
  x <- if (length(object$coefficients)) dense_matrix(
    terms, frame, object$contrasts
  ) else matrix(0, nrow(frame), 0L)
  offset <- attr(terms, "offset")
  list(
    x = x, eta = as.vector(centred(x, object$means) %*% zero_aliased(object)), own = FALSE,
    offset = if (length(offset)) Reduce(`+`, frame[deparse_variables(terms)[offset]]),
    stratum = if (by_stratum) new_strata(object, terms, frame),
    response = list(time = frame[["(time)"]], entry = frame[["(entry)"]]),
    names = row.names(frame), na.action = attr(frame, "na.action")
  )
}

# The variables of the right side of the model, evaluated in newdata without
# dropping a row. skip: numbers of variables that are not needed.
new_frame <- function(object, newdata, skip = NULL) {
  if (!is.data.frame(newdata)) {
    abort("newdata", paste0("`newdata` must be a data frame, not ", describe(newdata), "."))
  }
  terms <- stats::delete.response(object$terms)
  env <- environment(object$terms)
  code <- as.list(attr(terms, "predvars"))[-1L]
  names(code) <- deparse_variables(terms)
  strata <- names(code)[attr(terms, "specials")$strata]
  if (length(skip)) code <- code[-skip]
  frame <- explain_lookup(
    attr(terms, "variables"), newdata, env, "`newdata`", lapply(code, eval, newdata, env), "newdata"
  )
  classes <- attr(object$terms, "dataClasses")
  for (name in names(frame)) {
    if (NROW(frame[[name]]) != nrow(newdata)) {
      abort(
        "newdata",
        paste0(
          tick(name), " has ", NROW(frame[[name]]), " values for ", count_of(nrow(newdata), "row"),
          " of `newdata`."
        )
      )
    }
    levels <- object$xlevels[[name]]
    if (is.null(levels)) {
      check_new_class(frame[[name]], name, classes[[name]])
    } else {
      x <- frame[[name]]
      if (inherits(x, "haven_labelled")) frame[[name]] <- as_category(x, name)$x
      if (is.factor(frame[[name]])) frame[[name]] <- name_na_level(frame[[name]])
      frame[[name]] <- with_levels(frame[[name]], levels, name, name %in% strata)
    }
  }
  structure(frame, class = "data.frame", row.names = attr(newdata, "row.names"), terms = terms)
}

check_new_class <- function(x, name, class) {
  wants <- if (class == "logical") "logical" else if (grepl("^(numeric|nmatrix)", class)) "numeric"
  ok <- is.null(wants) || all(is.na(x)) || switch(wants,
    logical = is.logical(x),
    numeric = is.numeric(x)
  )
  if (!ok) {
    abort(
      "newdata",
      paste0(
        tick(name), " must be ", wants, " in `newdata`, as in the model, not ", describe(x), "."
      )
    )
  }
}

# A factor with the levels of the model. Labels of strata() are padded to the
# longest level at hand, so they are compared without blanks.
with_levels <- function(x, levels, name, stratum, where = "`newdata`") {
  values <- as.character(x)
  codes <- if (stratum) match(
    gsub(" ", "", values), gsub(" ", "", levels)
  ) else match(values, levels)
  unseen <- which(is.na(codes) & !is.na(values))
  if (length(unseen)) {
    abort(
      "newdata",
      paste0(
        tick(name), " must be a level of the model, not ", quoted(values[unseen[1L]]),
        " (row ", unseen[1L], " of ", where, ")."
      ),
      row_count(unseen, length(values)),
      paste0("The levels of the model are ", enumerate(quoted(levels), max = 10L), ".")
    )
  }
  factor(levels[codes], levels = levels)
}

new_strata <- function(object, terms, frame) {
  columns <- deparse_variables(terms)[attr(terms, "specials")$strata]
  strata <- combine_strata(frame[columns])
  as.integer(with_levels(strata, levels(object$strata), enumerate(columns), TRUE))
}

# Follow-up of the rows of newdata: columns (time) and (entry). The status is
# not needed, and not looked at.
new_times <- function(object, newdata) {
  lhs <- object$terms[[2L]]
  env <- environment(object$terms)
  parts <- tryCatch(
    if (is_surv_call(lhs)) surv_times(lhs, newdata, env) else split_surv(eval(lhs, newdata, env)),
    error = function(e) {
      wanted <- if (is_surv_call(lhs)) surv_args(lhs)[c("time", "entry")] else lhs
      names <- setdiff(unlist(lapply(as.list(wanted), inner_names)), names(newdata))
      abort(
        "newdata",
        paste0(
          "`newdata` has no ", enumerate(tick(names), "or"),
          ", so the time of the prediction is unknown."
        ),
        "Add this column, or set `times = c(365, 730)`."
      )
    }
  )
  parts <- parts[c("time", "entry")]
  names(parts) <- c("(time)", "(entry)")
  parts[lengths(parts) > 0L]
}

surv_times <- function(call, data, env) {
  args <- surv_args(call, data, env)
  origin <- if (is.null(args$origin)) 0 else eval(args$origin, data, env)
  lapply(
    args[intersect(c("time", "entry"), names(args))],
    function(arg) as_time(eval(arg, data, env), origin)
  )
}
