# What default sections say of cohorts that are small, odd, or of another disease.

random_patients <- function(n = 60, seed = 1) {
  withr::with_seed(seed, data.frame(
    id = seq_len(n), months = round(stats::rexp(n, 1 / 30) + 1, 1),
    died = stats::rbinom(n, 1, 0.5), sex = sample(c("F", "M"), n, TRUE),
    stage = factor(sample(c("I", "II", "III"), n, TRUE)), age = round(stats::rnorm(n, 60, 10))
  ))
}

declare <- function(patients, ...) {
  suppressMessages(lms_cohort(
    patients, id = id, diagnosis = NULL, last_contact = months, died = died, event = 1,
    unit = "months", ...
  ))
}

said <- function(results, name) {
  gsub("\\s+", " ", paste(base::format(results$text[[name]]), collapse = " "))
}

test_that("numbers in sentences are those of survival", {
  patients <- random_patients(200, 3)
  results <- lms_results(declare(patients), factors = "sex", models = ~ age + sex)
  response <- survival::Surv(patients$months, patients$died)
  all <- survival::survfit(response ~ 1)
  at <- summary(all, times = c(12, 36, 60))
  for (i in 1:3) expect_match(said(results, "os"), fixed = TRUE, sprintf(
    "%.0f%% (95%% CI %.0f to %.0f%%)", 100 * at$surv[i], 100 * at$lower[i], 100 * at$upper[i]
  ))
  median <- summary(all)$table[c("median", "0.95LCL", "0.95UCL")]
  expect_match(said(results, "os"), fixed = TRUE, sprintf(
    "%.1f months (95%% CI %.1f to %.1f", median[1], median[2], median[3]
  ))
  table <- summary(survival::survfit(response ~ sex, patients))$table
  for (i in 1:2) expect_match(said(results, "by_sex"), fixed = TRUE, sprintf(
    "%.1f months for %s", table[i, "median"], c("F", "M")[i]
  ))
  for (i in 1:2) expect_match(said(results, "by_sex"), fixed = TRUE, sprintf(
    "%d deaths in %d patients", as.integer(table[i, "events"]), as.integer(table[i, "records"])
  ))
  reverse <- summary(survival::survfit(survival::Surv(months, !died) ~ 1, patients))$table
  expect_match(said(results, "follow_up"), fixed = TRUE, sprintf("%.1f months", reverse["median"]))
  model <- survival::coxph(response ~ age + sex, patients)
  table <- as.data.frame(results$tables$model)
  expect_equal(table$estimate[table$model == "fitted" & table$kind %in% c("quantity", "level")],
               unname(exp(coef(model))), tolerance = 1e-8)
})

test_that("a cohort says nothing of what it does not have, and nothing is fitted unasked", {
  results <- lms_results(declare(random_patients()))
  expect_named(results$text, c("summary", "methods", "patients", "follow_up", "os", "findings",
                               "data"))
  everything <- paste(vapply(names(results$text), said, "", results = results), collapse = " ")
  expect_no_match(everything, "metasta|hazard|log-rank|cumulative|operat|relapse",
                  ignore.case = TRUE)
  expect_equal(nrow(results$left_out), 0)
})

test_that("nobody, everybody and one are said in words", {
  patients <- random_patients()
  patients$died <- 0
  expect_match(said(lms_results(declare(patients), sections = "patients"), "patients"),
               "no patient died.", fixed = TRUE)
  expect_match(said(lms_results(declare(patients)), "summary"), "^No patient died.")
  patients$died <- 1
  expect_match(said(lms_results(declare(patients)), "summary"), "^All 60 patients died.")
  patients$relapse <- NA_real_
  patients$relapse[3] <- patients$months[3] / 2
  results <- lms_results(declare(patients, events = c(relapse = relapse)))
  expect_match(said(results, "relapse"), "recorded in 1 of 60 patients (1.7%), ", fixed = TRUE)
  expect_no_match(said(results, "relapse"), "median of|IQR")
  patients$code <- rep(0:1, 30)
  expect_match(said(lms_results(declare(patients), factors = "code"), "by_code"),
               "for code 0 .* for code 1 ")
})

test_that("what the data do not allow is left out with its reason", {
  patients <- random_patients()
  patients$one <- "a"
  patients$many <- rep(sprintf("level %02d", 1:20), 3)
  patients$none <- NA_character_
  results <- lms_results(declare(patients), factors = c("one", "many", "none"),
                         models = list(A = ~ age, B = ~ none, C = ~ 1))
  expect_equal(results$left_out$part, c(
    "Overall survival by one", "Overall survival by many", "Overall survival by none", "B", "C"
  ))
  expect_equal(results$left_out$reason, c(
    "All patients are in the same group, or their group is missing.",
    "Each group has fewer than 5 patients.", "The group of every patient is missing.",
    "No patient has complete data for this part.", "The model has no covariates."
  ))
  expect_true("a" %in% names(results$text))
  patients$died <- 0
  results <- lms_results(declare(patients), models = ~ age)
  expect_equal(results$left_out, data.frame(part = "Model", reason = "There are no events."))
})

test_that("delayed entry is said, and who is not at risk after it is not at risk of nothing", {
  patients <- random_patients()
  patients$consent <- 0.4
  patients$consent[1:6] <- patients$months[1:6]
  cohort <- declare(patients, entry = consent)
  results <- lms_results(cohort, factors = "sex")
  expect_match(said(results, "os"), "^Overall survival of 54 of 60 patients was ")
  expect_match(said(results, "methods"), "only from their entry \\(consent\\)")
  # Once, below the first figure.
  expect_match(results$captions$figures$os, "only from their entry", fixed = TRUE)
  expect_no_match(results$captions$figures$by_sex, "entry")
  # Also where an entry makes (start, stop] data, a row is a patient.
  expect_no_match(paste(results$findings$text, collapse = " "), "[0-9] rows")
  late <- data.frame(entry = 0.5, time = 1:100, died = rep(1:0, 50))
  read <- summary(lms_km(Surv(entry, time, died) ~ 1, data = late), times = 96)
  of <- function(by_patient) report_checks(list(a = read), "months", by_patient)$counted
  expect_identical(c(of(FALSE), of(TRUE)), c("row", "patient"))
  everything <- paste(unlist(lapply(lms_results(declare(random_patients()))$captions, unlist)))
  expect_no_match(everything, "only from")
})

test_that("models keep apart by their titles, and each is checked", {
  patients <- random_patients()
  patients$`my factor` <- patients$sex
  patients$rare <- rep(c("a", "b"), c(3, 57))
  patients$died[1:3] <- 0
  cohort <- declare(patients)
  models <- list("Overall survival" = ~ rare, ~ age + `my factor`)
  sections <- lms_sections(cohort, models = models)
  expect_true(all(c("overall_survival_model", "model_2") %in% names(sections)))
  results <- lms_results(cohort, models = models)
  expect_true("Overall survival (model)" %in% results$findings$subject)
  expect_error(lms_sections(cohort, models = list(A = ~ age, A = ~ sex)),
               "Two of `models` are called \"A\"", class = "lmsurv_error_argument")
  # Another fit under a name that was there is checked too.
  own <- lms_section("own", "Own", check = function(data, context) {
    list("Overall survival" = suppressWarnings(lms_cox(os ~ rare, data = cohort)))
  })
  expect_identical(setdiff(lms_results(cohort)$findings$severity, "note"), character())
  results <- lms_results(cohort, sections = c(lms_sections(cohort), own))
  expect_true("serious" %in% results$findings$severity)
})

test_that("sections are selected, reordered and added", {
  cohort <- declare(random_patients())
  all <- lms_sections(cohort)
  own <- lms_section("own", "Own", say = function(data, context) "Said.")
  expect_named(c(own, all), c("own", names(all)))
  expect_s3_class(c(own, all), "lms_sections")
  expect_named(c(all[c("os", "patients")], own), c("os", "patients", "own"))
  results <- lms_results(cohort, sections = c("findings", "os"))
  expect_named(results$text, c("findings", "os"))
  expect_named(lms_results(cohort, sections = rev(all))$text, rev(names(all)))
  expect_snapshot(error = TRUE, {
    c(all, all["os"])
    all["oss"]
    all[99]
    lms_results(cohort, sections = all[0])
    lms_results(cohort, sections = list())
  })
})

test_that("what a section of one's own gives is taken, or refused with its place", {
  cohort <- declare(random_patients())
  plot <- ggplot2::ggplot(data.frame(x = 1), ggplot2::aes(x, x)) + ggplot2::geom_point()
  one <- function(...) lms_results(cohort, sections = list(lms_section("own", "Own", ...)))
  expect_length(one()$text$own, 0)
  expect_named(one(figures = function(data, context) plot)$figures, "own")
  expect_named(one(figures = function(data, context) list(plot))$figures, "own")
  captioned <- one(figures = function(data, context) list(plot = plot, caption = "Mine."))
  expect_equal(captioned$captions$figures$own, "Figure 1&#46; Mine&#46;")
  expect_named(one(tables = function(data, context) data.frame(x = 1:2))$tables, "own")
  table <- lms_table_one(cohort, vars = c("sex", "age"))
  expect_identical(one(tables = function(data, context) table)$tables$own, table)
  checked <- one(check = function(data, context) lms_cox(os ~ sex + stage, data = cohort))
  expect_true(all(checked$findings$subject == "Own"))
  numbered <- one(
    tables = function(data, context) list(both = data.frame(x = 1)),
    figures = function(data, context) list(both = plot, other = plot),
    say = function(data, context) c(context$number("both"), context$number("other"))
  )
  expect_equal(base::format(numbered$text$own), c("Table 1 and Figure 1", "Figure 2"))
  expect_snapshot(error = TRUE, {
    one(compute = function(cohort, context) stop("no such file"))
    one(say = function(data, context) log("a"))
    one(say = function(data, context) data.frame(x = 1))
    one(say = function(data, context) NA_character_)
    one(say = function(data, context) context$number("two"))
    one(tables = function(data, context) "nonsense")
    one(figures = function(data, context) list(a = list(caption = "No plot.")))
  })
})

test_that("the outcome is no factor of itself", {
  patients <- random_patients()
  patients$cause <- ifelse(patients$died == 1, rep(c("cancer", "heart"), 30), NA)
  patients$late <- patients$months > 20
  cohort <- declare(patients, cause = cause)
  for (column in c("died", "cause", "months")) {
    expect_error(lms_results(cohort, factors = column), class = "lmsurv_error_argument",
                 paste0("`factors`: `", column, "` is part of the outcome"))
  }
  expect_error(lms_results(cohort, models = list(~ age, ~ sex + died)), "Remove this column",
               class = "lmsurv_error_argument")
  expect_named(lms_sections(cohort, factors = "late")["by_late"], "by_late")
})

test_that("a model of a variable with one value says so, and the rest of the report stands", {
  patients <- random_patients()
  patients$center <- "A"
  cohort <- declare(patients)
  results <- lms_results(cohort, models = list(First = ~ age, Second = ~ age + factor(center)))
  expect_identical(said(results, "second"), paste(
    "The model was not fitted. All patients with complete data have the same value of center, so",
    "this variable has no hazard ratio. Remove it from the model."
  ))
  expect_named(results$tables, c("patients", "first"))
  expect_match(said(results, "first"), "^In the model ")
  # Other faults of a model stop, as before.
  expect_error(lms_results(cohort, models = ~ age + nonsense), "no `nonsense`")
})

test_that("the conventions of what was not fitted are not told", {
  cohort <- declare(random_patients())
  told <- function(...) results_data(lms_results(cohort, ...))
  results_data <- function(results) results$text$data[["Conventions"]]
  expect_no_match(told(), "Cox")
  expect_match(told(), "Kaplan-Meier")
  expect_match(told(models = ~ age), "Cox models use Efron's method")
  expect_no_match(told(sections = c("patients", "data")), "Cox|Kaplan")
})

test_that("what concerns many hazard ratios is said once, with a short list", {
  patients <- withr::with_seed(4, {
    site <- factor(rep(sprintf("S%02d", 1:40), each = 12))
    data.frame(id = seq_along(site), site = site, months = round(stats::rexp(480, ifelse(
      site == "S01", 0.005, 0.05
    )), 1) + 0.1, died = as.integer(site != "S01" | seq_along(site) < 3))
  })
  results <- lms_results(declare(patients), models = ~ site, sections = c("model", "findings"))
  text <- base::format(results$text$model)
  expect_length(text, 2L)
  expect_match(text[1L], "and [0-9]+ more[.]$")
  expect_no_match(text[1L], "fewer than 5")
  expect_identical(text[2L], paste(
    "Caution for all these hazard ratios: fewer than 5 deaths in the reference group."
  ))
})

test_that("findings of one kind stand together, and say once why they matter", {
  patients <- random_patients(200, 3)
  patients$grade <- factor(rep(1:2, 100))
  patients$sex[1:50] <- NA
  x <- lms_results(declare(patients), factors = c("sex", "grade"))$findings
  x <- x[c(1, 1), ]
  x$subject <- c("Survival by sex", "Survival by grade")
  x$found <- c("First.", "Second.")
  shown <- paste(capture.output(print(x)), collapse = " ")
  expect_match(shown, "Survival by sex. First. Survival by grade. Second. If the", fixed = TRUE)
  expect_length(gregexpr("What to do", shown)[[1L]], 1L)
  page <- unclass(knit_print.lms_findings(x))
  expect_length(gregexpr("What to do", page)[[1L]], 1L)
  expect_match(page, "- **Survival by sex&#46;** First&#46;", fixed = TRUE)
})

test_that("a table of a word without plural counts items, and others are counted in good plurals", {
  count <- function(rows, word) linked_count(list(rows = rows, word = word))
  expect_identical(count(738, "imaging"), "738 items of imaging")
  expect_identical(count(1, "imaging"), "1 item of imaging")
  expect_identical(vapply(c("biopsies", "metastases", "lesions", "doses", "diagnoses"), count, "",
                          rows = 1, USE.NAMES = FALSE),
                   c("1 biopsy", "1 metastasis", "1 lesion", "1 dose", "1 diagnosis"))
  expect_identical(count(1234, "procedures"), "1,234 procedures")
})

test_that("deaths of unknown cause are said to be excluded, and causes begin small", {
  patients <- random_patients()
  patients$cause <- ifelse(patients$died == 1, rep(c("Cancer", "Other causes"), 30), NA)
  patients$cause[which(patients$died == 1)[1:3]] <- "unknown"
  text <- said(lms_results(declare(patients, cause = cause), sections = "death_by_cause"),
               "death_by_cause")
  expect_match(text, "incidence of death from other causes in 57 of 60 patients was")
  expect_match(text, "3 patients are excluded (missing cause of death).", fixed = TRUE)
})

test_that("time zero is named where it is not called diagnosis", {
  expect_identical(origin_words(c(diagnosis = "onset")),
                   "Diagnosis, or time zero, is the date of onset.")
  expect_null(origin_words(c(diagnosis = "date_of_diagnosis")))
  expect_null(origin_words(c(last_contact = "months")))
})

test_that("what pale lines mean is said once, below the first curve", {
  patients <- random_patients(100)
  patients$relapse <- ifelse(patients$id %% 2 == 0, patients$months / 2, NA)
  results <- lms_results(declare(patients, events = c(relapse = relapse)))
  captions <- unlist(results$captions$figures)
  expect_identical(grep("paler", captions, value = TRUE), captions[1L])
  expect_gt(length(captions), 2L)
})

test_that("survival from an event is that of the patients with it", {
  patients <- random_patients(100)
  patients$relapse <- ifelse(patients$id %% 2 == 0, patients$months / 2, NA)
  results <- lms_results(declare(patients, events = c(relapse = relapse)), sections = "relapse")
  expect_match(said(results, "relapse"), "Survival after relapse of the 50 patients was")
})

test_that("what has no hazard ratio of its own is not passed over", {
  patients <- random_patients(300, 3)
  patients$constant <- 1
  patients$months <- round(patients$months * exp(-(patients$age - 60)^2 / 100), 1) + 0.1
  cohort <- declare(patients)
  results <- suppressWarnings(lms_results(
    cohort, models = list(Curve = ~ poly(age, 2), One = ~ age + constant, Two = ~ age * sex),
    sections = c("curve", "one", "two")
  ))
  hand <- survival::coxph(survival::Surv(months, died) ~ poly(age, 2), patients)
  p <- stats::pchisq(hand$wald.test, 2, lower.tail = FALSE)
  expect_lt(p, 0.001)
  expect_match(said(results, "curve"), fixed = TRUE,
               "the hazard of death was associated with age (polynomial) (Wald test of all its")
  expect_no_match(said(results, "curve"), "no evidence")
  expect_match(said(results, "one"),
               "The hazard ratio of constant cannot be estimated, because the")
  expect_match(said(results, "two"), "holds only where the other variable is 0 or in its reference")
  expect_no_match(said(results, "one"), "interaction")
})
