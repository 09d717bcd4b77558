# What a model owes to a search in the data, and slips in its covariates.

# A model that step() or MASS::stepAIC() has chosen keeps the steps.
find_selected <- function(fit, given) {
  steps <- unclass(fit)$anova
  if (!is.data.frame(steps) || !"Step" %in% names(steps)) return(finding(character()))
  changes <- sum(grepl("^[+-]", trimws(as.character(steps$Step))))
  if (!changes) return(finding(character()))
  finding(
    "selected_model", "caution", n_coefficients = sum(!is.na(fit$coefficients)),
    n_groups = changes, n_events = fit$nevent, remedy = "choose beforehand"
  )
}

# Of covariates with two values that are another column cut where the test is largest.
find_cutpoints <- function(fit, given) {
  cuts <- fit$guards$cuts
  if (is.null(cuts)) return(finding(character()))
  finding(
    "optimal_cutpoint", "caution", variable = cuts$term, term = typed_name(cuts$variable),
    from = cuts$from, to = cuts$to, p.value = cuts$p, remedy = "no cutpoint",
    code = mapply(function(term, variable) {
      refit_code(given$source, change = without_term(str2lang(term), as.name(variable)))
    }, cuts$term, cuts$variable, USE.NAMES = FALSE)
  )
}

# Terms with one slope of a plain numeric column.
slope_terms <- function(fit) {
  terms <- unique(fit$level_table$term[is.na(fit$level_table$level)])
  Filter(function(term) is.name(str2lang(term)), terms)
}

# Numbers of centres, and of patients, fitted as quantities.
find_centres <- function(fit, given) {
  if (is.null(fit$model)) return(finding(character()))
  wrong <- Filter(function(term) {
    x <- term_values(fit, term)
    whole <- is.numeric(x) && !is.matrix(x) && all(x == floor(x))
    whole && grepl(centre_names, squeezed_name(as.character(str2lang(term)))) &&
      length(unique(x)) > 2L
  }, slope_terms(fit))
  if (!length(wrong)) return(finding(character()))
  strata <- lapply(wrong, function(term) call("strata", str2lang(term)))
  finding(
    "centre_as_number", "caution", variable = wrong,
    n_groups = vapply(wrong, function(term) length(unique(term_values(fit, term))), 0L),
    remedy = "strata of centers",
    code = mapply(function(term, instead) {
      refit_code(given$source, change = without_term(str2lang(term), instead))
    }, wrong, strata)
  )
}

find_id_covariates <- function(fit, given) {
  if (is.null(fit$model)) return(finding(character()))
  wrong <- Filter(function(term) {
    x <- term_values(fit, term)
    named <- grepl(patient_names, squeezed_name(as.character(str2lang(term))))
    named && is.numeric(x) && !is.matrix(x) && all(x == floor(x)) &&
      length(unique(x)) > 0.9 * length(x)
  }, slope_terms(fit))
  if (!length(wrong)) return(finding(character()))
  finding(
    "id_covariate", "caution", variable = wrong, n = fit$n, remedy = "leave out number",
    code = vapply(wrong, function(term) {
      if (length(attr(fit$terms, "term.labels")) < 2L) return(NA_character_)
      refit_code(given$source, change = without_term(str2lang(term)))
    }, "")
  )
}

# Variance inflation of a term beyond which it is named: clean data with correlations up to 0.97
# have less.
most_inflation <- 20

# Terms whose estimates can hardly be told apart, by the generalized variance inflation factor of
# the information matrix (Fox and Monette 1992), per coefficient. Terms that share a variable, such
# as x and x squared, are left out.
find_collinear <- function(fit, given) {
  at <- lapply(fit$assign, function(j) j[!is.na(fit$coefficients[j])])
  at <- at[lengths(at) > 0L]
  if (length(at) < 2L || length(fit$infinite) || is.null(fit$var)) return(finding(character()))
  variance <- if (is.null(fit$naive.var)) fit$var else fit$naive.var
  used <- unlist(at)
  if (!all(is.finite(diag(variance)[used])) || any(diag(variance)[used] <= 0)) {
    return(finding(character()))
  }
  r <- stats::cov2cor(variance[used, used, drop = FALSE])
  place <- split(seq_along(used), rep(seq_along(at), lengths(at)))
  log_det <- function(i) if (length(i)) c(determinant(r[i, i, drop = FALSE])$modulus) else 0
  all <- log_det(seq_along(used))
  inflation <- vapply(place, function(i) {
    exp((log_det(i) + log_det(setdiff(seq_along(used), i)) - all) / length(i))
  }, 0)
  variables <- lapply(names(at), function(term) all.vars(str2lang(term)))
  shares <- vapply(seq_along(at), function(k) {
    any(variables[[k]] %in% unlist(variables[-k]))
  }, NA)
  named <- which(inflation > most_inflation & !shares)
  if (!length(named)) return(finding(character()))
  partner <- vapply(named, function(k) {
    size <- vapply(place, function(i) max(abs(r[place[[k]], i])), 0)
    size[k] <- 0
    names(at)[which.max(size)]
  }, "")
  # A pair once.
  pair <- vapply(seq_along(named), function(i) {
    paste(sort(c(names(at)[named[i]], partner[i])), collapse = "\r")
  }, "")
  once <- !duplicated(pair)
  term <- names(at)[named][once]
  finding(
    "collinear", "caution", variable = term, term = partner[once],
    estimate = sqrt(inflation[named][once]), measure = "width of the interval",
    remedy = "keep one", code = vapply(term, function(x) {
      refit_code(given$source, change = without_term(str2lang(x)))
    }, "")
  )
}

# Events at time 0 that are more than twice those of any other time: patients who entered with the
# event.
find_zero_times <- function(fit, given) {
  response <- given$response
  if (is.null(response) || !is.null(response$entry)) return(finding(character()))
  events <- response$time[response$status > 0]
  zero <- sum(events == 0)
  if (zero < 5L || zero < 0.02 * length(events)) return(finding(character()))
  # No count of the other times can be larger than that of the most frequent one.
  others <- tabulate(match(events[events > 0], unique(events[events > 0])))
  if (zero <= 2 * max(0L, others)) return(finding(character()))
  finding("events_at_zero", "caution", n_events = zero, n_total = length(events),
          remedy = "look at zero")
}

# What a time of the data says of when patients came under observation.
find_unused_entry <- function(fit, given) {
  entry <- fit$guards$entry
  if (is.null(entry)) return(finding(character()))
  entry$endpoint <- c(entry$endpoint, NA)[1L]
  finding(
    "unused_entry", "caution", variable = typed_name(entry$variable), n = entry$n,
    n_total = entry$n_total, time = entry$median, suggested = entry$endpoint,
    remedy = if (is.na(entry$endpoint)) "delayed entry" else "endpoint with entry",
    code = if (is.na(entry$endpoint)) entry_code(fit, entry, given) else NA
  )
}

# The model with (entry, stop] times.
entry_code <- function(fit, entry, given) {
  lhs <- fit$formula[[2L]]
  if (!is_surv_call(lhs)) return(NA)
  parts <- surv_args(plain_formula(lhs))
  later <- as.call(c(quote(Surv), as.name(entry$variable), unname(parts[c("time", "status")])))
  refit_code(given$source, change = call("~", later, quote(.)))
}

# Treatments that came or went with the years of diagnosis.
find_era <- function(fit, given) {
  era <- fit$guards$era
  if (is.null(era)) return(finding(character()))
  finding("era", "note", variable = era$term, estimate = era$later, measure = "later diagnosis",
          remedy = "adjust for era")
}
