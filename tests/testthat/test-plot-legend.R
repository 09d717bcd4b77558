fit <- lms_km(Surv(months, died) ~ drug, figure_cohort())

# Texts of each legend that is drawn, its title first.
legends <- function(plot) {
  boxes <- grob_cells(drawn(plot), "^guide-box")
  guides <- Filter(function(grob) {
    inherits(grob, "gtable") && any(grepl("^key", grob$layout$name))
  }, unlist(lapply(boxes, all_grobs), recursive = FALSE))
  lapply(unname(guides), function(guide) {
    cells <- guide$grobs[order(guide$layout$name != "title")]
    texts <- Filter(function(grob) inherits(grob, "text"),
                    unlist(lapply(cells, all_grobs), recursive = FALSE))
    unlist(lapply(texts, `[[`, "label"), use.names = FALSE)
  })
}

test_that("a title or labels for the colour are those of the one legend and of the table", {
  expect_equal(legends(autoplot(fit)), list(c("Drug", "A", "B")))
  expect_equal(legends(autoplot(fit, conf_int = TRUE) + ggplot2::labs(colour = "Arm")),
               list(c("Arm", "A", "B")))
  named <- suppressMessages(autoplot(fit, conf_int = TRUE, direct = FALSE) +
    ggplot2::scale_colour_manual("Arm", values = c("red", "black"), labels = c(B = "Y", A = "X")))
  expect_equal(legends(named), list(c("Arm", "X", "Y")))
  expect_equal(unname(risk_labels(named))[[1L]]$labels, c("X", "Y"))
  by_place <- suppressMessages(autoplot(fit, direct = TRUE) +
    ggplot2::scale_colour_grey(labels = c("X", "Y")))
  expect_equal(unname(risk_labels(by_place))[[1L]]$labels, c("X", "Y"))
  expect_length(legends(by_place), 0L)
  expect_length(legends(autoplot(fit) + ggplot2::labs(linetype = "Type")), 2L)
})

test_that("words of a scale go to the levels that they are of", {
  words <- function(...) {
    legend_words(ggplot2::scale_colour_manual(values = c(a = "red", b = "blue"), ...), c("a", "b"))
  }
  expect_equal(words(), c("a", "b"))
  expect_equal(words(labels = toupper), c("A", "B"))
  expect_equal(words(labels = c("Y", "X"), breaks = c("b", "a")), c("X", "Y"))
  expect_equal(words(labels = c("Y", "X"), limits = c("b", "a")), c("X", "Y"))
  expect_equal(words(labels = c(b = "Y")), c("a", "Y"))
  expect_equal(words(labels = NULL), c("a", "b"))
  expect_equal(legend_words(NULL, "a"), "a")
})

test_that("a legend at the side is one column, and above one row where it fits", {
  keys <- function(plot) {
    box <- Filter(function(grob) {
      inherits(grob, "gtable") && any(grepl("^key", grob$layout$name))
    }, unlist(lapply(grob_cells(drawn(plot), "^guide-box"), all_grobs), recursive = FALSE))[[1L]]
    cells <- box$layout[grepl("^key", box$layout$name), ]
    c(rows = length(unique(cells$t)), columns = length(unique(cells$l)))
  }
  expect_equal(keys(autoplot(fit)), c(rows = 1L, columns = 2L))
  expect_equal(keys(autoplot(fit) + ggplot2::theme_bw()), c(rows = 2L, columns = 1L))
})

test_that("bands have the colour of their curve, unless they have their own", {
  fills <- function(plot) {
    bands <- Filter(function(grob) inherits(grob, "polygon"),
                    unlist(lapply(grob_cells(drawn(plot), "^panel"), all_grobs), recursive = FALSE))
    colours <- unlist(lapply(bands, function(grob) grob$gp$fill))
    unique(substr(colours[!is.na(colours)], 1L, 7L))
  }
  expect_setequal(fills(autoplot(fit, conf_int = TRUE)), lms_colours[1:2])
  raw <- ggplot2::ggplot(figure_cohort(), ggplot2::aes(time = months, status = died)) + theme_lms()
  expect_equal(fills(raw + geom_km(conf_int = TRUE, colour = "red")), "#FF0000")
  expect_equal(fills(raw + geom_km(conf_int = TRUE, fill = "blue")), "#0000FF")
})
