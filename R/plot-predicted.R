# Curves that survfit() predicts from a Cox model: of each patient of `newdata`, in each stratum.

predicted_plot <- function(object, ..., conf_int = FALSE, direct = FALSE, unit = NULL,
                           show = unit) {
  known <- c("conf_int", "direct", "unit", "show")
  refuse_dots("autoplot", known, dot_names(...), predicted_hints)
  check_flag(conf_int, "conf_int")
  check_flag(direct, "direct")
  unit <- figure_unit(object, unit, show)
  figure <- predicted_data(object, unit$scale)
  draw_curves(figure, unit, list(
    mapping = adjusted_mapping(conf_int), conf_int = conf_int, fade = 0, direct = direct,
    named = FALSE, range = c(0, 1), y = "Predicted survival", alt = predicted_alt(figure, unit)
  ))
}

predicted_hints <- local({
  none <- "These curves are predicted by a model. They are not curves of groups of patients."
  of_patients <- c("risk_table", "censor", "p_value", "median", "times", "by", "fade", "min_cell")
  c(stats::setNames(rep(list(none), length(of_patients)), of_patients), plot_hints)
})

# As figure_data(): a curve for each column of the estimates and each stratum.
predicted_data <- function(object, scale) {
  columns <- lapply(unclass(object)[c("surv", "lower", "upper")], function(x) {
    if (!is.null(x)) as.matrix(x)
  })
  sizes <- if (is.null(object$strata)) length(object$time) else as.vector(object$strata)
  patients <- colnames(columns$surv)
  if (is.null(patients)) patients <- as.character(seq_len(ncol(columns$surv)))
  strata <- if (is.null(object$strata)) "" else names(object$strata)
  key <- expand.grid(stratum = seq_along(sizes), patient = seq_along(patients))
  names <- cbind(if (length(patients) > 1L) patients[key$patient],
                 if (length(strata) > 1L) strata[key$stratum])
  names <- if (length(names)) apply(names, 1L, paste, collapse = ", ") else ""
  group <- factor(names, unique(names))
  rows <- split(seq_along(object$time), rep(seq_along(sizes), sizes))
  start <- min(0, object$time)
  curves <- lapply(seq_len(nrow(key)), function(i) {
    at <- rows[[key$stratum[i]]]
    of <- function(x, first) {
      c(first, if (is.null(x)) rep(NA_real_, length(at)) else x[at, key$patient[i]])
    }
    data.frame(
      time = scale * c(start, object$time[at]), estimate = of(columns$surv, 1),
      conf.low = of(columns$lower, 1), conf.high = of(columns$upper, 1), .group = group[i]
    )
  })
  groups <- data.frame(.group = group)
  groups$counts <- lapply(curves, function(part) {
    list(time = part$time, estimate = part$estimate, origin = 1, end = max(part$time))
  })
  list(curves = do.call(rbind, curves), groups = groups,
       title = paste(c(if (length(patients) > 1L) "Patient", if (length(strata) > 1L) "stratum"),
                     collapse = ", "),
       last = vapply(groups$counts, `[[`, 0, "end"))
}

predicted_alt <- function(figure, unit) {
  shown <- utils::head(figure$groups, 6L)
  ends <- vapply(shown$counts, function(part) part$estimate[length(part$estimate)], 0)
  more <- nrow(figure$groups) - nrow(shown)
  paste0(
    "Survival curves predicted by a Cox model. At the end: ",
    paste0(ifelse(nzchar(as.character(shown$.group)), paste0(shown$.group, " "), ""),
           format_percent(ends, 0L), collapse = "; "),
    if (more) paste0("; and ", count_of(more, "more curve")), "."
  )
}
