# Curves that cross, and groups that were followed for different times.

# Hazard ratio `ratio` up to the time 0.35 and its inverse after.
crossing <- function(n, ratio, seed = 1) {
  set.seed(seed)
  group <- rep(0:1, length.out = n)
  hazard <- rexp(n)
  bend <- 0.35
  early <- hazard < bend * ratio
  time <- ifelse(group == 0, hazard,
                 ifelse(early, hazard / ratio, bend + (hazard - bend * ratio) * ratio))
  end <- runif(n, 0.3, 3)
  data.frame(time = pmin(time, end), died = as.integer(time <= end), group = group)
}

alloauto <- function() {
  skip_if_not_installed("KMsurv")
  held <- new.env()
  utils::data("alloauto", package = "KMsurv", envir = held)
  held$alloauto
}

# O(n^2) sums of the log-rank test of the second group up to a time.
slow_sums <- function(time, died, second, until, after = -Inf) {
  at <- sort(unique(time[died == 1 & time <= until & time > after]))
  parts <- vapply(at, function(t) {
    n <- sum(time >= t)
    d <- sum(time == t & died == 1)
    share <- sum(time >= t & second) / n
    own <- sum(time == t & died == 1 & second)
    c(d, own - d * share, if (n > 1) d * (n - d) / (n - 1) * share * (1 - share) else 0)
  }, double(3))
  rowSums(parts)
}

test_that("the two periods have the sums of the log-rank test up to the median event and after", {
  for (seed in 1:3) {
    d <- crossing(60, 2, seed)
    d$time <- ceiling(10 * d$time)
    sums <- lms_logrank(Surv(time, died) ~ group, d)$periods
    cut <- sort(d$time[d$died == 1])[ceiling(sum(d$died) / 2)]
    expect_identical(unique(sums$until), cut)
    early <- slow_sums(d$time, d$died, d$group == 1, cut)
    late <- slow_sums(d$time, d$died, d$group == 1, Inf, cut)
    expect_equal(unname(as.matrix(sums[3:5])), rbind(early, late, deparse.level = 0),
                 tolerance = 1e-10)
    # Curves have them too, from their counts.
    expect_equal(curve_periods(lms_km(Surv(time, died) ~ group, d), 1:2), sums, tolerance = 1e-10)
  }
  # With entry times, and rows split.
  d$entry <- pmax(0, d$time - 7)
  sums <- lms_logrank(Surv(entry, time, died) ~ group, d)$periods
  expect_equal(curve_periods(lms_km(Surv(entry, time, died) ~ group, d), 1:2), sums,
               tolerance = 1e-10)
  twice <- lms_logrank(Surv(time, died) ~ group, d, weights = rep(2, 60), weight_type = "frequency")
  doubled <- lms_logrank(Surv(time, died) ~ group, d[rep(1:60, 2), ])
  expect_equal(twice$periods, doubled$periods, tolerance = 1e-10)
  expect_null(lms_logrank(Surv(time, died) ~ group, d, test = "gehan")$periods)
  expect_null(lms_logrank(Surv(time, died) ~ group, d, robust = TRUE)$periods)
  with_strata <- lms_logrank(Surv(time, died) ~ group + strata(entry > 2), d)
  expect_equal(sum(with_strata$periods$score), sum(with_strata$obs[2, ] - with_strata$exp[2, ]))
})

test_that("curves that cross are found, in tests and in curves, with lines that run", {
  for (ratio in c(2, 3)) {
    d <- crossing(400, ratio)
    test <- lms_check(lms_logrank(Surv(time, died) ~ group, d))
    curves <- lms_check(lms_km(Surv(time, died) ~ group, d))
    found_in <- found(test, "crossing_curves")
    expect_identical(found_in$severity, "caution")
    expect_identical(found_in$group, "group=1 versus group=0")
    expect_gt(estimate_of(test, "crossing_curves", "early"), 1)
    expect_lt(estimate_of(test, "crossing_curves", "late"), 1)
    expect_equal(found(curves, "crossing_curves")$p.value, found_in$p.value, tolerance = 1e-8)
    code <- unique(na.omit(test$code[test$kind == "crossing_curves"]))
    expect_s3_class(eval(parse(text = code[1])), "lms_rmst")
    skip_if_not_installed("mvtnorm")
    combined <- eval(parse(text = code[2]))
    expect_identical(combined$test, "max-combo")
    expect_identical(nrow(found(lms_check(combined), "crossing_curves")), 0L)
  }
})

test_that("a part of many rows is scattered over the groups", {
  rows <- scattered_rows(200000, 5e4)
  expect_equal(length(rows), 5e4, tolerance = 1e-3)
  for (k in 2:7) {
    expect_lt(diff(range(tabulate(rows %% k + 1L))) / length(rows), 0.01)
  }
  expect_null(scattered_rows(5e4, 5e4))
  d <- crossing(60000, 2)
  sums <- lms_logrank(Surv(time, died) ~ group, d)$periods
  part <- lms_logrank(Surv(time, died) ~ group, d[scattered_rows(60000, 5e4), ])$periods
  expect_equal(sums, part, tolerance = 1e-10)
})

test_that("bone marrow transplants have curves that cross", {
  d <- alloauto()
  test <- lms_logrank(Surv(time, delta) ~ type, d)
  expect_gt(test$p.value, 0.5)
  check <- lms_check(test)
  expect_match(texts_of(check, "crossing_curves"), paste(
    "type=2 versus type=1: the hazard ratio is about 0.59 up to time 5.76 and 2.44 after",
    "(p = 0.012 for the difference)."
  ), fixed = TRUE)
})

test_that("proportional and equal hazards do not cross, nor do pairs of many groups by chance", {
  set.seed(7)
  found_in <- vapply(1:100, function(i) {
    d <- data.frame(time = rexp(150), died = rbinom(150, 1, 0.7), group = rep(1:3, 50))
    d$time <- d$time / c(1, 1, 0.6)[d$group]
    nrow(found(lms_check(lms_km(Surv(time, died) ~ group, d)), "crossing_curves")) > 0L
  }, NA)
  expect_lt(mean(found_in), 0.08)
  few <- data.frame(time = 1:3, died = c(1, 0, 0), group = c(1, 1, 2))
  expect_identical(nrow(found(lms_check(lms_km(Surv(time, died) ~ group, few)),
                              "crossing_curves")), 0L)
})

test_that("follow-up that differs by group is found by the reverse curves", {
  set.seed(8)
  n <- 200
  seen <- function(fold) {
    death <- rexp(n, 0.1)
    group <- rep(c("old", "new"), each = n / 2)
    end <- runif(n, 2, 6) * ifelse(group == "old", fold, 1)
    data.frame(time = pmin(death, end), died = as.integer(death <= end), group = group)
  }
  for (fold in c(2, 4)) {
    d <- seen(fold)
    check <- found(lms_check(lms_km(Surv(time, died) ~ group, d)), "follow_up_differs")
    expect_identical(check$group, "group=new versus group=old")
    reverse <- survival::survfit(Surv(time, 1 - died) ~ group, d)
    expect_equal(c(check$from, check$to), as.vector(quantile(reverse, 0.5)$quantile))
    means <- eval(parse(text = check$code))
    expect_lte(means$tau, min(tapply(d$time, d$group, max)))
  }
  for (fold in c(1, 1.1)) {
    d <- seen(fold)
    check <- lms_check(lms_km(Surv(time, died) ~ group, d))
    expect_identical(nrow(found(check, "follow_up_differs")), 0L)
  }
})

test_that("the reverse test is the log-rank test of censoring, of any number of groups", {
  d <- transform(survival::veteran, died = status)
  for (formula in list(Surv(time, died) ~ trt, Surv(time, died) ~ celltype)) {
    # Times at which both happen: deaths at the time of a censoring are still at risk of it.
    theirs <- survival::survdiff(stats::update(formula, Surv(time, 1 - died) ~ .), d)
    expect_equal(reverse_test(lms_km(formula, d)), theirs$pvalue, tolerance = 1e-8)
  }
})

test_that("a released report tells no count or time of them", {
  d <- crossing(400, 3)
  rows <- findings_in(as.data.frame(lms_check(lms_km(Surv(time, died) ~ group, d))))
  hidden <- one_kind(rows[rows$kind == "crossing_curves", ], finding_voice("label", 5))
  expect_no_match(hidden$text, "[0-9]")
})
