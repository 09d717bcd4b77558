#' Compute E-values of hazard ratios
#'
#' `lms_evalue()` shows how strong an unmeasured confounder would have to be to explain a hazard
#' ratio. It is for anyone who reports a hazard ratio from observational data. No check of the
#' data can find such a confounder.
#'
#' @details The E-value is a risk ratio. The confounder would need at least this association with
#' both the covariate and the outcome, beyond the measured covariates, to move the estimate to 1.
#' It is `RR + sqrt(RR * (RR - 1))`, and for a risk ratio below 1 that of `1 / RR` (VanderWeele
#' and Ding 2017). The E-value of the interval is that of the limit nearer to 1. It is 1 if the
#' interval includes 1.
#'
#' If the event is rare by the end of follow-up (fewer than 15% of the patients), the hazard
#' ratio is used as the risk ratio. Otherwise the risk ratio is `(1 - 0.5^sqrt(HR)) / (1 -
#' 0.5^sqrt(1 / HR))`.
#'
#' Compare the E-value with what is known. Suppose the strongest known predictors of the outcome
#' have hazard ratios of 2. A confounder can then easily reach an E-value of 1.3, but hardly one
#' of 5. The E-value does not describe other biases, such as immortal time bias or selection. The
#' hazard ratio of a quantity is that of a difference of 1, or of `per`.
#'
#' @param fit A model made by [lms_cox()].
#' @param rare `TRUE` if the event is rare, `FALSE` if it is not. By default it is rare if fewer
#'   than 15% of the rows have it.
#' @param per The differences for which the hazard ratios of quantities are given, by covariate,
#'   such as `c(age = 10)`.
#' @param x A result of `lms_evalue()`.
#' @param ... Not used.
#' @return A data frame of class `lms_evalue` with a row for each coefficient: `term` (its name),
#'   `estimate`, `conf.low`, `conf.high` (the hazard ratio), `evalue` and `evalue.limit`. The
#'   attribute `rare` shows which formula was used.
#' @references
#' VanderWeele TJ, Ding P (2017). Sensitivity analysis in observational research:
#' introducing the E-value. *Annals of Internal Medicine* 167, 268-274.
#' \doi{10.7326/M16-2607}
#' @seealso [lms_check()]
#' @examples
#' fit <- lms_cox(Surv(time, status) ~ age + sex, data = survival::lung, event = 2)
#' lms_evalue(fit, per = c(age = 10))
#' @export
lms_evalue <- function(fit, rare = NULL, per = NULL, ...) {
  refuse_dots("lms_evalue", c("fit", "rare", "per"), dot_names(...))
  if (!inherits(fit, "lms_cox")) {
    abort("argument", paste0("`fit` must be a model made by lms_cox(), not ", describe(fit), "."))
  }
  if (is.null(rare)) rare <- fit$nevent < 0.15 * fit$n
  check_flag(rare, "rare")
  unit <- read_differences(per, fit)
  limits <- unname(stats::confint(fit))
  ratio <- function(b) exp(b * unit)
  out <- data.frame(
    term = as.character(names(fit$coefficients)), estimate = ratio(unname(fit$coefficients)),
    conf.low = pmin(ratio(limits[, 1L]), ratio(limits[, 2L])),
    conf.high = pmax(ratio(limits[, 1L]), ratio(limits[, 2L]))
  )
  # Infinite coefficients have no ratio to explain.
  out$estimate[fit$infinite_at] <- NA
  nearer <- ifelse(out$estimate > 1, pmax(out$conf.low, 1), pmin(out$conf.high, 1))
  out$evalue <- e_value(out$estimate, rare)
  out$evalue.limit <- e_value(nearer, rare)
  structure(out, class = c("lms_evalue", "data.frame"), rare = rare, conf_level = fit$conf_level,
            subject = deparse1(fit$formula))
}

# Of hazard ratios.
e_value <- function(ratio, rare) {
  ratio <- pmax(ratio, 1 / ratio)
  if (!rare) ratio <- (1 - 0.5^sqrt(ratio)) / (1 - 0.5^sqrt(1 / ratio))
  ratio + sqrt(ratio * (ratio - 1))
}

# By coefficient, 1 where nothing was said.
read_differences <- function(per, fit) {
  unit <- rep(1, length(fit$coefficients))
  if (is.null(per)) return(unit)
  known <- names(fit$assign)
  right <- is.numeric(per) && length(per) && !is.null(names(per)) && all(is.finite(per) & per != 0)
  if (!right) {
    abort("argument", paste0("`per` must be named differences, not ", describe(per), "."),
          "For example: `per = c(age = 10)`.")
  }
  unknown <- setdiff(names(per), known)
  if (length(unknown)) {
    abort("argument", paste0("`per` must name terms of the model, not ", quoted(unknown[1L]), "."),
          did_you_mean(unknown[1L], known))
  }
  for (term in names(per)) unit[fit$assign[[term]]] <- per[[term]]
  unit
}

#' @rdname lms_evalue
#' @export
print.lms_evalue <- function(x, ...) {
  refuse_typed_dots("print", "x", dot_names(...))
  print_lines(paste0("E-values: ", attr(x, "subject")))
  cat("\n")
  rows <- lapply(seq_len(nrow(x)), function(i) {
    row <- x[i, ]
    digits <- ratio_digits(c(row$conf.low, row$conf.high))
    shown <- !is.na(row$estimate)
    c(row$term, if (shown) format_ratio(row$estimate, digits) else "not estimable",
      if (shown) paste(format_ratio(row$conf.low, digits), "to",
                       format_ratio(row$conf.high, digits)) else "",
      if (shown) formatC(c(row$evalue, row$evalue.limit), format = "f", digits = 2L) else c("", ""))
  })
  level <- paste0(format(100 * attr(x, "conf_level")), "% CI")
  print_columns(rbind(c("", "HR", level, "E-value", "of the CI"), do.call(rbind, rows)))
  cat("\n")
  print_lines(paste0(
    "An unmeasured confounder would have to be associated with both the covariate and the ",
    "outcome by a risk ratio of at least the E-value to explain the hazard ratio away. ",
    "The event is assumed to be ", if (attr(x, "rare")) "rare." else "common."
  ))
  invisible(x)
}
