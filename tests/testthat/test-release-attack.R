# An attacker has all that a release prints and the relations that hold between its counts, and
# bounds each of them by linear programming.

# A row for each count of Tables 1 to 3 and of the models, with what its masks leave of it.
# who: of all patients or those with bone metastases; what: patients or deaths.
told_counts <- function(results) {
  cells <- list()
  tell <- function(who, what, variable, level, n, small, hidden, most) {
    low <- ifelse(hidden, 0, ifelse(small, 1, n))
    high <- ifelse(hidden, most, ifelse(small, 4, n))
    cells[[length(cells) + 1L]] <<- data.frame(
      key = paste(who, what, variable, ifelse(is.na(level), "missing", level), sep = "|"), low, high
    )
  }
  for (name in intersect(paste0("table_", 1:3), names(results$tables))) {
    x <- as.data.frame(results$tables[[name]])
    x <- x[x$statistic %in% c("count", "missing"), ]
    most <- results$tables[[name]]$groups$n[1L]
    tell(if (name == "table_1") "all" else "bone", "n", x$variable, x$level, x$n,
         x$masked == "small", x$masked == "hidden", most)
  }
  for (name in intersect(c("table_4", "table_5"), names(results$tables))) {
    x <- as.data.frame(results$tables[[name]])
    x <- x[x$kind %in% "level" & !is.na(x$n), ]
    if (!nrow(x)) next
    who <- if (name == "table_4") "all" else "bone"
    none <- rep(FALSE, nrow(x))
    tell(who, "n", x$variable, x$level, x$n, none, none, Inf)
    tell(who, "dead", x$variable, x$level, x$events, none, none, Inf)
  }
  cells <- do.call(rbind, cells)
  low <- tapply(cells$low, cells$key, max)
  list(low = low, high = tapply(cells$high, cells$key, min)[names(low)])
}

# By variable and level: patients without and with bone metastases, alive and dead.
true_counts <- function(cohort, variable) {
  x <- as.character(cohort[[variable]])
  x[is.na(x)] <- "missing"
  table(x, cohort$ever_bone_metastasis, unclass(cohort$os)[, "status"])
}

# The least and the most of weights %*% unknown counts.
width <- function(weights, rows, signs, sides) {
  ends <- vapply(c("min", "max"), function(way) {
    lpSolve::lp(way, weights, rows, signs, sides)$objval
  }, 0)
  ends[[2L]] - ends[[1L]]
}

# For one variable: unknown are the patients of each level, without and with bone metastases, alive
# and dead; known their sums, and what is told of them. Answer: the widths of all that are few.
variable_widths <- function(cohort, variable, told) {
  true <- true_counts(cohort, variable)
  k <- length(true)
  index <- array(seq_len(k), dim(true))
  of <- function(at) replace(double(k), at, 1)
  rows <- list()
  signs <- character()
  sides <- double()
  say <- function(at, sign, n) {
    rows[[length(rows) + 1L]] <<- of(at)
    signs <<- c(signs, sign)
    sides <<- c(sides, n)
  }
  for (bone in 1:2) for (dead in 1:2) say(index[, bone, dead], "=", sum(true[, bone, dead]))
  for (level in seq_len(nrow(true))) {
    for (who in c("all", "bone")) for (what in c("n", "dead")) {
      at <- index[level, if (who == "all") 1:2 else 2L, if (what == "n") 1:2 else 2L]
      key <- paste(who, what, variable, rownames(true)[level], sep = "|")
      if (!key %in% names(told$low)) next
      expect_true(told$low[[key]] <= sum(true[at]) && sum(true[at]) <= told$high[[key]])
      say(at, ">=", told$low[[key]])
      say(at, "<=", told$high[[key]])
    }
  }
  rows <- do.call(rbind, rows)
  targets <- unlist(lapply(seq_len(nrow(true)), function(level) {
    lapply(list(1:2, 1L, 2L), function(bone) {
      lapply(list(1:2, 1L, 2L), function(dead) as.vector(index[level, bone, dead]))
    })
  }), FALSE)
  targets <- Filter(function(at) sum(true[at]) %in% 1:4, unlist(targets, FALSE))
  vapply(targets, function(at) width(of(at), rows, signs, sides), 0)
}

# Two columns of the patients with bone metastases of which one says what the other does in part:
# of the operated for a fracture all have one.
pair_widths <- function(cohort, pair, told) {
  bone <- as.data.frame(cohort)[cohort$ever_bone_metastasis, ]
  groups <- lapply(pair, function(x) {
    level <- as.character(bone[[x]])
    ifelse(is.na(level), "missing", level)
  })
  true <- table(groups[[1L]], groups[[2L]])
  index <- array(seq_along(true), dim(true))
  of <- function(at) replace(double(length(true)), at, 1)
  rows <- list(rep(1, length(true)), as.vector(true == 0))
  signs <- c("=", "=")
  sides <- c(sum(true), 0)
  for (side in 1:2) for (level in dimnames(true)[[side]]) {
    key <- paste("bone|n", pair[side], level, sep = "|")
    if (!key %in% names(told$low)) next
    at <- if (side == 1L) index[level == rownames(true), ] else index[, level == colnames(true)]
    rows <- c(rows, list(of(at), of(at)))
    signs <- c(signs, ">=", "<=")
    sides <- c(sides, told$low[[key]], told$high[[key]])
  }
  rows <- do.call(rbind, rows)
  vapply(which(true %in% 1:4), function(at) width(of(at), rows, signs, sides), 0)
}

linked_columns <- list(c("indication", "fracture"), c("indication", "surgery"),
                       c("bone_lesions", "bone_location"))

release_widths <- function(cohort) {
  results <- article_results(cohort, names = c("patients", "bone", "surgery", "factors"),
                         min_cell = 5)
  told <- told_counts(results)
  # The operated are told by sentences.
  variables <- unique(vapply(strsplit(names(told$low), "|", fixed = TRUE), `[[`, "", 3L))
  c(unlist(lapply(variables, variable_widths, cohort = cohort, told = told)),
    unlist(lapply(linked_columns, pair_widths, cohort = cohort, told = told)))
}

resampled_cohort <- function(seed) {
  withr::with_seed(seed, {
    rows <- leiomyosarcoma[sample(nrow(leiomyosarcoma), 396, TRUE), ]
  })
  rows$id <- sprintf("R%03d", seq_len(nrow(rows)))
  suppressMessages(lms_cohort(rows))
}

test_that("no small count of a whole report is known within two values", {
  skip_on_cran()
  skip_if_not_installed("lpSolve")
  cohorts <- list(suppressMessages(lms_cohort(leiomyosarcoma)), resampled_cohort(1))
  found <- unlist(lapply(cohorts, release_widths))
  expect_gt(length(found), 40)
  expect_true(all(found >= 2 - 1e-6))
})

test_that("levels that leave few of another are found", {
  few <- function(a, b) lmsurv:::few_between(table(a, b), 5)
  # 8 of 12 with a fracture were operated for it: 4 were not.
  fracture <- rep(c(TRUE, FALSE), c(12, 33))
  operation <- rep(c("fracture", "none", "other"), c(8, 25, 12))
  expect_true(few(operation, fracture))
  expect_true(few(fracture, operation))
  expect_false(few(rep(c("fracture", "none", "other"), c(7, 26, 12)), fracture))
  # Nothing follows where they cross.
  expect_false(few(rep(c("a", "b"), c(20, 25)), rep(rep(c("x", "y"), 2), c(17, 3, 12, 13))))
  # The same patients, but counts beside them hidden in one table and not in another.
  expect_true(few(rep(c("u", "v", "w"), c(3, 12, 30)), rep(c("x", "v", "y"), c(10, 12, 23))[
    c(1:3, 11:22, 4:10, 23:45)]))
})
