# Where the lesions of a linked table are, on a skeleton.

# table: its name. words: what a lesion is called, several of them, and what a patient without a
# record has, or NULL. expected: whether a patient should have a record, or NULL.
skeleton_figure <- function(cohort, table, words, expected = NULL, min_cell = 0) {
  min_cell <- check_min_cell(min_cell)
  lesions <- linked_text(cohort, table, c("site", "region"))
  if (is.null(lesions)) {
    no_figure_data(paste0("the cohort has no ", table, "."),
                   "Give the table to lms_cohort(), with one row each and a column `site`.")
  }
  if (is.null(lesions$site)) {
    no_figure_data(paste0(tick(table), " has no column `site`."),
                   "Rename the column of the bones to `site`.")
  }
  rows <- site_rows(lesions)
  sites <- count_sites(rows)
  if (all(is.na(sites$bone))) {
    no_figure_data(paste0("no `site` of ", tick(table), " is the name of a bone."),
                   paste0("The sites are ", enumerate(quoted(sites$site)), "."))
  }
  of <- length(unique(lesions$patient))
  remarks <- site_remarks(lesions, rows, expected)
  if (any(is_few(c(of, unlist(remarks)), min_cell))) {
    no_figure("min_cell", "small counts could be found from the numbers by region of the skeleton.")
  }
  skeleton_plot(site_marks(sites, of, min_cell),
                sites_beside(sites[is.na(sites$bone), ], of, min_cell), region_labels(rows),
                site_caption(remarks, of, nrow(lesions), min_cell, words), of, words)
}

# Made where no row of the cohort is, as a plot keeps what it was made beside.
skeleton_plot <- function(marks, beside, regions, caption, of, words) {
  ggplot(marks, aes(.data$x, .data$y)) +
    skeleton_layer() +
    site_layer(beside) +
    scale_fill_manual(NULL, values = stats::setNames(lms_colours[1:2], names(regions)),
                      labels = regions) +
    scale_shape_manual(NULL, values = stats::setNames(c(21L, 23L), names(regions)),
                       labels = regions) +
    scale_size_area(max_size = if (nrow(marks) > 12L) 4.5 else 6.5, guide = "none") +
    guides(fill = guide_legend(override.aes = list(size = 2.5))) +
    coord_fixed(xlim = c(-1, 1) * skeleton_edge, ylim = c(-4.5, 177.5), expand = FALSE) +
    labs(x = NULL, y = NULL, caption = caption, alt = site_alt(marks, beside, of, words)) +
    theme_lms() +
    theme(
      axis.line = element_blank(), axis.ticks = element_blank(), axis.text = element_blank(),
      plot.caption = element_text(hjust = 0), plot.caption.position = "plot",
      plot.margin = margin(4, 4, 4, 4)
    )
}

# Half the width of the panel, and where the labels begin, beyond the hands.
skeleton_edge <- 66
skeleton_labels <- 32

# A row for each site that has a place, with what is written at it.
site_marks <- function(sites, of, min_cell) {
  marks <- sites[!is.na(sites$bone), ]
  bones <- skeleton_bones[marks$bone, ]
  data.frame(
    site = marks$site, region = factor(marks$region, c("Axial", "Appendicular")),
    x = bones$x, y = bones$y, side = ifelse(bones$region == "Axial", "left", "right"),
    n = pmax(marks$n, min_cell), count = count_and_share(marks$n, of, min_cell)
  )
}

max_beside <- 8L

sites_beside <- function(sites, of, min_cell) {
  if (!nrow(sites)) return(NULL)
  shown <- utils::head(sites, max_beside)
  text <- paste0(shown$site, ": ", count_and_share(shown$n, of, min_cell))
  more <- nrow(sites) - nrow(shown)
  c(text, if (more) paste(count_of(more, "more site")))
}

skeleton_fill <- c(
  back = "#D9CDB4", bone = "#F2EBDB", cartilage = "#FBF8F0", hole = "#8C8168", line = "#A0957C",
  window = "white"
)

skeleton_line <- c(
  back = "grey50", bone = "grey40", cartilage = "grey55", hole = NA, line = NA, window = "grey50"
)

# The outlines of data-raw/skeleton.R, those beside the midline with their mirror images.
skeleton_layer <- function() {
  right <- skeleton_outlines
  right$x <- right$x / 100
  right$y <- right$y / 100
  left <- right[right$side == "both", ]
  left$x <- -left$x
  right$piece <- 2L * right$piece
  left$piece <- 2L * left$piece - 1L
  outlines <- rbind(left, right)
  outlines <- outlines[order(outlines$piece), ]
  shade <- as.character(outlines$shade)
  geom_polygon(
    aes(group = .data$piece), outlines, fill = skeleton_fill[shade], colour = skeleton_line[shade],
    linewidth = 0.15
  )
}

# What the legend says of each region.
region_labels <- function(rows) {
  patients <- unique(rows[!is.na(rows$region), c("patient", "region")])
  regions <- c(Axial = "Axial", Appendicular = "Appendicular")
  counts <- vapply(regions, function(region) sum(patients$region == region), 0L)
  stats::setNames(paste0(regions, ": ", shown_count(counts, "patient")), regions)
}

caption_width <- 68L

# Patients by region, which add up to those of the legend, and those without a record of a lesion.
site_remarks <- function(lesions, rows, expected) {
  regions <- unique(rows[!is.na(rows$region), c("patient", "region")])
  both <- regions$patient[duplicated(regions$patient)]
  only <- regions$region[!regions$patient %in% both]
  list(
    axial = sum(only == "Axial"), appendicular = sum(only == "Appendicular"), both = length(both),
    unknown = if (is.null(expected)) 0L else length(setdiff(which(expected), lesions$patient))
  )
}

site_caption <- function(remarks, of, lesions, min_cell, words) {
  text <- paste0(
    "Patients with a ", words$one, " at each site (% of ", count_of(of, "patient"), " with ",
    count_of(lesions, words$one, words$several),
    "). A patient with several sites is counted at each: ",
    remarks$axial, " axial only, ", remarks$appendicular, " appendicular only, ", remarks$both,
    " both. Left and right are counted together. The area of a mark is proportional to the count",
    if (min_cell) paste0(", and no smaller than that of ", min_cell), ".",
    if (remarks$unknown) {
      paste0(" ", remarks$unknown, " more patients with ", words$expected, " have no ",
             words$one, " recorded.")
    }
  )
  paste(strwrap(text, caption_width), collapse = "\n")
}

site_alt <- function(marks, beside, of, words) {
  part <- function(region) {
    here <- marks[marks$region == region, ]
    if (!nrow(here)) return(NULL)
    paste0(" ", region, ": ", paste(tolower(here$site), here$count, collapse = ", "), ".")
  }
  paste0(
    "Skeleton seen from the front, with a mark at each site of ", words$expected, ", its area by ",
    "the number of patients, of ", of, ".", part("Axial"), part("Appendicular"),
    if (length(beside)) paste0(" Not placed: ", paste(beside, collapse = ", "), ".")
  )
}
