patients <- random_patients(80, 1)

problems_of <- function(patients, ...) {
  cnd <- tryCatch(lms_cohort(patients, as_of = far_future, ...), error = identity)
  if (inherits(cnd, "lms_cohort")) return(NULL)
  expect_s3_class(cnd, "lmsurv_error_cohort")
  cnd$problems
}

test_that("a clean cohort has no problem", {
  for (seed in 1:20) {
    patients <- random_patients(60, seed)
    cohort <- expect_silent(lms_cohort(
      patients, random_lesions(patients), random_surgeries(patients), as_of = far_future,
      known_from = c(fracture = "bone_metastasis")
    ))
    audit <- summary(cohort)
    expect_identical(nrow(audit$excluded), 0L)
    expect_identical(nrow(audit$notes), 0L)
    expect_identical(audit$patients$patients, 60L)
  }
})

# Each makes one kind of fault in some rows, and returns the rows that have it.
faults <- list(
  missing_id = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    d$id[rows] <- c(NA, "")[1 + rows %% 2]
    list(d, rows)
  },
  duplicate_row = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    list(rbind(d, d[rows, ]), nrow(d) + seq_along(rows))
  },
  duplicate_id = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    again <- d[rows, ]
    again$age <- again$age + 1
    list(rbind(d, again, again), sort(c(rows, nrow(d) + seq_len(2 * length(rows)))))
  },
  missing = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    column <- sample(c("diagnosis", "last_contact", "died"), 1)
    d[[column]][rows] <- NA
    list(d, rows)
  },
  before_1900 = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    d$diagnosis[rows] <- as.Date("1899-12-31")
    list(d, rows)
  },
  future = function(d, pick) {
    rows <- pick(rep(TRUE, nrow(d)))
    d$last_contact[rows] <- far_future + 1
    list(d, rows)
  },
  end_before_diagnosis = function(d, pick) {
    no_event <- is.na(d$bone_metastasis) & is.na(d$visceral_metastasis)
    rows <- pick(no_event)
    d$last_contact[rows] <- d$diagnosis[rows] - 1
    list(d, rows)
  },
  before_diagnosis = function(d, pick) {
    rows <- pick(!is.na(d$bone_metastasis))
    d$bone_metastasis[rows] <- d$diagnosis[rows] - 1
    list(d, rows)
  },
  after_last_contact = function(d, pick) {
    rows <- pick(!d$died)
    d$visceral_metastasis[rows] <- d$last_contact[rows] + 1
    list(d, rows)
  },
  after_death = function(d, pick) {
    rows <- pick(d$died)
    d$visceral_metastasis[rows] <- d$last_contact[rows] + 1
    list(d, rows)
  },
  without_origin = function(d, pick) {
    rows <- pick(is.na(d$first_surgery))
    d$implant_failure[rows] <- d$last_contact[rows]
    list(d, rows)
  },
  before_origin = function(d, pick) {
    rows <- pick(!is.na(d$first_surgery) & d$first_surgery > d$diagnosis)
    d$implant_failure[rows] <- d$first_surgery[rows] - 1
    list(d, rows)
  }
)

test_that("each kind of impossible record is found in its rows, and nothing else", {
  for (kind in names(faults)) {
    for (seed in 1:5) {
      clean <- random_patients(60, 100 + seed)
      set.seed(seed)
      pick <- function(where) sort(sample(which(where), min(sum(where), sample(1:4, 1))))
      made <- faults[[kind]](clean, pick)
      problems <- problems_of(made[[1]])
      expect_identical(unique(problems$kind), kind, info = kind)
      expect_identical(sort(unlist(problems$rows)), as.integer(made[[2]]), info = kind)
      kept <- suppressMessages(lms_cohort(made[[1]], impossible = "exclude", as_of = far_future))
      expect_identical(kept$id, made[[1]]$id[-made[[2]]], info = kind)
      expect_identical(sum(summary(kept)$excluded$n), length(made[[2]]), info = kind)
      expect_identical(unique(summary(kept)$excluded$kind), kind)
    }
  }
})

test_that("all kinds are told in one error, without an identifier or a date", {
  bad <- patients
  bad$last_contact[3] <- NA
  bad$died[5] <- NA
  bad$visceral_metastasis[7] <- bad$last_contact[7] + 9
  no_lesion <- which(is.na(bad$bone_metastasis))[1:2]
  bad$id[no_lesion[1]] <- bad$id[no_lesion[2]]
  lesions <- rbind(random_lesions(patients), data.frame(id = "PAT?", date = NA, site = "spine"))
  text <- heard(lms_cohort(bad, lesions, as_of = far_future))
  expect_no_patient(text, patients)
  expect_match(text, "`last_contact` is missing: row 3.", fixed = TRUE)
  expect_match(text, paste0("`id` stands for several rows that differ: rows ",
                            paste(no_lesion, collapse = " and "), "."), fixed = TRUE)
  expect_match(text, "`lesions`: `id` is not among the patients", fixed = TRUE)
  expect_match(text, "impossible = \"exclude\"", fixed = TRUE)
  expect_match(text, "Impossible records in 5 of 80 rows of `patients`", fixed = TRUE)
})

test_that("the faults of linked tables are found in their rows", {
  lesions <- random_lesions(patients)
  surgeries <- random_surgeries(patients)
  expect_kind <- function(lesions, surgeries, kind, table, rows) {
    problems <- problems_of(patients, lesions = lesions, surgeries = surgeries)
    expect_identical(problems$kind, kind)
    expect_identical(problems$table, table)
    expect_identical(problems$rows[[1]], as.integer(rows))
    kept <- suppressMessages(lms_cohort(
      patients, lesions, surgeries, impossible = "exclude", as_of = far_future
    ))
    left <- vapply(attr(kept, "cohort")$linked, function(table) nrow(table$data), 0L)
    expect_identical(nrow(kept), nrow(patients))
    expect_identical(
      left + length(rows) * (c("lesions", "surgeries") == table),
      c(lesions = nrow(lesions), surgeries = nrow(surgeries))
    )
  }
  at <- function(id) match(id, patients$id)
  bad <- lesions
  bad$id[c(2, 5)] <- c("unknown", "who")
  expect_kind(bad, surgeries, "unknown_id", "lesions", c(2, 5))
  bad <- lesions
  bad$id[4] <- NA
  expect_kind(bad, surgeries, "missing_id", "lesions", 4)
  bad <- lesions
  bad$date[6] <- patients$diagnosis[at(bad$id[6])] - 1
  expect_kind(bad, surgeries, "before_diagnosis", "lesions", 6)
  bad$date[6] <- patients$last_contact[at(bad$id[6])] + 1
  expect_kind(bad, surgeries, "after_follow_up", "lesions", 6)
  late <- which(patients$first_surgery[at(surgeries$id)] > patients$diagnosis[at(surgeries$id)])[2]
  bad <- surgeries
  bad$date[late] <- bad$date[late] - 1
  expect_kind(lesions, bad, "before_event", "surgeries", late)
  bad <- rbind(surgeries, surgeries[1, ])
  none <- which(is.na(patients$first_surgery))[1]
  bad[nrow(bad), c("id", "date")] <- data.frame(patients$id[none], patients$last_contact[none])
  expect_kind(lesions, bad, "no_event", "surgeries", nrow(bad))
})

test_that("rows of excluded patients leave the linked tables, counted", {
  bad <- patients
  bad$last_contact[which(!is.na(bad$bone_metastasis))[1]] <- NA
  lesions <- random_lesions(patients)
  gone <- sum(lesions$id == bad$id[is.na(bad$last_contact)])
  cohort <- suppressMessages(lms_cohort(bad, lesions, impossible = "exclude", as_of = far_future))
  excluded <- summary(cohort)$excluded
  expect_identical(excluded$kind, c("missing", if (gone) "excluded_patient"))
  expect_identical(excluded$n, c(1L, if (gone) gone))
  expect_identical(nrow(linked_table(cohort, "lesions")), nrow(lesions) - gone)
})

test_that("a patient with several faults is counted once", {
  bad <- patients
  bad$died[2] <- NA
  bad$last_contact[2] <- bad$diagnosis[2] - 10
  cohort <- suppressMessages(lms_cohort(bad, impossible = "exclude", as_of = far_future))
  expect_identical(sum(summary(cohort)$excluded$n), 1L)
  expect_error(
    suppressMessages(lms_cohort(bad[2, ], impossible = "exclude", event = TRUE)),
    class = "lmsurv_error"
  )
})

test_that("columns that cannot be read are refused together, with their rows", {
  bad <- patients
  bad$diagnosis <- as.character(bad$diagnosis)
  bad$diagnosis[4] <- "17/05/19"
  bad$last_contact <- as.numeric(bad$last_contact) + 25569
  cnd <- tryCatch(lms_cohort(bad), error = identity)
  expect_s3_class(cnd, "lmsurv_error_cohort")
  expect_identical(cnd$problems$columns, "diagnosis")
  expect_identical(cnd$problems$rows, list(4L))
  expect_match(conditionMessage(cnd), "The century is unclear")
  expect_match(conditionMessage(cnd), "`last_contact` must be dates, not numbers", fixed = TRUE)
  expect_no_patient(conditionMessage(cnd), patients, "17/05")
  bad <- patients
  bad$diagnosis[7] <- as.Date("0012-05-01")
  expect_error(lms_cohort(bad, impossible = "exclude"), "year of four digits")
})

test_that("time 0 is legal and counted", {
  zero <- patients
  at <- which(is.na(zero$bone_metastasis) & is.na(zero$visceral_metastasis))[1:2]
  zero$last_contact[at] <- zero$diagnosis[at]
  cohort <- lms_cohort(zero, as_of = far_future)
  expect_identical(summary(cohort)$patients$time_zero, 2L)
  expect_match(heard(print(cohort)), "2 patients have a follow-up of 0")
})

test_that("times without dates are audited alike", {
  numbers <- patients[c("id", "died", "age")]
  numbers$last_contact <- as.numeric(patients$last_contact - patients$diagnosis)
  numbers$bone_metastasis <- as.numeric(patients$bone_metastasis - patients$diagnosis)
  expect_null(problems_of(numbers, unit = "days"))
  bad <- numbers
  bad$last_contact[3] <- -1
  bad$bone_metastasis[8] <- bad$last_contact[8] + 1
  bad$bone_metastasis[3] <- NA
  problems <- problems_of(bad, unit = "days")
  expect_identical(
    problems$kind,
    c("end_before_diagnosis", if (bad$died[8]) "after_death" else "after_last_contact")
  )
  expect_identical(problems$rows, list(3L, 8L))
  bad$last_contact[1] <- Inf
  expect_error(lms_cohort(bad, unit = "days"), "must be finite")
})

test_that("ids are compared as people read them", {
  clean <- random_patients(20, 31)
  clean$id <- seq_len(20) * 1e5
  lesions <- random_lesions(clean)
  for (key in list(as.integer(lesions$id), sprintf("%d ", as.integer(lesions$id)))) {
    lesions$id <- key
    linked <- linked_table(lms_cohort(clean, lesions, as_of = far_future), "lesions")
    expect_identical(linked$id, as.double(trimws(key)))
  }
  for (other in c("00%s", "%s.0")) {
    lesions$id <- sprintf(other, trimws(key))
    expect_error(lms_cohort(clean, lesions, as_of = far_future),
                 "matches without letter case, leading zeros")
  }
  lesions$id[1] <- "elsewhere"
  expect_error(lms_cohort(clean, lesions, as_of = far_future), "not among the patients: rows")
  clean$id <- as.character(clean$id)
  clean$id[2] <- paste0(clean$id[1], " ")
  cnd <- tryCatch(lms_cohort(clean, as_of = far_future), error = identity)
  expect_identical(cnd$problems$kind, "duplicate_id")
  expect_identical(cnd$problems$rows, list(1:2))
})

test_that("a follow-up of more than 100 years is a wrong unit or a wrong date", {
  cohort <- function(last, ...) {
    lms_cohort(data.frame(id = 1:2, last_contact = last, died = c(TRUE, FALSE)), ...)
  }
  expect_identical(as.vector(cohort(c(1200, 3))$os[, 1]), c(1200, 3))
  cnd <- tryCatch(cohort(c(1201, 3)), error = identity)
  expect_identical(cnd$problems$kind, "too_long")
  expect_identical(cnd$problems$rows, list(1L))
  expect_match(conditionMessage(cnd), "`unit = \"days\"`", fixed = TRUE)
  expect_identical(as.vector(cohort(c(1201, 3), unit = "days")$os[, 1]), c(1201, 3))
  expect_error(cohort(c(101, 3), unit = "years"), "more than 100 years")
  old <- random_patients(5, 2)
  old$diagnosis[3] <- as.Date("1900-01-01")
  old$last_contact[3] <- as.Date("2000-01-03")
  expect_error(lms_cohort(old, as_of = far_future), "more than 100 years after `diagnosis`: row 3")
})

test_that("a column of the wrong kind is refused with what to do about it", {
  one <- function(column, value) {
    d <- random_patients(6, 5)
    d[[column]] <- value
    conditionMessage(tryCatch(lms_cohort(d, as_of = far_future), error = identity))
  }
  expect_match(one("bone_metastasis", rep(c(TRUE, FALSE), 3)), "^`bone_metastasis` must be dates")
  expect_match(one("bone_metastasis", rep(c(1, NA), 3)),
               "not 0 and 1.\nThis column shows whether the event happened")
  expect_match(one("last_contact", c(12, 20, 31.5, 40, 50, 60)), "`diagnosis = NULL`")
  expect_match(one("diagnosis", 20100100 + 1:6), "as.Date(as.character(x), \"%Y%m%d\")",
               fixed = TRUE)
  expect_match(one("diagnosis", 2001:2006), "A year is not a date")
  expect_match(one("diagnosis", as.character(2001:2006)), "A year is not a date")
  expect_match(one("first_surgery", c("none", NA, NA, NA, NA, NA)), "to `NA`")
  times <- function(last) {
    d <- data.frame(id = 1:2, last_contact = last, died = c(TRUE, FALSE))
    conditionMessage(tryCatch(lms_cohort(d), error = identity))
  }
  expect_match(times(c("12,5", "3")), "not text.\nWithout .* the decimal comma")
  expect_match(times(c("12", "3")), "`as.numeric(x)`", fixed = TRUE)
  expect_match(times(as.difftime(c(30, 60), units = "days")), "`unit = \"days\"`", fixed = TRUE)
  expect_match(times(c("2010-01-01", "2011-01-01")), "is a date, but there is no date of diagnosis")
})
