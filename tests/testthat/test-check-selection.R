# Searches in the data, and slips in covariates.

patients_with <- function(n, seed) {
  set.seed(seed)
  d <- data.frame(
    age = round(rnorm(n, 60, 10)), marker = round(rlnorm(n, 2, 0.8), 2), sex = rbinom(n, 1, 0.5),
    stage = factor(sample(c("I", "II", "III"), n, TRUE)), y = rnorm(n)
  )
  end <- runif(n, 0, 3)
  time <- rexp(n)
  transform(d, time = pmin(time, end), died = as.integer(time < end))
}

search_kinds <- c("selected_model", "optimal_cutpoint", "centre_as_number", "id_covariate",
                  "collinear", "events_at_zero", "unused_entry", "era")

kinds_of <- function(fit) {
  rows <- findings_in(as.data.frame(lms_check(fit)))
  intersect(rows$kind, search_kinds)
}

test_that("a model that step() left says so, with either function", {
  d <- patients_with(200, 1)
  full <- lms_cox(Surv(time, died) ~ age + marker + sex + y, data = d)
  expect_identical(kinds_of(full), character())
  left <- step(full, trace = 0)
  expect_identical(kinds_of(left), "selected_model")
  theirs <- step(survival::coxph(Surv(time, died) ~ age + marker + sex + y, data = d), trace = 0)
  expect_identical(kinds_of(theirs), "selected_model")
})

test_that("a cutpoint at the largest test is found, with a corrected p-value", {
  found_of <- 0
  for (seed in 1:20) {
    d <- patients_with(400, seed)
    cuts <- sort(unique(d$marker))
    cuts <- cuts[cuts >= quantile(d$marker, 0.1) & cuts < quantile(d$marker, 0.9)]
    chisq <- vapply(cuts, function(c) {
      survival::survdiff(Surv(time, died) ~ (marker > c), d)$chisq
    }, 0)
    d$high <- factor(ifelse(d$marker > cuts[which.max(chisq)], "high", "low"))
    fit <- lms_cox(Surv(time, died) ~ high, data = d)
    note <- found(lms_check(fit), "optimal_cutpoint")
    found_of <- found_of + nrow(note)
    if (nrow(note)) {
      expect_identical(c(note$variable, note$term), c("high", "marker"))
      expect_gt(note$p.value, pchisq(max(chisq), 1, lower.tail = FALSE))
      expect_s3_class(suppressWarnings(eval(str2lang(note$code))), "lms_cox")
    }
    for (cut in c(5, 7.5, 10, median(d$marker), quantile(d$marker, 0.75))) {
      d$high <- d$marker > cut
      fit <- lms_cox(Surv(time, died) ~ high, data = d)
      expect_identical(nrow(found(lms_check(fit), "optimal_cutpoint")), 0L)
    }
  }
  expect_gte(found_of, 6)
})

test_that("numbers of centers and of patients are no quantities", {
  d <- patients_with(200, 2)
  d$site <- sample(1:12, 200, TRUE)
  d$patient_id <- seq_len(200)
  fit <- lms_cox(Surv(time, died) ~ age + site + patient_id, data = d)
  expect_identical(kinds_of(fit), c("centre_as_number", "id_covariate"))
  check <- lms_check(fit)
  again <- eval(str2lang(found(check, "centre_as_number")$code))
  expect_identical(kinds_of(again), "id_covariate")
  expect_identical(kinds_of(lms_cox(Surv(time, died) ~ age + factor(site), data = d)), character())
})

test_that("covariates that say the same are named once, and no correlation up to 0.97", {
  for (r in c(0.99, 0.999, 0.99999)) {
    d <- patients_with(200, 3)
    d$y <- r * d$age + sqrt(1 - r^2) * 10 * d$y
    check <- lms_check(lms_cox(Surv(time, died) ~ age + y + sex, data = d))
    note <- found(check, "collinear")
    expect_identical(c(note$variable, note$term), c("age", "y"))
    alone <- lms_cox(Surv(time, died) ~ age + sex, data = d)
    both <- lms_cox(Surv(time, died) ~ age + y + sex, data = d)
    expect_equal(note$estimate, sqrt(vcov(both)[1, 1] / vcov(alone)[1, 1]), tolerance = 0.1)
  }
  for (seed in 1:20) {
    d <- patients_with(150, seed)
    d$y <- 0.95 * d$age + sqrt(1 - 0.95^2) * 10 * d$y
    fit <- lms_cox(Surv(time, died) ~ age + y + stage + marker, data = d)
    expect_identical(nrow(found(lms_check(fit), "collinear")), 0L)
  }
  power <- lms_cox(Surv(time, died) ~ age + I(age^2) + sex:stage, data = d)
  expect_identical(nrow(found(lms_check(power), "collinear")), 0L)
})

test_that("a heap of events at time 0 is found, but not that of rounded times", {
  for (k in c(8, 20, 60)) {
    d <- patients_with(300, 4)
    d$time[which(d$died == 1)[seq_len(k)]] <- 0
    note <- found(lms_check(lms_cox(Surv(time, died) ~ age, data = d)), "events_at_zero")
    expect_identical(note$n_events, k)
  }
  d <- patients_with(300, 4)
  for (grain in c(0.05, 0.2, 0.5)) {
    d$rounded <- floor(d$time / grain)
    fit <- lms_cox(Surv(rounded, died) ~ age, data = d)
    expect_identical(nrow(found(lms_check(fit), "events_at_zero")), 0L)
  }
})

test_that("an entry time that is not used is found, with a line that uses it", {
  myeloma <- survival::myeloma
  fit <- lms_cox(Surv(futime, death) ~ year, data = myeloma)
  note <- found(lms_check(fit), "unused_entry")
  expect_identical(note$variable, "entry")
  again <- suppressWarnings(suppressMessages(eval(str2lang(note$code))))
  expect_identical(kinds_of(again), character())
  d <- patients_with(100, 5)
  d$start <- 2000 + d$age
  expect_identical(kinds_of(lms_cox(Surv(time, died) ~ age, data = d)), character())
})

test_that("the dates of entry of a cohort are missed in a Surv() of one's own", {
  set.seed(8)
  n <- 200
  d <- data.frame(id = seq_len(n), diagnosis = as.Date("2005-01-01") + sample(3000, n, TRUE))
  d$last_contact <- d$diagnosis + sample(400:2500, n, TRUE)
  d$referral <- d$diagnosis + sample(0:300, n, TRUE)
  d$died <- runif(n) < 0.5
  d$age <- rnorm(n, 60, 10)
  cohort <- suppressMessages(suppressWarnings(lms_cohort(d, entry = referral, unit = "days")))
  own <- suppressMessages(lms_cox(
    Surv(as.numeric(last_contact - diagnosis), died) ~ age, data = cohort
  ))
  note <- found(lms_check(own), "unused_entry")
  expect_identical(c(note$variable, note$suggested), c("referral", "os"))
  expect_identical(note$n, sum(d$referral > d$diagnosis) + 0)
  expect_identical(kinds_of(suppressMessages(lms_cox(os ~ age, data = cohort))), character())
})

test_that("a treatment that came with the years is named, unless the year is in the model", {
  set.seed(6)
  n <- 300
  d <- data.frame(diagnosis = as.Date("2000-01-01") + sample(5000, n, TRUE), age = rnorm(n, 60, 10))
  d$last_contact <- d$diagnosis + sample(20:2500, n, TRUE)
  d$died <- runif(n) < 0.5
  d$id <- seq_len(n)
  d$year <- as.integer(format(d$diagnosis, "%Y"))
  d$new <- runif(n) < plogis((d$year - 2007))
  d$old <- runif(n) < 0.5
  cohort <- suppressMessages(suppressWarnings(lms_cohort(d)))
  fits <- suppressMessages(suppressWarnings(list(
    lms_cox(os ~ age + new, cohort), lms_cox(os ~ age + new + year, cohort),
    lms_cox(os ~ age + old, cohort)
  )))
  expect_identical(lapply(fits, kinds_of), list("era", character(), character()))
})

test_that("released texts tell no count", {
  d <- patients_with(200, 7)
  d$site <- sample(1:12, 200, TRUE)
  d$time[which(d$died == 1)[1:20]] <- 0
  d$entry <- d$time / 3
  rows <- as.data.frame(lms_check(lms_cox(Surv(time, died) ~ age + site, data = d)))
  rows <- rows[rows$kind %in% search_kinds & rows$severity == "caution", ]
  expect_identical(sort(rows$kind), c("centre_as_number", "events_at_zero", "unused_entry"))
  texts <- vapply(by_finding(rows), finding_text, "", finding_voice("label", 5))
  expect_no_match(texts, "[1-9]")
})
