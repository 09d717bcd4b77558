# Lines of code that a finding suggests, which run where the check was called: made as calls, never
# as text.

# What the lines begin with. expr: how the user wrote the fit; check: the call of lms_check(); env:
# where it was written.
code_source <- function(expr, fit, check, env) {
  list(expr = if (can_be_typed(expr, env)) expr, fit = fit, check = check, env = env)
}

# Not what a function that applies others calls it, as `X[[i]]` of lapply(), nor an object itself.
can_be_typed <- function(expr, env) {
  if (!is.language(expr) || identical(expr, quote(.))) return(FALSE)
  if (isNamespace(topenv(env)) && !is_own_namespace(env)) return(FALSE)
  !holds_objects(expr)
}

# testthat runs tests in a copy of the namespace.
is_own_namespace <- function(env) getNamespaceName(topenv(env)) == "lmsurv"

# Whether a call has values in it that no one could type.
holds_objects <- function(expr) {
  if (is.call(expr)) return(any(vapply(as.list(expr), holds_objects, NA)))
  !is.language(expr) && !is.null(expr) && !is.function(expr) && !rlang::is_missing(expr) &&
    (is.object(expr) || length(expr) != 1L || !is.atomic(expr))
}

# NA where the call cannot be typed.
code_line <- function(call) {
  if (is.null(call) || holds_objects(call)) return(NA_character_)
  deparse1(call, collapse = " ", width.cutoff = 500L)
}

# A line that fits the model again. change: a formula of update(); ...: arguments to set.
refit_code <- function(source, ..., change = NULL) {
  arguments <- list(...)
  if (is_fitting_call(source$expr) || is.null(source$expr)) {
    call <- if (is.null(source$expr)) source$fit$call else source$expr
    return(code_line(changed_call(call, source$fit, arguments, change)))
  }
  code_line(as.call(c(list(quote(update), source$expr), change, arguments)))
}

# lms_cox(...) or survival::coxph(...), as typed.
is_fitting_call <- function(expr) call_name(expr) %in% c("lms_cox", "coxph")

changed_call <- function(call, fit, arguments, change) {
  call <- match.call(if (call_name(call) == "coxph") survival::coxph else lms_cox, call,
                     expand.dots = FALSE)
  call <- spread_dots(call)
  if (!is.null(change)) {
    call$formula <- plain_formula(steady(stats::update.formula)(stats::formula(fit), change))
  } else if (inherits(call$formula, "formula")) {
    call$formula <- plain_formula(call$formula)
  }
  for (name in names(arguments)) call[[name]] <- arguments[[name]]
  first_unnamed(call)
}

# A formula as it is typed, without its environment.
plain_formula <- function(formula) {
  attributes(formula) <- NULL
  formula
}

spread_dots <- function(call) {
  parts <- as.list(call)
  as.call(c(parts[names(parts) != "..."], parts[["..."]]))
}

# `lms_cox(y ~ x, data = d)`, as most people write it.
first_unnamed <- function(call) {
  at <- match("formula", names(call))
  parts <- as.list(call)
  names(parts)[at] <- ""
  as.call(c(parts[1L], parts[at], parts[-c(1L, at)]))
}

# The call of the penalised fit; NA where the check gives no penalised estimate either. coxph() has
# no penalty: the model is one of lms_cox() then.
penalty_code <- function(fit, source) {
  if (!has_penalty(fit)) return(NA_character_)
  arguments <- penalty_arguments(fit)
  if (!is_coxph(source)) return(do.call(refit_code, c(list(source), arguments), quote = TRUE))
  code_line(changed_call(as_lms_call(source$fit$call), source$fit, arguments, NULL))
}

is_coxph <- function(source) !inherits(source$fit, "lms_cox")

# The same model by lms_cox(), whose own arguments are called alike.
as_lms_call <- function(call) {
  call <- match.call(survival::coxph, call)
  kept <- names(call) %in% c("", setdiff(names(formals(lms_cox)), c("...", "robust")))
  call <- call[kept]
  call[[1L]] <- quote(lms_cox)
  call
}

# The check again, with what it was told: `known_from`, and what else there was.
check_again_code <- function(source, ...) {
  call <- source$check
  call[[1L]] <- quote(lms_check)
  call$fit <- if (is.null(source$expr)) source$fit$call else source$expr
  arguments <- list(...)
  for (name in names(arguments)) call[[name]] <- arguments[[name]]
  parts <- as.list(call)
  names(parts)[names(parts) == "fit"] <- ""
  code_line(as.call(parts))
}

# A formula for update(): `. ~ . - x`, and with something in its place `. ~ . - x + y`.
without_term <- function(term, instead = NULL) {
  right <- call("-", quote(.), term)
  call("~", quote(.), if (is.null(instead)) right else call("+", right, instead))
}

# The expression of a term, from the label that R makes of it.

# The data of the fit, where the user can change it by its name.
named_data <- function(source) {
  data <- source$fit$call$data
  if (!is.name(data)) return(NULL)
  found <- get0(as.character(data), envir = source$env)
  if (is.data.frame(found)) data
}
