# Hazard ratios that run to 0 or infinity, and Firth's beside them.

test_that("an infinite ratio has its counts, and Firth's estimate beside it", {
  d <- small(60)
  d$grade <- factor(rep(c("low", "high", "none"), c(30, 20, 10)), c("low", "high", "none"))
  d$died[d$grade == "none"] <- 0
  fit <- fit_silently(Surv(time, died) ~ age + grade, d)
  check <- lms_check(fit)
  note <- found(check, "infinite_coefficient")
  expect_identical(c(note$variable, note$level), c("grade", "none"))
  expect_identical(c(note$n, note$n_events, note$estimate), c(10, 0, 0))
  penalised <- suppressWarnings(update(fit, penalty = "firth"))
  ratios <- ratios_in(check)
  expect_identical(ratios$method, c("ordinary", "firth"))
  expect_equal(ratios$estimate, c(0, exp(coef(penalised)[["gradenone"]])), tolerance = 1e-8)
  expect_equal(ratios$conf.low[2], exp(confint(penalised)["gradenone", 1]), tolerance = 1e-6)
  expect_equal(ratios$conf.high[2], exp(confint(penalised)["gradenone", 2]), tolerance = 1e-6)
  expect_equal(ratios$conf.high[1], exp(confint(fit, "gradenone", type = "profile")[[2]]),
               tolerance = 1e-6)
  expect_equal(ratios$estimate_p[2], penalised$profile["gradenone", "p"], tolerance = 1e-8)
  # The level is not told of as sparse again.
  expect_false("none" %in% found(check, "sparse_level")$level)
  # A covariate that orders the deaths has no counts.
  d$order <- -d$time
  fit <- fit_silently(Surv(time, died) ~ order, d)
  note <- found(lms_check(fit), "infinite_coefficient")
  expect_identical(note$estimate, Inf)
  expect_identical(note$n, NA_real_)
})

test_that("there is no penalised estimate where there can be none", {
  d <- small(60)
  d$none <- rep(0:1, c(55, 5))
  d$died[d$none == 1] <- 0
  d$w <- 0.5
  fit <- fit_silently(Surv(time, died) ~ none, d, weights = w)
  check <- lms_check(fit)
  expect_identical(ratios_in(check)$method, "ordinary")
  expect_no_match(capture.output(print(check)), "penalised")
  expect_identical(found(check, "infinite_coefficient")$code, NA_character_)
  robust <- fit_silently(Surv(time, died) ~ none, d, robust = TRUE)
  ratios <- ratios_in(lms_check(robust))
  expect_identical(ratios$conf.low[1], NA_real_)
  expect_gt(ratios$estimate[2], 0)
})

test_that("a reference without events is one finding, and another reference the way out", {
  set.seed(8)
  d <- data.frame(time = rexp(120), grade = factor(rep(c("a", "b", "c", "d"), c(10, 30, 50, 30))))
  d$died <- as.numeric(d$grade != "a" & runif(120) < 0.6)
  fit <- fit_silently(Surv(time, died) ~ grade, d)
  note <- found(lms_check(fit), "infinite_coefficient")
  expect_identical(note[c("variable", "level", "n", "n_events")],
                   data.frame(variable = "grade", level = "a", n = 10, n_events = 0))
  expect_match(finding_text(note), "the hazard ratios of 3 groups cannot be estimated")
  expect_match(finding_remedy(note), "such as \"c\"")
  expect_identical(nrow(ratios_in(lms_check(fit))), 6L)
  again <- suppressMessages(suppressWarnings(eval(parse(text = note$code))))
  expect_identical(names(again$infinite), "relevel(grade, \"c\")a")
  d$grade <- relevel(d$grade, "c")
  theirs <- suppressWarnings(survival::coxph(Surv(time, died) ~ grade, d, control = tight()))
  expect_equal(unname(coef(again)[2:3]), unname(coef(theirs)[2:3]), tolerance = 1e-7)
})
