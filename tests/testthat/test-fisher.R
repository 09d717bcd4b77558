# Tables 1 and 2 of LiBrizzi et al. 2022: 16 subtypes of leiomyosarcoma, and those with bone
# metastases. The paper prints p = 0.20 for them.
patients <- c(125, 124, 71, 13, 13, 7, 7, 7, 6, 6, 4, 4, 2, 2, 2, 3)
with_bone <- c(15, 18, 8, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 2)
published <- cbind(no = patients - with_bone, yes = with_bone)
rownames(published) <- paste("subtype", 1:16)
cohort <- data.frame(
  subtype = factor(rep(rep(rownames(published), 2), c(published)), rownames(published)),
  bone = rep(c("no", "yes"), colSums(published))
)

exact_tolerance <- 1e-9

test_that("the published table of subtypes has p = 0.274, not 0.20", {
  fit <- lms_fisher(published)
  expect_true(fit$exact)
  expect_equal(fit$p.value, 0.2739451, tolerance = 1e-6)
  expect_equal(fit$p.value, stats::fisher.test(published, workspace = 2e6)$p.value,
               tolerance = exact_tolerance)
  for (row in c(6, 16)) {
    fewer <- published[-row, ]
    expect_equal(lms_fisher(fewer)$p.value, stats::fisher.test(fewer, workspace = 2e6)$p.value,
                 tolerance = exact_tolerance)
  }
})

test_that("all ways to give the data are one", {
  subtype <- cohort$subtype
  bone <- cohort$bone
  f <- bone ~ subtype
  ways <- list(
    lms_fisher(bone ~ subtype, data = cohort), lms_fisher(cohort$subtype, cohort$bone),
    lms_fisher(subtype, bone, data = cohort), lms_fisher(bone ~ subtype, cohort),
    lms_fisher("subtype", "bone", data = cohort), lms_fisher(f, data = cohort),
    lms_fisher(~ subtype + bone, data = cohort), cohort |> lms_fisher(bone ~ subtype),
    lms_fisher(table(subtype, bone)), lms_fisher(bone ~ subtype),
    lms_fisher(cohort[["subtype"]], bone), lms_fisher(bone ~ subtype, data = cohort[396:1, ])
  )
  same <- c("p.value", "p", "mid.p", "counts", "variables", "n", "exact", "data.name")
  for (fit in ways) expect_identical(fit[same], ways[[1]][same])
  expect_equal(lms_fisher(t(published))$p.value, ways[[1]]$p.value, tolerance = exact_tolerance)
  f <- function(d, which) lms_fisher(d$subtype, d[[which]])
  expect_identical(f(cohort, "bone")$p.value, ways[[1]]$p.value)
})

test_that("2 x 2: the tea tasting by hand", {
  # margins 4 4 by 4 4: first cell 0..4 with 1, 16, 36, 16, 1 of 70
  fit <- lms_fisher(matrix(c(3, 1, 1, 3), 2))
  expect_equal(fit$p, c(two.sided = 34, less = 69, greater = 17, one.sided = 17) / 70)
  expect_equal(fit$mid.p, c(two.sided = 26, less = 61, greater = 9, one.sided = 9) / 70)
  # P(4) = 1 / 70: the odds ratio solves sum k w_k t^k = 3 sum w_k t^k
  t <- fit$estimate[[1]]
  w <- c(1, 16, 36, 16, 1) * t^(0:4)
  expect_equal(sum(0:4 * w) / sum(w), 3, tolerance = 1e-10)
  expect_equal(lms_fisher(matrix(c(4, 0, 0, 4), 2))$p[["two.sided"]], 2 / 70)
  expect_identical(lms_fisher(matrix(c(4, 0, 0, 4), 2))$estimate[[1]], Inf)
  expect_identical(lms_fisher(matrix(c(0, 4, 4, 0), 2))$estimate[[1]], 0)
  # margins 4 3 by 5 2: first cell 2, 3, 4 with 10, 20, 5 of 35
  expect_equal(lms_fisher(matrix(c(2, 3, 2, 0), 2))$p[c("two.sided", "one.sided")],
               c(two.sided = 15, one.sided = 10) / 35)
})

test_that("2 x 2: p-values agree with fisher.test, limits solve their equations", {
  set.seed(2)
  for (i in 1:300) {
    x <- matrix(rmultinom(1, sample(c(8, 30, 300, 2000), 1), rexp(4)), 2)
    if (any(rowSums(x) == 0) || any(colSums(x) == 0)) next
    fit <- lms_fisher(x)
    for (side in c("two.sided", "less", "greater")) {
      expect_equal(fit$p[[side]], fisher.test(x, alternative = side)$p.value, tolerance = 1e-10)
    }
    m <- colSums(x)
    k <- sum(x[1, ])
    a <- x[1, 1]
    s <- max(0, k - m[2]):min(k, m[1])
    chance <- function(ratio) {
      d <- dhyper(s, m[1], m[2], k, log = TRUE) + log(ratio) * s
      exp(d - max(d)) / sum(exp(d - max(d)))
    }
    low <- fit$conf.int[1]
    high <- fit$conf.int[2]
    expect_identical(c(low == 0, high == Inf), c(a == min(s), a == max(s)))
    if (low > 0) expect_equal(sum(chance(low)[s >= a]), 0.025, tolerance = 1e-10)
    if (high < Inf) expect_equal(sum(chance(high)[s <= a]), 0.025, tolerance = 1e-10)
    if (low > 0 && high < Inf) {
      expect_equal(sum(s * chance(fit$estimate)), a, tolerance = 1e-10)
    }
    turned <- lms_fisher(x[2:1, ])
    expect_equal(turned$estimate, 1 / fit$estimate, tolerance = 1e-10)
    expect_equal(as.vector(turned$conf.int), 1 / rev(as.vector(fit$conf.int)), tolerance = 1e-10)
  }
})

test_that("one-sided tests have one-sided intervals", {
  x <- matrix(c(12, 5, 6, 9), 2)
  for (side in c("less", "greater")) {
    fit <- lms_fisher(x, alternative = side, conf_level = 0.9)
    ref <- fisher.test(x, alternative = side, conf.level = 0.9)
    expect_equal(fit$p.value, ref$p.value)
    # fisher.test's own limits have few digits: ours by their equation, the tail at a limit.
    limit <- fit$conf.int[1 + (side == "less")]
    cells <- 0:17
    weight <- stats::dhyper(cells, sum(x[, 1]), sum(x[, 2]), sum(x[1, ])) * limit^cells
    tail <- if (side == "less") cells <= x[1, 1] else cells >= x[1, 1]
    expect_equal(sum(weight[tail]) / sum(weight), 0.1, tolerance = 1e-10)
    expect_identical(fit$conf.int[1 + (side == "greater")], if (side == "less") 0 else Inf)
    both <- lms_fisher(x, conf_level = 0.8)$conf.int
    expect_equal(fit$conf.int[1 + (side == "less")], both[1 + (side == "less")])
  }
})

test_that("huge 2 x 2 tables are exact too", {
  x <- matrix(c(2500, 2500, 2500, 2480) * 100, 2)
  expect_equal(lms_fisher(x)$p[["two.sided"]], fisher.test(x)$p.value, tolerance = 1e-8)
  x <- x * 1000
  fit <- lms_fisher(x)
  log_ratio <- log(x[1] * x[4] / (x[2] * x[3]))
  se <- sqrt(sum(1 / x))
  # Given all margins the ratio is nearer to 1 by a share of about 1 / sum(x).
  shrunk <- log_ratio * (1 - 1 / sum(x))
  expect_lt(abs(log(fit$estimate[[1]]) - shrunk), 0.01 * abs(log_ratio) / sum(x))
  # Each tail counts the observed cell in full, half of which is beyond the normal approximation: of
  # the cell's variance 1 / se^2 that moves a limit by se^2 / 2, all that follows is of order se^3.
  limits <- log_ratio + c(-1, 1) * (qnorm(0.975) * se + se^2 / 2)
  expect_lt(max(abs(log(fit$conf.int) - limits)), se^3)
})

test_that("larger tables agree with fisher.test", {
  # Small tables: in a run over larger ones fisher.test() crashed R 4.2.2.
  set.seed(3)
  for (i in 1:150) {
    x <- matrix(rmultinom(1, sample(c(8, 15, 25), 1), rexp(12)), sample(3:4, 1))
    x <- x[rowSums(x) > 0, colSums(x) > 0, drop = FALSE]
    if (min(dim(x)) < 2) next
    expect_equal(lms_fisher(x)$p.value, fisher.test(x)$p.value, tolerance = exact_tolerance)
  }
})

test_that("mid-p takes half the observed table's probability off", {
  x <- matrix(c(3, 0, 1, 2, 2, 4), 2)
  observed <- exp(sum(lfactorial(c(rowSums(x), colSums(x)))) - sum(lfactorial(c(x, sum(x)))))
  fit <- lms_fisher(x)
  expect_equal(fit$p.value - fit$mid.p[["two.sided"]], observed / 2)
})

large <- matrix(c(52, 31, 40, 47, 33, 38, 61, 29, 44, 36, 42, 55, 39, 50, 48, 41), 4)

test_that("Monte Carlo: precise, repeatable, and the session's random numbers stay", {
  exact <- lms_fisher(published)$p.value
  fit <- lms_fisher(published, method = "monte_carlo", replicates = 4e4)
  expect_false(fit$exact)
  expect_true(fit$p.interval[1] < exact && exact < fit$p.interval[2])
  expect_identical(fit$replicates, 4e4)
  expect_equal(fit$p.value, exact, tolerance = 0.02)
  extreme <- fit$p.value * 40001 - 1
  expect_equal(fit$p.interval[1], qbeta(0.01 / 6, extreme, 40000 - extreme + 1))
  expect_equal(fit$p.interval[2], qbeta(1 - 0.01 / 6, extreme + 1, 40000 - extreme))
  expect_equal(extreme, round(extreme))
  again <- function(...) {
    lms_fisher(published, method = "monte_carlo", replicates = 2e4, ...)$p.value
  }
  first <- again()
  withr::with_seed(9, {
    a <- runif(1)
    expect_identical(again(), first)
    b <- runif(1)
  })
  withr::with_seed(9, expect_identical(c(a, b), runif(2)))
  expect_false(identical(again(seed = 2), first))
  suppressWarnings(RNGkind(sample.kind = "Rounding"))
  expect_identical(again(), first)
  expect_identical(RNGkind()[3], "Rounding")
  rm(".Random.seed", envir = globalenv())
  expect_identical(again(), first)
  expect_identical(RNGkind()[3], "Rounding")
  RNGkind(sample.kind = "Rejection")
  rm(".Random.seed", envir = globalenv())
  expect_identical(again(), first)
  expect_false(exists(".Random.seed", globalenv()))
})

test_that("Monte Carlo stops once p is known as printed", {
  small <- lms_fisher(large * 3, method = "monte_carlo")
  expect_identical(small$replicates, 1e4)
  expect_lt(small$p.interval[2], 0.001)
  expect_gt(small$p.value, 0)
  sure <- lms_fisher(matrix(4, 3, 3), method = "monte_carlo")
  expect_identical(sure$p.interval[2], 1)
  expect_identical(sure$replicates, 1e4)
})

test_that("a table beyond the exact algorithm is drawn, and says so", {
  fit <- lms_fisher(large, workspace = 1e4, replicates = 1e4)
  expect_false(fit$exact)
  expect_match(fit$why, "10,000 partial tables")
  expect_error(lms_fisher(large, workspace = 1e4, method = "exact"), class = "lmsurv_error_exact")
  # A run of fisher.test() over random tables, R 4.2.2, ended in a crash of R at this one.
  crash <- c(0, 0, 2, 0, 1, 1, 0, 2, 1, 1, 0, 0, 2, 0, 3, 2, 5, 0, 1, 8, 0, 3, 9, 7, 1, 7, 8, 1, 1,
             5, 9, 1, 3, 6, 1, 0, 1, 3, 1, 1, 3, 0)
  p <- lms_fisher(matrix(crash, 7))$p.value
  expect_true(p > 0 && p <= 1)
})

test_that("each row against the others", {
  fit <- lms_fisher(published, each = TRUE)
  rest <- t(sapply(1:16, function(i) colSums(published[-i, ])))
  p <- sapply(1:16, function(i) fisher.test(rbind(rest[i, ], published[i, ]))$p.value)
  expect_equal(fit$each$p.value, p)
  expect_equal(fit$each$adj.p.value, p.adjust(p, "holm"))
  expect_identical(fit$each$n, as.numeric(patients))
  last <- lms_fisher(rbind(rest[16, ], published[16, ]))
  expect_equal(fit$each$estimate[16], last$estimate[[1]])
  expect_equal(c(fit$each$conf.low[16], fit$each$conf.high[16]), as.vector(last$conf.int))
  none <- lms_fisher(published, each = TRUE, adjust = "none")$each
  expect_identical(none$adj.p.value, none$p.value)
  wide <- lms_fisher(matrix(c(5, 1, 2, 3, 4, 4, 2, 6, 1), 3), each = TRUE)$each
  expect_true(all(is.na(wide$estimate)))
  expect_equal(wide$p.value[1], fisher.test(rbind(c(3, 8, 7), c(5, 3, 2)))$p.value)
})

test_that("missing values, labels and unused levels are counted and said", {
  d <- data.frame(
    g = factor(c("a", "b", NA, "a", "b", "a"), c("a", "b", "z")), y = c(1, 0, 1, NA, 0, 1)
  )
  expect_message(fit <- lms_fisher(y ~ g, data = d), class = "lmsurv_message_levels")
  expect_identical(fit$missing, c(g = 1L, y = 1L))
  expect_identical(c(fit$n_missing, fit$n), c(2L, 4L))
  expect_identical(dim(fit$counts), c(2L, 2L))
  with_na <- without_messages(lms_fisher(y ~ addNA(g), data = d))
  expect_identical(rownames(with_na$counts), c("a", "b", "(missing)"))
  labelled <- structure(c(1, 2, 2, 1), labels = c(alive = 1, dead = 2),
                        class = c("haven_labelled", "vctrs_vctr", "double"))
  expect_identical(colnames(lms_fisher(c("a", "b", "a", "b"), labelled)$counts), c("alive", "dead"))
  d <- data.frame(g = c("a", "", "b", "a"), y = c(TRUE, FALSE, TRUE, FALSE))
  expect_message(lms_fisher(y ~ g, data = d), "empty text of 1 row")
  expect_identical(lms_fisher(y ~ g, data = d, subset = g != "")$n, 3L)
})

test_that("methods give documented columns", {
  d <- transform(cohort, late = rep(c("no", "yes"), 198))
  fit <- lms_fisher(bone ~ late, data = d)
  expect_named(tidy(fit), c("estimate", "p.value", "conf.low", "conf.high", "method",
                            "alternative", "mid.p.value"))
  expect_named(glance(fit), c("p.value", "p.low", "p.high", "exact", "replicates", "method", "n",
                              "n.missing", "rows", "columns"))
  expect_named(as.data.frame(fit), c("late", "bone", "n", "percent"))
  expect_equal(as.data.frame(fit)$percent[1], 100 * fit$counts[1, 1] / sum(fit$counts[1, ]))
  each <- lms_fisher(bone ~ subtype, data = cohort, each = TRUE)
  expect_identical(tidy(each)$level, rownames(published))
  expect_identical(nrow(glance(each)), 1L)
  expect_s3_class(fit, "htest")
})

test_that("it prints what it did", {
  expect_snapshot({
    lms_fisher(bone ~ subtype, data = cohort, each = TRUE)
    lms_fisher(matrix(c(12, 5, 6, 9), 2), alternative = "greater")
    lms_fisher(status ~ sex, data = transform(survival::lung, sex = ifelse(age > 80, NA, sex)))
    lms_fisher(large, workspace = 1e4, replicates = 1e4)
  })
})

# The examples of ?fisher.test. Its odds ratios and limits are roots to four digits or so.
test_that("the examples of R's own help", {
  job <- matrix(c(1, 2, 1, 0, 3, 3, 6, 1, 10, 10, 14, 9, 6, 7, 12, 11), 4)
  expect_equal(round(lms_fisher(job)$p.value, 4), 0.7827)
  tea <- matrix(c(3, 1, 1, 3), 2)
  expect_equal(round(lms_fisher(tea)$p.value, 4), 0.4857)
  tea <- lms_fisher(tea, alternative = "greater")
  expect_equal(round(tea$p.value, 4), 0.2429)
  expect_equal(signif(c(tea$estimate[[1]], tea$conf.int[1]), 4), c(6.408, 0.3136))
  convicted <- lms_fisher(matrix(c(2, 10, 15, 3), 2), alternative = "less")
  expect_equal(signif(convicted$p.value, 4), 0.0004652)
  expect_equal(signif(c(convicted$estimate[[1]], convicted$conf.int[2]), 4), c(0.04694, 0.2850))
  mehta_patel <- rbind(
    c(1, 2, 2, 1, 1, 0, 1), c(2, 0, 0, 2, 3, 0, 0), c(0, 1, 1, 1, 2, 7, 3),
    c(1, 1, 2, 0, 0, 0, 1), c(0, 1, 1, 1, 1, 0, 0)
  )
  expect_equal(round(lms_fisher(mehta_patel)$p.value, 5), 0.03929)
})

test_that("NaN is missing, and a flat table keeps its labels", {
  x <- c(1, NaN, 2, 1, NA, 2, 1, 2)
  y <- c("a", "b", "b", "a", "a", "b", "b", "a")
  fit <- lms_fisher(x ~ y)
  expect_identical(fit$missing, c(x = 2L))
  expect_equal(fit$p.value, stats::fisher.test(x, y)$p.value, tolerance = exact_tolerance)
  flat <- stats::ftable(group = y, value = x)
  expect_identical(lms_fisher(flat)$counts, lms_fisher(table(group = y, value = x))$counts)
})

test_that("measurements, dates and identifiers are no categories", {
  data <- data.frame(half = rep(1:2, 600), size = 1:1200 + 0.5, name = factor(1:1200))
  data$seen <- as.Date("2000-01-01") + 1:1200
  expect_snapshot({
    said(lms_fisher(size ~ half, data[1:21, ]))
    said(lms_fisher(seen ~ half, data[1:21, ]))
    said(lms_fisher(name ~ half, data))
  })
})

test_that("what cannot be tested is refused in words", {
  expect_snapshot({
    said(lms_fisher())
    said(lms_fisher(bon ~ subtype, data = cohort))
    said(lms_fisher(sbtype, bone, data = cohort))
    said(lms_fisher(cohort))
    said(cohort |> lms_fisher(subtype, bone))
    said(lms_fisher(bone ~ subtype + bone, data = cohort))
    said(lms_fisher(bone ~ subtype, cohort$bone))
    said(lms_fisher(cohort, bone ~ subtype, data = cohort))
    said(lms_fisher(cohort$bone))
    said(lms_fisher(c(3, 1, 1, 3)))
    said(lms_fisher(1:3, 1:2))
    said(lms_fisher(survival::lung$time, survival::lung$sex))
    said(lms_fisher(matrix(0, 2, 2)))
    said(lms_fisher(matrix(c(3, 4, 0, 0), 2)))
    said(lms_fisher(bone ~ subtype, data = cohort, subset = bone == "yes"))
    said(lms_fisher(matrix(c(11.5, 20, 30, 38.5), 2)))
    said(lms_fisher(matrix(c(1, -2, 3, 4), 2)))
    said(lms_fisher(matrix(c("a", "b"), 1)))
    said(lms_fisher(Titanic))
    said(lms_fisher(table(cohort$bone)))
    said(lms_fisher(matrix(1e6, 3, 3)))
    said(lms_fisher(published, alternative = "less"))
    said(lms_fisher(published, cohort$bone))
    said(lms_fisher(published, subset = 1:3))
    said(lms_fisher(published, simulate.p.value = TRUE))
    said(lms_fisher(bone ~ subtype, dat = cohort))
    said(lms_fisher(published, adjust = "hollm", each = TRUE))
    said(lms_fisher(c(NA, NA, NA), c(1, 2, 1)))
  })
})
