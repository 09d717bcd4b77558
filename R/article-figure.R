#' The figures of a cohort
#'
#' Draws the five figures of a retrospective cohort of patients with bone metastases, as in LiBrizzi
#' et al. (2022):
#' 1. where the bone metastases are, on a skeleton;
#' 2. how they were treated by surgery;
#' 3. overall survival with and without bone metastases;
#' 4. of the patients with bone metastases, (a) overall survival and (b) survival from the
#'    diagnosis of bone metastases;
#' 5. of the same patients, survival by several variables, a panel for each.
#'
#' Figures 3 to 5 are [autoplot()][autoplot.lms_km]s of [lms_km()], with the numbers at risk and
#' the p-value of [lms_logrank()]. Vertical marks are censored patients.
#'
#' @section What is known only later:
#' Bone metastases come in the course of the disease: who has them has lived until then. Compared
#' as if known from diagnosis, that time counts in their favour (immortal time). Figures that do so
#' say it, with how many patients and how long. In Figure 3 `split = TRUE` counts each patient as
#' without bone metastases until they come (Simon and Makuch 1984), and `landmark` compares those
#' who are alive and followed at that time, as they were known then. In Figure 5
#' `endpoint = "os_bone"` counts from the diagnosis of bone metastases.
#'
#' @section Groups:
#' Figure 5 has a panel for each of `subtype`, surgery (`ever_surgery`, or a column `surgery`),
#' `fracture` and `indication` that the cohort has, or for the variables `by`. `FALSE` and `TRUE`
#' are shown as No and Yes. Levels with fewer than `lump` patients are one group, Other, and the
#' figure says so; with them the smallest where there are more than nine. The p-value is that of
#' the groups as drawn. Patients in whom the variable is missing are left out of its panel.
#'
#' In a cohort without the role `bone_metastasis`, `by` draws Figure 5 of all patients.
#'
#' @param cohort A cohort made by [lms_cohort()].
#' @param which Numbers of figures, among 1 to 5.
#' @param ... Figures 3 to 5: further arguments of [autoplot()][autoplot.lms_km], such as
#'   `conf_int` or `median`.
#' @param by Figure 5: names of variables; the names of a named vector are the titles of panels.
#' @param panel Figures 4 and 5: a letter, to draw this panel alone.
#' @param endpoint Figure 5: the name of an endpoint of the cohort.
#' @param landmark Figure 3: a number of months since diagnosis.
#' @param split Figure 3: `TRUE` for bone metastases as they come.
#' @param lump Figure 5: a number of patients, 0 for all levels as they are.
#' @param min_cell A whole number: curves and numbers at risk are rounded as by
#'   [autoplot()][autoplot.lms_km], and other counts of 1 or more below it shown as "<5",
#'   for 5. Figures 1
#'   and 2 are not drawn where what is drawn would tell them all the same, an error of class
#'   `lmsurv_error_min_cell`; of several figures they are left out.
#' @return For one number a [ggplot2::ggplot()] with an alternative text (see
#'   [ggplot2::get_alt_text()]); where it has several panels, they are put together by patchwork.
#'   For several numbers a list `figure_1` ... of the figures that the cohort has data for. A
#'   figure without data that is asked for alone is an error of class `lmsurv_error_no_data`.
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
