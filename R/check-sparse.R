# Checks of how many events there are for what a Cox model estimates.

find_few_events <- function(fit, given) {
  p <- sum(!is.na(fit$coefficients))
  if (!p || fit$nevent >= 10 * p) return(note())
  per <- fit$nevent / p
  room <- fit$nevent %/% 10
  note(
    "events_per_parameter", if (per < 5) "serious" else "caution",
    paste0(
      count_of(p, "coefficient"), if (p == 1L) " is" else " are", " estimated from ",
      count_of(fit$nevent, "event"), ": ", format(signif(per, 2L)),
      " for each, where 10 are advised."
    ),
    paste0(
      if (p == 1L) {
        "Report how few events there are"
      } else {
        paste0("Keep the ", if (room > 1) paste(room, "that matter") else "one that matters",
               " most, chosen beforehand")
      },
      if (is.null(no_penalty(fit))) ", or lessen the bias by Firth's penalty." else "."
    ),
    code = penalty_code(fit, given),
    n = fit$n, events = fit$nevent, value = per
  )
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

# Rows and events by level, with those of numeric 0/1 columns that may have few.
# Columns of level_table but kind and label, and `reference`.
level_counts <- function(fit) {
  table <- fit$level_table
  counted <- table[!is.na(table$level), c("term", "level", "n", "events", "coef")]
  counted$reference <- counted$coef == 0L
  unclear <- which(is.na(table$level) & may_be_sparse(fit)[pmax(table$coef, 1L)])
  binary <- lapply(unclear, function(i) binary_counts(fit, table[i, ]))
  do.call(rbind, c(list(counted), binary))
}

# The mean that a fit keeps of a column of -1, 0 and 1 is 0.
binary_counts <- function(fit, row) {
  x <- fit$model[[row$term]]
  plain <- is.numeric(x) && !is.matrix(x) && identical(fit$means[[row$coef]], 0)
  if (!plain || is.na(fit$coefficients[[row$coef]])) return(NULL)
  if (any(x < 0)) return(NULL)
  y <- kept_response(fit)
  one <- x == 1
  dead <- .subset(y, TRUE, ncol(y)) == 1
  weights <- if (identical(fit$weight_type, "frequency")) fit$weights
  n <- if (is.null(weights)) c(sum(!one), sum(one)) else c(sum(weights[!one]), sum(weights[one]))
  events <- if (is.null(weights)) {
    c(sum(dead & !one), sum(dead & one))
  } else {
    c(sum(weights[dead & !one]), sum(weights[dead & one]))
  }
  data.frame(
    term = row$term, level = c("0", "1"), n = n, events = events, coef = row$coef,
    reference = c(TRUE, FALSE)
  )
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

find_sparse_levels <- function(fit, given) {
  rbind(few_in_level(fit, given), small_references(fit, given))
}

few_in_level <- function(fit, given) {
  few <- sparse_levels(fit)
  if (!nrow(few)) return(note())
  note(
    "sparse_level", "caution",
    paste0(
      tick(few$term), " = ", quoted(few$level), ": ", counts_of(few$events, "event"), " in ",
      counts_of(few$n, "row"), ifelse(few$reference, " (the reference).", ".")
    ),
    paste0(
      "Merge such levels with others of their kind",
      if (is.null(no_penalty(fit))) ", or take Firth's penalty." else "."
    ),
    code = merge_code(fit, few, given), variable = few$term, level = few$level, n = few$n,
    events = few$events
  )
}

counts_of <- function(n, what) {
  vapply(n, function(k) if (is.na(k)) NA_character_ else count_of(k, what), "")
}

# A line for the first variable of which two levels or more are sparse.
merge_code <- function(fit, few, given) {
  penalty <- penalty_code(fit, given)
  data <- fit$call$data
  vapply(few$term, function(term) {
    levels <- few$level[few$term == term]
    x <- fit$model[[term]]
    lone <- is.name(data) && make.names(data) == data && make.names(term) == term
    if (length(levels) < 2L || length(levels) == sum(fit$level_table$term == term) || !lone) {
      return(penalty)
    }
    column <- paste0(data, "$", term)
    merged <- paste0("c(", paste0("\"", levels, "\"", collapse = ", "), ")")
    if (is.factor(x)) {
      paste0("levels(", column, ")[levels(", column, ") %in% ", merged, "] <- \"other\"")
    } else if (is.character(x)) {
      paste0(column, "[", column, " %in% ", merged, "] <- \"other\"")
    } else {
      penalty
    }
  }, "", USE.NAMES = FALSE)
}

# With two levels the choice of the reference changes no interval.
small_references <- function(fit, given) {
  counts <- fit$level_table
  counts <- counts[!is.na(counts$level), ]
  size <- table(counts$term)
  total <- sum(counts$n[counts$term == counts$term[1L]])
  small <- counts$coef == 0L & size[counts$term] > 2L & counts$n < 0.05 * total &
    counts$events >= 5
  small <- counts[small, ]
  if (!nrow(small)) return(note())
  largest <- largest_level(counts, small$term, "n")
  note(
    "small_reference", "note",
    paste0(
      tick(small$term), ": the reference ", quoted(small$level), " has ",
      counts_of(small$n, "row"), " of ", format_count(total), "."
    ),
    paste0("Take a large level as the reference, such as ", quoted(largest), "."),
    code = relevel_code(fit, given, small$term, largest), variable = small$term,
    level = small$level, n = small$n, events = small$events
  )
}

relevel_code <- function(fit, given, term, level) {
  is_factor <- vapply(term, function(name) is.factor(fit$model[[name]]), NA)
  x <- ifelse(is_factor, term, paste0("factor(", term, ")"))
  paste0(given$refit, ". ~ . - ", term, " + relevel(", x, ", ", quoted(level), "))")
}

find_infinite <- function(fit, given) {
  if (!length(fit$infinite)) return(note())
  at <- fit$infinite_at
  counts <- level_counts(fit)
  counts <- counts[!counts$reference, ][match(at, counts$coef[!counts$reference]), ]
  term <- coefficient_terms(fit)[at]
  variable <- ifelse(is.na(counts$term), term, counts$term)
  named <- paste0(
    tick(variable), " = ", quoted(counts$level), " (", counts_of(counts$events, "event"), " in ",
    counts_of(counts$n, "row"), ")"
  )
  why_not <- no_penalty(fit)
  empty <- empty_references(fit, variable)
  single <- !variable %in% empty$term
  found <- rbind(empty_reference_notes(fit, given, empty, variable), note(
    "infinite_coefficient", "serious",
    paste0(
      ifelse(is.na(counts$level), tick(names(fit$infinite)), named),
      ": the hazard ratio runs to ", infinite_end(fit$infinite), "."
    ),
    if (is.null(why_not)) {
      "Report Firth's penalised estimate with its profile interval, given below."
    } else {
      "Merge the level with another, or leave the variable out."
    },
    code = penalty_code(fit, given),
    variable = variable, level = counts$level, n = counts$n, events = counts$events,
    value = exp(fit$infinite), coef = at
  )[single, ])
  if (is.null(why_not)) attr(found, "ratios") <- firth_ratios(fit)
  found
}

# Of each variable the level with the largest number, by name of its column.
largest_level <- function(counts, terms, number) {
  vapply(terms, function(term) {
    rows <- counts[counts$term == term, ]
    rows$level[which.max(rows[[number]])]
  }, "")
}

# Reference levels without an event, of variables of which two ratios or more run to
# infinity for that reason.
empty_references <- function(fit, variable) {
  counts <- level_counts(fit)
  counts <- counts[counts$reference & counts$events == 0, ]
  counts[counts$term %in% variable[duplicated(variable)], ]
}

empty_reference_notes <- function(fit, given, empty, variable) {
  if (!nrow(empty)) return(note())
  best <- largest_level(fit$level_table, empty$term, "events")
  note(
    "infinite_coefficient", "serious",
    paste0(
      tick(empty$term), ": the reference ", quoted(empty$level), " has 0 events in ",
      counts_of(empty$n, "row"), ", so that the hazard ratios of ",
      vapply(empty$term, function(term) sum(variable == term), 0L), " levels run to infinity."
    ),
    paste0("Take a level with many events as the reference, such as ", quoted(best), "."),
    code = relevel_code(fit, given, empty$term, best), variable = empty$term,
    level = empty$level, n = empty$n, events = 0, value = Inf
  )
}

coefficient_terms <- function(fit) {
  out <- rep(NA_character_, length(fit$coefficients))
  for (label in names(fit$assign)) out[fit$assign[[label]]] <- label
  out
}

# The ratios that run away by both likelihoods, with profile intervals.
firth_ratios <- function(fit) {
  at <- fit$infinite_at
  penalised <- suppressWarnings(quiet(fit_frame(fit, fit$model, "firth")))
  rbind(profile_ratios(fit, at, "ordinary"), profile_ratios(penalised, at, "firth"))
}

# What a ratio is of. at: numbers of coefficients.
ratio_columns <- function(fit, at) {
  row <- fit$level_table[match(at, fit$level_table$coef), ]
  data.frame(coefficient = names(fit$coefficients)[at], coef = at, term = row$term,
             level = row$level, row.names = NULL)
}

profile_ratios <- function(fit, at, method) {
  ordinary <- method == "ordinary"
  robust <- !is.null(fit$naive.var)
  limits <- if (robust) {
    matrix(NA_real_, length(at), 2L)
  } else {
    profile_limits(fit, at, fit$conf_level)
  }
  chisq <- rep(NA_real_, length(at))
  if (!ordinary) chisq <- penalised_chisq(fit)[at]
  data.frame(
    ratio_columns(fit, at), method = method,
    estimate = unname(exp(if (ordinary) fit$infinite else fit$coefficients[at])),
    conf.low = exp(limits[, 1L]), conf.high = exp(limits[, 2L]),
    p.value = stats::pchisq(chisq, 1, lower.tail = FALSE), row.names = NULL
  )
}

find_strata <- function(fit, given) {
  strata <- fit$strata
  if (is.null(strata) || is.null(given$response)) return(note())
  events <- tabulate(strata[given$response$status == 1L], nlevels(strata))
  if (sum(events > 0L) > 1L) return(note())
  at <- which(events > 0L)
  note(
    "single_stratum", "caution",
    paste0(
      "All ", count_of(sum(events), "event"), " are in one of ", nlevels(strata), " strata, ",
      quoted(levels(strata)[at]), "."
    ),
    "Check the strata, or leave the others out.",
    level = levels(strata)[at], n = tabulate(strata, nlevels(strata))[at], events = sum(events)
  )
}

find_shared_patients <- function(fit, given) {
  if (!is.null(fit$naive.var)) return(note())
  id <- fit$model[["(id)"]]
  # A cohort has one row for each patient, known by the word for its start.
  if (is.null(id) && is.null(fit$origin)) {
    return(skipped("`id` of lms_cox() can say whose row it is"))
  }
  if (is.null(id) || !is.null(given$response$entry)) return(note())
  patients <- length(unique(id))
  if (patients == length(id)) return(note())
  note(
    "shared_patient", "serious",
    paste0(
      "The ", count_of(length(id), "row"), " are of ", count_of(patients, "patient"),
      ", but the variance takes them for independent."
    ),
    "Use the robust variance.", code = paste0(given$refit, "robust = TRUE)"), n = length(id)
  )
}

# Codes such as 0, 1, 2 or stage 1 to 4: three to eight whole numbers in a row.
find_codes <- function(fit, given) {
  table <- fit$level_table
  rows <- lapply(which(is.na(table$level)), function(i) {
    x <- fit$model[[table$term[i]]]
    if (looks_coded(x)) code_note(fit, given, table$term[i], x)
  })
  do.call(rbind, c(list(note()), rows))
}

looks_coded <- function(x) {
  if (!is.numeric(x) || is.matrix(x) || inherits(x, "AsIs")) return(FALSE)
  range <- range(x)
  if (diff(range) < 2 || diff(range) > 7 || any(x != floor(x))) return(FALSE)
  length(unique(x)) == diff(range) + 1
}

code_note <- function(fit, given, term, x) {
  values <- sort(unique(x))
  p <- nonlinearity(fit, term, x)
  better <- isTRUE(p < 0.05)
  lone <- make.names(term) == term
  note(
    "code_as_number", if (better) "caution" else "note",
    paste0(
      tick(term), " has the values ", enumerate(values, max = 8L), " and is fitted as one slope",
      if (!is.na(p)) paste0(if (better) "; as levels it fits better" else
        "; as levels it fits no better", " (p ", p_equals(p), ")"), "."
    ),
    "If they are codes of categories, say so; if they are counts, all is well.",
    code = if (lone) paste0(given$refit, ". ~ . - ", term, " + factor(", term, "))") else NA,
    variable = term, n = length(x), p.value = p
  )
}

# Likelihood ratio test of levels against one slope.
nonlinearity <- function(fit, term, x) {
  if (!is.null(fit$naive.var) || is_penalised(fit) || length(fit$infinite)) return(NA_real_)
  frame <- fit$model
  frame[[term]] <- factor(x)
  # The deviations from a line: all levels but the first two, beside the line.
  levels <- tryCatch(suppressWarnings(quiet(fit_frame(fit, frame))), error = function(e) NULL)
  if (is.null(levels)) return(NA_real_)
  df <- sum(!is.na(levels$coefficients)) - sum(!is.na(fit$coefficients))
  lost <- 2 * (levels$loglik[2L] - fit$loglik[2L])
  if (df < 1) NA_real_ else stats::pchisq(max(lost, 0), df, lower.tail = FALSE)
}
