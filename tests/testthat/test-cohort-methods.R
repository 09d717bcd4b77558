patients <- random_patients(60, 3)
lesions <- random_lesions(patients)
cohort <- lms_cohort(
  patients, lesions, random_surgeries(patients), known_from = c(fracture = "bone_metastasis"),
  as_of = far_future
)
older <- which(patients$age > 55)

linked_ids <- function(x) unique(linked_table(x, "lesions")$id)

# What a filter must give: the cohort made of those patients alone.
expect_cohort_of <- function(x, rows) {
  expect_s3_class(x, "lms_cohort")
  fresh <- lms_cohort(
    patients[rows, ], lesions[lesions$id %in% patients$id[rows], ],
    known_from = c(fracture = "bone_metastasis"), as_of = far_future
  )
  for (name in names(fresh)) expect_equal(x[[name]], fresh[[name]], ignore_attr = TRUE)
  expect_setequal(linked_ids(x), linked_ids(fresh))
  expect_identical(summary(x)$endpoints, summary(fresh)$endpoints)
}

test_that("base subsetting keeps the cohort, and the linked rows of its patients", {
  expect_cohort_of(cohort[older, ], older)
  expect_cohort_of(subset(cohort, age > 55), older)
  expect_cohort_of(cohort[cohort$age > 55, ], older)
  expect_cohort_of(split(cohort, cohort$age > 55)[["TRUE"]], older)
  expect_cohort_of(head(cohort, 12), 1:12)
  expect_cohort_of(cohort[order(cohort$age), ], order(patients$age))
  expect_cohort_of(unique(cohort), 1:60)
  expect_s3_class(cohort[c("id", "os", "age")], "lms_cohort")
  expect_identical(class(cohort[c("age", "os")]), "data.frame")
  expect_identical(cohort[, "age"], patients$age)
  expect_identical(cohort[["died"]], patients$died)
  expect_s3_class(cohort[0, ], "lms_cohort")
  expect_match(heard(print(cohort[0, ])), "0 patients")
  again <- cohort[c(1, 1, 2), ]
  expect_s3_class(again, "lms_cohort")
  expect_match(heard(print(again)), "3 rows of 2 patients")
})

test_that("new columns leave the rest as it is", {
  changed <- list(
    within(cohort, decade <- age / 10), transform(cohort, decade = age / 10),
    `$<-`(cohort, "decade", patients$age / 10),
    `[[<-`(cohort, "decade", value = patients$age / 10),
    `[<-`(cohort, "decade", value = patients$age / 10)
  )
  for (x in changed) {
    expect_s3_class(x, "lms_cohort")
    expect_identical(x$decade, patients$age / 10)
    expect_identical(x$os, cohort$os)
    expect_identical(attr(x, "cohort"), attr(cohort, "cohort"))
  }
  cohort$age <- NULL
  expect_s3_class(cohort, "lms_cohort")
})

test_that("endpoints follow their dates, and the records are checked again", {
  at <- which(!patients$died)[1]
  later <- cohort
  later$last_contact[at] <- later$last_contact[at] + 61
  expect_equal(later$os[at, 1], cohort$os[at, 1] + 61 / 30.4375, ignore_attr = TRUE)
  expect_identical(later$os[-at], cohort$os[-at])
  later <- transform(cohort, bone_metastasis = as.Date(NA))
  expect_true(all(is.na(later$os_bone)))
  expect_false(any(later$ever_bone_metastasis))
  died <- cohort
  died$died[at] <- TRUE
  expect_identical(died$os[at, 2], c(status = 1))
  text <- cohort
  text$last_contact <- format(text$last_contact)
  expect_identical(text$os, cohort$os)
  expect_error(cohort$last_contact[at] <- cohort$diagnosis[at] - 1, class = "lmsurv_error_cohort")
  expect_error(cohort$last_contact[at] <- NA, class = "lmsurv_error_cohort")
  expect_error(cohort$died <- "yes", class = "lmsurv_error_event")
  words <- lms_cohort(transform(patients, died = ifelse(died, "Deceased", "Alive")),
                      event = "Deceased", as_of = far_future)
  expect_error(
    words$died <- ifelse(words$died == "Deceased", "dead", "alive"), class = "lmsurv_error_event"
  )
  expect_identical(words[!patients$died, ]$os, cohort$os[!patients$died])
  expect_error(cohort$os <- 1, class = "lmsurv_error_derived")
  expect_error(cohort$ever_surgery[1] <- TRUE, class = "lmsurv_error_derived")
})

test_that("a renamed column keeps its part", {
  names(cohort)[match(c("died", "bone_metastasis", "os", "fracture"), names(cohort))] <-
    c("dead", "bm", "overall", "broken")
  meta <- attr(cohort, "cohort")
  expect_identical(meta$roles[["died"]], "dead")
  expect_identical(meta$dated[["broken"]], "bm")
  expect_true("overall" %in% names(meta$endpoints))
  cohort$bm[1:60] <- NA
  expect_true(all(is.na(cohort$os_bone)))
  expect_match(heard(print(cohort)), "overall")
  names(cohort) <- toupper(names(cohort))
  expect_identical(event_column(attr(cohort, "cohort"), "bone_metastasis"), "BM")
  cohort$BM[2] <- cohort$DIAGNOSIS[2]
  expect_identical(which(cohort$EVER_BONE_METASTASIS), 2L)
  expect_identical(cohort$OS_BONE[2, 1], cohort$OVERALL[2, 1])
})

test_that("tables of more or other rows are plain", {
  both <- rbind(cohort[1:30, ], cohort[31:60, ])
  expect_identical(class(both), "data.frame")
  expect_equal(both, patients, ignore_attr = TRUE)
  expect_equal(lms_cohort(both, as_of = far_future)$os, cohort$os)
  expect_identical(class(as.data.frame(cohort)), "data.frame")
  expect_null(attr(as.data.frame(cohort), "cohort"))
  expect_false(inherits(merge(cohort, lesions), "lms_cohort"))
})

test_that("dplyr keeps the cohort where it stays one", {
  skip_if_not_installed("dplyr")
  cohorts <- list(cohort)
  if (requireNamespace("tibble", quietly = TRUE)) {
    cohorts[[2]] <- lms_cohort(
      tibble::as_tibble(patients), lesions, random_surgeries(patients),
      known_from = c(fracture = "bone_metastasis"), as_of = far_future
    )
  }
  for (x in cohorts) {
    expect_cohort_of(dplyr::filter(x, age > 55), older)
    expect_cohort_of(dplyr::arrange(x, age), order(patients$age))
    expect_cohort_of(dplyr::slice(x, 1:5), 1:5)
    decade <- dplyr::mutate(x, decade = age / 10)
    expect_cohort_of(decade, 1:60)
    expect_identical(decade$decade, patients$age / 10)
    moved <- dplyr::mutate(x, last_contact = last_contact + 30)
    expect_equal(as.vector(moved$os[, 1]), as.vector(x$os[, 1]) + 30 / 30.4375)
    expect_error(dplyr::mutate(x, os = 1), "computed by the cohort")
    selected <- dplyr::select(x, patient = id, os, age, dead = died)
    expect_s3_class(selected, "lms_cohort")
    expect_identical(attr(selected, "cohort")$roles, c(id = "patient", died = "dead"))
    expect_identical(dplyr::rename(x, dead = died)$os, x$os)
    joined <- dplyr::left_join(x, data.frame(id = patients$id, centre = 1), by = "id")
    expect_cohort_of(joined, 1:60)
    expect_message(
      many <- dplyr::left_join(x, lesions[c("id", "site")], by = "id"),
      "several rows per patient"
    )
    expect_false(inherits(many, "lms_cohort"))
    grouped <- dplyr::group_by(x, grade)
    expect_s3_class(grouped, c("lms_cohort", "grouped_df"))
    centred <- dplyr::ungroup(dplyr::mutate(grouped, centred = age - mean(age)))
    expect_cohort_of(centred, 1:60)
    expect_equal(mean(centred$centred), 0)
    counts <- dplyr::summarise(grouped, n = dplyr::n(), deaths = sum(died))
    expect_false(inherits(counts, "lms_cohort"))
    expect_identical(sum(counts$n), 60L)
    expect_identical(sum(dplyr::count(x, grade)$n), 60L)
    expect_false(inherits(dplyr::bind_rows(x, x), "lms_cohort"))
  }
})

test_that("estimators take it as a data frame", {
  expected <- reference(Surv(as.numeric(last_contact - diagnosis), died) ~ age + grade, patients)
  fit <- lms_cox(os ~ age + grade, cohort)
  expect_equal(coef(fit), coef(expected), tolerance = 1e-9)
  expect_equal(lms_km(os ~ grade, cohort)$surv, survival::survfit(cohort$os ~ patients$grade)$surv)
  expect_s3_class(lms_logrank(os ~ grade, cohort), "lms_logrank")
  expect_s3_class(lms_cuminc(time_to_bone ~ 1, cohort), "lms_cuminc")
  expect_equal(coef(survival::coxph(os ~ age + grade, cohort)), coef(fit), tolerance = 1e-9)
  expect_identical(fit$time_unit, "months")
  expect_identical(fit[["event"]], "death")
})

test_that("rows of other patients are not a cohort until they are audited", {
  skip_if_not_installed("dplyr")
  first <- cohort[1:30, ]
  for (joined in list(
    quote(dplyr::bind_rows(cohort[31:60, ], first)),
    quote(dplyr::full_join(first, data.frame(id = "elsewhere", centre = 1), by = "id"))
  )) {
    expect_message(plain <- eval(joined), class = "lmsurv_message_other_patients")
    expect_identical(class(plain), "data.frame")
    expect_false(any(c("os", "ever_surgery") %in% names(plain)))
  }
  both <- suppressMessages(dplyr::bind_rows(cohort[31:60, ], first))
  again <- lms_cohort(both[order(match(both$id, patients$id)), ], as_of = far_future)
  expect_equal(again$os, cohort$os)
})

test_that("new ids reach the linked tables, and must tell the patients apart", {
  of <- match(linked_table(cohort, "lesions")$id, patients$id)
  renumbered <- cohort
  renumbered$id <- seq_len(60)
  expect_identical(linked_table(renumbered, "lesions")$id, of)
  expect_identical(nrow(linked_table(renumbered, "surgeries")),
                   nrow(linked_table(cohort, "surgeries")))
  for (new in list(rep(1, 60), rep(1:30, 2), c(NA, 2:60))) {
    expect_error(transform(cohort, id = new), "must still identify each patient",
                 class = "lmsurv_error_derived")
  }
  twice <- cohort[c(1, 1, 2), ]
  twice$id <- c("a", "a", "b")
  expect_s3_class(twice, "lms_cohort")
})

test_that("transform() finds the variables of the function that calls it", {
  shift <- function(by) transform(cohort, last_contact = last_contact + by)
  expect_equal(as.vector(shift(30)$os[, 1]), as.vector(cohort$os[, 1]) + 30 / 30.4375)
})

test_that("an endpoint whose other source is gone does not stand beside a changed date", {
  short <- cohort[setdiff(names(cohort), "died")]
  expect_error(
    transform(short, last_contact = last_contact + 30),
    "`last_contact` cannot change: `os` depends on this column and on `died`", fixed = TRUE,
    class = "lmsurv_error_derived"
  )
  expect_s3_class(transform(short, age = age + 1), "lms_cohort")
})

test_that("a condition that is NA makes no patient", {
  grade <- patients$grade
  grade[c(4, 9)] <- NA
  expect_message(high <- cohort[grade == "high", ],
                 "2 rows excluded, because the condition is `NA`",
                 class = "lmsurv_message_missing_condition")
  expect_cohort_of(high, which(grade == "high"))
})

test_that("the refusals of dplyr's verbs name no function of their inside", {
  skip_if_not_installed("dplyr")
  refused <- tryCatch(dplyr::mutate(cohort, os = 1), error = identity)
  expect_null(conditionCall(refused))
})
