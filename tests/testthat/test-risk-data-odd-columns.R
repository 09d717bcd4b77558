# What may lie in a column of a data frame, beside numbers and categories.
set.seed(8)
n <- 40
plain <- data.frame(t = rexp(n), e = rbinom(n, 1, 0.6), z = rnorm(n))
three <- sample(c("a", "b", NA), n, TRUE)
odd <- list(
  added = addNA(factor(three)), added_without = addNA(factor(sample(c("a", "b"), n, TRUE))),
  named_na = addNA(factor(sample(c("a", "NA", NA), n, TRUE))),
  raw = as.raw(sample(0:3, n, TRUE)), complex = complex(real = rnorm(n), imaginary = 1),
  list = as.list(1:n), kept_list = I(as.list(1:n)), frame = I(data.frame(a = 1:n, b = 1:n)),
  matrix = matrix(rnorm(2 * n), n), text_matrix = matrix(sample(letters[1:3], 2 * n, TRUE), n),
  flag_matrix = matrix(rnorm(2 * n) > 0, n), one_level = factor(rep("a", n)),
  one_text = rep("x", n), one_flag = rep(TRUE, n), constant = rep(3, n),
  empty_levels = factor(sample(c("a", "b"), n, TRUE), c("a", "b", "c")), all_na = rep(NA, n),
  no_number = rep(NA_real_, n), no_level = factor(rep(NA, n)), one_value = c(1, rep(NA, n - 1)),
  time = as.POSIXct("2020-01-01", tz = "UTC") + 1e6 * rnorm(n),
  broken_time = as.POSIXlt("2020-01-01", tz = "UTC") + 1e6 * rnorm(n),
  date = as.Date("2020-01-01") + 1:n, span = as.difftime(rnorm(n), units = "days"),
  infinite = c(Inf, rnorm(n - 1)), ordered = addNA(factor(sample(3, n, TRUE), ordered = TRUE)),
  long = structure(rnorm(n), class = "integer64")
)

# An answer, or a sentence of ours.
answer <- function(expr) {
  tryCatch(
    {
      suppressMessages(suppressWarnings(utils::capture.output(print(expr))))
      "answer"
    },
    lmsurv_error = function(e) "sentence",
    error = function(e) paste("raw:", conditionMessage(e))
  )
}

uses <- list(
  cox = function(d) lms_cox(Surv(t, e) ~ x + z, d),
  table_cox = function(d) lms_table_cox(lms_cox(Surv(t, e) ~ x + z, d)),
  km = function(d) lms_km(Surv(t, e) ~ x, d), logrank = function(d) lms_logrank(Surv(t, e) ~ x, d),
  rmst = function(d) lms_rmst(Surv(t, e) ~ x, d),
  cuminc = function(d) lms_cuminc(Surv(t, e) ~ x, d),
  strata = function(d) lms_cox(Surv(t, e) ~ z + strata(x), d),
  offset = function(d) lms_cox(Surv(t, e) ~ z + offset(x), d),
  weights = function(d) lms_cox(Surv(t, e) ~ z, d, weights = x),
  cluster = function(d) lms_cox(Surv(t, e) ~ z, d, cluster = x),
  status = function(d) lms_km(Surv(t, x) ~ 1, d), times = function(d) lms_km(Surv(x, e) ~ 1, d),
  table = function(d) lms_table_one(d, vars = x), table_by = function(d) lms_table_one(d, by = x)
)

test_that("no column makes a raw error", {
  for (use in names(uses)) {
    for (kind in names(odd)) {
      d <- plain
      d$x <- odd[[kind]]
      expect_match(answer(uses[[use]](d)), "^(answer|sentence)$", info = paste(use, kind))
    }
  }
  for (use in uses) expect_identical(answer(use(transform(plain, x = z)[0, ])), "sentence")
})

test_that("a level that is NA is a level, as in coxph()", {
  d <- transform(plain, x = addNA(factor(three)))
  ours <- lms_cox(Surv(t, e) ~ x + z, d)
  theirs <- survival::coxph(Surv(t, e) ~ x + z, d)
  expect_close(coef(ours), coef(theirs))
  expect_close(unname(predict(ours, d[1:9, ])), unname(predict(theirs, d[1:9, ])))
  expect_true("NA" %in% ours$level_table$level)
})

test_that("a matrix of text or flags is refused: its codes are those of its first column", {
  for (kind in c("text_matrix", "flag_matrix")) {
    d <- plain
    d$x <- odd[[kind]]
    expect_error(lms_cox(Surv(t, e) ~ x, d), class = "lmsurv_error_covariate")
  }
})
