factors_of <- function(patients, ...) cohort_factors(disease_cohort(patients, ...))

test_that("covariates are neither roles, dates, endpoints nor identifiers", {
  d <- random_disease(120, 31)
  d$hospital_no <- sample(1e5, 120)
  d$row <- 1:120
  d$notes <- paste("seen by", 1:120)
  d$birth <- d$dx - 20000
  d$one <- "yes"
  d$stage <- factor(sample(c("I", "II", "III"), 120, TRUE))
  d$smoker <- c(NA, sample(c(TRUE, FALSE), 119, TRUE))
  expect_identical(factors_of(d, cause = cause), c("age", "sex", "stage", "smoker"))
})

test_that("copies of the outcome are no covariates", {
  d <- random_disease(120, 32)
  d$vital <- ifelse(d$dead, "deceased", "alive")
  d$months <- as.numeric(d$seen - d$dx) / 30
  d$status_code <- ifelse(d$dead, 1, 0)
  expect_identical(factors_of(d, cause = cause), c("age", "sex"))
})

test_that("what is recorded only after an event is no covariate of all patients", {
  d <- random_disease(120, 33)
  has <- !is.na(d$relapse_date)
  d$site <- ifelse(has, sample(c("local", "distant"), 120, TRUE), NA)
  d$back <- as.integer(has)
  d$grade <- sample(c("low", "high"), 120, TRUE)
  x <- disease_cohort(d, cause = cause)
  expect_identical(cohort_factors(x), c("age", "sex", "back", "grade"))
  expect_identical(cohort_meta(x)$dated[["back"]], "relapse_date")
})

test_that("times of an event are no covariates either", {
  set.seed(1)
  d <- data.frame(id = 1:60, last_contact = 20 + 1:60, died = rep(c(TRUE, FALSE, TRUE), 20))
  d$back <- ifelse(1:60 %% 3 == 0, NA, round(d$last_contact / 2))
  d$free <- pmin(d$back, d$last_contact, na.rm = TRUE)
  d$age <- round(rnorm(60, 60, 10))
  expect_identical(cohort_factors(quiet(lms_cohort(d, events = c(relapse = back)))), "age")
})

test_that("those of the bundled cohort are those known of all patients", {
  factors <- cohort_factors(lms_cohort(leiomyosarcoma))
  expect_true(all(c("sex", "race", "subtype", "age", "tumor_size", "grade") %in% factors))
  expect_false(any(c("id", "diagnosis", "bone_location", "ever_surgery", "os") %in% factors))
})
