# The reconciliation again, with survival alone.
result <- lms_reconcile()
numbers <- as.data.frame(result)

patients <- as.data.frame(lmsurv::leiomyosarcoma)
months <- function(from, to) as.numeric(to - from) / 30.4375
patients$months <- months(patients$diagnosis, patients$last_contact)
patients$bone <- !is.na(patients$bone_metastasis)
patients$visceral <- !is.na(patients$visceral_metastasis)
bone <- patients[patients$bone, ]
bone$subtype <- droplevels(bone$subtype)
bone$after <- months(bone$bone_metastasis, bone$last_contact)
operated <- bone[bone$surgery, ]

computed <- function(id, parts = c("value", "lower", "upper", "p")) {
  rows <- numbers[numbers$id == id, ]
  rows$computed[match(parts, rows$part)]
}

breslow <- function(formula, data) {
  survival::coxph(formula, data, ties = "breslow", control = tight())
}

expect_ratio <- function(id, fit, term) {
  row <- summary(fit)
  limits <- unname(row$conf.int[term, c("exp(coef)", "lower .95", "upper .95")])
  expect_equal(computed(id), c(limits, row$coefficients[term, "Pr(>|z|)"]), tolerance = 1e-7,
               label = id, ignore_attr = TRUE)
}

subtypes <- c(
  primary_bone = "Primary bone", extremity = "Extremity soft tissue",
  dermal = "Dermal/subcutaneous", uterine = "Uterine", peritoneal = "Peritoneal", lung = "Lung",
  breast = "Breast", gynecologic = "Gynecologic", male_reproductive = "Male reproductive",
  gastrointestinal = "Gastrointestinal", ivc = "Inferior vena cava", liver = "Liver",
  head_neck = "H&N", mediastinal = "Mediastinal", unknown = "Unknown"
)

test_that("Table 4", {
  fit <- breslow(survival::Surv(months, died) ~ bone + subtype, patients)
  expect_ratio("table4.hr.bone_mets", fit, "boneTRUE")
  for (key in names(subtypes)) {
    expect_ratio(paste0("table4.hr.", key), fit, paste0("subtype", subtypes[[key]]))
  }
})

test_that("Table 5", {
  fit <- breslow(
    survival::Surv(months, died) ~ subtype + bone_location + sex + visceral + bone_lesions +
      fracture + surgery, bone
  )
  for (key in c("extremity", "uterine", "lung", "head_neck", "unknown")) {
    expect_ratio(paste0("table5.hr.", key), fit, paste0("subtype", subtypes[[key]]))
  }
  terms <- c(
    appendicular = "bone_locationAppendicular", axial = "bone_locationAxial", sex = "sexMale",
    visceral = "visceralTRUE", number = "bone_lesionsMultiple", fracture = "fractureTRUE",
    surgery = "surgeryTRUE"
  )
  for (key in names(terms)) expect_ratio(paste0("table5.hr.", key), fit, terms[[key]])
  expect_false(anyDuplicated(bone$months[bone$died]) > 0) # so that ties do not matter
})

test_that("curves", {
  curve <- function(time, died) {
    fit <- survival::survfit(survival::Surv(time, died) ~ 1)
    unname(quantile(fit, c(0.5, 0.25, 0.75), conf.int = FALSE))
  }
  parts <- c("value", "lower", "upper")
  expect_equal(computed("survival.all.km", parts), curve(patients$months, patients$died))
  expect_equal(computed("survival.bone.km", parts), curve(bone$months, bone$died))
  expect_equal(computed("survival.post_bone.km", parts), curve(bone$after, bone$died))
})

test_that("tests", {
  log_rank <- function(group, data) {
    found <- survival::survdiff(survival::Surv(months, died) ~ data[[group]], data)
    pchisq(found$chisq, length(found$n) - 1, lower.tail = FALSE)
  }
  expect_equal(computed("logrank.bone_vs_none.p", "p"), log_rank("bone", patients))
  expect_equal(computed("logrank.subtype.p", "p"), log_rank("subtype", bone), tolerance = 1e-6)
  expect_equal(computed("logrank.surgery.p", "p"), log_rank("surgery", bone))
  expect_equal(computed("logrank.fracture.p", "p"), log_rank("fracture", bone))
  expect_equal(computed("logrank.indication.p", "p"), log_rank("indication", operated))
  fisher <- fisher.test(patients$subtype, patients$bone, workspace = 2e7)$p.value
  expect_equal(computed("text.fisher_subtype_bone.p", "p"), fisher, tolerance = 1e-6)
})

test_that("the rarest subtypes as one group give the printed p of Figure 5a", {
  common <- c("Retroperitoneal", "Uterine", "Extremity soft tissue")
  pooled <- ifelse(bone$subtype %in% common, as.character(bone$subtype), "other")
  found <- survival::survdiff(survival::Surv(bone$months, bone$died) ~ pooled)
  expect_lt(abs(pchisq(found$chisq, 3, lower.tail = FALSE) - 0.56), 0.01)
})

test_that("crude rates and plain quartiles", {
  for (years in c(2, 5, 10)) {
    share <- function(time) 100 * mean(time >= 12 * years)
    expect_equal(computed(sprintf("survival.all.rate_%dy", years), "value"), share(patients$months))
    expect_equal(computed(sprintf("survival.bone.rate_%dy", years), "value"), share(bone$months))
  }
  quartiles <- function(x) unname(quantile(x, c(0.5, 0.25, 0.75), type = 2, na.rm = TRUE))
  parts <- c("value", "lower", "upper")
  times <- list(
    text.time_to_bone_mets = months(bone$diagnosis, bone$bone_metastasis),
    text.time_to_visceral_mets = months(bone$diagnosis, bone$visceral_metastasis),
    text.time_to_surgery = months(operated$bone_metastasis, operated$first_surgery),
    text.time_to_implant_failure = months(operated$first_surgery, operated$implant_failure),
    table2.survival_time = bone$months
  )
  for (id in names(times)) expect_equal(computed(id, parts), quartiles(times[[id]]), label = id)
})

test_that("what the article prints comes back", {
  verdict <- numbers$verdict
  possible <- verdict != "not computable"
  expect_equal(sum(!possible), 2)
  expect_gt(mean(verdict[possible] == "equal"), 0.9)
  # A bound of this test by Table 5 would have to be proven to call it contradicted.
  expect_equal(numbers$id[verdict == "different"], "logrank.subtype.p")
  expect_match(numbers$note[verdict == "different"], "p is about 0.56")
  expect_true(all(verdict[numbers$kind %in% c("median", "mean", "survival_rate")] == "equal"))
  off <- abs(numbers$difference / numbers$published)
  ratios <- numbers$kind == "hr" & numbers$part != "p"
  expect_lt(max(off[ratios]), 0.1)
  tests <- numbers$kind == "pvalue" & verdict %in% c("equal", "close")
  expect_lt(max(abs(numbers$difference[tests])), 0.01)
  expect_setequal(numbers$id, lmsurv::lms_published$id)
})

test_that("a verdict follows the printed decimals", {
  equal <- abs(numbers$computed - numbers$published) <= 0.5 * 10^-numbers$decimals + 1e-9
  expect_equal(numbers$verdict == "equal", equal & !is.na(equal))
  expect_false(anyNA(numbers$by[numbers$verdict == "contradicted"]))
  expect_true(all(numbers$by[!is.na(numbers$by)] %in% numbers$id))
})

test_that("each call runs as it stands", {
  space <- new.env(parent = globalenv())
  cohort <- lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
  space$cohort <- cohort
  space$lesions <- leiomyosarcoma_lesions
  space$surgeries <- leiomyosarcoma_surgeries
  suppressMessages(suppressWarnings({
    for (name in names(result$definitions)) {
      assign(name, eval(str2lang(result$definitions[[name]]), space), space)
    }
    rows <- c("table1.sex.male.n", "survival.all.rate_2y", "text.case.plate_months", "stats.alpha",
              "text.operation_site.spine.pct")
    for (id in setdiff(rows, "stats.alpha")) {
      row <- numbers[numbers$id == id, ]
      expect_equal(as.double(eval(str2lang(row$call), space)), row$computed, label = id)
    }
  }))
})

test_that("another cohort gets other verdicts, and a lack is named", {
  changed <- leiomyosarcoma
  changed$died <- rev(changed$died)
  other <- as.data.frame(lms_reconcile(
    lms_cohort(changed, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
  ))
  expect_true(any(other$verdict == "different"))
  expect_equal(other$verdict[other$id == "cohort.n"], factor("equal", levels(other$verdict)))
  changed$grade <- NULL
  expect_error(lms_reconcile(changed), "`cohort` has no column `grade`", class = "lmsurv_error")
  expect_error(lms_reconcile(leiomyosarcoma, NULL, NULL), "without its lesions or surgeries",
               class = "lmsurv_error")
})

test_that("print and summary", {
  counts <- summary(result)
  expect_equal(sum(counts[nrow(counts), -1L]), nrow(numbers))
  expect_output(print(result), "published numbers, .* match the published value")
  expect_output(print(result), "Contradicted")
  expect_output(print(result), "logrank.subtype.p \\(p\\) +0.56 +<0.001")
})

test_that("a part of the cohort is reconciled as far as its patients go", {
  cohort <- suppressMessages(
    lms_cohort(leiomyosarcoma, leiomyosarcoma_lesions, leiomyosarcoma_surgeries)
  )
  for (sex in c("Female", "Male")) {
    expect_no_warning(numbers <- as.data.frame(lms_reconcile(cohort[cohort$sex == sex, ])))
    patients <- leiomyosarcoma[leiomyosarcoma$sex == sex, ]
    expect_identical(numbers$computed[numbers$id == "table3.fracture.n"],
                     as.double(sum(patients$fracture, na.rm = TRUE)))
    gone <- numbers[numbers$verdict == "not computable", ]
    expect_gt(nrow(gone), 2)
    expect_false(anyNA(gone$note))
  }
})
