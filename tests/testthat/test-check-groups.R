# Groups of curves and tests with few events.

test_that("groups with few events are named in tests and incidences", {
  d <- survival::veteran
  d$rare <- factor(ifelse(seq_len(137) <= 3, "rare", as.character(d$celltype)))
  test <- lms_logrank(Surv(time, status) ~ rare, d)
  note <- found(lms_check(test), "sparse_level")
  expect_identical(c(note$n, note$n_events), c(3, sum(d$status[1:3])))
  expect_true(no_findings_in(lms_check(lms_logrank(Surv(time, status) ~ celltype, d))))
  fit <- lms_cuminc(Surv(time, status) ~ trt, survival::pbc, event = c(transplant = 1, death = 2))
  expect_identical(nrow(found(lms_check(fit), "sparse_level")), 0L)
  pbc <- survival::pbc
  pbc$status[pbc$status == 1 & pbc$trt %in% 1 & cumsum(pbc$status == 1) > 3] <- 0
  fit <- lms_cuminc(Surv(time, status) ~ trt, pbc, event = c(transplant = 1, death = 2))
  note <- found(lms_check(fit), "sparse_level")
  expect_identical(note$n_events, as.numeric(sum(pbc$status == 1 & pbc$trt %in% 1)))
  expect_identical(found(lms_check(fit), "missing_values")$n, sum(is.na(pbc$trt)) + 0)
  late <- found(lms_check(summary(fit, times = c(1000, 4000, 6000))), "beyond_follow_up")
  expect_identical(unique(late$group), c("trt=1", "trt=2"))
})
