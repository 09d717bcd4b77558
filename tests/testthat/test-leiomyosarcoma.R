# The printed counts, by table() alone.
patients <- as.data.frame(lmsurv::leiomyosarcoma)
lesions <- lmsurv::leiomyosarcoma_lesions
surgeries <- lmsurv::leiomyosarcoma_surgeries
bone <- patients[!is.na(patients$bone_metastasis), ]

counts <- function(x) c(table(x))

test_that("Table 1", {
  expect_equal(nrow(patients), 396)
  expect_equal(counts(patients$sex), c(Female = 273, Male = 123))
  expect_equal(
    counts(patients$race),
    c(Caucasian = 262, `African American` = 92, Asian = 20, Hispanic = 2, Other = 20)
  )
  expect_equal(counts(patients$subtype), c(
    Retroperitoneal = 125, Uterine = 124, `Extremity soft tissue` = 71, `Dermal/subcutaneous` = 13,
    `Male reproductive` = 13, `Primary bone` = 7, Peritoneal = 7, Gastrointestinal = 7,
    `Inferior vena cava` = 6, Gynecologic = 6, Liver = 4, `H&N` = 4, Mediastinal = 2, Lung = 2,
    Breast = 2, Unknown = 3
  ))
  expect_equal(sum(patients$lost_to_follow_up), 94)
})

test_that("Table 2", {
  expect_equal(nrow(bone), 45)
  expect_equal(counts(bone$sex), c(Female = 31, Male = 14))
  expect_equal(counts(droplevels(bone$race)), c(Caucasian = 33, `African American` = 10, Other = 2))
  expect_equal(
    counts(droplevels(bone$subtype)),
    c(Retroperitoneal = 15, Uterine = 18, `Extremity soft tissue` = 8, `H&N` = 1, Lung = 1,
      Unknown = 2)
  )
  expect_equal(sum(!is.na(bone$visceral_metastasis)), 42)
})

test_that("Table 3, with 9 mixed lesions", {
  expect_equal(counts(bone$bone_location), c(Both = 11, Axial = 29, Appendicular = 5))
  expect_equal(counts(bone$lesion_type), c(Lytic = 32, Sclerotic = 4, Mixed = 9))
  expect_equal(counts(bone$bone_lesions), c(Single = 13, Multiple = 32))
  expect_equal(sum(bone$bone_radiotherapy), 31)
  expect_equal(sum(bone$fracture), 12)
  expect_equal(sum(bone$surgery), 20)
  expect_equal(
    counts(bone$indication),
    c(`Prophylactic fixation` = 12, `Pathologic fracture fixation` = 8)
  )
})

test_that("section 3.1", {
  expect_equal(unname(counts(bone$tumor_size)), c(10, 13, 9, 2))
  expect_equal(counts(bone$grade), c(High = 29, Intermediate = 15, Low = 1))
  first <- is.na(bone$visceral_metastasis) | bone$bone_metastasis < bone$visceral_metastasis
  expect_equal(sum(first), 13)
  expect_equal(c(table(bone$pet, bone$bone_scan)), c(21, 10, 11, 3))
  expect_equal(c(sum(bone$prior_chemotherapy), sum(bone$prior_radiotherapy)), c(41, 37))
  expect_equal(c(sum(bone$died), sum(bone$lost_to_follow_up)), c(32, 1))
  expect_false(any(patients$died & patients$lost_to_follow_up))
})

test_that("section 3.2", {
  by_site <- counts(unique(lesions[c("id", "site")])$site)
  expect_equal(
    by_site[c("Thoracic spine", "Lumbar spine", "Femur", "Humerus")],
    c(`Thoracic spine` = 22, `Lumbar spine` = 15, Femur = 11, Humerus = 5)
  )
  parts <- unique(lesions[!is.na(lesions$spine_part), c("id", "spine_part")])
  expect_equal(counts(parts$spine_part), c(`Vertebral body` = 17, `Posterior elements` = 12))
  expect_false(anyDuplicated(parts$id) > 0)
  expect_equal(counts(bone$pet_avid), c(`TRUE` = 13))
  expect_equal(counts(bone$scan_uptake), c(`FALSE` = 11, `TRUE` = 3))
  expect_false(any(bone$scan_uptake[bone$pet & bone$bone_scan]))
  expect_equal(counts(bone$palliative_radiotherapy), c(`FALSE` = 2, `TRUE` = 29))
  expect_equal(sum(bone$antiresorptive), 17)
})

test_that("section 3.3", {
  expect_equal(counts(surgeries$site), c(Spine = 15, Femur = 9, Humerus = 4, Acetabulum = 2))
  expect_equal(counts(counts(surgeries$id)), c(`1` = 14, `2` = 3, `3` = 2, `4` = 1))
  expect_equal(counts(surgeries$procedure[surgeries$site == "Spine"])[1:3], c(
    `Decompression and fusion` = 9, `Decompression alone` = 4, Kyphoplasty = 2
  ))
  femur <- counts(droplevels(surgeries$procedure[surgeries$site == "Femur"]))
  expect_equal(
    femur, c(Arthroplasty = 5, `Intramedullary fixation` = 3, `Curettage and cement` = 1)
  )
  humerus <- counts(droplevels(surgeries$procedure[surgeries$site == "Humerus"]))
  expect_equal(
    humerus, c(`Intramedullary fixation` = 2, Hemiarthroplasty = 1, `Plate and screws` = 1)
  )
  expect_equal(sum(!is.na(surgeries$complication)), 6)
  expect_equal(length(unique(surgeries$id[!is.na(surgeries$complication)])), 5)
  expect_equal(c(sum(!is.na(surgeries$failure)), sum(!is.na(bone$implant_failure))), c(4, 3))
})

test_that("the tables agree with each other", {
  expect_setequal(lesions$id, bone$id)
  expect_setequal(surgeries$id, patients$id[patients$surgery])
  number <- counts(lesions$id)[as.character(bone$id)]
  expect_equal(unname(number == 1), bone$bone_lesions == "Single")
  regions <- table(factor(lesions$id, bone$id), lesions$region) > 0
  place <- ifelse(regions[, 1] & regions[, 2], "Both",
                  ifelse(regions[, 1], "Axial", "Appendicular"))
  expect_equal(unname(place), as.character(bone$bone_location))
  expect_equal(lesions$type, bone$lesion_type[match(lesions$id, bone$id)])
  first <- tapply(as.numeric(lesions$date), lesions$id, min)[as.character(bone$id)]
  expect_equal(unname(c(first)), as.numeric(bone$bone_metastasis))

  operated <- patients[match(unique(surgeries$id), patients$id), ]
  first <- tapply(as.numeric(surgeries$date), surgeries$id, min)[as.character(operated$id)]
  expect_equal(unname(c(first)), as.numeric(operated$first_surgery))
  failed <- surgeries[!is.na(surgeries$failure), ]
  first <- tapply(as.numeric(failed$failure), failed$id, min)
  expect_equal(
    unname(c(first)), as.numeric(patients$implant_failure[match(names(first), patients$id)])
  )
  hardware <- tapply(surgeries$implant, surgeries$id, any)[as.character(operated$id)]
  expect_equal(unname(c(hardware)), operated$hardware)
  expect_true(all(unlist(tapply(surgeries$date, surgeries$id, function(x) diff(x) > 0))))
})

test_that("an operation is where there is a lesion", {
  places <- list(Spine = c("Thoracic spine", "Lumbar spine"), Femur = "Femur", Humerus = "Humerus",
                 Acetabulum = "Pelvis")
  there <- vapply(seq_len(nrow(surgeries)), function(i) {
    at <- lesions[lesions$id == surgeries$id[i] & lesions$date <= surgeries$date[i], ]
    any(at$site %in% places[[as.character(surgeries$site[i])]])
  }, NA)
  expect_true(all(there))
})

test_that("nothing is impossible", {
  cohort <- lms_cohort(patients, lesions, surgeries, as_of = as.Date("2021-12-31"))
  expect_s3_class(cohort, "lms_cohort")
  expect_equal(nrow(cohort), 396)
  expect_equal(range(as.numeric(format(patients$diagnosis, "%Y"))), c(1995, 2020))
  expect_true(all(patients$last_contact <= as.Date("2021-12-31")))
  days <- as.numeric(patients$last_contact - patients$diagnosis)
  expect_false(anyDuplicated(days) > 0)
  female <- c("Uterine", "Gynecologic")
  expect_true(all(patients$sex[patients$subtype %in% female] == "Female"))
  expect_true(all(patients$sex[patients$subtype == "Male reproductive"] == "Male"))
  prophylactic <- patients$indication %in% "Prophylactic fixation"
  expect_false(any(patients$fracture[prophylactic]))
})

test_that("no curve runs along a quarter, so that R and Stata agree", {
  for (data in list(patients, bone)) {
    days <- as.numeric(data$last_contact - data$diagnosis)
    fit <- survival::survfit(survival::Surv(days, data$died) ~ 1)
    expect_gt(min(abs(outer(fit$surv, c(0.25, 0.5, 0.75), `-`))), 1e-6)
  }
})

test_that("all but deaths is on working days", {
  holidays <- c("01-01", "07-04", "12-25")
  dates <- c(
    patients$diagnosis, patients$last_contact[!patients$died], patients$bone_metastasis,
    patients$visceral_metastasis, patients$first_surgery, patients$implant_failure, lesions$date,
    surgeries$date, surgeries$failure
  )
  dates <- dates[!is.na(dates)]
  expect_true(all(as.POSIXlt(dates)$wday %in% 1:5))
  expect_false(any(format(dates, "%m-%d") %in% holidays))
})

test_that("lesions and operations come in an order that a surgeon would believe", {
  operated <- bone[bone$surgery, ]
  wait <- as.numeric(operated$first_surgery - operated$bone_metastasis)
  expect_true(all(wait[operated$fracture] <= 125)) # fractures are fixed within four months
  expect_true(all(wait[operated$bone_lesions == "Single"] <= 125))
  between <- unlist(tapply(as.numeric(surgeries$date), surgeries$id, diff))
  expect_true(all(between >= 28))
  expect_true(all(surgeries$failure >= surgeries$date, na.rm = TRUE))
  # A failed construct is revised on the day on which it is found to have failed.
  again <- surgeries[surgeries$indication == "Failure of construct", ]
  expect_setequal(paste(again$id, again$date),
                  paste(surgeries$id, surgeries$failure)[!is.na(surgeries$failure)])
  last <- patients$last_contact[match(surgeries$id, patients$id)]
  expect_true(all(surgeries$date < last))
  expect_true(all(lesions$date <= patients$last_contact[match(lesions$id, patients$id)]))
})
