patients <- random_disease(200, 21)
cohort <- disease_cohort(patients, cause = cause, unit = "days")
time <- as.numeric(patients$seen - patients$dx)
known <- patients$dead & patients$cause %in% c("cancer", "heart")

test_that("each cause of death competes with the others", {
  state <- ifelse(patients$dead, match(patients$cause, c("cancer", "heart")), 0)
  expect_equal(
    cohort$death_by_cause,
    Surv(time, factor(state, 0:2, c("censored", "cancer", "heart"))), ignore_attr = TRUE
  )
  expect_identical(attr(cohort$death_by_cause, "states"), c("cancer", "heart"))
  d <- data.frame(time, state = factor(state, 0:2), sex = patients$sex)[!is.na(state), ]
  expected <- survival::survfit(Surv(time, state) ~ 1, d)
  at <- c(200, 800, 1500)
  fit <- summary(lms_cuminc(death_by_cause ~ 1, cohort), times = at)
  expected <- summary(expected, times = at)$pstate
  expect_equal(unname(fit$pstate), unname(expected), tolerance = 1e-10)
})

test_that("one cause alone is an endpoint of lms_endpoint()", {
  x <- quiet(lms_endpoint(cohort, "css", diagnosis, died, cause = "cancer"))
  cancer <- patients$dead & patients$cause %in% "cancer"
  rows <- !patients$dead | known
  expect_equal(x$css[rows], Surv(time[rows], cancer[rows]), ignore_attr = TRUE)
  expect_identical(which(is.na(x$css[, 2])), which(!rows))
  expect_identical(cohort_meta(x)$endpoints$css$event, "death from cancer")
  expected <- survival::coxph(Surv(time, cancer) ~ age, patients, subset = rows)
  expect_equal(unname(coef(lms_cox(css ~ age, x))), unname(coef(expected)), tolerance = 1e-9)
  both <- quiet(lms_endpoint(cohort, "any", diagnosis, died, cause = c("cancer", "heart")))
  expect_equal(both$any[rows], cohort$os[rows], ignore_attr = TRUE)
  cif <- quiet(lms_endpoint(cohort, "cif", diagnosis, died, cause = "cancer", competing = died))
  expect_equal(unclass(cif$cif)[rows, ], unclass(cohort$death_by_cause)[rows, ],
               ignore_attr = TRUE)
  expect_identical(attr(cif$cif, "states"), c("death from cancer", "death from other causes"))
  first <- quiet(lms_endpoint(cohort, "dfs", diagnosis, c(relapse, died), cause = "cancer"))
  expect_identical(cohort_meta(first)$endpoints$dfs$event, "relapse or death from cancer")
  expect_identical(sum(first$dfs[, 2], na.rm = TRUE),
                   sum(!is.na(patients$relapse_date) | cancer) + 0)
})

test_that("a cause that is not known does not matter before the death", {
  d <- data.frame(id = 1:3, last_contact = c(10, 20, 30), died = TRUE, back = c(5, NA, NA),
                  why = c(NA, "cancer", NA))
  x <- quiet(lms_cohort(d, events = c(relapse = back), cause = why))
  x <- quiet(lms_endpoint(x, "dfs", diagnosis, c(relapse, died), cause = "cancer"))
  expect_identical(unclass(x$dfs)[, "status"], c(1, 1, NA))
})

test_that("words for what is not known are missing, and counted apart from what does not apply", {
  unknown <- sum(patients$dead & !known)
  counts <- summary(cohort)$endpoints
  row <- counts[counts$endpoint == "death_by_cause", ]
  expect_identical(row$missing, unknown)
  expect_identical(row$not_applicable, 0L)
  expect_identical(row$patients, 200L - unknown)
  expect_message(
    lms_cohort(patients, id = pid, diagnosis = dx, last_contact = seen, died = dead, cause = cause,
               entry = dx, as_of = far_future),
    paste("the cause of", unknown, "deaths is not known"), class = "lmsurv_message_cause"
  ) |> suppressMessages()
})

test_that("the order of a factor is kept, and a column of the status will do", {
  d <- transform(patients, cause = factor(cause, c("heart", "cancer", "unknown", "never")))
  expect_identical(cohort_meta(disease_cohort(d, cause = cause))$causes, c("heart", "cancer"))
  d <- transform(patients, status = ifelse(dead, cause, "alive"))
  x <- quiet(lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = status,
                        event = c("cancer", "heart", "unknown"), cause = status, unit = "days",
                        as_of = far_future))
  expect_identical(x$death_by_cause, cohort$death_by_cause)
  expect_identical(x$os, cohort$os)
})

test_that("a cause of the living does not count, and is said", {
  d <- patients
  alive <- which(!d$dead)
  d$cause[alive] <- "alive"
  expect_identical(disease_cohort(d, cause = cause, unit = "days")$death_by_cause,
                   cohort$death_by_cause)
  d$cause[alive[1:3]] <- "cancer"
  d$referral <- NULL
  expect_message(
    lms_cohort(d, id = pid, diagnosis = dx, last_contact = seen, died = dead, cause = cause,
               as_of = far_future), "3 patients who did not die have a cause of death"
  ) |> suppressMessages()
})

test_that("filters, renaming and changes keep the causes", {
  some <- cohort[patients$cause %in% "cancer" | !patients$dead, ]
  expect_identical(attr(some$death_by_cause, "states"), c("cancer", "heart"))
  x <- cohort
  names(x)[match("cause", names(x))] <- "why"
  x$why[which(x$why == "cancer")] <- "heart"
  expect_identical(sum(x$death_by_cause[, 2] == 1, na.rm = TRUE), 0L)
  expect_error(x$why[which(x$why == "heart")] <- "accident", class = "lmsurv_error_event")
})

test_that("what is no column of causes is refused", {
  many <- transform(patients, cause = ifelse(dead, paste("text", seq_along(dead)), NA))
  none <- transform(patients, cause = ifelse(dead, NA, "alive"))
  expect_snapshot(error = TRUE, {
    disease_cohort(many, cause = cause)
    disease_cohort(none, cause = cause)
    disease_cohort(patients, cause = seen)
    lms_endpoint(cohort, "css", diagnosis, died, cause = "cancr")
    lms_endpoint(cohort, "css", diagnosis, died, cause = 1)
    lms_endpoint(cohort, "css", diagnosis, relapse, cause = "cancer")
    lms_endpoint(disease_cohort(patients), "css", diagnosis, died, cause = "cancer")
  })
})
