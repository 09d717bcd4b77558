# Several rows of one patient, and copies of rows, found at the door.

plain_patients <- function(n, seed) {
  set.seed(seed)
  data.frame(
    time = round(rexp(n, 0.02) * 30.4) + 1, status = rbinom(n, 1, 0.6),
    age = round(rnorm(n, 60, 10)), size = round(rlnorm(n, 3, 0.6)), sex = rbinom(n, 1, 0.5),
    stage = sample(c("I", "II", "III"), n, TRUE), marker = round(rlnorm(n, 2, 1), 1)
  )
}

guards_of <- function(fit) unclass(suppressWarnings(suppressMessages(fit)))$guards

test_that("rows of one patient are known by a name", {
  for (name in c("id", "ID", "patient", "patient_id", "Patient.No", "mrn", "case number", "pid",
                 "subject", "USUBJID")) {
    d <- plain_patients(80, 1)
    d[[name]] <- rep(1:40, each = 2)
    found <- guards_of(lms_km(Surv(time, status) ~ sex, d))$repeated
    expect_identical(found[c("variable", "n", "patients", "shared")],
                     list(variable = name, n = 80L, patients = 40L, shared = 40L))
  }
  for (name in c("site", "center_id", "hospital", "institution", "group", "idea")) {
    d <- plain_patients(80, 1)
    d[[name]] <- sample(1:40, 80, TRUE)
    expect_null(guards_of(lms_km(Surv(time, status) ~ sex, d)))
  }
  d$site <- rep(1:2, 40)
  d$id <- rep(1:40, each = 2)
  expect_null(guards_of(lms_km(Surv(time, status) ~ sex, d))$repeated)
})

test_that("and by values that all stand in the same number of rows", {
  for (k in 2:6) for (n in c(60, 240, 1200)) {
    d <- plain_patients(n, k)
    d$key <- paste0("K", sample(rep(seq_len(n / k), k)))
    found <- guards_of(lms_cox(Surv(time, status) ~ age, d))$repeated
    expect_identical(found$patients, as.integer(n / k))
  }
})

test_that("models, curves, tests, rates and incidences say it, with a line that runs", {
  kidney <- survival::kidney
  fits <- list(
    lms_cox(Surv(time, status) ~ age, data = kidney),
    lms_km(Surv(time, status) ~ sex, data = kidney),
    lms_logrank(Surv(time, status) ~ sex, data = kidney),
    lms_rates(Surv(time, status) ~ sex, data = kidney, times = 100)
  )
  for (fit in fits) {
    note <- found(lms_check(fit), "shared_patient")
    expect_identical(c(note$severity, note$variable), c("serious", "id"))
    expect_match(note$code, "cluster = id")
    again <- suppressWarnings(suppressMessages(eval(str2lang(note$code))))
    expect_identical(nrow(found(lms_check(again), "shared_patient")), 0L)
    expect_match(capture.output(print(fit)), "38 patients have several rows", all = FALSE)
  }
  pbc <- rbind(survival::pbc, survival::pbc[1:50, ])
  pbc$age[419:468] <- 50
  both <- lms_cuminc(Surv(time, status) ~ 1, pbc, event = c(1, 2))
  expect_identical(found(lms_check(both), "shared_patient")$n_tied, 50)
})

test_that("what is told, strata, subsets and periods of a patient are left alone", {
  kidney <- survival::kidney
  expect_null(guards_of(lms_cox(Surv(time, status) ~ age, kidney, cluster = id)))
  expect_null(guards_of(lms_cox(Surv(time, status) ~ age + strata(id), kidney)))
  colon <- survival::colon
  expect_null(guards_of(lms_km(Surv(time, status) ~ rx, colon, subset = etype == 2)))
  expect_identical(guards_of(lms_km(Surv(time, status) ~ rx, colon))$repeated$patients, 929L)
  expect_null(guards_of(lms_cox(Surv(start, stop, event) ~ transplant, survival::heart)))
  recurrent <- guards_of(lms_cox(Surv(tstart, tstop, status) ~ treat, survival::cgd))
  expect_identical(recurrent$repeated$patients, 128L)
})

test_that("copies of rows are found, and chance is not taken for them", {
  for (k in c(1, 3, 20)) {
    d <- plain_patients(300, k)
    d <- rbind(d, d[sample(300, k), ])
    fit <- lms_cox(Surv(time, status) ~ age, data = d)
    expect_identical(guards_of(fit)$copied, list(n = k, n_total = 300 + k))
    note <- found(lms_check(fit), "copied_rows")
    expect_identical(note$n, k)
    expect_identical(note$code, "d <- unique(d)")
  }
  few <- data.frame(time = rep(1:20, 5), status = rep(c(0, 1, 1, 1, 0), each = 20),
                    sex = rep(0:1, 50))
  expect_null(guards_of(lms_km(Surv(time, status) ~ sex, few)))
  grouped <- plain_patients(1500, 2)[c("time", "status", "sex", "stage")]
  expect_null(guards_of(lms_km(Surv(ceiling(time / 30), status) ~ sex, grouped)))
  d <- cbind(id = 1:100, plain_patients(100, 3))[c(1, 1:100), ]
  expect_identical(guards_of(lms_km(Surv(time, status) ~ sex, d))[["copied"]]$n, 1)
  expect_null(guards_of(lms_km(Surv(time, status) ~ sex, d))$repeated)
})

test_that("a released text tells no count", {
  rows <- as.data.frame(lms_check(lms_km(Surv(time, status) ~ sex, survival::kidney)))
  text <- finding_text(rows[rows$kind == "shared_patient", ], finding_voice("label", 5))
  expect_no_match(text, "[0-9]")
})

test_that("patients censored on the same day at the end of a study are no copies", {
  found <- vapply(1:30, function(seed) {
    d <- withr::with_seed(seed, {
      months <- rexp(60, 0.02)
      data.frame(id = 1:60, months = pmin(months, 30), dead = as.integer(months < 30),
                 group = rep(c("a", "b"), each = 30))
    })
    nrow(found(lms_check(lms_km(Surv(months, dead) ~ group, d)), "copied_rows"))
  }, 0L)
  expect_identical(sum(found), 0L)
})
