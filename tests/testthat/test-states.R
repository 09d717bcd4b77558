states_of <- function(formula, data, event = NULL) {
  risk_data(
    formula, data, list(), parent.frame(), event = event, outcome = "states", object = TRUE
  )
}

d <- data.frame(
  t = 1:6, code = c(0, 1, 2, 0, 1, 2),
  cause = factor(c("none", "fail", "dead", "none", "fail", "dead"), c("none", "fail", "dead"))
)

test_that("the first level of a factor is censoring, as in Surv()", {
  risk <- states_of(Surv(t, cause) ~ 1, d)
  expect_identical(risk$response$status, c(0L, 1L, 2L, 0L, 1L, 2L))
  expect_identical(risk$states, c("fail", "dead"))
  theirs <- survival::Surv(d$t, d$cause)
  expect_identical(unclass(risk$y)[, ], unclass(theirs)[, ])
  expect_identical(attributes(risk$y)[c("type", "states")], attributes(theirs)[c("type", "states")])
  ready <- states_of(y ~ 1, list(y = theirs))
  expect_identical(ready$response$status, risk$response$status)
  expect_identical(ready$states, risk$states)
})

test_that("values of one name are one cause", {
  three <- transform(d, code = c(0, 1, 2, 3, 1, 2))
  risk <- states_of(Surv(t, code) ~ 1, three, event = c(failure = 1, death = 2, death = 3))
  expect_identical(risk$response$status, c(0L, 1L, 2L, 2L, 1L, 2L))
  expect_identical(risk$states, c("failure", "death"))
  expect_identical(risk$event, "`code` is 1 (failure), 2 (death) or 3 (death)")
})

test_that("named values of `event` are the causes", {
  risk <- states_of(Surv(t, code) ~ 1, d, event = c(failure = 1, death = 2))
  expect_identical(risk$response$status, c(0L, 1L, 2L, 0L, 1L, 2L))
  expect_identical(risk$states, c("failure", "death"))
  expect_identical(risk$event, "`code` is 1 (failure) or 2 (death)")
  one <- states_of(Surv(t, code) ~ 1, d, event = 2)
  expect_identical(one$states, "2")
  expect_identical(one$event, "`code` is 2")
})

test_that("causes are not guessed", {
  expect_error(states_of(Surv(t, code) ~ 1, d), "the causes are not set",
               class = "lmsurv_error_event")
  expect_error(states_of(Surv(t, as.character(cause)) ~ 1, d),
               "c(dead = \"dead\", fail = \"fail\")", fixed = TRUE, class = "lmsurv_error_event")
  expect_error(states_of(Surv(t, code) ~ 1, d, event = c(failure = 3)),
               class = "lmsurv_error_event")
  expect_error(states_of(Surv(t, code) ~ 1, d, event = c(1, 1)), class = "lmsurv_error_event")
  d$cause <- factor(ifelse(d$code == 0, "censored", "dead"), c("dead", "censored"))
  expect_error(states_of(Surv(t, cause) ~ 1, d), "relevel", class = "lmsurv_error_event")
})

test_that("curves may be of patients without an event, if that is said", {
  d$code <- 0
  curve <- function(event) {
    risk_data(Surv(t, code) ~ 1, d, list(), globalenv(), event = event, outcome = "curve")
  }
  expect_error(curve(NULL), "event = 1", class = "lmsurv_error_no_events")
  expect_identical(curve(1)$response$status, integer(6))
})

test_that("a cause is suggested only where its words are of an event, or for all alike", {
  offered <- function(values) {
    d <- data.frame(t = 1:4, cause = rep(values, length.out = 4L))
    conditionMessage(expect_error(states_of(Surv(t, cause) ~ 1, d), class = "lmsurv_error_event"))
  }
  for (pair in list(c("relapse", "remission"), c("progression", "stable"), c("Tod", "unbekannt"))) {
    expect_match(offered(pair), paste0("`event = \"", pair[1L], "\"`"), fixed = TRUE)
    expect_no_match(offered(pair), paste0("= \"", pair[2L]), fixed = TRUE)
  }
  expect_match(offered(c("D", "L")), "`event = \"D\"` or `event = \"L\"`", fixed = TRUE)
  expect_no_match(offered(c("alive", "unknown")), "event = \"")
})
