same_frame <- function(got, old) {
  expect_identical(names(got), names(old))
  expect_equal(as.data.frame(got), as.data.frame(old), tolerance = to_last_digits)
}

models <- list(
  quote(f(Surv(time, died) ~ age + sexf, lung)),
  quote(f(Surv(time, died) ~ age + sexf, lung, cluster = inst)),
  quote(f(Surv(time, died) ~ wt.loss, lung))
)

test_that("tidy, glance and augment are broom's", {
  skip_if_not_installed("broom", "1.0.3")
  for (model in models) {
    fit <- eval(model, list(f = lms_cox))
    ref <- eval(model, list(f = reference))
    same_frame(tidy(fit), broom::tidy(ref))
    same_frame(tidy(fit, conf.int = TRUE), broom::tidy(ref, conf.int = TRUE))
    same_frame(
      tidy(fit, exponentiate = TRUE, conf.int = TRUE, conf.level = 0.9),
      broom::tidy(ref, exponentiate = TRUE, conf.int = TRUE, conf.level = 0.9)
    )
    same_frame(glance(fit), broom::glance(ref))
    same_frame(augment(fit), broom::augment(ref))
    same_frame(augment(fit, lung), broom::augment(ref, lung))
    same_frame(augment(fit, newdata = lung[1:9, ]), broom::augment(ref, newdata = lung[1:9, ]))
    same_frame(
      augment(fit, type.predict = "expected"), broom::augment(ref, type.predict = "expected")
    )
  }
})

test_that("broom finds the methods through its own generics", {
  skip_if_not_installed("broom")
  fit <- lms_cox(Surv(time, died) ~ age, lung)
  expect_identical(broom::tidy(fit), tidy(fit))
  expect_identical(broom::glance(fit), glance(fit))
})

test_that("the model's own level is the default", {
  fit <- lms_cox(Surv(time, died) ~ age, lung, conf_level = 0.8)
  expect_close(
    unlist(tidy(fit, conf.int = TRUE)[c("conf.low", "conf.high")]),
    confint(fit)[1, ],
    ignore_attr = TRUE
  )
  expect_error(tidy(fit, conf_int = TRUE), class = "lmsurv_error_argument")
})

test_that("augment pads what na.exclude left out", {
  fit <- lms_cox(Surv(time, died) ~ wt.loss, lung, na.action = na.exclude)
  padded <- augment(fit, lung)
  expect_identical(nrow(padded), 228L)
  expect_identical(which(is.na(padded$.fitted)), which(is.na(lung$wt.loss)))
  expect_identical(nrow(augment(fit)), 214L)
  expect_error(augment(fit, lung[1:5, ]), class = "lmsurv_error_argument")
})

test_that("a null model and one with infinite coefficients have rows too", {
  null <- lms_cox(Surv(time, died) ~ 1, lung)
  expect_identical(nrow(tidy(null)), 0L)
  expect_identical(glance(null)$n, 228L)
  expect_true(is.na(glance(null)$p.value.log))
})
