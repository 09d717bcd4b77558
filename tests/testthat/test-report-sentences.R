# Numbers in the sentences, by the survival package and base R alone.
patients <- as.data.frame(leiomyosarcoma)
months <- as.numeric(patients$last_contact - patients$diagnosis) / 30.4375
bone <- !is.na(patients$bone_metastasis)
results <- article_results(bundled_cohort())
said <- function(section) paste(format(results$text[[section]]), collapse = " ")

fixed <- function(x, digits = 1) formatC(x, format = "f", digits = digits)

rates_by_hand <- function(time, died) {
  at <- summary(survival::survfit(survival::Surv(time, died) ~ 1), times = c(24, 60, 120))
  percent <- function(x) fixed(100 * x, 0)
  paste0(percent(at$surv), "% (95% CI ", percent(at$lower), " to ", percent(at$upper), "%) at ",
         c(2, 5, 10), " years")
}

median_by_hand <- function(time, died) {
  q <- quantile(survival::survfit(survival::Surv(time, died) ~ 1), 1:3 / 4)
  paste0(fixed(q$quantile[[2]]), " months (95% CI ", fixed(q$lower[[2]]), " to ",
         fixed(q$upper[[2]]), "; IQR ", fixed(q$quantile[[1]]), " to ", fixed(q$quantile[[3]]), ")")
}

test_that("survival of all patients is survfit()'s", {
  for (rate in rates_by_hand(months, patients$died)) {
    expect_match(said("survival"), rate, fixed = TRUE)
  }
  expect_match(said("survival"), median_by_hand(months, patients$died), fixed = TRUE)
  reverse <- quantile(survival::survfit(survival::Surv(months, !patients$died) ~ 1), 0.5)
  expect_match(said("patients"), paste0(
    "a median of ", fixed(reverse$quantile), " months (95% CI ", fixed(reverse$lower), " to ",
    fixed(reverse$upper), ")"
  ), fixed = TRUE)
  died <- sum(patients$died)
  expect_match(said("patients"), sprintf("%d of 396 (%.0f%%) died", died, 100 * died / 396),
               fixed = TRUE)
})

test_that("bone metastases are counted from the rows", {
  expect_match(said("bone"), "45 of 396 patients (11%)", fixed = TRUE)
  onset <- as.numeric(patients$bone_metastasis - patients$diagnosis)[bone] / 30.4375
  q <- fixed(quantile(onset, 1:3 / 4, type = 2))
  expect_match(said("bone"), paste0(q[2], " months (IQR ", q[1], " to ", q[3], ")"), fixed = TRUE)
  first <- bone & (is.na(patients$visceral_metastasis) |
                     patients$bone_metastasis < patients$visceral_metastasis)
  expect_match(said("bone"), paste0(sum(first), " of 45"), fixed = TRUE)
  fisher <- fisher.test(table(patients$subtype, bone), workspace = 2e7)$p.value
  expect_match(said("bone"), paste0("exact test, p = ", fixed(fisher, 2)), fixed = TRUE)
})

test_that("survival with bone metastases is survfit()'s and survdiff()'s", {
  for (rate in rates_by_hand(months[bone], patients$died[bone])) {
    expect_match(said("bone_survival"), rate, fixed = TRUE)
  }
  expect_match(said("bone_survival"), median_by_hand(months[bone], patients$died[bone]),
               fixed = TRUE)
  after <- as.numeric(patients$last_contact - patients$bone_metastasis)[bone] / 30.4375
  expect_match(said("bone_survival"), median_by_hand(after, patients$died[bone]), fixed = TRUE)
  test <- survival::survdiff(survival::Surv(months, patients$died) ~ bone)
  p <- pchisq(test$chisq, 1, lower.tail = FALSE)
  expect_match(said("bone_survival"), paste0("log-rank test, p = ", fixed(p, 2)), fixed = TRUE)
})

test_that("the hazard ratio of bone metastasis from its date on is that of tmerge() and coxph()", {
  base <- data.frame(id = patients$id, months, died = patients$died, subtype = patients$subtype)
  onset <- as.numeric(patients$bone_metastasis - patients$diagnosis) / 30.4375
  onset <- pmin(onset, months - 1e-9)
  split <- survival::tmerge(base, base, id, death = event(months, died), bone = tdc(onset))
  fit <- survival::coxph(survival::Surv(tstart, tstop, death) ~ bone + subtype, split,
                         ties = "efron")
  ratio <- function(fit, name) {
    row <- c(summary(fit)$conf.int[name, c(1, 3, 4)])
    paste0("hazard ratio ", fixed(row[1], 2), ", 95% CI ", fixed(row[2], 2), " to ",
           fixed(row[3], 2))
  }
  expect_match(said("factors"), ratio(fit, "bone"), fixed = TRUE)
  naive <- survival::coxph(survival::Surv(months, died) ~ bone + subtype, base, ties = "efron")
  expect_match(said("factors"), ratio(naive, "boneTRUE"), fixed = TRUE)
  # all factors with p < 0.05, and no others
  table <- summary(naive)$coefficients
  named <- sub("^subtype", "", rownames(table)[table[, 5] < 0.05])
  others <- sub("^subtype", "", rownames(table)[-1][table[-1, 5] >= 0.05])
  about <- sub("Bone metastasis, counted.*", "", said("factors"))
  for (level in named) expect_match(about, paste0("subtype ", level, " than for"), fixed = TRUE)
  for (level in others) expect_no_match(about, paste0("subtype ", level, " than for"), fixed = TRUE)
})

test_that("operations are counted from both tables", {
  expect_match(said("surgery"), "20 of 45 patients with bone metastases (44%)", fixed = TRUE)
  expect_match(said("surgery"), paste(nrow(leiomyosarcoma_surgeries), "operations"), fixed = TRUE)
  expect_match(said("surgery"), "3 of 20 (15%)", fixed = TRUE)
  wait <- as.numeric(patients$first_surgery - patients$bone_metastasis) / 30.4375
  q <- fixed(quantile(wait, 1:3 / 4, type = 2, na.rm = TRUE))
  expect_match(said("surgery"), paste0(q[2], " months (IQR ", q[1], " to ", q[3], ")"),
               fixed = TRUE)
})

test_that("sentences follow the data", {
  changed <- leiomyosarcoma
  changed$died[!bone] <- !changed$died[!bone]
  other <- lms_results(lms_cohort(changed), sections = "os")
  for (rate in rates_by_hand(months, changed$died)) {
    expect_match(paste(format(other$text$os), collapse = " "), rate, fixed = TRUE)
  }
})

test_that("the serious findings are in the summary, and no row number is said", {
  findings <- results$findings
  serious <- findings[findings$severity == "serious", ]
  expect_setequal(paste(serious$class, serious$subject), c(
    "late_membership Median with bone metastases", "late_membership Survival with bone metastases",
    "immortal_time Log-rank test of bone metastases", "immortal_time Table 4",
    "events_per_parameter Table 5", "late_membership Table 5", "immortal_time Table 5"
  ))
  expect_match(said("summary"), fixed = TRUE,
               "immortal time bias (Log-rank test of bone metastases, Table 4 and Table 5)")
  expect_no_match(findings$text, "\\brows? [0-9]")
})

test_that("methods name the rules that were used", {
  expect_match(said("methods"), "Efron's method", fixed = TRUE)
  expect_match(said("methods"), "on the log scale", fixed = TRUE)
  withr::local_options(lmsurv.conventions = "stata")
  stata <- article_results(bundled_cohort())
  text <- paste(format(stata$text$methods), collapse = " ")
  expect_match(text, "on the log-log scale", fixed = TRUE)
  expect_match(text, "conventions of Stata", fixed = TRUE)
  expect_match(text, "Breslow's method for events", fixed = TRUE)
  expect_no_match(text, "Efron")
})

# Patients of lung, without any dated event.
lung_results <- function(models, sections = NULL) {
  data <- survival::lung[c("time", "status", "age", "sex", "ph.karno")]
  data$id <- seq_len(nrow(data))
  data$surgery <- as.numeric(data$age > 65)
  cohort <- suppressMessages(lms_cohort(data, id = id, last_contact = time, died = status,
                                        unit = "days", event = 2))
  lms_results(cohort, models = models, sections = c(sections, "findings"))
}

test_that("a ratio of a difference is said to be one, and times have their unit", {
  x <- lung_results(~ ph.karno + sex + surgery, c("os", "model"))
  text <- x$findings$text[x$findings$class == "nonproportional"]
  expect_match(text, "hazard ratio for a difference of 11 is 0.", fixed = TRUE)
  # Times that the follow-up does not reach are not read.
  expect_match(format(x$text$os)[1L], "at 3 months, .* at 6 months and .* at 1 year")
})

test_that("codes of 1 and 2 and of 0 and 1 are not spoken of per unit", {
  x <- lung_results(~ sex + ph.karno, "model")
  hand <- survival::coxph(survival::Surv(time, status) ~ factor(sex) + ph.karno, survival::lung)
  text <- paste(format(x$text$model), collapse = " ")
  expect_match(text, paste("for sex 2 than for 1 (hazard ratio", fixed(exp(coef(hand)[[1]]), 2)),
               fixed = TRUE)
  expect_match(text, "with each additional unit of ph.karno", fixed = TRUE)
  data <- data.frame(time = 1:40, dead = rep(1, 40), id = 1:40, old = rep(0:1, 20) * (1:40 < 30))
  cohort <- lms_cohort(data, id = id, last_contact = time, died = dead, event = 1)
  text <- format(lms_results(cohort, models = ~old, sections = "model")$text$model)
  expect_match(paste(text, collapse = " "), "with old (", fixed = TRUE)
})

test_that("what is named of bone metastases is of a cohort that has them", {
  table <- lung_results(~sex, "patients")$tables$patients
  expect_true("Surgery" %in% as.data.frame(table)$label)
  expect_no_match(paste(format(table), collapse = " "), "bone")
})

test_that("operations before a bone metastasis, and metastases at diagnosis, are not misread", {
  data <- as.data.frame(leiomyosarcoma)
  data$implant_failure <- NULL
  data$first_surgery <- data$diagnosis
  results <- function(data) {
    article_results(lms_cohort(data), names = c("bone", "surgery", "bone_survival"))
  }
  text <- paste(format(results(data)$text$surgery), collapse = " ")
  expect_match(text, "396 of 396 patients (100%) had surgery.", fixed = TRUE)
  expect_no_match(text, "after the bone metastasis")
  expect_match(said("bone_survival"), "biased towards longer survival")
  data$bone_metastasis[bone] <- data$diagnosis[bone]
  x <- results(data)
  expect_no_match(paste(format(x$text$bone_survival), collapse = " "), "biased")
  expect_no_match(paste(format(x$tables$table_2), collapse = " "), "too good")
})

test_that("one patient is no patients", {
  data <- data.frame(id = 1, last_contact = 3, died = 1, sex = "f")
  x <- lms_results(lms_cohort(data, event = 1))
  text <- paste(unlist(lapply(x$text, format)), collapse = " ")
  expect_match(text, "The cohort has 1 patient; 1 patient died.", fixed = TRUE)
  expect_match(x$captions$figures$os, "of 1 patient", fixed = TRUE)
})
