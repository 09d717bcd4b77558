test_that("the concordance of a model is survival's", {
  formulas <- list(
    Surv(time, died) ~ age + sex, Surv(time, died) ~ ph.ecog,
    Surv(time, died) ~ age + cluster(inst)
  )
  for (formula in formulas) {
    ours <- concordance(lms_cox(formula, complete))
    theirs <- survival::concordance(survival::coxph(formula, complete))
    for (part in c("concordance", "count", "n", "var")) expect_close(ours[[part]], theirs[[part]])
    expect_s3_class(ours, "concordance")
  }
  ours <- concordance(lms_cox(Surv(time, died) ~ age, complete, weights = w))
  theirs <- survival::concordance(survival::coxph(Surv(time, died) ~ age, complete, weights = w))
  expect_close(ours$concordance, theirs$concordance)
  expect_close(ours$count, theirs$count)
  expect_close(ours$var, theirs$var)
})

weightings <- c("n", "S", "S/G", "n/G2", "I")
# survival from 3.8 on names the rows of the counts by their strata, and has a plain vector of the
# influence of clusters where it had one with a dimension.
numbers <- function(x) {
  if (is.matrix(x$count)) rownames(x$count) <- NULL
  if (length(dim(x$dfbeta)) == 1L) x$dfbeta <- stats::setNames(c(x$dfbeta), names(x$dfbeta))
  unclass(x)[setdiff(names(x), c("call", "ranks"))]
}

test_that("each weighting, within strata, weights and clusters, is survival's", {
  d <- transform(complete, time = ceiling(time / 20))
  formulas <- list(
    Surv(time, died) ~ age + ph.ecog, Surv(time, died) ~ ph.ecog + strata(sex),
    Surv(time, died) ~ ph.ecog + cluster(inst)
  )
  for (formula in formulas) {
    for (weights in list(rep(1, nrow(d)), d$w)) {
      ours <- lms_cox(formula, d, weights = weights)
      theirs <- survival::coxph(formula, d, weights = weights)
      for (timewt in weightings) {
        for (ymax in list(NULL, 20)) {
          expect_close(
            numbers(concordance(ours, timewt = timewt, influence = 3, ymax = ymax)),
            numbers(survival::concordance(theirs, timewt = timewt, influence = 3, ymax = ymax)),
            info = paste(deparse1(formula), timewt)
          )
        }
      }
    }
  }
})

test_that("ymin, clusters, strata to keep, ranks, new data and several models are survival's", {
  d <- transform(complete, time = ceiling(time / 20))
  ours <- lms_cox(Surv(time, died) ~ age + strata(sex), d)
  theirs <- survival::coxph(Surv(time, died) ~ age + strata(sex), d)
  groups <- rep(1:20, length.out = nrow(d))
  for (given in list(
    list(ymin = 0.5), list(cluster = groups, influence = 1), list(keepstrata = FALSE),
    list(newdata = d[1:80, ]), list(newdata = d[1:80, ], cluster = groups[1:80])
  )) {
    # With `keepstrata = FALSE` survival 3.8-12 stops on counts that are a vector by then.
    expected <- tryCatch(
      do.call(survival::concordance, c(list(theirs), given)), error = function(e) NULL
    )
    if (is.null(expected)) next
    expect_close(
      numbers(do.call(concordance, c(list(ours), given))), numbers(expected), ignore_attr = TRUE
    )
  }
  a <- lms_cox(Surv(time, died) ~ age, d)
  b <- lms_cox(Surv(time, died) ~ ph.ecog, d)
  a_ref <- survival::coxph(Surv(time, died) ~ age, d)
  b_ref <- survival::coxph(Surv(time, died) ~ ph.ecog, d)
  for (other in list(b, b_ref)) {
    expect_close(
      numbers(concordance(a, other, timewt = "S")),
      numbers(survival::concordance(a_ref, b_ref, timewt = "S")), ignore_attr = TRUE
    )
  }
  skip_if(utils::packageVersion("survival") >= "3.6", "survival ranks otherwise")
  ranked <- function(x) {
    x <- x$ranks[c("time", "rank", "timewt", "casewt")]
    x <- x[do.call(order, x), ]
    row.names(x) <- NULL
    x
  }
  for (timewt in weightings) {
    expect_close(ranked(concordance(a, timewt = timewt, ranks = TRUE)),
                 ranked(survival::concordance(a_ref, timewt = timewt, ranks = TRUE)))
  }
})

# All pairs at the time of each death, weighted by the Kaplan-Meier curve just before.
all_pairs <- function(d, score, timewt) {
  counts <- c(concordant = 0, discordant = 0, tied.x = 0)
  surv <- 1
  for (t in sort(unique(d$stop[d$event == 1]))) {
    risk <- d$start < t & d$stop >= t
    dead <- risk & d$stop == t & d$event == 1
    worth <- switch(timewt, n = 1, S = nrow(d) * surv / sum(risk), I = 1 / sum(risk))
    for (i in which(dead)) {
      other <- score[risk & !dead]
      pairs <- c(sum(score[i] > other), sum(score[i] < other), sum(score[i] == other))
      counts <- counts + worth * pairs
    }
    surv <- surv * (1 - sum(dead) / sum(risk))
  }
  counts
}

test_that("with entry times the pairs of each weighting are those counted one by one", {
  set.seed(5)
  for (run in 1:8) {
    n <- 60
    d <- data.frame(start = sample(0:8, n, TRUE), x = sample(1:6, n, TRUE))
    d$stop <- d$start + sample(1:12, n, TRUE)
    d$event <- rbinom(n, 1, 0.6)
    fit <- lms_cox(Surv(start, stop, event) ~ x, d)
    for (timewt in c("n", "S", "I")) {
      direct <- all_pairs(d, fit$linear.predictors, timewt)
      found <- concordance(fit, timewt = timewt)
      expect_close(found$count[1:3], direct)
      expect_close(found$concordance, unname(direct[1] + direct[3] / 2) / sum(direct))
    }
    # The jackknife's variance: the slope of the index on the weight of each row.
    slopes <- vapply(1:10, function(i) {
      w <- function(h) {
        again <- fit
        again$weights <- replace(rep(1, n), i, 1 + h)
        concordance(again)$concordance
      }
      (w(1e-4) - w(-1e-4)) / 2e-4
    }, 0)
    expect_close(concordance(fit, influence = 1)$dfbeta[1:10], slopes, 1e-5)
  }
})

test_that("weights by censoring are refused with entry times, and slips are named", {
  fit <- lms_cox(Surv(start, stop, event) ~ age, survival::heart)
  expect_snapshot({
    said(concordance(fit, timewt = "S/G"))
    said(concordance(fit, timewtt = "S"))
    said(concordance(fit, 3))
    said(concordance(fit, cluster = 1:3))
    said(concordance(fit, ymin = 500))
  })
})

test_that("the concordance is printed by survival", {
  expect_output(print(concordance(lms_cox(Surv(time, died) ~ age, complete))), "Concordance= 0.5")
})
