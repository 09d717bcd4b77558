# Exponential survival, one group of covariates, the deaths known.
simulate <- function(n, ratio, seed, censoring = 0.5) {
  withr::with_seed(seed, {
    group <- factor(rep(seq_along(n) - 1L, n))
    time <- stats::rexp(sum(n)) / ratio[as.integer(group)]
    limit <- stats::rexp(sum(n), censoring)
    data <- data.frame(time = pmin(time, limit), died = time <= limit, group)
  })
  fit <- survival::coxph(survival::Surv(time, died) ~ group, data, ties = "breslow")
  list(
    deaths = tapply(data$died, data$group, sum), se = sqrt(diag(vcov(fit))),
    table = summary(fit)$conf.int
  )
}

test_that("the variance is never below the bound", {
  for (seed in 1:50) {
    truth <- simulate(c(60, 40, 12, 8), c(1, 0.5, 2, 1.3), seed)
    bound <- 1 / truth$deaths[-1L] + 1 / truth$deaths[1L]
    finite <- truth$deaths[-1L] > 0
    expect_true(all(truth$se[finite]^2 >= bound[finite] * (1 - 1e-9)))
  }
})

test_that("the true deaths are in the range, from printed numbers alone", {
  inside <- near <- integer()
  for (seed in 1:40) {
    truth <- simulate(c(120, 100, 15, 8), c(1, 0.8, 0.6, 1.5), seed)
    if (any(truth$deaths == 0)) next
    shown <- apply(truth$table[, c(1, 3, 4)], 2, formatC, digits = 2, format = "f")
    found <- lms_infer_deaths(shown[, 1], shown[, 2], shown[, 3], n = c(100, 15, 8),
                              n_reference = 120, inflation = 1.15)
    inside <- c(inside, truth$deaths >= found$deaths_low & truth$deaths <= found$deaths_high)
    known <- lms_infer_deaths(shown[, 1], shown[, 2], shown[, 3], n = c(100, 15, 8),
                              n_reference = 120, deaths_reference = truth$deaths[1],
                            inflation = 1.15)
    near <- c(near, abs(known$deaths[3:4] - truth$deaths[3:4]))
  }
  expect_gt(length(inside), 100)
  expect_gte(mean(inside), 0.97)
  expect_lte(mean(near), 0.5)
})

test_that("by hand", {
  # 1/4 + 1/50 is the variance of 4 deaths beside 50.
  reach <- exp(stats::qnorm(0.975) * sqrt(1 / 4 + 1 / 50))
  found <- lms_infer_deaths(1, 1 / reach, reach, n = 10, n_reference = 100, deaths_reference = 50,
                            digits = 4, inflation = 1)
  expect_equal(found$deaths, c(50, 4))
  expect_equal(c(found$deaths_low[2], found$deaths_high[2]), c(4, 4))
  # The least that the upper limit can lie above the ratio when both round to the printed.
  half <- 0.5e-4
  expect_equal(
    found$se_low[2], (log(reach - half) - log(1 + half)) / stats::qnorm(0.975), tolerance = 1e-12
  )
})

test_that("Table 4 of the article", {
  rows <- lmsurv::lms_published[grepl("^table4.hr.", lmsurv::lms_published$id), ]
  rows <- rows[rows$id != "table4.hr.bone_mets", ]
  key <- sub("table4.hr.", "", rows$id, fixed = TRUE)
  n <- c(primary_bone = 7, extremity = 71, dermal = 13, uterine = 124, peritoneal = 7, lung = 2,
         breast = 2, gynecologic = 6, male_reproductive = 13, gastrointestinal = 7, ivc = 6,
         liver = 4, head_neck = 4, mediastinal = 2, unknown = 3)
  printed <- function(part) {
    mapply(formatC, rows[[part]], digits = rows[[paste0(part, "_decimals")]],
           MoreArgs = list(format = "f"))
  }
  infer <- function(use, ...) {
    found <- lms_infer_deaths(
      stats::setNames(printed("value"), key)[use], printed("lower")[use], printed("upper")[use],
      n = n[key][use], n_reference = 125, ...
    )
    stats::setNames(found$deaths, found$group)
  }
  # Of few deaths: whatever the number in the reference group.
  few <- c(primary_bone = 3, dermal = 3, peritoneal = 4, lung = 2, breast = 1, gynecologic = 2,
           male_reproductive = 4, gastrointestinal = 3, ivc = 3, liver = 4, head_neck = 1,
           mediastinal = 1, unknown = 3)
  expect_equal(infer(key %in% names(few))[names(few)], few)
  # Of many: beside 67 in the reference group.
  many <- infer(key %in% c("extremity", "uterine"), deaths_reference = 67, inflation = 1)
  expect_true(many[["uterine"]] >= 57 && many[["uterine"]] <= 66)
  expect_true(many[["extremity"]] >= 24 && many[["extremity"]] <= 28)
})

test_that("arguments", {
  expect_error(lms_infer_deaths("a", "1", "2", n_reference = 10), "`hr`", class = "lmsurv_error")
  expect_error(lms_infer_deaths("1.0", c("0.5", "0.6"), "2.0", n_reference = 10), "same length",
               class = "lmsurv_error")
  expect_error(lms_infer_deaths("1.0", "0.5", "2.0", n_reference = 10, deaths_reference = 11),
               "deaths_reference", class = "lmsurv_error")
  none <- lms_infer_deaths("1.00", "0.99", "1.01", n = 3, n_reference = 10)
  expect_true(is.na(none$deaths[2]))
})

test_that("a ratio outside its interval is a copying error", {
  expect_error(lms_infer_deaths(c(0.9, 1.2), c(0.5, 1.3), c(1.6, 1.6), n_reference = 50),
               "between `lower` and `upper` (element 2)", fixed = TRUE,
               class = "lmsurv_error_argument")
  expect_error(lms_infer_deaths(1.7, 1.3, 1.6, n_reference = 50), "element 1")
  # 1.0 (1.004 to 1.2), rounded to one decimal, is possible.
  expect_s3_class(lms_infer_deaths(1, 1, 1.2, n_reference = 50, digits = 1), "data.frame")
})
