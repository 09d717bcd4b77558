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

test_that("an identifier makes no groups", {
  data <- data.frame(time = 1:6000, status = 1, name = paste("patient", 1:6000))
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
  expect_error(groups_of(Surv(time, status == 2) ~ meal.cal, lung), "Cut it",
               class = "lmsurv_error_groups")
  expect_error(groups_of(Surv(time, status == 2) ~ sex + offset(age), lung),
               class = "lmsurv_error_formula")
})
