patients <- random_patients(120, 11)
patients$score <- ifelse(runif(120) < 0.2, NA, patients$age + rnorm(120))
cohort <- lms_cohort(
  patients, known_from = c(fracture = "bone_metastasis"), as_of = far_future
)
month <- 365.25 / 12

test_that("a fit keeps when its dated covariates became known", {
  fit <- lms_cox(os ~ fracture + ever_surgery + age, cohort)
  expect_identical(fit$origin, "diagnosis")
  expect_identical(names(fit$dated), c("fracture", "ever_surgery"))
  expect_identical(fit$dated$fracture, lms_months(patients$diagnosis, patients$bone_metastasis))
  expect_identical(fit$dated$ever_surgery, lms_months(patients$diagnosis, patients$first_surgery))
  expect_null(lms_cox(os ~ age, cohort)$dated)
  expect_identical(lms_cox(os ~ age, cohort)$origin, "diagnosis")
})

test_that("they stand beside the rows in use", {
  fit <- lms_cox(os ~ fracture + score, cohort, subset = age > 50)
  rows <- which(patients$age > 50 & !is.na(patients$score))
  expect_identical(nrow(fit$dated), nrow(fit$model))
  expect_identical(
    fit$dated$fracture, lms_months(patients$diagnosis, patients$bone_metastasis)[rows]
  )
})

test_that("the clock is that of the endpoint", {
  fit <- lms_cox(os_bone ~ fracture + ever_surgery, cohort)
  has <- !is.na(patients$bone_metastasis)
  expect_identical(fit$origin, "bone metastasis")
  expect_identical(fit$dated$fracture, rep(0, sum(has)))
  expect_equal(
    fit$dated$ever_surgery,
    as.numeric(patients$first_surgery - patients$bone_metastasis)[has] / month
  )
})

test_that("a Surv() of one's own that reads the dates counts from the diagnosis", {
  fit <- lms_cox(Surv(as.numeric(last_contact - diagnosis), died) ~ strata(fracture) + age, cohort)
  expect_identical(fit$origin, "diagnosis")
  expect_identical(names(fit$dated), "fracture")
  expect_null(suppressMessages(lms_cox(Surv(age, died) ~ fracture, cohort))$dated)
  expect_null(lms_cox(Surv(age, died) ~ fracture, patients)$origin)
  expect_identical(names(lms_cox(os ~ is.na(bone_metastasis), cohort)$dated), "bone_metastasis")
})

test_that("a filtered, grown or split cohort carries them too", {
  some <- subset(cohort, age > 50)
  some$z <- 1
  fit <- lms_cox(os ~ fracture, some)
  expect_identical(
    fit$dated$fracture,
    lms_months(patients$diagnosis, patients$bone_metastasis)[patients$age > 50]
  )
  split <- lms_time_split(cohort, at = first_surgery)
  fit <- lms_cox(os ~ first_surgery + fracture, split)
  expect_identical(names(fit$dated), "fracture")
  expect_identical(
    fit$dated$fracture,
    lms_months(patients$diagnosis, patients$bone_metastasis)[match(split$id, patients$id)]
  )
  split <- lms_time_split(cohort, at = bone_metastasis)
  expect_identical(
    lms_cox(os ~ fracture, split)$dated$fracture,
    lms_months(patients$diagnosis, patients$bone_metastasis)[match(split$id, patients$id)]
  )
  expect_message(
    lms_cox(os ~ fracture, cohort[c("id", "os", "fracture")]), "removed from the data"
  )
})

test_that("a stripped model has them no more", {
  fit <- lms_strip(lms_cox(os ~ fracture, cohort))
  expect_null(fit$dated)
  expect_identical(fit$origin, "diagnosis")
  expect_null(lms_cox(os ~ fracture, cohort, model = FALSE)$dated)
})

test_that("a date is no covariate", {
  expect_snapshot(error = TRUE, {
    lms_cox(os ~ age + bone_metastasis, cohort)
    lms_cox(os ~ last_contact, cohort)
    lms_km(os ~ first_surgery, cohort)
  })
  expect_error(lms_logrank(os ~ bone_metastasis, cohort), class = "lmsurv_error_date_covariate")
  expect_message(
    fit <- lms_cox(os ~ diagnosis, cohort), "for one day later", class = "lmsurv_message_date"
  )
  expect_identical(names(fit$notes), "date")
  expect_message(lms_cox(Surv(age, died) ~ diagnosis, patients), class = "lmsurv_message_date")
  numbers <- data.frame(id = 1:9, last_contact = 1:9, died = TRUE, bone_metastasis = c(1, NA, 2))
  expect_error(
    lms_cox(os ~ bone_metastasis, lms_cohort(numbers)), class = "lmsurv_error_date_covariate"
  )
})

test_that("a Surv() of one's own reads the status by the rule of the cohort", {
  d <- data.frame(
    id = 1:6, last_contact = c(3, 5, 8, 9, 12, 20), died = c(2, 1, 2, 2, 1, 1),
    x = c(0.2, 0.1, 0.9, 0.4, 0.7, 0.3)
  )
  cohort <- suppressMessages(lms_cohort(d))
  for (value in 1:2) {
    left <- cohort[cohort$died == value, ]
    expect_silent(fit <- lms_km(Surv(last_contact, died) ~ 1, left))
    expect_identical(sum(fit$n.event), sum(left$died == 2) + 0)
  }
  dead <- cohort[cohort$died == 2, ]
  expect_equal(coef(lms_cox(Surv(last_contact, died) ~ x, dead)), coef(lms_cox(os ~ x, dead)))
  expect_error(lms_cox(Surv(last_contact, died) ~ x, cohort[cohort$died == 1, ]),
               class = "lmsurv_error_no_events")
  expect_identical(sum(lms_km(Surv(last_contact, died) ~ 1, cohort, event = 1)$n.event), 3)
})

test_that("a Surv() whose clock the cohort does not know is said to hide immortal time", {
  d <- survival::jasa
  d$id <- seq_len(nrow(d))
  cohort <- suppressMessages(lms_cohort(
    d, diagnosis = accept.dt, last_contact = fu.date, died = fustat,
    known_from = c(transplant = "tx.date")
  ))
  expect_message(
    fit <- lms_cox(Surv(futime, fustat) ~ age + transplant, cohort),
    "the start of the clock of `Surv(futime, fustat)` is not known. Use an endpoint",
    fixed = TRUE
  )
  expect_null(fit$dated)
  expect_silent(lms_cox(Surv(futime, fustat) ~ age, cohort))
  expect_silent(lms_cox(os ~ age + transplant, cohort))
})

test_that("a Surv() of one's own is said to use neither the entry nor the end of the study", {
  d <- random_disease(80, 61)
  x <- disease_cohort(d, entry = referral, end = as.Date("2016-01-01"))
  expect_message(lms_km(Surv(as.numeric(seen - dx), dead) ~ 1, x),
                 "does not use the `entry` and `end` of the cohort", class = "lmsurv_message_entry")
  expect_silent(lms_km(os ~ 1, x))
  y <- disease_cohort(d, entry = referral)
  late <- d$seen > pmax(d$referral, d$dx)
  y <- transform(y[late, ], start = as.numeric(pmax(referral, dx) - dx))
  expect_message(lms_cox(Surv(start, as.numeric(seen - dx), dead) ~ age, y), "the `entry` of")
  expect_silent(lms_cox(
    Surv(as.numeric(pmax(referral, dx) - dx), as.numeric(seen - dx), dead) ~ age, y
  ))
})
