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

test_that("an interaction is counted by the patients of its levels", {
  d <- within(survival::veteran, {
    arm <- factor(trt)
    prior <- factor(prior)
    late <- age > 65
    karno <- karno - 60
  })
  by_hand <- function(...) {
    rows <- interaction(..., drop = TRUE, lex.order = TRUE)
    cbind(n = c(table(rows)), events = c(tapply(d$status, rows, sum)))
  }
  counts <- function(formula, term, ...) {
    fit <- lms_cox(formula, d, ...)
    rows <- fit$level_table[fit$level_table$term == term, ]
    # as printed: the rows below the name of the term, or its only one
    text <- lmsurv:::hazard_table(fit, 2)
    printed <- text[match(fit$level_table$coef[fit$level_table$term == term],
                          cumsum(text[, "ratio"] != "" & text[, "ratio"] != "1")), c("n", "events"),
                    drop = FALSE]
    expect_equal(unname(printed), unname(cbind(as.character(rows$n), as.character(rows$events))))
    cbind(n = rows$n, events = rows$events)
  }
  same <- function(found, hand) expect_equal(unname(found), unname(hand))
  # karno is 0 in some rows
  expect_true(any(d$karno == 0))
  same(counts(Surv(time, status) ~ trt + karno:strata(celltype), "karno:strata(celltype)"),
       by_hand(d$celltype))
  same(counts(Surv(time, status) ~ karno + karno:prior, "karno:prior")[1L, , drop = FALSE],
       by_hand(d$prior)[2L, , drop = FALSE])
  same(counts(Surv(time, status) ~ arm * prior, "arm:prior"),
       by_hand(d$arm, d$prior)[4L, , drop = FALSE])
  same(counts(Surv(time, status) ~ arm * strata(celltype), "arm:strata(celltype)"),
       by_hand(d$arm, d$celltype)[6:8, ])
  same(counts(Surv(time, status) ~ late * arm, "late:arm"),
       by_hand(d$late, d$arm)[4L, , drop = FALSE])
  # frequency weights count as so many rows
  d$w <- rep(1:3, length.out = nrow(d))
  weighted <- lms_cox(Surv(time, status) ~ arm * prior, d, weights = w,
                      weight_type = "frequency")
  rows <- with(d, arm == 2 & prior == 10)
  expect_equal(unlist(weighted$level_table[5, c("n", "events")], use.names = FALSE),
               c(sum(d$w[rows]), sum((d$w * d$status)[rows])))
  # no levels: all rows; other contrasts: not known
  expect_true(all(is.na(lms_cox(Surv(time, status) ~ age * karno, d)$level_table$n)))
  contrasts(d$arm) <- stats::contr.sum(2)
  expect_true(is.na(tail(lms_cox(Surv(time, status) ~ arm * prior, d)$level_table$n, 1)))
})

test_that("what an interaction means for the rows of its variables is said where there are any", {
  v <- survival::veteran
  crossed <- "With an interaction"
  expect_output(print(lms_cox(Surv(time, status) ~ karno * strata(celltype), v)), crossed)
  within <- capture.output(print(lms_cox(Surv(time, status) ~ karno:strata(celltype), v)))
  expect_no_match(within, crossed)
})
