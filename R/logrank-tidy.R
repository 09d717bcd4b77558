#' Get a rank test as data frames
#'
#' These functions give the numbers of a rank test as data frames, for tables and further
#' programs. `tidy()` gives a row for each test, `glance()` one row for the overall test, and
#' `as.data.frame()` a row for each group.
#'
#' @param x A test made by [lms_logrank()].
#' @param type The tests to give. `"test"` gives the overall test and the test for trend (if
#'   requested), and `"pairwise"` the tests of each pair of groups. `"components"` gives the
#'   tests within the max-combo test. The default is `"pairwise"` if the test has pairs.
#' @param row.names,optional Not used.
#' @param ... Not used.
#' @return Data frames; those of `tidy()` and `glance()` of class `tbl_df`.
#' \describe{
#'   \item{tidy()}{`term` (`"overall"` or `"trend"`), `statistic`, `df`, `p.value`,
#'     `method`; or `group1`, `group2`, `statistic`, `df`, `p.value`, `p.adjusted`,
#'     `method`; or `rho`, `gamma`, `z`, `p.value`.}
#'   \item{glance()}{`statistic`, `df`, `p.value`, `method`, `nobs`, `nevent`.}
#'   \item{as.data.frame()}{`group`, `n`, `events`, `observed`, `expected`, over
#'     all strata.}
#' }
#' @examples
#' test <- lms_logrank(Surv(time, status) ~ celltype, data = survival::veteran,
#'                     trend = TRUE, pairwise = TRUE)
#' tidy(test)
#' tidy(test, type = "test")
#' as.data.frame(test)
#' @export
tidy.lms_logrank <- function(x, type = NULL, ...) {
  refuse_typed_dots("tidy", "type", dot_names(...))
  if (is.null(type)) type <- if (is.null(x$pairwise)) "test" else "pairwise"
  type <- check_choice(type, "type", c("test", "pairwise", "components"))
  if (type == "components") {
    if (is.null(x$components)) {
      abort("argument", "This test has no components.", "Set `test = \"max-combo\"`.")
    }
    return(x$components)
  }
  if (type == "pairwise") {
    if (is.null(x$pairwise)) {
      abort("argument", "This test has no pairs.", "Set `pairwise = TRUE` in lms_logrank().")
    }
    return(as_tibble_class(c(x$pairwise, list(method = rep(x$method, nrow(x$pairwise))))))
  }
  tests <- c(list(overall = x), if (!is.null(x$trend)) list(trend = x$trend))
  number <- function(name) vapply(tests, function(test) test[[name]][[1L]], 0, USE.NAMES = FALSE)
  as_tibble_class(list(
    term = names(tests), statistic = number("statistic"), df = number("parameter"),
    p.value = number("p.value"),
    method = c(x$method, if (!is.null(x$trend)) paste(x$method, "for trend"))
  ))
}

#' @rdname tidy.lms_logrank
#' @export
glance.lms_logrank <- function(x, ...) {
  as_tibble_class(list(
    statistic = x$statistic[[1L]], df = x$parameter[[1L]], p.value = x$p.value, method = x$method,
    nobs = x$nobs, nevent = x$nevent
  ))
}

#' @rdname tidy.lms_logrank
#' @export
as.data.frame.lms_logrank <- function(x, row.names = NULL, optional = FALSE, ...) {
  data.frame(
    group = names(x$n), n = as.vector(x$n), events = unname(x$group_events),
    observed = unname(rowSums(as.matrix(x$obs))), expected = unname(rowSums(as.matrix(x$exp)))
  )
}
