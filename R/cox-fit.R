#' Fit a Cox model from a matrix
#'
#' `lms_cox_fit()` fits the model of [lms_cox()] without a formula and a data frame. It is for
#' simulations, resampling and screening, where the design is already a matrix.
#'
#' @param x A numeric matrix with n rows and p columns, without missing or infinite values, or a
#'   vector for one covariate.
#' @param time n numbers: the times of event or censoring, finite. Without `entry`, they must be
#'   0 or more.
#' @param status n values, 0/1 or `FALSE`/`TRUE`, where 1 is the event.
#' @param entry n numbers, each below `time`, from which the rows are at risk, `(entry, time]`.
#'   `NULL` for right-censored data.
#' @param strata A vector of n values that define the strata, or `NULL`.
#' @param weights n numbers of 0 or more that weight the rows, or `NULL`.
#' @param offset n numbers that are added to the linear predictor (the log hazard), or `NULL`.
#' @param ... Not used. All further arguments must be named in full.
#' @param ties,penalty,init,control,weight_type The settings of the fit, as in [lms_cox()].
#'   `weight_type` may be `"case"` or `"frequency"`.
#' @return A list with the components
#' \describe{
#'   \item{coefficients}{p log hazard ratios, `NA` for collinear columns.}
#'   \item{var}{p x p inverse information.}
#'   \item{loglik}{Log partial likelihood at `init` and at the end, penalised if a `penalty` is
#'     used.}
#'   \item{score}{Score test at `init`.}
#'   \item{iter, converged, infinite}{Number of Newton steps, whether they converged, and the
#'     coefficients that cannot be estimated (`Inf` or `-Inf`), by name.}
#'   \item{linear.predictors}{n values, centered by `means`, with the offset.}
#'   \item{means}{p column means, 0 for columns of -1, 0 and 1.}
#'   \item{method, n, nevent}{Ties method, rows and events.}
#' }
#' @inherit lms_cox references
#' @examples
#' lung <- survival::lung
#' fit <- lms_cox_fit(cbind(age = lung$age, sex = lung$sex), lung$time, lung$status == 2)
#' fit$coefficients
#' sqrt(diag(fit$var))
#' @export
lms_cox_fit <- function(x, time, status, ..., entry = NULL, strata = NULL, weights = NULL,
                        offset = NULL, ties = c("efron", "breslow", "exact"),
                        penalty = c("none", "firth"), init = NULL, control = NULL,
                        weight_type = c("case", "frequency")) {
  refuse_unknown("lms_cox_fit")
  x <- check_matrix(x)
  n <- nrow(x)
  ties <- read_ties(if (!missing(ties)) ties)
  weight_type <- check_option(weight_type, "weight_type", setdiff(weight_types, "sampling"))
  penalty <- check_option(penalty, "penalty", penalties)
  control <- read_control(control, list(), penalty)
  response <- list(
    time = check_column(time, "time", n), entry = check_column(entry, "entry", n),
    status = check_status(status, n), strata = check_strata(strata, n),
    weights = check_column(weights, "weights", n), offset = check_column(offset, "offset", n)
  )
  check_times(
    response, c(entry = "entry", time = "time"), NULL, leave_out = "Exclude these rows."
  )
  refuse_rows(
    "offset", which(!is.finite(response$offset)), response$offset, NULL, "`offset`",
    "must be finite", "Exclude these rows."
  )
  check_weights(response$weights, NULL, weight_type, leave_out = "Exclude these rows.")
  check_events(response)
  check_exact(ties, response, FALSE, weight_type)
  check_penalty(penalty, ties, weight_type, FALSE, response)
  names <- if (is.null(colnames(x))) as.character(seq_len(ncol(x))) else colnames(x)
  p <- ncol(x)
  design <- matrix_design(x)
  if (!p) design$values <- list()
  options <- core_options(
    ties, control, check_init(init, names), weight_type == "frequency", penalty
  )
  fit <- read_core(run_core(design, response, options, names, unchecked = x), names)
  fit[c("merged", "time", "entry")] <- NULL
  counted <- weight_type == "frequency"
  fit$method <- ties
  fit$n <- if (counted) sum(response$weights) else n
  fit$nevent <- as.double(
    if (counted) sum(response$weights * response$status) else sum(response$status)
  )
  warn_about_fit(fit, TRUE, tick(names(fit$infinite)))
  fit
}

check_matrix <- function(x) {
  if (is.numeric(x) && !is.matrix(x)) x <- matrix(x, ncol = 1L)
  if (!is.numeric(x) || !is.matrix(x)) {
    abort("argument", paste0("`x` must be a numeric matrix, not ", describe(x), "."),
          if (is.data.frame(x)) "Use lms_cox() for a data frame, or as.matrix().")
  }
  if (!is.double(x)) check_finite(x)
  x
}

check_column <- function(x, name, n) {
  if (is.null(x)) return(NULL)
  if (!is.numeric(x) || length(x) != n) {
    abort(
      "argument",
      paste0(tick(name), " must have one number per row (", n, "), not be ", describe(x), ".")
    )
  }
  x <- as.double(x)
  if (anyNA(x)) {
    at <- which(is.na(x))
    abort(
      "argument",
      paste0(tick(name), " must be known, not missing (", row_list(at[1L]), ")."),
      row_count(at, n),
      "Exclude these rows."
    )
  }
  x
}

check_status <- function(status, n) {
  if (length(status) != n || !(is.logical(status) || is.numeric(status))) {
    abort(
      "event",
      paste0(
        "`status` must have 0 or 1, or FALSE or TRUE, for each row (", n, "), not be ",
        describe(status), "."
      )
    )
  }
  # Quick where status is stored as it should be: no copies of it.
  if (!is.double(status) && n && !anyNA(status) && min(status) >= 0L && max(status) <= 1L) {
    return(as.integer(status))
  }
  refuse_rows(
    "event", which(!status %in% c(0, 1)), status, NULL, "`status`",
    "must be 0, or 1 for the event", "Write a condition, such as `status == 2`."
  )
  as.integer(status)
}

check_strata <- function(strata, n) {
  if (is.null(strata)) return(NULL)
  if (length(strata) != n || anyNA(strata)) {
    abort(
      "argument",
      paste0("`strata` must have one known value per row (", n, "), not be ", describe(strata), ".")
    )
  }
  as.integer(factor(strata))
}
