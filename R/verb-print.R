# Lines that the prints of several results have.

# "227 rows, 165 events; 1 row excluded (missing `ph.ecog` in 1)."
rows_line <- function(x) {
  counted <- if (identical(x$weight_type, "frequency")) "patient" else "row"
  text <- paste0(
    count_of(x$n, counted), if (!is.null(x$n.id)) paste(" of", count_of(x$n.id, "patient")), ", ",
    count_of(x$nevent, "event")
  )
  paste0(text, left_out(length(unclass(x)$na.action), x$missing, x$not_applicable), ".")
}

# What the lines past the last follow-up mean.
print_beyond <- function(times, surv, last) {
  end <- format(signif(last, 4L), trim = TRUE)
  if (anyNA(surv)) {
    cat("Survival cannot be estimated after the last follow-up, ", end, ".\n", sep = "")
  } else if (any(times > last & surv == 0)) {
    cat("The last patient at risk had the event at ", end, ".\n", sep = "")
  }
}
