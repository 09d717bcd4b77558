# Curves, rates and tests.

test_that("crude rates under censoring are named beside Kaplan-Meier's", {
  rates <- suppressWarnings(lms_rates(Surv(time, died) ~ 1, lung, times = c(5, 200, 365, 730),
                                      method = "crude"))
  notes <- found(lms_check(rates), "crude_rates")
  curve <- summary(survival::survfit(Surv(time, died) ~ 1, lung), times = c(200, 365, 730))
  expect_equal(notes$other, curve$surv, tolerance = 1e-12)
  alive <- vapply(c(200, 365, 730), function(t) {
    sum(lung$time > t | (lung$time == t & lung$died == 0))
  }, 0)
  expect_equal(notes$value, alive / 228)
  expect_match(notes$what[2], paste(sum(lung$time < 365 & lung$died == 0), "of 228 were censored"))
  expect_equal(eval(parse(text = notes$code[1]))$rates$rate[2:4], curve$surv, tolerance = 1e-12)
  # Without censoring before, and by Kaplan-Meier, there is nothing to say.
  expect_identical(nrow(lms_check(lms_rates(Surv(time, died) ~ 1, lung, times = 365))), 0L)
  dead <- subset(lung, died == 1)
  exact <- lms_rates(Surv(time, died) ~ 1, dead, times = 365, method = "crude", event = 1)
  expect_identical(nrow(lms_check(exact)), 0L)
})

test_that("times past the last follow-up, or with few followed, are named by group", {
  fit <- lms_km(Surv(time, died) ~ sex, lung)
  notes <- found(lms_check(summary(fit, times = c(365, 800, 1000))), "beyond_follow_up")
  at_risk <- summary(survival::survfit(Surv(time, died) ~ sex, lung), times = c(365, 800, 1000),
                     extend = TRUE)$n.risk
  few <- at_risk < 0.1 * rep(c(138, 90), each = 3)
  expect_identical(few, c(FALSE, TRUE, TRUE, FALSE, TRUE, TRUE))
  expect_identical(notes$value, at_risk[few])
  expect_identical(notes$variable, c("sex=1", "sex=1", "sex=2", "sex=2"))
  expect_match(notes$what[4], "nobody is followed so long (last 965)", fixed = TRUE)
  expect_match(notes$what[1], "only 6 of 138 are at risk", fixed = TRUE)
  rates <- lms_check(lms_rates(Surv(time, died) ~ sex, lung, times = c(365, 800, 1000)))
  expect_identical(found(rates, "beyond_follow_up")$value, notes$value)
  expect_identical(nrow(lms_check(summary(fit))), 0L)
})

test_that("ten patients in a hundred are no few, nor fifty in a thousand, nor a curve at 0", {
  d <- data.frame(time = 1:100, died = rep(0:1, 50))
  read <- function(d, t) nrow(lms_check(summary(lms_km(Surv(time, died) ~ 1, d), times = t)))
  expect_identical(read(d, 91), 0L)
  expect_identical(read(d, 92), 1L)
  large <- data.frame(time = 1:1000, died = rep(0:1, 500))
  expect_identical(read(large, 951), 0L)
  expect_identical(read(large, 952), 1L)
  died_out <- data.frame(time = 1:100, died = 1)
  fit <- lms_km(Surv(time, died) ~ 1, died_out, event = 1)
  expect_identical(nrow(lms_check(summary(fit, times = 150))), 0L)
})

test_that("a median that rests on few patients is named", {
  d <- data.frame(time = c(1:90, 101:110), died = c(rep(0, 90), rep(1, 10)))
  note <- found(lms_check(lms_km(Surv(time, died) ~ 1, d)), "beyond_follow_up")
  expect_identical(note$value, 5)
  expect_match(note$what, "median survival at 105.5: only 5 of 100", fixed = TRUE)
  expect_identical(nrow(lms_check(lms_km(Surv(time, died) ~ sex, lung))), 0L)
})

test_that("groups with few events are named in tests and incidences", {
  d <- survival::veteran
  d$rare <- factor(ifelse(seq_len(137) <= 3, "rare", as.character(d$celltype)))
  test <- lms_logrank(Surv(time, status) ~ rare, d)
  note <- found(lms_check(test), "sparse_level")
  expect_identical(c(note$n, note$events), c(3, sum(d$status[1:3])))
  expect_identical(nrow(lms_check(lms_logrank(Surv(time, status) ~ celltype, d))), 0L)
  fit <- lms_cuminc(Surv(time, status) ~ trt, survival::pbc, event = c(transplant = 1, death = 2))
  expect_identical(nrow(found(lms_check(fit), "sparse_level")), 0L)
  pbc <- survival::pbc
  pbc$status[pbc$status == 1 & pbc$trt %in% 1 & cumsum(pbc$status == 1) > 3] <- 0
  fit <- lms_cuminc(Surv(time, status) ~ trt, pbc, event = c(transplant = 1, death = 2))
  note <- found(lms_check(fit), "sparse_level")
  expect_identical(note$events, as.numeric(sum(pbc$status == 1 & pbc$trt %in% 1)))
  expect_identical(found(lms_check(fit), "missing_values")$n, sum(is.na(pbc$trt)) + 0)
  late <- found(lms_check(summary(fit, times = c(1000, 4000, 6000))), "beyond_follow_up")
  expect_identical(unique(late$variable), c("trt=1", "trt=2"))
})

test_that("anything else is refused", {
  expect_error(lms_check(1), class = "lmsurv_error_argument")
  expect_error(lms_check(lms_km(Surv(time, died) ~ 1, lung), fix = TRUE),
               class = "lmsurv_error_argument")
})
