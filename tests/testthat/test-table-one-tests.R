# p-values beside stats and survival, standardised differences beside hand algebra.

patients <- within(survival::lung, {
  sex <- factor(sex, 1:2, c("men", "women"))
  ecog <- factor(ph.ecog)
  centre <- cut(inst, c(0, 5, 12, 40), c("a", "b", "c"))
  old <- age > 65
  os <- survival::Surv(time, status == 2)
})

compared <- function(..., by = "sex") {
  numbers <- as.data.frame(lms_table_one(patients, by, ..., smd = TRUE))
  numbers[!duplicated(numbers$variable), c("variable", "p.value", "method", "smd")]
}

test_that("each kind of variable has its test", {
  two <- compared(c("age", "ecog", "old", "os"))
  expect_equal(two$p.value[1], stats::wilcox.test(age ~ sex, patients, exact = FALSE)$p.value)
  expect_equal(two$p.value[2], stats::fisher.test(table(patients$ecog, patients$sex))$p.value)
  expect_equal(two$p.value[3], stats::fisher.test(table(patients$old, patients$sex))$p.value)
  score <- survival::survdiff(os ~ sex, patients)$chisq
  expect_equal(two$p.value[4], stats::pchisq(score, 1, lower.tail = FALSE))
  expect_identical(two$method, c("Wilcoxon rank-sum test", "Fisher's exact test",
                                 "Fisher's exact test", "log-rank test"))
  three <- compared(c("age", "os"), by = "centre")
  expect_equal(three$p.value[1], stats::kruskal.test(age ~ centre, patients)$p.value)
  score <- survival::survdiff(os ~ centre, patients)$chisq
  expect_equal(three$p.value[2], stats::pchisq(score, 2, lower.tail = FALSE))
})

test_that("the t-test and analysis of variance are asked for", {
  expect_equal(compared("age", test = "t")$p.value, stats::t.test(age ~ sex, patients)$p.value)
  expect_equal(compared("age", test = "t", by = "centre")$p.value,
               stats::oneway.test(age ~ centre, patients)$p.value)
  some <- compared(c("age", "wt.loss"), test = c("rank", age = "t"))
  expect_identical(some$method, c("Welch's t-test", "Wilcoxon rank-sum test"))
  expect_true(all(is.na(compared(c("age", "wt.loss"), test = "none")$p.value)))
  expect_false("p.value" %in% names(format(lms_table_one(patients, sex, age, p = FALSE))))
})

test_that("the small sample test of ranks is exact", {
  d <- data.frame(g = rep(c("a", "b"), c(4, 5)), x = c(1.5, 2, 9, 7, 3, 4.5, 8, 11, 12))
  p <- as.data.frame(lms_table_one(d, g, x))$p.value[1]
  # Rank sum of a is 1 + 2 + 7 + 5 = 15 of 10 to 30: 5 away from the mean of 20.
  sums <- utils::combn(9, 4, sum)
  expect_equal(p, mean(abs(sums - 20) >= 5))
})

test_that("a constant variable, or a group of one, has no p-value", {
  d <- data.frame(g = c("a", "a", "a", "b"), same = 1.5, x = c(1.5, 2, 3, 9),
                  y = c(2.5, 2.5, 2.5, 7.5))
  x <- as.data.frame(lms_table_one(d, g, c(same, x), test = "t"))
  expect_true(all(is.na(x$p.value)))
  expect_true(all(is.na(x$method)))
})

# Samples with given means and variances, or shares.
two_groups <- function(x, y) {
  d <- data.frame(g = rep(c("a", "b"), c(length(x), length(y))), x = c(x, y))
  as.data.frame(lms_table_one(d, g, x, smd = TRUE))$smd[1]
}

test_that("the difference of means is that of Austin (2009)", {
  # Means 4.1 and 6.1, variances 1 and 4.
  x <- 4.1 + c(-1, 0, 1)
  y <- 6.1 + c(-2, 0, 2)
  expect_equal(two_groups(x, y), 2 / sqrt((1 + 4) / 2))
  expect_equal(two_groups(10 * y, 10 * x), 2 / sqrt(2.5))
  expect_equal(two_groups(x, x), 0)
})

test_that("the difference of two shares is that of Austin (2009)", {
  x <- rep(c(TRUE, FALSE), c(3, 7))
  y <- rep(c(TRUE, FALSE), c(6, 4))
  expect_equal(two_groups(x, y), 0.3 / sqrt((0.3 * 0.7 + 0.6 * 0.4) / 2))
  expect_equal(two_groups(!x, !y), two_groups(x, y))
  expect_equal(two_groups(as.integer(x), as.integer(y)), two_groups(x, y))
})

test_that("the difference of several shares is that of Yang and Dalton (2012)", {
  x <- rep(c("u", "v", "w"), c(2, 3, 5))
  y <- rep(c("u", "v", "w"), c(4, 4, 2))
  # d = (-0.1, 0.3); S has 0.225, 0.205 and -0.115, with determinant 0.0329.
  expect_equal(two_groups(x, y), sqrt((0.205 * 0.01 - 0.230 * 0.03 + 0.225 * 0.09) / 0.0329))
  # The order of the levels does not matter.
  swap <- c(u = "w", v = "a", w = "u")
  expect_equal(two_groups(swap[x], swap[y]), two_groups(x, y))
})

test_that("groups without a level in common differ infinitely, groups of one level not at all", {
  expect_identical(two_groups(rep("u", 4), rep("v", 5)), Inf)
  expect_identical(two_groups(rep(c("t", "u"), 2), rep(c("v", "w"), 3)), Inf)
  expect_identical(two_groups(rep("u", 4), rep("u", 5)), 0)
  d <- data.frame(g = rep(c("a", "b"), 4), x = rep(c("u", "v"), 4))
  expect_output(print(lms_table_one(d, g, x, smd = TRUE)), "infinite")
})

test_that("of several groups the largest of all pairs counts", {
  pairs <- utils::combn(levels(patients$centre), 2)
  each <- apply(pairs, 2, function(pair) {
    d <- patients[patients$centre %in% pair, ]
    as.data.frame(lms_table_one(d, centre, age, smd = TRUE))$smd[1]
  })
  expect_equal(compared("age", by = "centre")$smd, max(each))
})
