expected <- coef(reference(Surv(time, died) ~ age, lung))

test_that("0/1 and logical are taken, 1/2 and two levels are taken and said", {
  d <- within(lung, {
    dead <- factor(died, labels = c("alive", "dead"))
    d01 <- as.integer(died)
  })
  expect_silent(a <- lms_cox(Surv(time, died) ~ age, d))
  expect_silent(b <- lms_cox(Surv(time, d01) ~ age, d))
  expect_silent(c <- lms_cox(Surv(time, died == 1) ~ age, d))
  expect_message(e <- lms_cox(Surv(time, status) ~ age, d), class = "lmsurv_message_event")
  expect_message(f <- lms_cox(Surv(time, dead) ~ age, d), class = "lmsurv_message_event")
  for (fit in list(a, b, c, e, f)) expect_close(coef(fit), expected)
  expect_snapshot({
    said(lms_cox(Surv(time, status) ~ age, d))
    said(lms_cox(Surv(time, dead) ~ age, d))
    for (fit in list(a, b, c, e, f)) cat(fit$event, "\n")
  })
  expect_named(e$notes, "event")
})

test_that("what was said once is carried to refits, and not to another response", {
  fit <- without_messages(lms_cox(Surv(time, status) ~ age + sex, lung))
  expect_silent(small <- update(fit, . ~ . - sex))
  expect_silent(dead <- update(fit, subset = status == 2, data = lung[lung$status == 2, ]))
  expect_identical(dead$nevent, 165)
  expect_silent(step(fit, trace = 0))
  expect_silent(other <- update(fit, Surv(time, died) ~ .))
  expect_close(coef(other), coef(fit))
})

test_that("event says which value it is, for any coding", {
  d <- within(lung, {
    dead <- ifelse(died == 1, "dead", "alive")
    three <- ifelse(died == 1, 1 + seq_along(died) %% 2, 0)
    reverse <- 1 - died
  })
  expect_silent({
    fits <- list(
      lms_cox(Surv(time, dead) ~ age, d, event = "dead"),
      lms_cox(Surv(time, factor(dead)) ~ age, d, event = "dead"),
      lms_cox(Surv(time, status) ~ age, d, event = 2),
      lms_cox(Surv(time, three) ~ age, d, event = 1:2),
      lms_cox(Surv(time, reverse) ~ age, d, event = 0)
    )
  })
  for (fit in fits) expect_close(coef(fit), expected)
  one <- lms_cox(Surv(time, three) ~ age, d, event = 1)
  expect_identical(one$nevent, as.double(sum(d$three == 1)))
  only <- d[d$status == 2, ]
  expect_identical(lms_cox(Surv(time, status) ~ age, only, event = 2)$nevent, 165)
})

test_that("what does not say which value is the event is refused with its values", {
  d <- within(lung, {
    dead <- ifelse(died == 1, "dead", "alive")
    three <- seq_along(died) %% 3
    half <- died / 2
    never <- NA
  })
  expect_snapshot({
    said(lms_cox(Surv(time, dead) ~ age, d))
    said(lms_cox(Surv(time, three) ~ age, d))
    said(lms_cox(Surv(time, factor(three)) ~ age, d))
    said(lms_cox(Surv(time, half) ~ age, d))
    said(lms_cox(Surv(time, 5 * died) ~ age, d))
    said(lms_cox(Surv(time, as.integer(never)) ~ age, d))
    said(lms_cox(Surv(time, status) ~ age, d[d$status == 1, ]))
    said(lms_cox(Surv(time, status) ~ age, d[d$status == 2, ]))
    said(lms_cox(Surv(time, died) ~ age, d[d$died == 1, ]))
    said(lms_cox(Surv(time, died) ~ age, d[d$died == 0, ]))
    said(lms_cox(Surv(time, died == 2) ~ age, d))
    said(lms_cox(Surv(died, time) ~ age, d))
    said(lms_cox(Surv(time, died) ~ age, d, event = 2))
    said(lms_cox(Surv(time, dead) ~ age, d, event = c("dead", "ill")))
    said(lms_cox(Surv(time) ~ age, d, event = 1))
    said(lms_cox(Surv(time, status, type = "mstate") ~ age, d))
    said(lms_cox(Surv(time, died, type = "left") ~ age, d))
  })
})

test_that("a level that sounds like no event is not taken for the event", {
  for (levels in list(c("Deceased", "Living"), c("Died", "Survived"), c("Yes", "No"))) {
    data <- data.frame(t = 1:4, status = factor(levels[c(1, 2, 2, 1)], levels))
    refused <- expect_error(lms_km(Surv(t, status) ~ 1, data), class = "lmsurv_error_event")
    expect_match(conditionMessage(refused), paste0("event = \"", levels[1]), fixed = TRUE)
    text <- transform(data, status = as.character(status))
    refused <- expect_error(lms_km(Surv(t, status) ~ 1, text), class = "lmsurv_error_event")
    expect_match(conditionMessage(refused), paste0("event = \"", levels[1]), fixed = TRUE)
  }
  expect_snapshot(said(lms_km(Surv(t, c(0, 1, 9, 1)) ~ 1, data)))
})

test_that("labeled numbers are taken where haven is not there to convert them", {
  class <- c("haven_labelled", "vctrs_vctr", "double")
  plain <- data.frame(t = c(3, 1, 2, 5), status = c(1, 2, 2, 1))
  labelled <- list(
    t = structure(plain$t, label = "Months", class = class),
    status = structure(plain$status, labels = c(Alive = 1, Dead = 2), class = class)
  )
  ours <- lms_km(Surv(t, status) ~ 1, labelled, event = 2)
  expect_identical(ours$surv, survival::survfit(Surv(t, status == 2) ~ 1, plain)$surv)
  expect_identical(ours$labels[["(time)"]], "Months")
})

test_that("the whole column speaks for a subset, and a subset where the column cannot", {
  expect_identical(lms_cox(Surv(time, died) ~ age, lung, subset = died == 1)$nevent, 165)
  d <- within(lung, died[1:3] <- 9)
  expect_close(
    coef(lms_cox(Surv(time, died) ~ age, d, subset = died < 9)),
    coef(reference(Surv(time, died) ~ age, lung, subset = -(1:3)))
  )
})

test_that("all TRUE, no status and a Surv object are taken as they are", {
  all <- reference(Surv(time) ~ age, lung)
  expect_close(coef(lms_cox(Surv(time) ~ age, lung)), coef(all))
  expect_close(coef(lms_cox(Surv(time, time > 0) ~ age, lung)), coef(all))
  y <- survival::Surv(lung$time, lung$status)
  expect_silent(fit <- lms_cox(y ~ age, lung))
  expect_close(coef(fit), expected)
  d <- lung
  d$outcome <- y
  expect_close(coef(lms_cox(outcome ~ age, d)), expected)
  expect_error(lms_cox(outcome ~ age, d, event = 2), class = "lmsurv_error_event")
  d$outcome <- survival::Surv(lung$time, factor(rep(0:2, length.out = 228)))
  expect_error(lms_cox(outcome ~ age, d), class = "lmsurv_error_response")
})

test_that("the response is what Surv() gives", {
  h <- survival::heart
  times <- list(
    lung$time, as.integer(lung$time), stats::setNames(
      lung$time, lung$inst
    ), as.difftime(lung$time, units = "days")
  )
  for (time in times) {
    read <- read_surv(
      quote(Surv(time, died)), list(died = lung$died), environment(), NULL, NULL, "event"
    )
    expect_identical(read$y, survival::Surv(time, lung$died))
  }
  died <- lung$died == 1
  expect_identical(
    read_surv(quote(Surv(time, died)), NULL, environment(), NULL, NULL, "event")$y,
    survival::Surv(time, died)
  )
  expect_identical(
    read_surv(quote(Surv(time = time)), NULL, environment(), NULL, NULL, "event")$y,
    survival::Surv(time)
  )
  calls <- list(
    quote(Surv(start, stop, event)), quote(Surv(event = event, start, stop)),
    quote(Surv(start, stop, event, type = "counting")), quote(Surv(start, stop, event, origin = -2))
  )
  for (call in calls) {
    expect_identical(read_surv(call, h, environment(), NULL, NULL, "event")$y, eval(call, h))
  }
  fit <- lms_cox(Surv(as.difftime(time, units = "days"), died) ~ age, lung)
  expect_identical(fit$time_unit, "days")
})

test_that("a comparison that is true in no row is said, with the values that there are", {
  d <- within(lung, dead <- ifelse(died == 1, "dead", NA))
  d$dead[lung$died == 0] <- "alive"
  expect_message(
    curve <- lms_km(Surv(time, dead == "Dead") ~ 1, d),
    "\"alive\" (n = 63) and \"dead\" (n = 165)", fixed = TRUE,
    class = "lmsurv_message_never_true"
  )
  expect_identical(sum(curve$n.event), 0)
  expect_message(lms_km(Surv(time, dead %in% "DEAD") ~ 1, d), class = "lmsurv_message_never_true")
  expect_silent(lms_km(Surv(time, dead == "dead") ~ 1, d))
  expect_silent(lms_km(Surv(time, rep(FALSE, nrow(d))) ~ 1, d))
  expect_error(
    lms_cox(Surv(time, dead == "Dead") ~ age, d), "`dead` has \"alive\"",
    class = "lmsurv_error_no_events"
  )
})

test_that("what means no event in other languages is no example of one", {
  refusal <- function(died) {
    d <- data.frame(time = 1:4, died = died)
    conditionMessage(tryCatch(lms_km(Surv(time, died) ~ 1, d), error = identity))
  }
  expect_match(refusal(c("ja", "nein", "ja", "nein")), "Set `event = \"ja\"`", fixed = TRUE)
  expect_match(refusal(c("d\u00e9c\u00e9d\u00e9", "Vivant", "Vivant", "Vivant")),
               "`event = \"d\u00e9c\u00e9d\u00e9\"`", fixed = TRUE)
  expect_match(refusal(c("DOD", "AWD", "NED", "NED")), "Set `event = \"DOD\"`", fixed = TRUE)
  expect_match(refusal(c("yes", "no", "no", "no")), "Set `event = \"yes\"`", fixed = TRUE)
})
