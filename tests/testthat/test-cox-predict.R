models <- list(
  plain = quote(f(Surv(time, died) ~ age + sexf + ph.ecog, complete)),
  breslow = quote(f(Surv(time, died) ~ age + sexf, complete, ties = "breslow")),
  strata = quote(f(Surv(time, died) ~ age + sexf + strata(ph.ecog), complete)),
  crossed = quote(f(Surv(time, died) ~ age * strata(sex) + agegroup, complete)),
  weighted = quote(f(Surv(time, died) ~ age + sexf + strata(ph.ecog), complete, weights = w)),
  spline = quote(f(Surv(time, died) ~ splines::ns(age, 3) + initial, complete)),
  aliased = quote(f(Surv(time, died) ~ age + I(2 * age) + sexf, complete))
)
fits <- suppressWarnings(lapply(models, function(model) eval(model, list(f = lms_cox))))
refs <- suppressWarnings(lapply(models, function(model) eval(model, list(f = reference))))
rows <- c(3, 8, 50, 120, 9)
new <- complete[rows, ]

test_that("linear predictor, risk and terms are predict.coxph's", {
  for (name in names(fits)) {
    for (reference in c("strata", "sample", "zero")) {
      for (type in c("lp", "risk", "terms")) {
        if (name == "aliased" && type != "terms") next
        expect_close(
          predict(
            fits[[name]], type = type, reference = reference
          ), predict(refs[[name]], type = type, reference = reference),
          label = paste(name, type, reference)
        )
        expect_close_values(
          as.matrix(predict(fits[[name]], new, type = type, reference = reference)),
          as.matrix(predict(refs[[name]], type = type, reference = reference))[rows, ]
        )
      }
      for (type in c("lp", "terms")) {
        if (name == "aliased") next
        expect_close(
          predict(fits[[name]], new, type = type, reference = reference, se.fit = TRUE),
          predict(
            refs[[name]], new, type = type, reference = reference, se.fit = TRUE
          ), label = paste(name, type, reference, "se")
        )
      }
    }
  }
  expect_close(
    predict(fits$plain, type = "terms", terms = 2:3),
    predict(refs$plain, type = "terms", terms = 2:3)
  )
})

test_that("the reference is really the reference", {
  lp <- predict(fits$strata, type = "lp")
  expect_close(tapply(lp, complete$ph.ecog, mean), tapply(0 * lp, complete$ph.ecog, mean))
  expect_close(
    predict(fits$plain, new, reference = "zero"),
    drop(model.matrix(refs$plain)[row.names(new), ] %*% coef(refs$plain))
  )
})

test_that("the standard error of a risk is that of a transformed normal, risk * se", {
  lp <- predict(fits$plain, new, se.fit = TRUE)
  risk <- predict(fits$plain, new, type = "risk", se.fit = TRUE)
  expect_close(risk$fit, exp(lp$fit))
  expect_close(risk$se.fit, exp(lp$fit) * lp$se.fit)
})

test_that("expected events and survival are predict.coxph's", {
  for (name in setdiff(names(fits), "aliased")) {
    for (type in c("expected", "survival")) {
      expect_close(
        predict(fits[[name]], type = type),
        predict(refs[[name]], type = type),
        label = paste(name, type)
      )
      expect_close_values(
        predict(fits[[name]], new, type = type), predict(refs[[name]], new, type = type)
      )
    }
  }
  expect_close(sum(predict(fits$plain, type = "expected")), sum(complete$died))
})

test_that("standard errors of survival are survfit's", {
  for (name in c("plain", "breslow", "weighted", "spline")) {
    fit <- fits[[name]]
    times <- c(100, 300.5, 700)
    got <- predict(fit, new, type = "expected", times = times, se.fit = TRUE)
    survived <- predict(fit, new, type = "survival", times = times, se.fit = TRUE)
    for (i in seq_len(nrow(new))) {
      curve <- summary(survival::survfit(refs[[name]], new[i, ]), times = times, extend = TRUE)
      expect_close_values(got$fit[i, ], -log(curve$surv))
      expect_close_values(survived$se.fit[i, ], curve$std.err)
      expect_close(survived$se.fit[i, ], survived$fit[i, ] * got$se.fit[i, ])
    }
  }
  # over own follow-up, the same as at that time
  one <- predict(fits$plain, new[1, ], type = "expected", se.fit = TRUE)
  at <- predict(fits$plain, new[1, ], type = "expected", se.fit = TRUE, times = new$time[1])
  expect_close_values(one$se.fit, at$se.fit)
})

test_that("(start, stop] rows: hazard and variance are of the interval", {
  h <- survival::heart
  fit <- lms_cox(Surv(start, stop, event) ~ age + surgery, h)
  ref <- reference(Surv(start, stop, event) ~ age + surgery, h)
  expect_close(predict(fit, type = "expected"), predict(ref, type = "expected"))
  expect_close_values(
    predict(fit, h[1:9, ], type = "expected"), predict(ref, h[1:9, ], type = "expected")
  )
  whole <- data.frame(start = 0, stop = 100, event = 0, age = 5, surgery = 0)
  part <- within(whole, start <- 30)
  first <- within(whole, stop <- 30)
  got <- lapply(
    list(whole, part, first), function(d) predict(fit, d, type = "expected", se.fit = TRUE)
  )
  expect_close(got[[1]]$fit, got[[2]]$fit + got[[3]]$fit)
  expect_close_values(
    got[[1]]$se.fit, predict(fit, whole, type = "expected", times = 100, se.fit = TRUE)$se.fit
  )
  # a covariate at 0 with coefficient 0 leaves the plain sum of d / n^2
  null <- lms_cox(Surv(start, stop, event) ~ 1, h)
  curve <- survival::survfit(Surv(start, stop, event) ~ 1, h, ctype = 1)
  within_part <- curve$time > 30 & curve$time <= 100
  breslow <- lms_cox(Surv(start, stop, event) ~ 1, h, ties = "breslow")
  expect_close_values(
    predict(breslow, part, type = "expected", se.fit = TRUE)$se.fit,
    sqrt(sum((curve$n.event / curve$n.risk^2)[within_part]))
  )
})

test_that("an offset counts in full in expected events", {
  d <- within(complete, o <- ph.karno / 40)
  fit <- lms_cox(Surv(time, died) ~ age + offset(o), d)
  expect_close_values(
    predict(fit, d, type = "expected"),
    predict(fit, type = "expected", se.fit = TRUE)$fit,
    tolerance = 0.01
  )
  breslow <- lms_cox(Surv(time, died) ~ age + offset(o), d, ties = "breslow")
  expect_close_values(predict(breslow, d, type = "expected"), predict(breslow, type = "expected"))
})

test_that("survival at chosen times needs no follow-up in newdata", {
  patients <- data.frame(age = c(50, 70), sexf = c("male", "female"), ph.ecog = 1)
  s <- predict(fits$plain, patients, type = "survival", times = c(0, 365, 730))
  expect_identical(dimnames(s), list(c("1", "2"), c("0", "365", "730")))
  curve <- summary(survival::survfit(refs$plain, patients), times = c(0, 365, 730))
  expect_close_values(s, t(curve$surv))
  expect_identical(dim(predict(fits$plain, type = "survival", times = 365)), c(nrow(complete), 1L))
  by_stratum <- predict(
    fits$strata, cbind(patients[-3], ph.ecog = 0:1), type = "survival", times = 100
  )
  expect_close_values(
    by_stratum,
    predict(
      refs$strata, cbind(patients[-3], ph.ecog = 0:1, time = 100, died = 0), type = "survival"
    )
  )
})

test_that("nothing is carried past the last follow-up", {
  patients <- data.frame(age = 50, sexf = "male", ph.ecog = 1)
  expect_warning(
    s <- predict(fits$plain, patients, type = "survival", times = c(500, 5000)),
    class = "lmsurv_warning_beyond_follow_up"
  )
  expect_identical(unname(is.na(s[1, ])), c(FALSE, TRUE))
})

test_that("missing values, collapse and na.action are as in predict.coxph", {
  holes <- within(new, age[2] <- NA)
  expect_close(predict(fits$plain, holes), predict(refs$plain, holes))
  expect_close(
    predict(fits$plain, holes, na.action = na.omit), predict(refs$plain, holes, na.action = na.omit)
  )
  expect_close(
    predict(fits$plain, holes, na.action = na.exclude),
    predict(refs$plain, holes, na.action = na.exclude)
  )
  groups <- rep(1:2, length.out = nrow(complete))
  expect_close(
    predict(
      fits$plain, type = "expected", collapse = groups
    ), predict(refs$plain, type = "expected", collapse = groups)
  )
})

test_that("strata of new data are known by their labels, however these are padded", {
  fit <- lms_cox(Surv(time, died) ~ age + strata(sex, inst), complete, ties = "breslow")
  rows <- which(complete$inst < 10)
  one_by_one <- vapply(rows, function(i) predict(fit, complete[i, ], type = "expected"), 0)
  expect_close_values(one_by_one, predict(fit, type = "expected")[rows])
})

test_that("data-dependent terms keep their knots", {
  expect_close(predict(fits$spline, new[1:2, ]), predict(fits$spline, new)[1:2])
})

test_that("new data that do not fit the model are refused", {
  fit <- fits$plain
  expect_snapshot({
    said(predict(fit, within(new, sexf <- replace(initial, 3, "x"))))
    said(predict(fit, new[c("age", "sexf")]))
    said(predict(fit, within(new, age <- as.character(age))))
    said(predict(fit, within(new, age <- factor(age))))
    said(predict(fit, as.matrix(new["age"])))
    said(predict(fit, new[c("age", "sexf", "ph.ecog")], type = "survival"))
    said(predict(fit, new, type = "survival", times = 9999))
    said(predict(fit, new, times = 100))
    said(predict(fit, new, type = "survival", times = -1))
    said(predict(fit, new, type = "hazard"))
    said(predict(fit, new, typ2 = "lp"))
    said(predict(fit, type = "terms", terms = "sex"))
    said(predict(fit, collapse = 1:2))
    said(predict(fits$strata, within(new, ph.ecog <- 7)))
    said(predict(fits$strata, new[c("age", "sexf")]))
  })
  expect_length(predict(fits$strata, new[c("age", "sexf")], reference = "sample"), 5)
})
