#' Figures of survival curves
#'
#' `autoplot()` draws the curves of [lms_km()] (or of [survival::survfit()]) as a journal prints
#' them: steps with a mark for each censored patient, survival from 0 to 100%, and the numbers at
#' risk under the axis. What it gives is a ggplot, to which scales, coordinates, facets, labels
#' and themes can be added: the numbers at risk follow.
#'
#' @section Time:
#' The axis has a tick every 12, 24 or 60 months, or what fits the unit, and ends at the last
#' follow-up. The unit is that of the fit (a `difftime`, or a time made by [lms_months()]), or
#' else what the time variable says by its name, such as `months`; otherwise `unit` says it.
#' `show = "years"` draws times in days as years of 365.25 days.
#'
#' @section P-value:
#' `p_value = TRUE` shows the log-rank test of [lms_logrank()], stratified where the formula has
#' [survival::strata()], robust where the variance of the curves is. It is computed from the
#' curves themselves and comes to the same number. In facets each panel has the test of its own
#' curves.
#'
#' A test made by [lms_logrank()], such as a stratified one or one for trend, is compared with the
#' curves: it must be of the same patients, times, events and groups, and is named as what it is.
#' In facets a test of all curves is written once. Of a test with a trend the p-value of the trend
#' is shown.
#'
#' @section Facets:
#' The variables of the formula are columns of the plot's data. `autoplot(fit, by = "drug")` has a
#' panel for each combination of the other variables; facets that are added take their place, as in
#' `autoplot(fit, by = "drug") + facet_grid(~ sex)`. Curves that neither colours nor panels tell
#' apart are refused when the plot is drawn.
#'
#' @section Small counts:
#' `min_cell = 5` makes a figure that a registry may release. Numbers of patients and events are
#' rounded down to multiples of 5, and those below are shown as "<5", so that each could be any of
#' five; to lower ones where a small count would follow from the start, the end or the steps of the
#' curve. Where the others and the sum of the groups would leave fewer than three, all numbers at
#' that time are shown as "*". A step of a curve is at least 5 events, survival is rounded to whole
#' per cent, curves end where fewer than 5 remain at risk, and there are no marks of censored
#' patients. The data of the plot hold no exact count and no test statistic either; the times of its
#' steps are exact.
#'
#' @inheritParams geom_risk_table
#' @param object Curves made by [lms_km()] or [survival::survfit()].
#' @param ... Not used: a name that does not belong is refused.
#' @param by Names of the variables that have a colour and a line type; by default all. The others
#'   have panels.
#' @param risk_table `TRUE`, `FALSE`, or what to count: the `rows` of [geom_risk_table()].
#' @param censor `TRUE` to mark censored patients.
#' @param conf_int `TRUE` to shade the pointwise intervals.
#' @param p_value `TRUE` for the log-rank test, or another test made by [lms_logrank()].
#' @param median `TRUE` for dashed lines to the median of each curve.
#' @param times Times, in the unit shown, at which survival is marked and written.
#' @param direct `TRUE` for names at the ends of the curves, in place of a legend.
#' @param fade A number from 0 to 1, as in [geom_km()].
#' @param unit The unit of the times of the fit: `"days"`, `"weeks"`, `"months"` or `"years"`.
#' @param show The unit to show them in.
#' @return A [ggplot2::ggplot()], with an alternative text for those who cannot see it, see
#'   [ggplot2::get_alt_text()].
#' @seealso [geom_km()] and [geom_risk_table()] for the layers, [theme_lms()].
#' @examples
#' library(ggplot2)
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' fit <- lms_km(Surv(time, status) ~ sex, data = lung, event = 2)
#' autoplot(fit, p_value = TRUE, median = TRUE, unit = "days", show = "months")
#' autoplot(fit, risk_table = c("at risk", "cumulative events"), conf_int = TRUE) +
#'   coord_cartesian(xlim = c(0, 500)) +
#'   labs(x = "Days since enrolment")
#' @export
autoplot.lms_km <- function(object, ..., by = NULL, risk_table = TRUE, censor = TRUE,
                            conf_int = FALSE, p_value = FALSE, median = FALSE, times = NULL,
                            direct = FALSE, fade = 0.1, unit = NULL, show = unit, min_cell = 0) {
  min_cell <- check_curve_figure(autoplot.lms_km, dot_names(...), fade, min_cell, list(
    censor = censor, conf_int = conf_int, median = median, direct = direct
  ))
  unit <- figure_unit(object, unit, show)
  figure <- figure_data(object, by, unit$scale, min_cell)
  draw_curves(figure, unit, list(
    mapping = curve_mapping(conf_int), conf_int = conf_int, fade = fade, apart = figure$apart,
    facets = facets_of(figure$apart), censor = censor && !min_cell,
    medians = if (median) median_rows(object, figure, unit$scale), times = times,
    test = shown_test(object, figure, p_value, min_cell),
    table = table_settings(object, figure, risk_table, min_cell), direct = direct,
    named = !identical(risk_table, FALSE), range = c(0, 1), y = "Survival",
    alt = km_alt(object, figure, unit, min_cell), caution = figure_caution(object, min_cell)
  ))
}

#' @rdname autoplot.lms_km
#' @export
autoplot.survfit <- function(object, ...) {
  if (inherits(object, "survfitms")) {
    abort("argument", "`object` has curves of several states.",
          "Fit the curves by lms_cuminc(), and draw the result.")
  }
  if (inherits(object, "survfitcox")) return(predicted_plot(object, ...))
  autoplot.lms_km(object, ...)
}

# A panel for each combination of the variables that no colour tells apart.
facets_of <- function(apart) {
  if (!length(apart)) return(NULL)
  facet_wrap(do.call(ggplot2::vars, lapply(apart, as.name)), labeller = structure(function(labels) {
    names(labels) <- plain_name(names(labels))
    ggplot2::label_both(labels)
  }, class = "labeller"))
}
