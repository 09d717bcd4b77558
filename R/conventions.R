#' Defaults of R, Stata or SAS
#'
#' The same analysis gives slightly different numbers in different programs,
#' because their defaults differ. `lms_conventions()` chooses one complete set
#' of defaults for the session; the arguments of each function still override
#' it, and every printed result names the rules that it used.
#'
#' | | `"r"` | `"stata"` | `"sas"` |
#' |---|---|---|---|
#' | tied event times in a Cox model | Efron | Breslow | Breslow |
#' | interval of a survival or incidence curve | log | log-log | log-log |
#' | quantile on a step exactly at the level | midpoint | first time at or below | midpoint |
#'
#' The choice is kept in `options(lmsurv.conventions = )`, so it can be set in
#' an `.Rprofile`.
#'
#' @param style `"r"` (the default of a fresh session), `"stata"` or `"sas"`,
#'   in any case. Left out, nothing is changed.
#' @return An object of class `lms_conventions`, a list with the components
#'   `style`, `ties`, `conf_type` and `quantile`, each a single string, which
#'   prints as a table.
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
  r = list(ties = "efron", conf_type = "log", quantile = "midpoint"),
  stata = list(ties = "breslow", conf_type = "log-log", quantile = "first time at or below"),
  sas = list(ties = "breslow", conf_type = "log-log", quantile = "midpoint")
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
    "Kaplan-Meier interval" = x$conf_type,
    "quantile on a flat step" = x$quantile
  )
  cat("Conventions: ", x$style, "\n", sep = "")
  cat(paste0("  ", format(names(rules)), "  ", rules), sep = "\n")
  invisible(x)
}

tie_label <- function(ties) {
  switch(ties, efron = "Efron", breslow = "Breslow", exact = "exact")
}
