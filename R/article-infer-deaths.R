#' Infer the number of deaths from published hazard ratios
#'
#' `lms_infer_deaths()` estimates how many patients died in each group from published hazard
#' ratios and their intervals. It is for readers and reviewers of an article that does not report
#' these numbers. The width of an interval depends mainly on the numbers of deaths.
#'
#' @section Derivation:
#' Let `d_j` of `d` deaths be in group j, where group 0 is the reference group. Let
#' \eqn{p_{kj}}{p_kj} be the share of group j in the summed risks of the risk set of death k.
#' Where the score of Breslow's likelihood is zero, \eqn{\sum_k p_{kj} = d_j}{sum_k p_kj = d_j}.
#' The information of the groups' coefficients is \deqn{I = \mathrm{diag}(d_j) - \sum_k p_k
#' p_k'.}{I = diag(d_j) - sum_k p_k p_k'.} A mean of squares is never below the square of the
#' mean. Therefore \eqn{\sum_k p_k p_k' - (\sum_k p_k)(\sum_k p_k)' / d}{sum_k p_k p_k' - (sum_k
#' p_k)(sum_k p_k)' / d} has no negative eigenvalue. The variance is then at least the inverse of
#' \eqn{\mathrm{diag}(d_j) - d_j d_j' / d}{diag(d_j) - d_j d_j' / d}. For each group,
#' \deqn{\mathrm{var}(\log HR_j) \ge \frac1{d_j} + \frac1{d_0}.}{var(log HR_j) >= 1/d_j + 1/d_0.}
#' Other covariates only increase the variance. It is equal to this bound if the shares stay the
#' same during follow-up. `inflation` is the factor by which it may be larger.
#'
#' @section What is found:
#' The standard error of each log hazard ratio is the width of its interval divided by twice the
#' normal quantile. Limits are rounded in print, so the standard error is known only within a
#' range. The hazard ratio itself narrows this range, because it is the middle of the interval on
#' the log scale. For each possible number of deaths in the reference group, the deaths of the
#' other groups follow. Only numbers are kept for which every group has a whole number of deaths,
#' not above its patients.
#'
#' @param hr,lower,upper The hazard ratios compared with the reference group, and their
#'   confidence limits. As text, such as `"1.0"`, their decimals are known. If they are numbers,
#'   set `digits`.
#' @param n The number of patients in each group, or `NULL`.
#' @param n_reference The number of patients in the reference group, at most 1e8.
#' @param deaths_reference The numbers of deaths in the reference group to try. The default
#'   (`NULL`) is 1 to `n_reference`.
#' @param digits The decimals to which `hr`, `lower` and `upper` are rounded if they are numbers:
#'   one number or one for each.
#' @param inflation A number of 1 or more: the factor by which the variance may exceed the bound.
#' @param conf_level A number between 0 and 1: the level of the published intervals.
#' @return A data frame with a row for the reference group and one for each other group. `group`
#'   and `n` are as given. `se_low` and `se_high` are the range of standard errors that print as
#'   given. `deaths_low` and `deaths_high` are whole numbers that agree with some possible number
#'   of deaths in the reference group. `deaths` is nearest to the middle of the variances, less
#'   half of the inflation, for the number in the reference group that fits best. It is `NA` if
#'   none fits. Groups with few deaths are found exactly. Groups as large as the reference group
#'   are found only if its deaths are known.
#' @seealso [lms_reconcile()]
#' @examples
#' # a subtype of 13 patients and one of 6, compared with 125 patients with 67 deaths
#' lms_infer_deaths(
#'   hr = c(dermal = "0.21", gynecologic = "0.29"), lower = c("0.06", "0.07"),
#'   upper = c("0.66", "1.2"), n = c(13, 6), n_reference = 125, deaths_reference = 67
#' )
#' @export
lms_infer_deaths <- function(hr, lower, upper, n = NULL, n_reference,
                             deaths_reference = NULL, digits = 2L, inflation = 1.1,
                             conf_level = 0.95) {
  check_number(n_reference, "n_reference", 1, max_reference, whole = TRUE)
  check_number(inflation, "inflation", 1)
  check_number(conf_level, "conf_level", 0, 1, open = TRUE)
  check_tried_deaths(deaths_reference, n_reference)
  printed <- list(hr = hr, lower = lower, upper = upper)
  ranges <- Map(function(x, name) rounding_range(x, digits, name), printed, names(printed))
  check_lengths(printed, n)
  check_order(ranges)
  if (is.null(n)) n <- rep(NA_integer_, length(hr))
  se <- error_range(ranges, stats::qnorm((1 + conf_level) / 2))
  found <- possible_deaths(deaths_reference, n_reference, se, n, inflation)
  groups <- if (is.null(names(hr))) as.character(seq_along(hr)) else names(hr)
  data.frame(
    group = c("(reference)", groups), n = c(n_reference, n),
    se_low = c(NA, se[, 1L]), se_high = c(NA, se[, 2L]),
    deaths_low = found$low, deaths_high = found$high, deaths = found$best
  )
}

# More take longer than a minute.
max_reference <- 1e8

check_tried_deaths <- function(deaths, n_reference) {
  if (is.null(deaths)) return(invisible())
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
    paste0("`hr`, `lower`, `upper` and `n` must have the same length, not ",
           enumerate(lengths, max = 4L), ".")
  )
}

# A ratio lies within its interval, rounding apart. ranges: matrices of low and high.
check_order <- function(ranges) {
  wrong <- ranges$lower[, 1L] > ranges$hr[, 2L] | ranges$hr[, 1L] > ranges$upper[, 2L]
  at <- which(wrong)
  if (!length(at)) return(invisible())
  abort("argument", paste0("`hr` must lie between `lower` and `upper` (element ", at[1L], ")."),
        "Check the three numbers of this row.")
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

# Over all numbers of deaths in the reference group that can be: the lowest and highest numbers of
# deaths and those that fit best, of the reference group and of each other. In parts, so that memory
# is bounded. tried: numbers, or NULL for all up to n_reference.
possible_deaths <- function(tried, n_reference, se, n, inflation, part = 1e5) {
  count <- if (is.null(tried)) n_reference else length(tried)
  none <- rep(NA_real_, nrow(se) + 1L)
  out <- list(low = none, high = none, best = none, off = Inf)
  for (from in seq(1, count, by = part)) {
    at <- seq(from, min(count, from + part - 1))
    found <- deaths_for(if (is.null(tried)) at else as.double(tried[at]), se, n, inflation)
    out$low <- pmin(out$low, found$low, na.rm = TRUE)
    out$high <- pmax(out$high, found$high, na.rm = TRUE)
    if (isTRUE(found$off < out$off)) out[c("best", "off")] <- found[c("best", "off")]
  }
  out
}

# Whole numbers d with [1, inflation] (1 / d + 1 / reference) reaching into the range of variances,
# for each reference with such numbers in all groups.
deaths_for <- function(reference, se, n, inflation) {
  groups <- nrow(se)
  each <- rep(reference, each = groups)
  deaths <- function(variance) {
    rest <- variance - 1 / each
    ifelse(rest > 0, 1 / rest, Inf)
  }
  hair <- 1e-9
  low <- pmax(1, ceiling(deaths(se[, 2L]^2) - hair))
  high <- floor(deaths(se[, 1L]^2 / inflation) + hair)
  if (!all(is.na(n))) high <- pmin(high, n, na.rm = TRUE)
  middle <- rowMeans(se)^2 / sqrt(inflation)
  best <- pmin(pmax(round(deaths(middle)), low), high)
  by_group <- function(x) matrix(x, groups)
  possible <- colSums(by_group(low > high)) == 0
  if (!any(possible)) return(list(low = NA_real_, high = NA_real_, best = NA_real_, off = Inf))
  off <- colSums(by_group((log(1 / best + 1 / each) - log(middle))^2))
  off[!possible] <- Inf
  at <- which.min(off)
  range_of <- function(x, f) apply(by_group(x)[, possible, drop = FALSE], 1L, f)
  list(
    low = c(min(reference[possible]), range_of(low, min)),
    high = c(max(reference[possible]), range_of(high, max)),
    best = c(reference[at], by_group(best)[, at]), off = off[at]
  )
}
