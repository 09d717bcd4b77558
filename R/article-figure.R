#' Draw the figures of a cohort with bone metastases
#'
#' `lms_figure()` draws five figures for a paper on patients with bone metastases, as in LiBrizzi
#' et al. (2022):
#' 1. the sites of the bone metastases, on a skeleton;
#' 2. their surgical treatment;
#' 3. overall survival with and without bone metastases;
#' 4. for patients with bone metastases, (a) overall survival and (b) survival from the diagnosis
#' of bone metastases;
#' 5. for the same patients, survival by several variables, with a panel for each.
#'
#' Figures 3 to 5 are made by [autoplot()][autoplot.lms_km] of [lms_km()], with the numbers at
#' risk and the p-value of [lms_logrank()]. Vertical marks are censored patients.
#'
#' @section Covariates known only later:
#' Bone metastases are found in the course of the disease, so patients with bone metastases had
#' to survive until then. If they are compared as if the metastases were known at diagnosis, the
#' figure has immortal time bias. Such figures report this, with the number of patients and the
#' time concerned.
#'
#' Figure 3 offers two corrections. `split = TRUE` counts each patient as without bone metastases
#' until they are found (Simon and Makuch 1984). `landmark` compares patients who are alive and
#' still followed at that time, by what was known then. In Figure 5, `endpoint = "os_bone"`
#' counts from the diagnosis of bone metastases.
#'
#' @section Groups:
#' Figure 5 has a panel for each of `subtype`, surgery (`ever_surgery`, or a column `surgery`),
#' `fracture` and `indication` that the cohort has. Set `by` to choose other variables. `FALSE`
#' and `TRUE` are shown as No and Yes. Levels with fewer than `lump` patients are combined in one
#' group, Other, and the figure reports it. If there are more than nine levels, the smallest are
#' combined too. The p-value is that of the groups as drawn. Patients with missing data of the
#' variable are excluded from its panel.
#'
#' In a cohort without the role `bone_metastasis`, `by` draws Figure 5 of all patients.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param which The numbers of the figures to draw, among 1 to 5.
#' @param ... For Figures 3 to 5, further arguments of [autoplot()][autoplot.lms_km], such as
#'   `conf_int` or `median`.
#' @param by The names of the variables of Figure 5. The names of a named vector are the titles
#'   of the panels.
#' @param panel A letter, to draw only this panel of Figure 4 or 5.
#' @param endpoint The name of the endpoint of the cohort that Figure 5 shows.
#' @param landmark A number of months since diagnosis, the landmark of Figure 3.
#' @param split `TRUE` to count bone metastases in Figure 3 from the time they are found.
#' @param lump A number of patients: smaller groups are combined. 0 keeps all levels.
#' @param min_cell A whole number. Curves and numbers at risk are rounded as by
#'   [autoplot()][autoplot.lms_km]. Other counts from 1 up to this number are shown as "<5", for
#'   5. If Figure 1 or 2 would still reveal such counts, it is not drawn. This is an error of
#'   class `lmsurv_error_min_cell`; of several figures, such figures are omitted.
#' @return For one number, a [ggplot2::ggplot()] with an alternative text (see
#'   [ggplot2::get_alt_text()]). Several panels are combined by patchwork. For several numbers, a
#'   list `figure_1` ... of the figures for which the cohort has data. If only one figure is
#'   requested and it has no data, this is an error of class `lmsurv_error_no_data`.
#' @references
#' LiBrizzi CL, Vankara A, Meyer CF, Levin AS, Morris CD (2022). Bone metastases in patients with
#' leiomyosarcoma: a retrospective analysis of survival and surgical management.
#' *Sarcoma* 2022, 6806932. \doi{10.1155/2022/6806932}
#'
#' Simon R, Makuch RW (1984). A non-parametric graphical representation of the relationship between
#' survival and the occurrence of an event. *Statistics in Medicine* 3, 35-44.
#' \doi{10.1002/sim.4780030106}
#' @examples
#' cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
#' # survival with and without bone metastasis, then by status at 24 months
#' lms_figure(cohort, 3)
#' lms_figure(cohort, 3, landmark = 24)
#' lms_figure(cohort, 5, panel = "b", conf_int = TRUE)
#' @export
lms_figure <- function(cohort, which = 1:5, ..., by = NULL, panel = NULL, endpoint = "os",
                       landmark = NULL, split = FALSE, lump = 5, min_cell = 0) {
  check_cohort(cohort)
  which <- check_figures(which)
  check_figure_arguments(which, names(match.call()))
  own <- list(by = by, panel = panel, endpoint = endpoint, landmark = landmark, split = split,
              lump = lump, min_cell = min_cell)
  if (all(which < 3L)) refuse_dots("lms_figure", c("which", "min_cell"), dot_names(...))
  draw <- function(number) {
    drawer <- get(paste0("draw_figure_", number), mode = "function")
    known <- names(formals(drawer))
    more <- if ("..." %in% known) list(...)
    do.call(drawer, c(list(cohort), own[names(own) %in% known], more))
  }
  if (length(which) == 1L) return(draw(which))
  figures <- lapply(stats::setNames(which, paste0("figure_", which)), function(number) {
    tryCatch(draw(number), lmsurv_error_no_data = identity, lmsurv_error_min_cell = identity)
  })
  empty <- vapply(figures, inherits, NA, "condition")
  if (any(empty)) {
    why <- vapply(figures[empty], function(e) if (is.null(e$reason)) e$lines[1L] else e$reason, "")
    lines <- paste0("Figure ", which[empty], " is not drawn. ", why)
    if (all(empty)) abort("no_data", lines)
    say("no_data", lines)
  }
  figures[!empty]
}

check_figures <- function(which) {
  if (is.numeric(which) && length(which) && all(which %in% 1:5)) return(sort(unique(which)))
  abort("argument",
        paste0("`which` must be numbers of figures from 1 to 5, not ", describe(which), "."))
}

figure_arguments <- list(by = 5, panel = 4:5, endpoint = 5, landmark = 3, split = 3, lump = 5)

check_figure_arguments <- function(which, given) {
  for (name in intersect(given, names(figure_arguments))) {
    of <- figure_arguments[[name]]
    if (!any(which %in% of)) {
      abort("argument", paste0("`", name, "` is of Figure ", enumerate(of), ", not of Figure ",
                               enumerate(which), "."))
    }
  }
}
