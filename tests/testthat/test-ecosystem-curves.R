# What packages make of our curves and of survfit()'s.
curves <- lms_km(Surv(time, died) ~ sexf, lung)
theirs <- survival::survfit(Surv(time, died) ~ sexf, lung)
transplants <- competing$transplant()
incidence <- without_messages(lms_cuminc(Surv(time_to, cause) ~ sex, transplants))
states <- survival::survfit(Surv(time_to, cause) ~ sex, transplants)

expect_same_of <- function(what, ours, theirs) {
  expect_close(what(ours), what(theirs), 1e-10, ignore_attr = TRUE)
}

# The numbers that a figure draws.
drawn <- function(plot) {
  lapply(ggplot2::ggplot_build(plot)$data, function(layer) {
    as.data.frame(unclass(layer)[intersect(c("x", "y", "ymin", "ymax", "label"), names(layer))])
  })
}

test_that("survival's own methods", {
  for (pair in list(list(curves, theirs), list(incidence, states))) {
    expect_identical(
      survival::survfit0(pair[[1]])$time, survival::survfit0(pair[[2]])$time
    )
    path <- withr::local_tempfile(fileext = ".pdf")
    grDevices::pdf(path)
    for (cumhaz in c(FALSE, TRUE)) {
      expect_same_of(function(fit) plot(fit, cumhaz = cumhaz), pair[[1]], pair[[2]])
    }
    grDevices::dev.off()
  }
  summarise <- getS3method("summary", "survfitms", envir = asNamespace("survival"))
  at <- lapply(list(incidence, states), summarise, times = c(30, 365))
  for (name in c("n.risk", "n.event", "pstate", "std.err", "cumhaz")) {
    expect_close(at[[1]][[name]], at[[2]][[name]], 1e-10, ignore_attr = TRUE)
  }
  skip_if(utils::packageVersion("survival") < "3.6", "survival's summary makes no data frame")
  frames <- lapply(list(incidence, states), summarise, times = c(365, 730), data.frame = TRUE)
  expect_close(frames[[1]], frames[[2]], 1e-10, ignore_attr = TRUE)
})

test_that("broom's own methods", {
  skip_if_not_installed("broom")
  tidied <- getS3method("tidy", "survfit", envir = asNamespace("broom"))
  expect_same_of(function(fit) as.data.frame(tidied(fit)), curves, theirs)
  expect_same_of(function(fit) {
    as.data.frame(tidied(fit))[c("time", "n.risk", "n.event", "estimate", "std.error", "state")]
  }, incidence, states)
})

test_that("ggsurvfit", {
  skip_if_not_installed("ggsurvfit")
  expect_same_of(function(fit) {
    columns <- c("time", "n.risk", "n.event", "n.censor", "estimate", "conf.low", "strata")
    as.data.frame(ggsurvfit::tidy_survfit(fit))[columns]
  }, curves, theirs)
  expect_same_of(function(fit) {
    drawn(
      ggsurvfit::ggsurvfit(fit) + ggsurvfit::add_confidence_interval() +
        ggsurvfit::add_censor_mark() + ggsurvfit::add_quantile()
    )
  }, curves, theirs)
  expect_same_of(function(fit) {
    drawn(ggsurvfit::ggcuminc(fit, outcome = c("ltx", "death")))
  }, incidence, states)
  path <- withr::local_tempfile(fileext = ".pdf")
  grDevices::pdf(path)
  withr::defer(grDevices::dev.off())
  expect_no_error(print(ggsurvfit::ggsurvfit(curves) + ggsurvfit::add_risktable()))
})

test_that("gtsummary", {
  skip_if_not_installed("gtsummary")
  body <- function(table) as.data.frame(table$table_body)
  expect_same_of(function(fit) body(gtsummary::tbl_survfit(fit, times = c(180, 365))),
                 curves, theirs)
  expect_same_of(function(fit) body(gtsummary::tbl_survfit(fit, probs = 0.5)), curves, theirs)
})

test_that("survRM2", {
  skip_if_not_installed("survRM2")
  arm <- as.integer(lung$sexf == "female")
  found <- survRM2::rmst2(lung$time, lung$died, arm, tau = 700)
  ours <- lms_rmst(Surv(time, died) ~ sexf, lung, tau = 700)
  rows <- tidy(ours)
  numbers <- function(rows) unname(as.matrix(rows[c("estimate", "conf.low", "conf.high")]))
  expect_close(
    numbers(rows[rows$measure == "rmst", ]),
    unname(rbind(found$RMST.arm0$rmst[c(1, 3, 4)], found$RMST.arm1$rmst[c(1, 3, 4)])), 1e-10
  )
  compared <- rows[!is.na(rows$reference), ]
  expect_close(numbers(compared), unname(found$unadjusted.result[, 1:3]), 1e-10)
  expect_close(compared$p.value, unname(found$unadjusted.result[, 4]), 1e-8)
})
