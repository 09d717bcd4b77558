deaths <- function(times) list(time = times, n.event = rep(1, length(times)))

test_that("rates of a part are told where neither it nor the others have few deaths", {
  # Up to 10, 20 and 30: 8, 12 and 20 of the part, and 2, 8 and 10 others; 5 and 5 after that.
  all <- list(fit = deaths(1:40), rates = data.frame(time = c(10, 20, 30)))
  part <- list(fit = deaths(c(1:8, 11:14, 21:28, 31:35)), rates = data.frame(time = c(10, 20, 30)))
  told <- function(rates) lapply(rates, function(x) x$rates$told)
  expect_identical(told(release_rates(all, part, 5)),
                   list(all = c(TRUE, TRUE, TRUE), part = c(FALSE, TRUE, FALSE)))
  expect_identical(told(release_rates(all, NULL, 5)), list(all = c(TRUE, TRUE, TRUE)))
  # What is not told of all is not told of a part: 3 of all die after 30.
  all$fit <- deaths(1:33)
  part$fit <- deaths(c(1:8, 11:14, 21:28))
  expect_identical(told(release_rates(all, part, 5)),
                   list(all = c(TRUE, TRUE, FALSE), part = c(FALSE, TRUE, FALSE)))
})

test_that("incidences are told where neither a cause nor all of them have few events", {
  told <- function(a, b, rest, n_risk = c(60, 40, 20)) {
    all <- data.frame(state = rep(c("(s0)", "a", "b"), 3L), n.risk = rep(n_risk, each = 3L),
                      n.event = as.vector(rbind(0, a, b)))
    fit <- list(states = c("(s0)", "a", "b"),
                n.event = rbind(c(0, sum(a), sum(b)), c(0, rest)))
    released_incidences(all, fit, "a", 5)
  }
  expect_identical(told(c(6, 6, 6), c(7, 7, 7), c(5, 5)), c(TRUE, TRUE, TRUE))
  # 2 of cause b up to the first time; 9 in all.
  expect_identical(told(c(7, 6, 6), c(2, 7, 7), c(5, 5)), c(FALSE, TRUE, TRUE))
  # 3 in all up to it, of one cause, and 3 after the last.
  expect_identical(told(c(3, 6, 6), c(0, 7, 7), c(5, 5)), c(FALSE, TRUE, TRUE))
  expect_identical(told(c(6, 6, 6), c(7, 7, 7), c(0, 3)), c(TRUE, TRUE, FALSE))
  # Few are at risk.
  expect_identical(told(c(6, 6, 6), c(7, 7, 7), c(5, 5), c(60, 40, 4)), c(TRUE, TRUE, FALSE))
  # Survival may stand at the first time, 7 events, and the second comes 3 after it.
  expect_identical(told(c(5, 0, 6), c(2, 3, 7), c(5, 5)), c(FALSE, FALSE, TRUE))
})

test_that("rates of an endpoint are told where its events are not a few more than the deaths", {
  cohort <- data.frame(os = survival::Surv(1:40, rep(1, 40)))
  times <- function(name, about = list()) {
    data <- list(name = name, about = about, rates = list(rates = data.frame(time = c(10, 20))),
                 fit = deaths(c(seq(1, 10, length.out = 12), seq(11, 20, length.out = 14), 21:46)))
    released_times(data, cohort, 5)
  }
  # 12 and 10 up to the first time, 26 and 20 up to the second, 52 and 40 in all.
  expect_identical(times("relapse_free"), c(FALSE, TRUE))
  # Overall survival itself, and one that is of other patients.
  expect_identical(times("os"), c(TRUE, TRUE))
  expect_identical(times("os_relapse", list(applies = "relapse")), c(TRUE, TRUE))
})
