# Does the bundled cohort look like one? Its curves beside the smooth hazards that the script of
# data-raw makes of the printed quartiles.
script <- test_path("..", "..", "data-raw", "smooth.R")
skip_if_not(file.exists(script), "data-raw is not in a built package")
source(script, local = TRUE)

patients <- as.data.frame(lmsurv::leiomyosarcoma)
month <- 365.25 / 12
with_bone <- patients[!is.na(patients$bone_metastasis), ]
followed <- function(from, data) {
  data.frame(time = as.numeric(data$last_contact - from) / month, dead = data$died)
}
curves <- list(
  survival.all.km = followed(patients$diagnosis, patients),
  survival.bone.km = followed(with_bone$diagnosis, with_bone),
  survival.post_bone.km = followed(with_bone$bone_metastasis, with_bone)
)

smooth_of <- function(id) {
  printed <- lmsurv::lms_published[lmsurv::lms_published$id == id, ]
  smooth_hazard(c(printed$lower, printed$value, printed$upper), slope = 0.01)
}
smooth <- lapply(stats::setNames(nm = names(curves)), smooth_of)

cumulative_at <- function(time, smooth) stats::approx(smooth$time, smooth$cumulative, time)$y

# Distance from the smooth curve before and after each death, in units of the 95% band.
band <- function(data, smooth) {
  data <- data[order(data$time), ]
  n <- nrow(data)
  hazard <- cumulative_at(data$time, smooth)
  width <- stats::qnorm(0.975) * sqrt(cumsum(diff(c(0, hazard)) / (n:1)))
  after <- cumprod(1 - data$dead / (n:1))
  off <- pmax(abs(after / exp(-hazard) - 1), abs(c(1, after[-n]) / exp(-hazard) - 1))
  max((off / width)[data$dead])
}

# Hazards of adjacent years while so many are at risk: the largest ratio.
adjacent_years <- function(data, at_risk) {
  edges <- seq(0, max(data$time) + 12, by = 12)
  deaths <- as.vector(table(cut(data$time[data$dead], edges, right = FALSE)))
  spent <- vapply(edges[-1L], function(to) {
    sum(pmin(pmax(data$time - (to - 12), 0), 12))
  }, 0)
  many <- vapply(edges[-length(edges)], function(from) sum(data$time >= from), 0) >= at_risk
  hazard <- (deaths / spent)[many]
  max(exp(abs(diff(log(hazard)))))
}

longest_flat <- function(data) {
  deaths <- sort(data$time[data$dead])
  max(diff(c(0, deaths, max(data$time))))
}

# Largest fall of the curve within two years.
steepest_fall <- function(data) {
  data <- data[order(data$time), ]
  survival <- cumprod(1 - data$dead / rev(seq_len(nrow(data))))
  before <- vapply(data$time, function(t) min(1, survival[data$time < t - 24]), 0)
  max(before - survival)
}

# As many patients with the smooth hazard, lost as the Kaplan-Meier estimate of that has it.
simulate <- function(data, smooth) {
  lost <- survival::survfit(survival::Surv(time, !dead) ~ 1, data)
  n <- nrow(data)
  death <- stats::approx(smooth$cumulative, smooth$time, stats::rexp(n), rule = 2)$y
  last <- c(lost$time, max(data$time))[findInterval(stats::runif(n), c(0, 1 - lost$surv))]
  data.frame(time = pmin(death, last), dead = death <= last)
}

test_that("the smooth curves have the printed quartiles", {
  for (id in names(curves)) {
    printed <- lmsurv::lms_published[lmsurv::lms_published$id == id, ]
    at <- cumulative_at(c(printed$lower, printed$value, printed$upper), smooth[[id]])
    expect_equal(exp(-at), c(0.75, 0.5, 0.25), tolerance = 1e-4)
  }
})

test_that("curves stay within the 95% band of the smooth ones", {
  for (id in names(curves)[-1L]) expect_lt(band(curves[[id]], smooth[[id]]), 1, label = id)
  # Of all a little more, where the last five patients die: data-raw/README.md.
  expect_lt(band(curves$survival.all.km, smooth$survival.all.km), 1.15)
})

test_that("hazards of adjacent years are alike", {
  expect_lt(adjacent_years(curves$survival.all.km, 100), 1.8)
  expect_lt(adjacent_years(curves$survival.all.km, 30), 3)
  expect_lt(adjacent_years(curves$survival.post_bone.km, 30), 3)
  # The order of the 45 leaves one death to the third year and three to the fourth, as
  # data-raw/README.md shows.
  expect_lt(adjacent_years(curves$survival.bone.km, 30), 3.4)
})

test_that("no stretch is flatter, and none steeper, than in 95 of 100 cohorts", {
  set.seed(1)
  for (id in names(curves)) {
    cohorts <- replicate(200L, simulate(curves[[id]], smooth[[id]]), simplify = FALSE)
    for (measure in list(longest_flat, steepest_fall)) {
      limit <- stats::quantile(vapply(cohorts, measure, 0), 0.95)
      expect_lt(measure(curves[[id]]), limit, label = id)
    }
  }
})

test_that("survival has no trend over calendar time", {
  decades <- as.numeric(patients$diagnosis) / 3652.5
  fit <- survival::coxph(survival::Surv(time, dead) ~ decades, curves$survival.all.km)
  expect_lt(abs(stats::coef(fit)), 0.1)
  adjusted <- survival::coxph(
    survival::Surv(time, dead) ~ decades + patients$subtype, curves$survival.all.km
  )
  expect_lt(abs(stats::coef(adjusted)["decades"]), 0.2)
})

test_that("age, size and grade count as in leiomyosarcoma", {
  fit <- survival::coxph(
    survival::Surv(curves$survival.all.km$time, died) ~ I(age / 10) + tumor_size + grade, patients
  )
  ratios <- exp(stats::coef(fit))
  expect_gt(ratios[[1L]], 1.1)
  expect_lt(ratios[[1L]], 1.4)
  expect_true(all(ratios[2:4] > 1.25 & ratios[2:4] < 3.3))
  expect_true(all(ratios[5:6] < 0.8))
})

test_that("patients come and are followed as in a clinic", {
  each <- table(factor(format(patients$diagnosis, "%Y"), 1995:2020))
  expect_true(all(each >= 5 & each <= 30))
  alive <- !patients$died
  lost <- patients$lost_to_follow_up
  expect_true(all(patients$last_contact[alive & !lost] >= as.Date("2020-07-01")))
  expect_true(all(patients$last_contact[lost] < as.Date("2020-07-01")))
  # Every three months for two years, every six for three more, then every year.
  visits <- c(seq(3, 24, 3), seq(30, 60, 6), seq(72, 312, 12))
  months <- curves$survival.all.km$time[alive & is.na(patients$bone_metastasis)]
  expect_lt(max(vapply(months, function(x) min(abs(x - visits)), 0)), 0.75)
  # Who leaves does so all along, no year taking more than a fifth.
  leaving <- table(cut(months, seq(0, 180, 12)))
  expect_true(all(leaving > 0))
  expect_lt(max(leaving) / length(months), 0.2)
})
