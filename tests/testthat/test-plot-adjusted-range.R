# Adjusted curves where the hazard ratios of the rows are beyond the numbers of a computer.

library(survival)

wide_fit <- function(spread, formula) {
  rows <- survival::lung
  rows$sex <- factor(rows$sex, 1:2, c("male", "female"))
  rows$dead <- rows$status == 2
  rows$far <- spread * sin(seq_len(nrow(rows)))
  rows$half <- rep(c("a", "b"), length.out = nrow(rows))
  # Found again by model.frame().
  environment(formula) <- list2env(list(rows = rows), parent = environment(formula))
  list(fit = suppressWarnings(eval(bquote(lms_cox(.(formula), rows)), environment(formula))),
       rows = rows)
}

mean_survival <- function(model, level, times) {
  rows <- model$rows
  rows$sex[] <- level
  each <- lapply(seq_len(nrow(rows)), function(i) {
    curve <- survfit(model$fit, rows[i, ], se.fit = FALSE)
    c(1, curve$surv)[findInterval(times, curve$time) + 1L]
  })
  Reduce(`+`, each) / length(each)
}

test_that("they are the mean of the curves of all rows, however far these are apart", {
  formulas <- list(
    Surv(time, dead) ~ sex + age + offset(far), Surv(time, dead) ~ sex + offset(far) + strata(half)
  )
  for (formula in formulas) {
    for (spread in c(1, 150, 900, 1e5)) {
      model <- wide_fit(spread, formula)
      curves <- adjusted_curves(model$fit, "sex", conf_int = TRUE)
      expect_true(all(is.finite(as.matrix(curves[c("estimate", "conf.low", "conf.high")]))))
      for (part in split(curves, curves$.group)) {
        at <- round(seq(2, nrow(part), length.out = 5))
        expect_equal(part$estimate[at],
                     mean_survival(model, part$.group[1L], part$time[at]), tolerance = 1e-10)
      }
    }
  }
})

test_that("their limits are those of one baseline where that still holds them all", {
  model <- wide_fit(250, Surv(time, dead) ~ sex + age + offset(far))
  fit <- model$fit
  curves <- adjusted_curves(fit, "sex", conf_int = TRUE)
  part <- curves[curves$.group == "female", ]
  base <- baseline_curves(fit, TRUE)[[1L]]
  x <- cbind(1, model$rows$age) - rep(fit$means, each = nrow(model$rows))
  eta <- drop(x %*% coef(fit)) + model$rows$far - mean(model$rows$far)
  at <- match(part$time[-1L], base$time) + 1L
  expect_gt(diff(range(eta)), 400)
  se <- vapply(at, function(k) {
    slope <- exp(eta - base$cumhaz[k] * exp(eta))
    gradient <- base$cumhaz[k] * colSums(slope * x) - sum(slope) * base$xbar[k, ]
    sqrt(sum(slope)^2 * base$variance[k] + drop(gradient %*% fit$var %*% gradient))
  }, 0) / length(eta)
  expect_equal(log(part$estimate / part$conf.low)[-1L],
               qnorm(0.975) * se / part$estimate[-1L], tolerance = 1e-8)
})
