#' Summarize a Cox model
#'
#' `summary()` gives all numbers of a Cox model, for anyone who needs coefficients, z values,
#' tests and concordance. It contains what [survival::summary.coxph()] contains, with the
#' confidence level of the model. The methods to report stand at the end of the print.
#'
#' @param object A model made by [lms_cox()].
#' @param conf.int The level of the confidence intervals, or `FALSE` for none. The default is the
#'   `conf_level` of the model.
#' @param scale A number by which the coefficients are multiplied.
#' @param ... Not used.
#' @return A list of class `c("summary.lms_cox", "summary.coxph")` with the
#'   components `call`, `n`, `nevent`, `loglik`, `na.action`, `coefficients` (a
#'   matrix with `coef`, `exp(coef)`, `se(coef)`, `robust se` where there is one,
#'   `z` and `Pr(>|z|)`), `conf.int` (a matrix with `exp(coef)`, `exp(-coef)` and
#'   the limits), `logtest`, `sctest`, `waldtest` and `robscore` (test, df,
#'   p-value), `rsq`, `used.robust`, `concordance`, and `rules`. For a model
#'   without covariates, the model itself.
#' @examples
#' summary(lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung))
#' @export
summary.lms_cox <- function(object, conf.int = object$conf_level, scale = 1, ...) {
  refuse_typed_dots("summary", c("conf.int", "scale"), dot_names(...), cox_summary_ways_out)
  if (!isFALSE(conf.int)) check_number(conf.int, "conf.int", 0, 1, open = TRUE)
  check_number(scale, "scale")
  if (is.null(object$coefficients)) return(object)
  plain <- object
  class(plain) <- "coxph"
  out <- steady(summary)(plain, conf.int = conf.int, scale = scale)
  out$call <- short_call(object$call)
  if (is_penalised(object)) out <- penalised_summary(out, object, conf.int, scale)
  out$rules <- c(table_notes(object), rules_line(object))
  class(out) <- c("summary.lms_cox", "summary.coxph")
  out
}

# z is the signed root of the likelihood ratio, and the limits are those of the
# profile. The maximal r square would be that of a likelihood.
penalised_summary <- function(out, object, level, scale) {
  z <- penalised_z(object)
  out$coefficients[, "z"] <- z
  out$coefficients[, "Pr(>|z|)"] <- stats::pchisq(z^2, 1, lower.tail = FALSE)
  if (level) out$conf.int[, 3:4] <- exp(scale * stats::confint(object, level = level))
  out$rsq[] <- NA
  out
}

#' @export
print.summary.lms_cox <- function(x, ...) {
  plain <- x
  class(plain) <- "summary.coxph"
  # It writes the quotes of its legend as the session would.
  old <- options(useFancyQuotes = FALSE)
  on.exit(options(old), add = TRUE, after = FALSE)
  steady(print)(plain, ...)
  cat(strwrap(x$rules, cli::console_width(), exdent = 2L), sep = "\n")
  invisible(x)
}
