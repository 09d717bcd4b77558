folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
write <- function(name, ...) {
  path <- file.path(folder, name)
  writeLines(c(...), path)
  path
}
dictionary <- write(
  "dictionary.csv",
  paste0("\"Variable / Field Name\",\"Form Name\",\"Section Header\",\"Field Type\",",
         "\"Field Label\",\"Choices, Calculations, OR Slider Labels\",\"Field Note\",",
         "\"Text Validation Type OR Show Slider Number\""),
  "record_id,p,,text,Record ID,,,",
  "sex,p,,radio,<b>Sex</b> at birth,\"1, Male | 2, Female, or other\",,",
  "mets,p,,checkbox,Sites,\"1, Lung | 2, Liver\",,",
  "dx,p,,text,Diagnosis,,,date_dmy",
  "smoker,p,,yesno,Smoker,,,",
  "site,l,,dropdown,Site,\"1, Femur | 2, Spine\",,"
)
read <- function(...) suppressMessages(lms_read(..., dictionary = dictionary))

test_that("fields go by the dictionary", {
  x <- read(write("plain.csv", "record_id,sex,mets___1,mets___2,dx,smoker",
                  "1,1,0,1,2012-03-04,1", "2,2,1,0,2012-03-05,0", "3,,0,0,,"))
  expect_identical(as.character(x$sex), c("Male", "Female, or other", NA))
  expect_identical(attr(x$sex, "label"), "Sex at birth")
  expect_identical(as.vector(x$mets___2), c(TRUE, FALSE, FALSE))
  expect_identical(attr(x$mets___2, "label"), "Sites: Liver")
  expect_equal(as.Date(c(x$dx)), as.Date(c("2012-03-04", "2012-03-05", NA)), ignore_attr = TRUE)
  expect_identical(as.vector(x$smoker), c(TRUE, FALSE, NA))
})

test_that("codes that the dictionary does not have are kept and said", {
  file <- write("extra.csv", "record_id,sex", "1,1", "2,7")
  expect_message(x <- lms_read(file, dictionary = dictionary), "kept as levels: `sex`")
  expect_identical(as.character(x$sex), c("Male", "7"))
  labelled <- write("labels.csv", "record_id,sex", "1,Male", "2,Male")
  expect_identical(as.character(read(labelled)$sex), c("Male", "Male"))
})

test_that("repeating instruments are tables of their own", {
  x <- read(write(
    "repeat.csv",
    "record_id,redcap_repeat_instrument,redcap_repeat_instance,sex,mets___1,dx,site",
    "1,,,1,0,2012-03-04,", "1,lesions,1,,,,1", "1,lesions,2,,,,2", "2,,,2,1,2013-05-06,"
  ))
  expect_named(x, c("patients", "lesions"))
  expect_named(x$patients, c("record_id", "sex", "mets___1", "dx"))
  expect_identical(as.character(x$lesions$site), c("Femur", "Spine"))
  expect_identical(c(x$lesions$record_id), c(1, 1), ignore_attr = TRUE)
})

test_that("what is no dictionary of this project is refused", {
  file <- write("plain.csv", "record_id,sex", "1,1")
  expect_error(lms_read(file, dictionary = file), class = "lmsurv_error_dictionary")
  other <- write("other.csv", "a,b", "1,2")
  expect_error(read(other), class = "lmsurv_error_dictionary")
})

test_that("an export with labels, in its cells and its header, is the raw export", {
  raw <- read(write("raw.csv", "record_id,sex,mets___1,mets___2,smoker", "1,1,0,1,1", "2,2,1,0,0",
                    "3,,0,0,"))
  labelled <- read(write(
    "labelled.csv", "Record ID,Sex at birth,Sites (choice=Lung),Sites (choice=Liver),Smoker",
    "1,Male,Unchecked,Checked,Yes", "2,\"Female, or other\",Checked,Unchecked,No",
    "3,,Unchecked,Unchecked,"
  ))
  expect_identical(as.data.frame(lapply(labelled, as.vector)),
                   as.data.frame(lapply(raw, as.vector)))
  expect_identical(as.vector(labelled$smoker), c(TRUE, FALSE, NA))
  expect_identical(as.vector(labelled$mets___2), c(TRUE, FALSE, FALSE))
})

test_that("several rows of one record are said", {
  events <- write("events.csv", "record_id,redcap_event_name,sex", "1,baseline_arm_1,1",
                  "1,visit_arm_1,", "2,baseline_arm_1,2", "3,baseline_arm_1,1")
  expect_message(lms_read(events), "4 rows of 3 records, told apart by `redcap_event_name`")
  repeated <- write("repeated.csv", "record_id,redcap_event_name,redcap_repeat_instance,sex",
                    "1,visit_arm_1,1,1", "1,visit_arm_1,2,", "2,visit_arm_1,1,2")
  expect_message(lms_read(repeated), "3 rows of 2 records")
  single <- write("single.csv", "record_id,redcap_event_name,sex", "1,a,1", "2,a,2")
  expect_false(any(grepl("told apart", tryCatch(lms_read(single), message = conditionMessage))))
})
