# Single patients who change a hazard ratio.

# A ratio is named that changes by more than 20%, and by more standard errors than one patient can
# by chance; with fewer events for each coefficient single patients always change something.
influence_limit <- 0.2
influence_errors <- function(n) if (n < 100) 1.5 else 1
influence_events <- 10

find_influential <- function(fit, given) {
  why_not <- if (is.null(given$design)) {
    "no frame"
  } else if (fit$method == "exact") {
    "exact ties"
  } else if (length(fit$infinite)) {
    "infinite"
  } else if (!fit$converged) {
    "not converged"
  } else if (fit$nevent < influence_events * sum(!is.na(fit$coefficients))) {
    "few events"
  }
  if (!is.null(why_not)) return(not_checked("influential_patient", why_not))
  at <- judged_coefficients(fit, given$design)
  if (!length(at)) return(finding(character()))
  id <- fit$model[["(id)"]]
  patient <- if (is.null(id)) seq_along(given$response$time) else match(id, unique(id))
  unit <- vapply(at, function(j) typical_difference(given$design, j), 0)
  candidates <- influence_candidates(fit, given, at, unit, patient)
  exact <- influence_exact(fit, given, unique(unlist(candidates)), patient)
  bind_findings(Map(function(j, unit, tried) {
    influence_finding(fit, given, j, unit, tried, exact, patient)
  }, at, unit, candidates))
}

# Coefficients that mean something alone, and not of sparse levels.
judged_coefficients <- function(fit, design) {
  few <- sparse_levels(fit)
  hidden <- few$coef
  for (term in few$term[few$reference]) hidden <- c(hidden, fit$assign[[term]])
  setdiff(simple_coefficients(fit, design), hidden)
}

# Of variables in one term, with levels or quantitative.
simple_coefficients <- function(fit, design) {
  labels <- attr(fit$terms, "term.labels")
  vars <- lapply(labels, function(label) all.vars(str2lang(label)))
  shared <- vapply(seq_along(vars), function(k) any(vars[[k]] %in% unlist(vars[-k])), NA)
  simple <- vapply(design$parts, function(part) {
    !is.null(part$variable) && (!is.null(part$levels) || length(part$names) == 1L)
  }, NA)
  which((simple & !shared)[design$assign] & !is.na(fit$coefficients))
}

# The difference between patients for which a ratio is told: that of column_unit(), unless a few
# extreme values make the standard deviation.
typical_difference <- function(design, j) {
  unit <- column_unit(design, j)
  spread <- robust_deviation(design_column(design, j))
  if (unit == 1 || spread == 0) unit else min(unit, spread)
}

# For each coefficient at most five patients whose one-step change is half the limit or more, and
# three whose value is extreme: at a high leverage one step says little.
influence_candidates <- function(fit, given, at, unit, patient) {
  change <- as.matrix(stats::residuals(unclass_missing(fit), "dfbeta", weighted = TRUE))
  if (identical(fit$weight_type, "frequency")) change <- change / fit$weights
  change <- change[, at, drop = FALSE]
  if (anyDuplicated(patient)) change <- rowsum(change, patient, reorder = TRUE)
  Map(function(k, unit) {
    size <- abs(change[, k] * unit)
    moving <- which(size > log(1 + influence_limit) / 2)
    moving <- utils::head(moving[order(-size[moving])], 5L)
    unique(c(moving, patient[extreme_rows(design_column(given$design, at[k]))]))
  }, seq_along(at), unit)
}

# Rows that make a hundredth of a column's variance or more, and lie far from the median.
extreme_rows <- function(x) {
  square <- (x - mean(x))^2
  at <- which(square > 0.01 * sum(square))
  if (!length(at)) return(integer())
  spread <- robust_deviation(x)
  away <- abs(x[at] - stats::median(x))
  at <- at[order(-away)]
  utils::head(at, min(3L, sum(away > 4 * spread & spread > 0)))
}

# Residuals of the rows in use, not padded.
unclass_missing <- function(fit) {
  out <- unclass(fit)
  out$na.action <- NULL
  structure(out, class = class(fit))
}

# Coefficients without each of the patients: a row for each.
influence_exact <- function(fit, given, patients, patient) {
  options <- fit_options(fit)
  start <- unname(fit$coefficients)
  kept <- which(!is.na(start))
  design <- select_columns(given$design, kept)
  options$init <- start[kept]
  out <- matrix(NA_real_, length(patients), length(start), dimnames = list(patients, NULL))
  for (i in seq_along(patients)) {
    rows <- which(patient == patients[i])
    out[i, kept] <- coefficients_without(design, given$response, rows, options)
  }
  out
}

# A row that stands for several patients loses one of them.
coefficients_without <- function(design, response, rows, options) {
  design$names <- seq_along(design$source)
  if (isTRUE(options$frequency)) {
    response$weights[rows] <- response$weights[rows] - 1
  } else {
    response <- response_rows(response, -rows)
    design <- design_rows(design, -rows)
  }
  core_coefficients(design, response, options)
}

influence_finding <- function(fit, given, j, unit, tried, exact, patient) {
  none <- finding(character())
  if (!length(tried)) return(none)
  change <- exact[match(tried, rownames(exact)), j] - fit$coefficients[[j]]
  k <- which.max(abs(change))
  if (!length(k)) return(none)
  se <- sqrt(model_variance(fit)[j, j])
  ratio <- exp(change[k] * unit)
  noise <- influence_errors(max(patient)) * se
  if (abs(ratio - 1) <= influence_limit || abs(change[k]) <= noise) return(none)
  rows <- which(patient == tried[k])
  row <- ratio_columns(fit, j)
  with <- exp(fit$coefficients[[j]] * unit)
  where <- data_rows(fit, rows)
  with_estimates(finding(
    "influential_patient", "caution", variable = row$term, level = row$term_level,
    n = length(rows), n_events = sum(given$response$status[rows]), row = where[1L],
    remedy = "without patient", code = without_rows_code(fit, given, where, rows)
  ), list(cbind(
    row, unit = unit, measure = "hazard ratio", method = c("all patients", "without the patient"),
    estimate = c(with, with * ratio)
  )))
}

# A row that stands for several patients cannot lose one of them by a subset.
without_rows_code <- function(fit, given, where, rows) {
  counted <- identical(fit$weight_type, "frequency") && any(fit$weights[rows] != 1)
  if (counted) return(NA_character_)
  gone <- call("-", as.call(c(quote(c), as.list(as.double(where)))))
  subset <- given$source$fit$call$subset
  if (is.null(subset)) return(refit_code(given$source, subset = gone))
  # Rows are numbered among those of the subset.
  kept <- if (is_condition(subset, given$source)) call("which", subset) else subset
  refit_code(given$source, subset = call("[", kept, gone))
}

is_condition <- function(subset, source) {
  data <- eval(source$fit$call$data, source$env)
  is.logical(tryCatch(eval(subset, data, source$env), error = function(e) NULL))
}

# Numbers of rows in use among the rows of the data, or of its subset.
data_rows <- function(fit, rows) {
  left <- as.integer(unclass(fit)$na.action)
  if (!length(left)) rows else setdiff(seq_len(fit$n_data), left)[rows]
}
