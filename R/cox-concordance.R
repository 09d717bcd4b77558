#' Compute the concordance of Cox models
#'
#' @description
#' `concordance()` computes Harrell's concordance of a Cox model, for anyone who validates a
#' prediction model. It is the proportion of pairs of patients in which the patient with the
#' higher predicted risk has the event first. 0.5 is prediction by chance, 1 is perfect. Its
#' weighted variants are available too. Pairs are compared within strata, and the time needed
#' grows as n log n. The result is that of [survival::concordance()]. It is also right for
#' `timewt = "S"` with `(start, stop]` data.
#'
#' The weight of a pair depends on the time t at which one of the two has the event: `"n"` 1;
#' `"S"` W S(t-) / n(t); `"S/G"` W S(t-) / (G(t-) n(t)); `"n/G2"` 1 / G(t-)^2; `"I"` 1 / n(t). S
#' is the Kaplan-Meier curve of survival and G that of being uncensored. n(t) is the (weighted)
#' number at risk and W that of all rows, each of the stratum. G is not defined with entry times,
#' so `"S/G"` and `"n/G2"` are then an error.
#'
#' @param object A model made by [lms_cox()].
#' @param ... Further Cox models of the same patients to compare. They may be made by
#'   [survival::coxph()].
#' @param newdata A data frame with covariates and response on which to validate the model. By
#'   default the model's own rows are used. Each row counts once.
#' @param cluster A vector with one value per row that groups rows into clusters. The variance
#'   sums the influence of the rows of a cluster. By default the clusters of the model are used.
#' @param ymin,ymax Numbers that limit the times. Events before `ymin` count as events at `ymin`,
#'   and events after `ymax` are not compared.
#' @param timewt The weight of a pair: `"n"`, `"S"`, `"S/G"`, `"n/G2"` or `"I"` (see above).
#' @param influence `1` to give the influence of each row (or cluster) on the concordance
#'   (`dfbeta`), `2` to give that of each row on the counts (`influence`), `3` to give both. The
#'   default, `0`, gives none.
#' @param ranks `TRUE` to give the rank of each event among the patients at risk.
#' @param timefix `TRUE` to treat times that differ only by rounding error as tied.
#' @param keepstrata `TRUE` to give counts by stratum, `FALSE` to give totals, or the largest
#'   number of strata for which counts are given by stratum.
#' @return An object of class `concordance`, see [survival::concordance()]: a list
#'   of `concordance`, `count` (pairs that are concordant, discordant, tied in the
#'   predictor, in time and in both; a row per stratum or model), `n`, `var`
#'   (infinitesimal jackknife, over clusters where there are some; a matrix for
#'   several models), `cvar` (variance if the predictor had no effect), `dfbeta`,
#'   `influence` and `ranks` where asked for, and `call`.
#' @references
#' Harrell FE, Lee KL, Mark DB (1996). Multivariable prognostic models.
#' *Statistics in Medicine* 15, 361-387.
#' \doi{10.1002/(SICI)1097-0258(19960229)15:4<361::AID-SIM168>3.0.CO;2-4}
#'
#' Uno H, Cai T, Pencina MJ, D'Agostino RB, Wei LJ (2011). On the C-statistics for
#' evaluating overall adequacy of risk prediction procedures with censored survival
#' data. *Statistics in Medicine* 30, 1105-1117. \doi{10.1002/sim.4154}
#'
#' Schemper M, Wakounig S, Heinze G (2009). The estimation of average hazard ratios
#' by weighted Cox regression. *Statistics in Medicine* 28, 2473-2489.
#' \doi{10.1002/sim.3623}
#' @examples
#' fit <- lms_cox(Surv(time, status == 2) ~ age + sex, data = survival::lung)
#' concordance(fit)
#' concordance(fit, timewt = "n/G2", ymax = 365)
#' concordance(fit, update(fit, . ~ . - age))
#' @export
concordance.lms_cox <- function(object, ..., newdata, cluster, ymin = NULL, ymax = NULL,
                                timewt = c("n", "S", "S/G", "n/G2", "I"), influence = 0,
                                ranks = FALSE, timefix = TRUE, keepstrata = 10) {
  call <- match.call()
  call[[1L]] <- quote(concordance)
  models <- concordance_models(object, ..., labels = as.list(substitute(list(object, ...)))[-1L])
  settings <- list(
    ymin = check_limit(ymin, "ymin"), ymax = check_limit(ymax, "ymax"),
    timewt = check_option(timewt, "timewt", c("n", "S", "S/G", "n/G2", "I")),
    influence = check_number(influence, "influence", 0, 3, whole = TRUE),
    ranks = check_flag(ranks, "ranks"), timefix = check_flag(timefix, "timefix"),
    keepstrata = check_keepstrata(keepstrata)
  )
  data <- lapply(models, concordance_data, if (!missing(newdata)) newdata, settings)
  cluster <- if (!missing(cluster)) cluster
  found <- lapply(data, count_concordance, cluster, settings)
  out <- if (length(models) == 1L) found[[1L]] else compare_concordance(found, data, settings)
  structure(c(asked_influence(out, influence), call = call), class = "concordance")
}

# The models, named as they were written. labels: their expressions.
concordance_models <- function(..., labels) {
  models <- list(...)
  names <- vapply(labels, deparse_short, "")
  fits <- vapply(models, inherits, logical(1), "coxph")
  if (is.null(names(labels))) names(labels) <- rep("", length(labels))
  if (!all(fits)) {
    given <- names(labels)[!fits]
    refuse_typed_dots("concordance", names(formals(concordance.lms_cox))[-2L], given[nzchar(given)])
    abort(
      "argument", paste0("concordance() compares Cox models, but ", tick(names[!fits][1L]),
                         " is ", describe(models[!fits][[1L]]), ".")
    )
  }
  stats::setNames(models, names)
}

check_limit <- function(x, name) if (!is.null(x)) check_number(x, name)

check_keepstrata <- function(keepstrata) {
  if (is.logical(keepstrata)) return(check_flag(keepstrata, "keepstrata"))
  check_number(keepstrata, "keepstrata", 0)
}

# What the pairs are counted from: response as the core takes it, linear predictors (score),
# clusters, names of the strata, options.
concordance_data <- function(fit, newdata, settings) {
  ours <- inherits(fit, "lms_cox")
  if (!ours) fit <- from_coxph(fit)
  data <- if (is.null(newdata)) {
    list(
      response = fit_response(fit), score = fit$linear.predictors, cluster = fit_clusters(fit),
      strata = levels(fit$strata)
    )
  } else {
    new_concordance_data(fit, newdata)
  }
  options <- fit_options(fit)
  options$timefix <- if (is.null(newdata)) options$timefix && settings$timefix else settings$timefix
  options$frequency <- options$frequency && is.null(newdata)
  data$response <- raise_times(data$response, settings$ymin)
  with_entry <- !is.null(data$response$entry)
  if (with_entry && settings$timewt %in% c("S/G", "n/G2")) {
    abort(
      "argument",
      paste0("`timewt = ", quoted(settings$timewt), "` is not defined for data with entry times."),
      "Use \"n\", \"S\" or \"I\"."
    )
  }
  c(data, list(options = options))
}

# Rows of other data, without the weights, clusters and subset of the model.
new_concordance_data <- function(fit, newdata) {
  env <- environment(fit$formula)
  event <- known_event(fit, newdata, if (is.null(fit$call_env)) env else fit$call_env)
  risk <- quiet(risk_data(
    fit$formula, newdata, list(), env, list(value = stats::na.omit), event, outcome = "curve"
  ))
  if (!is.null(risk$rows)) newdata <- newdata[risk$rows, , drop = FALSE]
  rows <- new_rows(fit, newdata, stats::na.pass, FALSE, FALSE)
  list(
    response = c(
      risk$response[c("time", "entry", "status")],
      list(strata = if (!is.null(risk$strata)) as.integer(risk$strata)),
      list(weights = NULL, offset = NULL)
    ),
    score = rows$eta + centred_offset(fit, rows$offset), strata = levels(risk$strata)
  )
}

# Events before ymin are events at ymin.
raise_times <- function(response, ymin) {
  if (is.null(ymin)) return(response)
  early <- response$time < ymin
  if (any(early & response$status == 0)) {
    abort(
      "argument", "`ymin` must not be above the time of a censored row.",
      paste0("Set it to ", format(min(response$time[response$status == 0])), " or less.")
    )
  }
  response$time <- pmax(response$time, ymin)
  response
}

# Of one model, as survival::concordancefit() has them.
count_concordance <- function(data, cluster, settings) {
  n <- length(data$score)
  if (is.null(cluster)) cluster <- data$cluster
  if (!is.null(cluster) && length(cluster) != n) {
    abort(
      "argument",
      paste0("`cluster` must have one value per row (", n, "), not be ", describe(cluster), ".")
    )
  }
  how <- list(timewt = settings$timewt, ymax = settings$ymax, details = TRUE)
  found <- core_concordance(
    data$response, data$score, cluster_codes(cluster), data$options, how
  )
  out <- list(
    concordance = found$concordance, count = stratum_counts(found, data$strata, settings),
    n = n, var = found$std^2, cvar = found$cvar
  )
  if (data$options$frequency) out$n <- sum(data$response$weights)
  colnames(found$influence) <- concordance_names[1:5]
  out$dfbeta <- concordance_slopes(found, data, cluster)
  out$influence <- found$influence
  if (settings$ranks) out$ranks <- rank_table(found$ranks, data$strata)
  out
}

# Without the influence that was not asked for.
asked_influence <- function(out, influence) {
  if (!influence %in% c(1, 3)) out$dfbeta <- NULL
  if (influence < 2) out$influence <- NULL
  out
}

stratum_counts <- function(found, strata, settings) {
  count <- found$count
  keep <- settings$keepstrata
  if (is.numeric(keep)) keep <- nrow(count) <= keep
  if (nrow(count) < 2L || !keep) return(stats::setNames(c(found$total), concordance_names[1:5]))
  dimnames(count) <- list(NULL, concordance_names[1:5])
  count
}

# How much the concordance changes with each row's share of it, summed over clusters.
concordance_slopes <- function(found, data, cluster) {
  weights <- data$response$weights
  slopes <- found$slope * if (is.null(weights)) 1 else weights
  if (is.null(cluster)) slopes else tapply(slopes, cluster, sum)
}

rank_table <- function(ranks, strata) {
  out <- as.data.frame(ranks[c("time", "rank", "timewt", "casewt")])
  if (length(strata) > 1L) out$strata <- strata[ranks$stratum]
  out
}

# Several models of the same rows, with the covariance of their concordances.
compare_concordance <- function(found, data, settings) {
  sizes <- vapply(data, function(d) length(d$score), 0L)
  if (length(unique(sizes)) > 1L) {
    abort(
      "rows", paste0("The models were fitted to different rows (", enumerate(sizes), ")."),
      "Fit all models to the rows that are complete for the largest model."
    )
  }
  same <- vapply(data, function(d) identical(d$response$weights, data[[1L]]$response$weights), NA)
  if (!all(same)) abort("argument", "The models have different weights.",
                        "Fit the models with the same weights.")
  same <- vapply(data, function(d) {
    identical(d$response[c("time", "status")], data[[1L]]$response[c("time", "status")])
  }, NA)
  if (!all(same)) warn("response", "The models have different responses.")
  slopes <- vapply(unname(found), `[[`, found[[1L]]$dfbeta, "dfbeta")
  frequency <- data[[1L]]$options$frequency && is.null(data[[1L]]$cluster)
  scaled <- if (frequency) slopes / sqrt(data[[1L]]$response$weights) else slopes
  out <- list(
    concordance = vapply(found, `[[`, 0, "concordance"),
    count = t(vapply(found, function(one) {
      if (is.matrix(one$count)) colSums(one$count) else one$count
    }, double(5))),
    n = found[[1L]]$n, var = unname(crossprod(scaled)),
    cvar = vapply(unname(found), `[[`, 0, "cvar"),
    dfbeta = slopes, influence = simplify2array(lapply(unname(found), `[[`, "influence"))
  )
  if (settings$ranks) {
    ranks <- lapply(found, `[[`, "ranks")
    fit <- rep(names(found), vapply(ranks, nrow, 0L))
    out$ranks <- data.frame(fit = fit, do.call(rbind, unname(ranks)))
  }
  out
}
