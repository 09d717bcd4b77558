# survival evaluates the call of a curve again, with its own Surv(): what it finds there must be
# the curve at hand, whatever the status was made of.

library(survival)

# pseudo() looks the data up from its own namespace.
with_global <- function(rows, code) {
  assign("rows_of_coded_call", rows, globalenv())
  withr::defer(rm("rows_of_coded_call", envir = globalenv()))
  code
}

ours <- function(verb, status, x, ...) {
  suppressMessages(eval(bquote(
    .(verb)(Surv(time, .(status)) ~ .(x), rows_of_coded_call, ..(list(...))), splice = TRUE
  )))
}

theirs <- function(status, x) {
  eval(bquote(survival::survfit(Surv(time, .(status)) ~ .(x), rows_of_coded_call)))
}

expect_pseudo <- function(a, b, types) {
  for (type in types) {
    # survival 3.5-3 has no cumulative hazards of a single curve with one cause.
    value <- tryCatch(pseudo(b, c(200, 400), type = type), error = function(e) NULL)
    if (is.null(value)) next
    expect_equal(pseudo(a, c(200, 400), type = type), value, ignore_attr = TRUE, info = type)
  }
}

test_that("pseudo values of a curve are survival's for every coding of the event", {
  rows <- transform(
    lung, word = ifelse(status == 2, "dead", "censored"), gone = replace(status, c(3, 9), NA),
    why = ifelse(status == 1, "none", ifelse(age > 60, "old", "young"))
  )
  rows$level <- factor(rows$word)
  types <- c("survival", "cumhaz", "rmst")
  with_global(rows, for (x in list(1, quote(sex))) {
    dead <- theirs(quote(status == 2), x)
    expect_pseudo(ours(quote(lms_km), quote(status), x, event = 2), dead, types)
    expect_pseudo(ours(quote(lms_km), quote(level), x, event = "dead"), dead, types)
    expect_pseudo(ours(quote(lms_km), quote(word), x, event = "dead"), dead, types)
    expect_pseudo(ours(quote(lms_km), quote(why), x, event = c("old", "young")), dead, types)
    expect_pseudo(ours(quote(lms_km), quote(status), x, event = 1), theirs(quote(status == 1), x),
                  types)
    expect_pseudo(ours(quote(lms_km), quote(gone), x, event = 2), theirs(quote(gone == 2), x),
                  types)
    expect_pseudo(ours(quote(lms_km), quote(status == 2), x, event = FALSE),
                  theirs(quote(status == 1), x), types)
  })
})

test_that("so are those of the other estimates of survival", {
  fits <- list(c("nelson-aalen", 1), c("fh2", 2))
  with_global(lung, for (x in list(1, quote(sex))) for (fit in fits) {
    own <- ours(quote(lms_km), quote(status), x, event = 2, type = fit[1])
    other <- eval(bquote(survival::survfit(Surv(time, status == 2) ~ .(x), rows_of_coded_call,
                                           stype = 2, ctype = .(as.numeric(fit[2])))))
    expect_pseudo(own, other, c("survival", "cumhaz", "rmst"))
    expect_identical(update(own)$surv, own$surv)
  })
})

test_that("so are those of competing risks, of numbers and of words", {
  code <- with(lung, ifelse(status == 1, 0, ifelse(age > 60, 2, 1)))
  rows <- transform(lung, code = code, gone = replace(code, 4:9, NA), far = c(9, 5, 7)[code + 1],
                    word = c("none", "young", "old")[code + 1], any = as.integer(code > 0))
  rows$level <- factor(code, 0:2, c("censored", "young", "old"))
  rows$turned <- factor(code, c(0, 2, 1))
  rows$left <- factor(rows$gone)
  types <- c("pstate", "cumhaz", "sojourn", "rmst")
  cases <- list(
    list(quote(code), c(young = 1, old = 2), quote(level)),
    list(quote(code), c(old = 2, young = 1), quote(turned)),
    list(quote(level), c("old", "young"), quote(turned)),
    list(quote(gone), c(young = 1, old = 2), quote(left)),
    list(quote(far), c(young = 5, old = 7), quote(level)),
    list(quote(word), c("young", "old"), quote(level)),
    list(quote(code), c(dead = 1, dead = 2), quote(factor(any))),
    list(quote(code), c(young = 1), quote(factor(code == 1))),
    list(quote(code), c(nothing = 0, young = 1, old = 2), quote(factor(code, -1:2)))
  )
  with_global(rows, for (x in list(1, quote(sex))) {
    for (case in cases) {
      expect_pseudo(ours(quote(lms_cuminc), case[[1L]], x, event = case[[2L]]),
                    theirs(case[[3L]], x), types)
    }
    expect_pseudo(ours(quote(lms_cuminc), quote(any), x), theirs(quote(factor(any)), x), types)
  })
})

test_that("the call is one that gives the curve again, and update() has the user's", {
  fit <- lms_km(Surv(time, status) ~ 1, lung, event = 1)
  expect_identical(fit$call, quote(lms_km(formula = Surv(time, status == 1) ~ 1, data = lung)))
  expect_identical(eval(fit$call)$surv, fit$surv)
  expect_identical(getCall(fit)$event, 1)
  by_sex <- update(fit, . ~ sex)
  expect_identical(by_sex$surv, lms_km(Surv(time, status == 1) ~ sex, lung)$surv)
  dead <- lms_km(Surv(time, status == 2) ~ 1, lung)
  expect_identical(update(fit, event = 2)$surv, dead$surv)
  plain <- suppressMessages(lms_km(Surv(time, status) ~ 1, lung))
  expect_identical(plain$call, quote(lms_km(formula = Surv(time, status) ~ 1, data = lung)))

  causes <- lms_cuminc(Surv(time, status) ~ 1, pbc, event = c(transplant = 1, death = 2))
  expect_identical(eval(causes$call)$pstate, causes$pstate)
  expect_identical(update(causes, . ~ sex)$states, causes$states)
  expect_identical(getCall(lms_strip(causes))$event, getCall(causes)$event)
})

test_that("a formula that had a name stands in the call itself", {
  for (x in c("sex", "ph.ecog")) {
    formula <- stats::reformulate(x, quote(Surv(time, status == 2)))
    expected <- call("~", quote(Surv(time, status == 2)), as.name(x))
    coded <- stats::reformulate(x, quote(Surv(time, status)))
    fits <- list(lms_km(formula, lung), lms_km(coded, lung, event = 2), lms_logrank(formula, lung),
                 lms_cox(formula, lung), lms_rates(formula, lung, times = 100))
    for (fit in fits) expect_identical(fit$call$formula, expected)
  }
})

test_that("survminer tests the groups of the event that the curve is of", {
  skip_if_not_installed("survminer")
  for (event in 1:2) {
    fit <- lms_km(Surv(time, status) ~ sex, lung, event = event)
    test <- lms_logrank(Surv(time, status) ~ sex, lung, event = event)
    expect_equal(survminer::surv_pvalue(fit, lung)$pval, test$p.value)
  }
})
