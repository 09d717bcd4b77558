patients <- random_patients(120, 31)
cohort <- lms_cohort(patients, known_from = c(fracture = "bone_metastasis"), as_of = far_future)
months <- function(from, to) as.numeric(to - from) / (365.25 / 12)
time <- months(patients$diagnosis, patients$last_contact)
bone <- months(patients$diagnosis, patients$bone_metastasis)

test_that("a landmark keeps who is at risk after it, with what was known then", {
  for (at in c(0, 6, 12, 30)) {
    l <- quiet(lms_landmark(cohort, at))
    rows <- which(time > at)
    expect_identical(l$id, patients$id[rows])
    expect_equal(l$os, Surv(time - at, patients$died)[rows], ignore_attr = TRUE)
    known <- (!is.na(bone) & bone <= at)[rows]
    expect_identical(l$ever_bone_metastasis, known)
    expect_identical(l$fracture, known & patients$fracture[rows])
    expect_identical(is.na(l$bone_metastasis), !known)
    expect_identical(l$diagnosis, patients$diagnosis[rows])
  }
})

test_that("fits are those of a landmark by hand", {
  l <- quiet(lms_landmark(cohort, 9))
  d <- data.frame(time, died = patients$died, bone = !is.na(bone) & bone <= 9)[time > 9, ]
  expected <- reference(Surv(time - 9, died) ~ bone, d)
  fit <- lms_cox(os ~ ever_bone_metastasis, l)
  expect_equal(unname(coef(fit)), unname(coef(expected)), tolerance = 1e-9)
  expect_identical(fit$origin, "landmark")
  expect_identical(fit$time_unit, "months")
  expect_null(fit$dated)
  keep <- quiet(lms_landmark(cohort, 9, clock = "keep"))
  expect_equal(coef(lms_cox(os ~ ever_bone_metastasis, keep)), coef(fit), tolerance = 1e-9)
  expect_equal(keep$os, Surv(rep(9, nrow(d)), d$time, d$died), ignore_attr = TRUE)
})

test_that("several landmarks stand under each other", {
  both <- quiet(lms_landmark(cohort, months = c(12, 6)))
  expect_identical(levels(both$landmark), c("6", "12"))
  expect_equal(both$os, c(quiet(lms_landmark(cohort, 6))$os, quiet(lms_landmark(cohort, 12))$os),
               ignore_attr = TRUE)
  restart <- lms_cox(os ~ ever_bone_metastasis + strata(landmark), both)
  keep <- quiet(lms_landmark(cohort, c(6, 12), clock = "keep"))
  expect_equal(
    coef(lms_cox(os ~ ever_bone_metastasis + strata(landmark), keep)), coef(restart),
    tolerance = 1e-9
  )
})

test_that("months are months in every unit", {
  for (unit in c("days", "years")) {
    other <- lms_cohort(patients, unit = unit, as_of = far_future)
    l <- quiet(lms_landmark(other, 12))
    scale <- c(days = 30.4375, years = 1 / 12)[[unit]]
    expect_equal(as.vector(l$os[, 1]), (time[time > 12] - 12) * scale)
    expect_identical(l$ever_bone_metastasis, (!is.na(bone) & bone <= 12)[time > 12])
  }
})

test_that("it says who is left out", {
  gone <- time <= 6
  expect_message(
    lms_landmark(cohort, 6),
    paste0("At 6 months: ", sum(!gone), " patients at risk; excluded: ",
           sum(gone & patients$died), " with the event, ", sum(gone & !patients$died),
           " censored.")
  )
  expect_message(lms_landmark(cohort, 6, os_bone), "not applicable")
  l <- quiet(lms_landmark(cohort, 6, "time_to_bone"))
  whole <- cohort$time_to_bone
  expect_identical(attr(l$time_to_bone, "states"), attr(whole, "states"))
  expect_identical(tabulate(l$time_to_bone[, 2], 2), tabulate(whole[whole[, 1] > 6, 2], 2))
})

test_that("what is no landmark is refused", {
  expect_snapshot(error = TRUE, {
    lms_landmark(cohort)
    lms_landmark(cohort, -1)
    lms_landmark(cohort, 1e4)
    lms_landmark(patients, 6)
    lms_landmark(cohort, 6, endpoint = pfs)
    lms_landmark(transform(cohort, landmark = 1), 6)
    lms_landmark(cohort[0, ], 6)
  })
})

test_that("on the landmark itself the follow-up is over, and the covariate known", {
  cohort <- lms_cohort(data.frame(
    id = 1:4, last_contact = c(6, 6, 7, 9), died = c(TRUE, FALSE, TRUE, FALSE),
    bone_metastasis = c(NA, 2, 6, 6.5)
  ))
  l <- quiet(lms_landmark(cohort, 6))
  expect_identical(l$id, 3:4)
  expect_identical(l$ever_bone_metastasis, c(TRUE, FALSE))
  expect_identical(unclass(l$os)[, 1:2], cbind(time = c(1, 3), status = c(1, 0)))
})
