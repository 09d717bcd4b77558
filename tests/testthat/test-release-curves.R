# An attacker has the figures of a release as R objects: what their layers are drawn from, and all
# that they hold at any depth. n and, where neither they nor the survivors are few, all deaths are
# told in other parts.

ggplots_of <- function(figure) {
  panels <- if (inherits(figure, "patchwork")) figure$patches$plots
  c(Filter(function(x) inherits(x, "ggplot"), panels), list(figure))
}

# Calls see() with the name and value of whatever an object holds, through environments and
# attributes.
look_into <- function(x, see) {
  seen <- new.env()
  look <- function(x, name) {
    see(name, x)
    if (is.environment(x)) {
      address <- rlang::obj_address(x)
      if (isNamespace(x) || nzchar(environmentName(x)) || !is.null(seen[[address]])) return()
      seen[[address]] <- TRUE
      for (one in setdiff(ls(x, all.names = TRUE), "...")) {
        value <- tryCatch(get(one, x, inherits = FALSE), error = function(e) NULL)
        look(value, one)
      }
      return(look(parent.env(x), ""))
    }
    if (is.function(x) && !is.primitive(x)) return(look(environment(x), name))
    for (one in names(attributes(x))) if (one != "names") look(attr(x, one), one)
    if (is.list(x)) {
      x <- unclass(x)
      for (i in seq_along(x)) look(x[[i]], if (is.null(names(x))) name else names(x)[i])
    }
  }
  look(x, "")
  invisible()
}

# Numbers of a figure that are no multiples of 5, or have more decimals than it shows.
finer_numbers <- function(figure) {
  found <- character()
  counts <- c("n.risk", "n.event", "n.censor", "n.enter", "at_risk", "observed", "events")
  heights <- c("estimate", "surv", "conf.low", "conf.high", "lower", "upper", "pstate", "y")
  exact <- c("std.err", "cumhaz", "statistic", "chisq", "expected", "var", "logse")
  look_into(figure, function(name, value) {
    if (!is.numeric(value) || !length(value)) return()
    value <- value[is.finite(value)]
    off <- function(unit) any(abs(value / unit - round(value / unit)) > 1e-6)
    fine <- (name %in% counts && off(5)) || (name %in% heights && off(0.01)) ||
      (name == "p.value" && off(0.001)) || (name %in% exact && length(value))
    if (fine) found <<- c(found, paste(name, paste(utils::head(value, 3L), collapse = " ")))
  })
  unique(found)
}

# rows: of one curve of survival, as the figure holds them. own: response of its patients, a matrix
# of time and status, 1 for the event. Answer: how wide an attacker can bound each count that is
# few: events and patients lost up to each told time, between two neighbours and after.
curve_widths <- function(rows, own) {
  rows <- rows[!duplicated(rows$time, fromLast = TRUE), ]
  m <- nrow(rows)
  dead <- own[, "status"] == 1
  time <- own[, "time"]
  count <- function(at) vapply(rows$time, at, 0)
  truth <- c(count(function(t) sum(dead & time < t - 1e-9)),
             count(function(t) sum(dead & time <= t + 1e-9)),
             count(function(t) sum(time >= t - 1e-9)), count(function(t) sum(time > t + 1e-9)))
  # Events before and up to each time, patients at risk before and after it.
  places <- list(before = seq_len(m), upto = m + seq_len(m), at = 2L * m + seq_len(m),
                 after = 3L * m + seq_len(m))
  n <- nrow(own)
  known <- if (sum(dead) >= 5 && n - sum(dead) >= 5) sum(dead)
  falls <- which(diff(c(1, rows$estimate)) != 0)
  facts <- do.call(rbind, c(course_facts(places, n), told_facts(rows, places, falls, n, known),
                            height_facts(rows$estimate, places, falls, n)))
  holds <- facts[, 4L * m + 2L] - facts[, seq_len(4L * m)] %*% truth
  testthat::expect_true(all(holds >= -1e-6))
  vapply(small_goals(truth, places, falls, n, known), function(goal) {
    weights <- weights_at(4L * m, goal$places, goal$weights)
    ends <- vapply(c("min", "max"), function(way) {
      lpSolve::lp(way, weights, facts[, seq_len(4L * m)], rep("<=", nrow(facts)),
                  facts[, 4L * m + 2L])$objval
    }, 0)
    floor(ends[[2L]] + 1e-6) - ceiling(ends[[1L]] - 1e-6)
  }, 0)
}

weights_at <- function(n, places, weights) {
  out <- double(n)
  for (i in seq_along(places)) out[places[i]] <- out[places[i]] + weights[i]
  out
}

# A fact is a row of weights, and what their sum is not above.
facts_of <- function(places) {
  rows <- list()
  list(
    say = function(at, weights, sign, side) {
      way <- if (sign == "<=") 1 else -1
      row <- c(way * weights_at(length(unlist(places)), at, weights), NA, way * side)
      rows[[length(rows) + 1L]] <<- row
    },
    all = function() rows
  )
}

# Who leaves had the event or was lost, and nobody comes back.
course_facts <- function(places, n) {
  facts <- facts_of(places)
  say <- facts$say
  m <- length(places$at)
  with(places, for (i in seq_len(m)) {
    say(c(at[i], after[i], upto[i], before[i]), c(1, -1, -1, 1), ">=", 0)
    say(c(upto[i], before[i]), c(1, -1), ">=", 0)
    say(c(before[i], at[i]), c(1, 1), "<=", n)
    if (i == m) next
    say(c(after[i], at[i + 1L], before[i + 1L], upto[i]), c(1, -1, -1, 1), ">=", 0)
    say(c(before[i + 1L], upto[i]), c(1, -1), ">=", 0)
  })
  facts$all()
}

# A number at risk holds back to the time before; that of the first times is the lowest of those
# before 5 have left. Where it does not change from one fall to the next, it may be that of the
# latter, before which more were at risk. known: all events, NULL where they are not told.
told_facts <- function(rows, places, falls, n, known) {
  facts <- facts_of(places)
  say <- facts$say
  told <- cumsum(rows$n.event)
  first <- 5 * ((n - 4) %/% 5)
  span <- findInterval(seq_along(told), falls, left.open = TRUE)
  for (i in seq_along(told)) {
    n_risk <- rows$n.risk[i]
    if (i > 1L && !is.na(n_risk)) {
      here <- unique(stats::na.omit(rows$n.risk[span == span[i]]))
      held <- i <= max(0, falls) && length(here) == 1L
      say(places$at[i], 1, ">=", n_risk)
      say(places$after[i - 1L], 1, ">=", n_risk)
      if (n_risk < first && (!held || i %in% falls)) say(places$at[i], 1, "<=", n_risk + 4)
      if (n_risk < first && !held) say(places$after[i - 1L], 1, "<=", n_risk + 4)
    }
    if (is.na(told[i])) next
    say(places$upto[i], 1, ">=", told[i])
    most <- if (is.null(known)) n else if (told[i] + 13 > known) known else told[i] + 8
    say(places$upto[i], 1, "<=", most)
  }
  facts$all()
}

# How many events a fall can be of: all who were lost were lost after them, or before.
height_facts <- function(height, places, falls, n) {
  facts <- facts_of(places)
  fall <- function(from, to) {
    start <- if (length(from)) height[from] + c(-0.005, 0.005) else c(1, 1)
    low <- (height[to] - 0.005) / start[2L]
    high <- min(1, (height[to] + 0.005) / start[1L])
    at <- c(places$upto[to], places$upto[from])
    signs <- c(1, rep(-1, length(from)))
    if (length(from)) {
      facts$say(c(at, places$after[from]), c(signs, low - 1), "<=", 0)
    } else {
      facts$say(at, signs, "<=", n * (1 - low))
    }
    facts$say(c(at, places$after[to]), c(signs, 1 - 1 / high), ">=", 0)
    facts$say(at, signs, ">=", 5)
  }
  for (i in seq_along(falls)) {
    fall(integer(), falls[i])
    if (i > 1L) fall(falls[i - 1L], falls[i])
  }
  facts$all()
}

# Of counts that are few: the places and weights of which they are the sum, up to a constant.
small_goals <- function(truth, places, falls, n, known) {
  goals <- list()
  aim <- function(at, weights, base = 0) {
    if ((base + sum(weights * truth[at])) %in% 1:4) {
      goals[[length(goals) + 1L]] <<- list(places = at, weights = weights)
    }
  }
  with(places, {
    for (i in seq_along(at)) {
      aim(upto[i], 1)
      aim(at[i], 1)
      aim(at[i], -1, n)
      aim(c(at[i], before[i]), c(-1, -1), n)
      if (!is.null(known)) aim(upto[i], -1, known)
      if (i > 1L) aim(upto[c(i, i - 1L)], c(1, -1))
    }
    for (i in seq_along(falls)[-1L]) aim(upto[falls[c(i, i - 1L)]], c(1, -1))
  })
  goals <- unique(goals)
  if (length(goals) > 25L) withr::with_seed(1, sample(goals, 25L)) else goals
}

# Months are whole, so that several die in one.
cohort_of_months <- function(seed, n, lost) {
  patients <- withr::with_seed(seed, data.frame(
    id = seq_len(n), sex = sample(c("F", "M"), n, TRUE, c(0.4, 0.6)),
    months = ceiling(stats::rexp(n, 1 / 20)), died = stats::rbinom(n, 1, 1 - lost)
  ))
  suppressMessages(lms_cohort(patients, id = id, diagnosis = NULL, last_contact = months,
                              died = died, event = 1, unit = "months"))
}

released_figures <- function(cohort, ...) {
  results <- suppressWarnings(lms_results(cohort, ..., min_cell = 5))
  unlist(lapply(results$figures, ggplots_of), recursive = FALSE)
}

attacked_curves <- function(figure, cohort, group = NULL) {
  own <- unclass(cohort$os)
  # What the numbers at risk are drawn from: NA where they are hidden.
  layers <- ggplot2::ggplot_build(figure)$data
  held <- Filter(function(layer) all(c("counts", "label") %in% names(layer)), layers)[[1L]]
  unlist(lapply(seq_len(nrow(held)), function(i) {
    here <- if (is.null(group)) rep(TRUE, nrow(own)) else cohort[[group]] %in% held$label[i]
    columns <- c("time", "n.risk", "n.event", "estimate")
    curve_widths(as.data.frame(held$counts[[i]][columns]), own[here, , drop = FALSE])
  }))
}

test_that("the data of a released figure have no count and no height that is finer than it shows", {
  cohorts <- list(
    suppressMessages(bundled_cohort()), cohort_of_months(1, 60, 0.3), cohort_of_months(2, 90, 0.6),
    cohort_of_months(3, 40, 0)
  )
  for (i in seq_along(cohorts)) {
    figures <- released_figures(cohorts[[i]], factors = if (i > 1L) "sex")
    if (i == 1L) {
      figures <- c(figures, released_figures(cohorts[[1L]], sections = lms_article(cohorts[[1L]])))
    }
    expect_gt(length(figures), 1)
    for (figure in figures) {
      expect_identical(finer_numbers(figure), character())
      expect_identical(finer_numbers(ggplot2::ggplot_build(figure)$data), character())
    }
  }
  # What is looked for is there to be found.
  expect_gt(length(finer_numbers(ggplot2::autoplot(lms_km(os ~ sex, data = cohorts[[2L]]),
                                                   p_value = TRUE))), 3)
})

test_that("no small count is known within two values from the curves of a release", {
  skip_on_cran()
  skip_if_not_installed("lpSolve")
  attacked <- 0
  for (i in 1:6) {
    cohort <- cohort_of_months(i, c(60, 90, 40, 70, 46, 80)[i], c(0.3, 0.6, 0, 0.05, 0.8, 0.5)[i])
    results <- suppressWarnings(lms_results(cohort, factors = "sex", min_cell = 5))
    widths <- attacked_curves(results$figures$os, cohort)
    if (!is.null(results$figures$by_sex)) {
      widths <- c(widths, attacked_curves(results$figures$by_sex, cohort, "sex"))
    }
    expect_true(all(widths >= 2))
    attacked <- attacked + length(widths)
  }
  expect_gt(attacked, 60)
})

test_that("events are told at times that many lie between, and that none or many follow", {
  expect_identical(lmsurv:::event_rows(rep(1, 17), 5), c(5L, 10L, 17L))
  expect_identical(lmsurv:::event_rows(c(4, 5, 1, 0, 4, 1), 5), c(2L, 6L))
  expect_identical(lmsurv:::event_rows(rep(1, 4), 5), integer())
})

test_that("curves fall where many are left, and not where the height tells that few are to come", {
  part <- function(events, lost) {
    n <- rev(cumsum(rev(events + lost)))
    list(time = seq_along(n), n.risk = n, n.event = events, n.censor = lost,
         estimate = cumprod(1 - events / n))
  }
  rows <- function(events, lost) lmsurv:::step_rows(part(events, lost), 5)
  # Nobody is lost before the last time, so that 5 of 8 deaths would tell of the 3.
  expect_identical(rows(c(rep(1, 8), 0), c(rep(0, 8), 32)), 8L)
  # Where many are lost the height leaves it open.
  expect_identical(rows(c(rep(1, 8), 0), c(rep(20, 8), 8)), 5L)
  # The survivors are few, and so the number of deaths is not told.
  expect_identical(rows(c(rep(1, 8), 0), c(rep(0, 8), 3)), 5L)
  # Ties: 4, 9 and 10 deaths.
  expect_identical(rows(c(4, 5, 1, 5, 0), c(0, 0, 0, 0, 20)), c(2L, 4L))
  # 4 would be left.
  expect_identical(rows(c(rep(1, 5), 5, 0), c(rep(0, 6), 4)), 5L)
})

test_that("a number at risk tells neither who left first nor who died between two steps", {
  numbers <- function(events, lost) {
    n <- rev(cumsum(rev(events + lost)))
    part <- list(time = seq_along(n), n.risk = n, n.event = events, n.censor = lost,
                 estimate = cumprod(1 - events / n))
    exact <- lmsurv:::curve_counts(part, NULL, 0)
    as.vector(lmsurv:::coarse_at_risk(list(part), list(exact), c(0, part$time), 5))
  }
  # 41 at first: 40 would tell that at most one has left.
  expect_identical(numbers(rep(0, 9), c(rep(1, 8), 33)), c(40, rep(35, 7), 30, 30))
  # At risk are 40, ..., 31 and 30 at the last time: up to the steps at 5 and 10 as then.
  expect_identical(numbers(c(rep(1, 10), 0), c(rep(0, 10), 30)), c(40, rep(35, 5), rep(30, 6)))
})

test_that("no more of a test is kept than is written", {
  test <- list(test = "logrank", statistic = 3.14159, p.value = 0.0763215)
  expect_identical(lmsurv:::coarse_test(test), list(test = "logrank", p.value = 0.076))
  test$p.value <- 1e-7
  expect_identical(lmsurv:::coarse_test(test)$p.value, 0)
  expect_null(lmsurv:::coarse_test(NULL))
})

test_that("the events of groups are not told where their sum tells them", {
  told <- function(first, second) {
    parts <- lapply(c(first, second), function(deaths) {
      n <- 100 - 6 * (seq_len(deaths) - 1)
      list(time = seq_len(deaths), n.risk = n, n.event = rep(1, deaths), n.censor = rep(5, deaths),
           estimate = cumprod(1 - 1 / n))
    })
    exact <- lapply(parts, lmsurv:::curve_counts, NULL, 0)
    vapply(lmsurv:::coarse_parts(parts, exact, 5), `[[`, NA, "told")
  }
  # 18 of two that are at most 9 each; 16 leaves three of each.
  expect_identical(told(9, 9), c(FALSE, FALSE))
  expect_identical(told(9, 7), c(TRUE, TRUE))
})
