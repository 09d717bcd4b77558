#' Get the results of a Cox model as data frames
#'
#' These functions give the numbers of a Cox model as data frames, for tables and further
#' programs. `tidy()` gives a row for each coefficient, `glance()` one row for the model, and
#' `augment()` the data with predictions. Columns and defaults are those that package 'broom' has
#' for a `coxph`.
#'
#' @param x A model made by [lms_cox()].
#' @param exponentiate `TRUE` to give hazard ratios in `estimate`, `conf.low` and `conf.high`.
#'   `std.error` and `robust.se` remain on the log scale.
#' @param conf.int `TRUE` to add the confidence limits of [confint.lms_cox()].
#' @param conf.level A number between 0 and 1 that sets the level. The default is the
#'   `conf_level` of the model.
#' @param data The data to augment. The default is the model frame.
#' @param newdata Other data to augment.
#' @param type.predict,type.residuals The types of [predict.lms_cox()] and [residuals.lms_cox()]
#'   to add, with one value per row.
#' @param ... Not used; for `augment()`, `reference`, `na.action` and `collapse` of
#'   [predict.lms_cox()].
#' @return Data frames of class `tbl_df`. For a model with Firth's penalty, `statistic` is the
#'   signed root of the penalised likelihood ratio, and `p.value` is its p-value. `logLik` is
#'   penalised, and AIC, BIC and R squared are not available.
#' \describe{
#'   \item{tidy()}{`term`, `estimate`, `std.error`, `robust.se` (with a robust
#'     variance), `statistic`, `p.value`, `conf.low`, `conf.high`.}
#'   \item{glance()}{`n`, `nevent`; `statistic.` and `p.value.` of the tests
#'     `log`, `sc`, `wald` and `robust`; `r.squared`, `r.squared.max`,
#'     `concordance`, `std.error.concordance`, `logLik`, `AIC`, `BIC`, `nobs`.}
#'   \item{augment()}{the data with `.fitted`, `.se.fit` and, without `newdata`,
#'     `.resid`.}
#' }
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' tidy(fit, exponentiate = TRUE, conf.int = TRUE)
#' glance(fit)
#' head(augment(fit))
#' @export
tidy.lms_cox <- function(x, exponentiate = FALSE, conf.int = FALSE,
                         conf.level = x$conf_level, ...) {
  known <- c("exponentiate", "conf.int", "conf.level")
  refuse_typed_dots("tidy", known, dot_names(...))
  estimate <- x$coefficients
  se <- sqrt(diag(x$var))
  columns <- list(term = as.character(names(estimate)), estimate = unname(as.double(estimate)))
  if (is.null(x$naive.var)) {
    columns$std.error <- se
  } else {
    columns$std.error <- sqrt(diag(x$naive.var))
    columns$robust.se <- se
  }
  columns$statistic <- if (is_penalised(x)) penalised_z(x) else columns$estimate / se
  columns$p.value <- stats::pchisq(columns$statistic^2, 1, lower.tail = FALSE)
  if (conf.int) {
    limits <- unname(stats::confint(x, level = conf.level))
    columns$conf.low <- limits[, 1L]
    columns$conf.high <- limits[, 2L]
  }
  if (exponentiate) {
    shown <- intersect(names(columns), c("estimate", "conf.low", "conf.high"))
    columns[shown] <- lapply(columns[shown], exp)
  }
  as_tibble_class(columns)
}

#' @rdname tidy.lms_cox
#' @export
glance.lms_cox <- function(x, ...) {
  refuse_typed_dots("glance", "x", dot_names(...))
  s <- summary(x)
  null <- is.null(x$coefficients)
  test <- function(name, i) if (is.null(s[[name]])) NA_real_ else s[[name]][[i]]
  as_tibble_class(list(
    n = as.integer(x$n), nevent = as.double(x$nevent),
    statistic.log = if (null) NA_real_ else test("logtest", 1L),
    p.value.log = if (null) NA_real_ else test("logtest", 3L),
    statistic.sc = test("sctest", 1L), p.value.sc = test("sctest", 3L),
    statistic.wald = test("waldtest", 1L), p.value.wald = test("waldtest", 3L),
    statistic.robust = test("robscore", 1L), p.value.robust = test("robscore", 3L),
    r.squared = test("rsq", 1L), r.squared.max = test("rsq", 2L),
    concordance = x$concordance[["concordance"]], std.error.concordance = x$concordance[["std"]],
    logLik = x$loglik[length(x$loglik)],
    AIC = if (is_penalised(x)) NA_real_ else stats::AIC(x),
    BIC = if (is_penalised(x)) NA_real_ else stats::BIC(x),
    nobs = as.integer(x$n)
  ))
}

#' @rdname tidy.lms_cox
#' @export
augment.lms_cox <- function(x, data = NULL, newdata = NULL, type.predict = "lp",
                            type.residuals = "martingale", ...) {
  type.predict <- check_choice(
    type.predict, "type.predict", c("lp", "risk", "expected", "survival")
  )
  type.residuals <- check_choice(type.residuals, "type.residuals", c("martingale", "deviance"))
  omitted <- unclass(x)$na.action
  x$na.action <- NULL
  handed <- c("na.action", "collapse", "reference")
  refuse_typed_dots(
    "augment", c("data", "newdata", "type.predict", "type.residuals", handed),
    setdiff(dot_names(...), handed)
  )
  asked <- list(...)
  asked <- asked[names(asked) %in% handed]
  predicted <- list(x, newdata, type = type.predict, se.fit = TRUE)
  fit <- do.call(stats::predict, c(predicted, asked))
  added <- list(.fitted = unname(as.vector(fit$fit)), .se.fit = unname(as.vector(fit$se.fit)))
  if (is.null(newdata)) added$.resid <- unname(stats::residuals(x, type.residuals))
  base <- if (!is.null(newdata)) newdata else if (!is.null(data)) data else stats::model.frame(x)
  names <- row.names(base)
  named <- .row_names_info(base) > 0L && any(names != seq_along(names))
  if (is.null(newdata) && nrow(base) == length(added$.fitted) + length(omitted)) {
    if (inherits(omitted, "exclude")) added <- lapply(added, stats::naresid, omit = omitted)
    else if (length(omitted)) base <- base[-omitted, , drop = FALSE]
  }
  if (nrow(base) != length(added$.fitted)) {
    abort(
      "argument",
      paste0(
        "`data` must have the ", count_of(length(added$.fitted), "row"), " of the model, not ",
        nrow(base), "."
      )
    )
  }
  as_tibble_class(c(if (named) list(.rownames = row.names(base)), as.list(base), added))
}
