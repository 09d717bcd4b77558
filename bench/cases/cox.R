# Cox regression beside coxph(); the truth is survival's fit carried to convergence.

simulate_cohort <- function(n, p, entry = FALSE, categorical = FALSE) {
  set.seed(20221)
  x <- matrix(stats::rnorm(n * p), n, dimnames = list(NULL, paste0("x", seq_len(p))))
  if (categorical) x[] <- stats::rbinom(n * p, 1, 0.3)
  beta <- stats::rnorm(p, sd = 0.3 * sqrt(10 / max(10, p)))
  death <- stats::rexp(n) * exp(-drop(x %*% beta))
  last <- stats::rexp(n)
  time <- pmin(death, last)
  list(x = x, entry = if (entry) time * stats::runif(n, 0, 0.9), time = time,
       status = as.integer(death <= last))
}

as_frame <- function(d) {
  frame <- data.frame(time = d$time, status = d$status, d$x)
  if (!is.null(d$entry)) frame$entry <- d$entry
  frame
}

columns_on <- function(response, p) stats::reformulate(paste0("x", seq_len(p)), response)
right_censored <- function(p) columns_on(quote(Surv(time, status)), p)
counting <- function(p) columns_on(quote(Surv(entry, time, status)), p)

tight <- survival::coxph.control(eps = 1e-12, toler.chol = 1e-13, iter.max = 40)

coefficients_and_errors <- function(fit) {
  list(coefficients = unname(fit$coefficients), errors = sqrt(diag(fit$var)))
}

formula_case <- function(title, target, n, p, formula, entry = FALSE, categorical = FALSE) {
  environment(formula) <- globalenv()
  list(
    title = title, targets = c(survival = target), n = n,
    make = function() as_frame(simulate_cohort(n, p, entry, categorical)),
    engines = list(
      lmsurv = function(d) lmsurv::lms_cox(formula, data = d),
      survival = function(d) survival::coxph(formula, data = d),
      truth = function(d) survival::coxph(formula, data = d, control = tight)
    ),
    answer = coefficients_and_errors
  )
}

matrix_case <- function(title, target, n, p) {
  coxph_fit <- function(d, control) {
    survival::coxph.fit(d$x, survival::Surv(d$time, d$status), NULL, NULL, NULL, control, NULL,
                        "efron", NULL, FALSE)
  }
  # coxph.fit() does not look for close times, so neither do we.
  control <- lmsurv::lms_cox_control(timefix = FALSE)
  list(
    title = title, targets = c(survival = target), n = n,
    make = function() simulate_cohort(n, p),
    engines = list(
      lmsurv = function(d) lmsurv::lms_cox_fit(d$x, d$time, d$status, control = control),
      survival = function(d) coxph_fit(d, survival::coxph.control()),
      truth = function(d) coxph_fit(d, tight)
    ),
    answer = coefficients_and_errors
  )
}

about <- paste(
  "Digits are those of the coefficients and standard errors that agree with survival carried to",
  "convergence (eps = 1e-12); the peer's own column is its default convergence, measured alike."
)

cases <- list(
  formula_p10 = formula_case("formula, right-censored, n = 1,000,000, p = 10", 15, 1e6, 10,
                             right_censored(10)),
  counting_p10 = formula_case("formula, (start, stop], n = 1,000,000, p = 10", 12, 1e6, 10,
                              counting(10), entry = TRUE),
  matrix_p10 = matrix_case("matrix, n = 1,000,000, p = 10", 3, 1e6, 10),
  matrix_p20 = matrix_case("matrix, n = 1,000,000, p = 20", 5, 1e6, 20),
  matrix_p100 = matrix_case("matrix, n = 200,000, p = 100", 8, 2e5, 100),
  cohort_p16 = formula_case("formula, right-censored, n = 396, p = 16", 1, 396, 16,
                            right_censored(16), categorical = TRUE)
)
