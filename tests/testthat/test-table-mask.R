# Hidden counts are hidden: all tables that look like the one shown are listed, and each hidden
# count has at least two values among them.

# All whole numbers of 0 or more in so many places with a given sum.
compositions <- function(sum, places) {
  if (places == 1L) return(matrix(sum))
  do.call(rbind, lapply(0:sum, function(first) {
    cbind(first, compositions(sum - first, places - 1L))
  }))
}

# Whether a count may stand behind a cell. Where small counts are shown as such, a star is none of
# them; where all are stars, it may be any. known: of how many a percentage is, NULL for none.
behind <- function(n, shown, min_cell, stars_only, known = NULL) {
  if (shown == "" || shown == "*" && stars_only) return(rep(TRUE, length(n)))
  if (shown == "*") return(n == 0 | n >= min_cell)
  if (startsWith(shown, "<")) return(n > 0 & n < min_cell)
  parts <- strsplit(gsub("[()]", "", shown), " ")[[1L]]
  fits <- n == as.numeric(parts[1L])
  if (length(parts) < 2L) return(fits)
  fits & known > 0 & abs(100 * n / known - as.numeric(parts[2L])) <= 0.05 + 1e-9
}

# shown: text of the cells, lines x groups. hidden: lines that do not stand in the table. The last
# line is that of the missing. Answer: for each cell the values that it may have.
possible <- function(shown, totals, whole, min_cell) {
  lines <- nrow(shown)
  stars_only <- !any(grepl("<", shown))
  groups <- setdiff(seq_len(ncol(shown)), whole)
  fitting <- function(n, g) {
    known <- n
    keep <- rep(TRUE, nrow(n))
    for (i in seq_len(lines)) {
      of <- if (i == lines) rowSums(n) else rowSums(n[, -lines, drop = FALSE])
      keep <- keep & behind(n[, i], shown[i, g], min_cell, stars_only, of)
    }
    n[keep, , drop = FALSE]
  }
  single <- lapply(groups, function(g) fitting(compositions(totals[g], lines), g))
  values <- array(list(NULL), dim(shown))
  if (!length(whole)) {
    for (k in seq_along(groups)) {
      for (i in seq_len(lines)) values[[i, groups[k]]] <- unique(single[[k]][, i])
    }
    return(values)
  }
  pairs <- expand.grid(a = seq_len(nrow(single[[1L]])), b = seq_len(nrow(single[[2L]])))
  a <- single[[1L]][pairs$a, , drop = FALSE]
  b <- single[[2L]][pairs$b, , drop = FALSE]
  both <- a + b
  keep <- rep(TRUE, nrow(both))
  for (i in seq_len(lines)) {
    of <- if (i == lines) rowSums(both) else rowSums(both[, -lines, drop = FALSE])
    keep <- keep & behind(both[, i], shown[i, whole], min_cell, stars_only, of)
  }
  for (i in seq_len(lines)) {
    values[[i, whole]] <- unique(both[keep, i])
    values[[i, groups[1L]]] <- unique(a[keep, i])
    values[[i, groups[2L]]] <- unique(b[keep, i])
  }
  values
}

# The cells of a variable as they are printed, and counts that are told by none.
shown_cells <- function(table, levels, groups) {
  text <- format(table)
  label <- trimws(text[[1L]])
  lines <- vapply(c(levels, "Missing"), function(level) {
    at <- match(level, label)
    if (is.na(at)) return(rep(if (level == "Missing") "0" else "", groups))
    unlist(text[at, 1L + seq_len(groups)])
  }, character(groups))
  t(matrix(gsub("[^0-9<*(). ]", "", lines), groups))
}

truth <- function(d, levels) {
  counts <- function(rows) c(table(factor(d$x[rows], levels)), sum(is.na(d$x[rows])))
  if (is.null(d$g)) return(cbind(counts(TRUE)))
  cbind(counts(TRUE), counts(d$g == "a"), counts(d$g == "b"))
}

random_counts <- function(seed, levels, sizes, unknown = 0.4) {
  withr::with_seed(seed, {
    share <- stats::rexp(length(levels) + 1) * c(rep(1, length(levels)), unknown)
    values <- c(levels, NA)
    data.frame(
      g = rep(c("a", "b"), sizes),
      x = factor(sample(values, sum(sizes), TRUE, share), levels)
    )
  })
}

expect_hidden <- function(shown, counts, whole, min_cell, label) {
  values <- possible(shown, colSums(counts), whole, min_cell)
  hidden <- matrix(grepl("[<*]", shown), nrow(shown))
  # Of two levels, the one that has no line but must not be computed either.
  hidden <- hidden | (shown == "" & counts > 0 & counts < min_cell)
  few <- vapply(values[hidden], length, 0L) < 2L
  true <- mapply(function(values, n) n %in% values, values, counts)
  expect(!any(few), paste0(label, ": a hidden count can be computed"))
  expect(all(true), paste0(label, ": what is shown is not true"))
  expect(!any(counts > 0 & counts < min_cell & !hidden), paste0(label, ": a small count is shown"))
}

test_that("no count below min_cell can be computed in a table with groups", {
  hidden <- 0
  for (seed in 1:80) {
    levels <- c("u", "v", "w")
    d <- random_counts(seed, levels, c(9 + seed %% 5, 11 + seed %% 7), unknown = 1)
    x <- suppressMessages(lms_table_one(d, g, x, style = "nejm", min_cell = 5))
    shown <- shown_cells(x, levels, 3L)
    expect_hidden(shown, truth(d, levels), 1L, 5, paste("seed", seed))
    hidden <- hidden + any(grepl("<", shown))
  }
  # Others cannot hide a count so that three values are left, and show none.
  expect_gt(hidden, 40)
})

test_that("nor in a table without groups, or without their sum", {
  for (seed in 1:40) {
    levels <- c("u", "v", "w", "z")
    d <- random_counts(seed, levels, c(6 + seed %% 5, 7))
    alone <- lms_table_one(d, vars = x, style = "nejm", min_cell = 4)
    expect_hidden(shown_cells(alone, levels, 1L), truth(d["x"], levels), integer(), 4, seed)
    apart <- lms_table_one(d, g, x, style = "nejm", min_cell = 4, overall = FALSE)
    expect_hidden(shown_cells(apart, levels, 2L), truth(d, levels)[, -1], integer(), 4, seed)
  }
})

test_that("nor of TRUE and FALSE, of which one has a line", {
  for (seed in 1:60) {
    d <- random_counts(seed, c("FALSE", "TRUE"), c(8 + seed %% 5, 10 + seed %% 9))
    d$x <- as.logical(d$x)
    x <- lms_table_one(d, g, x, style = "nejm", min_cell = 5)
    text <- format(x)
    shown <- rbind("", unlist(text[1L, 2:4]), if (nrow(text) > 1L) unlist(text[2L, 2:4]) else "0")
    shown[] <- gsub("[^0-9<*(). ]", "", shown)
    expect_hidden(shown, truth(d, c(FALSE, TRUE)), 1L, 5, paste("seed", seed))
  }
})

test_that("nothing hidden is left in the object, and no p-value tells it", {
  d <- random_counts(3, c("u", "v", "w"), c(14, 11))
  x <- lms_table_one(d, g, x, smd = TRUE, min_cell = 5)
  numbers <- as.data.frame(x)
  hidden <- numbers$masked != ""
  expect_true(any(hidden))
  expect_true(all(is.na(numbers[hidden, c("n", "percent")])))
  expect_true(all(is.na(numbers$p.value)) && all(is.na(numbers$smd)))
  missing_hidden <- numbers$group[numbers$statistic == "missing" & hidden]
  expect_true(all(is.na(numbers$total[numbers$group %in% missing_hidden &
                                        numbers$statistic == "count"])))
  expect_identical(tidy(x)$n, numbers$n)
  # The patients are not in it either.
  size <- function(n) {
    d <- d[rep(seq_len(25), n), ]
    d$y <- stats::rnorm(nrow(d))
    length(serialize(lms_table_one(d, g, c(x, y), min_cell = 5), NULL))
  }
  expect_lt(size(400), size(4) + 1000)
})

test_that("means of few are hidden with those of the whole, and the missing with them", {
  d <- data.frame(g = rep(c("a", "b"), c(12, 9)),
                  x = c(1:9 + 0.5, NA, NA, NA, 1:3 + 0.25, rep(NA, 6)))
  x <- as.data.frame(lms_table_one(d, g, x, min_cell = 5))
  means <- x[x$statistic == "mean_sd", ]
  expect_identical(is.na(means$mean), c(TRUE, FALSE, TRUE))
  expect_identical(means$masked, c("hidden", "", "hidden"))
  expect_true(all(is.na(x$p.value)))
  gone <- x[x$statistic == "missing", ]
  expect_equal(gone$n, c(9, NA, NA))
  expect_identical(gone$masked, c("", "small", "hidden"))
  # n = 12 - 3 and 21 - 9 would tell how many are missing.
  expect_true(all(is.na(means$n)))
})

test_that("medians and events of few deaths are hidden", {
  d <- data.frame(g = rep(c("a", "b"), c(12, 14)))
  d$os <- survival::Surv(1:26, c(rep(1:0, c(3, 9)), rep(1:0, 7)))
  x <- as.data.frame(lms_table_one(d, g, os, min_cell = 5))
  events <- x[x$statistic == "events", ]
  expect_identical(events$masked, c("", "small", "hidden"))
  medians <- x[x$statistic == "median_ci", ]
  expect_identical(is.na(medians$median), c(TRUE, TRUE, FALSE))
})

test_that("groups smaller than min_cell are refused without a word of their size", {
  d <- data.frame(g = rep(c("a", "b"), c(12, 3)), x = 1:15 + 0.5)
  expect_error(lms_table_one(d, g, x, min_cell = 5), class = "lmsurv_error_min_cell")
  expect_no_match(heard(lms_table_one(d, g, x, min_cell = 5)), "3")
  expect_error(lms_table_one(d[1:4, ], vars = x, min_cell = 5), class = "lmsurv_error_min_cell")
})

# The counts of a model: events no more than patients, both with known totals.
expect_model_hidden <- function(d, label) {
  fit <- fit_silently(Surv(t, e) ~ x, d)
  text <- format(lms_table_cox(fit, min_cell = 5, check = FALSE))[-1L, ]
  lines <- nrow(text)
  n <- compositions(nrow(d), lines)
  e <- compositions(sum(d$e), lines)
  stars <- !any(grepl("<", c(text$Patients, text$Events)))
  for (i in seq_len(lines)) {
    n <- n[behind(n[, i], text$Patients[i], 5, stars), , drop = FALSE]
    e <- e[behind(e[, i], text$Events[i], 5, stars), , drop = FALSE]
  }
  pairs <- expand.grid(n = seq_len(nrow(n)), e = seq_len(nrow(e)))
  fits <- rowSums(n[pairs$n, , drop = FALSE] < e[pairs$e, , drop = FALSE]) == 0
  values <- function(x, at, i) length(unique(x[at[fits], i]))
  for (i in seq_len(lines)) {
    if (grepl("[<*]", text$Patients[i])) expect_gt(values(n, pairs$n, i), 1, label = label)
    if (grepl("[<*]", text$Events[i])) expect_gt(values(e, pairs$e, i), 1, label = label)
  }
  small <- c(table(d$x)) %in% 1:4 | c(table(d$x[d$e == 1])) %in% 1:4
  expect_true(all(grepl("[<*]|Reference|^$", text[small, 4])), label = label)
  any(small)
}

test_that("no count of a table of a model can be computed", {
  hidden <- vapply(1:40, function(seed) {
    d <- withr::with_seed(seed, data.frame(
      t = stats::rexp(26), e = stats::rbinom(26, 1, 0.6),
      x = factor(sample(c("u", "v", "w"), 26, TRUE, stats::rexp(3) + 0.1))
    ))
    if (nlevels(droplevels(d$x)) < 3L || sum(d$e) < 5) return(FALSE)
    expect_model_hidden(d, paste("seed", seed))
  }, NA)
  expect_gt(sum(hidden), 12)
  # All six of u die: their number bounds the deaths among them.
  bounded <- data.frame(t = 1:26, x = rep(c("u", "v"), c(6, 20)), e = rep(1:0, c(10, 16)))
  expect_true(expect_model_hidden(bounded, "bounded"))
})

# An attacker: the least and the most of each hidden count, by linear programming.
attack <- function(mask, counts, equal, min_cell, less = NULL) {
  k <- length(counts)
  unit <- diag(k)
  rows <- rbind(unit, unit, equal$rows, less)
  low <- ifelse(mask == "", counts, ifelse(mask == "small", 1, 0))
  high <- ifelse(mask == "", counts, ifelse(mask == "small", min_cell - 1, 1e4))
  sides <- c(low, high, equal$sums, rep(0, NROW(less)))
  signs <- rep(c(">=", "<=", "=", "<="), c(k, k, length(equal$sums), NROW(less)))
  vapply(which(mask != "" & counts > 0 & counts < min_cell), function(i) {
    ends <- vapply(c("min", "max"), function(way) {
      lpSolve::lp(way, unit[i, ], rows, signs, sides)$objval
    }, 0)
    ends[[2L]] - ends[[1L]]
  }, 0)
}

test_that("linear programming leaves each small count of a table three values", {
  skip_if_not_installed("lpSolve")
  withr::local_seed(9)
  masked <- 0
  for (i in 1:120) {
    min_cell <- sample(4:6, 1)
    groups <- sample(2:3, 1)
    lines <- sample(2:4, 1)
    own <- matrix(sample(c(0:8, 15, 30), lines * groups, TRUE), lines)
    counts <- cbind(rowSums(own), own)
    mask <- lmsurv:::mask_counts(counts, min_cell, 1L)
    index <- matrix(seq_along(counts), lines)
    sums <- lapply(seq_len(ncol(counts)), function(j) {
      replace(double(length(counts)), index[, j], 1)
    })
    whole <- lapply(seq_len(lines), function(r) {
      replace(replace(double(length(counts)), index[r, -1L], 1), index[r, 1L], -1)
    })
    equal <- list(rows = do.call(rbind, c(sums, whole)), sums = c(colSums(counts), double(lines)))
    # A table that cannot hide a count shows none of them.
    if (all(mask == "hidden")) next
    width <- attack(mask, counts, equal, min_cell)
    masked <- masked + length(width)
    expect_true(all(width >= 2 - 1e-6))
  }
  expect_gt(masked, 50)
})

test_that("linear programming leaves each small count of patients and events three values", {
  skip_if_not_installed("lpSolve")
  withr::local_seed(10)
  masked <- 0
  for (i in 1:120) {
    min_cell <- sample(4:6, 1)
    levels <- sample(2:5, 1)
    n <- sample(c(1:9, 20, 40), levels, TRUE)
    events <- vapply(n, function(k) sample(0:k, 1), 0)
    mask <- lmsurv:::mask_pairs(n, events, min_cell)
    if (all(mask == "hidden")) next
    counts <- c(n, events)
    equal <- list(rows = rbind(rep(1:0, each = levels), rep(0:1, each = levels)),
                  sums = c(sum(n), sum(events)))
    less <- cbind(-diag(levels), diag(levels))
    width <- attack(mask, counts, equal, min_cell, less)
    masked <- masked + length(width)
    expect_true(all(width >= 2 - 1e-6))
  }
  expect_gt(masked, 50)
})
