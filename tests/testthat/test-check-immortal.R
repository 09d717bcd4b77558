# A covariate that becomes known later, fitted as known from the start.

# survival's way: a row for each period, made by tmerge().
split_by_tmerge <- function(d) {
  base <- d
  base$id <- seq_len(nrow(d))
  long <- survival::tmerge(base, base, id = id, dead = event(months, died))
  # Rows of the same days would be of no length.
  survival::tmerge(long, base[!is.na(base$spread), ], id = id, later = tdc(spread))
}

expect_same_ratios <- function(check, method, theirs, names, tolerance = 1e-8) {
  ours <- ratios_in(check)
  ours <- ours[ours$method == method, ]
  b <- unname(stats::coef(theirs)[names])
  se <- sqrt(diag(stats::vcov(theirs)))[match(names, names(stats::coef(theirs)))]
  expect_equal(ours$estimate, exp(b), tolerance = tolerance)
  expect_equal(ours$conf.low, unname(exp(b - qnorm(0.975) * se)), tolerance = tolerance)
  expect_equal(ours$estimate_p, unname(2 * pnorm(-abs(b / se))), tolerance = 1e-6)
}

test_that("counts of a hand-made cohort are those of the hand", {
  d <- data.frame(
    months = c(10, 20, 30, 40, 50, 60, 15), died = c(1, 1, 0, 1, 0, 1, 0),
    metastasis = c(FALSE, TRUE, TRUE, FALSE, TRUE, TRUE, TRUE),
    spread = c(NA, 5, 12, NA, 0, 24, 99)
  )
  fit <- fit_silently(Surv(months, died) ~ metastasis, d)
  note <- found(lms_check(fit, known_from = d["spread"] |> setNames("metastasis")), "immortal_time")
  # Rows 2, 3 and 6: 5 + 12 + 24 months before they are known; row 5 is known at the origin, and
  # row 7 after its end: all its 15 months.
  expect_identical(note$n, 4)
  expect_identical(note$person_time, 56)
  expect_identical(note$person_time_total, 225)
  expect_identical(note$time, 18)
  expect_identical(note$n_events, 2)
  expect_match(finding_text(note), "in 4 patients (median 18)", fixed = TRUE)
  expect_match(finding_text(note), "56 of 225 units of time", fixed = TRUE)
})

test_that("what a cohort knows of its dates is used", {
  d <- metastatic(80, 1)
  fit <- fit_silently(Surv(months, died) ~ age + metastasis, d[names(d) != "spread"])
  expect_identical(nrow(found(lms_check(fit), "immortal_time")), 0L)
  told <- lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE)
  cohort <- quiet(lms_cohort(
    d, last_contact = months, unit = "months", known_from = c(metastasis = "spread")
  ))
  fit <- lms_cox(os ~ age + metastasis, cohort)
  carried <- lms_check(fit)
  numbers <- c("coefficient", "method", "estimate", "conf.low", "conf.high", "estimate_p")
  expect_identical(ratios_in(carried)[numbers], ratios_in(told)[numbers])
  expect_match(texts_of(carried, "immortal_time"), "known only after diagnosis")
  expect_match(texts_of(carried, "immortal_time"), "person-months")
  expect_output(print(fit), "`metastasis` counts as known from diagnosis")
})

test_that("the covariate that switches on agrees with tmerge() and coxph()", {
  for (ties in c("efron", "breslow")) {
    d <- metastatic(150, 2)
    d$months <- ceiling(d$months)
    d$spread <- ceiling(d$spread)
    fit <- fit_silently(Surv(months, died) ~ age + metastasis, d, ties = ties)
    check <- lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE)
    theirs <- survival::coxph(
      Surv(tstart, tstop, dead) ~ age + later, split_by_tmerge(d), ties = ties, control = tight()
    )
    expect_same_ratios(check, "time-dependent", theirs, "later")
    switched <- switched_fit(fit, list(metastasis = d$spread))
    expect_equal(unname(coef(switched)), unname(coef(theirs)), tolerance = 1e-8)
    expect_equal(switched$nevent, sum(d$died))
  }
})

test_that("with real metastases of leiomyosarcomas too", {
  d <- metastatic_sarcomas()
  expect_identical(nrow(d), 104L)
  fit <- fit_silently(Surv(os_days, os_event) ~ age + metastasis, d)
  check <- lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE)
  d$months <- d$os_days
  d$died <- d$os_event
  theirs <- survival::coxph(
    Surv(tstart, tstop, dead) ~ age + later, split_by_tmerge(d), control = tight()
  )
  expect_same_ratios(check, "time-dependent", theirs, "later")
  ratios <- ratios_in(check)
  expect_lt(ratios$estimate[1], ratios$estimate[2])
})

test_that("factors, numbers and strata switch on from the value of those without", {
  d <- metastatic(150, 3)
  d$site <- factor(ifelse(is.na(d$spread), "none", c("lung", "bone")[1 + d$id %% 2]),
                   c("none", "bone", "lung"))
  d$count <- ifelse(is.na(d$spread), 0, 1 + d$id %% 3)
  fit <- fit_silently(Surv(months, died) ~ site + factor(count > 1) + strata(age > 60), d)
  check <- lms_check(fit, known_from = list(site = d$spread, count = d$spread), fix = TRUE)
  long <- split_by_tmerge(d)
  long$now <- factor(ifelse(long$later == 1, as.character(long$site), "none"), levels(d$site))
  long$more <- long$later == 1 & long$count > 1
  theirs <- survival::coxph(
    Surv(tstart, tstop, dead) ~ now + more + strata(age > 60), long, control = tight()
  )
  expect_same_ratios(check, "time-dependent", theirs, c("nowbone", "nowlung", "moreTRUE"))
})

test_that("a covariate that is missing until it is known lets its patients enter then", {
  d <- metastatic(250, 4)
  d$site <- factor(ifelse(is.na(d$spread), NA, c("bone", "lung")[1 + d$id %% 2]))
  fit <- fit_silently(Surv(months, died) ~ age + site, d)
  check <- lms_check(fit, known_from = list(site = d$spread), fix = TRUE)
  theirs <- survival::coxph(
    Surv(spread, months, died) ~ age + site, d[!is.na(d$spread), ], control = tight()
  )
  expect_same_ratios(check, "time-dependent", theirs, "sitelung")
  kept <- d[!is.na(d$spread), ]
  expect_equal(found(check, "immortal_time")$person_time, sum(kept$spread))
  expect_identical(found(check, "immortal_time")$remedy, "enter")
})

test_that("the landmark analysis is that of those followed past it", {
  d <- metastatic(150, 5)
  fit <- fit_silently(Surv(months, died) ~ age + metastasis, d)
  check <- lms_check(fit, known_from = list(metastasis = d$spread), landmark = 12)
  at_risk <- subset(d, months > 12)
  at_risk$known <- !is.na(at_risk$spread) & at_risk$spread <= 12
  theirs <- survival::coxph(Surv(months, died) ~ age + known, at_risk, control = tight())
  expect_same_ratios(check, "landmark", theirs, "knownTRUE")
})

test_that("rows that are split already are not blamed, nor values known at the start", {
  d <- metastatic(100, 6)
  long <- split_by_tmerge(d)
  long$later <- long$later == 1
  fit <- fit_silently(Surv(tstart, tstop, dead) ~ age + later, long, id = id)
  expect_identical(
    nrow(found(lms_check(fit, known_from = list(later = long$spread)), "immortal_time")), 0L
  )
  at_start <- fit_silently(Surv(months, died) ~ metastasis, d)
  at_start <- lms_check(at_start, known_from = list(metastasis = ifelse(d$metastasis, 0, NA)))
  expect_identical(nrow(found(at_start, "immortal_time")), 0L)
})

test_that("weights, clusters, events at time 0 and times of the end are kept", {
  d <- metastatic(120, 7)
  d$w <- 1 + d$id %% 3
  d$centre <- d$id %% 20
  d$months[1:2] <- 0
  d$spread[1:2] <- NA
  d$metastasis[1:2] <- FALSE
  d$spread[5] <- d$months[5]
  d$metastasis[5] <- TRUE
  fit <- fit_silently(Surv(months, died) ~ age + metastasis, d, weights = w, cluster = centre)
  check <- lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE)
  long <- rbind(
    transform(d, from = -1, to = ifelse(is.na(spread), months, spread),
              dead = ifelse(is.na(spread) | spread >= months, died, 0), later = FALSE),
    transform(subset(d, spread < months), from = spread, to = months, dead = died, later = TRUE)
  )
  theirs <- survival::coxph(
    Surv(from, to, dead) ~ age + later, long, weights = w, cluster = centre, control = tight()
  )
  expect_same_ratios(check, "time-dependent", theirs, "laterTRUE")
})

test_that("where nothing decides what a value was before, no ratio is given", {
  d <- metastatic(100, 8)
  d$response <- factor(c("none", "partial", "full")[1 + d$id %% 3])
  fit <- fit_silently(Surv(months, died) ~ age + response, d)
  check <- lms_check(fit, known_from = list(response = d$spread), fix = TRUE)
  expect_identical(nrow(ratios_in(check)), 0L)
  expect_match(finding_remedy(found(check, "immortal_time")), "tmerge")
})

test_that("a metastasis without effect looks protective, and harmless when it switches on", {
  estimates <- vapply(1:200, function(seed) {
    d <- metastatic(150, 1000 + seed)
    fit <- fit_silently(Surv(months, died) ~ metastasis, d)
    check <- lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE)
    log(ratios_in(check)$estimate)
  }, double(2))
  expect_lt(mean(estimates[1, ]), -0.5)
  # The standard error of the mean of 200 is near 0.015.
  expect_lt(abs(mean(estimates[2, ])), 0.05)
  errors <- apply(estimates, 1, stats::sd) / sqrt(200)
  expect_lt(abs(mean(estimates[2, ])), 4 * errors[2])
})

test_that("`known_from` that does not fit is refused", {
  d <- metastatic(50, 9)
  fit <- fit_silently(Surv(months, died) ~ age + metastasis, d)
  expect_error(lms_check(fit, known_from = d$spread), class = "lmsurv_error_argument")
  expect_error(lms_check(fit, known_from = list(metastases = d$spread)), "metastasis")
  expect_error(lms_check(fit, known_from = list(metastasis = 1:3)), "50 rows")
  expect_error(lms_check(fit, fixed = TRUE), class = "lmsurv_error_argument")
  expect_error(lms_check(fit, landmark = -1), class = "lmsurv_error_argument")
})

# Crowley and Hu (1977): transplants of the Stanford heart programme. survival::heart
# has them split at the transplant, half a day before a death on the same day.
test_that("the heart transplants have the ratios that survival prints for the split data", {
  heart <- survival::heart
  last <- heart[!duplicated(heart$id, fromLast = TRUE), ]
  d <- data.frame(
    id = last$id, last_contact = last$stop, died = last$event, age = last$age, year = last$year,
    surgery = last$surgery, transplant = last$transplant == "1",
    operated = ifelse(last$transplant == "1", last$start, NA)
  )
  cohort <- lms_cohort(d, unit = "days", known_from = c(transplant = "operated"))
  for (covariates in list(~ transplant, ~ age + year + surgery + transplant)) {
    naive <- lms_cox(update(covariates, os ~ .), cohort)
    check <- lms_check(naive, fix = TRUE)
    expect_identical(found(check, "immortal_time")$n, 69)
    switched <- switched_fit(naive)
    theirs <- survival::coxph(
      update(covariates, Surv(start, stop, event) ~ .), heart, control = tight()
    )
    expect_equal(unname(coef(switched)), unname(coef(theirs)), tolerance = 1e-8)
    expect_same_ratios(check, "time-dependent", theirs, "transplant1")
  }
  expect_equal(unname(round(coef(switched), 4)), c(0.0272, -0.1463, -0.6372, -0.0103))
  ratios <- ratios_in(check)$estimate
  expect_lt(ratios[1], 0.3)
  expect_gt(ratios[2], 0.98)
})

test_that("and from their dates those of tmerge()", {
  d <- survival::jasa
  d$id <- seq_len(nrow(d))
  # A death on the day of acceptance lived a day.
  d$fu.date <- d$fu.date + 1
  cohort <- suppressMessages(lms_cohort(
    d, diagnosis = accept.dt, last_contact = fu.date, died = fustat, unit = "days",
    known_from = c(transplant = "tx.date")
  ))
  check <- lms_check(lms_cox(os ~ age + surgery + transplant, cohort), fix = TRUE)
  d$days <- as.numeric(d$fu.date - d$accept.dt)
  split <- survival::tmerge(d, d, id = id, dead = event(days, fustat))
  split <- survival::tmerge(split, d, id = id, later = tdc(wait.time))
  theirs <- survival::coxph(
    Surv(tstart, tstop, dead) ~ age + surgery + later, split, control = tight()
  )
  expect_same_ratios(check, "time-dependent", theirs, "later")
  by_rows <- lms_cox(os ~ age + surgery + transplant, lms_time_split(cohort, transplant))
  expect_equal(unname(coef(by_rows)), unname(coef(theirs)), tolerance = 1e-8)
})

test_that("a landmark that nobody reaches has a ratio that is not estimable", {
  jasa <- survival::jasa
  fit <- lms_cox(Surv(futime, fustat) ~ transplant, jasa)
  check <- lms_check(fit, known_from = list(transplant = jasa$wait.time), landmark = 1e5)
  ratios <- ratios_in(check)
  expect_identical(ratios$method, c("fixed", "time-dependent", "same day", "landmark"))
  expect_identical(is.na(ratios$estimate), c(FALSE, FALSE, FALSE, TRUE))
  expect_output(print(check), "landmark analysis +not estimable")
  expect_error(lms_check(fit, known_from = list(transplant = jasa$tx.date)),
               "`as.numeric(date - start)`", fixed = TRUE)
})

# Crowley and Hu's data as they are delivered: nothing is declared.
test_that("dates and times that nobody declared are found in plain data", {
  jasa <- survival::jasa
  for (gone in list(NULL, "wait.time", c("tx.date", "wait.time"))) {
    d <- jasa[setdiff(names(jasa), gone)]
    fit <- fit_silently(Surv(futime, fustat) ~ age + surgery + transplant, d)
    note <- found(lms_check(fit), "immortal_time")
    expect_identical(nrow(note), as.integer(length(gone) < 2L))
    if (length(gone) == 2L) next
    expect_identical(c(note$n, note$n_tied), c(67, 1))
    d$id <- seq_len(nrow(d))
    split <- survival::tmerge(d, d, id = id, dead = event(pmax(futime, 0.5), fustat))
    split <- survival::tmerge(split, jasa[, "wait.time", drop = FALSE] |> cbind(id = d$id),
                              id = id, later = tdc(wait.time))
    expect_lt(estimate_of(lms_check(fit), "immortal_time", "fixed"), 0.2)
    expect_gt(estimate_of(lms_check(fit), "immortal_time", "time-dependent"), 0.9)
  }
  # Months from dates, and a column of times.
  d <- metastatic(200, 4)
  d$dx <- as.Date("2010-01-01") + seq_len(200)
  d$met_date <- d$dx + round(d$spread * 30.4375)
  d$last_seen <- d$dx + round(d$months * 30.4375)
  naive <- fit_silently(Surv(months, died) ~ age + metastasis, d[setdiff(names(d), "spread")])
  told <- fit_silently(Surv(months, died) ~ age + metastasis, d[c("months", "died", "age",
                                                                  "metastasis")])
  told <- lms_check(told, known_from = list(metastasis = d$spread))
  expect_equal(estimate_of(lms_check(naive), "immortal_time", "time-dependent"),
               estimate_of(told, "immortal_time", "time-dependent"), tolerance = 0.02)
  plain <- d[c("months", "died", "age", "metastasis", "spread")]
  expect_equal(
    estimate_of(lms_check(fit_silently(Surv(months, died) ~ age + metastasis, plain)),
                "immortal_time", "time-dependent"),
    estimate_of(told, "immortal_time", "time-dependent"), tolerance = 1e-8
  )
})

test_that("a marker measured in some is not taken for a time", {
  taken <- vapply(1:50, function(seed) {
    withr::with_seed(seed, {
      n <- 120
      d <- data.frame(months = round(rexp(n, 0.02), 1) + 0.1, died = rbinom(n, 1, 0.5),
                      psa = rlnorm(n), measured = runif(n) < 0.5)
      d$psa[!d$measured] <- NA
      d$ki67 <- ifelse(d$measured, round(runif(n, 0, 100)), NA)
      !is.null(fit_silently(Surv(months, died) ~ measured, d, event = 1)$dated)
    })
  }, NA)
  expect_false(any(taken))
})

test_that("deaths on the day of an exposure are counted, and both ratios are given", {
  d <- metastatic(200, 11)
  d$months <- ceiling(d$months)
  d$spread <- ceiling(d$spread)
  at_end <- which(d$metastasis & d$died == 1)[1:10]
  d$spread[at_end] <- d$months[at_end]
  fit <- fit_silently(Surv(months, died) ~ age + metastasis, d)
  check <- lms_check(fit, known_from = list(metastasis = d$spread))
  expect_gte(found(check, "immortal_time")$n_tied, 10)
  expect_match(texts_of(check, "immortal_time"), "deaths? fall|events? fall")
  # Half a month before, as survival's heart has it.
  early <- d
  tied <- which(early$spread == early$months & early$died == 1)
  early$spread[tied] <- early$spread[tied] - 0.5
  theirs <- survival::coxph(Surv(tstart, tstop, dead) ~ age + later, split_by_tmerge(early),
                            control = tight())
  expect_same_ratios(check, "same day", theirs, "later")
})

test_that("the severity is that of the ratio", {
  d <- metastatic(300, 12)
  # A covariate without an effect whose little immortal time moves nothing.
  late <- seq_len(300) %in% which(d$months > 50)[1:3]
  d$flag <- d$age > 60 | late
  when <- ifelse(d$flag, 0, NA)
  when[late] <- 1
  fit <- fit_silently(Surv(months, died) ~ flag, d)
  row <- found(lms_check(fit, known_from = list(flag = when)), "immortal_time")
  expect_identical(row$severity, "caution")
  naive <- fit_silently(Surv(months, died) ~ metastasis, d)
  row <- found(lms_check(naive, known_from = list(metastasis = d$spread)), "immortal_time")
  expect_identical(row$severity, "serious")
})
