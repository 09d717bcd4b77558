new <- data.frame(
  age = c(50, 60, 70), sexf = factor(c("male", "female", "female"), levels(lung$sexf)),
  ph.ecog = 0:2, off = 1:3, w = 1, unwell = c(0, 1, 1)
)
cohort <- transform(complete, off = age / 30, unwell = as.numeric(ph.ecog > 0))
without_call <- function(curve) {
  curve <- their_curve(curve)
  curve[setdiff(names(curve), "call")]
}
quiet_survfit <- function(...) suppressWarnings(survival::survfit(...))

shapes <- list(
  plain = Surv(time, died) ~ age + ph.ecog, interaction = Surv(time, died) ~ age * sexf,
  strata = Surv(time, died) ~ age + strata(sexf),
  two = Surv(time, died) ~ age + strata(sexf, unwell),
  crossed = Surv(time, died) ~ age * strata(sexf), offset = Surv(time, died) ~ sexf + offset(off),
  spline = Surv(time, died) ~ splines::ns(age, 3) + sexf,
  cluster = Surv(time, died) ~ age + sexf + cluster(inst), null = Surv(time, died) ~ 1
)

test_that("curves of all shapes of models and arguments are survival's", {
  arguments <- list(
    list(newdata = new), list(newdata = new[2, ]), list(newdata = new, stype = 1),
    list(newdata = new, ctype = 1), list(newdata = new, se.fit = FALSE),
    list(newdata = new, censor = FALSE), list(newdata = new, start.time = 200),
    list(newdata = new[c("age", "off")]), list(newdata = new, conf.int = 0.9), list(),
    list(type = "kaplan-meier"), list(newdata = new, type = "breslow")
  )
  for (shape in names(shapes)) {
    ours <- lms_cox(shapes[[shape]], cohort, eps = 1e-12)
    theirs <- reference(shapes[[shape]], cohort)
    for (given in arguments) {
      expected <- tryCatch(do.call(quiet_survfit, c(list(theirs), given)), error = function(e) NULL)
      if (is.null(expected)) next
      expect_close(
        without_call(do.call(quiet_survfit, c(list(ours), given))), without_call(expected),
        info = paste(shape, paste(names(given), collapse = ", "))
      )
    }
  }
})

test_that("intervals of all scales are survival's", {
  fit <- lms_cox(shapes$plain, cohort, eps = 1e-12)
  ref <- reference(shapes$plain, cohort)
  for (scale in c("log", "log-log", "plain", "logit", "arcsin", "none")) {
    ours <- survival::survfit(fit, new, conf.type = scale)
    theirs <- survival::survfit(ref, new, conf.type = scale)
    expect_close(without_call(ours), without_call(theirs), ignore_attr = TRUE)
  }
})

test_that("weights, offsets with them, exact ties and entry times give survival's curves", {
  ours <- lms_cox(shapes$offset, cohort, weights = w, eps = 1e-12)
  theirs <- reference(shapes$offset, cohort, weights = w)
  expect_close(without_call(survival::survfit(ours)), without_call(survival::survfit(theirs)))
  expect_close(
    without_call(survival::survfit(ours, new)), without_call(survival::survfit(theirs, new))
  )
  ours <- lms_cox(Surv(start, stop, event) ~ age + strata(surgery), survival::heart, eps = 1e-12)
  theirs <- reference(Surv(start, stop, event) ~ age + strata(surgery), survival::heart)
  at <- data.frame(age = c(-10, 5), surgery = 0:1)
  for (stype in 1:2) {
    expect_close(
      without_call(survival::survfit(ours, at, stype = stype)),
      without_call(survival::survfit(theirs, at, stype = stype))
    )
  }
})

# The hazard is a sum over rows, whose derivative by the coefficients is taken numerically.
test_that("the curve of one patient over several rows has the variance of a sum", {
  heart <- survival::heart
  formula <- Surv(start, stop, event) ~ age + surgery
  path <- data.frame(
    start = c(0, 40, 0), stop = c(40, 900, 400), event = 0, age = c(-10, 8, 3),
    surgery = c(0, 1, 1), who = c("a", "a", "b")
  )
  fit <- lms_cox(formula, heart, eps = 1e-12)
  ref <- reference(formula, heart)
  ours <- survival::survfit(fit, path, id = who)
  theirs <- survival::survfit(ref, path, id = who)
  same <- c("n", "time", "n.risk", "n.event", "n.censor", "strata", "surv", "cumhaz")
  expect_close(without_call(ours)[same], without_call(theirs)[same])
  # Of the patient with one row the variance is survival's too.
  b <- -seq_len(ours$strata[[1]])
  expect_close(ours$std.err[b], theirs$std.err[b])

  at <- function(beta) {
    moved <- suppressWarnings(lms_cox(formula, heart, init = beta, iter.max = 0))
    survival::survfit(moved, path, id = who)$cumhaz
  }
  beta <- coef(fit)
  slope <- vapply(seq_along(beta), function(j) {
    h <- replace(double(2), j, 1e-5)
    (at(beta + h) - at(beta - h)) / 2e-5
  }, double(length(ours$time)))
  alone <- fit
  alone$var[] <- 0
  baseline <- survival::survfit(alone, path, id = who)$std.err
  expect_close(ours$std.err^2, baseline^2 + rowSums((slope %*% vcov(fit)) * slope), 1e-6)
})

test_that("a small survival is small and not 0", {
  d <- data.frame(
    time = c(1, 3, 5, 6, 2, 7, 9, 11), status = c(1, 0, 1, 1, 1, 0, 1, 1),
    sex = rep(1:0, each = 4), age = c(57, 52, 48, 42, 39, 31, 26, 22)
  )
  fit <- lms_cox(Surv(time, status) ~ age + sex, d)
  surv <- survival::survfit(fit, data.frame(age = 20, sex = 0))$surv
  expect_equal(surv[7:8], c(0.9789492, 0.7387672), tolerance = 1e-6)

  # By hand, in logarithms, at predictors that span thousands.
  set.seed(2)
  d <- data.frame(time = rexp(100), event = TRUE, x = 1000 * rnorm(100))
  d <- d[order(d$time), ]
  log_sum <- function(v) max(v) + log(sum(exp(v - max(v))))
  for (b in c(0.3, 1, 5)) {
    fit <- suppressWarnings(lms_cox(Surv(time, event) ~ x, d, init = b, iter.max = 0))
    for (x in c(-2000, 0, 1500)) {
      steps <- vapply(seq_len(100), function(k) exp(-log_sum(b * (d$x[k:100] - x))), 0)
      curve <- survival::survfit(fit, data.frame(x = x))
      expect_equal(curve$cumhaz, cumsum(steps), tolerance = 1e-10)
      expect_equal(curve$surv, exp(-cumsum(steps)), tolerance = 1e-10)
    }
  }
})

test_that("what has no curve is refused with a way out", {
  pbc <- survival::pbc
  fit <- lms_cox(Surv(time, status) ~ age, pbc, event = 2)
  expect_error(survival::survfit(fit), class = "lmsurv_error_competing")
  expect_no_error(survival::survfit(lms_cox(Surv(time, status == 2) ~ age, pbc)))
  expect_no_error(survival::survfit(lms_cox(Surv(time, status) ~ age, pbc, event = 1:2)))
  fit <- lms_cox(shapes$crossed, cohort)
  expect_snapshot({
    said(survival::survfit(fit))
    said(survival::survfit(fit, new["age"]))
    said(survival::survfit(fit, new, id = 1:3))
    said(survival::survfit(fit, new, stype = 3))
    said(survival::survfit(fit, new, start.time = 1e5))
    said(survival::survfit(fit, new, conf_type = "plain"))
  })
})

test_that("rows with missing covariates have missing curves", {
  fit <- lms_cox(shapes$plain, cohort)
  curves <- survival::survfit(fit, data.frame(age = c(50, NA), ph.ecog = 1))
  expect_true(all(is.na(curves$surv[, 2])))
  expect_false(anyNA(curves$surv[, 1]))
})
