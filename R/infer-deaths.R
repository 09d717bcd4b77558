#' Deaths implied by the intervals of a Cox model
#'
#' An article often prints hazard ratios with intervals for the groups of a
#' variable, but not how many patients died in each. The width of the interval
#' tells, nearly.
#'
#' @section Derivation:
#' Let `d_j` of `d` deaths be in group j, group 0 being the reference, and
#' \eqn{p_{kj}}{p_kj} the share of group j in the summed risks of the risk set of death
#' k. Where the score of Breslow's likelihood is zero, \eqn{\sum_k p_{kj} = d_j}{sum_k
#' p_kj = d_j}, and the information of the groups' coefficients is
#' \deqn{I = \mathrm{diag}(d_j) - \sum_k p_k p_k'.}{I = diag(d_j) - sum_k p_k p_k'.} A
#' mean of squares is not below the square of the mean, so that \eqn{\sum_k p_k p_k' -
#' (\sum_k p_k)(\sum_k p_k)' / d}{sum_k p_k p_k' - (sum_k p_k)(sum_k p_k)' / d} has no
#' negative eigenvalue, and the variance is at least the inverse of
#' \eqn{\mathrm{diag}(d_j) - d_j d_j' / d}{diag(d_j) - d_j d_j' / d}: for each group
#' \deqn{\mathrm{var}(\log HR_j) \ge \frac1{d_j} + \frac1{d_0}.}{var(log HR_j) >= 1/d_j
#' + 1/d_0.} Other covariates only add to the variance. It is equal where the shares
#' stay the same during follow-up; `inflation` is how much larger it may be.
#'
#' @section What is found:
#' The standard error of each log hazard ratio is the width of its interval over twice
#' the normal quantile; limits as printed leave it a range, which the ratio itself
#' narrows, being the middle of the interval on the log scale. For each possible number
#' of deaths in the reference group, those of the other groups follow; only numbers for
#' which every group has a whole number of deaths, not above its patients, are kept.
#'
#' @param hr,lower,upper Hazard ratios against the reference group and their limits. As
#'   text, such as `"1.0"`, their decimals are seen; for numbers say `digits`.
#' @param n Patients in each group, or `NULL`.
#' @param n_reference Patients in the reference group.
#' @param deaths_reference Numbers of deaths in the reference group to try; by default
#'   1 to `n_reference`.
#' @param digits Decimals to which `hr`, `lower` and `upper` are rounded where they are
#'   numbers: one number or one for each.
#' @param inflation A number of 1 or more: by how much the variance may exceed the
#'   bound.
#' @param conf_level A number between 0 and 1: the level of the intervals.
#' @return A data frame with a row for the reference group and one for each other:
#'   `group`, `n`, `se_low` and `se_high` (standard errors that print as given),
#'   `deaths_low` and `deaths_high` (whole numbers that do for some possible number of
#'   deaths in the reference group), `deaths` (nearest to the middle of the variances,
#'   less half of the inflation, for the number in the reference group that fits best).
#'   `NA` where none does. Groups of few deaths are found to the very number; those as
#'   large as the reference group only where its deaths are known.
#' @seealso [lms_reconcile()]
#' @examples
#' # A subtype of 13 patients and one of 6, against 125 with 67 deaths
#' lms_infer_deaths(
#'   hr = c(dermal = "0.21", gynecologic = "0.29"), lower = c("0.06", "0.07"),
#'   upper = c("0.66", "1.2"), n = c(13, 6), n_reference = 125, deaths_reference = 67
#' )
#' @export
lms_infer_deaths <- function(hr, lower, upper, n = NULL, n_reference,
                             deaths_reference = seq_len(n_reference), digits = 2L,
                             inflation = 1.1, conf_level = 0.95) {
  check_number(n_reference, "n_reference", 1, whole = TRUE)
  check_number(inflation, "inflation", 1)
  check_number(conf_level, "conf_level", 0, 1, open = TRUE)
  check_tried_deaths(deaths_reference, n_reference)
  printed <- list(hr = hr, lower = lower, upper = upper)
  ranges <- Map(function(x, name) rounding_range(x, digits, name), printed, names(printed))
  check_lengths(printed, n)
  check_order(ranges)
  if (is.null(n)) n <- rep(NA_integer_, length(hr))
  se <- error_range(ranges, stats::qnorm((1 + conf_level) / 2))
  fits <- lapply(deaths_reference, deaths_for, se = se, n = n, inflation = inflation)
  possible <- vapply(fits, function(fit) all(fit$low <= fit$high), NA)
  groups <- if (is.null(names(hr))) as.character(seq_along(hr)) else names(hr)
  collect_deaths(fits[possible], deaths_reference[possible], groups, n, n_reference, se)
}

check_tried_deaths <- function(deaths, n_reference) {
  ok <- is.numeric(deaths) && length(deaths) && !anyNA(deaths) && all(deaths == floor(deaths)) &&
    all(deaths >= 1 & deaths <= n_reference)
  if (!ok) {
    abort("argument", "`deaths_reference` must be whole numbers from 1 to `n_reference`.")
  }
}

check_lengths <- function(printed, n) {
  lengths <- c(lengths(printed), n = if (!is.null(n)) length(n))
  if (all(lengths == lengths[1L]) && lengths[1L] > 0L) return(invisible())
  abort(
    "argument",
    paste0("`hr`, `lower`, `upper` and `n` must be of one length, not ",
           enumerate(lengths, max = 4L), ".")
  )
}

# A ratio lies within its interval, rounding apart. ranges: matrices of low and high.
check_order <- function(ranges) {
  wrong <- ranges$lower[, 1L] > ranges$hr[, 2L] | ranges$hr[, 1L] > ranges$upper[, 2L]
  at <- which(wrong)
  if (!length(at)) return(invisible())
  abort("argument", paste0("`hr` must lie between `lower` and `upper` (element ", at[1L], ")."),
        "Copy the three numbers of a row again.")
}

# What rounds to the printed numbers: a matrix of low and high.
rounding_range <- function(x, digits, name) {
  if (is.character(x)) {
    digits <- nchar(sub("^[^.]*[.]?", "", x))
    value <- suppressWarnings(as.numeric(x))
  } else {
    value <- as.numeric(x)
  }
  at <- which(is.na(value) | value < 0)
  if (length(at)) {
    abort("argument", paste0(tick(name), " must be numbers of 0 or more (element ", at[1L], ")."))
  }
  half <- 0.5 * 10^-digits
  cbind(low = pmax(value - half, 0), high = value + half)
}

# Standard errors for which some coefficient gives all three numbers as printed.
error_range <- function(ranges, z) {
  r <- lapply(ranges, log)
  low <- pmax((r$upper[, 1L] - r$lower[, 2L]) / 2, r$hr[, 1L] - r$lower[, 2L],
              r$upper[, 1L] - r$hr[, 2L])
  high <- pmin((r$upper[, 2L] - r$lower[, 1L]) / 2, r$hr[, 2L] - r$lower[, 1L],
               r$upper[, 2L] - r$hr[, 1L])
  cbind(low = pmax(low, 0), high = high) / z
}

# Whole numbers d with [1, inflation] (1 / d + 1 / reference) reaching into the range of variances.
deaths_for <- function(reference, se, n, inflation) {
  deaths <- function(variance) {
    rest <- variance - 1 / reference
    ifelse(rest > 0, 1 / rest, Inf)
  }
  hair <- 1e-9
  low <- pmax(1, ceiling(deaths(se[, 2L]^2) - hair))
  high <- floor(deaths(se[, 1L]^2 / inflation) + hair)
  if (!all(is.na(n))) high <- pmin(high, n, na.rm = TRUE)
  middle <- rowMeans(se)^2 / sqrt(inflation)
  best <- pmin(pmax(round(deaths(middle)), low), high)
  off <- sum((log(1 / best + 1 / reference) - log(middle))^2)
  list(low = low, high = high, best = best, off = off)
}

collect_deaths <- function(fits, references, groups, n, n_reference, se) {
  over <- function(name, f) {
    if (!length(fits)) return(rep(NA_real_, length(groups)))
    do.call(f, lapply(fits, `[[`, name))
  }
  at <- which.min(vapply(fits, `[[`, 0, "off"))
  best <- if (length(at)) fits[[at]]$best else NA_real_
  one <- function(x) if (length(x)) x else NA_real_
  data.frame(
    group = c("(reference)", groups), n = c(n_reference, n),
    se_low = c(NA, se[, 1L]), se_high = c(NA, se[, 2L]),
    deaths_low = c(one(utils::head(references, 1L)), over("low", pmin)),
    deaths_high = c(one(utils::tail(references, 1L)), over("high", pmax)),
    deaths = c(one(references[at]), rep_len(best, length(groups)))
  )
}
