#' Choose the defaults of R, Stata or SAS
#'
#' `lms_conventions()` sets the defaults of a session to those of R, Stata or SAS. It is for
#' anyone who has to reproduce numbers from another program. The same analysis gives slightly
#' different numbers in different programs, because their defaults differ. Arguments of a
#' function still override the defaults. Every printed result names the methods that it used.
#'
#' | | `"r"` | `"stata"` | `"sas"` |
#' |---|---|---|---|
#' | tied event times in a Cox model | Efron | Breslow | Breslow |
#' | robust variance (n patients, rows or clusters) | unchanged | times n / (n - 1) | unchanged |
#' | interval of a survival or incidence curve | log | log-log | log-log |
#' | variance of a cumulative incidence | jackknife | jackknife | Aalen |
#' | quantile where the curve is flat at the level | midpoint | first time at or below | midpoint |
#' | quartiles in a table of patients | type 7 | type 2 | type 2 |
#' | scores of a test for trend | 1, 2, ... | values of the groups | values of the groups |
#' | p-values of pairwise log-rank tests | Holm | Holm | not adjusted |
#'
#' The types of quartiles are those of [stats::quantile()]. The n of the robust variance is the
#' number of clusters, or of patients if `id` is given. Otherwise it is the number of rows with a
#' weight above 0 (of expanded rows with frequency weights), as in Stata's `stcox, vce(robust)`.
#' Aalen's variance is not defined for clusters, `id` or weights other than frequencies. The
#' jackknife is used then, and the print names it.
#'
#' Only groups of a numeric variable have values. Other groups have the scores 1, 2, ... in every
#' convention.
#'
#' The print also lists defaults of the programs that a convention does not set.
#'
#' The choice is kept in `options(lmsurv.conventions = )`, so it can be set in an `.Rprofile`.
#'
#' @param style The program to follow: `"r"` (the default of a new session), `"stata"` or
#'   `"sas"`, in upper or lower case. Without `style`, nothing is changed.
#' @return An object of class `lms_conventions`, a list with the components
#'   `style`, `ties`, `robust`, `conf_type`, `incidence_variance`, `quantile`,
#'   `quartiles` (a number), `trend` and `adjust`, each a single value, which prints as a table.
#' @examples
#' lms_conventions()
#' old <- options(lmsurv.conventions = "stata")
#' lms_cox(Surv(time, status == 2) ~ age, data = survival::lung)
#' options(old)
#' @export
lms_conventions <- function(style) {
  if (!missing(style)) {
    style <- check_choice(style, "style", names(convention_sets))
    options(lmsurv.conventions = style)
  }
  conventions()
}

convention_sets <- list(
  r = list(
    ties = "efron", robust = "as it is", conf_type = "log", incidence_variance = "jackknife",
    quantile = "midpoint", quartiles = 7L, trend = "1, 2, ...", adjust = "holm"
  ),
  stata = list(
    ties = "breslow", robust = "n / (n - 1)", conf_type = "log-log",
    incidence_variance = "jackknife", quantile = "first time at or below", quartiles = 2L,
    trend = "values", adjust = "holm"
  ),
  sas = list(
    ties = "breslow", robust = "as it is", conf_type = "log-log", incidence_variance = "aalen",
    quantile = "midpoint", quartiles = 2L, trend = "values", adjust = "none"
  )
)

# Defaults of the program that differ from ours and stay.
conventions_not_set <- list(
  r = character(),
  stata = c(
    "lms_zph(): times are transformed by the Kaplan-Meier curve; set `transform = \"identity\"`.",
    paste(
      "lms_zph(): the score test is exact; Stata's estat phtest scales Schoenfeld residuals by",
      "one average variance."
    ),
    "predict() of a Cox model: survival is exp(-cumulative hazard), not a product limit.",
    paste(
      "summary(lms_km()): the mean goes to the last follow-up of all groups; Stata's stci, rmean",
      "stops at each group's own. Set `rmean = \"individual\"`."
    ),
    "lms_cuminc(): Stata has no such command; the variance is the jackknife.",
    "lms_km() and lms_logrank(): a robust variance has no counterpart in Stata's sts.",
    "lms_logrank(pairwise = TRUE): Stata's sts test has no pairwise tests.",
    paste(
      "lms_fisher(): the odds ratio is conditional; Stata's cc gives the ratio of the products,",
      "with an exact CI."
    ),
    "Times within rounding error of each other are tied; set `timefix = FALSE`."
  ),
  sas = c(
    "lms_cox(penalty = \"firth\"): CIs are profile likelihood; PROC PHREG gives Wald's.",
    "lms_logrank(): one test at a time; PROC LIFETEST prints logrank, gehan and exponential.",
    paste(
      "lms_fisher(): the odds ratio is conditional and its CI exact; PROC FREQ gives the",
      "ratio of the products and Wald's CI."
    ),
    paste(
      "lms_zph(): the score test is exact; PROC PHREG's ZPH option scales Schoenfeld residuals by",
      "one average variance, and ASSESS is another test."
    ),
    paste(
      "summary(lms_km()): the mean goes to the last follow-up of all groups; PROC LIFETEST stops",
      "at each group's last event."
    ),
    "Times within rounding error of each other are tied; set `timefix = FALSE`."
  )
)

# The set in force. A wrong word in the option is the user's, so it is checked.
conventions <- function() {
  style <- getOption("lmsurv.conventions", "r")
  if (!identical(style, "r")) {
    style <- check_choice(style, "options(lmsurv.conventions)", names(convention_sets))
  }
  structure(c(list(style = style), convention_sets[[style]]), class = "lms_conventions")
}

#' @export
print.lms_conventions <- function(x, ...) {
  rules <- c(
    "Cox model, tied events" = tie_label(x$ties),
    "robust variance" = if (x$robust == "as it is") x$robust else paste("times", x$robust),
    "CI of a curve" = x$conf_type,
    "variance of an incidence" = if (x$incidence_variance == "aalen") "Aalen" else "jackknife",
    "quantile of a flat curve" = x$quantile,
    "quartiles of a table" = paste("type", x$quartiles),
    "scores of a trend" = if (x$trend == "values") "values of numeric groups" else x$trend,
    "pairwise p-values" = if (x$adjust == "holm") "Holm" else "not adjusted"
  )
  cat("Conventions: ", x$style, "\n", sep = "")
  cat(paste0("  ", format(names(rules)), "  ", rules), sep = "\n")
  left <- conventions_not_set[[x$style]]
  if (length(left)) {
    program <- c(stata = "Stata", sas = "SAS")[[x$style]]
    cat("Not set, and different from the default of ", program, ":\n", sep = "")
    for (line in left) {
      cat(strwrap(line, cli::console_width(), prefix = "    ", initial = "  "), sep = "\n")
    }
  }
  invisible(x)
}

tie_label <- function(ties) {
  switch(ties, efron = "Efron", breslow = "Breslow", exact = "exact")
}
