#' Draw cumulative incidence curves
#'
#' `autoplot()` draws the curves of [lms_cuminc()] for a paper. Curves are steps that start at 0,
#' with the numbers at risk below the axis. With one group, each cause has a color. With several
#' groups, each group has a color and each cause has a panel.
#'
#' @inheritParams autoplot.lms_km
#' @param object Curves made by [lms_cuminc()].
#' @param causes The names of the causes to draw; by default all.
#' @param p_value `TRUE` to write Gray's test into the panel of each cause.
#' @return A [ggplot2::ggplot()], with an alternative text.
#' @examples
#' mgus2 <- survival::mgus2
#' mgus2$months <- with(mgus2, ifelse(pstat == 1, ptime, futime))
#' mgus2$outcome <- with(mgus2, factor(
#'   ifelse(pstat == 1, 1, 2 * death), 0:2, c("alive", "malignancy", "death")
#' ))
#' fit <- lms_cuminc(Surv(months, outcome) ~ sex, data = mgus2)
#' ggplot2::autoplot(fit, p_value = TRUE)
#' @export
autoplot.lms_cuminc <- function(object, ..., causes = NULL, risk_table = TRUE, censor = FALSE,
                                conf_int = FALSE, p_value = FALSE, direct = FALSE, fade = 0.1,
                                unit = NULL, show = unit, min_cell = 0) {
  min_cell <- check_curve_figure(autoplot.lms_cuminc, dot_names(...), fade, min_cell, list(
    censor = censor, conf_int = conf_int, p_value = p_value, direct = direct
  ))
  unit <- figure_unit(object, unit, show)
  states <- object$states[-1L]
  causes <- if (is.null(causes)) states else vapply(causes, check_choice, "", "causes", states)
  figure <- incidence_data(object, causes, unit$scale, min_cell)
  several <- length(object$groups) > 1L
  draw_curves(figure, unit, list(
    mapping = curve_mapping(conf_int), conf_int = conf_int, fade = fade,
    apart = if (several) ".cause", facets = if (several && length(causes) > 1L) cause_facets(),
    censor = censor && !min_cell, test = shown_test(object, figure, p_value && several, min_cell),
    table = incidence_table(object, figure, risk_table, min_cell, several), direct = direct,
    named = several && !identical(risk_table, FALSE), range = c(0, NA),
    y = "Cumulative incidence", alt = incidence_alt(object, figure, causes, unit, min_cell),
    caution = figure_caution(object, min_cell)
  ))
}

cause_facets <- function() facet_wrap(~ .data$.cause)

# As figure_data(), with a curve for each group and cause.
incidence_data <- function(fit, causes, scale, min_cell) {
  tidied <- as.data.frame(fit)
  tidied$time <- tidied$time * scale
  names <- fit$groups
  sizes <- if (is.null(fit$strata)) length(fit$time) else as.vector(fit$strata)
  variables <- curve_variables(fit, names)
  labels <- group_labels(fit, variables, names, NULL)
  start <- min(0, tidied$time)
  at_risk <- tidied$n.risk[tidied$state == fit$states[1L]]
  several <- length(names) > 1L
  named <- paste0(rep(labels$group, length(causes)), ", ", rep(causes, each = length(names)))
  made <- lapply(causes, function(cause) {
    part <- tidied[tidied$state == cause, , drop = FALSE]
    part$n.risk <- at_risk
    parts <- by_curve(part, sizes)
    steps <- lapply(seq_along(parts), function(i) kept_steps(fit, i, scale))
    if (min_cell) {
      exact <- Map(curve_counts, parts, steps, start, 0)
      parts <- coarse_parts(lapply(parts, c, list(origin = 0)), exact, min_cell)
      steps <- vector("list", length(parts))
    }
    group <- if (several) labels$group else factor(rep(cause, length(names)), causes)
    curve <- if (several) factor(paste0(group, ", ", cause), named) else group
    curves <- lapply(seq_along(parts), function(i) {
      out <- curve_rows(parts[[i]], start, group[i], variables[i, , drop = FALSE], 0, min_cell,
                        curve[i])
      out$.cause <- factor(cause, causes)
      out
    })
    groups <- variables
    groups$.group <- group
    groups$.cause <- factor(cause, causes)
    test <- gray_test(fit, cause)
    groups$counts <- lapply(seq_along(parts), function(i) {
      counts <- curve_counts(parts[[i]], steps[[i]], start, 0, min_cell)
      c(counts, list(coarse = min_cell > 0, told = parts[[i]]$told,
                       test = if (min_cell) coarse_test(test) else test, curves = length(names)))
    })
    list(curves = do.call(rbind, curves), groups = groups)
  })
  groups <- do.call(rbind, lapply(made, `[[`, "groups"))
  list(
    curves = do.call(rbind, lapply(made, `[[`, "curves")), groups = groups,
    title = if (several) labels$title else "",
    last = max(vapply(groups$counts, `[[`, 0, "end"))
  )
}

gray_test <- function(fit, cause) {
  if (is.null(fit$tests)) return(NULL)
  p <- fit$tests$p.value[match(cause, fit$tests$state)]
  list(test = "gray", stratified = !is.null(fit$test_strata), robust = FALSE, trend = FALSE,
       p.value = p)
}

# All causes of a group have the same patients at risk.
incidence_table <- function(fit, figure, risk_table, min_cell, several) {
  settings <- table_settings(fit, figure, risk_table, min_cell)
  if (!is.null(settings)) settings$one <- !several && !any(grepl("events", settings$rows))
  settings
}

incidence_alt <- function(fit, figure, causes, unit, min_cell) {
  several <- length(fit$groups) > 1L
  head <- paste0(
    "Curves of the cumulative incidence of ", enumerate(causes),
    if (several) paste0(" in ", length(fit$groups), " groups"), ", followed up to ",
    alt_time(max(figure$last), unit, min_cell), "."
  )
  groups <- utils::head(figure$groups, 8L)
  each <- vapply(seq_len(nrow(groups)), function(i) {
    counts <- groups$counts[[i]]
    paste0(
      groups$.cause[i], if (several) paste0(", ", groups$.group[i]), ": ",
      event_words(counts, min_cell), ", incidence ",
      format_percent(height_at(counts, counts$end), 0L), " at the end."
    )
  }, "")
  paste(c(head, each), collapse = " ")
}
