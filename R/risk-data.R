# The one way in for every estimator: formula + data -> model frame, response,
# strata, weights, offset, clusters, all of them checked.

# An argument that may name a column of the data: its expression, and a function
# that forces it where it was promised.
column <- function(expr, value) list(expr = expr, value = value)

# columns: weights, subset, cluster, id as the user gave them, see column().
# frame: where the verb was called. na.action: list(value) if the user gave one,
# else NULL. outcome: "event" needs one event at least, "curve" does not, and
# "states" reads competing risks. object: whether the response is wanted as a
# Surv object too, a matrix as long as the data. source: the expression of the data, for a call that
# is proposed.
# Answer, rows in use only, in the order of the data:
#   frame      model frame; its columns are the user's own where no row went
#   terms      fit to be evaluated again on new data
#   y          Surv object, right or counting
#   response   what the core takes: time, entry, status, strata, weights, offset
#   strata     factor or NULL; cluster, id: vectors or NULL
#   rows       their numbers in the data, NULL for all; n_data rows after subset
#   left_out   response of the rows that missing values cost, see left_out_response()
#   na.action, missing (counts by variable), not_applicable (rows), event, value, unit, notes
#   coding     how survival is told of the event, see survival_coding()
#   competing  TRUE where the status has other values besides `event` and censoring
#   states     labels of the causes 1..K in response$status, if `outcome` says so
#   origin, dated, members   of a cohort: see cohort_risk()
#   others     other events among the censored: see censored_events(), of the rows in use; NULL
#   labels     what the columns' attribute "label" calls them, see column_labels()
risk_data <- function(formula, data, columns, frame, na.action = NULL, event = NULL,
                      weight_type = "case", outcome = "event", object = FALSE,
                      source = NULL) {
  formula <- check_formula(formula)
  data <- check_data(data)
  action <- if (is.null(na.action)) getOption("na.action", "na.omit") else na.action$value
  action <- resolve_na_action(action)
  parsed <- parse_formula(formula, data)
  parsed$source <- source
  variables <- attr(parsed$terms, "variables")
  where <- if (is.null(data)) "the environment of the formula" else "`data`"
  read <- explain_lookup(
    variables, data, parsed$env, where,
    read_data(parsed, data, columns, frame, event, outcome, object)
  )
  coded <- label_covariates(read$frame)
  mf <- coded$frame
  if (has_response(read$surv)) {
    check_response(.subset2(mf, 1L), event, is.null(read$surv), outcome,
                   competing_call(parsed, data, NULL, outcome))
    if (is.null(na.action)) check_missing_times(.subset2(mf, 1L), read$surv, read$rows)
  }
  kept <- handle_missing(mf, action, frame_labels(mf, read$surv), read$surv,
                         outside_endpoint(data, parsed$terms, read$rows))
  rows <- read$rows
  if (!is.null(kept$keep)) rows <- if (is.null(rows)) kept$keep else rows[kept$keep]
  frame <- kept$frame
  attr(frame, "terms") <- with_environment(attr(frame, "terms"), parsed$env)
  response <- read_response(frame, read$surv, rows, weight_type, outcome)
  id <- .subset2(frame, "(id)")
  cluster <- .subset2(frame, "(cluster)")
  gaps <- check_patients(
    id, response$response, rows, outcome == "event" && are_recurrent(id, cluster),
    after_event[[outcome]]
  )
  cohort <- cohort_risk(data, parsed$terms, rows)
  if (is.null(cohort)) cohort <- plain_dated(data, parsed$terms, response$response, rows)
  said <- if (is.null(read$surv)) cohort else read$surv
  c(
    list(
      frame = frame, terms = attr(frame, "terms"), y = if (object) .subset2(frame, 1L),
      rows = rows, n_data = nrow(mf)
    ),
    response, kept[c("na.action", "missing", "not_applicable")],
    if (object && length(kept$na.action)) {
      list(left_out = left_out_response(mf, as.integer(kept$na.action), weight_type))
    },
    said[c("event", "value", "unit", "competing", "coding")],
    list(notes = c(read$surv$notes, gaps, cohort$notes, coded$notes)),
    cohort[c("origin", "dated", "members")],
    list(others = rows_of_others(said$others, rows)),
    list(cluster = cluster, id = id, cluster_expr = parsed$cluster),
    if (outcome == "states") list(states = state_labels(.subset2(frame, 1L), read$surv)),
    list(labels = column_labels(parsed, data, outcome))
  )
}

rows_of_others <- function(others, rows) {
  if (is.null(others)) return(NULL)
  if (!is.null(rows)) others$status <- others$status[rows]
  if (any(others$status == 2L, na.rm = TRUE)) others
}

# What to do about rows of a patient after the event, by the outcome.
after_event <- c(
  event = paste("Keep each patient's rows up to the event. If events recur, set `cluster` in",
                "place of `id`."),
  curve = paste("Keep each patient's rows up to the event. If events recur, use lms_cox() with",
                "`cluster`."),
  states = paste("Keep each patient's rows up to the first event; survival::survfit() has",
                 "multi-state models.")
)

# What the attribute "label" of the data's columns calls the variables of the formula that
# read one column each; the time of Surv() stands under "(time)".
column_labels <- function(parsed, data, outcome) {
  if (!is.list(data)) return(NULL)
  variables <- as.list(attr(parsed$terms, "variables"))[-1L]
  names <- c("(time)", vapply(variables[-1L], deparse1, ""))
  if (is_surv_call(variables[[1L]])) {
    variables[[1L]] <- surv_args(variables[[1L]], data, parsed$env, outcome)$time
  }
  labels <- lapply(variables, function(expr) {
    read <- all.vars(expr)
    if (length(read) == 1L) label_of(data[[read]])
  })
  unlist(stats::setNames(labels, names))
}

# Labeled numbers among the covariates as factors, and what must be said of codes.
label_covariates <- function(frame) {
  notes <- character()
  terms <- attr(frame, "terms")
  classes <- attr(terms, "dataClasses")
  for (i in covariate_columns(terms)) {
    x <- frame[[i]]
    name <- names(frame)[i]
    refuse_kind(x, name)
    if (is.factor(x)) frame[[i]] <- x <- name_na_level(x)
    if (inherits(x, "haven_labelled")) {
      read <- as_category(x, name)
      frame[[i]] <- read$x
      classes[[name]] <- if (is.factor(read$x)) "factor" else "numeric"
      if (!is.null(read$note)) notes <- c(notes, codes = paste0(tick(name), read$note))
    } else if (is_ordered_column(x, name)) {
      notes <- c(notes, contrasts = paste0(
        tick(name), ": an ordered factor, fitted by polynomial contrasts (.L is the trend). ",
        "`factor(", name, ", ordered = FALSE)` compares with ", quoted(levels(x)[1L]), "."
      ))
    }
  }
  attr(frame, "terms") <- structure(terms, dataClasses = classes)
  list(frame = frame, notes = notes)
}

# A level that is NA, as addNA() makes it, under a name.
name_na_level <- function(x) {
  na <- is.na(levels(x))
  if (any(na)) levels(x)[na] <- if ("NA" %in% levels(x)) "(NA)" else "NA"
  x
}

# What no design has columns for, and what R would read wrongly.
refuse_kind <- function(x, name) {
  way_out <- if (is.raw(x) || inherits(x, "integer64")) {
    paste0("Make it numeric: `as.numeric(", name, ")`.")
  } else if (is.complex(x)) {
    paste0("Use its real part: `Re(", name, ")`.")
  } else if (is.matrix(x) && !is.numeric(x)) {
    "Give each column as a variable."
  }
  if (is.null(way_out)) return(invisible())
  abort("covariate", paste0(tick(name), " must be numbers or categories, not ", describe(x), "."),
        way_out)
}

# Who writes ordered() in the formula, or sets contrasts, knows.
is_ordered_column <- function(x, name) {
  is.ordered(x) && nlevels(x) > 2L && make.names(name) == name &&
    is.null(attr(x, "contrasts")) && getOption("contrasts")[[2L]] == "contr.poly"
}

read_data <- function(parsed, data, columns, frame, event, outcome, object) {
  columns <- lapply(stats::setNames(nm = names(columns)), function(name) {
    read_column(columns[[name]], name, data, frame, parsed$env)
  })
  if (is.null(columns$id)) columns$id <- period_id(data)
  if (!is.null(parsed$cluster)) {
    if (is.null(columns$cluster)) columns$cluster <- eval(parsed$cluster, data, parsed$env)
    else warn("cluster", "`cluster` is used, and the cluster() in the formula is ignored.")
  }
  rows <- rows_in_use(columns$subset, if (is.data.frame(data)) nrow(data))
  lhs <- parsed$terms[[2L]]
  surv <- if (is_surv_call(lhs)) {
    read_surv(lhs, data, parsed$env, event, rows, outcome, object,
              cuminc = function(causes) competing_call(parsed, data, causes, outcome))
  }
  list(surv = surv, rows = rows, frame = model_frame(parsed, data, columns, rows, surv))
}

check_data <- function(data) {
  if (is.data.frame(data) && !nrow(data)) abort("no_rows", "`data` has no rows.")
  if (is.matrix(data)) return(as.data.frame(data))
  if (is.null(data) || is.list(data) || is.environment(data)) return(data)
  if (inherits(data, "formula")) abort_swapped()
  abort("argument", paste0("`data` must be a data frame, not ", describe(data), "."))
}

# A column of the data, a vector or an expression: looked up in the data, then
# where the verb was called, then where the formula was made. A string is the
# name of a column.
read_column <- function(column, name, data, frame, env) {
  if (is.null(column)) return(NULL)
  value <- look_up(column, name, data, list(frame, env))
  if (is.character(value) && length(value) == 1L && !is.null(data)) {
    if (name == "subset" && is.numeric(data[[value]])) {
      abort(
        "argument",
        "`subset` is a column of numbers, not of TRUE and FALSE.",
        "Write a condition, such as `subset = age > 50`."
      )
    }
    if (!value %in% names(data)) {
      abort(
        "column",
        paste0("`data` has no column ", quoted(value), "."),
        did_you_mean(value, names(data))
      )
    }
    value <- data[[value]]
  }
  value
}

look_up <- function(column, name, data, places) {
  for (env in places) {
    value <- tryCatch(list(eval(column$expr, data, env)), error = function(e) NULL)
    if (!is.null(value) && !is.function(value[[1L]])) return(value[[1L]])
  }
  tryCatch(column$value(), error = function(e) {
    if (inherits(e, "lmsurv_error")) stop(e)
    absent <- setdiff(all.vars(column$expr), names(data))
    abort(
      "data",
      paste0("`", name, "`: ", conditionMessage(e), "."),
      if (length(absent)) did_you_mean(absent[1L], names(data))
    )
  })
}

# n: number of rows, or NULL where the data do not tell. Row numbers may repeat.
rows_in_use <- function(subset, n) {
  if (is.null(subset)) return(NULL)
  flags <- is.logical(subset)
  ok <- flags && (is.null(n) || length(subset) == n) || is.numeric(subset) && !anyNA(subset)
  if (ok && flags) {
    subset <- which(subset)
  } else if (ok && any(subset < 0)) {
    if (!is.null(n)) subset <- seq_len(n)[subset]
    ok <- !is.null(n)
  }
  if (!ok || (!is.null(n) && any(subset < 1 | subset > n))) {
    abort("argument", paste0(
      "`subset` must be TRUE or FALSE for each row", if (!is.null(n)) paste0(" (", n, ")"),
      ", or row numbers, not ", describe(subset), "."
    ))
  }
  if (!length(subset)) abort("no_rows", "`subset` excludes every row.", "Check its condition.")
  subset
}

# stats::model.frame() copies no column. Surv() is not evaluated again: the
# formula finds there the response that is already made, or, where nobody needs
# it, the numbers of the rows.
model_frame <- function(parsed, data, columns, rows, surv) {
  terms <- parsed$terms
  if (!is.null(surv)) {
    y <- if (is.null(surv$y)) seq_along(surv$time) else surv$y
    env <- list2env(list(Surv = function(...) y, strata = plain_strata), parent = parsed$env)
    terms <- with_environment(terms, env)
  }
  args <- list(formula = terms, na.action = stats::na.pass)
  args$data <- data
  args$subset <- rows
  extra <- columns[c("weights", "cluster", "id")]
  check_column_lengths(extra, data, surv)
  args <- c(args, extra[!vapply(extra, is.null, logical(1))])
  mf <- do.call(steady(stats::model.frame.default), args)
  if (!has_response(surv)) {
    terms <- attr(mf, "terms")
    classes <- attr(terms, "dataClasses")
    classes[[1L]] <- if (is.null(surv$entry)) "nmatrix.2" else "nmatrix.3"
    attr(mf, "terms") <- structure(terms, dataClasses = classes)
  }
  mf
}

# survival's strata(), at once for the commonest case: strings or a factor, all of
# whose levels have rows.
plain_strata <- function(...) {
  x <- if (...length() == 1L && is.null(names(sys.call()))) ..1
  if (is.character(x) && !is.object(x)) x <- factor(x)
  if (is.factor(x) && !anyNA(x) && all(tabulate(x, nlevels(x)) > 0L)) {
    return(structure(as.integer(x), levels = levels(x), class = "factor"))
  }
  for (value in list(...)) {
    if (inherits(value, "POSIXlt") || is.raw(value)) {
      abort("covariate", paste0("strata() must have categories, not ", describe(value), "."),
            "Convert the variable to a factor or a number.")
    }
  }
  call <- sys.call()
  call[[1L]] <- survival::strata
  eval(call, parent.frame())
}

with_environment <- function(terms, env) {
  environment(terms) <- env
  terms
}

check_column_lengths <- function(columns, data, surv) {
  n <- if (is.data.frame(data)) nrow(data) else if (!is.null(surv)) length(surv$time)
  if (is.null(n)) return(invisible())
  for (name in names(columns)) {
    if (is.null(columns[[name]])) next
    if (is.function(columns[[name]]) || is.list(columns[[name]]) || length(columns[[name]]) != n) {
      abort(
        "argument",
        paste0(
          tick(name), " must have one value per row (", n, "), not be ", describe(columns[[name]]),
          "."
        )
      )
    }
  }
}

# An error from evaluating variables, put in the user's terms. where: what the
# user calls the place that has them.
explain_lookup <- function(variables, data, env, where, expr, class = "data") {
  tryCatch(expr, error = function(e) {
    if (inherits(e, "lmsurv_error")) stop(e)
    names <- unique(unlist(lapply(as.list(variables)[-1L], inner_names)))
    names <- names[nzchar(names) & make.names(names) == names]
    absent <- names[!names %in% names(data) & !vapply(names, is_variable, logical(1), env = env)]
    if (!length(absent)) abort_evaluation(class, variables, env, conditionMessage(e))
    known <- if (is.null(data)) ls(env) else names(data)
    hint <- did_you_mean(absent[1L], known)
    if (is.null(hint) && is.null(data)) {
      hint <- "Set the data frame that has these columns: `data = cohort`."
    }
    abort(class, paste0("There is no ", enumerate(tick(absent), "or"), " in ", where, "."), hint)
  })
}

# Not a variable that was missing: a function, or what R itself had to say.
abort_evaluation <- function(class, variables, env, message) {
  calls <- unique(called_names(variables))
  unknown <- calls[!vapply(calls, exists, logical(1), envir = env, mode = "function")]
  if (!length(unknown)) {
    abort(class, sub("[.]*$", ".", plain_reason(message)),
          if (startsWith(message, "invalid type (list)")) {
            "Use a column with one value per row; as.POSIXct() makes one of a POSIXlt."
          })
  }
  name <- unknown[1L]
  abort(
    class, paste0("There is no function ", name, "()."),
    if (name %in% c("ns", "bs")) paste0("Write `splines::", name, "()`."),
    did_you_mean(name, c("Surv", "strata", "cluster", "offset"))
  )
}

# What R says of a variable, without its inner names.
plain_reason <- function(message) {
  message <- sub("^variable lengths differ \\(found for '(.*)'\\)$",
                 "`\\1` must have one value per row", message)
  message <- sub("^invalid type \\(NULL\\) for variable '(.*)'$",
                 "`\\1` is NULL: there is no such column", message)
  message <- sub("^invalid type \\((.*)\\) for variable '(.*)'$",
                 "`\\2` must have one value per row, not be a \\1", message)
  sub("^object of type '(closure|builtin)' is not subsettable$",
      "a function is written where a data frame is meant", message)
}

is_variable <- function(name, env) {
  value <- get0(name, envir = env)
  !is.null(value) && !is.function(value)
}

# What a user calls the columns of a model frame.
frame_labels <- function(frame, surv) {
  labels <- names(frame)
  extra <- grepl("^\\((weights|cluster|id)\\)$", labels)
  labels[extra] <- gsub("[()]", "", labels[extra])
  if (!is.null(surv)) {
    role <- if (anyNA(surv$time) || !"status" %in% names(surv$labels)) "time" else "status"
    labels[1L] <- surv$labels[[role]]
  }
  labels
}
