# A `Surv(...)` that is written in a formula: its arguments by their role.

is_surv_call <- function(expr) is.call(expr) && identical(expr[[1L]], quote(Surv))

# The arguments of a Surv() call by their role: entry, time, status, origin.
surv_args <- function(expr, data = NULL, env = baseenv(), outcome = "event") {
  args <- as.list(match.call(survival::Surv, expr))[-1L]
  names(args) <- match_surv_roles(names(args), surv_type(args, data, env, outcome))
  args
}

surv_type <- function(args, data, env, outcome) {
  counting <- all(c("time", "time2", "event") %in% names(args))
  implied <- if (counting) "counting" else "right"
  if (is.null(args$type)) return(implied)
  type <- eval(args$type, data, env)
  if (type == "mstate" && outcome == "states") return(implied)
  if (!type %in% c("right", "counting")) {
    abort(
      "response",
      paste0(
        "Surv(type = ", format_value(type),
        ") is not supported. Only right-censored and (start, stop] data are."
      ),
      if (type == "mstate") {
        "Use survival::coxph() for multi-state models."
      } else {
        "Use survival::survreg() for left- and interval-censored data."
      }
    )
  }
  type
}

# `type = "mstate"` says that the first level is censored and that all others are causes.
is_declared <- function(args, data, env) {
  !is.null(args$type) && identical(eval(args$type, data, env), "mstate")
}

# Surv(time, status) puts the status in `time2`.
match_surv_roles <- function(names, type) {
  if (type == "counting") {
    names[names == "time"] <- "entry"
    names[names == "time2"] <- "time"
  } else {
    names[names == "time2"] <- "status"
  }
  names[names == "event"] <- "status"
  names
}
