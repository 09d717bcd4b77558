# The arithmetic of Fisher's exact test. counts: a matrix without empty rows or
# columns.

# Answer: p and mid.p (named), exact, and for Monte Carlo why, p.interval,
# replicates, seed.
test_table <- function(counts, settings) {
  if (identical(dim(counts), c(2L, 2L))) {
    refuse_huge(sum(counts), 1e10)
    return(test_2x2(counts))
  }
  refuse_huge(sum(counts), 1e6)
  tried <- if (settings$method == "monte_carlo") {
    list(why = "as asked")
  } else {
    exact_p(counts, settings$workspace)
  }
  observed <- exp(log_probability(counts))
  if (!is.null(tried$p)) {
    return(list(
      p = c(two.sided = tried$p), mid.p = c(two.sided = tried$p - observed / 2), exact = TRUE
    ))
  }
  if (settings$method == "exact") {
    abort(
      "exact", paste0("The exact test is not possible: ", tried$why, "."),
      "Increase `workspace`, or set `method = \"auto\"`, which uses random tables for large tables."
    )
  }
  drawn <- monte_carlo_p(counts, settings$replicates, settings$seed)
  c(
    list(
      p = c(two.sided = drawn$p),
      mid.p = c(two.sided = max(drawn$p - observed / 2, observed / 2)), exact = FALSE,
      why = tried$why
    ),
    drawn[c("p.interval", "replicates")], seed = settings$seed
  )
}

# Up to these totals a test takes seconds and less than 100 MB besides its partial tables.
refuse_huge <- function(total, max) {
  if (total <= max) return(invisible())
  shown <- function(x) format(x, big.mark = ",", scientific = FALSE)
  abort(
    "counts",
    paste0(
      "The table counts ", shown(total), ", and tables ",
      if (max <= 1e6) "of more than 2 rows or columns ",
      "are tested exactly up to ", shown(max), "."
    ),
    "Use chisq.test(), which is accurate if no expected count is small."
  )
}

# log of the product of the factorials of the margins over those of the cells and
# the total
log_probability <- function(counts) {
  sum(lfactorial(rowSums(counts))) + sum(lfactorial(colSums(counts))) - lfactorial(sum(counts)) -
    sum(lfactorial(counts))
}

# Answer: p, or why there is none. Not by stats::fisher.test(), whose network
# algorithm can neither be interrupted nor limited in time, and crashed R 4.2.2 in
# runs over random tables.
exact_p <- function(counts, workspace) {
  p <- core_exact_table(matrix(as.double(counts), nrow(counts)), workspace)
  if (!is.na(p)) return(list(p = p))
  list(why = paste(
    "more than", format(workspace, big.mark = ",", scientific = FALSE),
    "partial tables would be needed (`workspace`)"
  ))
}

# Looks at 1e4 tables and at each doubling; each interval has the level
# 1 - 0.01 / looks, so all of them hold at once with 99% (Bonferroni).
monte_carlo_p <- function(counts, replicates, seed) {
  looks <- unique(pmin(1e4 * 2^(0:30), replicates))
  tail <- 0.01 / length(looks) / 2
  extreme <- 0
  done <- 0
  with_own_seed(seed, {
    for (look in looks) {
      extreme <- extreme + count_extreme(counts, look - done)
      done <- look
      interval <- c(
        if (extreme == 0) 0 else stats::qbeta(tail, extreme, done - extreme + 1),
        if (extreme == done) 1 else stats::qbeta(1 - tail, extreme + 1, done - extreme)
      )
      if (format_p(interval[1L]) == format_p(interval[2L])) break
    }
  })
  list(p = (extreme + 1) / (done + 1), p.interval = interval, replicates = done)
}

# Of `tables` random tables, how many are no more likely than the observed one.
# In parts of a fraction of a second, so that the user can interrupt.
count_extreme <- function(counts, tables) {
  part <- max(1, 5e4 %/% length(counts))
  extreme <- 0
  while (tables > 0) {
    b <- min(tables, part)
    p <- stats::fisher.test(counts, simulate.p.value = TRUE, B = b)$p.value
    extreme <- extreme + round(p * (b + 1)) - 1
    tables <- tables - b
  }
  extreme
}

# The first cell a of a 2 x 2 table, given the margins: k of the first row drawn
# from m of the first column and n of the second.
first_cell <- function(counts) {
  counts <- unname(matrix(as.double(counts), 2L))
  out <- list(a = counts[1L, 1L], m = sum(counts[, 1L]), n = sum(counts[, 2L]),
              k = sum(counts[1L, ]))
  c(out, list(lo = max(0, out$k - out$n), hi = min(out$k, out$m)))
}

test_2x2 <- function(counts) {
  cell <- first_cell(counts)
  p <- c(
    two.sided = two_sided_p(cell),
    less = stats::phyper(cell$a, cell$m, cell$n, cell$k),
    greater = stats::phyper(cell$a - 1, cell$m, cell$n, cell$k, lower.tail = FALSE)
  )
  p[["one.sided"]] <- min(p[["less"]], p[["greater"]])
  observed <- stats::dhyper(cell$a, cell$m, cell$n, cell$k)
  list(p = p, mid.p = p - observed / 2, exact = TRUE)
}

# Both ends of the distribution up to where it is as likely as observed. It has
# one mode, so each end is found by bisection.
two_sided_p <- function(cell) {
  density <- function(a) stats::dhyper(a, cell$m, cell$n, cell$k, log = TRUE)
  limit <- density(cell$a) + 1e-7
  mode <- floor((cell$k + 1) * (cell$m + 1) / (cell$m + cell$n + 2))
  mode <- min(cell$hi, max(cell$lo, mode))
  if (density(mode) <= limit) return(1)
  # The last place from `end` towards the mode that is no likelier, or beyond end.
  edge <- function(end, step) {
    if (density(end) > limit) return(end - step)
    far <- abs(mode - end)
    near <- 0
    while (far - near > 1) {
      middle <- floor((near + far) / 2)
      if (density(end + step * middle) <= limit) near <- middle else far <- middle
    }
    end + step * near
  }
  stats::phyper(edge(cell$lo, 1), cell$m, cell$n, cell$k) +
    stats::phyper(edge(cell$hi, -1) - 1, cell$m, cell$n, cell$k, lower.tail = FALSE)
}

# Conditional estimate and exact interval.
odds_ratio <- function(counts, conf_level, alternative) {
  cell <- first_cell(counts)
  places <- likely_places(cell, counts)
  log_density <- stats::dhyper(places, cell$m, cell$n, cell$k, log = TRUE)
  tail <- if (alternative == "two.sided") (1 - conf_level) / 2 else 1 - conf_level
  odds <- exp(core_conditional_odds(
    log_density, cell$a - places[1L], tail, with_halves(counts)$log_ratio
  ))
  low <- if (alternative == "less") 0 else odds[2L]
  high <- if (alternative == "greater") Inf else odds[3L]
  list(
    estimate = c("odds ratio" = odds[1L]),
    conf.int = structure(c(low, high), conf.level = conf_level), null.value = c("odds ratio" = 1)
  )
}

with_halves <- function(counts) {
  x <- as.double(counts) + 0.5
  list(log_ratio = log(x[1L]) + log(x[4L]) - log(x[2L]) - log(x[3L]), se = sqrt(sum(1 / x)))
}

# All places of the first cell, or those within 20 standard deviations, where the
# distribution with its mean there has all its weight but 1e-80.
likely_places <- function(cell, counts) {
  reach <- 100 + 20 / with_halves(counts)$se
  seq(max(cell$lo, cell$a - ceiling(reach)), min(cell$hi, cell$a + ceiling(reach)))
}
