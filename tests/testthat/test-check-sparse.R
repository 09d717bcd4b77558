# Levels with few events, on examples counted by hand.

test_that("levels with few events are named with their counts, 0/1 columns too", {
  d <- small(60)
  d$grade <- factor(rep(c("low", "high", "unknown", "other"), c(30, 20, 5, 5)))
  d$operated <- as.numeric(seq_len(60) > 56)
  fit <- fit_silently(Surv(time, died) ~ grade + operated + sex, d)
  notes <- found(lms_check(fit), "sparse_level")
  expect_identical(notes$variable, c("grade", "grade", "operated"))
  expect_identical(notes$level, c("other", "unknown", "1"))
  counted <- function(at) c(sum(at), sum(d$died[at]))
  expect_identical(c(notes$n[1], notes$n_events[1]), counted(d$grade == "other"))
  expect_identical(c(notes$n[2], notes$n_events[2]), counted(d$grade == "unknown"))
  expect_identical(c(notes$n[3], notes$n_events[3]), counted(d$operated == 1))
  expect_match(finding_text(notes[1, ]), "`grade` = \"other\": 3 events in 5 patients.",
               fixed = TRUE)
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
  expect_identical(c(note$n, note$n_events), c(13, 4))
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
