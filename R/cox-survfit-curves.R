# From the steps of the baseline hazard to the curves of survfit().

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
      abort("argument", paste0("`start.time` is after the last event. No event is at or after ",
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
    if (is.null(design)) numeric() else unname(fit$means), counts = TRUE, options
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

near <- function(eta) round(eta / 200) * 200

# Steps for rows whose linear predictors differ by little, so that nothing overflows between the
# baseline and the row: for each row the steps relative to `anchor`.
anchored_steps <- function(fit, rows, how) {
  anchor <- ifelse(is.na(rows$eta), 0, near(rows$eta))
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
  stratum <- rep(1L, length(index))
  if (!is.null(rows$stratum)) {
    stratum <- match(levels(fit$strata)[rows$stratum[index]], names(first))
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
    if (is.matrix(part)) return(part[kept, , drop = FALSE])
    if (length(part) == size) part[kept] else part
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
