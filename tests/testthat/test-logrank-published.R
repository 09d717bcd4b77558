# Numbers that were printed by others.

# Infections of catheters, surgically placed (1) or not (2): Klein and
# Moeschberger, Survival Analysis (2nd edition, 2003), tables 7.2 and 7.3. Rows
# are made from the numbers at risk and infected at each time; those who leave
# between two times are censored after the first.
dialysis <- local({
  times <- c(0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 8.5, 9.5, 10.5, 11.5, 15.5, 16.5, 18.5, 23.5, 26.5)
  at_risk <- list(
    c(43, 43, 42, 40, 36, 33, 31, 25, 22, 20, 18, 11, 10, 9, 4, 2),
    c(76, 60, 56, 49, 43, 40, 35, 30, 27, 25, 22, 14, 13, 11, 5, 3)
  )
  infected <- list(
    c(0, 1, 0, 1, 2, 1, 0, 2, 1, 1, 1, 1, 1, 1, 1, 1),
    c(6, 0, 2, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0)
  )
  rows <- lapply(1:2, function(j) {
    left <- at_risk[[j]] - infected[[j]] - c(at_risk[[j]][-1], 0)
    data.frame(
      time = rep(c(times, times), c(infected[[j]], left)),
      infection = rep(c(1, 0), c(sum(infected[[j]]), sum(left))), placed = j
    )
  })
  do.call(rbind, rows)
})

test_that("the dialysis patients of Klein and Moeschberger, table 7.3", {
  expect_equal(nrow(dialysis), 119)
  published <- list(
    list(test = "logrank", z = 3.96, var = 6.21, chisq = 2.53, p = 0.112),
    list(test = "gehan", z = -9, var = 38862, chisq = 0.002, p = 0.964),
    list(test = "tarone-ware", z = 13.20, var = 432.83, chisq = 0.40, p = 0.526),
    list(test = "peto", z = 2.47, var = 4.36, chisq = 1.40, p = 0.237),
    list(rho = 0, gamma = 1, z = 1.41, var = 0.21, chisq = 9.67, p = 0.002),
    list(rho = 1, gamma = 0, z = 2.55, var = 4.69, chisq = 1.39, p = 0.239),
    list(rho = 1, gamma = 1, z = 1.02, var = 0.11, chisq = 9.83, p = 0.002),
    list(rho = 0.5, gamma = 0.5, z = 2.47, var = 0.66, chisq = 9.28, p = 0.002),
    list(rho = 0.5, gamma = 2, z = 0.32, var = 0.01, chisq = 8.18, p = 0.004)
  )
  for (row in published) {
    args <- row[intersect(c("test", "rho", "gamma"), names(row))]
    test <- do.call(lms_logrank, c(list(Surv(time, infection) ~ placed, dialysis), args))
    gehan <- test$test == "gehan"
    expect_equal(round(test$obs[[1]] - test$exp[[1]], 2), row$z, label = test$method)
    expect_equal(round(test$var[1, 1], if (gehan) 0 else 2), row$var, label = test$method)
    expect_equal(round(test$chisq, if (gehan) 3 else 2), row$chisq, label = test$method)
    expect_equal(round(test$p.value, 3), row$p, label = test$method)
  }
})

test_that("the VA lung cancer trial of the SAS/STAT manual, PROC LIFETEST", {
  test <- function(...) lms_logrank(Surv(time, status) ~ celltype, survival::veteran, ...)
  expect_equal(round(test()$chisq, 4), 25.4037)
  expect_equal(round(test(test = "wilcoxon")$chisq, 4), 19.4331)
  expect_equal(test()$parameter, c(df = 3))
})

# Freireich's trial of 6-mercaptopurine, as Stata's `sts test` prints it.
test_that("the leukaemia trial of Freireich", {
  skip_if_not_installed("MASS")
  test <- function(...) lms_logrank(Surv(time, cens) ~ treat, MASS::gehan, ...)
  expect_equal(round(test()$chisq, 2), 16.79)
  expect_equal(round(test(test = "wilcoxon")$chisq, 2), 13.46)
  expect_equal(round(test()$exp, 2), c("treat=6-MP" = 19.25, "treat=control" = 10.75))
})

test_that("Stata's manual: sts test drug", {
  test <- lms_logrank(Surv(months, died) ~ drug, drug_trial())
  expect_identical(unname(test$obs), c(19, 12))
  expect_equal(unname(round(test$exp, 2)), c(7.25, 23.75))
  expect_equal(round(test$chisq, 2), 28.27)
})
