fit <- lms_km(Surv(time, died) ~ sexf + ecog, lung)
ref <- survival::survfit(Surv(time, died) ~ sexf + ecog, lung)

test_that("tidy has broom's columns first, then what broom lacks", {
  skip_if_not_installed("broom")
  ours <- tidy(fit)
  theirs <- broom::tidy(ref)
  expect_identical(names(ours)[seq_along(theirs)], names(theirs))
  expect_equal(as.data.frame(ours)[names(theirs)], as.data.frame(theirs))
  expect_identical(names(ours)[-seq_along(theirs)], c("cumhaz", "std.chaz", "sexf", "ecog"))
  expect_identical(levels(ours$sexf), levels(lung$sexf))
  expect_identical(paste0("sexf=", ours$sexf, ", ecog=", ours$ecog), ours$strata)
  one <- lms_km(Surv(time, died) ~ 1, lung)
  one_ref <- survival::survfit(Surv(time, died) ~ 1, lung)
  theirs <- broom::tidy(one_ref)
  expect_equal(as.data.frame(tidy(one))[names(theirs)], as.data.frame(theirs))
  theirs <- broom::glance(one_ref)
  expect_equal(as.data.frame(glance(one))[names(theirs)], as.data.frame(theirs))
})

test_that("glance has a row for each group", {
  ours <- glance(fit)
  expect_identical(nrow(ours), length(fit$groups))
  expect_equal(ours$median, unname(summary(ref)$table[, "median"]))
  expect_identical(names(ours)[1:3], c("strata", "sexf", "ecog"))
  expect_identical(ours$follow.up, unname(fit$follow_up$quantile[, "50"]))
  expect_identical(ours$follow.up.high, unname(fit[["follow_up"]]$upper[, "50"]))
})

test_that("as.data.frame of curves and of a summary", {
  expect_identical(class(as.data.frame(fit)), "data.frame")
  expect_identical(as.data.frame(fit)$estimate, fit$surv)
  at <- as.data.frame(summary(fit, times = c(100, 2000)))
  expect_identical(dim(at), c(2L * length(fit$groups), 11L))
  expect_identical(at$time, rep(c(100, 2000), length(fit$groups)))
  ends <- summary(fit, times = 2000, extend = TRUE)$surv
  expect_identical(is.na(at$surv), as.vector(rbind(FALSE, ends > 0)))
})

test_that("a variable that is called as a column has another name beside it", {
  data <- data.frame(t = 1:4, d = c(1, 0, 1, 1), time = c("a", "a", "b", "b"))
  ours <- tidy(lms_km(Surv(t, d) ~ time, data))
  expect_identical(ours$time, c(1, 2, 3, 4))
  expect_identical(as.character(ours$group.time), c("a", "a", "b", "b"))
})

test_that("curves with a row for time 0 are tidied as well", {
  for (curves in list(fit, lms_km(Surv(start, stop, event) ~ transplant, survival::heart))) {
    ours <- tidy(survival::survfit0(curves))
    expect_identical(sum(ours$time == 0 & ours$n.event == 0), length(curves$groups))
    expect_true(all(lengths(ours) == nrow(ours)))
  }
})

test_that("survminer draws and summarises the curves as those of survfit", {
  skip_if_not_installed("survminer")
  curves <- lms_km(Surv(time, died) ~ sexf, lung)
  theirs <- survival::survfit(Surv(time, died) ~ sexf, lung)
  expect_equal(survminer::surv_summary(curves, lung), survminer::surv_summary(theirs, lung),
               ignore_attr = TRUE)
  medians <- suppressWarnings(lapply(list(curves, theirs), survminer::surv_median))
  expect_equal(medians[[1]], medians[[2]])
  path <- withr::local_tempfile(fileext = ".pdf")
  grDevices::pdf(path)
  withr::defer(grDevices::dev.off())
  drawn <- suppressWarnings(survminer::ggsurvplot(curves, lung, risk.table = TRUE, pval = TRUE))
  expect_s3_class(drawn, "ggsurvplot")
  suppressWarnings(print(drawn))
  plot(curves, conf.int = TRUE)
  expect_no_error(lines(curves[2], fun = "event"))
  expect_equal(survival::survfit0(curves)$surv, survival::survfit0(theirs)$surv)
})
