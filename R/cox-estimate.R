# The estimates of a Cox model: coefficients, variances and tests, from the risk data.

# The estimates: coefficients, variances and tests.
fit_cox <- function(risk, design, settings, init) {
  plan <- robust_plan(settings$robust, risk, settings$weight_type)
  check_exact(settings$ties, risk$response, plan$robust, settings$weight_type)
  check_penalty(
    settings$penalty, settings$ties, settings$weight_type, plan$robust, risk$response
  )
  init <- check_init(init, design$names)
  options <- core_options(
    settings$ties, settings$control, init, settings$weight_type == "frequency", settings$penalty
  )
  core <- run_core(core_design(design), risk$response, options, design$names, risk$rows)
  fit <- read_core(core, design$names)
  if (!length(design$names)) return(c(fit, list(plan = plan)))
  if (plan$robust) {
    factor <- robust_factor(plan$units, convention_sets[[settings$conventions]]$robust)
    fit <- add_robust(fit, design, risk$response, plan$codes, options, factor)
  }
  fit$wald.test <- wald_statistic(fit, init, options$toler_chol)
  c(fit, list(plan = plan))
}

# The core's answer under coxph's names.
read_core <- function(core, names) {
  infinite <- which(core$diverging != 0L)
  list(
    coefficients = stats::setNames(core$coefficients, names), var = core$var, loglik = core$loglik,
    score = core$score_test, first = core$score, iter = core$iter,
    linear.predictors = core$linear_predictors,
    means = stats::setNames(core$means, names), converged = core$converged && !length(infinite),
    infinite = if (length(infinite)) stats::setNames(
      Inf * core$diverging[infinite], names[infinite]
    ),
    infinite_at = if (length(infinite)) infinite,
    merged = core$merged_times, time = core$time, entry = core$entry
  )
}

# The sandwich and the tests that use it. Shapes: var p x p, meat p x p.
add_robust <- function(fit, design, response, codes, options, factor) {
  p <- length(fit$coefficients)
  if (!p || all(is.na(fit$coefficients))) return(fit)
  fit$robust_factor <- factor
  at_fit <- core_cox_meat(core_design(design), response, fit$linear.predictors, codes, options)
  fit$naive.var <- fit$var
  fit$var <- factor * fit$naive.var %*% at_fit$meat %*% fit$naive.var
  start <- start_predictor(design, response, options$init)
  at_start <- core_cox_meat(core_design(design), response, start, codes, options)
  fit$rscore <- quadratic_test(factor * at_start$meat, at_start$score, options$toler_chol)
  fit
}

# By what the conventions multiply a robust variance of n units.
robust_factor <- function(units, rule) {
  if (rule == "n / (n - 1)" && units > 1) units / (units - 1) else 1
}

# b' solve(var) b, where var may be singular. In units in which the variances are 1: what is
# singular is judged beside the largest of them.
quadratic_test <- function(var, b, toler_chol) {
  unit <- sqrt(diag(as.matrix(var)))
  unit[!unit > 0] <- 1
  as.double(survival::coxph.wtest(t(var / unit) / unit, b / unit, toler_chol)$test)
}

# Linear predictor at the initial values, where the score tests are taken.
start_predictor <- function(design, response, init) {
  n <- length(response$time)
  eta <- if (is.null(response$offset)) double(n) else response$offset
  if (is.null(init)) return(eta)
  for (j in which(init != 0)) eta <- eta + init[j] * design_column(design, j)
  eta - mean(eta)
}

# For the coefficients that are not aliased.
wald_statistic <- function(fit, init, toler_chol) {
  kept <- !is.na(fit$coefficients)
  if (!any(kept)) return(0)
  shift <- if (is.null(init)) 0 else init[kept]
  quadratic_test(fit$var[kept, kept], unname(fit$coefficients[kept]) - shift, toler_chol)
}
