# Lines of code that findings suggest run as they are printed, whatever the fit is called.

# Everything that a rule of the Cox model finds, in one data set.
troubled <- function(seed = 1) {
  withr::local_seed(seed)
  n <- 90
  d <- data.frame(
    months = round(rexp(n, 0.05), 2) + 0.01, died = as.numeric(seq_len(n) %% 3 == 0),
    age = rnorm(n, 60, 10), stage = rep(1:3, length.out = n), w = 1 + seq_len(n) %% 2,
    sex = rep(c("f", "m"), length.out = n), centre = factor(rep(1:2, each = n / 2)),
    half = 0.5 + seq_len(n) %% 3
  )
  d$grade <- factor(rep(c("a", "b", "c", "d"), c(3, 4, 40, 43)))
  d$site <- ifelse(d$grade %in% c("a", "b"), as.character(d$grade), "x")
  d$spread <- ifelse(d$months > 20 & seq_len(n) %% 2 == 0, d$months / 2, NA)
  d$`late on` <- !is.na(d$spread)
  d$months[7] <- 90
  d$age[7] <- 130
  d$died[7] <- 1
  d$bmi <- ifelse(seq_len(n) %% 7 == 0, NA, rnorm(n, 25, 3))
  d$none <- rep(c(FALSE, TRUE), c(80, 10))
  d$died[d$none] <- 0
  d
}

# Runs each line where the check was called; answer: how many ran.
run_lines <- function(check, env = parent.frame()) {
  rows <- findings_in(as.data.frame(check))
  code <- unique(rows$code[!is.na(rows$code)])
  withr::local_pdf(withr::local_tempfile())
  for (line in code) {
    there <- new.env(parent = env)
    value <- suppressWarnings(suppressMessages(eval(parse(text = line), there)))
    if (grepl("^(lms_cox|update)", line)) {
      testthat::expect_s3_class(value, "coxph")
    }
  }
  testthat::expect_gt(length(code), 0L)
  length(code)
}

test_that("lines run for a named fit, one in a list and one without a name", {
  d <- troubled()
  fit <- fit_silently(Surv(months, died) ~ age + stage + grade + bmi, d)
  expect_gt(run_lines(lms_check(fit)), 2L)
  `my fit` <- fit # nolint: object_name_linter.
  run_lines(lms_check(`my fit`))
  fits <- list(a = fit, `b c` = fit)
  run_lines(lms_check(fits$a))
  run_lines(lms_check(fits[["b c"]]))
  run_lines(lms_check(fits[[1]]))
  rm(fit)
  quiet(suppressWarnings({
    run_lines(lms_check(lms_cox(Surv(months, died) ~ age + stage + grade + bmi, data = d)))
    run_lines(lms_check(lmsurv::lms_cox(Surv(months, died) ~ age + stage + grade, d)))
    run_lines(lms_check(lms_cox(formula = Surv(months, died) ~ age + stage + bmi, d, event = 1)))
    for (check in lapply(fits, lms_check)) run_lines(check)
    run_lines(do.call(lms_check, list(fits$a)))
    run_lines(lms_check(survival::coxph(Surv(months, died) ~ age + stage + grade + bmi, data = d)))
  }))
  unnamed <- quiet(lms_check(lms_cox(Surv(months, died) ~ age + bmi, data = d)))
  expect_identical(found(unnamed, "missing_values")$code,
                   "lms_cox(Surv(months, died) ~ age, data = d)")
})

test_that("lines keep a subset, weights, strata, ids and names that are no plain names", {
  d <- troubled()
  fit <- fit_silently(Surv(months, died) ~ age + stage + strata(centre), d, subset = sex == "f")
  check <- lms_check(fit)
  run_lines(check)
  lines <- as.data.frame(check)$code
  expect_false(any(grepl("strata(centre)", lines, fixed = TRUE) & !grepl("centre", lines)))
  fit <- fit_silently(Surv(months, died) ~ age + stage + grade, d, weights = w,
                      weight_type = "frequency")
  run_lines(lms_check(fit))
  fit <- fit_silently(Surv(months, died) ~ age + stage + grade, d, weights = half)
  run_lines(lms_check(fit))
  fit <- fit_silently(Surv(months, died) ~ age + `late on` + factor(stage) + site + none, d)
  run_lines(lms_check(fit))
  run_lines(lms_check(fit, known_from = list(`late on` = d$spread)))
  fit <- fit_silently(Surv(months, died) ~ age * sex + log(bmi) + none, d, ties = "exact")
  run_lines(lms_check(fit))
  long <- rbind(d, d)
  long$id <- rep(seq_len(nrow(d)), 2)
  long$kind <- rep(1:2, each = nrow(d))
  long$died[seq_len(nrow(d))] <- 0
  long$months[long$kind == 2] <- 2 * d$months
  fit <- fit_silently(Surv(months, died) ~ age + bmi + strata(kind), long, id = id)
  expect_match(found(lms_check(fit), "shared_patient")$code, "robust = TRUE")
  run_lines(lms_check(fit))
})

test_that("the patient who leaves a subset by a line is the one that was told", {
  d <- outlying(1)
  fit <- fit_silently(Surv(time, died) ~ x, d, subset = seq_len(60) > 3)
  check <- lms_check(fit)
  without <- eval(parse(text = found(check, "influential_patient")$code))
  kept <- subset(d, seq_len(60) > 3)
  told <- estimate_of(check, "influential_patient", "without the patient")
  expect_equal(exp(coef(without)[["x"]] * usual_difference(kept$x)), told, tolerance = 1e-7)
  expect_identical(without$n, fit$n - 1L)
})

test_that("a line of a check keeps what the check was told", {
  d <- troubled()
  fit <- fit_silently(Surv(months, died) ~ age + `late on`, d)
  check <- lms_check(fit, known_from = list(`late on` = d$spread), fix = FALSE)
  line <- found(check, "immortal_time")$code
  expect_identical(
    line, "lms_check(fit, fix = TRUE, known_from = list(`late on` = d$spread))"
  )
  again <- eval(parse(text = line))
  expect_setequal(ratios_in(again)$method, c("fixed", "time-dependent"))
  unnamed <- quiet(lms_check(
    lms_cox(Surv(months, died) ~ age + `late on`, d), known_from = list(`late on` = d$spread),
    fix = FALSE
  ))
  numbers <- c("method", "estimate", "conf.low")
  expect_identical(
    ratios_in(suppressMessages(eval(parse(text = found(unnamed, "immortal_time")$code))))[numbers],
    ratios_in(again)[numbers]
  )
})

test_that("lines of a cohort that knows its dates run", {
  d <- metastatic(150, 2)
  cohort <- quiet(lms_cohort(
    data.frame(id = d$id, last_contact = d$months, died = d$died == 1, age = d$age,
               metastasis = d$metastasis, spread = d$spread),
    unit = "months", known_from = c(metastasis = "spread"), event = TRUE
  ))
  fit <- lms_cox(os ~ age + metastasis, cohort)
  expect_identical(found(lms_check(fit, fix = FALSE), "immortal_time")$code,
                   "lms_check(fit, fix = TRUE)")
  run_lines(lms_check(fit, fix = FALSE))
  run_lines(lms_check(lms_cox(os ~ age + metastasis, cohort), fix = FALSE))
  run_lines(lms_check(lms_km(os ~ metastasis, cohort)))
  run_lines(lms_check(lms_logrank(os ~ metastasis, data = cohort)))
})

test_that("lines of curves and rates run, and what cannot be typed has none", {
  rates <- suppressWarnings(lms_rates(Surv(time, died) ~ 1, lung, times = 365, method = "crude"))
  run_lines(lms_check(rates))
  fit <- do.call(lms_cox, list(Surv(time, died) ~ ph.ecog + meal.cal, lung))
  rows <- do.call(lms_check, list(fit))
  expect_true(all(is.na(as.data.frame(rows)$code)))
})
