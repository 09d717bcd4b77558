# Other events that count as censored.

# Two exponential events, the second at `rate` for 0.05 of the first.
two_events <- function(n, rate, seed) {
  set.seed(seed)
  first <- rexp(n, 0.05)
  second <- rexp(n, rate)
  end <- runif(n, 5, 25)
  time <- pmin(first, second, end)
  data.frame(time, status = ifelse(time == end, 0L, ifelse(time == first, 1L, 2L)),
             arm = gl(2, 1, n, c("a", "b")))
}

silently <- function(expr) suppressWarnings(suppressMessages(expr))

test_that("the numbers are those of the core's curve and incidence", {
  for (rate in c(0.03, 0.05, 0.15)) {
    d <- two_events(400, rate, 1)
    note <- found(lms_check(lms_km(Surv(time, status == 1) ~ arm, d)), "competing_censored")
    expect_identical(note$severity, "serious")
    expect_identical(c(note$n, note$n_events), c(sum(d$status == 2), sum(d$status == 1)) + 0)
    km <- summary(survival::survfit(Surv(time, status == 1) ~ 1, d), times = note$time)
    both <- survival::survfit(Surv(time, factor(status)) ~ 1, d)
    check <- lms_check(lms_km(Surv(time, status == 1) ~ arm, d))
    expect_equal(estimate_of(check, "competing_censored", "kaplan-meier"), 1 - km$surv)
    expect_equal(estimate_of(check, "competing_censored", "cumulative incidence"),
                 summary(both, times = note$time)$pstate[, 2])
    expect_gte(km$n.risk, 10)
  }
})

test_that("other events are found however the status is written", {
  d <- two_events(300, 0.05, 2)
  d$cause <- factor(c("alive", "cancer", "other")[d$status + 1])
  d$died <- as.integer(d$status > 0)
  d$of <- ifelse(d$died == 1, as.character(d$cause), NA)
  d$status1 <- as.integer(d$status == 1)
  d$death <- d$status == 2
  formulas <- list(
    Surv(time, status == 1) ~ arm, Surv(time, as.numeric(status == 1)) ~ arm,
    Surv(time, cause == "cancer") ~ arm, Surv(time, cause %in% "cancer") ~ arm,
    Surv(time, of %in% "cancer") ~ arm, Surv(time, died == 1 & cause == "cancer") ~ arm,
    Surv(time, status1) ~ arm
  )
  for (formula in formulas) {
    for (fit in list(lms_km(formula, d), lms_rates(formula, d, times = 10))) {
      note <- found(lms_check(fit), "competing_censored")
      expect_identical(note$n, sum(d$status == 2) + 0)
      expect_identical(note$severity, "serious")
    }
    for (fit in list(lms_cox(formula, d), lms_logrank(formula, d))) {
      note <- found(lms_check(fit), "competing_censored")
      expect_identical(note$severity, "note")
      expect_false(any(grepl("another event", capture.output(print(fit)))))
    }
  }
  note <- found(lms_check(lms_km(Surv(time, cause) ~ arm, d, event = "cancer")),
                "competing_censored")
  expect_identical(c(note$level, note$variable), c("other", "cause"))
  expect_match(capture.output(print(lms_km(Surv(time, status == 1) ~ arm, d))),
               "with another event", all = FALSE)
})

test_that("the line of code runs and gives the incidence", {
  d <- two_events(300, 0.05, 3)
  fit <- lms_km(Surv(time, status == 1) ~ arm, data = d)
  note <- found(lms_check(fit), "competing_censored")
  expect_identical(note$code,
                   "lms_cuminc(Surv(time, status) ~ arm, data = d, event = c(1, 2))")
  expect_s3_class(eval(str2lang(note$code)), "lms_cuminc")
  mgus2 <- survival::mgus2
  check <- lms_check(lms_km(Surv(ptime, pstat) ~ 1, data = mgus2))
  made <- eval(str2lang(found(check, "competing_censored")$code))
  time <- found(check, "competing_censored")$time
  expect_equal(estimate_of(check, "competing_censored", "cumulative incidence"),
               summary(made, times = time)$pstate[, 2], ignore_attr = TRUE)
})

test_that("what has no other events is left alone", {
  d <- two_events(300, 0.05, 4)
  d$any <- d$status > 0
  d$any2 <- d$any + 1
  d$death <- d$any
  d$stage <- factor(rep_len(c("I", "II", "III"), 300))
  d$grade <- rep_len(0:4, 300)
  alone <- d[names(d) != "death"]
  fits <- silently(list(
    lms_km(Surv(time, any) ~ arm, d), lms_km(Surv(time, any2) ~ arm, d),
    lms_km(Surv(time, status > 0) ~ arm, d), lms_km(Surv(time, status != 0) ~ arm, d),
    lms_km(Surv(time, status %in% 1:2) ~ arm, d),
    lms_km(Surv(time, any & stage == "I") ~ arm, alone),
    lms_km(Surv(time, grade >= 3) ~ arm, alone), lms_cox(Surv(time, any) ~ arm, d),
    lms_km(Surv(time, status == 2) ~ 1, survival::lung),
    lms_km(Surv(time, status) ~ 1, survival::lung), lms_cuminc(Surv(time, status) ~ arm, d,
                                                               event = c(a = 1, b = 2))
  ))
  for (fit in fits) expect_identical(nrow(found(lms_check(fit), "competing_censored")), 0L)
})

test_that("without a known censored value no numbers are given", {
  d <- two_events(300, 0.05, 5)
  d$status <- c(2, 1, 3)[d$status + 1]
  note <- found(lms_check(lms_km(Surv(time, status == 1) ~ 1, d)), "competing_censored")
  expect_identical(c(note$severity, note$remedy), c("caution", "say which"))
  expect_identical(note$time, NA_real_)
})

test_that("deaths are seen among the censored of an endpoint of one's own", {
  set.seed(6)
  n <- 200
  start <- as.Date("2010-01-01") + sample(1000, n, TRUE)
  last <- start + pmin(round(rexp(n, 1 / 900)) + 30, 3000)
  patients <- data.frame(
    id = seq_len(n), diagnosis = start, last_contact = last, died = runif(n) < 0.6,
    recurrence = start + round(rexp(n, 1 / 1200)) + 10
  )
  patients$recurrence[patients$recurrence > last] <- NA
  cohort <- silently(lms_cohort(patients))
  cohort <- silently(lms_endpoint(cohort, "relapse", diagnosis, recurrence))
  note <- found(lms_check(silently(lms_km(relapse ~ 1, cohort))), "competing_censored")
  expect_identical(note$remedy, "competing endpoint")
  expect_identical(note$n, sum(patients$died & is.na(patients$recurrence)) + 0)
  expect_identical(nrow(found(lms_check(silently(lms_km(os ~ 1, cohort))),
                              "competing_censored")), 0L)
})

test_that("a released text has no counts", {
  d <- two_events(300, 0.05, 7)
  rows <- as.data.frame(findings_in(lms_check(lms_km(Surv(time, status == 1) ~ arm, d))))
  text <- finding_text(rows[rows$kind == "competing_censored", ], finding_voice("label", 5))
  expect_no_match(text, "[2-9]|%")
})
