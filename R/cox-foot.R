# The findings that cost next to nothing, at the foot of a model.

# What is found: events, coefficients, the share of excluded rows; `few`, rows of
# sparse_levels(). A stripped model keeps them.
cox_foot <- function(x) {
  if (is.null(unclass(x)$linear.predictors)) return(unclass(x)$foot)
  if (!length(x$coefficients)) return(NULL)
  list(
    events = x$nevent, coefficients = sum(!is.na(x$coefficients)), few = sparse_levels(x),
    excluded = excluded_rows(x) / applicable_rows(x)
  )
}

foot_words <- function(x) {
  foot <- cox_foot(x)
  found <- c(
    if (isTRUE(foot$events < 10 * foot$coefficients)) paste0(
      format(signif(foot$events / foot$coefficients, 2L)), " events per coefficient (rule of ",
      "thumb: 10)"
    ),
    if (NROW(foot$few)) paste0("fewer than 5 events in ", few_words(foot$few)),
    guard_words(x$guards),
    if (isTRUE(foot$excluded >= 0.05)) {
      paste0(format_percent(foot$excluded, 0L), " of the rows are excluded (missing data)")
    }
  )
  if (!length(found)) return(NULL)
  paste0("Caution: ", paste(found, collapse = "; "), ". See lms_check().")
}

few_words <- function(few) {
  enumerate(paste0(
    tick(few$term), " = ", quoted(few$level), " (", format_count_each(few$events), " in ",
    format_count_each(few$n), ")"
  ), max = 4L)
}
