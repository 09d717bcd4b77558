# The numbers of a Cox model as its print, tables and figures have them: a row for each line of
# term_lines(). infinite: "firth" or "name", as in lms_table_cox().

cox_lines <- function(fit, infinite) {
  lines <- term_lines(fit)
  coef <- ifelse(lines$kind == "reference", NA, lines$coef)
  counted <- !is.na(lines$n)
  out <- data.frame(
    variable = lines$term, level = lines$level, kind = lines$kind, line_label = lines$label,
    coefficient = names(fit$coefficients)[coef], n = ifelse(counted, lines$n, fit$n),
    patients = level_patients(fit, lines),
    events = ifelse(counted, lines$events, fit$nevent),
    n_used = fit$n, patients_used = if (is.null(fit$n.id)) NA_real_ else as.double(fit$n.id),
    events_used = fit$nevent
  )
  out <- cbind(out, cox_ratios(fit, coef, infinite))
  whole <- out$kind == "several"
  if (any(whole)) out$p.value[whole] <- wald_p(fit)[out$variable[whole]]
  out
}

# Patients by level where the rows are periods, NA where that is not known.
level_patients <- function(fit, levels) {
  id <- fit$model[["(id)"]]
  if (is.null(id)) return(rep(NA_real_, nrow(levels)))
  vapply(seq_len(nrow(levels)), function(i) {
    if (is.na(levels$level[i])) return(if (is.na(levels$n[i])) as.double(fit$n.id) else NA_real_)
    as.double(length(unique(id[as.character(fit$model[[levels$term[i]]]) == levels$level[i]])))
  }, 0)
}

cox_ratios <- function(fit, coef, infinite) {
  tidied <- tidy(fit, exponentiate = TRUE, conf.int = TRUE)
  columns <- c("estimate", "conf.low", "conf.high", "p.value")
  out <- as.data.frame(lapply(stats::setNames(nm = columns), function(name) tidied[[name]][coef]))
  endless <- match(coef, fit$infinite_at)
  out$infinite <- if (length(fit$infinite)) infinite_end(fit$infinite)[endless] else NA_character_
  out$penalty <- ifelse(is.na(coef), NA, if (is_penalised(fit)) "firth" else "none")
  at <- which(!is.na(endless))
  out[at, columns] <- NA
  if (length(at) && infinite == "firth" && is.null(no_penalty(fit))) {
    ratios <- firth_ratios(fit)
    ratios <- ratios[ratios$method == "firth", ]
    out[at, columns] <- ratios[match(coef[at], ratios$coef), columns]
    out$penalty[at] <- "firth"
  }
  rownames(out) <- NULL
  out
}

# Wald test of all coefficients of each term.
wald_p <- function(fit) {
  vapply(fit$assign, function(at) {
    at <- at[!is.na(fit$coefficients[at])]
    if (!length(at) || any(at %in% fit$infinite_at)) return(NA_real_)
    b <- fit$coefficients[at]
    v <- fit$var[at, at, drop = FALSE]
    chisq <- tryCatch(sum(b * solve(v, b)), error = function(e) NA_real_)
    stats::pchisq(chisq, length(at), lower.tail = FALSE)
  }, 0)
}

overall_p <- function(fit, type) {
  if (type == "none") return(stats::setNames(rep(NA_real_, length(fit$assign)), names(fit$assign)))
  if (type == "wald") {
    if (is_penalised(fit)) {
      abort("argument", "A model with Firth's penalty has no Wald test of a variable.",
            "Set `overall_p = \"lr\"`.")
    }
    return(wald_p(fit))
  }
  if (!is.null(fit$naive.var)) {
    abort("argument", "A model with a robust variance has no likelihood ratio test.",
          "Set `overall_p = \"wald\"`.")
  }
  table <- stats::drop1(fit, test = "Chisq")
  stats::setNames(table[["Pr(>Chi)"]], rownames(table))
}

# Models of one term each, besides strata and offset.
univariable_fits <- function(fit, same_patients) {
  labels <- attr(fit$terms, "term.labels")
  stratum <- strata_terms(fit$terms)
  alone <- labels[!stratum & attr(fit$terms, "order") == 1L]
  variables <- as.list(attr(fit$terms, "variables"))[-1L]
  offsets <- vapply(variables[attr(fit$terms, "offset")], deparse1, "")
  penalty <- if (is_penalised(fit)) "firth" else "none"
  lapply(stats::setNames(nm = alone), function(term) {
    formula <- steady(stats::reformulate)(c(term, labels[stratum], offsets), fit$terms[[2L]],
                                  env = environment(fit$terms))
    one <- fit
    if (same_patients) {
      one$terms <- steady(stats::terms)(formula, specials = names(attr(fit$terms, "specials")))
      frame <- fit$model[c(rownames(attr(one$terms, "factors")), offsets,
                           grep("^[(].*[)]$", names(fit$model), value = TRUE))]
    } else {
      risk <- risk_data_again(fit, formula)
      one$terms <- risk$terms
      frame <- risk$frame
    }
    quiet(suppressWarnings(fit_frame(one, frame, penalty)))
  })
}

# The lines of both models, in the order of the fitted one; a level that only patients of the other
# have comes last of its variable.
join_models <- function(models) {
  both <- do.call(rbind, unname(models))
  both$model <- rep(names(models), vapply(models, nrow, 0L))
  name <- ifelse(both$kind %in% c("reference", "level"), both$level, both$coefficient)
  keys <- paste(both$variable, name, both$kind == "several")
  first <- !duplicated(keys)
  both$line <- match(keys, keys[first][order(match(both$variable[first], both$variable))])
  both[order(both$line, match(both$model, c("univariable", "fitted"))), ]
}

# Hides small numbers by variable and model, and the ratios that would tell them.
mask_cox <- function(numbers, min_cell) {
  masks <- c("masked_n", "masked_patients", "masked_events", "masked_ratio")
  numbers[masks] <- ""
  if (!min_cell) return(numbers)
  if (any(c(numbers$events_used, numbers$n_used) < min_cell)) {
    abort("min_cell", "The model has fewer patients or events than `min_cell`.")
  }
  levelled <- !is.na(numbers$level)
  ratio <- c("estimate", "conf.low", "conf.high", "p.value")
  for (at in split(which(levelled), paste(numbers$variable, numbers$model)[levelled])) {
    events <- numbers$events[at]
    several <- !anyNA(numbers$patients[at])
    counted <- if (several) numbers$patients[at] else numbers$n[at]
    mask <- mask_pairs(counted, events, min_cell)
    numbers$masked_events[at] <- mask[, 2L]
    # Rows are no fewer than patients, and go with them.
    if (several) numbers$masked_patients[at] <- mask[, 1L]
    numbers$masked_n[at] <- if (several) ifelse(mask[, 1L] == "", "", "hidden") else mask[, 1L]
    small <- is_few(events, min_cell) | is_few(counted, min_cell)
    if (any(small & numbers$kind[at] == "reference")) small[] <- TRUE
    numbers[at[small], ratio] <- NA
    numbers$masked_ratio[at[small & numbers$kind[at] == "level"]] <- "hidden"
  }
  # Combinations of levels are parts of the levels above.
  crossed <- which(numbers$kind == "interaction" & numbers$n < numbers$n_used)
  numbers[crossed, masks[1:3]] <- "hidden"
  small <- crossed[is_few(numbers$n[crossed], min_cell) | is_few(numbers$events[crossed], min_cell)]
  numbers[small, ratio] <- NA
  numbers$masked_ratio[small] <- "hidden"
  for (i in 1:3) numbers[[c("n", "patients", "events")[i]]][numbers[[masks[i]]] != ""] <- NA
  numbers
}
