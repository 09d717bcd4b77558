# Small counts hidden so that they cannot be computed from what is shown.
#
# A table of counts, lines x groups, stands with the totals of its groups and, where it is shown, a
# group that is the sum of the others. A hidden count is safe if other tables with the same totals
# look the same and have counts there that lie 2 apart at least. Such a table comes about by moving
# d patients around a rectangle: from one line to another in one group, and back in a second group
# (or along with it in the sum); without a sum, within one group alone.

# settings: min_cell, 0 for nothing to hide; whole, the name of the sum of the groups.
mask_table <- function(counts, rows, settings) {
  if (!settings$min_cell) return(matrix("", nrow(counts), ncol(counts)))
  mask_counts(counts, settings$min_cell, if (length(rows) > 1L) match(settings$whole, names(rows)))
}

# counts: all lines, also those that are not shown but follow from the others. whole: the column
# that is the sum of the others, NULL or NA for none. least: lower bounds of the counts that are
# known otherwise.
# Answer: a matrix of "" (shown), "small" (shown as < min_cell) and "hidden".
mask_counts <- function(counts, min_cell, whole = NULL) {
  small <- is_few(counts, min_cell)
  mask <- matrix(ifelse(small, "small", ""), nrow(counts))
  for (at in which(small)) {
    cell <- arrayInd(at, dim(counts))
    corners <- cheapest_corners(counts, mask, cell, min_cell, whole)
    if (is.null(corners)) return(matrix("hidden", nrow(counts), ncol(counts)))
    new <- corners[mask[corners] == "", , drop = FALSE]
    mask[new] <- "hidden"
  }
  mask
}

# The rectangle that keeps the cell safe and hides the fewest other counts, the smallest of them.
cheapest_corners <- function(counts, mask, cell, min_cell, whole) {
  others <- if (length(whole) && !is.na(whole)) setdiff(seq_len(ncol(counts)), cell[2L]) else NA
  moves <- setdiff(small_moves(min_cell), 0)
  best <- NULL
  cost <- Inf
  for (line in setdiff(seq_len(nrow(counts)), cell[1L])) {
    for (group in others) {
      corners <- cbind(c(cell[1L], line), cell[2L])
      sign <- c(1, -1)
      if (!is.na(group)) {
        along <- if (group == whole || cell[2L] == whole) 1 else -1
        corners <- rbind(corners, cbind(c(cell[1L], line), group))
        sign <- c(sign, along * sign)
      }
      new <- mask[corners] == ""
      price <- sum(new) * (1 + sum(counts)) + sum(counts[corners][new])
      alike <- function(d) all(looks_alike(counts[corners], d * sign, min_cell))
      if (price < cost && wide(moves[vapply(moves, alike, NA)], min_cell)) {
        best <- corners
        cost <- price
      }
    }
  }
  best
}

# Whether a count that can move so far has three values at least, two where min_cell leaves it no
# third.
wide <- function(moves, min_cell) diff(range(0, moves)) >= min(2, min_cell - 2)

# How far a small count can move and stay small.
small_moves <- function(min_cell) seq(2 - min_cell, min_cell - 2)

# Whether counts look as before: small ones small, others 0 or not small.
looks_alike <- function(n, move, min_cell) {
  moved <- n + move
  small <- is_few(n, min_cell)
  move == 0 | ifelse(small, is_few(moved, min_cell), moved == 0 | moved >= min_cell)
}

# The same for patients and events by level, both with known sums, where events are no more than
# patients: patients, events or both move from one level to another.
# Answer: masks of both.
mask_pairs <- function(n, events, min_cell) {
  counts <- cbind(n, events)
  small <- is_few(counts, min_cell)
  mask <- matrix(ifelse(small, "small", ""), nrow(counts))
  moves <- as.matrix(expand.grid(small_moves(min_cell), small_moves(min_cell)))
  for (at in which(small)) {
    cell <- arrayInd(at, dim(counts))
    cells <- cheapest_pair(counts, mask, cell, moves[moves[, cell[2L]] != 0, ], min_cell)
    if (is.null(cells)) return(matrix("hidden", nrow(counts), 2L))
    mask[cells & mask == ""] <- "hidden"
  }
  mask
}

# Of the moves that keep the cell safe, the cells of the one that hides the fewest others.
cheapest_pair <- function(counts, mask, cell, moves, min_cell) {
  best <- NULL
  cost <- Inf
  for (level in setdiff(seq_len(nrow(counts)), cell[1L])) {
    pair <- c(cell[1L], level)
    can <- apply(moves, 1L, function(d) {
      move <- rbind(d, -d)
      moved <- counts[pair, ] + move
      all(looks_alike(counts[pair, ], move, min_cell) & moved >= 0) &&
        all(moved[, 2L] <= moved[, 1L])
    })
    # Moves of patients, of events, and of both alike hide different counts.
    kinds <- list(moves[, 1L] != 0 & moves[, 2L] == 0, moves[, 1L] == 0, TRUE)
    for (kind in kinds) {
      found <- moves[can & kind, , drop = FALSE]
      if (!wide(found[, cell[2L]], min_cell)) next
      moved <- colSums(found != 0) > 0
      new <- rep(moved, each = 2L) & mask[pair, ] == ""
      price <- sum(new) * (1 + sum(counts)) + sum(counts[pair, ][new])
      if (price < cost) {
        best <- matrix(FALSE, nrow(counts), 2L)
        best[pair, ] <- rep(moved, each = 2L)
        cost <- price
      }
    }
  }
  best
}

# A group too small to be told of at all.
refuse_small_groups <- function(sizes, settings, what) {
  few <- names(sizes)[sizes < settings$min_cell]
  if (!length(few)) return(invisible())
  abort(
    "min_cell",
    paste0(what, " ", enumerate(quoted(few)), if (length(few) == 1L) " has" else " have",
           " fewer than `min_cell` = ", settings$min_cell, " patients."),
    "Combine sparse groups with others, or remove `by`."
  )
}
