# Other packages evaluate the call of a curve again, with survival's Surv(), which knows of no
# `event` and reads a number or a category by rules of its own. The call of the object therefore
# has the coding of the status in its formula, and the kind of estimate as survfit() has it;
# getCall(), and by it update(), gives the user's.

# How survival would have to be given the status to read it as here: list(from, to) of expressions,
# or NULL where it reads `expr` so as it stands. raw: the value of expr; coded: what became of it.
survival_coding <- function(expr, raw, coded, event, outcome) {
  if (reads_alike(raw, coded, event, outcome)) return(NULL)
  labelled <- inherits(raw, "haven_labelled")
  if (is.factor(raw)) raw <- as.character(raw)
  if (labelled) raw <- as.vector(unclass(raw))
  at <- which(!is.na(coded$status))
  at <- at[!duplicated(raw[at])]
  values <- raw[at]
  code <- coded$status[at]
  if (!is.null(event) && !labelled) {
    if (is.factor(event)) event <- stats::setNames(as.character(event), names(event))
    code <- c(if (outcome == "states") event_codes(event, coded$states) else rep(1L, length(event)),
              rep(0L, sum(code == 0L)))
    values <- c(unname(event), values[coded$status[at] == 0L])
  }
  list(from = expr, to = if (outcome == "states") {
    coded_states(expr, values, code, coded$states)
  } else {
    coded_event(expr, values[code == 1L])
  })
}

reads_alike <- function(raw, coded, event, outcome) {
  if (!is.null(event)) return(FALSE)
  if (outcome == "states") return(is.factor(raw) && !anyNA(levels(raw)))
  if (is.object(raw) || anyNA(coded$status) && !anyNA(raw)) return(FALSE)
  if (is.logical(raw)) return(identical(as.integer(raw), as.integer(coded$status)))
  is.numeric(raw) && !is.null(coded$event) && min(raw, na.rm = TRUE) %in% 0:1
}

event_codes <- function(event, states) {
  names <- if (is.null(names(event))) rep("", length(event)) else names(event)
  names[names == ""] <- as.character(event)[names == ""]
  match(names, states)
}

# The condition `status == 2 | status == 3`.
coded_event <- function(expr, values) {
  Reduce(function(a, b) call("|", a, b), lapply(values, function(value) call("==", expr, value)))
}

# Such as `factor(status, c(0, 1, 2), c("censored", "relapse", "death"))`.
coded_states <- function(expr, values, code, states) {
  if (!any(code == 0L)) {
    none <- if (is.numeric(values)) min(values) - 1 else "(censored)"
    values <- c(none, values)
    code <- c(0L, code)
  }
  order <- order(code)
  censored <- if ("censored" %in% states) "(censored)" else "censored"
  labels <- c(censored, states)[code[order] + 1L]
  call("factor", expr, as.call(c(quote(c), as.list(values[order]))),
       as.call(c(quote(c), as.list(labels))))
}

# The components `call` and, where it differs, `asked` of a curve. type: of the estimate, which
# survival calls by two numbers.
curve_calls <- function(call, coding, type = "kaplan-meier") {
  plain <- call
  surv <- if (!is.null(coding)) as.list(call$formula)[[2L]]
  at <- which(vapply(as.list(surv), identical, NA, coding$from))
  if (length(at)) {
    plain$formula[[2L]][[at[length(at)]]] <- coding$to
    plain$event <- NULL
  }
  if (type != "kaplan-meier") {
    plain$type <- NULL
    plain$stype <- 2
    plain$ctype <- if (type == "fh2") 2 else 1
  }
  if (identical(plain, call)) list(call = call) else list(call = plain, asked = call)
}

#' @importFrom stats getCall
#' @export
getCall.lms_km <- function(x, ...) asked_call(x)
#' @export
getCall.lms_cuminc <- function(x, ...) asked_call(x)

asked_call <- function(x) {
  x <- unclass(x)
  if (is.null(x$asked)) x$call else x$asked
}
