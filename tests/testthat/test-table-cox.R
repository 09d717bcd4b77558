# The table of Cox models, beside coxph().

patients <- within(survival::lung, {
  died <- status - 1
  sex <- factor(sex, 1:2, c("men", "women"))
  ecog <- factor(ph.ecog)
  old <- age > 65
})
attr(patients$age, "label") <- "Age (years)"

fit <- fit_silently(Surv(time, died) ~ sex + age + ecog + wt.loss, patients)
used <- stats::complete.cases(patients[c("ecog", "wt.loss")])

rows_of <- function(table, model = "fitted") {
  numbers <- as.data.frame(table)
  numbers[numbers$model == model, ]
}

# Ratios, limits and p of a coxph, by coefficient.
ratios <- function(theirs) {
  all <- summary(theirs)
  cbind(all$conf.int[, c(1, 3, 4), drop = FALSE], all$coefficients[, "Pr(>|z|)"])
}

expect_ratios <- function(rows, theirs, tolerance = 1e-6) {
  rows <- rows[!is.na(rows$estimate), ]
  found <- as.matrix(rows[c("estimate", "conf.low", "conf.high", "p.value")])
  theirs <- ratios(theirs)
  expect_true(all(rows$coefficient %in% rownames(theirs)))
  expect_equal(found, theirs[rows$coefficient, , drop = FALSE], tolerance = tolerance,
               ignore_attr = TRUE)
}

test_that("ratios, limits, p and counts are those of coxph() and table()", {
  rows <- rows_of(lms_table_cox(fit, check = FALSE))
  expect_ratios(rows, survival::coxph(Surv(time, died) ~ sex + age + ecog + wt.loss, patients))
  expect_equal(sum(!is.na(rows$estimate)), 6)
  expect_identical(rows$kind, c("reference", "level", "quantity", "reference",
                                rep("level", 3), "quantity"))
  kept <- patients[used, ]
  expect_equal(rows$n[rows$variable == "ecog"], as.vector(table(kept$ecog)))
  expect_equal(rows$events[rows$variable == "ecog"], as.vector(table(kept$ecog[kept$died == 1])))
  expect_equal(rows$n[rows$variable == "age"], nrow(kept))
  expect_true(all(rows$n_used == nrow(kept)) && all(rows$events_used == sum(kept$died)))
  expect_identical(unique(rows$label), c("Sex", "Age (years)", "Ecog", "Wt.loss"))
})

test_that("univariable models use all their patients, or those of the whole model", {
  own <- rows_of(lms_table_cox(fit, univariable = TRUE, check = FALSE), "univariable")
  same <- rows_of(
    lms_table_cox(fit, univariable = TRUE, same_patients = TRUE, check = FALSE), "univariable"
  )
  for (name in c("sex", "age", "ecog", "wt.loss")) {
    formula <- stats::reformulate(name, quote(survival::Surv(time, died)))
    expect_ratios(own[own$variable == name, ], survival::coxph(formula, patients))
    expect_ratios(same[same$variable == name, ], survival::coxph(formula, patients[used, ]))
    known <- !is.na(patients[[name]])
    expect_true(all(own$n_used[own$variable == name] == sum(known)))
    expect_true(all(own$events_used[own$variable == name] == sum(patients$died[known])))
  }
  expect_equal(own$n[own$variable == "ecog"], as.vector(table(patients$ecog)))
  expect_true(all(same$n_used == sum(used)))
})

test_that("strata, clusters, weights, offsets, ties and entry times stay in univariable models", {
  d <- transform(patients, start = 0.5 * (seq_along(time) %% 3), z = 0.01 * age, w = 1 + (age > 60))
  d <- d[!is.na(d$inst) & !is.na(d$ecog) & d$ecog != "3", ]
  ours <- lms_cox(
    Surv(start, time, died) ~ sex + old + strata(ecog) + offset(z), d, ties = "breslow",
    cluster = inst, weights = w, robust = TRUE
  ) |> without_messages()
  for (same in c(TRUE, FALSE)) {
    rows <- rows_of(
      lms_table_cox(ours, univariable = TRUE, same_patients = same, check = FALSE), "univariable"
    )
    theirs <- survival::coxph(
      Surv(start, time, died) ~ old + strata(ecog) + offset(z), d, ties = "breslow",
      cluster = inst, weights = w
    )
    expect_ratios(rows[rows$variable == "old", ], theirs)
  }
})

test_that("a ratio that moves with the patients is told apart from adjustment", {
  d <- patients
  # ECOG is missing where women died.
  d$ecog[d$sex == "women" & d$died == 1][1:30] <- NA
  moved <- fit_silently(Surv(time, died) ~ sex + ecog, d)
  x <- lms_table_cox(moved, univariable = TRUE, check = FALSE)
  kept <- d[!is.na(d$ecog), ]
  there <- exp(stats::coef(survival::coxph(Surv(time, died) ~ sex, kept)))
  withr::local_options(width = 300, cli.width = 300)
  said <- heard(print(x))
  expect_match(said, paste0(
    "In the ", nrow(kept), " patients of the multivariable model, the univariable hazard ratio is ",
    formatC(there, format = "f", digits = 2)
  ), fixed = TRUE)
  expect_match(said, "53/90")
  same <- heard(print(lms_table_cox(moved, univariable = TRUE, same_patients = TRUE)))
  expect_no_match(same, "the univariable hazard ratio is")
  # Where nothing moves nothing is said, and the counts stand once.
  whole <- fit_silently(Surv(time, died) ~ sex + age, patients)
  plain <- lms_table_cox(whole, univariable = TRUE, check = FALSE)
  expect_no_match(heard(print(plain)), "univariable hazard ratio|53/90")
})

test_that("p of a variable is the joint Wald or likelihood ratio test", {
  theirs <- survival::coxph(Surv(time, died) ~ sex + age + ecog + wt.loss, patients[used, ])
  at <- grep("^ecog", names(stats::coef(theirs)))
  wald <- sum(stats::coef(theirs)[at] * solve(stats::vcov(theirs)[at, at], stats::coef(theirs)[at]))
  found <- rows_of(lms_table_cox(fit, overall_p = "wald", check = FALSE))
  expect_equal(unique(found$p.variable[found$variable == "ecog"]),
               stats::pchisq(wald, 3, lower.tail = FALSE), tolerance = 1e-6)
  without <- survival::coxph(Surv(time, died) ~ sex + age + wt.loss, patients[used, ])
  lr <- 2 * (theirs$loglik[2] - without$loglik[2])
  found <- rows_of(lms_table_cox(fit, overall_p = "lr", check = FALSE))
  expect_equal(unique(found$p.variable[found$variable == "ecog"]),
               stats::pchisq(lr, 3, lower.tail = FALSE), tolerance = 1e-6)
  robust <- fit_silently(Surv(time, died) ~ sex + age, patients, cluster = inst)
  expect_error(lms_table_cox(robust, overall_p = "lr"), "robust variance")
})

test_that("splines have one p and no ratio, interactions ratios of ratios", {
  ours <- fit_silently(Surv(time, died) ~ splines::ns(age, 3) + sex * old, patients)
  theirs <- survival::coxph(Surv(time, died) ~ splines::ns(age, 3) + sex * old, patients)
  rows <- rows_of(lms_table_cox(ours, univariable = TRUE, check = FALSE))
  spline <- rows[rows$kind == "several", ]
  expect_identical(nrow(spline), 1L)
  expect_true(is.na(spline$estimate))
  b <- stats::coef(theirs)[1:3]
  chisq <- sum(b * solve(stats::vcov(theirs)[1:3, 1:3], b))
  expect_equal(spline$p.value, stats::pchisq(chisq, 3, lower.tail = FALSE), tolerance = 1e-6)
  expect_ratios(rows, theirs)
  crossed <- rows[rows$kind == "interaction", ]
  expect_identical(crossed$label, "Sex \u00d7 Old")
  expect_match(heard(print(lms_table_cox(ours, check = FALSE))), "Age .years. .spline")
})

test_that("a ratio that runs away is replaced by Firth's and marked, or named", {
  d <- data.frame(
    months = c(3, 5, 8, 9, 12, 15, 20, 22), died = c(1, 1, 0, 1, 1, 0, 0, 0),
    treated = rep(c("no", "yes"), c(5, 3)), x = c(1, 4, 2, 6, 3, 2, 7, 1)
  )
  ours <- fit_silently(Surv(months, died) ~ treated + x, d)
  firth <- lms_cox(Surv(months, died) ~ treated + x, d, penalty = "firth")
  x <- lms_table_cox(ours)
  row <- rows_of(x)[2, ]
  expect_equal(row$estimate, exp(coef(firth)[["treatedyes"]]))
  expect_equal(c(row$conf.low, row$conf.high), unname(exp(confint(firth)["treatedyes", ])))
  expect_identical(c(row$infinite, row$penalty), c("0", "firth"))
  # The other ratio is that of the ordinary fit.
  expect_equal(rows_of(x)[3, "estimate"], exp(coef(ours)[["x"]]))
  text <- format(x)
  expect_match(text[3, 4], "\u2020$")
  expect_match(attr(text, "notes"), paste(
    "\u2020 The ordinary hazard ratio cannot be estimated: it tends to 0 for Treated yes",
    "(reference: no)."
  ), fixed = TRUE, all = FALSE)
  named <- lms_table_cox(ours, infinite = "name")
  expect_true(is.na(rows_of(named)[2, "estimate"]))
  expect_match(format(named)[3, 4], "not estimable\u2020")
  # The mark stands where the ratio is, also in a univariable model.
  beside <- format(lms_table_cox(ours, univariable = TRUE))
  expect_identical(sum(grepl("\u2020", unlist(beside))), 2L)
  penalised <- format(lms_table_cox(firth, overall_p = "lr"))
  expect_match(names(penalised)[4], "HR .*\u2020$")
})

test_that("time-split rows are told from patients", {
  d <- random_patients(80, 5)
  split <- suppressMessages(lms_time_split(lms_cohort(d, as_of = far_future), bone_metastasis))
  plain <- cbind(as.data.frame(unclass(split$os)), bone_metastasis = split$bone_metastasis,
                 grade = split$grade)
  rows <- fit_silently(Surv(start, stop, status) ~ bone_metastasis + grade, plain)
  expect_identical(names(format(lms_table_cox(rows)))[2:3], c("Rows", "Events"))
  expect_match(heard(print(lms_table_cox(rows))), "Set\\s+`id`")
  known <- fit_silently(os ~ bone_metastasis + grade, split)
  x <- lms_table_cox(known)
  expect_identical(names(format(x))[2:4], c("Patients", "Rows", "Events"))
  grade <- rows_of(x)
  grade <- grade[grade$variable == "grade", ]
  patients <- tapply(split$id, split$grade, function(i) length(unique(i)))
  expect_equal(grade$patients, as.vector(patients))
  expect_equal(grade$n, as.vector(table(split$grade)))
  expect_equal(unique(grade$patients_used), length(unique(split$id)))
  few <- lms_table_cox(known, min_cell = 5, check = FALSE)
  expect_s3_class(few, "lms_table_cox")
})

test_that("findings of lms_check() stand at their lines", {
  withr::local_options(width = 400, cli.width = 400)
  d <- metastatic(300, 2)
  d$site <- factor(rep(c("a", "b", "c"), c(150, 147, 3)))
  ours <- fit_silently(Surv(months, died) ~ metastasis + site + age, d)
  ours$dated <- data.frame(metastasis = d$spread)
  text <- format(lms_table_cox(ours))
  notes <- attr(text, "notes")
  mark <- function(pattern) substr(grep(pattern, notes, value = TRUE), 1, 1)
  expect_match(text[[1]][1], paste0("^Metastasis", mark("immortal time"), "$"))
  expect_match(text[[1]][7], paste0("^  c", mark("fewer than 5 events"), "$"))
  expect_no_match(text[[1]][5], mark("fewer than 5 events"))
})

test_that("a coxph is taken, and what is no model refused", {
  theirs <- survival::coxph(Surv(time, died) ~ sex + age + wt.loss, patients)
  x <- lms_table_cox(theirs, univariable = TRUE, same_patients = TRUE)
  expect_ratios(rows_of(x), theirs)
  expect_output(print(x), "14 of 228 patients (6%) are excluded", fixed = TRUE)
  expect_snapshot({
    said(lms_table_cox(theirs, univariable = TRUE))
    said(lms_table_cox(lm(age ~ sex, patients)))
    said(lms_table_cox(fit_silently(Surv(time, died) ~ 1, patients)))
    said(lms_table_cox(lms_strip(fit)))
    said(lms_table_cox(fit, uni = TRUE))
    said(lms_table_cox(fit, labels = c(aeg = "Age")))
  })
})

test_that("numbers of levels below min_cell are hidden with their ratios", {
  d <- within(patients, site <- factor(rep(c("a", "b", "c"), c(100, 124, 4))))
  ours <- fit_silently(Surv(time, died) ~ site + sex, d)
  numbers <- rows_of(lms_table_cox(ours, min_cell = 5))
  small <- numbers$variable == "site" & numbers$level == "c"
  expect_true(is.na(numbers$n[small]) && is.na(numbers$estimate[small]))
  expect_identical(numbers$masked_n[small], "small")
  expect_true(any(numbers$masked_n == "hidden"))
  expect_false(anyNA(numbers$n[numbers$variable == "sex"]))
  # As the reference it would be told by all ratios.
  d$site <- stats::relevel(d$site, "c")
  numbers <- rows_of(lms_table_cox(fit_silently(Surv(time, died) ~ site + sex, d), min_cell = 5))
  expect_true(all(is.na(numbers$estimate[numbers$variable == "site"])))
  notes <- attr(format(lms_table_cox(ours, min_cell = 5)), "notes")
  expect_no_match(notes, "in 4 rows|4 patients")
})

test_that("lines of an interaction have the patients of their levels", {
  v <- survival::veteran
  within <- lms_table_cox(lms_cox(Surv(time, status) ~ karno:strata(celltype), v), check = FALSE)
  n <- table(v$celltype)
  events <- tapply(v$status, v$celltype, sum)
  numbers <- as.data.frame(within)
  expect_equal(numbers$n, as.vector(n))
  expect_equal(numbers$events, as.vector(events))
  expect_equal(format(within)$Patients[-1L], as.character(n))
  expect_match(attr(format(within), "notes"), fixed = TRUE,
               "Hazard ratios in lines with \u00d7 hold within the level.")
  v$arm <- factor(v$trt)
  fit <- lms_cox(Surv(time, status) ~ arm * celltype, v)
  crossed <- lms_table_cox(fit, check = FALSE)
  expect_match(attr(format(crossed), "notes"), "Lines with \u00d7 are ratios of hazard ratios")
  # Parts of the levels above: hidden, and the ratio of few with them.
  hidden <- as.data.frame(lms_table_cox(fit, check = FALSE, min_cell = 15))
  hidden <- hidden[hidden$kind == "interaction", ]
  expect_true(all(is.na(hidden$n) & is.na(hidden$events)))
  few <- table(v$arm, v$celltype)[2, -1] < 15
  expect_equal(is.na(hidden$estimate), as.vector(few))
})

test_that("contrasts of levels and of two numbers hide the ratios that would count a group", {
  withr::local_seed(1)
  d <- data.frame(time = rexp(300), died = rep(c(1, 1, 0), 100), age = rnorm(300),
                  site = factor(rep(c("u", "v", "w"), c(150, 147, 3))), code = rep(1:2, c(297, 3)),
                  plain = rep(1:2, 150))
  contrasts(d$site) <- stats::contr.sum(3)
  ours <- fit_silently(Surv(time, died) ~ site + age + plain, d)
  numbers <- rows_of(lms_table_cox(ours, min_cell = 5, check = FALSE))
  contrast <- numbers$kind == "contrast"
  expect_identical(numbers$masked_ratio, ifelse(contrast, "hidden", ""))
  expect_true(all(is.na(numbers[contrast, c("estimate", "conf.low", "conf.high", "p.value")])))
  expect_false(anyNA(numbers$estimate[!contrast]))
  coded <- fit_silently(Surv(time, died) ~ code + age, d)
  numbers <- rows_of(lms_table_cox(coded, min_cell = 5, check = FALSE))
  expect_identical(numbers$masked_ratio, c("hidden", ""))
  text <- ggplot2::get_alt_text(ggplot2::autoplot(coded, min_cell = 5))
  expect_match(text, "Code: *", fixed = TRUE)
  # With none that is small, nothing is hidden.
  numbers <- rows_of(lms_table_cox(fit_silently(Surv(time, died) ~ plain, d), min_cell = 5))
  expect_identical(numbers$masked_ratio, "")
})

test_that("patients without a value are said to be excluded, and why a finding matters once", {
  d <- lung
  d$ph.ecog[1:3] <- NA
  attr(d$ph.ecog, "label") <- "Performance status"
  shown <- paste(capture.output(print(lms_table_cox(lms_cox(
    Surv(time, died) ~ ph.ecog + sex, data = d
  )))), collapse = " ")
  gone <- sum(is.na(d$ph.ecog))
  expect_match(shown, paste(gone, "patients excluded (missing performance status)"), fixed = TRUE)
  expect_no_match(shown, "left out")
  d <- withr::with_seed(1, data.frame(time = stats::rexp(400), died = 1, a = stats::rnorm(400),
                                      b = stats::rnorm(400)))
  d$time <- ifelse(d$a + d$b > 0, d$time^2, sqrt(d$time))
  table <- lms_table_cox(lms_cox(Surv(time, died) ~ a + b, data = d, event = 1))
  text <- vapply(table$notes, `[[`, "", "text")
  expect_length(grep("seems to change over time", text), 2L)
  expect_length(grep("average over the follow-up", text), 1L)
})

test_that("a patient who moves a ratio is told without the row", {
  withr::local_options(width = 400, cli.width = 400)
  d <- outlying(2, 100)
  fit <- fit_silently(Surv(time, died) ~ x, d)
  notes <- attr(format(lms_table_cox(fit)), "notes")
  without <- survival::coxph(Surv(time, died) ~ x, d[-7, ], control = tight())
  told <- formatC(exp(coef(without) * usual_difference(d$x)), format = "f", digits = 2)
  expect_match(notes, paste0(" is ", told, " without one of the patients and "), fixed = TRUE,
               all = FALSE)
  expect_no_match(notes, "row [0-9]")
})
