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
  do.call(rbind, cells)
}

# What sentences, the flow and what is said of figures tell: rows as in told_counts(), counts
# rounded down to multiples of 5 as ranges.
told_words <- function(results, cohort) {
  cells <- list()
  tell <- function(who, what, variable, level, low, high = low) {
    cells[[length(cells) + 1L]] <<- data.frame(
      key = paste(who, what, variable, level, sep = "|"), low = low, high = high
    )
  }
  # Of each match its groups, as a column.
  matches <- function(pattern, text) {
    at <- regmatches(text, gregexec(pattern, text, perl = TRUE))[[1L]]
    if (length(at)) apply(at, 2L, identity, simplify = FALSE)
  }
  number <- function(x) as.numeric(gsub(",", "", x))
  range_of <- function(text) {
    if (grepl("hidden", text)) return(c(0, Inf))
    n <- number(sub("^.* ", "", text))
    if (grepl("fewer", text)) c(0, n - 1) else if (grepl("least", text)) n + c(0, 4) else c(n, n)
  }
  said <- paste(unlist(lapply(results$text, format)), collapse = " ")
  said <- gsub("\\s+", " ", said)
  some <- "((?:fewer than |at least )?[0-9,]+)"
  facts <- list(
    ever_surgery = paste0(some, " of [0-9,]+ patients with bone metastases \\([^)]*\\) were oper"),
    ever_implant_failure = paste0("implant failed in ", some, " of"),
    first = paste0("first site of metastasis in ", some, " of")
  )
  for (name in names(facts)) for (m in matches(facts[[name]], said)) {
    ends <- range_of(m[2L])
    tell("bone", "n", name, "TRUE", ends[1L], ends[2L])
  }
  flow <- if (is.null(results$alts$flow)) "" else results$alts$flow
  for (m in matches("(O|Not o)perated on: ([0-9,]+) patient", flow)) {
    tell("bone", "n", "ever_surgery", as.character(m[2L] == "O"), number(m[3L]))
  }
  groups <- c(Cohort = "all", "With bone metastases" = "bone")
  for (group in names(groups)) {
    box <- paste0("(?<!out: )", group, ": ([0-9,]+) patients?, ([0-9,]+) death")
    for (m in matches(box, flow)) {
      tell(groups[[group]], "dead", "(any)", "any", number(m[3L]))
    }
  }
  curves <- paste(c(results$alts$figure_3, tolower(results$alts$figure_4)), collapse = " ")
  of_bone <- paste0("(?:Bone metastases:|followed up to [0-9.,]+ months[.]) ", some, " at risk, ",
                    some, " events")
  for (m in matches(of_bone, curves)) {
    events <- range_of(m[3L])
    tell("bone", "dead", "(any)", "any", events[1L], events[2L])
  }
  panels <- strsplit(if (is.null(results$alts$figure_5)) "" else results$alts$figure_5,
                     "(?=\\([a-z]\\) )", perl = TRUE)[[1L]]
  titles <- c("Surgical intervention" = "ever_surgery", "Pathologic fracture" = "fracture")
  for (panel in panels) for (title in names(titles)) if (grepl(title, panel, fixed = TRUE)) {
    curves <- paste0("(No|Yes): ", some, " at risk, (", some, "|a hidden number of) events")
    for (m in matches(curves, panel)) {
      level <- as.character(m[2L] == "Yes")
      at_risk <- range_of(m[3L])
      events <- range_of(m[4L])
      tell("bone", "n", titles[[title]], level, at_risk[1L], Inf)
      tell("bone", "dead", titles[[title]], level, events[1L], events[2L])
    }
  }
  do.call(rbind, cells)
}

# All that is told, by what it is of.
all_told <- function(results, cohort) {
  cells <- rbind(told_counts(results), told_words(results, cohort))
  low <- tapply(cells$low, cells$key, max)
  list(low = low, high = tapply(cells$high, cells$key, min)[names(low)])
}

# The least and the most of weights %*% unknown counts.
width <- function(weights, rows, signs, sides) {
  ends <- vapply(c("min", "max"), function(way) {
    lpSolve::lp(way, weights, rows, signs, sides)$objval
  }, 0)
  ends[[2L]] - ends[[1L]]
}

# Patients by what a reader tells apart, "missing" among the levels.
attacked <- function(cohort, columns) {
  meta <- lmsurv:::cohort_meta(cohort)
  data <- as.data.frame(cohort)
  data$first <- lmsurv:::is_first_site(cohort, meta)
  out <- lapply(data[columns], function(x) {
    level <- as.character(x)
    ifelse(is.na(level), "missing", level)
  })
  cbind(bone = data$ever_bone_metastasis, dead = unclass(cohort$os)[, "status"] == 1,
        as.data.frame(out, optional = TRUE))
}

# Unknown are the patients of each combination of levels, without and with bone metastases, alive
# and dead; known how many have bone metastases, the deaths and the counts of single columns as far
# as they are told, and which levels of two linked columns have no patient in common. Answer: the
# widths of all counts that are few, of single levels and, of several columns, of their
# combinations.
joint_widths <- function(cohort, columns, told) {
  data <- attacked(cohort, columns)
  if (length(columns) > 1L) data <- data[data$bone, ]
  atoms <- expand.grid(lapply(data, function(x) sort(unique(x))), stringsAsFactors = FALSE)
  key <- function(x) do.call(paste, c(unname(as.list(x)), sep = "|"))
  true <- as.vector(table(factor(key(data), key(atoms))))
  rows <- list()
  signs <- character()
  sides <- double()
  say <- function(at, sign, n) {
    if (!is.finite(n)) return()
    rows[[length(rows) + 1L]] <<- as.numeric(at)
    signs <<- c(signs, sign)
    sides <<- c(sides, n)
  }
  for (bone in unique(atoms$bone)) say(atoms$bone == bone, "=", sum(true[atoms$bone == bone]))
  for (who in c("all", "bone")) {
    name <- paste0(who, "|dead|(any)|any")
    if (!name %in% names(told$low) || (who == "all" && length(columns) > 1L)) next
    at <- atoms$dead & (who == "all" | atoms$bone)
    expect_true(told$low[[name]] <= sum(true[at]) && sum(true[at]) <= told$high[[name]])
    say(at, ">=", told$low[[name]])
    say(at, "<=", told$high[[name]])
  }
  level_sets <- list()
  for (column in columns) for (level in unique(atoms[[column]])) {
    own <- atoms[[column]] == level
    level_sets <- c(level_sets, list(own))
    for (who in c("all", "bone")) for (what in c("n", "dead")) {
      at <- own & (who == "all" | atoms$bone) & (what == "n" | atoms$dead)
      name <- paste(who, what, column, level, sep = "|")
      if (!name %in% names(told$low) || (who == "all" && length(columns) > 1L)) next
      expect_true(told$low[[name]] <= sum(true[at]) && sum(true[at]) <= told$high[[name]],
                  label = name)
      say(at, ">=", told$low[[name]])
      say(at, "<=", told$high[[name]])
    }
  }
  for (pair in linked_columns) if (all(pair %in% columns)) {
    both <- key(atoms[pair])
    say(both %in% setdiff(both, key(data[pair])), "=", 0)
  }
  if (length(columns) > 1L) level_sets <- lapply(seq_len(nrow(atoms)), function(i) {
    key(atoms[columns]) == key(atoms[i, columns])
  })
  # Within linked columns deaths are told of single ones only.
  parts <- if (length(columns) > 1L) list(TRUE) else list(TRUE, atoms$dead, !atoms$dead)
  places <- if (length(columns) > 1L) list(TRUE) else list(TRUE, atoms$bone, !atoms$bone)
  crossed <- function(own, part) lapply(places, function(place) own & part & place)
  targets <- lapply(level_sets, function(own) lapply(parts, function(part) crossed(own, part)))
  targets <- unlist(unlist(targets, FALSE), FALSE)
  if (length(columns) == 1L) {
    targets <- c(targets, list(atoms$dead & atoms$bone, !atoms$dead & atoms$bone, !atoms$dead))
  }
  targets <- unique(Filter(function(at) sum(true[at]) %in% 1:4, targets))
  rows <- do.call(rbind, rows)
  vapply(targets, function(at) width(as.numeric(at), rows, signs, sides), 0)
}

# Of two columns of the patients with bone metastases one says what the other does in part: of the
# operated for a fracture all have one.
linked_columns <- list(
  c("indication", "fracture"), c("indication", "surgery"), c("surgery", "ever_surgery"),
  c("indication", "ever_surgery"), c("ever_surgery", "ever_implant_failure"),
  c("bone_lesions", "bone_location")
)
linked_threes <- list(
  c("indication", "fracture", "surgery"), c("indication", "fracture", "ever_surgery"),
  c("ever_surgery", "ever_implant_failure", "surgery"),
  c("indication", "ever_surgery", "ever_implant_failure"),
  c("bone_lesions", "bone_location", "first")
)

release_widths <- function(cohort, results) {
  told <- all_told(results, cohort)
  variables <- unique(vapply(strsplit(names(told$low), "|", fixed = TRUE), `[[`, "", 3L))
  here <- c(variables, "ever_surgery", "surgery", "indication", "fracture")
  sets <- c(as.list(setdiff(variables, "(any)")), linked_columns, linked_threes)
  sets <- Filter(function(columns) all(columns %in% c(here, "ever_implant_failure")), sets)
  unlist(lapply(sets, joint_widths, cohort = cohort, told = told))
}

# Deaths up to the years at which survival is told: where few patients are lost, survival is their
# number. Of all, of those with bone metastases, of the others; between two times, and after.
told_deaths <- function(results, cohort) {
  os <- unclass(cohort$os)
  bone <- cohort$ever_bone_metastasis
  years_in <- function(text) {
    text <- gsub("\\s+", " ", paste(unlist(lapply(text, format)), collapse = " "))
    text <- sub("verall survival.*?(was|were)", "", text)
    text <- sub("\\.( |$).*", "", sub(".*?verall survival of [^.]*? was ", "", text))
    at <- regmatches(text, gregexpr("[0-9.]+%( \\([^)]*\\))? at [0-9]+ year", text))[[1L]]
    as.numeric(sub(".* at ([0-9]+) year", "\\1", at))
  }
  events <- function(years, who) {
    times <- c(12 * years, Inf)
    diff(c(0, vapply(times, function(t) sum(os[who, "time"] <= t & os[who, "status"] == 1), 0)))
  }
  of_all <- years_in(results$text$survival)
  of_bone <- years_in(results$text$bone_survival)
  both <- intersect(of_all, of_bone)
  c(events(of_all, TRUE), if (length(of_bone)) events(of_bone, bone),
    if (length(both)) events(both, !bone))
}

resampled_cohort <- function(seed, n) {
  rows <- withr::with_seed(seed, leiomyosarcoma[sample(nrow(leiomyosarcoma), n, TRUE), ])
  rows$id <- sprintf("R%03d", seq_len(n))
  suppressMessages(lms_cohort(rows))
}

test_that("no small count of a whole report is known within two values", {
  skip_on_cran()
  skip_if_not_installed("lpSolve")
  cohorts <- list(
    suppressMessages(lms_cohort(leiomyosarcoma)), resampled_cohort(1, 396),
    # Of six patients with bone metastases one is alive.
    resampled_cohort(6, 80)
  )
  for (cohort in cohorts) {
    results <- lms_results(cohort, sections = lms_article(cohort), min_cell = 5)
    found <- release_widths(cohort, results)
    expect_gt(length(found), 40)
    expect_true(all(found >= 2 - 1e-6))
    expect_false(any(told_deaths(results, cohort) %in% 1:4))
  }
})

test_that("survival is told at times whose deaths, and those between and after them, are many", {
  one <- function(events, total) lmsurv:::told_times(matrix(events), total, 5)
  expect_identical(one(c(8, 17, 28), 32), c(TRUE, TRUE, FALSE))
  expect_identical(one(c(8, 10, 14), 20), c(TRUE, FALSE, TRUE))
  expect_identical(one(c(3, 9, 9), 9), c(FALSE, TRUE, TRUE))
  # Those of the others follow from both.
  both <- cbind(c(8, 17), c(20, 23))
  expect_identical(lmsurv:::told_times(both, c(30, 40), 5), c(TRUE, FALSE))
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
