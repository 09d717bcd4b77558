# Ctrl-C is obeyed within half a second of processor time, by whatever a single argument or data
# make long, and memory stays below what the help pages say (with R itself and the package, 250 MB).
expect_stops <- function(code, mb = 700, after = 1.5) {
  run <- interrupt_child(code, after)
  expect_false(is.na(run$seconds))
  expect_lt(run$seconds, 0.5)
  expect_lt(run$mb, mb)
}

data_of <- function(n, groups) {
  paste0(
    "set.seed(1); n <- ", n, "; d <- data.frame(t = rexp(n), s = rep(0:1, n / 2), ",
    "g = factor(sample(", groups, ", n, TRUE)), id = rep(seq_len(n / 2), 2));"
  )
}

test_that("an exact table with a raised workspace stops", {
  expect_stops(paste(
    "set.seed(1); x <- matrix(rpois(64, 9), 8);",
    "lms_fisher(x, workspace = 1e8, method = \"exact\")"
  ))
})

test_that("random tables of many cells stop", {
  expect_stops(paste(
    "set.seed(1); x <- matrix(rpois(40000, 9), 200);",
    "lms_fisher(x, replicates = 1e9, method = \"monte_carlo\")"
  ))
})

test_that("numbers of deaths in a reference group of 100 million stop", {
  expect_stops("lms_infer_deaths(\"0.5\", \"0.3\", \"0.8333\", 100, n_reference = 1e8)")
})

test_that("Gray's test of many groups stops, on any thread", {
  expect_stops(paste(
    data_of(1e5, 400), "d$c <- factor(sample(0:2, n, TRUE));",
    "suppressMessages(lms_cuminc(Surv(t, c) ~ g, d))"
  ))
})

test_that("rank tests of many groups, of pairs, and with a robust variance stop", {
  test <- "suppressMessages(lms_logrank(Surv(t, s) ~ g, d, event = 1, "
  expect_stops(paste0(data_of(2e5, 900), test, "test = \"gehan\"))"))
  expect_stops(paste0(data_of(2e5, 900), test, "pairwise = TRUE))"))
  expect_stops(paste0(data_of(2e5, 200), test, "robust = TRUE))"), mb = 1200)
})

test_that("curves with clusters, exact ties and restricted means stop", {
  expect_stops(paste(
    data_of(1e6, 2), "repeat suppressMessages(lms_km(Surv(t, s) ~ 1, d, cluster = id, event = 1))"
  ), mb = 1200, after = 3)
  expect_stops(paste(
    data_of(2e4, 2), "lms_cox(Surv(ceiling(2 * t), s) ~ id + t, d, ties = \"exact\", event = 1)"
  ))
  expect_stops(paste(
    data_of(2e6, 2), "repeat lms_rmst(Surv(t, s) ~ 1, d, event = 1)"
  ), mb = 1200, after = 3)
})

test_that("millions of rows that enter late stop in curves and models", {
  late <- paste(
    "set.seed(1); n <- 2e6; t <- rexp(n) + 0.01; d <- data.frame(entry = t * runif(n, 0, 0.9),",
    "t = t, s = rep(0:1, n / 2), x = rnorm(n));"
  )
  expect_stops(paste(late, "repeat lms_km(Surv(entry, t, s) ~ 1, d, event = 1)"), 1500, after = 3)
  expect_stops(paste(late, "repeat lms_cox(Surv(entry, t, s) ~ x, d, event = 1)"), 1500, after = 3)
})

test_that("an incidence of millions of rows and a test of proportional hazards stop", {
  expect_stops(paste(
    "set.seed(1); n <- 4e6; d <- data.frame(t = rexp(n), c = factor(sample(0:2, n, TRUE)));",
    "repeat lms_cuminc(Surv(t, c) ~ 1, d)"
  ), 2500, after = 3)
  expect_stops(paste(
    data_of(1e6, 2), "fit <- lms_cox(Surv(t, s) ~ id + g, d, event = 1); repeat lms_zph(fit)"
  ), 1200, after = 3)
})

# One column tells who dies: its coefficient is infinite, which takes all steps to see.
test_that("a model of a thousand columns stops", {
  expect_stops(paste(
    "set.seed(1); n <- 4000; x <- matrix(rnorm(n * 1000), n);",
    "d <- data.frame(t = rexp(n), s = rbinom(n, 1, 0.3)); x[, 1L] <- d$s;",
    "repeat suppressWarnings(lms_cox(Surv(t, s) ~ x, d, event = 1))"
  ), 1200, after = 3)
})

test_that("what would take too much is refused with a way out", {
  expect_error(
    lms_fisher(matrix(c(1e11, 1, 1, 1e11), 2)), "are tested exactly up to 10,000,000,000"
  )
  expect_error(lms_infer_deaths("0.5", "0.3", "0.8333", n_reference = 1e10), "`n_reference`")
  d <- data.frame(t = 1:1200, s = 1, g = rep(1:600, 2))
  expect_error(
    lms_logrank(Surv(t, s) ~ factor(g), d, robust = TRUE, event = 1),
    "A robust variance of 600 groups"
  )
})

test_that("a table of a billion takes little memory and has the odds ratio of its counts", {
  fit <- lms_fisher(matrix(c(1e9, 1, 1, 1e9), 2))
  expect_true(fit$estimate > 1e17 && fit$conf.int[1L] < fit$estimate)
  small <- lms_fisher(matrix(c(1e4, 1, 1, 1e4), 2))
  # The odds ratio of the conditional distribution grows with the square of the counts.
  expect_equal(fit$estimate[[1L]] / 1e10, small$estimate[[1L]], tolerance = 1e-3)
  even <- lms_fisher(matrix(c(2.4e9, 2.4e9, 2.4e9, 2.4e9), 2))
  expect_equal(even$estimate[[1L]], 1, tolerance = 1e-9)
  expect_equal(log(even$conf.int[2L]), qnorm(0.975) * sqrt(4 / 2.4e9), tolerance = 1e-3)
})

test_that("deaths are found alike in one part and in many", {
  args <- list(
    c(a = "0.21", b = "0.29"), c("0.06", "0.07"), c("0.66", "1.2"), c(13, 6), n_reference = 125
  )
  whole <- do.call(lms_infer_deaths, args)
  given <- do.call(lms_infer_deaths, c(args, list(deaths_reference = 1:125)))
  expect_equal(whole, given)
  ranges <- list(
    hr = cbind(c(0.205, 0.285), c(0.215, 0.295)), lower = cbind(c(0.055, 0.065), c(0.065, 0.075)),
    upper = cbind(c(0.655, 1.15), c(0.665, 1.25))
  )
  se <- error_range(ranges, qnorm(0.975))
  expect_equal(
    possible_deaths(NULL, 125, se, c(13, 6), 1.1, part = 7),
    possible_deaths(NULL, 125, se, c(13, 6), 1.1)
  )
})
