#' Predict risk or survival from a Cox model
#'
#' @description
#' `predict()` gives the predicted risk or survival of patients from a Cox model. It works as
#' [survival::predict.coxph()] and also gives survival at chosen `times`.
#'
#' * `"lp"`: the linear predictor, relative to the reference.
#' * `"risk"`: its exponential, the hazard ratio relative to the reference.
#' * `"terms"`: the part of each term in the linear predictor.
#' * `"expected"`: the expected number of events (cumulative hazard) over a row's follow-up, or
#'   up to each of `times`.
#' * `"survival"`: the survival probability, `exp(-expected)`.
#'
#' @section Differences from survival:
#' In three places the numbers differ from [survival::predict.coxph()]. The standard error of
#' `"risk"` is `risk * se(lp)`. The standard error of `"expected"` over `(start, stop]` is that
#' of the difference of two cumulative hazards, with their covariance. An offset counts in full
#' in `"expected"` and `"survival"`.
#'
#' @param object A model made by [lms_cox()].
#' @param newdata A data frame with the covariates of m patients. By default the rows of the
#'   model are used. Strata and the response are needed only if `type` uses them.
#' @param type The kind of prediction (see above).
#' @param se.fit `TRUE` to also give standard errors.
#' @param na.action A function that handles missing values in `newdata`. By default their
#'   predictions are `NA`.
#' @param terms The names or numbers of the terms, for `type = "terms"`.
#' @param collapse A vector of m values. Predictions are summed over rows with the same value.
#' @param reference The reference of `"lp"` and `"risk"`: the means of each stratum (`"strata"`,
#'   the default), the means of the whole `"sample"` (the default for `"terms"`), or covariates
#'   of `"zero"`.
#' @param times k numbers: the times since time 0 at which `"survival"` or `"expected"` is
#'   wanted. After the last follow-up of a stratum the result is `NA`, with a warning.
#' @param ... Not used.
#' @return A vector of m values; a matrix m x terms for `"terms"`; a matrix m x k with `times`.
#'   With `se.fit`, a list of `fit` and `se.fit`, of the same shape.
#' @examples
#' lung <- survival::lung
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = lung)
#' patients <- data.frame(age = c(50, 70), sex = c(1, 2))
#' predict(fit, patients, type = "risk")
#' predict(fit, patients, type = "survival", times = c(180, 365))
#' @importFrom stats predict
#' @export
predict.lms_cox <- function(object, newdata = NULL,
                            type = c("lp", "risk", "expected", "terms", "survival"),
                            se.fit = FALSE, na.action = stats::na.pass,
                            terms = names(object$assign), collapse = NULL,
                            reference = c("strata", "sample", "zero"), times = NULL, ...) {
  known <- setdiff(names(formals(predict.lms_cox)), c("object", "..."))
  refuse_typed_dots("predict", known, dot_names(...))
  type <- check_option(type, "type", c("lp", "risk", "expected", "terms", "survival"))
  if (missing(reference) && type == "terms") reference <- "sample"
  reference <- check_option(reference, "reference", c("strata", "sample", "zero"))
  check_flag(se.fit, "se.fit")
  check_prediction_times(times, type)
  hazard <- type %in% c("expected", "survival")
  by_stratum <- !is.null(object$strata) && (hazard || reference == "strata")
  x <- se.fit || type == "terms"
  timed <- hazard && is.null(times)
  rows <- if (is.null(newdata)) {
    own_rows(object, x)
  } else {
    new_rows(object, newdata, na.action, by_stratum, timed)
  }
  out <- if (hazard) {
    predict_hazard(object, rows, type, se.fit, times)
  } else if (type == "terms") {
    predict_terms(object, rows, terms, reference, se.fit)
  } else {
    predict_linear(object, rows, type, reference, se.fit)
  }
  out <- lapply(out[lengths(out) > 0L], pad_rows, na.action = rows$na.action)
  if (!is.null(collapse)) out <- collapse_rows(out, collapse)
  if (se.fit) out else out$fit
}

check_prediction_times <- function(times, type) {
  if (is.null(times)) return(invisible())
  if (!type %in% c("expected", "survival")) {
    abort("argument", "`times` can only be used with `type = \"survival\"` or \"expected\".")
  }
  if (!is.numeric(times) || !length(times) || anyNA(times) || any(times < 0)) {
    abort("argument", paste0("`times` must be numbers of 0 or more, not ", describe(times), "."))
  }
}

pad_rows <- function(part, na.action) {
  if (is.null(na.action)) return(part)
  constant <- attr(part, "constant")
  part <- stats::napredict(na.action, part)
  if (!is.null(constant)) attr(part, "constant") <- constant
  part
}

collapse_rows <- function(out, collapse) {
  if (length(collapse) != NROW(out$fit)) {
    abort(
      "argument",
      paste0(
        "`collapse` must have one value per row (", NROW(out$fit), "), not be ", describe(collapse),
        "."
      )
    )
  }
  out$fit <- drop(rowsum(out$fit, collapse))
  if (!is.null(out$se.fit)) out$se.fit <- sqrt(drop(rowsum(out$se.fit^2, collapse)))
  out
}

# Rows to predict: eta = (x - means)'b without offset, offset, stratum (codes),
# x (m x p, or NULL), response (time, entry), names, na.action.
own_rows <- function(object, x) {
  list(
    eta = own_eta(object), offset = object$offset,
    stratum = if (!is.null(object$strata)) as.integer(object$strata),
    x = if (x) dense_design(fit_design(object)), response = fit_response(object), own = TRUE,
    names = fit_row_names(object), na.action = object$na.action
  )
}

predict_linear <- function(object, rows, type, reference, se.fit) {
  eta <- rows$eta + centred_offset(object, rows$offset)
  named <- !rows$own || se.fit
  if (reference == "strata" && !is.null(object$strata)) {
    eta <- eta - stratum_means(object, own_eta(object))[rows$stratum]
    named <- TRUE
  } else if (reference == "zero") {
    eta <- eta + sum(object$means * zero_aliased(object))
    named <- TRUE
  }
  out <- list(fit = if (named) stats::setNames(eta, rows$names) else eta)
  if (se.fit) {
    out$se.fit <- sqrt(quadratic(from_reference(object, rows, reference), object$var))
    names(out$se.fit) <- rows$names
  }
  if (type == "risk") {
    out$fit <- exp(out$fit)
    if (se.fit) out$se.fit <- out$se.fit * out$fit
  }
  out
}

# x of the rows minus that of the reference, m x p.
from_reference <- function(object, rows, reference) {
  if (reference == "zero") return(rows$x)
  if (reference == "sample" || is.null(object$strata)) return(centred(rows$x, object$means))
  own <- if (rows$own) rows$x else dense_design(fit_design(object))
  rows$x - stratum_means(object, own)[rows$stratum, , drop = FALSE]
}

predict_terms <- function(object, rows, terms, reference, se.fit) {
  assign <- object$assign
  chosen <- if (is.numeric(terms)) names(assign)[terms] else terms
  if (anyNA(match(chosen, names(assign)))) {
    abort(
      "argument", paste0("`terms` must be among ", enumerate(quoted(names(assign)), "or", 10L), ".")
    )
  }
  x <- from_reference(object, rows, reference)
  b <- zero_aliased(object)
  fit <- matrix(0, nrow(x), length(chosen), dimnames = list(rows$names, chosen))
  se <- fit
  for (label in chosen) {
    at <- assign[[label]]
    fit[, label] <- x[, at, drop = FALSE] %*% b[at]
    if (se.fit) se[, label] <- sqrt(
      quadratic(x[, at, drop = FALSE], object$var[at, at, drop = FALSE])
    )
  }
  attr(fit, "constant") <- sum(object$means * b)
  list(fit = fit, se.fit = if (se.fit) se)
}
