groups_of <- function(formula, data, ...) {
  risk <- risk_data(formula, data, list(), parent.frame(), outcome = "curve")
  group_data(risk, ...)
}

test_that("groups are labelled and ordered as survfit() does", {
  colon <- survival::colon
  for (rhs in list(~ rx, ~ rx + adhere, ~ sex, ~ adhere + strata(rx), ~ obstruct + rx + sex)) {
    formula <- rhs
    formula[[3]] <- rhs[[2]]
    formula[[2]] <- quote(Surv(time, status))
    curve <- survival::survfit(formula, colon)
    found <- groups_of(formula, colon, strata_as_groups = TRUE)$groups
    theirs <- gsub("strata\\(rx\\)=rx=|strata\\(rx\\)=", "strata(rx)=", names(curve$strata))
    expect_identical(levels(found), gsub(" +(,|$)", "\\1", theirs))
    expect_identical(as.vector(table(found)), as.vector(curve$n))
  }
})

test_that("text, logical and missing values make groups as factors do", {
  lung <- transform(survival::lung, place = paste("site", inst %% 3), old = age > 60)
  expect_identical(levels(groups_of(Surv(time, status == 2) ~ place, lung)$groups),
                   paste0("place=", sort(unique(lung$place))))
  expect_identical(levels(groups_of(Surv(time, status == 2) ~ old, lung)$groups),
                   c("old=FALSE", "old=TRUE"))
  expect_length(groups_of(Surv(time, status == 2) ~ ph.ecog, lung)$groups, 227L)
  expect_null(groups_of(Surv(time, status == 2) ~ 1, lung)$groups)
})

test_that("NA as a level is a group of its own", {
  data <- survival::lung
  data$ecog <- addNA(factor(data$ph.ecog, 0:4))
  data$died <- 0 + (data$status == 2)
  curve <- suppressMessages(lms_km(Surv(time, died) ~ ecog, data))
  theirs <- survival::survfit(Surv(time, died) ~ ecog, data)
  expect_identical(names(curve$strata), names(theirs$strata))
  expect_equal(curve$surv, theirs$surv)
  expect_identical(as.character(curve$variables$ecog), c("0", "1", "2", "3", NA))
})

test_that("an ordered factor makes groups without a word, and dates make none", {
  data <- transform(survival::lung, died = 0 + (status == 2), stage = ordered(ph.ecog))
  expect_silent(lms_logrank(Surv(time, died) ~ stage, data))
  data$seen <- as.Date("2000-01-01") + seq_len(nrow(data))
  expect_error(lms_km(Surv(time, died) ~ seen, data), class = "lmsurv_error_groups")
  expect_snapshot({
    said(lms_km(Surv(time, died) ~ data$nope, data))
    said(lms_km(Surv(time, died) ~ sex[1:5], data))
    said(lms_km(Surv(time, died) ~ sex, data, level = 0.9))
  })
})

test_that("an identifier makes no groups", {
  data <- data.frame(time = 1:1001, status = 1, name = paste("patient", 1:1001))
  expect_snapshot({
    said(lms_logrank(Surv(time, status) ~ name, data, event = 1))
  })
})

test_that("combinations without rows are no groups, and one variable per column is kept", {
  lung <- survival::lung
  found <- groups_of(Surv(time, status == 2) ~ sex + ph.ecog, lung)
  expect_identical(names(found$variables), c("sex", "ph.ecog"))
  expect_identical(nlevels(found$groups), nrow(found$variables))
  expect_identical(
    levels(found$groups),
    with(found$variables, paste0("sex=", sex, ", ph.ecog=", ph.ecog))
  )
  expect_false("sex=2, ph.ecog=3" %in% levels(found$groups))
})

test_that("what makes no groups is refused", {
  lung <- survival::lung
  expect_error(groups_of(Surv(time, status == 2) ~ age * sex, lung), class = "lmsurv_error_formula")
  expect_error(groups_of(Surv(time, status == 2) ~ meal.cal, lung), "not categorical",
               class = "lmsurv_error_groups")
  expect_error(groups_of(Surv(time, status == 2) ~ sex + offset(age), lung),
               class = "lmsurv_error_formula")
})
