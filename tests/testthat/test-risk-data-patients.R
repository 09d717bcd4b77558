rows <- data.frame(
  patient = c(1, 1, 2, 3, 4), a = c(0, 4, 0, 0, 0), b = c(4, 8, 6, 7, 9), e = c(0, 1, 1, 0, 1),
  g = c("x", "x", "y", "y", "x"), s = c(1, 2, 1, 1, 1)
)
verbs <- list(
  cox = lms_cox, km = lms_km, logrank = lms_logrank, cuminc = lms_cuminc,
  rates = function(...) lms_rates(..., times = 5)
)
all_verbs <- function(check, formula, data, ...) {
  for (verb in verbs) check(suppressWarnings(verb(formula, data, ...)))
}
refused <- function(text) function(expr) expect_error(expr, text, class = "lmsurv_error_id")
f <- Surv(a, b, e) ~ g

test_that("rows that are one patient's life pass in all verbs, without a word", {
  all_verbs(expect_silent, f, rows, id = rows$patient)
  all_verbs(expect_silent, f, rows[5:1, ], id = rows$patient[5:1])
})

test_that("overlap and rows after the event are refused in all verbs", {
  over <- transform(rows, a = c(0, 3, 0, 0, 0))
  all_verbs(refused("overlap in time \\(row 2\\)"), f, over, id = rows$patient)
  all_verbs(refused("overlap"), f, transform(rows, a = 0), id = rows$patient)
  all_verbs(refused("overlap"), Surv(b, e) ~ g, rows, id = rows$patient)
  twice <- transform(rows, e = c(1, 1, 1, 0, 1))
  all_verbs(refused("row after the event \\(row 2\\)"), f, twice, id = rows$patient)
  after <- transform(rows, e = c(1, 0, 1, 0, 1))
  all_verbs(refused("row after the event"), f, after, id = rows$patient)
  # Nothing is claimed where nobody says which rows are one patient.
  all_verbs(expect_silent, f, over)
  all_verbs(expect_silent, f, twice)
  same_end <- transform(rows, a = 0, b = c(4, 4, 6, 7, 9), e = c(1, 1, 1, 0, 1))
  expect_error(
    lms_cox(Surv(a, b, e) ~ g + strata(s), same_end, id = patient), "row after the event"
  )
})

test_that("neither identifiers nor values of them are in the message", {
  d <- transform(rows, patient = c("SECRET1", "SECRET1", "B", "C", "D"), a = c(0, 3, 0, 0, 0))
  said <- conditionMessage(expect_error(lms_km(f, d, id = patient)))
  expect_no_match(said, "SECRET")
})

test_that("a gap is said, and a row that missing values cost makes one", {
  gap <- transform(rows, a = c(0, 5, 0, 0, 0))
  all_verbs(
    function(expr) expect_message(expr, "1 patient has a gap", class = "lmsurv_message_gaps"),
    f, gap, id = rows$patient
  )
  three <- data.frame(
    patient = c(1, 1, 1, 2, 3), a = c(0, 2, 4, 0, 0), b = c(2, 4, 6, 5, 3), e = c(0, 0, 1, 1, 0),
    x = c(1, NA, 0, 1, 0)
  )
  expect_message(
    suppressWarnings(lms_cox(Surv(a, b, e) ~ x, three, id = patient)), class = "lmsurv_message_gaps"
  )
})

test_that("recurrent events go with clusters, and give coxph's robust variance", {
  cgd <- survival::cgd
  formula <- Surv(tstart, tstop, status) ~ treat + age
  expect_error(lms_cox(formula, cgd, id = id), "`cluster` in place of `id`",
               class = "lmsurv_error_id")
  theirs <- survival::coxph(formula, cgd, cluster = id)
  for (fit in list(
    lms_cox(formula, cgd, cluster = id), lms_cox(formula, cgd, id = id, cluster = id)
  )) {
    expect_close(coef(fit), coef(theirs))
    expect_close(vcov(fit), vcov(theirs))
  }
  # Clusters of another kind do not make events recur.
  expect_error(lms_cox(formula, cgd, id = id, cluster = center), class = "lmsurv_error_id")
  # Wei, Lin and Weissfeld: one stratum for each event.
  bladder <- survival::bladder
  wlw <- Surv(stop, event) ~ rx + strata(enum)
  expect_close(
    vcov(lms_cox(wlw, bladder, id = id, cluster = id)),
    vcov(survival::coxph(wlw, bladder, cluster = id))
  )
})

test_that("kinds of event in strata of their own are no overlap", {
  both <- rbind(transform(rows[-1, ], kind = 1), transform(rows[-1, ], kind = 2, e = 0))
  both$a <- 0
  expect_no_error(suppressWarnings(
    lms_cox(Surv(a, b, e) ~ g + strata(kind), both, id = patient)
  ))
})

test_that("the check finds what a count by hand finds", {
  set.seed(77)
  overlaps <- function(d) {
    any(outer(seq_along(d$a), seq_along(d$a), function(i, j) {
      i != j & d$id[i] == d$id[j] & d$a[i] < d$b[j] & d$a[j] < d$b[i]
    }))
  }
  after_event <- function(d) {
    any(vapply(which(d$e == 1), function(i) any(d$id == d$id[i] & d$b > d$b[i]), NA)) ||
      anyDuplicated(d$id[d$e == 1])
  }
  seen <- character()
  for (i in 1:150) {
    n <- sample(3:8, 1)
    d <- data.frame(id = sample(5, n, TRUE), a = sample(0:8, n, TRUE))
    d$b <- d$a + sample(4, n, TRUE)
    d$e <- rbinom(n, 1, 0.25)
    found <- tryCatch(
      {
        check_patients(d$id, list(time = d$b, entry = d$a, status = d$e), NULL, FALSE, "")
        "fine"
      },
      lmsurv_error_id = function(e) "refused"
    )
    expect_identical(found, if (overlaps(d) || after_event(d)) "refused" else "fine")
    seen <- union(seen, found)
  }
  expect_setequal(seen, c("fine", "refused"))
})
