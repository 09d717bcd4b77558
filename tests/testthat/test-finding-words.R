# Words that are made from the rows of findings.

test_that("a caution stands beside each ratio that rests on fewer than five events", {
  d <- small(60)
  d$grade <- factor(rep(c("low", "high", "other"), c(30, 24, 6)), c("low", "high", "other"))
  fit <- fit_silently(Surv(time, died) ~ age + grade, d)
  check <- lms_check(fit)
  expect_identical(found(check, "sparse_level")$level, "other")
  expect_match(cautions_for(check, "grade", "other"), "fewer than 5 events in this group")
  expect_length(cautions_for(check, "grade", "high"), 0L)
  expect_length(cautions_for(check, "age"), 0L)
  # A sparse reference stands behind all ratios of the variable.
  d$grade <- relevel(d$grade, "other")
  check <- lms_check(fit_silently(Surv(time, died) ~ age + grade, d))
  for (level in c("low", "high")) {
    expect_match(cautions_for(check, "grade", level), "in the reference group")
  }
})

test_that("serious findings of a model stand beside all ratios, those of a variable at its own", {
  d <- metastatic(40, 1)
  d$x <- rnorm(40)
  fit <- fit_silently(Surv(months, died) ~ age + x + metastasis + metastasis:x, d)
  check <- lms_check(fit, known_from = list(metastasis = d$spread))
  expect_identical(found(check, "immortal_time")$severity, "serious")
  expect_match(cautions_for(check, "metastasis", "TRUE"), "immortal time")
  expect_match(cautions_for(check, "x:metastasis"), "immortal time")
  expect_no_match(paste("", cautions_for(check, "age")), "immortal time")
  few <- fit_silently(Surv(months, died) ~ age + x + I(x^2) + I(age^2) + I(x^3), d[1:15, ])
  expect_match(cautions_for(lms_check(few), "age"), "few events per coefficient")
  cannot <- within(d[c(which(!d$metastasis), which(d$metastasis)[1:3]), ], died[metastasis] <- 0)
  check <- lms_check(fit_silently(Surv(months, died) ~ metastasis, cannot))
  expect_match(cautions_for(check, "metastasis", "TRUE"), "cannot be estimated")
})

test_that("combinations of levels and codes of 1 and 2 with few events are findings", {
  withr::local_seed(2)
  d <- data.frame(time = rexp(200), died = rep(c(1, 1, 0), length.out = 200),
                  a = factor(rep(c("x", "y"), 100)), b = factor(rep(c("p", "q"), c(190, 10))))
  d$died[d$a == "y" & d$b == "q"] <- c(1, 1, 0, 0, 0)
  d$died[d$a == "x" & d$b == "q"] <- 1
  check <- lms_check(fit_silently(Surv(time, died) ~ a * b, d))
  rows <- found(check, "sparse_level")
  expect_identical(rows$variable, "a:b")
  expect_identical(c(rows$n, rows$n_events), c(5, 2))
  expect_match(cautions_for(check, "a:b", rows$level), "fewer than 5 events")
  d$sex <- rep(1:2, c(192, 8))
  d$died[193:200] <- c(1, 1, 1, 0, 0, 0, 0, 0)
  rows <- found(lms_check(fit_silently(Surv(time, died) ~ sex, d)), "sparse_level")
  expect_identical(rows[c("variable", "level", "n", "n_events")],
                   data.frame(variable = "sex", level = "2", n = 8, n_events = 3))
  # Levels that sums to zero compare are counted too.
  d$site <- factor(rep(c("u", "v", "w"), c(150, 46, 4)))
  contrasts(d$site) <- stats::contr.sum(3)
  rows <- found(lms_check(fit_silently(Surv(time, died) ~ site, d)), "sparse_level")
  expect_identical(rows$level, "w")
})

test_that("every kind of finding has its words, in few words a sentence", {
  kinds <- names(finding_reasons)
  expect_setequal(kinds, names(rule_names))
  for (kind in kinds) {
    expect_type(kind_title(kind), "character")
    sentences <- strsplit(finding_why(kind), "(?<=[.;:]) ", perl = TRUE)[[1L]]
    expect_true(all(lengths(strsplit(sentences, " ")) <= 25L), label = kind)
  }
  remedies <- c("fewer", "fewer or penalty", "combine", "combine or penalty", "combine groups",
                "reference", "reference with events", "penalty", "combine or leave out",
                "time-dependent", "enter", "split", "look", "periods or strata", "without patient",
                "impute", "state", "categories", "strata", "robust", "kaplan-meier", "not known",
                "read earlier", "spline", "log-log", "mean or weights", "up to the same time")
  for (remedy in remedies) {
    f <- finding("sparse_level", "caution", remedy = remedy, n_coefficients = 2, n_events = 30,
                 suggested = "a", event = "event")
    expect_match(finding_remedy(f), "^[A-Z].*[.]$")
  }
})

test_that("a reader of a report sees names, no code, no row and no hidden count", {
  d <- outlying(1)
  attr(d$x, "label") <- "Tumor size"
  rows <- as.data.frame(lms_check(fit_silently(Surv(time, died) ~ x + group, d)))
  rows <- rows[rows$kind == "influential_patient", ]
  voice <- finding_voice("label")
  expect_match(finding_text(rows, voice), "^Tumor size: the hazard ratio for a difference of ")
  expect_no_match(finding_text(rows, voice), "row|`")
  few <- small(60)
  few$grade <- factor(rep(c("low", "high", "other"), c(30, 24, 6)))
  rows <- findings_in(lms_check(fit_silently(Surv(time, died) ~ grade, few)))
  hidden <- one_kind(as.data.frame(rows[rows$kind == "sparse_level", ]), finding_voice("label", 5))
  expect_match(hidden$found, "This concerns grade.", fixed = TRUE)
})

test_that("of many findings of one kind a report tells the first, and names the others", {
  d <- withr::with_seed(1, data.frame(
    time = stats::rexp(240), site = factor(rep(sprintf("S%02d", 1:12), each = 20))
  ))
  d$died <- as.integer(as.integer(d$site) < 3)
  rows <- found(lms_check(fit_silently(Surv(time, died) ~ site, d)), "infinite_coefficient")
  voice <- finding_voice("label")
  text <- findings_text(rows, voice)
  expect_length(gregexpr("cannot be estimated", text)[[1L]], 3L)
  expect_match(text, "The same was found for site S06, site S07, .* and site S12[.]$")
  few <- findings_text(rows[rows$level %in% c("S03", "S04"), ], voice)
  expect_no_match(few, "The same")
})
