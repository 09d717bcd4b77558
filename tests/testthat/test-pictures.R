# Pictures, compared letter by letter with those in _snaps/pictures. They hold for one version of
# ggplot2, Debian's; both stand in the sources and not in the package that is built.
skip_if_not_installed("vdiffr")
skip_if_not_installed("patchwork")
skip_if(packageVersion("ggplot2") != "3.4.1",
        paste("pictures are of ggplot2 3.4.1, not", packageVersion("ggplot2")))

# width, height: in mm. A picture that is new is written, and fails until it is kept.
expect_picture <- function(name, plot, width = 84, height = 80) {
  kept <- file.exists(test_path("_snaps", "pictures", paste0(name, ".svg")))
  expect_true(kept, label = paste("that the picture", name, "is kept"))
  vdiffr::expect_doppelganger(name, function() {
    grid::grid.newpage()
    print(plot, vp = grid::viewport(
      width = grid::unit(width, "mm"), height = grid::unit(height, "mm")
    ))
  })
}

cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
trial <- figure_cohort(60L)

test_that("the figures of the cohort look as they did", {
  expect_picture("figure-1", lms_figure(cohort, 1), 84, 110)
  expect_picture("figure-2", lms_figure(cohort, 2), 174, 110)
  expect_picture("figure-3", lms_figure(cohort, 3))
  expect_picture("figure-4", lms_figure(cohort, 4), 174)
  expect_picture("figure-5", lms_figure(cohort, 5), 174, 170)
})

test_that("one group, and nine", {
  one <- lms_km(Surv(months, died) ~ 1, trial)
  expect_picture("one-group", autoplot(one, conf_int = TRUE, median = TRUE, times = 60))
  nine <- transform(trial, group = factor(rep(1:9, length.out = 60L)))
  expect_picture("nine-groups", autoplot(lms_km(Surv(months, died) ~ group, nine)), 84, 110)
})

test_that("long, French and Chinese labels", {
  named <- function(levels, label) {
    out <- trial
    levels(out$drug) <- levels
    attr(out$drug, "label") <- label
    autoplot(lms_km(Surv(months, died) ~ drug, out), p_value = TRUE)
  }
  expect_picture("long-labels", named(
    c("No operation of the bone metastasis, whatever else was done", "Operated, prophylactically"),
    "Surgical management of bone metastases"
  ))
  expect_picture("french-labels", named(
    c("Chimioth\u00e9rapie n\u00e9oadjuvante", "Radioth\u00e9rapie \u00e0 vis\u00e9e palliative"),
    "Traitement re\u00e7u"
  ) + ggplot2::labs(x = "Mois depuis le diagnostic", y = "Survie"))
  expect_picture("chinese-labels", named(
    c("\u6ca1\u6709\u9aa8\u8f6c\u79fb\u7684\u5e73\u6ed1\u808c\u8089\u7624\u60a3\u8005",
      "\u6709\u9aa8\u8f6c\u79fb"),
    "\u9aa8\u8f6c\u79fb"
  ) + ggplot2::labs(x = "\u6708", y = "\u751f\u5b58\u7387"))
})

test_that("no event in one group, and none at all", {
  none <- transform(trial, died = died & drug == "B")
  expect_picture("no-event", autoplot(lms_km(Surv(months, died) ~ drug, none), p_value = TRUE))
  all <- suppressMessages(lms_km(Surv(months, died) ~ drug, transform(trial, died = FALSE)))
  expect_picture("all-censored", autoplot(all, p_value = TRUE))
})

test_that("weights, and delayed entry", {
  weighted <- lms_km(Surv(months, died) ~ drug, trial, weights = weight)
  expect_picture("weights", autoplot(weighted, p_value = TRUE))
  late <- lms_km(Surv(entry, months, died) ~ drug, trial)
  expect_picture("delayed-entry", autoplot(late, risk_table = c("at risk", "cumulative events")))
})

test_that("a dark theme, and a column 80 mm wide", {
  fit <- lms_km(Surv(months, died) ~ drug, trial)
  expect_picture("dark-theme", autoplot(fit, times = 60, p_value = TRUE) + ggplot2::theme_dark())
  both <- lms_km(Surv(months, died) ~ drug + sex, trial)
  expect_picture("narrow", autoplot(both, by = "drug", p_value = TRUE) +
                   ggplot2::facet_wrap(~ sex), 80, 70)
})
