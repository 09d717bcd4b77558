#' Survival curves of a Cox model
#'
#' @description
#' The survival that the model expects for patients with given covariates: the
#' arguments and the answer of [survival::survfit.coxph()], with the numbers of
#' `lms_cox()`. For a patient with linear predictor eta, relative to the means, it
#' is \eqn{S(t) = \exp(-H_0(t) e^{\eta})}{S(t) = exp(-H0(t) exp(eta))}, H0 being the
#' baseline hazard of the stratum. It is computed as written, so that it is small
#' where it is small, and 0 only where a number can be no smaller.
#'
#' @section Differences from survival:
#' With `id`, the standard error is that of the sum of the hazards of the patient's
#' rows, with their covariance. [survival::survfit.coxph()] takes each row as if its
#' covariates had held from the start. `strata()` of an expression, such as
#' `strata(age > 60)`, is recognised in `newdata`.
#'
#' @section Competing causes:
#' Where the status has other known values besides censoring and the model's
#' event, the complement of such a curve is not the probability of the event, and
#' curves are refused. [lms_cuminc()] estimates that probability. Fit the model
#' with `Surv(time, status == 2)` to count all others as censored.
#'
#' @param formula A model made by [lms_cox()].
#' @param newdata A data frame with the covariates of m patients, or a named vector
#'   for one; left out, a patient with the mean of every column of the design. A
#'   stratum that `newdata` names gives one curve for each row, else each row has a
#'   curve in each stratum.
#' @param se.fit `TRUE` to give standard errors and confidence intervals.
#' @param conf.int The level of the intervals, by default the model's.
#' @param individual `TRUE` for rows of `newdata` that are one patient; see `id`.
#' @param stype `2` for `exp(-H)`, `1` for the product-limit form of Kalbfleisch and
#'   Prentice (1980).
#' @param ctype `1` for the hazard of Breslow, `2` for that of Efron; by default
#'   that of the model's ties.
#' @param type An older way to set `stype` and `ctype`.
#' @param conf.type `"log"`, `"log-log"`, `"plain"`, `"none"`, `"logit"` or
#'   `"arcsin"`.
#' @param censor `FALSE` to leave out the times without an event.
#' @param start.time A number: only rows followed at least up to it are used.
#' @param id Which rows of `newdata` are one patient, whose covariates change over
#'   `(start, stop]`: a column of `newdata`, or a vector.
#' @param influence Not used.
#' @param na.action What to do with missing values in `newdata`; they give `NA`
#'   by default.
#' @param ... Not used.
#' @return An object of class `c("survfitcox", "survfit")`, see
#'   [survival::survfit.object()]; with several curves per stratum `surv`, `cumhaz`,
#'   `std.err`, `lower` and `upper` are matrices with a column for each row of
#'   `newdata`. `std.err` is that of the cumulative hazard, as of `log(surv)`.
#' @references
#' Kalbfleisch JD, Prentice RL (1980). *The Statistical Analysis of Failure Time
#' Data*. Wiley.
#'
#' Tsiatis AA (1981). A large sample study of Cox's regression model. *Annals of
#' Statistics* 9, 93-108. \doi{10.1214/aos/1176345335}
#' @seealso [predict.lms_cox()] for survival at given times.
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' curves <- survival::survfit(fit, data.frame(age = c(50, 70), sex = 1))
#' summary(curves, times = c(180, 365))
#' @importFrom survival survfit
#' @export
survfit.lms_cox <- function(formula, newdata, se.fit = TRUE, conf.int = formula$conf_level,
                            individual = FALSE, stype = 2, ctype,
                            conf.type = c("log", "log-log", "plain", "none", "logit", "arcsin"),
                            censor = TRUE, start.time, id, influence = FALSE,
                            na.action = stats::na.pass, type, ...) {
  known <- setdiff(names(formals(survfit.lms_cox)), "...")
  refuse_typed_dots("survfit", known, dot_names(...))
  call <- match.call()
  call[[1L]] <- quote(survfit)
  fit <- formula
  refuse_competing(fit)
  how <- curve_kind(fit, stype, if (!missing(ctype)) ctype, if (!missing(type)) type)
  how$se <- check_flag(se.fit, "se.fit")
  how$start <- if (!missing(start.time)) check_number(start.time, "start.time")
  new <- if (!missing(newdata)) as_new_patients(newdata)
  given <- !missing(id)
  ids <- if (given) new_ids(substitute(id), new, parent.frame()) else if (individual) 1
  if ((given || individual) && is.null(new)) {
    abort("newdata", "`id` needs `newdata`, the rows of each patient.")
  }
  rows <- patient_rows(fit, new, ids, na.action)
  curves <- if (length(ids)) {
    lapply(split(seq_along(rows$eta), rows$id), individual_curve, fit, rows, how)
  } else {
    stratum_curves(fit, rows, how)
  }
  by_row <- !is.null(rows$stratum) && !length(ids)
  out <- join_curves(curves, by_row, rows$names)
  if (!check_flag(censor, "censor")) out <- events_only(out)
  scales <- c("log", "log-log", "plain", "none", "logit", "arcsin")
  level <- check_number(conf.int, "conf.int", 0, 1, open = TRUE)
  out <- finish_curves(out, how, check_option(conf.type, "conf.type", scales), level)
  out$start.time <- how$start
  structure(c(out, call = call), class = c("survfitcox", "survfit"))
}

refuse_competing <- function(fit) {
  if (!isTRUE(fit$competing)) return(invisible())
  abort(
    "competing",
    paste0(
      "The status has other values besides ", fit$event,
      " and censoring, so the complement of a survival curve is not the probability of the event."
    ),
    "Estimate that probability by lms_cuminc(),",
    "or fit the model with `Surv(time, status == ...)` to count all other values as censored."
  )
}

# stype, ctype and start.time as survival::survfit() reads them.
curve_kind <- function(fit, stype, ctype, type) {
  if (!is.null(type)) {
    hazards <- c(aalen = 1, breslow = 1, tsiatis = 1, greenwood = 1, exact = 1, efron = 2,
                 `fleming-harrington` = 2)
    limits <- c("kalbfleisch-prentice", "kaplan-meier")
    type <- check_choice(type, "type", c(limits, names(hazards)))
    stype <- if (type %in% limits) 1 else 2
    if (is.null(ctype)) ctype <- if (stype == 1) 1 else hazards[[type]]
  }
  if (is.null(ctype)) ctype <- if (fit$method == "efron") 2 else 1
  known <- function(x, name) {
    if (!identical(x %in% 1:2, TRUE)) {
      abort("argument", paste0(tick(name), " must be 1 or 2, not ", describe(x), "."))
    }
    as.integer(x)
  }
  list(stype = known(stype, "stype"), ctype = known(ctype, "ctype"))
}

as_new_patients <- function(newdata) {
  if (!is.numeric(newdata) || is.null(names(newdata)) || is.matrix(newdata)) return(newdata)
  as.data.frame(as.list(newdata))
}

# A column of newdata, or one value per row.
new_ids <- function(expr, newdata, frame) {
  ids <- eval(expr, newdata, frame)
  if (length(ids) != NROW(newdata) || anyNA(ids)) {
    abort(
      "argument",
      paste0("`id` must have one known value per row of `newdata` (", NROW(newdata), "), not be ",
             describe(ids), ".")
    )
  }
  ids
}

# Rows to draw curves for, as new_rows() gives them, eta with the offset and relative to the
# weighted mean of the model's own; stratum NULL where every stratum is wanted.
patient_rows <- function(fit, newdata, ids, na.action) {
  crossed <- strata_crossed(fit$terms)
  if (is.null(newdata)) {
    if (crossed) {
      abort("newdata", "A model with an interaction with strata() needs `newdata` for a curve.")
    }
    if (any(attr(fit$terms, "order") > 1L)) {
      warn(
        "mean_curve", "A curve at the mean of every column means little in a model with",
        "interactions. Give `newdata`."
      )
    }
    return(list(eta = 0, x = if (length(fit$coefficients)) matrix(fit$means, 1L)))
  }
  counting <- length(ids) > 0L
  if (counting && is.null(fit_response(fit)$entry)) {
    abort("argument", "`id` needs a model of (start, stop] data.",
          "Leave it out: the rows of `newdata` are different patients.")
  }
  named <- names_strata(fit, newdata)
  if (crossed && !named) {
    abort("newdata", "`newdata` must name the stratum, as the model has an interaction with it.")
  }
  rows <- new_rows(fit, newdata, na.action, named, counting)
  shift <- if (is.null(fit$offset)) 0 else stats::weighted.mean(fit$offset, own_weights(fit))
  rows$eta <- rows$eta + (if (is.null(rows$offset)) 0 else rows$offset) - shift
  # Rows that do not differ have one curve.
  if (!length(fit$coefficients) && is.null(rows$offset) && !named) rows$eta <- rows$eta[1L]
  if (counting) rows$id <- rep_len(ids, nrow(newdata))[match(rows$names, row.names(newdata))]
  if (counting) rows$id <- factor(rows$id, unique(rows$id))
  rows
}

own_weights <- function(fit) {
  if (is.null(fit$weights)) rep(1, length(fit$linear.predictors)) else fit$weights
}

# Whether newdata has all variables of all strata() terms.
names_strata <- function(fit, newdata) {
  if (is.null(fit$strata) || !is.data.frame(newdata)) return(FALSE)
  variables <- as.list(attr(fit$terms, "variables"))[1L + attr(fit$terms, "specials")$strata]
  all(unlist(lapply(variables, all.vars)) %in% names(newdata))
}

# For each stratum the steps of somebody with the linear predictor `at` and the mean of every
# column: time, n.risk, n.event, n.censor, hazard; cumulated: cumhaz, its variance but for the
# coefficients, xbar (times x p), and with stype 1 the logarithm of survival.
hazard_steps <- function(fit, how, at = 0) {
  response <- fit_response(fit)
  offset <- response$offset
  own <- fit$linear.predictors
  if (!is.null(offset)) own <- own + mean(offset) - stats::weighted.mean(offset, own_weights(fit))
  design <- if (length(fit$coefficients)) fit_design(fit)
  if (!is.null(how$start)) {
    kept <- which(response$time >= how$start)
    if (!any(response$status[kept] == 1L)) {
      abort("argument", paste0("`start.time` is after the last event: no event is at or after ",
                               format(how$start), "."))
    }
    response <- response_rows(response, kept)
    own <- own[kept]
    if (!is.null(design)) design <- design_rows(design, kept)
  }
  options <- fit_options(fit)
  options$ties <- if (how$stype == 1L || how$ctype == 1L) "breslow" else "efron"
  base <- core_cox_baseline(
    if (!is.null(design)) core_design(design), response, own - at,
    if (is.null(design)) numeric() else unname(fit$means), options
  )
  frequency <- identical(fit$weight_type, "frequency")
  strata <- if (is.null(response$strata)) rep.int(1L, length(own)) else response$strata
  steps <- lapply(split(seq_along(base$time), base$stratum), function(rows) {
    step <- lapply(base[c("time", "n_risk", "n_event", "n_censor", "hazard", "cumhaz")], `[`, rows)
    names(step)[2:4] <- c("n.risk", "n.event", "n.censor")
    step$variance <- base$var_hazard[rows]
    step$xbar <- if (!is.null(design)) base$xbar[rows, , drop = FALSE]
    mine <- which(strata == base$stratum[rows[1L]])
    step$n <- if (frequency) sum(response$weights[mine]) else length(mine)
    if (how$stype == 1L) step <- product_limit(step, response_rows(response, mine), own[mine] - at)
    step
  })
  names(steps) <- if (!is.null(fit$strata)) levels(fit$strata)[as.integer(names(steps))]
  steps
}

# Kalbfleisch and Prentice: the factor a of survival at an event time solves
#   sum over the deaths of w r / (1 - a^r) = sum over those at risk of w r,
# with Greenwood's variance.
product_limit <- function(step, response, eta) {
  dead <- which(response$status == 1L)
  weights <- if (is.null(response$weights)) rep(1, length(eta)) else response$weights
  # Times that the core merged carry the first of them.
  at <- factor(findInterval(response$time[dead], step$time), seq_along(step$time))
  deaths <- split(dead, at)
  events <- which(step$n.event > 0)
  change <- greenwood <- double(length(step$time))
  for (k in events) {
    rows <- deaths[[k]]
    w <- weights[rows]
    change[k] <- log_factor(w, exp(eta[rows]), step$n.event[k] / step$hazard[k])
    risk <- step$n.event[k] / step$hazard[k]
    left <- risk - step$n.event[k]
    greenwood[k] <- step$n.event[k] / (risk * if (left <= 0) risk else left)
  }
  step$log_change <- change
  step$log_surv <- cumsum(change)
  step$variance <- cumsum(greenwood)
  step
}

# log a, see product_limit(). r: hazard ratios of the deaths; risk: of all at risk.
log_factor <- function(w, r, risk) {
  share <- w * r / risk
  if (sum(share) >= 1 - 1e-14) return(-Inf)
  if (length(w) == 1L) return(log1p(-share) / r)
  excess <- function(v) sum(share / -expm1(-exp(v) * r)) - 1
  # Between the solution of a single death of all and that of each alone.
  ends <- log(range(-log1p(-sum(share)) / range(r), sum(share) / max(r), -log1p(-share) / r))
  exponent <- stats::uniroot(excess, ends + c(-1, 1), tol = 1e-14, extendInt = "downX")$root
  -exp(exponent)
}

# Steps for rows whose linear predictors differ by little, so that nothing overflows between the
# baseline and the row: for each row the steps relative to `anchor`.
anchored_steps <- function(fit, rows, how) {
  anchor <- ifelse(is.na(rows$eta), 0, round(rows$eta / 200) * 200)
  anchors <- unique(anchor)
  steps <- lapply(anchors, function(at) hazard_steps(fit, how, at))
  list(steps = steps, use = match(anchor, anchors), eta = rows$eta - anchor)
}

# Cumulative hazard, survival (its logarithm too) and standard error of row i in one stratum.
row_curve <- function(step, eta, x, var, how, at = seq_along(step$time)) {
  risk <- exp(eta)
  out <- list(cumhaz = step$cumhaz[at] * risk)
  out$log_surv <- if (how$stype == 1L) step$log_surv[at] * risk else -out$cumhaz
  if (!how$se) return(out)
  variance <- step$variance[at]
  if (!is.null(step$xbar)) {
    variance <- variance + quadratic(outer(step$cumhaz[at], x) - step$xbar[at, , drop = FALSE], var)
  }
  out$std.err <- sqrt(variance) * risk
  out
}

# A list of curves, one for each stratum (with a column for each row) or, where the rows name
# their strata, one for each row.
stratum_curves <- function(fit, rows, how) {
  own <- anchored_steps(fit, rows, how)
  x <- if (how$se && length(fit$coefficients)) rows$x - rep(unname(fit$means), each = nrow(rows$x))
  counts <- c("n", "time", "n.risk", "n.event", "n.censor")
  one <- function(i, s) {
    row_curve(own$steps[[own$use[i]]][[s]], own$eta[i], x[i, ], fit$var, how)
  }
  m <- length(rows$eta)
  first <- own$steps[[1L]]
  if (!is.null(rows$stratum)) {
    at <- match(levels(fit$strata)[rows$stratum], names(first))
    if (anyNA(at)) {
      abort("argument", "`start.time` leaves no patients in a stratum of `newdata`.",
            "Set `start.time` to an earlier time.")
    }
    return(lapply(seq_len(m), function(i) c(first[[at[i]]][counts], one(i, at[i]))))
  }
  stats::setNames(lapply(seq_along(first), function(s) {
    parts <- lapply(seq_len(m), one, s)
    bind <- function(name) {
      if (m == 1L) return(parts[[1L]][[name]])
      out <- vapply(parts, `[[`, double(length(first[[s]]$time)), name)
      matrix(out, ncol = m, dimnames = if (name != "cumhaz") list(NULL, rows$names))
    }
    names <- names(parts[[1L]])
    c(first[[s]][counts], lapply(stats::setNames(nm = names), bind))
  }), names(first))
}

# The curve of one patient whose covariates change: rows follow each other, and times at which no
# row of the patient is followed do not pass. The hazard is the sum over the rows of the steps in
# (start, stop], so its derivative by the coefficients is that of the sum.
individual_curve <- function(index, fit, rows, how) {
  index <- index[!is.na(rows$eta[index])]
  own <- anchored_steps(fit, list(eta = rows$eta[index]), how)
  first <- own$steps[[1L]]
  stratum <- if (is.null(rows$stratum)) rep(1L, length(index)) else {
    match(levels(fit$strata)[rows$stratum[index]], names(first))
  }
  waited <- 0
  parts <- lapply(seq_along(index), function(i) {
    step <- own$steps[[own$use[i]]][[stratum[i]]]
    start <- rows$response$entry[index[i]]
    stop <- rows$response$time[index[i]]
    at <- which(step$time > start & step$time <= stop)
    if (!length(at)) {
      waited <<- waited + stop - start
      return(NULL)
    }
    elapsed <- diff(c(start, step$time[at]))
    elapsed[1L] <- elapsed[1L] + waited
    waited <<- stop - step$time[at[length(at)]]
    x <- if (!is.null(step$xbar)) rows$x[index[i], ] - fit$means
    c(list(elapsed = elapsed), row_steps(step, at, exp(own$eta[i]), x, how))
  })
  all <- function(name) unlist(lapply(parts, `[[`, name))
  out <- list(
    n = first[[stratum[1L]]]$n, time = cumsum(all("elapsed")), n.risk = all("n.risk"),
    n.event = all("n.event"), n.censor = all("n.censor"), cumhaz = cumsum(all("hazard"))
  )
  out$log_surv <- if (how$stype == 1L) cumsum(all("log_surv")) else -out$cumhaz
  if (!how$se) return(out)
  variance <- cumsum(all("variance"))
  slope <- do.call(rbind, lapply(parts, `[[`, "slope"))
  if (!is.null(slope)) variance <- variance + quadratic(apply(slope, 2L, cumsum), fit$var)
  out$std.err <- sqrt(variance)
  out
}

# The steps `at` of somebody with hazard ratio `risk`: counts, and not cumulated the hazard, its
# variance and its derivative.
row_steps <- function(step, at, risk, x, how) {
  increment <- function(values) diff(c(0, values))[at] * risk
  out <- lapply(step[c("n.risk", "n.event", "n.censor")], `[`, at)
  out$hazard <- increment(step$cumhaz)
  if (how$stype == 1L) out$log_surv <- step$log_change[at] * risk
  if (!how$se) return(out)
  out$variance <- increment(step$variance) * risk
  if (!is.null(x)) {
    drift <- vapply(seq_along(x), function(j) increment(step$xbar[, j]), double(length(at)))
    out$slope <- outer(out$hazard, unname(x)) - matrix(drift, length(at))
  }
  out
}

# One survfit of several curves. by_row: whether each is of a row, whose names they take.
join_curves <- function(curves, by_row, names) {
  if (length(curves) == 1L && !by_row) return(curves[[1L]])
  labels <- if (by_row) names else base::names(curves)
  parts <- stats::setNames(nm = base::names(curves[[1L]]))
  out <- lapply(parts, function(part) {
    values <- lapply(unname(curves), `[[`, part)
    if (is.matrix(values[[1L]])) do.call(rbind, values) else unlist(values)
  })
  strata <- stats::setNames(vapply(curves, function(curve) length(curve$time), 0L), labels)
  append(out, list(strata = strata), match("n.censor", base::names(out)))
}

events_only <- function(out) {
  kept <- out$n.event > 0
  size <- length(kept)
  strata <- out$strata
  if (!is.null(strata)) {
    group <- factor(rep.int(seq_along(strata), strata), seq_along(strata))
    strata[] <- tabulate(group[kept], length(strata))
  }
  out <- lapply(out, function(part) {
    if (is.matrix(part)) part[kept, , drop = FALSE] else if (length(part) == size) part[kept] else part
  })
  if (!is.null(strata)) out$strata <- strata
  out
}

finish_curves <- function(out, how, conf_type, level) {
  log_surv <- out$log_surv
  se <- out$std.err
  out$surv <- exp(log_surv)
  out <- out[c(setdiff(names(out), c("surv", "cumhaz", "log_surv", "std.err")), "surv", "cumhaz")]
  dimnames(out$cumhaz) <- NULL
  if (!how$se) return(out)
  out$std.err <- se
  dimnames(out$std.err) <- NULL
  out$logse <- TRUE
  if (how$stype == 2L) out$std.chaz <- out$std.err
  if (conf_type == "none") return(out)
  limits <- hazard_limits(log_surv, se, conf_type, stats::qnorm((1 + level) / 2))
  c(out, limits, list(conf.type = conf_type, conf.int = level))
}

# Limits of S from log S and its standard error, on the scale that conf_type names.
hazard_limits <- function(log_surv, se, conf_type, z) {
  surv <- exp(log_surv)
  move <- function(sign) {
    switch(conf_type,
      log = exp(pmin(log_surv + sign * z * se, 0)),
      `log-log` = exp(log_surv * exp(sign * z * se / log_surv)),
      plain = pmin(pmax(surv + sign * z * se * surv, 0), 1),
      logit = stats::plogis(stats::qlogis(surv) + sign * z * se / -expm1(log_surv)),
      arcsin = sin(pmin(pmax(
        asin(sqrt(surv)) + sign * z * se / 2 * sqrt(surv / -expm1(log_surv)), 0
      ), pi / 2))^2
    )
  }
  limits <- list(lower = move(-1), upper = move(1))
  # No limits where survival ends at 0, and on scales where 1 is at infinity.
  none <- if (conf_type == "plain") FALSE else log_surv == -Inf
  if (conf_type == "log-log") none <- none | log_surv == 0
  lapply(limits, function(limit) {
    limit[which(none)] <- NA
    limit
  })
}
