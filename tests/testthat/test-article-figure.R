cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
patients <- transform(
  leiomyosarcoma, months = as.numeric(last_contact - diagnosis) / 30.4375,
  bone = !is.na(bone_metastasis),
  months_bone = as.numeric(last_contact - bone_metastasis) / 30.4375
)
bone <- patients[patients$bone, ]
rare <- c("H&N", "Lung", "Unknown")
bone$subtype <- ifelse(bone$subtype %in% rare, "Other", as.character(bone$subtype))

survdiff_p <- function(formula, data) {
  chisq <- survival::survdiff(formula, data)
  stats::pchisq(chisq$chisq, length(chisq$n) - 1L, lower.tail = FALSE)
}

expect_p <- function(plot, formula, data) {
  shown <- unname(grob_cells(drawn(plot), "^test-"))[[1L]]$label
  expect_equal(shown, paste("Log-rank p", p_equals(survdiff_p(formula, data))))
}

# Steps of each curve, in the order of the groups, beside survfit().
expect_steps <- function(plot, formula, data, tolerance = 1e-10) {
  theirs <- survival::survfit(formula, data)
  sizes <- if (is.null(theirs$strata)) length(theirs$time) else theirs$strata
  theirs <- split(data.frame(time = theirs$time, surv = theirs$surv),
                  rep(seq_along(sizes), sizes))
  steps <- ggplot2::layer_data(plot, 1L)
  ours <- split(steps, steps$group)
  expect_length(ours, length(theirs))
  for (i in seq_along(ours)) {
    expect_equal(ours[[i]]$x[-1L], theirs[[i]]$time, tolerance = tolerance)
    expect_equal(ours[[i]]$y[-1L], theirs[[i]]$surv, tolerance = tolerance)
  }
}

expect_at_risk <- function(plot, months, group = rep("", length(months))) {
  times <- as.numeric(axis_ticks(plot)[[1L]]$label)
  expect_gt(length(times), 3L)
  expected <- do.call(rbind, lapply(split(months, group), function(part) {
    format(count_at_risk(times, part), trim = TRUE)
  }))
  expect_equal(unname(risk_numbers(plot)[[1L]]$counts), unname(expected))
}

test_that("Figure 3 has the curves, the counts and the test of all patients", {
  plot <- lms_figure(cohort, 3)
  expect_s3_class(plot, "ggplot")
  expect_steps(plot, Surv(months, died) ~ bone, patients)
  expect_at_risk(plot, patients$months, patients$bone)
  expect_p(plot, Surv(months, died) ~ bone, patients)
  wait <- as.numeric(bone$bone_metastasis - bone$diagnosis) / 30.4375
  expect_match(
    gsub("\n", " ", plot$labels$caption), fixed = TRUE,
    paste0("Bone metastases in ", sum(wait > 0), " patients (median ",
           signif(stats::median(wait[wait > 0]), 3), " months later")
  )
  expect_equal(plot$labels$x, "Months since diagnosis")
  without_warnings(drawn(plot))
})

test_that("Figure 3 from a landmark on is that of the patients left then", {
  plot <- lms_figure(cohort, 3, landmark = 24)
  left <- patients[patients$months > 24, ]
  left$known <- !is.na(left$bone_metastasis) &
    left$bone_metastasis <= left$diagnosis + 24 * 30.4375
  left$months <- left$months - 24
  expect_steps(plot, Surv(months, died) ~ known, left)
  expect_at_risk(plot, left$months, left$known)
  expect_p(plot, Surv(months, died) ~ known, left)
  expect_match(plot$labels$caption, "24 months after diagnosis")
  expect_error(lms_figure(cohort, 3, landmark = 0), "no patient has bone metastases")
  expect_error(lms_figure(cohort, 3, landmark = "a"), "`landmark` must be a number")
  expect_error(lms_figure(cohort, 3, landmark = 2, split = TRUE), "cannot be combined")
})

test_that("Figure 3 with bone metastases as they come is that of tmerge()", {
  plot <- lms_figure(cohort, 3, split = TRUE)
  onset <- with(patients, as.numeric(bone_metastasis - diagnosis) / 30.4375)
  alone <- patients[c("id", "months", "died")]
  rows <- survival::tmerge(alone, alone, id = id, died = event(months, died))
  rows <- survival::tmerge(rows, data.frame(id = alone$id, onset), id = id, with = tdc(onset))
  expect_steps(plot, Surv(tstart, tstop, died) ~ with, rows)
  times <- as.numeric(axis_ticks(plot)[[1L]]$label)
  expected <- do.call(rbind, lapply(split(rows, rows$with), function(part) {
    format(count_at_risk(times, part$tstop, part$tstart), trim = TRUE)
  }))
  expect_equal(unname(risk_numbers(plot)[[1L]]$counts), unname(expected))
  score <- survival::coxph(Surv(tstart, tstop, died) ~ with, rows, ties = "breslow")
  events <- sort(unique(rows$tstop[rows$died == 1]))
  parts <- vapply(events, function(t) {
    risk <- rows$tstart < t & rows$tstop >= t
    d <- sum(rows$died[rows$tstop == t])
    n <- sum(risk)
    k <- sum(risk & rows$with == 1)
    c(sum(rows$died[rows$tstop == t & rows$with == 1]) - d * k / n,
      if (n > 1) d * k / n * (1 - k / n) * (n - d) / (n - 1) else 0)
  }, c(0, 0))
  p <- stats::pchisq(sum(parts[1L, ])^2 / sum(parts[2L, ]), 1, lower.tail = FALSE)
  shown <- unname(grob_cells(drawn(plot), "^test-"))[[1L]]$label
  expect_equal(shown, paste("Log-rank p", p_equals(p)))
  expect_lt(abs(log(p) - log(summary(score)$sctest[["pvalue"]])), 0.5)
})

test_that("Figure 4 counts from diagnosis and from bone metastasis", {
  a <- lms_figure(cohort, 4, panel = "a")
  expect_steps(a, Surv(months, died) ~ 1, bone)
  expect_at_risk(a, bone$months)
  expect_match(a$labels$caption, "immortal time")
  b <- lms_figure(cohort, 4, panel = "b")
  expect_steps(b, Surv(months_bone, died) ~ 1, bone)
  expect_at_risk(b, bone$months_bone)
  expect_no_match(b$labels$caption, "immortal time")
  expect_error(lms_figure(cohort, 4, panel = "c"), "`panel` must be \"a\" or \"b\"")
})

test_that("Figure 5 has a test of survdiff() in each panel", {
  panels <- lapply(letters[1:4], function(panel) lms_figure(cohort, 5, panel = panel))
  formulas <- list(
    Surv(months, died) ~ factor(subtype, c("Retroperitoneal", "Uterine", "Extremity soft tissue",
                                           "Other")),
    Surv(months, died) ~ surgery, Surv(months, died) ~ fracture, Surv(months, died) ~ indication
  )
  for (i in 1:4) {
    expect_steps(panels[[i]], formulas[[i]], bone)
    expect_p(panels[[i]], formulas[[i]], bone)
    used <- stats::model.frame(formulas[[i]], bone)
    expect_at_risk(panels[[i]], used[[1L]][, "time"], used[[2L]])
  }
  expect_match(panels[[1L]]$labels$caption, "Other \\(subtype\\): H&N, Lung and Unknown")
  later <- lms_figure(cohort, 5, panel = "b", endpoint = "os_bone")
  expect_p(later, Surv(months_bone, died) ~ surgery, bone)
  expect_equal(later$labels$x, "Months since bone metastasis")
  each <- lms_figure(cohort, 5, panel = "a", lump = 0)
  expect_equal(levels(each$data$.group),
               levels(droplevels(cohort$subtype[cohort$ever_bone_metastasis])))
  expect_error(lms_figure(cohort, 5, endpoint = "time_to_bone"), "competing event")
})

test_that("Figures of several panels tell each, with its test", {
  skip_if_not_installed("patchwork", if (packageVersion("ggplot2") >= "3.5") "1.2" else "1.0")
  text <- ggplot2::get_alt_text(lms_figure(cohort, 5))
  p <- c("= 0.56", "= 0.057", "= 0.041", "= 0.002")
  titles <- c("Subtype", "Surgical intervention", "Pathologic fracture", "Indication for fixation")
  for (i in 1:4) {
    expect_match(text, paste0("(", letters[i], ") ", titles[i], ": "), fixed = TRUE)
    expect_match(text, paste("Log-rank p", p[i]), fixed = TRUE)
  }
  grDevices::pdf(NULL, width = 7, height = 7)
  on.exit(grDevices::dev.off())
  table <- patchwork::patchworkGrob(lms_figure(cohort, 5))
  expect_length(grep("^risk-table", table$layout$name), 4L)
  expect_length(grep("^test-", table$layout$name), 4L)
  panels <- table$layout[grepl("^panel", table$layout$name), ]
  expect_equal(c(length(unique(panels$l)), length(unique(panels$t))), c(2L, 2L))
})

test_that("groups of few patients are one, which is said", {
  names <- c("a", "b", "Other", "c", "d")
  group <- factor(rep(names, c(6, 2, 1, 9, 3)), names)
  lumped <- lump_groups(group, 5)
  expect_equal(levels(lumped), c("a", "c", "Other"))
  expect_equal(as.vector(table(lumped)), c(6L, 9L, 6L))
  expect_equal(attr(lumped, "lumped"), c("b", "d"))
  expect_equal(lump_groups(group, 2), group)
  expect_equal(lump_groups(group, 0), group)
  many <- factor(rep(letters[1:16], 16:1))
  few <- lump_groups(many, 5)
  expect_equal(levels(few), c(letters[1:8], "Other"))
  expect_equal(sum(few == "Other"), sum(8:1))
  expect_equal(attr(few, "lumped"), letters[9:16])
})

test_that("a cohort of one's own is drawn by the columns it has", {
  own <- data.frame(
    pid = 1:60, dx = as.Date("2010-01-01") + 0:59, seen = as.Date("2012-01-01") + 10 * (0:59),
    dead = rep(c(TRUE, FALSE, TRUE), 20), mets = as.Date(NA), stage = rep(c("I", "II"), 30),
    age = 31:90 + 0.5
  )
  own$mets[1:40] <- own$dx[1:40] + 100
  own <- lms_cohort(own, id = pid, diagnosis = dx, last_contact = seen, died = dead,
                    bone_metastasis = mets)
  expect_error(lms_figure(own, 5), class = "lmsurv_error_no_data")
  plot <- lms_figure(own, 5, by = c("Stage at diagnosis" = "stage"))
  expect_equal(plot$labels$title, "Stage at diagnosis")
  expect_equal(sum(drop(table(own$stage[own$ever_bone_metastasis]))),
               sum(as.numeric(risk_numbers(plot)[[1L]]$counts[, 1L])))
  expect_error(lms_figure(own, 5, by = "age"), "Group the values first")
  expect_error(lms_figure(own, 5, by = "stge"), "Did you mean `stage`?")
  expect_error(lms_figure(own, 5, by = 3), "`by` must be names of columns")
  plain <- lms_cohort(as.data.frame(own)[c("pid", "dx", "seen", "dead", "stage")], id = pid,
                      diagnosis = dx, last_contact = seen, died = dead)
  for (number in 3:5) {
    expect_error(lms_figure(plain, number), class = "lmsurv_error_no_data")
  }
  everyone <- lms_figure(plain, 5, by = "stage")
  expect_equal(sum(as.numeric(risk_numbers(everyone)[[1L]]$counts[, 1L])), 60)
  expect_error(lms_figure(plain, 3:5), "Figure 3 is not drawn.*Figure 4 is not drawn",
               class = "lmsurv_error_no_data")
  expect_message(figures <- lms_figure(own, 3:5), "Figure 5 is not drawn")
  expect_named(figures, c("figure_3", "figure_4"))
})

test_that("all five figures come as a list, each with its text", {
  skip_if_not_installed("patchwork", if (packageVersion("ggplot2") >= "3.5") "1.2" else "1.0")
  figures <- lms_figure(cohort)
  expect_named(figures, paste0("figure_", 1:5))
  for (figure in figures) {
    expect_s3_class(figure, "ggplot")
    expect_gt(nchar(ggplot2::get_alt_text(figure)), 100)
  }
  expect_error(lms_figure(cohort, 1, conf_int = TRUE), "`conf_int` is not an argument")
  expect_message(masked <- lms_figure(cohort, min_cell = 5), "Figure 2 is not drawn")
  expect_named(masked, paste0("figure_", c(1, 3:5)))
})

test_that("no patient can be found in a figure, however it is saved", {
  marked <- leiomyosarcoma
  marked$id <- sprintf("PATIENT%04d", rev(marked$id))
  marked <- lms_cohort(marked)
  bytes <- function(x) serialize(as.double(unclass(x)[1:4]), NULL)[-(1:18)]
  holds <- function(object) {
    raw <- serialize(object, NULL)
    found <- c(length(grepRaw(utils::tail(bytes(marked$diagnosis), 32), raw, fixed = TRUE)),
               length(grepRaw(charToRaw("PATIENT0"), raw, fixed = TRUE)))
    as.logical(found)
  }
  expect_equal(holds(as.list(marked)), c(TRUE, TRUE))
  for (panel in letters[1:4]) {
    expect_equal(holds(lms_figure(marked, 5, panel = panel)), c(FALSE, FALSE))
  }
  expect_equal(holds(lms_figure(marked, 3)), c(FALSE, FALSE))
  expect_equal(holds(lms_figure(marked, 3, split = TRUE)), c(FALSE, FALSE))
  plot <- lms_figure(marked, 5, panel = "d", min_cell = 5)
  expect_false(any(c("id", "diagnosis") %in% names(plot$data)))
  expect_match(ggplot2::get_alt_text(lms_figure(marked, 5, panel = "a", min_cell = 5)),
               "Other: fewer than 5 at risk, fewer than 5 events")
})

test_that("arguments are checked", {
  expect_error(lms_figure(leiomyosarcoma), "must be made by lms_cohort")
  expect_error(lms_figure(cohort, 6), "numbers of figures from 1 to 5, not 6")
  expect_error(lms_figure(cohort, 3, lump = 2), "`lump` is of Figure 5, not of Figure 3")
  expect_error(lms_figure(cohort, 3, confint = TRUE), "`confint` is not an argument")
  expect_error(lms_figure(cohort, 5, lump = -1), "`lump`")
})
