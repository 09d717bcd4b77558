#' Use a plain theme for figures in journals
#'
#' `theme_lms()` gives a ggplot the plain look that journals ask for, for a column 80 mm wide.
#' Text has 7 to 8 points, there are two axis lines and no grid, and the legend is above the
#' plot. The colors of [autoplot()] are those of Okabe and Ito, ordered by decreasing contrast
#' with white. Line types also distinguish the curves, so they can be read without color.
#'
#' @param base_size A number of points that sets the size of titles. The axis text is 7/8 of it.
#' @param base_family The font family, such as `"serif"`.
#' @return A theme that is added to a [ggplot2::ggplot()].
#' @references
#' Okabe M, Ito K (2008). Color universal design.
#' <https://jfly.uni-koeln.de/color/>
#' @examples
#' fit <- lms_km(Surv(time, status) ~ sex, data = survival::lung, event = 2)
#' ggplot2::autoplot(fit) + theme_lms(base_size = 10)
#' @export
theme_lms <- function(base_size = 8, base_family = "") {
  check_number(base_size, "base_size", 0)
  text <- base_size * 7 / 8
  theme_classic(base_size, base_family, base_line_size = base_size / 22,
                base_rect_size = base_size / 22) +
    theme(
      axis.text = element_text(size = text, colour = "black"),
      axis.title = element_text(size = base_size),
      axis.ticks = element_line(colour = "black"),
      legend.text = element_text(size = text),
      legend.title = element_text(size = text),
      legend.position = "top", legend.justification = "left",
      legend.key.width = unit(2.2 * base_size, "points"),
      legend.key.height = unit(1.2 * base_size, "points"),
      legend.box.spacing = unit(2, "points"), legend.margin = margin(0, 0, 2, 0),
      legend.background = element_blank(), legend.key = element_blank(),
      plot.title = element_text(size = base_size * 9 / 8, face = "bold"),
      plot.title.position = "plot",
      plot.subtitle = element_text(size = base_size),
      plot.caption = element_text(size = base_size * 6 / 8, hjust = 0, margin = margin(4)),
      plot.caption.position = "plot",
      plot.tag = element_text(size = base_size * 10 / 8, face = "bold"),
      strip.background = element_blank(),
      strip.text = element_text(size = base_size, face = "bold", hjust = 0),
      panel.spacing = unit(1, "lines"), plot.margin = margin(4, 12, 4, 4)
    )
}

# Okabe and Ito's colours, the pale yellow replaced by what prints on white.
lms_colours <- c(
  "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#8B5A2B"
)

lms_linetypes <- c("solid", "42", "12", "3111", "62", "311111", "22", "5131", "1131")

# The same number of values, from the start again where they run out.
palette_of <- function(values, n) rep_len(values, max(n, 1L))

# Where the colours run out they come again, each with another line type.
curve_scales <- function(n) {
  round <- (seq_len(max(n, 1L)) - 1L) %/% length(lms_colours)
  linetype <- (seq_along(round) - 1L + round) %% length(lms_linetypes) + 1L
  list(
    scale_colour_manual(values = palette_of(lms_colours, n), labels = wrap_text),
    scale_linetype_manual(values = lms_linetypes[linetype], labels = wrap_text)
  )
}

# Names longer than this take several lines, of which those beside numbers may be three and narrow.
name_width <- 24L
row_width <- 16L

wrap_text <- function(x, width = name_width) {
  vapply(as.character(x), function(text) paste(wrap_lines(text, width), collapse = "\n"), "",
         USE.NAMES = FALSE)
}

wrap_rows <- function(x) {
  narrow <- wrap_text(x, row_width)
  if (all(lengths(strsplit(narrow, "\n", fixed = TRUE)) <= 3L)) narrow else wrap_text(x)
}

# Between Chinese and Japanese letters, which have no spaces, a line may end anywhere but before a
# mark of punctuation.
wrap_lines <- function(text, width) {
  letter <- "[\\p{Han}\\p{Hiragana}\\p{Katakana}]"
  if (!grepl(letter, text, perl = TRUE)) return(strwrap(text, width + 1L))
  letter <- paste0(letter, "[\\x{3000}-\\x{303F}\\x{30FC}\\x{FF01}-\\x{FF0F}\\x{FF1A}-\\x{FF20}]*")
  unit <- paste0("\\s+|", letter, "|(?:(?!", letter, ")\\S)+")
  units <- regmatches(text, gregexpr(unit, text, perl = TRUE))[[1L]]
  lines <- ""
  for (unit in units) {
    longer <- paste0(lines[length(lines)], unit)
    if (nchar(trimws(longer), "width") <= width || !nzchar(lines[length(lines)])) {
      lines[length(lines)] <- longer
    } else {
      lines <- c(lines, unit)
    }
  }
  trimws(lines)
}
