d <- data.frame(
  t = c(1, 2, 3, 4, 4, 5, 6, 7), code = c(1, 2, 0, 1, 2, 0, 1, 0),
  g = c("x", "x", "x", "y", "y", "y", "x", "y"), w = c(1, 2, 3, 1, 2, 1, 2, 1),
  id = 1:8
)
d$cause <- factor(d$code, 0:2, c("none", "fail", "dead"))

# Parts of survival's object since 3.6 that its methods do without: events by transition, which are
# `n.event`, as each patient has one at most; patients where there is no `id`, which are `n`; errors
# of the cumulative hazard and of the area.
newer <- c("n.transition", "n.id", "std.chaz", "std.auc")

test_that("has what a survfitms has", {
  for (formula in list(Surv(t, cause) ~ g, Surv(t, cause) ~ 1)) {
    ours <- lms_cuminc(formula, d)
    theirs <- survival::survfit(formula, d)
    expect_s3_class(ours, c("lms_cuminc", "survfitms", "survfit"), exact = TRUE)
    expect_identical(setdiff(names(theirs), c(names(ours), newer)), character())
    for (name in setdiff(names(theirs), c("call", "lower", "upper", "n.censor", newer))) {
      expect_equal(
        ours[[name]], theirs[[name]], tolerance = 1e-12, label = name,
        ignore_attr = c("dimnames", if (name == "p0") c("names", "dim"))
      )
    }
    expect_equal(censored(ours), as.vector(censored(theirs)))
    expect_true(all(ours$n.censor[, -1] == 0))
    # There are no limits where an incidence is 0: those of survival since 3.8 are 0 and 0.
    known <- !is.na(ours$lower)
    expect_identical(known, ours$pstate > 0, ignore_attr = TRUE)
    expect_equal(ours$lower[known], theirs$lower[known], tolerance = 1e-12)
    expect_equal(ours$upper[known], theirs$upper[known], tolerance = 1e-12)
    # Columns have the names of the states, as in survival since 3.6.
    for (name in c("n.risk", "n.event", "n.censor", "pstate", "lower", "upper")) {
      expect_identical(colnames(ours[[name]]), ours$states)
    }
    expect_identical(colnames(ours$cumhaz), colnames(theirs$cumhaz))
    expect_identical(dimnames(ours$p0), if (is.matrix(theirs$p0)) dimnames(theirs$p0))
    expect_identical(dim(ours), dim(theirs))
  }
})

test_that("a factor, named events and a Surv() object are the same", {
  by_factor <- lms_cuminc(Surv(t, cause) ~ g, d)
  by_name <- lms_cuminc(Surv(t, code) ~ g, d, event = c(fail = 1, dead = 2))
  y <- survival::Surv(d$t, d$cause)
  ready <- lms_cuminc(y ~ g, d)
  mstate <- lms_cuminc(Surv(t, code, type = "mstate") ~ g, d, event = c(fail = 1, dead = 2))
  for (other in list(by_name, ready, mstate)) {
    expect_identical(other$pstate, by_factor$pstate)
    expect_identical(other$states, by_factor$states)
    expect_identical(other$tests, by_factor$tests)
  }
  one <- lms_cuminc(Surv(t, code) ~ g, d, event = 2)
  expect_identical(one$states, c("(s0)", "2"))
})

test_that("a declared status needs no known words, but may not be known to be wrong", {
  known <- lms_cuminc(Surv(t, cause) ~ g, d)
  states <- c("i", "ii", "iii")
  levels <- transform(d, own = factor(states[code + 1], states))
  declared <- lms_cuminc(Surv(t, own, type = "mstate") ~ g, levels)
  expect_identical(unname(declared$pstate), unname(known$pstate))
  expect_identical(declared$states, c("(s0)", "ii", "iii"))
  numbers <- lms_cuminc(Surv(t, code, type = "mstate") ~ g, d)
  expect_identical(unname(numbers$pstate), unname(known$pstate))
  two <- transform(d, own = factor(c("i", "ii")[1 + (code > 0)]))
  expect_error(lms_cuminc(Surv(t, own) ~ g, two), class = "lmsurv_error_event")
  one <- lms_cuminc(Surv(t, own, type = "mstate") ~ g, two)
  expect_equal(unname(one$pstate[, 2]), 1 - lms_km(Surv(t, code > 0) ~ g, d)$surv,
               tolerance = 1e-12)
  wrong <- transform(d, own = factor(c("censored", "a", "b")[code + 1]))
  expect_error(lms_cuminc(Surv(t, own, type = "mstate") ~ g, wrong), "first level")
  unknown <- transform(d, own = factor(c("i", "ii", "unknown")[code + 1]))
  expect_error(lms_cuminc(Surv(t, own, type = "mstate") ~ g, unknown),
               class = "lmsurv_error_event")
})

test_that("codings that say nothing are refused, with the counts", {
  expect_snapshot({
    said(lms_cuminc(Surv(t, code) ~ g, d))
    said(lms_cuminc(Surv(t, as.character(cause)) ~ g, d))
    said(lms_cuminc(Surv(t, factor(c("a", "censored")[1 + (code == 0)])) ~ 1, d))
    said(lms_cuminc(Surv(t, code) ~ g, d, event = c(fail = 1, dead = 3)))
    said(lms_cuminc(Surv(t, cause) ~ g, transform(d, cause = factor(code, 0:3))))
  })
})

test_that("tired fingers", {
  expect_snapshot({
    said(lms_cuminc())
    said(lms_cuminc(Surv(t, caus) ~ g, d))
    said(lms_cuminc(Surv(t, cause) ~ g, d, conf.type = "plain"))
    said(lms_cuminc(Surv(t, cause) ~ g, d, conf_type = "loglog"))
    said(lms_cuminc(Surv(t, cause) ~ g, d, variance = "gray"))
    said(lms_cuminc(Surv(t, cause) ~ g, d, rho = "a"))
    said(lms_cuminc(Surv(t, cause) ~ g, d, 3))
    said(lms_cuminc(Surv(t - 3, cause) ~ g, d))
    said(lms_cuminc(Surv(t, cause) ~ g * w, d))
    said(lms_cuminc(Surv(t, cause) ~ g, d, variance = "aalen", weights = w))
    said(lms_cuminc(Surv(t, cause) ~ g, d, variance = "aalen", cluster = id))
    said(lms_cuminc(d$t, d$code))
    said(lms_cuminc(Surv(t, cause) ~ g, d, failcode = 1))
    said(lms_cuminc(Surv(tme, cse) ~ gruppe))
    said(print(lms_cuminc(Surv(t, cause) ~ g, d), digits = "a"))
    said(lms_cuminc(Surv(t, cause) ~ g, d, weights = 0 + (g == "x")))
    said(lms_cuminc(Surv(t, cause) ~ 1, d, weights = rep(0, 8), weight_type = "frequency"))
  })
})

test_that("rows of one patient follow each other, up to the first event", {
  rows <- data.frame(
    id = c(1, 1, 2, 3), from = c(0, 2, 0, 0), to = c(2, 5, 4, 6),
    cause = factor(c("none", "fail", "dead", "none"), c("none", "fail", "dead")), w = c(2, 2, 1, 3)
  )
  fit <- lms_cuminc(Surv(from, to, cause) ~ 1, rows, id = id)
  expect_equal(c(fit$n.id, fit$patients), c(3L, 3L))
  # The first row of patient 1 is not censored at 2.
  expect_equal(cbind(fit$time, censored(fit)), cbind(c(2, 4, 5, 6), c(0, 0, 0, 1)))
  arms <- lms_cuminc(Surv(from, to, cause) ~ arm, transform(rows, arm = c(1, 2, 2, 2)), id = id)
  expect_equal(list(arms$n.id, arms$patients), list(c(1L, 3L), 3L))
  expect_equal(arms$n.censor[arms$time == 2, 1], c("(s0)" = 1), ignore_attr = TRUE)
  expect_equal(sum(fit$transitions), 3)
  expect_snapshot({
    said(lms_cuminc(Surv(from, to, cause) ~ 1, rows[4:1, ], id = c(1, 1, 2, 2)))
    said(lms_cuminc(Surv(from, to, rev(cause)) ~ 1, rows, id = c(1, 1, 1, 2)))
    said(lms_cuminc(Surv(to, cause) ~ 1, rows, id = id))
    said(lms_cuminc(
      Surv(from, to, cause) ~ 1, transform(rows, w = 1:4), id = id, weights = w,
      weight_type = "frequency"
    ))
  })
  expanded <- rows[rep(1:4, rows$w), ]
  expanded$id <- c(1, 10, 1, 10, 2, 3, 30, 300)
  by_weight <- lms_cuminc(
    Surv(from, to, cause) ~ 1, rows, id = id, weights = w, weight_type = "frequency"
  )
  by_row <- lms_cuminc(Surv(from, to, cause) ~ 1, expanded, id = id)
  expect_close(by_weight$std.err, by_row$std.err, 1e-13)
})

test_that("frequencies are the expanded rows", {
  set.seed(4)
  many <- data.frame(
    t = sample(12, 60, TRUE), cause = factor(sample(0:2, 60, TRUE), 0:2, c("none", "a", "b")),
    g = sample(3, 60, TRUE), s = sample(2, 60, TRUE), k = sample(0:3, 60, TRUE)
  )
  expanded <- many[rep(1:60, many$k), ]
  for (variance in c("jackknife", "aalen")) {
    counted <- lms_cuminc(
      Surv(t, cause) ~ g + strata(s), many, weights = k, weight_type = "frequency",
      variance = variance
    )
    rows <- lms_cuminc(Surv(t, cause) ~ g + strata(s), expanded, variance = variance)
    at <- match(paste(rep(counted$groups, counted$strata), counted$time),
                paste(rep(rows$groups, rows$strata), rows$time))
    for (name in c("pstate", "std.err", "n.risk", "n.event", "lower", "upper")) {
      expect_close(counted[[name]][!is.na(at), ], rows[[name]][at[!is.na(at)], ], 1e-12)
    }
    expect_close(counted$tests, rows$tests, 1e-12)
    expect_equal(counted$n, rows$n)
  }
})

test_that("one cause: one minus Kaplan-Meier, with Greenwood's variance", {
  lung <- survival::lung
  ours <- lms_cuminc(Surv(time, status) ~ sex, lung, event = c(death = 2))
  km <- survival::survfit(Surv(time, status) ~ sex, lung)
  expect_close(ours$pstate[, 2], 1 - km$surv, 1e-13)
  expect_close(ours$std.err[, 2], km$std.err * km$surv, 1e-12)
  expect_close(ours$n.risk[, 1], km$n.risk, 0)
  aalen <- lms_cuminc(Surv(time, status) ~ sex, lung, event = c(death = 2), variance = "aalen")
  expect_close(aalen$std.err[, 1], km$std.err * km$surv, 1e-12)
})

test_that("groups without events, nobody with an event, and one row", {
  expect_message(
    none <- lms_cuminc(Surv(t, cause) ~ g, transform(d, cause = replace(cause, TRUE, "none"))),
    "has the event \"fail\" or \"dead\""
  )
  expect_true(all(none$pstate[, 1] == 1) && all(none$std.err == 0))
  expect_true(all(is.na(none$tests$statistic)))
  expect_output(print(none), "Gray's test cannot be computed")
  one <- without_messages(lms_cuminc(Surv(t, cause) ~ 1, d[1, ]))
  expect_equal(unname(one$pstate), matrix(c(0, 1, 0), 1))
  expect_equal(one$std.err, matrix(0, 1, 3))
  half <- transform(d, cause = replace(cause, g == "x", "none"))
  fit <- lms_cuminc(Surv(t, cause) ~ g, half)
  expect_true(all(fit$pstate[seq_len(fit$strata[["g=x"]]), 1] == 1))
  expect_output(print(fit), "0.0%")
})

test_that("where there is no theory of Gray's test there is no number", {
  reason <- function(...) {
    fit <- lms_cuminc(...)
    expect_true(all(is.na(fit$tests$statistic)) && all(is.na(fit$tests$p.value)))
    fit$tests_note
  }
  expect_match(reason(Surv(t, cause) ~ g, d, weights = w), "weights that are not frequencies")
  expect_match(reason(Surv(t - 1, t, cause) ~ g, d), "entry times")
  expect_match(reason(Surv(t, cause) ~ g, d, cluster = id %% 3), "clusters")
  expect_null(lms_cuminc(Surv(t, cause) ~ 1, d)$tests)
  expect_false(anyNA(lms_cuminc(Surv(t, cause) ~ g, d, weights = rep(1, 8))$tests))
  # groups that are never at risk together
  apart <- transform(d, t = t + 10 * (g == "y"), cause = replace(cause, g == "x", "none"))
  expect_match(reason(Surv(t, cause) ~ g, apart), "at risk together at too few event times")
})

test_that("conventions, missing values, subset and notes", {
  withr::with_options(list(lmsurv.conventions = "stata"), {
    expect_identical(lms_cuminc(Surv(t, cause) ~ g, d)$conf.type, "log-log")
  })
  holes <- transform(d, g = replace(g, 2, NA))
  fit <- lms_cuminc(Surv(t, cause) ~ g, holes)
  expect_equal(fit$missing, c(g = 1))
  expect_equal(sum(fit$n), 7)
  expect_output(print(fit), "1 row excluded \\(missing `g` in 1\\)")
  fit <- lms_cuminc(Surv(t, cause) ~ g, d, subset = t < 5)
  expect_equal(fit$pstate, lms_cuminc(Surv(t, cause) ~ g, d[d$t < 5, ])$pstate)
  none <- lms_cuminc(Surv(t, cause) ~ g, d, conf_type = "none")
  expect_null(none$lower)
  expect_output(print(none), "no CI")
})

test_that("limits lie within 0 and 1, and are none where an incidence is 0", {
  for (type in c("log", "log-log", "plain", "logit", "arcsin")) {
    fit <- lms_cuminc(Surv(t, cause) ~ g, d, conf_type = type)
    zero <- fit$pstate == 0
    expect_equal(is.na(fit$lower) & zero, zero & type != "plain")
    known <- !is.na(fit$lower)
    expect_true(all(fit$lower[known] >= 0 & fit$upper[known] <= 1))
    expect_true(all(fit$lower[known] <= fit$pstate[known] + 1e-15))
    expect_true(all(fit$upper[known] >= fit$pstate[known] - 1e-15))
  }
})

test_that("order and unit of the times do not matter", {
  data <- competing$mgus2()
  fit <- lms_cuminc(Surv(time_to, cause) ~ sex, data)
  set.seed(1)
  other <- lms_cuminc(Surv(time_to / 12, cause) ~ sex, data[sample(nrow(data)), ])
  expect_close(other$pstate, fit$pstate, 1e-13)
  expect_close(other$std.err, fit$std.err, 1e-12)
  expect_close(other$tests, fit$tests, 1e-10)
})
