# Package insight, and with it parameters and performance, knows the statistic of a model by its
# first class alone, and would take a z for a chi-squared statistic.
#' @exportS3Method insight::get_statistic
get_statistic.lms_cox <- function(x, ...) { # nolint: object_name_linter.
  structure(NextMethod(), statistic = "z-statistic")
}

#' @exportS3Method insight::get_df
get_df.lms_cox <- function(x, type = "residual", ...) { # nolint: object_name_linter.
  if (type %in% c("wald", "normal")) Inf else NextMethod()
}
