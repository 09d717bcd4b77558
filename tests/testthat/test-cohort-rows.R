patients <- random_patients(60, 5)
cohort <- lms_cohort(patients, as_of = far_future)
split <- quiet(lms_time_split(cohort, at = bone_metastasis))

test_that("rows are counted, not listed", {
  expect_snapshot({
    split
    lms_landmark(cohort, c(12, 24))
    lms_landmark(cohort, 12, clock = "keep")
  })
  for (rows in list(split, quiet(lms_landmark(cohort, c(12, 24))))) {
    expect_no_patient(heard(print(rows)), patients)
  }
})

test_that("the counts are those of the rows", {
  cells <- utils::capture.output(print(split))
  on <- split$bone_metastasis
  y <- unclass(split$os)
  expected <- c(
    sum(on), length(unique(split$id[on])), sum(y[on, "status"]),
    round(sum(y[on, "stop"] - y[on, "start"]), 1)
  )
  line <- grep("^  TRUE", cells, value = TRUE)
  expect_equal(as.numeric(strsplit(gsub(",", "", trimws(line)), " +")[[1L]][-1L]), expected)
  half <- split[split$age > 55, ]
  if (inherits(half, "lms_rows")) expect_match(heard(print(half)), paste0("^", nrow(half), " row"))
})

test_that("chosen rows and columns print as a data frame", {
  expect_match(heard(print(split[1:3, c("tstart", "tstop")])), "tstart *tstop")
  expect_identical(class(as.data.frame(split)), "data.frame")
})

test_that("the rows of a patient are known to belong together", {
  whole <- lms_km(os ~ 1, cohort)
  parts <- lms_km(os ~ 1, split)
  expect_identical(sum(parts$n.censor), sum(whole$n.censor))
  expect_equal(parts$follow_up$median, whole$follow_up$median)
  expect_identical(parts$patients, whole$n)
  expect_match(heard(print(parts)), paste(nrow(split), "rows of 60 patients"))
  expect_match(heard(print(lms_cox(os ~ bone_metastasis, split))), "rows of 60 patients")
  expect_identical(
    vcov(lms_cox(os ~ bone_metastasis, split)), vcov(lms_cox(os ~ bone_metastasis, split, id = id))
  )
})
