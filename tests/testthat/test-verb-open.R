# The door that all verbs have.

verbs <- list(
  lms_cox = lms_cox, lms_km = lms_km, lms_logrank = lms_logrank, lms_cuminc = lms_cuminc,
  lms_rates = lms_rates, lms_rmst = lms_rmst
)

# Arguments as they are written, and what a verb needs besides.
arguments <- function(verb, ...) {
  c(as.list(substitute(list(...)))[-1L], if (verb == "lms_rates") list(times = 300))
}

test_that("each verb refuses by name what it has no argument for, before anything is evaluated", {
  wrapper <- function(verb, ...) verb(Surv(time, died) ~ sex, lung, ...)
  for (verb in names(verbs)) {
    never <- arguments(verb, formula = stop("evaluated"), data = stop("evaluated"), wieghts = age)
    expect_error(do.call(verb, never), "`wieghts` is not an arg", class = "lmsurv_error_argument")
    partial <- arguments(verb, Surv(time, died) ~ sex, dat = lung)
    expect_error(do.call(verb, partial), "`dat` is not an arg", class = "lmsurv_error_argument")
    expect_error(wrapper(verbs[[verb]], wieghts = 1), "`wieghts`", class = "lmsurv_error_argument")
  }
})

test_that("each verb asks for its formula, then for its settings, and then for the data", {
  for (verb in names(verbs)) {
    none <- arguments(verb, data = stop("evaluated"), weight_type = "none")
    expect_error(do.call(verb, none), "`formula` is missing", class = "lmsurv_error_formula")
    wrong <- arguments(verb, formula = no_such_name, data = stop("evaluated"), weight_type = "none")
    expect_error(do.call(verb, wrong), "is not a formula", class = "lmsurv_error_formula")
    set <- arguments(verb, Surv(time, died) ~ sex, stop("evaluated"), weight_type = "none")
    expect_error(do.call(verb, set), "`weight_type` must be", class = "lmsurv_error_argument")
  }
})

test_that("an error is said to be of the verb, whatever helper found it", {
  for (verb in names(verbs)) {
    set <- arguments(verb, Surv(time, died) ~ sex, lung, weight_type = "none")
    error <- tryCatch(do.call(verb, set), error = identity)
    expect_identical(conditionCall(error), call(verb))
  }
})

test_that("the call that is kept can be made again where its names mean other things", {
  made <- function(verb, head) {
    model <- Surv(time, died) ~ sex
    fit <- do.call(head, arguments(verb, model, lung))
    getCall(if (verb == "lms_rates") fit$fit else fit)
  }
  for (verb in names(verbs)) {
    call <- made(verb, verb)
    expect_identical(deparse1(call$formula), "Surv(time, died) ~ sex")
    expect_identical(call[[1L]], as.name(verb))
    expect_identical(call$data, quote(lung))
    expect_identical(made(verb, verbs[[verb]]), call)
  }
})

test_that("columns are found from the frame in which the verb was called", {
  inner <- function(verb) {
    own <- rep(1:2, length.out = nrow(lung))
    keep <- lung$age > 50
    do.call(verb, arguments(verb, Surv(time, died) ~ sex, lung, weights = own,
                            weight_type = "frequency", subset = keep))
  }
  for (verb in names(verbs)) {
    fit <- inner(verb)
    n <- switch(verb, lms_logrank = fit$nobs, lms_rates = sum(fit$fit$n), sum(fit$n))
    expect_equal(n, sum(rep(1:2, length.out = nrow(lung))[lung$age > 50]))
  }
})
