# Every data set of survival that has competing risks, beside survfit() and cmprsk::cuminc().

for (name in names(competing)) {
  test_that(paste("agrees with survfit and cmprsk:", name), {
    data <- competing[[name]]()
    group <- competing_groups[[name]]
    data <- data[!is.na(data[[group]]), ]
    for (right in c("1", group)) {
      formula <- reformulate(right, quote(Surv(time_to, cause)))
      ours <- without_messages(lms_cuminc(formula, data))
      expect_agreement(
        incidence_errors(ours, survival::survfit(formula, data)), incidence_tolerance,
        paste(name, "~", right)
      )
    }
    skip_if_not_installed("cmprsk")
    ours <- without_messages(lms_cuminc(formula, data, variance = "aalen"))
    theirs <- cmprsk::cuminc(
      data$time_to, data$cause, data[[group]], cencode = levels(data$cause)[1]
    )
    labels <- ours$states[-1]
    groups <- levels(factor(data[[group]]))
    expect_agreement(
      c(gray_errors(ours$tests, theirs, labels), cuminc_errors(ours, theirs, groups, labels)),
      incidence_tolerance, name
    )
  })
}

# survfit() of survival 3.8 stops with an error where the scale is the arcsine: its limits are
# written out.
their_limits <- function(formula, data, type, level) {
  if (type != "arcsin" || utils::packageVersion("survival") < "3.6") {
    return(survival::survfit(formula, data, conf.type = type, conf.int = level))
  }
  fit <- survival::survfit(formula, data, conf.type = "plain")
  step <- stats::qnorm((1 + level) / 2) * fit$std.err / sqrt(fit$pstate * (1 - fit$pstate)) / 2
  fit$lower <- sin(pmax(asin(sqrt(fit$pstate)) - step, 0))^2
  fit$upper <- sin(pmin(asin(sqrt(fit$pstate)) + step, pi / 2))^2
  fit
}

test_that("agrees with survfit: all intervals, weights, patients with several rows", {
  data <- competing$mgus2()
  data$w <- 0.25 + seq_len(nrow(data)) %% 5
  for (type in c("log", "log-log", "plain", "logit", "arcsin")) {
    ours <- lms_cuminc(Surv(time_to, cause) ~ sex, data, conf_type = type, conf_level = 0.9)
    theirs <- their_limits(Surv(time_to, cause) ~ sex, data, type, 0.9)
    expect_agreement(incidence_errors(ours, theirs), incidence_tolerance, type)
  }
  ours <- lms_cuminc(Surv(time_to, cause) ~ sex, data, weights = w)
  theirs <- survival::survfit(Surv(time_to, cause) ~ sex, data, weights = w)
  expect_agreement(incidence_errors(ours, theirs, weighted = TRUE), incidence_tolerance, "weights")
  expect_equal(ours$n.risk[[1, 1]], sum(data$w[data$sex == "F"]))

  # delayed entry: patients come under observation at an age
  data <- competing$pbc()
  data$enters <- data$age * 365.25
  data$leaves <- data$enters + data$time_to
  data$id <- seq_len(nrow(data))
  ours <- lms_cuminc(Surv(enters, leaves, cause) ~ sex, data)
  theirs <- survival::survfit(Surv(enters, leaves, cause) ~ sex, data, id = id)
  expect_agreement(incidence_errors(ours, theirs), incidence_tolerance, "entry")

  # the same follow-up in two rows a patient, with weights
  cut <- data$time_to > 1000
  first <- transform(data[cut, ], leaves = enters + 1000, cause = factor("censored", levels(cause)))
  second <- transform(data[cut, ], enters = enters + 1000)
  split <- rbind(first, data[!cut, ], second)
  split$w <- 1 + split$id %% 3
  ours <- lms_cuminc(Surv(enters, leaves, cause) ~ 1, split, id = id, weights = w)
  theirs <- survival::survfit(Surv(enters, leaves, cause) ~ 1, split, id = id, weights = w)
  # Where patients only begin a second row there is no time of survival's since 3.8.
  kept <- ours$time %in% theirs$time | rowSums(ours$n.event) + censored(ours) > 0
  parts <- c(
    "time", "n.risk", "n.event", "n.censor", "pstate", "std.err", "cumhaz", "lower", "upper"
  )
  mine <- unclass(ours)
  mine[parts] <- lapply(mine[parts], pick_rows, kept)
  expect_agreement(incidence_errors(mine, theirs, weighted = TRUE), incidence_tolerance, "split")
  whole <- lms_cuminc(Surv(enters, leaves, cause) ~ 1, data, weights = 1 + id %% 3)
  at <- findInterval(whole$time + 1e-6, ours$time)
  expect_close(ours$pstate[at, ], whole$pstate, 1e-13)
  expect_close(ours$std.err[at, ], whole$std.err, 1e-12)
})

# survival 3.5 takes a `cluster` and leaves it out; so the influences, which it has by patient, are
# summed here.
test_that("clusters: the influences of survfit, summed", {
  data <- competing$colon()
  data$site <- seq_len(nrow(data)) %% 40
  data <- data[1:300, ]
  data$id <- 1:300
  theirs <- survival::survfit(Surv(time_to, cause) ~ 1, data, id = id, influence = TRUE)
  influence <- theirs$influence.pstate
  by_site <- apply(influence, 2:3, function(x) sum(rowsum(x, data$site)^2))
  expected <- sqrt(matrix(by_site, ncol = 3L))
  ours <- lms_cuminc(Surv(time_to, cause) ~ 1, data, cluster = site)
  kept <- utils::tail(seq_len(nrow(expected)), length(ours$time))
  expect_lt(relative_to_floor(ours$std.err, expected[kept, ]), incidence_tolerance)
  expect_equal(ours$clusters, 40L)
  same <- lms_cuminc(Surv(time_to, cause) ~ cluster(site), data)
  expect_equal(same$std.err, ours$std.err)
})

test_that("the soft tissue sarcomas of the TCGA: new tumour event or death", {
  data <- sarcomas()
  new <- !is.na(data$new_tumor_event_days) & data$new_tumor_event_days <= data$os_days
  data <- with_outcome(
    data, ifelse(new, data$new_tumor_event_days, data$os_days), ifelse(new, 1, 2 * data$os_event),
    c("alive", "new tumour", "death")
  )
  data <- data[data$time_to >= 0 & !is.na(data$sex), ]
  ours <- lms_cuminc(Surv(time_to, cause) ~ sex, data)
  expect_agreement(
    incidence_errors(ours, survival::survfit(Surv(time_to, cause) ~ sex, data)),
    incidence_tolerance, "sarcoma"
  )
  skip_if_not_installed("cmprsk")
  theirs <- cmprsk::cuminc(data$time_to, data$cause, data$sex, cencode = "alive")
  expect_agreement(gray_errors(ours$tests, theirs, ours$states[-1]), incidence_tolerance, "sarcoma")
})

test_that("the example of cmprsk::cuminc", {
  skip_if_not_installed("cmprsk")
  set.seed(2)
  data <- data.frame(ss = rexp(100))
  data$gg <- factor(sample(1:3, 100, replace = TRUE), 1:3, c("BRCA", "LUNG", "OV"))
  data$cc <- factor(sample(0:2, 100, replace = TRUE), 0:2, c("no event", "death", "progression"))
  data$strt <- sample(1:2, 100, replace = TRUE)
  causes <- c("death", "progression")
  theirs <- cmprsk::cuminc(data$ss, data$cc, data$gg, data$strt, cencode = "no event")
  ours <- lms_cuminc(Surv(ss, cc) ~ gg + strata(strt), data)
  expect_agreement(gray_errors(ours$tests, theirs, causes), incidence_tolerance)
  expect_equal(ours$test_strata, 2L)
  unstratified <- lms_cuminc(Surv(ss, cc) ~ gg, data, variance = "aalen")
  expect_agreement(
    cuminc_errors(unstratified, theirs, levels(data$gg), causes), incidence_tolerance
  )
})
