cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
plot <- draw_figure_2(cohort)
no_data <- "lmsurv_error_no_data"

stage <- function(plot, name) {
  own <- plot$data[plot$data$stage == name, ]
  stats::setNames(own$n, own$node)
}

with_surgeries <- function(surgeries) lms_cohort(leiomyosarcoma, NULL, surgeries)

rows_of <- function(cohort) {
  flow_rows(cohort, "surgeries", !is.na(cohort$bone_metastasis), "Bone metastases",
            !is.na(cohort$first_surgery))
}

random_flow <- function(seed) {
  withr::local_seed(seed)
  n <- sample(5:60, 1L)
  id <- leiomyosarcoma$id[!is.na(leiomyosarcoma$first_surgery)]
  of <- sample(id, n, TRUE)
  with_surgeries(data.frame(
    id = of, date = leiomyosarcoma$first_surgery[match(of, leiomyosarcoma$id)],
    indication = sample(c("pain", "fracture", "Fracture", NA), n, TRUE),
    site = sample(c("Spine", "femur", "Rib", NA), n, TRUE),
    procedure = sample(c("nail", "plate", "a very long name of a procedure for the spine"), n, TRUE)
  ))
}

test_that("the counts are those of the raw tables", {
  bone <- leiomyosarcoma[!is.na(leiomyosarcoma$bone_metastasis), ]
  operations <- leiomyosarcoma_surgeries
  expect_equal(stage(plot, "everyone"), c("Bone metastases" = nrow(bone)))
  expect_equal(stage(plot, "management"),
               c(Surgery = sum(bone$surgery), "No surgery" = sum(!bone$surgery)))
  expect_equal(c(stage(plot, "indication")), c(table(bone$indication)))
  expect_equal(c(stage(plot, "site")), c(table(operations$site)))
  pairs <- table(paste(operations$site, operations$procedure, sep = "\n"))
  expect_mapequal(stage(plot, "procedure"), c(pairs))
  expect_equal(plot$data$unit, rep(c("patient", "operation"), c(5L, 15L)))
})

test_that("the counts are the published ones", {
  published <- function(id) lms_published$value[match(paste0(id, ".n"), lms_published$id)]
  expect_equal(unname(stage(plot, "management")),
               published(c("text.surgery_patients", "text.no_surgery")))
  expect_equal(sum(stage(plot, "site")), published("text.surgeries"))
  expect_equal(stage(plot, "site")[c("Spine", "Femur", "Humerus")],
               c(Spine = 15L, Femur = 9L, Humerus = 4L))
  expect_equal(unname(stage(plot, "site")[1:2]),
               published(paste0("text.operation_site.", c("spine", "femur"))))
  keys <- c(
    "Spine\nDecompression and fusion" = "spine.fusion",
    "Spine\nDecompression alone" = "spine.decompression",
    "Spine\nKyphoplasty" = "spine.kyphoplasty", "Femur\nArthroplasty" = "femur.arthroplasty",
    "Femur\nIntramedullary fixation" = "femur.im_nail",
    "Femur\nCurettage and cement" = "femur.curettage",
    "Humerus\nHemiarthroplasty" = "humerus.hemiarthroplasty",
    "Humerus\nPlate and screws" = "humerus.plate",
    "Humerus\nIntramedullary fixation" = "humerus.im_nail",
    "Acetabulum\nHemipelvectomy" = "acetabulum.hemipelvectomy",
    "Acetabulum\nCurettage, reconstruction and total hip arthroplasty" = "acetabulum.tha"
  )
  expect_equal(unname(stage(plot, "procedure")[names(keys)]),
               published(paste0("text.procedure.", keys)))
})

test_that("each count is written with its unit", {
  count <- stats::setNames(plot$data$count, plot$data$node)
  expect_equal(unname(count[1:7]), c(
    "45 patients", "20 patients (44%)", "25 patients (56%)", "12 patients (60%)\n21 operations",
    "8 patients (40%)\n9 operations", "15 operations (50%)", "9 operations (30%)"
  ))
  expect_equal(count[["Femur\nArthroplasty"]], "5")
  caption <- gsub("\n", " ", plot$labels$caption)
  each <- table(leiomyosarcoma_surgeries$id)
  expect_match(caption, sprintf(
    "30 operations in 20 patients: %d had one operation, %d had two or more", sum(each == 1),
    sum(each > 1)
  ))
  expect_match(caption, "another indication: 4 (failure of construct 4)", fixed = TRUE)
  expect_match(ggplot2::get_alt_text(plot), "Humerus 4 operations (13%)", fixed = TRUE)
  shown <- unlist(lapply(all_grobs(drawn(plot)), function(grob) {
    if (inherits(grob, "text")) trimws(grob$label)
  }))
  expect_true(all(c("45 patients", "25 patients (56%)", "Decompression and fusion") %in% shown))
  expect_true(any(shown == "Patients") && any(shown == "Operations"))
})

test_that("what flows out of a bar is what flows into it", {
  for (seed in 1:10) {
    flow <- rows_of(random_flow(seed))
    bars <- place_bars(flow_stages(flow))
    bands <- flow_bands(flow, bars)
    into <- tapply(bands$right, factor(bands$to, seq_len(nrow(bars))), sum)
    first <- bars$stage == "everyone"
    expect_equal(as.vector(into)[!first], as.double(bars$n)[!first])
    out <- tapply(bands$left, factor(bands$from, seq_len(nrow(bars))), sum)
    goes_on <- bars$stage %in% c("everyone", "site") | bars$node == "Surgery"
    expect_equal(as.vector(out)[goes_on], as.double(bars$n)[goes_on])
    # Of the indications those patients whose operations are known.
    has <- flow$patients$patient %in% flow$operations$patient
    known <- tapply(has, flow$patients$indication, sum)
    at <- bars$stage == "indication"
    out[is.na(out)] <- 0
    expect_equal(as.vector(out)[at], as.vector(known[bars$node[at]]), tolerance = 1e-12)
    expect_equal(sum(bars$n[bars$stage == "site"]), nrow(flow$operations))
    expect_equal(sum(bars$n[bars$stage == "procedure"]), nrow(flow$operations))
  }
})

test_that("heights are in proportion, and bands stay within their bars", {
  bars <- plot$data
  height <- bars$ymax - bars$ymin
  expect_equal(height / bars$n, rep(height[1L] / bars$n[1L], nrow(bars)), tolerance = 1e-9)
  outlines <- ggplot2::layer_data(plot, 1L)
  for (x in unique(bars$x)) {
    own <- bars[bars$x == x, ]
    ends <- outlines$y[abs(outlines$x - x) < 1e-9 | abs(outlines$x - x - bar_width) < 1e-9]
    inside <- vapply(ends, function(y) any(y >= own$ymin - 1e-9 & y <= own$ymax + 1e-9), NA)
    expect_true(all(inside))
  }
})

test_that("bands fill each bar from its top, in the order of their other ends", {
  for (seed in 1:6) {
    flow <- rows_of(random_flow(seed))
    bars <- place_bars(flow_stages(flow))
    bands <- flow_bands(flow, bars)
    outlines <- band_outlines(bands, bars, levels(flow_group(flow$patients)))
    # Corners from the upper left on: upper right, lower right, lower left.
    corner <- lapply(c(1L, 25L, 26L, 50L), function(i) outlines$y[seq(i, nrow(outlines), 50L)])
    fills <- function(upper, lower, bar, other) {
      for (at in unique(bar)) {
        own <- which(bar == at)
        own <- own[order(-upper[own])]
        expect_equal(upper[own[1L]], bars$ymax[at], tolerance = 1e-9)
        expect_equal(upper[own[-1L]], lower[own[-length(own)]], tolerance = 1e-9)
        expect_false(is.unsorted(other[own]))
      }
    }
    fills(corner[[1L]], corner[[4L]], bands$from, bands$to)
    fills(corner[[2L]], corner[[3L]], bands$to, bands$from)
  }
})

test_that("bars and texts of a stage stand apart", {
  for (seed in 1:10) {
    bars <- place_bars(flow_stages(rows_of(random_flow(seed))))
    shrink <- attr(bars, "shrink")
    for (own in split(bars, bars$stage)) {
      half <- pmax(own$ymax - own$ymin, own$lines * text_line * shrink) / 2
      expect_true(all(own$middle + half <= 100 + 1e-6 & own$middle - half >= -1e-6))
      if (nrow(own) > 1L) {
        expect_gt(min(-diff(own$middle) - half[-1L] - half[-nrow(own)]), 0.5)
      }
    }
  }
})

test_that("the indication is that of the first operation by date, in whatever order they stand", {
  shuffled <- leiomyosarcoma_surgeries[c(30:16, 1:15), ]
  expect_equal(draw_figure_2(with_surgeries(shuffled))$data, plot$data)
  late <- leiomyosarcoma_surgeries
  late$indication <- ifelse(late$sequence == 1L, "Pain", "Fracture")
  expect_equal(stage(draw_figure_2(with_surgeries(late)), "indication"), c(Pain = 20L))
})

test_that("what the table lacks is left out, what is not recorded is shown", {
  columns <- function(...) with_surgeries(leiomyosarcoma_surgeries[c("id", "date", ...)])
  expect_equal(unique(draw_figure_2(columns())$data$stage), c("everyone", "management"))
  few <- draw_figure_2(columns("procedure"))
  expect_equal(unique(few$data$stage), c("everyone", "management", "procedure"))
  expect_equal(c(stage(few, "procedure")["Intramedullary fixation"]),
               c("Intramedullary fixation" = 5L))
  half <- draw_figure_2(with_surgeries(subset(
    leiomyosarcoma_surgeries, id %in% id[indication == "Prophylactic fixation"] &
      indication == "Prophylactic fixation"
  )))
  expect_equal(stage(half, "indication"), c("Prophylactic fixation" = 12L, "Not recorded" = 8L))
  expect_match(gsub("\n", " ", half$labels$caption),
               "For 8 patients with surgery, no operation is recorded.")
})

test_that("what does not fit is Other, which says how many kinds", {
  many <- leiomyosarcoma_surgeries
  many$procedure <- paste("procedure", c(1:25, 1:5))
  many$site <- rep_len(c("Spine", "Femur", "Rib", "Skull", "Tibia", "Ulna", "Hand", "Foot"), 30)
  many$indication <- rep_len(paste("reason", 1:7), 30)
  figure <- draw_figure_2(with_surgeries(many))
  expect_lte(sum(figure$data$stage == "site"), max_sites)
  expect_true("Other (3 kinds)" %in% names(stage(figure, "site")))
  expect_lte(sum(figure$data$stage == "indication"), max_indications)
  for (name in c("site", "procedure")) expect_equal(sum(stage(figure, name)), 30L)
  expect_equal(sum(stage(figure, "indication")), 20L)
  names <- sub(".*\n", "", names(stage(figure, "procedure")))
  other <- grepl("^Other \\([0-9]+ kinds\\)$", names)
  kinds <- sum(as.integer(gsub("[^0-9]", "", names[other])))
  site <- lump_small(many$site, max_sites)
  pairs <- unique(paste(site, many$procedure))
  expect_true(any(other))
  expect_equal(kinds + sum(!other), length(pairs))
})

test_that("long names are wrapped", {
  long <- leiomyosarcoma_surgeries
  long$procedure <- paste("Resection of the tumour with endoprosthetic reconstruction",
                          long$sequence)
  figure <- draw_figure_2(with_surgeries(long))
  expect_true(all(nchar(unlist(strsplit(figure$data$name, "\n"))) <= 26L))
})

test_that("operations of patients without bone metastases are not drawn, and counted", {
  healthy <- leiomyosarcoma
  gone <- healthy$id[!is.na(healthy$first_surgery)][1:2]
  healthy$bone_metastasis[healthy$id %in% gone] <- NA
  figure <- draw_figure_2(lms_cohort(healthy, NULL, leiomyosarcoma_surgeries))
  outside <- sum(leiomyosarcoma_surgeries$id %in% gone)
  expect_equal(sum(stage(figure, "site")), 30L - outside)
  expect_equal(unname(stage(figure, "everyone")), 43L)
  expect_match(gsub("\n", " ", figure$labels$caption),
               paste("Not drawn:", outside, "operations of patients without bone metastases"))
})

test_that("a figure whose heights tell a small count is refused", {
  small <- "lmsurv_error_min_cell"
  expect_error(draw_figure_2(cohort, min_cell = 5), "heights of some bars and bands", class = small)
  patients <- data.frame(
    id = 1:24, diagnosis = as.Date("2001-01-01"), last_contact = as.Date("2009-01-01"),
    died = rep(c(TRUE, FALSE), 12), bone_metastasis = as.Date("2002-01-01")
  )
  drawn <- function(site, id = 1:12, indication = rep(c("Fracture", "Impending"), 6)) {
    operations <- data.frame(id, date = as.Date("2003-01-01") + seq_along(id), indication, site)
    draw_figure_2(lms_cohort(patients, NULL, operations), min_cell = 5)
  }
  # Every bar and band has 6 or more.
  expect_s3_class(drawn(rep(c("Femur", "Tibia"), 6)), "ggplot")
  # The sites have 6 each, their bands 3.
  expect_error(drawn(rep(c("Femur", "Tibia"), c(6, 6))), class = small)
  # Two patients have a second operation.
  more <- rep(c("Femur", "Tibia"), 7)
  expect_error(drawn(more, c(1:12, 1:2), rep(c("Fracture", "Impending"), 7)), class = small)
  # Six have, one of them for another reason than the first.
  twice <- rep(c("Fracture", "Impending"), 9)
  site <- rep(c("Femur", "Tibia"), 9)
  expect_s3_class(drawn(site, c(1:12, 1:6), twice), "ggplot")
  twice[13L] <- "Failure"
  expect_error(drawn(site, c(1:12, 1:6), twice), class = small)
  # One is of a patient without bone metastases.
  patients$bone_metastasis[24L] <- NA
  twice[13L] <- "Fracture"
  expect_error(drawn(site[1:13], c(1:12, 24), twice[1:13]), class = small)
})

test_that("a cohort without operations or bone metastases says what it lacks", {
  expect_error(draw_figure_2(lms_cohort(leiomyosarcoma)), "no surgeries", class = no_data)
  none <- cohort[cohort$ever_bone_metastasis & !cohort$ever_surgery, ]
  expect_error(draw_figure_2(none), "no surgeries", class = no_data)
  patients <- leiomyosarcoma[setdiff(names(leiomyosarcoma), "bone_metastasis")]
  expect_error(draw_figure_2(lms_cohort(patients, NULL, leiomyosarcoma_surgeries)),
               "no dates of bone metastasis", class = no_data)
})

test_that("nothing of a patient is in the figure, which draws without a warning", {
  patients <- random_patients(80L, 8L)
  surgeries <- random_surgeries(patients)
  surgeries$indication <- "Fracture"
  surgeries$site <- "Femur"
  figure <- draw_figure_2(lms_cohort(patients, NULL, surgeries, as_of = far_future))
  expect_no_patient(rawToChar(serialize(figure, NULL, ascii = TRUE)), patients)
  without_warnings(drawn(figure))
  without_warnings(drawn(plot))
})
