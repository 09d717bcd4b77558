withr::local_options(width = 80, cli.num_colors = 1L)

test_that("a model prints as a table that can be read", {
  expect_snapshot({
    print(
      lms_cox(
        Surv(time, died) ~ age + sexf + ecog, lung, subset = ph.ecog < 3
      ) |> without_messages()
    )
    print(lms_cox(Surv(time, status) ~ age * sexf + strata(inst), lung, event = 2))
    print(lms_cox(Surv(time, died) ~ splines::ns(age, 2) + wt.loss, lung, cluster = inst))
    print(
      lms_cox(
        Surv(time, died) ~ sexf, lung, weights = k, weight_type = "frequency", ties = "breslow"
      )
    )
    print(lms_cox(Surv(time, died) ~ meal.cal, lung, conf_level = 0.9), digits = 3)
    print(lms_cox(Surv(start, stop, event) ~ age, survival::heart, id = id))
    print(lms_cox(Surv(time, died) ~ 1, lung))
  })
})

test_that("what cannot be estimated says so", {
  d <- within(lung, {
    grade <- factor(rep(c("G1", "G2"), 114), c("G1", "G2", "G3"))
    grade[which(died == 0)[1:12]] <- "G3"
  })
  expect_snapshot({
    print(suppressWarnings(lms_cox(Surv(time, died) ~ age + I(2 * age) + grade, d)))
    print(suppressWarnings(lms_cox(Surv(time, died) ~ age, d, iter.max = 1)))
  })
})

test_that("long names and narrow consoles lose nothing", {
  d <- lung
  d[["a rather long name of a variable, as exported"]] <- lung$age
  d$margin <- factor(lung$sex, labels = c("R0: no residual tumour at the resection margin", "R1"))
  formula <- Surv(time, died) ~ `a rather long name of a variable, as exported` + margin
  withr::local_options(width = 60)
  expect_snapshot(print(lms_cox(formula, d)))
})

test_that("names beyond ASCII keep the columns in line", {
  skip_if_not(l10n_info()[["UTF-8"]], "the locale is not UTF-8")
  d <- lung
  d$margin <- factor(lung$sex, labels = c("\u2265 1 cm", "R\u00e9siduel"))
  lines <- capture.output(print(lms_cox(Surv(time, died) ~ age + margin, d)))
  counted <- c(grep("^age", lines), grep("reference", lines), grep("R\u00e9siduel", lines))
  ends <- vapply(
    strsplit(lines[counted], "(?<=228|138|90)", perl = TRUE),
    function(part) nchar(part[1], "width"),
    0L
  )
  expect_identical(ends, rep(ends[1], 3))
})

test_that("the printed conventions are those of the session", {
  withr::local_options(lmsurv.conventions = "stata")
  expect_output(print(lms_cox(Surv(time, died) ~ age, lung)), "Breslow ties.*conventions \"stata\"")
})
