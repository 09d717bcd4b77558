#' Set how a Cox model is computed
#'
#' `lms_cox_control()` sets the numerical details of [lms_cox()]. Most users never need it. The
#' names and defaults are those of [survival::coxph.control()], whose result is also accepted by
#' `control`.
#'
#' @param eps A number above 0. The fit has converged when the log likelihood changes by less
#'   than this proportion and the score agrees.
#' @param toler.chol A number above 0. A column whose remaining variance is below this proportion
#'   is treated as a linear combination of the columns before it.
#' @param iter.max A whole number of 0 or more: the largest number of Newton steps. With a
#'   penalty, whose steps are smaller, the default is 100. With 0, the model is evaluated at
#'   `init`.
#' @param timefix `TRUE` to treat times closer than `sqrt(.Machine$double.eps)`, absolutely or
#'   relative to their mean, as tied. This is what [survival::aeqSurv()] does. `FALSE` uses the
#'   times unchanged.
#' @param threads A whole number of 1 or more: the number of threads. The default is
#'   `getOption("lmsurv.threads", 2)`, and never more than the environment variable
#'   `OMP_THREAD_LIMIT` allows. The result is the same with any number.
#' @param ... Not used. Any name given here is an error.
#' @return A list with these five components.
#' @examples
#' lms_cox(Surv(time, status == 2) ~ age, data = survival::lung,
#'         control = lms_cox_control(iter.max = 50))
#' @export
lms_cox_control <- function(eps = 1e-9, toler.chol = .Machine$double.eps^0.75, iter.max = 20,
                            timefix = TRUE, threads = NULL, ...) {
  refuse_dots("lms_cox_control", control_names(), dot_names(...), control_ways_out)
  list(
    eps = check_number(eps, "eps", 0, 1, open = TRUE),
    toler.chol = check_number(toler.chol, "toler.chol", 0, 1, open = TRUE),
    iter.max = as.integer(check_number(iter.max, "iter.max", 0, whole = TRUE)),
    timefix = check_flag(timefix, "timefix"),
    threads = if (is.null(threads)) default_threads() else check_threads(threads, "threads")
  )
}

# coxph.control() has settings that a Newton step on an unpenalised model does
# not need; they are taken and left unused.
unused_settings <- c("toler.inf", "outer.max", "survcheckallow")

control_names <- function() setdiff(names(formals(lms_cox_control)), "...")

read_control <- function(control, settings, penalty) {
  if (is.null(control)) control <- list()
  if (!is.list(control)) {
    abort(
      "argument",
      paste0("`control` must be a list, such as lms_cox_control(), not ", describe(control), ".")
    )
  }
  control[names(settings)] <- settings
  control <- control[!names(control) %in% unused_settings]
  unknown <- setdiff(names(control), control_names())
  if (length(unknown)) {
    abort("argument", paste0(tick(unknown[1L]), " is not a setting of `control`."),
          if (unknown[1L] %in% names(cox_ways_out)) cox_ways_out[[unknown[1L]]]
          else did_you_mean(unknown[1L], control_names()))
  }
  if (penalty != "none" && is.null(control$iter.max)) control$iter.max <- 100
  do.call(lms_cox_control, control)
}

penalties <- c("none", "firth")

read_ties <- function(ties) {
  if (is.null(ties)) return(conventions()$ties)
  check_choice(ties, "ties", c("efron", "breslow", "exact"))
}
