# Strings of the tables, in the styles of journals.

lung <- within(survival::lung, {
  sex <- factor(sex, 1:2, c("Men", "Women"))
  old <- age > 65
})

style_of <- function(name) lmsurv:::journal_style(name)

test_that("p-values are written as the journals ask", {
  p <- c(0.00004, 0.0004, 0.00096, 0.0012, 0.0096, 0.023, 0.049, 0.1, 0.246, 0.97, 0.996, NA)
  text <- vapply(c("plain", "nejm", "jama", "lancet"), function(name) {
    lmsurv:::style_p(p, style_of(name))
  }, character(12))
  expect_identical(text[, "plain"], c("<0.001", "<0.001", "<0.001", "0.001", "0.010", "0.023",
                                      "0.049", "0.10", "0.25", "0.97", "1.00", ""))
  expect_identical(text[, "nejm"], c("<0.001", "<0.001", "<0.001", "0.001", "0.01", "0.02", "0.05",
                                     "0.10", "0.25", "0.97", "1.00", ""))
  expect_identical(text[, "jama"], c("<.001", "<.001", "<.001", ".001", ".01", ".02", ".05", ".10",
                                     ".25", ".97", ">.99", ""))
  expect_identical(text[, "lancet"], c("<0.0001", "0.0004", "0.0010", "0.0012", "0.0096", "0.023",
                                       "0.049", "0.10", "0.25", "0.97", "1.00", ""))
})

test_that("marks, dashes and percentages follow the style", {
  text <- lapply(c("plain", "nejm", "jama", "lancet"), function(style) {
    format(lms_table_one(lung, by = sex, vars = c(age, ph.ecog), style = style)) |>
      without_messages()
  })
  names(text) <- c("plain", "nejm", "jama", "lancet")
  column <- function(style) unname(text[[style]][[2]])
  expect_identical(column("plain")[c(2, 3, 5)], c("62.4 (9.1)", "63.0 (56.0 to 69.0)", "63 (28%)"))
  expect_identical(column("nejm")[c(2, 3, 5)],
                   c("62.4 \u00b1 9.1", "63.0 (56.0\u201369.0)", "63 (27.8)"))
  expect_identical(column("jama")[c(2, 3, 5)], c("62.4 (9.1)", "63.0 (56.0-69.0)", "63 (27.8)"))
  expect_identical(column("lancet")[c(2, 3, 5)],
                   c("62\u00b74 (9\u00b71)", "63\u00b70 (56\u00b70\u201369\u00b70)", "63 (28%)"))
  expect_identical(text$nejm[[1]][4], "Ph.ecog \u2014 no. (%)")
  expect_identical(text$jama[[1]][4], "Ph.ecog, No. (%)")
  # 90 women: no decimals by JAMA.
  expect_identical(text$jama[[4]][5], "27 (30)")
  fit <- lms_cox(Surv(time, status == 2) ~ sex, lung)
  ratio <- function(style) format(lms_table_cox(fit, style = style))[3, 4]
  expect_identical(ratio("nejm"), "0.59 (0.42\u20130.82)")
  expect_identical(ratio("lancet"), "0\u00b759 (0\u00b742\u20130\u00b782)")
})

test_that("the decimal comma and the words of the session are taken", {
  withr::local_options(OutDec = ",", lmsurv.words = c(Overall = "Gesamt", Missing = "Fehlend"))
  expect_silent(x <- lms_table_one(lung, vars = c(age, wt.loss)))
  text <- base::format(x)
  expect_identical(names(text)[2], "Gesamt (n = 228)")
  expect_identical(text[[2]][2], "62,4 (9,1)")
  expect_identical(trimws(text[[1]][7]), "Fehlend")
  jama <- lms_table_one(lung, vars = age, style = "jama")
  expect_identical(base::format(jama)[[2]][2], "62.4 (9.1)")
  fit <- lms_cox(Surv(time, status == 2) ~ sex, lung)
  expect_identical(base::format(lms_table_cox(fit))[3, 4], "0,59 (0,42 to 0,82)")
  big <- data.frame(x = rep(c("a", "b"), c(12345, 6)), y = 1e5 + 0.25)
  expect_identical(base::format(lms_table_one(big, vars = x))[[2]][2], "12345 (100%)")
  expect_identical(getOption("OutDec"), ",")
})

test_that("numbers have the decimals of their spread, or those that are asked for", {
  d <- data.frame(year = rep(c(2001, 2012), 20), small = rep(c(0.011, 0.019), 20),
                  days = rep(c(10, 4010), 20), age = rep(c(50, 70), 20))
  text <- format(lms_table_one(d, summary = "mean_sd"))
  expect_identical(text[[2]], c("2006.5 (5.6)", "0.0150 (0.0041)", "2010 (2025)", "60.0 (10.1)"))
  text <- format(lms_table_one(d, summary = "mean_sd", digits = c(0, age = 2)))
  expect_identical(text[[2]][c(1, 4)], c("2006 (6)", "60.00 (10.13)"))
})

test_that("ratios have no powers of ten, and differ from their limits", {
  ratio <- lmsurv:::table_ratio
  expect_identical(vapply(c(0.00004, 0.0023, 0.047, 1.234, 12.34, 123.4, 2998, 23871, Inf), ratio,
                          "", 2), c("<0.0001", "0.002", "0.05", "1.23", "12.3", "123", "2998",
                                    "24,000", "infinity"))
})

test_that("tests are marked in the order of reading, one test once in the head", {
  text <- format(lms_table_one(lung, by = sex, vars = c(age, old), smd = TRUE))
  expect_identical(names(text)[5:6], c("SMD\u1d43", "p"))
  expect_match(text$p[1], "\u1d47$")
  expect_identical(substr(attr(text, "notes")[1:3], 1, 1), c("\u1d43", "\u1d47", "\u1d9c"))
  one <- format(lms_table_one(lung, by = sex, vars = c(age, wt.loss)))
  expect_identical(names(one)[5], "p\u1d43")
})

test_that("a table prints in the width of the console", {
  withr::local_options(cli.num_colors = 1L)
  x <- lms_table_one(lung, by = sex, vars = c(age, ph.ecog), smd = TRUE) |> without_messages()
  for (width in c(60, 80)) {
    withr::local_options(width = width, cli.width = width)
    printed <- utils::capture.output(print(x))
    expect_lte(max(nchar(printed, "width")), width)
    # The names of the lines stand in each block.
    expect_gte(sum(grepl("Median", printed)), 2)
  }
  withr::local_options(width = 120, cli.width = 120)
  expect_snapshot(print(x))
})

test_that("tidy() and as.data.frame() give the same numbers", {
  x <- lms_table_one(lung, by = sex, vars = age)
  expect_s3_class(tidy(x), "tbl_df")
  expect_identical(as.data.frame(tidy(x)), as.data.frame(x))
  expect_error(tidy(x, conf.int = TRUE), class = "lmsurv_error_argument")
})
