# The effect of one variable of a Cox model, as hazard ratios against a reference.

term_plot <- function(fit, term, reference, min_cell) {
  own <- effect_terms(fit, term)
  effect <- if (is.null(own$levels)) {
    curve_effect(fit, own, reference, min_cell)
  } else {
    level_effect(fit, own, reference)
  }
  effect$title <- effect_title(fit, own)
  effect$alt <- effect_alt(fit, effect)
  if (is.null(own$levels)) draw_curve_effect(effect) else draw_level_effect(effect)
}

# The terms of one variable: name, labels of the terms, columns of the model frame, and its levels,
# NULL of a number.
effect_terms <- function(fit, term) {
  labels <- names(fit$assign)
  variables <- lapply(stats::setNames(nm = labels), function(label) all.vars(str2lang(label)))
  known <- unique(unlist(variables[lengths(variables) == 1L]))
  name <- if (is.character(term) && length(term) == 1L && !is.na(term)) {
    if (term %in% labels && length(variables[[term]]) == 1L) variables[[term]] else term
  }
  with <- labels[vapply(variables, function(own) any(own %in% name), NA)]
  if (!length(with)) {
    hint <- if (!is.null(name)) did_you_mean(name, known)
    abort("argument",
          paste0("`term` must be a variable of the model, not ", describe(term), "."),
          if (is.null(hint)) paste0("The model has ", enumerate(quoted(known), max = 10L), ".")
          else gsub("`", "\"", hint))
  }
  refuse_shared_variable(name, with[lengths(variables[with]) > 1L])
  columns <- unique(unlist(lapply(with, function(label) {
    term_variables(fit$terms, match(label, attr(fit$terms, "term.labels")))
  })))
  frame <- stats::model.frame(fit)
  list(name = name, labels = with, columns = columns, frame = frame,
       levels = effect_levels(frame[columns], name))
}

refuse_shared_variable <- function(name, shared) {
  if (!length(shared)) return(invisible())
  abort(
    "argument",
    paste0(quoted(name), " has no single hazard ratio, because the model also has ",
           enumerate(tick(shared)), "."),
    paste0("Compare patients who differ in ", tick(name),
           " by `predict(fit, newdata, type = \"lp\")`.")
  )
}

effect_levels <- function(frame, name) {
  levelled <- vapply(frame, function(x) is.factor(x) || is.character(x) || is.logical(x), NA)
  if (!any(levelled)) return(NULL)
  if (length(frame) == 1L) return(levels_in_use(frame[[1L]]))
  abort("argument", paste0(quoted(name), " is in the model both as levels and as a number."),
        "Fit this variable in one way only.")
}

# Data frame of estimate and limits, a row for each of the values; NA where it is infinite.
# values: of the variable, or levels; the last is the reference.
effect_ratios <- function(fit, own, values) {
  x <- effect_design(fit, own, values)
  at <- unlist(fit$assign[own$labels], use.names = FALSE)
  k <- nrow(x)
  x <- x[-k, at, drop = FALSE] - rep(x[k, at], each = k - 1L)
  b <- drop(x %*% zero_aliased(fit)[at])
  se <- sqrt(pmax(quadratic(x, fit$var[at, at, drop = FALSE]), 0))
  endless <- rowSums(x[, at %in% fit$infinite_at, drop = FALSE] != 0) > 0
  b[endless] <- NA
  z <- stats::qnorm((1 + fit$conf_level) / 2) * se
  data.frame(estimate = exp(b), low = exp(b - z), high = exp(b + z))
}

# The design of a row that has these values of the variable and the same of all else.
effect_design <- function(fit, own, values) {
  frame <- own$frame[rep(1L, length(values)), , drop = FALSE]
  terms <- stats::delete.response(fit$terms)
  code <- as.list(attr(fit$terms, "predvars"))[-1L]
  names(code) <- deparse_variables(fit$terms)
  for (column in own$columns) {
    frame[[column]] <- if (is.null(own$levels)) {
      eval(code[[column]], stats::setNames(list(values), own$name), environment(fit$terms))
    } else {
      level_values(own$frame[[column]], values)
    }
  }
  dense_matrix(terms, frame, fit$contrasts)
}

level_values <- function(x, levels) {
  if (is.logical(x)) return(levels == "TRUE")
  if (is.factor(x)) x[match(levels, as.character(x))] else levels
}

curve_effect <- function(fit, own, reference, min_cell) {
  x <- variable_values(fit, own)
  median <- is.null(reference)
  if (median) reference <- stats::median(x) else check_number(reference, "reference")
  cut <- min(max(0.01, min_cell / length(x)), 0.5)
  ends <- stats::quantile(x, c(cut, 1 - cut), names = FALSE)
  grid <- sort(unique(c(seq(ends[1L], ends[2L], length.out = 101L),
                        if (reference >= ends[1L] && reference <= ends[2L]) reference)))
  told <- stats::quantile(x, c(0.1, 0.25, 0.5, 0.75, 0.9), names = FALSE)
  told <- unique(signif(c(ends, told)[order(c(ends, told))], 3L))
  list(
    curve = cbind(x = grid, effect_ratios(fit, own, c(grid, reference))),
    told = cbind(x = told, effect_ratios(fit, own, c(told, reference))),
    reference = reference,
    reference_words = paste0(if (median) "median ", format(signif(reference, 4L)))
  )
}

# The variable as it was in the rows of the model: a column of the model frame, or of the data
# where the frame has but functions of it.
variable_values <- function(fit, own) {
  x <- if (own$name %in% own$columns) {
    own$frame[[own$name]]
  } else {
    more <- stats::reformulate(c(".", own$name))
    formula <- steady(stats::update.formula)(stats::formula(fit), more)
    risk_data_again(fit, formula)$frame[[own$name]]
  }
  if (is.numeric(x) && !is.matrix(x)) return(as.double(x))
  abort("argument", paste0(quoted(own$name), " is not one column of numbers or levels."),
        "Draw the hazard ratios of the model by `autoplot(fit)`.")
}

level_effect <- function(fit, own, reference) {
  levels <- own$levels
  if (is.null(reference)) reference <- levels[1L]
  reference <- check_choice(as.character(reference), "reference", levels)
  rows <- cbind(x = levels, effect_ratios(fit, own, c(levels, reference)))
  plain <- c("FALSE" = "No", "TRUE" = "Yes")
  logical <- is.logical(own$frame[[own$columns]])
  if (logical) rows$x <- unname(plain[rows$x])
  rows$x <- factor(rows$x, rows$x)
  rows$reference <- levels == reference
  list(rows = rows, told = rows[!rows$reference, ],
       reference_words = if (logical) plain[[reference]] else reference)
}

# What the variable is called, its curve not named.
effect_title <- function(fit, own) {
  known <- unclass(fit)$labels[c(own$columns, own$name)]
  known <- known[!is.na(known)]
  if (length(known)) known[[1L]] else column_words(own$name)
}

# Made in frames that do not have the model.
draw_curve_effect <- function(effect) {
  at <- data.frame(x = effect$reference, estimate = 1)
  inside <- at$x >= min(effect$curve$x) & at$x <= max(effect$curve$x)
  ggplot(effect$curve, aes(x = .data$x)) +
    geom_hline(yintercept = 1, colour = "grey60", linewidth = 0.3) +
    geom_ribbon(aes(ymin = .data$low, ymax = .data$high), fill = lms_colours[1L], alpha = 0.2) +
    geom_line(aes(y = .data$estimate), colour = lms_colours[1L], linewidth = 0.6) +
    (if (inside) geom_point(aes(y = .data$estimate), at, shape = 22, size = 1.5, fill = "white")) +
    scale_x_continuous(labels = number_labels) +
    effect_scale(effect$curve) +
    labs(x = effect$title, y = effect_axis(effect), alt = effect$alt) +
    theme_lms()
}

draw_level_effect <- function(effect) {
  rows <- effect$rows
  drawn <- rows[!rows$reference & !is.na(rows$estimate), ]
  ggplot(rows, aes(x = .data$x)) +
    geom_hline(yintercept = 1, colour = "grey60", linewidth = 0.3) +
    geom_linerange(aes(ymin = .data$low, ymax = .data$high), drawn, linewidth = 0.4) +
    geom_point(aes(y = .data$estimate), drawn, shape = 15, size = 1.5, colour = lms_colours[1L]) +
    geom_point(aes(y = 1), rows[rows$reference, ], shape = 22, size = 1.5, fill = "white") +
    scale_x_discrete(labels = wrap_rows, drop = FALSE) +
    effect_scale(rows) +
    labs(x = effect$title, y = effect_axis(effect), alt = effect$alt) +
    theme_lms()
}

effect_axis <- function(effect) {
  wrap_text(paste0("Hazard ratio (log scale; reference: ", effect$reference_words, ")"), 48L)
}

# A log axis, with intervals as far as in a forest plot.
effect_scale <- function(rows) {
  ends <- forest_ends(rows, NULL)
  list(
    scale_y_log10(breaks = forest_breaks(ends), labels = number_labels),
    coord_cartesian(ylim = ends)
  )
}

effect_alt <- function(fit, effect) {
  rows <- effect$told
  rows <- rows[!is.na(rows$estimate) & rows$low != rows$high, ]
  number <- function(x) format_ratio(x, 2L)
  values <- if (is.factor(rows$x)) {
    as.character(rows$x)
  } else {
    format(rows$x, trim = TRUE, drop0trailing = TRUE)
  }
  each <- paste0(
    values, ": ", vapply(rows$estimate, number, ""), " (", vapply(rows$low, number, ""), " to ",
    vapply(rows$high, number, ""), ")"
  )
  paste0(
    "Hazard ratio of ", effect$title, " in a Cox model of ", count_of(fit$n, "row"), " and ",
    count_of(fit$nevent, "event"), ", compared with ", effect$reference_words, ". With the ",
    interval_word(fit$conf_level), ": ", paste(utils::head(each, 12L), collapse = "; "), "."
  )
}
