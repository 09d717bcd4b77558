known <- function(levels) is_known_pair(levels, "status")

test_that("a pair is taken only where the first is no event and the second is one", {
  taken <- list(
    c("alive", "dead"), c("Alive", "Dead "), c("ALIVE", "DECEASED"), c("Living", "Died"),
    c("censored", "event"), c("Censored", "Relapse"), c("no", "yes"), c("N", "Y"), c("0", "1"),
    c("FALSE", "TRUE"), c("false", "true"), c("0 - alive", "1 - dead"), c("0=No", "1=Yes"),
    c("alive (0)", "dead (1)"), c("NED", "DOD"), c("no event", "event"),
    c("relapse free", "relapsed"), c("event-free", "event"), c("lost to follow up", "death"),
    c("alive with disease", "dead of disease"), c("not dead", "dead"), c("Unchecked", "Checked"),
    c("lebt", "verstorben"), c("am Leben", "tot"), c("zensiert", "Ereignis"), c("nein", "ja"),
    c("ohne Rezidiv", "Rezidiv"), c("kein Ereignis", "Ereignis"), c("non", "oui"),
    c("Vivant", "D\u00e9c\u00e9d\u00e9"), c("en vie", "mort"),
    c("EN VIE", "D\u00c9C\u00c9D\u00c9E"),
    c("vivo", "fallecido"), c("no", "s\u00ed"), c("vivo", "\u00f3bito"), c("n\u00e3o", "sim"),
    c("vivo", "deceduto"), c("in leven", "overleden"), c("levande", "d\u00f6d"),
    c("i live", "d\u00f8d"), c("nej", "ja"), c("\u017cyje", "zmar\u0142"), c("elossa", "kuollut")
  )
  for (levels in taken) expect_true(known(levels), info = paste(levels, collapse = " / "))
  # The other way round nothing is known, as the first would be censored.
  for (levels in taken) expect_false(known(rev(levels)), info = paste(levels, collapse = " / "))
  asked <- list(
    c("dead", "withdrawn"), c("died", "LTFU"), c("relapse", "remission"), c("failure", "success"),
    c("Tod", "zensiert"), c("1 - verstorben", "2 - lebt"), c("0 - dead", "1 - alive"),
    c("D", "L"), c("A", "D"), c("F", "T"), c("1", "2"), c("NED", "AWD"), c("alive", "unknown"),
    c("alive", "NA"), c("unknown", "dead"), c("", "dead"), c("alive", "lost"), c("alive", "dead?"),
    c("alive", "dead or alive"), c("alive", "not alive"), c("no follow-up", "death"),
    c("remission", "relapse"), c("alive", "discharged"), c("A", "B"), c("negative", "positive"),
    c("-", "+"), c("alive", "possible relapse"), c("\u6b7b\u4ea1", "\u5b58\u6d3b"), c("alive", "x")
  )
  for (levels in asked) expect_false(known(levels), info = paste(levels, collapse = " / "))
})

test_that("the name of the column turns its yes around", {
  d <- data.frame(t = 1:4, s = factor(c("no", "yes", "yes", "no")))
  run <- function(name) {
    names(d)[2] <- name
    lms_km(stats::reformulate("1", call("Surv", quote(t), as.name(name))), d)
  }
  for (name in c("alive", "isAlive", "censored", "lost_fu", "no_event", "unknown")) {
    refused <- expect_error(run(name), class = "lmsurv_error_event")
    expect_no_match(conditionMessage(refused), "event = \"yes\"", fixed = TRUE)
  }
  for (name in c("died", "status", "relapse")) {
    expect_message(run(name), class = "lmsurv_message_event")
  }
  d$alive <- c(0, 1, 1, 0)
  expect_message(lms_km(Surv(t, alive) ~ 1, d), "event = 0", class = "lmsurv_message_event")
  expect_message(lms_km(Surv(t, alive) ~ 1, transform(d, alive = alive == 1)), "event = FALSE")
  expect_silent(lms_km(Surv(t, 1 - alive) ~ 1, d))
})

test_that("no suggestion offers a value that is censored or missing", {
  set.seed(31)
  words <- list(
    event = c("dead", "Relapse", "verstorben", "d\u00e9c\u00e9d\u00e9", "DOD", "progression"),
    none = c("alive", "Censored", "LTFU", "withdrawn", "lebt", "vivant", "NED", "no event", "0"),
    missing = c("unknown", "NA", "", "n/a", "not known", "unbekannt", "inconnu", "?"),
    open = c("transplant", "A", "discharged", "3")
  )
  for (i in 1:60) {
    drawn <- lapply(words, function(x) sample(x, sample(0:2, 1)))
    values <- unlist(drawn, use.names = FALSE)
    if (length(unique(values)) < 2L) next
    d <- data.frame(t = seq_along(values), s = values)
    for (verb in list(lms_km, lms_cuminc)) {
      said <- conditionMessage(expect_error(verb(Surv(t, s) ~ 1, d), class = "lmsurv_error_event"))
      offered <- regmatches(said, gregexpr("event = [^`]*", said))[[1L]]
      for (value in c(drawn$none, drawn$missing)) {
        expect_no_match(paste(offered, collapse = " "), paste0("\"", value, "\""), fixed = TRUE)
      }
    }
  }
})

test_that("cohorts, endpoints and competing risks keep the same rule", {
  patients <- data.frame(id = 1:4, last_contact = 1:4)
  cohort <- function(levels, ...) {
    patients$died <- factor(levels[c(1, 2, 2, 1)], levels)
    lms_cohort(patients, ...)
  }
  expect_message(cohort(c("alive", "dead")), class = "lmsurv_message_event")
  expect_error(cohort(c("dead", "withdrawn")), "event = \"dead\"", class = "lmsurv_error_event")
  expect_error(cohort(c("D", "L")), class = "lmsurv_error_event")
  expect_s3_class(cohort(c("D", "L"), event = "D"), "lms_cohort")
  made <- lms_cohort(transform(
    patients, died = c(1, 0, 0, 1), relapse = factor(c("no", "yes", "no", "yes")),
    odd = factor(c("D", "L", "D", "L"))
  ))
  relapse <- lms_endpoint(made, "ttr", diagnosis, relapse)$ttr
  expect_equal(unname(relapse[, 2]), c(0, 1, 0, 1))
  expect_error(lms_endpoint(made, "x", diagnosis, odd), class = "lmsurv_error_event")
  d <- data.frame(t = 1:6)
  states <- function(levels) {
    d$s <- factor(rep_len(levels, 6), levels)
    lms_cuminc(Surv(t, s) ~ 1, d)$states[-1]
  }
  expect_identical(states(c("alive", "dead")), "dead")
  expect_identical(states(c("censored", "pcm", "transplant")), c("pcm", "transplant"))
  for (levels in list(
    c("dead", "withdrawn"), c("D", "L"), c("death", "relapse", "remission"), c("a", "b", "c"),
    c("alive", "dead", "unknown"), c("alive", "dead", "lost to follow-up")
  )) expect_error(states(levels), class = "lmsurv_error_event")
})

test_that("labels of labeled numbers decide, not their numbers", {
  labelled <- function(...) {
    structure(c(1, 2, 2, 1), labels = c(...), class = c("haven_labelled", "vctrs_vctr", "double"))
  }
  d <- data.frame(t = 1:4)
  d$s <- labelled(verstorben = 1, lebt = 2)
  expect_error(lms_km(Surv(t, s) ~ 1, d), "event = \"verstorben\"", class = "lmsurv_error_event")
  by_number <- lms_km(Surv(t, s) ~ 1, d, event = 1)
  expect_identical(by_number$n.event, c(1, 0, 0, 1))
  expect_identical(lms_km(Surv(t, s) ~ 1, d, event = "verstorben")$surv, by_number$surv)
  d$s <- labelled(Alive = 1, Dead = 2)
  expect_message(fit <- lms_km(Surv(t, s) ~ 1, d), class = "lmsurv_message_event")
  expect_identical(fit$n.event, c(0, 1, 1, 0))
  # A label on one value alone decides too.
  d$s <- labelled(alive = 2)
  expect_error(lms_km(Surv(t, s) ~ 1, d), class = "lmsurv_error_event")
})

test_that("addNA() and dates are no values of a status", {
  d <- data.frame(t = 1:5, s = addNA(factor(c("alive", "dead", NA, "dead", "alive"))))
  fit <- without_messages(lms_km(Surv(t, s) ~ 1, d))
  expect_identical(unname(fit$n), 4L)
  expect_identical(sum(fit$n.event), 2)
  d$s <- as.Date("2020-01-01") + 0:4
  said <- conditionMessage(expect_error(lms_km(Surv(t, s) ~ 1, d), "not a status"))
  expect_no_match(said, "2020")
})
