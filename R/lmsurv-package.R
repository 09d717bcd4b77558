#' lmsurv: survival analysis of retrospective clinical cohorts
#'
#' For clinicians and statisticians who analyze a table of patients with dates. Start with
#' [lms_read()], [lms_cohort()] and `vignette("your-cohort")`.
#'
#' * Data: [lms_read()] reads a file, [lms_cohort()] defines a cohort. [lms_endpoint()],
#'   [lms_time_split()] and [lms_landmark()] prepare it, and [lms_months()] computes times.
#'   [leiomyosarcoma] is a synthetic cohort.
#' * Curves: [lms_km()], [lms_rates()], [lms_rmst()], [lms_cuminc()].
#' * Tests: [lms_logrank()], [lms_fisher()], [lms_zph()].
#' * Models: [lms_cox()], [lms_cox_fit()].
#' * Checks: [lms_check()] reports problems of a result, why they matter, and what to do.
#' * Figures: [lms_figure()] of a cohort; [autoplot()][autoplot.lms_km] of curves and models,
#'   [geom_km()], [geom_risk_table()], [theme_lms()].
#' * Tables: [lms_table_one()] of patients, [lms_table_cox()] of models, [lms_table()] of a
#'   paper, for Word, HTML, PDF and markdown.
#' * Reports: [lms_report()], [lms_results()].
#' * A published analysis: [lms_published], [lms_reconcile()], [lms_infer_deaths()].
#'
#' [lms_conventions()] sets the defaults of R, Stata or SAS for a session.
#'
#' @useDynLib lmsurv, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom ggplot2 .data .pt Geom GeomPath GeomRibbon Stat aes after_stat alpha annotate
#' @importFrom ggplot2 calc_element draw_key_path draw_key_rect element_blank element_line
#' @importFrom ggplot2 element_text expansion facet_wrap geom_hline geom_line geom_point
#' @importFrom ggplot2 geom_ribbon geom_segment geom_text geom_vline
#' @importFrom ggplot2 ggplot ggproto ggproto_parent guide_axis guide_legend guide_none
#' @importFrom ggplot2 guides labs layer margin scale_colour_manual scale_linetype_manual
#' @importFrom ggplot2 scale_x_continuous scale_x_log10 scale_y_continuous theme theme_classic
#' @importFrom ggplot2 waiver zeroGrob
#' @importFrom grid makeContent
#' @importFrom grid arrow convertHeight convertWidth gList gTree gpar grobTree grobWidth
#' @importFrom grid segmentsGrob setChildren textGrob unit viewport
#' @importFrom gtable gtable_add_cols gtable_add_grob gtable_add_rows
#' @importFrom ggplot2 GeomPoint coord_fixed geom_polygon scale_fill_manual scale_shape_manual
#' @importFrom ggplot2 coord_cartesian geom_linerange geom_rect scale_size_area scale_x_discrete
#' @importFrom ggplot2 scale_y_log10
#' @importFrom grid grobHeight roundrectGrob unit.c
#' @keywords internal
"_PACKAGE"
