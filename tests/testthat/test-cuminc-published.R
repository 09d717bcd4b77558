# Numbers that were printed by others.

# Days to relapse, death in remission or end of study of 137 patients after a bone marrow
# transplant: Klein and Moeschberger, Survival Analysis (2nd edition, 2003), table D.1.
transplants <- local({
  days <- list(
    ALL = list(
      censored = c(
        226, 530, 996, 1111, 1167, 1182, 1199, 1330, 1377, 1433, 1462, 1496, 1602, 2081
      ),
      relapse = c(55, 74, 104, 109, 110, 122, 129, 192, 230, 383, 609, 662),
      death = c(1, 86, 107, 122, 172, 194, 276, 332, 418, 466, 487, 526)
    ),
    "AML, low risk" = list(
      censored = c(
        847, 848, 860, 932, 957, 1030, 1258, 1324, 1363, 1384, 1447, 1470, 1527, 1535, 1562, 1568,
        1674, 1709, 1799, 1829, 1843, 1850, 1857, 1870, 2218, 2246, 2409, 2506, 2569
      ),
      relapse = c(211, 219, 248, 272, 381, 421, 486, 606, 748),
      death = c(10, 35, 48, 53, 79, 80, 105, 288, 390, 414, 481, 641, 704, 1063, 1074, 2204)
    ),
    "AML, high risk" = list(
      censored = c(845, 1136, 1238, 1345, 1631, 2024, 2133, 2140, 2252, 2430, 2640),
      relapse = c(
        32, 47, 47, 48, 64, 76, 84, 93, 100, 113, 115, 120, 157, 242, 268, 273, 390, 422, 456, 467,
        625
      ),
      death = c(2, 16, 63, 74, 80, 105, 162, 164, 168, 183, 318, 363, 677)
    )
  )
  rows <- lapply(names(days), function(group) {
    data.frame(group, years = unlist(days[[group]]) / 365.25,
               outcome = rep(names(days[[group]]), lengths(days[[group]])))
  })
  rows <- do.call(rbind, rows)
  rows$group <- factor(rows$group, names(days))
  rows$outcome <- factor(rows$outcome, names(days$ALL))
  rows
})

# CAMIS, "Estimating Cumulative Incidence Functions Using R", where they are said to be those of
# SAS 9.4 PROC LIFETEST too: https://psiaims.github.io/CAMIS/R/survival_cif.html
test_that("the bone marrow transplants of Klein and Moeschberger, as R and SAS print them", {
  expect_equal(nrow(transplants), 137)
  fit <- lms_cuminc(
    Surv(years, outcome) ~ group, transplants, variance = "aalen", conf_type = "log-log"
  )
  expect_equal(round(fit$tests$statistic, 7), c(11.9228820, 0.1374108))
  expect_equal(round(fit$tests$p.value, 7), c(0.0025762, 0.9336017))
  expect_equal(fit$tests$df, c(2, 2))
  at <- as.data.frame(summary(fit, times = c(0.5, 1, 1.5, 2, 3)))
  at <- at[at$state == "relapse" & at$group == "AML, low risk", ]
  expect_equal(round(at$estimate, 4), c(0, 0.0741, 0.1296, 0.1481, 0.1667))
  expect_equal(round(at$std.error, 4), c(0, 0.0360, 0.0463, 0.0489, 0.0514))
  expect_equal(round(at$conf.low, 4), c(NA, 0.0234, 0.0563, 0.0685, 0.0813))
  expect_equal(round(at$conf.high, 4), c(NA, 0.1646, 0.2344, 0.2565, 0.2783))
})
