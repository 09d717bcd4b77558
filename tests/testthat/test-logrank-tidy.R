veteran <- survival::veteran

test_that("tidy() has a row for each test", {
  test <- lms_logrank(Surv(time, status) ~ celltype, veteran)
  row <- tidy(test)
  expect_s3_class(row, "tbl_df")
  expect_named(row, c("term", "statistic", "df", "p.value", "method"))
  expect_equal(nrow(row), 1L)
  expect_equal(row$statistic, test$chisq)
  expect_equal(row$df, 3)
  expect_equal(row$method, "Log-rank test")
  trend <- tidy(lms_logrank(Surv(time, status) ~ celltype, veteran, trend = TRUE))
  expect_equal(trend$term, c("overall", "trend"))
  expect_equal(trend$df, c(3, 1))
  expect_equal(trend$statistic[1], test$chisq)
  expect_error(tidy(test, type = "pairwise"), class = "lmsurv_error_argument")
  expect_error(tidy(test, conf.int = TRUE), class = "lmsurv_error_argument")
})

test_that("tidy() of pairs has a row for each pair", {
  test <- lms_logrank(Surv(time, status) ~ celltype, veteran, pairwise = TRUE, trend = TRUE)
  pairs <- tidy(test)
  expect_named(
    pairs, c("group1", "group2", "statistic", "df", "p.value", "p.adjusted", "method")
  )
  expect_equal(nrow(pairs), 6L)
  expect_equal(pairs$group1[1], "celltype=squamous")
  expect_equal(tidy(test, type = "test")$term, c("overall", "trend"))
})

test_that("glance() has one row, as.data.frame() one per group", {
  test <- lms_logrank(Surv(time, status) ~ celltype + strata(trt), veteran, rho = 1)
  one <- glance(test)
  expect_named(one, c("statistic", "df", "p.value", "method", "nobs", "nevent"))
  expect_equal(one$nobs, 137)
  groups <- as.data.frame(test)
  expect_named(groups, c("group", "n", "events", "observed", "expected"))
  expect_equal(groups$observed, unname(rowSums(test$obs)))
  expect_equal(sum(groups$events), 128)
})

test_that("broom finds these methods", {
  skip_if_not_installed("broom")
  test <- lms_logrank(Surv(time, status) ~ celltype, veteran)
  expect_equal(broom::tidy(test), tidy(test))
  expect_equal(broom::glance(test)$p.value, test$p.value)
})
