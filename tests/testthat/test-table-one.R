# Numbers of the table of patients, beside base R and survival.

patients <- within(survival::lung, {
  sex <- factor(sex, 1:2, c("men", "women"))
  ecog <- factor(ph.ecog)
  died <- status == 2
  months <- time / 30.4375
  os <- survival::Surv(months, died)
})
attr(patients$age, "label") <- "Age (years)"

# The rows of a variable, statistic and group.
cells <- function(table, variable, statistic = NULL, group = "Overall") {
  numbers <- as.data.frame(table)
  keep <- numbers$variable == variable & numbers$group == group
  if (!is.null(statistic)) keep <- keep & numbers$statistic == statistic
  numbers[keep, ]
}

groups <- list(Overall = TRUE, men = patients$sex == "men", women = patients$sex == "women")

test_that("counts and percentages are those of table()", {
  x <- lms_table_one(patients, by = sex, vars = c(ecog, died))
  for (group in names(groups)) {
    rows <- groups[[group]]
    counts <- table(patients$ecog[rows])
    found <- cells(x, "ecog", "count", group)
    expect_identical(found$level, names(counts))
    expect_equal(found$n, as.vector(counts))
    expect_equal(found$percent, 100 * as.vector(prop.table(counts)))
    expect_equal(found$total, rep(sum(counts), 4))
    gone <- cells(x, "ecog", "missing", group)
    expect_equal(gone$n, sum(is.na(patients$ecog[rows])))
    expect_equal(gone$percent, 100 * mean(is.na(patients$ecog[rows])))
    dead <- cells(x, "died", "count", group)
    expect_identical(dead$level, "TRUE")
    expect_equal(c(dead$n, dead$percent),
                 c(sum(patients$died[rows]), 100 * mean(patients$died[rows])))
  }
})

test_that("means, deviations, medians and quartiles are those of base R", {
  every <- c("mean_sd", "mean_sem", "median_iqr", "range")
  x <- lms_table_one(patients, by = "sex", vars = "wt.loss", summary = every)
  for (group in names(groups)) {
    known <- stats::na.omit(patients$wt.loss[groups[[group]]])
    rows <- cells(x, "wt.loss", group = group)
    expect_identical(rows$statistic, c(every, "missing"))
    expect_equal(rows$n, c(rep(length(known), 4), sum(groups[[group]] & is.na(patients$wt.loss))))
    expect_equal(rows$mean[1:2], rep(mean(known), 2))
    expect_equal(rows$sd[1], stats::sd(known))
    expect_equal(rows$sem[2], stats::sd(known) / sqrt(length(known)))
    expect_equal(c(rows$q1[3], rows$median[3], rows$q3[3]),
                 unname(stats::quantile(known, 1:3 / 4)))
    expect_equal(c(rows$min[4], rows$max[4]), range(known))
  }
})

test_that("quartiles follow the conventions in force", {
  d <- data.frame(x = c(1, 2, 4, 8, 16, 32))
  quartiles <- function() {
    row <- as.data.frame(lms_table_one(d, summary = "median_iqr"))
    c(row$q1, row$median, row$q3)
  }
  expect_equal(quartiles(), unname(stats::quantile(d$x, 1:3 / 4, type = 7)))
  withr::local_options(lmsurv.conventions = "stata")
  expect_equal(quartiles(), unname(stats::quantile(d$x, 1:3 / 4, type = 2)))
})

test_that("survival is that of survfit()", {
  x <- lms_table_one(patients, by = sex, vars = os,
                     summary = list(os = c("events", "median_ci", "median_iqr")))
  fits <- list(
    Overall = survival::survfit(os ~ 1, patients),
    men = survival::survfit(os ~ 1, patients[groups$men, ]),
    women = survival::survfit(os ~ 1, patients[groups$women, ])
  )
  for (group in names(fits)) {
    theirs <- quantile(fits[[group]])
    rows <- cells(x, "os", group = group)
    expect_equal(rows$n[1], sum(patients$died[groups[[group]]]))
    expect_equal(unlist(rows[2, c("median", "conf.low", "conf.high")], use.names = FALSE),
                 unname(c(theirs$quantile["50"], theirs$lower["50"], theirs$upper["50"])))
    expect_equal(unlist(rows[3, c("q1", "median", "q3")], use.names = FALSE),
                 unname(theirs$quantile))
  }
})

test_that("labels, tibbles, formulas and strings are taken", {
  x <- lms_table_one(patients, vars = ~ age + ph.karno, labels = c(ph.karno = "Karnofsky"))
  expect_identical(unique(as.data.frame(x)$label), c("Age (years)", "Karnofsky"))
  skip_if_not_installed("tibble")
  wanted <- c("age", "ecog")
  y <- lms_table_one(tibble::as_tibble(patients), "sex", wanted)
  expect_identical(as.data.frame(y), as.data.frame(lms_table_one(patients, sex, c(age, ecog))))
})

test_that("what names a patient or a day is never tabulated", {
  d <- data.frame(
    record_id = c(71, 4, 15), mrn = 301:303, name = c("A", "B", "C"),
    seen = as.Date("2020-01-01") + 1:3, born = c("03/04/1950", "5/6/1961", NA),
    number = 1:3, sex = c("f", "f", "f"), list = I(list(1, 2, 3))
  )
  d <- d[rep(1:3, 8), ]
  d$record_id <- 100 + sample(24)
  d$mrn <- seq(301, by = 7, length.out = 24)
  d$number <- 1:24
  d$name <- paste("Patient", 1:24)
  said <- heard(x <- lms_table_one(d))
  expect_identical(unique(as.data.frame(x)$variable), "sex")
  for (name in setdiff(names(d), "sex")) {
    expect_match(said, paste0("`", name, "`"), fixed = TRUE)
    expect_error(lms_table_one(d, vars = name), class = "lmsurv_error_column")
  }
  expect_no_match(heard(print(x)), "Patient|1950|2020|301")
})

test_that("ids are recognised where patients have several rows", {
  d <- data.frame(id = rep(1:40, 2), age = rep(c(50, 61), 40))
  expect_message(x <- lms_table_one(d), "`id` \\(identifies the patient\\)")
  expect_identical(unique(as.data.frame(x)$variable), "age")
})

test_that("free text is left out unless it is named", {
  d <- data.frame(words = rep(paste("remark", 1:35), 2), sex = rep(c("f", "m"), 35))
  expect_message(lms_table_one(d), "`words` \\(more than 30 values\\)")
  expect_identical(nrow(as.data.frame(lms_table_one(d, vars = words))), 35L)
})

test_that("a cohort shows neither roles nor endpoints unless they are named", {
  d <- random_patients(60, 3)
  cohort <- lms_cohort(d, as_of = far_future)
  x <- lms_table_one(cohort)
  expect_identical(
    unique(as.data.frame(x)$variable),
    c("age", "grade", "fracture", "ever_bone_metastasis", "ever_visceral_metastasis",
      "ever_surgery", "ever_implant_failure")
  )
  expect_no_patient(heard(print(x)), d)
  y <- lms_table_one(cohort, vars = c(os, died))
  rows <- as.data.frame(y)
  expect_equal(rows$n[rows$variable == "os"][1], sum(d$died))
  expect_identical(rows$label[1], "Overall survival (months)")
  expect_error(lms_table_one(cohort, vars = time_to_bone), "competing events")
  expect_error(lms_table_one(cohort, by = id), "identifies the patient")
})

test_that("groups known after the clock has started are said to make immortal time", {
  cohort <- lms_cohort(random_patients(60, 3), as_of = far_future)
  expect_match(heard(print(lms_table_one(cohort, ever_bone_metastasis, os))), "immortal time")
  expect_no_match(heard(print(lms_table_one(cohort, ever_bone_metastasis, os_bone))), "immortal")
  expect_no_match(heard(print(lms_table_one(cohort, grade, os))), "immortal")
})

test_that("rows without a group are left out and counted", {
  withr::local_options(width = 200, cli.width = 200)
  d <- patients
  d$sex[c(3, 70, 99)] <- NA
  x <- lms_table_one(d, sex, age)
  expect_match(heard(print(x)), "3 patients excluded (missing sex)", fixed = TRUE)
  expect_equal(cells(x, "age", "mean_sd")$n, 225)
  few <- lms_table_one(d, sex, age, min_cell = 5)
  expect_match(heard(print(few)), "Fewer than 5 patients excluded", fixed = TRUE)
})

test_that("codes, empty text and unused levels are as the help says", {
  d <- data.frame(ecog = rep(0:3, 10), site = c("", " ", rep(c("lung", "bone"), 19)),
                  f = factor(rep("b", 40), c("a", "b", "c")), zero = 0)
  said <- heard(x <- lms_table_one(d))
  expect_match(said, "`ecog`: 4 different whole numbers")
  expect_match(said, "`site`: empty text is read as missing")
  expect_equal(cells(x, "site", "missing")$n, 2)
  expect_equal(nrow(cells(x, "f")), 1)
  expect_equal(cells(x, "zero")$n, 0)
  expect_identical(cells(x, "ecog")$kind[1], "categorical")
  y <- lms_table_one(d, vars = ecog, codes = "numbers")
  expect_equal(cells(y, "ecog", "mean_sd")$mean, 1.5)
  ordered <- data.frame(g = factor(rep(c("low", "high"), 20), c("low", "high"), ordered = TRUE))
  expect_silent(lms_table_one(ordered))
})

test_that("tables of the smallest cohorts have clear numbers", {
  three <- data.frame(sex = "f", age = c(50, 61, 70), none = NA, size = NA_real_,
                      os = survival::Surv(1:3, c(0, 0, 0)), stage = factor(c("I", "II", "I")))
  x <- lms_table_one(three, by = stage, vars = c(sex, age, none, size, os), smd = TRUE)
  numbers <- as.data.frame(x)
  expect_equal(cells(x, "none", "missing")$n, 3)
  expect_true(is.na(cells(x, "size", "mean_sd")$mean))
  expect_true(is.na(cells(x, "age", "mean_sd", "II")$sd))
  expect_true(all(is.na(cells(x, "os", "median_ci")$median)))
  expect_true(all(is.na(numbers$p.value[numbers$variable %in% c("sex", "none", "size", "os")])))
  expect_output(print(x), "NR")
  one <- lms_table_one(three, by = sex, vars = age)
  expect_false("p" %in% names(format(one)))
})

test_that("mistakes are explained", {
  expect_snapshot({
    said(lms_table_one(1:3))
    said(lms_table_one(patients[0, ]))
    said(lms_table_one(patients, by = sxe))
    said(lms_table_one(patients, by = age))
    said(lms_table_one(patients, vars = c(age, weight)))
    said(lms_table_one(patients, vars = c(age, sex), by = c(sex, ecog)))
    said(lms_table_one(patients, by = os))
    said(lms_table_one(patients, sex, age, strata = "x"))
    said(lms_table_one(patients, sex, age, summary = "average"))
    said(lms_table_one(patients, sex, age, summary = c(ages = "mean_sd")))
    said(lms_table_one(patients, sex, age, style = "nature"))
    said(lms_table_one(patients, sex, age, min_cell = 2))
    said(lms_table_one(patients, sex, age, labels = "Age"))
    said(without_messages(lms_table_one(data.frame(id = 1:20))))
    said(lms_table_one(patients[c(which(groups$men), which(groups$women)[1:2]), ], sex, age,
                       min_cell = 5))
  })
})

test_that("396 patients and 20 variables take less than a second", {
  skip_on_cran()
  d <- leiomyosarcoma
  d <- d[setdiff(names(d), c("bone_location", "lesion_type"))]
  d$group <- ifelse(is.na(d$bone_metastasis), "no", "yes")
  for (k in 1:6) d[[paste0("marker", k)]] <- withr::with_seed(k, stats::rnorm(396))
  vars <- c("sex", "race", "subtype", "age", "tumor_size", "grade", "died", "lost_to_follow_up",
            "fracture", "surgery", "hardware", "prior_chemotherapy", "prior_radiotherapy", "pet",
            paste0("marker", 1:6))
  time <- min(replicate(2, system.time(lms_table_one(d, "group", vars, smd = TRUE))[["elapsed"]]))
  expect_lt(time, 1)
})

test_that("a factor without a known value is all missing", {
  d <- data.frame(age = c(50, 60), grade = factor(c(NA, NA), c("low", "high")))
  numbers <- as.data.frame(lms_table_one(d))
  grade <- numbers[numbers$variable == "grade", ]
  expect_equal(grade$statistic, "missing")
  expect_equal(grade$n, 2)
})

test_that("a category that is missing in all patients is a line of its own, also where hidden", {
  d <- data.frame(stage = factor(c(NA, NA, NA), "I"), age = c(50, 60, 70), arm = c("a", "b", "a"))
  for (missing in c("shown", "hidden")) {
    x <- lms_table_one(d, by = arm, vars = c(stage, age), missing = missing)
    expect_match(capture.output(print(x)), "^ *Missing +3 \\(100\\.?0?%\\)", all = FALSE)
    expect_identical(cells(x, "stage", "missing")$n, 3)
  }
})

test_that("the tables of any few patients of a cohort are printed", {
  cohort <- quiet(lms_cohort(leiomyosarcoma, lesions = leiomyosarcoma_lesions,
                             surgeries = leiomyosarcoma_surgeries))
  set.seed(7)
  with_bone <- which(!is.na(cohort$bone_metastasis))
  for (n in c(1, 2, 3, 5, 8)) {
    few <- cohort[sample(with_bone, n), ]
    expect_output(suppressMessages(suppressWarnings(print(lms_table(few)))), "Table 1")
  }
})

test_that("the level of addNA() is a group and a category as any other", {
  d <- data.frame(time = c(1, 2, 3, 4, 5, 6.5), g = c("a", "b", "a", "b", "NA", "NA"))
  d$f <- addNA(factor(replace(d$g, d$g == "NA", NA)))
  columns <- c("statistic", "group", "n", "mean", "median", "line")
  by <- function(x) as.data.frame(x)[intersect(columns, names(as.data.frame(x)))]
  d$g <- factor(d$g, c("a", "b", "NA"))
  expect_equal(by(lms_table_one(d, by = f, vars = time)), by(lms_table_one(d, by = g, vars = time)))
  printed <- capture.output(print(lms_table_one(d, by = f, vars = time)))
  expect_match(printed, "^  Median", all = FALSE)
  counts <- function(x) as.data.frame(x)[c("level", "n")]
  expect_equal(counts(lms_table_one(d, vars = f)), counts(lms_table_one(d, vars = g)))
})

test_that("classes with points and dashes are no dates", {
  d <- data.frame(thickness = factor(rep(c("0.1-1 mm", "1.01-2 mm", "10-20.5 mm"), 4)))
  expect_identical(unique(as.data.frame(lms_table_one(d))$variable), "thickness")
  for (x in c("2001-03-04", "4.3.2001", "04/03/01")) {
    expect_true(has_date_text(x))
  }
  expect_false(has_date_text(c("1.01-2", "12-14", "3/4", "1.5")))
})
