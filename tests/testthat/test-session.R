hostile <- list(OutDec = ",", scipen = -5L, digits = 3L)

test_that("numbers and levels are written alike whatever the options of the session", {
  write <- function() {
    list(
      format(c(0.5, 1234567, 1e-5)), formatC(1.25, digits = 1, format = "f"), paste0(1e5, "|", 0.1),
      as.character(c(0, 1, 1e5, 0.1)), levels(factor(c(0, 1, 1e5))),
      prettyNum(1234.5, big.mark = ","), count_of(1234567, "row")
    )
  }
  expected <- write()
  expect_identical(withr::with_options(hostile, write()), expected)
  expect_identical(expected[[4]], c("0", "1", "1e+05", "0.1"))
  expect_identical(withr::with_options(hostile, getOption("scipen")), -5L)
})

test_that("a factor made here is base's, but for the order of characters", {
  for (x in list(c(3, 1, 2, NA), c(TRUE, FALSE), c("b", "a", NA),
                 base::factor(c("z", "a"), c("z", "a")),
                 as.Date("2011-05-17") + 2:0, character(),
                   base::factor(c("q", NA), exclude = NULL))) {
    expect_identical(factor(x), base::factor(x))
    expect_identical(factor(x, exclude = NULL), base::factor(x, exclude = NULL))
    expect_identical(order(x), base::order(x))
  }
  expect_identical(factor(1:2, labels = c("a", "b")), base::factor(1:2, labels = c("a", "b")))
  expect_identical(factor(c("a", "b"), "b"), base::factor(c("a", "b"), "b"))
})

test_that("a table of a 0/1 column, a model and a curve are the same under any options", {
  d <- survival::lung
  d$died <- as.numeric(d$status == 2)
  d$early <- as.numeric(d$inst < 10)
  answer <- function() {
    fit <- lms_cox(survival::Surv(time, died) ~ early + age, d)
    list(
      capture.output(print(lms_table_one(d, vars = c("early", "age"), by = sex))),
      capture.output(print(fit)), capture.output(print(lms_km(survival::Surv(time, died) ~ early,
                                                              d))),
      as.data.frame(tidy(fit)), ggplot2::ggplot_build(ggplot2::autoplot(
        lms_km(survival::Surv(time, died) ~ early, d)
      ))$data[[1]][c("x", "y", "colour", "group")]
    )
  }
  # The decimal comma of a table is a style that the help offers.
  other <- suppressMessages(withr::with_options(hostile, answer()))
  expected <- suppressMessages(answer())
  other[[1]] <- suppressMessages(withr::with_options(hostile[-1], answer()))[[1]]
  expect_identical(other, expected)
})

test_that("terms, levels and rows of a model have one name in every session", {
  d <- subset(stats::na.omit(survival::lung), ph.ecog < 3)
  d$died <- as.numeric(d$status == 2)
  formula <- survival::Surv(time, died) ~ I(age > 60) + splines::ns(ph.karno, 2) + wt.loss +
    survival::strata(sex)
  right <- list(
    quote(I(age > 60) + strata(sex)), quote(splines::ns(ph.karno, 2) + I(2 * age)),
    quote(strata(sex) * age), quote(cut(age, c(0, 60, 100)) + sex), quote(poly(age, 2) + sex),
    quote(strata(sex, ph.ecog) + age), quote(factor(ph.ecog) * I(age / 10))
  )
  answer <- function(right) {
    fit <- lms_cox(eval(call("~", quote(survival::Surv(time, died)), right)), d)
    list(
      fit$coefficients, fit$xlevels, names(fit$model), attr(fit$terms, "term.labels"),
      predict(fit, d[1:20, ], type = "expected"), predict(fit, d[1:20, ], type = "terms"),
      predict(fit, d, collapse = d$inst * 10), residuals(fit, "schoenfeld"),
      residuals(fit, "dfbeta", collapse = d$inst * 10), as.data.frame(tidy(fit)),
      anova(fit), drop1(fit), summary(fit, conf.int = 0.9)$conf.int,
      summary(survival::survfit(fit, d[1:2, ]))$strata, lms_zph(fit)$y,
      update(fit, . ~ . + I(wt.loss > 10))$coefficients
    )
  }
  for (each in right) {
    expected <- quiet(answer(each))
    other <- quiet(withr::with_options(hostile, answer(each)))
    expect_identical(other, expected, info = deparse1(each))
    # A model of one session is read in another.
    fit <- suppressMessages(lms_cox(eval(call("~", quote(survival::Surv(time, died)), each)), d))
    new <- d[1:20, ]
    expect_identical(withr::with_options(hostile, predict(fit, new)), predict(fit, new))
  }
})

# What a session of another locale reads and prints, as bytes.
in_locale <- function(name, charset, folder) {
  script <- withr::local_tempfile(lines = c(
    "suppressMessages(library(lmsurv))",
    "invisible(suppressWarnings(Sys.setlocale('LC_NUMERIC', Sys.getenv('LC_ALL'))))",
    "x <- suppressMessages(lms_read(commandArgs(TRUE)[1]))",
    "d <- data.frame(time = 1:12, died = rep(1:0, 6), Group = rep(c('B', 'a', 'I'), 4))",
    "code <- function(x) paste(unlist(lapply(x, utf8ToInt)), collapse = ' ')",
    "writeLines(c(code(names(x)), code(levels(x$sex)), format(x$dx), 100 * x$size,",
    "  code(lmsurv:::tolower('TITLE')),",
    "  capture.output(print(lms_cox(survival::Surv(time, died) ~ Group, d))),",
    "  capture.output(print(lms_km(survival::Surv(time, died) ~ Group, d)))))"
  ))
  if (!name %in% c("C", "C.UTF-8")) {
    path <- file.path(folder, paste0(name, ".", charset))
    system2("localedef", c("-i", name, "-f", charset, path), stdout = FALSE, stderr = FALSE)
    if (!dir.exists(path)) return(NULL)
    name <- basename(path)
  }
  file <- file.path(folder, "cohort.csv")
  writeLines(enc2utf8(c("Gr\u00f6\u00dfe;ID;sex;dx;size", "1;a;m\u00e4nnlich;3. M\u00e4rz 2012;7,5",
                        "2;b;Weiblich;4. Mai 2012;8,25", "3;c;m\u00e4nnlich;5. Juni 2012;9",
                        "4;d;Weiblich;6. Dezember 2012;1")), file, useBytes = TRUE)
  withr::with_envvar(
    c(LC_ALL = name, LOCPATH = folder, R_LIBS = paste(.libPaths(), collapse = .Platform$path.sep)),
    system2(file.path(R.home("bin"), "Rscript"), c(script, file), stdout = TRUE, stderr = FALSE)
  )
}

test_that("a file is read and a model printed alike in every locale", {
  skip_on_cran()
  skip_on_os("windows")
  folder <- withr::local_tempdir()
  expected <- in_locale("C.UTF-8", "", folder)
  skip_if(length(expected) < 10, "this machine has no locale C.UTF-8")
  expect_identical(in_locale("C", "", folder), expected)
  skip_if(!nzchar(Sys.which("localedef")), "locales cannot be made here (localedef)")
  for (one in list(c("tr_TR", "UTF-8"), c("de_DE", "ISO-8859-1"), c("en_US", "UTF-8"))) {
    answer <- in_locale(one[1], one[2], folder)
    if (!is.null(answer)) expect_identical(answer, expected, info = one[1])
  }
})

test_that("sort and order take what base's take", {
  expect_identical(sort(c("b", "B", "a"), method = "radix"), c("B", "a", "b"))
  expect_identical(sort(c("b", "B", "a"), decreasing = TRUE), c("b", "a", "B"))
  expect_identical(sort(c(2, NA, 1)), c(1, 2))
  counts <- table(c("x", "y", "y"))
  expect_identical(sort(counts, decreasing = TRUE), base::sort(counts, decreasing = TRUE))
  expect_identical(order(c(2, 1, 2), decreasing = TRUE), base::order(c(2, 1, 2), decreasing = TRUE))
})

test_that("what other packages print for us is written alike in every session", {
  lung <- survival::lung
  fit <- lms_cox(Surv(time, status) ~ age + factor(ph.ecog), lung, event = 2)
  for (object in list(summary(fit), lms_zph(fit))) {
    expected <- capture.output(print(object))
    expect_identical(withr::with_options(hostile, capture.output(print(object))), expected)
    quotes <- list(useFancyQuotes = "TeX", show.signif.stars = TRUE)
    expect_no_match(withr::with_options(quotes, capture.output(print(object))), "``", fixed = TRUE)
  }
})

test_that("a report is written alike in every session", {
  skip_without_report()
  cohort <- suppressMessages(bundled_cohort())
  text <- function() {
    file <- write_report(cohort, sections = c("patients", "os"))
    gsub("[0-9]{4}-[0-9]{2}-[0-9]{2}", "", visible_text(file))
  }
  expect_identical(withr::with_options(hostile, text()), text())
})
