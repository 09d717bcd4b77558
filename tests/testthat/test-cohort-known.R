# From which date a covariate is known that nobody declared.

followed <- function(n = 200, seed = 1) {
  withr::with_seed(seed, {
    d <- data.frame(
      id = seq_len(n), dx = as.Date("2010-01-01") + sample(3000, n, TRUE), died = rbinom(n, 1, 0.5),
      age = round(rnorm(n, 60, 10)), smoker = runif(n) < 0.4, sex = sample(c("F", "M"), n, TRUE)
    )
    months <- rexp(n, 0.03) + 1
    d$seen <- d$dx + round(30 * months)
    d$op_date <- d$dx + ifelse(runif(n) < 0.35, round(20 * months), NA)
    d$scan_date <- d$dx + ifelse(runif(n) < 0.6, round(25 * months), NA)
    d
  })
}

cohort_known <- function(d, ...) {
  quiet(lms_cohort(d, id = id, diagnosis = dx, last_contact = seen, died = died, event = 1,
                   as_of = far_future, ...))
}
dated_in <- function(cohort) cohort_meta(cohort)$dated

test_that("a flag, a value and a part of the patients with a date are known from that date", {
  d <- followed()
  had <- !is.na(d$op_date)
  d$operated <- had
  d$margin <- ifelse(had, sample(c("R0", "R1"), nrow(d), TRUE), NA)
  d$complication <- had & d$smoker
  dated <- dated_in(cohort_known(d))
  expect_identical(dated, c(operated = "op_date", margin = "op_date", complication = "op_date"))
  expect_message(
    lms_cohort(d, id = id, diagnosis = dx, last_contact = seen, died = died, event = 1,
               as_of = far_future),
    "`operated`, `margin` and `complication` are TRUE, yes or recorded only in patients with",
    class = "lmsurv_message_dated"
  )
  expect_identical(length(dated_in(cohort_known(d, known_from = NULL))), 0L)
  some <- dated_in(cohort_known(d, known_from = c(operated = "diagnosis", margin = "scan_date")))
  expect_identical(some, c(margin = "scan_date", complication = "op_date"))
})

test_that("of dates within each other the narrower is taken only where it says more", {
  d <- followed(400, 2)
  d$met_date <- d$op_date
  d$op_date[runif(400) < 0.5] <- NA
  met <- !is.na(d$met_date)
  op <- !is.na(d$op_date)
  expect_false(any(op & !met))
  d$site <- ifelse(met, "bone", NA)
  d$nailed <- op
  expect_identical(dated_in(cohort_known(d)), c(site = "met_date", nailed = "op_date"))
})

test_that("covariates known at diagnosis are not taken for dated", {
  taken <- vapply(1:60, function(seed) {
    d <- followed(150, seed)
    # Few have it, and values that are missing at random.
    d$rare <- seq_len(150) %in% sample(150, 3)
    d$grade <- ifelse(runif(150) < 0.3, NA, sample(1:3, 150, TRUE))
    d$ecog <- sample(c(0, 1, NA), 150, TRUE)
    length(dated_in(cohort_known(d)))
  }, 0L)
  expect_identical(sum(taken), 0L)
})

test_that("the ratio of a flag is that of tmerge() from its date on", {
  d <- followed(300, 3)
  d$operated <- !is.na(d$op_date)
  cohort <- cohort_known(d)
  check <- lms_check(lms_cox(os ~ age + operated, cohort))
  base <- data.frame(id = d$id, age = d$age, months = lms_months(d$dx, d$seen), died = d$died,
                     later = lms_months(d$dx, d$op_date))
  long <- survival::tmerge(base, base, id = id, dead = event(months, died))
  long <- survival::tmerge(long, base[!is.na(base$later), ], id = id, on = tdc(later))
  theirs <- survival::coxph(Surv(tstart, tstop, dead) ~ age + on, long, control = tight())
  expect_equal(estimate_of(check, "immortal_time", "time-dependent"),
               unname(exp(coef(theirs)["on"])), tolerance = 1e-8)
  expect_identical(found(check, "immortal_time")$n, as.double(sum(d$operated)))
  # A date in the formula itself.
  fit <- lms_cox(os ~ age + !is.na(op_date), cohort)
  expect_equal(estimate_of(lms_check(fit), "immortal_time", "time-dependent"),
               unname(exp(coef(theirs)["on"])), tolerance = 1e-8)
})

test_that("curves, tests, rates, means and incidences say it too, and what to do runs", {
  d <- followed(300, 4)
  d$operated <- !is.na(d$op_date)
  cohort <- cohort_known(d)
  months <- lms_months(d$dx, d$seen)
  wait <- lms_months(d$dx, d$op_date)
  wrong <- sum(pmin(wait, months)[d$operated])
  fits <- list(
    lms_km(os ~ operated, cohort), lms_logrank(os ~ operated, cohort),
    lms_rates(os ~ operated, cohort, times = 12), lms_rmst(os ~ operated, cohort),
    lms_cuminc(os ~ operated, cohort)
  )
  for (fit in fits) {
    note <- found(lms_check(fit), "immortal_time")
    expect_identical(note$variable, "operated")
    expect_identical(note$n, as.double(sum(d$operated)))
    expect_equal(note$person_time, wrong)
    expect_output(print(fit), "`operated` counts as known from diagnosis")
    expect_identical(nrow(found(lms_check(lms_strip(fit)), "immortal_time")), 1L)
  }
  split <- quiet(eval(parse(text = found(lms_check(fits[[1]]), "immortal_time")$code)))
  expect_identical(nrow(found(lms_check(split), "immortal_time")), 0L)
  expect_identical(nrow(found(lms_check(lms_km(os ~ sex, cohort)), "immortal_time")), 0L)
  expect_match(ggplot2::autoplot(fits[[1]])$labels$caption, "Immortal time bias")
  expect_null(ggplot2::autoplot(lms_km(os ~ sex, cohort))$labels$caption)
})

test_that("yes and no in words, and several kinds beside none, are known from the date too", {
  d <- followed(200, 5)
  had <- !is.na(d$op_date)
  d$operated <- factor(ifelse(had, "yes", "no"))
  d$response <- ifelse(had, sample(c("partial", "full"), 200, TRUE), "none")
  # Known in a part of the patients.
  d$device <- replace(ifelse(had, "ICD", "none"), c(3, 50), NA)
  expect_identical(dated_in(cohort_known(d))[c("operated", "response", "device")],
                   c(operated = "op_date", response = "op_date", device = "op_date"))
  one <- which(had)[1]
  d$operated[one] <- "no"
  expect_false("operated" %in% names(dated_in(cohort_known(d))))
  d$operated[one] <- "yes"
  note <- found(lms_check(lms_cox(os ~ operated, cohort_known(d))), "immortal_time")
  expect_identical(note$n, as.double(sum(had)))
  # Plain data, and the same ratios from the date on.
  plain <- data.frame(months = lms_months(d$dx, d$seen), died = d$died, operated = d$operated,
                      response = d$response, op = lms_months(d$dx, d$op_date))
  for (name in c("operated", "response")) {
    formula <- stats::reformulate(name, quote(Surv(months, died)))
    theirs <- lms_check(fit_silently(formula, plain[names(plain) != "op"]),
                        known_from = stats::setNames(list(plain$op), name))
    ours <- lms_check(fit_silently(formula, plain))
    expect_equal(estimate_of(ours, "immortal_time", "time-dependent"),
                 estimate_of(theirs, "immortal_time", "time-dependent"))
  }
})
