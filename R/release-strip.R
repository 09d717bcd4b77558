# What may leave with a result, and what may not: no environment through which patients could be
# reached, and of each class only the components that are listed.

#' Remove patient data from a result before you share it
#'
#' `lms_strip()` removes the data of single patients from a model or another result, for anyone
#' who sends it to others. Models keep the data that `update()`, `predict()` and `residuals()`
#' need, as [survival::coxph()] does. `lms_strip()` keeps what a print, a table or a figure
#' needs. It removes response, model frame, linear predictors, weights, strata, row names, and
#' the environments that give access to the data.
#'
#' A stripped model still prints. These functions still work: `summary()`, `tidy()`, `glance()`,
#' `coef()`, `vcov()`, Wald `confint()` and `predict(newdata, type = "lp", reference =
#' "sample")`. After Firth's penalty, the profile `confint()` at the model's own level works too.
#' Names of the levels of covariates are kept, but not those of `strata()`.
#'
#' Curves, tests, rates, summaries, checks, tables, figures and results of a report never have
#' access to the data. Their formulas belong to the global environment. If a formula uses a
#' function that is defined only inside your own function, it cannot be fitted again.
#' `lms_strip()` also removes the row numbers of patients with missing values.
#'
#' Counts and times are kept, because they are printed. A curve has the time of each event, and a
#' test of proportional hazards has a residual for each event. Check them before you share the
#' result, or set `min_cell` when you make a table, figure or report.
#'
#' @param object The result to strip. It can be a model made by [lms_cox()], or curves, a test,
#'   rates, a check, or a summary of them. It can also be a table, a figure, or a result of
#'   [lms_results()].
#' @return A smaller object of the same class.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' small <- lms_strip(fit)
#' small
#' object.size(small) / object.size(fit)
#' @export
lms_strip <- function(object) UseMethod("lms_strip")

#' @export
lms_strip.default <- function(object) {
  abort(
    "argument",
    paste0("`object` must be a result of this package, not ", describe(object), "."),
    "Give a model, curves, a test, a table or a figure of this package."
  )
}

strip_class <- function(object) keep_listed(unclass(object), class(object))

#' @export
lms_strip.lms_km <- strip_class
#' @export
lms_strip.summary.lms_km <- strip_class
#' @export
lms_strip.lms_cuminc <- strip_class
#' @export
lms_strip.summary.lms_cuminc <- strip_class
#' @export
lms_strip.lms_logrank <- strip_class
#' @export
lms_strip.lms_rmst <- strip_class
#' @export
lms_strip.lms_zph <- strip_class
#' @export
lms_strip.lms_results <- strip_class

#' @export
lms_strip.lms_rates <- function(object) {
  object$fit <- lms_strip(object$fit)
  strip_class(object)
}

#' @export
lms_strip.lms_check <- function(object) {
  # Which row of the data a patient is.
  object$row <- NA_real_
  object$code[object$kind == "influential_patient"] <- NA
  object
}

#' @export
lms_strip.lms_table <- function(object) unbound(object)
#' @export
lms_strip.summary.lms_cox <- function(object) unbound(without_rows(object))
#' @export
lms_strip.lms_fisher <- function(object) unbound(object)
#' @export
lms_strip.ggplot <- function(object) unbound(object)

curve_parts <- c(
  "n", "time", "n.risk", "n.event", "n.censor", "n.enter", "surv", "pstate", "p0", "strata",
  "std.err", "sp0", "cumhaz", "std.chaz", "transitions", "lower", "upper", "type", "logse",
  "conf.int", "conf.type", "conf_level", "flat", "conventions", "states", "t0", "call", "asked",
  "na.action", "groups", "variables", "last", "n.id", "patients", "estimate", "robust",
  "weight_type", "clusters", "terms", "formula", "event", "time_unit", "labels", "missing",
  "not_applicable", "guards",
  "n_data", "notes", "at_risk", "follow_up", "logrank", "tests", "tests_note", "test_strata",
  "variance", "rho"
)

test_parts <- c(
  "n", "obs", "exp", "var", "chisq", "pvalue", "statistic", "parameter", "p.value", "strata",
  "na.action", "call", "method", "data.name", "test", "rho", "gamma", "trend", "pairwise",
  "adjust", "variables", "nobs", "nevent", "n.id", "robust", "clusters", "weight_type", "missing",
  "not_applicable", "guards",
  "notes", "event", "time_unit", "terms", "formula", "group_events", "weighted_n",
  "periods"
)

# What may stay of each class; what is not listed goes.
strip_lists <- list(
  lms_cox = c(
    "coefficients", "var", "loglik", "score", "iter", "means", "method", "n", "nevent", "n.id",
    "terms", "assign", "naive.var", "rscore", "wald.test", "first", "na.action", "penalty",
    "timefix", "formula", "xlevels", "contrasts", "offset", "call", "converged", "infinite",
    "infinite_at", "level_table", "missing", "not_applicable", "n_data", "notes", "event",
    "event_carried", "time_unit", "origin", "labels", "conf_level", "conventions", "weight_type",
    "clusters", "guards",
    "control", "n_strata", "concordance", "profile", "foot"
  ),
  lms_km = curve_parts, lms_cuminc = curve_parts,
  summary.lms_km = c(curve_parts, "table", "times", "quantile", "rmean.endtime", "cumulative",
                     "exact_lower"),
  summary.lms_cuminc = c(curve_parts, "table", "times", "cumulative"),
  lms_logrank = test_parts,
  lms_rates = c(
    "rates", "method", "conf_level", "formula", "event", "time_unit", "missing", "not_applicable",
    "na.action", "conventions", "call", "conf_type", "fit", "per_year", "guards"
  ),
  lms_rmst = c(
    "table", "contrasts", "test", "variables", "tau", "tau_given", "time_unit", "n", "nevent",
    "missing", "not_applicable", "na.action", "event", "formula", "conf_level", "weight_type",
    "guards"
  ),
  lms_zph = c(
    "table", "x", "time", "y", "var", "transform", "strata", "call", "ties", "n", "nevent",
    "formula", "slope", "terms"
  ),
  lms_results = c(
    "text", "tables", "figures", "captions", "alts", "findings", "left_out", "provenance", "fits"
  )
)

keep_listed <- function(parts, class) {
  listed <- strip_lists[[intersect(class, names(strip_lists))[1L]]]
  out <- parts[names(parts) %in% listed]
  for (name in intersect(c("call", "asked"), names(out))) out[[name]] <- short_call(out[[name]])
  unbound(structure(without_rows(out), class = class))
}

# How many rows had missing values, not which.
without_rows <- function(x) {
  gone <- x$na.action
  if (!is.null(gone)) x$na.action <- structure(seq_along(gone), class = class(gone))
  x
}

# Without environments that hold data: formulas and terms get the global one, quosures of a plot
# that of the package, in which they need no more than the plot's data.
unbound <- function(x) unbind(x, new_visits())

# Environments are known by their addresses; the objects that ggplot2 itself defines hold no data.
new_visits <- function() {
  seen <- new.env()
  for (name in drawing_objects()) assign(name, TRUE, envir = seen)
  list(is_new = function(env) {
    address <- rlang::obj_address(env)
    if (!is.null(seen[[address]])) return(FALSE)
    assign(address, TRUE, envir = seen)
    TRUE
  })
}

# Addresses, found once a session.
drawing_objects <- local({
  addresses <- NULL
  function() {
    if (is.null(addresses)) {
      all <- as.list(asNamespace("ggplot2"), all.names = TRUE)
      addresses <<- vapply(Filter(function(x) inherits(x, "ggproto"), all), rlang::obj_address, "")
    }
    addresses
  }
})

unbind <- function(x, visits) {
  if (is.environment(x)) {
    if (is_drawing_frame(x)) return(topenv())
    unbind_frame(x, visits)
    return(x)
  }
  if (is.function(x)) {
    if (!is.primitive(x)) unbind_frame(environment(x), visits)
    return(x)
  }
  kept <- attributes(x)
  home <- kept[[".Environment"]]
  if (is.environment(home) && !lasts(home)) {
    attr(x, ".Environment") <- if (inherits(x, "quosure")) topenv() else globalenv()
  }
  for (name in setdiff(names(kept), c("names", "row.names", "class", "dim", "levels",
                                      ".Environment"))) {
    if (can_hold(kept[[name]])) attr(x, name) <- unbind(kept[[name]], visits)
  }
  if (is.list(x)) return(unbind_parts(x, visits))
  if (is.call(x) && !inherits(x, "quosure")) unbind_call(x, visits) else x
}

can_hold <- function(x) is.recursive(x) || !is.null(attributes(x))

# Without the methods of a class, which could compute what is not there yet.
unbind_parts <- function(x, visits) {
  class <- attr(x, "class")
  attr(x, "class") <- NULL
  for (i in which(vapply(x, can_hold, NA))) x[[i]] <- unbind(x[[i]], visits)
  attr(x, "class") <- class
  x
}

# A call can hold a formula itself, beside its code.
unbind_call <- function(x, visits) {
  for (i in seq_along(x)) {
    part <- x[[i]]
    if (!missing(part) && inherits(part, "formula")) x[[i]] <- unbind(part, visits)
  }
  x
}

# Environments that no file holds, as they are there in each session.
lasts <- function(env) {
  isNamespace(env) || nzchar(environmentName(env)) || identical(env, emptyenv())
}

# Without arguments that were not given. Looking at an argument evaluates it, after which nothing
# holds the frame of the caller for it.
bound_values <- function(env) {
  names <- setdiff(ls(env, all.names = TRUE, sorted = FALSE), "...")
  values <- tryCatch(mget(names, envir = env), error = function(e) {
    lapply(stats::setNames(nm = names), function(name) {
      tryCatch(get(name, envir = env), error = function(e) NULL)
    })
  })
  values[!vapply(seq_along(values), function(i) identical(values[[i]], rlang::missing_arg()), NA)]
}

unbind_dots <- function(env, visits) {
  if (!exists("...", envir = env, inherits = FALSE)) return(invisible())
  values <- tryCatch(eval(quote(list(...)), env), error = function(e) list())
  if (!length(values)) return(invisible())
  holder <- function(...) {
    list(...)
    environment()
  }
  fresh <- do.call(holder, unbind_parts(values, visits), quote = TRUE)
  assign("...", get("...", envir = fresh), envir = env)
}

drawing_packages <- c("lmsurv", "ggplot2", "gtable", "scales", "patchwork")

# A frame of a function of theirs.
is_drawing_frame <- function(env) {
  top <- topenv(env)
  is.null(attr(env, "class")) && !lasts(env) && isNamespace(top) &&
    getNamespaceName(top) %in% drawing_packages
}

# Frames of functions that have drawn a plot hold the frames of those who called them. The objects
# of ggplot2 are environments too, and look up their parents in `env`.
unbind_frame <- function(env, visits) {
  if (is.null(env) || lasts(env) || !visits$is_new(env)) return(invisible())
  object <- inherits(env, "ggproto")
  if (!object && !is_drawing_frame(env)) return(invisible())
  unbind_dots(env, visits)
  values <- bound_values(env)
  for (name in names(values)) {
    value <- values[[name]]
    if (!can_hold(value) || bindingIsLocked(name, env)) next
    if (name == "env" && is.environment(value)) {
      unbind_frame(value, visits)
      next
    }
    frame <- is.environment(value) && is.null(attr(value, "class"))
    new <- if (frame && !lasts(value)) topenv() else unbind(value, visits)
    if (!identical(new, value)) assign(name, new, envir = env)
  }
  if (!object) unbind_frame(parent.env(env), visits)
}
