cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
plot <- draw_figure_1(cohort)

with_sites <- function(site, id = NULL, ...) {
  has <- leiomyosarcoma$id[!is.na(leiomyosarcoma$bone_metastasis)]
  if (is.null(id)) id <- rep_len(has, length(site))
  lms_cohort(leiomyosarcoma, data.frame(id = id, site = site, ...))
}

# The texts that are drawn in a figure of that size in mm, each line with the box that it fills, in
# mm; and the leaders.
callouts <- function(plot, width, height) {
  grDevices::pdf(NULL, width = width / 25.4, height = height / 25.4)
  on.exit(grDevices::dev.off())
  grid::grid.draw(ggplot2::ggplotGrob(plot))
  grid::grid.force()
  paths <- grid::grid.ls(viewports = TRUE, fullNames = FALSE, print = FALSE)
  at <- grep("callouts", paths$gPath)
  # Since ggplot2 4 there is a viewport within the panel's, as large as it.
  grid::seekViewport(sub(".*(panel[^:]*).*", "\\1", paths$vpPath[at[1L]]))
  grobs <- lapply(unique(paths$name[at]), grid::grid.get)
  mm <- function(x, convert) convert(x, "mm", valueOnly = TRUE)
  texts <- Filter(function(grob) inherits(grob, "text"), grobs)
  lines <- lapply(texts, function(grob) {
    spacing <- 1.2 * grob$gp$lineheight * grob$gp$fontsize / 72.27 * 25.4
    x <- rep_len(mm(grid::unit(grob$x, "npc"), grid::convertX), length(grob$label))
    y <- mm(grid::unit(grob$y, "npc"), grid::convertY)
    boxes <- lapply(seq_along(grob$label), function(i) {
      parts <- strsplit(grob$label[i], "\n")[[1L]]
      wide <- vapply(parts, function(part) {
        mm(grid::grobWidth(grid::textGrob(part, gp = grob$gp)), grid::convertWidth)
      }, 0)
      middle <- y[i] + spacing * ((length(parts) + 1) / 2 - seq_along(parts))
      left <- x[i] - grob$hjust * wide
      data.frame(text = parts, left = left, right = left + wide, low = middle - 0.36 * spacing,
                 high = middle + 0.36 * spacing)
    })
    do.call(rbind, boxes)
  })
  lines <- do.call(rbind, lines)
  list(lines = lines[nzchar(trimws(lines$text)), ],
       panel = mm(grid::unit(1, "npc"), grid::convertX))
}

expect_apart <- function(shown) {
  lines <- shown$lines
  n <- nrow(lines)
  testthat::expect_gt(n, 1L)
  for (i in seq_len(n - 1L)) {
    j <- (i + 1L):n
    both <- lines$left[i] < lines$right[j] & lines$left[j] < lines$right[i] &
      lines$low[i] < lines$high[j] & lines$low[j] < lines$high[i]
    testthat::expect_false(any(both), label = lines$text[i])
  }
  testthat::expect_true(all(lines$left > -0.1 & lines$right < shown$panel + 0.1))
}

test_that("patients are counted at each site as in the table of lesions, and as published", {
  each <- unique(leiomyosarcoma_lesions[c("id", "site", "region")])
  counts <- table(as.character(each$site))
  expect_setequal(plot$data$site, names(counts))
  expect_equal(plot$data$n, as.vector(counts[plot$data$site]))
  region <- tapply(as.character(each$region), as.character(each$site), unique)
  expect_equal(as.character(plot$data$region), as.vector(region[plot$data$site]))
  for (site in c("femur", "humerus", "thoracic", "lumbar")) {
    published <- lms_published$value[lms_published$id == paste0("text.site.", site, ".n")]
    expect_equal(plot$data$n[grepl(site, plot$data$site, ignore.case = TRUE)], published)
  }
  patients <- nrow(leiomyosarcoma[!is.na(leiomyosarcoma$bone_metastasis), ])
  expect_equal(
    plot$data$count, sprintf("%d (%.0f%%)", plot$data$n, 100 * plot$data$n / patients)
  )
})

test_that("the legend and the caption count patients of the axial and appendicular skeleton", {
  where <- table(leiomyosarcoma$bone_location)
  legend <- plot$scales$get_scales("fill")$labels
  expect_equal(unname(legend), c(
    paste("Axial:", where[["Axial"]] + where[["Both"]], "patients"),
    paste("Appendicular:", where[["Appendicular"]] + where[["Both"]], "patients")
  ))
  caption <- gsub("\n", " ", plot$labels$caption)
  expect_match(caption, sprintf(
    "%d axial only, %d appendicular only, %d both", where["Axial"], where["Appendicular"],
    where["Both"]
  ))
  expect_match(caption, paste0("% of 45 patients with ", nrow(leiomyosarcoma_lesions), " lesions"),
               fixed = TRUE)
  alt <- ggplot2::get_alt_text(plot)
  expect_match(alt, "Axial: thoracic spine 22 (49%), lumbar spine 15 (33%)", fixed = TRUE)
  expect_match(alt, "Appendicular: femur 11 (24%)", fixed = TRUE)
})

test_that("the area of a mark is in proportion to its count, colour and shape tell the region", {
  marks <- ggplot2::layer_data(plot, 2L)
  marks <- marks[match(plot$data$site, marks$label), ]
  expect_equal(marks$size^2 / plot$data$n, rep(marks$size[1L]^2 / plot$data$n[1L], nrow(marks)),
               tolerance = 1e-12)
  looks <- unique(data.frame(plot$data$region, marks$fill, marks$shape))
  expect_equal(nrow(looks), 2L)
  expect_equal(lengths(lapply(looks, unique)), rep(2L, 3L), ignore_attr = TRUE)
})

test_that("bones are known by many names", {
  bones <- function(text) place_site(text)$site
  expect_equal(bones("T-spine"), "Thoracic spine")
  expect_equal(bones("thoracic vertebrae"), "Thoracic spine")
  expect_equal(bones("Th12"), "Thoracic spine")
  expect_equal(bones("C2 (odontoid)"), "Cervical spine")
  expect_equal(bones("L4/5"), "Lumbar spine")
  expect_equal(bones("L-spine"), "Lumbar spine")
  expect_equal(bones("L femur"), "Femur")
  expect_equal(bones("left hip"), "Proximal femur")
  expect_equal(bones("FEMORAL NECK"), "Proximal femur")
  expect_equal(bones("Femur, proximal, left"), "Proximal femur")
  expect_equal(bones("subtrochanteric femur"), "Proximal femur")
  expect_equal(bones("distal femoral metaphysis"), "Distal femur")
  expect_equal(bones("right iliac wing"), "Ilium")
  expect_equal(bones("anterior superior iliac spine"), "Ilium")
  expect_equal(bones("rib"), "Ribs")
  expect_equal(bones("Ribs 5/6"), "Ribs")
  expect_equal(bones("thoracic wall"), "Ribs")
  expect_equal(bones("sternum"), "Sternum")
  expect_equal(bones("sacral ala"), "Sacrum")
  expect_equal(bones("calvarium"), "Skull")
  expect_equal(bones("scapula"), "Scapula")
  expect_equal(bones("vertebra"), "Spine")
  expect_equal(bones("humeral head"), "Proximal humerus")
  expect_equal(bones("metatarsal"), "Foot")
  expect_equal(bones("metacarpal"), "Hand")
  expect_equal(find_bone(skeleton_bones$bone), seq_len(nrow(skeleton_bones)))
})

test_that("several sites in one cell are counted at each", {
  bones <- function(text) place_site(text)$site
  expect_equal(bones("T12-L2"), c("Thoracic spine", "Lumbar spine"))
  expect_equal(bones("T8-T10"), "Thoracic spine")
  expect_equal(bones("C5-7"), "Cervical spine")
  expect_equal(bones("T11\u2013S1"), c("Thoracic spine", "Lumbar spine", "Sacrum"))
  expect_equal(bones("thoracolumbar spine"), c("Thoracic spine", "Lumbar spine"))
  expect_equal(bones("lumbosacral"), c("Lumbar spine", "Sacrum"))
  expect_equal(bones("proximal femur and humerus"), c("Proximal femur", "Humerus"))
  expect_equal(bones("Femur; liver"), c("Femur", "Liver"))
  expect_equal(is.na(place_site("Femur; liver")$bone), c(FALSE, TRUE))
})

test_that("no site is dropped: what has no place stands beside the skeleton with its count", {
  site <- c(rep("Femur", 3), rep("Liver", 2), "knee", NA, " ", "the sella")
  plot <- draw_figure_1(with_sites(site))
  expect_equal(plot$data$site, "Femur")
  expect_equal(plot$layers[[2L]]$geom_params$beside, c(
    "Liver: 2 (22%)", "Not recorded: 2 (22%)", "Knee: 1 (11%)", "The sella: 1 (11%)"
  ))
  expect_match(ggplot2::get_alt_text(plot), "Not placed: Liver: 2 (22%)", fixed = TRUE)
  drawn <- callouts(plot, 84, 130)$lines$text
  expect_true(all(c("Not placed:", "Liver: 2 (22%)", "Knee: 1 (11%)") %in% drawn))

  many <- draw_figure_1(with_sites(c("Femur", paste("place", letters[1:12]))))
  beside <- many$layers[[2L]]$geom_params$beside
  expect_equal(beside[max_beside + 1L], "4 more sites")
  expect_match(gsub("\n", " ", plot$labels$caption),
               "36 more patients with bone metastases have no lesion")
})

test_that("random sites are counted as a table of the raw rows has them", {
  withr::local_seed(3)
  for (round in 1:20) {
    site <- sample(c("femur", "Femur", "RIBS", "skull", "nowhere", NA), 60, TRUE)
    lesions <- data.frame(id = sample(leiomyosarcoma$id, 60, TRUE), site = site)
    sites <- count_sites(site_rows(linked_text(
      lms_cohort(leiomyosarcoma, lesions), "lesions", c("site", "region")
    )))
    key <- tolower(ifelse(is.na(site), "not recorded", site))
    expected <- colSums(table(lesions$id, key) > 0)
    expect_equal(stats::setNames(sites$n, tolower(sites$site))[names(expected)], expected)
  }
})

test_that("the region that the table says wins, else the bone's own counts", {
  own <- draw_figure_1(with_sites(c("Pelvis", "Femur", "Scapula")))$data
  expect_equal(as.character(own$region[match(c("Femur", "Pelvis", "Scapula"), own$site)]),
               c("Appendicular", "Axial", "Appendicular"))
  said <- draw_figure_1(with_sites(
    c("Pelvis", "Pelvis", "Pelvis", "Femur"),
    region = c("appendicular", "APPENDICULAR skeleton", "axial", NA)
  ))
  expect_equal(as.character(said$data$region), c("Appendicular", "Appendicular"))
})

test_that("labels do not overlap, and leaders do not cross, at 84 and 174 mm", {
  crowd <- with_sites(c(rep(skeleton_bones$bone, 2), "liver", "thigh", "soft tissue of the arm"))
  for (figure in list(plot, draw_figure_1(crowd))) {
    expect_apart(callouts(figure, 84, 130))
    expect_apart(callouts(figure, 174, 160))
    expect_apart(callouts(figure, 84, 100))
  }
  expect_true(all(c("Thoracic spine", "22 (49%)", "11 (24%)") %in%
                    callouts(plot, 84, 130)$lines$text))
})

test_that("labels are placed in room, in an order without crossing leaders", {
  withr::local_seed(4)
  crossing <- function(x, y, label) {
    pairs <- utils::combn(length(x), 2L)
    near <- pmin(x[pairs[1L, ]], x[pairs[2L, ]])
    height <- function(i) label[i] + (y[i] - label[i]) * near / x[i]
    above <- label[pairs[1L, ]] > label[pairs[2L, ]]
    any(above != (height(pairs[1L, ]) > height(pairs[2L, ])))
  }
  for (round in 1:50) {
    n <- sample(2:12, 1L)
    x <- runif(n, 0.05, 0.5)
    y <- runif(n)^3
    heights <- runif(n, 0.02, 0.08)
    label <- place_labels(x, y, 0, heights)
    order <- order(label)
    gaps <- diff(label[order]) - (heights[order][-1L] + heights[order][-n]) / 2
    expect_gte(min(gaps), -1e-9)
    expect_true(all(label - heights / 2 > -1e-9 & label + heights / 2 < 1 + 1e-9))
    expect_false(crossing(x, y, label))
  }
})

test_that("small counts can be masked, in words and in sizes", {
  masked <- draw_figure_1(cohort, min_cell = 5)
  few <- plot$data$n < 5
  expect_equal(masked$data$count[few], rep("<5", sum(few)))
  expect_equal(masked$data$n, pmax(plot$data$n, 5))
  expect_match(ggplot2::get_alt_text(masked), "sacrum <5")
  expect_match(gsub("\n", " ", masked$labels$caption), "no smaller than that of 5")
  # Five patients have appendicular lesions alone.
  expect_error(draw_figure_1(cohort, min_cell = 6), "numbers by region",
               class = "lmsurv_error_min_cell")
  expect_error(draw_figure_1(cohort, min_cell = -1), "`min_cell`")
})

test_that("a cohort without sites says what it lacks", {
  no_data <- "lmsurv_error_no_data"
  expect_error(draw_figure_1(lms_cohort(leiomyosarcoma)), "no lesions", class = no_data)
  expect_error(draw_figure_1(cohort[!cohort$ever_bone_metastasis, ]), class = no_data)
  plain <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions[c("id", "date")])
  expect_error(draw_figure_1(plain), "no column `site`", class = no_data)
  expect_error(draw_figure_1(with_sites(c("Liver", "Lung"))), "\"Liver\" and \"Lung\"",
               class = no_data)
})

test_that("nothing of a patient is in the figure, which draws without a warning", {
  patients <- random_patients(80L, 7L)
  lesions <- random_lesions(patients)
  figure <- draw_figure_1(lms_cohort(patients, lesions, as_of = far_future))
  expect_no_patient(rawToChar(serialize(figure, NULL, ascii = TRUE)), patients)
  without_warnings(drawn(figure))
  without_warnings(drawn(draw_figure_1(with_sites("Femur"))))
  expect_s3_class(figure, "ggplot")
})

test_that("the skeleton is symmetric, and each bone with a mark is under it", {
  outlines <- ggplot2::layer_data(plot, 1L)
  expect_equal(sort(outlines$x), sort(-outlines$x), tolerance = 1e-9)
  inside <- function(x, y, bone) {
    own <- skeleton_outlines[tolower(skeleton_outlines$bone) == bone, ]
    any(abs(own$x / 100 - abs(x)) < 6 & abs(own$y / 100 - y) < 6)
  }
  drawn <- tolower(unique(skeleton_outlines$bone))
  named <- skeleton_bones[tolower(skeleton_bones$bone) %in% drawn, ]
  expect_gt(nrow(named), 18L)
  expect_true(all(mapply(inside, named$x, named$y, tolower(named$bone))))
})
