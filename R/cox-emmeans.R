# Data for emmeans: the variables of the formula in the rows of the model,
# looked up where the model was made, or else taken from its model frame. What
# emmeans needs besides, it has for a coxph.
#' @exportS3Method emmeans::recover_data
recover_data.lms_cox <- function(object, data = NULL, ...) { # nolint: object_name_linter.
  terms <- stats::delete.response(object$terms)
  if (is.null(data)) data <- tryCatch(raw_variables(object), error = function(e) NULL)
  if (is.null(data)) data <- stats::model.frame(object)
  emmeans::recover_data(object$call, terms, NULL, data = data, ...)
}

# The variables that the right side of the formula reads, rows in use.
raw_variables <- function(object) {
  formula <- object$formula
  names <- all.vars(formula[[3L]])
  formula[[3L]] <- str2lang(paste(tick(names), collapse = " + "))
  risk_data_again(object, formula)$frame[names]
}
