withr::local_options(width = 80, cli.num_colors = 1L)

test_that("findings print with what, why and what to do", {
  d <- data.frame(
    months = c(8, 19, 31, 40, 52, 60, 15, 22, 36, 44, 57, 63), sex = rep(c("f", "m"), 6),
    died = c(1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0), stage = c(1, 2, 3, 2, 1, 3, 3, 2, 1, 1, 2, 3),
    metastasis = rep(c(FALSE, TRUE), c(6, 6)), spread = c(rep(NA, 6), 5, 12, 24, 13, 40, 20)
  )
  fit <- lms_cox(Surv(months, died) ~ metastasis + sex + stage, d)
  expect_snapshot(
    lms_check(fit, known_from = list(metastasis = d$spread), fix = TRUE, landmark = 13)
  )
})

test_that("an infinite ratio prints beside Firth's, and nothing as nothing", {
  d <- within(lung, {
    grade <- factor(rep(c("G1", "G2"), 114), c("G1", "G2", "G3"))
    grade[which(died == 0)[1:12]] <- "G3"
  })
  fit <- suppressWarnings(lms_cox(Surv(time, died) ~ age + grade, d))
  expect_snapshot({
    lms_check(fit)
    lms_check(lms_cox(Surv(time, status) ~ x, survival::leukemia))
    lms_check(summary(lms_km(Surv(time, died) ~ sex, lung), times = c(365, 800, 1000)))
  })
})

test_that("the foot of a model names what costs nothing to find", {
  d <- lung
  d$rare <- factor(ifelse(seq_len(228) > 224, "rare", "common"))
  d$few <- as.numeric(seq_len(228) < 4)
  d <- subset(d, seq_len(228) > 180 | few == 1)
  expect_snapshot(print(lms_cox(Surv(time, died) ~ age + rare + few + sexf + meal.cal, d)))
})
