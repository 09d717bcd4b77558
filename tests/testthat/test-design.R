# Every way in which a term can become columns gives those of model.matrix().
formulas <- list(
  Surv(time, died) ~ age + sexf + agegroup,
  Surv(time, died) ~ initial + (age > 60) + I(age^2),
  Surv(time, died) ~ splines::ns(age, 3) + poly(ph.karno, 2),
  Surv(time, died) ~ cbind(age, ph.karno) + sexf,
  Surv(time, died) ~ age * sexf + agegroup:initial,
  Surv(time, died) ~ age:sexf,
  Surv(time, died) ~ age * strata(sex) + agegroup,
  Surv(time, died) ~ age + strata(sex, initial) + strata(inst),
  Surv(time, died) ~ ordered(ph.ecog) + age,
  Surv(time, died) ~ C(ecog, contr.sum) + age,
  Surv(time, died) ~ log(age) + offset(ph.karno / 100),
  Surv(time, died) ~ factor(sex) + as.integer(age)
)

test_that("columns, names and components are those of coxph", {
  for (formula in formulas) {
    expect_no_error(fit <- suppressWarnings(lms_cox(formula, complete, x = TRUE)))
    ref <- suppressWarnings(reference(formula, complete, x = TRUE))
    expect_equal(fit$x, ref$x)
    expect_equal(model.matrix(fit), model.matrix(ref), ignore_attr = "strata")
    expect_identical(fit$assign, ref$assign)
    expect_identical(fit$xlevels, ref$xlevels)
    expect_identical(fit$contrasts, ref$contrasts)
    expect_equal(fit$means, ref$means)
    dense <- dense_design(new_design(fit$terms, fit$model))
    expect_equal(dense, unname(ref$x), ignore_attr = TRUE)
    expect_identical(attr(fit$terms, "dataClasses"), attr(ref$terms, "dataClasses"))
    expect_identical(attr(fit$terms, "specials"), attr(ref$terms, "specials"))
  }
})

test_that("main effects refer to the columns of the data", {
  fit <- lms_cox(Surv(time, died) ~ age + sexf + agegroup + ph.karno, complete)
  design <- new_design(fit$terms, fit$model)
  expect_identical(design$source, c(1L, 2L, 3L, 3L, 3L, 4L))
  expect_identical(design$level, c(0L, 2L, 2L, 3L, 4L, 0L))
  expect_identical(tracemem_address(design$values[[1]]), tracemem_address(complete$age))
  expect_identical(tracemem_address(design$values[[2]]), tracemem_address(complete$sexf))
})

test_that("contrasts of the session are followed", {
  withr::local_options(contrasts = c("contr.sum", "contr.helmert"))
  both <- list(
    Surv(time, died) ~ agegroup + age, Surv(time, died) ~ ordered(ph.ecog) + (sex == 1)
  )
  for (formula in both) {
    fit <- lms_cox(formula, complete)
    ref <- reference(formula, complete)
    expect_close(coef(fit), coef(ref))
    expect_identical(fit$contrasts, ref$contrasts)
  }
  withr::local_options(contrasts = c("contr.treatment", "contr.poly"))
  expect_close(predict(fit, complete[1:5, ]), predict(ref, complete[1:5, ]))
  expect_close_values(residuals(fit, "score"), residuals(ref, "score"), 1e-7)
  treatment <- lms_cox(Surv(time, died) ~ agegroup, complete)
  before <- residuals(treatment, "score")
  withr::local_options(contrasts = c("contr.sum", "contr.poly"))
  expect_identical(residuals(treatment, "score"), before)
})

test_that("contrasts that the session sets otherwise than R are said", {
  d <- within(complete, {
    grade <- factor(pmin(ph.ecog, 2))
    own <- C(grade, contr.SAS)
    ranks <- ordered(grade)
    yes <- age > 60
  })
  noted <- function(right, first = "contr.treatment", second = "contr.poly") {
    withr::local_options(contrasts = c(first, second))
    formula <- stats::reformulate(right, quote(Surv(time, died)))
    notes <- quiet(lms_cox(formula, d))$notes
    unlist(notes[names(notes) == "contrasts"])
  }
  for (right in c("age", "grade", "own", "yes", "sexf + ranks", "grade * age", "agegroup")) {
    expect_false(any(grepl("options", noted(right))), info = right)
  }
  default <- paste(" Set `options(contrasts = c(\"contr.treatment\", \"contr.poly\"))` for R's",
                   "default.")
  said <- function(variables) {
    c(contrasts = paste0("`options(contrasts)` of this session sets the coding of ", variables, ".",
                         default))
  }
  expect_identical(noted("grade + age", "contr.sum"), said("`grade` (contr.sum)"))
  expect_identical(noted("ranks + sexf", "contr.sum", "contr.treatment"),
                   said("`ranks` (contr.treatment) and `sexf` (contr.sum)"))
  expect_identical(noted("sexf * yes", "contr.helmert"),
                   said("`sexf` (contr.helmert) and `yes` (contr.helmert)"))
  expect_length(noted("own + age", "contr.sum"), 0L)
  expect_length(noted("C(grade, contr.SAS) + age", "contr.sum"), 0L)
  expect_length(noted("age + ph.karno", "contr.sum"), 0L)
})

test_that("levels without rows are dropped and said", {
  d <- within(complete, {
    stage <- factor(ph.ecog, levels = 0:5)
    attr(stage, "label") <- "stage"
  })
  expect_message(fit <- lms_cox(Surv(time, died) ~ age + stage, d), class = "lmsurv_message_levels")
  expect_identical(fit$xlevels, list(stage = as.character(sort(unique(d$ph.ecog)))))
  expect_identical(levels(fit$model$stage), fit$xlevels$stage)
  expect_close_values(coef(fit), coef(reference(Surv(time, died) ~ age + factor(ph.ecog), d)))
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ stage, d))
    said(lms_cox(Surv(time, died) ~ age + sexf, lung, subset = sex == 1))
    said(lms_cox(Surv(time, died) ~ age + initial, lung, subset = sex == 1))
  })
})

test_that("an empty text is a level that is said, and an identifier no covariate", {
  d <- within(complete, {
    margin <- ifelse(seq_along(time) %% 9 == 0, "", initial)
    patient <- paste("P", seq_along(time))
  })
  fit <- without_messages(lms_cox(Surv(time, died) ~ margin, d))
  expect_close(coef(fit), coef(reference(Surv(time, died) ~ margin, d)))
  expect_output(print(fit), "\"\" (reference)", fixed = TRUE)
  expect_snapshot({
    said(lms_cox(Surv(time, died) ~ margin, d))
    said(lms_cox(Surv(time, died) ~ factor(margin), d))
    said(lms_cox(Surv(time, died) ~ age + patient, d))
    said(lms_cox(Surv(time, died) ~ age + factor(patient), d))
  })
})

test_that("rows and events are counted by level", {
  fit <- lms_cox(Surv(time, died) ~ age + sexf + (ph.karno > 80), complete)
  table <- fit$level_table
  expect_identical(table$term, c("age", "sexf", "sexf", "ph.karno > 80", "ph.karno > 80"))
  expect_identical(table$level, c(NA, "male", "female", "FALSE", "TRUE"))
  expect_identical(table$coef, c(1L, 0L, 2L, 0L, 3L))
  counts <- with(complete, c(table(sexf), table(ph.karno > 80)))
  events <- with(complete[complete$died == 1, ], c(table(sexf), table(ph.karno > 80)))
  expect_equal(table$n, c(NA, counts), ignore_attr = TRUE)
  expect_equal(table$events, c(NA, events), ignore_attr = TRUE)
  expanded <- complete[rep(seq_len(nrow(complete)), complete$k), ]
  by_count <- lms_cox(Surv(time, died) ~ sexf, complete, weights = k, weight_type = "frequency")
  by_row <- lms_cox(Surv(time, died) ~ sexf, expanded)
  expect_identical(by_count$level_table, by_row$level_table)
})
