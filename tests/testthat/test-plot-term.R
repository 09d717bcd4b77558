# The effect of one variable, drawn.

lung <- survival::lung
lung$sex <- factor(lung$sex, 1:2, c("Men", "Women"))
lung$ecog <- factor(lung$ph.ecog)
lung$thin <- lung$wt.loss > 10

# Hand algebra: differences of predict(type = "terms").
expect_drawn <- function(formula, variable, reference = NULL, data = lung) {
  fit <- fit_silently(formula, data, event = 2)
  plot <- autoplot(fit, term = variable, reference = reference)
  drawn <- plot$data
  used <- get_all_vars(formula, data)
  used <- used[complete.cases(used), ]
  x <- used[[variable]]
  at <- if (is.null(reference)) median(x) else reference
  ends <- unname(quantile(x, c(0.01, 0.99)))
  expect_equal(range(drawn$x), ends)
  new <- used[rep(1L, nrow(drawn) + 1L), ]
  new[[variable]] <- c(drawn$x, at)
  # survival warns of values beyond the knots of bs().
  parts <- suppressWarnings(predict(fit, new, type = "terms", reference = "sample"))
  own <- vapply(colnames(parts), function(x) variable %in% all.vars(str2lang(x)), NA)
  eta <- rowSums(parts[, own, drop = FALSE])
  expect_equal(log(drawn$estimate), unname(eta[seq_len(nrow(drawn))] - eta[[nrow(drawn) + 1L]]),
               tolerance = 1e-8)
  plot
}

test_that("curves are the differences of the terms from the reference", {
  expect_drawn(Surv(time, status) ~ age + sex, "age")
  expect_drawn(Surv(time, status) ~ splines::ns(age, 3) + sex, "age", 60)
  expect_drawn(Surv(time, status) ~ splines::bs(age, 4) + ph.karno, "age")
  expect_drawn(Surv(time, status) ~ poly(age, 2) + sex + strata(ecog), "age")
  expect_drawn(Surv(time, status) ~ age + I(age^2) + ecog, "age", 50)
  expect_drawn(Surv(time, status) ~ log(meal.cal) + age, "meal.cal")
  expect_drawn(Surv(time, status) ~ splines::ns(age, 3) + sex * ph.karno, "age")
})

test_that("intervals are those of the difference", {
  fit <- lms_cox(Surv(time, status) ~ age + sex, lung, event = 2)
  drawn <- autoplot(fit, term = "age", reference = 60)$data
  z <- qnorm(0.975) * sqrt(vcov(fit)["age", "age"]) * abs(drawn$x - 60)
  expect_equal(log(drawn$low), log(drawn$estimate) - z, tolerance = 1e-8)
  expect_equal(log(drawn$high), log(drawn$estimate) + z, tolerance = 1e-8)
  expect_true(all(drawn$low[drawn$x == 60] == 1))
  # A spline against survival, whose data need not be the model's.
  curve <- survival::coxph(Surv(time, status == 2) ~ splines::ns(age, 3), lung, control = tight())
  drawn <- autoplot(curve, term = "age", reference = 60)$data
  basis <- predict(splines::ns(lung$age, 3), drawn$x)
  basis <- basis - rep(predict(splines::ns(lung$age, 3), 60), each = nrow(basis))
  se <- sqrt(rowSums((basis %*% vcov(curve)) * basis))
  expect_equal(log(drawn$high / drawn$estimate), unname(qnorm(0.975) * se), tolerance = 1e-6)
})

test_that("values of data that are a call are found again", {
  fit <- lms_cox(Surv(time, status == 2) ~ splines::ns(age, 3), survival::lung)
  part <- lms_cox(Surv(time, status == 2) ~ splines::ns(age, 3), subset(survival::lung, sex == 1))
  expect_equal(range(autoplot(fit, term = "age")$data$x),
               unname(quantile(survival::lung$age, c(0.01, 0.99))))
  men <- survival::lung$age[survival::lung$sex == 1]
  expect_equal(range(autoplot(part, term = "age")$data$x), unname(quantile(men, c(0.01, 0.99))))
  gone <- local({
    held <- survival::lung
    lms_cox(Surv(time, status == 2) ~ splines::ns(age, 3), held)
  })
  environment(gone$formula) <- environment(gone$terms) <- globalenv()
  gone$call_env <- NULL
  expect_error(autoplot(gone, term = "age"),
               "The data of this model, `held`, were removed or renamed")
})

test_that("levels are points against the reference, and No and Yes are", {
  fit <- lms_cox(Surv(time, status) ~ ecog + thin + factor(sex) + age, lung, event = 2)
  rows <- autoplot(fit, term = "ecog", reference = "1")$data
  b <- c(0, coef(fit)[paste0("ecog", 1:3)])
  expect_equal(log(rows$estimate), unname(b - b[2L]), tolerance = 1e-8)
  v <- vcov(fit)
  se <- sqrt(v["ecog2", "ecog2"] + v["ecog1", "ecog1"] - 2 * v["ecog2", "ecog1"])
  expect_equal(log(rows$high / rows$estimate)[3L], qnorm(0.975) * se, tolerance = 1e-8)
  plot <- autoplot(fit, term = "thin")
  expect_identical(levels(plot$data$x), c("No", "Yes"))
  expect_match(ggplot2::get_alt_text(plot), "compared with No. With the 95% CI: Yes: 0\\.")
  expect_identical(levels(autoplot(fit, term = "sex")$data$x), c("Men", "Women"))
  contrasts(lung$ecog) <- stats::contr.sum(4)
  summed <- lms_cox(Surv(time, status) ~ ecog + thin + factor(sex) + age, lung, event = 2)
  expect_equal(autoplot(summed, term = "ecog", reference = "1")$data$estimate, rows$estimate,
               tolerance = 1e-7)
  without_warnings(drawn(plot))
  without_warnings(drawn(autoplot(fit, term = "age")))
})

test_that("a variable that has no effect of its own is refused, with what to do", {
  fit <- lms_cox(Surv(time, status) ~ age * sex + ph.karno, lung, event = 2)
  expect_error(autoplot(fit, term = "age"), "the model also has `age:sex`.*predict\\(")
  expect_error(autoplot(fit, term = "karno"), "must be a variable of the model, not \"karno\"")
  expect_error(autoplot(fit, "term"), "not NULL")
  expect_error(autoplot(fit, term = "ph.karno", by = "sex"), "`by` is of `type = \"adjusted\"`")
  expect_error(autoplot(fit, "forest", term = "age"), "`term` is of `type = \"term\"`")
  expect_error(autoplot(fit, term = "ph.karno", reference = "high"), "must be a number")
  smooth <- survival::coxph(Surv(time, status == 2) ~ survival::pspline(age), lung)
  expect_error(autoplot(smooth, term = "age"), "Use splines::ns\\(\\) in place of pspline")
})

test_that("no value of a patient is in the figure", {
  set.seed(3)
  d <- data.frame(time = rexp(300), status = 2, marker = round(rlnorm(300), 6))
  fit <- lms_cox(Surv(time, status) ~ splines::ns(marker, 3), d, event = 2)
  plot <- autoplot(fit, term = "marker", min_cell = 5)
  expect_false(any(d$marker %in% unlist(plot$data)))
  expect_identical(sum(d$marker > max(plot$data$x)), 5L)
  expect_identical(nrow(plot$data), 102L)
  # Neither in its layers nor in the frames behind them, as it is saved.
  bytes <- utils::tail(serialize(d$marker[1:4], NULL), 32L)
  holds <- function(x) length(grepRaw(bytes, serialize(x, NULL), fixed = TRUE)) > 0L
  expect_true(holds(d))
  expect_false(holds(lms_strip(plot)))
})
