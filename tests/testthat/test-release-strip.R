# No result reaches the patients from whom it was made, and lms_strip() leaves none in a model.

marked_patients <- function(n = 217) {
  withr::local_seed(1)
  d <- data.frame(
    pid = sprintf("ZQXWJV%05d", seq_len(n)), time = sample(60, n, TRUE), died = rbinom(n, 1, 0.6),
    age = round(rnorm(n, 60, 9)), arm = factor(sample(c("a", "b", "c"), n, TRUE)),
    pair = rep(sprintf("KLINIK%03d", seq_len(n)), each = 2)[seq_len(n)],
    cause = factor(sample(c("censored", "x", "y"), n, TRUE), c("censored", "x", "y"))
  )
  row.names(d) <- sprintf("ROWNAME%04d", seq_len(n))
  d$age[c(3, 77)] <- NA
  d
}

marks <- c("ZQXWJV", "KLINIK", "ROWNAME")

marks_in <- function(x) {
  bytes <- serialize(x, NULL)
  wide <- lapply(marks, function(mark) {
    as.raw(rbind(as.integer(charToRaw(mark)), 0L))
  })
  found <- mapply(function(mark, wide) {
    length(grepRaw(mark, bytes, fixed = TRUE)) || length(grepRaw(wide, bytes, fixed = TRUE))
  }, marks, wide)
  marks[found]
}

# Paths to vectors as long as the data, at every depth: parts, attributes, environments, calls.
long_parts <- function(x, n) {
  seen <- list()
  found <- character()
  walk <- function(x, path) {
    if (is.environment(x)) {
      if (isNamespace(x) || nzchar(environmentName(x)) || identical(x, emptyenv())) return()
      for (env in seen) if (identical(env, x)) return()
      seen[[length(seen) + 1L]] <<- x
      for (name in ls(x, all.names = TRUE)) {
        value <- tryCatch(mget(name, envir = x), error = function(e) list(NULL))
        if (identical(value[[1L]], rlang::missing_arg())) next
        walk(value[[1L]], paste0(path, "@", name))
      }
      return(walk(parent.env(x), paste0(path, "^")))
    }
    if (is.function(x)) return(if (!is.primitive(x)) walk(environment(x), paste0(path, "()")))
    rows <- if (is.data.frame(x) || is.matrix(x)) nrow(x) else length(x)
    if ((is.atomic(x) || is.list(x)) && rows %in% (n - 2:0)) found <<- c(found, path)
    kept <- attributes(x)
    for (name in setdiff(names(kept), "row.names")) walk(kept[[name]], paste0(path, "%", name))
    parts <- if (is.list(x)) unclass(x) else if (is.call(x)) as.list(x)
    for (i in seq_along(parts)) {
      if (!identical(parts[[i]], rlang::missing_arg())) walk(parts[[i]], paste0(path, "$", i))
    }
  }
  walk(x, "")
  found
}

made_from <- function(d) {
  fit <- lms_cox(Surv(time, died) ~ age + arm, d)
  strata <- suppressWarnings(lms_cox(Surv(time, died) ~ age + strata(pair), d))
  firth <- lms_cox(Surv(time, died) ~ arm, d, penalty = "firth")
  km <- lms_km(Surv(time, died) ~ arm, d)
  cuminc <- lms_cuminc(Surv(time, cause) ~ arm, d)
  list(
    cox = lms_strip(fit), strata = lms_strip(strata), firth = lms_strip(firth),
    summary_cox = summary(fit), km = km, summary_km = summary(km, times = c(10, 20)),
    steps = summary(km), cuminc = cuminc, summary_cuminc = summary(cuminc, times = 10),
    logrank = lms_logrank(Surv(time, died) ~ arm, d),
    rates = lms_rates(Surv(time, died) ~ arm, d, times = 20),
    rmst = lms_rmst(Surv(time, died) ~ arm, d, tau = 40), zph = lms_zph(fit),
    check = lms_check(fit), fisher = lms_fisher(table(d$arm, d$died)),
    table_one = lms_table_one(d, by = arm, vars = c(age, died)), table_cox = lms_table_cox(fit),
    plot_km = ggplot2::autoplot(km, p_value = TRUE, median = TRUE, times = 12, direct = TRUE),
    plot_released = ggplot2::autoplot(km, min_cell = 5),
    plot_cuminc = ggplot2::autoplot(cuminc), forest = ggplot2::autoplot(fit),
    adjusted = ggplot2::autoplot(fit, "adjusted", by = "arm"),
    plot_zph = ggplot2::autoplot(lms_zph(fit), residuals = FALSE), quantile = quantile(km),
    anova = anova(fit)
  )
}

test_that("no result made in a function reaches the data", {
  made <- suppressMessages((function() {
    secret <- marked_patients()
    helper <- function(x) x
    lapply(1, function(i) made_from(secret))[[1L]]
  })())
  for (name in names(made)) {
    found <- marks_in(made[[name]])
    # Curves and tests count the rows left out by their names, as survival's do.
    if (!is.null(unclass(made[[name]])$na.action)) found <- setdiff(found, "ROWNAME")
    expect_equal(found, character(), label = name)
    if (!name %in% c("cuminc", "zph")) {
      expect_equal(long_parts(made[[name]], 217), character(), label = name)
    }
  }
})

test_that("lms_strip() leaves no row name, whatever it strips", {
  made <- (function(d) suppressMessages(made_from(d)))(marked_patients())
  for (name in names(made)) {
    if (inherits(made[[name]], c("quantile", "anova", "list")) || name == "quantile") next
    small <- lms_strip(made[[name]])
    expect_equal(marks_in(small), character(), label = name)
    expect_identical(class(small), class(made[[name]]), label = name)
  }
  expect_error(lms_strip(1), class = "lmsurv_error_argument")
})

test_that("the search finds what a live model keeps", {
  fit <- (function(d) lms_cox(Surv(time, died) ~ age + arm, d))(marked_patients())
  expect_setequal(marks_in(fit), c("ZQXWJV", "KLINIK", "ROWNAME"))
  expect_gt(length(long_parts(fit, 217)), 2L)
})

test_that("a figure without its frames is drawn as before, also with more added", {
  p <- (function(d) ggplot2::autoplot(lms_km(Surv(time, died) ~ arm, d)))(marked_patients())
  expect_s3_class(ggplot2::ggplotGrob(p), "gtable")
  more <- p + ggplot2::coord_cartesian(xlim = c(0, 30)) + ggplot2::labs(title = "Curves")
  expect_s3_class(ggplot2::ggplotGrob(unserialize(serialize(more, NULL))), "gtable")
})

test_that("results of a report hold no patient", {
  skip_if_not_installed("patchwork")
  patients <- leiomyosarcoma
  patients$id <- sprintf("ZQXWJV%05d", 10000 + seq_len(396))
  results <- article_results(lms_cohort(patients), ~ age + sex, c("survival", "factors", "model"))
  expect_equal(marks_in(results), character())
  expect_equal(long_parts(results$data$model, 396), character())
  general <- lms_results(lms_cohort(patients), models = ~ age + sex, factors = c("sex", "subtype"))
  expect_equal(marks_in(general), character())
  expect_equal(long_parts(general$data$model, 396), character())
  expect_equal(marks_in(lms_strip(results)), character())
})
