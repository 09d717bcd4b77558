# From the user's formula to a terms object in which strata(), offset() and
# Surv() are plain names, whatever way they were written, in an environment
# where those names are found later on as well.

special_functions <- function() {
  list(
    Surv = survival::Surv, strata = survival::strata, cluster = survival::cluster,
    offset = stats::offset, frailty = survival::frailty,
    frailty.gamma = survival::frailty.gamma, frailty.gaussian = survival::frailty.gaussian,
    frailty.t = survival::frailty.t, ridge = survival::ridge, pspline = survival::pspline
  )
}

refused_specials <- c(
  "tt", "frailty", "frailty.gamma", "frailty.gaussian", "frailty.t", "ridge", "pspline"
)

operators <- c("+", "-", "*", ":", "/", "^", "(", "~", "%in%", "I", "$", "[", "[[", "::", ":::")

# formula: of check_formula(). Answer: terms, cluster (an expression or NULL), env.
parse_formula <- function(formula, data) {
  env <- environment(formula)
  functions <- special_functions()
  formula <- plain_specials(formula, env, functions)
  used <- unique(called_names(formula))
  refuse_specials(used)
  env <- special_env(intersect(used, c("Surv", "strata")), env, functions)
  cluster <- NULL
  if ("cluster" %in% used && "cluster" %in% called_names(formula[[3L]])) {
    taken <- take_cluster(formula)
    formula <- taken$formula
    cluster <- taken$cluster
  }
  attributes(formula) <- list(class = "formula", .Environment = env)
  terms <- formula_terms(formula, data)
  warn_both_sides(terms)
  list(terms = terms, cluster = cluster, env = env)
}

check_formula <- function(formula) {
  if (is.data.frame(formula)) abort_swapped()
  if (is.list(formula) && !is.object(formula)) {
    abort(
      "formula", "`formula` is a list. Multi-state models are not supported.",
      "Use survival::coxph() for multi-state models."
    )
  }
  if (!inherits(formula, "formula")) {
    abort("formula", paste0("`formula` must be a formula, not ", describe(formula), "."),
          "Write `Surv(time, status) ~ age + sex`.")
  }
  if (length(formula) < 3L) {
    abort("formula", "`formula` has no outcome on its left side.",
          "Write `Surv(time, status) ~ age + sex`.")
  }
  if (is.null(environment(formula))) environment(formula) <- globalenv()
  formula
}

abort_swapped <- function() {
  call <- verb_call()
  verb <- if (is.null(call)) "lms_cox" else as.character(call)
  abort(
    "swapped",
    "`formula` and `data` are the wrong way round: the formula comes first.",
    paste0("Write `", verb, "(Surv(time, status) ~ sex, data = cohort)`;"),
    paste0("in a pipe, name it: `cohort |> ", verb, "(formula = Surv(time, status) ~ sex)`.")
  )
}

# survival::strata(x), lmsurv::strata(x) and s(x) after s <- survival::strata
# all become strata(x). A call is recognised by the function that it calls;
# a bare `strata` always means survival's.
plain_specials <- function(expr, env, functions) {
  if (!is.call(expr)) return(expr)
  head <- expr[[1L]]
  if (is_namespaced(head)) {
    if (as.character(head[[3L]]) %in% names(functions)) {
      name <- special_name(tryCatch(eval(head, env), error = function(e) NULL), functions)
      if (!is.null(name)) expr[[1L]] <- as.name(name)
    }
  } else if (is.name(head) && !(as.character(head) %in% c(names(functions), operators))) {
    called <- get0(as.character(head), envir = env, mode = "function")
    name <- special_name(called, functions)
    if (!is.null(name)) expr[[1L]] <- as.name(name)
  }
  for (i in seq_along(expr)[-1L]) {
    if (is.call(expr[[i]])) expr[[i]] <- plain_specials(expr[[i]], env, functions)
  }
  expr
}

special_name <- function(called, functions) {
  if (is.null(called)) return(NULL)
  for (name in names(functions)) {
    if (identical(called, functions[[name]])) return(name)
  }
  NULL
}

refuse_specials <- function(used) {
  refused <- intersect(used, refused_specials)
  if (!length(refused)) return(invisible())
  what <- switch(refused[1L],
    tt = "a covariate that changes with time by a function",
    ridge = , pspline = "a penalised term",
    "a random effect"
  )
  way_out <- if (refused[1L] == "tt") {
    "Split the follow-up with survival::survSplit(), or use survival::coxph()."
  } else {
    "Use survival::coxph() for this model."
  }
  abort(
    "formula",
    paste0("`formula` has ", refused[1L], "(), ", what, ", which is not supported."),
    way_out
  )
}

# The formula's own environment where survival's functions are found from it,
# else a child of it that holds them: survfit() and predict() evaluate the
# terms again on new data.
special_env <- function(used, env, functions) {
  found <- vapply(
    used, function(name) identical(get0(name, envir = env, mode = "function"), functions[[name]]),
    logical(1)
  )
  if (all(found)) return(env)
  list2env(functions[used[!found]], parent = env)
}

take_cluster <- function(formula) {
  found <- list()
  drop <- function(expr) {
    if (!is.call(expr)) return(expr)
    head <- as.character(expr[[1L]])[1L]
    if (head == "cluster") {
      found[[length(found) + 1L]] <<- expr
      return(NULL)
    }
    if (head == "(") {
      inner <- drop(expr[[2L]])
      return(if (!is.null(inner)) call("(", inner))
    }
    if (head != "+" || length(expr) < 3L) return(expr)
    left <- drop(expr[[2L]])
    right <- drop(expr[[3L]])
    if (is.null(left)) right else if (is.null(right)) left else call("+", left, right)
  }
  rhs <- drop(formula[[3L]])
  formula[[3L]] <- if (is.null(rhs)) 1 else rhs
  if (length(found) != 1L || "cluster" %in% called_names(formula[[3L]])) {
    abort("formula", "`formula` may have one cluster() term, added with `+` and in no interaction.",
          "For nested clusters, give the larger clusters.")
  }
  list(formula = formula, cluster = found[[1L]][[2L]])
}

# The list of specials is coxph's: code written for a coxph looks them up.
formula_terms <- function(formula, data) {
  specials <- c("strata", refused_specials[c(1L, 2L, 6L, 7L)])
  if (!"." %in% all.names(formula[[3L]])) return(plain_terms(formula, specials))
  if (!is.data.frame(data)) {
    abort("formula", "`formula` has a `.`, but there is no `data` to take the other columns from.",
          "Set `data`, or name each covariate.")
  }
  steady(stats::terms)(formula, specials = specials, data = data)
}

# R itself speaks of "ExtractVars" where a variable is written as text.
plain_terms <- function(formula, specials) {
  tryCatch(steady(stats::terms)(formula, specials = specials), error = function(e) {
    abort("formula", paste0("`formula` cannot be read: ", deparse1(formula), "."),
          "Write its variables by name, without quotation marks.")
  })
}

warn_both_sides <- function(terms) {
  variables <- attr(terms, "variables")
  left <- inner_names(variables[[2L]])
  right <- unlist(lapply(as.list(variables)[-(1:2)], inner_names))
  both <- setdiff(intersect(left, right), "")
  if (length(both)) {
    warn("both_sides", paste0(
      enumerate(tick(both)), if (length(both) > 1L) " are" else " is",
      " on both sides of the formula, so the outcome is its own covariate."
    ))
  }
}
