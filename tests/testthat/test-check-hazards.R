# Effects that change with time: the test, and the two periods.

test_that("a changing effect is named with its ratios by period", {
  fit <- fit_silently(Surv(time, status) ~ karno + age + prior, survival::veteran)
  notes <- found(lms_check(fit), "nonproportional")
  test <- survival::cox.zph(survival::coxph(Surv(time, status) ~ karno + age + prior,
                                            survival::veteran, control = tight()))
  expect_identical(notes$variable, "karno")
  expect_equal(notes$p.value, test$table["karno", "p"], tolerance = 1e-6)
  # The periods, by coxph on split rows.
  died <- subset(survival::veteran, status == 1)
  cut <- sort(died$time)[ceiling(nrow(died) / 2)]
  long <- survival::survSplit(Surv(time, status) ~ ., survival::veteran, cut = cut,
                              episode = "period")
  long$early <- long$karno * (long$period == 1)
  long$late <- long$karno * (long$period == 2)
  theirs <- survival::coxph(Surv(tstart, time, status) ~ early + late + age + prior, long,
                            control = tight())
  expect_equal(
    estimate_of(lms_check(fit), "nonproportional", c("early", "late")),
    unname(exp(coef(theirs)[c("early", "late")] * sd(survival::veteran$karno))), tolerance = 1e-8
  )
})

test_that("an effect that fades has a ratio nearer to 1 later, by level", {
  set.seed(5)
  n <- 600
  group <- factor(sample(c("a", "b"), n, TRUE))
  # Hazard ratio 4 up to time 0.2, 1 after it.
  u <- rexp(n)
  early <- ifelse(group == "b", 4, 1)
  time <- ifelse(u < 0.2 * early, u / early, 0.2 + u - 0.2 * early)
  d <- data.frame(time = pmin(time, 3), died = as.integer(time < 3), group)
  check <- lms_check(fit_silently(Surv(time, died) ~ group, d))
  note <- found(check, "nonproportional")
  expect_identical(c(note$variable, note$level), c("group", "b"))
  early <- estimate_of(check, "nonproportional", "early")
  expect_gt(early, 2 * estimate_of(check, "nonproportional", "late"))
  expect_identical(note$code, NA_character_)
})

test_that("proportional hazards are seldom doubted", {
  alarms <- vapply(1:200, function(seed) {
    set.seed(seed)
    x <- matrix(rnorm(200 * 4), 200)
    time <- rexp(200, exp(x[, 1] / 2))
    d <- data.frame(time, died = 1, x)
    fit <- fit_silently(Surv(time, died) ~ X1 + X2 + X3 + X4, d, event = 1)
    nrow(found(lms_check(fit), "nonproportional")) > 0
  }, NA)
  # 5% by Holm, whose binomial error of 200 is 1.5%; four tests at 5% each would give 19%.
  expect_lt(mean(alarms), 0.09)
})

test_that("trivial changes in large data are not told", {
  set.seed(8)
  n <- 60000
  x <- rnorm(n)
  u <- rexp(n)
  time <- ifelse(u < exp(0.05 * x), u / exp(0.05 * x), 1 + (u - exp(0.05 * x)) / exp(-0.03 * x))
  fit <- fit_silently(Surv(time, died) ~ x, data.frame(time, died = 1, x), event = 1)
  expect_lt(lms_zph(fit)$table["x", "p"], 1e-6)
  expect_identical(nrow(found(lms_check(fit), "nonproportional")), 0L)
})

test_that("entry times and strata are kept in the periods, and reasons given for no test", {
  heart <- survival::heart
  fit <- fit_silently(Surv(start, stop, event) ~ age + year + strata(surgery), heart)
  ours <- ratios_by_period(
    fit, list(design = fit_design(fit), response = fit_response(fit)), "age"
  )
  cut <- ours$cut
  early <- transform(subset(heart, start < cut), event = ifelse(stop > cut, 0, event),
                     stop = pmin(stop, cut), first = age, second = 0)
  late <- transform(subset(heart, stop > cut), start = pmax(start, cut), first = 0, second = age)
  theirs <- survival::coxph(
    Surv(start, stop, event) ~ first + second + year + strata(surgery), rbind(early, late),
    control = tight()
  )
  expect_equal(c(ours$early[1], ours$late[1]), unname(coef(theirs)[1:2]), tolerance = 1e-8)
  without <- lms_check(fit_silently(Surv(time, died) ~ age, lung, model = FALSE))
  expect_identical(without$reason[without$kind == "nonproportional"], "no frame")
  expect_output(print(without), "non-proportional hazards (the model frame was not kept)",
                fixed = TRUE)
})
