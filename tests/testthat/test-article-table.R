# The five tables beside the printed ones.

cohort <- suppressMessages(
  lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
)
tables <- lms_table(cohort)
published <- lms_published

number <- function(id, part = "value") published[[part]][match(id, published$id)]

# A count and its percentage by id of the published number without ".n".
expect_count <- function(table, key, variable, level, n = number(paste0(key, ".n"))) {
  rows <- as.data.frame(tables[[table]])
  row <- rows[rows$variable == variable & rows$level %in% level, ]
  expect_equal(nrow(row), 1, label = key)
  expect_equal(row$n, n, label = key)
}

levels_of <- list(
  sex = c(female = "Female", male = "Male"),
  race = c(caucasian = "Caucasian", african_american = "African American", asian = "Asian",
           hispanic = "Hispanic", other = "Other"),
  subtype = c(
    retroperitoneal = "Retroperitoneal", uterine = "Uterine", extremity = "Extremity soft tissue",
    dermal = "Dermal/subcutaneous", male_reproductive = "Male reproductive",
    primary_bone = "Primary bone", peritoneal = "Peritoneal", gastrointestinal = "Gastrointestinal",
    ivc = "Inferior vena cava", gynecologic = "Gynecologic", liver = "Liver", head_neck = "H&N",
    mediastinal = "Mediastinal", lung = "Lung", breast = "Breast", unknown = "Unknown"
  )
)

key_of <- function(found) {
  mapply(function(variable, level) names(which(levels_of[[variable]] == level)),
         found$variable, found$level)
}

test_that("Table 1 has the printed counts", {
  found <- as.data.frame(tables$table_1)
  expect_identical(unique(found$variable), c("sex", "race", "subtype"))
  for (variable in names(levels_of)) {
    keys <- levels_of[[variable]]
    for (key in names(keys)) {
      expect_count(1, paste0("table1.", variable, ".", key), variable, keys[[key]])
    }
  }
  expect_equal(sum(grepl("^table1.*[.]n$", published$id)), nrow(found))
  # Percentages as printed, but those that the counts contradict.
  printed <- published[grepl("^table1.*[.]pct$", published$id), ]
  ours <- found$percent[match(sub("pct$", "n", printed$id),
                              paste0("table1.", found$variable, ".", key_of(found), ".n"))]
  off <- abs(ours - printed$value) > 0.5 * 10^-printed$value_decimals
  expect_setequal(
    printed$id[off],
    c("table1.race.asian.pct", "table1.race.hispanic.pct", "table1.race.other.pct",
      "table1.subtype.primary_bone.pct", "table1.subtype.peritoneal.pct",
      "table1.subtype.gastrointestinal.pct", "table1.subtype.unknown.pct")
  )
})

test_that("Table 2 has the printed counts, age, and both medians", {
  found <- as.data.frame(tables$table_2)
  for (variable in names(levels_of)) {
    for (level in found$level[found$variable == variable]) {
      key <- names(which(levels_of[[variable]] == level))
      expect_count(2, paste0("table2.", variable, ".", key), variable, level)
    }
  }
  expect_equal(sum(found$statistic == "count"), sum(grepl("^table2.*[.]n$", published$id)))
  expect_count(2, "table2.visceral", "ever_visceral_metastasis", "TRUE")
  age <- found[found$variable == "age", ]
  expect_equal(round(c(age$mean, age$sem), 1), number(c("text.age.mean", "text.age.pm")))
  # Printed 60 (37.2, 100) and 69.7 (43.2, 124.5).
  crude <- found[found$variable == "follow_up", ]
  expect_lt(abs(crude$median - number("table2.survival_time")), 0.5)
  expect_lt(abs(crude$q1 - number("table2.survival_time", "lower")), 0.05)
  expect_lt(abs(crude$q3 - number("table2.survival_time", "upper")), 0.5)
  curve <- found[found$variable == "os", ]
  expect_equal(round(c(curve$median, curve$q1, curve$q3), 1),
               unlist(published[published$id == "survival.bone.km", c("value", "lower", "upper")],
                      use.names = FALSE))
})

test_that("Table 3 has the printed counts, mixed lesions as their percentage has them", {
  expect_count(3, "table3.location.axial", "bone_location", "Axial")
  expect_count(3, "table3.location.appendicular", "bone_location", "Appendicular")
  expect_count(3, "table3.location.both", "bone_location", "Both")
  expect_count(3, "table3.lesion.lytic", "lesion_type", "Lytic")
  expect_count(3, "table3.lesion.sclerotic", "lesion_type", "Sclerotic")
  expect_count(3, "table3.lesion.mixed", "lesion_type", "Mixed", n = 9)
  expect_count(3, "table3.number.single", "bone_lesions", "Single")
  expect_count(3, "table3.number.multiple", "bone_lesions", "Multiple")
  expect_count(3, "table3.radiotherapy", "bone_radiotherapy", "TRUE")
  expect_count(3, "table3.fracture", "fracture", "TRUE")
  expect_count(3, "table3.surgery", "surgery", "TRUE")
  expect_count(3, "table3.indication.prophylactic", "indication", "Prophylactic fixation")
  expect_count(3, "table3.indication.fracture", "indication", "Pathologic fracture fixation")
  text <- format(tables$table_3)
  expect_true("Indication for fixation (n = 20)" %in% text[[1]])
  expect_identical(text[match("  Prophylactic fixation", text[[1]]), 2], "12 (60%)")
})

test_that("Tables 4 and 5 have the numbers of lms_reconcile(), close to the printed ones", {
  # The article's models had Stata's ties.
  withr::local_options(lmsurv.conventions = "stata")
  tables <- lms_table(cohort, 4:5)
  numbers <- as.data.frame(lms_reconcile(cohort))
  for (k in 4:5) {
    rows <- as.data.frame(tables[[paste0("table_", k)]])
    rows <- rows[!is.na(rows$estimate), ]
    ids <- unique(numbers$id[startsWith(numbers$id, paste0("table", k, ".hr"))])
    expect_equal(nrow(rows), length(ids))
    found <- c(rows$estimate, rows$conf.low, rows$conf.high, rows$p.value)
    theirs <- numbers[numbers$id %in% ids, ]
    expect_equal(sort(found), sort(theirs$computed))
    printed <- theirs$published[theirs$part == "value"]
    closest <- vapply(printed, function(p) min(abs(log(rows$estimate / p))), 0)
    expect_lt(max(closest), log(1.1))
  }
  expect_match(heard(print(tables$table_4)), "Breslow")
})

test_that("the ties of Tables 4 and 5 are those of the conventions", {
  fit <- survival::coxph(os ~ ever_bone_metastasis + subtype, as.data.frame(cohort))
  rows <- as.data.frame(tables$table_4)
  expect_equal(rows$estimate[!is.na(rows$estimate)], unname(exp(stats::coef(fit))))
  expect_match(heard(print(tables$table_4)), "Efron")
})

test_that("the text of all five", {
  withr::local_options(width = 100, cli.width = 100, cli.num_colors = 1L, cli.unicode = FALSE)
  expect_snapshot(print(tables))
})

test_that("one number gives a table, several a named list of those that there are", {
  expect_s3_class(lms_table(cohort, 3), "lms_table")
  expect_named(tables, paste0("table_", 1:5))
  expect_named(lms_table(cohort, c(4, 1)), c("table_4", "table_1"))
  patients <- random_patients(50, 4)[c("id", "diagnosis", "last_contact", "died", "age", "grade")]
  plain <- lms_cohort(patients, as_of = far_future)
  expect_message(some <- lms_table(plain), "Table 3 is not made")
  expect_named(some, c("table_1", "table_4"))
  for (k in c(2, 3, 5)) {
    expect_error(lms_table(plain, k), class = "lmsurv_error_no_data")
  }
  expect_error(lms_table(cohort[!cohort$died, ], 4), class = "lmsurv_error_no_data")
  expect_error(lms_table(cohort[!cohort$ever_bone_metastasis, ], 2),
               class = "lmsurv_error_no_data")
})

test_that("other columns are taken as they are, or as they are chosen", {
  patients <- random_patients(150, 8)
  own <- lms_cohort(patients, random_lesions(patients), as_of = far_future)
  one <- as.data.frame(lms_table(own, 1))
  expect_true(all(c("age", "grade", "fracture") %in% one$variable))
  expect_identical(unique(as.data.frame(lms_table(own, 1, vars = grade, by = fracture))$variable),
                   "grade")
  models <- as.data.frame(suppressMessages(lms_table(own, 4)))
  expect_setequal(models$variable, c("ever_bone_metastasis", "age"))
  chosen <- as.data.frame(lms_table(own, 5, covariates = c(grade, "age"), univariable = TRUE))
  expect_setequal(chosen$variable, c("grade", "age"))
  expect_setequal(chosen$model, c("fitted", "univariable"))
  # Lesions per patient from the table of lesions.
  bare <- lms_cohort(patients[setdiff(names(patients), "fracture")], random_lesions(patients),
                     as_of = far_future)
  three <- as.data.frame(lms_table(bare, 3))
  lesions <- table(linked_table(bare, "lesions")$id)
  expect_equal(three$n[three$level %in% c("Single", "Multiple")],
               c(sum(lesions == 1), sum(lesions > 1)))
  expect_no_patient(heard(print(lms_table(own))), patients)
})

test_that("cohorts of three, of one sex and without deaths give tables or clear words", {
  three <- suppressMessages(lms_table(cohort[which(!cohort$ever_bone_metastasis)[1:3], ]))
  expect_named(three, c("table_1", "table_4"))
  expect_output(print(three), "Characteristics of all 3 patients")
  men <- lms_table(cohort[cohort$sex == "Male", ])
  expect_named(men, paste0("table_", 1:5))
  expect_false("sex" %in% as.data.frame(men$table_5)$variable)
  alive <- suppressMessages(lms_table(cohort[!cohort$died, ]))
  expect_named(alive, paste0("table_", 1:3))
  expect_match(heard(print(alive$table_2)), "NR")
})

test_that("patients of The Cancer Genome Atlas have their tables", {
  d <- sarcomas()
  own <- suppressMessages(lms_cohort(
    d, id = patient, last_contact = os_days, died = os_event, unit = "days"
  ))
  made <- suppressMessages(lms_table(own))
  expect_named(made, c("table_1", "table_4"))
  one <- as.data.frame(made$table_1)
  expect_equal(one$n[one$variable == "histology"], as.vector(table(d$histology)))
  expect_equal(one$n[one$variable == "race" & one$statistic == "missing"],
               sum(is.na(d$race) | d$race == ""))
  theirs <- survival::coxph(survival::Surv(os_days, os_event) ~ age + sex, d)
  four <- as.data.frame(made$table_4)
  expect_equal(four$estimate[!is.na(four$estimate)], unname(exp(stats::coef(theirs))),
               tolerance = 1e-7)
  expect_false(any(vapply(d$patient, grepl, NA, heard(print(made)), fixed = TRUE)))
})

test_that("mistakes are explained", {
  expect_snapshot({
    said(lms_table(leiomyosarcoma))
    said(lms_table(cohort, 6))
    said(lms_table(cohort, 1, stile = "nejm"))
    said(lms_table(cohort, 1, vars = sexx))
    said(lms_table(cohort, 4, covariates = stage))
    said(lms_table(cohort[!cohort$ever_bone_metastasis, ], 3))
  })
})

test_that("a cohort whose columns all have labels of their own has its models", {
  labelled <- leiomyosarcoma
  attr(labelled$subtype, "label") <- "Kind of tumour"
  table <- lms_table(lms_cohort(labelled), 4)
  expect_match(format(table)[[1L]], "Kind of tumour", all = FALSE)
})
