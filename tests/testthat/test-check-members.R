# Patients who all had an event that comes after the start of the clock.

relapsed <- function(n = 200, seed = 1) {
  withr::with_seed(seed, {
    d <- data.frame(id = seq_len(n), sex = sample(c("F", "M"), n, TRUE))
    relapse <- rexp(n, 0.05)
    d$months <- relapse + rexp(n, 0.05)
    d$died <- rbinom(n, 1, 0.8)
    d$relapse <- ifelse(runif(n) < 0.4, relapse, NA)
    d$site <- ifelse(is.na(d$relapse), NA, sample(c("lung", "bone"), n, TRUE))
    d
  })
}
relapse_cohort <- function(d) {
  quiet(lms_cohort(d, id = id, diagnosis = NULL, last_contact = months, died = died, event = 1,
                   events = c(relapse = relapse), unit = "months"))
}

test_that("a model and curves of patients who all relapsed are told where to start", {
  d <- relapsed()
  cohort <- relapse_cohort(d)
  after <- cohort[cohort$ever_relapse, ]
  fits <- list(lms_cox(os ~ sex, after), lms_km(os ~ sex, after), lms_logrank(os ~ sex, after))
  for (fit in fits) {
    row <- found(lms_check(fit), "late_membership")
    expect_identical(row$severity, "serious")
    expect_identical(row$n, as.double(sum(!is.na(d$relapse))))
    expect_equal(row$time, stats::median(d$relapse, na.rm = TRUE))
    expect_identical(row$suggested, "os_relapse")
    expect_match(row$code, "os_relapse ~ sex", fixed = TRUE)
    expect_output(print(fit), "all patients had to survive until relapse")
    right <- quiet(eval(parse(text = row$code)))
    expect_identical(nrow(found(lms_check(right), "late_membership")), 0L)
  }
  expect_match(cautions_for(lms_check(fits[[1]]), "sex", "M"), "survived until a later event")
  # What is known from the relapse is no finding of its own beside it.
  by_site <- lms_check(lms_cox(os ~ site, after))
  expect_identical(nrow(found(by_site, "immortal_time")), 0L)
  expect_identical(nrow(found(by_site, "late_membership")), 1L)
  expect_identical(nrow(found(lms_check(lms_cox(os ~ sex, cohort)), "late_membership")), 0L)
})
