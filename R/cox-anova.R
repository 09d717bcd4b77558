#' Compare Cox models, or drop and add terms
#'
#' These functions test whether variables improve a Cox model, for anyone who compares models.
#' `anova()` of one model adds its terms one after the other. `anova()` of several models
#' compares each with the previous one by a likelihood ratio test. `drop1()` and `add1()` remove
#' or add single terms. The results have the form of [stats::anova()], [stats::drop1()] and
#' [stats::add1()]. All models are fitted to the rows of the model itself, and a message names a
#' variable that would change the patients. For a model with Firth's penalty, `drop1()` gives
#' penalised likelihood ratio tests, whatever `test` is. The penalised likelihood cannot be
#' compared between models, so the other functions stop with an error.
#'
#' @param object A model made by [lms_cox()].
#' @param ... For `anova()`, further models to compare.
#' @param test The test to make: `"Chisq"`, or for `drop1()` and `add1()` also `"none"`.
#' @param scope The terms to drop or add, as a formula or their names. By default `drop1()` tries
#'   all terms that can be dropped.
#' @param scale Not used.
#' @param k A number that sets the penalty per coefficient, 2 for AIC.
#' @param trace Not used.
#' @return A data frame of class `anova`.
#' @examples
#' lung <- survival::lung[!is.na(survival::lung$ph.ecog), ]
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex + ph.ecog, data = lung)
#' anova(fit)
#' anova(update(fit, . ~ . - age), fit)
#' drop1(fit, test = "Chisq")
#' add1(update(fit, . ~ sex), ~ . + age + ph.ecog, test = "Chisq")
#' @name anova.lms_cox
NULL

#' @rdname anova.lms_cox
#' @importFrom stats anova
#' @export
anova.lms_cox <- function(object, ..., test = "Chisq") {
  others <- list(...)
  named <- names(others)
  if (length(named) && any(nzchar(named))) refuse_typed_dots("anova", "test", named[nzchar(named)])
  if (length(named)) others <- others[!nzchar(named)]
  if (length(others)) return(anova_models(c(list(object), others), test))
  check_likelihood(object)
  design <- fit_design(object)
  response <- fit_response(object)
  labels <- attr(object$terms, "term.labels")
  used <- unique(design$assign)
  loglik <- object$loglik[1L]
  df <- 0L
  for (j in used[-length(used)]) {
    fit <- refit(object, design, response, which(design$assign <= j))
    loglik <- c(loglik, fit$loglik)
    df <- c(df, fit$df)
  }
  if (length(used)) {
    loglik <- c(loglik, object$loglik[2L])
    df <- c(df, sum(!is.na(object$coefficients)))
  }
  title <- paste0(
    "Analysis of Deviance Table\n Cox model: response is ", deparse1(object$terms[[2L]]),
    "\nTerms added sequentially (first to last)\n"
  )
  table <- data.frame(loglik = loglik, Chisq = c(NA, 2 * diff(loglik)), Df = c(NA, diff(df)))
  finish_anova(table, c("NULL", labels[used]), title, test)
}

finish_anova <- function(table, rows, title, test) {
  if (length(test) && test[1L] == "Chisq") {
    table[["Pr(>|Chi|)"]] <- stats::pchisq(table$Chisq, abs(table$Df), lower.tail = FALSE)
  }
  row.names(table) <- rows
  structure(table, heading = title, class = c("anova", "data.frame"))
}

check_likelihood <- function(object) {
  refuse_penalised(object, "likelihood to compare models by", "Test each term by drop1().")
  if (is.null(object$naive.var)) return(invisible())
  abort("argument", "A model with a robust variance has no likelihood ratio test.",
        "Use a Wald test, such as lmtest::waldtest() or car::Anova(test = \"Wald\").")
}

# Log likelihood and degrees of freedom with some of the columns only.
refit <- function(object, design, response, at) {
  fit <- core_cox_fit(select_columns(design, at), response, fit_options(object))
  list(loglik = fit$loglik[length(fit$loglik)], df = sum(!fit$aliased))
}

anova_models <- function(models, test) {
  if (!all(vapply(models, inherits, logical(1), "coxph"))) {
    abort("argument", "anova() compares Cox models only.")
  }
  lapply(models, check_likelihood)
  check_same_response(models)
  check_same_rows(models)
  loglik <- vapply(models, function(fit) fit$loglik[length(fit$loglik)], 0)
  df <- vapply(models, function(fit) sum(!is.na(fit$coefficients)), 0)
  table <- data.frame(
    loglik = loglik, Chisq = c(NA, abs(2 * diff(loglik))), Df = c(NA, abs(diff(df)))
  )
  variables <- vapply(models, function(fit) paste("~", deparse1(fit$terms[[3L]])), "")
  title <- c(
    paste0(
      "Analysis of Deviance Table\n Cox model: response is  ", deparse1(models[[1L]]$terms[[2L]])
    ),
    paste0(" Model ", format(seq_along(models)), ": ", variables, collapse = "\n")
  )
  finish_anova(table, as.character(seq_along(models)), title, test)
}

check_same_response <- function(models) {
  responses <- vapply(models, function(fit) deparse1(fit$terms[[2L]]), "")
  ties <- vapply(models, function(fit) fit$method, "")
  if (length(unique(responses)) > 1L) {
    abort(
      "argument",
      paste0("The models have different responses: ", enumerate(tick(unique(responses))), ".")
    )
  }
  if (length(unique(ties)) > 1L) {
    abort(
      "argument", paste0("The models have different `ties`: ", enumerate(quoted(unique(ties))), ".")
    )
  }
}

# Models on different rows cannot be compared: say which variable did it.
check_same_rows <- function(models) {
  n <- vapply(models, function(fit) as.double(fit$n), 0)
  gone <- lapply(models, function(fit) as.integer(unclass(fit)$na.action))
  # The rows that one loses to a missing value another may lose to its subset.
  same <- length(unique(gone)) == 1L || length(unique(lapply(models, fit_row_names))) == 1L
  if (length(unique(n)) == 1L && same) return(invisible())
  missing <- unlist(lapply(models, function(fit) unclass(fit)$missing))
  missing <- missing[!duplicated(names(missing))]
  rows <- enumerate(n)
  abort(
    "rows", paste0("The models were fitted to different rows (", rows, ")."),
    if (length(missing)) paste0("Missing data: ", missing_summary(missing), "."),
    "Fit all models to the rows that are complete for the largest model."
  )
}

#' @rdname anova.lms_cox
#' @importFrom stats drop1
#' @export
drop1.lms_cox <- function(object, scope, scale = 0, test = c("none", "Chisq"), k = 2,
                          trace = FALSE, ...) {
  test <- check_option(test, "test", c("none", "Chisq"))
  refuse_typed_dots("drop1", c("scope", "scale", "test", "k", "trace"), dot_names(...))
  labels <- attr(object$terms, "term.labels")
  if (missing(scope)) {
    scope <- setdiff(steady(stats::drop.scope)(object), labels[strata_terms(object$terms)])
  } else if (!is.character(scope)) {
    larger <- steady(stats::update.formula)(stats::formula(object), scope)
    scope <- attr(steady(stats::terms)(larger), "term.labels")
  }
  check_scope(scope, labels)
  if (is_penalised(object)) return(penalised_drop1(object, scope))
  design <- fit_design(object)
  response <- fit_response(object)
  fits <- lapply(
    scope, function(label) refit(object, design, response, which(labels[design$assign] != label))
  )
  trial_table(object, fits, scope, -1, test, k, "Single term deletions")
}

check_scope <- function(scope, labels) {
  unknown <- setdiff(scope, labels)
  if (length(unknown)) {
    abort(
      "argument",
      paste0("`scope` names ", tick(unknown[1L]), ", which is not a term of the model."),
      did_you_mean(unknown[1L], labels)
    )
  }
}

#' @rdname anova.lms_cox
#' @importFrom stats add1
#' @export
add1.lms_cox <- function(object, scope, scale = 0, test = c("none", "Chisq"), k = 2,
                         trace = FALSE, ...) {
  test <- check_option(test, "test", c("none", "Chisq"))
  refuse_typed_dots("add1", c("scope", "scale", "test", "k", "trace"), dot_names(...))
  refuse_penalised(
    object, "AIC to add terms by",
    "Fit the larger model with the penalty, and test the added term by drop1()."
  )
  if (missing(scope) || is.null(scope)) {
    abort("argument", "`scope` must name the terms to add.")
  }
  if (!is.character(scope)) {
    larger <- steady(stats::update.formula)(stats::formula(object), scope)
    scope <- steady(stats::add.scope)(object, larger)
  }
  if (!length(scope)) abort("argument", "`scope` has no term that the model does not have already.")
  fits <- lapply(scope, function(label) {
    formula <- steady(stats::update.formula)(
      stats::formula(object), stats::as.formula(paste("~ . +", label))
    )
    environment(formula) <- environment(object$formula)
    risk <- risk_data_again(object, formula)
    check_added_rows(object, risk, label)
    design <- new_design(risk$terms, risk$frame)
    refit(object, design, risk$response, seq_along(design$names))
  })
  trial_table(object, fits, scope, 1, test, k, "Single term additions")
}

check_added_rows <- function(object, risk, label) {
  n <- length(risk$response$time)
  before <- length(object$linear.predictors)
  if (n == before) return(invisible())
  new <- setdiff(names(risk$missing), names(unclass(object)$missing))
  abort(
    "rows", paste0(
      "With ", tick(label), ", only ", n, " of the model's ", before,
      " rows are complete, so the models cannot be compared."
    ),
    if (length(new)) paste0("Missing: ", missing_summary(risk$missing[new]), "."),
    "Fit the first model to the rows that are complete for all terms."
  )
}

# The tables of stats::drop1.default() and add1.default().
trial_table <- function(object, fits, scope, side, test, k, title) {
  now <- stats::extractAIC(object, k = k)
  loglik <- vapply(fits, `[[`, 0, "loglik")
  df <- vapply(fits, function(fit) as.double(fit$df), 0)
  change <- side * (df - now[1L])
  table <- data.frame(
    Df = c(NA, change), AIC = c(now[2L], -2 * loglik + k * df), row.names = c("<none>", scope)
  )
  if (test == "Chisq") {
    ratio <- side * 2 * (loglik - object$loglik[length(object$loglik)])
    p <- stats::pchisq(ratio, ifelse(change > 0, change, NA), lower.tail = FALSE)
    table[c("LRT", "Pr(>Chi)")] <- list(c(NA, ratio), c(NA, p))
  }
  structure(
    table,
    heading = c(title, "\nModel:", deparse(stats::formula(object))),
    class = c("anova", "data.frame")
  )
}
