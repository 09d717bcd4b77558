# Findings as rows.

test_that("findings are rows of typed columns, and nothing else", {
  fit <- lms_cox(Surv(time, died) ~ ph.ecog + meal.cal, lung)
  check <- lms_check(fit)
  expect_s3_class(check, c("lms_check", "data.frame"), exact = TRUE)
  expect_identical(names(check), names(finding_columns))
  expect_identical(vapply(check, typeof, ""), vapply(finding_columns, typeof, ""))
  expect_setequal(names(attributes(check)), c("names", "row.names", "class"))
  plain <- as.data.frame(check)
  expect_identical(class(plain), "data.frame")
  expect_s3_class(tidy(check), "tbl_df")
  expect_identical(as.list(tidy(check)), as.list(plain))
  expect_true(all(plain$severity %in% c(severities, no_severities)))
  # Every rule has told what came of it.
  expect_true(all(names(cox_rules()) %in% plain$kind))
  # A part of it prints too.
  expect_output(print(check[1, ]), "What to do")
  expect_true(no_findings_in(lms_check(lms_cox(Surv(time, died) ~ 1, lung))))
})

test_that("what is printed can be made of the data frame alone", {
  fit <- fit_silently(Surv(time, died) ~ ph.ecog + meal.cal, lung)
  check <- lms_check(fit)
  file <- withr::local_tempfile()
  utils::write.csv(as.data.frame(check), file, row.names = FALSE)
  again <- utils::read.csv(file, colClasses = unname(vapply(finding_columns, typeof, "")))
  class(again) <- class(check)
  expect_identical(capture.output(print(again)), capture.output(print(check)))
})

test_that("groups of curves are said as other levels are, from their variables", {
  d <- lung
  d$stage <- factor(rep(c("I", "II=x"), length.out = nrow(d)))
  d$surgery <- rep(c(TRUE, FALSE, FALSE), length.out = nrow(d))
  attr(d$stage, "label") <- "FIGO stage"
  fit <- lms_km(Surv(time, died) ~ stage + surgery, d)
  names <- group_names(fit, fit$groups)
  expect_identical(names$group_code[1:2], c("`stage` = \"I\", `surgery` = \"FALSE\"",
                                            "`stage` = \"I\", `surgery` = \"TRUE\""))
  expect_identical(names$group_label[3:4], c("FIGO stage II=x, no surgery",
                                             "FIGO stage II=x, surgery"))
  rows <- found(lms_check(summary(fit, times = 2000)), "beyond_follow_up")
  expect_identical(rows$group_label, group_names(fit, rows$group)$group_label)
  expect_match(finding_text(rows[1, ], finding_voice("label")), "^FIGO stage II?.*surgery: at ")
  none <- lms_check(summary(lms_km(Surv(time, died) ~ 1, d), times = 2000))
  expect_identical(found(none, "beyond_follow_up")$group_label, NA_character_)
})
