# An attacker has the counts that the default sections print for a release and bounds by linear
# programming each count that is few.

attacked_cohort <- function(seed) {
  withr::with_seed(seed, {
    n <- c(60, 90, 120, 200, 300, 40)[seed]
    patients <- data.frame(
      id = seq_len(n), sex = sample(c("F", "M"), n, TRUE, c(0.4, 0.6)),
      stage = sample(c("I", "II", "III", "IV", NA), n, TRUE, c(0.4, 0.3, 0.15, 0.08, 0.07)),
      ulcer = sample(c("no", "yes"), n, TRUE, c(0.88, 0.12)),
      months = 1 + round(stats::rexp(n, 1 / 40), 1),
      died = stats::rbinom(n, 1, c(0.3, 0.05, 0.6, 0.92, 0.3, 0.15)[seed])
    )
    had <- stats::runif(n) < c(0.08, 0.3, 0.8)[1 + seed %% 3] |
      (patients$died & stats::runif(n) < 0.7)
    patients$relapse <- ifelse(had, round(patients$months * stats::runif(n) * 0.9, 1), NA)
    causes <- sample(c("tumor", "other"), n, TRUE, c(0.85, 0.15))
    patients$cause <- ifelse(patients$died == 1, causes, NA)
    suppressMessages(lms_cohort(
      patients, id = id, diagnosis = NULL, last_contact = months, died = died, cause = cause,
      event = 1, events = c(relapse = relapse), unit = "months"
    ))
  })
}

attacked_factors <- c("sex", "stage", "ulcer")

# Rows of what (patients, dead, relapse), variable, level, low, high.
told_by_default <- function(results, n) {
  cells <- list()
  tell <- function(what, variable, level, low, high = low) {
    cells[[length(cells) + 1L]] <<- data.frame(what, variable, level, low, high)
  }
  matches <- function(pattern, name) {
    text <- gsub("\\s+", " ", paste(base::format(results$text[[name]]), collapse = " "))
    at <- regmatches(text, gregexec(pattern, text, perl = TRUE))[[1L]]
    if (length(at)) apply(at, 2L, identity, simplify = FALSE)
  }
  number <- function(x) as.numeric(gsub(",", "", x))
  of_all <- function(what, name, pattern) {
    for (m in matches(paste0("(all but fewer than |fewer than |)([0-9]+) of ", pattern), name)) {
      x <- number(m[3L])
      range <- switch(substr(m[2L], 1L, 1L), a = c(n - x + 1, n - 1), f = c(1, x - 1), c(x, x))
      tell(what, "", "", range[1L], range[2L])
    }
  }
  of_all("dead", "patients", "[0-9]+[^.]* died")
  of_all("relapse", "relapse", "[0-9]+ patients")
  for (column in attacked_factors) {
    name <- paste0("by_", column)
    groups <- "for (\\w+) \\((?:[^();]*; )?(?:([0-9]+) deaths? in )?([0-9]+) patient"
    for (m in matches(groups, name)) {
      tell("patients", column, m[2L], number(m[4L]))
      if (nzchar(m[3L])) tell("dead", column, m[2L], number(m[3L]))
    }
    for (m in matches("([0-9]+|Some) patients? (?:is|are) excluded", name)) {
      range <- if (m[2L] == "Some") c(1, 4) else rep(number(m[2L]), 2L)
      tell("patients", column, "missing", range[1L], range[2L])
    }
  }
  rows <- as.data.frame(results$tables$patients)
  rows <- rows[rows$statistic %in% c("count", "missing"), ]
  for (i in seq_len(nrow(rows))) {
    x <- rows[i, ]
    low <- switch(x$masked, hidden = 0, small = 1, x$n)
    high <- switch(x$masked, hidden = n, small = 4, x$n)
    tell("patients", x$variable, if (is.na(x$level)) "missing" else x$level, low, high)
  }
  if (!is.null(results$tables$model)) {
    rows <- as.data.frame(results$tables$model)
    rows <- rows[rows$kind %in% c("level", "reference") & !is.na(rows$n), ]
    for (i in seq_len(nrow(rows))) {
      tell("patients", rows$variable[i], rows$level[i], rows$n[i])
      tell("dead", rows$variable[i], rows$level[i], rows$events[i])
    }
  }
  do.call(rbind, cells)
}

# Patients by level of one column, death and relapse; of each sum of such cells that is few the
# width of what the told counts leave.
default_widths <- function(cohort, told, column) {
  level <- as.character(cohort[[column]])
  data <- data.frame(level = ifelse(is.na(level), "missing", level), dead = cohort$died == 1,
                     relapse = !is.na(cohort$relapse))
  atoms <- expand.grid(lapply(data, function(x) sort(unique(x))), stringsAsFactors = FALSE)
  key <- function(x) paste(x$level, x$dead, x$relapse)
  true <- as.vector(table(factor(key(data), key(atoms))))
  here <- told[told$variable %in% c("", column), ]
  rows <- lapply(seq_len(nrow(here)), function(i) {
    what <- switch(here$what[i], patients = TRUE, dead = atoms$dead, relapse = atoms$relapse)
    as.numeric((here$variable[i] == "" | atoms$level == here$level[i]) & what)
  })
  rows <- rbind(1, do.call(rbind, rows))
  sums <- as.vector(rows %*% true)
  expect_true(all(c(nrow(data), here$low) <= sums & sums <= c(nrow(data), here$high)))
  limits <- expand.grid(level = c("", unique(atoms$level)), dead = c(NA, TRUE, FALSE),
                        relapse = c(NA, TRUE, FALSE), stringsAsFactors = FALSE)
  widths <- vapply(seq_len(nrow(limits)), function(i) {
    at <- limits[i, ]
    own <- (at$level == "" | atoms$level == at$level) & (is.na(at$dead) | atoms$dead == at$dead) &
      (is.na(at$relapse) | atoms$relapse == at$relapse)
    if (!sum(true[own]) %in% 1:4) return(NA)
    ends <- vapply(c("min", "max"), function(way) {
      lpSolve::lp(way, as.numeric(own), rbind(rows, rows), rep(c(">=", "<="), each = nrow(rows)),
                  c(nrow(data), here$low, nrow(data), here$high))$objval
    }, 0)
    ends[[2L]] - ends[[1L]]
  }, 0)
  widths[!is.na(widths)]
}

# Events up to the years that the sentences tell, between them and after.
events_told <- function(y, code, text) {
  at <- regmatches(text, gregexpr("[0-9.]+%( \\([^)]*\\))? at [0-9]+ (year|month)", text))[[1L]]
  at <- at[!grepl("^(0|100)% at", at)]
  times <- as.numeric(sub(".* at ([0-9]+) .*", "\\1", at)) * ifelse(grepl("year$", at), 12, 1)
  if (!length(times)) return(NULL)
  y <- unclass(y)
  diff(c(0, vapply(c(times, Inf), function(t) sum(y[, "time"] <= t & y[, "status"] %in% code), 0)))
}

test_that("no small count of the default sections is known within two values", {
  skip_on_cran()
  skip_if_not_installed("lpSolve")
  attacked <- 0
  for (seed in 1:6) {
    cohort <- attacked_cohort(seed)
    results <- suppressWarnings(lms_results(
      cohort, factors = attacked_factors, models = ~ sex + stage + ulcer, min_cell = 5
    ))
    told <- told_by_default(results, nrow(cohort))
    widths <- unlist(lapply(attacked_factors, default_widths, cohort = cohort, told = told))
    expect_true(all(widths >= 2 - 1e-6))
    attacked <- attacked + length(widths)
    os <- base::format(results$text$os)[1L]
    expect_false(any(events_told(cohort$os, 1, os) %in% 1:4))
    causes <- base::format(results$text$death_by_cause)
    for (i in seq_along(causes)) {
      expect_false(any(events_told(cohort$death_by_cause, i, causes[i]) %in% 1:4))
    }
  }
  expect_gt(attacked, 60)
})

test_that("a release tells incidences whose events are many", {
  cohort <- attacked_cohort(5)
  results <- lms_results(cohort, sections = "death_by_cause", min_cell = 5)
  text <- base::format(results$text$death_by_cause)
  expect_match(text[2L],
               "incidence of death from tumor in all 300 patients was .*[0-9]+% \\(95% CI")
})

test_that("endpoints that differ in few patients are not told beside each other", {
  cohort <- attacked_cohort(3)
  alive <- which(!is.na(cohort$relapse) & cohort$died == 0)
  patients <- as.data.frame(cohort)[c("id", "sex", "months", "died", "relapse")]
  patients$relapse[alive[-(1:3)]] <- NA
  cohort <- suppressMessages(lms_cohort(
    patients, id = id, diagnosis = NULL, last_contact = months, died = died, event = 1,
    events = c(relapse = relapse), unit = "months"
  ))
  both <- c("os", "relapse_free")
  expect_true("relapse_free" %in% names(lms_results(cohort, endpoints = both)$text))
  results <- lms_results(cohort, endpoints = both, min_cell = 5)
  expect_false("relapse_free" %in% names(results$text))
  expect_equal(results$left_out$reason[1L], "Small counts could be found from this part.")
})
