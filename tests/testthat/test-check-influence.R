# Patients who move a hazard ratio, against fits without each of them in turn.

# By coefficient: the patient whose leaving changes it most, and what it is then.
leave_each_out <- function(formula, d, id = seq_len(nrow(d)), ...) {
  full <- survival::coxph(formula, d, control = tight(), ...)
  b <- vapply(unique(id), function(i) {
    kept <- d[id != i, ]
    coef(suppressWarnings(survival::coxph(formula, kept, control = tight(), ...)))
  }, coef(full))
  b <- matrix(b, length(coef(full)), dimnames = list(names(coef(full)), NULL))
  list(full = coef(full), se = sqrt(diag(vcov(full))), without = b)
}

test_that("the patient named is the one of all leave-one-out fits, with both ratios", {
  named <- 0
  for (seed in 1:6) {
    d <- outlying(seed)
    fit <- fit_silently(Surv(time, died) ~ x + group, d)
    check <- lms_check(fit)
    notes <- found(check, "influential_patient")
    all <- leave_each_out(Surv(time, died) ~ x + group, d)
    unit <- c(usual_difference(d$x), 1)
    change <- all$without - all$full
    worst <- apply(abs(change), 1, which.max)
    largest <- change[cbind(1:2, worst)]
    told <- abs(exp(largest * unit) - 1) > 0.2 & abs(largest) > 1.5 * all$se
    expect_identical(notes$variable, c("x", "group")[told])
    expect_equal(estimate_of(check, "influential_patient", "all patients"),
                 unname(exp(all$full * unit))[told], tolerance = 1e-7)
    expect_equal(estimate_of(check, "influential_patient", "without the patient"),
                 unname(exp((all$full + largest) * unit)[told]), tolerance = 1e-7)
    expect_equal(notes$row, as.double(worst[told]))
    named <- named + sum(told)
  }
  expect_gt(named, 3)
})

test_that("of two candidates the stronger is named", {
  d <- outlying(2, 100)
  d$x[9] <- 3
  d$died[c(7, 9)] <- 1
  d$time[9] <- 4
  check <- lms_check(fit_silently(Surv(time, died) ~ x, d))
  all <- leave_each_out(Surv(time, died) ~ x, d)
  expect_gt(all$without[7], all$without[9])
  expect_equal(estimate_of(check, "influential_patient", "without the patient"),
               unname(exp(all$without[7] * usual_difference(d$x))), tolerance = 1e-7)
})

test_that("a change beyond the standard error but below 20% is not named", {
  d <- outlying(5, 400)
  d$x[7] <- 1.8
  d$time[7] <- 8
  d$died[7] <- 1
  fit <- fit_silently(Surv(time, died) ~ x, d)
  all <- leave_each_out(Surv(time, died) ~ x, d)
  change <- max(abs(all$without - all$full))
  expect_gt(change, all$se)
  expect_lt(exp(change * usual_difference(d$x)), 1.2)
  expect_gt(exp(change * usual_difference(d$x)), 1.1)
  expect_identical(nrow(found(lms_check(fit), "influential_patient")), 0L)
})

test_that("the line of the way out gives the ratio that was told", {
  d <- outlying(1)
  d$x[3] <- NA
  fit <- fit_silently(Surv(time, died) ~ x + group, d)
  check <- lms_check(fit)
  expect_match(texts_of(check, "influential_patient")[1], "row 7 ", fixed = TRUE)
  without <- eval(parse(text = found(check, "influential_patient")$code[1]))
  used <- d[-3, ]
  told <- estimate_of(check, "influential_patient", "without the patient")[1]
  expect_equal(exp(coef(without)[["x"]] * usual_difference(used$x)), told, tolerance = 1e-7)
})

test_that("all rows of a patient leave together, and of a frequency one patient", {
  d <- outlying(2)
  d$patient <- seq_len(60)
  long <- survival::survSplit(Surv(time, died) ~ ., d, cut = c(0.5, 1))
  fit <- fit_silently(Surv(tstart, time, died) ~ x, long, id = patient)
  note <- found(lms_check(fit), "influential_patient")
  all <- leave_each_out(Surv(tstart, time, died) ~ x, long, long$patient)
  worst <- which.max(abs(all$without - all$full))
  told <- estimate_of(lms_check(fit), "influential_patient", "without the patient")
  expect_equal(told, exp(all$without[worst] * usual_difference(long$x)), tolerance = 1e-7)
  expect_identical(note$n, as.numeric(sum(long$patient == worst)))
  d$k <- 1 + (d$patient == 7)
  fit <- fit_silently(Surv(time, died) ~ x, d, weights = k, weight_type = "frequency",
                      ties = "breslow")
  given <- list(design = fit_design(fit), response = fit_response(fit))
  once <- influence_exact(fit, given, 7, d$patient)[1]
  one <- survival::coxph(Surv(time, died) ~ x, d, ties = "breslow", control = tight())
  expect_equal(once, coef(one)[["x"]], tolerance = 1e-8)
})

test_that("good data of some size give no alarm, and sparse levels are not told again", {
  alarms <- vapply(1:60, function(seed) {
    set.seed(seed)
    d <- data.frame(time = rexp(150), died = rbinom(150, 1, 0.7), x = rnorm(150),
                    group = factor(sample(c("a", "b", "c"), 150, TRUE)))
    nrow(found(lms_check(fit_silently(Surv(time, died) ~ x + group, d)), "influential_patient"))
  }, 0)
  expect_lt(mean(alarms > 0), 0.05)
  d <- outlying(3)
  d$rare <- factor(rep(c("no", "yes"), c(57, 3)))
  check <- lms_check(fit_silently(Surv(time, died) ~ rare, d))
  expect_identical(nrow(found(check, "sparse_level")), 1L)
  expect_identical(nrow(found(check, "influential_patient")), 0L)
})

test_that("no message holds the name of a row", {
  d <- outlying(1)
  row.names(d) <- paste0("MRN", 900 + seq_len(60))
  check <- lms_check(fit_silently(Surv(time, died) ~ x + group, d))
  expect_false(any(grepl("MRN", unlist(as.data.frame(check)))))
})
