months <- function(from, to) as.numeric(to - from) / (365.25 / 12)

# The same by survival's tmerge().
by_tmerge <- function(patients) {
  d <- with(patients, data.frame(
    id = id, age = age, time = months(diagnosis, last_contact), died = died,
    bone = months(diagnosis, bone_metastasis), surgery = months(diagnosis, first_surgery)
  ))
  d <- d[d$time > 0, ]
  out <- survival::tmerge(d[c("id", "age")], d, id = id, death = event(time, died))
  survival::tmerge(out, d, id = id, bone = tdc(bone), surgery = tdc(surgery))
}

test_that("rows are those of tmerge()", {
  for (seed in 1:20) {
    patients <- random_patients(80, 200 + seed)
    patients$bone_metastasis[1:3] <- patients$diagnosis[1:3]
    patients$bone_metastasis[4:6] <- patients$last_contact[4:6]
    patients$first_surgery[1:6] <- patients$implant_failure[1:6] <- NA
    cohort <- lms_cohort(patients, as_of = far_future)
    split <- quiet(lms_time_split(cohort, at = c(bone_metastasis, first_surgery),
                                  same_day = "before"))
    expected <- by_tmerge(patients)
    expect_identical(split$id, as.character(expected$id))
    expect_equal(split$tstart, expected$tstart, tolerance = 1e-12)
    expect_equal(split$tstop, expected$tstop, tolerance = 1e-12)
    expect_identical(split$bone_metastasis, expected$bone == 1)
    expect_identical(split$first_surgery, expected$surgery == 1)
    expect_equal(unclass(split$os)[, 3], as.numeric(expected$death), ignore_attr = TRUE)
    fit <- lms_cox(os ~ bone_metastasis + first_surgery + age, split)
    expected_fit <- reference(Surv(tstart, tstop, death) ~ bone + surgery + age, expected)
    expect_equal(unname(coef(fit)), unname(coef(expected_fit)), tolerance = 1e-8)
    expect_equal(unname(vcov(fit)), unname(vcov(expected_fit)), tolerance = 1e-7)
  }
})

test_that("a fixed cut splits as survSplit()", {
  patients <- random_patients(60, 7)
  patients$year <- patients$diagnosis + 365
  patients$year[patients$year > patients$last_contact] <- NA
  cohort <- lms_cohort(patients, unit = "days", as_of = far_future)
  split <- quiet(lms_time_split(cohort, at = year))
  d <- data.frame(id = patients$id, time = as.numeric(patients$last_contact - patients$diagnosis),
                  died = patients$died)
  expected <- d[d$time > 0, ] |>
    survival::survSplit(formula = Surv(time, died) ~ ., cut = 365, episode = "period")
  expect_equal(split$tstart, expected$tstart)
  expect_equal(split$tstop, expected$time)
  expect_identical(split$year, expected$period == 2)
  expect_equal(unclass(split$os)[, 3], expected$died, ignore_attr = TRUE)
})

test_that("splitting alone changes no estimate", {
  patients <- random_patients(90, 8)
  cohort <- lms_cohort(patients, as_of = far_future)
  split <- quiet(lms_time_split(cohort, at = "visceral_metastasis"))
  expect_equal(
    coef(lms_cox(os ~ age + grade, split)), coef(lms_cox(os ~ age + grade, cohort)),
    tolerance = 1e-10
  )
  expect_equal(sum(split$tstop - split$tstart), sum(cohort$os[, 1]))
  expect_identical(sum(split$os[, 3]), sum(cohort$os[, 2]))
})

test_that("other endpoints start their own clock and keep their competing event", {
  patients <- random_patients(90, 9)
  cohort <- lms_cohort(patients, as_of = far_future)
  split <- quiet(lms_time_split(cohort, at = first_surgery, endpoint = os_bone))
  has <- patients[!is.na(patients$bone_metastasis), ]
  has <- has[has$last_contact > has$bone_metastasis, ]
  d <- with(has, data.frame(id, time = months(bone_metastasis, last_contact), died,
                            surgery = months(bone_metastasis, first_surgery)))
  expected <- survival::tmerge(d[c("id", "time")], d, id = id, death = event(time, died))
  expected <- survival::tmerge(expected, d, id = id, surgery = tdc(surgery))
  expect_equal(split$tstart, expected$tstart)
  expect_equal(split$tstop, expected$tstop)
  expect_identical(split$first_surgery, expected$surgery == 1)
  expect_identical(names(split)[vapply(split, inherits, NA, "Surv")], "os_bone")
  split <- quiet(lms_time_split(cohort, visceral_metastasis, time_to_bone))
  expect_identical(attr(split$time_to_bone, "states"), c("bone metastasis", "death"))
  whole <- cohort$time_to_bone
  expect_identical(tabulate(split$time_to_bone[, 3], 2),
                   tabulate(whole[whole[, 1] > 0, 2], 2))
})

test_that("a dated covariate itself switches from the value of those to whom it never happens", {
  patients <- random_patients(90, 10)
  patients$site <- factor(ifelse(is.na(patients$bone_metastasis), "none",
                                 ifelse(patients$age > 55, "axial", "limb")))
  cohort <- lms_cohort(
    patients, as_of = far_future,
    known_from = c(fracture = "bone_metastasis", site = "bone_metastasis")
  )
  fit <- lms_cox(os ~ fracture + ever_bone_metastasis + site + age, cohort) |>
    suppressWarnings()
  split <- quiet(lms_time_split(cohort, at = names(fit$dated)))
  own <- match(split$id, patients$id)
  on <- split$tstart >= months(patients$diagnosis, patients$bone_metastasis)[own]
  on[is.na(on)] <- FALSE
  expect_identical(split$fracture, on & patients$fracture[own])
  expect_identical(split$ever_bone_metastasis, on)
  expect_identical(as.character(split$site), ifelse(on, as.character(patients$site[own]), "none"))
  expect_identical(split$bone_metastasis, patients$bone_metastasis[own])
  expect_null(lms_cox(os ~ fracture + age, split)$dated)
  patients$site[is.na(patients$bone_metastasis)][1:2] <- c("axial", "limb")
  cohort <- lms_cohort(patients, known_from = c(site = "bone_metastasis"), as_of = far_future)
  expect_error(lms_time_split(cohort, site), class = "lmsurv_error_covariate")
  patients$site[is.na(patients$bone_metastasis)] <- NA
  cohort <- lms_cohort(patients, known_from = c(site = "bone_metastasis"), as_of = far_future)
  expect_message(lms_time_split(cohort, site), "is missing until its date")
})

test_that("who has no time at risk is left out, and counted", {
  patients <- random_patients(40, 12)
  alone <- which(is.na(patients$bone_metastasis) & is.na(patients$visceral_metastasis))[1:3]
  patients$last_contact[alone] <- patients$diagnosis[alone]
  patients$died[alone] <- c(TRUE, FALSE, FALSE)
  cohort <- lms_cohort(patients, as_of = far_future)
  expect_message(
    split <- lms_time_split(cohort, bone_metastasis),
    "3 patients (1 with the event) with no time at risk in `os`",
    fixed = TRUE
  )
  expect_false(any(patients$id[alone] %in% split$id))
})

test_that("dates stay under another name, and tibbles stay tibbles", {
  patients <- random_patients(40, 13)
  attr(patients$age, "label") <- "Age"
  cohort <- lms_cohort(patients, as_of = far_future)
  split <- quiet(lms_time_split(cohort, c(metastasis = bone_metastasis, first_surgery)))
  own <- match(split$id, patients$id)
  expect_identical(split$bone_metastasis, patients$bone_metastasis[own])
  expect_identical(split$first_surgery_date, patients$first_surgery[own])
  expect_type(split$metastasis, "logical")
  expect_identical(attr(split$age, "label"), "Age")
  expect_identical(class(split), c("lms_rows", "data.frame"))
  skip_if_not_installed("tibble")
  cohort <- lms_cohort(tibble::as_tibble(patients), as_of = far_future)
  expect_s3_class(quiet(lms_time_split(cohort, bone_metastasis)), "tbl_df")
})

test_that("what cannot be split at is refused", {
  patients <- random_patients(40, 14)
  cohort <- lms_cohort(patients, as_of = far_future)
  expect_snapshot(error = TRUE, {
    lms_time_split(cohort)
    lms_time_split(patients, bone_metastasis)
    lms_time_split(cohort, metastasis)
    lms_time_split(cohort, age)
    lms_time_split(cohort, last_contact)
    lms_time_split(cohort, bone_metastasis, endpoint = "pfs")
    lms_time_split(cohort, bone_metastasis, endpoint = os_bone)
    lms_time_split(cohort, c(bone_metastasis, bone_metastasis))
    lms_time_split(transform(cohort, tstart = 0), bone_metastasis)
    lms_time_split(cohort[0, ], bone_metastasis)
  })
})

test_that("a date that is new to the cohort is checked as its own are", {
  patients <- random_patients(40, 15)
  patients$scan <- patients$last_contact + 1
  cohort <- lms_cohort(patients, as_of = far_future)
  expect_error(lms_time_split(cohort, scan), class = "lmsurv_error_cohort")
  patients$scan <- format(patients$diagnosis)
  split <- quiet(lms_time_split(lms_cohort(patients, as_of = far_future), scan))
  expect_true(all(split$scan))
})

test_that("where a metastasis does nothing, only the split says so", {
  set.seed(7)
  n <- 1500
  death <- rexp(n, 1 / 40)
  bone <- rexp(n, 1 / 50)
  censored <- runif(n, 20, 120)
  time <- pmin(death, censored)
  cohort <- lms_cohort(data.frame(
    id = seq_len(n), last_contact = time, died = death <= censored,
    bone_metastasis = ifelse(bone < time, bone, NA)
  ))
  z <- function(fit) coef(fit)[[1]] / sqrt(vcov(fit)[1, 1])
  expect_lt(z(lms_cox(os ~ ever_bone_metastasis, cohort)), -10)
  expect_lt(abs(z(lms_cox(os ~ bone_metastasis, lms_time_split(cohort, bone_metastasis)))), 2)
  expect_lt(abs(z(lms_cox(os ~ ever_bone_metastasis, quiet(lms_landmark(cohort, 12))))), 2)
})

test_that("recurrence is a time-dependent covariate of real patients", {
  d <- leiomyosarcomas()
  d$metastasis <- ifelse(d$new_tumor_event_type == "Distant Metastasis", d$new_tumor_event_days, NA)
  late <- which(d$metastasis > d$os_days)
  cohort <- suppressMessages(lms_cohort(
    d, id = patient, last_contact = os_days, died = os_event, unit = "days",
    known_from = c(new_tumor_event_type = "metastasis"), impossible = "exclude"
  ))
  expect_identical(summary(cohort)$patients$deaths, 41L - sum(d$os_event[late]))
  median <- summary(survival::survfit(cohort$os ~ 1))$table[["median"]] / 30.4375
  expect_equal(round(median, 1), 80.4)
  split <- quiet(lms_time_split(cohort, at = metastasis))
  kept <- as.data.frame(cohort)
  kept <- kept[kept$os_days > 0, ]
  expected <- kept[c("patient", "age")] |>
    survival::tmerge(kept, id = patient, death = event(os_days, os_event))
  expected <- survival::tmerge(expected, kept, id = patient, metastasis = tdc(metastasis))
  expect_equal(split$tstart, expected$tstart)
  expect_identical(split$metastasis, expected$metastasis == 1)
  fit <- lms_cox(os ~ metastasis + age, split)
  expected_fit <- reference(Surv(tstart, tstop, death) ~ metastasis + age, expected)
  expect_equal(unname(coef(fit)), unname(coef(expected_fit)), tolerance = 1e-8)
})

test_that("an event on the day of a switch is one before it, or of a treatment after it", {
  d <- data.frame(id = 1:8, time = c(5, 12, 20, 31, 34, 40, 52, 60),
                  dead = c(TRUE, TRUE, TRUE, FALSE, TRUE, TRUE, FALSE, FALSE),
                  op = c(NA, 12, NA, 18, 34, NA, 40, NA))
  surgery <- quiet(lms_cohort(d, last_contact = time, died = dead, first_surgery = op))
  expect_message(after <- lms_time_split(surgery, at = first_surgery), "2 events on the day",
                 class = "lmsurv_message_split")
  expect_identical(after$id[after$first_surgery], c(2L, 4L, 5L, 7L))
  # Between the day and the time before it.
  expect_identical(after$tstart[after$first_surgery], c(8.5, 18, 32.5, 40))
  before <- quiet(lms_time_split(surgery, at = first_surgery, same_day = "before"))
  expect_identical(before$id[before$first_surgery], c(4L, 7L))
  other <- quiet(lms_cohort(d, last_contact = time, died = dead, events = c(relapse = op)))
  expect_identical(quiet(lms_time_split(other, at = relapse))$relapse, before$first_surgery)
  set <- quiet(lms_time_split(other, at = relapse, same_day = "after"))
  expect_identical(set$relapse, after$first_surgery)
  expect_error(lms_time_split(other, at = relapse, same_day = "noon"), class = "lmsurv_error")
})
