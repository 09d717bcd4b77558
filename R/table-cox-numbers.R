# The models that stand side by side in a table, and what of their numbers is hidden.

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
      used <- vapply(as.list(attr(one$terms, "variables"))[-1L], deparse1, "")
      frame <- fit$model[c(used, grep("^[(].*[)]$", names(fit$model), value = TRUE))]
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
  # Contrasts of levels, and of two numbers, have the standard error that counts their groups.
  few <- which(numbers$fewest < min_cell)
  numbers[few, ratio] <- NA
  numbers$masked_ratio[few] <- "hidden"
  for (i in 1:3) numbers[[c("n", "patients", "events")[i]]][numbers[[masks[i]]] != ""] <- NA
  numbers
}
