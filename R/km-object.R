# The components of a survfit, in its order.
survfit_parts <- function(core, groups, response, plan, settings) {
  fit <- list(n = rows_by_group(groups$groups, response, settings$weight_type))
  parts <- c("time", "n.risk", "n.event", "n.censor", "n.enter", "surv", "std.err", "cumhaz",
             "std.chaz")
  parts <- core[parts]
  fit <- c(fit, parts[lengths(parts) > 0L])
  if (length(core$size) > 1L) fit$strata <- stats::setNames(core$size, levels(groups$groups))
  fit$type <- if (is.null(response$entry)) "right" else "counting"
  fit$logse <- !plan$robust
  if (settings$conf_type != "none") {
    fit$conf.int <- settings$conf_level
    fit$conf.type <- settings$conf_type
    fit$lower <- core$lower
    fit$upper <- core$upper
  } else {
    fit$conf.type <- "none"
  }
  fit$t0 <- min(0, core$time[1L + cumsum(c(0L, core$size[-length(core$size)]))])
  fit
}

#' @export
`$.lms_km` <- function(x, name) {
  value <- .subset2(x, name, exact = FALSE)
  if (is.null(value) && name == "follow_up") follow_up(x) else value
}

#' @export
`[[.lms_km` <- function(x, i, ...) {
  value <- .subset2(x, i, ...)
  if (is.null(value) && identical(i, "follow_up")) follow_up(x) else value
}

#' @export
`[.lms_km` <- function(x, i, ...) {
  if (missing(i)) return(x)
  if (is.null(x$strata)) {
    if (!identical(as.integer(i), 1L)) abort("argument", "There is only one curve. Use `[1]`.")
    return(x)
  }
  at <- if (is.character(i)) match(i, x$groups) else seq_along(x$groups)[i]
  if (!length(at) || anyNA(at)) {
    abort(
      "argument", paste0("There is no group ", format_value(i[is.na(at)][1L]), "."),
      paste0("The groups are ", enumerate(quoted(x$groups)), ".")
    )
  }
  points <- unlist(curve_ranges(x)[at])
  parts <- intersect(c(
    "time", "n.risk", "n.event", "n.censor", "n.enter", "surv", "std.err", "cumhaz", "std.chaz",
    "lower", "upper"
  ), names(x))
  x[parts] <- lapply(unclass(x)[parts], function(part) part[points])
  x$strata <- if (length(at) > 1L) x$strata[at]
  x$n <- x$n[at]
  if (!is.null(x$n.id)) {
    apart <- sum(x$n.id) == x$patients
    x$n.id <- x$n.id[at]
    x$patients <- if (apart || length(at) == 1L) sum(x$n.id)
  }
  x$groups <- x$groups[at]
  x$last <- x$last[at]
  if (!is.null(x$variables)) {
    x$variables <- x$variables[at, , drop = FALSE]
    row.names(x$variables) <- NULL
  }
  if (!is.null(x$at_risk)) {
    kept <- unlist(lapply(at, function(group) which(x$at_risk$group == group)))
    sizes <- tabulate(x$at_risk$group)[at]
    x$at_risk <- lapply(x$at_risk, `[`, kept)
    x$at_risk$group <- rep.int(seq_along(at), sizes)
  }
  x$logrank <- NULL
  if (x$robust) x$follow_up <- lapply(x$follow_up, function(part) part[at, , drop = FALSE])
  x
}
