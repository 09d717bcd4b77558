# The one door of the verbs: what was typed, the formula, the settings and the risk data, in this
# order, so that the first thing wrong is what the user hears of.

# Called first thing by a verb. Its formals tell what it takes: `formula`, `data`, `na.action` and
# `event`, and of `weights`, `subset`, `cluster` and `id` those that it has.
# ways_out: sentences on arguments that it has not; also: names that its `...` takes.
# settings: its own checks. They are evaluated here, after the names and the formula, and give a
# list with `weight_type`. outcome, object: see risk_data().
# Answer: risk, settings, call (as it can be made again) and frame, where the verb was called.
open_verb <- function(verb, ways_out, settings, outcome = "event", object = FALSE, also = NULL) {
  n <- sys.parent()
  own <- parent.frame()
  frame <- parent.frame(2L)
  refuse_unknown(verb, ways_out, also, n)
  given <- function(name) !eval(call("missing", as.name(name)), own)
  check_formula_given(if (given("formula")) own$formula)
  force(settings)
  columns <- intersect(c("weights", "subset", "cluster", "id"), names(formals(sys.function(n))))
  risk <- risk_data(
    own$formula, own$data, given_columns(Filter(given, columns), own), frame,
    na.action = if (given("na.action")) list(value = own$na.action), event = own$event,
    weight_type = settings$weight_type, outcome = outcome, object = object,
    source = eval(quote(substitute(data)), own)
  )
  risk$guards <- data_guards(risk, settings, outcome, own$data)
  call <- match.call(sys.function(n), sys.call(n), envir = frame)
  call <- lasting_call(call, own$formula, verb)
  list(risk = risk, settings = settings, call = call, frame = frame)
}

# What was found about the data, in a message each. notes: by their classes.
say_each <- function(notes) {
  for (i in seq_along(notes)) say(names(notes)[i], notes[[i]])
}

check_formula_given <- function(formula) {
  way_out <- "Write `Surv(time, status) ~ age + sex`."
  tryCatch(
    if (is.null(formula)) abort("formula", "`formula` is missing.", way_out),
    simpleError = function(e) {
      abort("formula", paste0("`formula` is not a formula: ", conditionMessage(e), "."), way_out)
    }
  )
}

# The call of a verb as it can be read and made again: with the formula itself, without its
# environment, in the place of a name that may mean another formula by then.
lasting_call <- function(call, formula, verb) {
  if (!is.name(call[[1L]]) && !is_namespaced(call[[1L]])) call[[1L]] <- as.name(verb)
  if (inherits(formula, "formula")) {
    attributes(formula) <- NULL
    call$formula <- formula
  }
  call
}

# The call to make again: with a cluster() term turned into an argument as coxph
# does, and with the event that was said, so that a refit on fewer rows keeps it
# and stays silent.
clean_call <- function(call, risk) {
  if (!is.null(risk$cluster_expr) && is.null(call$cluster)) {
    call$cluster <- risk$cluster_expr
    call <- lasting_call(call, stats::formula(risk$terms))
  }
  if (!is.null(risk$value)) call$event <- risk$value
  call
}

# Arguments of these names, which may name columns. verb: the frame of its evaluation.
given_columns <- function(names, verb) {
  lapply(stats::setNames(nm = names), function(name) {
    expr <- eval(call("substitute", as.name(name)), verb)
    column(expr, function() get(name, envir = verb))
  })
}
