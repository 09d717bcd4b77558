withr::local_options(width = 80, cli.num_colors = 1L)

test_that("findings print with what, why and the way out", {
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

test_that("findings are a data frame for others", {
  fit <- lms_cox(Surv(time, died) ~ ph.ecog + meal.cal, lung)
  check <- lms_check(fit)
  expect_s3_class(check, c("lms_check", "data.frame"), exact = TRUE)
  expect_identical(
    names(check),
    c("class", "severity", "variable", "level", "n", "events", "value", "other", "p.value", "coef",
      "unit", "time", "last", "what", "why", "way_out", "code")
  )
  plain <- as.data.frame(check)
  expect_identical(class(plain), "data.frame")
  expect_null(attr(plain, "checked"))
  expect_s3_class(tidy(check), "tbl_df")
  expect_identical(as.list(tidy(check)), as.list(plain))
  expect_false(anyNA(plain$why))
  expect_true(all(plain$severity %in% c("serious", "caution", "note")))
  # A part of it prints too.
  expect_output(print(check[1, ]), "Way out")
  expect_identical(nrow(as.data.frame(lms_check(lms_cox(Surv(time, died) ~ 1, lung)))), 0L)
})

test_that("a coxph is checked as the same model is", {
  d <- lung
  theirs <- survival::coxph(Surv(time, died) ~ sexf + ph.karno + strata(inst > 10), d)
  ours <- lms_cox(Surv(time, died) ~ sexf + ph.karno + strata(inst > 10), d)
  columns <- c("class", "variable", "level", "n", "events", "value", "other", "what")
  expect_equal(as.data.frame(lms_check(theirs))[columns], as.data.frame(lms_check(ours))[columns],
               tolerance = 1e-8)
  small <- d[1:40, ]
  cox <- survival::coxph(Surv(time, died) ~ sexf + ecog, small)
  codes <- found(lms_check(cox), "events_per_parameter")$code
  expect_identical(codes, "lms_cox(Surv(time, died) ~ sexf + ecog, small, penalty = \"firth\")")
  expect_s3_class(suppressMessages(eval(parse(text = codes))), "lms_cox")
  weighted <- survival::coxph(Surv(time, died) ~ sexf + cluster(inst), d, weights = w)
  expect_s3_class(lms_check(weighted), "lms_check")
  expect_error(
    lms_check(survival::coxph(Surv(time, died) ~ age + survival::frailty(inst), d)),
    class = "lmsurv_error_argument"
  )
})
