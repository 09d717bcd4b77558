#' Draw survival curves
#'
#' `autoplot()` draws Kaplan-Meier curves for a paper, from [lms_km()] or [survival::survfit()].
#' Curves are steps with a mark for each censored patient. Survival is shown from 0 to 100%, with
#' the numbers at risk below the axis. The result is a ggplot, so you can add scales,
#' coordinates, facets, labels and themes. The numbers at risk adapt to them.
#'
#' @section Time:
#' The axis has a tick every 12, 24 or 60 months, or at other round times of the unit, and ends
#' at the last follow-up. The unit of time is taken from the fit (a `difftime`, or a time made by
#' [lms_months()]). Otherwise it is taken from the name of the time variable, such as `months`.
#' If neither shows the unit, set `unit`. `show = "years"` draws times in days as years of 365.25
#' days.
#'
#' @section P-value:
#' `p_value = TRUE` shows the log-rank test of [lms_logrank()]. It is stratified if the formula
#' has [survival::strata()], and robust if the variance of the curves is robust. It is computed
#' from the curves and gives the same number. With facets, each panel shows the test of its own
#' curves.
#'
#' You can also give a test made by [lms_logrank()], such as a stratified test or a test for
#' trend. It must be of the same patients, times, events and groups as the curves, and the figure
#' names it. With facets, a test of all curves is shown once. For a test with a trend, the
#' p-value of the trend is shown.
#'
#' @section Facets:
#' The variables of the formula are columns of the plot's data. `autoplot(fit, by = "drug")`
#' draws a panel for each combination of the other variables. Facets that you add replace these
#' panels, as in `autoplot(fit, by = "drug") + facet_grid(~ sex)`. If neither colors nor panels
#' distinguish the curves, drawing the plot is an error.
#'
#' @section Small counts:
#' `min_cell = 5` makes a figure that a registry may release. Numbers of patients and events are
#' rounded down to multiples of 5, and numbers below 5 are shown as "<5". Each number shown can
#' therefore be any of five. A number is rounded lower still if a small count would follow from
#' the start, the end or the steps of the curve. If the other groups and the sum would leave
#' fewer than three possible values, all numbers at that time are shown as "*".
#'
#' A step of a curve represents at least 5 events, and survival is rounded to whole percent.
#' Curves end where fewer than 5 patients remain at risk, and there are no marks of censored
#' patients. The data of the plot contain no exact count and no test statistic, but the times of
#' the steps are exact.
#'
#' @inheritParams geom_risk_table
#' @param object Curves made by [lms_km()] or [survival::survfit()].
#' @param ... Not used. Any name given here is an error.
#' @param by The names of the variables that are shown by color and line type; by default all.
#'   The other variables are shown in panels.
#' @param risk_table `TRUE` to show the numbers at risk, `FALSE` to omit them, or the numbers to
#'   show: the `rows` of [geom_risk_table()].
#' @param censor `TRUE` to mark censored patients.
#' @param conf_int `TRUE` to shade the pointwise confidence intervals.
#' @param p_value `TRUE` to show the log-rank test, or another test made by [lms_logrank()].
#' @param median `TRUE` to draw dashed lines to the median of each curve.
#' @param times Times, in the unit shown, at which survival is marked and written.
#' @param direct `TRUE` to write the names at the ends of the curves instead of a legend.
#' @param fade A number from 0 to 1 that sets where curves become paler, as in [geom_km()].
#' @param unit The unit of the times of the fit: `"days"`, `"weeks"`, `"months"` or `"years"`.
#' @param show The unit in which times are shown.
#' @return A [ggplot2::ggplot()] with an alternative text for readers who cannot see it: see
#'   [ggplot2::get_alt_text()].
#' @seealso [geom_km()] and [geom_risk_table()] for the layers, [theme_lms()].
#' @examples
#' library(ggplot2)
#' # lung cancer: survival of men and women
#' lung <- survival::lung
#' lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
#' fit <- lms_km(Surv(time, status) ~ sex, data = lung, event = 2)
#' autoplot(fit, p_value = TRUE, median = TRUE, unit = "days", show = "months")
#' autoplot(fit, risk_table = c("at risk", "cumulative events"), conf_int = TRUE) +
#'   coord_cartesian(xlim = c(0, 500)) +
#'   labs(x = "Days since enrollment")
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
