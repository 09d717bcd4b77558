# A report for release: no small count is in it, nor can be computed from what is.

# What of a file a reader or a search could find: its text, and what is said of its pictures.
all_text <- function(file) {
  text <- visible_text(file)
  if (grepl("[.]docx$", file)) return(text)
  html <- as_text(read_bytes(file))
  Encoding(html) <- "UTF-8"
  paste(c(text, unlist(regmatches(html, gregexpr("alt=\"[^\"]*\"", html)))), collapse = " ")
}

# Counts of 1 to 4 as a report writes them: "3 (1%)", "3 of 20", "2 patients", "2: 4 deaths".
small_counts <- function(text) {
  pattern <- paste0(
    "(?<![0-9.,<=\u2013-])\\b[1-4] ?(\\([0-9.]+%\\)|of [0-9]+\\b|(patient|death|record|event|",
    "operation)s?\\b|at risk|axial only|appendicular only|both)"
  )
  unlist(regmatches(text, gregexpr(pattern, text, perl = TRUE)))
}

test_that("no small count is in the file, and the search finds those of the full report", {
  skip_without_report()
  cohort <- bundled_cohort()
  sections <- article_sections(cohort, ~ age + sex)
  for (format in c("html", "docx")) {
    text <- all_text(write_report(cohort, format, sections = sections, min_cell = 5))
    expect_equal(small_counts(text), character())
    expect_match(text, "An implant failed in fewer than 5 of 20", fixed = TRUE)
    expect_match(text, "Counts of 1 to 4 are shown as <5", fixed = TRUE)
    expect_match(text, "Figure 2: The heights of some bars and bands",
                 fixed = TRUE)
    full <- all_text(write_report(cohort, format, sections = sections))
    expect_gt(length(small_counts(full)), 10L)
    expect_match(full, "An implant failed in 3 of 20", fixed = TRUE)
  }
})

test_that("nothing hidden is left in what lms_results() gives", {
  results <- article_results(bundled_cohort(), ~ age + sex, min_cell = 5)
  expect_null(results$data)
  for (table in results$tables) {
    numbers <- as.data.frame(table)
    counts <- unlist(numbers[intersect(names(numbers), c("n", "patients", "events"))])
    counts <- counts[!is.na(counts)]
    expect_false(any(counts > 0 & counts < 5))
    shown <- unlist(format(table)[-1L])
    expect_no_match(shown, "^[1-4]( |$)")
  }
  expect_equal(small_counts(paste(unlist(results$alts), unlist(results$captions))), character())
  expect_equal(small_counts(results$findings$text), character())
  # Levels of the model with few deaths; of those with enough all counts go as well.
  four <- as.data.frame(results$tables$table_4)
  expect_true(all(is.na(four$n)) && all(is.na(four$events)))
  expect_no_match(names(format(results$tables$table_4)), "Patients|Events")
  expect_equal(four$n_used[1L], 396)
  # Of the men with bone metastases few are alive, which Table 1 and the model would tell.
  bone <- bundled_cohort()
  bone <- bone[bone$ever_bone_metastasis, ]
  expect_true(any(table(bone$sex, unclass(bone$os)[, "status"]) %in% 1:4))
  own <- as.data.frame(results$tables$model)
  expect_true(all(is.na(own$n)))
  expect_no_match(unlist(format(results$tables$table_2)[-1L]), "^(31|14) ")
})

test_that("figures that tell a small count are left out, or the panel that does", {
  results <- article_results(bundled_cohort(), names = c("bone", "factors"), min_cell = 5)
  # Six subtypes, three of them of four patients in all.
  expect_no_match(results$alts$figure_5, "Subtype")
  # Two of the patients with a fracture are alive.
  expect_no_match(results$alts$figure_5, "Pathologic fracture")
  expect_match(results$alts$figure_5, "Surgical intervention")
  # Its sites and those of Table 3 are of the same patients, as are operations.
  left <- results$left_out
  expect_match(left$reason[left$part == "Figure 1"], "follow from its counts and those of")
  expect_false("figure_1" %in% names(results$figures))
})

test_that("groups that are small, or all but a few, have no section", {
  few <- leiomyosarcoma
  at <- which(!is.na(few$bone_metastasis))
  few$bone_metastasis[at[-(1:3)]] <- NA
  few$first_surgery[at[-(1:3)]] <- NA
  few$implant_failure[at[-(1:3)]] <- NA
  ids <- few$id[at[1:3]]
  lesions <- leiomyosarcoma_lesions[leiomyosarcoma_lesions$id %in% ids, ]
  results <- article_results(lms_cohort(few, lesions), min_cell = 5)
  expect_length(results$text$bone, 0L)
  expect_length(results$text$surgery, 0L)
  expect_named(results$tables, c("table_1", "table_4"))
  expect_false(any(grepl("figure_", names(results$figures))))
  expect_match(results$left_out$reason[results$left_out$part == "Table 2"],
               "Fewer than 5 patients have bone metastases, or have none", fixed = TRUE)
  expect_no_match(format(results$text$summary), "bone")

  all_but <- leiomyosarcoma[c(at, which(is.na(leiomyosarcoma$bone_metastasis))[1:2]), ]
  results <- article_results(lms_cohort(all_but), min_cell = 5)
  expect_length(results$text$bone, 0L)
  expect_no_match(unlist(lapply(results$text, format)), "45 of 47|2 of 47")
})

test_that("few deaths, few survivors and few left out are said in words", {
  d <- data.frame(id = 1:60, last_contact = 7 * (1:60), died = FALSE, age = 41:100,
                  grade = rep(c("low", "high"), 30))
  said <- function(d, ...) {
    results <- lms_results(lms_cohort(d, event = TRUE, impossible = "exclude"), min_cell = 5, ...)
    c(unlist(lapply(results$text, format)), results$findings$text, unlist(results$alts),
      unlist(results$captions))
  }
  d$died[1:3] <- TRUE
  few <- said(d)
  expect_match(few, "Fewer than 5 of 60 patients died", all = FALSE)
  expect_match(few, "hidden (small counts) at", fixed = TRUE, all = FALSE)
  expect_equal(small_counts(few), character())
  d$died <- TRUE
  d$died[58:60] <- FALSE
  expect_match(said(d), "All but fewer than 5 of 60 patients died", all = FALSE)
  # 60 read, 58 used: neither number beside the other.
  d$diagnosis <- as.Date("2001-01-01")
  d$last_contact <- d$diagnosis + d$last_contact
  d$last_contact[7:8] <- d$diagnosis[7:8] - 1
  lost <- said(d)
  expect_match(lost, "Some records were excluded", fixed = TRUE, all = FALSE)
  expect_match(lost, "58 patients", fixed = TRUE, all = FALSE)
  # 60 months are five years.
  expect_no_match(lost, "\\b60\\b(?! months)", perl = TRUE)
  expect_equal(small_counts(lost), character())
})

test_that("who has no value is not counted by who has", {
  d <- data.frame(id = 1:80, last_contact = 7 * (1:80), died = rep(c(TRUE, FALSE, TRUE, TRUE), 20),
                  age = c(NA, NA, (1:78 * 29) %% 50), sex = factor(rep(c("f", "m"), 40)))
  results <- lms_results(lms_cohort(d, event = TRUE), models = ~ age + sex, min_cell = 5)
  table <- results$tables$model
  expect_true(all(is.na(unlist(as.data.frame(table)[c("n", "events", "n_used", "events_used")]))))
  expect_equal(table$caption, "Hazard ratios for death after diagnosis, Cox model")
  said <- c(format(results$text$model), unlist(results$alts), unlist(format(table)),
            attr(format(table), "notes"), unlist(results$captions))
  expect_no_match(said, "\\b78\\b")
  expect_false("model" %in% names(results$figures))
})

test_that("counts with figures are rounded down, and leave three values each beside their sum", {
  coarse <- lmsurv:::coarse_counts
  withr::local_seed(6)
  starred <- 0
  for (i in 1:2000) {
    min_cell <- sample(4:10, 1)
    n <- sample(0:30, sample(2:5, 1), TRUE)
    shown <- coarse(matrix(n), min_cell)[, 1]
    if (anyNA(shown)) {
      starred <- starred + 1
      next
    }
    low <- shown
    high <- shown + min_cell - 1
    # What the sum and the others leave of each: all that can be known, as the rest is free.
    least <- pmax(low, sum(n) - (sum(high) - high))
    most <- pmin(high, sum(n) - (sum(low) - low))
    expect_true(all(least <= n & n <= most))
    expect_true(all(most - least >= 2))
  }
  expect_gt(starred, 10)
  expect_lt(starred, 1500)
  expect_equal(lmsurv:::count_text(list(c(25, 0, NA)), 5)[[1]], c("25", "<5", "*"))
  # Five of six would leave one or none; of seven it leaves three values.
  alone <- function(n, most) coarse(matrix(n), 5, most, summed = FALSE)[[1]]
  expect_equal(c(alone(5, 6), alone(5, 7), alone(3, 6), alone(6, 6)), c(NA, 5, 0, NA))
  expect_equal(lmsurv:::count_text(list(c(9, 3, 2, 0)), 0)[[1]], c("9", "3", "2", "0"))
})

test_that("a step is of min_cell events, and leaves as many at risk", {
  part <- list(time = 1:14, n.risk = 14:1, n.event = rep(1, 14), n.censor = rep(0, 14),
               estimate = 13:0 / 14)
  exact <- lmsurv:::curve_counts(part, NULL, 0)
  out <- lmsurv:::coarse_parts(list(part), list(exact), 5)[[1]]
  falls <- which(diff(c(1, out$estimate)) != 0)
  expect_equal(out$time[falls], 5)
  expect_equal(out$estimate[falls], 0.64)
  # At least 5 events of 6 patients would leave one or none.
  six <- list(time = 1:6, n.risk = 6:1, n.event = c(1, 1, 1, 1, 1, 0), n.censor = rep(0, 6),
              estimate = c(5:1, 1) / 6)
  hidden <- lmsurv:::coarse_parts(list(six), list(lmsurv:::curve_counts(six, NULL, 0)), 5)[[1]]
  expect_true(anyNA(hidden$n.event))
  expect_false(hidden$told)
  # 14 events are at least 10, and 4 are few.
  expect_equal(sum(out$n.event), 10)
  words <- vapply(c(4, 5, 14), lmsurv:::coarse_words, "", 5)
  expect_equal(words, c("fewer than 5", "at least 5", "at least 10"))
})

test_that("what cannot be hidden is refused", {
  expect_error(lms_results(lms_cohort(leiomyosarcoma[1:4, ]), min_cell = 5),
               class = "lmsurv_error_min_cell")
  expect_error(lms_results(bundled_cohort(), min_cell = 2), class = "lmsurv_error")
  expect_error(lms_report(bundled_cohort(), tempfile(), min_cell = "five", quiet = TRUE),
               class = "lmsurv_error")
})

test_that("sets that few are in, or that tell few beside another one, are hidden", {
  of <- function(rows) seq_len(40) %in% rows
  # Of `a` 2 are not in `close`, 5 not in `apart`; of `close`, which is not told, 3 are not.
  sets <- list(a = of(1:20), few = of(1:3), rest = of(1:37), close = of(3:20), apart = of(6:20))
  expect_identical(lmsurv:::hidden_sets(sets, 5), c("few", "rest", "close"))
  expect_identical(lmsurv:::hidden_sets(sets[c("close", "a")], 5), "a")
})

test_that("a plan hides columns and sets that tell few deaths, within a set too, or few patients", {
  of <- function(rows) seq_len(80) %in% rows
  died <- rep(c(TRUE, FALSE), 40)
  dead <- which(died)
  alive <- which(!died)
  level <- function(rows) ifelse(of(rows), "p", "q")
  d <- data.frame(
    id = 1:80, last_contact = 1:80, died = died, fine = rep(c("p", "p", "q", "q"), 20),
    # Of 13 patients 3 died, none of them in the first half.
    crossed = level(c(dead[21:23], alive[c(11:15, 19:23)])),
    # In the first half 3 died, and 10 in the second.
    within = level(c(dead[1:3], alive[1:10], dead[21:30], alive[21:30])),
    # All but 3 of a set.
    held = level(1:23)
  )
  cohort <- suppressMessages(lms_cohort(d, event = TRUE))
  counted <- function(cohort) {
    sets <- list(half = of(1:40), few = of(1:3), cross = of(c(dead[1:2], alive[1:18])),
                 third = of(1:26))
    lmsurv:::told(sets, c("fine", "crossed", "within", "held"), "half")
  }
  plan <- lmsurv:::release_plan(cohort, list(list(counted = counted)), 5)
  expect_identical(plan$sets, "few")
  expect_identical(plan$crossed, "cross")
  expect_setequal(plan$columns, c("crossed", "within", "held"))
  expect_true(plan$deaths)
  alone <- list(list(counted = function(cohort) lmsurv:::told(columns = c("fine", "crossed"))))
  expect_identical(lmsurv:::release_plan(cohort, alone, 5)$columns, "crossed")
  d$died <- of(1:3)
  cohort <- suppressMessages(lms_cohort(d, event = TRUE))
  expect_false(lmsurv:::release_plan(cohort, list(), 5)$deaths)
})
