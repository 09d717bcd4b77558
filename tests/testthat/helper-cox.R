# Agreement with survival at a converged fit, relative.
to_last_digits <- 1e-8

lung <- within(survival::lung, {
  died <- status - 1
  sexf <- factor(sex, labels = c("male", "female"))
  ecog <- factor(ph.ecog)
  agegroup <- cut(age, c(0, 50, 60, 70, 90))
  initial <- ifelse(sex == 1, "m", "f")
  w <- 0.5 + seq_along(time) %% 4 / 2
  k <- 1 + seq_along(time) %% 3
})

complete <- lung[stats::complete.cases(lung[c("ph.ecog", "wt.loss", "inst", "ph.karno")]), ]
row.names(complete) <- NULL

# survival's fit, iterated until the last digits stand still.
reference <- function(...) {
  call <- match.call(expand.dots = FALSE)
  settings <- list(eps = 1e-12, toler.chol = 1e-13, iter.max = 60)
  settings <- settings[!names(settings) %in% names(call$...)]
  call <- as.call(c(quote(survival::coxph), call$..., settings))
  eval(call, parent.frame())
}

expect_close <- function(object, expected, tolerance = to_last_digits, ...) {
  testthat::expect_equal(object, expected, tolerance = tolerance, ...)
}

expect_close_values <- function(object, expected, tolerance = to_last_digits) {
  testthat::expect_equal(as.vector(object), as.vector(expected), tolerance = tolerance)
}

# survival's curves in the shape that they have before 3.8: from then on they keep the new data, and
# the limits lack the names of their columns.
their_curve <- function(curve) {
  curve <- unclass(curve)
  curve$newdata <- NULL
  for (end in c("lower", "upper")) {
    if (is.matrix(curve[[end]])) dimnames(curve[[end]]) <- dimnames(curve$surv)
  }
  curve
}

# The components that a coxph has, apart from those that depend on how it was
# called or on how many steps it took.
expect_same_fit <- function(fit, ref, except = NULL) {
  names <- setdiff(
    names(ref), c("call", "iter", "y", "first", "info", "terms", "formula", "residuals", except)
  )
  for (name in names) {
    old <- if (name %in% c("wald.test", "rscore")) as.vector(ref[[name]]) else ref[[name]]
    expect_close(fit[[name]], old, label = name)
  }
  expect_close(fit$residuals, ref$residuals, tolerance = 1e-7)
  expect_close_values(fit$y, ref$y)
}

# The condition that an expression raises, as text for a snapshot.
said <- function(expr) {
  cnd <- tryCatch({
    expr
    NULL
  }, condition = identity)
  if (is.null(cnd)) return(cat("(nothing)\n"))
  call <- conditionCall(cnd)
  cat(
    "<",
    class(cnd)[1L],
    "> ",
    if (!is.null(call)) paste0("in ", deparse(call)[1L], ": "),
    "\n",
    sep = ""
  )
  cat(sub("\n$", "", conditionMessage(cnd)), "\n", sep = "")
}

without_messages <- function(expr) suppressMessages(expr, classes = "lmsurv_message")

tracemem_address <- function(x) {
  address <- tracemem(x)
  untracemem(x)
  address
}
