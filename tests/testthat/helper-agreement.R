# What an lms_cox fit must share with coxph() of the same model. survival is carried to convergence
# first: its default stops at a relative change of the log likelihood of 1e-9.
tight <- function() survival::coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 60)

agreement_tolerance <- 1e-8

# Largest difference, relative to the largest element of what it should be.
relative_error <- function(ours, theirs) {
  ours <- unname(as.matrix(ours))
  theirs <- unname(as.matrix(theirs))
  if (!identical(dim(ours), dim(theirs))) return(Inf)
  if (!identical(is.na(ours), is.na(theirs))) return(Inf)
  scale <- max(abs(theirs), 1e-12, na.rm = TRUE)
  max(abs(ours - theirs), 0, na.rm = TRUE) / scale
}

# survival from 3.8 on leaves the mean of the offset in the linear predictor.
their_predictors <- function(theirs, offset) {
  centred <- utils::packageVersion("survival") < "3.8" || is.null(offset)
  theirs$linear.predictors - if (centred) 0 else mean(offset)
}

# A BLAS of several kernels may give rows of equal covariates predictors that differ in their last
# digit, which survival then counts as ordered.
their_concordance <- function(theirs) {
  predictors <- theirs$linear.predictors
  rounded <- signif(predictors, 12)
  if (length(unique(rounded)) == length(unique(predictors))) return(theirs$concordance)
  again <- survival::concordancefit(
    theirs$y, rounded, strata = theirs$strata, weights = theirs$weights, reverse = TRUE,
    timefix = FALSE
  )
  c(colSums(rbind(again$count)), again$concordance, sqrt(again$var))
}

fit_errors <- function(ours, theirs) {
  errors <- c(
    coefficients = relative_error(coef(ours), coef(theirs)),
    variance = relative_error(ours$var, theirs$var),
    loglik = relative_error(ours$loglik, theirs$loglik),
    score = relative_error(ours$score, theirs$score),
    wald = relative_error(ours$wald.test, theirs$wald.test),
    means = relative_error(ours$means, theirs$means),
    predictors = relative_error(ours$linear.predictors, their_predictors(theirs, ours$offset)),
    events = relative_error(c(ours$n, ours$nevent), c(theirs$n, theirs$nevent)),
    concordance = relative_error(ours$concordance, their_concordance(theirs))
  )
  if (!is.null(theirs$naive.var)) {
    errors[["naive variance"]] <- relative_error(ours$naive.var, theirs$naive.var)
    # survival's robust score test leaves the offset out.
    if (is.null(ours$offset)) errors[["robust score"]] <- relative_error(ours$rscore, theirs$rscore)
  }
  errors
}

residual_errors <- function(ours, theirs) {
  # With exact ties survival has no score residuals, and gives martingale ones for deviance.
  types <- if (ours$method == "exact") {
    "martingale"
  } else {
    c("martingale", "deviance", "score", "schoenfeld", "dfbeta", "dfbetas", "scaledsch")
  }
  vapply(types, function(type) {
    relative_error(stats::residuals(ours, type), stats::residuals(theirs, type))
  }, numeric(1))
}

# Survival of the first rows at a few times, and its standard error, beside survfit's.
curve_errors <- function(ours, theirs, data) {
  covariates <- stats::model.frame(
    stats::delete.response(stats::terms(theirs)), data, na.action = stats::na.pass
  )
  rows <- utils::head(data[stats::complete.cases(covariates), , drop = FALSE], 3)
  times <- stats::quantile(theirs$y[, ncol(theirs$y) - 1L], c(0.2, 0.5, 0.8), names = FALSE)
  mine <- stats::predict(ours, newdata = rows, type = "survival", times = times, se.fit = TRUE)
  curves <- summary(survival::survfit(theirs, newdata = rows), times = times, extend = TRUE)
  c(survival = relative_error(t(mine$fit), curves$surv),
    "survival's se" = relative_error(t(mine$se.fit), curves$std.err))
}

expect_agreement <- function(errors, tolerance = agreement_tolerance, label = "") {
  worst <- errors[!(errors <= tolerance)]
  testthat::expect(
    length(worst) == 0,
    paste0(label, ": ", paste(names(worst), signif(worst, 2), collapse = ", "))
  )
  invisible(errors)
}
