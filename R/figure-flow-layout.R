# Where the bars of Figure 2 stand, and the bands between them. The panel is 100 high; a line of
# text takes text_line of it in a figure about 110 mm high.

text_line <- 2.9
flow_width <- 164
bar_width <- 2.4

# A data frame for each stage of the flow with a row for each bar: `stage`, `unit`, `node`, `n`,
# `name` (what is written, in lines) and number of `lines`.
flow_stages <- function(flow) {
  patients <- intersect(c("everyone", "management", "indication"), names(flow$patients))
  operations <- intersect(c("site", "procedure"), names(flow$operations))
  columns <- c(flow$patients[patients], flow$operations[operations])
  stages <- lapply(names(columns), function(stage) {
    counts <- table(columns[[stage]])
    counts <- counts[counts > 0]
    name <- bar_names(names(counts), stage == "procedure")
    below <- switch(stage, procedure = 0L, indication = 2L, 1L)
    data.frame(
      stage = stage, unit = if (stage %in% patients) "patient" else "operation",
      node = names(counts), n = as.vector(counts), name = name,
      lines = lengths(strsplit(name, "\n")) + below
    )
  })
  stats::setNames(stages, names(columns))
}

# In lines; of a procedure without its site.
bar_names <- function(nodes, procedure) {
  vapply(sub(".*\n", "", nodes), function(text) {
    paste(strwrap(text, if (procedure) 27L else 21L), collapse = "\n")
  }, "", USE.NAMES = FALSE)
}

# The stages below each other, with x and, from ymin to ymax, the height of each bar, and `middle`
# of bar and text; attribute `shrink`, by how much letters are smaller.
place_bars <- function(stages) {
  lines <- max(vapply(stages, function(stage) sum(stage$lines), 0))
  shrink <- min(1, 75 / (lines * text_line))
  room_of <- function(stage, scale) pmax(scale * stage$n, stage$lines * text_line * shrink)
  gap_of <- function(stage) min(2.5, 20 / max(1, nrow(stage) - 1))
  height <- function(stage, scale) sum(room_of(stage, scale)) + gap_of(stage) * (nrow(stage) - 1)
  scale <- stats::uniroot(function(scale) max(vapply(stages, height, 0, scale)) - 100,
                          c(0, 1000), tol = 1e-9)$root
  x <- stage_x(length(stages))
  bars <- Map(function(stage, x) {
    room <- room_of(stage, scale)
    # What is left is between them, but no more than makes them look apart.
    gap <- min(9, (100 - sum(room)) / max(1, nrow(stage) - 1))
    middle <- 100 + gap - cumsum(room + gap) + room / 2
    data.frame(stage, x = x, ymin = middle - scale * stage$n / 2,
               ymax = middle + scale * stage$n / 2, middle = middle)
  }, stages, x)
  bars <- do.call(rbind, bars)
  row.names(bars) <- NULL
  attr(bars, "shrink") <- shrink
  bars
}

# The last stage needs room for its text.
stage_x <- function(n) {
  if (n == 1L) 0 else c(seq(0, flow_width - 71, length.out = n - 1L), flow_width - 39)
}

# A row for each band: `from` and `to`, rows of bars; `group`; its heights at either end, as `left`
# and `right`, in patients or operations. Between the two the patients of a bar are shared out
# among their operations.
flow_bands <- function(flow, bars) {
  stages <- unique(bars$stage)
  bands <- lapply(seq_along(stages)[-1L], function(i) {
    from <- stages[i - 1L]
    to <- stages[i]
    rows <- if (to %in% names(flow$patients)) flow$patients else flow$operations
    counts <- as.data.frame(
      table(from = rows[[from]], to = rows[[to]], group = flow_group(rows)),
      responseName = "right", stringsAsFactors = FALSE
    )
    counts <- counts[counts$right > 0, ]
    counts$left <- counts$right
    if (from %in% names(flow$patients) && !to %in% names(flow$patients)) {
      first <- !duplicated(rows$patient)
      share <- table(rows[[from]][first]) / table(rows[[from]])
      counts$left <- counts$right * as.vector(share[counts$from])
    }
    bar <- function(stage, node) match(paste(stage, node), paste(bars$stage, bars$node))
    data.frame(from = bar(from, counts$from), to = bar(to, counts$to), group = counts$group,
               left = counts$left, right = counts$right)
  })
  do.call(rbind, bands)
}

# What the colour stands for.
flow_group <- function(rows) {
  if (is.null(rows$indication)) return(rows$management)
  levels <- c(levels(rows$indication), "No surgery")
  factor(ifelse(is.na(rows$indication), "No surgery", as.character(rows$indication)), levels)
}

# Corners of the bands: smooth curves between the stacks at the right of one bar and the left of the
# next.
band_outlines <- function(bands, bars, groups) {
  scale <- (bars$ymax - bars$ymin)[1L] / bars$n[1L]
  # From the top of a bar downwards, in the order in which the other ends stand.
  top <- function(bar, other, height) {
    order <- order(bar, other, match(bands$group, groups))
    before <- stats::ave(height[order], bar[order], FUN = function(h) cumsum(h) - h)
    bars$ymax[bar] - scale * before[order(order)]
  }
  left <- top(bands$from, bands$to, bands$left)
  right <- top(bands$to, bands$from, bands$right)
  t <- seq(0, 1, length.out = 25L)
  bend <- t^2 * (3 - 2 * t)
  outlines <- lapply(seq_len(nrow(bands)), function(i) {
    x <- bars$x[bands$from[i]] + bar_width
    x <- x + t * (bars$x[bands$to[i]] - x)
    upper <- left[i] + bend * (right[i] - left[i])
    lower <- upper - scale * (bands$left[i] + bend * (bands$right[i] - bands$left[i]))
    data.frame(x = c(x, rev(x)), y = c(upper, rev(lower)), band = i, group = bands$group[i])
  })
  do.call(rbind, outlines)
}
