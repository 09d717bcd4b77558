# Values far from all others.

ages <- function(n, seed) {
  withr::with_seed(seed, {
    d <- data.frame(age = round(rnorm(n, 60, 10)), marker = rlnorm(n), nodes = rgeom(n, 0.2))
    d$time <- rexp(n, 0.1 * exp(0.03 * (d$age - 60)))
    d$died <- rbinom(n, 1, 0.7)
    d
  })
}
outliers <- function(d, formula = Surv(time, died) ~ age + marker + nodes) {
  found(lms_check(fit_silently(formula, d, event = 1)), "outlier")
}

test_that("one age typed ten times too large or too small is named with the others beside it", {
  d <- ages(200, 1)
  d$age[7] <- 620
  row <- outliers(d)
  expect_identical(row[c("variable", "n", "n_total", "row", "value")],
                   data.frame(variable = "age", n = 1, n_total = 200, row = 7, value = 620))
  expect_identical(c(row$from, row$to), as.double(range(d$age[-7])))
  expect_identical(row$median, stats::median(d$age))
  expect_match(finding_text(row), "`age`: 1 value lies far from all others (620 in row 7;",
               fixed = TRUE)
  for (n in c(60, 150, 400)) {
    named <- vapply(1:20, function(seed) {
      d <- ages(n, seed)
      d$age[seed] <- if (seed %% 2) 10 * d$age[seed] else d$age[seed] / 10
      nrow(outliers(d, Surv(time, died) ~ age)) == 1L
    }, NA)
    expect_gte(mean(named), 0.8)
  }
})

test_that("several wrong values are counted, and missing rows keep their numbers", {
  d <- ages(200, 2)
  d$age[c(11, 30)] <- c(999, 650)
  d$marker[3] <- NA
  row <- outliers(d)
  expect_identical(c(row$n, row$row, row$value), c(2, 11, 999))
  expect_match(finding_text(row), "2 values lie far")
})

test_that("large values of skewed markers and counts are no errors", {
  named <- vapply(1:60, function(seed) nrow(outliers(ages(150, seed))), 0L)
  expect_lte(mean(named > 0), 0.1)
  # A scale that nobody chose changes nothing.
  for (seed in 1:10) {
    d <- ages(150, seed)
    scaled <- transform(d, marker = 1e6 * marker)
    expect_identical(outliers(d)$row, outliers(scaled)$row)
  }
})

test_that("a release tells no value and no row", {
  d <- ages(200, 1)
  d$age[7] <- 620
  text <- finding_text(outliers(d), finding_voice("label"))
  expect_identical(text, "Age: 1 value lies far from all others.")
  expect_identical(lms_strip(lms_check(fit_silently(Surv(time, died) ~ age, d)))$row |>
                     stats::na.omit() |> length(), 0L)
})
