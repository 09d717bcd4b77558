#' Test the assumption of proportional hazards
#'
#' `lms_zph()` tests whether the effects of a Cox model change over time. It is for anyone who
#' reports hazard ratios, because a single hazard ratio assumes that the effect stays the same
#' (proportional hazards). It tests each term of the model, and all terms together.
#'
#' @section What it prints:
#' In the first example, from top to bottom:
#' * The name of the test, the formula, and the numbers of rows (patients) and events.
#' * One line per term of the model. `chisq` is the test statistic and `df` its degrees of
#'   freedom.
#' * `p`: a small p-value suggests non-proportional hazards, that is, that the effect changes
#'   over time. Here, `celltype` and `karno` have small p-values. A large p-value does not prove
#'   that the effect stays the same.
#' * The direction in which the hazard ratio may change over time. It is shown for terms with one
#'   coefficient and p < 0.05.
#' * `GLOBAL`: the test of all terms together.
#' * The scale of time that was used, and how tied event times are handled.
#'
#' With a small p-value, plot the effect by `autoplot(zph)` and see [lms_check()] for hazard
#' ratios by period. With many events, small and unimportant changes can have a small p-value.
#'
#' @section Test:
#' This is the score test that the coefficients of \eqn{x\,g(t)}{x g(t)} are 0 in the model with
#' \eqn{x} and \eqn{x\,g(t)}{x g(t)} (Grambsch and Therneau 1994). Here g is the `transform` of
#' time less its mean over the events. Let \eqn{V_k} be the variance of the covariates over the
#' risk set at event k. The score is the sum of \eqn{g_k} times the Schoenfeld residuals. Its
#' information has the blocks \eqn{\sum V_k}{sum V_k}, \eqn{\sum g_k V_k}{sum g_k V_k} and
#' \eqn{\sum g_k^2 V_k}{sum g_k^2 V_k}; \eqn{V_k} is not assumed to be constant over time. It is
#' the test of [survival::cox.zph()] since survival 3.0. Tied events are handled as in the model,
#' and `"exact"` as `"breslow"`. The test uses the model-based variance, even if the model has a
#' robust variance.
#'
#' @section Transform:
#' `"km"` is 1 less the Kaplan-Meier estimate of all rows just before t, so early and late events
#' have the same weight. `"km"` and `"rank"` (of the times) depend neither on the unit of time
#' nor on a few long follow-up times. `"identity"` is time itself, which Stata's `estat phtest`
#' uses, with an older approximation of the test. `"log"` is the logarithm of time. A function is
#' called with all times. Frequency weights count as rows.
#'
#' @section What can be relied on:
#' * The order of the rows, and the unit of a covariate, do not change the result.
#' * Splitting a row `(0, t]` into `(0, s]` and `(s, t]` does not change the result, except for
#'   `"rank"`.
#' * With `"km"` and `"rank"`, only the order of the times matters.
#' * `weight_type = "frequency"` gives the test of the expanded rows.
#'
#' @param fit A model made by [lms_cox()].
#' @param transform The scale of time: `"km"`, `"rank"`, `"identity"`, `"log"`, or a function of
#'   a vector of times.
#' @param terms `TRUE` to make one test per term, `FALSE` to make one per coefficient.
#' @param singledf `TRUE` to test a term of several columns with one degree of freedom. This
#'   tests whether its fitted effect as a whole is multiplied by a factor that changes over time.
#'   It is the score test of \eqn{(x'\hat\beta) g(t)}{(x'b) g(t)}. The statistic of
#'   [survival::cox.zph()] differs here, because it depends on the unit of the columns.
#' @param global `TRUE` to add the test of all terms together.
#' @param ... Not used. Any name given here is an error.
#' @return An object of class `c("lms_zph", "cox.zph")`, a list described here for d events and m
#'   terms. [plot()] of survival and `survminer::ggcoxzph()` accept it.
#' \describe{
#'   \item{table}{Matrix, one row per term and `GLOBAL`: `chisq`, `df`, `p`.}
#'   \item{x, time}{d transformed and d plain event times, by stratum and time.}
#'   \item{y}{d x m scaled Schoenfeld residuals. Smoothed over `x`, they show the coefficient as
#'     a function of time. For terms of several columns, they show the factor by which their
#'     effect is multiplied. They are `NA` in strata where the term does not vary.}
#'   \item{var}{m x m variance that belongs to `y`.}
#'   \item{transform, call, strata}{As in [survival::cox.zph()].}
#'   \item{slope}{For terms of one column, the coefficient of x g(t) after one step of Newton's
#'     method. It is the change of the log hazard ratio per unit of g.}
#'   \item{ties, n, nevent, formula}{From the model.}
#' }
#' `tidy()` gives a row per term: `term`, `statistic`, `df`, `p.value`, `slope`.
#' `as.data.frame()` gives the same as a plain data frame.
#' @references
#' Grambsch PM, Therneau TM (1994). Proportional hazards tests and diagnostics
#' based on weighted residuals. *Biometrika* 81, 515-526.
#' \doi{10.1093/biomet/81.3.515}
#' @examples
#' # lung cancer: does an effect change over time?
#' fit <- lms_cox(Surv(time, status) ~ trt + celltype + karno, data = survival::veteran)
#' zph <- lms_zph(fit)
#' zph
#' plot(zph["karno"])
#' @export
lms_zph <- function(fit, transform = c("km", "rank", "identity", "log"), terms = TRUE,
                    singledf = FALSE, global = TRUE, ...) {
  refuse_unknown("lms_zph")
  call <- match.call()
  check_zph_fit(if (!missing(fit)) fit)
  name <- if (is.function(transform)) {
    deparse_short(substitute(transform))
  } else {
    check_option(transform, "transform", c("km", "rank", "identity", "log"))
  }
  flags <- list(terms = terms, singledf = singledf, global = global)
  Map(check_flag, flags, names(flags))
  response <- fit_response(fit)
  weights <- if (identical(fit$weight_type, "frequency")) response$weights
  g <- transformed_time(response, if (is.function(transform)) transform else name, weights)
  events <- response$status == 1L
  out <- zph_tests(fit, response, g - mean(g[events]), terms, singledf, global)
  out$x <- g[out$x]
  out$transform <- name
  out$call <- call
  out[c("ties", "n", "nevent", "formula")] <- unclass(fit)[c("method", "n", "nevent", "formula")]
  unbound(structure(out, class = c("lms_zph", "cox.zph")))
}

check_zph_fit <- function(fit) {
  if (!inherits(fit, "lms_cox")) {
    abort(
      "argument", paste0("`fit` must be a model made by lms_cox(), not ", describe(fit), "."),
      if (inherits(fit, "coxph")) "Fit the model by lms_cox(), or use survival::cox.zph()."
    )
  }
  if (all(is.na(fit$coefficients))) {
    abort("argument", "A model without covariates has no proportional hazards to test.")
  }
  if (length(fit$infinite)) {
    abort(
      "infinite",
      paste0(
        "Proportional hazards cannot be tested, because a hazard ratio cannot be estimated: ",
        enumerate(paste(tick(names(fit$infinite)), "tends to", infinite_end(fit$infinite))), "."
      ),
      "Combine this group with another, or remove the variable from the formula."
    )
  }
}

# g for each row, not yet centred. how: a name or a function.
transformed_time <- function(response, how, weights) {
  time <- response$time
  if (is.function(how)) {
    g <- how(time)
    if (!is.numeric(g) || length(g) != length(time)) {
      abort(
        "argument",
        paste0("`transform` must give one number per time (", length(time), "), not ",
               describe(g), ".")
      )
    }
    g <- as.double(g)
  } else {
    g <- switch(
      how, identity = time, log = suppressWarnings(log(time)), rank = time_ranks(time, weights),
      km = km_before(response, weights)
    )
  }
  at <- which(response$status == 1L & !is.finite(g))
  if (length(at)) {
    abort(
      "time",
      paste0("The transform of time must be finite at every event, not ", format_value(g[at[1L]]),
             " at time ", format_value(time[at[1L]]), "."),
      "Use `transform = \"km\"` or \"rank\", which take any time."
    )
  }
  g
}

time_ranks <- function(time, weights) {
  if (is.null(weights)) return(rank(time))
  sums <- rowsum(weights, time)
  rank <- cumsum(sums) - (sums - 1) / 2
  rank[match(time, as.double(rownames(sums)))]
}

# 1 - S(t-) by Kaplan and Meier, strata and case weights left out as in
# cox.zph().
km_before <- function(response, weights) {
  by_time <- order(response$time)
  time <- response$time[by_time]
  weights <- if (is.null(weights)) rep(1, length(time)) else weights
  w <- weights[by_time]
  first <- which(c(TRUE, time[-1L] > time[-length(time)]))
  rows <- diff(c(first, length(time) + 1L))
  died <- c(0, cumsum(w * (response$status[by_time] == 1L)))
  gone <- c(0, cumsum(w))
  at_risk <- gone[length(gone)] - gone[first]
  if (!is.null(response$entry)) {
    # At risk are those who leave at t or later, less those who enter at t or later.
    at_risk <- at_risk - weight_beyond(response$entry, weights, time[first])
  }
  deaths <- died[first + rows] - died[first]
  survival <- cumprod(1 - ifelse(deaths > 0, deaths / at_risk, 0))
  before <- double(length(time))
  before[by_time] <- rep.int(1 - c(1, survival[-length(survival)]), rows)
  before
}

# Sum of the weights of what is at or after each of `at`.
weight_beyond <- function(x, weights, at) {
  o <- order(x)
  below <- c(0, cumsum(weights[o]))
  below[length(below)] - below[findInterval(at, x[o], left.open = TRUE) + 1L]
}

# g: centred. x of the answer are the rows of the events.
zph_tests <- function(fit, response, g, terms, singledf, global) {
  coefficients <- fit$coefficients
  kept <- which(!is.na(coefficients))
  b <- unname(coefficients[kept])
  design <- fit_design(fit)
  core <- core_design(design)
  core[-1L] <- lapply(core[-1L], `[`, kept)
  options <- fit_options(fit)
  score <- core_time_score(core, response, fit$linear.predictors, g, options)
  blocks <- if (terms) fit$assign else stats::setNames(seq_along(coefficients),
                                                       names(coefficients))
  blocks <- lapply(blocks, function(j) which(kept %in% j))
  blocks <- blocks[lengths(blocks) > 0L]
  tests <- block_tests(score, blocks, b, terms && singledf)
  table <- tests$table
  if (global) table <- rbind(table, GLOBAL = global_test(score))
  table <- cbind(table, p = stats::pchisq(table[, 1L], table[, 2L], lower.tail = FALSE))
  colnames(table) <- c("chisq", "df", "p")
  residuals <- core_cox_residuals(
    core, response, fit$linear.predictors, b, diag(length(b)), "schoenfeld", options
  )
  out <- list(table = table, x = residuals$row, time = residuals$time)
  if (!is.null(fit$strata)) out$strata <- fit$strata[residuals$row]
  varying <- varying_events(design, kept, fit$strata, residuals$row)
  c(out, scaled_residuals(residuals, score$information, blocks, b, varying, out$time),
    list(slope = tests$slope))
}

# Everything in units in which the information has ones on its diagonal. The
# information of the score of x g(t), given x, is square - cross information^-1
# cross, and its whole score square's own, since the score of x is 0.
added_information <- function(score) {
  unit <- sqrt(diag(score$information))
  scaled <- lapply(score[c("information", "cross", "square")], function(m) m / outer(unit, unit))
  list(score = score$score / unit, scaled = scaled, unit = unit)
}

block_information <- function(added, j) {
  s <- added$scaled
  cross <- s$cross[, j, drop = FALSE]
  s$square[j, j, drop = FALSE] - crossprod(cross, solve(s$information, cross))
}

block_tests <- function(score, blocks, b, singledf) {
  added <- added_information(score)
  rows <- lapply(blocks, function(j) {
    variance <- block_information(added, j)
    if (too_few_times(variance, added, j)) return(c(NA, length(j), NA_real_))
    u <- added$score[j]
    if (singledf && length(j) > 1L) {
      along <- b[j] * added$unit[j]
      return(c(sum(along * u)^2 / drop(along %*% variance %*% along), 1, NA))
    }
    slope <- if (length(j) == 1L) u / variance[1L] / added$unit[j] else NA
    c(sum(u * solve(variance, u)), length(j), slope)
  })
  rows <- do.call(rbind, rows)
  list(table = rows[, 1:2, drop = FALSE], slope = stats::setNames(rows[, 3L], names(blocks)))
}

global_test <- function(score) {
  added <- added_information(score)
  all <- seq_along(added$score)
  variance <- block_information(added, all)
  if (too_few_times(variance, added, all)) return(c(NA, length(all)))
  c(sum(added$score * solve(variance, added$score)), length(all))
}

# With events at one time, or whose risk sets do not vary but at one, nothing is left of the
# variance but rounding.
too_few_times <- function(variance, added, j) {
  unit <- sqrt(diag(added$scaled$square)[j])
  if (any(unit == 0)) return(TRUE)
  variance <- variance / outer(unit, unit)
  any(diag(variance) < 1e-12) || rcond(variance) < 1e-12
}

# How many events each stratum has in which a column varies: strata x columns.
varying_events <- function(design, kept, strata, rows) {
  if (is.null(strata)) return(matrix(length(rows), 1L, length(kept)))
  events <- tabulate(strata[rows], nlevels(strata))
  o <- order(strata)
  code <- as.integer(strata)[o]
  same <- which(code[-1L] == code[-length(code)])
  vapply(kept, function(j) {
    x <- design_column(design, j)[o]
    changes <- same[x[same + 1L] != x[same]]
    events * (seq_len(nlevels(strata)) %in% code[changes])
  }, double(nlevels(strata)))
}

# Residuals times the inverse of the mean V, plus the coefficients. A column's
# mean is over the strata in which it varies.
scaled_residuals <- function(found, information, blocks, b, varying, time) {
  varying <- matrix(varying, ncol = length(b))
  for (j in blocks[lengths(blocks) > 1L]) varying[, j] <- apply(varying[, j, drop = FALSE], 1L, max)
  both <- matrix(0, length(b), length(b))
  for (s in seq_len(nrow(varying))) both <- both + outer(varying[s, ], varying[s, ], pmin)
  mean_v <- information / pmax(both, 1)
  along <- vapply(blocks, function(j) {
    replace(double(length(b)), j, if (length(j) == 1L) 1 else b[j])
  }, double(length(b)))
  along <- matrix(along, length(b))
  y <- found$residuals %*% along
  mean_v <- t(along) %*% mean_v %*% along
  first <- vapply(blocks, `[`, 0L, 1L)
  varies <- varying[, first, drop = FALSE] > 0
  stratum <- rep(seq_len(nrow(varying)), apply(varying, 1L, max))
  for (s in which(rowSums(varies) > 0)) {
    rows <- which(stratum == s)
    k <- which(varies[s, ])
    y[rows, k] <- t(solve(mean_v[k, k], t(y[rows, k, drop = FALSE])))
    y[rows, -k] <- NA
  }
  centre <- ifelse(lengths(blocks) == 1L, b[first], 1)
  y <- sweep(y, 2L, centre, `+`)
  dimnames(y) <- list(as.character(signif(time, 4L)), names(blocks))
  var <- solve(mean_v)
  dimnames(var) <- list(names(blocks), names(blocks))
  list(y = y, var = var)
}
