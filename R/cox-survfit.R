#' Predict survival curves from a Cox model
#'
#' @description
#' `survfit()` gives the survival curve that a Cox model predicts for patients with given
#' covariates. It has the arguments and the result of [survival::survfit.coxph()], with the
#' numbers of `lms_cox()`. Let eta be the linear predictor of a patient, relative to the means,
#' and H0 the baseline hazard of the stratum. The curve is \eqn{S(t) = \exp(-H_0(t)
#' e^{\eta})}{S(t) = exp(-H0(t) exp(eta))}. Very small values are computed accurately: S is 0
#' only if the computer has no smaller number.
#'
#' @section Differences from survival:
#' With `id`, the standard error is that of the sum of the hazards of the patient's rows, with
#' their covariance. [survival::survfit.coxph()] treats each row as if its covariates applied
#' from the start. `strata()` of an expression, such as `strata(age > 60)`, is recognized in
#' `newdata`.
#'
#' @section Competing causes:
#' Sometimes the status has other known values besides censoring and the event of the model. One
#' minus such a curve is then not the probability of the event, so curves are an error.
#' [lms_cuminc()] estimates that probability. To count all other events as censored, fit the
#' model with `Surv(time, status == 2)`.
#'
#' @param formula A model made by [lms_cox()].
#' @param newdata A data frame with the covariates of m patients, or a named vector for one
#'   patient. By default the curve is that of a patient with the mean of every column of the
#'   design. If `newdata` has the stratum, each row gives one curve. Otherwise each row gives a
#'   curve in each stratum.
#' @param se.fit `TRUE` to give standard errors and confidence intervals.
#' @param conf.int The level of the confidence intervals. The default is that of the model.
#' @param individual `TRUE` if the rows of `newdata` belong to one patient: see `id`.
#' @param stype `2` to compute survival as `exp(-H)`, `1` to use the product-limit form of
#'   Kalbfleisch and Prentice (1980).
#' @param ctype `1` to use the hazard of Breslow, `2` to use that of Efron. The default follows
#'   the ties method of the model.
#' @param type An older way to set `stype` and `ctype`.
#' @param conf.type The scale on which the confidence intervals are computed: `"log"`,
#'   `"log-log"`, `"plain"`, `"none"`, `"logit"` or `"arcsin"`.
#' @param censor `FALSE` to omit the times without an event.
#' @param start.time A number. Only rows followed at least up to this time are used.
#' @param id The patients of the rows of `newdata`, a column of `newdata` or a vector. Use it for
#'   patients whose covariates change over `(start, stop]`.
#' @param influence Not used.
#' @param na.action A function that handles missing values in `newdata`. By default their curves
#'   are `NA`.
#' @param ... Not used.
#' @return An object of class `c("survfitcox", "survfit")`, see [survival::survfit.object()].
#'   With several curves per stratum, `surv`, `cumhaz`, `std.err`, `lower` and `upper` are
#'   matrices with a column for each row of `newdata`. `std.err` is the standard error of the
#'   cumulative hazard, that is, of `log(surv)`.
#' @references
#' Kalbfleisch JD, Prentice RL (1980). *The Statistical Analysis of Failure Time
#' Data*. Wiley.
#'
#' Tsiatis AA (1981). A large sample study of Cox's regression model. *Annals of
#' Statistics* 9, 93-108. \doi{10.1214/aos/1176345335}
#' @seealso [predict.lms_cox()] for survival at given times.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' curves <- survival::survfit(fit, data.frame(age = c(50, 70), sex = 1))
#' summary(curves, times = c(180, 365))
#' @importFrom survival survfit
#' @export
survfit.lms_cox <- function(formula, newdata, se.fit = TRUE, conf.int = formula$conf_level,
                            individual = FALSE, stype = 2, ctype,
                            conf.type = c("log", "log-log", "plain", "logit", "arcsin", "none"),
                            censor = TRUE, start.time, id, influence = FALSE,
                            na.action = stats::na.pass, type, ...) {
  known <- setdiff(names(formals(survfit.lms_cox)), "...")
  refuse_typed_dots("survfit", known, dot_names(...))
  call <- match.call()
  call[[1L]] <- quote(survfit)
  fit <- formula
  refuse_competing(fit)
  how <- curve_kind(fit, stype, if (!missing(ctype)) ctype, if (!missing(type)) type)
  how$se <- check_flag(se.fit, "se.fit")
  how$start <- if (!missing(start.time)) check_number(start.time, "start.time")
  new <- if (!missing(newdata)) as_new_patients(newdata)
  given <- !missing(id)
  ids <- if (given) new_ids(substitute(id), new, parent.frame()) else if (individual) 1
  if ((given || individual) && is.null(new)) {
    abort("newdata", "`id` needs `newdata`, the rows of each patient.")
  }
  rows <- patient_rows(fit, new, ids, na.action)
  curves <- if (length(ids)) {
    lapply(split(seq_along(rows$eta), rows$id), individual_curve, fit, rows, how)
  } else {
    stratum_curves(fit, rows, how)
  }
  by_row <- !is.null(rows$stratum) && !length(ids)
  out <- join_curves(curves, by_row, rows$names)
  if (!check_flag(censor, "censor")) out <- events_only(out)
  level <- check_number(conf.int, "conf.int", 0, 1, open = TRUE)
  scale <- read_conf_type(if (!missing(conf.type)) conf.type, "log", "conf.type")
  out <- finish_curves(out, how, scale, level)
  out$start.time <- how$start
  structure(c(out, call = call), class = c("survfitcox", "survfit"))
}

refuse_competing <- function(fit) {
  if (!isTRUE(fit$competing)) return(invisible())
  abort(
    "competing",
    paste0(
      "The status has other values besides ", fit$event,
      " and censoring, so 1 - survival is not the probability of the event."
    ),
    "Estimate that probability by lms_cuminc(),",
    "or fit the model with `Surv(time, status == ...)` to count all other values as censored."
  )
}

# stype, ctype and start.time as survival::survfit() reads them.
curve_kind <- function(fit, stype, ctype, type) {
  if (!is.null(type)) {
    hazards <- c(aalen = 1, breslow = 1, tsiatis = 1, greenwood = 1, exact = 1, efron = 2,
                 `fleming-harrington` = 2)
    limits <- c("kalbfleisch-prentice", "kaplan-meier")
    type <- check_choice(type, "type", c(limits, names(hazards)))
    stype <- if (type %in% limits) 1 else 2
    if (is.null(ctype)) ctype <- if (stype == 1) 1 else hazards[[type]]
  }
  if (is.null(ctype)) ctype <- if (fit$method == "efron") 2 else 1
  known <- function(x, name) {
    if (!identical(x %in% 1:2, TRUE)) {
      abort("argument", paste0(tick(name), " must be 1 or 2, not ", describe(x), "."))
    }
    as.integer(x)
  }
  list(stype = known(stype, "stype"), ctype = known(ctype, "ctype"))
}

as_new_patients <- function(newdata) {
  if (!is.numeric(newdata) || is.null(names(newdata)) || is.matrix(newdata)) return(newdata)
  as.data.frame(as.list(newdata))
}

# A column of newdata, or one value per row.
new_ids <- function(expr, newdata, frame) {
  ids <- eval(expr, newdata, frame)
  if (length(ids) != NROW(newdata) || anyNA(ids)) {
    abort(
      "argument",
      paste0("`id` must have one known value per row of `newdata` (", NROW(newdata), "), not be ",
             describe(ids), ".")
    )
  }
  ids
}

# Rows to draw curves for, as new_rows() gives them, eta with the offset and relative to the
# weighted mean of the model's own; stratum NULL where every stratum is wanted.
patient_rows <- function(fit, newdata, ids, na.action) {
  crossed <- strata_crossed(fit$terms)
  if (is.null(newdata)) {
    if (crossed) {
      abort("newdata", "A model with an interaction with strata() needs `newdata` for a curve.")
    }
    if (any(attr(fit$terms, "order") > 1L)) {
      warn(
        "mean_curve", "A curve at the mean of every column is hard to interpret in a model with",
        "interactions. Give `newdata`."
      )
    }
    return(list(eta = 0, x = if (length(fit$coefficients)) matrix(fit$means, 1L)))
  }
  counting <- length(ids) > 0L
  if (counting && is.null(fit_response(fit)$entry)) {
    abort("argument", "`id` can only be used with a model of (start, stop] data.",
          "Remove `id`: the rows of `newdata` are different patients.")
  }
  named <- names_strata(fit, newdata)
  if (crossed && !named) {
    abort("newdata", "`newdata` must name the stratum, as the model has an interaction with it.")
  }
  rows <- new_rows(fit, newdata, na.action, named, counting)
  shift <- if (is.null(fit$offset)) 0 else stats::weighted.mean(fit$offset, own_weights(fit))
  rows$eta <- rows$eta + (if (is.null(rows$offset)) 0 else rows$offset) - shift
  # Rows that do not differ have one curve.
  if (!length(fit$coefficients) && is.null(rows$offset) && !named) rows$eta <- rows$eta[1L]
  if (counting) rows$id <- rep_len(ids, nrow(newdata))[match(rows$names, row.names(newdata))]
  if (counting) rows$id <- factor(rows$id, unique(rows$id))
  rows
}

# Whether newdata has all variables of all strata() terms.
names_strata <- function(fit, newdata) {
  if (is.null(fit$strata) || !is.data.frame(newdata)) return(FALSE)
  variables <- as.list(attr(fit$terms, "variables"))[1L + attr(fit$terms, "specials")$strata]
  all(unlist(lapply(variables, all.vars)) %in% names(newdata))
}
