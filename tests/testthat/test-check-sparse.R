# Counts of events behind what a model estimates, on examples counted by hand.

small <- function(n = 24) {
  set.seed(11)
  data.frame(
    time = sample(n), died = rep_len(c(1, 1, 0), n),
    stage = factor(rep_len(c("I", "II", "II", "II"), n)), sex = rep_len(c(0, 1, 1, 0, 1), n),
    age = round(rnorm(n, 60, 8))
  )
}

test_that("events for each coefficient are counted, and both numbers named", {
  fit <- fit_silently(Surv(time, died) ~ age + stage, small())
  note <- found(lms_check(fit), "events_per_parameter")
  expect_identical(c(note$events, note$value), c(16, 8))
  expect_identical(note$severity, "caution")
  expect_match(note$what, "2 coefficients are estimated from 16 events: 8 for each", fixed = TRUE)
  expect_identical(note$code, "update(fit, penalty = \"firth\")")
  four <- fit_silently(Surv(time, died) ~ age + stage + sex + I(age^2), small())
  expect_identical(found(lms_check(four), "events_per_parameter")$severity, "serious")
  # Ten for each are enough.
  ten <- fit_silently(Surv(time, died) ~ age + stage, small(30))
  expect_identical(ten$nevent, 20)
  expect_identical(nrow(found(lms_check(ten), "events_per_parameter")), 0L)
})

test_that("levels with few events are named with their counts, 0/1 columns too", {
  d <- small(60)
  d$grade <- factor(rep(c("low", "high", "unknown", "other"), c(30, 20, 5, 5)))
  d$operated <- as.numeric(seq_len(60) > 56)
  fit <- fit_silently(Surv(time, died) ~ grade + operated + sex, d)
  notes <- found(lms_check(fit), "sparse_level")
  expect_identical(notes$variable, c("grade", "grade", "operated"))
  expect_identical(notes$level, c("other", "unknown", "1"))
  counted <- function(at) c(sum(at), sum(d$died[at]))
  expect_identical(c(notes$n[1], notes$events[1]), counted(d$grade == "other"))
  expect_identical(c(notes$n[2], notes$events[2]), counted(d$grade == "unknown"))
  expect_identical(c(notes$n[3], notes$events[3]), counted(d$operated == 1))
  expect_match(notes$what[1], "`grade` = \"other\": 3 events in 5 rows.", fixed = TRUE)
  # The way out runs.
  eval(parse(text = notes$code[1]))
  expect_identical(levels(d$grade), c("high", "low", "other"))
})

test_that("five events are not few, and frequencies count as patients", {
  d <- data.frame(
    time = c(3, 1, 4, 2, 5, 6), died = c(1, 1, 1, 1, 0, 0), x = c("a", "b", "a", "b", "a", "b"),
    k = c(9, 2, 9, 3, 9, 9)
  )
  fit <- fit_silently(Surv(time, died) ~ x, d, weights = k, weight_type = "frequency")
  expect_identical(nrow(found(lms_check(fit), "sparse_level")), 0L)
  d$k[2] <- 1
  fit <- fit_silently(Surv(time, died) ~ x, d, weights = k, weight_type = "frequency")
  note <- found(lms_check(fit), "sparse_level")
  expect_identical(note$level, "b")
  expect_identical(c(note$n, note$events), c(13, 4))
})

test_that("an infinite ratio has its counts, and Firth's estimate beside it", {
  d <- small(60)
  d$grade <- factor(rep(c("low", "high", "none"), c(30, 20, 10)), c("low", "high", "none"))
  d$died[d$grade == "none"] <- 0
  fit <- fit_silently(Surv(time, died) ~ age + grade, d)
  check <- lms_check(fit)
  note <- found(check, "infinite_coefficient")
  expect_identical(c(note$variable, note$level), c("grade", "none"))
  expect_identical(c(note$n, note$events, note$value), c(10, 0, 0))
  penalised <- suppressWarnings(update(fit, penalty = "firth"))
  ratios <- attr(check, "ratios")
  expect_identical(ratios$method, c("ordinary", "firth"))
  expect_equal(ratios$estimate, c(0, exp(coef(penalised)[["gradenone"]])), tolerance = 1e-8)
  expect_equal(ratios$conf.low[2], exp(confint(penalised)["gradenone", 1]), tolerance = 1e-6)
  expect_equal(ratios$conf.high[2], exp(confint(penalised)["gradenone", 2]), tolerance = 1e-6)
  expect_equal(ratios$conf.high[1], exp(confint(fit, "gradenone", type = "profile")[[2]]),
               tolerance = 1e-6)
  expect_equal(ratios$p.value[2], penalised$profile["gradenone", "p"], tolerance = 1e-8)
  # The level is not told of as sparse again.
  expect_false("none" %in% found(check, "sparse_level")$level)
  # A covariate that orders the deaths has no counts.
  d$order <- -d$time
  fit <- fit_silently(Surv(time, died) ~ order, d)
  note <- found(lms_check(fit), "infinite_coefficient")
  expect_identical(note$value, Inf)
  expect_identical(note$n, NA_real_)
})

test_that("there is no penalised estimate where there can be none", {
  d <- small(60)
  d$none <- rep(0:1, c(50, 10))
  d$died[d$none == 1] <- 0
  d$w <- 0.5
  fit <- fit_silently(Surv(time, died) ~ none, d, weights = w)
  check <- lms_check(fit)
  expect_null(attr(check, "ratios"))
  expect_identical(found(check, "infinite_coefficient")$code, NA_character_)
  robust <- fit_silently(Surv(time, died) ~ none, d, robust = TRUE)
  ratios <- attr(lms_check(robust), "ratios")
  expect_identical(ratios$conf.low[1], NA_real_)
  expect_gt(ratios$estimate[2], 0)
})

test_that("codes that are fitted as numbers are tested against levels", {
  fit <- fit_silently(Surv(time, died) ~ ph.ecog + age, lung)
  note <- found(lms_check(fit), "code_as_number")
  line <- survival::coxph(Surv(time, died) ~ ph.ecog + age, lung, control = tight())
  levels <- survival::coxph(Surv(time, died) ~ factor(ph.ecog) + age, lung, control = tight())
  expect_identical(note$variable, "ph.ecog")
  expect_equal(
    note$p.value, pchisq(2 * (levels$loglik[2] - line$loglik[2]), 2, lower.tail = FALSE),
    tolerance = 1e-7
  )
  expect_s3_class(eval(parse(text = note$code)), "lms_cox")
  # Said, or no codes: neither ages nor 0/1.
  said <- fit_silently(Surv(time, died) ~ I(ph.ecog) + sex + age + ph.karno, lung)
  expect_identical(nrow(found(lms_check(said), "code_as_number")), 0L)
})

test_that("a small reference, a lone stratum and rows of one patient are seen", {
  set.seed(3)
  d <- data.frame(
    time = rexp(400), died = 1, grade = factor(rep(c("a", "b", "c"), c(15, 185, 200))),
    centre = rep(1:2, each = 200), patient = rep(1:200, 2)
  )
  fit <- fit_silently(Surv(time, died) ~ grade, d, event = 1)
  note <- found(lms_check(fit), "small_reference")
  expect_identical(c(note$level, note$n), c("a", "15"))
  again <- suppressMessages(eval(parse(text = note$code)))
  expect_identical(names(coef(again)), paste0("relevel(grade, \"c\")", c("a", "b")))
  d$died <- as.numeric(d$centre == 1)
  fit <- fit_silently(Surv(time, died) ~ patient + strata(centre), d)
  expect_identical(found(lms_check(fit), "single_stratum")$events, 200)
  # At risk of two kinds of event, of which the second ends the patient's rows.
  d$died <- as.numeric(d$centre == 2)
  d$grade <- factor(rep(c("a", "b"), 200))
  d$time[201:400] <- d$time[1:200] + d$time[201:400]
  fit <- fit_silently(Surv(time, died) ~ grade + strata(centre), d, id = patient)
  note <- found(lms_check(fit), "shared_patient")
  expect_match(note$what, "400 rows are of 200 patients")
  expect_identical(
    nrow(found(lms_check(suppressWarnings(update(fit, robust = TRUE))), "shared_patient")), 0L
  )
})

test_that("no 0/1 column with few events is overlooked for its small variance", {
  for (seed in 1:40) {
    set.seed(seed)
    n <- 80
    d <- data.frame(time = ceiling(8 * rexp(n)), died = rbinom(n, 1, 0.5), z = rnorm(n),
                    x = rbinom(n, 1, 0.12), k = sample(2, n, TRUE))
    events <- sum(d$died[d$x == 1])
    for (ties in c("efron", "breslow", "exact")) {
      fit <- fit_silently(Surv(time, died) ~ x + z, d, ties = ties)
      few <- sparse_levels(fit)
      if (!length(fit$infinite)) expect_identical(any(few$level == "1"), events < 5)
    }
    firth <- fit_silently(Surv(time, died) ~ x + z, d, penalty = "firth")
    expect_identical(any(sparse_levels(firth)$level == "1"), events < 5)
    fit <- fit_silently(Surv(time, died) ~ x + z, d, weights = k, weight_type = "frequency")
    if (!length(fit$infinite)) {
      expect_identical(any(sparse_levels(fit)$level == "1"), sum((d$k * d$died)[d$x == 1]) < 5)
    }
  }
})

test_that("sparse levels of a penalised model are found, and no penalty is advised again", {
  d <- data.frame(months = 1:12, died = rep(1:0, c(6, 6)), grade = rep(c("a", "b", "c"), 4))
  fit <- fit_silently(Surv(months, died) ~ grade, d, penalty = "firth")
  sparse <- found(lms_check(fit), "sparse_level")
  expect_identical(sparse$level, c("a", "b", "c"))
  expect_true(all(is.na(sparse$code)))
})

test_that("a reference without events is one finding, and another reference the way out", {
  set.seed(8)
  d <- data.frame(time = rexp(120), grade = factor(rep(c("a", "b", "c", "d"), c(10, 30, 50, 30))))
  d$died <- as.numeric(d$grade != "a" & runif(120) < 0.6)
  fit <- fit_silently(Surv(time, died) ~ grade, d)
  note <- found(lms_check(fit), "infinite_coefficient")
  expect_identical(note[c("variable", "level", "n", "events")],
                   data.frame(variable = "grade", level = "a", n = 10, events = 0))
  expect_match(note$what, "the hazard ratios of 3 levels run to infinity")
  expect_match(note$way_out, "such as \"c\"")
  expect_identical(nrow(attr(lms_check(fit), "ratios")), 6L)
  again <- suppressMessages(suppressWarnings(eval(parse(text = note$code))))
  expect_identical(names(again$infinite), "relevel(grade, \"c\")a")
  d$grade <- relevel(d$grade, "c")
  theirs <- suppressWarnings(survival::coxph(Surv(time, died) ~ grade, d, control = tight()))
  expect_equal(unname(coef(again)[2:3]), unname(coef(theirs)[2:3]), tolerance = 1e-7)
})

test_that("without ids, rows of one patient are not said to have been looked for", {
  d <- data.frame(time = c(2, 3, 5, 8, 9), died = c(1, 0, 1, 1, 1), x = c(1, 3, 2, 5, 4), id = 1:5)
  looked <- function(fit) "rows of one patient" %in% attr(lms_check(fit), "checked")
  expect_false(looked(fit_silently(Surv(time, died) ~ x, d)))
  expect_true(looked(fit_silently(Surv(time, died) ~ x, d, id = id)))
  cohort <- suppressMessages(
    lms_cohort(d, last_contact = time, codes = c(x = "numbers"))
  )
  expect_true(looked(fit_silently(os ~ x, cohort)))
})

test_that("a lone coefficient is not to be kept", {
  d <- data.frame(time = 1:9, died = rep(0:1, length.out = 9), x = c(3, 1, 4, 1, 5, 9, 2, 6, 5.5))
  note <- found(lms_check(fit_silently(Surv(time, died) ~ x, d)), "events_per_parameter")
  expect_identical(c(note$events, note$value), c(4, 4))
  expect_match(note$way_out, "^Report how few events there are, or lessen")
})
