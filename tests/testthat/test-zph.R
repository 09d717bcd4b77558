# The score test beside survival's cox.zph() of the same fit, beside the score test of the split
# data, and by laws.

zph_tolerance <- 1e-10

zph_errors <- function(fit, transform = "km", ...) {
  ours <- lms_zph(fit, transform, ...)
  theirs <- survival::cox.zph(as_coxph(fit), transform, ...)
  # Rows of tied times in one order.
  sorted <- function(z) {
    stratum <- if (is.null(z$strata)) rep(0, length(z$time)) else as.integer(z$strata)
    z$y[do.call(order, c(list(stratum, z$time), as.data.frame(signif(z$y, 6)))), , drop = FALSE]
  }
  expect_identical(rownames(ours$table), rownames(theirs$table))
  expect_identical(colnames(ours$y), colnames(theirs$y))
  c(
    table = relative_error(ours$table[, 1:2], theirs$table[, 1:2]),
    p = relative_error(ours$table[, 3], theirs$table[, 3]), x = relative_error(ours$x, theirs$x),
    time = relative_error(ours$time, theirs$time), var = relative_error(ours$var, theirs$var),
    y = relative_error(sorted(ours), sorted(theirs))
  )
}

fit_tight <- function(...) without_messages(suppressWarnings(lms_cox(..., eps = 1e-12)))

zph_data <- list(
  aml = list("aml", Surv(time, status) ~ x), bladder = list("bladder", Surv(stop, event) ~
    rx + size + number + strata(enum)),
  bladder2 = list("bladder2", Surv(start, stop, event) ~ rx + size + number + strata(enum)),
  cgd = list("cgd", Surv(tstart, tstop, status) ~ treat + sex + age + inherit + strata(hos.cat)),
  colon = list("colon", Surv(time, status) ~ rx + sex + age + nodes + strata(etype)),
  diabetic = list("diabetic", Surv(time, status) ~ laser + age + eye * trt + risk),
  gbsg = list("gbsg", Surv(rfstime, status) ~ age + meno + size + factor(grade) + nodes + pgr),
  heart = list("heart", Surv(start, stop, event) ~ age + year + surgery * transplant),
  jasa1 = list("jasa1", Surv(start, stop, event) ~ age + year + surgery + transplant),
  kidney = list("kidney", Surv(time, status) ~ age + sex + disease),
  lung = list("lung", Surv(time, status) ~ age + sex + ph.ecog + pat.karno + wt.loss),
  lung2 = list("lung", Surv(time, status) ~ splines::ns(age, 3) + sex:ph.ecog + strata(inst)),
  mgus2 = list("mgus2", Surv(futime, death) ~ age + sex + hgb + mspike),
  myeloid = list("myeloid", Surv(futime, death) ~ trt + sex),
  nwtco = list("nwtco", Surv(edrel, rel) ~ histol + factor(stage) + age + instit),
  ovarian = list("ovarian", Surv(futime, fustat) ~ age + resid.ds + rx + ecog.ps),
  pbc = list("pbc", Surv(time, status == 2) ~ age + edema + log(bili) + log(albumin)),
  rats = list("rats", Surv(time, status) ~ rx + strata(sex)),
  retinopathy = list("retinopathy", Surv(futime, status) ~ trt + type + laser + risk + age),
  rotterdam = list("rotterdam", Surv(dtime, death) ~ age + meno + size + factor(grade) + chemo),
  stanford2 = list("stanford2", Surv(time, status) ~ age + I(age^2) + t5),
  udca1 = list("udca1", Surv(futime, status) ~ trt + factor(stage) + log(bili) + riskscore),
  veteran = list("veteran", Surv(time, status) ~ trt + celltype + karno + age + strata(prior))
)

test_that("agrees with cox.zph on survival's data sets", {
  for (name in names(zph_data)) {
    data <- getExportedValue("survival", zph_data[[name]][[1]])
    for (ties in c("efron", "breslow")) {
      fit <- fit_tight(zph_data[[name]][[2]], data = data, ties = ties)
      for (transform in c("km", "rank", "identity")) {
        label <- paste(name, ties, transform)
        expect_agreement(zph_errors(fit, transform), zph_tolerance, label)
      }
      expect_agreement(zph_errors(fit, "km", terms = FALSE), zph_tolerance, name)
      expect_agreement(zph_errors(fit, sqrt, global = FALSE), zph_tolerance, name)
    }
  }
})

test_that("agrees with cox.zph on the sarcoma patients", {
  d <- sarcomas(na.strings = "")
  d$months <- d$os_days / 30.4375
  fit <- fit_tight(Surv(months, os_event) ~ age + sex, data = d, subset = months > 0)
  for (t in c("km", "log")) expect_agreement(zph_errors(fit, t), zph_tolerance, t)
})

random_zph <- function(seed) {
  set.seed(seed)
  n <- sample(c(12, 20, 50, 200, 1000), 1, prob = c(1, 3, 5, 3, 0.3))
  d <- data.frame(a = rnorm(n), b = rbinom(n, 1, 0.5), g = factor(sample(3, n, TRUE)))
  tied <- runif(1) < 0.6
  d$time <- rexp(n) * exp(-0.3 * d$a)
  if (tied) d$time <- ceiling(d$time * sample(c(3, 10, 30), 1))
  d$status <- as.integer(runif(n) < 0.7)
  d$entry <- if (tied) pmax(0, d$time - sample(10, n, TRUE)) else d$time * runif(n, 0, 0.9)
  d$w <- if (runif(1) < 0.5) runif(n, 0.2, 3) else sample(3, n, TRUE)
  right <- c("a + b", "a + g", "a", "a + b + strata(g)", "a * b")
  list(
    data = d, ties = sample(c("efron", "breslow"), 1), weighted = runif(1) < 0.4,
    formula = as.formula(paste(
      sample(c("Surv(time, status)", "Surv(entry, time, status)"), 1, prob = c(2, 1)), "~",
      sample(right, 1)
    )),
    transform = sample(c("km", "rank", "identity", "log"), 1)
  )
}

test_that("agrees with cox.zph on random data", {
  compared <- 0
  for (seed in 1:1100) {
    set <- random_zph(seed)
    w <- if (set$weighted) set$data$w else rep(1, nrow(set$data))
    fit <- tryCatch(
      fit_tight(set$formula, data = set$data, ties = set$ties, weights = w, event = 1),
      error = identity
    )
    if (inherits(fit, "error") || !fit$converged || anyNA(coef(fit))) next
    if (any(abs(coef(fit)) > 5) || rcond(fit$var) < 1e-5) next
    # survival solves singular equations where one event has all the information.
    theirs <- tryCatch(survival::cox.zph(as_coxph(fit), set$transform), error = identity)
    if (inherits(theirs, "error") || any(!is.finite(theirs$table)) || fit$nevent < 6) next
    compared <- compared + 1
    expect_agreement(zph_errors(fit, set$transform), zph_tolerance, paste("seed", seed))
    if (compared == 500) break
  }
  expect_equal(compared, 500)
})

# The definition itself: rows split at every event time, the columns x g(t) added, and the score
# test at the fitted coefficients of x and 0.
by_split <- function(fit, data, columns, g, along = NULL) {
  cuts <- sort(unique(data$time[data$status == 1]))
  split <- survival::survSplit(Surv(time, status) ~ ., data, cut = cuts, start = "from")
  x <- as.matrix(split[columns])
  added <- if (is.null(along)) x else x[, along, drop = FALSE] %*% coef(fit)[along]
  values <- g(split$time)
  added <- added * (values - mean(g(data$time[data$status == 1])))
  all <- cbind(x, added)
  init <- c(coef(fit), rep(0, ncol(added)))
  again <- survival::coxph(Surv(from, time, status) ~ all, data = split, init = init,
                           control = survival::coxph.control(iter.max = 0))
  again$score
}

test_that("it is the score test of x g(t) in data split at every event", {
  data <- na.omit(survival::lung[c("time", "status", "age", "sex", "ph.ecog")])
  data$status <- data$status - 1
  data$e1 <- as.numeric(data$ph.ecog == 1)
  data$e2 <- as.numeric(data$ph.ecog >= 2)
  data$ecog <- cbind(data$e1, data$e2)
  fit <- fit_tight(Surv(time, status) ~ age + sex + ecog, data = data)
  data$ecog <- NULL
  columns <- c("age", "sex", "e1", "e2")
  zph <- lms_zph(fit, "log")
  expect_equal(zph$table[["GLOBAL", 1]], by_split(fit, data, columns, log), tolerance = 1e-8)
  one <- lms_zph(fit, "log", singledf = TRUE)$table
  expect_equal(one[["ecog", 2]], 1)
  expect_equal(one[["ecog", 1]], by_split(fit, data, columns, log, 3:4), tolerance = 1e-8)
})

test_that("singledf does not depend on the unit of the columns", {
  d <- survival::veteran
  d$x <- cbind(d$age, d$karno)
  d$y <- cbind(d$age / 10, d$karno * 5)
  a <- lms_zph(fit_tight(Surv(time, status) ~ x, data = d), singledf = TRUE)$table
  b <- lms_zph(fit_tight(Surv(time, status) ~ y, data = d), singledf = TRUE)$table
  expect_equal(unname(a), unname(b), tolerance = 1e-8)
  # Both parts of the effect in one column: the same test but for the other columns' part.
  full <- lms_zph(fit_tight(Surv(time, status) ~ x, data = d))$table
  expect_lt(a[1, 1], full[1, 1])
})

test_that("laws: shuffled rows, split intervals, units, frequencies", {
  d <- na.omit(survival::lung[c("time", "status", "age", "sex", "ph.ecog")])
  d$entry <- 0
  d$k <- 1 + seq_len(nrow(d)) %% 3
  table_of <- function(data, ..., transform = "km") {
    fit <- fit_tight(Surv(entry, time, status) ~ age + factor(sex) + ph.ecog, data = data, ...)
    unname(lms_zph(fit, transform)$table[, 1])
  }
  base <- table_of(d)
  expect_equal(table_of(d[rev(seq_len(nrow(d))), ]), base, tolerance = 1e-9)
  expect_equal(table_of(transform(d, time = time / 30.4)), base, tolerance = 1e-9)
  expect_equal(table_of(transform(d, age = age * 12 + 5)), base, tolerance = 1e-8)
  halves <- rbind(transform(d, time = time / 3, status = 1), transform(d, entry = time / 3))
  halves <- halves[order(halves$entry), ]
  expect_equal(table_of(halves, event = 2), base, tolerance = 1e-9)
  expanded <- d[rep(seq_len(nrow(d)), d$k), ]
  for (transform in c("km", "rank", "identity")) {
    expect_equal(
      table_of(d, weights = k, weight_type = "frequency", transform = transform),
      table_of(expanded, transform = transform), tolerance = 1e-9
    )
  }
})

test_that("same bits on one and two threads", {
  fits <- lapply(1:2, function(threads) {
    unclass(lms_zph(lms_cox(
      Surv(rfstime, status) ~ age + factor(grade) + nodes, data = survival::gbsg, threads = threads
    )))[c("table", "x", "y", "var", "slope")]
  })
  expect_identical(fits[[1]], fits[[2]])
})

test_that("collinear columns, exact ties and columns constant in a stratum are as in cox.zph", {
  d <- lung
  d$twice <- 2 * d$age
  expect_agreement(zph_errors(fit_tight(Surv(time, died) ~ age + sex, data = d, ties = "exact")),
                   zph_tolerance)
  fit <- fit_tight(Surv(time, died) ~ age + twice + sex, data = d)
  clean <- fit_tight(Surv(time, died) ~ age + sex, data = d)
  expect_equal(lms_zph(fit)$table, lms_zph(clean)$table)
  d$g <- d$inst %% 3
  d$z <- ifelse(d$g == 1, 0, d$age)
  fit <- fit_tight(Surv(time, died) ~ sex + z + strata(g), data = d)
  expect_agreement(zph_errors(fit), zph_tolerance)
  expect_true(anyNA(lms_zph(fit)$y))
  # one level of three has no rows in a stratum
  d$f <- factor(ifelse(d$g == 1, d$inst %% 2, d$inst %% 4 %/% 1.5))
  fit <- fit_tight(Surv(time, died) ~ sex + f + strata(g), data = d)
  expect_agreement(zph_errors(fit), zph_tolerance)
})

test_that("the slope is one Newton step, with the sign of the change", {
  set.seed(5)
  n <- 2000
  x <- rbinom(n, 1, 0.5)
  # hazard ratio 1/3 before time 1, 3 after it
  u <- rexp(n)
  time <- ifelse(x == 0, u, ifelse(u < 1 / 3, u * 3, 1 + (u - 1 / 3) / 3))
  d <- data.frame(time = time, status = 1, x = x)
  zph <- lms_zph(fit_tight(Surv(time, status) ~ x, data = d, event = 1), "identity")
  expect_gt(zph$slope[["x"]], 0)
  expect_lt(lms_zph(fit_tight(Surv(time, status) ~ I(-x), data = d, event = 1))$slope[[1]], 0)
  d <- na.omit(survival::lung[c("time", "status", "age")])
  d$status <- d$status - 1
  fit <- fit_tight(Surv(time, status) ~ age, data = d)
  split <- survival::survSplit(
    Surv(time, status) ~ ., d, cut = sort(unique(d$time[d$status == 1])), start = "from"
  )
  split$g <- split$age * (log(split$time) - mean(log(d$time[d$status == 1])))
  step <- survival::coxph(
    Surv(from, time, status) ~ age + g, data = split, init = c(coef(fit), 0),
    control = survival::coxph.control(iter.max = 1)
  )
  expect_equal(lms_zph(fit, "log")$slope[["age"]], coef(step)[["g"]], tolerance = 1e-7)
})

test_that("events at one time, or alone at the last, leave nothing to test", {
  d <- data.frame(time = 1:8, x = c(2, 5, 4, 1, 3, 8, 6, 7), y = c(1, 0, 0, 1, 0, 1, 1, 0))
  for (events in list(3, c(3, 8))) {
    d$status <- 0 + (d$time %in% events)
    expect_error(survival::cox.zph(survival::coxph(Surv(time, status) ~ x, d)), "singular")
    zph <- lms_zph(lms_cox(Surv(time, status) ~ x, d))
    expect_identical(zph$table[, "chisq"], c(x = NA_real_, GLOBAL = NA_real_))
    expect_identical(zph$slope, c(x = NA_real_))
    expect_output(print(zph), "at too few times")
  }
})

test_that("plots and subsets of survival and survminer take it", {
  zph <- lms_zph(lms_cox(Surv(time, status) ~ trt + celltype + karno, data = survival::veteran))
  expect_s3_class(zph, "cox.zph")
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  expect_silent(plot(zph))
  expect_silent(plot(zph["karno"], resid = FALSE))
  expect_s3_class(zph[2], "lms_zph")
  skip_if_not_installed("survminer")
  expect_s3_class(survminer::ggcoxzph(zph), "ggcoxzph")
})

test_that("tidy has a row per term", {
  zph <- lms_zph(lms_cox(Surv(time, status) ~ trt + celltype + karno, data = survival::veteran))
  expect_named(tidy(zph), c("term", "statistic", "df", "p.value", "slope"))
  expect_identical(tidy(zph)$term, c("trt", "celltype", "karno", "GLOBAL"))
  expect_identical(is.na(tidy(zph)$slope), c(FALSE, TRUE, FALSE, TRUE))
  expect_identical(class(as.data.frame(zph)), "data.frame")
})

test_that("it prints the transform and the direction", {
  fit <- lms_cox(Surv(time, status) ~ trt + celltype + karno, data = survival::veteran)
  expect_snapshot({
    lms_zph(fit)
    lms_zph(fit, log, terms = FALSE)
    lms_zph(fit, "rank", global = FALSE)[2:3]
  })
})

test_that("what cannot be tested is refused in words", {
  fit <- lms_cox(Surv(time, status) ~ age, data = survival::veteran)
  d <- data.frame(
    time = 0:9, status = 1, x = c(1, 0, 1, 1, 0, 0, 1, 0, 1, 0), g = rep(0:1, 5)
  )
  early <- lms_cox(Surv(time, status) ~ x, data = d, event = 1)
  apart <- suppressWarnings(lms_cox(Surv(time, g) ~ I(time %% 2), data = d))
  expect_snapshot({
    said(lms_zph())
    said(lms_zph(survival::coxph(Surv(time, status) ~ age, data = survival::veteran)))
    said(lms_zph(fit, "lg"))
    said(lms_zph(fit, function(t) 1))
    said(lms_zph(early, "log"))
    said(lms_zph(lms_cox(Surv(time, status) ~ 1, data = survival::veteran)))
    said(lms_zph(apart))
    said(lms_zph(lms_strip(fit)))
    said(lms_zph(fit, term = FALSE))
    said(lms_zph(fit, "km", TRUE, FALSE, TRUE, 3))
    said(lms_zph(fit, terms = 1))
  })
})

test_that("a death that stands for no row is none, wherever it lies", {
  d <- data.frame(t = c(4, 1, 3, 2, 6, 5, 7), s = c(1, 1, 0, 1, 1, 1, 1),
                  x = c(0, 1, 1, 0, 1, 0, 1))
  d$k <- c(2, 1, 3, 1, 2, 1, 0)
  test <- function(data) {
    lms_zph(lms_cox(Surv(t, s) ~ x, data, weights = k, weight_type = "frequency", event = 1))$table
  }
  expect_equal(test(d), test(d[1:6, ]), tolerance = 1e-10)
})
